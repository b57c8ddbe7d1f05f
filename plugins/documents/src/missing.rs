//! What must be known before a document is made, with pointers into the dossier. A preview shows dots instead.

use crate::blocks;
use crate::compose::{self, exemption};
use crate::dossier::{Piece, Stagiaire, filled};
use crate::scene::Scene;
use crate::wording;

/// A missing value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// JSON pointer, e.g. `/entite/nda` or `/stagiaires/0/lastName`.
    pub field: String,
    pub fr: String,
    pub en: String,
}

/// What is missing for this kind of document.
pub fn missing(kind: &str, scene: &Scene) -> Vec<Missing> {
    let mut list = List::default();
    match kind {
        "devis" => devis(scene, &mut list),
        "facture" | "avoir" => piece(scene, &mut list, kind == "avoir"),
        "relance-1" | "relance-2" | "relance-3" => relance(scene, &mut list),
        "convention" => convention(scene, &mut list),
        "contrat" => contrat(scene, &mut list),
        "programme" => programme(scene, &mut list),
        "bulletin" => list.text("/opportunite/title", scene.dossier.title().is_none(), TITLE),
        "convocation" => convocation(scene, &mut list),
        "emargement" => emargement(scene, &mut list),
        "certificat" | "attestation" => done(scene, &mut list),
        _ => {}
    }
    list.0
}

type Words = (&'static str, &'static str);
const TITLE: Words = ("L’intitulé de la formation", "The title of the training");
const AIMS: Words = ("Les objectifs de la formation", "The aims of the training");
const HALF_DAYS: Words = ("Les demi-journées de la session", "The half-days of the session");
const NAME: Words = ("Le nom du stagiaire", "The trainee’s name");
const SIRET: Words = ("Le SIRET de l’entreprise", "The company’s SIRET");

#[derive(Default)]
struct List(Vec<Missing>);

impl List {
    fn text(&mut self, field: impl Into<String>, absent: bool, (fr, en): Words) {
        if absent {
            self.0.push(Missing { field: field.into(), fr: fr.into(), en: en.into() });
        }
    }

    fn of(&mut self, field: &str, value: &Option<String>, words: Words) {
        self.text(field, filled(value).is_none(), words);
    }

    /// Who issues: every document says so.
    fn issuer(&mut self, scene: &Scene) {
        let entity = &scene.dossier.entite;
        self.of("/entite/name", &entity.name, ("Le nom de l’entité légale", "The name of the legal entity"));
        self.of("/entite/siret", &entity.siret, ("Le SIRET de l’entité légale", "The legal entity’s SIRET"));
        let address = filled(&entity.city).or_else(|| filled(&scene.dossier.site.city));
        self.text("/entite/city", address.is_none(), ("L’adresse de l’entité légale", "The legal entity’s address"));
    }

    fn declared(&mut self, scene: &Scene) {
        let entity = &scene.dossier.entite;
        self.of(
            "/entite/nda",
            &entity.nda,
            ("Le numéro de déclaration d’activité", "The training provider’s number (NDA)"),
        );
    }

    fn signatory(&mut self, scene: &Scene) {
        let entity = &scene.dossier.entite;
        self.of("/entite/signatoryName", &entity.signatory_name, ("Le nom du signataire", "The signatory’s name"));
        let quality = ("La qualité du signataire", "The signatory’s function");
        self.of("/entite/signatoryQuality", &entity.signatory_quality, quality);
    }

    fn customer(&mut self, scene: &Scene) {
        let company = &scene.dossier.entreprise;
        self.of("/entreprise/name", &company.name, ("Le nom de l’entreprise", "The company’s name"));
        self.of("/entreprise/city", &company.city, ("L’adresse de l’entreprise", "The company’s address"));
    }

    /// What D6353-1 wants of the action.
    fn action(&mut self, scene: &Scene) {
        self.text("/opportunite/title", scene.dossier.title().is_none(), TITLE);
        self.text("/opportunite/data/collecte/objectifs", scene.dossier.aims().is_empty(), AIMS);
        self.text("/session/halfDays", scene.minutes().is_none(), ("La durée en heures", "The duration in hours"));
        let count = ("Le nombre de stagiaires", "The number of trainees");
        self.text("/opportunite/data/collecte/participants", scene.dossier.headcount().is_none(), count);
        if wording::on(scene.day, "part-distance").is_some() {
            let share = ("La part de la formation à distance", "The share of remote training");
            self.text("/session/remoteMinutes", scene.remote_share().is_none(), share);
        }
    }

