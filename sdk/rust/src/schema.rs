//! JSON Schemas (draft 2020-12) derived from structs, in the dialect of the product's forms. Knows no particular form.
//!
//! Set labels with `#[schemars(title = "…", extend("x-title-en" = "…"))]`, help with `description`/`x-description-en`,
//! and the way to show a field with `x-widget`; a field of a workflow's first section with `"x-ask-first" = true` is
//! asked when the record is created. The order of the fields in the struct is the order in the form; JSON objects have
//! none, so it is written down as `x-order`.
//!
//! `x-search` on a text of a section document lets the search find records by it, e.g. the number of a quote.
//!
//! `"x-lost" = "reason"` and `"x-lost" = "remark"`, on a field that a move asks or on one of a section document, tell the
//! host why an opportunité is lost. The reasons are its own, the same for all sites: `prix`, `delai`, `concurrent`,
//! `financement`, `besoin`, `sans-reponse`, `autre`; any other word counts as `autre`.
//!
//! `x-piece` declares what a section issues: on the form itself when its whole document is issued, or on a list when
//! its rows are. The host freezes such an object once it has a number and a day of issue, and refuses a later decision
//! that changes or removes it. The keyword names fields: `kind` (a word, or `{"by": field}`), `number`, `version`,
//! `issuedOn`, `dueOn`, `payer` (`kind`, `name`, and `company`, the word of `kind` that means the opportunité's
//! company; `siret`, by which the host finds the company of any other payer, and `inPlace`, the flag of one that pays in
//! place of the company, which remains the buyer), `amounts` (for each `rate` in percent the fields `net` and `vat`) or `amountRows` (a list with `rate` in
//! hundredths of a percent, `net`, `vat`), `net`, `vat`, `total`, `lines` (`rows`, `label`, `quantity`, `unitPrice`,
//! `net`, `rate`), `corrects` (a field with the number of the piece it corrects), `reason`, `references` (name and
//! field of further texts that are issued with it), `advance` (deposits: the `field` that flags them and their credit
//! notes, the rows of those a final piece has `deducted`, and their `net`, `vat`, `total`), `attended` (`whole`, a
//! pointer to the net amount of the training, and `reason`, a field of the piece and of the move that issues it: what
//! such pieces bill together beyond the attended part needs it) and `follows` (fields that later events change). A
//! number comes from a numbering of the same decision, or from an earlier version of the piece; the day of issue is the
//! day of the decision. `"recalls": true` is for a list that only repeats pieces issued elsewhere. `x-payment` on a
//! list says that its rows are payments, in the order of recording: `piece` (the number that is paid), `paidOn`,
//! `amount`, `mode`, `reference`, `reverses` (the row, from 1, that a counter-entry reverses), `reason`. Amounts are
//! cents. Pieces of a section with payments are owed: the host lists them with their drafts. `recordedBy` and
//! `reversedBy` of `x-payment`, `creditedBy` and `acceptedBy` of `x-piece`, name a transition and the fields of its
//! form, so that the host can offer it elsewhere: a payment of several invoices at once, a reversal, a credit note, the
//! acceptance of a signed copy.
//!
//! Further hints for the web application: `x-needed` marks fields that a complete document needs, although it can be
//! saved without them; `x-computed` fields that the browser computes during typing; `x-locked-by` on a list names the
//! field of a row that, once filled, locks the row; `x-empty`/`x-empty-en` is the text for a list without rows;
//! `x-awaited` marks the computed field that names who outside holds a record up. `"x-pick-from" = "contacts"` on a
//! list lets people take rows from the contacts of the company; `x-pick` on a column says what of a contact goes there
//! (`name`, `function`, `email`, `phone`). `"x-suggest" = "entreprises"` on a text suggests companies of the directory
//! (`name`, `siret`) while somebody types, `"produits"` training products of the catalogue; a chosen one fills in the
//! fields beside it by their `x-pick` (`code`, `title`, `hours`, `quantity`, `unit`, `price`, `vatRate`, `objectives`,
//! `prerequisites`, `programme`), and `x-pick-as` says what stands for a word or a number there: a row becomes the chosen
//! record, a form keeps what was typed. `"x-widget" =
//! "grid"` on a list makes it a spreadsheet; its `x-totals` names the column of the `net`s and the `rate` (`by`, the
//! column that chooses it, `of`, the percentage of each choice) for the footer. `"x-widget" = "coverage"` on a list of
//! payers shows above it who pays how much: `x-coverage` names the `total` (a pointer `/<section>/…`), the fields of a
//! row (`payer`, of which the first filled one counts, `asked`, `agreed`), the `own` share (`field` of the same
//! document, and how `payer` tells it in an invoice) and what was `invoiced` (`at`, `payer`, `net`, `gross`, `left`
//! after credit notes, `due`, `where`). `"x-widget" = "ledger"` on a list of issued rows makes it a table with the PDF
//! of each row: `x-ledger` names the `columns`, the `number`, and `actions`, moves that a row offers (`transition`, the
//! `field` of its form that begins with the `value` of the row or with the row's place, `where`). `"x-widget" = "row"`
//! in what a move asks lets people choose a row of the documents: `x-rows` points to the list (`/<section>/<list>`),
//! `x-value` names the field that is kept (without it the row's place, from 1), `x-label` the fields shown, `x-where`
//! is a schema that the rows offered fit (`required`, `not`, `properties` with `const`, `minimum`, `maximum`).
//!
//! A title or description without its English version is left out: it is a type's name or a doc comment, not a text for
//! people. Derived schemas are simplified further: subschemas stand where they are used, `null` and empty defaults go
//! (absent and `null` mean the same), number formats go, and objects take no unknown fields. Other defaults stay, for
//! new rows and untouched settings: derive `Serialize` on a settings struct to have its `Default` shown.

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

