//! Dossiers for the tests: one whole dossier, and what makes of it the piece of each document.

#![allow(dead_code, reason = "each test binary uses a part")]

use afpi_plugin_documents::{Composition, Lang, Scene, compose, read};
use serde_json::{Value, json};

/// A dossier in which everything is known.
pub fn dossier() -> Value {
    serde_json::from_str(include_str!("../../dossiers/intra.json")).unwrap()
}

/// Template, kind, and the dossier that shows it. A template that serves several kinds has the fullest one. They have
/// no logo: the host tries templates without the files of a legal entity.
pub type Example = (&'static str, &'static str, fn(Value) -> Value);
pub const EXAMPLES: [Example; 11] = [
    ("devis", "devis", quote),
    ("facture", "facture", invoice),
    ("convention", "convention", whole),
    ("contrat", "contrat", trainee),
    ("programme", "programme", whole),
    ("bulletin", "bulletin", whole),
    ("convocation", "convocation", trainee),
    ("emargement", "emargement", day),
    ("certificat", "certificat", trainee),
    ("attestation", "attestation", trainee),
    ("relance", "relance-3", invoice),
];

/// A kind of document, and the dossier that shows it.
pub type Shown = (&'static str, fn(Value) -> Value);
pub const KINDS: [Shown; 14] = [
    ("devis", quote),
    ("programme", whole),
    ("bulletin", whole),
    ("convention", whole),
    ("contrat", alone),
    ("convocation", trainee),
    ("emargement", day),
    ("certificat", trainee),
    ("attestation", trainee),
    ("facture", invoice),
    ("avoir", credit),
    ("relance-1", invoice),
    ("relance-2", invoice),
    ("relance-3", invoice),
];

pub fn whole(dossier: Value) -> Value {
    dossier
}

/// The sent quote.
pub fn quote(mut dossier: Value) -> Value {
    let frozen = dossier["opportunite"]["data"]["devis"].clone();
    let lines = frozen["lignes"].as_array().unwrap().iter().map(|line| {
        let rate = if line["tva"] == "taux20" { 2000 } else { 0 };
        let quantity = line["quantite"].as_i64().unwrap() * 1000;
        json!({"label": line["libelle"], "quantity": quantity, "unitPrice": line["prixUnitaire"], "net": line["montantHt"], "rate": rate})
    });
    dossier["piece"] = json!({
        "kind": "devis", "number": "D2026-42", "version": 2, "issuedOn": "2026-10-05", "dueOn": "2026-10-31",
        "net": 166_582, "vat": 1466, "total": 168_048, "lines": lines.collect::<Vec<_>>(),
        "amounts": [{"rate": 0, "net": 159_250, "vat": 0}, {"rate": 2000, "net": 7332, "vat": 1466}],
        "content": frozen,
    });
    dossier
}

/// The invoice of what is left to the company (#2 of the worked amounts).
pub fn invoice(mut dossier: Value) -> Value {
    dossier = quote(dossier);
    dossier["piece"]["kind"] = json!("facture");
    dossier["piece"]["number"] = json!("F2026-3");
    dossier["piece"]["issuedOn"] = json!("2026-11-28");
    dossier["piece"]["dueOn"] = json!("2026-12-28");
    dossier["piece"]["version"] = Value::Null;
    dossier["piece"]["payer"] = json!({"kind": "entreprise", "name": null, "company": dossier["entreprise"]});
    dossier["piece"]["references"] = json!({"bonCommande": "BC-4512"});
    dossier["piece"]["id"] = json!("0190");
    dossier["payments"] = json!([{"pieceId": "0190", "paidOn": "2027-01-07", "amount": 100_000, "mode": "virement", "reference": "VIR-778"}]);
    dossier
}

/// The credit note for seven hours (#12).
pub fn credit(mut dossier: Value) -> Value {
    dossier = invoice(dossier);
    dossier["piece"] = json!({
        "kind": "avoir", "number": "A2026-1", "issuedOn": "2026-12-01", "net": -31_850, "vat": 0, "total": -31_850,
        "amounts": [{"rate": 0, "net": -31_850, "vat": 0}], "corrects": "F2026-3", "correctsIssuedOn": "2026-11-28",
        "reason": "Sept heures non réalisées le 4 novembre", "payer": dossier["piece"]["payer"],
    });
    dossier
}

/// The first trainee.
pub fn trainee(mut dossier: Value) -> Value {
    dossier["stagiaire"] = dossier["stagiaires"][0].clone();
    dossier["session"] = dossier["sessions"][0].clone();
    dossier
}

/// A trainee who pays alone, for one line of the quote.
pub fn alone(dossier: Value) -> Value {
    let mut dossier = trainee(dossier);
    dossier["opportunite"]["data"]["devis"]["lignes"].as_array_mut().unwrap().truncate(1);
    dossier
}

/// The sheet of the first day.
pub fn day(mut dossier: Value) -> Value {
    dossier["session"] = dossier["sessions"][0].clone();
    dossier["day"] = json!("2026-11-02");
    dossier
}

/// The day on which the document of a dossier is made: its piece's, or one after the training.
fn dated(kind: &str, dossier: &Value) -> String {
    let issued = dossier["piece"]["issuedOn"].as_str().filter(|_| matches!(kind, "devis" | "facture" | "avoir"));
    let usual = match kind {
        "relance-1" => "2027-01-04",
        "relance-2" => "2027-01-12",
        "relance-3" => "2027-01-31",
        "certificat" | "attestation" => "2026-11-06",
        _ => "2026-10-12",
    };
    issued.unwrap_or(usual).into()
}

pub fn scene(kind: &str, dossier: &Value, language: &str) -> Scene {
    let day = dated(kind, dossier).parse().unwrap();
    Scene { dossier: read(&dossier.to_string()).unwrap(), lang: Lang::of(language), draft: false, day }
}

pub fn composed(kind: &str, dossier: &Value, language: &str) -> Composition {
    compose(kind, &scene(kind, dossier, language)).unwrap()
}
