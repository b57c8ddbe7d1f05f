//! Dossiers for the tests: one whole dossier, and what makes of it the piece of each document.

#![allow(dead_code, reason = "each test binary uses a part")]

use afpi_plugin_documents::{Composition, Lang, Scene, compose, read};
use serde_json::{Value, json};

/// A dossier in which everything is known.
pub fn dossier() -> Value {
    serde_json::from_str(include_str!("../../templates/dossier.json")).unwrap()
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
    ("relance", "relance-3", several),
];

/// Name, kind and dossier of each document.
pub const DOCUMENTS: [Example; 20] = [
    ("devis", "devis", quote),
    ("programme", "programme", whole),
    ("bulletin", "bulletin", whole),
    ("convention", "convention", whole),
    ("contrat", "contrat", alone),
    ("convocation", "convocation", trainee),
    ("emargement", "emargement", day),
    ("certificat", "certificat", trainee),
    ("attestation", "attestation", trainee),
    ("facture", "facture", invoice),
    ("facture-acompte", "facture", deposit),
    ("facture-solde", "facture", last),
    ("facture-subrogation", "facture", subrogated),
    ("avoir", "avoir", credit),
    ("relance-1", "relance-1", invoice),
    ("relance-2", "relance-2", invoice),
    ("relance-3", "relance-3", invoice),
    ("relance-1-plusieurs", "relance-1", several),
    ("relance-3-plusieurs", "relance-3", several),
    ("relance-3-financeur", "relance-3", funder),
];

pub fn whole(dossier: Value) -> Value {
    dossier
}

/// The sent quote.
pub fn quote(dossier: Value) -> Value {
    with_piece(dossier, "devis")
}

/// The invoice of what is left to the company (#2 of the worked amounts).
pub fn invoice(dossier: Value) -> Value {
    with_piece(dossier, "facture")
}

/// Three invoices of one payer: one in part paid, one in part credited, one of another opportunité.
pub fn several(dossier: Value) -> Value {
    let mut dossier = invoice(dossier);
    let claim = |number: &str, issued: &str, due: &str, total: i64, credited: i64, payments: &Value| {
        let mut claim = dossier["piece"].clone();
        (claim["number"], claim["issuedOn"], claim["dueOn"]) = (json!(number), json!(issued), json!(due));
        (claim["total"], claim["credited"], claim["payments"]) = (json!(total), json!(credited), payments.clone());
        claim
    };
    let claims = json!([
        claim("F2026-3", "2026-11-28", "2026-12-28", 168_048, 0, &dossier["payments"]),
        claim("F2026-1", "2026-10-30", "2026-11-29", 228_000, 31_850, &json!([])),
        claim("F2026-7", "2026-12-01", "2026-12-31", 1_240_000, 0, &json!([])),
    ]);
    dossier["relance"] = claims;
    dossier
}

/// The same, paid by a funder.
pub fn funder(dossier: Value) -> Value {
    let mut dossier = several(dossier);
    for (at, claim) in dossier["relance"].as_array_mut().unwrap().iter_mut().enumerate() {
        claim["payer"] = json!({"kind": "opco", "name": "OPCO 2i", "company": opco()});
        claim["references"] = json!({"priseEnCharge": format!("2I-2026-041{at}")});
    }
    dossier
}

/// The credit note for seven hours (#12).
pub fn credit(dossier: Value) -> Value {
    with_piece(dossier, "avoir")
}

fn with_piece(mut dossier: Value, kind: &str) -> Value {
    let piece = dossier["pieces"].as_array().unwrap().iter().find(|piece| piece["kind"] == kind).cloned();
    dossier["piece"] = piece.unwrap();
    dossier
}

/// An invoice over these lines: label, thousandths of the quantity, unit, cents of the price, hundredths of a percent.
pub fn billed(dossier: Value, lines: &[(&str, i64, &str, i64, i64)]) -> Value {
    let mut dossier = invoice(dossier);
    let net = |line: &(&str, i64, &str, i64, i64)| (line.1 * line.3 + 500).div_euclid(1000);
    let mut rates: Vec<i64> = lines.iter().map(|line| line.4).collect();
    rates.sort();
    rates.dedup();
    let of_rate = |rate: &i64| {
        let base: i64 = lines.iter().filter(|line| line.4 == *rate).map(net).sum();
        (*rate, base, (base * rate + 5_000).div_euclid(10_000))
    };
    let sums: Vec<(i64, i64, i64)> = rates.iter().map(of_rate).collect();
    let piece = &mut dossier["piece"];
    let line = |line: &(&str, i64, &str, i64, i64)| {
        let (label, quantity, unit, price, rate) = line;
        json!({"label": label, "quantity": quantity, "unit": unit, "unitPrice": price, "net": net(line), "rate": rate})
    };
    piece["lines"] = lines.iter().map(line).collect();
    piece["amounts"] = sums.iter().map(|(rate, net, vat)| json!({"rate": rate, "net": net, "vat": vat})).collect();
    let (net, vat) = sums.iter().fold((0, 0), |(net, vat), sum| (net + sum.1, vat + sum.2));
    (piece["net"], piece["vat"], piece["total"]) = (json!(net), json!(vat), json!(net + vat));
    dossier
}

/// A deposit of 30 % on 1 900,00 € (#15).
pub fn deposit(dossier: Value) -> Value {
    let mut dossier = billed(dossier, &[("Acompte de 30 % à la commande", 1000, "forfait", 57_000, 2000)]);
    dossier["piece"]["kind"] = json!("acompte");
    dossier["piece"]["number"] = json!("F2026-2");
    dossier["piece"]["issuedOn"] = json!("2026-10-12");
    dossier["piece"]["dueOn"] = json!("2026-10-12");
    dossier
}

/// The final invoice that deducts it.
pub fn last(dossier: Value) -> Value {
    let mut dossier = billed(dossier, &[("Conseil en organisation", 2000, "jour", 95_000, 2000)]);
    dossier["piece"]["deposits"] = json!([{"number": "F2026-2", "issuedOn": "2026-10-12", "total": 68_400}]);
    dossier
}

/// The company buys, its OPCO pays in its place.
pub fn subrogated(dossier: Value) -> Value {
    let mut dossier = billed(dossier, &[("Soudage TIG – perfectionnement", 35_000, "heure", 4550, 0)]);
    dossier["piece"]["buyer"] = dossier["entreprise"].clone();
    dossier["piece"]["payer"] = json!({"kind": "opco", "name": "OPCO 2i", "company": opco()});
    dossier["piece"]["references"] = json!({"priseEnCharge": "2I-2026-0417"});
    dossier
}

/// A funder of which everything is known.
pub fn opco() -> Value {
    json!({
        "name": "OPCO 2i", "siren": "443061841", "siret": "44306184100047", "line1": "55 rue de Châteaudun", "postcode": "75009",
        "city": "Paris", "country": "FR",
    })
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

/// The day on which the document of a dossier is made: its own, or its piece's.
fn dated(kind: &str, dossier: &Value) -> String {
    let day = dossier["days"][kind].as_str().or_else(|| dossier["piece"]["issuedOn"].as_str());
    day.unwrap().into()
}

pub fn scene(kind: &str, dossier: &Value, language: &str) -> Scene {
    let day = dated(kind, dossier).parse().unwrap();
    Scene { dossier: read(&dossier.to_string()).unwrap(), lang: Lang::of(language), draft: false, day }
}

pub fn composed(kind: &str, dossier: &Value, language: &str) -> Composition {
    compose(kind, &scene(kind, dossier, language)).unwrap()
}
