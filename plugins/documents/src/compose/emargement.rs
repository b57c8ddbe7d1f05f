//! The attendance sheet: a page or more for each day, with a signature per person and half-day. Title and times are
//! those of the convention.

use serde_json::{Value, json};

use super::Page;
use crate::blocks::{self, Fact, fact, half_times};
use crate::dossier::{Half, HalfDay, Stagiaire, State, filled, joined};
use crate::format::{self, file_name};
use crate::frame::framed;
use crate::scene::{DOTS, Scene};

/// Empty lines for people who come unannounced.
const SPARE: usize = 2;
/// Lines of a sheet that names nobody.
const UNNAMED: usize = 10;

pub(crate) fn page(scene: &Scene) -> Option<Page> {
    let halves = scene.dossier.half_days();
    let mut days: Vec<&str> = halves.iter().map(|half| half.day.as_str()).collect();
    days.dedup();
    let wanted = scene.dossier.day.as_deref();
    days.retain(|day| wanted.is_none_or(|wanted| wanted == *day));
    if days.is_empty() && !scene.draft {
        return None;
    }
    let number = scene.dossier.session().and_then(|session| filled(&session.numero)).map(String::from);
    let day = wanted.or(if days.len() == 1 { days.first().copied() } else { None });
    let sheets: Vec<Value> = days.iter().map(|day| sheet(scene, day, &halves)).collect();
    let content = json!({
        "facts": facts(scene, number.as_deref()),
        "days": if sheets.is_empty() { vec![unplanned(scene)] } else { sheets },
        "rules": scene.wording("preuve-conservation"),
    });
    Some(Page {
        template: "emargement",
        data: framed(scene, scene.t("emargement"), number.as_deref(), content),
        file_name: file_name([Some("EMARG"), number.as_deref(), day]),
        invoice: None,
    })
}

fn facts(scene: &Scene, number: Option<&str>) -> Vec<Fact> {
    let dossier = &scene.dossier;
    // The footer says it too, but a page's footer is not read aloud.
    let nda = filled(&dossier.entite.nda).map(|nda| scene.fill("declaration-courte", &[("nda", nda)]));
    let companies = (!dossier.sessions().is_empty()).then(|| filled(&dossier.entreprise.name)).flatten();
    [
        fact(scene.t("formation"), dossier.title()),
        fact(scene.t("session"), number),
        fact(scene.t("duree"), scene.planned_hours()),
        fact(
            scene.t("organisme-court"),
            Some(joined([Some(scene.issuer()), nda.as_deref()], ", ").unwrap_or_default()),
        ),
        fact(scene.t("client"), companies),
        fact(scene.t("lieu"), scene.place()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn sheet(scene: &Scene, day: &str, halves: &[&HalfDay]) -> Value {
    let of = |wanted: Half| -> Vec<&HalfDay> {
        halves.iter().copied().filter(|half| half.day == day && half.half == wanted).collect()
    };
    let parts: Vec<Value> = [Half::Am, Half::Pm].into_iter().filter_map(|half| part(scene, half, &of(half))).collect();
    let held: Vec<Half> = [Half::Am, Half::Pm].into_iter().filter(|half| !of(*half).is_empty()).collect();
    let minutes: i64 = held.iter().flat_map(|half| of(*half)).filter_map(|half| half.minutes).sum();
    let mut trainers: Vec<String> = Vec::new();
    for name in held.iter().flat_map(|half| of(*half)).flat_map(HalfDay::trainers) {
        if !trainers.contains(&name) {
            trainers.push(name);
        }
    }
    let trainers = if trainers.is_empty() { scene.trainers() } else { trainers };
    let trainers = if trainers.is_empty() { vec![DOTS.to_string()] } else { trainers };
    json!({
        "title": blocks::day_title(scene, day),
        "hours": format::hours(scene.lang, minutes),
        "parts": parts,
        "rows": rows(scene, day, &held),
        "trainers": trainers,
    })
}

/// The sheet of a day that is not planned yet, in a preview.
fn unplanned(scene: &Scene) -> Value {
    let part = |half: &'static str| json!({"name": scene.t(half), "times": DOTS, "hours": DOTS, "details": ""});
    json!({
        "title": DOTS,
        "hours": DOTS,
        "parts": [part("matin"), part("apres-midi")],
        "rows": rows(scene, "", &[Half::Am, Half::Pm]),
        "trainers": [DOTS],
    })
}

/// One half-day: which it is, its times, hours, module and room. `None` when nothing is planned.
fn part(scene: &Scene, half: Half, of_half: &[&HalfDay]) -> Option<Value> {
    let first = of_half.first()?;
    let times: Vec<String> = of_half.iter().map(|half| half_times(scene, half)).collect();
    let minutes: i64 = of_half.iter().filter_map(|half| half.minutes).sum();
    let mut details: Vec<&str> = [&first.module, &first.room].into_iter().filter_map(filled).collect();
    details.dedup();
    Some(json!({
        "name": scene.t(if half == Half::Am { "matin" } else { "apres-midi" }),
        "times": times.join(", "),
        "hours": format::hours(scene.lang, minutes),
        "details": details.join(" · "),
    }))
}

/// A line per trainee, with a code where somebody was absent, then empty lines. A sheet that names nobody has as many
/// lines as the session has places.
fn rows(scene: &Scene, day: &str, held: &[Half]) -> Vec<Value> {
    let mut trainees: Vec<&Stagiaire> = scene.dossier.stagiaires.iter().collect();
    trainees.sort_by_key(|trainee| trainee.listed().to_lowercase());
    let code = |trainee: &Stagiaire, half: &Half| {
        let of_half = |entry: &&crate::dossier::Attendance| entry.day == day && entry.half == *half;
        match trainee.attendance.iter().find(of_half).map(|entry| entry.state) {
            Some(State::Absent) => "A",
            Some(State::Excused) => "E",
            Some(State::Late) => "R",
            Some(State::Present) | None => "",
        }
    };
    let mut rows: Vec<Value> = trainees
        .iter()
        .map(|trainee| {
            let codes: Vec<&str> = held.iter().map(|half| code(trainee, half)).collect();
            json!({"name": trainee.listed(), "company": filled(&trainee.company).unwrap_or_default(), "codes": codes})
        })
        .collect();
    let places = scene.dossier.session().and_then(|session| session.capacity).and_then(|capacity| capacity.max());
    let lines = if rows.is_empty() { places.unwrap_or(UNNAMED) } else { rows.len() + SPARE };
    let empty = json!({"name": "", "company": "", "codes": vec![""; held.len()]});
    rows.resize(lines.max(rows.len()), empty);
    rows
}
