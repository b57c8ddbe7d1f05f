//! A field of a record and its uses: shown, filtered, sorted, written.

use afpi_core::money::Money;
use afpi_core::text::{Locale, Text, text};
use afpi_db::{Row, Sql, Value as Bound};
use afpi_http::paging::{Key, SortKey};
use afpi_http::sheet::Cell;
use afpi_http::texts::Refusal;
use serde_json::Value;

use crate::{identifiants, search};

/// A text in French and in English.
pub type Label = (&'static str, &'static str);
/// Reads a text: gives its stored form, or the reason for the refusal.
pub type Rule = fn(&str) -> Result<String, Refusal>;

/// What a field holds. The API uses the name of each shape.
#[derive(Clone, Copy, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Shape {
    Text,
    /// Texts of several lines.
    Prose,
    Email,
    Phone,
    /// An ISO 3166 code of a country.
    Country,
    /// One of these values, each with its label.
    Word(&'static [(&'static str, Label)]),
    /// A value defined by the workflow or by a metric. The plugin has the label.
    PluginWord,
    /// A list of texts.
    Words,
    Count,
    /// Minutes. Files show hours with two decimals.
    Minutes,
    Cents,
    Flag,
    /// Epoch ms in the database, RFC 3339 in the API.
    Instant,
    /// `YYYY-MM-DD`.
    Day,
    /// The id of another record; [`Field::shows`] leads to its name.
    Reference,
}

/// A field by its name in the API. Parts of an address are `address.city` and so on.
#[derive(Clone, Copy)]
pub struct Field {
    pub name: &'static str,
    pub label: Label,
    /// The SQL expression, with the alias of its table. Empty for a value that is computed for the answer.
    pub column: &'static str,
    pub shape: Shape,
    /// Path of the displayed value in an answer, if it differs from the name: `localisation.name`.
    pub shows: &'static str,
    /// For texts from an import or a connector.
    pub rule: Option<Rule>,
    /// Can connectors and imports set it?
    pub brought: bool,
    pub sort: Option<Sorted>,
    /// Does the search find a record by it?
    pub searched: bool,
    /// Is it personal data (GDPR, article 4)?
    pub personal: bool,
    /// Is it hidden from plugins?
    pub internal: bool,
    pub shown: Shown,
    /// Column headings that an imported file uses for it: folded, without spaces.
    pub aka: &'static [&'static str],
}

/// Where a field can be a column.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// In lists and files.
    Everywhere,
    InLists,
    Nowhere,
}

/// How a list is sorted by a field.
#[derive(Clone, Copy)]
pub struct Sorted {
    /// The name of the sort in the API.
    pub name: &'static str,
    pub column: &'static str,
    pub kind: SortKind,
}

/// What a sort's column holds.
#[derive(Clone, Copy)]
pub enum SortKind {
    Int,
    Text,
    /// A sort key of `afpi_core::collation`.
    Bytes,
}

impl Field {
    /// A field that is only shown.
    pub const fn new(
        name: &'static str,
        column: &'static str,
        shape: Shape,
        fr: &'static str,
        en: &'static str,
    ) -> Field {
        Field {
            name,
            label: (fr, en),
            column,
            shape,
            shows: name,
            rule: None,
            brought: false,
            sort: None,
            searched: false,
            personal: false,
            internal: false,
            shown: Shown::Everywhere,
            aka: &[],
        }
    }

