//! Companies with the spellings that the field sheet expects, one attribute at a time.

use super::*;
use crate::settings::SiteRule;
use serde_json::{Value, json};

fn sites() -> Sites {
    Sites::new(&[SiteRule { code_site: 3_900_002, localisation: "AFPI-02".into(), departments: "02".into() }])
}

fn read(record: &Value) -> Result<Company, Refusal> {
    let reader = EntrepriseReader::new(&EntrepriseFields::default());
    reader.read(&reader.paths.pick(&record.to_string()).expect("JSON"), &sites())
}

fn fields(record: &Value) -> Value {
    serde_json::from_str(&read(record).expect("a company").taken.item.fields).expect("fields are JSON")
}

fn full() -> Value {
    json!({
        "codeEntreprise": 41, "nomEntreprise": "FORGES  D'ÉTAPLES", "siret": "732 829 320 00074", "naf": "25.50A", "effectif": "48",
        "adresse": {"adr1": "", "adr2": "ZI DU PORT", "adr3": "BAT 3", "adr4": null, "cp": 2100, "ville": "SAINT-QUENTIN",
            "tel1": "0323061234", "email": "Contact@Forges.invalid", "pays": {"nomPays": "FRANCE"}},
        "codeSite": "3900002", "dateModification": "05/11/2026", "plusUtilise": 0, "champInconnu": {"x": [1, 2]},
    })
}

#[test]
fn a_full_record() {
    let company = read(&full()).expect("a company");
    assert_eq!(
        (company.code, company.modified, company.taken.item.archived),
        (41, values::date("05/11/2026").ok(), false)
    );
    assert!(company.taken.flaws.is_empty());
    assert_eq!(
        fields(&full()),
        json!({
            "name": "FORGES D'ÉTAPLES", "siret": "73282932000074", "nafCode": "2550A", "headcount": 48,
            "address": {"line1": "ZI DU PORT", "line2": "BAT 3", "postcode": "02100", "city": "SAINT-QUENTIN", "country": "France"},
            "phone": "03 23 06 12 34", "email": "contact@forges.invalid", "localisationCode": "AFPI-02",
        })
    );
}

#[test]
fn what_is_attested_is_enough() {
    let bare = json!({"codeEntreprise": 41, "nomEntreprise": "FORGES"});
    assert_eq!(fields(&bare), json!({"name": "FORGES"}));
    assert!(!read(&bare).expect("a company").taken.item.archived);
}

#[test]
fn null_empty_zero_and_missing_leave_the_same_field_alone() {
    for (pointer, name) in [("siret", "siret"), ("naf", "nafCode"), ("effectif", "headcount")] {
        for nothing in [json!(null), json!(""), json!(0), json!("  ")] {
            let mut record = full();
            record[pointer] = nothing.clone();
            assert_eq!(fields(&record).get(name), None, "{pointer} = {nothing}");
        }
    }
    for (pointer, name) in [("/adresse/tel1", "phone"), ("/adresse/email", "email")] {
        for nothing in [json!(null), json!("")] {
            let mut record = full();
            *record.pointer_mut(pointer).expect("it is there") = nothing;
            assert_eq!(fields(&record).get(name), None, "{pointer}");
        }
    }
}

#[test]
fn codes_as_texts_make_the_same_record() {
    let mut record = full();
    record["codeEntreprise"] = json!("41");
    record["effectif"] = json!(48);
    record["adresse"]["cp"] = json!("02100");
    assert_eq!(fields(&record), fields(&full()));
    assert_eq!(read(&record).expect("a company").taken.item.external_id, "41");
}

#[test]
fn a_wrong_siret_costs_the_siret_only() {
    for siret in ["7328293200007", "73282932000075", "732829320000744", "SIREN 732829320"] {
        let mut record = full();
        record["siret"] = json!(siret);
        let company = read(&record).expect("a company");
        assert_eq!(company.taken.flaws.len(), 1, "{siret}");
        let fields = fields(&record);
        assert_eq!((fields.get("siret"), &fields["name"]), (None, &json!("FORGES D'ÉTAPLES")), "{siret}");
    }
}

