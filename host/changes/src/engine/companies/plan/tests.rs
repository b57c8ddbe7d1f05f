//! Every case of a received company.

use super::*;
use crate::engine::fields::{self, ENTREPRISE};
use afpi_crm::entreprises::EntrepriseCreate;
use serde_json::json;

const SIRET: &str = "73282932000074";

fn fields(value: Value) -> Fields {
    value.as_object().cloned().unwrap()
}

fn taken(sent: Value) -> Taken {
    Taken { external_id: "1007".into(), parent: String::new(), archived: false, sent: fields(sent), remarks: vec![] }
}

fn company(value: Value) -> Current {
    Current {
        id: Uuid::from_u128(1).into(),
        fields: fields(value),
        active: true,
        site: Uuid::from_u128(2).into(),
        enriched: false,
    }
}

fn go(taken: &Taken, known: Known) -> Change {
    go_with(taken, known).0
}

/// The change, and the fields whose values were left out.
fn go_with(taken: &Taken, known: Known) -> (Change, Vec<&'static str>) {
    let (fields, mut left) = fields::read(&ENTREPRISE, &taken.sent);
    let sites = Sites::of(&[("AFPI-02", Uuid::from_u128(2).into()), ("AFPI-75", Uuid::from_u128(75).into())]);
    let ground = Ground { sites: &sites, owners: &Owners::default(), remembers: true, only: None };
    let change = plan(taken, fields, known, &ground, &mut left);
    (change, left.into_iter().map(|left| left.field).collect())
}

fn link_of(taken: &Taken) -> Link {
    let digest = known::digest(&taken.sent, "", taken.archived).to_vec();
    let mut seen = fields::read(&ENTREPRISE, &taken.sent).0;
    seen.insert("active".into(), (!taken.archived).into());
    Link { record: Uuid::from_u128(1), digest, missing: false, seen: Some(seen) }
}

/// A link without remembered values.
fn link_to(current: &Current) -> Link {
    let mut seen = current.fields.clone();
    seen.insert("localisationCode".into(), "AFPI-02".into());
    Link { record: current.id.uuid(), digest: vec![0; 32], missing: false, seen: Some(seen) }
}

#[test]
fn a_new_company_gets_an_id_its_site_and_its_derived_numbers() {
    let new = taken(json!({"name": "ACME", "siret": SIRET, "address": {"postcode": "02100"}}));
    let change = go(&new, Known::default());
    assert_eq!(change.action, Action::Created);
    assert!(change.record.is_some() && change.before.is_none());
    let expected = json!({"name": "ACME", "siret": SIRET, "siren": "732829320", "vatNumber": "FR44732829320", "address.postcode": "02100",
        "address.country": "FR", "active": true, "localisationCode": "AFPI-02"});
    assert_eq!(change.after, Some(fields(expected)));
}

#[test]
fn what_cannot_be_placed_or_is_archived_is_skipped_with_a_reason() {
    for (sent, archived, word) in [
        (json!({"name": "ACME"}), false, "localisation"),
        (json!({"address": {"postcode": "02100"}}), false, "name"),
        (json!({"name": "ACME", "address": {"postcode": "02100"}}), true, "archived"),
    ] {
        let change = go(&Taken { archived, ..taken(sent) }, Known::default());
        assert_eq!(change.action, Action::Skipped);
        assert!(change.reason.as_ref().unwrap().en.contains(word), "{:?}", change.reason);
        assert_eq!((change.record, change.digest), (None, None));
    }
}

#[test]
fn a_known_company_is_unchanged_or_changes_where_it_differs() {
    let old = taken(json!({"name": "ACME", "phone": "01"}));
    let current = company(json!({"name": "ACME", "phone": "01", "email": "a@b.fr"}));
    let link = link_of(&old);
    let known = || Known { link: Some(&link), linked: Some(&current), ..Known::default() };
    assert_eq!(go(&old, known()).action, Action::Unchanged);

    let change = go(&taken(json!({"name": "ACME", "phone": "02"})), known());
    assert_eq!((change.action, change.record), (Action::Updated, Some(current.id.uuid())));
    assert_eq!(
        (change.before, change.after),
        (Some(fields(json!({"phone": "01"}))), Some(fields(json!({"phone": "02"}))))
    );

    // Absent, null and empty values leave the value here alone. A person made the same change before.
    let change = go(&taken(json!({"name": "ACME", "phone": null, "email": ""})), known());
    assert_eq!((change.action, change.after), (Action::Unchanged, None));

    let back = Link { missing: true, ..link.clone() };
    let change = go(&old, Known { link: Some(&back), linked: Some(&current), ..Known::default() });
    assert_eq!((change.action, change.after), (Action::Updated, None));
}