    /// Connectors and imports can set it. The rule reads its texts.
    pub const fn brought(self, rule: Rule, aka: &'static [&'static str]) -> Field {
        Field { rule: Some(rule), brought: true, aka, ..self }
    }

    /// Connectors and imports can set it. It is a number.
    pub const fn counted(self, aka: &'static [&'static str]) -> Field {
        Field { brought: true, aka, ..self }
    }

    /// Lists sort by it, through its own column.
    pub const fn sorted(self, kind: SortKind) -> Field {
        self.sorted_by(self.name, self.column, kind)
    }

    /// Lists sort by it, under this name and through this column.
    pub const fn sorted_by(self, name: &'static str, column: &'static str, kind: SortKind) -> Field {
        Field { sort: Some(Sorted { name, column, kind }), ..self }
    }

    /// The value at this path is displayed instead.
    pub const fn shows(self, path: &'static str) -> Field {
        Field { shows: path, ..self }
    }

    pub const fn searched(self) -> Field {
        Field { searched: true, ..self }
    }

    pub const fn personal(self) -> Field {
        Field { personal: true, ..self }
    }

    /// Plugins cannot read it.
    pub const fn internal(self) -> Field {
        Field { internal: true, ..self }
    }

    /// A column of lists only.
    pub const fn in_lists(self) -> Field {
        Field { shown: Shown::InLists, ..self }
    }

    pub const fn hidden(self) -> Field {
        Field { shown: Shown::Nowhere, ..self }
    }

    /// Can a query read it and filter by it? A computed value has no column.
    pub const fn stored_somewhere(&self) -> bool {
        !self.column.is_empty()
    }

    /// How a list of `R` sorts by this field. `key` reads the sort value back from a row. A field without a sort does
    /// not compile.
    pub const fn sort<R>(&self, key: fn(&R) -> Key) -> SortKey<R> {
        match self.sort {
            Some(sort) => SortKey { name: sort.name, column: sort.column, key },
            None => panic!("lists do not sort by this field"),
        }
    }

    /// The label in both languages.
    pub fn text(&self) -> Text {
        text(self.label.0, self.label.1)
    }

    /// The column without the alias of its table, for statements that write.
    pub fn stored(&self) -> &'static str {
        self.column.rsplit_once('.').map_or(self.column, |(_, column)| column)
    }

    /// Appends the condition that the field has this value. Without a value, appends nothing.
    pub fn equals(&self, query: &mut Sql, value: Option<impl Into<Bound>>) {
        self.compared(query, " = ?", value);
    }

    /// Appends the condition that the field is at least this value. Without a value, appends nothing.
    pub fn at_least(&self, query: &mut Sql, value: Option<impl Into<Bound>>) {
        self.compared(query, " >= ?", value);
    }

    /// Appends the condition that the field is at most this value. Without a value, appends nothing.
    pub fn at_most(&self, query: &mut Sql, value: Option<impl Into<Bound>>) {
        self.compared(query, " <= ?", value);
    }

    pub(super) fn compared(&self, query: &mut Sql, test: &'static str, value: Option<impl Into<Bound>>) {
        if let Some(value) = value {
            query.push(" AND ").push(self.column).push(test).arg(value);
        }
    }

    /// Appends the condition that the list of texts contains this one. Without a text, appends nothing. The quotes of
    /// the stored JSON keep `indus` from matching `industrie`.
    pub fn has(&self, query: &mut Sql, word: Option<&str>) {
        if let Some(word) = word {
            let quoted = Value::from(word).to_string().replace('!', "!!").replace('%', "!%").replace('_', "!_");
            query.push(" AND ").push(self.column).push(" LIKE ? ESCAPE '!'").arg(format!("%{quoted}%"));
        }
    }

    /// The search words of this field, from the column at this position.
    pub(crate) fn words(&self, row: &Row, at: usize) -> afpi_db::Result<String> {
        let text = row.at::<Option<String>>(at)?.unwrap_or_default();
        Ok(match self.shape {
            Shape::Phone => search::phone(&text),
            Shape::Words => serde_json::from_str::<Vec<String>>(&text).unwrap_or_default().join(" "),
            _ => text,
        })
    }

    /// The displayed value of this field in an answer, as a cell of a file.
    pub fn cell(&self, answer: &Value, locale: Locale) -> Cell {
        let value = within(answer, self.shows);
        match (self.shape, value) {
            (_, Value::Null) => Cell::Text(String::new()),
            (Shape::Cents, value) => {
                value.as_i64().map_or(Cell::Text(String::new()), |cents| Cell::Amount(Money::from_cents(cents)))
            }
            (Shape::Minutes, value) => value.as_i64().map_or(Cell::Text(String::new()), |minutes| {
                Cell::Amount(Money::from_cents(crate::sessions::hours::hundredths(minutes)))
            }),
            (Shape::Country, Value::String(code)) => Cell::Text(identifiants::country_name(code, locale).to_owned()),
            (Shape::Instant, value) => serde_json::from_value::<afpi_core::clock::Instant>(value.clone())
                .map_or(Cell::Text(String::new()), Cell::Day),
            (_, Value::Bool(flag)) => Cell::Flag(*flag),
            (_, Value::Number(number)) => number.as_i64().map_or(Cell::Text(number.to_string()), Cell::Number),
            (_, Value::String(text)) => Cell::Text(text.clone()),
            (_, Value::Array(words)) => {
                Cell::Text(words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "))
            }
            (_, Value::Object(text)) => {
                Cell::Text(text.get(locale.as_str()).and_then(Value::as_str).unwrap_or_default().to_owned())
            }
        }
    }
}

/// The value at a dotted path; null when there is none.
fn within<'a>(answer: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(answer, |value, name| value.get(name).unwrap_or(&Value::Null))
}

/// How many of these fields connectors and imports can set.
pub const fn brought(fields: &[Field]) -> usize {
    let (mut at, mut count) = (0, 0);
    while at < fields.len() {
        count += fields[at].brought as usize;
        at += 1;
    }
    count
}

/// Those of these fields that connectors and imports can set.
pub const fn pick<const N: usize>(fields: &[Field]) -> [Field; N] {
    let mut picked = [fields[0]; N];
    let (mut at, mut count) = (0, 0);
    while at < fields.len() {
        if fields[at].brought {
            picked[count] = fields[at];
            count += 1;
        }
        at += 1;
    }
    picked
}
