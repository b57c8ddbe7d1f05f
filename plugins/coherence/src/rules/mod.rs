//! The rules: what each is called, how bad it is, and where it stands. A rule judges only what it knows for certain; what
//! is unknown, or has a reason, is no finding.

mod agreements;
mod billing;
mod days;
mod hours;
mod places;
mod seats;
mod titles;
mod trainers;

use afpi_sdk::Text;
use afpi_sdk::auditor::{self, Severity};

use crate::finding::Finding;
use crate::world::World;

/// A rule over everything.
pub type Check = fn(&World) -> Vec<Finding>;

/// All checks. Some hold two rules, of which one is the milder form of the other.
pub const CHECKS: &[Check] = &[
    places::trainers,
    places::trainees,
    days::closed,
    days::signed_early,
    days::signed_elsewhere,
    seats::rooms,
    seats::sessions,
    trainers::certifications,
    titles::agreements,
    titles::certificates,
    hours::agreed,
    hours::certified,
    hours::certified_early,
    hours::invoiced,
    agreements::quotes,
    agreements::conventions,
    agreements::funding,
    billing::early,
    billing::deposits,
    billing::beyond_agreement,
];

afpi_sdk::choices! {
    /// A rule, with its id and label.
    pub enum Regle {
        FormateurDeuxLieux = "formateur-deux-lieux", "Formateur à deux endroits", "Trainer in two places";
        StagiaireDeuxLieux = "stagiaire-deux-lieux", "Stagiaire présent à deux endroits", "Trainee present in two places";
        StagiaireDoubleInscription = "stagiaire-double-inscription", "Stagiaire inscrit à deux sessions en même temps", "Trainee enrolled in two sessions at once";
        JourFerie = "jour-ferie", "Formation un jour férié", "Training on a public holiday";
        Dimanche = "dimanche", "Formation un dimanche", "Training on a Sunday";
        EmargementAnticipe = "emargement-anticipe", "Présence notée avant la demi-journée", "Attendance noted before the half-day";
        PresenceHorsSession = "presence-hors-session", "Présence hors des demi-journées de la session", "Attendance outside the session’s half-days";
        SalleTropPetite = "salle-trop-petite", "Plus de stagiaires que de places dans la salle", "More trainees than seats in the room";
        SessionTropPleine = "session-trop-pleine", "Plus de stagiaires que la capacité de la session", "More trainees than the session’s capacity";
        HabilitationPerimee = "habilitation-perimee", "Habilitation périmée pour la formation donnée", "Certification expired for the training given";
        HabilitationAVerifier = "habilitation-a-verifier", "Habilitation périmée à vérifier", "Expired certification to check";
        IntituleConvention = "intitule-convention", "Intitulé différent de la convention", "Title differs from the agreement";
        IntituleCertificat = "intitule-certificat", "Intitulé du certificat différent de la convention", "Certificate title differs from the agreement";
        HeuresConvention = "heures-convention", "Heures planifiées différentes de la convention", "Planned hours differ from the agreement";
        HeuresCertifiees = "heures-certifiees", "Plus d’heures certifiées que suivies", "More hours certified than attended";
        CertificatAnticipe = "certificat-anticipe", "Certificat daté avant la fin", "Certificate dated before the end";
        HeuresFacturees = "heures-facturees", "Plus d’heures facturées que suivies", "More hours invoiced than attended";
        DevisTardif = "devis-tardif", "Devis accepté après le début", "Quote accepted after the start";
        ConventionTardive = "convention-tardive", "Convention signée après le début", "Agreement signed after the start";
        FinancementTardif = "financement-tardif", "Financement demandé après le début", "Funding requested after the start";
        FactureAnticipee = "facture-anticipee", "Facture à l’OPCO avant la formation", "Invoice to the OPCO before the training";
        AcompteExcessif = "acompte-excessif", "Acompte à l’OPCO de plus de 30 %", "Deposit of more than 30% from the OPCO";
        FactureAuDelaAccord = "facture-au-dela-accord", "Facture à l’OPCO au-delà de l’accord", "Invoice to the OPCO beyond its agreement";
    }
}

impl Regle {
    /// In the order of the table in the README.
    pub const ALL: [Regle; 23] = [
        Regle::FormateurDeuxLieux,
        Regle::StagiaireDeuxLieux,
        Regle::StagiaireDoubleInscription,
        Regle::JourFerie,
        Regle::Dimanche,
        Regle::EmargementAnticipe,
        Regle::PresenceHorsSession,
        Regle::SalleTropPetite,
        Regle::SessionTropPleine,
        Regle::HabilitationPerimee,
        Regle::HabilitationAVerifier,
        Regle::IntituleConvention,
        Regle::IntituleCertificat,
        Regle::HeuresConvention,
        Regle::HeuresCertifiees,
        Regle::CertificatAnticipe,
        Regle::HeuresFacturees,
        Regle::DevisTardif,
        Regle::ConventionTardive,
        Regle::FinancementTardif,
        Regle::FactureAnticipee,
        Regle::AcompteExcessif,
        Regle::FactureAuDelaAccord,
    ];

    /// As the contract wants it.
    pub fn told(self) -> auditor::Rule {
        auditor::Rule::new(self.id(), self.label(), self.severity(), self.source())
    }

