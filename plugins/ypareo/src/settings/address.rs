//! Reads the base address of the web service from a typed text. It knows no other setting.

/// Why an address cannot be the base of the web service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadBase {
    NotHttp,
    /// It contains a user name, a query or a fragment.
    Extra,
    NoHost,
}

/// The address before the routes, `https://host/index.php/r/v1`. The typed text may end with or without `/r/v1` (even
/// twice, which happens in practice) and with or without a slash.
pub fn base_address(typed: &str) -> Result<String, BadBase> {
    let typed = typed.trim();
    let (scheme, rest) = typed.split_once("://").ok_or(BadBase::NotHttp)?;
    let scheme = scheme.to_ascii_lowercase();
    if !matches!(scheme.as_str(), "http" | "https") {
        return Err(BadBase::NotHttp);
    }
    if rest.contains(['@', '?', '#', ' ', '\\']) {
        return Err(BadBase::Extra);
    }
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if host.is_empty() || host.starts_with(':') {
        return Err(BadBase::NoHost);
    }
    let mut path = path.trim_end_matches('/');
    loop {
        let bare = path.strip_suffix("r/v1").filter(|p| p.is_empty() || p.ends_with('/'));
        let Some(bare) = bare else { break };
        path = bare.trim_end_matches('/');
    }
    let host = host.to_ascii_lowercase();
    Ok(if path.is_empty() { format!("{scheme}://{host}/r/v1") } else { format!("{scheme}://{host}/{path}/r/v1") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_people_type_them() {
        let expected = "https://demo.ymag.cloud/index.php/r/v1";
        for typed in [
            "https://demo.ymag.cloud/index.php",
            "https://demo.ymag.cloud/index.php/",
            "https://demo.ymag.cloud/index.php/r/v1",
            " https://demo.ymag.cloud/index.php/r/v1/ ",
            "https://demo.ymag.cloud/index.php/r/v1/r/v1//",
            "HTTPS://Demo.ymag.cloud/index.php",
        ] {
            assert_eq!(base_address(typed).as_deref(), Ok(expected), "{typed}");
        }
        assert_eq!(base_address("http://127.0.0.1:9000").as_deref(), Ok("http://127.0.0.1:9000/r/v1"));
        assert_eq!(base_address("http://127.0.0.1:9000/r/v1").as_deref(), Ok("http://127.0.0.1:9000/r/v1"));
        let own = "https://cfa.fr/net-ypareo/index.php/r/v1";
        assert_eq!(base_address("https://cfa.fr/net-ypareo/index.php").as_deref(), Ok(own));
        assert_eq!(base_address("https://cfa.fr/xr/v1").as_deref(), Ok("https://cfa.fr/xr/v1/r/v1"));
    }

    #[test]
    fn other_addresses_are_refused() {
        for (typed, why) in [
            ("demo.ymag.cloud/index.php", BadBase::NotHttp),
            ("ftp://demo.ymag.cloud", BadBase::NotHttp),
            ("https://jeton@demo.ymag.cloud/", BadBase::Extra),
            ("https://demo.ymag.cloud/index.php?token=x", BadBase::Extra),
            ("https://demo.ymag.cloud/#x", BadBase::Extra),
            ("https:///index.php", BadBase::NoHost),
            ("https://:443/", BadBase::NoHost),
        ] {
            assert_eq!(base_address(typed), Err(why), "{typed}");
        }
    }
}
