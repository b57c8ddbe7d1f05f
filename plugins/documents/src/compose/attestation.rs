//! The attestation of attendance: what one trainee followed, half-day by half-day.

use afpi_sdk::money::divide;
use serde_json::{Value, json};

use super::Page;
use super::convocation::{dated, file_person};
use crate::blocks::{self, half_times};
use crate::dossier::{Attendance, HalfDay, Stagiaire, State, filled};
use crate::format::{self, file_name};
use crate::frame::framed;
use crate::scene::{DOTS, Scene};

pub(crate) fn page(scene: &Scene) -> Option<Page> {
    let dossier = &scene.dossier;
    let trainee = dossier.stagiaire.clone().or_else(|| scene.draft.then(Stagiaire::default))?;
    let number = dossier.session().and_then(|session| filled(&session.numero)).map(String::from);
    let name = Some(trainee.named()).filter(|name| !name.is_empty()).unwrap_or_else(|| DOTS.into());
    let hours = |minutes: i64| format::hours(scene.lang, minutes);
    let (done, planned) =
        (trainee.minutes_done.unwrap_or_default(), trainee.minutes_planned.unwrap_or(dossier.minutes()));
    let rate = if planned > 0 { divide(i128::from(done) * 10_000, i128::from(planned)) } else { 0 };
    let span = scene.span().map(|(from, to)| format::from_to(scene.lang, &from, &to)).unwrap_or_else(|| DOTS.into());
    let employer = filled(&trainee.company).or_else(|| filled(&dossier.entreprise.name));
    let employer =
        employer.map(|name| format!(", {},", scene.fill("salarie-de", &[("nom", name)]))).unwrap_or_default();
    let content = json!({
        "says": scene.fill("attestation-texte", &[
            ("signataire", filled(&dossier.entite.signatory_name).unwrap_or(DOTS)),
            ("qualite", filled(&dossier.entite.signatory_quality).unwrap_or(scene.t("representant"))),
            ("organisme", scene.issuer()),
            ("nom", &name), ("employeur", &employer), ("titre", scene.title()), ("dates", &span),
        ]),
        "aims": dossier.aims(),
        "rows": dossier.half_days().into_iter().map(|half| row(scene, half, &trainee)).collect::<Vec<_>>(),
        "sums": [
            {"label": scene.t("heures-prevues"), "value": hours(planned)},
            {"label": scene.t("heures-suivies"), "value": hours(done)},
            {"label": scene.t("taux-assiduite"), "value": format::rate(scene.lang, rate)},
        ],
        "dated": dated(scene),
        "signature": blocks::certifying_signature(scene),
    });
    Some(Page {
        template: "attestation",
        data: framed(scene, scene.t("attestation"), number.as_deref(), content),
        file_name: file_name([Some("ATT"), number.as_deref(), Some(file_person(&trainee).as_str())]),
        invoice: None,
    })
}

fn row(scene: &Scene, half: &HalfDay, trainee: &Stagiaire) -> Value {
    let of_half = |entry: &&Attendance| entry.day == half.day && entry.half == half.half;
    let entry = trainee.attendance.iter().find(of_half);
    let planned = half.minutes.unwrap_or_default();
    let (state, minutes) = match entry.map(|entry| (entry.state, entry.minutes)) {
        Some((State::Present, minutes)) => (scene.t("present"), minutes.unwrap_or(planned)),
        Some((State::Late, minutes)) => (scene.t("retard"), minutes.unwrap_or(planned)),
        Some((State::Excused, _)) => (scene.t("excuse"), 0),
        Some((State::Absent, _)) => (scene.t("absent"), 0),
        None => (scene.t("non-releve"), 0),
    };
    json!({
        "day": blocks::day_title(scene, &half.day),
        "times": half_times(scene, half),
        "state": state,
        "planned": format::hours(scene.lang, planned),
        "done": format::hours(scene.lang, minutes),
    })
}
