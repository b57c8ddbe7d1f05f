//! `/api/comptes-comptables`: the accounts of a legal entity. Which accounts a training centre uses differs (arrêté du 2
//! août 1995), so each of them can be set; the usual ones are the defaults.

use std::collections::{BTreeMap, BTreeSet};

use afpi_db::{Conn, sql};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use validator::Validate;

use super::sites;
use afpi_core::error::{Error, FieldProblem, Result, field, invalid};
use afpi_core::id::LegalEntityId;
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_http::bounds::List;
use afpi_http::input::{Body, Id};
use afpi_http::paging::All;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::Line;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{self, Activity, Change, Subject};
use afpi_platform::state::App;

/// An account: number and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compte {
    pub number: String,
    pub label: String,
}

/// The accounts of one legal entity.
#[derive(Debug, Default)]
pub struct Comptes(BTreeMap<String, Compte>);

/// What every legal entity books, its account, and the name of the account.
const USUAL: [(&str, &str, &str); 6] = [
    ("clients", "41100000", "Clients"),
    ("ventes:0", "70610000", "Formations exonérées"),
    ("ventes:2000", "70880000", "Annexes 20 %"),
    ("tva:2000", "44571200", "TVA 20 %"),
    ("banque", "51210000", "Banque"),
    ("acomptes", "41910000", "Clients, acomptes reçus"),
];

impl Comptes {
    /// Those of this legal entity, completed by the usual ones.
    pub async fn of(conn: &mut Conn, entity: LegalEntityId) -> afpi_db::Result<Comptes> {
        let rows = sql("SELECT usage_key, number, label FROM comptes_comptables WHERE entite_legale_id = ?")
            .bind(entity)
            .all::<(String, String, String)>(conn)
            .await?;
        let mut known = Comptes::usual();
        known.0.extend(rows.into_iter().map(|(key, number, label)| (key, Compte { number, label })));
        Ok(known)
    }

    /// The usual ones.
    pub fn usual() -> Comptes {
        let compte = |(key, number, label): (&str, &str, &str)| {
            (key.to_owned(), Compte { number: number.to_owned(), label: label.to_owned() })
        };
        Comptes(USUAL.map(compte).into())
    }

    /// The customers.
    pub fn clients(&self) -> Compte {
        self.get("clients")
    }

    /// Sales at a rate of VAT, in hundredths of a percent. A rate without an account of its own is booked as the usual
    /// taxed sales.
    pub fn ventes(&self, rate: i64) -> Compte {
        self.0.get(&format!("ventes:{rate}")).cloned().unwrap_or_else(|| self.get("ventes:2000"))
    }

    /// Deposits, until the final invoice deducts them.
    pub fn acomptes(&self) -> Compte {
        self.get("acomptes")
    }

    /// VAT at this rate.
    pub fn tva(&self, rate: i64) -> Compte {
        self.0.get(&format!("tva:{rate}")).cloned().unwrap_or_else(|| self.get("tva:2000"))
    }

    /// Where money in this mode comes in: `banque:<mode>` if it is set, otherwise the bank.
    pub fn banque(&self, mode: Option<&str>) -> Compte {
        let own = mode.and_then(|mode| self.0.get(&format!("banque:{mode}")));
        own.cloned().unwrap_or_else(|| self.get("banque"))
    }

    fn get(&self, key: &str) -> Compte {
        let usual = || {
            let found = USUAL.iter().find(|(known, ..)| *known == key);
            found.map(|(_, number, label)| Compte { number: (*number).to_owned(), label: (*label).to_owned() })
        };
        self.0.get(key).cloned().or_else(usual).unwrap_or(Compte { number: "471".into(), label: "Attente".into() })
    }
}

/// A legal entity whose books the caller may export.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountingEntity {
    #[schema(value_type = Uuid)]
    pub id: LegalEntityId,
    pub name: String,
    /// The first nine digits name the file.
    pub siret: Option<String>,
}

/// An account of a legal entity.
#[derive(Debug, Serialize, ToSchema)]
pub struct Account {
    /// What is booked there: `clients`, `ventes:<rate>`, `tva:<rate>` (hundredths of a percent), `acomptes`,
    /// `banque` or `banque:<mode>`.
    pub key: String,
    pub number: String,
    pub label: String,
    /// Is it the usual one?
    pub usual: bool,
}

/// The accounts that differ from the usual ones.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountsUpdate {
    #[validate(nested)]
    pub accounts: AccountInputs,
}

/// The accounts of one request.
pub type AccountInputs = List<AccountInput, 60>;

/// An account to set.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountInput {
    #[validate(nested)]
    pub key: Line<60>,
    /// 3 to 12 characters; the first three are digits.
    #[validate(nested)]
    pub number: Line<12>,
    #[validate(nested)]
    pub label: Line<100>,
}

/// The legal entities with a site of the caller.
#[utoipa::path(get, path = "/", operation_id = "listAccountingEntities", tag = "compta",
    responses((status = 200, body = All<AccountingEntity>), (status = 403, body = ProblemBody)))]
