//! Reverses a payment and credits a piece, from wherever they are listed. The workflow decides; its form names the move.

use afpi_db::sql;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Map, json};
use utoipa::ToSchema;
use validator::Validate;

use crate::opportunites::{stored, take};
use crate::pieces::{self, Pieces};
use afpi_core::clock::Day;
use afpi_core::error::{Error, ErrorKind, FieldProblem, Result, field, invalid, not_found};
use afpi_core::id::{OpportuniteId, PieceId};
use afpi_core::money::Money;
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_http::bounds::{Int, List};
use afpi_http::input::{Body, Id, IdNamed};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::Prose;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;
use afpi_platform::workflow::Definition;

/// Reverses a payment: a bounced cheque, a wrong invoice, a refund.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reversal {
    /// Cents. Default: all that is left of the payment.
    #[serde(default)]
    #[validate(nested)]
    pub amount: Option<Int<1, 100_000_000_000>>,
    /// Default: today.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub paid_on: Option<Day>,
    #[validate(nested)]
    pub reason: Prose<2000>,
}

/// Credits a piece, wholly or in part.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditNote {
    #[validate(nested)]
    pub reason: Prose<2000>,
    /// Empty: all that is left of the piece.
    #[serde(default)]
    #[validate(nested)]
    pub amounts: Option<CreditAmounts>,
}

/// The amounts of one credit note.
pub type CreditAmounts = List<CreditNoteAmount, 10>;

/// The net amount to credit at one rate.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditNoteAmount {
    /// Hundredths of a percent; 0 for exempt amounts.
    #[validate(nested)]
    pub rate: Int<0, 10_000>,
    /// Cents.
    #[validate(nested)]
    pub net: Int<1, 100_000_000_000>,
}

/// Reverse a payment of an opportunité. Answers with its pieces and payments.
#[utoipa::path(post, path = "/{id}/paiements/{position}/contrepassation", operation_id = "reversePaiement", tag = "facturation",
    params(("id" = Uuid, Path), ("position" = String, Path)), request_body = Reversal,
    responses((status = 200, body = Pieces), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 502, body = ProblemBody)))]
pub(super) async fn reverse(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    IdNamed(id, position): IdNamed<OpportuniteId>,
    Body(input): Body<Reversal>,
) -> ApiResult<Json<Pieces>> {
    caller.require(Action::CreancesWrite)?;
    let act = Act::begin(&app, &caller, request.as_str());
    let (before, section) = {
        let mut conn = app.db.read().await?;
        let before = stored::load(&mut conn, &caller.scope(), id).await?;
        let position: i64 = position.parse().map_err(|_| not_found())?;
        let section = sql(
            "SELECT p.section FROM paiements r JOIN pieces p ON p.id = r.piece_id WHERE r.opportunite_id = ? AND r.position = ?",
        )
        .bind(id)
        .bind(position)
        .optional::<(String,)>(&mut conn)
        .await?;
        (before, section.ok_or_else(not_found)?.0)
    };
    let (_, definition) = app.plugins.workflow(before.localisation_id).await?;
    let reversing = declared(&definition, &section)?.reversing().ok_or_else(no_such_move)?;
    let mut fields = Map::new();
    fields.insert(reversing.position.clone(), json!(position.parse::<i64>().unwrap_or_default()));
    fields.insert(reversing.reason.clone(), json!(input.reason.as_str()));
    if let Some(amount) = input.amount {
        fields.insert(reversing.amount.clone(), json!(amount.get()));
    }
    if let Some(day) = input.paid_on {
        fields.insert(reversing.paid_on.clone(), json!(day));
    }
    let names = [(&*reversing.amount, "/amount"), (&*reversing.paid_on, "/paidOn"), (&*reversing.reason, "/reason")];
    let taken = take(act, id, before.version, &reversing.transition, fields).await;
    taken.map_err(|error| placed(error, &names))?;
    Ok(Json(pieces::of_record(&mut app.db.read().await?, id).await?))
}

/// Credit an issued piece, wholly or in part. Answers with the pieces and payments of its opportunité.
#[utoipa::path(post, path = "/{id}/avoirs", operation_id = "creditPiece", tag = "facturation", params(("id" = Uuid, Path)), request_body = CreditNote,
    responses((status = 200, body = Pieces), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 502, body = ProblemBody)))]
pub(super) async fn credit(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<PieceId>,
    Body(input): Body<CreditNote>,
) -> ApiResult<Json<Pieces>> {
    caller.require(Action::CreancesWrite)?;
    let act = Act::begin(&app, &caller, request.as_str());
    let (before, section, number) = {
        let mut conn = app.db.read().await?;
        let found = sql("SELECT opportunite_id, section, number FROM pieces WHERE id = ? AND claims = ?")
            .bind(id)
            .bind(true)
            .optional::<(OpportuniteId, String, String)>(&mut conn)
            .await?;
        let (of, section, number) = found.ok_or_else(not_found)?;
        (stored::load(&mut conn, &caller.scope(), of).await?, section, number)
    };
    let (_, definition) = app.plugins.workflow(before.localisation_id).await?;
    let crediting = declared(&definition, &section)?.crediting().ok_or_else(no_such_move)?;
    let mut fields = Map::new();
    fields.insert(crediting.piece.clone(), json!(number));
    fields.insert(crediting.reason.clone(), json!(input.reason.as_str()));
    let mut names = vec![(&*crediting.reason, "/reason".to_owned())];
    for (at, amount) in input.amounts.iter().flat_map(|amounts| amounts.iter()).enumerate() {
        let Some(name) = crediting.field(amount.rate.get()) else {
            let message = text("Aucun montant de la pièce n'a ce taux.", "No amount of the piece has this rate.");
            return Err(invalid(vec![field(format!("/amounts/{at}/rate"), "unknown", message)]).into());
        };
        fields.insert(name.to_owned(), json!(Money::from_cents(amount.net.get())));
        names.push((name, format!("/amounts/{at}/net")));
    }
    let names: Vec<(&str, &str)> = names.iter().map(|(name, to)| (*name, to.as_str())).collect();
    let taken = take(act, before.id, before.version, &crediting.transition, fields).await;
    taken.map_err(|error| placed(error, &names))?;
    Ok(Json(pieces::of_record(&mut app.db.read().await?, before.id).await?))
}

fn declared<'a>(definition: &'a Definition, section: &str) -> Result<&'a afpi_platform::pieces::Declared> {
    definition.section(section).map(|section| &section.declared).ok_or_else(no_such_move)
}

/// The site's workflow has no such move.
fn no_such_move() -> Error {
    let title = text("Le processus de ce site ne le prévoit pas", "The workflow of this site has no such move");
    Error::new(ErrorKind::MoveRefused, title)
}

/// The workflow's refusal, at the fields of this request.
fn placed(error: Error, names: &[(&str, &str)]) -> Error {
    if error.kind() != ErrorKind::Validation {
        return error;
    }
    let place = |problem: FieldProblem| {
        let named = problem.field.trim_start_matches('/');
        let to = names.iter().find(|(name, _)| *name == named).map_or("", |(_, to)| to);
        FieldProblem { field: to.to_owned(), ..problem }
    };
    invalid(error.into_fields().into_iter().map(place).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_of_the_workflow_stands_at_the_fields_of_the_request() {
        let wrong = |at: &str| field(at, "out-of-range", text("Trop", "Too much"));
        let error = placed(invalid(vec![wrong("/montant"), wrong("/autre")]), &[("montant", "/amount")]);
        let fields: Vec<_> = error.faults().iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["/amount", ""]);
    }
}
