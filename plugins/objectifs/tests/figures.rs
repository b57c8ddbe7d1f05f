//! Every metric on facts that the tests write. Batches and the order of facts do not change the figures.

use afpi_plugin_objectifs::{Config, Figures};
use afpi_sdk::calendar::instant_at;
use afpi_sdk::objectives::*;

const WORDS: [&str; 20] = [
    "cree",
    "section",
    "ouvert",
    "devis-envoye",
    "devis-accepte",
    "acceptation-annulee",
    "devis-refuse",
    "cloture-perdue",
    "annule",
    "facture-emise",
    "avoir-emis",
    "paiement",
    "paiement-annule",
    "devis",
    "collecte",
    "autre-section",
    "u-1",
    "u-2",
    "s-1",
    "s-2",
];

fn word(text: &str) -> u32 {
    WORDS.iter().position(|word| *word == text).expect("a known word") as u32
}

fn noon(day: &str) -> Instant {
    instant_at(day.parse().unwrap(), 12 * 60)
}

fn fact(kind: &str, day: &str, subject: u32, amount: i64) -> Fact {
    let at = noon(day);
    Fact {
        kind: word(kind),
        key: NONE,
        user: word("u-1"),
        site: word("s-1"),
        subject,
        start: at,
        end: at,
        amount,
        weight: 0,
    }
}

fn query(grouping: Grouping, metrics: &[&str]) -> Query {
    Query {
        first: "2026-11-01".into(),
        last: "2026-11-30".into(),
        today: "2026-11-22".into(),
        metrics: metrics.iter().map(ToString::to_string).collect(),
        grouping,
        words: WORDS.map(String::from).into(),
    }
}

fn score_all(query: Query, facts: &[Fact]) -> Vec<Score> {
    let mut sums = Figures::calculation(&Config::default(), query);
    sums.add(facts);
    sums.finish().unwrap()
}

fn figure(metric: &str, facts: &[Fact]) -> Figure {
    let scores = score_all(query(Grouping::Total, &[metric]), facts);
    assert_eq!(scores.len(), 1, "{metric}");
    assert_eq!((scores[0].group, scores[0].key.as_str()), (NONE, ""));
    scores[0].figure
}

#[test]
fn sums_of_money() {
    let facts = [
        fact("devis-accepte", "2026-11-01", 1, 1_000),
        fact("devis-accepte", "2026-11-30", 2, 500),
        fact("acceptation-annulee", "2026-11-30", 2, 500),
        fact("facture-emise", "2026-11-10", 1, 1_000),
        fact("avoir-emis", "2026-11-11", 1, 300),
        fact("paiement", "2026-11-12", 1, 840),
        fact("paiement", "2026-11-13", 1, 100),
        // The cheque bounced in the same month, and so did a cheque of October.
        fact("paiement-annule", "2026-11-20", 1, 100),
        fact("paiement-annule", "2026-11-21", 2, 40),
        fact("cree", "2026-11-12", 3, 9_999),
    ];
    assert_eq!(figure("ca_signe", &facts), Figure::Money(1_000));
    assert_eq!(figure("ca_facture", &facts), Figure::Money(700));
    assert_eq!(figure("ca_encaisse", &facts), Figure::Money(800));
    assert_eq!(figure("nb_opportunites", &facts), Figure::Count(1));
    assert_eq!(figure("panier_moyen", &facts), Figure::Money(1_000));
}

#[test]
fn only_the_days_of_the_period_count_in_paris() {
    let mut facts = vec![fact("cree", "2026-10-31", 1, 0), fact("cree", "2026-12-01", 2, 0)];
    assert_eq!(figure("nb_opportunites", &facts), Figure::Count(0));
    // 31 October, 23:30 UTC is 1 November in Paris; 30 November, 23:30 UTC is December.
    for (day, minute) in [("2026-11-01", 30), ("2026-12-01", 30)] {
        let at = instant_at(day.parse().unwrap(), minute);
        facts.push(Fact { start: at, end: at, ..facts[0] });
    }
    assert_eq!(figure("nb_opportunites", &facts), Figure::Count(1));
}

