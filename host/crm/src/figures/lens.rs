//! The objectives plugins of the network: which plugin measures which metrics at which sites, and their labels.
//!
//! Every enabled objectives plugin counts. A metric's id is the plugin's own id while only one plugin uses it. When two
//! plugins use it, both become `plugin:id`, for everybody and on every page. [`View`](super::view::View) asks for
//! figures.

use std::collections::BTreeSet;
use std::sync::Arc;

use afpi_plugins::contract::objectives::{Attainment, Figure, Grouping, Metric, Query, Score, Target, Unit};
use afpi_plugins::{CallContext, ObjectivesPlugin, PluginFailure};
use serde_json::Value;

use super::facts::Facts;
use super::memory::{Asked, Memory};
use super::period::Period;
use afpi_core::clock::Day;
use afpi_core::error::Result;
use afpi_core::id::LocalisationId;
use afpi_core::text::{Locale, Text, text};
use afpi_platform::localisations;
use afpi_platform::plugins::facts::measures::Measures;
use afpi_platform::plugins::{context, failure, plugin_failed};
use afpi_platform::state::App;

/// A plugin with the settings that some sites share.
pub(super) struct Formula {
    /// Instances with the same code and settings: any of them can be asked.
    seats: Vec<ObjectivesPlugin>,
    config: Value,
    pub sites: BTreeSet<LocalisationId>,
    measures: Measures,
}

/// What is asked of a formula.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    pub facts: &'a Facts,
    /// Facts of these sites only.
    pub sites: Option<&'a BTreeSet<LocalisationId>>,
    pub period: (Day, Day),
    /// Do open records count?
    pub open: bool,
    pub grouping: Grouping,
    /// The plugin's own ids; empty for all.
    pub metrics: &'a [String],
}

/// An objectives plugin.
pub(super) struct Source {
    pub id: String,
    pub name: Text,
    pub formulas: Vec<Formula>,
    /// Sites where it is enabled and could not declare its metrics.
    pub failed: BTreeSet<LocalisationId>,
}

/// A metric as the API shows it.
#[derive(Debug, Clone)]
pub struct Known {
    /// The plugin's id of the metric, or `plugin:id` where several plugins use the same id.
    pub id: String,
    /// Contains the plugin's name when the id does.
    pub label: Text,
    pub unit: Unit,
    pub targetable: bool,
    pub(super) source: usize,
    pub(super) word: String,
}

/// All metrics of the network, and the present day.
pub struct Lens {
    pub(super) sources: Vec<Source>,
    pub(super) context: CallContext,
    memory: Arc<Memory>,
    /// The metrics of the most widespread plugin come first.
    pub metrics: Vec<Known>,
    pub today: Day,
}

impl Formula {
    /// The scores of the metrics that the plugin declares. Asks another instance when one is switched off after
    /// failures.
    pub async fn calculate(&self, lens: &Lens, question: &Question<'_>) -> Result<Vec<Score>, Failed> {
        let Some(asked) = self.asked(lens, question) else { return self.calculated(lens, question).await };
        let parts = question.facts.parts(question.period);
        if let Some(scores) = lens.memory.recall(&asked, &parts) {
            return Ok(scores);
        }
        let scores = self.calculated(lens, question).await?;
        lens.memory.keep(asked, parts, &scores);
        Ok(scores)
    }

    /// The question, when its answer depends on nothing but the facts. What was remembered of a plugin does not stand in
    /// for it while it is quarantined.
    fn asked(&self, lens: &Lens, question: &Question<'_>) -> Option<Asked> {
        let plugin = self.seats.first()?.plugin();
        let (scope, which) = question.facts.whose.clone();
        let answers = self.seats.iter().any(|seat| !seat.is_quarantined());
        (plugin.is_pure() && answers && !question.open).then(|| Asked {
            plugin: *plugin.sha256(),
            config: self.config.to_string(),
            scope,
            which,
            sites: question.sites.cloned(),
            period: question.period,
            today: lens.today,
            grouping: question.grouping as u8,
            metrics: question.metrics.to_vec(),
        })
    }

    async fn calculated(&self, lens: &Lens, question: &Question<'_>) -> Result<Vec<Score>, Failed> {
        let query = Query {
            first: question.period.0.to_string(),
            last: question.period.1.to_string(),
            today: lens.today.to_string(),
            metrics: question.metrics.to_vec(),
            grouping: question.grouping,
            words: question.facts.words().to_vec(),
        };
        for seat in &self.seats {
            let batches = question.facts.batches(question.period, question.sites, question.open);
            match seat.calculate(&lens.context, &query, batches).await {
                Err(PluginFailure::Quarantined(_)) => {}
                Err(error) => return Err(error.into()),
                Ok(mut scores) => {
                    scores.retain(|score| {
                        let measures = &self.measures;
                        measures.knows(&score.metric) && (question.open || !measures.standing.contains(&score.metric))
                    });
                    return Ok(scores);
                }
            }
        }
        Err(Failed::Plugin)
    }

