//! Numbers from gapless series, in the order of days. They are taken in the transaction that uses them; a rollback
//! gives them back.

use afpi_db::{Conn, dialect, sql};
use afpi_plugins::contract::workflow::Numbering;
use serde_json::{Value, json};

use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Error, ErrorKind, Result, internal};
use afpi_core::id::LegalEntityId;
use afpi_http::dates;

use afpi_core::text::text;

/// Gives the documents their numbers from the gapless series. Runs first, so that the row is written once.
///
/// # Errors
/// As [`next`]. A pointer that leads nowhere is the plugin's fault.
pub async fn take(
    tx: &mut Conn,
    legal_entity: LegalEntityId,
    data: &str,
    numberings: &[Numbering],
    now: Instant,
) -> Result<String> {
    if numberings.is_empty() {
        return Ok(data.to_owned());
    }
    let mut documents: Value =
        serde_json::from_str(data).map_err(|e| internal(format!("decision without readable documents: {e}")))?;
    for numbering in numberings {
        let number = next(tx, &numbering.series, &legal_entity.to_string(), now).await?;
        let text =
            numbering.format.replace("{year}", &now.day().year().to_string()).replace("{n}", &format!("{number:05}"));
        let (parent, name) = numbering.pointer.rsplit_once('/').unwrap_or_default();
        let place = documents.pointer_mut(parent).and_then(Value::as_object_mut);
        let place = place
            .ok_or_else(|| internal(format!("a plugin wants a number at {}, which is not there", numbering.pointer)))?;
        place.insert(name.replace("~1", "/").replace("~0", "~"), json!(text));
    }
    Ok(documents.to_string())
}

/// The next number of a series in the year of `now`. It is gapless because a rollback gives it back.
///
/// # Errors
/// 409 `series-date` when the series, in any year, has a number of a later day. Then a clock is wrong, and numbers and
/// days would no longer agree (CGI, ann. II, art. 242 nonies A: one chronological series).
pub async fn next(tx: &mut Conn, series: &str, scope: &str, now: Instant) -> Result<i64> {
    let today = now.day();
    let year = i64::from(today.year());
    let key = [("serie", series.into()), ("scope", scope.into()), ("year", year.into())];
    let number = dialect::count_up(tx.backend(), "compteurs", key, "value", 1).scalar::<i64>(tx).await?;
    let mut query = sql("SELECT NULLIF(MAX(last_day), '') FROM compteurs WHERE serie = ? AND scope = ?");
    query.arg(series).arg(scope);
    // Read the last committed state, not the state when this transaction began: another one may have taken a number
    // meanwhile.
    query.push(dialect::for_update(tx.backend()));
    let last = query.scalar::<Option<Day>>(tx).await?;
    if let Some(last) = last.filter(|last| *last > today) {
        return Err(behind(last, today));
    }
    if last != Some(today) {
        sql("UPDATE compteurs SET last_day = ? WHERE serie = ? AND scope = ? AND year = ?")
            .bind(today)
            .bind(series)
            .bind(scope)
            .bind(year)
            .execute(tx)
            .await?;
    }
    Ok(number)
}

fn behind(last: Day, today: Day) -> Error {
    let title = text("L'horloge du serveur retarde", "The server's clock is behind");
    Error::new(ErrorKind::SeriesDate, title).detail(text(
        format!(
            "Le dernier numéro de cette série est du {} et le serveur se croit le {} : rien n'a été numéroté. Prévenez un administrateur.",
            dates::french(last.date()),
            dates::french(today.date())
        ),
        format!(
            "The last number of this series is of {last} and the server believes it is {today}: nothing was numbered. Tell an administrator."
        ),
    ))
}
