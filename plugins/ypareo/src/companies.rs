//! The pass's stage for companies. It returns pages of `/entreprises` while the single large answer stays open.

use crate::entreprise::EntrepriseReader;
use crate::failure::{Cause, Failure};
use crate::ground::{Ground, batch, endpoint};
use crate::list::List;
use crate::outside::Outside;
use crate::reading::Refusal;
use crate::settings::EntrepriseFields;
use crate::site::Sites;
use afpi_sdk::connector::Batch;
use std::collections::HashSet;

pub const PATH: &str = "/entreprises";

/// A company whose contacts may be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    pub code: u64,
    pub modified: Option<i64>,
    pub archived: bool,
}

pub struct Companies {
    reader: EntrepriseReader,
    seen: HashSet<u64>,
    /// The contacts' stage needs 24 bytes per company. Keep this small.
    pub subjects: Vec<Subject>,
    records: u64,
}

impl Companies {
    pub fn new(map: &EntrepriseFields) -> Self {
        Companies { reader: EntrepriseReader::new(map), seen: HashSet::new(), subjects: Vec::new(), records: 0 }
    }

    /// Returns one page. True if the list has ended properly.
    pub fn page<O: Outside>(
        &mut self,
        ground: &mut Ground<O>,
        sites: &Sites,
        list: &mut List<O::Answer>,
        page: usize,
    ) -> Result<(Batch, bool), Failure> {
        let mut batch = batch("entreprise");
        let mut ended = false;
        while batch.items.len() + batch.skipped.len() < page {
            let Some(picked) = list.next(&self.reader.paths)? else {
                ended = true;
                break;
            };
            self.records += 1;
            match self.reader.read(&picked, sites) {
                Ok(company) if !self.seen.insert(company.code) => {
                    batch.skipped.push(Refusal::twice(company.code).skipped("entreprise"));
                }
                Ok(company) => {
                    let item = company.taken.item;
                    ground.notes.add(&ground.outside, "entreprise", &item.external_id, &company.taken.flaws);
                    self.subjects.push(Subject {
                        code: company.code,
                        modified: company.modified,
                        archived: item.archived,
                    });
                    batch.items.push(item);
                }
                Err(refusal) => batch.skipped.push(refusal.skipped("entreprise")),
            }
        }
        if ended && self.records > 0 && self.subjects.is_empty() {
            return Err(Failure::new(&endpoint(PATH), Cause::NothingReadable));
        }
        batch.done = self.records;
        if ended {
            batch.total = self.records;
        }
        Ok((batch, ended))
    }
}
