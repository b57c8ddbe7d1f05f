//! `GET /api/creances`: drafts, invoices and credit notes, and `GET /api/creances/totals`: their sums.

use afpi_db::{Sql, dialect};
use axum::Json;
use axum::extract::State as Application;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::Object;

use super::{State, description};
use afpi_core::clock::Day;
use afpi_core::error::Result;
use afpi_core::id::{CreanceId, EntrepriseId, LegalEntityId, LocalisationId, OpportuniteId, PieceId};
use afpi_core::money::Money;
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_http::input::Params;
use afpi_http::paging::{Count, Key, Page, PageRequest, Sorts};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

pub const COLUMNS: &str = "c.id, c.piece_id, c.state, c.kind, c.number, c.issued_on, c.due_on, c.payer_key, c.payer_kind, c.payer_name, \
     c.payer_name_key, c.entite_legale_id, c.net, c.vat, c.total, c.credited, c.paid, c.balance, c.corrects_id, o.id AS opportunite_id, o.numero, o.title, \
     e.id AS entreprise_id, e.name AS entreprise_name, l.id AS localisation_id, l.code AS localisation_code, l.name AS localisation_name, \
     t.reason AS dispute";
/// What [`COLUMNS`] and the filters need beside opportunités.
pub const JOINS: &str = "JOIN creances c ON c.opportunite_id = o.id JOIN entreprises e ON e.id = o.entreprise_id \
     JOIN localisations l ON l.id = o.localisation_id LEFT JOIN litiges t ON t.piece_id = c.piece_id";

/// A draft, an invoice or a credit note.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Creance {
    #[schema(value_type = Uuid)]
    pub id: CreanceId,
    /// The issued piece; none for a draft.
    #[schema(value_type = Option<Uuid>)]
    pub piece_id: Option<PieceId>,
    pub state: State,
    /// The workflow's word.
    pub kind: String,
    pub number: Option<String>,
    #[schema(value_type = Option<String>, format = Date)]
    pub issued_on: Option<Day>,
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Day>,
    pub payer: CreancePayer,
    pub opportunite: CreanceOpportunite,
    pub entreprise: CreanceEntreprise,
    pub localisation: CreanceLocalisation,
    /// Cents. Negative for a credit note.
    #[schema(value_type = i64)]
    pub net: Money,
    #[schema(value_type = i64)]
    pub vat: Money,
    #[schema(value_type = i64)]
    pub total: Money,
    /// What credit notes took back.
    #[schema(value_type = i64)]
    pub credited: Money,
    #[schema(value_type = i64)]
    pub paid: Money,
    /// `total − credited − paid`; negative when too much was paid. 0 for drafts and credit notes.
    #[schema(value_type = i64)]
    pub balance: Money,
    /// Days since the due day, while something is owed.
    pub days_late: Option<i64>,
    /// The piece that a credit note corrects.
    #[schema(value_type = Option<Uuid>)]
    pub corrects: Option<PieceId>,
    pub disputed: bool,
    /// Why the payer disputes it.
    pub dispute: Option<String>,
}

