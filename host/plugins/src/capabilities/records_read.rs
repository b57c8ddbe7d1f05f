//! `records-read`: opportunités and entreprises of the seat's site, of the kinds that the manifest declares, page by
//! page.

use super::{denied, invalid, space};
use crate::bindings::host::afpi::host::records_read::{Criterion, EntreprisePage, Host, OpportunitePage, PageRequest};
use crate::contract::{Entreprise, Error, Opportunite};
use crate::ports::{After, EntrepriseFilter, OpportuniteFilter, StoreError};
use crate::seat::Seat;
use crate::state::CallState;
use afpi_plugin_manifest::{Capability, RecordKind};

/// The costs in a call's host budget: for one record, and for a page.
const COST: u32 = 20;
const PAGE_COST: u32 = 200;
const LARGEST_PAGE: u32 = 200;
const MOST_CRITERIA: usize = 8;

impl Host for CallState {
    async fn get_opportunite(&mut self, id: String) -> wasmtime::Result<Result<Opportunite, Error>> {
        if !self.may_read(RecordKind::Opportunites, COST)? {
            return Ok(Err(denied(Capability::RecordsRead)));
        }
        let (ports, seat) = (self.ports.clone(), self.seat.clone());
        let found = self.outside(ports.records.opportunite(space(&seat), &id)).await;
        Ok(one(found, &id, |record| shown_opportunite(&seat, record)))
    }

