//! A programme: a record, or the text that somebody typed.

use serde::{Deserialize, Deserializer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::lines;

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Programme {
    pub reference: Option<String>,
    pub version: Option<String>,
    /// The day of this version.
    pub dated: Option<String>,
    pub title: Option<String>,
    pub summary: Option<String>,
    pub aims: Vec<String>,
    pub audience: Option<String>,
    pub prerequisites: Option<String>,
    pub minutes: Option<i64>,
    pub modules: Vec<Module>,
    pub methods: Option<String>,
    pub means: Option<String>,
    pub evaluation: Option<String>,
    pub sanction: Option<String>,
    /// How long it takes from the request to the first day.
    pub access: Option<String>,
    pub price: Option<String>,
    pub results: Option<String>,
    pub accessibility: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Module {
    pub title: String,
    pub content: Vec<String>,
    pub minutes: Option<i64>,
    pub evaluation: Option<String>,
}

/// Where the lines under a heading go.
#[derive(Clone, Copy)]
enum Part {
    Aims,
    Contents,
    Text(fn(&mut Programme) -> &mut Option<String>),
}

/// The headings that people write, without accents. The first one that fits counts.
const HEADINGS: [(&str, Part); 16] = [
    ("objectif", Part::Aims),
    ("public", Part::Text(|programme| &mut programme.audience)),
    ("prerequis", Part::Text(|programme| &mut programme.prerequisites)),
    ("pre-requis", Part::Text(|programme| &mut programme.prerequisites)),
    ("contenu", Part::Contents),
    ("programme", Part::Contents),
    ("methode", Part::Text(|programme| &mut programme.methods)),
    ("moyens", Part::Text(|programme| &mut programme.means)),
    ("evaluation", Part::Text(|programme| &mut programme.evaluation)),
    ("sanction", Part::Text(|programme| &mut programme.sanction)),
    ("validation", Part::Text(|programme| &mut programme.sanction)),
    ("delai", Part::Text(|programme| &mut programme.access)),
    ("tarif", Part::Text(|programme| &mut programme.price)),
    ("prix", Part::Text(|programme| &mut programme.price)),
    ("resultat", Part::Text(|programme| &mut programme.results)),
    ("accessibilite", Part::Text(|programme| &mut programme.accessibility)),
];
/// A longer beginning of a line is a sentence, not a heading.
const LONGEST_HEADING: usize = 40;

impl Programme {
    /// Reads a text: lines under headings such as `Objectifs :`. Lines under no known heading are contents.
    pub fn of_text(text: &str) -> Programme {
        let mut programme = Programme::default();
        let mut part = Part::Contents;
        for line in lines(&Some(text.into())) {
            let rest = match heading(&line) {
                Some((named, rest)) => {
                    part = named;
                    rest.to_string()
                }
                None => line,
            };
            if !rest.is_empty() {
                programme.add(part, rest);
            }
        }
        programme
    }

    fn add(&mut self, part: Part, line: String) {
        match part {
            Part::Aims => self.aims.push(line),
            Part::Contents => self.modules.push(Module { title: line, ..Module::default() }),
            Part::Text(field) => {
                let known = field(self);
                *known = Some(known.take().map_or(line.clone(), |before| format!("{before}\n{line}")));
            }
        }
    }
}

/// The part that a line opens, and what stands behind its colon.
fn heading(line: &str) -> Option<(Part, &str)> {
    let (name, rest) = line.split_once(':').unwrap_or((line, ""));
    let name: String = name.nfd().filter(|letter| !is_combining_mark(*letter)).collect::<String>().to_lowercase();
    let (name, rest) = (name.trim(), rest.trim());
    // A longer heading stands alone with its colon: `Moyens pédagogiques :`. In `Objectifs` or `Prérequis : aucun` it is
    // the bare word.
    let opens = line.ends_with(':');
    let fits = |(word, _): &&(&str, Part)| name.starts_with(word) && (opens || name.len() <= word.len() + 2);
    let (_, part) = HEADINGS.iter().filter(|_| name.len() <= LONGEST_HEADING).find(fits)?;
    Some((*part, rest))
}

/// Reads a programme that is a text or a record.
pub fn programme<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Programme>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        Text(String),
        Record(Box<Programme>),
    }
    Ok(Option::<Given>::deserialize(deserializer)?.map(|given| match given {
        Given::Record(programme) => *programme,
        Given::Text(text) => Programme::of_text(&text),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_with_headings_and_one_without() {
        let text = "Objectifs pédagogiques :\n- Souder à plat\n- Régler le poste\nPrérequis : aucun\nContenu\nSécurité : les risques\n\
                    Évaluation :\nPièce d’épreuve\nGrille";
        let programme = Programme::of_text(text);
        assert_eq!(programme.aims, ["Souder à plat", "Régler le poste"]);
        assert_eq!(programme.prerequisites.as_deref(), Some("aucun"));
        assert_eq!(
            programme.modules.iter().map(|module| &module.title).collect::<Vec<_>>(),
            ["Sécurité : les risques"]
        );
        assert_eq!(programme.evaluation.as_deref(), Some("Pièce d’épreuve\nGrille"));
        let plain = Programme::of_text("Sécurité\n\n• Programmes de soudage : réglages");
        assert_eq!(plain.modules[1].title, "Programmes de soudage : réglages");
        assert_eq!(Programme::of_text(" \n"), Programme::default());
    }
}
