//! What documents are told of a site and its legal entity: the parts `entite` and `site` of a dossier.

use afpi_db::{Conn, sql};
use axum::body::Bytes;
use serde::Serialize;
use serde_json::{Map, Value};

use super::input::EntiteUpdate;
use super::read::{self, EntiteLegale};
use super::sites::{self, Localisation};
use crate::attachments::picture;
use crate::identifiants::siren_of;
use afpi_core::error::{Result, internal};
use afpi_core::id::{LegalEntityId, LocalisationId};
use afpi_core::scope::Scope;
use afpi_platform::state::App;

/// Both parts.
#[derive(Debug, Clone, Serialize)]
pub struct Dossier {
    pub entite: Entite,
    pub site: Site,
}

/// The legal entity. Absent fields are unknown.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entite {
    /// Without id, sites, version and the logo's hash.
    #[serde(flatten)]
    fields: Map<String, Value>,
    /// Is there a logo? Then the template finds it as `/assets/logo`.
    pub logo: bool,
}

/// The site. Absent fields are unknown.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Site {
    pub code: String,
    pub name: String,
    pub city: String,
    pub region: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line1: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// How to come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disability_referent: Option<DisabilityReferent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pedagogical_contact: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules_version: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct DisabilityReferent {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// The legal entity and the site of documents of this site.
///
/// # Errors
/// 404 for an unknown site.
pub async fn dossier(conn: &mut Conn, site: LocalisationId) -> Result<Dossier> {
    let site = sites::load(conn, site).await?;
    let entity = read::load(conn, &Scope::All, site.legal_entity.id).await?;
    Ok(Dossier { entite: entite(&entity), site: shown(site) })
}

/// The parts of a legal entity as somebody types it, with its first site. `None` when it has no site.
///
/// # Errors
/// 404 when it is not in scope.
pub async fn typed(
    conn: &mut Conn,
    scope: &Scope,
    id: LegalEntityId,
    change: &EntiteUpdate,
) -> Result<Option<(LocalisationId, Map<String, Value>)>> {
    let entity = read::load(conn, scope, id).await?;
    let Some(site) = entity.localisations.first().map(|site| site.id) else { return Ok(None) };
    let parts = Dossier { entite: entite(&entity), site: shown(sites::load(conn, site).await?) };
    let Value::Object(mut parts) = serde_json::to_value(parts).map_err(internal)? else { return Ok(None) };
    let Value::Object(change) = serde_json::to_value(change).map_err(internal)? else { return Ok(None) };
    if let Some(entite) = parts.get_mut("entite").and_then(Value::as_object_mut) {
        if let Some(siret) = change.get("siret") {
            entite.insert("siren".into(), siret.as_str().and_then(siren_of).into());
        }
        entite.extend(change);
    }
    Ok(Some((site, parts)))
}

/// The type and the content of the logo of a site's legal entity.
pub async fn logo(app: &App, site: LocalisationId) -> Result<Option<(String, Bytes)>> {
    let mut conn = app.db.read().await?;
    let query =
        "SELECT e.logo_sha256 FROM entites_legales e JOIN localisations l ON l.entite_legale_id = e.id WHERE l.id = ?";
    let (logo,) = sql(query).bind(site).one::<(Option<String>,)>(&mut conn).await?;
    drop(conn);
    match logo {
        Some(sha256) => picture::read(app, &sha256).await.map(Some),
        None => Ok(None),
    }
}

fn entite(entity: &EntiteLegale) -> Entite {
    let Value::Object(mut fields) = serde_json::to_value(entity).unwrap_or_default() else {
        return Entite { fields: Map::new(), logo: false };
    };
    for aside in ["id", "localisations", "version", "logo"] {
        fields.remove(aside);
    }
    fields.retain(|_, value| !value.is_null());
    Entite { fields, logo: entity.logo.is_some() }
}

fn shown(site: Localisation) -> Site {
    let (name, email, phone) = (site.referent_name, site.referent_email, site.referent_phone);
    let known = name.is_some() || email.is_some() || phone.is_some();
    Site {
        code: site.code,
        name: site.name,
        city: site.city,
        region: site.region,
        line1: site.address,
        line2: site.line2,
        postcode: site.postcode,
        phone: site.phone,
        email: site.email,
        access: site.access,
        disability_referent: known.then_some(DisabilityReferent { name, email, phone }),
        pedagogical_contact: site.pedagogical_contact,
        rules_version: site.rules_version,
    }
}
