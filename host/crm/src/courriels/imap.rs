//! The mailbox over IMAP and TLS. Knows folders and bytes, and nothing of what is in a mail.

use std::sync::Arc;
use std::time::Duration;

use afpi_core::clock::Instant;
use afpi_platform::config::Mailbox;
use async_imap::Session;
use async_imap::types::Fetch;
use bytes::Bytes;
use futures::TryStreamExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// How long the server may take for an answer.
const ANSWER: Duration = Duration::from_secs(20);
/// The same for a whole mail.
const TRANSFER: Duration = Duration::from_secs(120);
/// The largest mail that is read: what mail servers commonly take, and a bit.
pub const LARGEST: u32 = 40 << 20;

/// Where a mail goes after it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::VariantArray)]
pub enum Folder {
    /// « Traités »: filed, or waiting for its sender to file it.
    Done,
    /// « Refusés »: of nobody who works here.
    Refused,
    /// « Illisibles ».
    Unreadable,
}

impl Folder {
    /// Its name in modified UTF-7 (RFC 3501, section 5.1.3).
    fn name(self) -> &'static str {
        match self {
            Folder::Done => "Trait&AOk-s",
            Folder::Refused => "Refus&AOk-s",
            Folder::Unreadable => "Illisibles",
        }
    }
}

/// Why the mailbox cannot be read. Never contains what the server says word by word: that may name people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    #[error("AFPI_MAILBOX_CA_FILE contains no certificate")]
    Authority,
    #[error("the mail server cannot be reached")]
    Unreachable,
    #[error("the mail server's certificate is not trusted")]
    Certificate,
    #[error("the mail server refuses the account")]
    Account,
    #[error("the mail server refuses what is asked for")]
    Refused,
    #[error("the mail server does not answer in time")]
    Silent,
}

impl Trouble {
    /// Does somebody have to change a setting?
    pub fn is_final(self) -> bool {
        matches!(self, Trouble::Authority | Trouble::Certificate | Trouble::Account)
    }
}

impl From<async_imap::error::Error> for Trouble {
    fn from(error: async_imap::error::Error) -> Trouble {
        use async_imap::error::Error;
        match error {
            Error::Io(_) | Error::ConnectionLost => Trouble::Unreachable,
            _ => Trouble::Refused,
        }
    }
}

type Result<T> = std::result::Result<T, Trouble>;

/// A mail in the inbox.
#[derive(Debug, Clone, Copy)]
pub struct Waiting {
    pub uid: u32,
    /// In bytes.
    pub size: u32,
    pub received_at: Instant,
}

/// A mailbox that is open.
pub struct Open {
    session: Session<TlsStream<TcpStream>>,
    /// Can mails be moved in one step (RFC 6851)?
    moves: bool,
    /// Where each folder of [`Folder`] is.
    folders: Vec<String>,
}

impl Open {
    /// Signs in, and makes the folders that are missing.
    pub async fn open(mailbox: &Mailbox) -> Result<Open> {
        let mut open = Open { session: sign_in(mailbox).await?, moves: false, folders: vec![] };
        open.moves = within(open.session.capabilities()).await?.has_str("MOVE");
        for folder in <Folder as strum::VariantArray>::VARIANTS {
            let place = open.place(folder.name()).await?;
            open.folders.push(place);
        }
        within(open.session.select("INBOX")).await?;
        Ok(open)
    }

    /// Where the folder is. Some servers have folders only below the inbox.
    async fn place(&mut self, name: &str) -> Result<String> {
        let root: Vec<_> = within(async { self.session.list(None, None).await?.try_collect().await }).await?;
        let delimiter = root.first().and_then(|root| root.delimiter()).unwrap_or("/").to_owned();
        for place in [name.to_owned(), format!("INBOX{delimiter}{name}")] {
            let quoted = format!("\"{place}\"");
            let known: Vec<_> =
                within(async { self.session.list(None, Some(&quoted)).await?.try_collect().await }).await?;
            if !known.is_empty() || within(self.session.create(&place)).await.is_ok() {
                return Ok(place);
            }
        }
        Err(Trouble::Refused)
    }

    /// The mails of the inbox, the oldest first, at most so many.
    pub async fn waiting(&mut self, most: usize) -> Result<Vec<Waiting>> {
        let mut uids: Vec<u32> = within(self.session.uid_search("UNDELETED")).await?.into_iter().collect();
        uids.sort_unstable();
        uids.truncate(most);
        if uids.is_empty() {
            return Ok(vec![]);
        }
        let set = list(&uids);
        let query = "(UID RFC822.SIZE INTERNALDATE)";
        let rows: Vec<Fetch> = within(async { self.session.uid_fetch(set, query).await?.try_collect().await }).await?;
        let mut found: Vec<Waiting> = rows.iter().filter_map(waiting).collect();
        found.sort_unstable_by_key(|mail| mail.uid);
        Ok(found)
    }