    /// Reads the metrics of the plugin. Calls it only when they were never stored.
    async fn learn(&mut self, app: &App, context: &CallContext) -> Result<(), Failed> {
        let mut said = Err(Failed::Plugin);
        for seat in &self.seats {
            match app.plugins.measures(seat, context).await {
                Err(PluginFailure::Quarantined(_)) => {}
                answer => {
                    said = answer.map_err(Failed::from);
                    break;
                }
            }
        }
        self.measures = said?;
        Ok(())
    }

    /// The figure of a holder without facts in this period. `None` for a metric that has no figure of its own.
    pub fn blank(&self, word: &str, period: Period, today: Day) -> Option<Figure> {
        let figure = self.measures.blank.get(word).copied()?;
        Some(if self.measures.standing.contains(word) && !period.contains(today) { Figure::None } else { figure })
    }

    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.measures.metrics.iter().map(|metric| metric.id.as_str())
    }
}

/// Why a formula gave no answer.
pub(super) enum Failed {
    /// The plugin failed. Its health page shows it; the other figures go on.
    Plugin,
    /// The host failed: there is no answer at all.
    Host(afpi_core::error::Error),
}

impl From<PluginFailure> for Failed {
    fn from(error: PluginFailure) -> Failed {
        match error {
            PluginFailure::Busy | PluginFailure::NoRoom => Failed::Host(failure(error)),
            _ => Failed::Plugin,
        }
    }
}

impl Lens {
    /// Reads the metrics of every enabled objectives plugin. A plugin that never answered is left out; 502 when none
    /// did. `None` when no site has an objectives plugin.
    pub async fn of(app: &App, locale: Locale, correlation_id: &str) -> Result<Option<Lens>> {
        let sites = localisations::all(&mut app.db.read().await?).await?;
        let mut lens = Lens {
            sources: sources(app, sites.into_iter().map(|site| site.id)),
            context: context(locale, correlation_id),
            memory: app.kept.get(),
            metrics: vec![],
            today: Day::today(),
        };
        if lens.sources.is_empty() {
            return Ok(None);
        }
        let mut sources = std::mem::take(&mut lens.sources);
        for source in &mut sources {
            for mut formula in std::mem::take(&mut source.formulas) {
                match formula.learn(app, &lens.context).await {
                    Ok(()) => source.formulas.push(formula),
                    Err(Failed::Plugin) => source.failed.extend(formula.sites),
                    Err(Failed::Host(problem)) => return Err(problem),
                }
            }
        }
        if sources.iter().all(|source| source.formulas.is_empty()) {
            return Err(plugin_failed());
        }
        lens.metrics = known(&sources);
        lens.sources = sources;
        Ok(Some(lens))
    }

    /// All sites that have metrics.
    pub fn sites(&self) -> BTreeSet<LocalisationId> {
        self.sources
            .iter()
            .flat_map(|source| source.formulas.iter().flat_map(|formula| &formula.sites))
            .copied()
            .collect()
    }

    /// The metrics that any of these sites has.
    pub fn metrics_at(&self, sites: &BTreeSet<LocalisationId>) -> impl Iterator<Item = &Known> {
        self.metrics.iter().filter(|metric| self.measured_at(metric, sites))
    }

    /// Does any of these sites have this metric?
    pub fn measured_at(&self, metric: &Known, sites: &BTreeSet<LocalisationId>) -> bool {
        self.formulas(metric).any(|formula| !formula.sites.is_disjoint(sites))
    }

    pub(super) fn formulas(&self, metric: &Known) -> impl Iterator<Item = &Formula> {
        self.sources[metric.source].formulas.iter().filter(|formula| formula.measures.knows(&metric.word))
    }

    /// The metric with this id. For a bare id that several plugins use: the metric of a plugin of these sites.
    pub fn resolve(&self, id: &str, sites: &BTreeSet<LocalisationId>) -> Option<&Known> {
        let named = |metric: &&Known| {
            metric.id == id || id.split_once(':') == Some((&self.sources[metric.source].id, &metric.word))
        };
        let claimed = || self.metrics.iter().filter(|metric| metric.word == id);
        let here = || claimed().find(|metric| self.measured_at(metric, sites));
        self.metrics.iter().find(named).or_else(here).or_else(|| claimed().next())
    }

