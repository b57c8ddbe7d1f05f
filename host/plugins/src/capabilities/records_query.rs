//! `records-query`: records of the kinds that the manifest declares, with the declared fields, page by page.

mod condition;

use super::{denied, invalid, space};
use crate::bindings::host::afpi::host::records_query::{Host, Page, Query};
use crate::contract::Error;
use crate::contract::query::{Entry, Reference};
use crate::ports::{Order, QueryField, RecordQuery, StoreError};
use crate::state::CallState;
use afpi_plugin_manifest::{Capability, QueryRequest};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The costs in a call's host budget: for a description, for a page, and for each entry.
const DESCRIBE_COST: u32 = 1;
const COST: u32 = 20;
const ENTRY_COST: u32 = 1;
const LARGEST_PAGE: u32 = 200;
const MOST_CONDITIONS: usize = 8;
const MOST_REFERENCES: usize = 200;
const LONGEST_AFTER: usize = 8 << 10;

impl Host for CallState {
    fn describe(&mut self, kind: String) -> wasmtime::Result<Result<String, Error>> {
        let fields = match self.granted(DESCRIBE_COST, &kind)? {
            Ok(granted) => granted.fields,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let fields: Vec<Value> = fields.iter().map(described).collect();
        Ok(Ok(json!({ "fields": fields }).to_string()))
    }

    async fn select(&mut self, query: Query) -> wasmtime::Result<Result<Page, Error>> {
        let granted = match self.granted(COST, &query.kind)? {
            Ok(granted) => granted,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let asked = match granted.query(query) {
            Ok(asked) => asked,
            Err(Fault::Outside) => {
                self.refused(Capability::RecordsQuery);
                return Ok(Err(denied(Capability::RecordsQuery)));
            }
            Err(Fault::Wrong(refusal)) => return Ok(Err(refusal)),
        };
        let (ports, seat) = (self.ports.clone(), self.seat.clone());
        let found = self.outside(ports.queries.select(space(&seat), &asked)).await;
        let page = match found {
            Ok(page) => page,
            Err(StoreError::NoPage) => return Ok(Err(no_page())),
            Err(away) => return Ok(Err(Error::Unavailable(away.to_string()))),
        };
        let items: Vec<Entry> = page.items.into_iter().filter(|entry| seat.may_see(entry)).collect();
        self.spend(ENTRY_COST * items.len() as u32)?;
        Ok(Ok(Page { items, next: page.next }))
    }

    async fn fetch(
        &mut self,
        references: Vec<Reference>,
        fields: Vec<String>,
    ) -> wasmtime::Result<Result<Vec<Entry>, Error>> {
        if references.len() > MOST_REFERENCES {
            self.spend(COST)?;
            return Ok(Err(invalid("/references", "out-of-range", "Au plus 200 fiches.", "At most 200 records.")));
        }
        let mut kinds: BTreeMap<&str, (Vec<String>, Vec<String>)> = BTreeMap::new();
        for reference in &references {
            if let Some((ids, _)) = kinds.get_mut(&*reference.kind) {
                ids.push(reference.id.clone());
                continue;
            }
            let granted = match self.granted(COST, &reference.kind)? {
                Ok(granted) => granted,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let shown = granted.fields.iter().filter(|field| fields.is_empty() || fields.contains(&field.name));
            let shown = shown.map(|field| field.name.clone()).collect();
            kinds.insert(&reference.kind, (vec![reference.id.clone()], shown));
        }
        let known = |name: &String| kinds.values().any(|(_, shown)| shown.contains(name));
        if !references.is_empty() && !fields.iter().all(known) {
            self.refused(Capability::RecordsQuery);
            return Ok(Err(denied(Capability::RecordsQuery)));
        }
        let (ports, seat) = (self.ports.clone(), self.seat.clone());
        let mut found: BTreeMap<(String, String), Entry> = BTreeMap::new();
        for (kind, (ids, shown)) in kinds {
            match self.outside(ports.queries.fetch(space(&seat), kind, &ids, &shown)).await {
                Ok(entries) => found.extend(entries.into_iter().map(|e| ((e.kind.clone(), e.id.clone()), e))),
                Err(away) => return Ok(Err(Error::Unavailable(away.to_string()))),
            }
        }
        let places = references.into_iter().map(|reference| (reference.kind, reference.id));
        let items: Vec<Entry> =
            places.filter_map(|place| found.get(&place).filter(|entry| seat.may_see(entry)).cloned()).collect();
        self.spend(ENTRY_COST * items.len() as u32)?;
        Ok(Ok(items))
    }
}

/// The fields of a kind that the plugin was granted and that the kind has.
struct Granted {
    asked: QueryRequest,
    fields: Vec<QueryField>,
}

/// What is wrong with a query.
enum Fault {
    /// The query names a field outside the grant.
    Outside,
    Wrong(Error),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Fault::Wrong(error)
    }
}

impl CallState {
    /// Checks the grant and that the manifest names this kind. Returns what the plugin may see of it. A refusal is
    /// counted.
    fn granted(&mut self, cost: u32, kind: &str) -> wasmtime::Result<Result<Granted, Error>> {
        if !self.admit(Capability::RecordsQuery, cost)? {
            return Ok(Err(denied(Capability::RecordsQuery)));
        }
        let declared = &self.seat.plugin.manifest().capabilities.records_query;
        let Some(asked) = declared.iter().find(|asked| asked.kind.as_str() == kind).cloned() else {
            self.refused(Capability::RecordsQuery);
            return Ok(Err(denied(Capability::RecordsQuery)));
        };
        let Some(known) = self.ports.queries.fields(kind) else {
            return Ok(Err(Error::Unavailable(format!("this host has no records of the kind `{kind}`"))));
        };
        let seen = known.iter().filter(|field| asked.fields.contains(&field.name)).cloned().collect();
        Ok(Ok(Granted { asked, fields: seen }))
    }
}

impl Granted {
    /// The field with this name, if it was granted and the kind has it. `at` is the place of the name in the query.
    fn field(&self, name: &str, at: &str) -> Result<&QueryField, Fault> {
        if !self.asked.fields.iter().any(|granted| granted == name) {
            return Err(Fault::Outside);
        }
        let found = self.fields.iter().find(|field| field.name == name);
        found.ok_or_else(|| {
            invalid(at, "unknown", "Ces fiches n’ont pas ce champ.", "These records have no such field.").into()
        })
    }

    fn query(&self, query: Query) -> Result<RecordQuery, Fault> {
        if !(1..=LARGEST_PAGE).contains(&query.limit) {
            return Err(invalid("/limit", "out-of-range", "De 1 à 200 fiches.", "1 to 200 records.").into());
        }
        if query.conditions.len() > MOST_CONDITIONS {
            return Err(invalid("/conditions", "out-of-range", "Au plus 8 conditions.", "At most 8 conditions.").into());
        }
        if query.after.as_ref().is_some_and(|after| after.len() > LONGEST_AFTER) {
            return Err(no_page().into());
        }
        let mut conditions = Vec::new();
        for (at, condition) in query.conditions.iter().enumerate() {
            let at = format!("/conditions/{at}");
            let field = self.field(&condition.field, &format!("{at}/field"))?;
            conditions.push(condition::read(field, condition, &at)?);
        }
        let mut fields = Vec::new();
        for (at, name) in query.fields.iter().enumerate() {
            fields.push(self.field(name, &format!("/fields/{at}"))?.name.clone());
        }
        if fields.is_empty() {
            fields = self.fields.iter().map(|field| field.name.clone()).collect();
        }
        let order = self.order(&query.order)?;
        Ok(RecordQuery { kind: query.kind, conditions, fields, order, after: query.after, limit: query.limit as usize })
    }

    fn order(&self, wanted: &str) -> Result<Order, Fault> {
        let (name, descending) = wanted.strip_prefix('-').map_or((wanted, false), |name| (name, true));
        if name.is_empty() {
            return Ok(Order { field: None, descending });
        }
        let field = self.field(name, "/order")?;
        if !field.sortable {
            let (fr, en) = ("On ne trie pas par ce champ.", "There is no order by this field.");
            return Err(invalid("/order", "not-sortable", fr, en).into());
        }
        Ok(Order { field: Some(field.name.clone()), descending })
    }
}

fn described(field: &QueryField) -> Value {
    let text = |text: &crate::contract::Text| json!({ "fr": text.fr, "en": text.en });
    let mut shown = Map::from_iter([
        ("name".to_owned(), json!(field.name)),
        ("shape".to_owned(), json!(field.word)),
        ("label".to_owned(), text(&field.label)),
        ("sortable".to_owned(), json!(field.sortable)),
        ("filterable".to_owned(), json!(field.filterable)),
        ("personal".to_owned(), json!(field.personal)),
    ]);
    if !field.values.is_empty() {
        let values = field.values.iter().map(|(value, label)| json!({ "value": value, "label": text(label) }));
        shown.insert("values".to_owned(), values.collect());
    }
    Value::Object(shown)
}

fn no_page() -> Error {
    let (fr, en) =
        ("Ce n’est pas le `next` d’une page de cette question.", "This is not the `next` of a page of this query.");
    invalid("/after", "unknown", fr, en)
}

impl crate::seat::Seat {
    /// The store already returns only records of the site. This check protects other sites from a fault in the store.
    fn may_see(&self, entry: &Entry) -> bool {
        self.site.id.is_empty() || entry.site.is_empty() || entry.site == *self.site.id
    }
}
