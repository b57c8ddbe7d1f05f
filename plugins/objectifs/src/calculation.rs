//! Adds up facts, group by group. Batches and the order of the facts do not change the result.

use std::collections::BTreeMap;
use std::ops::Range;

use afpi_sdk::calendar::{Date, instant_at, working_minutes};
use afpi_sdk::money::divide;
use afpi_sdk::objectives::*;
use afpi_sdk::types::Instant;
use rustc_hash::FxHashMap;

use crate::config::Config;
use crate::metrics::*;
use crate::stays::Stays;

/// The kinds of fact that the figures use. `cree`, `section` and `ouvert` come from the host, the others from the
/// relay.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Created,
    Open,
    Stay,
    Sent,
    Accepted,
    Withdrawn,
    Lost,
    Invoiced,
    Credited,
    Paid,
    Reversed,
}

fn kind(word: &str) -> Option<Kind> {
    Some(match word {
        "cree" => Kind::Created,
        "ouvert" => Kind::Open,
        "section" => Kind::Stay,
        "devis-envoye" => Kind::Sent,
        "devis-accepte" => Kind::Accepted,
        "acceptation-annulee" => Kind::Withdrawn,
        "cloture-perdue" | "annule" => Kind::Lost,
        "facture-emise" => Kind::Invoiced,
        "avoir-emis" => Kind::Credited,
        "paiement" => Kind::Paid,
        "paiement-annule" => Kind::Reversed,
        _ => return None,
    })
}

/// The result of one record in the period.
#[derive(Debug, Default)]
struct Closing {
    /// The number of acceptances minus the number of withdrawn ones.
    accepted: i64,
    lost: bool,
}

/// The sums of one user, of one site, or of everything.
#[derive(Debug, Default)]
struct Group {
    created: i64,
    sent: i64,
    accepted: i64,
    signed: i64,
    invoiced: i64,
    paid: i64,
    open: i64,
    /// Cents × percent.
    weighted: i128,
    closings: FxHashMap<u32, Closing>,
    /// The stays of each section, by the word index of the section.
    stays: BTreeMap<u32, Stays>,
}

/// A running calculation.
pub struct Sums {
    /// The instants of the period.
    period: Option<Range<Instant>>,
    query: Query,
    kinds: Vec<Option<Kind>>,
    /// The allowed working minutes of each section, by the word index of the section.
    limits: FxHashMap<u32, i64>,
    groups: BTreeMap<u32, Group>,
}

impl Sums {
    pub fn new(config: &Config, query: Query) -> Sums {
        let days: Option<(Date, Date)> = query.first.parse().ok().zip(query.last.parse().ok());
        let midnight = |day: Date| instant_at(day, 0);
        let period =
            days.filter(|(first, last)| first <= last).map(|(first, last)| midnight(first)..midnight(last.plus(1)));
        let limit = |word: &String| {
            config.delais.iter().find(|limit| limit.section == *word).map(|limit| i64::from(limit.heures) * 60)
        };
        let limits =
            query.words.iter().enumerate().filter_map(|(index, word)| Some((index as u32, limit(word)?))).collect();
        let mut groups = BTreeMap::new();
        if query.grouping == Grouping::Total {
            groups.insert(NONE, Group::default());
        }
        Sums { period, kinds: query.words.iter().map(|word| kind(word)).collect(), limits, groups, query }
    }

    fn group_of(&self, fact: &Fact) -> Option<u32> {
        match self.query.grouping {
            Grouping::Total => Some(NONE),
            Grouping::User => Some(fact.user).filter(|&user| user != NONE),
            Grouping::Site => Some(fact.site).filter(|&site| site != NONE),
            Grouping::Other => None,
        }
    }

