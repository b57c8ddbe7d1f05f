//! The copy of a person's data: the records themselves, and what stands about them elsewhere.

use std::collections::BTreeMap;

use afpi_core::clock::Instant;
use afpi_core::error::{ErrorKind, Result, internal};
use afpi_core::scope::Scope;
use afpi_db::{Conn, Json as JsonColumn, Sql, sql};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Kind;
use super::record::Record;
use crate::attachments::{self, holder};
use crate::formateurs;

/// A file about the person: its folder in the archive, its name, and the hash of its content.
pub struct File {
    pub folder: &'static str,
    pub name: String,
    pub sha256: String,
}

/// What an archive contains: lists by the name of their file, and files.
#[derive(Default)]
pub struct Collection {
    pub lists: BTreeMap<&'static str, Vec<Value>>,
    pub files: Vec<File>,
}

impl Collection {
    /// Adds what is known of a record.
    pub async fn add(&mut self, conn: &mut Conn, scope: &Scope, record: &Record) -> Result<()> {
        let mut fields = record.fields();
        fields.insert("id".into(), json!(record.id));
        fields.insert("place".into(), json!(record.place));
        fields.insert("localisation".into(), json!(record.site_name));
        match record.kind {
            Kind::Contact => {
                self.list("contacts", [fields.into()]);
                self.kept(conn, scope, holder::Kind::Contacts, record.id).await?;
            }
            Kind::Stagiaire => {
                self.list("stagiaires", [fields.into()]);
                self.training(conn, scope, record.id).await?;
                self.journal(conn, scope, record).await?;
            }
            Kind::Formateur => {
                self.list("formateurs", [fields.into()]);
                self.kept(conn, scope, holder::Kind::Formateurs, record.id).await?;
                self.half_days(conn, record.id).await?;
                self.journal(conn, scope, record).await?;
            }
            Kind::User => {
                self.list("utilisateurs", [fields.into()]);
                self.own(conn, record.id).await?;
                self.journal(conn, scope, record).await?;
            }
        }
        if let Some(email) = record.text("email") {
            self.mails(conn, email).await?;
        }
        Ok(())
    }

    fn list(&mut self, name: &'static str, items: impl IntoIterator<Item = Value>) {
        let mut items = items.into_iter().peekable();
        if items.peek().is_some() {
            self.lists.entry(name).or_default().extend(items);
        }
    }

