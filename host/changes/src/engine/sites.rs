//! The sites (localisations): read once per run, matched with those of the other system, and assigned to companies.

use std::collections::HashMap;

use afpi_db::{Conn, sql};
use async_trait::async_trait;
use serde_json::Value;

use super::change::{Action, Change, Entity, Fields, Staged, cut};
use super::editable::Editable;
use super::known::{self, Link};
use super::merge::Conflicts;
use super::source::Rules;
use super::stage::{Stage, Taken};
use super::{Stop, apply, undo};
use afpi_core::id::LocalisationId;
use afpi_core::text::{fold, text};

/// All sites of the network.
pub struct Sites {
    by_code: HashMap<String, LocalisationId>,
    codes: HashMap<LocalisationId, String>,
    /// Normalised names, for a site of the other system without a code.
    by_name: HashMap<String, LocalisationId>,
    /// The other system's sites by external id, linked before or in this run.
    linked: HashMap<String, LocalisationId>,
    /// The site for companies that name no site and whose postcode matches none.
    fallback: Option<LocalisationId>,
    /// The only site, for a source that is tied to one.
    only: Option<LocalisationId>,
}

impl Sites {
    pub async fn load(conn: &mut Conn, rules: &Rules) -> afpi_db::Result<Sites> {
        let rows =
            sql("SELECT id, code, name FROM localisations").all::<(LocalisationId, String, String)>(conn).await?;
        let by_code: HashMap<String, LocalisationId> = rows.iter().map(|(id, code, _)| (code.clone(), *id)).collect();
        let linked = sql("SELECT external_id, record_id FROM external_ids WHERE source = ? AND entity = ?")
            .bind(rules.key())
            .bind(Entity::Localisation.as_str())
            .all::<(String, LocalisationId)>(conn)
            .await?;
        let fallback = rules.fallback.as_deref().and_then(|code| by_code.get(code.trim()).copied());
        Ok(Sites {
            codes: rows.iter().map(|(id, code, _)| (*id, code.clone())).collect(),
            by_name: rows.iter().map(|(id, _, name)| (fold(name), *id)).collect(),
            linked: linked.into_iter().collect(),
            by_code,
            fallback,
            only: rules.only,
        })
    }

    /// Sites by code, for tests.
    #[cfg(test)]
    pub fn of(all: &[(&str, LocalisationId)]) -> Sites {
        Sites {
            by_code: all.iter().map(|(code, id)| ((*code).to_owned(), *id)).collect(),
            codes: all.iter().map(|(code, id)| (*id, (*code).to_owned())).collect(),
            by_name: HashMap::new(),
            linked: HashMap::new(),
            fallback: None,
            only: None,
        }
    }

    /// Every site.
    pub fn all(&self) -> impl Iterator<Item = LocalisationId> {
        self.codes.keys().copied()
    }

    /// The site with this code.
    pub fn of_code(&self, code: &str) -> Option<LocalisationId> {
        self.by_code.get(code).copied()
    }

    pub fn code(&self, site: LocalisationId) -> &str {
        self.codes.get(&site).map_or("", String::as_str)
    }

    /// The site that a record names: by our code (`localisationCode`), or by the other system's key
    /// (`localisationExternalId`).
    pub fn named(&self, sent: &Fields) -> Option<LocalisationId> {
        let word = |name| sent.get(name).and_then(Value::as_str).map(str::trim);
        word("localisationCode")
            .and_then(|code| self.of_code(code))
            .or_else(|| word("localisationExternalId").and_then(|id| self.linked.get(id).copied()))
    }

    /// The site of a new company: the one it names, otherwise the one of its département (`AFPI-<département>`),
    /// otherwise the default of the settings.
    pub fn of_company(&self, sent: &Fields, fields: &Fields) -> Option<LocalisationId> {
        if self.only.is_some() {
            return self.only;
        }
        let department = fields.get("address.postcode").and_then(Value::as_str).and_then(department);
        self.named(sent).or_else(|| self.of_code(&format!("AFPI-{}", department?))).or(self.fallback)
    }

    /// A site of the other system. It is linked with ours, never created.
    pub fn plan(&mut self, taken: &Taken, link: Option<&Link>) -> Change {
        let name = taken.sent.get("name").and_then(Value::as_str).unwrap_or_default();
        let skip = |fr: &str, en: &str| Change::skipped("localisation", &taken.external_id, name, text(fr, en));
        let digest = known::digest(&taken.sent, "", taken.archived);
        let ours = self.named(&taken.sent).or_else(|| self.by_name.get(&fold(name)).copied());
        let record = match (ours, link) {
            (Some(ours), _) if !taken.archived => ours,
            (_, Some(link)) => link.record.into(),
            (Some(_), None) => return skip("site archivé là-bas", "site archived over there"),
            (None, None) => {
                return skip("aucune localisation de ce code ou de ce nom", "no localisation of this code or name");
            }
        };
        self.linked.insert(taken.external_id.clone(), record);
        let code = self.code(record).to_owned();
        let known = link.is_some_and(|link| link.record == record.uuid());
        // Only the link of a site is taken over, whatever else changes there.
        let unchanged = known && link.is_some_and(|link| !link.missing);
        let reason = match known {
            true => text("de nouveau présent là-bas", "there again over there"),
            false => text(format!("rattaché à {code}"), format!("linked with {code}")),
        };
        let linking = |value: Value| Fields::from_iter([("externalId".to_owned(), value)]);
        Change {
            entity: "localisation".into(),
            external_id: taken.external_id.clone(),
            parent: String::new(),
            action: if unchanged { Action::Unchanged } else { Action::Updated },
            label: cut(name, 250),
            record: Some(record.uuid()),
            digest: Some(digest),
            before: (!known).then(|| linking(Value::Null)),
            after: (!known).then(|| linking(taken.external_id.clone().into())),
            reason: (!unchanged).then_some(reason),
            source: None,
            conflicts: Conflicts::new(),
        }
    }
}