/// The schema of `T` as JSON text. A field is `required` when serde would refuse its absence.
///
/// ```
/// #[derive(schemars::JsonSchema)]
/// struct Lost {
///     #[schemars(title = "Motif", extend("x-title-en" = "Reason"))]
///     reason: String,
/// }
/// let form = afpi_sdk::schema::of::<Lost>();
/// assert!(form.contains(r#""required":["reason"]"#));
/// ```
pub fn of<T: JsonSchema>() -> String {
    value::<T>().to_string()
}

/// The schema of `T` as a JSON value, to inspect or extend it; see [`of`].
///
/// ```
/// #[derive(schemars::JsonSchema)]
/// struct Price {
///     #[schemars(title = "Prix", extend("x-title-en" = "Price", "x-widget" = "money"))]
///     cents: i64,
/// }
/// assert_eq!(afpi_sdk::schema::value::<Price>()["properties"]["cents"]["x-widget"], "money");
/// ```
pub fn value<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    RecursiveTransform(tidy).transform(&mut schema);
    schema.to_value()
}

/// An enumeration whose values have labels, for a select in a form. The first value is the default.
///
/// ```
/// afpi_sdk::choices! {
///     /// How a line is counted.
///     pub enum Unit {
///         Day = "jour", "Jour", "Day";
///         Hour = "heure", "Heure", "Hour";
///     }
/// }
/// assert_eq!(Unit::default(), Unit::Day);
/// assert_eq!(Unit::Hour.id(), "heure");
/// assert_eq!(Unit::Hour.label().fr, "Heure");
/// ```
#[macro_export]
macro_rules! choices {
    ($(#[$doc:meta])* $vis:vis enum $name:ident {
        $first:ident = $first_id:literal, $first_fr:literal, $first_en:literal;
        $($value:ident = $id:literal, $fr:literal, $en:literal;)*
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        #[derive($crate::serde::Serialize, $crate::serde::Deserialize, $crate::schemars::JsonSchema)]
        #[serde(crate = "afpi_sdk::serde")]
        #[schemars(crate = "afpi_sdk::schemars")]
        #[allow(missing_docs)]
        $vis enum $name {
            #[default]
            #[serde(rename = $first_id)]
            #[schemars(title = $first_fr, extend("x-title-en" = $first_en))]
            $first,
            $(
                #[serde(rename = $id)]
                #[schemars(title = $fr, extend("x-title-en" = $en))]
                $value,
            )*
        }

        #[allow(dead_code)]
        impl $name {
            /// The value in documents.
            $vis fn id(self) -> &'static str {
                match self { $name::$first => $first_id, $($name::$value => $id,)* }
            }

            /// The label for people.
            $vis fn label(self) -> $crate::Text {
                match self { $name::$first => $crate::Text::new($first_fr, $first_en), $($name::$value => $crate::Text::new($fr, $en),)* }
            }
        }
    };
}