    /// The wording of what is exempt, on this day.
    fn exempt(&mut self, scene: &Scene, exempt: bool) {
        let words = (
            "La mention d’exonération de TVA en vigueur à cette date n’est pas connue",
            "The wording of the VAT exemption in force on this day is not known",
        );
        self.text("/wording/tva-exoneration", exempt && exemption(scene).is_none(), words);
    }
}

/// Whether a quote says all that a convention must (D6353-1), so that it may stand for one.
pub fn says_all_of_a_convention(scene: &Scene) -> bool {
    let mut list = List::default();
    list.declared(scene);
    list.action(scene);
    list.0.is_empty() && scene.span().is_some()
}

fn devis(scene: &Scene, list: &mut List) {
    list.issuer(scene);
    list.declared(scene);
    list.customer(scene);
    list.text("/opportunite/title", scene.dossier.title().is_none(), TITLE);
    let priced = compose::quoted(scene);
    list.text("/opportunite/data/devis/lignes", priced.lines.is_empty(), ("Au moins une ligne", "At least one line"));
    list.exempt(scene, priced.amounts.iter().any(|amount| amount.rate == 0));
}

fn piece(scene: &Scene, list: &mut List, credit: bool) {
    list.issuer(scene);
    list.declared(scene);
    let Some(piece) = &scene.dossier.piece else {
        list.text("/piece", true, ("Une facture émise", "An issued invoice"));
        return;
    };
    payer(scene, list, piece);
    if credit {
        list.of("/piece/corrects", &piece.corrects, ("La facture corrigée", "The invoice it corrects"));
        let day = ("La date de la facture corrigée", "The day of the invoice it corrects");
        list.of("/piece/correctsIssuedOn", &piece.corrects_issued_on, day);
    }
    list.exempt(scene, piece.amounts.iter().any(|amount| amount.rate == 0));
}

/// An invoice names its payer with an address, and a French company with its SIREN (C. com. L441-9). Of a funder only
/// the name is known here.
fn payer(scene: &Scene, list: &mut List, piece: &Piece) {
    let Some(company) = blocks::payer(scene, piece) else {
        let name = ("Le nom du payeur", "The payer’s name");
        return list.text("/piece/payer/name", piece.payer_name().is_none(), name);
    };
    let french = filled(&company.country).is_none_or(|country| country == "FR");
    let unknown = filled(&company.siret).or(filled(&company.siren)).is_none();
    list.text("/entreprise/siret", french && unknown, SIRET);
    list.of("/entreprise/city", &company.city, ("L’adresse du payeur", "The payer’s address"));
}

fn relance(scene: &Scene, list: &mut List) {
    list.issuer(scene);
    let owed = compose::owed(scene);
    list.text("/piece", owed.is_empty(), ("Une facture émise", "An issued invoice"));
    for compose::Owed { piece, balance } in &owed {
        list.of("/piece/dueOn", &piece.due_on, ("La date d’échéance", "The due date"));
        let nothing = ("La facture est soldée : rien à relancer", "The invoice is settled: nothing to remind of");
        list.text("/piece/total", balance.open <= 0, nothing);
        let early = ("La facture n’est pas échue", "The invoice is not due yet");
        list.text("/piece/dueOn", balance.open > 0 && balance.late == 0, early);
    }
}

fn convention(scene: &Scene, list: &mut List) {
    list.issuer(scene);
    list.declared(scene);
    list.signatory(scene);
    list.customer(scene);
    list.of("/entreprise/siret", &scene.dossier.entreprise.siret, SIRET);
    list.action(scene);
    list.text("/sessions", scene.dossier.half_days().is_empty(), HALF_DAYS);
    let price = ("Le prix : un devis avec au moins une ligne", "The price: a quote with at least one line");
    list.text("/opportunite/data/devis/lignes", compose::quoted(scene).lines.is_empty(), price);
    list.exempt(scene, true);
}

