//! The connector and the simulated instance over a socket: equivalent profiles, and every fault of the field sheet
//! (11.3) that a reader can meet.

mod support;

use afpi_plugin_ypareo::check::check;
use afpi_plugin_ypareo::settings::{Contacts, Settings};
use afpi_sdk::Error;
use support::{Bench, Run};
use ypareo_simulator::{Container, Empty, Fault, How, Options, Profile, Rule, Unknown};

fn rich() -> Options {
    Options { companies: 60, profile: Profile { hypothetical: true, ..Profile::default() }, ..Options::default() }
}

fn toutes(bench: &Bench) -> Settings {
    Settings { contacts: Contacts::Toutes, ..bench.settings() }
}

fn said(run: &Run) -> String {
    match run.error.as_ref().expect("an error") {
        Error::Denied(text) => text.fr.clone(),
        Error::Invalid(problems) => problems[0].message.fr.clone(),
        Error::Unavailable(why) => why.clone(),
        other => other.to_string(),
    }
}

#[test]
fn sites_companies_and_contacts_arrive_and_dummies_do_not() {
    let bench = Bench::new(rich());
    let run = bench.run(toutes(&bench));
    assert_eq!(run.completed, ["localisation", "entreprise", "contact"]);
    assert_eq!((run.of("localisation").len(), run.of("entreprise").len()), (14, 60));
    let contacts = run.of("contact");
    assert!(
        contacts.len() > 20
            && contacts.iter().all(|item| run.of("entreprise").iter().any(|e| e.external_id == item.parent))
    );
    assert!(run.of("localisation").iter().all(|item| item.fields.contains(r#""localisationCode":"AFPI-"#)));
    assert!(
        run.of("entreprise").iter().all(|item| item.fields.contains(r#""localisationCode":"AFPI-"#)),
        "{}",
        run.text()
    );
    let everything = format!("{} {:?} {:?}", run.text(), run.skipped, bench.socket.lines.borrow());
    for dummy in ["FACTICE", "RIB", "99999", "andicap", "dirigeant", "TAILLEVENT Maï"] {
        assert!(!everything.contains(dummy), "{dummy} was kept");
    }
    bench.stop();
}

#[test]
fn the_container_makes_no_difference() {
    let bench = Bench::new(rich());
    let expected = bench.run(toutes(&bench)).text();
    for container in [Container::ByCode, Container::Array, Container::ByPosition] {
        bench.simulator.change(|options| options.profile.container = container);
        assert_eq!(bench.run(toutes(&bench)).text(), expected, "{container:?}");
    }
    bench.simulator.change(|options| options.misbehave.push(Rule::new("*", How::ContainerFlip).every(2)));
    assert_eq!(bench.run(toutes(&bench)).text(), expected, "the shape of the answers changes from call to call");
    bench.stop();
}

#[test]
fn without_the_hypothetical_fields_names_and_sirets_are_enough() {
    let bench = Bench::new(Options { companies: 30, ..Options::default() });
    let run = bench.run(toutes(&bench));
    assert_eq!((run.of("entreprise").len(), run.of("contact").len(), run.error.is_none()), (30, 0, true));
    assert!(run.of("entreprise").iter().all(|item| item.fields.contains("siret")));
    bench.stop();
}

#[test]
fn empty_lists_of_both_kinds_are_complete() {
    for empty in [Empty::List, Empty::Object] {
        let profile = Profile { empty, ..Profile::default() };
        let bench = Bench::new(Options { companies: 0, profile, ..Options::default() });
        let run = bench.run(toutes(&bench));
        assert_eq!(
            (run.completed.len(), run.of("entreprise").len()),
            (3, 0),
            "the host decides whether that is suspicious"
        );
        bench.stop();
    }
}

#[test]
fn an_address_typed_in_any_way_works_and_a_wrong_one_is_explained() {
    let bench = Bench::new(rich());
    for tail in ["", "/", "/r/v1", "/r/v1/", "/r/v1/r/v1"] {
        let settings = Settings { base_url: format!("{}{tail}", bench.simulator.base_url()), ..bench.settings() };
        assert_eq!(bench.run(settings).error, None, "{tail}");
    }
    let elsewhere =
        Settings { base_url: format!("http://{}/netypareo", bench.simulator.address()), ..bench.settings() };
    let run = bench.run(elsewhere);
    assert!(matches!(&run.error, Some(Error::Invalid(problems)) if problems[0].field == "/baseUrl"));
    assert!(said(&run).contains("GET /sites : introuvable (404, page web)"), "{}", said(&run));
    bench.stop();
}

#[test]
fn refusals_are_told_apart_and_not_repeated() {
    for refusal in [401, 403] {
        let mut options = rich();
        options.profile.refusal = refusal;
        let bench = Bench::new(options);
        bench.simulator.change(|options| options.token = "un-autre-jeton".into());
        assert!(said(&bench.run(bench.settings())).contains(&format!("GET /entreprises : accès refusé ({refusal})")));
        assert_eq!(bench.simulator.requests().values().sum::<u64>(), 2);
        bench.stop();
    }
    let bench = Bench::new(rich());
    bench.simulator.change(|options| options.misbehave.push(Rule::new("entreprises", How::HtmlForbidden)));
    assert!(said(&bench.run(bench.settings())).contains("filtre"));
    bench.simulator.change(|options| {
        options.misbehave.clear();
        options.denied.insert("entreprises/{code}/interlocuteurs".into());
    });
    let run = bench.run(toutes(&bench));
    assert_eq!((run.of("entreprise").len(), run.completed.len(), run.error.is_none()), (60, 2, true));
    assert!(run.skipped[0].reason.fr.contains("interlocuteurs : accès refusé"));
    bench.stop();
}

#[test]
fn every_broken_answer_is_an_error_and_never_an_end() {
    let bench = Bench::new(rich());
    for (how, words) in [
        (How::EmptyBody, "n'est pas une liste vide"),
        (How::HtmlOk, "page web"),
        (How::ErrorObject, "n'est pas une liste de fiches"),
        (How::TruncatedJson(20_000), "coupée"),
        (How::TruncatedJson(usize::MAX), "coupée"),
        (How::CutMidway(20_000), "pas de réponse complète"),
        (How::CutMidway(usize::MAX), "pas de réponse complète"),
        (How::Windows1252, "UTF-8"),
        (How::HtmlNotFound, "introuvable"),
        (How::Status(418), "inattendue"),
    ] {
        bench.simulator.change(|options| options.misbehave = vec![Rule::new("entreprises", how.clone())]);
        let run = bench.run(bench.settings());
        assert!(said(&run).contains(words) && said(&run).contains("GET /entreprises"), "{how:?}: {}", said(&run));
        assert_eq!((run.completed.as_slice(), run.waits.len()), (&["localisation".to_owned()][..], 0), "{how:?}");
    }
    bench.stop();
}

#[test]
fn server_errors_are_waited_out_or_given_up() {
    let bench = Bench::new(rich());
    for status in [500, 502, 503, 504] {
        bench
            .simulator
            .change(|options| options.misbehave = vec![Rule::new("entreprises", How::Status(status)).times(2)]);
        let run = bench.run(bench.settings());
        assert_eq!((run.waits, run.error, run.completed.len()), (vec![1000], None, 2), "{status} twice");
        bench.simulator.change(|options| options.misbehave = vec![Rule::new("entreprises", How::Status(status))]);
        let run = bench.run(bench.settings());
        assert!(said(&run).contains(&format!("indisponible ({status})")));
        assert_eq!(run.waits, [1000, 4000, 10_000]);
    }
    bench.stop();
}

#[test]
fn an_answer_slower_than_the_limit_is_given_up() {
    let bench = Bench::new(rich());
    bench.simulator.change(|options| options.misbehave = vec![Rule::new("sites", How::Slow(10_000))]);
    let settings = Settings { list_timeout_seconds: 1, ..bench.settings() };
    let run = bench.run(settings);
    assert!(said(&run).contains("GET /sites : pas de réponse complète"), "{}", said(&run));
    assert!(run.items.is_empty());
    bench.stop();
}

#[test]
fn one_contact_call_in_ten_failing_costs_those_companies_only() {
    let bench = Bench::new(rich());
    let whole = bench.run(toutes(&bench)).of("contact").len();
    let contacts = "entreprises/{code}/interlocuteurs";
    bench.simulator.change(|options| options.misbehave = vec![Rule::new(contacts, How::EmptyBody).every(10)]);
    let run = bench.run(toutes(&bench));
    assert_eq!((run.skipped.len(), run.error.is_none(), run.completed.len()), (6, true, 2));
    assert!(run.of("contact").len() < whole && run.of("contact").len() > whole / 2);
    assert!(run.skipped.iter().all(|s| s.external_id.ends_with("/interlocuteurs") && s.reason.fr.contains("vide")));

    bench.simulator.change(|options| options.misbehave = vec![Rule::new(contacts, How::Status(503)).every(10)]);
    let run = bench.run(toutes(&bench));
    assert_eq!(
        (run.of("contact").len(), run.completed.len(), run.waits.len()),
        (whole, 3, 0),
        "an immediate second attempt is enough"
    );
    bench.stop();
}

#[test]
fn a_company_that_goes_away_meanwhile_is_reported() {
    for unknown in [Unknown::NotFound, Unknown::EmptyOk] {
        let mut options = rich();
        options.profile.unknown = unknown;
        let bench = Bench::new(options);
        let mut pass =
            afpi_plugin_ypareo::pass::Pass::open(bench.socket.clone(), toutes(&bench), &[]).expect("it opens");
        let (mut finished, mut skipped, mut completed) = (false, vec![], vec![]);
        while !finished {
            let batch = pass.next(500).expect("a batch");
            if batch.completed.contains(&"entreprise".to_owned()) {
                bench.simulator.change(|options| options.vanished = [1007].into());
            }
            skipped.extend(batch.skipped);
            completed.extend(batch.completed);
            finished = batch.finished;
        }
        assert_eq!(
            skipped.iter().map(|s| s.external_id.as_str()).collect::<Vec<_>>(),
            ["1007/interlocuteurs"],
            "{unknown:?}"
        );
        assert!(!completed.contains(&"contact".to_owned()));
        bench.stop();
    }
}

#[test]
fn every_fault_of_the_data_costs_its_record_or_its_field() {
    use Fault::*;
    let all = [
        CodesAsTexts,
        ValuesNull,
        ValuesEmpty,
        ValuesZero,
        ValuesMissing,
        DuplicateSiret,
        SiretMissing,
        SiretSpaced,
        SiretShort,
        SiretWrongKey,
        Foreign,
        DuplicateRow,
        Placeholder,
        BadDate,
        ShortPostcode,
        UnknownFields,
        NoName,
    ];
    let bench = Bench::new(rich());
    let clean = bench.run(bench.settings());
    bench.simulator.change(|options| options.faults = all.into());
    let run = bench.run(bench.settings());
    assert_eq!(
        (run.error.is_none(), &*run.completed),
        (true, &["localisation".to_owned(), "entreprise".to_owned()][..])
    );
    // Sixty companies with three of each fault: three without a name and three duplicate rows. The placeholder is
    // skipped as well.
    assert_eq!((run.of("entreprise").len(), run.skipped.len()), (57, 7), "{:?}", run.skipped);
    let fields = |run: &Run, index: u64| {
        let id = (1007 + 7 * index).to_string();
        run.of("entreprise")
            .iter()
            .find(|item| item.external_id == id)
            .map(|item| item.fields.clone())
            .expect("the company")
    };
    for same in [CodesAsTexts, SiretSpaced, DuplicateRow, BadDate, UnknownFields] {
        assert_eq!(fields(&run, same as u64), fields(&clean, same as u64), "{same:?}");
    }
    for emptied in [ValuesNull, ValuesEmpty, ValuesZero] {
        let fields = fields(&run, emptied as u64);
        for name in ["siret", "nafCode", "headcount", "phone"] {
            assert!(!fields.contains(name), "{emptied:?}: {fields}");
        }
        assert!(fields.contains("name") && fields.contains("email"), "{emptied:?}: {fields}");
    }
    for without in [ValuesMissing, SiretMissing, SiretShort, SiretWrongKey, Foreign] {
        assert!(!fields(&run, without as u64).contains("siret"), "{without:?}");
    }
    assert!(fields(&run, ShortPostcode as u64).contains(r#""postcode":"02100""#));
    assert!(fields(&run, Foreign as u64).contains(r#""country":"Belgique""#));
    let doubles: Vec<String> =
        [DuplicateSiret as u64, DuplicateSiret as u64 + 20].iter().map(|&i| fields(&run, i)).collect();
    let siret = |fields: &str| fields.split(r#""siret":""#).nth(1).map(|rest| rest[..14].to_owned());
    assert!(
        siret(&doubles[0]).is_some() && siret(&doubles[0]) == siret(&doubles[1]),
        "the connector reports both, and the host decides"
    );
    let lines = bench.socket.lines.borrow().join("\n");
    for flaw in ["SIRET sans 14 chiffres", "SIRET à la clé fausse", "date impossible"] {
        assert_eq!(lines.matches(flaw).count(), 3, "{flaw}: {lines}");
    }
    bench.stop();
}

#[test]
fn archiving_and_vanishing_follow_the_instance_and_come_back() {
    let bench = Bench::new(rich());
    let before = bench.run(bench.settings());
    bench.simulator.change(|options| {
        options.archived.insert(1014);
        options.vanished.insert(1021);
    });
    let meanwhile = bench.run(bench.settings());
    let archived: Vec<&str> =
        meanwhile.of("entreprise").iter().filter(|item| item.archived).map(|item| item.external_id.as_str()).collect();
    assert_eq!((archived, meanwhile.of("entreprise").len()), (vec!["1014"], 59));
    bench.simulator.reset();
    assert_eq!(bench.run(bench.settings()).text(), before.text(), "with the same codes");
    bench.stop();
}

#[test]
fn a_list_that_is_far_shorter_is_handed_over_as_it_is() {
    let bench = Bench::new(rich());
    bench.simulator.change(|options| options.misbehave = vec![Rule::new("entreprises", How::FarShorter(3))]);
    let run = bench.run(bench.settings());
    assert_eq!(
        (run.of("entreprise").len(), run.completed.len()),
        (3, 2),
        "only the host knows how many companies there were"
    );
    bench.stop();
}

#[test]
fn twenty_thousand_companies_in_one_body() {
    let bench = Bench::new(Options { companies: 20_000, ..rich() });
    let run = bench.run(Settings { page_size: 1000, list_timeout_seconds: 120, ..bench.settings() });
    assert_eq!((run.of("entreprise").len(), run.error.is_none()), (20_000, true));
    assert!(*bench.socket.received.borrow() > 20_000_000, "tens of megabytes: {}", bench.socket.received.borrow());
    bench.stop();
}

#[test]
fn the_check_names_what_is_wrong_at_each_address() {
    let bench = Bench::new(rich());
    bench.simulator.change(|options| {
        options.denied.insert("entreprises/{code}/interlocuteurs".into());
        options.misbehave = vec![Rule::new("sites", How::HtmlForbidden)];
    });
    let probes = check(bench.socket.clone(), toutes(&bench), true);
    let oks: Vec<(&str, bool)> = probes.iter().map(|probe| (probe.name.as_str(), probe.ok)).collect();
    let names = ["X-Auth-Token", "GET /sites", "GET /entreprises", "GET /entreprises/1007/interlocuteurs"];
    assert_eq!(oks, names.into_iter().zip([true, false, true, false]).collect::<Vec<_>>());
    assert!(probes[1].message.fr.contains("filtre") && probes[3].message.fr.contains("cochée"));
    bench.stop();
}
