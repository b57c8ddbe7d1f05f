//! Keeps what an audit has found.

use std::collections::HashMap;
use std::time::Duration;

use afpi_db::{Conn, Json, Value, sql};
use afpi_plugins::contract::auditor::{Finding, Rule, Severity as Said};

use super::due::{QUIET, REST};
use super::read::{Named, Severity};
use super::records::Known;
use crate::search;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result};
use afpi_core::id::{AnomalieId, LocalisationId, OpportuniteId};
use afpi_platform::state::App;

/// A finding that is gone and that nobody accepted is kept this long.
const GONE: Duration = Duration::from_secs(90 * 24 * 3600);

/// The longest text of the search.
const SEARCH: usize = 2_000;

/// Rows per statement.
const ROWS: usize = 100;

impl From<Said> for Severity {
    fn from(said: Said) -> Severity {
        match said {
            Said::Fault => Severity::Fault,
            Said::Warning => Severity::Warning,
            Said::Notice | Said::Other => Severity::Notice,
        }
    }
}

afpi_db::row! {
    struct Row {
        id: AnomalieId, rule: String, fault_key: String, severity: String, subjects: Json<Vec<Named>>, field: String, message_fr: String,
        message_en: String, gone_at: Option<Instant>,
    }
}

/// A finding in the form in which it is kept.
struct Found<'a> {
    finding: &'a Finding,
    severity: Severity,
    subjects: Vec<Named>,
    opportunites: Vec<OpportuniteId>,
}

impl Found<'_> {
    /// Does this row say the same, of the same opportunités?
    fn is(&self, row: &Row, of: Option<&Vec<OpportuniteId>>) -> bool {
        let finding = self.finding;
        of.map_or(&[][..], Vec::as_slice) == self.opportunites
            && row.gone_at.is_none()
            && row.severity == self.severity.word()
            && row.subjects.0 == self.subjects
            && row.field == finding.field
            && row.message_fr == finding.message.fr
            && row.message_en == finding.message.en
    }
}

/// Keeps the findings of a plugin at a site. One that was known stays the same, with its acceptance, also when it had been
/// gone; one that is not among them is gone.
pub async fn found(
    app: &App,
    site: LocalisationId,
    plugin: &str,
    rules: &[Rule],
    findings: &[Finding],
    known: &HashMap<(String, String), Known>,
    now: Instant,
) -> Result<()> {
    let severities: HashMap<&str, Severity> =
        rules.iter().map(|rule| (rule.id.as_str(), Severity::from(rule.severity))).collect();
    let found: Vec<Found<'_>> = findings.iter().filter_map(|finding| read(finding, &severities, known)).collect();
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let mut query = sql(
            "SELECT id, rule, fault_key, severity, subjects, field, message_fr, message_en, gone_at FROM anomalies \
             WHERE localisation_id = ? AND plugin_id = ?",
        );
        query = query.bind(site).bind(plugin);
        let rows: Vec<Row> = query.all(&mut tx).await?;
        let links = linked(&mut tx, site, plugin).await?;
        let mut before: HashMap<(&str, &str), &Row> =
            rows.iter().map(|row| ((row.rule.as_str(), row.fault_key.as_str()), row)).collect();
        for one in &found {
            match before.remove(&(one.finding.rule.as_str(), one.finding.key.as_str())) {
                Some(row) if one.is(row, links.get(&row.id)) => {}
                Some(row) => update(&mut tx, row, one, now).await?,
                None => insert(&mut tx, site, plugin, one, now).await?,
            }
        }
        let gone: Vec<AnomalieId> = before.values().filter(|row| row.gone_at.is_none()).map(|row| row.id).collect();
        leave(&mut tx, &gone, now).await?;
        sql("UPDATE anomalies SET seen_at = ? WHERE localisation_id = ? AND plugin_id = ? AND gone_at IS NULL")
            .bind(now)
            .bind(site)
            .bind(plugin)
            .execute(&mut tx)
            .await?;
        remember(&mut tx, plugin, rules).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await
}

/// Ends an audit: the findings of plugins that no longer audit this site are gone, and old ones go for good.
pub async fn ended(app: &App, site: LocalisationId, plugins: &[&str], started: Instant, problem: &str) -> Result<()> {
    let now = Instant::now();
    let (acts_until, rests_until) = (started - QUIET, now + now.since(started) * REST);
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let mut query = sql("UPDATE anomalies SET gone_at = ? WHERE localisation_id = ? AND gone_at IS NULL");
        query = query.bind(now).bind(site);
        if !plugins.is_empty() {
            query.push(" AND plugin_id NOT IN ").list(plugins.iter().copied());
        }
        query.execute(&mut tx).await?;
        sql("DELETE FROM anomalies WHERE localisation_id = ? AND gone_at < ? AND accepted_at IS NULL")
            .bind(site)
            .bind(now - GONE)
            .execute(&mut tx)
            .await?;
        sql("DELETE FROM anomalie_controles WHERE localisation_id = ?").bind(site).execute(&mut tx).await?;
        let mut insert =
            sql("INSERT INTO anomalie_controles (localisation_id, day, acts_until, checked_at, rests_until, problem) VALUES ");
        insert.row(vec![
            site.into(),
            started.day().into(),
            acts_until.into(),
            started.into(),
            rests_until.into(),
            problem.into(),
        ]);
        insert.execute(&mut tx).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await
}

