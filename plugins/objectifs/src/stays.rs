//! Time spent in one section, in working minutes.

/// All stays in one section that ended in the period.
#[derive(Debug, Default)]
pub struct Stays {
    minutes: Vec<i64>,
    pub returns: i64,
}

impl Stays {
    pub fn add(&mut self, minutes: i64, returned: bool) {
        self.minutes.push(minutes);
        self.returns += i64::from(returned);
    }

    pub fn count(&self) -> i64 {
        self.minutes.len() as i64
    }

    /// The number of stays that lasted at most this long.
    pub fn within(&self, limit: i64) -> i64 {
        self.minutes.iter().filter(|&&minutes| minutes <= limit).count() as i64
    }

    /// The median, or the mean of the two middle values (rounded down). `None` if there is no stay.
    pub fn median(&mut self) -> Option<i64> {
        self.minutes.sort_unstable();
        let upper = self.minutes.get(self.minutes.len() / 2)?;
        let lower = self.minutes[(self.minutes.len() - 1) / 2];
        Some((lower + upper) / 2)
    }

    /// The shortest time that at least nine of ten did not exceed (nearest rank). None without a stay.
    pub fn p90(&mut self) -> Option<i64> {
        self.minutes.sort_unstable();
        let rank = (self.minutes.len() * 9).div_ceil(10);
        self.minutes.get(rank.checked_sub(1)?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::Stays;

    fn stays(minutes: impl IntoIterator<Item = i64>) -> Stays {
        let mut stays = Stays::default();
        minutes.into_iter().for_each(|minutes| stays.add(minutes, false));
        stays
    }

    #[test]
    fn medians_and_ninetieths() {
        for (minutes, median, p90) in [
            (vec![], None, None),
            (vec![7], Some(7), Some(7)),
            (vec![9, 1], Some(5), Some(9)),
            (vec![5, 1, 9], Some(5), Some(9)),
            ((1..=10).rev().collect(), Some(5), Some(9)),
            ((1..=11).collect(), Some(6), Some(10)),
            ((1..=100).collect(), Some(50), Some(90)),
        ] {
            let mut stays = stays(minutes);
            assert_eq!((stays.median(), stays.p90()), (median, p90));
        }
    }

    #[test]
    fn the_limit_itself_is_in_time() {
        assert_eq!(stays([10, 11, 9]).within(10), 2);
    }
}
