//! A row as a line of text: a JSON array of its values, the same for both engines. Bytes are `{"b": "<base64>"}`.

use std::borrow::Cow;

use afpi_db::Value;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Cell<'a> {
    Null,
    Int(i64),
    Float(f64),
    Text(Cow<'a, str>),
    Bytes { b: String },
}

/// The line of a row, with its end.
pub(crate) fn line(row: &[Value]) -> Vec<u8> {
    let cells: Vec<Cell> = row
        .iter()
        .map(|value| match value {
            Value::Null => Cell::Null,
            Value::Int(number) => Cell::Int(*number),
            Value::Float(number) => Cell::Float(*number),
            Value::Text(text) => Cell::Text(Cow::Borrowed(text)),
            Value::Bytes(bytes) => Cell::Bytes { b: STANDARD.encode(bytes) },
        })
        .collect();
    let mut line = serde_json::to_vec(&cells).expect("plain data serialises");
    line.push(b'\n');
    line
}

/// The row of a line.
pub(crate) fn row(line: &[u8]) -> Result<Vec<Value>, String> {
    let cells: Vec<Cell> = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    cells
        .into_iter()
        .map(|cell| {
            Ok(match cell {
                Cell::Null => Value::Null,
                Cell::Int(number) => Value::Int(number),
                Cell::Float(number) => Value::Float(number),
                Cell::Text(text) => Value::Text(text.into_owned()),
                Cell::Bytes { b } => Value::Bytes(STANDARD.decode(b).map_err(|error| error.to_string())?),
            })
        })
        .collect()
}

/// What a table contains, whatever the order of its rows: engines order texts differently. The hashes of the rows are
/// added by exclusive or, in which equal rows would vanish: a table with a primary key has none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Content {
    pub rows: u64,
    sum: [u8; 32],
}

impl Content {
    pub fn add(&mut self, line: &[u8]) {
        self.rows += 1;
        for (sum, byte) in self.sum.iter_mut().zip(Sha256::digest(line)) {
            *sum ^= byte;
        }
    }

    pub fn hex(&self) -> String {
        hex(&self.sum)
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_keeps_its_type() {
        let values = vec![
            Value::Null,
            Value::Int(i64::MIN),
            Value::Int(i64::MAX),
            Value::Int(0),
            Value::Float(1.0),
            Value::Float(0.1 + 0.2),
            Value::Text(String::new()),
            Value::Text("Évry « 1 »\n\0\u{1f600}\"\\".into()),
            Value::Text("null".into()),
            Value::Text("{\"b\":\"AA==\"}".into()),
            Value::Bytes(vec![]),
            Value::Bytes((0..=255).collect()),
        ];
        let written = line(&values);
        assert_eq!(written.iter().filter(|byte| **byte == b'\n').count(), 1, "one row, one line");
        assert_eq!(row(&written).unwrap(), values);
    }

    #[test]
    fn content_is_that_of_the_rows_in_any_order() {
        let of = |lines: &[&[u8]]| {
            let mut content = Content::default();
            lines.iter().for_each(|line| content.add(line));
            content
        };
        assert_eq!(of(&[b"a", b"b", b"c"]), of(&[b"c", b"a", b"b"]));
        assert_ne!(of(&[b"a", b"b"]), of(&[b"a", b"c"]));
        assert_ne!(of(&[b"a"]), of(&[b"a", b"b"]));
    }
}