    /// The id that a target of a holder at these sites stores: the bare id while it means this metric there. The target
    /// then survives when a plugin comes or goes at other sites.
    pub fn stored(&self, metric: &Known, sites: &BTreeSet<LocalisationId>) -> String {
        let meant = self.resolve(&metric.word, sites).is_some_and(|known| known.id == metric.id);
        if meant { metric.word.clone() } else { metric.id.clone() }
    }

    /// The metric by the plugin's own id.
    pub(super) fn metric_of(&self, source: usize, word: &str) -> Option<&Known> {
        self.metrics.iter().find(|metric| metric.source == source && metric.word == word)
    }

    /// The figure of a metric for a holder at these sites without facts in this period.
    pub fn blank(&self, metric: &Known, period: Period, sites: &BTreeSet<LocalisationId>) -> Figure {
        let here = self.formulas(metric).find(|formula| !formula.sites.is_disjoint(sites));
        let formula = here.or_else(|| self.formulas(metric).next());
        formula.and_then(|formula| formula.blank(&metric.word, period, self.today)).unwrap_or(Figure::None)
    }

    /// The attainment of targets on this metric, in their order. `None` when the plugin does not answer.
    pub async fn attain(&self, metric: &Known, mut targets: Vec<Target>) -> Result<Option<Vec<Attainment>>> {
        targets.iter_mut().for_each(|target| target.metric.clone_from(&metric.word));
        for seat in self.formulas(metric).flat_map(|formula| &formula.seats) {
            match seat.attain(&self.context, &targets).await.map_err(|error| (Failed::from(error.clone()), error)) {
                Ok(attained) => return Ok(Some(attained).filter(|attained| attained.len() == targets.len())),
                Err((Failed::Host(problem), _)) => return Err(problem),
                Err((_, PluginFailure::Quarantined(_))) => {}
                Err(_) => return Ok(None),
            }
        }
        Ok(None)
    }
}

/// The enabled objectives plugins of these sites, grouped by settings; the most widespread plugin first.
fn sources(app: &App, sites: impl Iterator<Item = LocalisationId>) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::new();
    for site in sites {
        for plugin in app.plugins.registry().objectives(&site.to_string()) {
            let manifest = plugin.plugin().manifest();
            let at = sources.iter().position(|source| source.id == manifest.id).unwrap_or_else(|| {
                let name = text(&manifest.name.fr, &manifest.name.en);
                sources.push(Source { id: manifest.id.clone(), name, formulas: vec![], failed: BTreeSet::new() });
                sources.len() - 1
            });
            let formulas = &mut sources[at].formulas;
            let config = serde_json::from_str(plugin.config()).unwrap_or_default();
            match formulas.iter_mut().find(|formula| formula.config == config) {
                Some(formula) => {
                    formula.sites.insert(site);
                    formula.seats.push(plugin);
                }
                None => formulas.push(Formula {
                    seats: vec![plugin],
                    config,
                    sites: BTreeSet::from([site]),
                    measures: Measures::default(),
                }),
            }
        }
    }
    let spread = |source: &Source| source.formulas.iter().map(|formula| formula.sites.len()).sum::<usize>();
    sources.sort_by(|a, b| spread(b).cmp(&spread(a)).then_with(|| a.id.cmp(&b.id)));
    sources
}

/// The metrics of the plugins, with a prefix where several use one id. An id with a colon could look like another
/// plugin's.
fn known(sources: &[Source]) -> Vec<Known> {
    let mut metrics: Vec<Known> = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        for metric in source.formulas.iter().flat_map(|formula| &formula.measures.metrics) {
            if metrics.iter().any(|known| known.source == index && known.word == metric.id) {
                continue;
            }
            let namesake = |(other, source): (usize, &Source)| {
                other != index && source.formulas.iter().any(|formula| formula.measures.knows(&metric.id))
            };
            let qualified = metric.id.contains(':') || sources.iter().enumerate().any(namesake);
            let (label, name) = (&metric.label, &source.name);
            let (id, label) = if qualified {
                let label = text(format!("{} · {}", label.fr, name.fr), format!("{} · {}", label.en, name.en));
                (format!("{}:{}", source.id, metric.id), label)
            } else {
                (metric.id.clone(), text(&label.fr, &label.en))
            };
            let Metric { unit, targetable, .. } = *metric;
            metrics.push(Known { id, label, unit, targetable, source: index, word: metric.id.clone() });
        }
    }
    metrics
}