    pub fn severity(self) -> Severity {
        match self {
            Regle::StagiaireDoubleInscription
            | Regle::JourFerie
            | Regle::Dimanche
            | Regle::SessionTropPleine
            | Regle::HabilitationAVerifier
            | Regle::HeuresConvention => Severity::Warning,
            _ => Severity::Fault,
        }
    }

    /// The law, norm or practice behind it.
    pub fn source(self) -> Text {
        match self {
            Regle::FormateurDeuxLieux => Text::new(
                "Code du travail, R6313-3 : preuve de la réalisation. Les juges rapprochent les feuilles d’un même formateur.",
                "French Labour Code, R6313-3: proof that the training took place. Courts compare the sheets of a trainer.",
            ),
            Regle::StagiaireDeuxLieux | Regle::StagiaireDoubleInscription => Text::new(
                "Code du travail, R6313-3 : preuve de la réalisation. Deux feuilles qui se contredisent sont écartées (CAA Paris, 3 juillet 2017).",
                "French Labour Code, R6313-3: proof that the training took place. Sheets that contradict each other are rejected (CAA Paris, 3 July 2017).",
            ),
            Regle::JourFerie => Text::new(
                "Code du travail, L3133-1 : jours fériés. Les juges écartent une feuille signée un jour férié.",
                "French Labour Code, L3133-1: public holidays. Courts reject a sheet that was signed on one.",
            ),
            Regle::Dimanche => Text::new(
                "Code du travail, L3132-3 : repos du dimanche.",
                "French Labour Code, L3132-3: rest on Sundays.",
            ),
            Regle::EmargementAnticipe | Regle::PresenceHorsSession => Text::new(
                "Code du travail, R6313-3 : preuve de la réalisation, demi-journée par demi-journée.",
                "French Labour Code, R6313-3: proof that the training took place, half-day by half-day.",
            ),
            Regle::SalleTropPetite => Text::new(
                "Code du travail, R6313-3 : preuve de la réalisation. Les juges rapprochent les feuilles de la capacité des salles.",
                "French Labour Code, R6313-3: proof that the training took place. Courts compare sheets with the seats of rooms.",
            ),
            Regle::SessionTropPleine => Text::new(
                "Capacité que le centre a fixée pour la session.",
                "The capacity that the centre set for the session.",
            ),
            Regle::HabilitationPerimee | Regle::HabilitationAVerifier => Text::new(
                "Code du travail, L6352-1 : titres et qualités des formateurs ; Qualiopi, indicateur 21.",
                "French Labour Code, L6352-1: qualifications of trainers; Qualiopi, indicator 21.",
            ),
            Regle::IntituleConvention => Text::new(
                "Code du travail, D6353-1 et L6353-4 : l’intitulé convenu est celui des feuilles (CAA Nantes, 20 avril 2021).",
                "French Labour Code, D6353-1 and L6353-4: sheets have the agreed title (CAA Nantes, 20 April 2021).",
            ),
            Regle::IntituleCertificat => Text::new(
                "Arrêté du 21 décembre 2018 : certificat de réalisation de l’action convenue.",
                "Order of 21 December 2018: certificate of the training that was agreed.",
            ),
            Regle::HeuresConvention => Text::new(
                "Code du travail, D6353-1 : la convention dit la durée de l’action.",
                "French Labour Code, D6353-1: the agreement tells the duration of the training.",
            ),
            Regle::HeuresCertifiees | Regle::CertificatAnticipe => Text::new(
                "Arrêté du 21 décembre 2018 : le certificat porte les heures réalisées, une fois l’action suivie.",
                "Order of 21 December 2018: the certificate tells the hours that were done, once they were.",
            ),
            Regle::HeuresFacturees => Text::new(
                "Code du travail, R6332-26 et L6354-1 : seules les heures réalisées sont dues.",
                "French Labour Code, R6332-26 and L6354-1: only hours that were done are due.",
            ),
            Regle::DevisTardif => Text::new(
                "Code du travail, L6353-1 et D6353-1 : l’accord précède la formation.",
                "French Labour Code, L6353-1 and D6353-1: the agreement comes before the training.",
            ),
            Regle::ConventionTardive => Text::new(
                "Code du travail, L6353-1 et D6353-1 : la convention se signe avant le début.",
                "French Labour Code, L6353-1 and D6353-1: the agreement is signed before the start.",
            ),
            Regle::FinancementTardif => Text::new(
                "Conditions des financeurs : la demande est déposée avant le début, sinon elle est refusée.",
                "Terms of funders: the request comes before the start, otherwise it is refused.",
            ),
            Regle::FactureAnticipee | Regle::AcompteExcessif => Text::new(
                "Code du travail, R6332-25 : l’OPCO paie après l’exécution, et avance 30 % au plus.",
                "French Labour Code, R6332-25: an OPCO pays after the training, and advances at most 30%.",
            ),
            Regle::FactureAuDelaAccord => Text::new(
                "Code du travail, R6332-26 : contrôle de l’OPCO, qui paie au plus le montant accordé.",
                "French Labour Code, R6332-26: check by the OPCO, which pays at most what it agreed.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_its_own_id_and_a_source_in_both_languages() {
        let mut ids: Vec<&str> = Regle::ALL.iter().map(|rule| rule.id()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), Regle::ALL.len());
        for rule in Regle::ALL {
            assert!(!rule.source().fr.is_empty() && !rule.source().en.is_empty());
            assert!(rule.label().fr != rule.label().en, "{}", rule.id());
        }
    }
}
