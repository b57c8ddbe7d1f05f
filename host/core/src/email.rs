//! E-mail addresses: stored as typed, compared and sent in their ASCII form (the domain of `müller@société.fr` becomes
//! `xn--…`: IDNA, RFC 5890). Knows no mail server.

use std::borrow::Cow;

use validator::ValidateEmail;

/// The stored form: without the parts that mail programs paste along (`mailto:`, angle brackets).
pub fn tidy(typed: &str) -> String {
    let line = afpi_text::line(typed);
    let bare = line.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(&line);
    let bare = match bare.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => &bare[7..],
        _ => bare,
    };
    bare.trim().to_owned()
}

/// Can mail be sent there?
pub fn is_address(address: &str) -> bool {
    ascii(address).is_some_and(|ascii| ascii.validate_email())
}

/// The form for sending: the domain in ASCII. `None` when it has none.
pub fn ascii(address: &str) -> Option<Cow<'_, str>> {
    let (local, domain) = address.rsplit_once('@')?;
    if domain.is_ascii() {
        return Some(address.into());
    }
    let domain = idna::domain_to_ascii_strict(domain).ok()?;
    Some(format!("{local}@{domain}").into())
}

/// A key that is the same for all spellings of an address.
pub fn key(address: &str) -> String {
    ascii(address).unwrap_or(address.into()).to_lowercase()
}

/// An account's address: in lower case, its domain in readable letters, however it was typed.
pub fn account(typed: &str) -> String {
    let address = tidy(typed).to_lowercase();
    match address.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", idna::domain_to_unicode(domain).0),
        None => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_another_script_stays_as_typed_and_is_sent_in_ascii() {
        let typed = tidy(" <mailto:Contact@Société-Générale.fr> ");
        assert_eq!(typed, "Contact@Société-Générale.fr");
        assert!(is_address(&typed));
        assert_eq!(ascii(&typed).unwrap(), "Contact@xn--socit-gnrale-eebbcb.fr");
        assert_eq!(key(&typed), key("contact@XN--socit-gnrale-eebbcb.fr"));
        assert_eq!(account("Contact@xn--socit-gnrale-eebbcb.FR"), account(&typed));
    }

    #[test]
    fn what_is_no_address_is_said_to_be_none() {
        for typed in
            ["", "a", "@b.fr", "a@", "a b@c.fr", "a@b@c.fr", "a@b\u{202e}.fr", "a\nb@c.fr", "é@c.fr", "a@-b.fr"]
        {
            assert!(!is_address(typed), "{typed:?}");
        }
    }
}
