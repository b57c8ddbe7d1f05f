//! What is sent of webhooks, and its rules.

use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;
use validator::{Validate, ValidationErrors};

use afpi_core::error::{FieldProblem, field};
use afpi_core::text::text;
use afpi_http::bounds::{List, RecordId};
use afpi_http::input::stated;
use afpi_http::texts::{Exact, Line};
use afpi_platform::events::Kind;

/// The sites whose events are told.
pub type Sites = List<RecordId, 100>;
/// The events that are told.
pub type Events = List<Wanted, 60>;
/// The address that is told.
pub type Address = Exact<8, 1000>;

/// An event that is told.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(as = WebhookEventItem)]
pub struct Wanted(#[schema(inline)] pub Kind);

impl Validate for Wanted {
    fn validate(&self) -> Result<(), ValidationErrors> {
        Ok(())
    }
}

/// A new webhook.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebhookCreate {
    #[validate(nested)]
    pub name: Line<80>,
    /// An `https` address without user and password. It must not lead into the network of the server, unless
    /// `AFPI_WEBHOOK_PRIVATE` allows that.
    #[validate(nested)]
    pub url: Address,
    /// At least one.
    #[validate(nested)]
    pub events: Events,
    /// Only what happens at these sites is told. Empty: everything in the network.
    #[validate(nested)]
    pub localisation_ids: Sites,
}

/// Changes to a webhook. A field that is left out stays.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct WebhookUpdate {
    #[serde(deserialize_with = "stated")]
    #[validate(nested)]
    pub name: Option<Line<80>>,
    #[serde(deserialize_with = "stated")]
    #[validate(nested)]
    pub url: Option<Address>,
    #[serde(deserialize_with = "stated")]
    #[validate(nested)]
    pub events: Option<Events>,
    #[serde(deserialize_with = "stated")]
    #[validate(nested)]
    pub localisation_ids: Option<Sites>,
    /// Switches it on again, or off. What happened meanwhile is not told later.
    #[serde(deserialize_with = "stated")]
    pub active: Option<bool>,
}

/// What is wrong beyond the limits of the fields. `private`: the configuration allows addresses of the server's network,
/// and `http` for them.
pub(super) fn faults(url: Option<&str>, events: Option<&Events>, private: bool) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if url.is_some_and(|url| read(url, private).is_none()) {
        let message = text(
            "Une adresse https, sans identifiant ni mot de passe.",
            "An https address, without user and password.",
        );
        problems.push(field("/url", "url", message));
    }
    if events.is_some_and(|events| events.is_empty()) {
        let message = text("Choisissez au moins un événement.", "Choose at least one event.");
        problems.push(field("/events", "required", message));
    }
    problems
}

/// An address that may be told.
pub(super) fn read(url: &str, private: bool) -> Option<Url> {
    let url = Url::parse(url.trim()).ok()?;
    let secure = url.scheme() == "https" || (private && url.scheme() == "http");
    let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    (secure && bare && url.has_host()).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_https_address_without_credentials_is_told() {
        assert!(read("https://example.fr/hook?x=1", false).is_some());
        for wrong in [
            "http://example.fr/",
            "ftp://example.fr",
            "https://u:p@example.fr/",
            "https://u@example.fr",
            "here",
            "https://x.fr/#a",
        ] {
            assert!(read(wrong, false).is_none(), "{wrong}");
        }
        assert!(read("http://127.0.0.1:9/", true).is_some());
    }
}
