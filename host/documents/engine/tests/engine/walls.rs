//! What a template sees, and what it is told.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn files_outside_of_the_package_are_not_there() {
    let engine = engine();
    for path in ["/etc/passwd", "etc/passwd", "/proc/self/environ", "//etc/passwd"] {
        let told = problem(engine.render(preview(&format!("= A\n#read(\"{path}\")"))).await);
        assert!(told.message.contains("file not found"), "{told:?}");
        assert_eq!((told.file.as_str(), told.line), ("test.typ", 2));
    }
    let told = problem(engine.render(preview("#read(\"../../etc/passwd\")")).await);
    assert!(told.message.contains("would escape"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn packages_of_the_network_are_refused() {
    let told = problem(engine().render(preview("#import \"@preview/cetz:0.3.2\": canvas")).await);
    assert!(told.message.contains("a document uses only the files of its own package"), "{told:?}");
    assert_eq!((told.file.as_str(), told.line), ("test.typ", 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_font_comes_from_the_package() {
    let engine = engine();
    let told = problem(engine.render(preview("#set text(font: \"Arial\")\nBonjour")).await);
    assert!(told.message.contains("unknown font family: arial"), "{told:?}");
    // Without a choice, the text has the package's font.
    let with_default = svg(engine.render(preview("Bonjour")).await);
    assert_eq!(with_default, svg(engine.render(preview("#set text(font: \"Tuffy\"); Bonjour")).await).as_slice());
    let mut bare = preview("Bonjour");
    bare.package = Arc::new(Package::new([("test.typ".to_owned(), Bytes::from("Bonjour"))].into()).unwrap());
    assert_eq!(problem(engine.render(bare).await).message, "the package has no font");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_character_without_a_glyph_is_told_once() {
    let told = problem(engine().render(preview("= Titre\n\nA 漢 B 漢")).await);
    assert_eq!(told.message, "the font Tuffy lacks the character 漢 (U+6F22)");
    assert_eq!((told.file.as_str(), told.line), ("test.typ", 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_has_a_header() {
    let draft = || Output::Pdf { archival: false, attachments: Vec::new() };
    let engine = engine();
    let told = problem(engine.render(job(package("\n#table(columns: 2)[A][B]"), "test.typ", draft())).await);
    assert_eq!((told.file.as_str(), told.line), ("test.typ", 2));
    assert!(told.message.contains("table.header"), "{told:?}");
    pdf(engine.render(job(package("#grid(columns: 2)[A][B]"), "test.typ", draft())).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn problems_name_the_file_and_the_line() {
    let engine = engine();
    let told = problem(engine.render(preview("#import \"base.typ\": sheet\n\n#sheet(nothing)")).await);
    assert_eq!((told.file.as_str(), told.line), ("test.typ", 3));
    let told = problem(engine.render(preview("#import \"base.typ\": lines\n#lines(((label: [A]),))")).await);
    assert_eq!((told.file.as_str(), told.line), ("base.typ", 13), "{told:?}");
    let missing = Job { entry: "absent.typ".into(), ..preview("") };
    let told = problem(engine.render(missing).await);
    assert!(told.file == "absent.typ" && told.message.contains("file not found"), "{told:?}");
    let outside = Job { entry: "../devis.typ".into(), ..preview("") };
    assert_eq!(problem(engine.render(outside).await).file, "../devis.typ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_layout_that_does_not_settle_is_a_problem() {
    let template =
        "#context { let n = counter(\"x\").final().first(); for _ in range(n + 1) { counter(\"x\").step() } }";
    let told = engine().render(preview(template)).await;
    assert!(matches!(&told, Err(Error::Template(problems)) if problems[0].message.contains("converge")), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_long_problems_are_shortened() {
    let template = format!("#let f(n) = panic(\"é\" * 100000)\n#f(1)\n{}", "#undefined\n".repeat(500));
    let Err(Error::Template(problems)) = engine().render(preview(&template)).await else { panic!("no problem") };
    assert!(problems.len() <= 20 && problems.iter().all(|told| told.message.len() < 1100), "{}", problems.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_brings_its_own_files() {
    let picture =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><rect width=\"1\" height=\"1\"/></svg>";
    let mut with_logo = preview("#image(\"/assets/logo.svg\", width: 1cm)");
    with_logo.files.insert("/assets/logo.svg".into(), Bytes::from(picture));
    let engine = engine();
    assert_eq!(svg(engine.render(with_logo.clone()).await).len(), 1);
    with_logo.files.clear();
    assert!(problem(engine.render(with_logo.clone()).await).message.contains("file not found"));
    with_logo.files.insert("/../logo.svg".into(), Bytes::from(picture));
    assert!(problem(engine.render(with_logo).await).message.contains("outside of the package"));
}

#[tokio::test(flavor = "multi_thread")]
async fn today_is_the_date_of_the_job() {
    let today = |date: &str, offset: &str| {
        let text = format!("#assert.eq(datetime.today(offset: {offset}), datetime(year: 2026, month: 12, day: 1))");
        Job { date: date.parse().unwrap(), ..preview(&text) }
    };
    let engine = engine();
    svg(engine.render(today("2026-12-01T10:00:00Z", "auto")).await);
    svg(engine.render(today("2026-11-30T23:30:00Z", "1")).await);
}

/// Neither the host's environment nor its open files reach the program, and it can open nothing.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn the_process_holds_only_its_pipes() {
    let (engine, processes) = limits::named("walls");
    svg(engine.render(preview("Bonjour")).await);
    let child = processes()[0];
    let open: Vec<_> = std::fs::read_dir(format!("/proc/{child}/fd")).unwrap().map(|entry| entry.unwrap()).collect();
    assert_eq!(open.len(), 3);
    for descriptor in open {
        let target = std::fs::read_link(descriptor.path()).unwrap();
        assert!(target.to_string_lossy().starts_with("pipe:"), "{target:?}");
    }
    assert_eq!(std::fs::read(format!("/proc/{child}/environ")).unwrap(), b"");
    let limits = std::fs::read_to_string(format!("/proc/{child}/limits")).unwrap();
    let files = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    assert_eq!(files.split_whitespace().nth(3), Some("3"));
}
