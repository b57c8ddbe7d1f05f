//! What is billed never exceeds what was signed without a reason: attendance measures the pieces that a form declares
//! with `attended`. Deposits are asked for before the training: the final invoice counts. Before anybody has noted attendance, there is nothing to measure with.

use afpi_db::Conn;
use serde_json::{Map, Value};

use crate::sessions::hours::{self, Hours};
use afpi_core::error::{Result, field, invalid};
use afpi_core::id::OpportuniteId;
use afpi_core::money::Money;
use afpi_core::text::text;
use afpi_platform::pieces::{AttendedForm, Found, Told};

/// Checks the pieces that a decision issues.
///
/// # Errors
/// 422 at the field for the reason when the pieces bill more than the attended part of the whole, and it is empty.
pub(super) async fn measure(
    tx: &mut Conn,
    opportunite: OpportuniteId,
    documents: &Map<String, Value>,
    told: &Told,
    new: &[(String, &Found)],
) -> Result<()> {
    let unexplained = |(_, piece): &&(String, &Found)| {
        let reason = |form: &AttendedForm| piece.document.get(&form.reason).and_then(Value::as_str).map(str::trim);
        piece.terms.net > Money::ZERO
            && !piece.terms.advance
            && piece.attended.as_ref().is_some_and(|form| reason(form).is_none_or(str::is_empty))
    };
    for (_, piece) in new.iter().filter(unexplained) {
        let Some(form) = &piece.attended else { continue };
        let Some(whole) = at(documents, &form.whole) else { continue };
        let Some(Hours { planned, done }) = hours::noted_of(tx, opportunite).await? else { return Ok(()) };
        let most = Money::from_cents(part(whole, done, planned));
        let measured = told
            .pieces
            .iter()
            .filter(|other| !other.recalls && !other.terms.advance && other.attended.as_ref() == Some(form));
        let billed: Money = measured.map(|other| other.terms.net).sum();
        if billed > most {
            let (most, billed) = (most.words(), billed.words());
            let message = text(
                format!("Les présences justifient {} HT, et {} sont facturés : dites pourquoi.", most.fr, billed.fr),
                format!("Attendance accounts for {} excl. VAT, and {} are billed: say why.", most.en, billed.en),
            );
            return Err(invalid(vec![field(format!("/{}", form.reason), "beyond-attendance", message)]));
        }
    }
    Ok(())
}

/// The amount at a pointer into the documents.
fn at(documents: &Map<String, Value>, pointer: &str) -> Option<i64> {
    let (section, path) = pointer.strip_prefix('/')?.split_once('/')?;
    documents.get(section)?.pointer(&format!("/{path}"))?.as_i64()
}

/// The done part of the whole, rounded half up to the cent.
fn part(whole: i64, done: i64, planned: i64) -> i64 {
    let (whole, done, planned) = (i128::from(whole), i128::from(done), i128::from(planned));
    i64::try_from((2 * whole * done + planned).div_euclid(2 * planned)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_attended_part_is_rounded_to_the_cent() {
        // Case 11 of the worked amounts: 31.5 of 35 hours.
        assert_eq!(part(159_250, 31 * 60 + 30, 35 * 60), 143_325);
        assert_eq!(part(100, 1, 3), 33);
        assert_eq!(part(101, 1, 2), 51);
        assert_eq!(part(159_250, 0, 35), 0);
        assert_eq!(part(i64::MAX, 1, 1), i64::MAX);
    }
}
