//! `new`: a project from a template, ready to build and to test.

use super::Report;
use anyhow::{Context, Result, bail};
use clap::Args;
use rust_embed::RustEmbed;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// `sdk/template/<language>/<kind>/…`, and `<language>/common/…` for what all kinds share. Files end in `.tmpl`, so that no tool
/// takes them for what they will be.
#[derive(RustEmbed)]
#[folder = "../template"]
struct Template;

/// The languages there are templates for.
pub const LANGUAGES: [&str; 2] = ["rust", "ts"];

#[derive(Args)]
pub struct NewArgs {
    /// The plugin's id: a letter, then letters, digits and `-`, lower case. It never changes.
    pub name: String,
    #[arg(long, value_parser = ["workflow", "objectives", "notifier", "connector", "hook"])]
    pub kind: String,
    #[arg(long, default_value = "rust", value_parser = LANGUAGES)]
    pub lang: String,
    /// Where the project goes; ./<name> by default.
    #[arg(long, value_name = "FOLDER")]
    pub dir: Option<PathBuf>,
    /// The `sdk` folder of a checkout of AFPI CRM; by default that of the checkout this program was built in.
    #[arg(long, env = "AFPI_SDK", value_name = "FOLDER")]
    pub sdk: Option<PathBuf>,
}

impl NewArgs {
    pub fn run(self) -> Result<Report> {
        check_name(&self.name)?;
        let sdk = sdk_folder(self.sdk.as_deref())?;
        let dir = self.dir.unwrap_or_else(|| PathBuf::from(&self.name));
        if dir.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
            bail!("{} exists already and is not empty", dir.display());
        }
        let files = files(&self.lang, &self.kind);
        if files.is_empty() {
            let known: Vec<String> = kinds(&self.lang).into_iter().collect();
            bail!(
                "there is no {} template for {} plugins; there are some for {}",
                self.lang,
                self.kind,
                known.join(", ")
            );
        }
        let words = words(&self.name, &sdk);
        for (path, text) in &files {
            let target = dir.join(fill(path, &words));
            if let Some(folder) = target.parent() {
                std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
            }
            std::fs::write(&target, fill(text, &words)).with_context(|| target.display().to_string())?;
        }
        let install = if self.lang == "ts" { "npm install && " } else { "" };
        Ok(Report::new(
            format!(
                "{} is ready. Next:\n  cd {}\n  {install}afpi plugin test\n  afpi plugin dev",
                self.name,
                dir.display()
            ),
            json!({ "dir": dir, "kind": self.kind, "lang": self.lang, "files": files.len() }),
        ))
    }
}

/// The kinds there are templates for in a language.
pub fn kinds(language: &str) -> BTreeSet<String> {
    let under = format!("{language}/");
    let folders = Template::iter().filter_map(|path| Some(path.strip_prefix(&under)?.split('/').next()?.to_owned()));
    folders.filter(|kind| kind != "common").collect()
}

/// Paths within the project and texts, both with words still to be filled in.
fn files(language: &str, kind: &str) -> Vec<(String, String)> {
    let (common, own) = (format!("{language}/common/"), format!("{language}/{kind}/"));
    if !Template::iter().any(|path| path.starts_with(&own)) {
        return Vec::new();
    }
    let all = Template::iter().filter_map(|path| {
        let inside = path.strip_prefix(&common).or_else(|| path.strip_prefix(&own))?;
        let text = String::from_utf8(Template::get(&path)?.data.into_owned()).ok()?;
        Some((inside.trim_end_matches(".tmpl").to_owned(), text))
    });
    all.collect()
}

/// One file of a project called `name`, as `new` writes it; of those that say nothing of where the SDK is.
pub(super) fn source(language: &str, kind: &str, path: &str, name: &str) -> Option<String> {
    let (_, text) = files(language, kind).into_iter().find(|(at, _)| at == path)?;
    Some(fill(&text, &words(name, Path::new(""))))
}

fn check_name(name: &str) -> Result<()> {
    let fits = name.len() <= 40
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !fits || name.ends_with('-') {
        bail!("`{name}` is not a name: a letter, then letters, digits and `-`, at most 40, lower case");
    }
    Ok(())
}

/// The folder that holds `rust/`, `testing/` and `js/`.
pub(super) fn sdk_folder(given: Option<&Path>) -> Result<PathBuf> {
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = given.unwrap_or(&built_in);
    if !folder.join("rust/Cargo.toml").exists() {
        bail!(
            "{} is not the SDK; give the `sdk` folder of a checkout of AFPI CRM with --sdk or in AFPI_SDK",
            folder.display()
        );
    }
    folder.canonicalize().with_context(|| folder.display().to_string())
}

/// What the templates leave open.
fn words(name: &str, sdk: &Path) -> [(&'static str, String); 5] {
    let parts = || name.split('-').filter(|part| !part.is_empty());
    let capital = |part: &str| part[..1].to_uppercase() + &part[1..];
    let title = capital(&parts().collect::<Vec<_>>().join(" "));
    [
        ("{{id}}", name.to_owned()),
        ("{{crate}}", name.replace('-', "_")),
        ("{{Type}}", parts().map(capital).collect()),
        ("{{title}}", title),
        ("{{sdk}}", sdk.display().to_string()),
    ]
}

fn fill(text: &str, words: &[(&str, String)]) -> String {
    words.iter().fold(text.to_owned(), |text, (gap, word)| text.replace(gap, word))
}
