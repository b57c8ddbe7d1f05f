//! Every page of every list is read through an index: the databases' own plans tell.

use std::collections::BTreeSet;

use afpi_core::rights::Role;
use afpi_db::testing::recorded;
use afpi_db::{Backend, Row, Sql, sql};

use crate::fill::Filler;
use crate::support::document::operations;
use crate::support::{Client, World, on_both_filled};

/// Lists of a few hundred rows at most: they may be sorted.
const SMALL: [&str; 5] = ["/api/users", "/api/salles", "/api/objectifs", "/api/produits", "/api/jobs"];

/// The sorts of a list that take no further parameter in their path.
fn lists() -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for operation in operations().filter(|o| o.method == "GET" && !o.template.contains('{')) {
        let (Some(sort), Some(_)) = (operation.parameter("sort"), operation.parameter("cursor")) else { continue };
        let sorts = sort["schema"]["enum"].as_array().unwrap().iter().map(|sort| sort.as_str().unwrap().to_owned());
        if !SMALL.contains(&operation.template) {
            found.push((operation.template.to_owned(), sorts.collect()));
        }
    }
    found
}

/// Sorts of a few thousand rows that no index of MariaDB can give: sessions without a day come first.
const UNINDEXED: [&str; 1] = ["/api/sessions?limit=20&sort=firstDay"];

/// The lists that are read through an index within a scope of sites or of one person, too. The others are sorted within
/// it: their rows belong to a site only through their opportunité. [`Filler`] fills these.
const FILLED: [&str; 2] = ["/api/opportunites", "/api/entreprises"];

/// What is wrong with the plan of the page that this request reads.
async fn faults_of(w: &World, client: &Client, path: &str) -> (Option<String>, BTreeSet<String>) {
    let (answer, made) = recorded(client.get(path)).await;
    let answer = answer.expect(200);
    let mut wrong = BTreeSet::new();
    for query in
        made.into_iter().filter(|query| query.text().contains(" ORDER BY ") && query.text().contains(" LIMIT "))
    {
        let text = query.text().to_owned();
        // Few ids were found before: sorting them costs little.
        if text.contains("o.id IN (") {
            continue;
        }
        for fault in plan(w, query).await {
            wrong.insert(format!("{fault} in {text}"));
        }
    }
    (answer["meta"]["next"].as_str().map(str::to_owned), wrong)
}

async fn plan(w: &World, query: Sql) -> Vec<String> {
    let backend = w.app.db.backend();
    let mut faults = Vec::new();
    let mut conn = w.app.db.read().await.unwrap();
    let read = |row: Row| {
        match backend {
            Backend::Sqlite => {
                let detail: String = row.get("detail")?;
                if detail.contains("TEMP B-TREE") || (detail.starts_with("SCAN") && !detail.contains("INDEX")) {
                    faults.push(detail);
                }
            }
            Backend::MariaDb => {
                let table: Option<String> = row.get("table")?;
                let kind: Option<String> = row.get("type")?;
                let extra: Option<String> = row.get("Extra")?;
                let extra = extra.unwrap_or_default();
                if kind.as_deref() == Some("ALL") || extra.contains("filesort") || extra.contains("temporary") {
                    faults.push(format!("{table:?} {kind:?} {extra}"));
                }
            }
        }
        Ok(true)
    };
    query.explained(backend).each(&mut conn, read).await.unwrap();
    faults
}

#[tokio::test]
async fn every_page_of_every_list_is_read_through_an_index() {
    on_both_filled(|w| async move {
        if w.app.db.backend() == Backend::MariaDb {
            // Rows are counted below, and not also in the background: a plan follows what was counted last.
            for table in ["ALTER TABLE entreprises STATS_AUTO_RECALC=0", "ALTER TABLE opportunites STATS_AUTO_RECALC=0"]
            {
                sql(table).all::<(String,)>(&mut w.app.db.read().await.unwrap()).await.unwrap();
            }
            // With few rows it would rather read all.
            Filler::new(w.app.db.clone()).await.fill(4_000).await;
            for table in ["ANALYZE TABLE entreprises", "ANALYZE TABLE opportunites"] {
                sql(table).all::<(String,)>(&mut w.app.db.read().await.unwrap()).await.unwrap();
            }
        }
        let mut wrong = Vec::new();
        for role in [Role::Admin, Role::Manager, Role::Commercial] {
            let client = w.as_role(role).await;
            for (list, sorts) in lists() {
                // The demo has few rows of the others, and MariaDB would rather read them all. What SQLite says of them
                // holds there too: the indexes are the same.
                if !FILLED.contains(&list.as_str()) && (role != Role::Admin || w.app.db.backend() == Backend::MariaDb) {
                    continue;
                }
                for sort in sorts {
                    let path = format!("{list}?limit=20&sort={sort}");
                    if UNINDEXED.contains(&path.replace("=-", "=").as_str()) {
                        continue;
                    }
                    let (next, faults) = faults_of(&w, &client, &path).await;
                    wrong.extend(faults.into_iter().map(|fault| format!("{role:?} {path}: {fault}")));
                    if let Some(next) = next {
                        let (_, faults) = faults_of(&w, &client, &format!("{path}&cursor={next}")).await;
                        wrong.extend(faults.into_iter().map(|fault| format!("{role:?} {path}, next page: {fault}")));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    })
    .await;
}
