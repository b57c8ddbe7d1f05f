//! Copies the demo's companies and opportunités in a MariaDB database, each copy with its own ids, names and days.

use afpi_db::{Db, sql};

/// Companies of the demo.
const BASE: usize = 200;
/// Three copies of the companies come with five copies of the demo's sixty opportunités: about half as many files as
/// companies.
const FILES: (usize, usize) = (5, 3);
/// Copies per statement: a statement may take five seconds.
const COPIES: usize = 20;

/// Copies the demo's records.
pub struct Filler {
    db: Db,
    /// Copies made so far.
    copies: usize,
}

/// A table, and how the values of a copy differ. `{n}` is the number of the copy, `{id:x}` the id of a copied record.
type Copied = (&'static str, &'static [(&'static str, &'static str)]);

const TABLES: [Copied; 5] = [
    (
        "entreprises",
        &[
            ("id", "{id:id}"),
            ("siret", "NULL"),
            ("name", "LEFT(CONCAT(b.name, ' ', {n}), 200)"),
            ("name_key", "CONCAT(LEFT(b.name_key, 240), UNHEX(LPAD(HEX({n}), 8, '0')))"),
            ("updated_at", "b.updated_at - {n} * 7919"),
        ],
    ),
    ("contacts", &[("id", "{id:id}"), ("entreprise_id", "{id:entreprise_id}")]),
    (
        "opportunites",
        &[
            ("id", "{id:id}"),
            ("entreprise_id", "UNHEX(MD5(CONCAT(HEX(b.entreprise_id), '-', CEIL({n} * 3 / 5))))"),
            ("numero", "CONCAT('G', {n}, '-', RIGHT(b.numero, 5))"),
            ("title_key", "CONCAT(LEFT(b.title_key, 240), UNHEX(LPAD(HEX({n}), 8, '0')))"),
            ("amount", "b.amount + {n}"),
            ("created_at", "b.created_at - ({n} * 86400000 MOD 63072000000)"),
            ("updated_at", "b.updated_at - ({n} * 86399000 MOD 63072000000)"),
            ("section_since", "b.section_since - ({n} * 86398000 MOD 63072000000)"),
        ],
    ),
    (
        "sejours",
        &[
            ("id", "{id:id}"),
            ("opportunite_id", "{id:opportunite_id}"),
            ("started_at", "b.started_at - ({n} * 86400000 MOD 63072000000)"),
            ("ended_at", "b.ended_at - ({n} * 86400000 MOD 63072000000)"),
        ],
    ),
    (
        "faits",
        &[
            ("id", "{id:id}"),
            ("opportunite_id", "{id:opportunite_id}"),
            ("day", "DATE_SUB(b.day, INTERVAL ({n} MOD 730) DAY)"),
        ],
    ),
];

impl Filler {
    pub async fn new(db: Db) -> Filler {
        let mut tx = db.begin().await.expect("transaction");
        for (table, _) in TABLES {
            let mut query = sql("CREATE TABLE base_");
            query.push(table).push(" AS SELECT * FROM ").push(table);
            query.execute(&mut tx).await.expect(table);
        }
        tx.commit().await.expect("commit");
        Filler { db, copies: 0 }
    }

    /// Fills up to this many companies.
    pub async fn fill(&mut self, companies: usize) {
        let (first, last) = (self.copies + 1, companies / BASE - 1);
        let mut conn = self.db.read().await.expect("a connection");
        for (table, changed) in TABLES {
            let columns: Vec<(String,)> = sql(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ? \
                 AND extra NOT LIKE '%GENERATED%' ORDER BY ordinal_position",
            )
            .bind(table)
            .all(&mut conn)
            .await
            .expect("columns");
            let columns: Vec<String> = columns.into_iter().map(|(name,)| name).collect();
            let values = columns.iter().map(|name| {
                let own = changed.iter().find(|(column, _)| column == name);
                own.map_or_else(|| format!("b.{name}"), |(_, value)| filled(value))
            });
            let (columns, values) = (columns.join(", "), values.collect::<Vec<_>>().join(", "));
            let files = |copies: usize| copies * FILES.0 / FILES.1;
            let (first, last) = match table {
                "entreprises" | "contacts" => (first, last),
                _ => (files(first - 1) + 1, files(last)),
            };
            for from in (first..=last).step_by(COPIES) {
                let to = last.min(from + COPIES - 1);
                let copies = format!("seq_{from}_to_{to} s");
                let text = format!("INSERT INTO {table} ({columns}) SELECT {values} FROM base_{table} b JOIN {copies}");
                let mut tx = self.db.begin().await.expect("transaction");
                sql("SET foreign_key_checks = 0").execute(&mut tx).await.expect("a setting");
                // Made of constant parts and names of columns.
                sql(Box::leak(text.into_boxed_str())).execute(&mut tx).await.expect(table);
                tx.commit().await.expect("commit");
            }
        }
        self.copies = last;
    }
}

/// The value of a column for a copy.
fn filled(value: &str) -> String {
    let text = value.replace("{n}", "s.seq");
    match text.split_once("{id:") {
        Some((before, after)) => {
            let (column, rest) = after.split_once('}').expect("a closed brace");
            format!("{before}UNHEX(MD5(CONCAT(HEX(b.{column}), '-', s.seq))){rest}")
        }
        None => text,
    }
}