pub(super) async fn entities(State(app): State<App>, caller: Caller) -> ApiResult<Json<All<AccountingEntity>>> {
    caller.require(Action::ComptaExport)?;
    let scope = caller.scope();
    let rows = sql("SELECT x.id, x.name, x.siret, l.id FROM entites_legales x JOIN localisations l ON l.entite_legale_id = x.id ORDER BY x.name, x.id")
        .all::<(LegalEntityId, String, Option<String>, afpi_core::id::LocalisationId)>(&mut app.db.read().await?)
        .await?;
    let mut data: Vec<AccountingEntity> = Vec::new();
    for (id, name, siret, site) in rows {
        if scope.covers_site(site) && data.last().is_none_or(|last| last.id != id) {
            data.push(AccountingEntity { id, name, siret });
        }
    }
    Ok(Json(All { data }))
}

/// The accounts of a legal entity.
#[utoipa::path(get, path = "/{id}", operation_id = "listAccounts", tag = "compta", params(("id" = Uuid, Path)),
    responses((status = 200, body = All<Account>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<LegalEntityId>,
) -> ApiResult<Json<All<Account>>> {
    caller.require(Action::ComptaExport)?;
    let mut conn = app.db.read().await?;
    sites(&mut conn, &caller, id).await?;
    Ok(Json(All { data: shown(&Comptes::of(&mut conn, id).await?) }))
}

/// Set the accounts of a legal entity that differ from the usual ones. Entries that were exported keep theirs. The last
/// write wins.
#[utoipa::path(put, path = "/{id}", operation_id = "putAccounts", tag = "compta", params(("id" = Uuid, Path)), request_body = AccountsUpdate,
    responses((status = 200, body = All<Account>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn put(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<LegalEntityId>,
    Body(input): Body<AccountsUpdate>,
) -> ApiResult<Json<All<Account>>> {
    caller.require(Action::ComptaExport)?;
    check(&input.accounts)?;
    let data = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        sites(&mut tx, &caller, id).await?;
        let before = told(&Comptes::of(&mut tx, id).await?);
        sql("DELETE FROM comptes_comptables WHERE entite_legale_id = ?").bind(id).execute(&mut tx).await?;
        if !input.accounts.is_empty() {
            let mut query = sql("INSERT INTO comptes_comptables (entite_legale_id, usage_key, number, label) VALUES ");
            query.rows(input.accounts.iter().map(|account| {
                [id.into(), account.key.as_str().into(), account.number.as_str().into(), account.label.as_str().into()]
            }));
            query.execute(&mut tx).await?;
        }
        let after = Comptes::of(&mut tx, id).await?;
        let subject = Subject::Facturation(id.to_string());
        let change = journal::field("accounts", before, told(&after));
        Change::by(&caller, request.as_str(), subject, None).record(&mut tx, Activity::Edited, vec![change]).await?;
        idempotency::done(&mut tx, StatusCode::OK, None).await?;
        tx.commit().await?;
        Ok::<_, Error>(shown(&after))
    })
    .await?;
    Ok(Json(All { data }))
}

fn check(accounts: &[AccountInput]) -> Result<()> {
    let mut seen = BTreeSet::new();
    let mut problems: Vec<FieldProblem> = Vec::new();
    for (at, account) in accounts.iter().enumerate() {
        let place = |name: &str| format!("/accounts/{at}/{name}");
        let (key, number) = (account.key.as_str(), account.number.as_str());
        let rate = |prefix: &str| {
            key.strip_prefix(prefix).is_some_and(|rate| rate.parse::<u16>().is_ok_and(|rate| rate <= 10_000))
        };
        let mode = key.strip_prefix("banque:").is_some_and(|mode| !mode.is_empty());
        if !(matches!(key, "clients" | "banque" | "acomptes") || rate("ventes:") || rate("tva:") || mode) {
            problems.push(field(place("key"), "unknown", text("Usage inconnu.", "Unknown use.")));
        } else if !seen.insert(key) {
            problems.push(field(place("key"), "duplicate", text("Déjà dans la liste.", "Already in the list.")));
        }
        let digits = number.chars().take(3).filter(char::is_ascii_digit).count() == 3;
        if !(digits && number.chars().all(|c| c.is_ascii_alphanumeric())) {
            let message = text(
                "Un compte commence par trois chiffres et n'a que des lettres et des chiffres.",
                "An account begins with three digits and has only letters and digits.",
            );
            problems.push(field(place("number"), "format", message));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(invalid(problems)) }
}

fn shown(comptes: &Comptes) -> Vec<Account> {
    let account = |(key, compte): (&String, &Compte)| Account {
        usual: USUAL
            .iter()
            .any(|(known, number, label)| (*known, *number, *label) == (&**key, &*compte.number, &*compte.label)),
        key: key.clone(),
        number: compte.number.clone(),
        label: compte.label.clone(),
    };
    comptes.0.iter().map(account).collect()
}

fn told(comptes: &Comptes) -> serde_json::Value {
    json!(comptes.0.iter().map(|(key, compte)| format!("{key} {}", compte.number)).collect::<Vec<_>>())
}