    /// Notes, mails, tasks and files that hang on the record.
    async fn kept(&mut self, conn: &mut Conn, scope: &Scope, kind: holder::Kind, id: Uuid) -> Result<()> {
        let notes = sql(
            "SELECT n.kind, n.text, n.at, u.name FROM notes n JOIN users u ON u.id = n.author_id WHERE n.record_kind = ? AND n.record_id = ? ORDER BY n.at",
        );
        let notes = notes.bind(kind.word()).bind(id).all::<(String, String, Instant, String)>(conn).await?;
        self.list(
            "notes",
            notes.into_iter().map(|(kind, text, at, by)| json!({"kind": kind, "text": text, "at": at, "by": by})),
        );
        let mails = sql(
            "SELECT m.sender, m.recipients, m.subject, m.text, m.sent_at, u.name FROM courriels m JOIN users u ON u.id = m.user_id \
             WHERE m.record_kind = ? AND m.record_id = ? ORDER BY m.sent_at",
        );
        let mails = mails.bind(kind.word()).bind(id);
        let mails = mails.all::<(String, String, String, String, Instant, String)>(conn).await?;
        self.list(
            "courriels",
            mails.into_iter().map(|(from, to, subject, text, at, by)| {
                json!({"from": from, "to": to, "subject": subject, "text": text, "at": at, "sharedBy": by})
            }),
        );
        let tasks = sql(
            "SELECT t.title, t.due_on, t.done_at, t.created_at FROM taches t WHERE t.record_kind = ? AND t.record_id = ? ORDER BY t.id",
        );
        self.tasks(conn, tasks.bind(kind.word()).bind(id)).await?;
        let holder = match holder::load(conn, scope, kind, id).await {
            Ok(holder) => holder,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        for attachment in attachments::all(conn, &holder).await? {
            self.list(
                "fichiers",
                [json!({"name": attachment.name, "addedAt": attachment.file.created_at, "sha256": attachment.file.sha256})],
            );
            self.files.push(File { folder: "fichiers", name: attachment.name, sha256: attachment.file.sha256 });
        }
        Ok(())
    }

    async fn tasks(&mut self, conn: &mut Conn, query: Sql) -> Result<()> {
        let tasks = query.all::<(String, Option<String>, Option<Instant>, Instant)>(conn).await?;
        self.list(
            "taches",
            tasks
                .into_iter()
                .map(|(title, due, done, at)| json!({"title": title, "dueOn": due, "doneAt": done, "createdAt": at})),
        );
        Ok(())
    }

    /// Sessions, attendance and documents of a trainee.
    async fn training(&mut self, conn: &mut Conn, scope: &Scope, id: Uuid) -> Result<()> {
        let mut sessions = scope
            .sessions("n.numero, n.title, n.first_day, n.last_day", "JOIN session_stagiaires x ON x.session_id = n.id");
        sessions.push(" AND x.stagiaire_id = ?").arg(id).push(" ORDER BY n.first_day, n.id");
        let sessions = sessions.all::<(String, String, Option<String>, Option<String>)>(conn).await?;
        self.list(
            "sessions",
            sessions.into_iter().map(
                |(number, title, from, until)| json!({"number": number, "title": title, "from": from, "until": until}),
            ),
        );
        let mut attendance = scope
            .sessions("n.numero, x.day, x.half, x.state, x.late_minutes", "JOIN attendance x ON x.session_id = n.id");
        attendance.push(" AND x.stagiaire_id = ?").arg(id).push(" ORDER BY x.day, x.half DESC");
        let attendance = attendance.all::<(String, String, String, String, i64)>(conn).await?;
        self.list(
            "presences",
            attendance.into_iter().map(|(session, day, half, state, late)| {
                json!({"session": session, "day": day, "half": half, "state": state, "lateMinutes": late})
            }),
        );
        let documents = sql(
            "SELECT d.title, d.file_name, d.dated, d.sha256 FROM documents d WHERE d.about = 'stagiaire' AND d.about_id = ? ORDER BY d.id",
        );
        for (title, name, dated, sha256) in
            documents.bind(id).all::<(String, String, String, Option<String>)>(conn).await?
        {
            self.list("documents", [json!({"title": title, "dated": dated, "sha256": sha256})]);
            if let Some(sha256) = sha256 {
                self.files.push(File { folder: "documents", name: format!("{name}.pdf"), sha256 });
            }
        }
        Ok(())
    }

    /// The half-days of a trainer.
    async fn half_days(&mut self, conn: &mut Conn, id: Uuid) -> Result<()> {
        let booked = sql(
            "SELECT r.day, r.half, r.reason FROM reservations r WHERE r.kind = ? AND r.resource_id = ? ORDER BY r.day, r.half DESC",
        );
        let booked = booked.bind(formateurs::RESOURCE).bind(id.to_string());
        let booked = booked.all::<(String, String, Option<String>)>(conn).await?;
        self.list(
            "demi-journees",
            booked.into_iter().map(|(day, half, reason)| json!({"day": day, "half": half, "reason": reason})),
        );
        Ok(())
    }

    /// What a user has alone: tasks and an absence.
    async fn own(&mut self, conn: &mut Conn, id: Uuid) -> Result<()> {
        let tasks =
            sql("SELECT t.title, t.due_on, t.done_at, t.created_at FROM taches t WHERE t.owner_id = ? ORDER BY t.id");
        self.tasks(conn, tasks.bind(id)).await?;
        let absences = sql("SELECT from_on, until_on FROM absences WHERE user_id = ?").bind(id);
        let absences = absences.all::<(String, String)>(conn).await?;
        self.list("absences", absences.into_iter().map(|(from, until)| json!({"from": from, "until": until})));
        Ok(())
    }

    /// The mails that went to this address.
    async fn mails(&mut self, conn: &mut Conn, email: &str) -> Result<()> {
        let mails = sql(
            "SELECT s.recipients, s.subject, s.body, s.created_at, s.sent_at FROM document_sendings s WHERE s.recipients LIKE ? ESCAPE '!' ORDER BY s.id",
        );
        let like = email.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        let mails = mails.bind(format!("%{like}%"));
        let mails = mails.all::<(JsonColumn<Vec<String>>, String, String, Instant, Option<Instant>)>(conn).await?;
        let to_them = mails.into_iter().filter(|(to, ..)| to.0.iter().any(|to| to.eq_ignore_ascii_case(email)));
        self.list(
            "courriels",
            to_them.map(|(_, subject, body, at, sent)| json!({"to": email, "subject": subject, "body": body, "askedAt": at, "sentAt": sent})),
        );
        Ok(())
    }

    /// What the journal tells of the record.
    async fn journal(&mut self, conn: &mut Conn, scope: &Scope, record: &Record) -> Result<()> {
        let subject = record.kind.subject(record.id, record.opens);
        let mut lines = scope.journal("j.at, j.act, j.reason, j.changes", "");
        lines.push(" AND j.subject_kind = ? AND j.subject_id = ? ORDER BY j.seq").arg(subject.kind()).arg(subject.id());
        let lines = lines.all::<(Instant, String, Option<String>, Option<JsonColumn<Value>>)>(conn).await?;
        self.list(
            "journal",
            lines.into_iter().map(|(at, act, reason, changes)| {
                json!({"at": at, "act": act, "reason": reason, "changes": changes.map(|JsonColumn(changes)| changes)})
            }),
        );
        Ok(())
    }

    /// The file of each list: its name and its text, which people can read too.
    pub fn texts(&self) -> Result<Vec<(String, String)>> {
        let text = |(name, items): (&&str, &Vec<Value>)| {
            let text = serde_json::to_string_pretty(items).map_err(internal)?;
            Ok((format!("{name}.json"), text))
        };
        self.lists.iter().map(text).collect()
    }
}
