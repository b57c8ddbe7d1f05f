//! What every document has around its content: title, letterhead, footer, colour, mark of a draft.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::dossier::{filled, joined};
use crate::scene::Scene;
use crate::{Lang, format, texts};

/// The colour when the legal entity has none.
const COLOUR: &str = "#1f4e79";

/// The part `doc` of a document's data.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Frame {
    lang: Lang,
    /// Year, month and day of the document.
    date: (i32, u32, u32),
    /// What the file is called, e.g. `Devis D2026-42`.
    pub title: String,
    /// What stands above it, e.g. `Devis`.
    heading: String,
    number: Option<String>,
    /// The word across the pages of a draft.
    watermark: Option<&'static str>,
    colour: String,
    issuer: Issuer,
    footer: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Issuer {
    name: String,
    lines: Vec<String>,
    /// What quotes and invoices say beside the name: SIRET, VAT number, declaration of activity.
    ids: Vec<String>,
    logo: Option<&'static str>,
    logo_alt: String,
}

/// Makes the data of a document from its frame and its content, which is a JSON object.
pub fn framed(scene: &Scene, heading: &str, number: Option<&str>, content: Value) -> Value {
    let mut data = Map::new();
    let doc = serde_json::to_value(frame(scene, heading, number)).expect("a frame has a JSON form");
    data.insert("doc".into(), doc);
    if let Value::Object(content) = content {
        data.extend(content);
    }
    let mut data = Value::Object(data);
    crate::printable::clean(scene.lang, &mut data);
    data
}

fn frame(scene: &Scene, heading: &str, number: Option<&str>) -> Frame {
    Frame {
        lang: scene.lang,
        date: scene.day.ymd(),
        title: joined([Some(heading), number], " ").unwrap_or_default(),
        heading: heading.into(),
        number: number.map(String::from),
        watermark: scene.draft.then(|| scene.t("projet")),
        colour: colour(filled(&scene.dossier.entite.colour)),
        issuer: issuer(scene),
        footer: footer(scene),
    }
}

/// `#rrggbb` as it is, anything else becomes the usual colour.
fn colour(given: Option<&str>) -> String {
    let hex = given.and_then(|colour| colour.strip_prefix('#')).filter(|hex| hex.len() == 6);
    let hex = hex.filter(|hex| hex.chars().all(|digit| digit.is_ascii_hexdigit()));
    hex.map_or_else(|| COLOUR.into(), |hex| format!("#{}", hex.to_lowercase()))
}

fn issuer(scene: &Scene) -> Issuer {
    let (entity, site) = (&scene.dossier.entite, &scene.dossier.site);
    let own = site.address();
    let (name, address) = if own.is_empty() { (None, entity.address()) } else { (filled(&site.name), own) };
    let mut lines: Vec<String> = name.filter(|name| *name != scene.issuer()).map(String::from).into_iter().collect();
    lines.extend(address);
    let phone = filled(&site.phone).or_else(|| filled(&entity.phone));
    let email = filled(&site.email).or_else(|| filled(&entity.email));
    lines.extend(joined([phone, email], " · "));
    lines.extend(filled(&entity.website).map(String::from));
    Issuer {
        name: scene.issuer().into(),
        lines,
        ids: ids(scene),
        logo: entity.logo.then_some("/assets/logo"),
        logo_alt: scene.fill("logo-alt", &[("de-nom", &format::of(scene.lang, scene.issuer()))]),
    }
}

fn ids(scene: &Scene) -> Vec<String> {
    let entity = &scene.dossier.entite;
    let [siret, vat] = numbers(scene);
    let nda = filled(&entity.nda).map(|number| scene.fill("nda-court", &[("numero", number)]));
    [joined([siret.as_deref(), vat.as_deref()], " · "), nda].into_iter().flatten().collect()
}

/// SIRET and VAT number.
fn numbers(scene: &Scene) -> [Option<String>; 2] {
    let entity = &scene.dossier.entite;
    let siret = filled(&entity.siret).map(|siret| format!("SIRET {}", format::siret(siret)));
    let vat = filled(&entity.vat_number).map(|number| scene.fill("numero-tva", &[("numero", number)]));
    [siret, vat]
}

/// The legal lines: who it is, its numbers, its declaration of activity, its own words.
fn footer(scene: &Scene) -> Vec<String> {
    let entity = &scene.dossier.entite;
    let capital = capital(scene);
    let address = entity.address().join(", ");
    let who = joined(
        [
            filled(&entity.name),
            filled(&entity.legal_form),
            capital.as_deref(),
            Some(address.as_str()).filter(|address| !address.is_empty()),
        ],
        " · ",
    );
    let [siret, vat] = numbers(scene);
    let numbers = joined([siret.as_deref(), vat.as_deref(), filled(&entity.rcs)], " · ");
    let lines = [joined([who.as_deref(), numbers.as_deref()], " · "), declaration(scene), entity.footer.clone()];
    lines.into_iter().flatten().collect()
}

/// `capital de 50 000,00 €`.
pub fn capital(scene: &Scene) -> Option<String> {
    let capital = scene.dossier.entite.capital.map(|cents| scene.amount(cents));
    capital.map(|amount| scene.fill("capital", &[("montant", &amount)]))
}

/// The sentence on the declaration of activity (R6351-6).
pub fn declaration(scene: &Scene) -> Option<String> {
    let entity = &scene.dossier.entite;
    let prefect = filled(&entity.nda_region).map(|region| scene.fill("prefet-de", &[("region", region)]));
    let prefect = prefect.unwrap_or_else(|| scene.t("prefet").into());
    let values = [("nda", filled(&entity.nda)?), ("prefet", prefect.as_str())];
    Some(texts::replaced(scene.wording("nda"), &values))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_six_digits_or_the_usual_one() {
        assert_eq!(colour(Some("#AA0000")), "#aa0000");
        for bad in [None, Some("red"), Some("#12345"), Some("#12345g"), Some("#\u{e9}12345")] {
            assert_eq!(colour(bad), COLOUR);
        }
    }
}