fn tidy(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    if object.get("format").is_some_and(is_number_format) {
        object.shift_remove("format");
    }
    if object.get("default").is_some_and(is_empty) {
        object.shift_remove("default");
    }
    without_null(object);
    for (word, sister) in [("title", "x-title-en"), ("description", "x-description-en")] {
        if !object.contains_key(sister) {
            object.shift_remove(word);
        }
    }
    if let Some(properties) = object.get("properties").and_then(Value::as_object) {
        let order: Vec<&String> = properties.keys().collect();
        let order = json!(order);
        object.insert("x-order".into(), order);
        object.insert("additionalProperties".into(), json!(false));
    }
}

fn is_number_format(value: &Value) -> bool {
    value.as_str().is_some_and(|format| {
        format.starts_with("int") || format.starts_with("uint") || matches!(format, "float" | "double")
    })
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

/// `Option<T>` derives as "T or null", in one of two spellings. A form only needs the T.
fn without_null(object: &mut serde_json::Map<String, Value>) {
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            object.insert("type".into(), only);
        }
    }
    if let Some(Value::Array(choices)) = object.get_mut("enum") {
        choices.retain(|choice| !choice.is_null());
    }
    if let Some(Value::Array(choices)) = object.get_mut("anyOf") {
        choices.retain(|choice| choice.get("type") != Some(&json!("null")));
        if let [Value::Object(only)] = choices.as_slice() {
            let only = only.clone();
            object.shift_remove("anyOf");
            for (key, value) in only {
                object.entry(key).or_insert(value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize, JsonSchema)]
    #[allow(dead_code)]
    enum Unit {
        #[serde(rename = "jour")]
        #[schemars(title = "Jour", extend("x-title-en" = "Day"))]
        Day,
        #[serde(rename = "heure")]
        #[schemars(title = "Heure", extend("x-title-en" = "Hour"))]
        Hour,
    }

    /// Documentation for programmers.
    #[derive(serde::Deserialize, JsonSchema)]
    #[allow(dead_code)]
    #[schemars(title = "Devis", extend("x-title-en" = "Quote"))]
    struct Form {
        #[schemars(title = "Libellé", extend("x-title-en" = "Label"))]
        libelle: String,
        #[serde(default)]
        #[schemars(title = "Prix", extend("x-title-en" = "Price", "x-widget" = "money"))]
        prix: Option<i64>,
        #[schemars(title = "Unité", extend("x-title-en" = "Unit"))]
        unite: Option<Unit>,
        #[serde(default)]
        autres: Vec<Unit>,
        #[serde(default = "seven")]
        nombre: u32,
    }

    fn seven() -> u32 {
        7
    }

    #[test]
    fn a_form_keeps_its_order_labels_and_widgets() {
        let schema = value::<Form>();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(schema["title"], "Devis");
        assert_eq!(schema["x-title-en"], "Quote");
        assert!(schema.get("description").is_none());
        assert_eq!(schema["x-order"], json!(["libelle", "prix", "unite", "autres", "nombre"]));
        assert_eq!(schema["required"], json!(["libelle"]));
        assert_eq!(schema["additionalProperties"], false);
        assert_eq!(schema["properties"]["prix"]["x-widget"], "money");
    }

    #[test]
    fn optional_fields_are_plain_and_without_noise() {
        let schema = value::<Form>();
        assert_eq!(
            schema["properties"]["prix"],
            json!({"title": "Prix", "type": "integer", "x-title-en": "Price", "x-widget": "money"})
        );
        assert_eq!(schema["properties"]["unite"]["title"], "Unité");
        assert!(schema.get("$defs").is_none());
        assert!(schema["properties"]["autres"].get("default").is_none());
        assert_eq!(schema["properties"]["nombre"], json!({"type": "integer", "minimum": 0, "default": 7}));
    }

    #[test]
    fn choices_carry_their_labels() {
        let schema = value::<Form>();
        let choices = &schema["properties"]["unite"]["oneOf"];
        assert_eq!(choices[0]["const"], "jour");
        assert_eq!(choices[0]["title"], "Jour");
        assert_eq!(choices[1]["x-title-en"], "Hour");
        assert_eq!(schema["properties"]["autres"]["items"]["oneOf"], *choices);
    }
}
