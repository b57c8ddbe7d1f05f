//! The words of the sites' workflows with a certain meaning (the statuses in which a role must act, the sections that
//! it owns), as a condition on opportunités. Words belong to a site: the same word may mean something else at another
//! site.

use std::collections::{BTreeMap, BTreeSet};

use afpi_db::Sql;

use super::Plugins;
use crate::workflow::{Section, Status, Workflow};
use afpi_core::id::LocalisationId;

/// Words by the sites that use them.
#[derive(Debug, Clone)]
pub struct SiteWords(Vec<(Vec<LocalisationId>, Vec<String>)>);

impl SiteWords {
    /// Appends `(…)`, which is true for an opportunité `o` whose `column` holds one of its site's words.
    pub fn push<'q>(&self, query: &'q mut Sql, column: &'static str) -> &'q mut Sql {
        query.push("(");
        match self.0.as_slice() {
            // When all sites use the same words, as with one workflow, they need not be named.
            [(_, words)] => {
                query.push(column).push(" IN ").list(words.iter().map(String::as_str));
            }
            groups => {
                query.push("1 = 0");
                for (sites, words) in groups {
                    query.push(" OR (o.localisation_id IN ").list(sites.iter().copied());
                    query.push(" AND ").push(column).push(" IN ").list(words.iter().map(String::as_str)).push(")");
                }
            }
        }
        query.push(")")
    }
}

impl SiteWords {
    /// Is this one of the site's words? The same as [`SiteWords::push`] in memory.
    pub fn contains(&self, site: LocalisationId, word: &str) -> bool {
        let among = |words: &[String]| words.iter().any(|own| own == word);
        match self.0.as_slice() {
            [(_, words)] => among(words),
            groups => groups.iter().any(|(sites, words)| sites.contains(&site) && among(words)),
        }
    }
}

impl Plugins {
    /// Statuses in which this role must act.
    pub async fn statuses_waiting_for(&self, role: &str) -> SiteWords {
        self.site_words(|workflow| statuses(workflow, |status| status.waits_for.iter().any(|r| r == role))).await
    }

    /// Statuses in which a role must act, signed or not: open work.
    pub async fn statuses_awaited(&self) -> SiteWords {
        self.site_words(|workflow| statuses(workflow, |status| !status.waits_for.is_empty())).await
    }

    /// Sections that this role owns.
    pub async fn sections_owned_by(&self, role: &str) -> SiteWords {
        let owned = |section: &&Section| section.owners.iter().any(|owner| owner == role);
        self.site_words(|workflow| workflow.sections.iter().filter(owned).map(|section| section.id.clone()).collect())
            .await
    }

    async fn site_words(&self, words: impl Fn(&Workflow) -> Vec<String>) -> SiteWords {
        let sites: BTreeSet<LocalisationId> =
            self.registry().seats().into_iter().filter_map(|seat| seat.site.id.parse().ok()).collect();
        let mut groups: BTreeMap<Vec<String>, Vec<LocalisationId>> = BTreeMap::new();
        for site in sites {
            if let Some(definition) = self.definition(site).await {
                groups.entry(words(&definition.workflow)).or_default().push(site);
            }
        }
        SiteWords(groups.into_iter().map(|(words, sites)| (sites, words)).collect())
    }
}

fn statuses(workflow: &Workflow, wanted: impl Fn(&Status) -> bool) -> Vec<String> {
    workflow.statuses.iter().filter(|status| wanted(status)).map(|status| status.id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(groups: &[(usize, &[&str])]) -> String {
        let groups = groups.iter().map(|(sites, words)| {
            (vec![LocalisationId::NETWORK; *sites], words.iter().map(|w| (*w).to_owned()).collect())
        });
        let mut query = afpi_db::sql("");
        SiteWords(groups.collect()).push(&mut query, "o.status");
        format!("{query:?}")
    }

    #[test]
    fn sites_are_named_only_where_they_differ() {
        assert!(said(&[(14, &["a", "b"])]).contains("\"(o.status IN (?, ?))\""));
        let two = said(&[(1, &["a"]), (2, &["b"])]);
        assert!(two.contains("(1 = 0 OR (o.localisation_id IN (?) AND o.status IN (?)) OR (o.localisation_id IN (?, ?) AND o.status IN (?)))"), "{two}");
        assert!(said(&[]).contains("(1 = 0)"));
        let site = LocalisationId::from(uuid::Uuid::from_u128(7));
        let group = |site: LocalisationId, word: &str| (vec![site], vec![word.to_owned()]);
        let two = SiteWords(vec![group(site, "a"), group(LocalisationId::NETWORK, "b")]);
        assert!(two.contains(site, "a") && !two.contains(site, "b") && two.contains(LocalisationId::NETWORK, "b"));
        assert!(SiteWords(vec![group(site, "a")]).contains(LocalisationId::NETWORK, "a"));
        // A workflow in which the role never has to act.
        assert!(said(&[(14, &[])]).contains("(o.status IN (NULL))"));
    }
}
