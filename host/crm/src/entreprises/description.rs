//! The fields of companies and contacts.

use super::limits::{
    AddressLine, City, Function, Kind as EntrepriseKind, Name, Nomenclature, Opco, PersonName, Postcode, Website,
};
use super::read::JOINS;
use crate::description::{Columns, Description, Field, Kind, Shape, SortKind, brought, pick};
use crate::identifiants::{Country, Idcc, NafCode, Phone, Siren, Siret, VatNumber};
use afpi_core::text::text;
use afpi_http::texts::{Email, Refusal};

const KINDS: &[(&str, (&str, &str))] = &[
    ("tpe", ("TPE", "Very small")),
    ("pme", ("PME", "Small or medium")),
    ("eti", ("ETI", "Mid-size")),
    ("grande-entreprise", ("Grande entreprise", "Large company")),
    ("association", ("Association", "Association")),
    ("organisme-public", ("Organisme public", "Public body")),
];

pub const NAME: Field = Field::new("name", "e.name", Shape::Text, "Raison sociale", "Name")
    .brought(
        Name::read,
        &["name", "nom", "raisonsociale", "entreprise", "societe", "denomination", "company", "companyname"],
    )
    .sorted_by("name", "e.name_key", SortKind::Bytes)
    .searched();
pub const SIRET: Field = Field::new("siret", "e.siret", Shape::Text, "SIRET", "SIRET")
    .brought(Siret::read, &["siret", "numerosiret", "nosiret", "siretnumber"])
    .searched();
pub const SIREN: Field = Field::new("siren", "e.siren", Shape::Text, "SIREN", "SIREN")
    .brought(Siren::read, &["siren", "numerosiren", "nosiren"])
    .searched();
pub const VAT_NUMBER: Field = Field::new("vatNumber", "e.vat_number", Shape::Text, "N° TVA", "VAT number")
    .brought(VatNumber::read, &["tva", "numerotva", "tvaintracommunautaire", "vat", "vatnumber", "ntva"])
    .searched();
pub const NAF_CODE: Field = Field::new("nafCode", "e.naf_code", Shape::Text, "NAF", "NAF")
    .brought(NafCode::read, &["naf", "codenaf", "ape", "codeape", "nafcode"]);
pub const NAF_NOMENCLATURE: Field =
    Field::new("nafNomenclature", "e.naf_nomenclature", Shape::Text, "Nomenclature NAF", "NAF nomenclature")
        .brought(Nomenclature::read, &["nomenclature", "nomenclaturenaf", "nafnomenclature"])
        .hidden();
pub const IDCC: Field =
    Field::new("idcc", "e.idcc", Shape::Text, "IDCC", "IDCC").brought(Idcc::read, &["idcc", "conventioncollective"]);
pub const OPCO: Field = Field::new("opco", "e.opco", Shape::Text, "OPCO", "OPCO").brought(Opco::read, &["opco"]);
pub const KIND: Field = Field::new("kind", "e.kind", Shape::Word(KINDS), "Type", "Kind")
    .brought(kind, &["type", "taille", "categorie", "kind", "typeentreprise"]);
pub const HEADCOUNT: Field = Field::new("headcount", "e.headcount", Shape::Count, "Effectif", "Headcount").counted(&[
    "effectif",
    "effectifs",
    "salaries",
    "nombredesalaries",
    "headcount",
    "employees",
]);
pub const LINE1: Field = Field::new("address.line1", "e.line1", Shape::Text, "Adresse", "Address")
    .brought(AddressLine::read, &["adresse", "adresse1", "rue", "address", "address1", "addressline1", "street"]);
pub const LINE2: Field = Field::new("address.line2", "e.line2", Shape::Text, "Complément", "Address (2)")
    .brought(AddressLine::read, &["adresse2", "complement", "complementadresse", "address2", "addressline2"]);
pub const POSTCODE: Field = Field::new("address.postcode", "e.postcode", Shape::Text, "Code postal", "Postcode")
    .brought(Postcode::read, &["codepostal", "cp", "postcode", "zip", "zipcode", "postalcode"])
    .searched();
pub const CITY: Field = Field::new("address.city", "e.city", Shape::Text, "Ville", "City")
    .brought(City::read, &["ville", "commune", "city", "town"])
    .sorted_by("city", "e.city_key", SortKind::Bytes)
    .searched();
pub const COUNTRY: Field = Field::new("address.country", "e.country", Shape::Country, "Pays", "Country")
    .brought(Country::read, &["pays", "country", "codepays"]);
pub const PHONE: Field = Field::new("phone", "e.phone", Shape::Phone, "Téléphone", "Telephone")
    .brought(Phone::read, &["telephone", "tel", "phone", "telephoneentreprise", "standard"])
    .searched();
pub const EMAIL: Field = Field::new("email", "e.email", Shape::Email, "E-mail", "E-mail")
    .brought(Email::read, &["email", "mail", "courriel", "adressemail", "emailentreprise"])
    .searched();
pub const WEBSITE: Field = Field::new("website", "e.website", Shape::Text, "Site web", "Website")
    .brought(Website::read, &["site", "siteweb", "siteinternet", "website", "web", "url"]);
