//! The two field maps: the paths of the parts of a company and of a contact in Ypareo's records.
//!
//! They are settings because no public source shows the body of an `entreprise` or of an `interlocuteur`. The defaults
//! follow the shapes of Ypareo's other objects, and each instance may differ.

use afpi_sdk::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};

/// Declares a field map: for each field its name in the CRM, its labels and its default paths. A field without a path
/// is never read.
macro_rules! field_map {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $fr:literal, $en:literal = $paths:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields, default)]
        #[schemars(description = "Chemins dans la réponse, séparés par des virgules ; le premier rempli compte.")]
        #[schemars(extend("x-description-en" = "Paths in the answer, separated by commas; the first one filled counts."))]
        pub struct $name {
            $(
                #[schemars(title = $fr, length(max = 300))]
                #[schemars(extend("x-title-en" = $en, "x-placeholder" = $paths))]
                pub $field: String,
            )*
        }

        impl Default for $name {
            fn default() -> Self {
                $name { $($field: $paths.into(),)* }
            }
        }
    };
}

field_map! {
    /// Where the parts of a company stand in a record of `/entreprises`.
    EntrepriseFields {
        code: "Code", "Code" = "codeEntreprise",
        name: "Raison sociale", "Name" = "nomEntreprise, enseigneEntreprise, enseigne",
        siret: "SIRET", "SIRET" = "siret",
        naf: "Code NAF", "NAF code" = "naf, codeNaf",
        headcount: "Effectif", "Headcount" = "effectif",
        // The address uses all of these lines in order, not only the first line with a value.
        address_lines: "Lignes d'adresse (toutes)", "Address lines (all of them)" = "adresse.adr1, adresse.adr2, adresse.adr3, adresse.adr4",
        postcode: "Code postal", "Postcode" = "adresse.cp, adresse.commune.codePostal",
        city: "Ville", "City" = "adresse.ville, adresse.commune.nomCommune",
        country: "Pays", "Country" = "adresse.pays.nomPays",
        phone: "Téléphone", "Telephone" = "adresse.tel1, adresse.tel2",
        email: "E-mail", "E-mail" = "adresse.email",
        site: "Site", "Site" = "codeSite",
        modified: "Date de modification", "Date of change" = "dateModification",
        archived: "Archivée", "Archived" = "plusUtilise",
    }
}

field_map! {
    /// Where the parts of a contact stand in a record of `/entreprises/{code}/interlocuteurs`.
    ContactFields {
        code: "Code", "Code" = "codeInterlocuteur, code",
        last_name: "Nom", "Last name" = "nomInterlocuteur, nom",
        first_name: "Prénom", "First name" = "prenomInterlocuteur, prenom",
        function: "Fonction", "Function" = "fonctionInterlocuteur, nomFonction, fonction",
        email: "E-mail", "E-mail" = "email, adresse.email",
        phone: "Téléphone", "Telephone" = "tel1, portable, tel2, adresse.tel1, adresse.tel2",
        archived: "Archivé", "Archived" = "plusUtilise",
    }
}
