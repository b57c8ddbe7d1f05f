//! The electronic invoices that the plugin composes are ones that the host issues: the shape fits, and no rule of
//! EN 16931 or of France is broken.

mod support;

use std::path::Path;

use afpi_einvoice::model::Invoice;
use serde_json::{Value, json};
use support::{billed, composed, credit, deposit, dossier, invoice, last, opco, subrogated};

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

const TRAINING: (&str, i64, &str, i64, i64) = ("Soudage TIG – perfectionnement", 35_000, "heure", 4550, 0);

/// The golden set: what each kind of invoice of a training centre comes to, in cents. The plugin writes a discount of a
/// line as a discount of the document.
#[test]
fn the_golden_set_is_issued_with_the_right_amounts() {
    let with = |mut dossier: Value, pointer: &str, value: Value| {
        let (parent, field) = pointer.rsplit_once('/').unwrap();
        dossier.pointer_mut(parent).unwrap()[field] = value;
        dossier
    };
    let paid_by = |dossier: Value, payer: Value| with(dossier, "/piece/payer", payer);
    let person = || json!({"kind": "particulier", "name": "Marie Dupont"});
    let funder = || json!({"kind": "opco", "name": "OPCO 2i", "company": opco()});
    let mixed = [TRAINING, ("Consommables", 3000, "forfait", 1667, 2000), ("Repas", 7000, "forfait", 333, 2000)];
    let discounted = [TRAINING, ("Remise de 10 %", 1000, "forfait", -15_925, 0)];
    let reduced =
        [TRAINING, ("Examen", 1000, "forfait", 20_000, 2000), ("Remise commerciale", 1000, "forfait", -10_000, 0)];
    let two = |dossier| billed(dossier, &[("Conseil", 2000, "jour", 95_000, 2000)]);
    let credited = || {
        let note = with(credit(dossier()), "/piece/correctsKind", json!("acompte"));
        let note = with(note, "/piece/amounts", json!([{"rate": 2000, "net": -57_000, "vat": -11_400}]));
        let note = with(note, "/piece/net", json!(-57_000));
        with(with(note, "/piece/vat", json!(-11_400)), "/piece/total", json!(-68_400))
    };
    let cases: [(&str, &str, Value, i64, &str, &str); 15] = [
        ("01-exempt", "facture", billed(dossier(), &[TRAINING]), 159_250, "380", "S1"),
        ("02-consulting", "facture", two(dossier()), 228_000, "380", "S1"),
        ("03-mixed", "facture", billed(dossier(), &mixed), 168_048, "380", "S1"),
        ("04-line-discount", "facture", billed(dossier(), &discounted), 143_325, "380", "S1"),
        ("05-document-discount", "facture", billed(dossier(), &reduced), 173_250, "380", "S1"),
        ("06-deposit", "facture", deposit(dossier()), 68_400, "386", "S1"),
        ("07-final", "facture", last(dossier()), 159_600, "380", "S4"),
        (
            "08-opco",
            "facture",
            paid_by(billed(dossier(), &[("Soudage TIG", 28_000, "heure", 3000, 0)]), funder()),
            84_000,
            "380",
            "S1",
        ),
        (
            "09-remainder",
            "facture",
            billed(dossier(), &[("Reste à charge", 1000, "forfait", 75_250, 0)]),
            75_250,
            "380",
            "S1",
        ),
        ("10-credit-note", "avoir", credit(dossier()), 31_850, "381", "S1"),
        ("11-deposit-credit-note", "avoir", credited(), 68_400, "503", "S1"),
        ("14-individual", "facture", paid_by(billed(dossier(), &[TRAINING]), person()), 159_250, "380", "S1"),
        ("15-subrogation", "facture", subrogated(dossier()), 159_250, "380", "S1"),
        (
            "15-payer-by-name",
            "facture",
            with(subrogated(dossier()), "/piece/payer/company", Value::Null),
            159_250,
            "380",
            "S1",
        ),
        (
            "17-no-vat-number",
            "facture",
            with(billed(dossier(), &[TRAINING]), "/entite/vatNumber", Value::Null),
            159_250,
            "380",
            "S1",
        ),
    ];
    for (name, kind, dossier, due, code, process) in cases {
        let model = composed(kind, &dossier, "fr").invoice.unwrap_or_else(|| panic!("{name}"));
        assert_eq!(
            (&model["totals"]["due"], &model["kind"], &model["process"]),
            (&json!(due), &json!(code), &json!(process)),
            "{name}"
        );
        issued(name, kind, &dossier);
    }
}

