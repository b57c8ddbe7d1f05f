//! Training products from files, by their code.

use afpi_db::Conn;
use async_trait::async_trait;
use serde_json::Value;
use uuid::Uuid;

use super::{Column, Found, Ground, Reads, Stands, Tabular, columns_of, word};
use crate::engine::change::{Entity, Fields};
use afpi_core::error::{ErrorKind, Result, internal, invalid};
use afpi_core::id::ProduitId;
use afpi_core::rights::Action;
use afpi_crm::description::Label;
use afpi_crm::produits::description as of;
use afpi_crm::produits::{self, ProduitCreate, ProduitUpdate};
use afpi_http::input::{checked, required};
use afpi_platform::act::Act;

pub struct Produits;

const COLUMNS: &[Column] = &[
    Column::of(&of::CODE, &["reference", "ref", "codeproduit", "codeformation"], "SOUD-TIG-35").own(),
    Column::of(&of::TITLE, &["libelle", "nom", "formation", "titre", "designation"], "Soudage TIG, perfectionnement")
        .own(),
    Column::of(&of::CATEGORY, &["famille", "domaine"], "Soudage"),
    Column::of(&of::MODALITY, &["mode"], "En présentiel"),
    Column::of(&of::DURATION, &["duree", "heures", "dureeenheures", "duration", "hours", "nbheures"], "35"),
    Column::of(&of::PRICE, &["prix", "tarif", "price", "montant", "tarifht", "prixhteuro"], "2 450,00"),
    Column::of(&of::PRICE_UNIT, &["unite", "unit"], "par groupe"),
    Column::of(&of::VAT_RATE, &["tva", "vat", "tauxtva"], "0").read_as(Reads::Percent),
    Column::of(&of::OBJECTIVES, &["objectif", "objectives"], "Souder une tôle de 3 mm bord à bord."),
    Column::of(&of::PREREQUISITES, &["prerequis"], "Connaître le soudage à l'arc."),
    Column::of(&of::PROGRAMME, &["contenu", "content"], "Réglages, préparation, soudage, contrôle."),
];

#[async_trait]
impl Tabular for Produits {
    fn entity(&self) -> Entity {
        Entity::Produit
    }

    fn label(&self) -> Label {
        of::PRODUITS.label
    }

    fn right(&self) -> Action {
        Action::ProduitsWrite
    }

    fn columns(&self) -> &'static [Column] {
        COLUMNS
    }

    fn needed(&self) -> &'static [&'static [&'static str]] {
        &[&["code"]]
    }

    async fn find(&self, conn: &mut Conn, ground: &Ground, line: &Fields) -> Result<Found> {
        let code = word(line, "code").ok_or_else(|| invalid(vec![required("/code")]))?;
        let record = produits::find(conn, &ground.person.scope(), code).await?;
        let key = record.map_or_else(|| produits::normalised(code), |id| id.to_string());
        let label = word(line, "title").map_or_else(|| code.to_owned(), |title| format!("{code} {title}"));
        Ok(Found { record: record.map(ProduitId::uuid), key, label })
    }

    async fn read(&self, conn: &mut Conn, ground: &Ground, id: Uuid) -> Result<Option<Stands>> {
        match produits::load(conn, &ground.person.scope(), id.into()).await {
            Ok(produit) => Ok(Some(Stands { fields: columns_of(self, &*produit)?, version: produit.version })),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn check(&self, _: &mut Conn, _: &Ground, mut line: Fields, here: Option<&Fields>) -> Result<Fields> {
        match here {
            Some(_) => {
                // Codes are compared regardless of case and accents: the one here stays.
                line.remove("code");
                columns_of(self, &checked::<ProduitUpdate>(&Value::Object(line))?)
            }
            None => columns_of(self, &checked::<ProduitCreate>(&Value::Object(line))?),
        }
    }

    async fn create(&self, tx: &mut Conn, ground: &Ground, act: Act<'_>, id: Uuid, fields: &Fields) -> Result<()> {
        let mut new: ProduitCreate = serde_json::from_value(Value::Object(fields.clone())).map_err(internal)?;
        new.legal_entity_id = produits::home(tx, &act.caller.scope(), ground.site).await?;
        produits::add(tx, act, id.into(), &new).await.map(drop)
    }

    async fn update(&self, tx: &mut Conn, _: &Ground, act: Act<'_>, id: Uuid, values: &Fields) -> Result<()> {
        let change: ProduitUpdate = serde_json::from_value(Value::Object(values.clone())).map_err(internal)?;
        let current = produits::load(tx, &act.caller.scope(), id.into()).await?;
        produits::edit(tx, act, &current, &change).await.map(drop)
    }

    async fn remove(&self, tx: &mut Conn, act: Act<'_>, id: Uuid) -> Result<()> {
        let current = produits::load(tx, &act.caller.scope(), id.into()).await?;
        produits::remove(tx, act, &current).await
    }
}