#[test]
fn archived_and_restored_over_there_and_only_then_here() {
    let old = taken(json!({"name": "ACME"}));
    let gone = Taken { archived: true, ..taken(json!({"name": "ACME"})) };
    let (active, inactive) =
        (company(json!({"name": "ACME"})), Current { active: false, ..company(json!({"name": "ACME"})) });
    let link = link_of(&old);
    let change = go(&gone, Known { link: Some(&link), linked: Some(&active), ..Known::default() });
    assert_eq!((change.action, change.after), (Action::Archived, Some(fields(json!({"active": false})))));

    let archived = link_of(&gone);
    let change = go(&old, Known { link: Some(&archived), linked: Some(&inactive), ..Known::default() });
    assert_eq!((change.action, change.after), (Action::Updated, Some(fields(json!({"active": true})))));

    // A person switched it off here: a change there does not switch it on.
    let change = go(
        &taken(json!({"name": "ACME", "phone": "02"})),
        Known { link: Some(&link), linked: Some(&inactive), ..Known::default() },
    );
    assert_eq!(change.after, Some(fields(json!({"phone": "02"}))));
}

#[test]
fn a_siret_links_a_company_nobody_has_linked_and_merges_nothing_else() {
    let came = taken(json!({"name": "ACME", "siret": SIRET, "address": {"postcode": "02100"}}));
    let twin = company(json!({"name": "Acme SA", "siret": SIRET, "siren": "732829320", "vatNumber": "FR44732829320"}));
    let change = go(&came, Known { twin: Some(&twin), ..Known::default() });
    // The other system does not know what people typed here, so it is a conflict and not overwritten. An empty field is
    // filled in.
    assert_eq!((change.action, change.record), (Action::Conflict, Some(twin.id.uuid())));
    assert_eq!(change.after.unwrap(), fields(json!({"externalId": "1007", "address.postcode": "02100"})));
    assert_eq!((&change.conflicts["name"].here, &change.conflicts["name"].there), (&json!("Acme SA"), &json!("ACME")));

    let other = go(&came, Known { twin: Some(&twin), twin_external: Some("2000"), ..Known::default() });
    assert!(other.action == Action::Skipped && other.reason.unwrap().fr.contains("2000"));

    let again = go(&came, Known { siret_seen: true, ..Known::default() });
    assert!(again.action == Action::Skipped && again.reason.unwrap().fr.starts_with("à vérifier"));

    let own = Current { id: Uuid::from_u128(9).into(), ..company(json!({"name": "ACME"})) };
    let link = link_to(&own);
    let taken_away = go(&came, Known { link: Some(&link), linked: Some(&own), twin: Some(&twin), ..Known::default() });
    assert_eq!(taken_away.action, Action::Skipped);
}

#[test]
fn a_company_moves_only_to_a_site_that_is_named() {
    let current = company(json!({"name": "ACME"}));
    let link = link_to(&current);
    let known = || Known { link: Some(&link), linked: Some(&current), ..Known::default() };
    let moved = go(&taken(json!({"name": "ACME", "localisationCode": "AFPI-75"})), known());
    assert_eq!(
        (moved.before, moved.after),
        (Some(fields(json!({"localisationCode": "AFPI-02"}))), Some(fields(json!({"localisationCode": "AFPI-75"}))))
    );
    let stays =
        go(&taken(json!({"name": "ACME", "localisationCode": "AFPI-99", "address": {"postcode": "75001"}})), known());
    assert_eq!(stays.after, Some(fields(json!({"address.postcode": "75001"}))));
}

#[test]
fn a_postcode_with_its_cedex_and_a_siret_that_is_none_cost_no_company() {
    let new = taken(
        json!({"name": "ACME", "siret": "11122233344455", "address": {"postcode": "59043 CEDEX 9", "city": "LILLE"},
        "localisationCode": "AFPI-02"}),
    );
    let (change, left) = go_with(&new, Known::default());
    let after = change.after.unwrap();
    assert_eq!((change.action, left.as_slice()), (Action::Created, &["siret"][..]));
    assert_eq!((&after["address.postcode"], &after["address.city"]), (&json!("59043"), &json!("LILLE CEDEX 9")));
    assert!(!after.contains_key("siret"));

    let bad = taken(json!({"name": "ACME", "address": {"postcode": "590"}, "localisationCode": "AFPI-02"}));
    let (change, left) = go_with(&bad, Known::default());
    assert_eq!((change.action, left.as_slice()), (Action::Created, &["address.postcode"][..]));
}

#[test]
fn identifiers_that_contradict_each_other_are_left_out() {
    let came = taken(
        json!({"name": "ACME", "siret": SIRET, "siren": "443061841", "vatNumber": "FR64443061841", "localisationCode": "AFPI-02"}),
    );
    let (change, left) = go_with(&came, Known::default());
    let after = change.after.unwrap();
    assert_eq!((&after["siren"], &after["vatNumber"]), (&json!("732829320"), &json!("FR44732829320")));
    assert_eq!(left, ["siren", "vatNumber"]);

    // Also compared with the stored identifiers. A foreign VAT number stays when the SIRET changes.
    let here = company(json!({"name": "ACME", "siret": SIRET, "siren": "732829320", "vatNumber": "BE0403170701"}));
    let link = link_to(&here);
    let known = || Known { link: Some(&link), linked: Some(&here), ..Known::default() };
    let (change, left) = go_with(&taken(json!({"name": "ACME", "siren": "443061841"})), known());
    assert_eq!((change.after, left.as_slice()), (None, &["siren"][..]));
    let (change, _) = go_with(&taken(json!({"name": "ACME", "siret": "44306184100047"})), known());
    assert_eq!(change.after, Some(fields(json!({"siret": "44306184100047", "siren": "443061841"}))));
}

