//! A run's row: its states, how it moves between them, its progress and counts. The row is the truth; jobs only drive
//! it.
//!
//! ```text
//! queued → fetching → staged   (a preview waits here for a person)
//!                   → held     (a list suspiciously short waits here for a person)
//!                   → applying → done → undoing → undone
//! any of these → failed        (an error, or somebody cancelled)
//! ```

use afpi_db::{Conn, Json, dialect, sql};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::change::Entity;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result};
use afpi_core::id::{RunId, UserId};

use afpi_core::text::{Text, text};

/// The state of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::EnumString, strum::VariantArray)]
#[strum(serialize_all = "lowercase")]
pub enum State {
    Queued,
    Fetching,
    Staged,
    Held,
    Applying,
    Undoing,
    Done,
    Failed,
    Undone,
}

impl State {
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// An unknown state counts as ended.
    pub fn parse(word: &str) -> State {
        word.parse().unwrap_or(State::Failed)
    }

    /// Is it active, so that no other run of the source may be?
    fn active(self) -> bool {
        matches!(self, State::Queued | State::Fetching | State::Applying | State::Undoing)
    }

    fn over(self) -> bool {
        matches!(self, State::Done | State::Failed | State::Undone)
    }
}

/// Whether a run waits for a person before it applies changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[schema(as = RunMode)]
#[strum(serialize_all = "kebab-case")]
pub enum Mode {
    Preview,
    Apply,
}

impl Mode {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Who started a run: a person, or the schedule.
#[derive(Debug, Clone, Copy)]
pub enum Origin {
    Manual(UserId),
    Schedule,
}

/// How many changes of each kind a run found or made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RunCounts)]
pub struct Counts {
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub skipped: i64,
    pub archived: i64,
    pub missing: i64,
    /// Records with a field that both sides changed.
    #[serde(default)]
    pub conflict: i64,
}

afpi_db::row! {
    /// The row, for the engine.
    pub struct RunRow {
        pub id: RunId, pub source: String, pub mode: String, pub state: String, pub entities: Json<Vec<String>>, pub counts: Json<Counts>,
        pub done: i64, pub total: i64, pub user_id: Option<UserId>,
    }
}

impl RunRow {
    pub fn state(&self) -> State {
        State::parse(&self.state)
    }

    pub fn previews(&self) -> bool {
        self.mode == Mode::Preview.as_str()
    }
}

/// The run. Within a writing transaction it stays locked until the end.
pub async fn load(conn: &mut Conn, id: RunId, lock: bool) -> afpi_db::Result<Option<RunRow>> {
    let mut query =
        sql("SELECT id, source, mode, state, entities, counts, done, total, user_id FROM sync_runs WHERE id = ?")
            .bind(id);
    if lock {
        query.push(dialect::for_update(conn.backend()));
    }
    query.optional(conn).await
}

/// A new, queued run. 409 while another run of its source is active. `source` is the kind of source and its name:
/// `connecteur:ypareo`.
pub async fn create(tx: &mut Conn, source: &str, mode: Mode, origin: Origin, entities: &[Entity]) -> Result<RunId> {
    let id = RunId::generate();
    let (word, user) = match origin {
        Origin::Manual(user) => ("manual", Some(user)),
        Origin::Schedule => ("schedule", None),
    };
    let mut query = sql(
        "INSERT INTO sync_runs (id, source, mode, origin, entities, state, active_key, done, total, counts, user_id, created_at) VALUES ",
    );
    query.rows([[
        id.into(),
        source.into(),
        mode.as_str().into(),
        word.into(),
        afpi_db::Value::json(entities),
        State::Queued.as_str().into(),
        source.into(),
        0i64.into(),
        0i64.into(),
        afpi_db::Value::json(&Counts::default()),
        user.into(),
        Instant::now().into(),
    ]]);
    query.execute(tx).await.map_err(busy)?;
    Ok(id)
}

/// Changes the run's state if it is in one of these states. Returns whether it did. 409 when the source has another
/// active run.
pub async fn go(tx: &mut Conn, id: RunId, from: &[State], to: State, message: Option<&Text>) -> Result<bool> {
    let now = Instant::now();
    let mut query =
        sql("UPDATE sync_runs SET state = ?, message_fr = ?, message_en = ?, finished_at = ?").bind(to.as_str());
    query.arg(message.map(|m| &m.fr)).arg(message.map(|m| &m.en)).arg(to.over().then_some(now));
    query.push(if to.active() { ", active_key = source" } else { ", active_key = NULL" });
    if to == State::Fetching {
        query.push(", started_at = ?").arg(now);
    }
    query.push(" WHERE id = ?").arg(id).push(" AND state IN ").list(from.iter().map(|s| s.as_str()));
    Ok(query.execute(tx).await.map_err(busy)? == 1)
}

/// From now on the run works in the name of this person.
pub async fn of_person(tx: &mut Conn, id: RunId, user: UserId) -> afpi_db::Result<()> {
    sql("UPDATE sync_runs SET user_id = ? WHERE id = ?").bind(user).bind(id).execute(tx).await.map(drop)
}

fn busy(error: afpi_db::DbError) -> Error {
    if !error.unique_on("active") {
        return error.into();
    }
    Error::new(
        ErrorKind::Conflict,
        text("Un passage est déjà en cours pour cette source", "A run of this source is already under way"),
    )
}

/// The progress of a run.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// The kind of records that is read or applied.
    pub entity: Option<String>,
    pub done: i64,
    /// 0 when unknown.
    pub total: i64,
    pub counts: Counts,
}

