//! Trainers from files, by their e-mail address, otherwise by their name at the site.

use afpi_db::Conn;
use async_trait::async_trait;
use serde_json::Value;
use uuid::Uuid;

use super::{Column, Found, Ground, Reads, SITE, Stands, Tabular, columns_of, of_sites, site, word};
use crate::engine::change::{Entity, Fields};
use afpi_core::error::{Error, ErrorKind, Result, internal, invalid};
use afpi_core::id::FormateurId;
use afpi_core::rights::Action;
use afpi_core::text::{fold, text};
use afpi_crm::description::Label;
use afpi_crm::formateurs::description as of;
use afpi_crm::formateurs::{self, FormateurCreate, FormateurUpdate};
use afpi_http::input::{checked, required};
use afpi_platform::act::Act;

pub struct Formateurs;

const COLUMNS: &[Column] = &[
    Column::of(&of::NAME, &["formateur", "nometprenom", "prenomnom", "nomprenom", "fullname", "trainer"], "Anne Petit")
        .own(),
    Column::of(&of::EMAIL, &["mail", "courriel", "adressemail"], "anne.petit@example.fr").own(),
    Column::of(&of::PHONE, &["tel", "portable", "mobile", "phone"], "06 12 34 56 78").own(),
    Column::of(&of::KIND, &["type", "contrat"], "Vacataire"),
    Column::of(&of::SKILLS, &["competence", "matieres", "specialites"], "Soudage TIG, Soudage MIG"),
    Column::named(
        "certifications",
        ("Habilitations", "Certificates"),
        &["habilitation", "certificats", "certificat", "caces"],
        "CACES R489 (31/12/2027), SST",
    )
    .own()
    .read_as(Reads::Dated),
    Column::of(&of::HOURLY_RATE, &["taux", "tarifhoraire", "prixhoraire"], "52,00"),
    SITE,
];

#[async_trait]
impl Tabular for Formateurs {
    fn entity(&self) -> Entity {
        Entity::Formateur
    }

    fn label(&self) -> Label {
        of::FORMATEURS.label
    }

    fn right(&self) -> Action {
        Action::FormateursWrite
    }

    fn columns(&self) -> &'static [Column] {
        COLUMNS
    }

    fn needed(&self) -> &'static [&'static [&'static str]] {
        &[&["email", "name"]]
    }

    async fn find(&self, conn: &mut Conn, ground: &Ground, line: &Fields) -> Result<Found> {
        let (email, name) = (word(line, "email"), word(line, "name"));
        let label = name.or(email).ok_or_else(|| invalid(vec![required("/name")]))?.to_owned();
        let site = site(conn, ground, line).await?.map_or(ground.site, |(id, _)| id);
        let found = formateurs::find(conn, email, &label, site).await?;
        if found.len() > 1 {
            let several = text(
                "à vérifier : plusieurs formateurs ont cette adresse ou ce nom",
                "to be checked: several trainers have this address or name",
            );
            return Err(Error::new(ErrorKind::Conflict, several));
        }
        let record = found.first().copied().map(FormateurId::uuid);
        let key =
            record.map_or_else(|| email.map_or_else(|| format!("{site} {}", fold(&label)), fold), |id| id.to_string());
        Ok(Found { record, key, label })
    }

    async fn read(&self, conn: &mut Conn, ground: &Ground, id: Uuid) -> Result<Option<Stands>> {
        match formateurs::load(conn, &ground.person.scope(), id.into()).await {
            Ok(trainer) => {
                let mut fields = columns_of(self, &*trainer)?;
                fields.insert(SITE.name.into(), trainer.localisation.code.clone().into());
                Ok(Some(Stands { fields, version: trainer.version }))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn check(&self, conn: &mut Conn, ground: &Ground, line: Fields, here: Option<&Fields>) -> Result<Fields> {
        let (mut line, code) = of_sites(conn, ground, line).await?;
        // Addresses are compared regardless of case: the one here stays.
        let known = here.and_then(|here| word(here, "email")).map(str::to_lowercase);
        if known.is_some() && word(&line, "email").map(str::to_lowercase) == known {
            line.remove("email");
        }
        let line = Value::Object(line);
        let mut settled = match here {
            Some(_) => columns_of(self, &checked::<FormateurUpdate>(&line)?)?,
            None => columns_of(self, &checked::<FormateurCreate>(&line)?)?,
        };
        settled.extend(code.map(|code| (SITE.name.to_owned(), code.into())));
        Ok(settled)
    }

    async fn create(&self, tx: &mut Conn, ground: &Ground, act: Act<'_>, id: Uuid, fields: &Fields) -> Result<()> {
        let (line, _) = of_sites(tx, ground, fields.clone()).await?;
        let mut new: FormateurCreate = serde_json::from_value(Value::Object(line)).map_err(internal)?;
        new.localisation_id = new.localisation_id.or(Some(ground.site));
        formateurs::add(tx, act, id.into(), &new).await.map(drop)
    }

    async fn update(&self, tx: &mut Conn, ground: &Ground, act: Act<'_>, id: Uuid, values: &Fields) -> Result<()> {
        let (line, _) = of_sites(tx, ground, values.clone()).await?;
        let change: FormateurUpdate = serde_json::from_value(Value::Object(line)).map_err(internal)?;
        let current = formateurs::load(tx, &act.caller.scope(), id.into()).await?;
        formateurs::edit(tx, act, &current, &change).await.map(drop)
    }

    async fn remove(&self, tx: &mut Conn, act: Act<'_>, id: Uuid) -> Result<()> {
        let current = formateurs::load(tx, &act.caller.scope(), id.into()).await?;
        formateurs::remove(tx, act, &current).await
    }
}
