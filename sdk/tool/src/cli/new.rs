//! `new`: creates a project from a template. The project can be built and tested at once.

use super::Report;
use super::carried::{templates, vendor};
use super::project::Language;
use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The languages with templates.
pub const LANGUAGES: [&str; 2] = ["rust", "ts"];

#[derive(Args)]
pub struct NewArgs {
    /// The plugin's id: a letter, then letters, digits and `-`, in lower case. It never changes.
    pub name: String,
    #[arg(long, value_parser = ["workflow", "objectives", "notifier", "connector", "hook", "app"])]
    pub kind: String,
    #[arg(long, default_value = "rust", value_parser = LANGUAGES)]
    pub lang: String,
    /// The folder of the project. The default is ./<name>.
    #[arg(long, value_name = "FOLDER")]
    pub dir: Option<PathBuf>,
}

impl NewArgs {
    pub fn run(self) -> Result<Report> {
        check_name(&self.name)?;
        let dir = self.dir.unwrap_or_else(|| PathBuf::from(&self.name));
        if dir.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
            bail!("{} already exists and is not empty", dir.display());
        }
        let files = files(&self.lang, &self.kind);
        if files.is_empty() {
            let known: Vec<String> = kinds(&self.lang).into_iter().collect();
            bail!(
                "there is no {} template for {} plugins; the kinds with a template are {}",
                self.lang,
                self.kind,
                known.join(", ")
            );
        }
        let language = if self.lang == "ts" { Language::TypeScript } else { Language::Rust };
        let vendored = vendor(&dir, language)?;
        let words = words(&self.name);
        for (path, text) in &files {
            let target = dir.join(fill(path, &words));
            if let Some(folder) = target.parent() {
                std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
            }
            std::fs::write(&target, fill(text, &words)).with_context(|| target.display().to_string())?;
        }
        let install = if language == Language::TypeScript { "npm install && " } else { "" };
        Ok(Report::new(
            format!(
                "{} is ready. Next:\n  cd {}\n  {install}afpi plugin test\n  afpi plugin dev",
                self.name,
                dir.display()
            ),
            json!({ "dir": dir, "kind": self.kind, "lang": self.lang, "files": files.len() + vendored }),
        ))
    }
}

/// The kinds with a template in a language.
pub fn kinds(language: &str) -> BTreeSet<String> {
    let under = format!("{language}/");
    let folders = templates().iter().filter_map(|(path, _)| path.strip_prefix(&under)?.split('/').next());
    folders.map(String::from).filter(|kind| kind != "common").collect()
}

/// Paths within the project, and texts. Both contain placeholders.
fn files(language: &str, kind: &str) -> Vec<(String, String)> {
    let (common, own) = (format!("{language}/common/"), format!("{language}/{kind}/"));
    if !templates().iter().any(|(path, _)| path.starts_with(&own)) {
        return Vec::new();
    }
    let all = templates().iter().filter_map(|(path, text)| {
        let inside = path.strip_prefix(&common).or_else(|| path.strip_prefix(&own))?;
        Some((inside.trim_end_matches(".tmpl").to_owned(), (*text).to_owned()))
    });
    all.collect()
}

/// One file of a project called `name`, as `new` writes it.
pub(super) fn source(language: &str, kind: &str, path: &str, name: &str) -> Option<String> {
    let (_, text) = files(language, kind).into_iter().find(|(at, _)| at == path)?;
    Some(fill(&text, &words(name)))
}

fn check_name(name: &str) -> Result<()> {
    let fits = name.len() <= 40
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !fits || name.ends_with('-') {
        bail!(
            "`{name}` is not a valid name: use a letter, then letters, digits and `-`, at most 40 characters, in lower case"
        );
    }
    Ok(())
}

/// The placeholders of the templates.
fn words(name: &str) -> [(&'static str, String); 4] {
    let parts = || name.split('-').filter(|part| !part.is_empty());
    let capital = |part: &str| part[..1].to_uppercase() + &part[1..];
    let title = capital(&parts().collect::<Vec<_>>().join(" "));
    [
        ("{{id}}", name.to_owned()),
        ("{{crate}}", name.replace('-', "_")),
        ("{{Type}}", parts().map(capital).collect()),
        ("{{title}}", title),
    ]
}

fn fill(text: &str, words: &[(&str, String)]) -> String {
    words.iter().fold(text.to_owned(), |text, (gap, word)| text.replace(gap, word))
}
