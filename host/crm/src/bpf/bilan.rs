//! `GET /api/bpf`: the frames of a legal entity and a year.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use afpi_db::sql;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::cadres::{Ailleurs, Ligne, cadres, place};
use super::read::{self, Exercice, Suivi};
use crate::compta;
use afpi_core::clock::Day;
use afpi_core::error::{Result, field, invalid};
use afpi_core::id::{LegalEntityId, SessionId, StagiaireId};
use afpi_core::money::Money;
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_core::text::{Text, text};
use afpi_http::input::Params;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// Which year of which legal entity.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    #[param(value_type = Uuid)]
    entite_legale_id: LegalEntityId,
    /// The first and the last day of the accounting year, both included. At most two years.
    #[param(value_type = String, format = Date)]
    from: Day,
    #[param(value_type = String, format = Date)]
    to: Day,
}

/// The longest accounting year, in days: the first one of an entity may have up to 24 months.
const LONGEST: i64 = 731;
/// The specialities that the form asks for; the others are summed up.
const SPECIALITES: usize = 5;

/// The frames of a year. Hours are minutes here.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Bpf)]
pub struct Bilan {
    pub entite: BpfEntite,
    #[schema(value_type = String, format = Date)]
    pub from: Day,
    #[schema(value_type = String, format = Date)]
    pub to: Day,
    /// Does the caller see all sites of the entity? Otherwise the figures are those of some of them.
    pub complete: bool,
    /// C: income excl. VAT by origin.
    pub produits: Vec<LigneProduits>,
    #[schema(value_type = i64)]
    pub total: Money,
    /// E: people who taught, and their hours.
    pub formateurs: Vec<LigneHeures>,
    /// F1: trainees by status.
    pub stagiaires: Vec<LigneHeures>,
    /// F3: trainees by what the training leads to.
    pub objectifs: Vec<LigneHeures>,
    /// F4: trainees by speciality, the five largest first.
    pub specialites: Vec<LigneHeures>,
    /// What keeps the frames from being exact.
    pub manques: Manques,
    /// The lines that a person fills elsewhere.
    pub ailleurs: Vec<Ailleurs>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BpfEntite {
    #[schema(value_type = Uuid)]
    pub id: LegalEntityId,
    pub name: String,
    pub siret: Option<String>,
    pub nda: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BpfLigneProduits)]
pub struct LigneProduits {
    /// The line of the form. Empty: no line takes these payers.
    pub ligne: String,
    pub label: Text,
    /// Cents.
    #[schema(value_type = i64)]
    pub net: Money,
    pub pieces: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = BpfLigneHeures)]
pub struct LigneHeures {
    /// The line of the form. Empty: not said, or the rest.
    pub ligne: String,
    pub label: Text,
    /// Trainees, or trainers.
    pub people: i64,
    pub minutes: i64,
}

/// How many records leave something open.
#[derive(Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BpfManques)]
pub struct Manques {
    /// Trainees without a status.
    pub status: i64,
    /// Sessions without an objective.
    pub objectif: i64,
    /// Sessions without a speciality.
    pub specialite: i64,
    /// Past half-days of trainees without attendance: their hours count as none.
    pub presences: i64,
}

/// Read the « bilan pédagogique et financier » of a year, as far as the CRM holds it.
#[utoipa::path(get, path = "/", operation_id = "getBpf", tag = "bpf", params(Wanted),
    responses((status = 200, body = Bilan), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Params(wanted): Params<Wanted>,
) -> ApiResult<Json<Bilan>> {
    Ok(Json(bilan(&app, &caller, &wanted).await?))
}

