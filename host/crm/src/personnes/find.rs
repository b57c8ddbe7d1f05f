//! `GET /api/personnes`: the records that a person occurs in.

use afpi_core::id::LocalisationId;
use afpi_core::rights::Action;
use afpi_http::input::Params;
use afpi_http::paging::{ListMeta, Page};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use strum::VariantArray;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::Kind;
use super::record::{self, Record};
use crate::search::normal;

/// The most records of an answer.
const SHOWN: usize = 100;
/// Fewer characters would find nearly everybody.
const FEWEST: usize = 2;

/// Whom somebody looks for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Sought {
    /// Words of a name, an e-mail address or a telephone number. Fewer than two characters find nobody.
    q: String,
}

/// A record of a person.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Personne)]
pub struct Item {
    kind: Kind,
    id: Uuid,
    name: String,
    email: Option<String>,
    phone: Option<String>,
    /// ISO day.
    #[schema(value_type = Option<String>, format = Date)]
    birth_date: Option<String>,
    /// The record whose page shows it: the company of a contact, the opportunité of a trainee, otherwise itself.
    opens: Uuid,
    /// What people call that record.
    place: String,
    #[schema(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
    localisation: Option<String>,
    /// The names of the personal fields that are filled in, as in `GET /api/descriptions`.
    fields: Vec<&'static str>,
}

impl From<Record> for Item {
    fn from(record: Record) -> Item {
        let text = |name: &str| record.text(name).map(str::to_owned);
        Item {
            kind: record.kind,
            id: record.id,
            name: record.name(),
            email: text("email"),
            phone: text("phone"),
            birth_date: text("birthDate"),
            opens: record.opens,
            localisation_id: record.site,
            fields: record.filled().map(|field| field.name).collect(),
            place: record.place,
            localisation: record.site_name,
        }
    }
}

/// Find the records of a person: contacts, trainees, trainers and users of the whole network, by name, e-mail address or
/// telephone number. At most 100, in the order of their names.
#[utoipa::path(get, path = "", operation_id = "searchPersonnes", tag = "personnes", params(Sought),
    responses((status = 200, body = Page<Item>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub async fn find(
    State(app): State<App>,
    caller: Caller,
    Params(Sought { q }): Params<Sought>,
) -> ApiResult<Json<Page<Item>>> {
    caller.require(Action::DonneesPersonnelles)?;
    let mut found: Vec<Item> = Vec::new();
    if normal(&q).chars().count() >= FEWEST {
        let mut conn = app.db.read().await?;
        // Trainees and contacts of the network are too many for an answer, and few enough to look through: nothing that
        // a search forgets may stay unseen here.
        for kind in Kind::VARIANTS {
            let all = record::select(&caller.scope(), *kind);
            all.each(&mut conn, |row| {
                if record::answers(*kind, &row, &q)? {
                    found.push(Record::of(*kind, &row)?.into());
                }
                Ok(true)
            })
            .await?;
        }
    }
    let meta = ListMeta::whole(found.len(), SHOWN as u32);
    found.sort_by_cached_key(|item| (normal(&item.name), item.kind, item.id));
    found.truncate(SHOWN);
    Ok(Json(Page { data: found, meta }))
}
