//! Workbooks (XLSX, ECMA-376): the first visible sheet becomes CSV text with what a person sees in its cells. Row n of
//! the sheet is line n of the text. A small file can unpack to gigabytes, so every part is measured before it is read.

use std::io::{Cursor, Read, copy, sink};

use afpi_core::text::{Text, text};
use afpi_http::body::MAX_IMPORT;
use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use csv::WriterBuilder;
use zip::ZipArchive;

use super::file::{MAX_COLUMNS, too_many_columns};

/// The first bytes of every ZIP archive that holds files.
pub const ZIP: &[u8] = b"PK\x03\x04";
/// The separator of the text.
pub const DELIMITER: u8 = b';';

/// The most bytes of all parts, unpacked: 100 000 rows of 25 columns.
const MAX_UNPACKED: u64 = 96 << 20;
/// The most bytes of the table of texts, which is kept in memory: the longest file of records, with its tags.
const MAX_STRINGS: u64 = 24 << 20;
/// The most parts. An ordinary workbook has ten to a hundred.
const MAX_PARTS: usize = 2_000;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// The first visible sheet as CSV in UTF-8, with semicolons. An empty sheet is an empty text.
///
/// # Errors
/// Why it cannot be read, for people.
pub fn to_csv(content: &[u8]) -> Result<Vec<u8>, Text> {
    measure(content)?;
    let mut book: Book<'_> = Xlsx::new(Cursor::new(content)).map_err(|_| unreadable())?;
    let shown = |sheet: &&calamine::Sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible;
    let sheet = book.sheets_metadata().iter().find(shown).map(|sheet| sheet.name.clone());
    let sheet =
        sheet.ok_or_else(|| text("Ce classeur n'a aucune feuille visible.", "This workbook shows no sheet."))?;
    let mut width = 0;
    walk(&mut book, &sheet, |_, column, _| {
        width = width.max(column + 1);
        if width > MAX_COLUMNS { Err(too_many_columns()) } else { Ok(()) }
    })?;
    let mut table = Table { width, ..Table::default() };
    walk(&mut book, &sheet, |row, column, value| table.put(row, column, value))?;
    table.end_row()?;
    Ok(table.text)
}

/// Refuses an archive that unpacks to more than the limits. It trusts no size that the archive states.
fn measure(content: &[u8]) -> Result<(), Text> {
    let mut archive = ZipArchive::new(Cursor::new(content)).map_err(|_| unreadable())?;
    if archive.len() > MAX_PARTS {
        return Err(too_long());
    }
    let mut left = MAX_UNPACKED;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| unreadable())?;
        let strings = part.name().map_err(|_| unreadable())?.to_ascii_lowercase().ends_with("sharedstrings.xml");
        let most = if strings { left.min(MAX_STRINGS) } else { left };
        let mut part = part.take(most + 1);
        let size = if strings {
            let mut table = Vec::new();
            part.read_to_end(&mut table).map_err(|_| unreadable())?;
            announced(&table)?;
            table.len() as u64
        } else {
            copy(&mut part, &mut sink()).map_err(|_| unreadable())?
        };
        if size > most {
            return Err(too_long());
        }
        left -= size;
    }
    Ok(())
}

/// The reader reserves memory for as many texts as the table announces, so it must not announce more than it can hold.
fn announced(table: &[u8]) -> Result<(), Text> {
    // In UTF-16 the announcement would look different.
    if table.contains(&0) {
        return Err(unreadable());
    }
    let table = String::from_utf8_lossy(table);
    for (at, name) in table.match_indices("uniqueCount") {
        let value = table[at + name.len()..].trim_start_matches(|c: char| c.is_whitespace() || "='\"+".contains(c));
        let digits = value.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 && value[..digits].parse::<usize>().is_ok_and(|count| count <= table.len()) {
            continue;
        }
        if digits > 0 {
            return Err(too_long());
        }
    }
    Ok(())
}

