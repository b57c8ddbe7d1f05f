//! The files of a mail. They are taken in as uploads of its person, with the same limits and the same virus scan, and become
//! files of the record with which the mail is filed.

use afpi_db::{Conn, sql};
use afpi_files::Refusal;

use super::message::Enclosure;
use crate::attachments::holder::Holder;
use crate::attachments::{self, Kind};
use afpi_core::error::Result;
use afpi_core::id::{CourrielId, UploadId};
use afpi_core::scope::{Loaded, Scoped};
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// A file that was taken in, or why it was not.
pub struct Held {
    name: String,
    upload: std::result::Result<UploadId, &'static str>,
}

/// A file of a mail, as `courriel_files` has it.
#[derive(Debug, Clone)]
pub struct MailFile {
    pub name: String,
    /// The content, while the file belongs to no record.
    pub sha256: Option<String>,
    pub refused: Option<&'static str>,
}

/// The reasons that rows may have.
const REASONS: [&str; 6] = ["size", "type", "name", "full", "right", "virus"];

/// A stored reason; that of an unknown one is the type.
pub fn word(stored: &str) -> &'static str {
    REASONS.into_iter().find(|known| *known == stored).unwrap_or("type")
}

/// Takes the files in.
///
/// # Errors
/// The store of files does not answer.
pub async fn hold<'a>(app: &App, caller: &Caller, files: impl Iterator<Item = &'a Enclosure>) -> Result<Vec<Held>> {
    let mut held = Vec::new();
    for file in files {
        let upload = match attachments::take_in(app, caller.id, &file.name, file.content.clone()).await? {
            Ok(upload) => Ok(upload),
            Err(Refusal::TooLarge(_)) => Err("size"),
            Err(Refusal::Name(_)) => Err("name"),
            Err(_) => Err("type"),
        };
        held.push(Held { name: file.name.clone(), upload });
    }
    Ok(held)
}

/// The held files, which from now on belong to the mail.
pub async fn release(tx: &mut Conn, caller: &Caller, held: &[Held]) -> Result<Vec<MailFile>> {
    let mut files = Vec::new();
    for file in held {
        let taken = match file.upload {
            Ok(upload) => attachments::release(tx, upload, caller.id).await?.ok_or("virus"),
            Err(why) => Err(why),
        };
        let name = file.name.clone();
        files.push(match taken {
            Ok(sha256) => MailFile { name, sha256: Some(sha256), refused: None },
            Err(why) => MailFile { name, sha256: None, refused: Some(why) },
        });
    }
    Ok(files)
}

/// Attaches them to a record. Who may only read a company files mails with it, without their files.
pub async fn attach(tx: &mut Conn, act: Act<'_>, holder: &Loaded<Holder>, files: &[MailFile]) -> Result<Vec<MailFile>> {
    let company = matches!(holder.kind, Kind::Entreprises | Kind::Contacts);
    let may = !company || act.caller.scope().changes(Scoped::Entreprise, holder.site);
    let mut attached = Vec::new();
    for file in files {
        let refused = match &file.sha256 {
            None => file.refused,
            Some(_) if !may => Some("right"),
            Some(sha256) => attachments::add(tx, act, holder, &file.name, sha256).await?.err(),
        };
        attached.push(MailFile { name: file.name.clone(), sha256: None, refused });
    }
    Ok(attached)
}

/// Writes down which files the mail has.
pub async fn list(tx: &mut Conn, mail: CourrielId, files: &[MailFile]) -> Result<()> {
    sql("DELETE FROM courriel_files WHERE courriel_id = ?").bind(mail).execute(tx).await?;
    if files.is_empty() {
        return Ok(());
    }
    let mut insert = sql("INSERT INTO courriel_files (courriel_id, position, name, sha256, refused) VALUES ");
    insert.rows(files.iter().zip(0i64..).map(|(file, position)| {
        [mail.into(), position.into(), file.name.as_str().into(), file.sha256.as_deref().into(), file.refused.into()]
    }));
    insert.execute(tx).await?;
    Ok(())
}
