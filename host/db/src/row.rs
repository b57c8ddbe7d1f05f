//! Reading result rows: one row type for both engines, and a macro that declares a struct read by column name.

use serde::de::DeserializeOwned;
use sqlx::{ColumnIndex, Decode, MySql, Row as _, Sqlite, Type, mysql::MySqlRow, sqlite::SqliteRow};

use crate::Result;

/// A row of either engine.
pub enum Row {
    MariaDb(MySqlRow),
    Sqlite(SqliteRow),
}

/// A type that both engines decode alike.
pub trait Column: Sized {
    fn read<I: ColumnIndex<MySqlRow> + ColumnIndex<SqliteRow>>(row: &Row, index: I) -> Result<Self>;
}

impl<T> Column for T
where
    T: for<'r> Decode<'r, MySql> + Type<MySql> + for<'r> Decode<'r, Sqlite> + Type<Sqlite>,
{
    fn read<I: ColumnIndex<MySqlRow> + ColumnIndex<SqliteRow>>(row: &Row, index: I) -> Result<Self> {
        Ok(match row {
            Row::MariaDb(row) => row.try_get(index)?,
            Row::Sqlite(row) => row.try_get(index)?,
        })
    }
}

impl Row {
    /// The column of this name.
    pub fn get<T: Column>(&self, name: &str) -> Result<T> {
        T::read(self, name)
    }

    /// The column at this position, from 0.
    pub fn at<T: Column>(&self, index: usize) -> Result<T> {
        T::read(self, index)
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

impl<DB: sqlx::Database, T> Type<DB> for Json<T>
where
    String: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        <String as Type<DB>>::type_info()
    }
    fn compatible(ty: &DB::TypeInfo) -> bool {
        <String as Type<DB>>::compatible(ty)
    }
}

impl<'r, DB: sqlx::Database, T: DeserializeOwned> Decode<'r, DB> for Json<T>
where
    &'r str: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> std::result::Result<Self, sqlx::error::BoxDynError> {
        Ok(Json(serde_json::from_str(<&str as Decode<DB>>::decode(value)?)?))
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
