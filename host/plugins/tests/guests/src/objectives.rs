//! An objectives plugin that counts and adds up. It hangs if a query asks for the metric `loop`.

wit_bindgen::generate!({
    path: ["../../../../wit/types", "../../../../wit/host", "../../../../wit/plugin"],
    world: "afpi:plugin/objectives-plugin",
    generate_all,
});

use afpi::types::types::{Error, Text};
use exports::afpi::plugin::objectives::*;
use std::cell::Cell;

struct Plugin;
crate::lifecycle!();
export!(Plugin);

struct Sum {
    query: Query,
    count: Cell<i64>,
    amount: Cell<i64>,
}

impl GuestCalculation for Sum {
    fn new(query: Query) -> Self {
        Sum { query, count: Cell::new(0), amount: Cell::new(0) }
    }

    fn add(&self, facts: Vec<Fact>) {
        self.count.set(self.count.get() + facts.len() as i64);
        self.amount.set(self.amount.get() + facts.iter().map(|fact| fact.amount).sum::<i64>());
    }

    fn finish(&self) -> Result<Vec<Score>, Error> {
        match self.query.metrics.first().map(String::as_str) {
            Some("loop") => loop {
                std::hint::black_box(());
            },
            Some("unknown") => return Err(Error::NotFound("unknown".into())),
            _ => {}
        }
        let score = |metric: &str, figure| Score { metric: metric.into(), group: u32::MAX, figure, key: String::new() };
        Ok(vec![score("nombre", Figure::Count(self.count.get())), score("somme", Figure::Money(self.amount.get()))])
    }
}

impl Guest for Plugin {
    type Calculation = Sum;

    fn metrics() -> Vec<Metric> {
        let label = Text { fr: "Nombre".into(), en: "Count".into() };
        vec![Metric { id: "nombre".into(), label, unit: Unit::Count, targetable: true }]
    }

    fn attain(targets: Vec<Target>) -> Vec<Attainment> {
        let attained = |target: Target| Attainment {
            percent: (target.target != 0).then_some(10_000),
            run_rate: None,
            level: "reached".into(),
            label: Text { fr: "Atteint".into(), en: "Reached".into() },
        };
        targets.into_iter().map(attained).collect()
    }
}
