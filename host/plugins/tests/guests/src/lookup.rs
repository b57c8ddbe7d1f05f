//! An app that looks companies up and does what the wanted name says.

wit_bindgen::generate!({
    inline: "
        package test:guest;
        world app-with-lookup {
            include afpi:plugin/app-plugin@1.1.0;
            include afpi:plugin/lookup-facet@1.1.0;
        }
    ",
    path: ["../../../../wit/types", "../../../../wit/host", "../../../../wit/plugin"],
    world: "test:guest/app-with-lookup",
    generate_all,
});

use afpi::host::http_client;
use afpi::types::types::{Error, FieldProblem, Text};
use exports::afpi::plugin::lifecycle;
use exports::afpi::plugin::lookup::*;

struct Plugin;
export!(Plugin);

impl lifecycle::Guest for Plugin {
    fn config_schema() -> String {
        r#"{"type":"object"}"#.into()
    }

    fn validate_config(_: String) -> Vec<FieldProblem> {
        Vec::new()
    }

    fn migrate_config(_: String, config: String) -> Result<String, Error> {
        Ok(config)
    }
}

fn company(name: &str, siret: &str) -> Company {
    let text = |words: &str| words.to_owned();
    Company {
        name: text(name),
        siret: text(siret),
        vat_number: text(""),
        naf_code: text("25.62B"),
        naf_nomenclature: text("NAF rév. 2"),
        address: Address {
            line1: text("3 rue des Forges"),
            line2: text(""),
            postcode: text("60000"),
            city: text("Beauvais"),
            country: text("FR"),
        },
        idcc: vec![text("3248")],
        headcount: Some(Headcount { least: 20, most: Some(49) }),
        closed: false,
    }
}

/// `get <address>`: the first bytes of what stands there.
fn get(url: &str) -> Result<String, Error> {
    let response = http_client::send(&http_client::Request {
        method: http_client::Method::Get,
        url: url.into(),
        headers: Vec::new(),
        secret_headers: Vec::new(),
        body: None,
        timeout_ms: 120_000,
    })?;
    let piece = response.read(1 << 10)?.unwrap_or_default();
    Ok(String::from_utf8_lossy(&piece).into_owned())
}

impl Guest for Plugin {
    fn find(query: Query) -> Result<Vec<Company>, Error> {
        const SIRET: &str = "73282932000074";
        let name = match query.wanted {
            Wanted::Siret(siret) => return Ok(vec![company("Ateliers de l’Oise", &siret)]),
            Wanted::Siren(siren) => return Ok(vec![company("Siège", &format!("{siren}00074"))]),
            Wanted::Name(name) | Wanted::Other(name) => name,
        };
        let (what, argument) = name.split_once(' ').unwrap_or((&name, ""));
        Ok(match what {
            "get" => vec![company(&get(argument)?, SIRET)],
            "get-for-ever" => loop {
                let _ = get(argument);
            },
            "many" => vec![company("Trop", SIRET); 11],
            "long" => vec![company(&"x".repeat(300), SIRET)],
            "huge" => vec![company(&"x".repeat(8 << 20), SIRET)],
            "odd" => vec![company("Sans numéro", "")],
            "two-lines" => vec![company("A\nB", SIRET)],
            // The host's own check: the form is right, the check digit is not.
            "unreal" => vec![company("Fausse clé", "73282932000075"), company("Vraie", SIRET)],
            "trap" => panic!("asked to"),
            "spin" => loop {
                std::hint::black_box(());
            },
            "busy" => return Err(Error::RateLimited(1_500)),
            "away" => return Err(Error::Unavailable("gone".into())),
            "refuse" => return Err(Error::Denied(Text { fr: "Pas vous.".into(), en: "Not you.".into() })),
            _ => vec![company(&format!("{name}|{}", query.postcode), SIRET)],
        })
    }
}
