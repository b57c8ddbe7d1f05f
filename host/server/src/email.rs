//! E-mail addresses. Knows no mail server.

use std::borrow::Cow;

/// The form in which an address is sent: its domain in ASCII (IDNA, RFC 5890). `None` where it has none.
pub fn ascii(address: &str) -> Option<Cow<'_, str>> {
    let (local, domain) = address.rsplit_once('@')?;
    if domain.is_ascii() {
        return Some(address.into());
    }
    let domain = idna::domain_to_ascii_strict(domain).ok()?;
    Some(format!("{local}@{domain}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_of_other_letters_is_sent_in_ascii() {
        assert_eq!(ascii("Contact@Société-Générale.fr").unwrap(), "Contact@xn--socit-gnrale-eebbcb.fr");
        assert_eq!(ascii("a@b.fr").unwrap(), "a@b.fr");
        assert_eq!(ascii("personne"), None);
    }
}
