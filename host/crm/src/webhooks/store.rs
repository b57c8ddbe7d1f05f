//! Webhooks in the database. The secret is sealed for its place, as other stored secrets are.

use std::collections::HashMap;

use afpi_db::{Conn, sql};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Webhook;
use afpi_core::clock::Instant;
use afpi_core::error::{Result, field, invalid, not_found};
use afpi_core::id::{LocalisationId, WebhookId};
use afpi_core::text::text;
use afpi_platform::events::Kind;
use afpi_platform::localisations::LocalisationRef;

/// The stored form of events: words with commas between.
pub(super) fn stored(events: impl IntoIterator<Item = Kind>) -> String {
    let mut words: Vec<&str> = events.into_iter().map(Kind::id).collect();
    words.sort_unstable();
    words.dedup();
    words.join(",")
}

/// What another version of the program wrote and this one does not know counts for nothing.
pub(super) fn events(stored: &str) -> Vec<Kind> {
    stored.split(',').filter_map(|word| word.parse().ok()).collect()
}

/// Replaces the sites of a webhook. 422 when one does not exist.
pub(super) async fn replace_sites(tx: &mut Conn, id: WebhookId, sites: &[Uuid]) -> Result<()> {
    sql("DELETE FROM webhook_localisations WHERE webhook_id = ?").bind(id).execute(tx).await?;
    for (at, site) in sites.iter().enumerate() {
        if sql("SELECT 1 FROM localisations WHERE id = ?").bind(*site).optional::<(i64,)>(tx).await?.is_none() {
            let message = text("Localisation inconnue.", "Unknown localisation.");
            return Err(invalid(vec![field(format!("/localisationIds/{at}"), "unknown", message)]));
        }
        if !sites[..at].contains(site) {
            let insert = sql("INSERT INTO webhook_localisations (webhook_id, localisation_id) VALUES (?, ?)");
            insert.bind(id).bind(*site).execute(tx).await?;
        }
    }
    Ok(())
}

/// What the journal tells of a webhook.
pub(super) fn told(webhook: &Webhook) -> Value {
    let sites: Vec<_> = webhook.localisations.iter().map(|site| &site.code).collect();
    json!({"name": webhook.name, "url": webhook.url, "events": webhook.events, "sites": sites, "active": webhook.active})
}

afpi_db::row! {
    struct WebhookRow {
        id: WebhookId, name: String, url: String, events: String, active: bool, failing_since: Option<Instant>,
        switched_off_at: Option<Instant>, created_at: Instant, created_by: String, version: i64,
    }
}

/// All webhooks, the newest first.
pub(super) async fn all(conn: &mut Conn) -> Result<Vec<Webhook>> {
    read(conn, None).await
}

/// The webhook with this id.
pub(super) async fn load(conn: &mut Conn, id: WebhookId) -> Result<Webhook> {
    read(conn, Some(id)).await?.pop().ok_or_else(not_found)
}

async fn read(conn: &mut Conn, only: Option<WebhookId>) -> Result<Vec<Webhook>> {
    let mut query =
        sql("SELECT w.id, w.name, w.url, w.events, w.active, w.failing_since, w.switched_off_at, w.created_at, \
         u.name AS created_by, w.version FROM webhooks w JOIN users u ON u.id = w.created_by");
    if let Some(id) = only {
        query.push(" WHERE w.id = ?").arg(id);
    }
    query.push(" ORDER BY w.created_at DESC, w.id");
    let rows: Vec<WebhookRow> = query.all(conn).await?;
    let mut query = sql("SELECT wl.webhook_id, l.id, l.code, l.name FROM webhook_localisations wl \
         JOIN localisations l ON l.id = wl.localisation_id WHERE wl.webhook_id IN ");
    query.list(rows.iter().map(|row| row.id)).push(" ORDER BY l.code");
    let mut sites: HashMap<WebhookId, Vec<LocalisationRef>> = HashMap::new();
    for (webhook, id, code, name) in query.all::<(WebhookId, LocalisationId, String, String)>(conn).await? {
        sites.entry(webhook).or_default().push(LocalisationRef { id, code, name });
    }
    let webhook = |row: WebhookRow| Webhook {
        localisations: sites.remove(&row.id).unwrap_or_default(),
        events: events(&row.events),
        id: row.id,
        name: row.name,
        url: row.url,
        active: row.active,
        failing_since: row.failing_since,
        switched_off_at: row.switched_off_at,
        created_at: row.created_at,
        created_by: row.created_by,
        version: row.version,
    };
    Ok(rows.into_iter().map(webhook).collect())
}
