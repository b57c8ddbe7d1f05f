//! What the program reports about its settings before it starts, and which files it leaves on disk.

use std::process::{Command, Output};

use afpi_db::testing;

/// Runs `afpi migrate` on a new database file, with valid settings and these.
fn migrate(dir: &tempfile::TempDir, settings: &[(&str, &str)]) -> Output {
    afpi("migrate", dir, settings)
}

fn afpi(role: &str, dir: &tempfile::TempDir, settings: &[(&str, &str)]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_afpi"));
    program
        .arg(role)
        .env("AFPI_SECRET", "q8Zr2mVx0LwT7bYc5NfJ1kHs9PdG4aEu")
        .env("AFPI_PUBLIC_URL", "https://crm.test")
        .env("AFPI_DATA_DIR", dir.path())
        .env("DATABASE_URL", format!("sqlite://{}", dir.path().join("afpi.db").display()))
        .env_remove("RUST_LOG");
    program.envs(settings.iter().copied()).output().expect("the program")
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

#[test]
fn what_cannot_be_meant_is_refused_with_the_name_of_the_setting() {
    let dir = tempfile::tempdir().unwrap();
    for (name, value, words) in [
        ("AFPI_DB_CONNECTIONS", "0", "AFPI_DB_CONNECTIONS must be between 1 and 1000"),
        ("AFPI_DB_CONNECTIONS", "many", "AFPI_DB_CONNECTIONS cannot be read"),
        ("AFPI_DB_CONECTIONS", "5", "did you mean AFPI_DB_CONNECTIONS?"),
        ("AFPI_PUBLIC_URL", "notaurl", "AFPI_PUBLIC_URL is no address"),
        ("AFPI_MAIL_FROM", "nobody", "AFPI_MAIL_FROM is no mail address"),
        ("AFPI_PLUGIN_DEV", "yes", "AFPI_PLUGIN_DEV must be 1 or 0"),
    ] {
        let output = migrate(&dir, &[(name, value)]);
        assert!(!output.status.success(), "{name}={value}");
        let said = said(&output);
        assert!(said.contains(words) && !said.contains("panicked"), "{name}={value}: {said}");
    }
    assert!(!dir.path().join("afpi.db").exists(), "no database was created");
}

#[test]
fn what_is_written_is_nobody_elses_and_logs_in_a_file_are_plain() {
    let dir = tempfile::tempdir().unwrap();
    let output = migrate(&dir, &[("AFPI_COLOUR_OF_THE_DOOR", "blue")]);
    assert!(output.status.success(), "{}", said(&output));
    let said = said(&output);
    assert!(said.contains("AFPI_COLOUR_OF_THE_DOOR is no setting"), "{said}");
    assert!(!said.contains('\u{1b}'), "{said:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let mode = std::fs::metadata(dir.path().join("afpi.db")).unwrap().mode();
        assert_eq!(mode & 0o077, 0, "{mode:o}");
    }
}

#[test]
fn a_wrong_password_of_the_database_is_told_at_once() {
    let Some(server) = testing::mariadb_url() else { return };
    let mut url = url::Url::parse(&server).unwrap();
    url.set_path("mysql");
    url.set_username("nobody-of-this-name").unwrap();
    url.set_password(Some("a-wrong-one")).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let output = migrate(&dir, &[("DATABASE_URL", url.as_str())]);
    let said = said(&output);
    assert!(!output.status.success() && said.contains("DATABASE_URL: database refuses this account"), "{said}");
    assert!(!said.contains("does not answer yet") && !said.contains("a-wrong-one"), "{said}");
}

#[test]
fn serve_warns_of_what_is_seldom_meant() {
    let dir = tempfile::tempdir().unwrap();
    // A directory is in the place of the database, so the program reports its warnings and ends.
    std::fs::create_dir(dir.path().join("afpi.db")).unwrap();
    let doubts = [
        ("AFPI_PUBLIC_URL", "http://crm.test", "AFPI_PUBLIC_URL is http://"),
        ("AFPI_LISTEN", "0.0.0.0:0", "AFPI_LISTEN is 0.0.0.0:0"),
        ("AFPI_PLUGIN_DEV", "1", "AFPI_PLUGIN_DEV is on"),
        ("AFPI_API_DOCS", "1", "AFPI_API_DOCS is on"),
    ];
    for (name, value, words) in doubts {
        let output = afpi("serve", &dir, &[("PORT", "0"), (name, value)]);
        let said = said(&output);
        assert!(!output.status.success(), "{name}: {said}");
        for (other, _, doubt) in doubts {
            let warned = said.lines().any(|line| line.contains("WARN") && line.contains(doubt));
            assert_eq!(warned, other == name, "{name}={value}: {doubt}\n{said}");
        }
        assert!(said.contains(words));
    }
}
