//! `POST /api/encaissements`: money that came in once pays several pieces, also of several opportunités. The workflow
//! decides on each payment. All of them are written in one transaction, or none.

use std::collections::BTreeSet;

use afpi_db::{Conn, sql};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::allocate::{self, Allocation};
use crate::opportunites::{DecidedMove, decide, stored};
use afpi_core::clock::Day;
use afpi_core::error::{Error, ErrorKind, FieldProblem, Result, field, internal, invalid};
use afpi_core::id::{EncaissementId, LegalEntityId, LocalisationId, OpportuniteId, PieceId};
use afpi_core::money::Money;
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_http::bounds::{Int, List};
use afpi_http::input::Body;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::{Line, filled};
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::pieces::PaymentMove;
use afpi_platform::state::App;

/// The pieces that one sum pays.
pub type PaidPieces = List<EncaissementPiece, 100>;
/// How often decisions are made anew after somebody else changed one of the opportunités.
const TRIES: usize = 3;

/// Money that came in.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EncaissementCreate {
    /// Cents.
    #[validate(nested)]
    pub amount: Int<1, 100_000_000_000>,
    /// Default: today.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub paid_on: Option<Day>,
    /// A word of the site's workflow.
    #[validate(nested)]
    pub mode: Line<40>,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub reference: Option<Line<100>>,
    /// The pieces that it pays, all of one legal entity. Without amounts it pays the oldest first.
    #[validate(nested)]
    pub pieces: PaidPieces,
    /// Keep what no piece takes as a credit of the customer. Otherwise such a rest is refused.
    #[serde(default)]
    pub keep_rest: bool,
}

/// A piece that is paid.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EncaissementPiece {
    #[schema(value_type = Uuid)]
    pub piece_id: PieceId,
    /// Cents. Either every piece has one, or none.
    #[serde(default)]
    #[validate(nested)]
    pub amount: Option<Int<1, 100_000_000_000>>,
}

/// What the money paid.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Encaissement {
    #[schema(value_type = Uuid)]
    pub id: EncaissementId,
    /// Cents.
    #[schema(value_type = i64)]
    pub amount: Money,
    #[schema(value_type = String, format = Date)]
    pub paid_on: Day,
    pub pieces: Vec<EncaissementShare>,
    /// What no piece took: a credit of the customer.
    #[schema(value_type = i64)]
    pub rest: Money,
}

/// What one piece got.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EncaissementShare {
    #[schema(value_type = Uuid)]
    pub piece_id: PieceId,
    pub number: String,
    /// Cents.
    #[schema(value_type = i64)]
    pub amount: Money,
    /// What is still owed on it.
    #[schema(value_type = i64)]
    pub balance: Money,
}

afpi_db::row! {
    struct Owed {
        piece_id: PieceId, number: String, due_on: String, issued_on: String, balance: Money, opportunite_id: OpportuniteId,
        localisation_id: LocalisationId, entite_legale_id: LegalEntityId, payer_key: String, payer_name: String, section: String,
    }
}

const COLUMNS: &str = "c.piece_id, c.number, c.due_on, c.issued_on, c.balance, o.id AS opportunite_id, o.localisation_id, c.entite_legale_id, \
     c.payer_key, c.payer_name, p.section";

/// Record money that came in and the pieces that it pays, all or nothing. Paid pieces that are not named by an amount
/// are paid in the order of their due days.
#[utoipa::path(post, path = "/", operation_id = "createEncaissement", tag = "facturation", request_body = EncaissementCreate,
    responses((status = 200, body = Encaissement), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 502, body = ProblemBody), (status = 503, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Body(input): Body<EncaissementCreate>,
) -> ApiResult<Json<Encaissement>> {
    caller.require(Action::CreancesWrite)?;
    let act = Act::begin(&app, &caller, request.as_str());
    for _ in 0..TRIES {
        let plan = Plan::make(act, &input).await?;
        let decided = plan.decide(act, &input).await?;
        if let Some(made) = plan.commit(act, &input, &decided).await? {
            app.jobs.wake();
            decided.iter().for_each(|decided| decided.count(act));
            return Ok(Json(made));
        }
    }
    let title = text("Dossiers modifiés entre-temps", "The files changed in the meantime");
    Err(Error::new(ErrorKind::Contention, title).retry_after(1).into())
}

/// Which piece gets what.
struct Plan {
    /// With its place in the request.
    shares: Vec<(usize, Owed, Money)>,
    rest: Money,
    paid_on: Day,
}

