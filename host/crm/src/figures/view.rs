//! Computes figures: each site's with the plugins and settings of that site, and the total over several sites where it
//! exists. A plugin that fails is left out and named; the others go on.

use std::collections::{BTreeSet, HashMap, HashSet};

use afpi_plugins::contract::objectives::{Figure, Grouping, Score};

use super::facts::Facts;
use super::join::{Key, Seen, Way, add, way};
use super::lens::{Failed, Formula, Known, Lens, Question};
use super::period::Period;
use super::wire::{LeftOutReason, PluginName};
use crate::book::NONE;
use afpi_core::error::Result;
use afpi_core::id::LocalisationId;
use afpi_platform::plugins::plugin_failed;

/// A figure of a metric, by the id people know.
#[derive(Debug, Clone)]
pub struct Found {
    pub metric: String,
    /// Index into the facts' words; [`NONE`] for the total.
    pub group: u32,
    pub figure: Figure,
    /// Divides the metric, e.g. the section; empty for none.
    pub key: String,
}

/// Facts of some sites, with the plugins of these sites.
pub struct View<'a> {
    lens: &'a Lens,
    facts: &'a Facts,
    sites: BTreeSet<LocalisationId>,
    parts: Vec<Part<'a>>,
}

/// One plugin's part.
struct Part<'a> {
    source: usize,
    /// Each with its sites.
    formulas: Vec<(&'a Formula, BTreeSet<LocalisationId>)>,
    /// How to combine figures where settings differ.
    ways: HashMap<Key, Way>,
    /// Sites for which the plugin did not answer.
    failed: BTreeSet<LocalisationId>,
}

impl<'a> View<'a> {
    pub async fn new(lens: &'a Lens, facts: &'a Facts, sites: BTreeSet<LocalisationId>) -> Result<View<'a>> {
        let mut parts = Vec::new();
        for (index, source) in lens.sources.iter().enumerate() {
            let shared = |formula: &Formula| formula.sites.intersection(&sites).copied().collect::<BTreeSet<_>>();
            let formulas = source.formulas.iter().map(|formula| (formula, shared(formula)));
            let mut part = Part {
                source: index,
                formulas: formulas.filter(|(_, own)| !own.is_empty()).collect(),
                ways: HashMap::new(),
                failed: source.failed.intersection(&sites).copied().collect(),
            };
            if part.formulas.len() > 1 {
                part.compare(lens, facts).await?;
            }
            parts.push(part);
        }
        Ok(View { lens, facts, sites, parts })
    }

    /// The scores of a period, for these metrics or for all. Metrics of the present state have a score only in the
    /// period that contains today. A metric that cannot be combined over its sites has no total.
    pub async fn scores(&mut self, period: Period, grouping: Grouping, metrics: &[&Known]) -> Result<Vec<Found>> {
        let open = period.contains(self.lens.today);
        let asked = Question {
            facts: self.facts,
            sites: None,
            period: (period.first, period.last),
            open,
            grouping,
            metrics: &[],
        };
        let mut found = Vec::new();
        for part in &mut self.parts {
            let of_part = metrics.iter().filter(|metric| metric.source == part.source);
            let words: Vec<String> = of_part.map(|metric| metric.word.clone()).collect();
            if !metrics.is_empty() && words.is_empty() {
                continue;
            }
            let scores = part.scores(self.lens, Question { metrics: &words, ..asked }).await?;
            found.extend(scores.into_iter().filter_map(|Score { metric, group, figure, key }| {
                let metric = self.lens.metric_of(part.source, &metric)?.id.clone();
                Some(Found { metric, group, figure, key })
            }));
        }
        if self.parts.iter().all(|part| part.formulas.is_empty())
            && self.parts.iter().any(|part| !part.failed.is_empty())
        {
            return Err(plugin_failed());
        }
        Ok(found)
    }

    /// The figures that a site's metrics have without facts. Plugins that already gave a score are left out.
    pub fn blanks(&self, site: LocalisationId, period: Period, scores: &[Found]) -> Vec<Found> {
        let mut blanks = Vec::new();
        for part in &self.parts {
            let metric = |word: &str| self.lens.metric_of(part.source, word);
            let Some((formula, _)) = part.formulas.iter().find(|(_, own)| own.contains(&site)) else { continue };
            let told =
                |word: &str| scores.iter().any(|score| metric(word).is_some_and(|metric| metric.id == score.metric));
            if formula.words().any(told) {
                continue;
            }
            blanks.extend(formula.words().filter_map(|word| {
                let figure = formula.blank(word, period, self.lens.today)?;
                Some(Found { metric: metric(word)?.id.clone(), group: NONE, figure, key: String::new() })
            }));
        }
        blanks
    }

    /// The sites that the total of this metric and key does not cover, and why.
    pub fn left_out(&self, metric: &Known, key: &str) -> Vec<(LocalisationId, LeftOutReason)> {
        let part = &self.parts[metric.source];
        let apart = part.ways.get(&(metric.word.clone(), key.to_owned())) == Some(&Way::Apart);
        let reason = |site: &LocalisationId| {
            if part.failed.contains(site) {
                Some(LeftOutReason::Failed)
            } else if !self.lens.formulas(metric).any(|formula| formula.sites.contains(site)) {
                Some(LeftOutReason::NotMeasured)
            } else {
                apart.then_some(LeftOutReason::OtherSettings)
            }
        };
        self.sites.iter().filter_map(|site| Some((*site, reason(site)?))).collect()
    }

    /// Plugins that did not answer for some of the sites.
    pub fn failed(&self) -> Vec<PluginName> {
        let failed = self.parts.iter().filter(|part| !part.failed.is_empty());
        failed
            .map(|part| &self.lens.sources[part.source])
            .map(|s| PluginName { id: s.id.clone(), name: s.name.clone() })
            .collect()
    }
}

