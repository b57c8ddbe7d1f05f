//! Objectives for the present quarter and year, from the objectives plugin's own demo file.

use afpi_db::{Conn, sql};
use anyhow::Result;
use serde::Deserialize;

use super::accounts::People;
use afpi_core::clock::{Day, Instant};
use afpi_core::id::{LocalisationId, ObjectifId, UserId};
use afpi_core::network::Place;

const FILE: &str = include_str!("../../../../plugins/objectifs/demo/objectifs.json");

#[derive(Deserialize)]
struct Target {
    metric: String,
    /// `site` or `commercial`.
    holder: String,
    /// `quarter` or `year`.
    period: String,
    target: i64,
}

pub async fn fill(tx: &mut Conn, places: &[Place], people: &People) -> Result<()> {
    let targets: Vec<Target> = serde_json::from_str(FILE)?;
    let today = Day::today().to_string();
    let (year, month) = (&today[..4], today[5..7].parse::<u32>().unwrap_or(1));
    let first_month = (month - 1) / 3 * 3 + 1;
    let last_day = if matches!(first_month + 2, 6 | 9) { 30 } else { 31 };
    let quarter = (format!("{year}-{first_month:02}-01"), format!("{year}-{:02}-{last_day}", first_month + 2));
    let whole = (format!("{year}-01-01"), format!("{year}-12-31"));
    for target in targets {
        let (first, last) = if target.period == "year" { &whole } else { &quarter };
        let holders: Vec<(Option<UserId>, Option<LocalisationId>)> = match target.holder.as_str() {
            "site" => places.iter().map(|p| (None, Some(p.id))).collect(),
            _ => people.commercial_of.iter().map(|(_, user)| (Some(*user), None)).collect(),
        };
        for (user, site) in holders {
            let holder = user.map(|u| format!("user:{u}")).or(site.map(|s| format!("site:{s}"))).unwrap_or_default();
            sql("INSERT INTO objectifs (id, metric, period_kind, first_day, last_day, target, user_id, localisation_id, holder, created_at, version) \
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)")
                .bind(ObjectifId::generate()).bind(&target.metric).bind(&target.period).bind(first).bind(last).bind(target.target)
                .bind(user).bind(site).bind(holder).bind(Instant::now()).execute(tx).await?;
        }
    }
    Ok(())
}