    fn add_one(&mut self, period: &Range<Instant>, fact: &Fact) {
        let Some(kind) = self.kinds.get(fact.kind as usize).copied().flatten() else { return };
        // Open records count in their current state. Other facts count on the day when they happened or ended.
        if kind != Kind::Open && !period.contains(&fact.end) {
            return;
        }
        let Some(group) = self.group_of(fact) else { return };
        let group = self.groups.entry(group).or_default();
        match kind {
            Kind::Created => group.created += 1,
            Kind::Open => {
                group.open += fact.amount;
                group.weighted += i128::from(fact.amount) * i128::from(fact.weight);
            }
            Kind::Stay => {
                group.stays.entry(fact.key).or_default().add(working_minutes(fact.start, fact.end), fact.weight == 1)
            }
            Kind::Sent => group.sent += 1,
            Kind::Accepted => {
                group.accepted += 1;
                group.signed += fact.amount;
                group.closings.entry(fact.subject).or_default().accepted += 1;
            }
            Kind::Withdrawn => {
                group.signed -= fact.amount;
                group.closings.entry(fact.subject).or_default().accepted -= 1;
            }
            Kind::Lost => group.closings.entry(fact.subject).or_default().lost = true,
            Kind::Invoiced => group.invoiced += fact.amount,
            Kind::Credited => group.invoiced -= fact.amount,
            Kind::Paid => group.paid += fact.amount,
            Kind::Reversed => group.paid -= fact.amount,
        }
    }
}

impl Calculation for Sums {
    fn add(&mut self, facts: &[Fact]) {
        if let Some(period) = self.period.clone() {
            facts.iter().for_each(|fact| self.add_one(&period, fact));
        }
    }

    fn finish(&mut self) -> Result<Vec<Score>> {
        if self.period.is_none() {
            let (fr, en) =
                ("La période doit aller d’un jour à un jour suivant", "The period must go from a day to a later one");
            return Err(Error::invalid("/last", "out-of-range", fr, en));
        }
        let wanted = |id: &str| self.query.metrics.is_empty() || self.query.metrics.iter().any(|metric| metric == id);
        let mut scores = Vec::new();
        for id in TABLE.iter().map(|row| row.id).filter(|id| wanted(id)) {
            for (&index, group) in &mut self.groups {
                let score = |figure, key: &str| Score { metric: id.into(), group: index, figure, key: key.into() };
                if let Some(figure) = group.figure(id) {
                    scores.push(score(figure, ""));
                    continue;
                }
                for (&section, stays) in &mut group.stays {
                    let name = self.query.words.get(section as usize).map_or("", String::as_str);
                    scores.extend(
                        stay_figure(id, stays, self.limits.get(&section).copied()).map(|figure| score(figure, name)),
                    );
                }
            }
        }
        Ok(scores)
    }
}

impl Group {
    /// The figure of a metric with a single number. `None` for metrics with one figure per section.
    fn figure(&self, metric: &str) -> Option<Figure> {
        let won = || self.closings.values().filter(|closing| !closing.lost && closing.accepted > 0).count() as i64;
        let lost = || self.closings.values().filter(|closing| closing.lost).count() as i64;
        Some(match metric {
            CA_SIGNE => Figure::Money(self.signed),
            CA_FACTURE => Figure::Money(self.invoiced),
            CA_ENCAISSE => Figure::Money(self.paid),
            NB_OPPORTUNITES => Figure::Count(self.created),
            TAUX_TRANSFORMATION => ratio(won(), won() + lost()),
            TAUX_ACCEPTATION_DEVIS => ratio(self.accepted, self.sent),
            PANIER_MOYEN => match won() {
                0 => Figure::None,
                won => Figure::Money(divide(i128::from(self.signed), i128::from(won))),
            },
            PIPELINE => Figure::Money(self.open),
            PIPELINE_PONDERE => Figure::Money(divide(self.weighted, 100)),
            _ => return None,
        })
    }
}

fn stay_figure(metric: &str, stays: &mut Stays, limit: Option<i64>) -> Option<Figure> {
    match metric {
        DELAI_SECTION => stays.median().map(Figure::Minutes),
        DELAI_SECTION_P90 => stays.p90().map(Figure::Minutes),
        PART_DANS_DELAI => limit.map(|limit| ratio(stays.within(limit), stays.count())),
        RETOURS => Some(Figure::Count(stays.returns)),
        _ => None,
    }
}

fn ratio(part: i64, whole: i64) -> Figure {
    if whole == 0 { Figure::None } else { Figure::Ratio((part, whole)) }
}
