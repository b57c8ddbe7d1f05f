use super::*;
use std::io::Write;

use rust_xlsxwriter::{ExcelDateTime as Moment, Format, Workbook};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A workbook with one sheet, written by a spreadsheet's own library.
fn book(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book);
    book.save_to_buffer().unwrap()
}

fn lines(content: &[u8]) -> Vec<String> {
    String::from_utf8(to_csv(content).unwrap()).unwrap().split('\n').map(str::to_owned).collect()
}

/// A workbook as parts of an archive.
fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn cells_become_what_a_person_sees_in_them() {
    let content = book(|book| {
        let (day, hours) = (Format::new().set_num_format("dd/mm/yyyy"), Format::new().set_num_format("[h]:mm"));
        let money = Format::new().set_num_format("#,##0.00");
        let sheet = book.add_worksheet();
        sheet.write_row(2, 1, ["nom", "siret", "depuis", "durée", "taux", "actif", "note"]).unwrap();
        sheet.write_string(3, 1, "Élan; \"fils\"\nsuite").unwrap();
        sheet.write_number(3, 2, 73_282_932_000_074_f64).unwrap();
        sheet.write_datetime_with_format(3, 3, Moment::from_ymd(2026, 12, 31).unwrap(), &day).unwrap();
        sheet.write_number_with_format(3, 4, 1.5, &hours).unwrap();
        sheet.write_number_with_format(3, 5, 12.5, &money).unwrap();
        sheet.write_boolean(3, 6, true).unwrap();
        sheet.write_string(6, 7, "seule").unwrap();
    });
    let wanted = [
        "",
        "",
        ";nom;siret;depuis;durée;taux;actif;note",
        ";\"Élan; \"\"fils\"\" suite\";73282932000074;31/12/2026;36:00;12,5;VRAI;",
        "",
        "",
        ";;;;;;;seule",
    ];
    assert_eq!(lines(&content), wanted);
}

#[test]
fn only_the_first_sheet_that_is_shown_is_read() {
    let content = book(|book| {
        book.add_worksheet().set_hidden(true).write_string(0, 0, "caché").unwrap();
        book.add_worksheet().set_active(true).write_string(0, 0, "vu").unwrap();
        book.add_worksheet().write_string(0, 0, "ensuite").unwrap();
    });
    assert_eq!(lines(&content), ["vu"]);
    assert_eq!(
        to_csv(&book(|book| {
            book.add_worksheet();
        }))
        .unwrap(),
        b""
    );
}

#[test]
fn a_bomb_is_refused_before_it_is_read() {
    let zeros = vec![b' '; (MAX_UNPACKED + 1) as usize];
    let bomb = packed(&[("xl/media/image.xml", &zeros)]);
    assert!(bomb.len() < MAX_IMPORT, "it would be accepted as an upload");
    assert_eq!(to_csv(&bomb), Err(too_long()));
    let bomb = packed(&[("xl/sharedStrings.xml", &zeros[..=MAX_STRINGS as usize])]);
    assert_eq!(to_csv(&bomb), Err(too_long()));
    let parts: Vec<(String, &[u8])> = (0..=MAX_PARTS).map(|n| (format!("{n}.xml"), &b""[..])).collect();
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, content)| (name.as_str(), *content)).collect();
    assert_eq!(to_csv(&packed(&parts)), Err(too_long()));
    // A table of texts that announces more than it holds makes the reader reserve that much memory.
    for announced in ["99999999999999", "18446744073709551616", " 99999999999"] {
        let table = format!("<sst uniqueCount = \"{announced}\"><si><t>a</t></si></sst>");
        assert_eq!(to_csv(&packed(&[("XL/SharedStrings.xml", table.as_bytes())])), Err(too_long()), "{announced}");
    }
    let wide: Vec<u8> = "<sst uniqueCount=\"9\"/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(to_csv(&packed(&[("xl/sharedStrings.xml", &wide)])), Err(unreadable()));
}

#[test]
fn a_table_that_is_too_wide_or_damaged_is_refused() {
    let wide = book(|book| {
        book.add_worksheet().write_string(0, MAX_COLUMNS as u16, "x").unwrap();
    });
    assert_eq!(to_csv(&wide), Err(too_many_columns()));
    // An empty cell with a format does not make a table wider.
    let bold = Format::new().set_bold();
    let formatted = book(|book| {
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "nom").unwrap();
        sheet.write_blank(0, MAX_COLUMNS as u16, &bold).unwrap();
        sheet.write_blank(1_048_575, 0, &bold).unwrap();
    });
    assert_eq!(lines(&formatted), ["nom"]);
    for content in [&b"PK\x03\x04"[..], b"PK\x03\x04 and more", &wide[..wide.len() / 2]] {
        assert_eq!(to_csv(content), Err(unreadable()));
    }
    assert!(to_csv(&packed(&[("word/document.xml", b"<x/>")])).is_err());

    let mut table = Table { width: 2, ..Table::default() };
    table.put(3, 1, "a".into()).unwrap();
    assert_eq!(table.put(3, 0, "b".into()), Err(unreadable()), "to the left");
    assert_eq!(table.put(2, 0, "b".into()), Err(unreadable()), "above");
    assert_eq!(table.put(usize::try_from(u32::MAX).unwrap(), 0, "b".into()), Err(too_long()), "far below");
}
