//! The list splitter with chunk borders and cuts at every position, and with bodies that are not a list.

use super::*;

/// Splits `body` in chunks of `size` bytes.
fn split(body: &[u8], size: usize) -> Result<Vec<String>, Broken> {
    let mut splitter = Splitter::default();
    let mut records = Vec::new();
    for mut chunk in body.chunks(size.max(1)) {
        while splitter.advance(&mut chunk)? {
            records.push(splitter.record()?.to_owned());
        }
        assert!(chunk.is_empty(), "the splitter uses up a chunk before it asks for more");
    }
    splitter.end()?;
    Ok(records)
}

const RECORDS: [&str; 5] = [
    r#"{"codeEntreprise":1,"nomEntreprise":"FORGES D'ÉTAPLES"}"#,
    r#"{"a":{"b":[1,[2,{"c":"}]{["}]]},"d":"\"\\"}"#,
    r#"{}"#,
    r#"{ "x" : "é\u00e9 \\\" ,", "n": -1.5e3, "t": null }"#,
    r#"{"k":"\\"}"#,
];

fn bodies() -> Vec<String> {
    let keyed: Vec<String> = RECORDS.iter().enumerate().map(|(i, r)| format!("\"{i}\" : {r}")).collect();
    vec![
        format!("[{}]", RECORDS.join(",")),
        format!(" [\n {}\n] \n", RECORDS.join(" ,\t")),
        format!("{{{}}}", keyed.join(", ")),
        format!("\u{feff}{{ {} }}\r\n", keyed.join(",").replace("\"0\"", r#""clé \" \\""#)),
    ]
}

#[test]
fn chunk_borders_do_not_matter() {
    for body in bodies() {
        for size in 1..=body.len() {
            assert_eq!(split(body.as_bytes(), size).as_deref(), Ok(&RECORDS.map(str::to_owned)[..]), "{size}: {body}");
        }
    }
}

#[test]
fn a_cut_anywhere_is_never_a_whole_list() {
    for body in bodies() {
        let whole = body.trim_end().len();
        for cut in 0..whole {
            for size in [1, 7, body.len()] {
                assert!(split(&body.as_bytes()[..cut], size).is_err(), "cut at {cut} of {body}");
            }
        }
        assert!(split(&body.as_bytes()[..whole], 3).is_ok());
    }
}

#[test]
fn a_byte_that_is_not_utf8_is_noticed_anywhere() {
    let body = &bodies()[0];
    for at in 0..body.len() {
        let mut bytes = body.clone().into_bytes();
        bytes[at] = 0xFF;
        let Ok(records) = split(&bytes, 5) else { continue };
        panic!("byte {at} is not UTF-8, but the splitter returned {records:?}");
    }
}

#[test]
fn empty_lists_are_lists() {
    for body in ["[]", "{}", " [ ] ", "\n{\t}\n", "\u{feff}[]"] {
        assert_eq!(split(body.as_bytes(), 1), Ok(vec![]), "{body:?}");
    }
}

#[test]
fn what_is_not_a_list_says_what_it_is() {
    let cases: &[(&[u8], Broken)] = &[
        (b"", Broken::Empty),
        (b"  \n", Broken::Empty),
        (b"<!DOCTYPE html><html>", Broken::Html),
        (b"\n <html>", Broken::Html),
        (b"null", Broken::NotAList),
        (b"42", Broken::NotAList),
        (b"\"Erreur interne\"", Broken::NotAList),
        (b"Erreur interne", Broken::NotAList),
        (br#"{"error":"jeton"}"#, Broken::NotAList),
        (br#"{"code":500,"message":"x"}"#, Broken::NotAList),
        (b"[1,2]", Broken::NotAList),
        (b"[null]", Broken::NotAList),
        (b"[[{}]]", Broken::NotAList),
        (b"[{},]", Broken::Malformed),
        (b"[{}{}]", Broken::Malformed),
        (b"[{}}", Broken::Malformed),
        (b"{\"0\":{}]", Broken::Malformed),
        (b"{\"0\" {}}", Broken::Malformed),
        (b"{0:{}}", Broken::NotAList),
        (b"[]x", Broken::Malformed),
        (b"[] []", Broken::Malformed),
        (b"[{}] {", Broken::Malformed),
        (b"[", Broken::Truncated),
        (b"[{\"a\":1}", Broken::Truncated),
        (b"\xE9t\xE9", Broken::NotUtf8),
        (b"[{\"ville\":\"Ch\xE2teau\"}]", Broken::NotUtf8),
        (b"{\"cl\xE9\":{}}", Broken::NotUtf8),
    ];
    for (body, expected) in cases {
        for size in [1, 3, 4096] {
            assert_eq!(split(body, size), Err(*expected), "{}", String::from_utf8_lossy(body));
        }
    }
}

#[test]
fn no_body_can_fill_memory() {
    let long_text = format!("[{{\"a\":\"{}\"}}]", "x".repeat(RECORD_BYTES));
    assert_eq!(split(long_text.as_bytes(), 4096), Err(Broken::TooLong));
    let long_numbers = format!("[{{\"a\":{}", "1".repeat(RECORD_BYTES + 10));
    assert_eq!(split(long_numbers.as_bytes(), 4096), Err(Broken::TooLong));
    let long_key = format!("{{\"{}", "k".repeat(10_000));
    assert_eq!(split(long_key.as_bytes(), 4096), Err(Broken::TooLong));
    let deep = format!("[{}", "{\"a\":".repeat(40));
    assert_eq!(split(deep.as_bytes(), 4096), Err(Broken::TooDeep));

    let mut splitter = Splitter::default();
    let record = format!("{{\"nomEntreprise\":\"{}\"}},", "y".repeat(900));
    let mut count = 0;
    for n in 0..50_000 {
        let piece = if n == 0 { format!("[{record}") } else { record.clone() };
        let mut input = piece.as_bytes();
        while splitter.advance(&mut input).expect("a good list") {
            count += 1;
        }
    }
    assert_eq!(count, 50_000);
    assert!(splitter.record.capacity() < 8192, "after 45 MB the splitter holds {} bytes", splitter.record.capacity());
}
