//! A bound parameter: the few types that both engines store in the same way. Instants are epoch milliseconds, dates ISO
//! texts, ids 16 bytes.

use uuid::Uuid;

/// One value for a `?`.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Int(i64),
    Float(f64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Value {
    /// A JSON text column. The host stores only plain data, whose serialisation cannot fail.
    pub fn json<T: serde::Serialize + ?Sized>(value: &T) -> Value {
        Value::Text(serde_json::to_string(value).expect("plain data serialises"))
    }

    /// Its bytes in memory, more or less.
    pub fn size(&self) -> usize {
        match self {
            Value::Text(text) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
            Value::Null | Value::Int(_) | Value::Float(_) => 8,
        }
    }
}

macro_rules! from {
    ($($t:ty => |$v:ident| $e:expr),* $(,)?) => { $(impl From<$t> for Value { fn from($v: $t) -> Self { $e } })* };
}

from! {
    i64 => |v| Value::Int(v),
    i32 => |v| Value::Int(v.into()),
    u32 => |v| Value::Int(v.into()),
    bool => |v| Value::Int(v.into()),
    f64 => |v| Value::Float(v),
    &str => |v| Value::Text(v.to_owned()),
    String => |v| Value::Text(v),
    &String => |v| Value::Text(v.clone()),
    Uuid => |v| Value::Bytes(v.as_bytes().to_vec()),
    &Uuid => |v| Value::Bytes(v.as_bytes().to_vec()),
    Vec<u8> => |v| Value::Bytes(v),
    &[u8] => |v| Value::Bytes(v.to_vec()),
    [u8; 32] => |v| Value::Bytes(v.to_vec()),
    &Value => |v| v.clone(),
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(v: Option<T>) -> Self {
        v.map_or(Value::Null, Into::into)
    }
}

impl<'a, T> From<&'a Option<T>> for Value
where
    &'a T: Into<Value>,
{
    fn from(v: &'a Option<T>) -> Self {
        v.as_ref().map_or(Value::Null, Into::into)
    }
}
