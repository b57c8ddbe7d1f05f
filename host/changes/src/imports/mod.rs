//! `/api/imports`: files of companies and contacts, or of another [`kind`] of records. A person uploads a file and maps its columns to fields. A preview
//! shows the changes line by line. The person applies or reverts them. [`crate::engine`] does the work; [`source`]
//! makes a file a source for it.

mod actions;
mod changes;
mod create;
mod file;
mod kind;
mod list;
mod map;
mod mapping;
mod read;
mod repair;
mod source;
mod store;
mod template;
mod workbook;

use afpi_db::Conn;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::engine::run::State;
use afpi_core::error::{Error, ErrorKind, Result, not_found};
use afpi_core::id::ImportId;
use afpi_core::rights::Action;
use afpi_core::text::{Text, text};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

pub use source::File;
pub use store::expire;

/// The upload path. Only this path and that of plugins accept long bodies.
const PATH: &str = afpi_platform::idempotency::IMPORTS;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(list::fields))
        .routes(routes!(list::kinds))
        .routes(routes!(template::get))
        .routes(routes!(read::get))
        .routes(routes!(map::put))
        .routes(routes!(changes::list))
        .routes(routes!(actions::preview))
        .routes(routes!(actions::apply))
        .routes(routes!(actions::revert))
}

/// The import, for callers who may import its kind at its localisation. 404 for everybody else.
async fn own(conn: &mut Conn, caller: &Caller, id: ImportId) -> Result<store::ImportRow> {
    caller.require(Action::EntreprisesImport)?;
    let found = store::find(conn, id).await?;
    let open =
        |import: &store::ImportRow| import.kind.open_to(caller) && caller.scope().covers_site(import.localisation_id);
    found.filter(open).ok_or_else(not_found)
}

/// May the file be mapped or previewed again? `run` is the state of its newest run, `applied` whether some of it is
/// applied.
fn free(run: State, applied: bool) -> bool {
    match run {
        State::Staged | State::Held | State::Undone => true,
        State::Failed => !applied,
        State::Queued | State::Fetching | State::Applying | State::Undoing | State::Done => false,
    }
}

fn refused(detail: Text) -> Error {
    let title = text("Impossible dans l'état actuel de l'import", "Not possible in the import's present state");
    Error::new(ErrorKind::Conflict, title).detail(detail)
}
