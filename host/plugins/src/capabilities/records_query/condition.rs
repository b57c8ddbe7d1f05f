//! Checks the conditions of a query against the shape of their fields.

use super::super::invalid;
use crate::bindings::host::afpi::host::records_query::Condition;
use crate::contract::Error;
use crate::ports::{QueryCondition, QueryField, QueryShape, QueryTest, QueryValue};
use serde_json::Value;

const LONGEST_VALUE: usize = 4_096;
const MOST_VALUES: usize = 200;

/// The condition, if the field allows it. `at` is its place in the query.
pub(super) fn read(field: &QueryField, asked: &Condition, at: &str) -> Result<QueryCondition, Error> {
    let wrong = |part: &str, code: &str, fr: &str, en: &str| invalid(&format!("{at}/{part}"), code, fr, en);
    if !field.filterable {
        return Err(wrong(
            "field",
            "not-filterable",
            "On ne filtre pas par ce champ.",
            "There is no filter by this field.",
        ));
    }
    let test = test(&asked.test).filter(|test| fits(field.shape, *test));
    let test = test.ok_or_else(|| {
        wrong("test", "unknown", "Ce champ ne se compare pas ainsi.", "This field is not compared in this way.")
    })?;
    let unreadable =
        || wrong("value", "malformed", "Cette valeur ne convient pas au champ.", "This value does not fit the field.");
    // The text of a list may be longer, because it contains several values.
    let longest = if test == QueryTest::In { MOST_VALUES * 64 } else { LONGEST_VALUE };
    if asked.value.len() > longest.max(LONGEST_VALUE) {
        return Err(wrong("value", "out-of-range", "Cette valeur est trop longue.", "This value is too long."));
    }
    let given: Value = serde_json::from_str(&asked.value).map_err(|_| unreadable())?;
    let values = match (test, given) {
        (QueryTest::In, Value::Array(values)) if values.len() <= MOST_VALUES => {
            values.into_iter().map(|one| value(field.shape, one)).collect::<Option<Vec<_>>>()
        }
        (QueryTest::In, _) => None,
        (QueryTest::Empty, Value::Bool(flag)) => Some(vec![QueryValue::Flag(flag)]),
        (QueryTest::Empty, _) => None,
        (_, given) => value(field.shape, given).map(|one| vec![one]),
    };
    let values = values.ok_or_else(unreadable)?;
    Ok(QueryCondition { field: field.name.clone(), test, values })
}

fn test(word: &str) -> Option<QueryTest> {
    Some(match word {
        "eq" => QueryTest::Eq,
        "ne" => QueryTest::Ne,
        "lt" => QueryTest::Lt,
        "le" => QueryTest::Le,
        "gt" => QueryTest::Gt,
        "ge" => QueryTest::Ge,
        "in" => QueryTest::In,
        "contains" => QueryTest::Contains,
        "empty" => QueryTest::Empty,
        _ => return None,
    })
}

fn fits(shape: QueryShape, test: QueryTest) -> bool {
    use QueryTest::*;
    match test {
        Empty => true,
        Eq | Ne => shape != QueryShape::List,
        In => !matches!(shape, QueryShape::List | QueryShape::Flag),
        Lt | Le | Gt | Ge => matches!(shape, QueryShape::Number | QueryShape::Day),
        Contains => matches!(shape, QueryShape::Text | QueryShape::List),
    }
}

fn value(shape: QueryShape, given: Value) -> Option<QueryValue> {
    match (shape, given) {
        (QueryShape::Number, Value::Number(number)) => number.as_i64().map(QueryValue::Number),
        (QueryShape::Flag, Value::Bool(flag)) => Some(QueryValue::Flag(flag)),
        (QueryShape::Day, Value::String(day)) => is_day(&day).then_some(QueryValue::Text(day)),
        (QueryShape::Text | QueryShape::Id | QueryShape::List, Value::String(text)) => Some(QueryValue::Text(text)),
        _ => None,
    }
}

/// Whether the text has the form `YYYY-MM-DD`. A comparison does not need the day to exist.
fn is_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() })
}