/// A finding of a rule that the plugin has named; its subjects are among the records, which `afpi-plugins` has checked.
fn read<'a>(
    finding: &'a Finding,
    severities: &HashMap<&str, Severity>,
    known: &HashMap<(String, String), Known>,
) -> Option<Found<'a>> {
    let severity = *severities.get(finding.rule.as_str())?;
    let subjects: Vec<&Known> =
        finding.subjects.iter().filter_map(|subject| known.get(&(subject.kind.clone(), subject.id.clone()))).collect();
    let mut opportunites: Vec<OpportuniteId> =
        subjects.iter().flat_map(|subject| subject.opportunites.iter().copied()).collect();
    opportunites.sort();
    opportunites.dedup();
    let subjects = subjects.into_iter().map(|subject| subject.named.clone()).collect();
    Some(Found { finding, severity, subjects, opportunites })
}

async fn insert(tx: &mut Conn, site: LocalisationId, plugin: &str, one: &Found<'_>, now: Instant) -> Result<()> {
    let id = AnomalieId::generate();
    let (finding, subject) = (one.finding, &one.subjects[0]);
    let mut insert = sql(
        "INSERT INTO anomalies (id, localisation_id, plugin_id, rule, fault_key, severity, severity_rank, subject_kind, subject_id, \
         subjects, field, message_fr, message_en, search, found_at, seen_at) VALUES ",
    );
    insert.row(vec![
        id.into(),
        site.into(),
        plugin.into(),
        finding.rule.as_str().into(),
        finding.key.as_str().into(),
        one.severity.word().into(),
        one.severity.rank().into(),
        subject.kind.as_str().into(),
        subject.uuid().into(),
        Value::json(&one.subjects),
        finding.field.as_str().into(),
        finding.message.fr.as_str().into(),
        finding.message.en.as_str().into(),
        words(one).into(),
        now.into(),
        now.into(),
    ]);
    insert.execute(tx).await?;
    link(tx, id, &one.opportunites).await
}

async fn update(tx: &mut Conn, row: &Row, one: &Found<'_>, now: Instant) -> Result<()> {
    let (finding, subject) = (one.finding, &one.subjects[0]);
    let mut update = sql("UPDATE anomalies SET severity = ?, severity_rank = ?, subject_kind = ?, subject_id = ?, subjects = ?, field = ?, \
         message_fr = ?, message_en = ?, search = ?, gone_at = NULL")
    .bind(one.severity.word())
    .bind(one.severity.rank())
    .bind(subject.kind.as_str())
    .bind(subject.uuid())
    .bind(Value::json(&one.subjects))
    .bind(finding.field.as_str())
    .bind(finding.message.fr.as_str())
    .bind(finding.message.en.as_str())
    .bind(words(one));
    if row.gone_at.is_some() {
        update.push(", found_at = ?").arg(now);
    }
    update.push(" WHERE id = ?").arg(row.id);
    update.execute(tx).await?;
    sql("DELETE FROM anomalie_opportunites WHERE anomalie_id = ?").bind(row.id).execute(tx).await?;
    link(tx, row.id, &one.opportunites).await
}

/// The opportunités that each finding concerns, in order. One that was in the bin has lost its place here.
async fn linked(tx: &mut Conn, site: LocalisationId, plugin: &str) -> Result<HashMap<AnomalieId, Vec<OpportuniteId>>> {
    let query = sql(
        "SELECT x.anomalie_id, x.opportunite_id FROM anomalie_opportunites x JOIN anomalies a ON a.id = x.anomalie_id \
         WHERE a.localisation_id = ? AND a.plugin_id = ? ORDER BY x.anomalie_id, x.opportunite_id",
    );
    let mut links: HashMap<AnomalieId, Vec<OpportuniteId>> = HashMap::new();
    for (finding, opportunite) in query.bind(site).bind(plugin).all::<(AnomalieId, OpportuniteId)>(tx).await? {
        links.entry(finding).or_default().push(opportunite);
    }
    Ok(links)
}

async fn link(tx: &mut Conn, id: AnomalieId, opportunites: &[OpportuniteId]) -> Result<()> {
    for some in opportunites.chunks(ROWS) {
        let mut insert = sql("INSERT INTO anomalie_opportunites (anomalie_id, opportunite_id) VALUES ");
        insert.rows(some.iter().map(|opportunite| [id.into(), (*opportunite).into()]));
        insert.execute(tx).await?;
    }
    Ok(())
}

async fn leave(tx: &mut Conn, gone: &[AnomalieId], now: Instant) -> Result<()> {
    for some in gone.chunks(ROWS) {
        let mut update = sql("UPDATE anomalies SET gone_at = ? WHERE id IN ").bind(now);
        update.list(some.iter().copied());
        update.execute(tx).await?;
    }
    Ok(())
}

/// What `?q=` looks in.
fn words(one: &Found<'_>) -> String {
    let message = &one.finding.message;
    let labels = one.subjects.iter().map(|subject| subject.label.as_str());
    search::index([message.fr.as_str(), message.en.as_str()].into_iter().chain(labels), SEARCH)
}

async fn remember(tx: &mut Conn, plugin: &str, rules: &[Rule]) -> Result<()> {
    sql("DELETE FROM anomalie_regles WHERE plugin_id = ?").bind(plugin).execute(tx).await?;
    let numbered: Vec<(i64, &Rule)> = (1..).zip(rules).collect();
    for some in numbered.chunks(ROWS) {
        let mut insert = sql(
            "INSERT INTO anomalie_regles (plugin_id, rule, position, severity, label_fr, label_en, source_fr, source_en) VALUES ",
        );
        insert.rows(some.iter().map(|(position, rule)| {
            [
                plugin.into(),
                rule.id.as_str().into(),
                (*position).into(),
                Severity::from(rule.severity).word().into(),
                rule.label.fr.as_str().into(),
                rule.label.en.as_str().into(),
                rule.source.fr.as_str().into(),
                rule.source.en.as_str().into(),
            ]
        }));
        insert.execute(tx).await?;
    }
    Ok(())
}
