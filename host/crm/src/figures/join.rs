//! Combines figures of sites with different settings.
//!
//! Plugins do not declare whether a metric can be added up: revenue can, an average deal cannot. The answers show it.
//! If all settings give the same figures, one setting computes the total over all sites. If under every setting the
//! total equals the sum of the sites, the sites' figures are added. Otherwise there is no total.

use std::collections::{BTreeMap, HashMap};

use afpi_plugins::contract::objectives::{Figure, Score};

/// The plugin's id of a metric, and the key of the score.
pub type Key = (String, String);

/// How the sites' figures of one metric become one figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Any setting gives the figure over all sites.
    Alike,
    /// Each site uses its own settings; the figures are added.
    Sum,
    /// There is no such figure.
    Apart,
}

/// The figures that one setting gives for all sites together and for each of them.
#[derive(Default)]
pub struct Seen {
    total: HashMap<Key, Figure>,
    sites: HashMap<Key, BTreeMap<u32, Figure>>,
}

impl Seen {
    pub fn new(total: Vec<Score>, by_site: Vec<Score>) -> Seen {
        let mut seen = Seen::default();
        for score in total {
            seen.total.insert((score.metric, score.key), score.figure);
        }
        for score in by_site {
            seen.sites.entry((score.metric, score.key)).or_default().insert(score.group, score.figure);
        }
        seen
    }

    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.total.keys().chain(self.sites.keys())
    }

    fn total(&self, key: &Key) -> Figure {
        self.total.get(key).copied().unwrap_or(Figure::None)
    }

    fn sites(&self, key: &Key) -> impl Iterator<Item = (u32, Figure)> {
        self.sites.get(key).into_iter().flatten().map(|(site, figure)| (*site, *figure))
    }

    fn like(&self, other: &Seen, key: &Key) -> bool {
        self.total(key) == other.total(key) && self.sites(key).eq(other.sites(key))
    }

    /// Is the total the sum of the sites? A zero is the sum of no figures.
    fn adds_up(&self, key: &Key) -> bool {
        let sum = self.sites(key).try_fold(Figure::None, |sum, (_, figure)| add(sum, figure));
        sum.is_some_and(|sum| sum == self.total(key) || empty(&sum) && empty(&self.total(key)))
    }
}

/// How to combine this metric. `seen` are the settings that know it, out of `of` in all.
pub fn way(key: &Key, seen: &[&Seen], of: usize) -> Way {
    let Some((first, others)) = seen.split_first() else { return Way::Apart };
    if seen.len() == of && others.iter().all(|other| first.like(other, key)) {
        Way::Alike
    } else if others.is_empty() || seen.iter().all(|seen| seen.adds_up(key)) {
        Way::Sum
    } else {
        Way::Apart
    }
}

/// The sum. A missing value adds nothing. `None` for figures of different kinds.
pub fn add(a: Figure, b: Figure) -> Option<Figure> {
    Some(match (a, b) {
        (Figure::None, other) | (other, Figure::None) => other,
        (Figure::Money(a), Figure::Money(b)) => Figure::Money(a.checked_add(b)?),
        (Figure::Count(a), Figure::Count(b)) => Figure::Count(a.checked_add(b)?),
        (Figure::Minutes(a), Figure::Minutes(b)) => Figure::Minutes(a.checked_add(b)?),
        (Figure::Other(a), Figure::Other(b)) => Figure::Other(a.checked_add(b)?),
        (Figure::Ratio((a, of)), Figure::Ratio((b, also))) => Figure::Ratio((a.checked_add(b)?, of.checked_add(also)?)),
        _ => return None,
    })
}

fn empty(figure: &Figure) -> bool {
    matches!(
        figure,
        Figure::None
            | Figure::Money(0)
            | Figure::Count(0)
            | Figure::Minutes(0)
            | Figure::Other(0)
            | Figure::Ratio((0, 0))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(group: u32, figure: Figure) -> Score {
        Score { metric: "m".into(), group, figure, key: String::new() }
    }

    fn seen(total: Figure, sites: &[Figure]) -> Seen {
        let sites = sites.iter().enumerate().map(|(site, figure)| score(site as u32, *figure)).collect();
        Seen::new(vec![score(u32::MAX, total)], sites)
    }

    fn of(seen: &[Seen]) -> Way {
        way(&("m".into(), String::new()), &seen.iter().collect::<Vec<_>>(), seen.len())
    }

    #[test]
    fn what_settings_do_not_touch_is_worked_out_over_all() {
        let average = || seen(Figure::Money(200), &[Figure::Money(100), Figure::Money(250)]);
        assert_eq!(of(&[average(), average()]), Way::Alike);
        assert_eq!(of(&[seen(Figure::Count(0), &[]), seen(Figure::Count(0), &[])]), Way::Alike);
    }

    #[test]
    fn what_settings_touch_is_summed_where_it_is_a_sum_and_else_left_apart() {
        let share =
            |a, b, whole| seen(Figure::Ratio((a + b, whole)), &[Figure::Ratio((a, 4)), Figure::Ratio((b, whole - 4))]);
        assert_eq!(of(&[share(1, 2, 10), share(3, 5, 10)]), Way::Sum);
        let median = |total| seen(Figure::Minutes(total), &[Figure::Minutes(60), Figure::Minutes(180)]);
        assert_eq!(of(&[median(90), median(100)]), Way::Apart);
        assert_eq!(of(&[seen(Figure::Money(3), &[Figure::Money(1), Figure::Count(2)]), median(1)]), Way::Apart);
    }

    #[test]
    fn a_metric_only_some_settings_know_is_never_worked_out_by_one_of_them_for_all() {
        let sum = seen(Figure::Count(3), &[Figure::Count(1), Figure::Count(2)]);
        let key = ("m".to_owned(), String::new());
        assert_eq!((way(&key, &[&sum], 2), way(&key, &[], 2)), (Way::Sum, Way::Apart));
    }

    #[test]
    fn figures_of_one_kind_add_and_no_value_adds_nothing() {
        let added = |a, b| add(a, b).map(|figure| format!("{figure:?}"));
        assert_eq!(added(Figure::None, Figure::Money(3)), Some(format!("{:?}", Figure::Money(3))));
        assert_eq!(added(Figure::Ratio((1, 2)), Figure::Ratio((2, 3))), Some(format!("{:?}", Figure::Ratio((3, 5)))));
        assert_eq!(
            (added(Figure::Money(1), Figure::Count(1)), added(Figure::Count(i64::MAX), Figure::Count(1))),
            (None, None)
        );
    }
}