#[test]
fn a_foreign_company_has_no_siret_and_that_is_no_fault() {
    let mut record = full();
    record["siret"] = json!("BE0403170701");
    record["adresse"]["cp"] = json!("7500");
    record["adresse"]["pays"]["nomPays"] = json!("BELGIQUE");
    assert!(read(&record).expect("a company").taken.flaws.is_empty());
    let fields = fields(&record);
    assert_eq!(fields["address"]["postcode"], "7500");
    assert_eq!(fields["address"]["country"], "Belgique");
    assert_eq!(fields.get("siret"), None);
}

#[test]
fn what_may_not_fit_is_sent_as_it_was_read() {
    for (pointer, at, typed) in [
        ("/adresse/cp", "postcode", "59043 CEDEX 9".to_owned()),
        ("/adresse/cp", "postcode", "590".to_owned()),
        ("/adresse/ville", "city", "VILLE ".repeat(40).trim().to_owned()),
    ] {
        let mut record = full();
        *record.pointer_mut(pointer).expect("it is there") = json!(typed);
        assert_eq!(fields(&record)["address"][at], json!(typed));
        assert!(read(&record).expect("a company").taken.flaws.is_empty(), "{typed}");
    }
}

#[test]
fn a_name_that_is_too_long_is_cut_and_that_is_noted() {
    let mut record = full();
    record["nomEntreprise"] = json!("É".repeat(201));
    assert_eq!(fields(&record)["name"], "É".repeat(200));
    assert_eq!(read(&record).expect("a company").taken.flaws, [crate::values::Flaw("nom trop long, coupé")]);
}

#[test]
fn impossible_dates_cost_the_date_only() {
    for date in ["31/02/2026", "2026-11-05", "hier"] {
        let mut record = full();
        record["dateModification"] = json!(date);
        let company = read(&record).expect("a company");
        assert_eq!((company.modified, company.taken.flaws.len()), (None, 1), "{date}");
        assert_eq!(fields(&record), fields(&full()));
    }
}

#[test]
fn archived_in_every_spelling() {
    for (spelling, archived) in [
        (json!(1), true),
        (json!("1"), true),
        (json!(true), true),
        (json!(0), false),
        (json!("0"), false),
        (json!(false), false),
        (json!(null), false),
        (json!(""), false),
    ] {
        let mut record = full();
        record["plusUtilise"] = spelling.clone();
        assert_eq!(read(&record).expect("a company").taken.item.archived, archived, "{spelling}");
    }
}

#[test]
fn the_site_decides_and_else_the_postcode() {
    let mut record = full();
    record["codeSite"] = json!(99);
    assert_eq!(fields(&record)["localisationCode"], "AFPI-02");
    record["adresse"]["cp"] = json!("75011");
    assert_eq!(fields(&record).get("localisationCode"), None);
    record["codeSite"] = json!(3_900_002);
    assert_eq!(fields(&record)["localisationCode"], "AFPI-02");
}

#[test]
fn placeholders_are_refused_by_themselves() {
    for record in [
        json!({"codeEntreprise": 0, "nomEntreprise": "DONNEE INCONNUE"}),
        json!({"nomEntreprise": "X"}),
        json!({"codeEntreprise": "N/A", "nomEntreprise": "X"}),
    ] {
        assert_eq!(read(&record).err().map(|refusal| refusal.external_id).as_deref(), Some(""), "{record}");
    }
    assert_eq!(read(&json!({"codeEntreprise": 7})).err().map(|refusal| refusal.external_id).as_deref(), Some("7"));
}

#[test]
fn another_instance_may_name_its_fields_otherwise() {
    let map = EntrepriseFields {
        name: "raisonSociale, enseigne".into(),
        siret: String::new(),
        ..EntrepriseFields::default()
    };
    let reader = EntrepriseReader::new(&map);
    let record = json!({"codeEntreprise": 7, "raisonSociale": "", "enseigne": "Chez Zoé", "siret": "73282932000074"})
        .to_string();
    let company = reader.read(&reader.paths.pick(&record).expect("JSON"), &sites()).expect("a company");
    assert_eq!(company.taken.item.fields, r#"{"name":"Chez Zoé"}"#);
}
