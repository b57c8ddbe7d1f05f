//! An index after any changes answers like a new one, and no text breaks it.

use afpi_search::{Document, Index, Query, marks};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

const WORDS: [&str; 16] = [
    "martin",
    "Martine",
    "marin",
    "matrin",
    "Forges",
    "Gorges",
    "du",
    "Nord",
    "métallurgie",
    "metalurgei",
    "0320554433",
    "44306184100047",
    "zoe.lefevre@nord.example",
    "OPP-2026-00012",
    "Nogent-l'Abbesse",
    "Œuvre",
];

fn text(dice: &mut StdRng) -> String {
    let count = dice.random_range(1..4);
    (0..count).map(|_| *WORDS.choose(dice).unwrap()).collect::<Vec<_>>().join(" ")
}

fn document(dice: &mut StdRng, record: u128) -> Document {
    let id = Uuid::from_u128(record * 10 + dice.random_range(0..10));
    let texts = (0..dice.random_range(1..4)).map(|_| text(dice)).collect();
    Document { kind: dice.random_range(0..3), id, texts, changed: dice.random_range(0..50), ..Document::default() }
}

/// What an index answers, in an order that does not depend on how it was built.
fn answers(index: &Index, q: &str) -> Vec<(u8, Vec<(Uuid, bool)>)> {
    let query = Query::new(q);
    let hits = index.best(&query, true, usize::MAX, |_| true, |_| false);
    let sorted = |hits: Vec<afpi_search::Hit>| {
        let mut hits: Vec<_> = hits.into_iter().map(|hit| (hit.id, hit.mistyped)).collect();
        hits.sort_unstable();
        hits
    };
    hits.into_iter().map(|(kind, hits)| (kind, sorted(hits))).collect()
}

#[test]
fn an_index_after_any_changes_answers_like_a_new_one() {
    for seed in 0..8 {
        let mut dice = StdRng::seed_from_u64(seed);
        let mut index = Index::default();
        let mut records: Vec<Vec<Document>> = vec![vec![]; 40];
        for _ in 0..400 {
            let record = dice.random_range(0..records.len());
            let mut documents: Vec<Document> = vec![];
            for _ in 0..dice.random_range(0..3) {
                let document = document(&mut dice, record as u128 + 1);
                if documents.iter().all(|other| other.id != document.id) {
                    documents.push(document);
                }
            }
            index.replace(Uuid::from_u128(record as u128 + 1), documents.clone());
            records[record] = documents;
        }
        let mut fresh = Index::default();
        for (at, documents) in records.iter().enumerate() {
            fresh.replace(Uuid::from_u128(at as u128 + 1), documents.clone());
        }
        assert_eq!(index.len(), fresh.len());
        for q in WORDS.iter().map(|word| (*word).to_owned()).chain((0..40).map(|_| text(&mut dice))) {
            assert_eq!(answers(&index, &q), answers(&fresh, &q), "{q}");
            for kind in 0..3 {
                let query = Query::new(&q);
                assert_eq!(index.all(&query, false, kind, 99), fresh.all(&query, false, kind, 99), "{q}");
            }
        }
        for record in 0..records.len() {
            index.replace(Uuid::from_u128(record as u128 + 1), vec![]);
        }
        assert!(index.is_empty());
        assert!(WORDS.iter().all(|word| answers(&index, word).is_empty()));
    }
}

#[test]
fn no_text_breaks_a_search() {
    let mut dice = StdRng::seed_from_u64(7);
    let mut index = Index::default();
    let any = |dice: &mut StdRng| -> String {
        let letters = "aàéœ ßİ\u{301}\u{200d}𝐀漢0-.@%_!'\"\n\0ytthhﬁ";
        let letters: Vec<char> = letters.chars().collect();
        let one = |dice: &mut StdRng| match dice.random_bool(0.9) {
            true => *letters.choose(dice).unwrap(),
            false => char::from_u32(dice.random_range(0..0x11_0000)).unwrap_or('x'),
        };
        (0..dice.random_range(0..60)).map(|_| one(dice)).collect()
    };
    for record in 0..800 {
        let texts = vec![any(&mut dice), any(&mut dice)];
        let id = Uuid::from_u128(record % 300);
        index.replace(id, vec![Document { id, texts: texts.clone(), ..Document::default() }]);
        let q = if record % 2 == 0 { any(&mut dice) } else { texts[0].clone() };
        let query = Query::new(&q);
        index.best(&query, true, 5, |_| true, |_| true);
        let length = texts[0].encode_utf16().count();
        let marked = marks(&texts[0], &query);
        assert!(marked.windows(2).all(|two| two[0][1] < two[1][0]), "{marked:?}");
        assert!(marked.iter().all(|[from, to]| from < to && *to <= length), "{marked:?} of {length}");
    }
}

