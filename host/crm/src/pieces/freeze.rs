//! Freezes the documents that a decision issues. Refuses a decision that contradicts frozen ones.

use std::collections::HashMap;

use afpi_db::{Conn, DbError};
use afpi_plugins::contract::workflow::Numbering;
use serde_json::{Map, Value};

use super::store::{self, Issue, Shelf};
use super::{adopt, attended, payer};
use crate::facturation;
use crate::opportunites::stored::StoredOpportunite;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result, internal};

use afpi_platform::pieces::{Found, Terms, Told};
use afpi_platform::plugins::failures::wrong_answer;
use afpi_platform::state::App;
use afpi_platform::workflow::Definition;

/// The parts of a decision that concern pieces.
pub struct Decided<'a> {
    /// The opportunité as the plugin saw it.
    pub before: &'a StoredOpportunite,
    pub definition: &'a Definition,
    /// The documents with their numbers filled in.
    pub data: &'a str,
    pub numberings: &'a [Numbering],
    pub now: Instant,
}

/// Freezes newly issued documents, in the transaction that numbers them.
///
/// # Errors
/// 502 when the documents contradict a frozen piece or payment, or issue a document without a number from a series.
/// This is the plugin's fault and is counted in `afpi_plugin_wrong_decisions_total`. 422 when more is billed than was
/// attended and no reason says why.
pub async fn freeze(app: &App, tx: &mut Conn, decided: &Decided<'_>) -> Result<()> {
    let Decided { before, definition, .. } = decided;
    let documents: Map<String, Value> =
        serde_json::from_str(decided.data).map_err(|e| internal(format!("documents of a decision: {e}")))?;
    let mut told = definition.issued(&documents);
    told.pieces.extend(undeclared(&told, &documents, decided));
    if told.is_empty() && definition.issued(&before.documents()?).is_empty() {
        return Ok(());
    }
    let mut shelf = if before.pieces_kept {
        store::load(tx, before.id).await?
    } else {
        adopt::into_shelf(tx, before, definition).await?
    };
    let fault = |cause: String| -> Error {
        let site = app.plugins.site_code(before.localisation_id);
        app.metrics.plugin_wrong_decisions.with_label_values(&[&definition.workflow.id, &site]).inc();
        wrong_answer(&cause)
    };
    agree(&told, &shelf, definition).map_err(fault)?;
    let new = issued(&told, &shelf, decided).map_err(fault)?;
    attended::measure(tx, before.id, &documents, &told, &new).await?;
    if !new.is_empty() {
        let company = payer::company(tx, before.entreprise_id).await?;
        let issue = Issue { of: before, workflow: &definition.workflow, company, now: decided.now };
        let known = shelf.pieces.len();
        match store::add_pieces(tx, &issue, &mut shelf, new).await {
            Err(DbError::Unique(_)) => return Err(fault("it issued a number a second time".into())),
            other => other?,
        }
        for piece in &shelf.pieces[known..] {
            super::issued::tell(tx, piece.id).await?;
        }
    }
    let payments = &told.payments[shelf.payments.len().min(told.payments.len())..];
    store::add_payments(tx, before, &mut shelf, payments, decided.now).await?;
    if !before.creances_kept {
        facturation::mark(tx, before, &told).await?;
    }
    Ok(facturation::keep(tx, before, &told.drafts).await?)
}

/// Numbered objects that no form declares. They are kept as they are, without any check.
fn undeclared(told: &Told, documents: &Map<String, Value>, decided: &Decided<'_>) -> Vec<Found> {
    let root = Value::Object(documents.clone());
    let numbered = |numbering: &Numbering| {
        let (parent, name) = numbering.pointer.rsplit_once('/')?;
        if told.pieces.iter().any(|piece| piece.pointer == parent) {
            return None;
        }
        let document = root.pointer(parent)?;
        let section = parent.split('/').nth(1)?.replace("~1", "/").replace("~0", "~");
        let terms = Terms {
            kind: numbering.series.clone(),
            number: document.get(name.replace("~1", "/").replace("~0", "~"))?.as_str()?.to_owned(),
            version: 1,
            issued_on: decided.now.day().to_string(),
            ..Terms::default()
        };
        Some(Found {
            section,
            pointer: parent.to_owned(),
            terms,
            document: document.clone(),
            company_pays: false,
            in_place: false,
            recalls: false,
            owed: false,
            attended: None,
        })
    };
    decided.numberings.iter().filter_map(numbered).collect()
}

/// Are all frozen pieces and payments still in the documents, unchanged?
fn agree(told: &Told, shelf: &Shelf, definition: &Definition) -> Result<(), String> {
    let by_key: HashMap<_, &Found> = told.pieces.iter().filter(|p| !p.recalls).map(|p| (key(&p.terms), p)).collect();
    for kept in &shelf.pieces {
        let listed = definition.section(&kept.section).is_some_and(|section| section.declared.lists(&kept.terms.kind));
        match by_key.get(&key(&kept.terms)) {
            Some(found) if found.terms == kept.terms => {}
            Some(_) => return Err(format!("it changed {} after it was issued", kept.terms.number)),
            None if listed => return Err(format!("it removed {} after it was issued", kept.terms.number)),
            None => {}
        }
    }
    let same = shelf.payments.iter().zip(&told.payments).all(|(kept, told)| kept == told);
    if told.declares_payments && !(same && shelf.payments.len() <= told.payments.len()) {
        return Err("it changed or removed a payment".into());
    }
    Ok(())
}

/// The pieces that this decision issues, with their series.
fn issued<'a>(told: &'a Told, shelf: &Shelf, decided: &Decided<'_>) -> Result<Vec<(String, &'a Found)>, String> {
    let today = decided.now.day().to_string();
    let mut new = Vec::new();
    for piece in told.pieces.iter().filter(|piece| !piece.recalls && shelf.find(&piece.terms).is_none()) {
        let terms = &piece.terms;
        let numbering =
            decided.numberings.iter().find(|n| n.pointer.rsplit_once('/').is_some_and(|(at, _)| at == piece.pointer));
        // A new version keeps its number.
        let earlier = || {
            shelf.pieces.iter().rfind(|kept| {
                kept.terms.kind == terms.kind && kept.terms.number == terms.number && kept.terms.version < terms.version
            })
        };
        let series = match numbering {
            Some(numbering) => numbering.series.clone(),
            None => earlier()
                .map(|kept| kept.series.clone())
                .ok_or_else(|| format!("it issued {} without a number of a series", terms.number))?,
        };
        if terms.issued_on != today {
            return Err(format!("it dated {} {} on {today}", terms.number, terms.issued_on));
        }
        new.push((series, piece));
    }
    Ok(new)
}

fn key(terms: &Terms) -> (&str, &str, i64) {
    (&terms.kind, &terms.number, terms.version)
}
