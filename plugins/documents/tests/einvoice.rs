//! The electronic invoices that the plugin composes are ones that the host issues: the shape fits, and no rule of
//! EN 16931 or of France is broken.

mod support;

use std::path::Path;

use afpi_einvoice::model::Invoice;
use serde_json::{Value, json};
use support::{composed, credit, dossier, invoice};

/// The XML of an invoice. It is left where the published validators find it (`scripts/einvoice.sh invoices`).
fn issued(name: &str, kind: &str, dossier: &Value) -> Vec<u8> {
    let model = composed(kind, dossier, "fr").invoice.unwrap();
    let model: Invoice = serde_json::from_value(model).unwrap();
    let xml = afpi_einvoice::issue(&model).unwrap_or_else(|faults| panic!("{name}: {faults:?}"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("einvoice/valid");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("composed-{name}.xml")), &xml).unwrap();
    xml
}

#[test]
fn invoices_and_credit_notes_are_issued() {
    let xml = String::from_utf8(issued("mixed", "facture", &invoice(dossier()))).unwrap();
    assert!(xml.contains("F2026-3") && xml.contains("1680.48") && xml.contains("VATEX-FR-CGI261-4"));
    assert!(String::from_utf8(issued("credit", "avoir", &credit(dossier()))).unwrap().contains("318.50"));
}

#[test]
fn discounts_odd_quantities_and_missing_vat_numbers_are_issued() {
    let mut dossier = invoice(dossier());
    dossier["piece"]["lines"] = json!([
        {"label": "Formation", "quantity": 35_000, "unit": "heure", "unitPrice": 4550, "net": 159_250, "rate": 0},
        {"label": "Remise", "quantity": 1000, "unitPrice": -15_925, "net": -15_925, "rate": 0},
        {"label": "Repas", "quantity": 3_330, "unit": "jour", "unitPrice": 1000, "net": 3330, "rate": 2000},
        {"label": "Forfait ancien", "net": 5001, "rate": 2000},
    ]);
    dossier["piece"]["amounts"] =
        json!([{"rate": 0, "net": 143_325, "vat": 0}, {"rate": 2000, "net": 8331, "vat": 1666}]);
    (dossier["piece"]["net"], dossier["piece"]["vat"], dossier["piece"]["total"]) =
        (json!(151_656), json!(1666), json!(153_322));
    issued("discount", "facture", &dossier);
    dossier["entite"]["vatNumber"] = Value::Null;
    issued("no-vat-number", "facture", &dossier);
    dossier["sessions"] = json!([]);
    issued("no-session", "facture", &dossier);
}

#[test]
fn invoices_without_lines_of_their_own_are_issued() {
    let mut dossier = invoice(dossier());
    dossier["piece"]["lines"] = json!([]);
    issued("no-lines", "facture", &dossier);
}

#[test]
fn a_legal_entity_of_which_little_is_known_can_issue() {
    let mut dossier = invoice(dossier());
    dossier["entite"] = json!({"name": "AFPI", "siret": "78016254300018", "nda": "32600012360"});
    issued("little-known", "facture", &dossier);
}
