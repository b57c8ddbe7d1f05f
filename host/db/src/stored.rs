//! Rows as they are stored, column by column, in JSON: for what takes rows out of their tables and brings the same ones
//! back, also after columns were added.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::catalogue::{Table, list, quoted};
use crate::{Conn, Result, Row, Sql, Value, sql};

/// A row by its columns. Bytes are `{"hex": "…"}`.
pub type Stored = BTreeMap<String, Json>;

impl Table {
    /// The rows of which this condition holds.
    pub async fn rows_where(&self, conn: &mut Conn, condition: Sql) -> Result<Vec<Stored>> {
        let mut query = sql("SELECT ");
        query.push_owned(&list(&self.columns)).push(" FROM ").push_owned(&quoted(&self.name)).push(" WHERE ");
        query.append(condition);
        let mut rows = Vec::new();
        let stored = |row: &Row| -> Result<Stored> {
            let column = |(at, column): (usize, &String)| Ok((column.clone(), json_of(&row.at::<Value>(at)?)));
            self.columns.iter().enumerate().map(column).collect()
        };
        query
            .each(conn, |row| {
                rows.push(stored(&row)?);
                Ok(true)
            })
            .await?;
        Ok(rows)
    }

    /// Deletes the rows of which this condition holds. Returns how many there were.
    pub async fn delete_where(&self, conn: &mut Conn, condition: Sql) -> Result<u64> {
        let mut query = sql("DELETE FROM ");
        query.push_owned(&quoted(&self.name)).push(" WHERE ").append(condition);
        query.execute(conn).await
    }

    /// Writes a row again. A column that is newer than the row gets its default, and one that there is no more is left out.
    pub async fn put_back(&self, conn: &mut Conn, row: &Stored) -> Result<()> {
        let columns: Vec<String> = self.columns.iter().filter(|column| row.contains_key(*column)).cloned().collect();
        let mut query = sql("INSERT INTO ");
        query.push_owned(&quoted(&self.name)).push(" (").push_owned(&list(&columns)).push(") VALUES ");
        query.row(columns.iter().map(|column| value_of(&row[column])).collect());
        query.execute(conn).await.map(drop)
    }
}

/// A value of a row in JSON.
pub fn json_of(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Int(number) => json!(number),
        Value::Float(number) => json!(number),
        Value::Text(text) => json!(text),
        Value::Bytes(bytes) => json!({"hex": bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()}),
    }
}

/// The value that [`json_of`] was made of.
pub fn value_of(json: &Json) -> Value {
    match json {
        Json::Bool(flag) => Value::Int(i64::from(*flag)),
        Json::Number(number) => {
            number.as_i64().map_or_else(|| number.as_f64().map_or(Value::Null, Value::Float), Value::Int)
        }
        Json::String(text) => Value::Text(text.clone()),
        Json::Object(bytes) => {
            let digits = bytes.get("hex").and_then(Json::as_str).unwrap_or_default();
            let byte = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
            Value::Bytes((0..digits.len()).step_by(2).filter_map(byte).collect())
        }
        Json::Null | Json::Array(_) => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_comes_back_as_it_was() {
        for value in
            [Value::Null, Value::Int(-3), Value::Text("é".into()), Value::Bytes(vec![0, 15, 255]), Value::Bytes(vec![])]
        {
            assert_eq!(value_of(&json_of(&value)), value);
        }
    }
}
