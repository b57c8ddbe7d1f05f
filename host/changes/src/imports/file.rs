//! A file of records: its format, its header, and its records one by one. An unreadable record is an error of that
//! record, never of the file.

use std::io::Cursor;

use afpi_core::error::{Result, field, invalid};
use afpi_core::text::{Text, text};
use csv::{ByteRecord, Reader, ReaderBuilder};
use encoding_rs::WINDOWS_1252;

/// The most records of a file.
pub const MAX_RECORDS: u64 = 100_000;
/// The most columns of a file.
pub const MAX_COLUMNS: usize = 200;
/// The longest stored column name, in characters.
const MAX_NAME: usize = 200;

const MARK: &[u8] = b"\xef\xbb\xbf";

/// The encoding of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::AsRefStr, strum::EnumString)]
pub enum Encoding {
    #[strum(serialize = "utf-8")]
    Utf8,
    #[strum(serialize = "windows-1252")]
    Windows1252,
}

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    pub encoding: Encoding,
    pub delimiter: u8,
}

/// The result of the first look at a file.
#[derive(Debug)]
pub struct Looked {
    pub format: Format,
    pub header: Vec<String>,
    /// Records below the header.
    pub total: u64,
}

/// A record, by its columns.
pub struct Record {
    /// The line of the file where it begins, from 1.
    pub line: u64,
    /// Its values, or why it is unreadable.
    pub values: Result<Vec<String>, Text>,
}

/// Examines an uploaded file. 422 when it is no table of records.
pub fn look(content: &[u8]) -> Result<Looked> {
    if content.contains(&0) {
        return Err(refused(
            "binary",
            text("Ce n'est pas un fichier texte (CSV attendu).", "This is no text file (CSV is expected)."),
        ));
    }
    let format = Format { encoding: encoding(content), delimiter: delimiter(content) };
    let mut records = Records::new(content.to_vec(), format);
    let header = match records.read() {
        Some(Record { values: Ok(names), .. }) if names.iter().any(|name| !name.trim().is_empty()) => names,
        Some(Record { values: Err(reason), .. }) => return Err(refused("header", reason)),
        _ => {
            return Err(refused(
                "header",
                text("La première ligne doit nommer les colonnes.", "The first line must name the columns."),
            ));
        }
    };
    if header.len() > MAX_COLUMNS {
        let message = text(
            format!("Trop de colonnes ({MAX_COLUMNS} au plus)."),
            format!("Too many columns ({MAX_COLUMNS} at most)."),
        );
        return Err(refused("length", message));
    }
    let mut total = 0;
    while records.read().is_some() {
        total += 1;
        if total > MAX_RECORDS {
            let message = text(
                format!("Trop de lignes ({MAX_RECORDS} au plus)."),
                format!("Too many lines ({MAX_RECORDS} at most)."),
            );
            return Err(refused("length", message));
        }
    }
    if total == 0 {
        return Err(refused("empty", text("Aucune ligne sous l'en-tête.", "No line below the header.")));
    }
    let header = header.iter().map(|name| afpi_text::salvage(name).trim().chars().take(MAX_NAME).collect()).collect();
    Ok(Looked { format, header, total })
}

fn refused(code: &'static str, message: Text) -> afpi_core::error::Error {
    invalid(vec![field("", code, message)])
}

/// UTF-8, unless more bytes contradict it than support it. A few wrong bytes among many right ones are errors of their
/// lines.
fn encoding(content: &[u8]) -> Encoding {
    if content.starts_with(MARK) {
        return Encoding::Utf8;
    }
    let (mut right, mut wrong) = (0usize, 0usize);
    for chunk in content.utf8_chunks() {
        right += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        wrong += usize::from(!chunk.invalid().is_empty());
    }
    if wrong > right { Encoding::Windows1252 } else { Encoding::Utf8 }
}

/// The most frequent delimiter in the first line, outside quotes: a semicolon, a comma or a tab.
fn delimiter(content: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b';', 0usize), (b',', 0), (b'\t', 0)];
    for byte in content {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            other => counts.iter_mut().filter(|(delimiter, _)| delimiter == other).for_each(|(_, count)| *count += 1),
        }
    }
    // When counts are equal, the first delimiter wins.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b';', |(delimiter, _)| *delimiter)
}