/// Sites as records of runs: linked with ours, never changed.
pub struct Localisations;

#[async_trait]
impl Editable for Localisations {
    fn entity(&self) -> Entity {
        Entity::Localisation
    }

    async fn plan(
        &self,
        stage: &mut Stage,
        conn: &mut Conn,
        taken: Vec<Taken>,
        changes: &mut Vec<Change>,
    ) -> Result<(), Stop> {
        let ids = taken.iter().map(|t| t.external_id.as_str());
        let links = known::by_external(conn, stage.rules.key(), Entity::Localisation, ids).await?;
        changes.extend(taken.iter().map(|taken| stage.sites.plan(taken, links.get(&taken.external_id))));
        Ok(())
    }

    fn writes(&self, _: Action) -> bool {
        false
    }

    async fn apply(&self, _: &mut Conn, _: &mut apply::Batch<'_>, _: &[&Staged], _: &Sites) -> Result<(), Stop> {
        Ok(())
    }

    async fn undo(
        &self,
        tx: &mut Conn,
        batch: &mut undo::Batch<'_>,
        changes: &[&Staged],
        _: &Sites,
    ) -> Result<(), Stop> {
        for site in changes.iter().filter(|change| change.after.contains_key("externalId")) {
            known::forget(tx, batch.rules.key(), Entity::Localisation, &site.external_id, site.record).await?;
        }
        Ok(())
    }
}

/// The département of a French postcode: two digits, `2A`/`2B` for Corsica, three digits overseas.
fn department(postcode: &str) -> Option<String> {
    if postcode.len() != 5 || !postcode.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(match &postcode[..2] {
        "20" if &postcode[..3] < "202" => "2A".into(),
        "20" => "2B".into(),
        "97" | "98" => postcode[..3].into(),
        two => two.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn site(number: u128) -> LocalisationId {
        uuid::Uuid::from_u128(number).into()
    }

    fn sites() -> Sites {
        let (aisne, paris, rennes) = (site(2), site(75), site(35));
        Sites {
            by_name: HashMap::from([(fold("AFPI Bretagne"), rennes)]),
            linked: HashMap::from([("3900002".to_owned(), aisne)]),
            fallback: Some(paris),
            ..Sites::of(&[("AFPI-02", aisne), ("AFPI-75", paris), ("AFPI-35", rennes)])
        }
    }

    fn fields(value: Value) -> Fields {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn a_company_goes_to_the_site_it_names_then_to_its_departement_then_to_the_default() {
        let sites = sites();
        let code = |sent: Value, postcode: &str| {
            let flat = fields(json!({"address.postcode": postcode}));
            sites.of_company(&fields(sent), &flat).map(|site| sites.code(site).to_owned())
        };
        assert_eq!(code(json!({"localisationCode": "AFPI-35"}), "02100").as_deref(), Some("AFPI-35"));
        assert_eq!(code(json!({"localisationExternalId": "3900002"}), "75001").as_deref(), Some("AFPI-02"));
        assert_eq!(code(json!({"localisationCode": "AFPI-99"}), "02100").as_deref(), Some("AFPI-02"));
        assert_eq!(code(json!({}), "13001").as_deref(), Some("AFPI-75"));
        assert_eq!(
            Sites { fallback: None, ..super::tests::sites() }.of_company(&fields(json!({})), &fields(json!({}))),
            None
        );
    }

    #[test]
    fn a_site_is_linked_by_code_or_name_and_never_made() {
        let mut sites = sites();
        let taken = |id: &str, archived, sent: Value| Taken {
            external_id: id.into(),
            parent: String::new(),
            archived,
            sent: fields(sent),
            remarks: vec![],
        };
        let bretagne = sites.plan(&taken("9", false, json!({"name": "AFPI BRETAGNE"})), None);
        assert_eq!((bretagne.action, bretagne.record), (Action::Updated, Some(site(35).uuid())));
        assert_eq!(bretagne.after, Some(fields(json!({"externalId": "9"}))));
        assert_eq!(sites.named(&fields(json!({"localisationExternalId": "9"}))), Some(site(35)));
        let link =
            Link { record: site(35).uuid(), digest: bretagne.digest.unwrap().to_vec(), missing: false, seen: None };
        assert_eq!(
            sites.plan(&taken("9", false, json!({"name": "AFPI BRETAGNE"})), Some(&link)).action,
            Action::Unchanged
        );
        assert_eq!(sites.plan(&taken("8", false, json!({"name": "Ailleurs"})), None).action, Action::Skipped);
        assert_eq!(sites.plan(&taken("7", true, json!({"localisationCode": "AFPI-02"})), None).action, Action::Skipped);
    }

    #[test]
    fn departements_of_postcodes() {
        for (postcode, expected) in [
            ("02100", Some("02")),
            ("20000", Some("2A")),
            ("20200", Some("2B")),
            ("97400", Some("974")),
            ("2100", None),
            ("B-1000", None),
        ] {
            assert_eq!(department(postcode).as_deref(), expected, "{postcode}");
        }
    }
}
