//! Addresses in settings: the product's own, and which ones are on this machine.

use std::net::IpAddr;

use anyhow::{Context, Result, ensure};
use ipnet::IpNet;

/// `https://host[:port]` of a public address. Links begin with it, and cookies are valid for all of it.
pub fn origin(text: &str) -> Result<String> {
    const EXAMPLE: &str = "e.g. https://crm.example.fr";
    let url = url::Url::parse(text).with_context(|| format!("AFPI_PUBLIC_URL is no address, {EXAMPLE}"))?;
    ensure!(
        matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty()),
        "AFPI_PUBLIC_URL must begin with https:// or http:// and name a host, {EXAMPLE}"
    );
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    ensure!(
        bare && url.username().is_empty() && url.password().is_none(),
        "AFPI_PUBLIC_URL must be a host alone, without account, path or parameters, {EXAMPLE}"
    );
    Ok(url.origin().ascii_serialization())
}

/// Addresses and networks, separated by commas: `10.0.0.7, 172.30.80.0/24, fd00::/8`.
pub fn networks(list: &str) -> Result<Vec<IpNet>> {
    list.split(',')
        .map(str::trim)
        .map(|one| match one.parse::<IpAddr>() {
            Ok(address) => Ok(address.into()),
            Err(_) => one.parse::<IpNet>().with_context(|| {
                format!("AFPI_TRUSTED_PROXIES must be addresses or networks separated by commas, not {one:?}")
            }),
        })
        .collect()
}

pub fn is_loopback(url: &str) -> bool {
    url::Url::parse(url).ok().is_some_and(|url| match url.host() {
        // Only special schemes have their addresses parsed. In `mysql:` and `redis:` an address is a name.
        Some(url::Host::Domain(name)) => name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_is_a_host() {
        for (text, origin_of) in [
            ("https://crm.example.fr", "https://crm.example.fr"),
            ("https://crm.example.fr/", "https://crm.example.fr"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("https://crm.example.fr:443", "https://crm.example.fr"),
        ] {
            assert_eq!(origin(text).unwrap(), origin_of, "{text}");
        }
        for wrong in [
            "notaurl",
            "crm.example.fr",
            "ftp://crm.example.fr",
            "https://",
            "https://crm.example.fr/crm",
            "https://user:word@crm.example.fr",
            "https://crm.example.fr?x=1",
            "mailto:crm@example.fr",
        ] {
            let said = origin(wrong).unwrap_err().to_string();
            assert!(said.starts_with("AFPI_PUBLIC_URL"), "{wrong}: {said}");
        }
    }

    #[test]
    fn a_proxy_is_an_address_or_a_network() {
        let trusted = networks("192.0.2.7, 172.30.80.0/24,fd00::/8,::1").unwrap();
        let trusts = |address: &str| trusted.iter().any(|net| net.contains(&address.parse::<IpAddr>().unwrap()));
        for inside in ["192.0.2.7", "172.30.80.0", "172.30.80.255", "fd12::1", "::1"] {
            assert!(trusts(inside), "{inside}");
        }
        for outside in ["192.0.2.8", "172.30.81.1", "fe80::1", "::2"] {
            assert!(!trusts(outside), "{outside}");
        }
        for wrong in ["", "10.0.0.0/33", "10.0.0", "proxy.example.fr", "10.0.0.1,", "10.0.0.1 10.0.0.2"] {
            assert!(networks(wrong).unwrap_err().to_string().starts_with("AFPI_TRUSTED_PROXIES"), "{wrong}");
        }
    }

    #[test]
    fn only_this_machine_counts_as_loopback() {
        for (url, loopback) in [
            ("mysql://root@127.0.0.1:3306/afpi", true),
            ("redis://localhost:6379", true),
            ("redis://[::1]:6379", true),
            ("mysql://db.example.fr/afpi", false),
            ("mysql://127.0.0.1.example.fr/afpi", false),
        ] {
            assert_eq!(is_loopback(url), loopback, "{url}");
        }
    }
}
