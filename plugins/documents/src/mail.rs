//! The mail that takes a document to somebody: the object first, one request, a person's name and phone.

use serde::Serialize;

use crate::compose::{self, Medium};
use crate::config::Courriel;
use crate::dossier::{Piece, filled, joined};
use crate::format;
use crate::scene::{DOTS, Scene};
use crate::texts::replaced;

/// Subjects are cut here, so that no mailbox cuts them.
const SUBJECT: usize = 120;

/// The words in a mail that are filled in, as `{numero}`.
pub const NAMES: [&str; 9] =
    ["numero", "titre", "formation", "dates", "ville", "total", "echeance", "corrige", "solde"];

/// Subject and plain text. Blank lines part paragraphs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mail {
    pub subject: String,
    pub body: String,
}

/// The mail of a document of this kind. `None` for those that nobody is sent.
pub fn of(kind: &str, scene: &Scene) -> Option<Mail> {
    let piece = scene.dossier.piece.clone().unwrap_or_default();
    let values = values(scene, &piece);
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let reminder = |step| {
        let owed = compose::owed(scene);
        (compose::subject(scene, step, &owed), compose::paragraphs(scene, step, &owed, Medium::Mail))
    };
    let (subject, paragraphs) = match kind {
        "devis" => (scene.fill("mail-devis-objet", &values), vec![scene.fill("mail-devis", &values)]),
        "convention" => (scene.fill("mail-convention-objet", &values), vec![scene.fill("mail-convention", &values)]),
        "contrat" => (scene.fill("mail-contrat-objet", &values), vec![scene.fill("mail-contrat", &values)]),
        "programme" => (scene.fill("mail-programme-objet", &values), vec![scene.fill("mail-programme", &values)]),
        "bulletin" => (scene.fill("mail-bulletin-objet", &values), vec![scene.fill("mail-bulletin", &values)]),
        "convocation" => (scene.fill("mail-convocation-objet", &values), vec![scene.fill("mail-convocation", &values)]),
        "certificat" => (scene.fill("mail-certificat-objet", &values), vec![scene.fill("mail-certificat", &values)]),
        "attestation" => (scene.fill("mail-attestation-objet", &values), vec![scene.fill("mail-attestation", &values)]),
        "facture" => (scene.fill("mail-facture-objet", &values), vec![scene.fill("mail-facture", &values)]),
        "avoir" => (scene.fill("mail-avoir-objet", &values), vec![scene.fill("mail-avoir", &values)]),
        "relance-1" => reminder(1),
        "relance-2" => reminder(2),
        "relance-3" => reminder(3),
        _ => return None,
    };
    Some(letter(kind, scene, &subject, paragraphs))
}

/// The mail of a document in the words of its site, between the greeting and the signature.
pub fn worded(kind: &str, scene: &Scene, words: &Courriel) -> Mail {
    let piece = scene.dossier.piece.clone().unwrap_or_default();
    let values = values(scene, &piece);
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    letter(kind, scene, &replaced(&words.objet, &values), vec![replaced(words.texte.trim(), &values)])
}

fn letter(kind: &str, scene: &Scene, subject: &str, paragraphs: Vec<String>) -> Mail {
    let body =
        [vec![greeting(scene, kind)], paragraphs, vec![scene.t("cordialement").into(), signature(scene)]].concat();
    let clean = |text: &str| crate::printable::printable(scene.lang, text);
    let subject = clean(subject).lines().collect::<Vec<_>>().join(" ").chars().take(SUBJECT).collect();
    Mail { subject, body: clean(&body.join("\n\n")) }
}

fn values(scene: &Scene, piece: &Piece) -> Vec<(&'static str, String)> {
    // A reminder may be about several invoices. Any other document is about its piece.
    let owed = compose::owed(scene);
    let numbers: Vec<&str> = owed.iter().filter_map(|owed| filled(&owed.piece.number)).collect();
    let number = Some(numbers.join(", ")).filter(|numbers| !numbers.is_empty());
    let number = number.or_else(|| scene.dossier.opportunite.data.devis.numero.clone());
    let span = scene.span().map(|(from, to)| format::span(scene.lang, &from, &to));
    let city = filled(&scene.dossier.site.city).or_else(|| filled(&scene.dossier.entite.city));
    let hours = scene.hours();
    let day = |day: &Option<String>| filled(day).map_or_else(|| DOTS.into(), |day| scene.day(day));
    vec![
        ("numero", number.unwrap_or_else(|| DOTS.into())),
        ("titre", joined([Some(scene.title()), hours.as_deref()], ", ").unwrap_or_default()),
        ("formation", scene.title().into()),
        ("dates", span.unwrap_or_else(|| DOTS.into())),
        ("ville", city.unwrap_or(DOTS).into()),
        ("total", scene.amount(owed.iter().map(|owed| owed.piece.total.abs()).sum())),
        ("echeance", day(&piece.due_on)),
        ("corrige", filled(&piece.corrects).unwrap_or(DOTS).into()),
        ("solde", scene.amount(owed.iter().map(|owed| owed.balance.open).sum())),
    ]
}

/// The trainee for what concerns the trainee alone, else the contact.
fn greeting(scene: &Scene, kind: &str) -> String {
    let trainee = scene.dossier.stagiaire.as_ref().map(crate::dossier::Stagiaire::named);
    let personal = matches!(kind, "convocation" | "certificat" | "attestation" | "contrat");
    let billed = matches!(kind, "facture" | "avoir") || kind.starts_with("relance");
    let funder = billed && scene.dossier.piece.as_ref().is_some_and(|piece| !piece.paid_by_company());
    let name = if personal { trainee } else { crate::blocks::attention(scene).filter(|_| !funder) };
    match name.filter(|name| !name.is_empty()) {
        Some(name) => scene.fill("bonjour", &[("nom", &name)]),
        None => scene.t("bonjour-anonyme").into(),
    }
}

fn signature(scene: &Scene) -> String {
    let person = scene.dossier.opportunite.commercial.as_ref();
    let (name, phone) =
        (person.and_then(|person| filled(&person.name)), person.and_then(|person| filled(&person.phone)));
    let site = filled(&scene.dossier.site.name).filter(|name| *name != scene.issuer());
    let phone = phone.or_else(|| filled(&scene.dossier.site.phone));
    joined([name, Some(scene.issuer()), site, phone], "\n").unwrap_or_default()
}
