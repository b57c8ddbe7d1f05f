//! Request headers: their number and form are checked. This is the only file that uses the value of a secret.

use super::super::invalid;
use crate::bindings::host::afpi::host::http_client::SecretHeader;
use crate::contract::Error;
use crate::policy::HttpPolicy;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

pub(super) use crate::bindings::host::afpi::host::http_client::Header;

const LONGEST_VALUE: usize = 8 << 10;

/// Headers that control the target, the framing or the route of a message. Only the client sets them. A guest could use
/// them to reach another virtual host behind a declared address, or to smuggle in a second request.
const REFUSED: [&str; 13] = [
    "host",
    "connection",
    "content-length",
    "expect",
    "forwarded",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "accept-encoding",
];

pub(super) fn checked(headers: &[Header], policy: &HttpPolicy) -> Result<HeaderMap, Error> {
    let mut map = HeaderMap::with_capacity(headers.len().min(policy.request_headers));
    for header in headers {
        let value = HeaderValue::from_str(&header.value).map_err(|_| bad(&header.name))?;
        append(&mut map, &header.name, value, policy)?;
    }
    Ok(map)
}

/// Adds the prefix and the secret. The value is marked as sensitive, so that code that prints headers does not print
/// it.
pub(super) fn add_secret(
    map: &mut HeaderMap,
    wanted: &SecretHeader,
    secret: &str,
    policy: &HttpPolicy,
) -> Result<(), Error> {
    let text = zeroize::Zeroizing::new(format!("{}{secret}", wanted.prefix));
    let mut value = HeaderValue::from_str(&text).map_err(|_| bad(&wanted.name))?;
    value.set_sensitive(true);
    append(map, &wanted.name, value, policy)
}

fn append(map: &mut HeaderMap, name: &str, value: HeaderValue, policy: &HttpPolicy) -> Result<(), Error> {
    let parsed = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad(name))?;
    if REFUSED.contains(&parsed.as_str()) || value.len() > LONGEST_VALUE {
        return Err(bad(name));
    }
    if map.len() >= policy.request_headers {
        return Err(invalid("/headers", "out-of-range", "Trop d’en-têtes.", "Too many headers."));
    }
    map.append(parsed, value);
    Ok(())
}

fn bad(name: &str) -> Error {
    let name: String = name.chars().filter(|c| c.is_ascii_graphic()).take(40).collect();
    let (fr, en) = (format!("L’en-tête « {name} » est refusé."), format!("The header `{name}` is refused."));
    invalid("/headers", "refused", &fr, &en)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    fn header(name: &str, value: &str) -> Header {
        Header { name: name.into(), value: value.into() }
    }

    #[test]
    fn framing_routing_and_broken_headers_are_refused() {
        let policy = Policy::default().http;
        for name in REFUSED.into_iter().chain(["Host", "TRANSFER-ENCODING", "", "a b", "a:b", "a\r\nb", "é"]) {
            assert!(checked(&[header(name, "x")], &policy).is_err(), "{name}");
        }
        for value in ["a\r\nHost: evil", "a\nb", "a\0b", &"x".repeat(LONGEST_VALUE + 1)] {
            assert!(checked(&[header("x-a", value)], &policy).is_err(), "{value:?}");
        }
        let many = vec![header("x-a", "1"); policy.request_headers + 1];
        assert!(checked(&many, &policy).is_err());
        assert_eq!(checked(&many[1..], &policy).unwrap().len(), policy.request_headers);
    }

    #[test]
    fn a_secret_is_sent_but_not_printed() {
        let mut map = HeaderMap::new();
        let wanted = SecretHeader { name: "X-Auth-Token".into(), prefix: "Bearer ".into(), secret: "token".into() };
        add_secret(&mut map, &wanted, "s3cret", &Policy::default().http).unwrap();
        assert_eq!(map["x-auth-token"], "Bearer s3cret");
        assert!(!format!("{map:?}").contains("s3cret"));
        let error = add_secret(&mut map, &wanted, "line\nbreak", &Policy::default().http).unwrap_err();
        assert!(!format!("{error:?}").contains("break"));
    }
}