/// Writes the progress while the run is in this state. `false` when it is not, because somebody cancelled it.
pub async fn progress(tx: &mut Conn, id: RunId, state: State, progress: &Progress) -> afpi_db::Result<bool> {
    let changed = sql("UPDATE sync_runs SET entity = ?, done = ?, total = ?, counts = ? WHERE id = ? AND state = ?")
        .bind(&progress.entity)
        .bind(progress.done)
        .bind(progress.total)
        .bind(afpi_db::Value::json(&progress.counts))
        .bind(id)
        .bind(state.as_str())
        .execute(tx)
        .await?;
    Ok(changed == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray as _;

    #[test]
    fn states_keep_their_words() {
        for state in State::VARIANTS.iter().copied() {
            assert_eq!(State::parse(state.as_str()), state);
            assert!(!(state.active() && state.over()));
        }
        assert_eq!(State::parse("from a newer version"), State::Failed);
    }

    #[tokio::test]
    async fn one_run_at_a_time_and_no_move_from_a_state_it_has_left() {
        afpi_db::testing::on_both(|db| async move {
            let mut tx = db.begin().await.unwrap();
            let first = create(&mut tx, "p", Mode::Apply, Origin::Schedule, &[]).await.unwrap();
            create(&mut tx, "q", Mode::Apply, Origin::Schedule, &[]).await.unwrap();
            tx.commit().await.unwrap();
            let mut tx = db.begin().await.unwrap();
            assert_eq!(
                create(&mut tx, "p", Mode::Apply, Origin::Schedule, &[]).await.unwrap_err().kind().code(),
                "conflict"
            );
            tx.rollback().await.unwrap();

            let mut tx = db.begin().await.unwrap();
            assert!(go(&mut tx, first, &[State::Queued], State::Fetching, None).await.unwrap());
            assert!(!go(&mut tx, first, &[State::Queued], State::Fetching, None).await.unwrap());
            assert!(!progress(&mut tx, first, State::Applying, &Progress::default()).await.unwrap());
            assert!(
                progress(&mut tx, first, State::Fetching, &Progress { done: 3, ..Progress::default() }).await.unwrap()
            );
            // A run that waits for a person does not block others. To go on, it must be the only active one again.
            assert!(go(&mut tx, first, &[State::Fetching], State::Held, Some(&text("court", "short"))).await.unwrap());
            let second = create(&mut tx, "p", Mode::Apply, Origin::Schedule, &[]).await.unwrap();
            tx.commit().await.unwrap();
            let mut tx = db.begin().await.unwrap();
            let refused = go(&mut tx, first, &[State::Held], State::Applying, None).await.unwrap_err();
            assert_eq!(refused.kind().code(), "conflict");
            tx.rollback().await.unwrap();
            let mut tx = db.begin().await.unwrap();
            assert!(go(&mut tx, second, &[State::Queued], State::Failed, None).await.unwrap());
            assert!(go(&mut tx, first, &[State::Held], State::Applying, None).await.unwrap());
            let row = load(&mut tx, first, true).await.unwrap().unwrap();
            assert_eq!((row.state(), row.done, row.previews()), (State::Applying, 3, false));
        })
        .await;
    }
}
