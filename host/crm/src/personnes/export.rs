//! `GET /api/personnes/export`: the copy of a person's data, as one archive (GDPR, articles 15 and 20).

use afpi_core::clock::Instant;
use afpi_core::error::Error;
use afpi_core::rights::Action;
use afpi_core::scope::Loaded;
use afpi_core::text::{Locale, text};
use afpi_files::{Content, Entry};
use afpi_http::input::Params;
use afpi_http::language::Language;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::journal::{Activity, Change, field};
use afpi_platform::state::App;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Records;
use super::copy::Collection;
use super::record::{Record, load};
use crate::content::{self, attachment};

/// Whose data.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// The records of one person, at most 40: `kind:id` as in `GET /api/personnes`, with commas between them.
    #[param(value_type = String, example = "contact:0192d3a4-0000-7000-8000-000000000000")]
    pub(super) records: Records,
}

/// Download what is known of a person as a ZIP: a JSON file per kind of data, and the files about the person. Each record
/// gets a line in the journal, which names no value. A file that waits for the virus scanner or is quarantined is listed
/// and left out.
#[utoipa::path(get, path = "/export", operation_id = "exportPersonne", tag = "personnes", params(Which),
    responses((status = 200, body = String, content_type = "application/zip"), (status = 400, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn export(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Language(locale): Language,
    Params(Which { records }): Params<Which>,
) -> ApiResult<Response> {
    caller.require(Action::DonneesPersonnelles)?;
    let scope = caller.scope();
    let mut conn = app.db.read().await?;
    let people = load(&mut conn, &scope, &records).await?;
    let mut copy = Collection::default();
    for person in &people {
        copy.add(&mut conn, &scope, person).await?;
    }
    let keys = content::keys(&mut conn, copy.files.iter().map(|file| file.sha256.as_str())).await?;
    drop(conn);
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        for person in &people {
            let subject = person.kind.subject(person.id, person.opens);
            let told = vec![field("personalData", None::<i64>, person.id.to_string())];
            Change::by(&caller, request.as_str(), subject, person.site)
                .record(&mut tx, Activity::Exported, told)
                .await?;
        }
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    let made =
        |name: &str, text: String| Entry { folder: None, name: name.to_owned(), content: Content::Made(text.into()) };
    let mut entries = vec![made(text("lisez-moi.txt", "read-me.txt").get(locale), read_me(&people, locale))];
    entries.extend(copy.texts()?.into_iter().map(|(name, text)| made(&name, text)));
    entries.extend(copy.files.into_iter().filter_map(|file| {
        let content = Content::Kept(keys.get(&file.sha256)?.clone());
        Some(Entry { folder: Some(file.folder.to_owned()), name: file.name, content })
    }));
    let name = people.first().map(|person| person.name()).unwrap_or_default();
    let name = afpi_files::tidy(&format!("{} {name}.zip", text("donnees", "data").get(locale)));
    let headers =
        [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, attachment(&name))];
    Ok((headers, Body::from_stream(app.files.archive(entries))).into_response())
}

/// What the archive is, for the person who gets it.
fn read_me(people: &[Loaded<Record>], locale: Locale) -> String {
    let mut names: Vec<String> = people.iter().map(|person| person.name()).collect();
    names.sort();
    names.dedup();
    let (names, at) = (names.join(", "), Instant::now());
    let words = text(
        format!(
            "Copie des données personnelles de : {names}\nFaite le {at} (UTC), au titre des articles 15 et 20 du RGPD.\n\n\
             Chaque fichier .json est une liste lisible par une personne et par un programme. Les dossiers contiennent les fichiers.\n\n\
             Noms des champs :\n"
        ),
        format!(
            "Collection of the personal data of: {names}\nMade on {at} (UTC), under articles 15 and 20 of the GDPR.\n\n\
             Each .json file is a list that a person and a program can read. The folders contain the files.\n\n\
             Names of the fields:\n"
        ),
    );
    let fields: std::collections::BTreeMap<&str, String> = people
        .iter()
        .flat_map(|person| person.kind.described().personal())
        .map(|field| (field.name, field.text().get(locale).to_owned()))
        .collect();
    let lines: Vec<String> = fields.iter().map(|(name, label)| format!("  {name} = {label}\n")).collect();
    format!("{}{}", words.get(locale), lines.concat())
}
