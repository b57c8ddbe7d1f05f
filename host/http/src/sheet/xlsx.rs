//! The XLSX form of a list (ECMA-376): typed cells, so that `02100` stays a text, amounts can be added up and days
//! sort. Rows go to a temporary file as they come.

use axum::body::Body;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Workbook, XlsxError};
use tokio_util::io::ReaderStream;

use super::{Cell, Line};
use afpi_core::error::{Result, bad_parameter, internal};
use afpi_core::text::text;

/// Rows of a sheet, with the title row.
const ROWS: u32 = 1_048_576;

/// Width of a column in characters: enough for most values.
const WIDTH: f64 = 18.0;

/// A file being written.
pub(super) struct Xlsx {
    workbook: Workbook,
    next: u32,
    amount: Format,
    day: Format,
}

impl Xlsx {
    /// A file with a fixed title row.
    pub(super) fn new(titles: &[&str]) -> Result<Xlsx> {
        let mut workbook = Workbook::new();
        begin(&mut workbook, titles).map_err(internal)?;
        Ok(Xlsx {
            workbook,
            next: 1,
            amount: Format::new().set_num_format("#,##0.00"),
            day: Format::new().set_num_format("dd/mm/yyyy"),
        })
    }

    /// Appends these rows. A list that is longer than a sheet answers 400 and suggests CSV.
    pub(super) fn write(&mut self, lines: &[Line]) -> Result<()> {
        for (_, cells) in lines {
            if self.next >= ROWS {
                let why = text(
                    "La liste est trop longue pour XLSX : filtrez-la ou demandez text/csv.",
                    "The list is too long for XLSX: filter it or ask for text/csv.",
                );
                return Err(bad_parameter("Accept", why));
            }
            self.row(cells).map_err(internal)?;
            self.next += 1;
        }
        Ok(())
    }

    fn row(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        let sheet = self.workbook.worksheet_from_index(0)?;
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Text(text) if text.is_empty() => continue,
                Cell::Text(text) => sheet.write_string(self.next, column, text)?,
                Cell::Number(number) => sheet.write_number(self.next, column, *number as f64)?,
                // Cents up to 2^53 are exact, and so is their display in a spreadsheet.
                Cell::Amount(amount) => {
                    sheet.write_number_with_format(self.next, column, amount.cents() as f64 / 100.0, &self.amount)?
                }
                Cell::Day(instant) => {
                    let day = ExcelDateTime::parse_from_str(&instant.day().to_string())?;
                    sheet.write_datetime_with_format(self.next, column, &day, &self.day)?
                }
                Cell::Flag(flag) => sheet.write_boolean(self.next, column, *flag)?,
            };
        }
        Ok(())
    }

    /// The file, sent from disk.
    pub(super) async fn finish(mut self) -> Result<Body> {
        let written = tokio::task::spawn_blocking(move || -> anyhow::Result<std::fs::File> {
            use std::io::Seek;
            let mut file = tempfile::tempfile()?;
            self.workbook.save_to_writer(&mut file)?;
            file.rewind()?;
            Ok(file)
        });
        let file = written.await.map_err(internal)?.map_err(internal)?;
        Ok(Body::from_stream(ReaderStream::new(tokio::fs::File::from_std(file))))
    }
}

fn begin(workbook: &mut Workbook, titles: &[&str]) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold().set_align(FormatAlign::Left);
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    for (column, title) in (0..).zip(titles) {
        sheet.set_column_width(column, WIDTH)?;
        sheet.write_string_with_format(0, column, *title, &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}