/// The records of a file, in order, the header first.
pub struct Records {
    reader: Reader<Cursor<Vec<u8>>>,
    encoding: Encoding,
    /// The number of values per record: that of the header.
    width: Option<usize>,
}

impl Records {
    pub fn new(mut content: Vec<u8>, format: Format) -> Records {
        if content.starts_with(MARK) {
            content.drain(..MARK.len());
        }
        let reader = ReaderBuilder::new()
            .delimiter(format.delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(Cursor::new(content));
        Records { reader, encoding: format.encoding, width: None }
    }

    /// The next record; none at the end.
    pub fn read(&mut self) -> Option<Record> {
        let mut record = ByteRecord::new();
        // Reading from memory cannot fail: any bytes form a record.
        if !self.reader.read_byte_record(&mut record).unwrap_or(false) {
            return None;
        }
        let line = record.position().map_or(0, csv::Position::line);
        let width = *self.width.get_or_insert(record.len());
        if record.len() != width {
            let (found, wanted) = (record.len(), width);
            let reason =
                text(format!("{found} colonnes au lieu de {wanted}"), format!("{found} columns instead of {wanted}"));
            return Some(Record { line, values: Err(reason) });
        }
        Some(Record { line, values: record.iter().map(|value| self.decode(value)).collect() })
    }

    fn decode(&self, value: &[u8]) -> Result<String, Text> {
        match self.encoding {
            Encoding::Windows1252 => Ok(WINDOWS_1252.decode_without_bom_handling(value).0.into_owned()),
            Encoding::Utf8 => std::str::from_utf8(value)
                .map(str::to_owned)
                .map_err(|_| text("des octets illisibles (ni UTF-8)", "bytes that cannot be read (not UTF-8)")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line number, and the line's values if they are readable.
    type Row = (u64, Option<Vec<String>>);

    fn all(content: &[u8]) -> (Looked, Vec<Row>) {
        let looked = look(content).unwrap();
        let mut records = Records::new(content.to_vec(), looked.format);
        let mut found = Vec::new();
        while let Some(record) = records.read() {
            found.push((record.line, record.values.ok()));
        }
        (looked, found)
    }

    #[test]
    fn letters_and_delimiters_are_recognised() {
        for (content, encoding, delimiter) in [
            ("nom;ville\nÉlan;Évry\n".as_bytes(), Encoding::Utf8, b';'),
            (b"\xef\xbb\xbfnom,ville\na,b\n", Encoding::Utf8, b','),
            (b"nom\tville\n\xc9lan\t\xc9vry\n", Encoding::Windows1252, b'\t'),
            (b"\"nom, complet\";ville;cp\na;b;c\n", Encoding::Utf8, b';'),
        ] {
            let (looked, rows) = all(content);
            assert_eq!(looked.format, Format { encoding, delimiter });
            assert_eq!((looked.total, rows.len()), (1, 2));
        }
        let (_, rows) = all(b"nom\tville\n\xc9lan\t\xc9vry\n");
        assert_eq!(rows[1].1.as_ref().unwrap(), &["Élan", "Évry"]);
    }

    #[test]
    fn what_cannot_be_read_is_a_fault_of_its_line() {
        let content = b"nom;ville\n\"deux\nlignes\";Laon\n\xc3\xa9lan;\xc3\x89vry\ncass\xc3;x\n;\ntrop;de;colonnes\n";
        let (looked, rows) = all(content);
        assert_eq!((looked.format.encoding, looked.total), (Encoding::Utf8, 5));
        let lines: Vec<(u64, bool)> = rows.iter().map(|(line, values)| (*line, values.is_some())).collect();
        assert_eq!(lines, [(1, true), (2, true), (4, true), (5, false), (6, true), (7, false)]);
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for content in [&b""[..], b"nom;ville\n", b"PK\x03\x04\x00\x00", b";;\na;b;c\n"] {
            assert!(look(content).is_err(), "{content:?}");
        }
    }
}