/// Who pays.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CreancePayer {
    /// One key is one payer.
    pub key: String,
    /// The workflow's word.
    pub kind: Option<String>,
    pub name: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CreanceOpportunite {
    #[schema(value_type = Uuid)]
    pub id: OpportuniteId,
    pub numero: String,
    pub title: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CreanceEntreprise {
    #[schema(value_type = Uuid)]
    pub id: EntrepriseId,
    pub name: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CreanceLocalisation {
    #[schema(value_type = Uuid)]
    pub id: LocalisationId,
    pub code: String,
    pub name: String,
}

afpi_db::row! {
    pub struct CreanceRow {
        pub id: CreanceId, pub piece_id: Option<PieceId>, pub state: String, pub kind: String, pub number: String, pub issued_on: String,
        pub due_on: String, pub payer_key: String, pub payer_kind: Option<String>, pub payer_name: String, pub payer_name_key: Vec<u8>,
        pub entite_legale_id: LegalEntityId, pub net: Money, pub vat: Money, pub total: Money, pub credited: Money, pub paid: Money, pub balance: Money,
        pub corrects_id: Option<PieceId>, pub opportunite_id: OpportuniteId, pub numero: String, pub title: String,
        pub entreprise_id: EntrepriseId, pub entreprise_name: String, pub localisation_id: LocalisationId,
        pub localisation_code: String, pub localisation_name: String, pub dispute: Option<String>,
    }
}

impl CreanceRow {
    /// The row as answers have it, on this day.
    pub fn show(self, today: Day) -> Creance {
        let day = |text: &str| text.parse::<Day>().ok();
        let due_on = day(&self.due_on);
        let owed = self.balance > Money::ZERO;
        Creance {
            id: self.id,
            piece_id: self.piece_id,
            state: self.state.parse().unwrap_or(State::Open),
            kind: self.kind,
            number: Some(self.number).filter(|number| !number.is_empty()),
            issued_on: day(&self.issued_on),
            due_on,
            payer: CreancePayer { key: self.payer_key, kind: self.payer_kind, name: self.payer_name },
            opportunite: CreanceOpportunite { id: self.opportunite_id, numero: self.numero, title: self.title },
            entreprise: CreanceEntreprise { id: self.entreprise_id, name: self.entreprise_name },
            localisation: CreanceLocalisation {
                id: self.localisation_id,
                code: self.localisation_code,
                name: self.localisation_name,
            },
            net: self.net,
            vat: self.vat,
            total: self.total,
            credited: self.credited,
            paid: self.paid,
            balance: self.balance,
            days_late: due_on.filter(|due| owed && *due < today).map(|due| (today.date() - due.date()).num_days()),
            corrects: self.corrects_id,
            disputed: self.dispute.is_some(),
            dispute: self.dispute,
        }
    }
}

/// Declares query parameters: the filters that list, sums and file share, and a few more.
macro_rules! with_filters {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$fmeta:meta])* $field:ident: $ty:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub struct $name {
            $($(#[$fmeta])* pub $field: $ty,)*
            /// Words of the number, the payer, the company or the opportunité.
            q: Option<String>,
            state: Option<$crate::facturation::State>,
            #[param(value_type = Option<Uuid>)]
            localisation_id: Option<afpi_core::id::LocalisationId>,
            #[param(value_type = Option<Uuid>)]
            entreprise_id: Option<afpi_core::id::EntrepriseId>,
            #[param(value_type = Option<Uuid>)]
            opportunite_id: Option<afpi_core::id::OpportuniteId>,
            /// The `key` of a payer.
            payer: Option<String>,
            /// Issued on this day or later.
            #[param(value_type = Option<String>, format = Date)]
            from: Option<afpi_core::clock::Day>,
            #[param(value_type = Option<String>, format = Date)]
            to: Option<afpi_core::clock::Day>,
            /// `true`: only those past their due day.
            overdue: Option<bool>,
            disputed: Option<bool>,
        }

        impl $name {
            /// Only the filters.
            pub fn which(&self) -> $crate::facturation::list::Which {
                $crate::facturation::list::Which {
                    q: self.q.clone(), state: self.state, localisation_id: self.localisation_id, entreprise_id: self.entreprise_id,
                    opportunite_id: self.opportunite_id, payer: self.payer.clone(), from: self.from, to: self.to,
                    overdue: self.overdue, disputed: self.disputed,
                }
            }
        }
    };
}

with_filters! {
    pub struct Filters {
        limit: Option<u32>,
        cursor: Option<String>,
        #[param(schema_with = sorts)]
        sort: Option<String>,
        count: Option<Count>,
    }
}

with_filters! {
    pub struct Chosen {}
}

/// Filters of what payers owe.
#[derive(Debug, Default)]
pub struct Which {
    pub q: Option<String>,
    pub state: Option<State>,
    pub localisation_id: Option<LocalisationId>,
    pub entreprise_id: Option<EntrepriseId>,
    pub opportunite_id: Option<OpportuniteId>,
    pub payer: Option<String>,
    pub from: Option<Day>,
    pub to: Option<Day>,
    pub overdue: Option<bool>,
    pub disputed: Option<bool>,
}

impl Which {
    /// Appends the conditions.
    pub fn apply(&self, query: &mut Sql) {
        crate::search::matching(query, description::CREANCES.search, self.q.as_deref());
        description::STATE.equals(query, self.state.map(State::id));
        description::LOCALISATION.equals(query, self.localisation_id);
        description::ENTREPRISE.equals(query, self.entreprise_id);
        description::OPPORTUNITE.equals(query, self.opportunite_id);
        description::PAYER_KEY.equals(query, self.payer.as_deref());
        description::ISSUED_ON.at_least(query, self.from);
        if self.to.is_some() {
            description::ISSUED_ON.at_most(query, self.to);
            query.push(" AND c.issued_on <> ''");
        }
        match self.overdue {
            Some(true) => query.push(" AND c.balance > 0 AND c.due_on <> '' AND c.due_on < ?").arg(Day::today()),
            Some(false) => query.push(" AND (c.balance <= 0 OR c.due_on = '' OR c.due_on >= ?)").arg(Day::today()),
            None => query,
        };
        match self.disputed {
            Some(true) => query.push(" AND t.piece_id IS NOT NULL"),
            Some(false) => query.push(" AND t.piece_id IS NULL"),
            None => query,
        };
    }

    /// Selects these in scope.
    pub fn select(&self, scope: &Scope, columns: &'static str) -> afpi_core::scope::ScopedSql {
        let mut query = scope.opportunites(columns, JOINS);
        self.apply(&mut query);
        query
    }
}

static SORTS: Sorts<CreanceRow> = Sorts {
    default: "-issuedOn",
    keys: &[
        description::ISSUED_ON.sort(|r| Key::Text(r.issued_on.clone())),
        description::DUE_ON.sort(|r| Key::Text(r.due_on.clone())),
        description::NUMBER.sort(|r| Key::Text(r.number.clone())),
        description::PAYER.sort(|r| Key::Bytes(r.payer_name_key.clone())),
        description::TOTAL.sort(|r| Key::Int(r.total.cents())),
        description::BALANCE.sort(|r| Key::Int(r.balance.cents())),
    ],
};

fn sorts() -> Object {
    SORTS.schema()
}

/// List drafts, invoices and credit notes.
#[utoipa::path(get, path = "/", operation_id = "listCreances", tag = "facturation", params(Filters),
    responses((status = 200, body = Page<Creance>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(super) async fn list(
    Application(app): Application<App>,
    caller: Caller,
    Params(f): Params<Filters>,
) -> ApiResult<Json<Page<Creance>>> {
    caller.require(Action::CreancesRead)?;
    let which = f.which();
    let page = PageRequest::new(f.limit, f.sort.as_deref(), f.cursor.as_deref(), f.count, &SORTS, &which)?;
    let scope = caller.scope();
    let mut conn = app.db.read().await?;
    let total = page.total(&mut conn, which.select(&scope, "1")).await?;
    let mut query = which.select(&scope, COLUMNS);
    page.apply(&mut query, "c.id");
    let today = Day::today();
    Ok(Json(page.page(query.all(&mut conn).await?, total, |r: &CreanceRow| r.id.uuid(), |row| row.show(today))))
}

/// Sums over a list, in cents.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CreanceTotals)]
pub struct Totals {
    pub count: i64,
    /// Invoices and credit notes, without drafts.
    #[schema(value_type = i64)]
    pub net: Money,
    #[schema(value_type = i64)]
    pub vat: Money,
    #[schema(value_type = i64)]
    pub total: Money,
    #[schema(value_type = i64)]
    pub paid: Money,
    /// What is owed, without what was paid too much.
    #[schema(value_type = i64)]
    pub balance: Money,
    /// The part of it that is past its due day.
    #[schema(value_type = i64)]
    pub overdue: Money,
    #[schema(value_type = i64)]
    pub overpaid: Money,
    /// Drafts, incl. VAT.
    #[schema(value_type = i64)]
    pub drafts: Money,
}

afpi_db::row! {
    struct Sums {
        count: i64, net: Money, vat: Money, total: Money, paid: Money, balance: Money, overdue: Money, overpaid: Money, drafts: Money,
    }
}

/// The sums of a list: what is owed, overdue and paid.
#[utoipa::path(get, path = "/totals", operation_id = "getCreanceTotals", tag = "facturation", params(Chosen),
    responses((status = 200, body = Totals), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(super) async fn totals(
    Application(app): Application<App>,
    caller: Caller,
    Params(chosen): Params<Chosen>,
) -> ApiResult<Json<Totals>> {
    caller.require(Action::CreancesRead)?;
    Ok(Json(sums(&app, &caller.scope(), &chosen.which()).await?))
}

async fn sums(app: &App, scope: &Scope, which: &Which) -> Result<Totals> {
    const OVERDUE: &str = "CASE WHEN c.balance > 0 AND c.due_on <> '' AND c.due_on < ? THEN c.balance ELSE 0 END";
    let issued = |column| dialect::sum(column);
    let mut overdue = dialect::sum(OVERDUE);
    overdue.arg(Day::today());
    let columns: [(Sql, &'static str); 8] = [
        (issued("CASE WHEN c.piece_id IS NOT NULL THEN c.net ELSE 0 END"), "net"),
        (issued("CASE WHEN c.piece_id IS NOT NULL THEN c.vat ELSE 0 END"), "vat"),
        (issued("CASE WHEN c.piece_id IS NOT NULL THEN c.total ELSE 0 END"), "total"),
        (dialect::sum("c.paid"), "paid"),
        (dialect::sum("CASE WHEN c.balance > 0 THEN c.balance ELSE 0 END"), "balance"),
        (overdue, "overdue"),
        (dialect::sum("CASE WHEN c.balance < 0 THEN -c.balance ELSE 0 END"), "overpaid"),
        (dialect::sum("CASE WHEN c.piece_id IS NULL THEN c.total ELSE 0 END"), "drafts"),
    ];
    let mut query = scope.opportunites(Summed(columns), JOINS);
    which.apply(&mut query);
    let row: Sums = query.one(&mut app.db.read().await?).await?;
    let Sums { count, net, vat, total, paid, balance, overdue, overpaid, drafts } = row;
    Ok(Totals { count, net, vat, total, paid, balance, overdue, overpaid, drafts })
}

/// `COUNT(*) AS count` and these sums by name.
pub struct Summed<const N: usize>(pub [(Sql, &'static str); N]);

impl<const N: usize> afpi_core::scope::Columns for Summed<N> {
    fn push_to(self, query: &mut Sql) {
        query.push("COUNT(*) AS count");
        for (sum, name) in self.0 {
            query.push(", ").append(sum).push(" AS ").push(name);
        }
    }
}
