//! `POST /api/uploads`: takes a file in. It belongs to its uploader until it is attached.

use std::convert::Infallible;

use afpi_db::{Conn, sql};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use bytes::Bytes;
use futures::Stream;
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use super::holder::Kind;
use crate::content::{self, Referrer, lost};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result, field, forbidden, invalid, too_large, too_late};
use afpi_core::id::{UploadId, UserId};
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_files::media::TYPES;
use afpi_files::{MAX_FILE, Received, Refusal};
use afpi_http::body::too_slow;
use afpi_http::input::Params;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Options {
    /// The file's name. Its ending must fit the content.
    #[param(example = "Convention signée.pdf")]
    name: String,
}

/// A file that was taken in. Attach it within a day.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Upload {
    #[schema(value_type = Uuid)]
    id: UploadId,
    /// Without what a system refuses in a name of a file.
    name: String,
    /// As the content says.
    #[schema(example = "application/pdf")]
    media_type: &'static str,
    /// In bytes.
    size: u64,
    /// In hexadecimal digits.
    sha256: String,
}

/// The schema of a file in the OpenAPI document.
struct AnyFile;

impl PartialSchema for AnyFile {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .max_length(Some(MAX_FILE as usize))
            .into()
    }
}

impl ToSchema for AnyFile {}

/// Upload a file. Taken are PDF (at most 50 MiB), pictures and office documents (25 MiB), plain text and CSV (5 MiB).
/// The content decides on the type. Attach the upload to a record within a day; then it can be read.
#[utoipa::path(post, path = "/", operation_id = "uploadFile", tag = "attachments", params(Options),
    request_body(content = AnyFile, content_type = "application/octet-stream"),
    responses((status = 200, body = Upload), (status = 403, body = ProblemBody), (status = 413, body = ProblemBody),
        (status = 415, body = ProblemBody), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(super) async fn upload(
    State(app): State<App>,
    caller: Caller,
    Params(options): Params<Options>,
    body: Body,
) -> ApiResult<Json<Upload>> {
    let kinds = [Kind::Opportunites, Kind::Entreprises, Kind::Formateurs, Kind::Sessions];
    if !kinds.into_iter().any(|kind| caller.may(kind.writing())) && !caller.may(Action::EntitesWrite) {
        return Err(forbidden().into());
    }
    let _permit = app.transfers.take(caller.id)?;
    let name = afpi_files::tidy(&afpi_text::salvage(&options.name));
    let (id, received) = receive(&app, caller.id, &name, body.into_data_stream()).await?.map_err(refused)?;
    let Received { sha256, size, media, .. } = received;
    Ok(Json(Upload { id, name, media_type: media.mime, size, sha256 }))
}

/// Takes in a file that came to this person by another way than a request. `name` is tidy.
///
/// # Errors
/// The store of files or the database does not answer. A file that is not taken is no error.
pub(crate) async fn take_in(
    app: &App,
    user: UserId,
    name: &str,
    content: Bytes,
) -> Result<std::result::Result<UploadId, Refusal<Infallible>>> {
    let body = futures::stream::iter([Ok(content)]);
    match receive(app, user, name, body).await? {
        Ok((id, _)) => Ok(Ok(id)),
        Err(Refusal::Lost(error)) => Err(lost(error)),
        Err(refusal) => Ok(Err(refusal)),
    }
}

async fn receive<E>(
    app: &App,
    user: UserId,
    name: &str,
    body: impl Stream<Item = std::result::Result<Bytes, E>> + Unpin,
) -> Result<std::result::Result<(UploadId, Received), Refusal<E>>> {
    let result = app.files.receive(name, body).await;
    let outcome = if result.is_ok() { "taken" } else { "refused" };
    app.metrics.uploads.with_label_values(&[outcome]).inc();
    let received = match result {
        Ok(received) => received,
        Err(refusal) => return Ok(Err(refusal)),
    };
    app.metrics.file_bytes.with_label_values(&["in"]).inc_by(received.size);
    let id = UploadId::generate();
    let new = NewUpload { id, user, name, now: Instant::now() };
    content::keep(app, &received, &new).await?;
    tracing::info!(upload = %id, actor = %user, bytes = received.size, "a file was taken in");
    Ok(Ok((id, received)))
}

/// The row of an upload.
struct NewUpload<'a> {
    id: UploadId,
    user: UserId,
    name: &'a str,
    now: Instant,
}

impl Referrer for NewUpload<'_> {
    const UPLOADED: bool = true;

    async fn refer(&self, tx: &mut Conn, sha256: &str) -> Result<()> {
        let mut query = sql("INSERT INTO uploads (id, user_id, sha256, name, created_at) VALUES ");
        let NewUpload { id, user, name, now } = *self;
        query.rows([[id.into(), user.into(), sha256.into(), name.into(), now.into()]]);
        Ok(query.execute(tx).await.map(drop)?)
    }
}

fn refused(refusal: Refusal<axum::Error>) -> Error {
    match refusal {
        Refusal::Empty => invalid(vec![field("", "empty", text("Le fichier est vide.", "The file is empty."))]),
        Refusal::TooLarge(most) => {
            let mib = most >> 20;
            too_large().detail(text(
                format!("Un fichier de ce type a au plus {mib} Mio."),
                format!("A file of this type has at most {mib} MiB."),
            ))
        }
        Refusal::Type => {
            let endings: Vec<&str> = TYPES.iter().filter_map(|known| known.extensions.first().copied()).collect();
            let endings = endings.join(", ");
            let title = text("Type de fichier non accepté", "Files of this type are not taken");
            Error::new(ErrorKind::UnsupportedMediaType, title)
                .detail(text(format!("Types acceptés : {endings}."), format!("Types taken: {endings}.")))
        }
        Refusal::Name(mime) => {
            let message = text(
                format!("Le contenu est de type {mime}, le nom dit autre chose."),
                format!("The content is {mime}, and the name says something else."),
            );
            invalid(vec![field("name", "name-and-content", message)])
        }
        Refusal::Broken(error) if too_slow(&error) => too_late(),
        Refusal::Broken(_) => Error::new(
            ErrorKind::BadRequest,
            text("Le fichier n'est pas arrivé en entier", "The file did not come to its end"),
        ),
        Refusal::Lost(error) => lost(error),
    }
}
