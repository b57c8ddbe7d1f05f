//! An app that audits and does what the labels of the records say.

wit_bindgen::generate!({
    inline: "
        package test:guest;
        world app-with-auditor {
            include afpi:plugin/app-plugin@1.1.0;
            include afpi:plugin/auditor-facet@1.1.0;
        }
    ",
    path: ["../../../../wit/types", "../../../../wit/host", "../../../../wit/plugin"],
    world: "test:guest/app-with-auditor",
    generate_all,
});

use afpi::types::records::Reference;
use afpi::types::types::{Error, FieldProblem, Text};
use exports::afpi::plugin::auditor::*;
use exports::afpi::plugin::lifecycle;
use std::cell::RefCell;

struct Plugin;
export!(Plugin);

impl lifecycle::Guest for Plugin {
    fn config_schema() -> String {
        r#"{"type":"object"}"#.into()
    }

    fn validate_config(_: String) -> Vec<FieldProblem> {
        Vec::new()
    }

    fn migrate_config(_: String, config: String) -> Result<String, Error> {
        Ok(config)
    }
}

fn text(words: &str) -> Text {
    Text { fr: words.into(), en: words.into() }
}

fn spin() -> ! {
    loop {
        std::hint::black_box(());
    }
}

struct Heard {
    today: String,
    entries: RefCell<Vec<Entry>>,
}

impl GuestAudit for Heard {
    fn new(today: String) -> Self {
        Heard { today, entries: RefCell::default() }
    }

    fn add(&self, entries: Vec<Entry>) {
        if entries.iter().any(|entry| entry.label == "spin-add") {
            spin();
        }
        self.entries.borrow_mut().extend(entries);
    }

    fn finish(&self) -> Result<Vec<Finding>, Error> {
        let mut findings = Vec::new();
        for entry in self.entries.borrow().iter() {
            let reference = |id: &str| Reference { kind: entry.kind.clone(), id: id.into() };
            let finding = |key: &str| Finding {
                rule: "label".into(),
                subjects: vec![reference(&entry.id)],
                field: String::new(),
                message: text(&format!("{} le {}", entry.label, self.today)),
                key: key.into(),
            };
            match &*entry.label {
                "clean" => {}
                "many" => findings.extend((0..1_001).map(|number| finding(&number.to_string()))),
                "twice" => findings.extend([finding("k"), finding("k")]),
                "foreign" => findings.push(Finding { subjects: vec![reference("nobody")], ..finding("k") }),
                "control" => findings.push(Finding { message: text("a\nb"), ..finding("k") }),
                "long" => findings.push(Finding { message: text(&"x".repeat(8 << 20)), ..finding("k") }),
                "trap" => panic!("asked to"),
                "spin" => spin(),
                "refuse" => return Err(Error::Other("not today".into())),
                _ => findings.push(finding(&entry.id)),
            }
        }
        Ok(findings)
    }
}

impl Guest for Plugin {
    type Audit = Heard;

    fn rules() -> Vec<Rule> {
        let source = text("Code du travail, L6353-1");
        vec![Rule { id: "label".into(), label: text("Étiquette"), severity: Severity::Fault, source }]
    }
}
