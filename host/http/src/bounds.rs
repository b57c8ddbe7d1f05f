//! Numbers and lists of requests, with their limits: [`Int`] and [`List`]. Reading accepts what was sent. Validating
//! reports errors at their field. The limits are part of the type, and the OpenAPI document reads them from there. A
//! field of such a type needs `#[validate(nested)]`: `tests/limits.rs` sends each of them one more than the limit.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Deref;

use afpi_db::Value;
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{Number, PartialSchema, ToSchema};
use uuid::Uuid;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use crate::texts::whole;
use afpi_core::text::text;

/// A whole number from `MIN` to `MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Int<const MIN: i64, const MAX: i64>(i64);

impl<const MIN: i64, const MAX: i64> Int<MIN, MAX> {
    /// The largest value, also for values that are no request fields.
    pub const MAX: i64 = MAX;

    pub fn get(self) -> i64 {
        self.0
    }
}

impl<const MIN: i64, const MAX: i64> Validate for Int<MIN, MAX> {
    fn validate(&self) -> Result<(), ValidationErrors> {
        if (MIN..=MAX).contains(&self.0) {
            return Ok(());
        }
        Err(whole("range", text(format!("Un nombre de {MIN} à {MAX}."), format!("A number from {MIN} to {MAX}."))))
    }
}

impl<const MIN: i64, const MAX: i64> PartialSchema for Int<MIN, MAX> {
    fn schema() -> RefOr<Schema> {
        let number = |n: i64| Number::Int(n as isize);
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
            .minimum(Some(number(MIN)))
            .maximum(Some(number(MAX)))
            .into()
    }
}

impl<const MIN: i64, const MAX: i64> ToSchema for Int<MIN, MAX> {
    fn name() -> Cow<'static, str> {
        format!("Int{MIN}To{MAX}").replace('-', "Minus").into()
    }
}

impl<const MIN: i64, const MAX: i64> From<i64> for Int<MIN, MAX> {
    fn from(number: i64) -> Self {
        Int(number)
    }
}

impl<const MIN: i64, const MAX: i64> From<Int<MIN, MAX>> for i64 {
    fn from(number: Int<MIN, MAX>) -> Self {
        number.0
    }
}

impl<const MIN: i64, const MAX: i64> From<Int<MIN, MAX>> for Value {
    fn from(number: Int<MIN, MAX>) -> Self {
        number.0.into()
    }
}

/// The id of a record, in a list of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(pub Uuid);

impl Validate for RecordId {
    fn validate(&self) -> Result<(), ValidationErrors> {
        Ok(())
    }
}

impl PartialSchema for RecordId {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::Uuid);
        ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
    }
}

impl ToSchema for RecordId {
    fn name() -> Cow<'static, str> {
        "RecordId".into()
    }
}

/// At most `MAX` of `T`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct List<T, const MAX: usize>(Vec<T>);

impl<T: Validate, const MAX: usize> Validate for List<T, MAX> {
    fn validate(&self) -> Result<(), ValidationErrors> {
        if self.len() > MAX {
            return Err(whole("length", text(format!("Au plus {MAX} éléments."), format!("At most {MAX} items."))));
        }
        let wrong = |(at, item): (usize, &T)| item.validate().err().map(|errors| (at, Box::new(errors)));
        let wrong: BTreeMap<_, _> = self.iter().enumerate().filter_map(wrong).collect();
        if wrong.is_empty() {
            return Ok(());
        }
        // The name under which `validator` takes over the errors of items.
        Err(ValidationErrors([(Cow::Borrowed("_tmp_validator"), ValidationErrorsKind::List(wrong))].into()))
    }
}

impl<T: ToSchema, const MAX: usize> PartialSchema for List<T, MAX> {
    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new().items(Ref::from_schema_name(T::name())).max_items(Some(MAX)).into()
    }
}

impl<T: ToSchema, const MAX: usize> ToSchema for List<T, MAX> {
    fn name() -> Cow<'static, str> {
        format!("{}List{MAX}", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

impl<T, const MAX: usize> Default for List<T, MAX> {
    fn default() -> Self {
        List(Vec::new())
    }
}

impl<T, const MAX: usize> Deref for List<T, MAX> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T, const MAX: usize> From<Vec<T>> for List<T, MAX> {
    fn from(items: Vec<T>) -> Self {
        List(items)
    }
}

impl<T, const MAX: usize> From<List<T, MAX>> for Vec<T> {
    fn from(list: List<T, MAX>) -> Self {
        list.0
    }
}

impl<T, const MAX: usize> FromIterator<T> for List<T, MAX> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        List(items.into_iter().collect())
    }
}

impl<T, const MAX: usize> IntoIterator for List<T, MAX> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T, const MAX: usize> IntoIterator for &'a List<T, MAX> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