#[test]
fn a_record_closes_once_however_often_it_turns() {
    let accepted = |subject| fact("devis-accepte", "2026-11-05", subject, 100);
    let withdrawn = |subject| fact("acceptation-annulee", "2026-11-06", subject, 100);
    let facts = [
        accepted(1),
        // Accepted, sent back, and accepted again: this counts as one win.
        accepted(2),
        withdrawn(2),
        accepted(2),
        // Accepted, then cancelled: this counts as one loss.
        accepted(3),
        withdrawn(3),
        fact("annule", "2026-11-07", 3, 100),
        fact("cloture-perdue", "2026-11-08", 4, 100),
        // Accepted and sent back: the opportunité is still open.
        accepted(5),
        withdrawn(5),
        // Accepted in October and cancelled in November: this is a loss of November.
        fact("devis-accepte", "2026-10-05", 6, 100),
        withdrawn(6),
        fact("annule", "2026-11-06", 6, 100),
        // Refused, but not given up: the opportunité is still open.
        fact("devis-refuse", "2026-11-09", 7, 100),
    ];
    assert_eq!(figure("taux_transformation", &facts), Figure::Ratio((2, 5)));
    assert_eq!(figure("ca_signe", &facts), Figure::Money(100));
    assert_eq!(figure("panier_moyen", &facts), Figure::Money(50));
}

#[test]
fn nothing_to_divide_by_is_no_value_and_no_sum_is_zero() {
    for metric in ["taux_transformation", "taux_acceptation_devis", "panier_moyen"] {
        assert_eq!(figure(metric, &[]), Figure::None, "{metric}");
    }
    for metric in ["ca_signe", "ca_facture", "ca_encaisse", "pipeline", "pipeline_pondere"] {
        assert_eq!(figure(metric, &[]), Figure::Money(0), "{metric}");
    }
    assert!(score_all(query(Grouping::Total, &["delai_section", "part_dans_delai", "retours"]), &[]).is_empty());
}

#[test]
fn quotes_accepted_of_quotes_sent() {
    let facts = [
        fact("devis-envoye", "2026-11-02", 1, 1),
        fact("devis-envoye", "2026-11-03", 2, 1),
        fact("devis-accepte", "2026-11-04", 1, 1),
    ];
    assert_eq!(figure("taux_acceptation_devis", &facts), Figure::Ratio((1, 2)));
}

#[test]
fn the_pipeline_is_what_is_open_now_and_rounds_once() {
    let open = |amount, weight| Fact { weight, ..fact("ouvert", "2024-01-01", 1, amount) };
    let facts = [open(101, 50), open(101, 50), open(1_000, 10)];
    assert_eq!(figure("pipeline", &facts), Figure::Money(1_202));
    assert_eq!(figure("pipeline_pondere", &facts), Figure::Money(201));
}

fn stay(section: &str, start: (&str, i64), end: (&str, i64), returned: bool) -> Fact {
    let at = |(day, hour): (&str, i64)| instant_at(day.parse().unwrap(), hour * 60);
    Fact {
        key: word(section),
        start: at(start),
        end: at(end),
        weight: u32::from(returned),
        ..fact("section", "2026-11-02", 1, 0)
    }
}

#[test]
fn time_in_a_section_counts_working_minutes_and_belongs_to_the_day_it_ends() {
    let facts = [
        stay("devis", ("2026-10-30", 17), ("2026-11-02", 10), false), // over a weekend: 120
        stay("devis", ("2026-11-10", 17), ("2026-11-12", 10), true),  // over Armistice Day: 120
        stay("devis", ("2026-11-02", 9), ("2026-11-16", 9), false),   // 9 days without the 11th: 4320, over 48 hours
        stay("devis", ("2026-11-20", 9), ("2026-12-01", 9), false),   // ends in December
        stay("autre-section", ("2026-11-02", 9), ("2026-11-02", 10), false),
    ];
    let scores = score_all(
        query(Grouping::Total, &["delai_section", "delai_section_p90", "part_dans_delai", "retours"]),
        &facts,
    );
    let found: Vec<(&str, &str, Figure)> =
        scores.iter().map(|score| (score.metric.as_str(), score.key.as_str(), score.figure)).collect();
    assert_eq!(
        found,
        [
            ("delai_section", "devis", Figure::Minutes(120)),
            ("delai_section", "autre-section", Figure::Minutes(60)),
            ("delai_section_p90", "devis", Figure::Minutes(4320)),
            ("delai_section_p90", "autre-section", Figure::Minutes(60)),
            ("part_dans_delai", "devis", Figure::Ratio((2, 3))),
            ("retours", "devis", Figure::Count(1)),
            ("retours", "autre-section", Figure::Count(0)),
        ]
    );
}

