//! Declared addresses, and whether a URL belongs to one of them. Scheme, host and port must all be equal.

use super::refused;
use crate::contract::Text;
use url::{Host, Url};

/// Scheme, host and port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    https: bool,
    host: Host,
    port: u16,
}

impl Origin {
    /// The origins that a manifest declares. `config:<field>` means the address in that field of the settings. A field
    /// without an address allows nothing.
    pub fn all(declared: &[String], config: &str) -> Vec<Origin> {
        let config: serde_json::Value = serde_json::from_str(config).unwrap_or_default();
        declared
            .iter()
            .filter_map(|address| match address.strip_prefix("config:") {
                Some(field) => Origin::of(&Url::parse(config.get(field)?.as_str()?).ok()?),
                None => Origin::of(&Url::parse(address).ok()?),
            })
            .collect()
    }

    fn of(url: &Url) -> Option<Origin> {
        let https = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        Some(Origin { https, host: url.host()?.to_owned(), port: url.port_or_known_default()? })
    }
}

/// The URL of a request, if it leads to one of the origins. The HTTP client uses the same WHATWG parser. So both see
/// the same host in unusual spellings (`0x7f.1`, `2130706433`, full-width digits, IDN).
pub(super) fn target(url: &str, allowed: &[Origin]) -> Result<Url, Text> {
    let url = Url::parse(url).map_err(|_| refused("URL", "adresse illisible", "cannot be read as an address"))?;
    let host = url.host_str().unwrap_or("URL").to_owned();
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused(&host, "identifiants interdits dans l’adresse", "credentials in an address are refused"));
    }
    let origin = Origin::of(&url).ok_or_else(|| refused(&host, "ni HTTP ni HTTPS", "neither HTTP nor HTTPS"))?;
    if !allowed.contains(&origin) {
        return Err(refused(&host, "adresse non déclarée", "not a declared address"));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins() -> Vec<Origin> {
        let declared =
            ["https://api.example.fr", "http://127.0.0.1:8080", "config:baseUrl", "config:absent", "https://[::1]"];
        Origin::all(&declared.map(String::from), r#"{"baseUrl": "https://école.example:8443/r/v1/", "absent": 3}"#)
    }

    #[test]
    fn declared_addresses_are_reached_in_every_spelling() {
        assert_eq!(origins().len(), 4);
        for url in [
            "https://api.example.fr",
            "https://API.EXAMPLE.FR/x",
            "https://api.example.fr:443/x?y#z",
            "https:\\\\api.example.fr\\x",
            "http://127.0.0.1:8080/",
            "http://2130706433:8080/",
            "http://0x7f.1:8080/",
            "http://0177.0.0.1:8080/",
            "http://127.1:8080/",
            "https://école.example:8443/r",
            "https://xn--cole-9oa.example:8443/",
            "https://[0:0:0:0:0:0:0:1]/",
        ] {
            assert!(target(url, &origins()).is_ok(), "{url}");
        }
    }

    #[test]
    fn nothing_else_is() {
        for url in [
            "",
            "api.example.fr",
            "//api.example.fr",
            "https://",
            "http://api.example.fr",
            "https://api.example.fr:8443",
            "https://api.example.fr.",
            "https://api.example.fr.evil.com",
            "https://evil.com/api.example.fr",
            "https://evil.com?api.example.fr",
            "https://evil.com#api.example.fr",
            "https://api.example.fr@evil.com",
            "https://user@api.example.fr",
            "https://user:pw@api.example.fr",
            "https://:pw@api.example.fr",
            "https://xapi.example.fr",
            "https://example.fr",
            "https://api.example.fr%2eevil.com",
            "https://api.example.fr%00.evil.com",
            "ftp://api.example.fr",
            "file:///etc/passwd",
            "data:text/plain,x",
            "gopher://api.example.fr",
            "unix:/run/x",
            "javascript:0",
            "http://127.0.0.1",
            "http://127.0.0.1:80",
            "http://127.0.0.2:8080",
            "http://localhost:8080",
            "http://[::ffff:127.0.0.1]:8080",
            "http://0:8080",
            "http://169.254.169.254/",
            "http://[fe80::1]:8080",
            "https://ecole.example:8443",
            "https://école.example",
            "http://école.example:8443",
            "https://api.example.fr\t.evil.com",
            "https://api。example.fr.evil.com",
            "https://[::1]:444",
            "http://[::1]",
        ] {
            assert!(target(url, &origins()).is_err(), "{url}");
        }
    }
}