impl Plan {
    async fn make(act: Act<'_>, input: &EncaissementCreate) -> Result<Plan> {
        let owed = find(act, input).await?;
        let paid_on = input.paid_on.unwrap_or_else(|| act.now.day());
        let amount = Money::from_cents(input.amount.get());
        let given: Vec<Money> =
            input.pieces.iter().filter_map(|piece| piece.amount).map(|cents| Money::from_cents(cents.get())).collect();
        let (shares, rest) = if given.len() == owed.len() {
            let rest = amount - given.iter().copied().sum();
            (owed.into_iter().zip(given).map(|((at, owed), amount)| (at, owed, amount)).collect(), rest)
        } else if given.is_empty() {
            let mut owed = owed;
            let age = |owed: &Owed| (owed.due_on.clone(), owed.issued_on.clone(), owed.number.clone());
            owed.sort_by_key(|(_, owed)| age(owed));
            let balances: Vec<Money> = owed.iter().map(|(_, owed)| owed.balance).collect();
            let Allocation { amounts, rest } = allocate::oldest_first(amount, &balances);
            (owed.into_iter().zip(amounts).map(|((at, owed), amount)| (at, owed, amount)).collect(), rest)
        } else {
            let message = text("Un montant pour chaque pièce, ou aucun.", "An amount for every piece, or for none.");
            return Err(invalid(vec![field("/pieces", "incomplete", message)]));
        };
        if rest < Money::ZERO {
            let more = (-rest).words();
            let message = text(
                format!("Les pièces prennent {} de plus que reçu.", more.fr),
                format!("The pieces take {} more than came in.", more.en),
            );
            return Err(invalid(vec![field("/amount", "too-little", message)]));
        }
        if rest > Money::ZERO && !input.keep_rest {
            return Err(surplus(rest));
        }
        let shares: Vec<(usize, Owed, Money)> = shares;
        Ok(Plan { shares: shares.into_iter().filter(|(.., amount)| *amount > Money::ZERO).collect(), rest, paid_on })
    }

    /// Asks the workflow for each payment. Several of one opportunité follow one another.
    async fn decide(&self, act: Act<'_>, input: &EncaissementCreate) -> Result<Vec<DecidedMove>> {
        let mut decided: Vec<DecidedMove> = Vec::new();
        for (at, owed, amount) in &self.shares {
            let earlier = decided.iter().rev().find(|earlier| earlier.before.id == owed.opportunite_id);
            let before = match earlier {
                Some(earlier) => earlier.after(act.now)?,
                None => stored::load(&mut act.app.db.read().await?, &act.caller.scope(), owed.opportunite_id).await?,
            };
            let (_, definition) = act.app.plugins.workflow(before.localisation_id).await?;
            let recording = definition.section(&owed.section).and_then(|section| section.declared.recording());
            let Some(recording) = recording else { return Err(no_payments(*at)) };
            let fields = payment(recording, owed, *amount, self.paid_on, input);
            let made = decide(act, before, &recording.transition, fields).await;
            decided.push(made.map_err(|error| placed(error, recording, *at, &owed.number))?);
        }
        Ok(decided)
    }

    /// Writes everything, or nothing when one of the opportunités has changed.
    async fn commit(
        &self,
        act: Act<'_>,
        input: &EncaissementCreate,
        decided: &[DecidedMove],
    ) -> Result<Option<Encaissement>> {
        let id = EncaissementId::generate();
        afpi_db::retry(|| async {
            let mut tx = act.app.db.begin().await?;
            let mut known = Vec::new();
            for of in self.shares.iter().map(|(_, owed, _)| owed.opportunite_id).collect::<BTreeSet<_>>() {
                let count = sql("SELECT COUNT(*) FROM paiements WHERE opportunite_id = ?").bind(of);
                known.push((of, count.scalar::<i64>(&mut tx).await?));
            }
            for decided in decided {
                if !decided.write(&mut tx, act).await? {
                    return Ok(None);
                }
            }
            self.insert(&mut tx, act, input, id).await?;
            for (of, before) in known {
                sql("UPDATE paiements SET encaissement_id = ? WHERE opportunite_id = ? AND position > ?")
                    .bind(id)
                    .bind(of)
                    .bind(before)
                    .execute(&mut tx)
                    .await?;
            }
            idempotency::done(&mut tx, StatusCode::OK, None).await?;
            tx.commit().await?;
            Ok::<_, Error>(Some(self.answer(input, id)))
        })
        .await
    }

    async fn insert(&self, tx: &mut Conn, act: Act<'_>, input: &EncaissementCreate, id: EncaissementId) -> Result<()> {
        let (_, first, _) = self.shares.first().ok_or_else(|| internal("money that pays nothing"))?;
        let mut query = sql(
            "INSERT INTO encaissements (id, entite_legale_id, localisation_id, payer_key, payer_name, paid_on, amount, mode, reference, rest, \
             recorded_at, recorded_by) VALUES ",
        );
        query.rows([[
            id.into(),
            first.entite_legale_id.into(),
            first.localisation_id.into(),
            first.payer_key.as_str().into(),
            first.payer_name.as_str().into(),
            self.paid_on.into(),
            input.amount.into(),
            input.mode.as_str().into(),
            input.reference.as_ref().map(|reference| reference.as_str().to_owned()).into(),
            self.rest.into(),
            act.now.into(),
            act.caller.id.into(),
        ]]);
        query.execute(tx).await?;
        Ok(())
    }