    /// The bytes of a mail. None when it is gone.
    pub async fn read(&mut self, uid: u32) -> Result<Option<Bytes>> {
        let fetched = async {
            let rows: Vec<Fetch> =
                self.session.uid_fetch(uid.to_string(), "(UID BODY.PEEK[])").await?.try_collect().await?;
            let body = rows.iter().find(|row| row.uid == Some(uid)).and_then(|row| row.body());
            Ok(body.map(Bytes::copy_from_slice))
        };
        limited(TRANSFER, fetched).await
    }

    /// Moves a mail out of the inbox.
    pub async fn put(&mut self, uid: u32, folder: Folder) -> Result<()> {
        let place = self.folders[folder as usize].clone();
        if self.moves {
            return within(self.session.uid_mv(uid.to_string(), &place)).await;
        }
        within(self.session.uid_copy(uid.to_string(), &place)).await?;
        self.remove(&uid.to_string()).await
    }

    async fn remove(&mut self, set: &str) -> Result<()> {
        let marked = async { self.session.uid_store(set, "+FLAGS.SILENT (\\Deleted)").await?.try_collect().await };
        within(marked).await.map(|_: Vec<Fetch>| ())?;
        within(async { self.session.expunge().await?.try_collect().await }).await.map(|_: Vec<u32>| ())
    }

    /// Removes the mails of the folders that came before this day, for good.
    pub async fn forget(&mut self, before: Instant) -> Result<usize> {
        // Days of IMAP (RFC 3501): `2-Mar-2026`.
        let day = before.day().date().format("%-d-%b-%Y").to_string();
        let mut gone = 0;
        for place in self.folders.clone() {
            within(self.session.select(&place)).await?;
            let old: Vec<u32> = within(self.session.uid_search(format!("BEFORE {day}"))).await?.into_iter().collect();
            for some in old.chunks(500) {
                self.remove(&list(some)).await?;
                gone += some.len();
            }
        }
        Ok(gone)
    }

    pub async fn close(mut self) {
        // The server also notices that the connection ends.
        let _ = within(self.session.logout()).await;
    }
}

fn list(uids: &[u32]) -> String {
    uids.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
}

fn waiting(row: &Fetch) -> Option<Waiting> {
    let received_at = row.internal_date().map_or_else(Instant::now, |at| Instant::from_millis(at.timestamp_millis()));
    Some(Waiting { uid: row.uid?, size: row.size.unwrap_or_default(), received_at })
}

async fn within<T>(work: impl Future<Output = async_imap::error::Result<T>>) -> Result<T> {
    limited(ANSWER, work).await
}

async fn limited<T>(time: Duration, work: impl Future<Output = async_imap::error::Result<T>>) -> Result<T> {
    Ok(tokio::time::timeout(time, work).await.map_err(|_| Trouble::Silent)??)
}

async fn sign_in(mailbox: &Mailbox) -> Result<Session<TlsStream<TcpStream>>> {
    let stream = tokio::time::timeout(ANSWER, connect(mailbox)).await.map_err(|_| Trouble::Silent)??;
    let mut client = async_imap::Client::new(stream);
    let greeted = tokio::time::timeout(ANSWER, client.read_response()).await.map_err(|_| Trouble::Silent)?;
    greeted.map_err(|_| Trouble::Unreachable)?.ok_or(Trouble::Unreachable)?;
    let signed_in = client.login(&mailbox.user, mailbox.password.as_str());
    match tokio::time::timeout(ANSWER, signed_in).await.map_err(|_| Trouble::Silent)? {
        Ok(session) => Ok(session),
        Err((async_imap::error::Error::No(_), _)) => Err(Trouble::Account),
        Err((error, _)) => Err(error.into()),
    }
}

async fn connect(mailbox: &Mailbox) -> Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    match &mailbox.authority {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(pem) => {
            let certificates: std::result::Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
            roots.add_parsable_certificates(certificates.map_err(|_| Trouble::Authority)?);
            if roots.is_empty() {
                return Err(Trouble::Authority);
            }
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| Trouble::Certificate)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(mailbox.host.clone()).map_err(|_| Trouble::Unreachable)?;
    let place = (mailbox.host.as_str(), mailbox.port);
    let stream = TcpStream::connect(place).await.map_err(|_| Trouble::Unreachable)?;
    let secured = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
    secured.map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData => Trouble::Certificate,
        _ => Trouble::Unreachable,
    })
}

/// Signs in, and reads nothing: for somebody who checks the settings.
pub async fn inspect(mailbox: &Mailbox) -> Result<()> {
    let mut session = sign_in(mailbox).await?;
    within(session.examine("INBOX")).await?;
    let _ = within(session.logout()).await;
    Ok(())
}
