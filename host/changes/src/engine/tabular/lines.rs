//! What is the same for all kinds of [`Tabular`] records: planning, applying and undoing the lines of a file.

use afpi_db::Conn;
use async_trait::async_trait;
use serde_json::Value;
use uuid::Uuid;

use super::{Ground, Stands, Tabular, reason};
use crate::engine::change::{Action, Change, Entity, Fields, Staged, cut};
use crate::engine::editable::Editable;
use crate::engine::fields::differences;
use crate::engine::merge;
use crate::engine::sites::Sites;
use crate::engine::stage::{Stage, Taken};
use crate::engine::{Stop, apply, undo};
use afpi_core::error::{Error, ErrorKind};
use afpi_core::text::{Text, text};

/// Records of this kind as records that runs change.
pub struct Lines(pub &'static dyn Tabular);

#[async_trait]
impl Editable for Lines {
    fn entity(&self) -> Entity {
        self.0.entity()
    }

    async fn plan(
        &self,
        stage: &mut Stage,
        conn: &mut Conn,
        taken: Vec<Taken>,
        changes: &mut Vec<Change>,
    ) -> Result<(), Stop> {
        for taken in taken {
            let mut change = self.compare(stage, conn, &taken).await?;
            stage.explain(&mut change, self.entity(), &taken, &[]);
            changes.push(change);
        }
        Ok(())
    }

    fn writes(&self, action: Action) -> bool {
        matches!(action, Action::Created | Action::Updated | Action::Conflict)
    }

    async fn apply(
        &self,
        tx: &mut Conn,
        batch: &mut apply::Batch<'_>,
        changes: &[&Staged],
        _: &Sites,
    ) -> Result<(), Stop> {
        let ground = batch.ground()?;
        for change in changes {
            let written = match change.action {
                Action::Created => self.0.create(tx, ground, ground.act(batch.now), change.record, &change.after).await,
                _ => self.update(tx, batch, ground, change).await,
            };
            if let Err(reason) = self.refusal(written)? {
                batch.refuse(change, reason);
            }
        }
        Ok(())
    }

    async fn undo(
        &self,
        tx: &mut Conn,
        batch: &mut undo::Batch<'_>,
        changes: &[&Staged],
        _: &Sites,
    ) -> Result<(), Stop> {
        let ground = batch.ground()?;
        for change in changes {
            // A record that is gone needs no undoing.
            let Some(stands) = self.0.read(tx, ground, change.record).await? else { continue };
            let act = ground.act(batch.now);
            let undone = match change.action {
                Action::Created if stands.version > 1 => {
                    batch.keep(change, text("conservée : modifiée depuis", "kept: changed since"));
                    continue;
                }
                Action::Created => self.0.remove(tx, act, change.record).await,
                _ => {
                    let (values, kept) = restored(change, &stands);
                    if !kept.is_empty() {
                        batch.keep(change, left_alone(self.0, &kept));
                    }
                    match values.is_empty() {
                        true => Ok(()),
                        false => self.0.update(tx, ground, act, change.record, &values).await,
                    }
                }
            };
            if let Err(reason) = self.refusal(undone)? {
                batch.keep(change, text(format!("conservée : {}", reason.fr), format!("kept: {}", reason.en)));
            }
        }
        Ok(())
    }
}

impl Lines {
    /// The change that a line causes.
    async fn compare(&self, stage: &mut Stage, conn: &mut Conn, taken: &Taken) -> Result<Change, Stop> {
        let ground = stage.ground()?;
        let kind = self.0;
        let skip = |label: &str, why: Text| Change::skipped(kind.entity().as_str(), &taken.external_id, label, why);
        let found = match self.refusal(kind.find(conn, &ground, &taken.sent).await)? {
            Ok(found) => found,
            Err(reason) => return Ok(skip("", reason)),
        };
        let earlier = stage.keys.entry(found.key).or_insert_with(|| taken.external_id.clone());
        if *earlier != taken.external_id {
            let twice =
                text(format!("même fiche que la ligne {earlier}"), format!("the same record as line {earlier}"));
            return Ok(skip(&found.label, twice));
        }
        let here = match found.record {
            Some(id) => match kind.read(conn, &ground, id).await? {
                Some(here) => Some((id, here)),
                None => return Ok(skip(&found.label, out_of_sight())),
            },
            None => None,
        };
        let stands = here.as_ref().map(|(_, stands)| &stands.fields);
        let mut line = taken.sent.clone();
        stage.fill(kind.entity(), &mut line, stands);
        let after = match self.refusal(kind.check(conn, &ground, line, stands).await)? {
            Ok(after) => after,
            Err(reason) => return Ok(skip(&found.label, reason)),
        };
        let base = Change { reason: None, ..skip(&found.label, text("", "")) };
        Ok(match here {
            None => Change {
                action: Action::Created,
                record: Some(Uuid::now_v7()),
                label: cut(&found.label, 250),
                after: Some(after),
                ..base
            },
            Some((id, stands)) => {
                let (before, after) = differences(&stands.fields, &after);
                let action = if after.is_empty() { Action::Unchanged } else { Action::Updated };
                let (before, after) = (!after.is_empty()).then_some((before, after)).unzip();
                Change { action, record: Some(id), before, after, ..base }
            }
        })
    }

    /// Sets the fields of a known record that nobody has changed since the preview.
    async fn update(
        &self,
        tx: &mut Conn,
        batch: &mut apply::Batch<'_>,
        ground: &Ground,
        change: &Staged,
    ) -> Result<(), Error> {
        let gone = || Error::new(ErrorKind::NotFound, out_of_sight());
        let stands = self.0.read(tx, ground, change.record).await?.ok_or_else(gone)?;
        let mut wanted = change.after.clone();
        let overtaken = merge::overtaken(self.entity(), &stands.fields, &change.before, &mut wanted);
        let (before, after) = differences(&stands.fields, &wanted);
        if !after.is_empty() {
            self.0.update(tx, ground, ground.act(batch.now), change.record, &after).await?;
        }
        Ok(batch.applied(tx, change, before, after, overtaken).await?)
    }

    /// Tells a refusal of the line from a failure that ends or repeats the work.
    fn refusal<T>(&self, result: Result<T, Error>) -> Result<Result<T, Text>, Stop> {
        match result {
            Ok(done) => Ok(Ok(done)),
            Err(error) => match error.kind() {
                ErrorKind::Unavailable | ErrorKind::Contention | ErrorKind::Internal => Err(error.into()),
                _ => Ok(Err(reason(self.0, &error))),
            },
        }
    }
}

/// The old values of the fields that still are as the run set them, and the names of the others.
fn restored<'c>(change: &'c Staged, stands: &Stands) -> (Fields, Vec<&'c str>) {
    let (mut values, mut kept) = (Fields::new(), Vec::new());
    for (name, value) in &change.after {
        if stands.fields.get(name) == Some(value) {
            values.insert(name.clone(), change.before.get(name).cloned().unwrap_or(Value::Null));
        } else {
            kept.push(name.as_str());
        }
    }
    (values, kept)
}

fn left_alone(kind: &dyn Tabular, names: &[&str]) -> Text {
    let labels = |fr: bool| -> String {
        let label = |name: &&str| {
            let column = kind.columns().iter().find(|column| column.name == *name);
            column.map_or((*name).to_owned(), |column| (if fr { column.label.0 } else { column.label.1 }).to_owned())
        };
        names.iter().map(label).collect::<Vec<_>>().join(", ")
    };
    text(
        format!("modifiés depuis, laissés tels quels : {}", labels(true)),
        format!("changed since, left as they are: {}", labels(false)),
    )
}

fn out_of_sight() -> Text {
    text("cette fiche n'existe pas (plus) pour vous", "this record does not exist for you (any more)")
}
