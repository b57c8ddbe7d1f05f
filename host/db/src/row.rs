//! Reading result rows: one row type for both engines, and a macro that declares a struct read by column name.

use std::cell::{Cell, RefCell};
use std::error::Error;

use rusqlite::types::ValueRef;
use serde::de::DeserializeOwned;
use sqlx::mysql::MySqlRow;
use sqlx::{Column as _, MySql, Row as _, Type, ValueRef as _};
use uuid::Uuid;

use crate::{DbError, Result, Value};

/// A row of either engine.
pub struct Row<'r> {
    cells: Cells<'r>,
    places: &'r Places,
    /// How many columns were read by name so far.
    asked: Cell<usize>,
}

#[derive(Clone, Copy)]
enum Cells<'r> {
    MariaDb(&'r MySqlRow),
    Sqlite(&'r rusqlite::Row<'r>),
}

/// Positions of columns in the rows of one query. Every row is asked for the same names in the same order, so the
/// positions found for the first row serve the others.
#[derive(Default)]
pub(crate) struct Places(RefCell<Vec<(&'static str, usize)>>);

impl<'r> Row<'r> {
    pub(crate) fn maria_db(row: &'r MySqlRow, places: &'r Places) -> Self {
        Row { cells: Cells::MariaDb(row), places, asked: Cell::new(0) }
    }

    pub(crate) fn sqlite(row: &'r rusqlite::Row<'r>, places: &'r Places) -> Self {
        Row { cells: Cells::Sqlite(row), places, asked: Cell::new(0) }
    }

    /// The column of this name.
    pub fn get<T: Column>(&self, name: &'static str) -> Result<T> {
        let nth = self.asked.replace(self.asked.get() + 1);
        let known = self.places.0.borrow().get(nth).filter(|(of, _)| *of == name).map(|(_, place)| *place);
        if let Some(place) = known {
            return self.at(place);
        }
        let place = match self.cells {
            Cells::MariaDb(row) => row.try_column(name)?.ordinal(),
            Cells::Sqlite(row) => row.as_ref().column_index(name)?,
        };
        let mut places = self.places.0.borrow_mut();
        places.truncate(nth);
        if places.len() == nth {
            places.push((name, place));
        }
        drop(places);
        self.at(place)
    }

    /// How many columns it has.
    pub(crate) fn len(&self) -> usize {
        match self.cells {
            Cells::MariaDb(row) => row.len(),
            Cells::Sqlite(row) => row.as_ref().column_count(),
        }
    }

    /// The column at this position, from 0.
    pub fn at<T: Column>(&self, index: usize) -> Result<T> {
        match self.cells {
            Cells::MariaDb(row) => Ok(T::maria_db(row, index)?),
            Cells::Sqlite(row) => T::sqlite(row.get_ref(index)?).map_err(|error| DbError::Decode {
                column: row.as_ref().column_name(index).unwrap_or("?").to_owned(),
                reason: error.to_string(),
            }),
        }
    }
}

/// A type that both engines read in the same way.
pub trait Column: Sized {
    fn maria_db(row: &MySqlRow, index: usize) -> Result<Self, sqlx::Error>;

    fn sqlite(value: ValueRef<'_>) -> Result<Self, Unreadable>;
}

macro_rules! columns {
    ($($ty:ty: |$value:ident| $read:expr;)*) => { $(
        impl Column for $ty {
            fn maria_db(row: &MySqlRow, index: usize) -> Result<Self, sqlx::Error> { row.try_get(index) }

            fn sqlite($value: ValueRef<'_>) -> Result<Self, Unreadable> { Ok($read) }
        }
    )* };
}

columns! {
    i64: |value| value.as_i64()?;
    bool: |value| value.as_i64()? != 0;
    String: |value| value.as_str()?.to_owned();
    Vec<u8>: |value| value.as_blob()?.to_owned();
    Uuid: |value| Uuid::from_slice(value.as_blob()?)?;
}

/// Whatever is stored, with its type.
impl Column for Value {
    fn maria_db(row: &MySqlRow, index: usize) -> Result<Self, sqlx::Error> {
        let raw = row.try_get_raw(index)?;
        if raw.is_null() {
            return Ok(Value::Null);
        }
        let kind = raw.type_info().into_owned();
        // The name of a type does not tell a text of a `_bin` collation from bytes.
        if <i64 as Type<MySql>>::compatible(&kind) {
            Ok(Value::Int(row.try_get(index)?))
        } else if <f64 as Type<MySql>>::compatible(&kind) {
            Ok(Value::Float(row.try_get(index)?))
        } else if <String as Type<MySql>>::compatible(&kind) {
            Ok(Value::Text(row.try_get(index)?))
        } else if <Vec<u8> as Type<MySql>>::compatible(&kind) {
            Ok(Value::Bytes(row.try_get(index)?))
        } else {
            Err(sqlx::Error::ColumnDecode {
                index: row.column(index).name().to_owned(),
                source: format!("{kind} is no type that both engines store alike").into(),
            })
        }
    }

    fn sqlite(value: ValueRef<'_>) -> Result<Self, Unreadable> {
        Ok(match value {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Int(number),
            ValueRef::Real(number) => Value::Float(number),
            ValueRef::Text(_) => Value::Text(value.as_str()?.to_owned()),
            ValueRef::Blob(bytes) => Value::Bytes(bytes.to_owned()),
        })
    }
}

/// Why a stored value is none of its type.
pub type Unreadable = Box<dyn Error + Send + Sync>;

/// A type with one field, which is stored and read as that field is.
pub trait Newtype: Sized {
    type Inner: Column;

    fn wrap(inner: Self::Inner) -> Result<Self, Unreadable>;
}

impl<T: Newtype> Column for T {
    fn maria_db(row: &MySqlRow, index: usize) -> Result<Self, sqlx::Error> {
        T::wrap(T::Inner::maria_db(row, index)?).map_err(sqlx::Error::Decode)
    }

    fn sqlite(value: ValueRef<'_>) -> Result<Self, Unreadable> {
        T::wrap(T::Inner::sqlite(value)?)
    }
}

impl<T: Column> Column for Option<T> {
    fn maria_db(row: &MySqlRow, index: usize) -> Result<Self, sqlx::Error> {
        if row.try_get_raw(index)?.is_null() { Ok(None) } else { T::maria_db(row, index).map(Some) }
    }

    fn sqlite(value: ValueRef<'_>) -> Result<Self, Unreadable> {
        if value == ValueRef::Null { Ok(None) } else { T::sqlite(value).map(Some) }
    }
}

/// A struct, scalar or tuple made from a row; see [`crate::row!`].
pub trait FromRow: Sized {
    fn from_row(row: &Row) -> Result<Self>;
}

macro_rules! tuples {
    ($($name:ident: $($t:ident $i:tt),+;)*) => { $(
        impl<$($t: Column),+> FromRow for ($($t,)+) {
            fn from_row(row: &Row) -> Result<Self> { Ok(($(row.at::<$t>($i)?,)+)) }
        }
    )* };
}
tuples! { one: A 0; two: A 0, B 1; three: A 0, B 1, C 2; four: A 0, B 1, C 2, D 3; five: A 0, B 1, C 2, D 3, E 4; six: A 0, B 1, C 2, D 3, E 4, F 5; }

/// A column that holds a JSON text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> Column for Json<T> {
    fn maria_db(row: &MySqlRow, index: usize) -> Result<Self, sqlx::Error> {
        let decoded = serde_json::from_str(row.try_get(index)?);
        decoded.map(Json).map_err(|error| sqlx::Error::ColumnDecode {
            index: row.column(index).name().to_owned(),
            source: error.into(),
        })
    }

    fn sqlite(value: ValueRef<'_>) -> Result<Self, Unreadable> {
        Ok(Json(serde_json::from_str(value.as_str()?)?))
    }
}

/// Declares a struct whose fields are read from the columns of the same names.
///
/// ```
/// afpi_db::row! {
///     /// A site.
///     pub struct Site { pub code: String, pub name: String }
/// }
/// ```
#[macro_export]
macro_rules! row {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$fmeta:meta])* $fvis:vis $field:ident : $ty:ty),* $(,)? }) => {
        $(#[$meta])* $vis struct $name { $($(#[$fmeta])* $fvis $field: $ty),* }
        impl $crate::FromRow for $name {
            fn from_row(row: &$crate::Row) -> $crate::Result<Self> {
                Ok(Self { $($field: row.get(stringify!($field))?),* })
            }
        }
    };
}
