//! Whole passes with scripted answers: what is returned, what is skipped, what ends the pass, and the messages.

use super::*;
use crate::outside::Trouble;
use crate::testing::{Reply, Script};
use serde_json::json;

const SITES: &str =
    r#"{"0": {"codeSite": 31, "nomSite": "AFPI AISNE", "abregeSite": "AFPI-02", "adresse": {"cp": "02100"}}}"#;
const DAY_MS: i64 = 86_400_000;

fn companies(codes: std::ops::RangeInclusive<u64>) -> String {
    let rows: Vec<String> = codes
        .map(|code| format!(r#"{{"codeEntreprise":{code},"nomEntreprise":"ÉTS {code}","codeSite":31}}"#))
        .collect();
    format!("[{}]", rows.join(","))
}

fn contact(code: u64) -> String {
    format!(r#"{{"0":{{"codeInterlocuteur":{code},"nomInterlocuteur":"MERLANÇON","email":"secret@exemple.invalid"}}}}"#)
}

fn settings(contacts: settings::Contacts) -> Settings {
    Settings { base_url: Script::BASE.into(), contacts, page_size: 1000, ..Settings::default() }
}

/// Three companies with one contact each.
fn whole() -> Script {
    let script = Script::default()
        .at(100 * DAY_MS)
        .reply("/sites", Reply::ok(SITES))
        .reply("/entreprises", Reply::ok(companies(1..=3)));
    (1..=3).fold(script, |script, code| {
        script.reply(&format!("/entreprises/{code}/interlocuteurs"), Reply::ok(contact(code * 10)))
    })
}

/// Everything that a pass returns, and how it ended. Waits are noted and skipped.
#[derive(Debug, Default)]
struct Run {
    items: Vec<(String, String)>,
    skipped: Vec<(String, String, String)>,
    completed: Vec<String>,
    waits: Vec<u32>,
    error: Option<Error>,
}

fn run(script: &Script, settings: Settings, entities: &[&str], page: u32) -> Run {
    let entities: Vec<String> = entities.iter().map(|e| e.to_string()).collect();
    let mut pass = Pass::open(script.clone(), settings, &entities).expect("it opens");
    let mut run = Run::default();
    for _ in 0..1000 {
        match pass.next(page) {
            Ok(batch) => {
                assert!(batch.items.len() <= page as usize, "a batch has at most the requested number of items");
                run.items.extend(batch.items.into_iter().map(|item| (item.entity, item.external_id)));
                run.skipped.extend(batch.skipped.into_iter().map(|s| (s.entity, s.external_id, s.reason.fr)));
                run.completed.extend(batch.completed);
                if batch.finished {
                    assert!(matches!(pass.next(page), Err(Error::Conflict(_))), "a finished pass is over");
                    return run;
                }
            }
            Err(Error::RateLimited(ms)) => run.waits.push(ms),
            Err(error) => {
                assert!(matches!(pass.next(page), Err(Error::Conflict(_))), "an error ends the pass");
                run.error = Some(error);
                return run;
            }
        }
    }
    panic!("the pass does not end: {run:?}");
}

fn ids<'a>(run: &'a Run, entity: &str) -> Vec<&'a str> {
    run.items.iter().filter(|(e, _)| e == entity).map(|(_, id)| id.as_str()).collect()
}

#[test]
fn everything_comes_in_order_whatever_the_page() {
    for page in [1, 2, 3, 200] {
        let script = whole();
        let run = run(&script, settings(settings::Contacts::Toutes), &[], page);
        assert_eq!(ids(&run, "localisation").len(), 1);
        assert_eq!(ids(&run, "entreprise"), ["1", "2", "3"]);
        assert_eq!(ids(&run, "contact"), ["10", "20", "30"]);
        assert_eq!(run.completed, ["localisation", "entreprise", "contact"]);
        assert!(run.skipped.is_empty() && run.waits.is_empty() && run.error.is_none());
        assert_eq!(script.asked().len(), 5, "each list is requested once");
    }
}

#[test]
fn a_wrong_token_is_named_and_not_tried_again() {
    let script = Script::default().reply("/sites", Reply::status(401)).reply("/entreprises", Reply::status(401));
    let run = run(&script, settings(settings::Contacts::Toutes), &[], 100);
    let Some(Error::Denied(text)) = run.error else { panic!("{:?}", run.error) };
    assert!(text.fr.starts_with("GET /entreprises : accès refusé (401)") && text.en.contains("token"), "{text:?}");
    assert_eq!(script.asked(), ["/sites", "/entreprises"]);
    assert!(run.completed.is_empty());
}

#[test]
fn a_closed_list_beside_the_companies_does_not_stop_them() {
    let script = Script::default()
        .reply("/sites", Reply::status(403))
        .reply("/entreprises", Reply::ok(companies(1..=3)))
        .reply("/entreprises/1/interlocuteurs", Reply::status(403));
    let run = run(&script, settings(settings::Contacts::Toutes), &[], 100);
    assert_eq!((ids(&run, "entreprise").len(), run.completed), (3, vec!["entreprise".to_owned()]));
    let skipped: Vec<_> = run.skipped.iter().map(|(entity, id, _)| (entity.as_str(), id.as_str())).collect();
    assert_eq!(skipped, [("localisation", "/sites"), ("contact", "1/interlocuteurs"), ("contact", "*/interlocuteurs")]);
    assert!(run.skipped[0].2.contains("GET /sites") && run.skipped[2].2.contains("2 autres"));
    assert_eq!(script.asked().len(), 3, "the refused address is requested only once");
}

#[test]
fn sites_alone_cannot_be_left_out() {
    let script = Script::default().reply("/sites", Reply::status(403));
    let run = run(&script, settings(settings::Contacts::Toutes), &["localisation"], 100);
    assert!(matches!(run.error, Some(Error::Denied(_))));
}

#[test]
fn a_hiccup_is_tried_again_and_a_lasting_failure_ends_after_growing_waits() {
    let script = whole();
    let once = Script::default().reply("/sites", Reply::status(502)).reply("/sites", Reply::ok(SITES));
    let ended = run(&once, settings(settings::Contacts::Toutes), &["localisation"], 100);
    assert_eq!((ended.completed.len(), ended.waits.len(), once.asked().len()), (1, 0, 2));

    for failing in [Ok(Reply::status(503)), Err(Trouble::Away("délai dépassé".into()))] {
        let script = Script::default().reply("/sites", Reply::ok(SITES)).then("/entreprises", failing);
        let ended = run(&script, settings(settings::Contacts::Toutes), &[], 100);
        assert_eq!(ended.waits, [1000, 4000, 10_000]);
        assert!(
            matches!(&ended.error, Some(Error::Unavailable(why)) if why.contains("GET /entreprises")),
            "{:?}",
            ended.error
        );
        assert_eq!(script.asked().len(), 6);
        assert_eq!(ended.completed, ["localisation"]);
    }
    drop(script);
}

#[test]
fn the_wait_that_the_server_asks_for_is_kept() {
    let mut busy = Reply::status(429);
    busy.headers.push(("retry-after", "7".into()));
    let script =
        Script::default().reply("/sites", busy.clone()).reply("/sites", busy).reply("/sites", Reply::ok(SITES));
    let run = run(&script, settings(settings::Contacts::Toutes), &["localisation"], 100);
    assert_eq!((run.waits, run.error), (vec![7000, 7000], None));
}

#[test]
fn what_is_not_a_whole_list_is_an_error_in_its_own_words() {
    let list = companies(1..=3);
    let cut = Reply { cut: true, ..Reply::ok(&list[..list.len() / 2]) };
    let cases: Vec<(Reply, &str)> = vec![
        (Reply::ok(""), "n'est pas une liste vide"),
        (Reply::status(200), "n'est pas une liste vide"),
        (Reply::page(200), "page web"),
        (Reply::ok(&list[..list.len() - 1]), "coupée"),
        (cut, "connexion coupée"),
        (Reply { cut: true, ..Reply::ok(&*list) }, "connexion coupée"),
        (
            Reply::ok(
                list.replace("ÉTS 2", "\u{0}")
                    .into_bytes()
                    .iter()
                    .map(|b| if *b == 0 { 0xC9 } else { *b })
                    .collect::<Vec<u8>>(),
            ),
            "UTF-8",
        ),
        (Reply::ok(r#"{"error":"x"}"#), "n'est pas une liste de fiches"),
        (Reply::ok(format!("{list}Notice: undefined index")), "JSON"),
        (Reply::ok(r#"[{"codeEntreprise":1 "nomEntreprise":"X"}]"#), "JSON"),
        (Reply::page(404), "adresse du service web"),
        (Reply::status(404), "introuvable"),
        (Reply::page(403), "filtre"),
        (Reply::status(302), "définitive"),
        (Reply::status(418), "inattendue"),
        (Reply::ok(r#"[{"code":1},{"code":2}]"#), "correspondance des champs"),
    ];
    for (reply, words) in cases {
        let script = Script::default().reply("/sites", Reply::ok(SITES)).reply("/entreprises", reply.clone());
        let run = run(&script, settings(settings::Contacts::Toutes), &[], 1);
        let said = format!("{:?}", run.error.expect("an error"));
        assert!(said.contains(words) && said.contains("GET /entreprises"), "{reply:?}: {said}");
        assert_eq!(run.completed, ["localisation"], "{reply:?}");
    }
}

#[test]
fn an_empty_list_is_a_list_of_nothing() {
    for body in ["[]", "{}"] {
        let script = Script::default().reply("/sites", Reply::ok(SITES)).reply("/entreprises", Reply::ok(body));
        let run = run(&script, settings(settings::Contacts::Toutes), &[], 100);
        assert_eq!((run.error, ids_empty(&run.items)), (None, true));
        assert_eq!(run.completed, ["localisation", "entreprise", "contact"]);
    }
}

fn ids_empty(items: &[(String, String)]) -> bool {
    items.iter().all(|(entity, _)| entity == "localisation")
}

#[test]
fn a_list_in_any_pieces_is_the_same_list() {
    let body = companies(1..=3).into_bytes();
    for size in [1, 2, 7, 64] {
        let reply = Reply { pieces: body.chunks(size).map(<[u8]>::to_vec).collect(), ..Reply::status(200) };
        let script = Script::default().reply("/sites", Reply::ok(SITES)).reply("/entreprises", reply);
        let run = run(&script, settings(settings::Contacts::Jamais), &[], 2);
        assert_eq!((ids(&run, "entreprise"), run.completed.len()), (vec!["1", "2", "3"], 2));
    }
}

#[test]
fn faulty_records_cost_themselves_only() {
    let list = json!([
        {"codeEntreprise": 0, "nomEntreprise": "DONNÉE INCONNUE"}, {"codeEntreprise": 1, "nomEntreprise": "A", "siret": "123"},
        {"codeEntreprise": 1, "nomEntreprise": "A"}, {"codeEntreprise": "2", "nomEntreprise": ""}, {"codeEntreprise": "3", "nomEntreprise": "C"},
    ]);
    let script = Script::default().reply("/sites", Reply::ok(SITES)).reply("/entreprises", Reply::ok(list.to_string()));
    let run = run(&script, settings(settings::Contacts::Jamais), &["entreprise"], 100);
    assert_eq!((ids(&run, "entreprise"), &*run.completed), (vec!["1", "3"], &["entreprise".to_owned()][..]));
    let skipped: Vec<&str> = run.skipped.iter().map(|(_, id, _)| id.as_str()).collect();
    assert_eq!(skipped, ["", "1", "2"]);
    assert_eq!(script.lines(), ["entreprise 1 : SIRET sans 14 chiffres, valeur laissée de côté"]);
}

#[test]
fn contacts_of_a_failing_company_are_reported_and_the_others_come() {
    let script = whole()
        .reply("/entreprises", Reply::ok(companies(1..=4)))
        .reply("/entreprises/4/interlocuteurs", Reply::status(500));
    let script = script.reply("/entreprises", Reply::ok(companies(1..=4)));
    // The first pass uses up the first reply of the list.
    run(&script, settings(settings::Contacts::Jamais), &[], 100);
    let run = run(&script, settings(settings::Contacts::Toutes), &[], 100);
    assert_eq!(ids(&run, "contact"), ["10", "20", "30"]);
    assert_eq!((run.waits, run.error), (vec![1000], None));
    assert_eq!(run.skipped.iter().map(|(_, id, _)| id.as_str()).collect::<Vec<_>>(), ["4/interlocuteurs"]);
    assert!(!run.completed.contains(&"contact".to_owned()), "after a failure, missing contacts must not look deleted");
}

#[test]
fn failure_after_failure_ends_the_contacts_and_keeps_the_companies() {
    let script =
        Script::default().reply("/sites", Reply::ok(SITES)).reply("/entreprises", Reply::ok(companies(1..=50)));
    let script = (1..=50)
        .fold(script, |script, code| script.reply(&format!("/entreprises/{code}/interlocuteurs"), Reply::page(200)));
    let run = run(&script, settings(settings::Contacts::Toutes), &[], 100);
    assert_eq!((run.error, run.completed), (None, vec!["localisation".to_owned(), "entreprise".to_owned()]));
    assert_eq!(script.asked().len(), 2 + 5);
    assert!(run.skipped.last().is_some_and(|(_, _, reason)| reason.contains("45 autres")));
}

#[test]
fn new_companies_are_asked_first_and_then_rest() {
    let today = whole();
    let first = run(&today, settings(settings::Contacts::Nouvelles), &[], 100);
    assert_eq!(ids(&first, "contact").len(), 3);
    assert!(!first.completed.contains(&"contact".to_owned()), "not every company is asked in this mode");

    let tomorrow = today.clone().at(101 * DAY_MS);
    assert_eq!(ids(&run(&tomorrow, settings(settings::Contacts::Nouvelles), &[], 100), "contact").len(), 0);
    let next_month = tomorrow.at(131 * DAY_MS);
    let capped = Settings { contacts_max: 2, ..settings(settings::Contacts::Nouvelles) };
    assert_eq!(ids(&run(&next_month, capped.clone(), &[], 100), "contact"), ["10", "20"]);
    let night_after = next_month.at(132 * DAY_MS);
    assert_eq!(ids(&run(&night_after, capped, &[], 100), "contact"), ["30"], "the rest follows");
}

#[test]
fn a_pass_that_fails_remembers_nothing() {
    let script = whole().reply("/entreprises", Reply::status(401));
    run(&script, settings(settings::Contacts::Jamais), &[], 100);
    let failed = run(&script, settings(settings::Contacts::Nouvelles), &[], 100);
    assert!(failed.error.is_some() && script.notes().is_empty());
}

#[test]
fn only_what_is_asked_for_is_handed_over() {
    let script = whole();
    let contacts_only = run(&script, settings(settings::Contacts::Toutes), &["contact"], 100);
    assert_eq!((contacts_only.items.len(), contacts_only.completed), (3, vec!["contact".to_owned()]));
    let never = run(&script, settings(settings::Contacts::Jamais), &[], 100);
    assert_eq!(never.completed, ["localisation", "entreprise"]);

    let open = |entities: &[&str], settings| {
        let entities: Vec<String> = entities.iter().map(|e| e.to_string()).collect();
        Pass::open(Script::default(), settings, &entities).map(|_| ())
    };
    assert!(matches!(open(&["contrat"], settings(settings::Contacts::Toutes)), Err(Error::NotFound(_))));
    assert!(matches!(open(&["contact"], settings(settings::Contacts::Jamais)), Err(Error::Invalid(_))));
    let nowhere = Settings { base_url: "ypareo".into(), ..settings(settings::Contacts::Jamais) };
    assert!(matches!(open(&[], nowhere), Err(Error::Invalid(problems)) if problems[0].field == "/baseUrl"));
}

#[test]
fn no_line_of_the_log_carries_a_person() {
    let script = whole().reply("/entreprises/1/interlocuteurs", Reply::ok(contact(10)));
    let people = r#"[{"codeInterlocuteur": 7, "nomInterlocuteur": "MERLANÇON", "email": "pas une adresse"}]"#;
    let script = (1..=3)
        .fold(script, |script, code| script.reply(&format!("/entreprises/{code}/interlocuteurs"), Reply::ok(people)));
    run(&script, settings(settings::Contacts::Jamais), &[], 100);
    run(&script, settings(settings::Contacts::Toutes), &[], 100);
    run(&script, settings(settings::Contacts::Toutes), &[], 100);
    let lines = script.lines();
    assert!(lines.iter().any(|line| line.starts_with("interlocuteur 7 : adresse e-mail illisible")), "{lines:?}");
    assert!(lines.iter().all(|line| !line.contains("MERLAN") && !line.contains("pas une")), "{lines:?}");
}