fn contrat(scene: &Scene, list: &mut List) {
    list.issuer(scene);
    list.declared(scene);
    list.signatory(scene);
    trainee(scene, list);
    list.action(scene);
    list.text("/sessions", scene.dossier.half_days().is_empty(), HALF_DAYS);
    let sessions = scene.dossier.sessions();
    let mut trainers = sessions.iter().flat_map(|session| &session.trainers).chain(&scene.dossier.formateurs);
    let titles = ("Les titres des formateurs", "The trainers’ qualifications");
    list.text("/session/trainers", !trainers.any(|trainer| filled(&trainer.titles).is_some()), titles);
    let mediator = ("Le médiateur de la consommation", "The consumer mediator");
    list.of("/entite/mediator", &scene.dossier.entite.mediator, mediator);
    let price = ("Le prix : un devis avec au moins une ligne", "The price: a quote with at least one line");
    list.text("/opportunite/data/devis/lignes", compose::quoted(scene).lines.is_empty(), price);
}

fn programme(scene: &Scene, list: &mut List) {
    list.text("/opportunite/title", scene.dossier.title().is_none(), TITLE);
    list.text("/opportunite/data/collecte/objectifs", scene.dossier.aims().is_empty(), AIMS);
    let contents = ("Le contenu du programme", "The contents of the programme");
    list.text("/session/programme", scene.dossier.programme().modules.is_empty(), contents);
    list.text("/session/halfDays", scene.minutes().is_none(), ("La durée en heures", "The duration in hours"));
}

fn trainee(scene: &Scene, list: &mut List) {
    let none = Stagiaire::default();
    let trainee = scene.dossier.stagiaire.as_ref().unwrap_or(&none);
    list.of("/stagiaire/lastName", &trainee.last_name, NAME);
}

fn convocation(scene: &Scene, list: &mut List) {
    list.issuer(scene);
    trainee(scene, list);
    list.text("/opportunite/title", scene.dossier.title().is_none(), TITLE);
    list.text("/session/halfDays", scene.dossier.half_days().is_empty(), HALF_DAYS);
    list.text("/session/address", scene.place().is_none(), ("Le lieu", "The place"));
    let version = ("La version du règlement intérieur", "The version of the internal rules");
    list.of("/site/rulesVersion", &scene.dossier.site.rules_version, version);
}

fn emargement(scene: &Scene, list: &mut List) {
    list.issuer(scene);
    list.text("/opportunite/title", scene.dossier.title().is_none(), TITLE);
    let halves = scene.dossier.half_days();
    let wanted = scene.dossier.day.as_deref();
    let mut of_day = halves.iter().filter(|half| wanted.is_none_or(|day| half.day == day)).peekable();
    list.text("/session/halfDays", of_day.peek().is_none(), HALF_DAYS);
    let times = ("Les heures de chaque demi-journée", "The times of each half-day");
    list.text(
        "/session/halfDays",
        of_day.any(|half| filled(&half.start).is_none() || filled(&half.end).is_none()),
        times,
    );
    let trainer = ("Le formateur", "The trainer");
    list.text("/session/trainers", scene.trainers().is_empty(), trainer);
}

/// A certificate is about hours that were done, so it comes after them.
fn done(scene: &Scene, list: &mut List) {
    list.issuer(scene);
    list.signatory(scene);
    trainee(scene, list);
    list.text("/opportunite/title", scene.dossier.title().is_none(), TITLE);
    let halves = scene.dossier.half_days();
    list.text("/session/halfDays", halves.is_empty(), HALF_DAYS);
    let trainee = scene.dossier.stagiaire.as_ref();
    let minutes = trainee.and_then(|trainee| trainee.minutes_done);
    let noted = minutes.is_some_and(|minutes| minutes > 0) || trainee.is_some_and(|one| !one.attendance.is_empty());
    list.text("/stagiaire/attendance", !noted, ("Les présences de ce stagiaire", "This trainee’s attendance"));
    let nothing = ("Aucune heure suivie : il n’y a rien à certifier", "No hour followed: there is nothing to certify");
    list.text("/stagiaire/minutesDone", noted && minutes.unwrap_or_default() == 0, nothing);
    let last = halves.last().and_then(|half| half.day.parse().ok());
    let early = ("La formation n’est pas terminée", "The training is not over");
    list.text("/session/halfDays", last.is_some_and(|last: afpi_sdk::calendar::Date| last > scene.day), early);
}
