//! Tables of real spellings, and of spellings that the functions must refuse.

use super::*;

#[test]
fn codes_are_positive_integers_in_either_spelling() {
    for (text, expected) in
        [("3900000", Some(3_900_000)), ("0012", Some(12)), ("0", None), ("-1", None), ("A1", None), ("1.5", None)]
    {
        assert_eq!(code(text), expected, "{text}");
    }
}

#[test]
fn french_dates() {
    for (text, days) in [
        ("01/01/1970", 0),
        ("31/12/1969", -1),
        ("29/02/2024", 19_782),
        ("01/03/2000", 11_017),
        ("29/02/2000", 11_016),
        ("31/12/2026", 20_818),
        ("31-12-2026", 20_818),
        ("31/12/2026 08:30:00", 20_818),
        ("31/12/2026T08:30", 20_818),
    ] {
        assert_eq!(date(text), Ok(days), "{text}");
    }
    for text in [
        "31/02/2026",
        "29/02/2026",
        "29/02/1900",
        "00/01/2026",
        "32/01/2026",
        "01/13/2026",
        "01/00/2026",
        "2026/12/31",
        "1/1/2026",
        "31/12/26",
        "31122026",
        "//",
        "aa/bb/cccc",
        "+1/01/2026",
        "31/12/0000",
    ] {
        assert!(date(text).is_err(), "{text}");
    }
}

#[test]
fn every_day_follows_the_one_before() {
    let mut expected = date("01/01/1999").expect("a date");
    for year in 1999..2029 {
        for month in 1..=12 {
            for day in 1..=31 {
                if let Ok(days) = date(&format!("{day:02}/{month:02}/{year}")) {
                    assert_eq!(days, expected, "{day}/{month}/{year}");
                    expected += 1;
                }
            }
        }
    }
}

#[test]
fn sirets() {
    for text in [
        "73282932000074",
        "44306184100047",
        "35600000000048",
        "35600000049837",
        "732 829 320 00074",
        "732.829.320-00074",
    ] {
        assert!(siret(text).is_ok(), "{text}");
    }
    assert_eq!(siret("732\u{a0}829\u{202f}320 00074").as_deref(), Ok("73282932000074"));
    for text in [
        "73282932000075",
        "7328293200007",
        "732829320000744",
        "00000000000000",
        "BE0123456789",
        "3560000004983A",
        "35600000049838",
    ] {
        assert!(siret(text).is_err(), "{text}");
    }
}

#[test]
fn naf_codes() {
    for text in ["2562B", "25.62B", "25.62 b"] {
        assert_eq!(naf(text).as_deref(), Ok("2562B"), "{text}");
    }
    for text in ["2562", "B2562", "25625", "256ZB", "25.62BB"] {
        assert!(naf(text).is_err(), "{text}");
    }
}

#[test]
fn postcodes_and_departments() {
    for (text, french, expected, dept) in [
        ("02100", true, Some("02100"), Some("02")),
        ("2100", true, Some("02100"), Some("02")),
        ("59 000", true, Some("59 000"), Some("59")),
        ("59043 CEDEX 9", true, Some("59043 CEDEX 9"), Some("59")),
        ("59043\u{a0}cedex", true, Some("59043 cedex"), Some("59")),
        ("F-59043", true, Some("F-59043"), Some("59")),
        ("590", true, Some("590"), None),
        ("SW1A 1AA", false, Some("SW1A 1AA"), None),
        ("20090", true, Some("20090"), Some("2A")),
        ("20200", true, Some("20200"), Some("2B")),
        ("97400", true, Some("97400"), Some("974")),
        ("1000", false, Some("1000"), None),
        ("L-1234", false, Some("L-1234"), None),
        ("00000", true, None, None),
        ("00 000", true, None, None),
        ("0", true, None, None),
    ] {
        let code = postcode(text, french);
        assert_eq!(code.as_deref(), expected, "{text}");
        assert_eq!(code.as_deref().and_then(department).as_deref(), dept, "{text}");
    }
}

#[test]
fn telephones() {
    for (text, expected) in [
        ("0323061234", Some("03 23 06 12 34")),
        ("03.23.06.12.34", Some("03 23 06 12 34")),
        ("+33 3 23 06 12 34", Some("03 23 06 12 34")),
        ("0033323061234", Some("03 23 06 12 34")),
        ("+33 (0)3 23 06 12 34", Some("03 23 06 12 34")),
        ("+32 2 123 45 67", Some("+32 2 123 45 67")),
        ("3949", Some("3949")),
        ("n.c.", None),
        ("0", None),
    ] {
        assert_eq!(phone(text).as_deref(), expected, "{text}");
    }
}

#[test]
fn emails() {
    assert_eq!(email("Camille.Roux@Exemple.FR").as_deref(), Ok("camille.roux@exemple.fr"));
    for text in ["camille", "@x.fr", "a@b", "a@b..fr", "a b@c.fr", "a@b.fr;c@d.fr", "a@b@c.fr", "Camille <a@b.fr>"] {
        assert!(email(text).is_err(), "{text}");
    }
}

#[test]
fn names_of_countries() {
    for (text, expected) in [
        ("FRANCE", "France"),
        ("PAYS-BAS", "Pays-Bas"),
        ("COTE D'IVOIRE", "Cote D'Ivoire"),
        ("île maurice", "Île Maurice"),
    ] {
        assert_eq!(title_case(text), expected);
    }
}

#[test]
fn lines_are_tidied() {
    assert_eq!(line("  ZI  DU\tPORT\r\n BAT 3 ", 80).as_deref(), Some("ZI DU PORT BAT 3"));
    assert_eq!(line("abcdef", 3).as_deref(), Some("abc"));
    assert_eq!(line(" \u{0} ", 80), None);
    assert_eq!(headcount("1 200"), Some(1200));
    assert_eq!(headcount("0"), None);
    assert_eq!(headcount("10 à 19"), None);
    assert!(flag("1") && !flag("0") && !flag(""));
}
