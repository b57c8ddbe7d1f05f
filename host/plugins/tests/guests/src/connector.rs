//! A connector that counts to ten, with three items per batch. Some entities make it misbehave.

wit_bindgen::generate!({
    path: ["../../../../wit/types", "../../../../wit/host", "../../../../wit/plugin"],
    world: "afpi:plugin/connector-plugin",
    generate_all,
});

use afpi::host::random;
use afpi::types::types::{Error, Text};
use exports::afpi::plugin::connector::*;
use std::cell::Cell;

struct Plugin;
crate::lifecycle!();
export!(Plugin);

struct Counting {
    mode: String,
    done: Cell<u64>,
}

impl GuestPass for Counting {
    fn open(entities: Vec<String>) -> Result<Pass, Error> {
        match entities.first().map(String::as_str) {
            Some("nowhere") => Err(Error::Unavailable("nowhere".into())),
            mode => Ok(Pass::new(Counting { mode: mode.unwrap_or_default().into(), done: Cell::new(0) })),
        }
    }

    fn next(&self, max: u32) -> Result<Batch, Error> {
        let first = self.done.get();
        match self.mode.as_str() {
            "spin" if first > 0 => loop {
                std::hint::black_box(());
            },
            "refuse" if first > 0 => return Err(Error::RateLimited(500)),
            _ => {}
        }
        let last = (first + u64::from(max).min(3)).min(10);
        self.done.set(last);
        let item = |n: u64| Item {
            entity: "entreprise".into(),
            external_id: n.to_string(),
            parent: String::new(),
            archived: false,
            fields: "{}".into(),
        };
        Ok(Batch {
            items: (first..last).map(item).collect(),
            skipped: Vec::new(),
            entity: "entreprise".into(),
            done: last,
            total: 10,
            completed: if last == 10 { vec!["entreprise".into()] } else { Vec::new() },
            finished: last == 10,
        })
    }
}

impl Guest for Plugin {
    type Pass = Counting;

    fn check() -> Vec<Probe> {
        let drawn = random::bytes(5_000).len();
        vec![Probe { name: drawn.to_string(), ok: drawn > 0, message: Text { fr: String::new(), en: String::new() } }]
    }
}