/// The frames. 404 when the caller sees no site of the entity.
pub async fn bilan(app: &App, caller: &Caller, wanted: &Wanted) -> Result<Bilan> {
    caller.require(Action::ComptaExport)?;
    let Wanted { entite_legale_id: entity, from, to } = *wanted;
    let days = (to.date() - from.date()).num_days();
    if days < 0 {
        return Err(invalid(vec![field("/to", "order", text("Avant le premier jour.", "Before the first day."))]));
    }
    if days > LONGEST {
        let message = text("Deux ans au plus.", "At most two years.");
        return Err(invalid(vec![field("/to", "out-of-range", message)]));
    }
    let mut conn = app.db.read().await?;
    let seen = compta::sites(&mut conn, caller, entity).await?;
    let all = sql("SELECT COUNT(*) FROM localisations WHERE entite_legale_id = ?")
        .bind(entity)
        .scalar::<i64>(&mut conn)
        .await?;
    let (id, name, siret, nda) = sql("SELECT id, name, siret, nda FROM entites_legales WHERE id = ?")
        .bind(entity)
        .one::<(LegalEntityId, String, Option<String>, Option<String>)>(&mut conn)
        .await?;
    let (scope, year) = (Scope::Sites(seen.clone()), Exercice { entity, from, to });
    let produits = produits(read::produits(&mut conn, &scope, year).await?);
    let suivis = read::suivis(&mut conn, &scope, year).await?;
    let given = read::donnees(&mut conn, &scope, year).await?;
    Ok(Bilan {
        entite: BpfEntite { id, name, siret, nda },
        from,
        to,
        complete: all == seen.len() as i64,
        total: produits.iter().map(|line| line.net).sum(),
        produits,
        formateurs: heures(
            &cadres().formateurs,
            given.iter().map(|(kind, minutes)| (Some(kind.as_str()), 1, *minutes)),
        ),
        stagiaires: heures(
            &cadres().stagiaires,
            people(&suivis).map(|(main, minutes)| (main.status.map(|s| s.as_str()), 1, minutes)),
        ),
        objectifs: heures(
            &cadres().objectifs,
            parts(&suivis).map(|(one, people)| (one.objectif.map(|o| o.as_str()), people, one.done)),
        ),
        specialites: specialites(&suivis),
        manques: manques(&suivis),
        ailleurs: cadres().ailleurs.clone(),
    })
}

fn unsaid() -> Text {
    text("Non renseigné", "Not said")
}

fn produits(rows: Vec<read::Produits>) -> Vec<LigneProduits> {
    let lines = &cadres().produits;
    let line = |ligne: &str, label: &Text| LigneProduits {
        ligne: ligne.to_owned(),
        label: label.clone(),
        net: Money::ZERO,
        pieces: 0,
    };
    let mut shown: Vec<LigneProduits> = lines.iter().map(|l| line(&l.ligne, &l.label)).collect();
    shown.push(line("", &text("À classer : payeurs sans ligne", "To be sorted: payers without a line")));
    for row in rows {
        let at = place(lines, &row.payer_kind, &row.kind).unwrap_or(lines.len());
        shown[at].net += row.net;
        shown[at].pieces += row.pieces;
    }
    if shown.last().is_some_and(|rest| rest.pieces == 0) {
        shown.pop();
    }
    shown
}

/// Sums by line: a word, people and minutes each. What has no word comes last, if there is any.
fn heures<'a>(lines: &[Ligne], rows: impl Iterator<Item = (Option<&'a str>, i64, i64)>) -> Vec<LigneHeures> {
    let line = |ligne: &str, label: Text| LigneHeures { ligne: ligne.to_owned(), label, people: 0, minutes: 0 };
    let mut shown: Vec<LigneHeures> = lines.iter().map(|l| line(&l.ligne, l.label.clone())).collect();
    shown.push(line("", unsaid()));
    for (word, people, minutes) in rows {
        let at = word.and_then(|word| place(lines, word, "")).unwrap_or(lines.len());
        shown[at].people += people;
        shown[at].minutes += minutes;
    }
    if shown.last().is_some_and(|rest| rest.people == 0 && rest.minutes == 0) {
        shown.pop();
    }
    shown
}

/// The trainees who came, each once with all minutes.
fn people(suivis: &[Suivi]) -> impl Iterator<Item = (&Suivi, i64)> {
    let mut sums: BTreeMap<StagiaireId, (&Suivi, i64)> = BTreeMap::new();
    for one in suivis.iter().filter(|one| one.done > 0) {
        sums.entry(one.stagiaire_id).or_insert((one, 0)).1 += one.done;
    }
    sums.into_values()
}

/// The parts of trainees in sessions. Somebody of several sessions counts as one person: in that with most hours. So
/// the frames F1, F3 and F4 have the same sums, as the form wants them.
fn parts(suivis: &[Suivi]) -> impl Iterator<Item = (&Suivi, i64)> {
    let mut main: HashMap<StagiaireId, (SessionId, i64)> = HashMap::new();
    for one in suivis.iter().filter(|one| one.done > 0) {
        let most = main.entry(one.stagiaire_id).or_insert((one.session_id, one.done));
        if one.done > most.1 {
            *most = (one.session_id, one.done);
        }
    }
    suivis
        .iter()
        .filter(|one| one.done > 0)
        .map(move |one| (one, i64::from(main[&one.stagiaire_id].0 == one.session_id)))
}

