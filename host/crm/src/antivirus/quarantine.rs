//! What a finding does: everything that refers to the content says so in its journal, who brought it is told, and what was
//! made of it goes.

use std::collections::BTreeSet;

use afpi_db::{Conn, sql};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Scan;
use crate::attachments::holder;
use crate::notifications::notice::{Notice, tell};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result};
use afpi_core::id::{AttachmentId, LegalEntityId, LocalisationId, OpportuniteId, UserId};
use afpi_core::scope::Scope;
use afpi_core::text::text;
use afpi_platform::bus::BusEvent;
use afpi_platform::events::{self, Event, Record};
use afpi_platform::journal::{Activity, Actor, Author, Subject, field};
use afpi_platform::state::App;

/// The longest name of a finding.
const LONGEST: usize = 200;

/// Where a content is used.
struct Place {
    /// The name of the file there.
    name: String,
    /// Who brought it.
    user: UserId,
    /// The record's page.
    link: String,
    /// The record; none for an upload that is not attached.
    subject: Option<(Subject, LocalisationId)>,
    event: Option<Event>,
}

/// Nobody reads this content any more. Does nothing when it is quarantined already.
pub(super) async fn quarantine(app: &App, sha256: &str, finding: &str, correlation_id: &str) -> Result<()> {
    let finding: String = afpi_text::salvage(finding).chars().take(LONGEST).collect();
    let told = afpi_db::retry(|| async {
        let (now, mut tx) = (Instant::now(), app.db.begin().await?);
        let query = sql("UPDATE files SET scan = 'quarantined', scanned_at = ?, finding = ? WHERE sha256 = ? \
             AND (scan IS NULL OR scan <> 'quarantined')");
        if query.bind(now).bind(&finding).bind(sha256).execute(&mut tx).await? == 0 {
            return Ok(BTreeSet::new());
        }
        let places = places(&mut tx, sha256, now).await?;
        write(&mut tx, &places, Activity::Quarantined, &finding, correlation_id).await?;
        let mut told = BTreeSet::new();
        for place in &places {
            let notice = notice(place, &finding);
            tell(&mut tx, &notice, now).await?;
            told.insert(place.user);
            if let Some(event) = &place.event {
                events::emit(&mut tx, event, correlation_id).await?;
            }
        }
        remove_logos(&mut tx, sha256, correlation_id).await?;
        remove_archives(&mut tx, sha256).await?;
        tx.commit().await?;
        Ok::<_, Error>(told)
    })
    .await?;
    tracing::warn!(file = sha256, finding, "a file was quarantined");
    app.jobs.wake();
    told.into_iter().for_each(|user| app.bus.publish(BusEvent::Notified { user }));
    Ok(())
}

/// The content is clean. One that was quarantined comes back.
pub(super) async fn clear(app: &App, sha256: &str, correlation_id: &str) -> Result<()> {
    afpi_db::retry(|| async {
        let (now, mut tx) = (Instant::now(), app.db.begin().await?);
        let query = "UPDATE files SET scan = 'clean', scanned_at = ?, finding = NULL WHERE sha256 = ? AND scan = 'quarantined'";
        if sql(query).bind(now).bind(sha256).execute(&mut tx).await? == 1 {
            let places = places(&mut tx, sha256, now).await?;
            write(&mut tx, &places, Activity::Released, "", correlation_id).await?;
        } else {
            let query = "UPDATE files SET scan = 'clean', scanned_at = ? WHERE sha256 = ? AND (scan IS NULL OR scan = 'waiting')";
            sql(query).bind(now).bind(sha256).execute(&mut tx).await?;
        }
        Ok::<_, Error>(tx.commit().await?)
    })
    .await
}

/// Everything of people that refers to this content.
async fn places(tx: &mut Conn, sha256: &str, now: Instant) -> Result<Vec<Place>> {
    let mut places = attached(tx, sha256, now).await?;
    let copies = sql("SELECT c.name, c.added_by, d.opportunite_id, d.localisation_id FROM document_signed_copies c \
         JOIN documents d ON d.id = c.document_id WHERE c.sha256 = ?");
    for row in copies.bind(sha256).all::<(String, UserId, OpportuniteId, LocalisationId)>(tx).await? {
        let (name, user, opportunite, site) = row;
        let subject = Some((Subject::Opportunite(opportunite), site));
        places.push(Place { name, user, link: format!("/opportunites/{opportunite}"), subject, event: None });
    }
    let uploads = sql("SELECT name, user_id FROM uploads WHERE sha256 = ?").bind(sha256);
    for (name, user) in uploads.all::<(String, UserId)>(tx).await? {
        places.push(Place { name, user, link: "/".into(), subject: None, event: None });
    }
    let mails = sql(
        "SELECT x.name, m.user_id FROM courriel_files x JOIN courriels m ON m.id = x.courriel_id WHERE x.sha256 = ?",
    );
    for (name, user) in mails.bind(sha256).all::<(String, UserId)>(tx).await? {
        places.push(Place { name, user, link: "/courriels".into(), subject: None, event: None });
    }
    Ok(places)
}

