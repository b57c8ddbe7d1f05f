//! `afpi:plugin/documents`: which documents there are, and what stands in one. It is pure, whatever the plugin may do
//! otherwise.

use super::handle;
use crate::bound::within;
use crate::capabilities::json;
use crate::contract::FieldProblem;
use crate::contract::documents::{Composition, Kind, Request};
use crate::facets::Documents as Exports;
use crate::failure::{PluginFailure, Stop};
use crate::state::CallContext;
use crate::words::is_word;

/// The largest number of kinds of documents of one plugin.
const MOST_KINDS: usize = 100;
/// The longest title, subject or path, in bytes.
const LONGEST_LINE: usize = 500;
/// The longest text of a mail, in bytes.
const LONGEST_MAIL: usize = 20_000;

handle! {
    /// A plugin of a site that writes documents.
    DocumentsPlugin
}

impl DocumentsPlugin {
    /// All kinds of documents. Their ids are proper and differ.
    pub async fn catalogue(&self, context: &CallContext) -> Result<Vec<Kind>, PluginFailure> {
        let limits = self.0.shared.policy.pure_limits(self.0.seat.plugin.manifest());
        let mut call = self.0.open_limited::<Exports>("catalogue", context, limits).await?;
        let wall = call.wall();
        let (exports, store) = call.parts();
        let answer = within(wall, exports.afpi_plugin_documents().call_catalogue(store)).await;
        let answer = answer.and_then(|kinds| match judge_kinds(&kinds) {
            Ok(()) => Ok(Ok(kinds)),
            Err(wrong) => Err(Stop::WrongAnswer(wrong).into()),
        });
        call.end_recorded(answer, || ())
    }

    /// What is missing before this document can be made.
    pub async fn missing(&self, context: &CallContext, request: &Request) -> Result<Vec<FieldProblem>, PluginFailure> {
        let limits = self.0.shared.policy.pure_limits(self.0.seat.plugin.manifest());
        let mut call = self.0.open_limited::<Exports>("missing", context, limits).await?;
        let wall = call.wall();
        let (exports, store) = call.parts();
        let answer = within(wall, exports.afpi_plugin_documents().call_missing(store, request)).await;
        call.end_recorded(answer, || (request,))
    }

    /// The content of a document: its texts are lines of reasonable length, its data valid JSON.
    pub async fn compose(&self, context: &CallContext, request: &Request) -> Result<Composition, PluginFailure> {
        let limits = self.0.shared.policy.pure_limits(self.0.seat.plugin.manifest());
        let mut call = self.0.open_limited::<Exports>("compose", context, limits).await?;
        let wall = call.wall();
        let (exports, store) = call.parts();
        let answer = within(wall, exports.afpi_plugin_documents().call_compose(store, request)).await;
        let answer = answer.and_then(|said| match said.as_ref().map(judge) {
            Ok(Err(wrong)) => Err(Stop::WrongAnswer(wrong).into()),
            _ => Ok(said),
        });
        call.end_recorded(answer, || (request,))
    }
}

fn judge_kinds(kinds: &[Kind]) -> Result<(), &'static str> {
    if kinds.len() > MOST_KINDS {
        return Err("it has more than 100 kinds of documents");
    }
    for (at, kind) in kinds.iter().enumerate() {
        if !is_word(&kind.id) {
            return Err("a kind of document has no proper id");
        }
        if kinds[..at].iter().any(|other| other.id == kind.id) {
            return Err("two kinds of documents have one id");
        }
        if kind.languages.is_empty() || !kind.languages.iter().all(|language| matches!(language.as_str(), "fr" | "en"))
        {
            return Err("a kind of document names no language, or one that is neither `fr` nor `en`");
        }
    }
    Ok(())
}

fn judge(composition: &Composition) -> Result<(), &'static str> {
    let line = |text: &str| !text.is_empty() && text.len() <= LONGEST_LINE && !text.contains(char::is_control);
    let named = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if !line(&composition.template) || !line(&composition.title) {
        return Err("a document has no proper template or title");
    }
    if composition.file_name.is_empty() || composition.file_name.len() > 120 || !named(&composition.file_name) {
        return Err("the file name of a document is no word of at most 120 letters, digits, - and _");
    }
    if !json::is_sound(&composition.data) || composition.invoice.as_deref().is_some_and(|json| !json::is_sound(json)) {
        return Err("the data of a document is no JSON text of at most 256 KiB and 32 levels");
    }
    if composition.mail.as_ref().is_some_and(|mail| !line(&mail.subject) || mail.body.len() > LONGEST_MAIL) {
        return Err("the mail of a document has no proper subject, or is too long");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Text;
    use crate::contract::documents::{About, Mail};

    fn kind(id: &str) -> Kind {
        let label = Text { fr: "Devis".into(), en: "Quote".into() };
        let languages = vec!["fr".into(), "en".into()];
        Kind {
            id: id.into(),
            label,
            section: String::new(),
            roles: vec![],
            about: About::Piece,
            pieces: vec![],
            archival: true,
            languages,
            signed: false,
            reminder: 0,
        }
    }

    #[test]
    fn kinds_have_ids_of_their_own_and_known_languages() {
        assert_eq!(judge_kinds(&[kind("devis"), kind("avoir-2")]), Ok(()));
        for wrong in ["", "Devis", "2devis", "devis_1", &"d".repeat(41)] {
            assert!(judge_kinds(&[kind(wrong)]).is_err(), "{wrong}");
        }
        assert!(judge_kinds(&[kind("devis"), kind("devis")]).is_err());
        for languages in [vec![], vec!["de".to_owned()]] {
            assert!(judge_kinds(&[Kind { languages, ..kind("devis") }]).is_err());
        }
        assert!(judge_kinds(&(0..101).map(|n| kind(&format!("k{n}"))).collect::<Vec<_>>()).is_err());
    }

    #[test]
    fn a_composition_can_be_rendered_named_and_sent() {
        let good = Composition {
            template: "devis.typ".into(),
            data: "{}".into(),
            title: "Devis D2026-00001".into(),
            file_name: "DEV-2026-00042-v2_Client".into(),
            invoice: None,
            mail: Some(Mail { subject: "Devis".into(), body: "Bonjour,\n\nci-joint.".into() }),
        };
        assert_eq!(judge(&good), Ok(()));
        let mail = |subject: &str| Some(Mail { subject: subject.into(), body: String::new() });
        for wrong in [
            Composition { template: String::new(), ..good.clone() },
            Composition { title: "a\nb".into(), ..good.clone() },
            Composition { file_name: "../devis".into(), ..good.clone() },
            Composition { file_name: "devis.pdf".into(), ..good.clone() },
            Composition { data: "{".into(), ..good.clone() },
            Composition { invoice: Some("nul".into()), ..good.clone() },
            Composition { mail: mail("a\r\nBcc: b@example.fr"), ..good.clone() },
            Composition { mail: mail(""), ..good.clone() },
        ] {
            assert!(judge(&wrong).is_err(), "{wrong:?}");
        }
    }
}
