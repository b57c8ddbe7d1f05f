//! The `q` of a list.

use afpi_core::error::Result;
use afpi_core::scope::ScopedSql;
use afpi_db::{Conn, Sql};
use afpi_http::paging::{PageRequest, Total};
use afpi_platform::state::App;
use uuid::Uuid;

use super::{Kind, matching, nearly, seek};
use crate::description::Description;

/// What a list looks for, and what the index has found for it.
pub struct Sought<'a> {
    kind: Kind,
    description: &'static Description,
    q: Option<&'a str>,
    /// `None`: SQL searches.
    found: Option<Vec<Uuid>>,
}

impl<'a> Sought<'a> {
    pub async fn new(
        app: &App,
        kind: Kind,
        description: &'static Description,
        q: Option<&'a str>,
    ) -> Result<Sought<'a>> {
        Ok(Sought { kind, description, q, found: seek(app, kind, q).await? })
    }

    /// Appends the condition that the record is one of those that the index has found, or else that every word occurs in
    /// a column with the normal form of its texts.
    pub fn narrow(&self, query: &mut Sql) {
        match &self.found {
            Some(ids) => {
                query.push(" AND ").push(self.description.columns.id).push(" IN ").list(ids.iter().copied());
            }
            None => matching(query, self.description.search, self.q),
        }
    }

    /// Counts the rows. When nothing matches, typing errors are forgiven from here on.
    pub async fn total<R>(
        &mut self,
        app: &App,
        conn: &mut Conn,
        page: &PageRequest<R>,
        matching: impl Fn(&Sought) -> ScopedSql,
    ) -> Result<Total> {
        let total = page.total(conn, matching(self)).await?;
        if !total.is_none() || self.found.is_none() {
            return Ok(total);
        }
        self.found = nearly(app, self.kind, self.q).or(Some(vec![]));
        Ok(page.total(conn, matching(self)).await?)
    }
}