    async fn list_opportunites(&mut self, page: PageRequest) -> wasmtime::Result<Result<OpportunitePage, Error>> {
        if !self.may_read(RecordKind::Opportunites, PAGE_COST)? {
            return Ok(Err(denied(Capability::RecordsRead)));
        }
        let (filter, after) = match opportunite_filter(&page.criteria).and_then(|filter| Ok((filter, bounds(&page)?))) {
            Ok(asked) => asked,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let (ports, seat) = (self.ports.clone(), self.seat.clone());
        // The store is asked for one more record, which shows whether there is a next page.
        let most = page.limit as usize + 1;
        let found = self.outside(ports.records.opportunites(space(&seat), &filter, after.as_ref(), most)).await;
        Ok(found.map_err(unavailable).map(|mut items| {
            let next = next(&mut items, page.limit, |last| (last.created_at, &last.id));
            OpportunitePage {
                items: items.into_iter().filter_map(|record| shown_opportunite(&seat, record)).collect(),
                next,
            }
        }))
    }

    async fn get_entreprise(&mut self, id: String) -> wasmtime::Result<Result<Entreprise, Error>> {
        if !self.may_read(RecordKind::Entreprises, COST)? {
            return Ok(Err(denied(Capability::RecordsRead)));
        }
        let (ports, seat) = (self.ports.clone(), self.seat.clone());
        let found = self.outside(ports.records.entreprise(space(&seat), &id)).await;
        Ok(one(found, &id, |record| Some(record).filter(|record| seat.sees(&record.localisation))))
    }

    async fn list_entreprises(&mut self, page: PageRequest) -> wasmtime::Result<Result<EntreprisePage, Error>> {
        if !self.may_read(RecordKind::Entreprises, PAGE_COST)? {
            return Ok(Err(denied(Capability::RecordsRead)));
        }
        let (filter, after) = match entreprise_filter(&page.criteria).and_then(|filter| Ok((filter, bounds(&page)?))) {
            Ok(asked) => asked,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let (ports, seat) = (self.ports.clone(), self.seat.clone());
        let most = page.limit as usize + 1;
        let found = self.outside(ports.records.entreprises(space(&seat), &filter, after.as_ref(), most)).await;
        Ok(found.map_err(unavailable).map(|mut items| {
            let next = next(&mut items, page.limit, |last| (last.created_at, &last.id));
            items.retain(|record| seat.sees(&record.localisation));
            EntreprisePage { items, next }
        }))
    }
}

impl CallState {
    /// Checks the grant and that the manifest names this kind. Every refusal is counted.
    fn may_read(&mut self, kind: RecordKind, cost: u32) -> wasmtime::Result<bool> {
        if !self.admit(Capability::RecordsRead, cost)? {
            return Ok(false);
        }
        let declared = self.seat.plugin.manifest().capabilities.records.contains(&kind);
        if !declared {
            self.refused(Capability::RecordsRead);
        }
        Ok(declared)
    }
}

impl Seat {
    /// The store already returns only records of the site. This check protects other sites from a fault in the store.
    fn sees(&self, localisation: &str) -> bool {
        self.site.id.is_empty() || *self.site.id == *localisation
    }
}

/// Removes the notes of the workflow plugin, because only that plugin may read them.
fn shown_opportunite(seat: &Seat, mut record: Opportunite) -> Option<Opportunite> {
    record.state.clear();
    Some(record).filter(|record| seat.sees(&record.localisation))
}

fn one<R>(found: Result<Option<R>, StoreError>, id: &str, show: impl Fn(R) -> Option<R>) -> Result<R, Error> {
    let id = || id.chars().take(36).collect();
    found.map_err(unavailable)?.and_then(show).ok_or_else(|| Error::NotFound(id()))
}

fn unavailable(error: StoreError) -> Error {
    Error::Unavailable(error.to_string())
}

/// Removes the additional record. Returns the cursor after the last record of the page, if there are more.
fn next<R>(items: &mut Vec<R>, limit: u32, place: impl Fn(&R) -> (i64, &String)) -> Option<String> {
    if items.len() <= limit as usize {
        return None;
    }
    items.truncate(limit as usize);
    let (created_at, id) = place(items.last()?);
    Some(format!("{created_at}.{id}"))
}

fn bounds(page: &PageRequest) -> Result<Option<After>, Error> {
    if !(1..=LARGEST_PAGE).contains(&page.limit) {
        return Err(invalid("/limit", "out-of-range", "Une page a de 1 à 200 fiches.", "A page has 1 to 200 records."));
    }
    let Some(cursor) = &page.after else { return Ok(None) };
    let after = cursor.split_once('.').and_then(|(at, id)| {
        let readable = (1..=36).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        Some(After { created_at: at.parse().ok()?, id: id.to_owned() }).filter(|_| readable)
    });
    let after = after.ok_or_else(|| {
        invalid("/after", "unknown", "Ce n’est pas le `next` d’une page.", "This is not the `next` of a page.")
    })?;
    Ok(Some(after))
}

fn opportunite_filter(criteria: &[Criterion]) -> Result<OpportuniteFilter, Error> {
    let mut filter = OpportuniteFilter::default();
    each(criteria, |field, value| match field {
        "section" => put(&mut filter.section, Some(value.to_owned())),
        "status" => put(&mut filter.status, Some(value.to_owned())),
        "entreprise" => put(&mut filter.entreprise, Some(value.to_owned())),
        "commercial" => put(&mut filter.commercial, Some(value.to_owned())),
        "created-since" => put(&mut filter.created_since, value.parse().ok()),
        _ => Fault::Unknown,
    })?;
    Ok(filter)
}

fn entreprise_filter(criteria: &[Criterion]) -> Result<EntrepriseFilter, Error> {
    let mut filter = EntrepriseFilter::default();
    each(criteria, |field, value| match field {
        "siret" => put(&mut filter.siret, Some(value.to_owned())),
        "active" => put(&mut filter.active, value.parse().ok()),
        "updated-since" => put(&mut filter.updated_since, value.parse().ok()),
        _ => Fault::Unknown,
    })?;
    Ok(filter)
}

enum Fault {
    None,
    Unknown,
    Twice,
    Value,
}

fn put<T>(place: &mut Option<T>, value: Option<T>) -> Fault {
    match (place.is_some(), value) {
        (true, _) => Fault::Twice,
        (false, None) => Fault::Value,
        (false, value) => {
            *place = value;
            Fault::None
        }
    }
}

fn each(criteria: &[Criterion], mut take: impl FnMut(&str, &str) -> Fault) -> Result<(), Error> {
    if criteria.len() > MOST_CRITERIA {
        return Err(invalid("/criteria", "out-of-range", "Au plus 8 critères.", "At most 8 criteria."));
    }
    for (at, criterion) in criteria.iter().enumerate() {
        let refuse = |part, code, fr, en| Err(invalid(&format!("/criteria/{at}/{part}"), code, fr, en));
        match take(&criterion.field, &criterion.value) {
            Fault::None => {}
            Fault::Unknown => return refuse("field", "unknown", "Critère inconnu.", "Unknown criterion."),
            Fault::Twice => return refuse("field", "twice", "Critère donné deux fois.", "Criterion given twice."),
            Fault::Value => return refuse("value", "malformed", "Valeur illisible.", "Unreadable value."),
        }
    }
    Ok(())
}
