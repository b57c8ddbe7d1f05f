use std::collections::BTreeSet;

use afpi_core::text::Locale;
use afpi_http::sheet::Cell;
use serde_json::json;
use strum::VariantArray;

use crate::description::{Kind, Shown};

#[test]
fn names_labels_and_sorts_of_a_kind_are_each_there_once() {
    for kind in Kind::VARIANTS {
        let description = kind.description();
        assert_eq!(description.kind, *kind);
        let names: BTreeSet<_> = description.fields.iter().map(|field| field.name).collect();
        assert_eq!(names.len(), description.fields.len(), "{kind:?}");
        let sorts: Vec<_> = description.fields.iter().filter_map(|field| field.sort).map(|sort| sort.name).collect();
        assert_eq!(sorts.iter().collect::<BTreeSet<_>>().len(), sorts.len(), "{kind:?}");
        let columns = description.fields.iter().filter(|field| field.shown != Shown::Nowhere);
        let labels: Vec<_> = columns.map(|field| field.label).collect();
        assert_eq!(labels.iter().collect::<BTreeSet<_>>().len(), labels.len(), "{kind:?}: {labels:?}");
    }
}

#[test]
fn no_two_fields_of_an_import_go_by_the_same_column() {
    use crate::entreprises::description::{BROUGHT, CONTACT_BROUGHT};
    let all: Vec<_> = BROUGHT.iter().chain(&CONTACT_BROUGHT).flat_map(|field| field.aka).collect();
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
}

#[test]
fn a_pointer_of_a_difference_leads_to_its_field() {
    let entreprises = Kind::Entreprise.description();
    let label = |pointer: &str| entreprises.at(pointer).map(|field| field.label.1);
    assert_eq!(label("/nafCode"), Some("NAF"));
    assert_eq!(label("/address/city"), Some("City"));
    assert_eq!(label("/tags/0"), Some("Tags"));
    assert_eq!(label("/unknown/city"), None);
}

#[test]
fn a_cell_says_what_people_read() {
    let opportunites = Kind::Opportunite.description();
    let item = json!({
        "section": "devis", "sectionLabel": {"fr": "Devis", "en": "Quote"}, "amount": 1250, "late": true,
        "entreprise": {"name": "ACME"}, "createdAt": "2026-11-22T18:05:00.123Z",
    });
    let cell = |name: &str| opportunites.field(name).unwrap().cell(&item, Locale::En);
    assert!(matches!(cell("section"), Cell::Text(text) if text == "Quote"));
    assert!(matches!(cell("amount"), Cell::Amount(amount) if amount.cents() == 1250));
    assert!(matches!(cell("late"), Cell::Flag(true)));
    assert!(matches!(cell("entrepriseId"), Cell::Text(text) if text == "ACME"));
    assert!(matches!(cell("createdAt"), Cell::Day(at) if at.millis() == 1_795_370_700_123));
    assert!(matches!(cell("title"), Cell::Text(text) if text.is_empty()));
}
