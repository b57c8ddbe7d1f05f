//! Labels of the words that plugins write into records. Stored when a definition is read, so that records stay readable
//! after the plugin is gone or renames its words.

use std::collections::HashMap;

use afpi_db::{Conn, Db, dialect, sql};

use crate::workflow::Workflow;
use afpi_core::text::Text;

/// Longest stored word and label. A longer one is shown as the word.
const MAX_WORD: usize = 80;
const MAX_LABEL: usize = 250;

/// Stores the labels of a workflow's sections, statuses and transitions.
pub async fn keep(db: &Db, workflow: &Workflow) -> afpi_db::Result<()> {
    let sections = workflow.sections.iter().map(|s| ("section", &s.id, &s.label));
    let statuses = workflow.statuses.iter().map(|s| ("status", &s.id, &s.label));
    let transitions = workflow.transitions.iter().map(|t| ("transition", &t.id, &t.label));
    let words = sections.chain(statuses).chain(transitions).filter(|(_, word, _)| word.len() <= MAX_WORD);
    let cut = |label: &str| label.chars().take(MAX_LABEL).collect::<String>();
    let rows: Vec<_> = words
        .map(|(kind, word, label)| {
            [
                workflow.id.as_str().into(),
                kind.into(),
                word.as_str().into(),
                cut(&label.fr).into(),
                cut(&label.en).into(),
            ]
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    let mut query = sql("INSERT INTO plugin_words (plugin_id, kind, word, label_fr, label_en) VALUES ");
    query.rows(rows);
    dialect::upsert(&mut query, db.backend(), &["plugin_id", "kind", "word"], &["label_fr", "label_en"]);
    query.execute(&mut tx).await?;
    tx.commit().await
}

/// The stored labels of one plugin.
#[derive(Debug, Default)]
pub struct Labels(HashMap<(String, String), Text>);

impl Labels {
    pub async fn of(conn: &mut Conn, plugin: &str) -> afpi_db::Result<Labels> {
        let rows = sql("SELECT kind, word, label_fr, label_en FROM plugin_words WHERE plugin_id = ?")
            .bind(plugin)
            .all::<(String, String, String, String)>(conn)
            .await?;
        Ok(Labels(rows.into_iter().map(|(kind, word, fr, en)| ((kind, word), Text { fr, en })).collect()))
    }

    pub fn get(&self, kind: &str, word: &str) -> Option<&Text> {
        self.0.get(&(kind.to_owned(), word.to_owned()))
    }
}