/// Calls `each` with row, column (both from 0) and text of every cell that shows something.
fn walk(
    book: &mut Book<'_>,
    sheet: &str,
    mut each: impl FnMut(usize, usize, String) -> Result<(), Text>,
) -> Result<(), Text> {
    let mut cells = book.worksheet_cells_reader(sheet).map_err(|_| unreadable())?;
    while let Some(cell) = cells.next_cell().map_err(|_| unreadable())? {
        let value = shown(cell.get_value());
        let (row, column) = cell.get_position();
        if !value.trim().is_empty() {
            each(row as usize, column as usize, value)?;
        }
    }
    Ok(())
}

/// What a person sees in a cell. A number keeps all its digits, also where a spreadsheet would show `7,33E+13`.
fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => one_line(text),
        DataRef::SharedString(text) => one_line(text),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string().replace('.', ","),
        DataRef::Bool(true) => "VRAI".into(),
        DataRef::Bool(false) => "FAUX".into(),
        DataRef::DateTime(at) => moment(at),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

/// A row is one line of the text. No field has several lines.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// A day as `31/12/2026`, with `14:30` if it has a time; a time alone; a duration in hours and minutes.
fn moment(at: &ExcelDateTime) -> String {
    let minutes = (at.as_f64() * 24.0 * 60.0).round();
    if at.is_duration() {
        return format!("{:02}:{:02}", (minutes / 60.0).trunc(), (minutes % 60.0).abs());
    }
    let (year, month, day, hour, minute, ..) = at.to_ymd_hms_milli();
    match (at.as_f64() < 1.0, hour, minute) {
        (true, ..) => format!("{hour:02}:{minute:02}"),
        (false, 0, 0) => format!("{day:02}/{month:02}/{year}"),
        (false, ..) => format!("{day:02}/{month:02}/{year} {hour:02}:{minute:02}"),
    }
}

/// The text being written.
#[derive(Default)]
struct Table {
    text: Vec<u8>,
    /// Columns of the sheet.
    width: usize,
    /// The row being filled, from 0, and its cells so far.
    row: usize,
    cells: Vec<String>,
}

impl Table {
    /// Adds a cell. Cells come from left to right and from top to bottom.
    fn put(&mut self, row: usize, column: usize, value: String) -> Result<(), Text> {
        if row < self.row || (row == self.row && column < self.cells.len()) {
            return Err(unreadable());
        }
        if row > self.row {
            self.end_row()?;
            // The text has as many lines as the sheet has rows above.
            let empty = row - self.row;
            if self.text.len() + empty > MAX_IMPORT {
                return Err(too_long());
            }
            self.text.resize(self.text.len() + empty, b'\n');
            self.row = row;
        }
        self.cells.resize(column, String::new());
        self.cells.push(value);
        Ok(())
    }

    /// Writes the row without the end of its line: the next row writes that.
    fn end_row(&mut self) -> Result<(), Text> {
        if self.cells.is_empty() {
            return Ok(());
        }
        self.cells.resize(self.width, String::new());
        let mut line = WriterBuilder::new().delimiter(DELIMITER).from_writer(&mut self.text);
        let written = line.write_record(&self.cells).and_then(|()| Ok(line.flush()?));
        drop(line);
        written.map_err(|_| unreadable())?;
        self.text.pop();
        self.cells.clear();
        if self.text.len() > MAX_IMPORT { Err(too_long()) } else { Ok(()) }
    }
}

/// Why a workbook is refused that is damaged, locked, or none.
pub fn unreadable() -> Text {
    text(
        "Ce classeur est illisible. Enregistrez-le de nouveau au format .xlsx, sans mot de passe, ou en CSV.",
        "This workbook cannot be read. Save it again as .xlsx without a password, or as CSV.",
    )
}

fn too_long() -> Text {
    text(
        "Ce classeur est trop volumineux une fois décompressé. Gardez une seule feuille, ou partagez-la en plusieurs fichiers.",
        "This workbook is too large once it is unpacked. Keep one sheet only, or split it into several files.",
    )
}

#[cfg(test)]
mod tests;
