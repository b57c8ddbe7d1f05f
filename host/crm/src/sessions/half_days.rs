//! The half-days of a session: their times, and how long they last.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Half of a day, as in bookings.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    strum::IntoStaticStr,
    strum::EnumString,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Half {
    Am,
    Pm,
}

impl Half {
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The usual times, in minutes after midnight: 08:30 to 12:00 and 13:30 to 17:00. They hold until somebody sets
    /// others.
    pub fn usual(self) -> (i64, i64) {
        match self {
            Half::Am => (8 * 60 + 30, 12 * 60),
            Half::Pm => (13 * 60 + 30, 17 * 60),
        }
    }
}

impl afpi_db::Newtype for Half {
    type Inner = String;

    fn wrap(word: String) -> Result<Self, afpi_db::Unreadable> {
        Ok(word.parse()?)
    }
}

impl From<Half> for afpi_db::Value {
    fn from(half: Half) -> Self {
        half.as_str().into()
    }
}

/// `08:30` for 510.
pub fn clock(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Minutes after midnight of `08:30`.
pub fn minutes(clock: &str) -> Option<i64> {
    let (hours, minutes) = clock.split_once(':')?;
    let number = |text: &str, below: i64| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i64>().ok().filter(|n| digits && *n < below)
    };
    Some(number(hours, 24)? * 60 + number(minutes, 60)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_written() {
        for text in ["00:00", "08:30", "23:59"] {
            assert_eq!(minutes(text).map(clock).as_deref(), Some(text));
        }
        for wrong in ["", "8:30", "24:00", "08:60", "+8:30", "08:3", "08:30:00", "08h30"] {
            assert_eq!(minutes(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_usual_day_has_seven_hours() {
        let long = |half: Half| half.usual().1 - half.usual().0;
        assert_eq!(long(Half::Am) + long(Half::Pm), 7 * 60);
    }
}
