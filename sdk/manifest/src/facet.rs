//! What a plugin can do beside its kind. A facet is one interface it exports, one section of its manifest, and one
//! sentence that an administrator reads. A facet that is not declared is never called.

use crate::{Capability, Kind, Manifest, Text};
use strum::VariantArray as _;

/// One facet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Facet {
    /// Runs jobs it has given itself, and those of its schedules.
    JobHandler,
    /// Carries section documents from one version of a workflow to another.
    DataMigration,
    /// Says which documents there are and what stands in them.
    Documents,
    /// Finds companies in a directory elsewhere.
    Lookup,
    /// Finds what cannot be right in the records of a site.
    Auditor,
}

/// An interface of `afpi:plugin` that a component must export, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// E.g. `job-handler`.
    pub interface: &'static str,
    /// What in the manifest declares it, in words.
    because: String,
}

impl Facet {
    /// Its interface in `afpi:plugin`; its world is called `<interface>-facet`.
    pub fn interface(self) -> &'static str {
        self.into()
    }

    /// The section of the manifest that declares it.
    pub fn section(self) -> &'static str {
        match self {
            Facet::JobHandler => "capabilities.jobs",
            Facet::DataMigration => "data-migration",
            Facet::Documents => "documents",
            Facet::Lookup => "lookup",
            Facet::Auditor => "auditor",
        }
    }

    /// What it means, as an administrator reads it.
    pub fn sentence(self) -> Text {
        let (fr, en) = match self {
            // It runs what this capability schedules: one thing, one sentence.
            Facet::JobHandler => return Capability::Jobs.sentence(),
            Facet::DataMigration => (
                "Convertit les documents des opportunités écrits par une autre de ses versions.",
                "Converts the documents of opportunités that another version of it wrote.",
            ),
            Facet::Documents => (
                "Rédige les documents (devis, conventions, factures…) d’après les fiches de son site.",
                "Writes the documents (quotes, agreements, invoices…) from the records of its site.",
            ),
            Facet::Lookup => (
                "Cherche des entreprises dans un annuaire, d’après ce qui est saisi dans leur fiche.",
                "Looks companies up in a directory, from what people type in their form.",
            ),
            Facet::Auditor => (
                "Contrôle la cohérence des sessions, des présences, des pièces et des documents de son site.",
                "Checks that sessions, attendance, pieces and documents of its site fit together.",
            ),
        };
        Text { fr: fr.into(), en: en.into() }
    }

    /// Can a plugin of this kind have it? Elsewhere nothing would ever call it.
    pub fn fits(self, kind: Kind) -> bool {
        match self {
            Facet::JobHandler => kind.grantable().contains(&Capability::Jobs),
            Facet::DataMigration => kind == Kind::Workflow,
            Facet::Documents | Facet::Auditor => matches!(kind, Kind::Workflow | Kind::App),
            Facet::Lookup => kind.grantable().contains(&Capability::HttpClient),
        }
    }

    fn is_declared(self, manifest: &Manifest) -> bool {
        match self {
            Facet::JobHandler => manifest.capabilities.jobs.is_some(),
            Facet::DataMigration => manifest.data_migration.is_some(),
            Facet::Documents => manifest.documents.is_some(),
            Facet::Lookup => manifest.lookup.is_some(),
            Facet::Auditor => manifest.auditor.is_some(),
        }
    }
}

impl Manifest {
    /// The facets it declares.
    pub fn facets(&self) -> impl Iterator<Item = Facet> + '_ {
        Facet::VARIANTS.iter().copied().filter(|facet| facet.is_declared(self))
    }

    /// The interfaces its component must export; what else one exports is never called.
    pub fn exports(&self) -> Vec<Export> {
        let every = Export { interface: "lifecycle", because: "every plugin does".into() };
        let kind = self.kind.interface();
        let kind = kind.map(|interface| Export { interface, because: format!("its kind is `{}`", self.kind) });
        let facets = self.facets().map(|facet| Export {
            interface: facet.interface(),
            because: format!("it declares `{}`", facet.section()),
        });
        [every].into_iter().chain(kind).chain(facets).collect()
    }
}

impl Export {
    /// That a component lacks it, in words for its author.
    pub fn missing(&self) -> String {
        format!("it must export `afpi:plugin/{}`, because {}", self.interface, self.because)
    }
}