pub const TAGS: Field = Field::new("tags", "e.tags", Shape::Words, "Étiquettes", "Tags");
pub const NOTES: Field = Field::new("notes", "e.notes", Shape::Prose, "Notes", "Notes").hidden();
pub const ACTIVE: Field = Field::new("active", "e.active", Shape::Flag, "Active", "Active");
pub const LOCALISATION: Field =
    Field::new("localisationId", "e.localisation_id", Shape::Reference, "Localisation", "Localisation")
        .shows("localisation.name");
pub const ORIGIN: Field = Field::new("origin", "e.origin", Shape::Text, "Origine", "Origin");
pub const OPEN_OPPORTUNITES: Field =
    Field::new("openOpportunites", "", Shape::Count, "Opportunités en cours", "Open opportunités").in_lists();
pub const OPEN_AMOUNT: Field = Field::new("openAmount", "", Shape::Cents, "Montant en cours", "Open amount").in_lists();
pub const CREATED_AT: Field =
    Field::new("createdAt", "e.created_at", Shape::Instant, "Créée le", "Created").sorted(SortKind::Int);
pub const UPDATED_AT: Field =
    Field::new("updatedAt", "e.updated_at", Shape::Instant, "Modifiée le", "Changed").sorted(SortKind::Int);

const FIELDS: &[Field] = &[
    NAME,
    SIRET,
    SIREN,
    VAT_NUMBER,
    NAF_CODE,
    NAF_NOMENCLATURE,
    IDCC,
    OPCO,
    KIND,
    HEADCOUNT,
    LINE1,
    LINE2,
    POSTCODE,
    CITY,
    COUNTRY,
    PHONE,
    EMAIL,
    WEBSITE,
    TAGS,
    NOTES,
    ACTIVE,
    LOCALISATION,
    ORIGIN,
    OPEN_OPPORTUNITES,
    OPEN_AMOUNT,
    CREATED_AT,
    UPDATED_AT,
];

/// The fields of a company that connectors and imports can set.
pub const BROUGHT: [Field; brought(FIELDS)] = pick(FIELDS);

/// Companies.
pub const ENTREPRISES: Description = Description {
    kind: Kind::Entreprise,
    label: ("Entreprises", "Companies"),
    fields: FIELDS,
    columns: Columns {
        id: "e.id",
        found_as: "e.id",
        site: "e.localisation_id",
        label: "e.name",
        version: "e.version",
        created_at: "e.created_at",
        updated_at: "e.updated_at",
    },
    search: &["e.search"],
    select: |scope, columns| scope.entreprises(columns, JOINS),
};

pub const FIRST_NAME: Field = Field::new("firstName", "c.first_name", Shape::Text, "Prénom", "First name")
    .brought(PersonName::read, &["prenom", "prenomcontact", "prenomducontact", "firstname", "contactfirstname"])
    .searched()
    .personal();
pub const LAST_NAME: Field = Field::new("lastName", "c.last_name", Shape::Text, "Nom", "Last name")
    .brought(
        PersonName::read,
        &["contact", "nomcontact", "nomducontact", "nomdefamille", "lastname", "contactlastname", "surname"],
    )
    .searched()
    .personal();
pub const FUNCTION: Field = Field::new("function", "c.job", Shape::Text, "Fonction", "Job title")
    .brought(
        Function::read,
        &["fonction", "poste", "fonctioncontact", "function", "job", "jobtitle", "contactfunction"],
    )
    .personal();
pub const CONTACT_EMAIL: Field = Field::new("email", "c.email", Shape::Email, "E-mail", "E-mail")
    .brought(Email::read, &["emailcontact", "emailducontact", "mailcontact", "courrielcontact", "contactemail"])
    .searched()
    .personal();
pub const CONTACT_PHONE: Field = Field::new("phone", "c.phone", Shape::Phone, "Téléphone", "Telephone")
    .brought(
        Phone::read,
        &["telephonecontact", "telephoneducontact", "telcontact", "mobile", "portable", "contactphone"],
    )
    .searched()
    .personal();
pub const MAIN: Field = Field::new("main", "c.main", Shape::Flag, "Contact principal", "Main contact");
pub const ENTREPRISE: Field =
    Field::new("entrepriseId", "c.entreprise_id", Shape::Reference, "Entreprise", "Company").shows("entreprise.name");

const CONTACT_FIELDS: &[Field] = &[FIRST_NAME, LAST_NAME, FUNCTION, CONTACT_EMAIL, CONTACT_PHONE, MAIN, ENTREPRISE];

/// The fields of a contact that connectors and imports can set.
pub const CONTACT_BROUGHT: [Field; brought(CONTACT_FIELDS)] = pick(CONTACT_FIELDS);

/// Contacts. The company decides who sees a contact, and its dates are those of the company.
pub const CONTACTS: Description = Description {
    kind: Kind::Contact,
    label: ("Contacts", "Contacts"),
    fields: CONTACT_FIELDS,
    columns: Columns {
        id: "c.id",
        found_as: "e.id",
        site: "e.localisation_id",
        label: "c.last_name",
        version: "e.version",
        created_at: "e.created_at",
        updated_at: "e.updated_at",
    },
    search: &[],
    select: |scope, columns| scope.entreprises(columns, "JOIN contacts c ON c.entreprise_id = e.id"),
};

fn kind(word: &str) -> Result<String, Refusal> {
    let message = || text("Type d'entreprise inconnu.", "Unknown kind of company.");
    let known =
        word.trim().parse::<EntrepriseKind>().map_err(|_| Refusal { code: "not-allowed", message: message() })?;
    Ok(known.as_str().to_owned())
}
