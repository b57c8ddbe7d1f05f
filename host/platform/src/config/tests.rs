//! All settings together.

use super::*;

fn look(set: &[(&str, &str)]) -> Look {
    let set = set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::look(Vars::of(set))
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let look = look(&[
        ("AFPI_SECRET", "short"),
        ("AFPI_SECRET_PREVIOUS", "short"),
        ("DATABASE_URL", "postgres://db"),
        ("AFPI_DB_CONNECTIONS", "0"),
        ("AFPI_DB_CONECTIONS", "3"),
        ("AFPI_CLAMD", "clamd"),
        ("REDIS_URL", "http://a"),
        ("AFPI_TRUSTED_PROXIES", "10.0.0.0/40"),
        ("AFPI_PLUGIN_DEV", "yes"),
        ("SMTP_URL_FILE", "/no/such/file"),
        ("AFPI_COLOUR_OF_THE_DOOR", "blue"),
    ]);
    let wrong: std::collections::BTreeSet<_> = look.faults.iter().map(|fault| fault.setting.as_str()).collect();
    let expected = [
        "AFPI_CLAMD",
        "AFPI_DB_CONECTIONS",
        "AFPI_DB_CONNECTIONS",
        "AFPI_PLUGIN_DEV",
        "AFPI_PUBLIC_URL",
        "AFPI_SECRET",
        "AFPI_SECRET_PREVIOUS",
        "AFPI_TRUSTED_PROXIES",
        "DATABASE_URL",
        "REDIS_URL",
        "SMTP_URL",
    ];
    assert!(wrong.iter().eq(&expected), "{wrong:?}");
    assert_eq!(look.remarks.len(), 1, "{:?}", look.remarks);
    for fault in &look.faults {
        assert!(fault.message.contains(&fault.setting), "{fault:?}");
    }
}

const GOOD: [(&str, &str); 3] = [
    ("AFPI_SECRET", "q8Zr2mVx0LwT7bYc5NfJ1kHs9PdG4aEu"),
    ("AFPI_PUBLIC_URL", "https://crm.example.fr"),
    ("DATABASE_URL", "mysql://afpi:word@db/afpi"),
];

#[test]
fn what_is_unsafe_is_doubted() {
    assert!(look(&GOOD).faults.is_empty());
    assert_eq!(look(&GOOD).config.doubts(), Vec::<String>::new());
    for (name, value) in [
        ("AFPI_PUBLIC_URL", "http://crm.example.fr"),
        ("DATABASE_URL", "mysql://root@db/afpi"),
        ("DATABASE_REPLICA_URL", "mysql://root:@db2/afpi"),
        ("AFPI_LISTEN", "0.0.0.0:3000"),
        ("AFPI_PLUGIN_DEV", "1"),
        ("AFPI_API_DOCS", "1"),
        ("AFPI_WEBHOOK_PRIVATE", "1"),
        ("AFPI_TRUSTED_PROXIES", "10.0.0.1,0.0.0.0/0"),
        ("SMTP_URL", "smtp://me:word@mail.example.fr"),
        ("AFPI_SECRET_NEXT", GOOD[0].1),
    ] {
        let set: Vec<_> = GOOD.into_iter().filter(|(known, _)| *known != name).chain([(name, value)]).collect();
        let doubts = look(&set).config.doubts();
        assert!(doubts.len() == 1 && doubts[0].contains(name), "{name}: {doubts:?}");
    }
}