fn found(index: &Index, q: &str, mistyped: bool) -> Vec<u128> {
    let hits = index.best(&Query::new(q), mistyped, 9, |_| true, |listing| listing.sites.contains(&Uuid::from_u128(1)));
    hits.into_values().flatten().map(|hit| hit.id.as_u128()).collect()
}

#[test]
fn exact_words_come_before_beginnings_and_those_before_typing_errors() {
    let mut index = Index::default();
    let mut put = |id: u128, name: &str, changed: i64, site: u128| {
        let id = Uuid::from_u128(id);
        let sites = vec![Uuid::from_u128(site)];
        index.replace(id, vec![Document { id, texts: vec![name.into()], changed, sites, ..Document::default() }]);
    };
    put(1, "Martineau", 9, 1);
    put(2, "Garage Martin", 5, 2);
    put(3, "Garage Martin", 4, 1);
    put(4, "Garage Martin", 3, 1);
    put(5, "Marlin", 9, 1);
    put(6, "Samartin", 9, 1);
    put(7, "Martin", 1, 2);
    // The name that is only this, the own site, the newest; then beginnings, insides, typing errors.
    assert_eq!(found(&index, "martin", true), [7, 3, 4, 2, 1, 6, 5]);
    assert_eq!(found(&index, "martin", false), [7, 3, 4, 2, 1, 6]);
    assert_eq!(found(&index, "garage matrin", true)[..2], [3, 4]);
    assert!(found(&index, "garage soudure", true).is_empty());
}

#[test]
fn a_name_is_found_with_more_errors_than_a_word_is_forgiven() {
    let mut index = Index::default();
    let names = ["Chaudronnerie Lefèvre", "Chaudronnerie Lemaire", "Garage Lefèvre", "Tôlerie de la Plaine"];
    for (at, name) in (1..).zip(names) {
        let texts = vec![name.to_owned(), "59000".to_owned()];
        index.replace(Uuid::from_u128(at), vec![Document { id: Uuid::from_u128(at), texts, ..Document::default() }]);
    }
    // Two errors in a short word, a space too few, too many, and a name that is not whole yet.
    for q in [
        "chaudronnerie lfeevre",
        "chaudronnerielefevre",
        "chaudro nnreie lefevre",
        "chaudronerei lefèv",
        "chaudronerie lfeevre 59000",
    ] {
        assert_eq!(found(&index, q, true).first(), Some(&1), "{q}");
        assert!(found(&index, q, false).is_empty(), "{q}");
    }
    // The words of a name in another order are forgiven as words.
    assert_eq!(found(&index, "lefevr chaudronerei", true), [1]);
    // Nothing is alike because of its trade alone, and a number is never nearly right.
    assert!(found(&index, "tolerie soudure", true).is_empty());
    assert!(found(&index, "chaudronerie lfeevre 62000", true).is_empty());
}

#[test]
fn numbers_are_found_in_any_grouping_and_never_nearly() {
    let mut index = Index::default();
    let id = Uuid::from_u128(1);
    let texts = ["Forges", "44306184100047", "443061841", "0320554433", "59000"].map(str::to_owned).to_vec();
    index.replace(id, vec![Document { id, texts, ..Document::default() }]);
    for q in [
        "0320554433",
        "03 20 55 44 33",
        "03.20.55.44.33",
        "+33 3 20 55 44 33",
        "+33 (0)3 20 55 44 33",
        "0033320554433",
        "+33320",
        "443 061 841 00047",
        "443 061 841",
        "00047",
        "forges 03 20 55",
        "03 20 55 44 33 forges",
        "forges 59000 443061841",
    ] {
        assert_eq!(found(&index, q, false), [1], "{q}");
    }
    for q in ["03 20 55 44 34", "0320554343", "443061842"] {
        assert!(found(&index, q, true).is_empty(), "{q}");
    }
}