    fn answer(&self, input: &EncaissementCreate, id: EncaissementId) -> Encaissement {
        let share = |(_, owed, amount): &(usize, Owed, Money)| EncaissementShare {
            piece_id: owed.piece_id,
            number: owed.number.clone(),
            amount: *amount,
            balance: owed.balance - *amount,
        };
        Encaissement {
            id,
            amount: Money::from_cents(input.amount.get()),
            paid_on: self.paid_on,
            pieces: self.shares.iter().map(share).collect(),
            rest: self.rest,
        }
    }
}

/// The pieces in scope, with their places in the request.
async fn find(act: Act<'_>, input: &EncaissementCreate) -> Result<Vec<(usize, Owed)>> {
    if input.pieces.is_empty() {
        let message = text("Au moins une pièce.", "At least one piece.");
        return Err(invalid(vec![field("/pieces", "required", message)]));
    }
    let mut query = act.caller.scope().opportunites(COLUMNS, PIECES);
    query.push(" AND c.piece_id IN ").list(input.pieces.iter().map(|piece| piece.piece_id));
    let found: Vec<Owed> = query.all(&mut act.app.db.read().await?).await?;
    let (mut owed, mut problems, mut seen) = (Vec::new(), Vec::new(), BTreeSet::<Uuid>::new());
    let mut found: Vec<Option<Owed>> = found.into_iter().map(Some).collect();
    for (at, piece) in input.pieces.iter().enumerate() {
        let place = format!("/pieces/{at}/pieceId");
        if !seen.insert(piece.piece_id.uuid()) {
            problems.push(field(place, "duplicate", text("Déjà dans la liste.", "Already in the list.")));
            continue;
        }
        let known = found.iter_mut().find(|row| row.as_ref().is_some_and(|row| row.piece_id == piece.piece_id));
        match known.and_then(Option::take) {
            Some(row) if row.balance > Money::ZERO => owed.push((at, row)),
            Some(_) => {
                let message = text("Rien n'est dû sur cette pièce.", "Nothing is owed on this piece.");
                problems.push(field(place, "settled", message));
            }
            None => problems.push(field(place, "unknown", text("Pièce inconnue.", "Unknown piece."))),
        }
    }
    let first = owed.first().map(|(_, row)| row.entite_legale_id);
    for (at, _) in owed.iter().filter(|(_, row)| Some(row.entite_legale_id) != first) {
        let message = text(
            "D'une autre entité légale : un autre compte bancaire.",
            "Of another legal entity: another bank account.",
        );
        problems.push(field(format!("/pieces/{at}/pieceId"), "other-entity", message));
    }
    if problems.is_empty() { Ok(owed) } else { Err(invalid(problems)) }
}

const PIECES: &str = "JOIN creances c ON c.opportunite_id = o.id JOIN pieces p ON p.id = c.piece_id";

/// The input of the move that records this payment.
fn payment(
    form: &PaymentMove,
    owed: &Owed,
    amount: Money,
    paid_on: Day,
    input: &EncaissementCreate,
) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert(form.piece.clone(), json!(owed.number));
    fields.insert(form.amount.clone(), json!(amount));
    fields.insert(form.paid_on.clone(), json!(paid_on));
    if let Some(mode) = &form.mode {
        fields.insert(mode.clone(), json!(input.mode.as_str()));
    }
    if let (Some(field), Some(reference)) = (&form.reference, &input.reference) {
        fields.insert(field.clone(), json!(reference.as_str()));
    }
    fields
}

/// The workflow's refusal, at the fields of this request. `number` says which piece it is about.
fn placed(error: Error, form: &PaymentMove, at: usize, number: &str) -> Error {
    if error.kind() != ErrorKind::Validation {
        return error.with("piece", number);
    }
    let place = |problem: FieldProblem| {
        let named = problem.field.trim_start_matches('/');
        let to = match named {
            name if name == form.amount => format!("/pieces/{at}/amount"),
            name if name == form.paid_on => "/paidOn".to_owned(),
            name if form.mode.as_deref() == Some(name) => "/mode".to_owned(),
            name if form.reference.as_deref() == Some(name) => "/reference".to_owned(),
            _ => format!("/pieces/{at}/pieceId"),
        };
        FieldProblem { field: to, ..problem }
    };
    invalid(error.into_fields().into_iter().map(place).collect()).with("piece", number)
}

fn surplus(rest: Money) -> Error {
    let left = rest.words();
    let message = text(
        format!(
            "Il reste {} qu'aucune pièce ne prend : gardez-les en crédit du client, ou ajoutez une pièce.",
            left.fr
        ),
        format!("{} are left that no piece takes: keep them as a credit of the customer, or add a piece.", left.en),
    );
    invalid(vec![field("/amount", "surplus", message)]).with("rest", rest)
}

fn no_payments(at: usize) -> Error {
    let message = text(
        "Le processus de ce site n'enregistre pas de règlement.",
        "The workflow of this site records no payments.",
    );
    invalid(vec![field(format!("/pieces/{at}/pieceId"), "no-payments", message)])
}
