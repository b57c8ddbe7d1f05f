//! Tests each address that the connector needs. The same token may be accepted at one address and refused at another.

use crate::failure::{Cause, Failure};
use crate::ground::{Ground, endpoint};
use crate::list::List;
use crate::outside::Outside;
use crate::pick::{Paths, Picked};
use crate::settings::{Contacts, Settings};
use crate::{companies, fields, sites, values};
use afpi_sdk::connector::Probe;
use afpi_sdk::{Error, Text};

/// One probe per address. It reads only the first record of a list, so that a check is quick even with 20 000
/// companies.
pub fn check<O: Outside>(outside: O, settings: Settings, has_token: bool) -> Vec<Probe> {
    let token = Probe {
        name: "X-Auth-Token".into(),
        ok: has_token,
        message: if has_token {
            Text::new("le jeton est saisi", "the token has been entered")
        } else {
            Text::new("le jeton n'est pas encore saisi", "the token has not been entered yet")
        },
    };
    let contacts = settings.contacts;
    let (company_code, contact_code) = (settings.entreprise_fields.code.clone(), settings.contact_fields.code.clone());
    let mut ground = match Ground::new(outside, settings) {
        Ok(ground) => ground,
        Err(error) => return vec![token, Probe { name: "baseUrl".into(), ok: false, message: message(&error) }],
    };
    let mut probes = vec![token];
    probes.push(probe(&mut ground, sites::PATH, "codeSite").0);
    let (companies, first) = probe(&mut ground, companies::PATH, &company_code);
    probes.push(companies);
    if contacts != Contacts::Jamais {
        probes.push(match first {
            Some(code) => probe(&mut ground, &format!("{}/{code}/interlocuteurs", companies::PATH), &contact_code).0,
            None => Probe {
                name: endpoint("/entreprises/…/interlocuteurs"),
                ok: false,
                message: Text::new("non essayé : aucune entreprise lue", "not tried: no company was read"),
            },
        });
    }
    probes
}

/// Opens the list and reads it up to the first record with a code.
fn probe<O: Outside>(ground: &mut Ground<O>, path: &str, code: &str) -> (Probe, Option<u64>) {
    let name = endpoint(path);
    let mut paths = Paths::default();
    let code = fields::Field::new(&mut paths, code);
    let opened = ground
        .small_list(path)
        .or_else(|failure| if failure.passing() { ground.small_list(path) } else { Err(failure) });
    let found =
        opened.and_then(|mut list| first(&mut list, &paths, |picked| code.first(picked).and_then(values::code)));
    match found {
        Ok(Some(code)) => (Probe { name, ok: true, message: Text::new("lisible", "readable") }, Some(code)),
        Ok(None) => {
            (Probe { name, ok: true, message: Text::new("lisible, liste vide", "readable, an empty list") }, None)
        }
        Err(failure) => (Probe { name, ok: false, message: failure.text() }, None),
    }
}

/// The first usable code. `None` if the list is complete but empty. Records without any code are an error of the field
/// map.
fn first<A: crate::outside::Answer>(
    list: &mut List<A>,
    paths: &Paths,
    code: impl Fn(&Picked) -> Option<u64>,
) -> Result<Option<u64>, Failure> {
    // The first records may be placeholders.
    const LOOKED_AT: usize = 20;
    for _ in 0..LOOKED_AT {
        match list.next(paths)? {
            Some(picked) => {
                if let Some(code) = code(&picked) {
                    return Ok(Some(code));
                }
            }
            None if list.records() == 0 => return Ok(None),
            None => break,
        }
    }
    Err(Failure::new(list.endpoint(), Cause::NothingReadable))
}

fn message(error: &Error) -> Text {
    match error {
        Error::Invalid(problems) => problems.first().map(|p| p.message.clone()).unwrap_or_else(|| Text::new("", "")),
        other => Text::new(other.to_string(), other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Reply, Script};

    const SITES: &str = r#"[{"codeSite": 1, "nomSite": "X"}]"#;
    const COMPANIES: &str =
        r#"{"0": {"codeEntreprise": 0}, "1": {"codeEntreprise": 41, "nomEntreprise": "X"}, "2": CUT"#;

    fn settings() -> Settings {
        Settings { base_url: Script::BASE.into(), ..Settings::default() }
    }

    fn oks(probes: &[Probe]) -> Vec<(&str, bool)> {
        probes.iter().map(|probe| (probe.name.as_str(), probe.ok)).collect()
    }

    #[test]
    fn each_address_is_tried_and_of_a_list_only_its_beginning() {
        let script = Script::default()
            .reply("/sites", Reply::ok(SITES))
            .reply("/entreprises", Reply::ok(COMPANIES))
            .reply("/entreprises/41/interlocuteurs", Reply::ok("[]"));
        let probes = check(script, settings(), true);
        let names = ["X-Auth-Token", "GET /sites", "GET /entreprises", "GET /entreprises/41/interlocuteurs"];
        assert_eq!(oks(&probes), names.map(|name| (name, true)));
        assert_eq!(probes[3].message.fr, "lisible, liste vide");
    }

    #[test]
    fn each_refusal_has_its_own_words() {
        for (reply, words) in [
            (Reply::status(401), "accès refusé (401)"),
            (Reply::status(403), "accès refusé (403)"),
            (Reply::page(403), "filtre"),
            (Reply::page(404), "/index.php"),
            (Reply::status(503), "indisponible (503)"),
            (Reply::page(200), "page web"),
            (Reply::ok(""), "vide"),
            (Reply::ok(r#"[{"id": 1}]"#), "correspondance"),
        ] {
            let script = Script::default().reply("/sites", Reply::ok(SITES)).reply("/entreprises", reply);
            let probes = check(script, settings(), true);
            assert_eq!(oks(&probes)[1..3], [("GET /sites", true), ("GET /entreprises", false)]);
            assert!(
                probes[2].message.fr.contains(words) && !probes[2].message.en.is_empty(),
                "{words}: {:?}",
                probes[2]
            );
            assert!(!probes[3].ok && probes[3].message.fr.starts_with("non essayé"));
        }
    }

    #[test]
    fn without_token_or_address_it_says_so() {
        let probes = check(Script::default(), Settings { base_url: "ymag".into(), ..Settings::default() }, false);
        assert_eq!(oks(&probes), [("X-Auth-Token", false), ("baseUrl", false)]);
    }

    #[test]
    fn contacts_that_are_switched_off_are_not_tried() {
        let script = Script::default().reply("/sites", Reply::ok(SITES)).reply("/entreprises", Reply::ok("{}"));
        let off = Settings { contacts: Contacts::Jamais, ..settings() };
        assert_eq!(check(script.clone(), off, true).len(), 3);
        assert_eq!(script.asked().len(), 2);
    }
}