async fn attached(tx: &mut Conn, sha256: &str, now: Instant) -> Result<Vec<Place>> {
    let query = sql("SELECT a.id, a.record_kind, a.record_id, a.name, v.created_by FROM attachment_versions v \
         JOIN attachments a ON a.id = v.attachment_id WHERE v.sha256 = ? ORDER BY a.id, v.number");
    let mut places = Vec::new();
    for row in query.bind(sha256).all::<(AttachmentId, String, Uuid, String, UserId)>(tx).await? {
        let (id, kind, record, name, user) = row;
        let Ok(kind) = kind.parse() else { continue };
        // A removed record keeps its files for a while.
        let holder = match holder::load(tx, &Scope::All, kind, record).await {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            holder => holder?,
        };
        let page = match holder.about {
            Some(Record::Entreprise(company)) => format!("/entreprises/{company}"),
            _ => format!("/{}/{record}", holder.kind.word()),
        };
        let data = json!({"kind": holder.kind, "id": record, "attachment": id, "name": name, "sha256": sha256});
        let event = Event {
            name: "attachment.quarantined".into(),
            at: now,
            site_id: holder.site,
            actor_id: None,
            about: holder.about,
            data,
            depth: 0,
        };
        let subject = Some((holder.subject.clone(), holder.site));
        places.push(Place { name, user, link: page, subject, event: Some(event) });
    }
    Ok(places)
}

/// A line of the journal for each.
async fn write(tx: &mut Conn, places: &[Place], activity: Activity, finding: &str, correlation_id: &str) -> Result<()> {
    let author = Author { actor: Actor::System, correlation_id };
    for place in places {
        let Some((subject, site)) = &place.subject else { continue };
        let mut told = vec![field("attachment", place.name.as_str(), place.name.as_str())];
        if !finding.is_empty() {
            told.push(field("finding", Value::Null, finding));
        }
        author.on(subject.clone(), Some(*site)).record(tx, activity, told).await?;
    }
    Ok(())
}

fn notice<'a>(place: &'a Place, finding: &str) -> Notice<'a> {
    let name = &place.name;
    Notice {
        to: place.user,
        kind: Scan::Quarantined.word(),
        title: text(format!("Fichier en quarantaine : {name}"), format!("File in quarantine: {name}")),
        body: text(
            format!(
                "L'antivirus y a trouvé {finding}. Personne ne peut plus l'ouvrir. Joignez un fichier sain à sa place."
            ),
            format!(
                "The virus scanner found {finding} in it. Nobody can open it any more. Attach a clean file in its place."
            ),
        ),
        link: &place.link,
    }
}

/// Documents are made without the logo.
async fn remove_logos(tx: &mut Conn, sha256: &str, correlation_id: &str) -> Result<()> {
    let query = sql("SELECT id FROM entites_legales WHERE logo_sha256 = ?").bind(sha256);
    for (id,) in query.all::<(LegalEntityId,)>(tx).await? {
        sql("UPDATE entites_legales SET logo_sha256 = NULL, version = version + 1 WHERE id = ?")
            .bind(id)
            .execute(tx)
            .await?;
        let author = Author { actor: Actor::System, correlation_id };
        let told = vec![field("logo", sha256, Value::Null)];
        author.on(Subject::EntiteLegale(id), None).record(tx, Activity::Quarantined, told).await?;
    }
    Ok(())
}

/// Archives that contain it were made before anybody knew. They can be asked for again, without it.
async fn remove_archives(tx: &mut Conn, sha256: &str) -> Result<()> {
    let query =
        sql("UPDATE preuve_archives SET sha256 = NULL, problem = 'gone' WHERE sha256 IS NOT NULL AND plan LIKE ?");
    query.bind(format!("%{sha256}%")).execute(tx).await.map(drop)?;
    Ok(())
}
