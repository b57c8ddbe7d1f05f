//! `GET /api/creances/balance-agee`: what each payer owes, by age.

use std::collections::HashMap;

use afpi_db::{Sql, dialect, sql};
use axum::Json;
use axum::extract::State;
use chrono::Days;
use serde::Serialize;
use utoipa::ToSchema;

use super::list::{Chosen, CreancePayer, JOINS, Summed};
use afpi_core::clock::Day;
use afpi_core::error::{Result, internal};
use afpi_core::id::LocalisationId;
use afpi_core::money::Money;
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_http::input::Params;
use afpi_http::paging::All;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// Payers of one answer; the ones who owe most come first.
const MOST: u32 = 500;

/// What one payer owes, in cents. An age is the number of days since the due day.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgedBalance {
    pub payer: CreancePayer,
    /// Number of pieces with a balance.
    pub pieces: i64,
    #[schema(value_type = i64)]
    pub not_due: Money,
    /// 1 to 30 days.
    #[schema(value_type = i64)]
    pub to_30: Money,
    #[schema(value_type = i64)]
    pub to_60: Money,
    #[schema(value_type = i64)]
    pub to_90: Money,
    #[schema(value_type = i64)]
    pub over_90: Money,
    #[schema(value_type = i64)]
    pub total: Money,
    /// What was paid too much, and money that no piece took.
    #[schema(value_type = i64)]
    pub credit: Money,
}

afpi_db::row! {
    struct AgedRow {
        payer_key: String, payer_kind: Option<String>, payer_name: String, count: i64, not_due: Money, to_30: Money, to_60: Money,
        to_90: Money, over_90: Money, total: Money, credit: Money,
    }
}

/// What each payer owes, by the days since it was due. At most 500 payers, those who owe most first.
#[utoipa::path(get, path = "/balance-agee", operation_id = "listAgedBalances", tag = "facturation", params(Chosen),
    responses((status = 200, body = All<AgedBalance>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(super) async fn aged(
    State(app): State<App>,
    caller: Caller,
    Params(chosen): Params<Chosen>,
) -> ApiResult<Json<All<AgedBalance>>> {
    caller.require(Action::CreancesRead)?;
    let which = chosen.which();
    let scope = caller.scope();
    let today = Day::today();
    let mut query = scope.opportunites(Columns(buckets(today)?), JOINS);
    which.apply(&mut query);
    query.push(" AND c.balance <> 0 GROUP BY c.payer_key ORDER BY total DESC, c.payer_key").limit(MOST);
    let mut conn = app.db.read().await?;
    let rows: Vec<AgedRow> = query.all(&mut conn).await?;
    let mut rests = rests(&mut conn, &scope, which.localisation_id).await?;
    let data = rows.into_iter().map(|row| {
        let rest = rests.remove(&row.payer_key).unwrap_or_default();
        AgedBalance {
            pieces: row.count,
            not_due: row.not_due,
            to_30: row.to_30,
            to_60: row.to_60,
            to_90: row.to_90,
            over_90: row.over_90,
            total: row.total,
            credit: row.credit + rest,
            payer: CreancePayer { key: row.payer_key, kind: row.payer_kind, name: row.payer_name },
        }
    });
    Ok(Json(All { data: data.collect() }))
}

/// The sums by age on this day.
fn buckets(today: Day) -> Result<[(Sql, &'static str); 7]> {
    let ago = |days: u64| {
        let day = today.date().checked_sub_days(Days::new(days)).map(Day::from);
        day.ok_or_else(|| internal("a day out of range"))
    };
    let between = |from: Day, to: Day| {
        let mut sum = dialect::sum(
            "CASE WHEN c.balance > 0 AND c.due_on <> '' AND c.due_on >= ? AND c.due_on < ? THEN c.balance ELSE 0 END",
        );
        sum.arg(from).arg(to);
        sum
    };
    let mut not_due =
        dialect::sum("CASE WHEN c.balance > 0 AND (c.due_on = '' OR c.due_on >= ?) THEN c.balance ELSE 0 END");
    not_due.arg(today);
    let mut over =
        dialect::sum("CASE WHEN c.balance > 0 AND c.due_on <> '' AND c.due_on < ? THEN c.balance ELSE 0 END");
    over.arg(ago(90)?);
    Ok([
        (not_due, "not_due"),
        (between(ago(30)?, today), "to_30"),
        (between(ago(60)?, ago(30)?), "to_60"),
        (between(ago(90)?, ago(60)?), "to_90"),
        (over, "over_90"),
        (dialect::sum("CASE WHEN c.balance > 0 THEN c.balance ELSE 0 END"), "total"),
        (dialect::sum("CASE WHEN c.balance < 0 THEN -c.balance ELSE 0 END"), "credit"),
    ])
}

/// The payer and the sums.
struct Columns<const N: usize>([(Sql, &'static str); N]);

impl<const N: usize> afpi_core::scope::Columns for Columns<N> {
    fn push_to(self, query: &mut Sql) {
        query.push("c.payer_key, MAX(c.payer_kind) AS payer_kind, MAX(c.payer_name) AS payer_name, ");
        Summed(self.0).push_to(query);
    }
}

/// Money of each payer that no piece took, received at sites in scope.
async fn rests(
    conn: &mut afpi_db::Conn,
    scope: &Scope,
    site: Option<LocalisationId>,
) -> Result<HashMap<String, Money>> {
    let mut query = sql("SELECT payer_key, localisation_id, ");
    query.append(dialect::sum("rest")).push(" FROM encaissements WHERE rest > 0 GROUP BY payer_key, localisation_id");
    let mut sums = HashMap::new();
    for (payer, at, rest) in query.all::<(String, LocalisationId, Money)>(conn).await? {
        // Money that came in belongs to a site, not to the owner of a file.
        if scope.sees(at, None) && site.is_none_or(|site| site == at) {
            *sums.entry(payer).or_default() += rest;
        }
    }
    Ok(sums)
}
