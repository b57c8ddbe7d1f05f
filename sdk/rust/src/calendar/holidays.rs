//! The eleven legal holidays of mainland France (Code du travail, L3133-1), with the three that follow Easter.

use super::Date;

/// The name of a holiday in French and in English.
type Name = (&'static str, &'static str);

/// The name of the legal holiday on this day in French and English, if it is one.
///
/// ```
/// use afpi_sdk::calendar::holiday;
/// assert_eq!(holiday("2027-05-06".parse().unwrap()), Some(("Ascension", "Ascension Day")));
/// assert_eq!(holiday("2027-05-07".parse().unwrap()), None);
/// ```
pub fn holiday(date: Date) -> Option<(&'static str, &'static str)> {
    let (year, month, day) = date.ymd();
    if let Some((_, name)) = FIXED.iter().find(|(fixed, _)| *fixed == (month, day)) {
        return Some(*name);
    }
    // Easter Monday is 23 March at the earliest, Whit Monday 14 June at the latest.
    if !(3..=6).contains(&month) {
        return None;
    }
    let after = date.days() - easter(year).days();
    MOVABLE.iter().find(|(days, _)| *days == after).map(|(_, name)| *name)
}

/// Month and day of those that stay.
const FIXED: [((u32, u32), Name); 8] = [
    ((1, 1), ("Jour de l’an", "New Year’s Day")),
    ((5, 1), ("Fête du Travail", "Labour Day")),
    ((5, 8), ("Victoire de 1945", "Victory in Europe Day")),
    ((7, 14), ("Fête nationale", "Bastille Day")),
    ((8, 15), ("Assomption", "Assumption Day")),
    ((11, 1), ("Toussaint", "All Saints’ Day")),
    ((11, 11), ("Armistice de 1918", "Armistice Day")),
    ((12, 25), ("Noël", "Christmas Day")),
];

/// Days after Easter Sunday of the others.
const MOVABLE: [(i32, Name); 3] = [
    (1, ("Lundi de Pâques", "Easter Monday")),
    (39, ("Ascension", "Ascension Day")),
    (50, ("Lundi de Pentecôte", "Whit Monday")),
];

/// The legal holidays of a year. A movable one that falls on a fixed one comes once.
pub(super) fn holidays_of(year: i32) -> impl Iterator<Item = Date> {
    let fixed = FIXED.iter().filter_map(move |((month, day), _)| Date::new(year, *month, *day));
    let easter = easter(year);
    let movable = MOVABLE.iter().map(move |(days, _)| easter.plus(*days));
    fixed.chain(movable.filter(|day| {
        let (_, month, day) = day.ymd();
        !FIXED.iter().any(|(fixed, _)| *fixed == (month, day))
    }))
}

/// Easter Sunday, by the anonymous Gregorian algorithm (Meeus, Jones, Butcher).
fn easter(year: i32) -> Date {
    let golden = year % 19;
    let (century, of_century) = (year / 100, year % 100);
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - correction + 15) % 30;
    let to_sunday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * to_sunday) / 451;
    let march = epact + to_sunday - 7 * late + 22;
    let first_of_march = Date::new(year, 3, 1).unwrap_or(Date::from_days(0));
    first_of_march.plus(march - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_of_known_years() {
        for (year, sunday) in [
            (1818, "1818-03-22"),
            (1943, "1943-04-25"),
            (2000, "2000-04-23"),
            (2024, "2024-03-31"),
            (2026, "2026-04-05"),
            (2027, "2027-03-28"),
            (2038, "2038-04-25"),
            (2285, "2285-03-22"),
        ] {
            assert_eq!(easter(year).to_string(), sunday);
        }
    }

    #[test]
    fn the_movable_feasts_of_2027() {
        for (day, name) in
            [("2027-03-29", "Lundi de Pâques"), ("2027-05-06", "Ascension"), ("2027-05-17", "Lundi de Pentecôte")]
        {
            assert_eq!(holiday(day.parse().unwrap()).unwrap().0, name);
        }
    }

    #[test]
    fn a_year_has_eleven_of_them() {
        for year in [2025, 2026, 2027, 2028] {
            let first = Date::new(year, 1, 1).unwrap();
            let days = Date::new(year + 1, 1, 1).unwrap().days() - first.days();
            assert_eq!((0..days).filter(|&day| holiday(first.plus(day)).is_some()).count(), 11, "{year}");
        }
    }
}