#[test]
fn a_person_s_correction_stays_when_something_else_changes_over_there() {
    let old = taken(json!({"name": "ACME", "email": "faux@b.fr", "phone": "01"}));
    let corrected = company(json!({"name": "Acme & Fils", "email": "juste@b.fr", "phone": "01"}));
    let link = link_of(&old);
    let known = || Known { link: Some(&link), linked: Some(&corrected), ..Known::default() };
    let change = go(&taken(json!({"name": "ACME", "email": "faux@b.fr", "phone": "02"})), known());
    assert_eq!((change.action, change.after), (Action::Updated, Some(fields(json!({"phone": "02"})))));

    let change = go(&taken(json!({"name": "ACME SAS", "email": "faux@b.fr", "phone": "02"})), known());
    assert_eq!((change.action, change.after), (Action::Conflict, Some(fields(json!({"phone": "02"})))));
    let conflict = &change.conflicts["name"];
    assert_eq!(
        (&conflict.before, &conflict.here, &conflict.there),
        (&Some(json!("ACME")), &json!("Acme & Fils"), &json!("ACME SAS"))
    );
    // The next run asks again: the remembered name is the earlier one, and the digest matches nothing.
    assert_eq!((&change.source.unwrap()["name"], change.digest), (&json!("ACME"), Some(known::doubtful(false))));
}

#[test]
fn a_pair_from_before_learns_what_was_seen_while_nothing_changes() {
    let old = taken(json!({"name": "ACME", "siret": SIRET}));
    let link = Link { seen: None, ..link_of(&old) };
    let change = go(&old, Known { link: Some(&link), ..Known::default() });
    assert_eq!(change.action, Action::Unchanged);
    assert_eq!(change.source, Some(fields(json!({"name": "ACME", "siret": SIRET, "active": true}))));
}

#[test]
fn a_person_a_connector_and_a_file_store_the_same() {
    let all = [
        json!({"name": " ACME ", "siret": "732 829 320 00074", "phone": "+33323061234", "nafCode": "2562b"}),
        json!({"name": "ACME", "siren": "732 829 320"}),
        json!({"name": "ACME", "vatNumber": "fr 44 732829320"}),
        json!({"name": "ACME", "siret": SIRET, "siren": "732829320", "vatNumber": "BE 0403.170.701"}),
        json!({"name": "ACME", "address": {"postcode": "59043 cedex 9", "city": "Lille", "country": "FRANCE"}}),
        json!({"name": "ACME", "address": {"postcode": "1000", "city": "Bruxelles", "country": "Belgique"}}),
        json!({"name": "ACME", "address": {"city": "Laon"}}),
    ];
    for sent in all {
        let request: EntrepriseCreate = serde_json::from_value(sent.clone()).unwrap();
        let (settled, problems) = request.settled();
        assert!(problems.is_empty(), "{problems:?}");
        let settled = serde_json::to_value(settled).unwrap();
        let value = |name: &str| settled.pointer(&format!("/{}", name.replace('.', "/"))).cloned();
        let person: Fields =
            ENTREPRISE.iter().filter_map(|field| Some((field.name.to_owned(), value(field.name)?))).collect();
        let person: Fields = person.into_iter().filter(|(_, value)| !value.is_null()).collect();
        for (remembers, only) in [(true, None), (false, Some(Uuid::from_u128(2).into()))] {
            let mut taken = taken(sent.clone());
            taken.sent.insert("localisationCode".into(), "AFPI-02".into());
            let (read, mut left) = fields::read(&ENTREPRISE, &taken.sent);
            let sites = Sites::of(&[("AFPI-02", Uuid::from_u128(2).into())]);
            let ground = Ground { sites: &sites, owners: &Owners::default(), remembers, only };
            let mut after = plan(&taken, read, Known::default(), &ground, &mut left).after.unwrap();
            after.retain(|name, _| !matches!(name.as_str(), "active" | "localisationCode"));
            assert_eq!((after, left), (person.clone(), vec![]), "{sent}");
        }
    }
}

#[test]
fn a_siren_without_a_siret_brings_its_vat_number_too() {
    let here = company(json!({"name": "ACME"}));
    let link = link_to(&here);
    let known = Known { link: Some(&link), linked: Some(&here), ..Known::default() };
    let change = go(&taken(json!({"name": "ACME", "siren": "732829320"})), known);
    assert_eq!(change.after, Some(fields(json!({"siren": "732829320", "vatNumber": "FR44732829320"}))));
}