impl<'a> Part<'a> {
    /// All its sites.
    fn sites(&self) -> BTreeSet<LocalisationId> {
        self.formulas.iter().flat_map(|(_, own)| own).copied().collect()
    }

    /// Computes all sites with each setting, over the whole window.
    async fn compare(&mut self, lens: &Lens, facts: &Facts) -> Result<()> {
        let period = facts.window();
        let sites = self.sites();
        let mut seen: Vec<(&Formula, Seen)> = Vec::new();
        for (formula, own) in std::mem::take(&mut self.formulas) {
            let grouping = Grouping::Total;
            let total = Question { facts, sites: Some(&sites), period, open: true, grouping, metrics: &[] };
            let by_site = Question { grouping: Grouping::Site, ..total };
            let both = async {
                let total = ask(formula, lens, total).await?;
                Ok(Seen::new(total, ask(formula, lens, by_site).await?))
            };
            if let Some(found) = self.kept(formula, own, both.await)? {
                seen.push((formula, found));
            }
        }
        let keys: BTreeSet<Key> = seen.iter().flat_map(|(_, seen)| seen.keys()).cloned().collect();
        for key in keys {
            let knowing = seen.iter().filter(|(formula, _)| formula.words().any(|word| word == key.0));
            let knowing: Vec<&Seen> = knowing.map(|(_, seen)| seen).collect();
            let way = way(&key, &knowing, seen.len());
            self.ways.insert(key, way);
        }
        Ok(())
    }

    async fn scores(&mut self, lens: &Lens, asked: Question<'_>) -> Result<Vec<Score>> {
        let whole = self.formulas.len() > 1 && asked.grouping != Grouping::Site;
        let mut found = Gathered::default();
        if whole {
            // Where all settings agree, the first that answers gives the figures.
            let sites = self.sites();
            while let Some((formula, own)) = self.formulas.first().cloned() {
                self.formulas.remove(0);
                let answer = ask(formula, lens, Question { sites: Some(&sites), ..asked }).await;
                if let Some(scores) = self.kept(formula, own, answer)? {
                    scores.into_iter().filter(|score| self.way(score) == Way::Alike).for_each(|score| found.add(score));
                    break;
                }
            }
        }
        if !whole || self.ways.values().any(|way| *way == Way::Sum) {
            for (formula, own) in std::mem::take(&mut self.formulas) {
                let answer = ask(formula, lens, Question { sites: Some(&own), ..asked }).await;
                let scores = self.kept(formula, own, answer)?.into_iter().flatten();
                scores.filter(|score| !whole || self.way(score) == Way::Sum).for_each(|score| found.add(score));
            }
        }
        if whole && asked.grouping == Grouping::Total {
            for ((metric, key), _) in self.ways.iter().filter(|(_, way)| **way == Way::Apart) {
                if asked.metrics.is_empty() || asked.metrics.contains(metric) {
                    found.add(Score { metric: metric.clone(), group: NONE, figure: Figure::None, key: key.clone() });
                }
            }
        }
        Ok(found.list)
    }

    fn way(&self, score: &Score) -> Way {
        self.ways.get(&(score.metric.clone(), score.key.clone())).copied().unwrap_or(Way::Alike)
    }

    /// Keeps the formula if it answered. Otherwise its sites have none.
    fn kept<T>(
        &mut self,
        formula: &'a Formula,
        own: BTreeSet<LocalisationId>,
        answer: Result<T, Failed>,
    ) -> Result<Option<T>> {
        match answer {
            Ok(answer) => {
                self.formulas.push((formula, own));
                Ok(Some(answer))
            }
            Err(Failed::Plugin) => {
                self.failed.extend(own);
                Ok(None)
            }
            Err(Failed::Host(problem)) => Err(problem),
        }
    }
}

/// Scores of a formula, each once. Grouped by site, it answers for the sites of the question only.
async fn ask(formula: &Formula, lens: &Lens, question: Question<'_>) -> Result<Vec<Score>, Failed> {
    let facts = question.facts;
    let asked = |site: LocalisationId| question.sites.is_none_or(|sites| sites.contains(&site));
    let mut scores = formula.calculate(lens, &question).await?;
    let mut told = HashSet::new();
    scores.retain(|score| told.insert((score.metric.clone(), score.key.clone(), score.group)));
    match question.grouping {
        Grouping::Site => scores.retain(|score| facts.id_of(score.group).is_some_and(|site| asked(site.into()))),
        Grouping::User => scores.retain(|score| facts.id_of(score.group).is_some()),
        _ => scores.iter_mut().for_each(|score| score.group = NONE),
    }
    Ok(scores)
}

/// Scores in the order of arrival. Scores with the same key are added up.
#[derive(Default)]
struct Gathered {
    list: Vec<Score>,
    at: HashMap<(String, String, u32), usize>,
}

impl Gathered {
    fn add(&mut self, score: Score) {
        let key = (score.metric.clone(), score.key.clone(), score.group);
        match self.at.get(&key) {
            Some(at) => {
                let figure = &mut self.list[*at].figure;
                *figure = add(*figure, score.figure).unwrap_or(Figure::None);
            }
            None => {
                self.at.insert(key, self.list.len());
                self.list.push(score);
            }
        }
    }
}
