//! A file of records: its format, its header, and its records one by one. An unreadable record is an error of that
//! record, never of the file. A workbook is kept as the CSV text of its first sheet.

use std::io::Cursor;

use afpi_core::error::{Result, field, invalid};
use afpi_core::text::{Text, text};
use csv::{ByteRecord, Reader, ReaderBuilder};
use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::workbook;

/// The most records of a file.
pub const MAX_RECORDS: u64 = 100_000;
/// The most columns of a file.
pub const MAX_COLUMNS: usize = 200;
/// The longest stored column name, in characters.
const MAX_NAME: usize = 200;

const MARK: &[u8] = b"\xef\xbb\xbf";
/// The first bytes of old workbooks (`.xls`), and of new ones with a password.
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// The separators of columns that are recognised.
const DELIMITERS: &[u8] = b";,\t|";
/// Examples shown of each column, their longest length in characters, and the records they are taken from.
const SAMPLES: usize = 3;
const MAX_SAMPLE: usize = 60;
const SAMPLED: u64 = 100;

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
    /// The table as text: the file itself, or what was made of it.
    pub content: Vec<u8>,
    pub format: Format,
    pub header: Vec<String>,
    /// The first different values of each column.
    pub samples: Vec<Vec<String>>,
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

/// The table of an uploaded file as text that [`Records`] reads.
fn table(content: Vec<u8>) -> Result<Vec<u8>> {
    if content.starts_with(workbook::ZIP) {
        return workbook::to_csv(&content).map_err(|reason| refused("workbook", reason));
    }
    if content.starts_with(COMPOUND) {
        let reason = text(
            "Classeur à l'ancien format .xls, ou protégé par un mot de passe. Enregistrez-le au format .xlsx, sans mot de passe, ou en CSV.",
            "A workbook in the old format .xls, or with a password. Save it as .xlsx without a password, or as CSV.",
        );
        return Err(refused("workbook", reason));
    }
    // Spreadsheets call it "Unicode text".
    let content = match encoding_rs::Encoding::for_bom(&content) {
        Some((wide, _)) if wide == UTF_16LE || wide == UTF_16BE => wide.decode(&content).0.into_owned().into_bytes(),
        _ => content,
    };
    if content.contains(&0) {
        return Err(refused(
            "binary",
            text("Ce n'est ni un fichier CSV ni un classeur XLSX.", "This is neither a CSV file nor an XLSX workbook."),
        ));
    }
    Ok(content)
}

/// Examines an uploaded file. It works for seconds on a large workbook. 422 when the file is no table of records.
pub fn look(content: Vec<u8>) -> Result<Looked> {
    let content = table(content)?;
    let format = Format { encoding: encoding(&content), delimiter: delimiter(&content) };
    let mut records = Records::new(content.clone(), format);
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
        return Err(refused("length", too_many_columns()));
    }
    let mut samples = vec![Vec::new(); header.len()];
    let mut total = 0;
    while let Some(record) = records.read() {
        total += 1;
        if total <= SAMPLED {
            record.values.iter().flatten().zip(&mut samples).for_each(|(value, samples)| sample(samples, value));
        }
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
    Ok(Looked { content, format, header, samples, total })
}

fn sample(samples: &mut Vec<String>, value: &str) {
    let value: String = afpi_text::salvage(value).trim().chars().take(MAX_SAMPLE).collect();
    if samples.len() < SAMPLES && !value.is_empty() && !samples.contains(&value) {
        samples.push(value);
    }
}

/// Why a table is refused that is too wide.
pub fn too_many_columns() -> Text {
    text(format!("Trop de colonnes ({MAX_COLUMNS} au plus)."), format!("Too many columns ({MAX_COLUMNS} at most)."))
}

/// A file that is refused as a whole.
pub fn refused(code: &'static str, message: Text) -> afpi_core::error::Error {
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

/// The most frequent delimiter in the first line that is not empty, outside quotes.
fn delimiter(content: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [0usize; DELIMITERS.len()];
    for byte in content.iter().skip_while(|byte| matches!(byte, b'\n' | b'\r')) {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            other => {
                DELIMITERS.iter().position(|delimiter| delimiter == other).into_iter().for_each(|at| counts[at] += 1)
            }
        }
    }
    // When counts are equal, the first delimiter wins.
    let most = (0..DELIMITERS.len()).rev().max_by_key(|at| counts[*at]).unwrap_or_default();
    DELIMITERS[most]
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
        let line = record.position().map_or(0, |at| at.line() + self.empty_lines(at.byte()));
        let width = *self.width.get_or_insert(record.len());
        if record.len() != width {
            let (found, wanted) = (record.len(), width);
            let reason =
                text(format!("{found} colonnes au lieu de {wanted}"), format!("{found} columns instead of {wanted}"));
            return Some(Record { line, values: Err(reason) });
        }
        Some(Record { line, values: record.iter().map(|value| self.decode(value)).collect() })
    }

    /// How many line ends stand before a record that begins at this byte: the reader skips empty lines in it.
    fn empty_lines(&self, byte: u64) -> u64 {
        let content = self.reader.get_ref().get_ref();
        let ends = content.iter().skip(usize::try_from(byte).unwrap_or(usize::MAX));
        ends.take_while(|byte| matches!(byte, b'\n' | b'\r')).filter(|byte| **byte == b'\n').count() as u64
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
        let looked = look(content.to_vec()).unwrap();
        let mut records = Records::new(looked.content.clone(), looked.format);
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
            (b"nom|ville\na|b\n", Encoding::Utf8, b'|'),
            (b"\xff\xfen\0o\0m\0\t\0x\0\n\0\xc9\0\t\0b\0\n\0", Encoding::Utf8, b'\t'),
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
    fn lines_are_counted_as_an_editor_counts_them() {
        for content in ["\n\nnom\na\n\n\nb\n\"c\nd\"\ne", "\r\n\r\nnom\r\na\r\n\r\n\r\nb\r\n\"c\r\nd\"\r\ne\r\n"] {
            let (_, rows) = all(content.as_bytes());
            assert_eq!(rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 4, 7, 8, 10], "{content:?}");
        }
    }

    #[test]
    fn each_column_shows_its_first_different_values() {
        let (looked, _) = all(b"nom;ville;vide\nA;Laon;\nB;Laon;\nB;;\nC;Lens;\nD;Lille;\n");
        assert_eq!(looked.samples, [vec!["A", "B", "C"], vec!["Laon", "Lens", "Lille"], vec![]]);
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for content in [&b""[..], b"nom;ville\n", b"PK\x03\x04\x00\x00", b";;\na;b;c\n", b"nom\0;x\na;b\n", COMPOUND] {
            assert!(look(content.to_vec()).is_err(), "{content:?}");
        }
    }
}