#[test]
fn a_final_invoice_deducts_and_names_its_deposits() {
    let printed = composed("facture", &last(dossier()), "fr").data;
    let totals: Vec<_> = printed["priced"]["totals"].as_array().unwrap().iter().map(|total| &total["value"]).collect();
    let amounts =
        ["1\u{a0}900,00\u{a0}€", "380,00\u{a0}€", "2\u{a0}280,00\u{a0}€", "−684,00\u{a0}€", "1\u{a0}596,00\u{a0}€"];
    assert_eq!(totals, amounts);
    assert_eq!(printed["priced"]["totals"][3]["label"], "Acompte F2026-2 du 12/10/2026");
    assert_eq!(printed["doc"]["heading"], "Facture de solde");
    assert!(printed["due"].as_str().unwrap().starts_with("1\u{a0}596,00"));
    let model = composed("facture", &last(dossier()), "fr").invoice.unwrap();
    assert_eq!(model["preceding"], json!([{"number": "F2026-2", "issuedOn": "2026-10-12"}]));
    assert_eq!((&model["totals"]["total"], &model["totals"]["prepaid"]), (&json!(228_000), &json!(68_400)));
    // What a workflow freezes in its own words says the same.
    let mut frozen = last(dossier());
    frozen["piece"]["deposits"] = Value::Null;
    frozen["piece"]["content"] =
        json!({"acomptes": [{"numero": "F2026-2", "emiseLe": "2026-10-12", "totalTtc": 68_400}]});
    assert_eq!(composed("facture", &frozen, "fr").invoice.unwrap(), model);
    // So does a credit note for a deposit.
    let mut note = credit(dossier());
    note["piece"]["content"] = json!({"acompte": true});
    assert_eq!(composed("avoir", &note, "fr").invoice.unwrap()["kind"], "503");
    let reminded = composed("relance-1", &with_payments(last(dossier())), "fr").data;
    assert_eq!(reminded["rows"][0]["open"], "1\u{a0}596,00\u{a0}€");
}

fn with_payments(mut dossier: Value) -> Value {
    dossier["payments"] = json!([]);
    dossier
}

#[test]
fn a_deposit_is_asked_for_before_the_service() {
    let (data, model) = {
        let composition = composed("facture", &deposit(dossier()), "fr");
        (composition.data, composition.invoice.unwrap())
    };
    assert_eq!((&data["doc"]["heading"], &data["trainees"]), (&json!("Facture d’acompte"), &json!([])));
    assert!(!data["training"].to_string().contains("réalisées"));
    assert_eq!((model.get("period"), &model["deliveredOn"]), (None, &json!("2026-10-12")));
}

#[test]
fn a_third_party_pays_in_place_of_the_buyer() {
    let composition = composed("facture", &subrogated(dossier()), "fr");
    let model = composition.invoice.unwrap();
    assert_eq!((&model["profile"], &model["buyer"]["siren"]), (&json!("extendedCtcFr"), &json!("732829320")));
    assert_eq!((&model["payer"]["name"], &model["payer"]["siren"]), (&json!("OPCO 2i"), &json!("443061841")));
    assert_eq!(composition.data["addressee"]["name"], "Chaudronnerie du Beauvaisis");
    assert!(composition.data["facts"].to_string().contains("OPCO 2i, par subrogation"));
}

/// #10: an OPCO and the company, each with its invoice. Both read who pays what.
#[test]
fn two_payers_read_their_shares() {
    let company = composed("facture", &invoice(dossier()), "fr");
    let shares = company.data["shares"].as_array().unwrap().clone();
    let shown =
        |at: usize| (shares[at]["name"].as_str().unwrap(), shares[at]["amount"].as_str().unwrap(), &shares[at]["own"]);
    assert_eq!(shown(0), ("OPCO 2i", "1\u{a0}050,00\u{a0}€", &json!(false)));
    assert_eq!(shown(1), ("Chaudronnerie du Beauvaisis", "615,82\u{a0}€", &json!(true)));
    let note = company.invoice.unwrap()["notes"][0]["text"].clone();
    assert!(note.as_str().unwrap().contains("OPCO 2i 1\u{a0}050,00"), "{note}");
    let mut funded = invoice(dossier());
    funded["piece"]["payer"] = json!({"kind": "opco", "name": "OPCO 2i"});
    assert_eq!(composed("facture", &funded, "fr").data["shares"][0]["own"], true);
    let mut alone = invoice(dossier());
    alone["opportunite"]["data"]["montage"]["financeurs"] = json!([]);
    assert_eq!(composed("facture", &alone, "fr").data["shares"], json!([]));
}

/// A person without e-mail address gets a printed invoice: the electronic one has nowhere to go.
#[test]
fn a_person_is_reached_by_mail_or_on_paper() {
    let mut dossier = billed(dossier(), &[TRAINING]);
    dossier["piece"]["payer"] = json!({"kind": "particulier", "name": "Marie Dupont"});
    let address = composed("facture", &dossier, "fr").invoice.unwrap()["buyer"]["electronicAddress"].clone();
    assert_eq!(address, json!({"scheme": "EM", "value": "m.dupont@client.example"}));
    dossier["stagiaires"][0]["email"] = Value::Null;
    assert!(composed("facture", &dossier, "fr").invoice.is_none());
}
