//! One wanted document: its dossier, its language and its day, with what most documents ask of them.

use afpi_sdk::calendar::Date;
use serde_json::Value;

use crate::dossier::{Dossier, filled, joined};
use crate::{Lang, format, texts, wording};

/// What a document is made from.
#[derive(Debug, Clone)]
pub struct Scene {
    pub dossier: Dossier,
    pub lang: Lang,
    /// A preview: what is missing shows as dots, and the pages say that they are a draft.
    pub draft: bool,
    /// The day of the document.
    pub day: Date,
}

/// Reads a dossier. `null` means the same as an absent field.
///
/// # Errors
/// The reason, in English, with the place, when the JSON is not a dossier.
pub fn read(json: &str) -> Result<Dossier, String> {
    let mut value: Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
    without_nulls(&mut value);
    serde_json::from_value(value).map_err(|error| error.to_string())
}

fn without_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(without_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(without_nulls),
        _ => {}
    }
}

/// Where a value is not known: dots to fill in by hand.
pub const DOTS: &str = "……………………";

impl Scene {
    pub fn t(&self, key: &'static str) -> &'static str {
        texts::text(self.lang, key)
    }

    pub fn fill(&self, key: &'static str, values: &[(&str, &str)]) -> String {
        texts::fill(self.lang, key, values)
    }

    /// The dated wording of `key` on the document's day.
    pub fn wording(&self, key: &str) -> &'static str {
        wording::text(self.day, key, self.lang)
    }

    pub fn amount(&self, cents: i64) -> String {
        format::amount(self.lang, cents)
    }

    pub fn day(&self, iso: &str) -> String {
        format::day(self.lang, iso)
    }

    /// The document's own day.
    pub fn dated(&self) -> String {
        format::plain_day(self.lang, &self.day.to_string())
    }

    /// The title of the training, or dots.
    pub fn title(&self) -> &str {
        self.dossier.title().unwrap_or(DOTS)
    }

    /// The customer's name, or dots.
    pub fn customer(&self) -> &str {
        filled(&self.dossier.entreprise.name).unwrap_or(DOTS)
    }

    /// The name of the legal entity, or dots.
    pub fn issuer(&self) -> &str {
        filled(&self.dossier.entite.name).unwrap_or(DOTS)
    }

    /// First and last day of the training. Before it is planned these are the wished ones.
    pub fn span(&self) -> Option<(String, String)> {
        let halves = self.dossier.half_days();
        if let (Some(first), Some(last)) = (halves.first(), halves.last()) {
            return Some((first.day.clone(), last.day.clone()));
        }
        let wish = &self.dossier.opportunite.data.collecte;
        let from = wish.debut_souhaite.clone()?;
        let to = wish.fin_souhaitee.clone().unwrap_or_else(|| from.clone());
        Some((from, to))
    }

    /// The duration of the training for one person: what is planned, else what the programme says, else the hours of
    /// the quote.
    pub fn minutes(&self) -> Option<i64> {
        let planned = self.dossier.minutes();
        if planned > 0 {
            return Some(planned);
        }
        let hours = || {
            let lines = &self.dossier.opportunite.data.devis.lignes;
            let line = lines.iter().find(|line| line.unite.as_deref() == Some("heure"))?;
            Some((line.quantite * 60.0).round() as i64)
        };
        self.dossier.programme().minutes.or_else(hours).filter(|minutes| *minutes > 0)
    }

    pub fn hours(&self) -> Option<String> {
        self.minutes().map(|minutes| format::hours(self.lang, minutes))
    }

    /// Where the training takes place, on one line.
    pub fn place(&self) -> Option<String> {
        let dossier = &self.dossier;
        let room = dossier.session().and_then(|session| filled(&session.room));
        if let Some(address) = dossier.session().and_then(|session| filled(&session.address)) {
            return joined([Some(address), room], ", ");
        }
        let collecte = &dossier.opportunite.data.collecte;
        let at = |name: &Option<String>, address: Vec<String>| {
            let address = address.join(", ");
            joined([filled(name), Some(address.as_str()).filter(|text| !text.is_empty()), room], ", ")
        };
        match collecte.modalite.as_deref() {
            Some("entreprise") => at(&dossier.entreprise.name, dossier.entreprise.address()),
            Some("distance") => Some(self.t("a-distance").into()),
            _ if filled(&collecte.lieu).is_some() && dossier.sessions().is_empty() => collecte.lieu.clone(),
            _ => at(&dossier.site.name, dossier.site.address()),
        }
    }

