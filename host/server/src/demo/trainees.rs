//! Trainees of the demo's opportunités, what their sessions teach, and who came to the half-days that are over.

use afpi_db::{Conn, sql};
use anyhow::{Result, anyhow};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

use super::accounts;
use afpi_core::clock::{Day, Instant};
use afpi_core::error::Error;
use afpi_core::id::{OpportuniteId, SessionId, StagiaireId, UserId};
use afpi_core::rights::Role;
use afpi_core::scope::Scope;
use afpi_crm::sessions::half_days::Half;
use afpi_crm::stagiaires::{self, StagiaireCreate, Status, rights};
use afpi_platform::state::App;

const FIRST: [&str; 16] = [
    "Karim", "Élodie", "Thomas", "Aïcha", "Julien", "Marine", "Nicolas", "Sarah", "Mehdi", "Camille", "Hugo", "Léa",
    "Yann", "Fatima", "Lucas", "Inès",
];
const LAST: [&str; 16] = [
    "Lefebvre",
    "Benali",
    "Morel",
    "Dubois",
    "Garnier",
    "Haddad",
    "Roux",
    "Lemoine",
    "Caron",
    "Diallo",
    "Fontaine",
    "Mercier",
    "Nguyen",
    "Blanchard",
    "Picard",
    "Delmas",
];
const JOBS: [&str; 6] =
    ["Opérateur", "Technicienne de maintenance", "Soudeur", "Cheffe d'équipe", "Régleur", "Magasinier"];

/// What the demo's sessions teach.
const PROGRAMME: &str = "Objectifs : préparer le poste en sécurité ; régler les paramètres selon le matériau ; réaliser la pièce au plan ; contrôler et corriger les défauts.

Matin : accueil, positionnement, rappels théoriques et règles de sécurité.
Après-midi : démonstrations, exercices guidés sur poste, puis en autonomie.
Dernière demi-journée : mise en situation évaluée, bilan individuel, évaluation à chaud.

Moyens : atelier équipé, un poste par stagiaire, livret remis à chacun.
Évaluation : grille de compétences renseignée par le formateur ; attestation de fin de formation.";

/// What sessions lead to and are about, by the first word of their title. The others are left for the person who declares.
const LEADS: [(&str, &str, &str); 10] = [
    ("Soudage", "rs", "254"),
    ("Habilitation", "autre", "255"),
    ("CACES", "rs", "311"),
    ("Conduite", "cqp", "201"),
    ("Maintenance", "rncp_4", "250"),
    ("Commande", "rncp_4", "251"),
    ("Management", "autre", "413"),
    ("Pneumatique", "autre", "250"),
    ("Sécurité", "autre", "344"),
    ("Robotique", "cqp", "201"),
];

/// Gives each opportunité some trainees. A database that has trainees stays as it is.
pub async fn fill(app: &App) -> Result<()> {
    let mut conn = app.db.read().await?;
    if sql("SELECT COUNT(*) FROM stagiaires").scalar::<i64>(&mut conn).await? > 0 {
        return Ok(());
    }
    let files = sql("SELECT id, created_at FROM opportunites ORDER BY numero")
        .all::<(OpportuniteId, Instant)>(&mut conn)
        .await?;
    let people = accounts::read(&mut conn).await?;
    drop(conn);
    let marker = people.by_role.iter().find(|(role, ..)| *role == Role::Assistante).map(|(_, id, _)| *id);
    let mut tx = app.db.begin().await?;
    for (at, (file, created)) in files.into_iter().enumerate() {
        add(&mut tx, file, created, at).await.map_err(|problem: Error| anyhow!("refused: {problem:?}"))?;
    }
    sql("UPDATE sessions SET programme = ?").bind(PROGRAMME).execute(&mut tx).await?;
    for (word, objectif, specialite) in LEADS {
        sql("UPDATE sessions SET objectif = ?, specialite = ? WHERE title LIKE ?")
            .bind(objectif)
            .bind(specialite)
            .bind(format!("{word}%"))
            .execute(&mut tx)
            .await?;
    }
    if let Some(marker) = marker {
        attend(&mut tx, marker).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn add(tx: &mut Conn, file: OpportuniteId, created: Instant, at: usize) -> Result<(), Error> {
    let mut rng = StdRng::seed_from_u64(3500 + at as u64);
    let of = rights::load(tx, &Scope::All, file).await?;
    for _ in 0..rng.random_range(2..7) {
        let (first, last) = (FIRST.choose(&mut rng), LAST.choose(&mut rng));
        let (first, last) = (first.copied().unwrap_or("Karim"), last.copied().unwrap_or("Morel"));
        let address = format!("{first}.{last}@entreprise.example");
        let new = StagiaireCreate {
            last_name: last.into(),
            first_name: first.into(),
            birth_date: chrono::NaiveDate::from_yo_opt(rng.random_range(1968..2004), rng.random_range(1..365)),
            email: Some(afpi_core::text::fold(&address).replace(' ', "").as_str().into()),
            phone: None,
            company: None,
            function: JOBS.choose(&mut rng).map(|job| (*job).into()),
            status: Some(Status::Salarie),
            needs: None,
        };
        stagiaires::insert(tx, &of, &new, created).await?;
    }
    Ok(())
}

/// Nearly everybody came.
async fn attend(tx: &mut Conn, marker: UserId) -> Result<()> {
    let mut rng = StdRng::seed_from_u64(35);
    let past = sql("SELECT h.session_id, p.stagiaire_id, h.day, h.half FROM session_half_days h \
         JOIN session_stagiaires p ON p.session_id = h.session_id WHERE h.day < ? ORDER BY h.session_id, p.stagiaire_id, h.day, h.half")
        .bind(Day::today())
        .all::<(SessionId, StagiaireId, Day, Half)>(tx)
        .await?;
    for some in past.chunks(200) {
        let mut query = sql(
            "INSERT INTO attendance (session_id, stagiaire_id, day, half, state, late_minutes, marked_by, marked_at) VALUES ",
        );
        query.rows(some.iter().map(|(session, stagiaire, day, half)| {
            let (state, late) = match rng.random_range(0..12) {
                0 => ("late", 15i64),
                1 => ("excused", 0),
                _ => ("present", 0),
            };
            let at = day.start() + super::days(1);
            [
                session.into(),
                stagiaire.into(),
                day.into(),
                (*half).into(),
                state.into(),
                late.into(),
                marker.into(),
                at.into(),
            ]
        }));
        query.execute(tx).await?;
    }
    Ok(())
}