fn specialites(suivis: &[Suivi]) -> Vec<LigneHeures> {
    let names = &cadres().specialites;
    let mut by: BTreeMap<Option<&str>, (i64, i64)> = BTreeMap::new();
    for (one, people) in parts(suivis) {
        let sum = by.entry(one.specialite.as_deref()).or_default();
        sum.0 += people;
        sum.1 += one.done;
    }
    let missing = by.remove(&None);
    let mut sorted: Vec<_> = by.into_iter().filter_map(|(code, sum)| Some((code?, sum))).collect();
    sorted.sort_by_key(|(_, (_, minutes))| -minutes);
    let line = |ligne: &str, label: Text, (people, minutes): (i64, i64)| LigneHeures {
        ligne: ligne.to_owned(),
        label,
        people,
        minutes,
    };
    let mut shown: Vec<LigneHeures> = sorted
        .iter()
        .take(SPECIALITES)
        .map(|(code, sum)| {
            let name = names.get(*code).map_or(*code, String::as_str);
            line(code, text(name, name), *sum)
        })
        .collect();
    let rest =
        sorted.iter().skip(SPECIALITES).fold((0, 0), |sum, (_, (people, minutes))| (sum.0 + people, sum.1 + minutes));
    if sorted.len() > SPECIALITES {
        shown.push(line("", text("Autres spécialités", "Other specialities"), rest));
    }
    shown.extend(missing.map(|sum| line("", unsaid(), sum)));
    shown
}

fn manques(suivis: &[Suivi]) -> Manques {
    let came = || suivis.iter().filter(|one| one.done > 0);
    let sessions = |open: fn(&Suivi) -> bool| {
        came().filter(|one| open(one)).map(|one| one.session_id).collect::<BTreeSet<_>>().len() as i64
    };
    Manques {
        status: came().filter(|one| one.status.is_none()).map(|one| one.stagiaire_id).collect::<BTreeSet<_>>().len()
            as i64,
        objectif: sessions(|one| one.objectif.is_none()),
        specialite: sessions(|one| one.specialite.is_none()),
        presences: suivis.iter().map(|one| one.unnoted).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bpf::cadres::Objectif;
    use crate::stagiaires::Status;

    fn suivi(stagiaire: StagiaireId, objectif: Option<Objectif>, specialite: Option<&str>, done: i64) -> Suivi {
        Suivi {
            session_id: SessionId::generate(),
            stagiaire_id: stagiaire,
            status: Some(Status::Salarie),
            objectif,
            specialite: specialite.map(str::to_owned),
            done,
            unnoted: 0,
        }
    }

    fn sums(lines: &[LigneHeures]) -> (i64, i64) {
        lines.iter().fold((0, 0), |sum, line| (sum.0 + line.people, sum.1 + line.minutes))
    }

    #[test]
    fn the_frames_of_trainees_have_the_same_sums() {
        let (anne, paul, absent) = (StagiaireId::generate(), StagiaireId::generate(), StagiaireId::generate());
        let all = [
            suivi(anne, Some(Objectif::Autre), Some("254"), 420),
            suivi(anne, Some(Objectif::Rs), Some("255"), 840),
            suivi(paul, None, None, 210),
            suivi(absent, Some(Objectif::Autre), Some("254"), 0),
        ];
        let f1 = heures(
            &cadres().stagiaires,
            people(&all).map(|(one, minutes)| (one.status.map(|s| s.as_str()), 1, minutes)),
        );
        let f3 = heures(
            &cadres().objectifs,
            parts(&all).map(|(one, people)| (one.objectif.map(|o| o.as_str()), people, one.done)),
        );
        let f4 = specialites(&all);
        assert_eq!(sums(&f1), (2, 1470));
        assert_eq!(sums(&f3), (2, 1470));
        assert_eq!(sums(&f4), (2, 1470));
        let line = |ligne: &str| f3.iter().find(|line| line.ligne == ligne).map(|line| (line.people, line.minutes));
        assert_eq!((line("F3b"), line("F3d"), line("")), (Some((1, 840)), Some((0, 420)), Some((1, 210))));
        assert_eq!(f4[0].ligne, "255");
        assert_eq!(manques(&all), Manques { status: 0, objectif: 1, specialite: 1, presences: 0 });
    }

    #[test]
    fn the_five_largest_specialities_are_named() {
        let codes = ["223", "225", "227", "251", "254", "255", "326"];
        let all: Vec<Suivi> =
            codes.iter().zip(1..).map(|(code, n)| suivi(StagiaireId::generate(), None, Some(code), n * 60)).collect();
        let shown = specialites(&all);
        let lines: Vec<&str> = shown.iter().map(|line| line.ligne.as_str()).collect();
        assert_eq!(lines, ["326", "255", "254", "251", "227", ""]);
        assert_eq!((shown[5].people, shown[5].minutes), (2, 180));
    }
}
