//! `/api/courriels`: mails that people share by putting the drop box's address in copy, or by forwarding to it. A job reads
//! the installation's one mailbox by IMAP; nothing else is read. Mails of active users become entries of the timelines of
//! the records whose addresses they name; who sees the record reads them. What was not recognised waits for its sender.
//!
//! | step | file |
//! |---|---|
//! | the mailbox: sign in, folders, move | `imap` |
//! | a mail's texts and files | `message` |
//! | is it really of that person? | `sender` |
//! | which records? | `places` |
//! | rows, files, journal | `take`, `files` |
//! | what people see and do | `read`, `write` |

mod files;
mod imap;
mod job;
mod keep;
mod message;
mod places;
pub(crate) mod read;
mod sender;
mod take;
mod write;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use imap::inspect;
pub use job::{KIND, MailboxHandler, QUEUE, schedule};
pub use keep::keep;

use afpi_platform::state::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read::address))
        .routes(routes!(read::list))
        .routes(routes!(write::file))
        .routes(routes!(write::delete))
}
