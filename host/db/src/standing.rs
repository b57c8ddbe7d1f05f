//! How the tables of a database stand to this program: who is newer, and can the two work together?
//!
//! Tables grow first and shrink later (CONTRIBUTING.md, « Add a migration »): a program works on the tables of the next
//! ones. A migration after which it cannot writes its own number into `compatibility.min_version`.

use std::collections::BTreeSet;

use crate::{Conn, Db, DbError, Result, catalogue, load, migrations, sql};

/// The migrations of a database, and those that this program knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The newest one in the database. `None` without tables.
    pub applied: Option<i64>,
    /// The newest one that this program knows.
    pub newest: i64,
    /// Those that the database lacks.
    pub missing: Vec<i64>,
    /// Those that this program does not know.
    pub unknown: Vec<i64>,
    /// A program must know this one to use the tables.
    pub needs: i64,
    /// Did a restore begin here that has not ended?
    pub unfinished: bool,
}

impl Db {
    pub async fn standing(&self) -> Result<Standing> {
        Standing::read(&mut self.read().await?).await
    }
}

impl Standing {
    /// The same, as this connection sees the database.
    pub async fn read(conn: &mut Conn) -> Result<Standing> {
        let known = migrations::numbers(conn.backend())?;
        let mut applied = BTreeSet::new();
        if catalogue::has_table(conn, "_sqlx_migrations").await? {
            applied.extend(
                sql("SELECT version FROM _sqlx_migrations").all::<(i64,)>(conn).await?.into_iter().map(|v| v.0),
            );
        }
        let needs = match catalogue::has_table(conn, "compatibility").await? {
            true => sql("SELECT min_version FROM compatibility WHERE one = 1").optional::<(i64,)>(conn).await?,
            false => None,
        };
        Ok(Standing {
            applied: applied.last().copied(),
            newest: known.last().copied().unwrap_or_default(),
            missing: known.difference(&applied).copied().collect(),
            unknown: applied.difference(&known).copied().collect(),
            needs: needs.map_or(0, |(version,)| version),
            unfinished: load::is_unfinished(conn).await?,
        })
    }

    /// Can this program use these tables, once it has applied what is missing?
    pub fn check(&self) -> Result<()> {
        if self.unfinished {
            let words = "a restore into this database has begun and not ended: run `afpi restore` again";
            return Err(DbError::Schema(words.to_owned()));
        }
        let Some(first) = self.unknown.first() else { return Ok(()) };
        if self.missing.is_empty() && self.needs <= self.newest {
            return Ok(());
        }
        Err(DbError::Schema(if self.missing.is_empty() {
            format!(
                "this program is too old for the database: the tables need one that knows migration {}, and this one knows \
                 them up to {}. Start the newer program, or restore a backup from before the upgrade",
                self.needs, self.newest
            )
        } else {
            format!(
                "the database is of another product line: migration {first} is missing in this program, and migration {} \
                 is missing in the database",
                self.missing[0]
            )
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(missing: &[i64], unknown: &[i64], needs: i64) -> Standing {
        let (missing, unknown) = (missing.to_vec(), unknown.to_vec());
        Standing { applied: Some(60), newest: 55, missing, unknown, needs, unfinished: false }
    }

    #[test]
    fn a_program_uses_newer_tables_that_it_fits() {
        for (fits, standing) in [
            (true, standing(&[], &[], 50)),
            (true, standing(&[55], &[], 50)),
            (true, standing(&[], &[60], 55)),
            (false, standing(&[], &[60], 56)),
            (false, standing(&[55], &[60], 50)),
            (false, Standing { unfinished: true, ..standing(&[], &[], 50) }),
        ] {
            assert_eq!(standing.check().is_ok(), fits, "{standing:?}");
        }
        let said = standing(&[], &[60], 56).check().unwrap_err().to_string();
        assert!(said.contains("too old") && said.contains("56") && said.contains("55"), "{said}");
    }
}