#[test]
fn groups_add_up_to_the_total() {
    let facts: Vec<Fact> = sample(300, 7);
    for grouping in [Grouping::User, Grouping::Site] {
        for metric in ["ca_signe", "ca_facture", "ca_encaisse", "pipeline"] {
            let parts: i64 =
                score_all(query(grouping, &[metric]), &facts).iter().map(|score| money(&score.figure)).sum();
            assert_eq!(Figure::Money(parts), figure(metric, &facts), "{metric}");
        }
    }
}

#[test]
fn facts_without_the_group_stay_out_and_unknown_words_are_ignored() {
    let mut nobody = fact("paiement", "2026-11-03", 1, 100);
    nobody.user = NONE;
    assert!(score_all(query(Grouping::User, &["ca_encaisse"]), &[nobody]).is_empty());
    assert_eq!(figure("ca_encaisse", &[nobody]), Figure::Money(100));
    let strange = Fact { kind: 10_000, ..nobody };
    let named_like_a_user = Fact { kind: word("u-1"), ..nobody };
    assert_eq!(figure("ca_encaisse", &[strange, named_like_a_user]), Figure::Money(0));
}

#[test]
fn a_period_that_ends_before_it_begins_is_refused() {
    for (first, last) in [("2026-11-30", "2026-11-01"), ("2026-11-31", "2026-12-31"), ("", "2026-12-31")] {
        let query = Query { first: first.into(), last: last.into(), ..query(Grouping::Total, &[]) };
        let mut sums = Figures::calculation(&Config::default(), query);
        sums.add(&[fact("cree", "2026-11-02", 1, 0)]);
        assert!(matches!(sums.finish(), Err(Error::Invalid(_))));
    }
}

fn money(figure: &Figure) -> i64 {
    match figure {
        Figure::Money(cents) => *cents,
        other => panic!("expected money, got {other:?}"),
    }
}

/// Pseudo-random facts from a small generator (Knuth's MMIX constants). The same seed gives the same facts.
fn sample(count: u32, seed: u64) -> Vec<Fact> {
    let mut state = seed;
    let mut draw = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let fact = |_| {
        let start = noon("2026-10-20") + draw(60 * 86_400) as i64 * 1000;
        let kind = draw(12) as u32;
        let long = kind == word("section");
        Fact {
            kind,
            key: word("devis") + draw(3) as u32,
            user: word("u-1") + draw(2) as u32,
            site: word("s-1") + draw(2) as u32,
            subject: draw(40) as u32,
            start,
            end: start + if long { draw(20 * 86_400) as i64 * 1000 } else { 0 },
            amount: draw(1_000_000) as i64,
            weight: draw(101) as u32,
        }
    };
    (0..count).map(fact).collect()
}

#[test]
fn cutting_and_shuffling_facts_changes_nothing() {
    for seed in 1..=20 {
        let facts = sample(500, seed);
        for grouping in [Grouping::Total, Grouping::User, Grouping::Site] {
            let whole = score_all(query(grouping, &[]), &facts);
            for size in [1, 3, 200, 499] {
                let mut sums = Figures::calculation(&Config::default(), query(grouping, &[]));
                facts.chunks(size).rev().for_each(|batch| sums.add(batch));
                assert_eq!(sums.finish().unwrap(), whole, "seed {seed}, batches of {size}");
            }
        }
    }
}