    /// Minutes at a distance of one person, as far as the sessions tell them.
    fn remote_minutes(&self) -> Option<i64> {
        self.dossier.sessions().into_iter().filter_map(|session| session.remote_minutes).reduce(|sum, more| sum + more)
    }

    /// `28,00 h en présentiel et 7,00 h à distance`, for hours of which only a part is at a distance.
    pub fn split(&self, total: Option<i64>, remote: Option<i64>) -> Option<String> {
        let (total, remote) = (total?, remote?);
        let hours = |minutes| format::hours(self.lang, minutes);
        let mixed = 0 < remote && remote < total;
        mixed.then(|| self.fill("heures-par-mode", &[("site", &hours(total - remote)), ("distance", &hours(remote))]))
    }

    /// The planned hours of one person, and how many of them are where: `35,00 h, dont 28,00 h en présentiel et …`.
    pub fn planned_hours(&self) -> Option<String> {
        let parts = self.split(self.minutes(), self.remote_minutes());
        let parts = parts.map(|parts| self.fill("dont", &[("parts", &parts)]));
        self.hours().map(|hours| hours + &parts.unwrap_or_default())
    }

    /// The mode of the training in words.
    pub fn mode(&self) -> &'static str {
        if self.split(self.minutes(), self.remote_minutes()).is_some() {
            return self.t("mode-mixte");
        }
        match self.dossier.opportunite.data.collecte.modalite.as_deref() {
            Some("entreprise") => self.t("mode-entreprise"),
            Some("distance") => self.t("mode-distance"),
            Some("mixte") => self.t("mode-mixte"),
            _ => self.t("mode-centre"),
        }
    }

    /// The share of training at a distance, with its hours: `0 %`, or `20 % (7,00 h)`.
    pub fn remote_share(&self) -> Option<String> {
        let total = self.minutes();
        let mode = self.dossier.opportunite.data.collecte.modalite.as_deref();
        let remote = match (self.remote_minutes(), mode) {
            (Some(minutes), _) => minutes,
            (None, Some("distance")) => return Some(format::rate(self.lang, 10_000)),
            (None, Some("mixte")) => return None,
            (None, _) => 0,
        };
        let share = match total {
            Some(total) => afpi_sdk::money::divide(i128::from(remote) * 10_000, i128::from(total)),
            None if remote == 0 => 0,
            None => return None,
        };
        let share = format::rate(self.lang, share);
        Some(if remote == 0 { share } else { format!("{share} ({})", format::hours(self.lang, remote)) })
    }

    /// The nature of the action in the words of L6313-1.
    pub fn nature(&self) -> &'static str {
        match self.dossier.session().and_then(|session| session.nature.as_deref()) {
            Some("bilan") => self.t("nature-bilan"),
            Some("vae") => self.t("nature-vae"),
            Some("apprentissage") => self.t("nature-apprentissage"),
            _ => self.t("nature-formation"),
        }
    }

    /// The trainers' names, each once.
    pub fn trainers(&self) -> Vec<String> {
        let halves = self.dossier.half_days();
        let named = self.dossier.sessions().into_iter().flat_map(|session| &session.trainers);
        let mut names: Vec<String> = Vec::new();
        let all = named.filter_map(|trainer| filled(&trainer.name)).map(String::from);
        for name in all.chain(halves.iter().flat_map(|half| half.trainers())) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Whom to ask about personal data and everything else.
    pub fn contact(&self) -> String {
        let (entity, site) = (&self.dossier.entite, &self.dossier.site);
        let first = filled(&entity.email).or_else(|| filled(&site.email)).or_else(|| filled(&entity.phone));
        first.unwrap_or_else(|| self.issuer()).into()
    }
}
