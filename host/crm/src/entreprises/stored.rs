//! A company as plugins see it.

use std::collections::HashMap;

use afpi_db::{Conn, Json};
use afpi_plugins::contract::Entreprise;
use serde_json::{Map, Value, json};

use super::fields::{Fields, word};
use super::input::EntrepriseCreate;
use afpi_core::clock::Instant;
use afpi_core::id::{EntrepriseId, LocalisationId};
use afpi_core::scope::{Scope, ScopedSql};
use afpi_http::texts::Checked;

afpi_db::row! {
    /// All fields of a company, without its contacts.
    pub struct StoredEntreprise {
        id: EntrepriseId, name: String, siret: Option<String>, siren: Option<String>, vat_number: Option<String>, naf_code: Option<String>,
        idcc: Option<String>, opco: Option<String>, kind: Option<String>, headcount: Option<i64>, line1: Option<String>,
        line2: Option<String>, postcode: Option<String>, city: Option<String>, country: String, phone: Option<String>,
        email: Option<String>, website: Option<String>, tags: Json<Vec<String>>, notes: Option<String>, active: bool,
        localisation_id: LocalisationId, created_at: Instant, updated_at: Instant,
    }
}

const COLUMNS: &str = "e.id, e.name, e.siret, e.siren, e.vat_number, e.naf_code, e.idcc, e.opco, e.kind, e.headcount, e.line1, e.line2, \
     e.postcode, e.city, e.country, e.phone, e.email, e.website, e.tags, e.notes, e.active, e.localisation_id, e.created_at, e.updated_at";

/// Selects companies in scope for plugins. The caller appends more conditions.
pub fn select(scope: &Scope) -> ScopedSql {
    scope.entreprises(COLUMNS, "")
}

/// The company with this id, on any site.
pub async fn find(conn: &mut Conn, id: EntrepriseId) -> afpi_db::Result<Option<StoredEntreprise>> {
    let mut query = select(&Scope::All);
    query.push(" AND e.id = ?").arg(id);
    query.optional(conn).await
}

/// These companies, on any site.
pub async fn find_all(
    conn: &mut Conn,
    ids: &[EntrepriseId],
) -> afpi_db::Result<HashMap<EntrepriseId, StoredEntreprise>> {
    let mut query = select(&Scope::All);
    query.push(" AND e.id IN ").list(ids);
    Ok(query.all::<StoredEntreprise>(conn).await?.into_iter().map(|subject| (subject.id, subject)).collect())
}

impl StoredEntreprise {
    /// A company that does not exist yet, from its fields in their stored form.
    pub fn imagined(id: EntrepriseId, localisation: LocalisationId, fields: &Fields, now: Instant) -> StoredEntreprise {
        let text = |name| word(fields, name).map(str::to_owned);
        StoredEntreprise {
            id,
            name: text("name").unwrap_or_default(),
            siret: text("siret"),
            siren: text("siren"),
            vat_number: text("vatNumber"),
            naf_code: text("nafCode"),
            idcc: text("idcc"),
            opco: text("opco"),
            kind: text("kind"),
            headcount: fields.get("headcount").and_then(Value::as_i64),
            line1: text("address.line1"),
            line2: text("address.line2"),
            postcode: text("address.postcode"),
            city: text("address.city"),
            country: text("address.country").unwrap_or_default(),
            phone: text("phone"),
            email: text("email"),
            website: text("website"),
            tags: Json(Vec::new()),
            notes: None,
            active: true,
            localisation_id: localisation,
            created_at: now,
            updated_at: now,
        }
    }

    /// A company that does not exist yet, from a request.
    pub(super) fn proposed(
        id: EntrepriseId,
        localisation: LocalisationId,
        input: &EntrepriseCreate,
        now: Instant,
    ) -> StoredEntreprise {
        fn plain<R>(text: &Option<Checked<R>>) -> Option<String> {
            text.as_deref().map(str::to_owned)
        }
        let address = input.address.clone().unwrap_or_default();
        StoredEntreprise {
            id,
            name: input.name.to_string(),
            siret: plain(&input.siret),
            siren: plain(&input.siren),
            vat_number: plain(&input.vat_number),
            naf_code: plain(&input.naf_code),
            idcc: plain(&input.idcc),
            opco: plain(&input.opco),
            kind: input.kind.map(|kind| kind.as_str().to_owned()),
            headcount: input.headcount.map(Into::into),
            line1: plain(&address.line1),
            line2: plain(&address.line2),
            postcode: plain(&address.postcode),
            city: plain(&address.city),
            country: plain(&address.country).unwrap_or_default(),
            phone: plain(&input.phone),
            email: plain(&input.email),
            website: plain(&input.website),
            tags: Json(input.tags.iter().flatten().map(|tag| tag.to_string()).collect()),
            notes: plain(&input.notes),
            active: input.active.unwrap_or(true),
            localisation_id: localisation,
            created_at: now,
            updated_at: now,
        }
    }

    /// The company in the types of the contract. Further fields go by their API name; those without a value are absent.
    pub fn shown(self) -> Entreprise {
        let address = present(json!({"line1": self.line1, "line2": self.line2, "country": self.country}));
        let data = present(json!({
            "siren": self.siren, "vatNumber": self.vat_number, "nafCode": self.naf_code, "idcc": self.idcc, "opco": self.opco,
            "kind": self.kind, "headcount": self.headcount, "address": address, "phone": self.phone, "email": self.email,
            "website": self.website, "tags": self.tags.0, "notes": self.notes,
        }));
        Entreprise {
            id: self.id.to_string(),
            name: self.name,
            siret: self.siret.unwrap_or_default(),
            postcode: self.postcode.unwrap_or_default(),
            city: self.city.unwrap_or_default(),
            localisation: self.localisation_id.to_string(),
            active: self.active,
            created_at: self.created_at.millis(),
            updated_at: self.updated_at.millis(),
            data: Value::Object(data).to_string(),
        }
    }
}

fn present(all: Value) -> Map<String, Value> {
    let Value::Object(all) = all else { return Map::new() };
    all.into_iter()
        .filter(|(_, value)| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()))
        .collect()
}
