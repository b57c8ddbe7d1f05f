//! The attainment of targets.

use afpi_plugin_objectifs::{Config, Figures};
use afpi_sdk::objectives::*;

fn target(metric: &str, target: i64, actual: Figure, today: &str) -> Target {
    Target {
        metric: metric.into(),
        target,
        actual,
        first: "2026-11-01".into(),
        last: "2026-11-30".into(),
        today: today.into(),
    }
}

fn attain(target: Target) -> Attainment {
    Figures::attain(&Config::default(), &[target]).remove(0)
}

#[test]
fn the_words_change_at_the_thresholds() {
    for (actual, percent, level) in [
        (10_000, 10_000, "reached"),
        (25_000, 25_000, "reached"),
        (9_999, 9_999, "good"),
        (7_500, 7_500, "good"),
        (7_499, 7_499, "under-way"),
        (5_000, 5_000, "under-way"),
        (4_999, 4_999, "slow"),
        (2_500, 2_500, "slow"),
        (2_499, 2_499, "attention"),
        (0, 0, "attention"),
        (-100, -100, "attention"),
    ] {
        let attainment = attain(target("ca_signe", 10_000, Figure::Money(actual), "2026-11-15"));
        assert_eq!((attainment.percent, attainment.level.as_str()), (Some(percent), level), "{actual}");
        assert!(!attainment.label.fr.is_empty() && !attainment.label.en.is_empty());
    }
}

#[test]
fn without_a_value_or_a_target_there_is_no_percentage() {
    for (wanted, actual) in
        [(10_000, Figure::None), (0, Figure::Money(5)), (-1, Figure::Money(5)), (5_000, Figure::Ratio((1, 0)))]
    {
        let attainment = attain(target("ca_signe", wanted, actual, "2026-11-15"));
        assert_eq!((attainment.percent, attainment.level.as_str()), (None, "none"));
    }
}

#[test]
fn the_run_rate_goes_by_working_days() {
    // November 2026 has 20 working days: All Saints' Day is a Sunday, the 11th a Wednesday. Six of them are over on the
    // 9th.
    for (today, expected) in [
        ("2026-11-09", Some(100_000 * 20 / 6)),
        ("2026-11-11", Some(100_000 * 20 / 7)),
        ("2026-11-30", Some(100_000)),
        ("2027-03-01", Some(100_000)),
        ("2026-11-01", None),
        ("2026-10-31", None),
    ] {
        assert_eq!(attain(target("ca_signe", 1, Figure::Money(100_000), today)).run_rate, expected, "{today}");
    }
}

#[test]
fn rates_averages_and_stocks_have_no_run_rate() {
    for metric in ["taux_transformation", "panier_moyen", "pipeline", "unknown"] {
        assert_eq!(attain(target(metric, 100, Figure::Money(50), "2026-11-15")).run_rate, None, "{metric}");
    }
}

#[test]
fn a_ratio_is_held_against_percent_times_100() {
    let attainment = attain(target("taux_transformation", 5_000, Figure::Ratio((1, 3)), "2026-11-15"));
    assert_eq!(attainment.percent, Some(6_666), "33.33 % of 50 %");
}

#[test]
fn every_metric_has_a_name_in_both_languages_and_only_known_ones_take_targets() {
    let metrics = Figures::metrics(&Config::default());
    assert!(metrics.iter().all(|metric| !metric.label.fr.is_empty() && !metric.label.en.is_empty()));
    let targetable: Vec<&str> =
        metrics.iter().filter(|metric| metric.targetable).map(|metric| metric.id.as_str()).collect();
    assert_eq!(
        targetable,
        [
            "ca_signe",
            "ca_facture",
            "ca_encaisse",
            "nb_opportunites",
            "taux_transformation",
            "taux_acceptation_devis",
            "panier_moyen",
            "pipeline",
            "pipeline_pondere",
        ]
    );
    assert_eq!(metrics.len(), 13);
}
