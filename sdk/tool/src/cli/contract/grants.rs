//! The text about grants: which kinds may have one, how a manifest requests it, and the sentence for the administrator.

use afpi_plugin_manifest::{Capability, Kind, QueryKind, Text};
use std::fmt::Write;
use strum::VariantArray as _;

/// The capability of an interface of `afpi:host`. `None` for the interfaces that every plugin has.
pub(super) fn capability(interface: &str) -> Option<Capability> {
    interface.parse().ok()
}

/// The section about the grant of an interface of `afpi:host`.
pub(super) fn section(interface: &str) -> String {
    let Some(capability) = capability(interface) else { return "\n## Grant\n\nGiven to every plugin.\n".into() };
    let kinds: Vec<String> = Kind::VARIANTS
        .iter()
        .filter(|kind| kind.grantable().contains(&capability))
        .map(|kind| format!("`{kind}`"))
        .collect();
    let mut text = format!(
        "\n## Grant\n\nAsked for in `plugin.toml`:\n\n```toml\n{}\n```\n\nGranted by an administrator, who reads:\n\n{}\nCan be granted to plugins of the kind {}.\n",
        wish(capability),
        sentence(capability),
        kinds.join(", ")
    );
    if capability == Capability::HttpClient {
        let inside = Capability::PrivateRanges;
        let _infallible =
            write!(text, "\nThe second grant `{inside}`:\n\n```toml\n{}\n```\n\n{}", wish(inside), sentence(inside));
    }
    text
}

/// The sentence that administrators see above the parameters. Each kind of queried record has its own sentence.
fn sentence(capability: Capability) -> String {
    let kinds = QueryKind::VARIANTS.iter().map(|kind| kind.sentence());
    let sentences: Vec<Text> =
        if capability == Capability::RecordsQuery { kinds.collect() } else { vec![capability.sentence()] };
    sentences.iter().map(|sentence| format!("> {}\n>\n> {}\n\n", sentence.fr, sentence.en)).collect()
}

/// How a manifest requests the capability.
fn wish(capability: Capability) -> &'static str {
    match capability {
        Capability::HttpClient => "[capabilities.http]\nhosts = [\"https://api.example.fr\", \"config:baseUrl\"]",
        Capability::PrivateRanges => "[capabilities.http]\nhosts = [\"config:baseUrl\"]\nprivate-ranges = true",
        Capability::Secrets => "[[capabilities.secrets]]\nname = \"token\"\nlabel = { fr = \"Jeton\", en = \"Token\" }",
        Capability::Kv => "[capabilities.kv]\nquota-keys = 1000\nquota-bytes = 1048576",
        Capability::RecordsRead => "[capabilities]\nrecords = [\"opportunites\", \"entreprises\"]",
        Capability::RecordsQuery => {
            "[[capabilities.records-query]]\nkind = \"contact\"\nfields = [\"firstName\", \"lastName\", \"email\"]"
        }
        Capability::Jobs => "[capabilities.jobs]\nquota-waiting = 100",
        Capability::Events => "[capabilities]\nevents = [\"late\"]",
        Capability::Clock => "[capabilities]\nclock = true",
        Capability::Random => "[capabilities]\nrandom = true",
        Capability::Metrics => "[capabilities]\nmetrics = [\"rooms\", \"messages_sent\"]",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use afpi_plugin_manifest::Manifest;

    #[test]
    fn what_the_pages_tell_to_write_asks_for_what_they_say() {
        for &capability in Capability::VARIANTS {
            let text = format!(
                "id = \"a\"\nkind = \"notifier\"\nversion = \"1.0.0\"\nname = {{ fr = \"A\", en = \"A\" }}\ndescription = {{ fr = \"A\", en = \"A\" }}\n{}\n",
                wish(capability)
            );
            let manifest: Manifest = toml::from_str(&text).unwrap();
            manifest.validate().unwrap();
            assert!(manifest.capabilities.wants(capability), "{capability}");
        }
    }
}
