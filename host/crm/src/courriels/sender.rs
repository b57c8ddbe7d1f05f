//! Who sent a mail. Its header `From` is what the sender likes to write. So it counts only when the installation's own mail
//! server has verified it, which it says in the header `Authentication-Results` (RFC 8601) under a name that the
//! settings tell. Such a server takes the header out of what others send (RFC 8601, section 5); of several the first one
//! counts, because servers write theirs above the others.

use afpi_core::email;

/// Has the server with this name verified that the mail comes from this address? Any of these is enough:
/// - DMARC passed for the domain;
/// - a DKIM signature of the domain, or of one above it, is right;
/// - SPF passed for an envelope sender of the domain;
/// - its author signed in to the server with this address.
pub fn verified(results: &[String], authserv: &str, address: &str) -> bool {
    let stated = results.iter().find_map(|value| {
        let parts = parts(value);
        let (name, methods) = parts.split_first()?;
        // A version may follow the name.
        name.first().filter(|name| name.eq_ignore_ascii_case(authserv))?;
        Some(methods.to_vec())
    });
    let Some((_, domain)) = address.rsplit_once('@') else { return false };
    stated.unwrap_or_default().iter().any(|words| passes(words, address, domain))
}

/// `method=result property=value …`.
fn passes(words: &[String], address: &str, domain: &str) -> bool {
    let pairs: Vec<(String, &str)> = words
        .iter()
        .filter_map(|word| word.split_once('='))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim_matches('"')))
        .collect();
    let Some((method, result)) = pairs.first() else { return false };
    if !result.eq_ignore_ascii_case("pass") {
        return false;
    }
    let says = |property: &str, test: &dyn Fn(&str) -> bool| {
        pairs.iter().skip(1).any(|(name, value)| name == property && test(value))
    };
    let of = |value: &str| value.rsplit('@').next().unwrap_or_default().to_owned();
    let same = |value: &str| same_domain(&of(value), domain);
    let above = |value: &str| {
        let (theirs, ours) = (host(&of(value)), host(domain));
        theirs == ours || (theirs.contains('.') && ours.ends_with(&format!(".{theirs}")))
    };
    match method.split('/').next().unwrap_or_default() {
        "dmarc" => says("header.from", &same),
        "dkim" => says("header.d", &above) || says("header.i", &above),
        "spf" => says("smtp.mailfrom", &same),
        "auth" => says("smtp.auth", &|value| email::key(value) == email::key(address)),
        _ => false,
    }
}

fn same_domain(one: &str, other: &str) -> bool {
    !one.is_empty() && host(one) == host(other)
}

fn host(domain: &str) -> String {
    email::key(&format!("x@{}", domain.trim_end_matches('.'))).split_off(2)
}

/// The parts between semicolons, as words. Comments in parentheses are left out; quoted words stay whole.
fn parts(value: &str) -> Vec<Vec<String>> {
    let (mut parts, mut words, mut word) = (Vec::new(), Vec::new(), String::new());
    let (mut depth, mut quoted, mut escaped) = (0usize, false, false);
    for c in value.chars() {
        if std::mem::take(&mut escaped) {
            if depth == 0 {
                word.push(c);
            }
            continue;
        }
        match c {
            '\\' if quoted || depth > 0 => escaped = true,
            '"' if depth == 0 => {
                quoted = !quoted;
                word.push(c);
            }
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            ';' if !quoted => {
                words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()));
                parts.push(std::mem::take(&mut words));
            }
            c if c.is_whitespace() && !quoted => {
                words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()));
            }
            c => word.push(c),
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    parts.push(words);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(results: &[&str]) -> bool {
        let results: Vec<String> = results.iter().map(|value| (*value).to_owned()).collect();
        verified(&results, "mx.afpi.fr", "lea@afpi.fr")
    }

    #[test]
    fn the_own_server_is_believed() {
        for good in [
            " mx.afpi.fr; dmarc=pass (p=reject dis=none) header.from=afpi.fr\r\n",
            " mx.afpi.fr 1;\r\n\tspf=fail smtp.mailfrom=x@liste.fr;\r\n\tdkim=pass header.d=afpi.fr header.s=s1",
            "MX.AFPI.FR; dkim=pass reason=\"good; (really)\" header.i=@afpi.fr",
            "mx.afpi.fr; spf=pass smtp.mailfrom=bounce@afpi.fr",
            "mx.afpi.fr; auth=pass (plain) smtp.auth=Lea@AFPI.fr",
            "mx.afpi.fr; dmarc=pass header.from=\"afpi.fr\"",
        ] {
            assert!(judged(&[good]), "{good}");
        }
        let below = ["mx.afpi.fr; dkim=pass header.d=afpi.fr".to_owned()];
        assert!(verified(&below, "mx.afpi.fr", "lea@lille.afpi.fr"));
    }

    #[test]
    fn nobody_else_is() {
        for bad in [
            &[][..],
            &["mx.afpi.fr; none"],
            &["mx.elsewhere.fr; dmarc=pass header.from=afpi.fr"],
            &["mx.afpi.fr.evil.fr; dmarc=pass header.from=afpi.fr"],
            &["mx.afpi.fr; dmarc=fail header.from=afpi.fr"],
            &["mx.afpi.fr; dmarc=pass header.from=evil.fr"],
            &["mx.afpi.fr; dkim=pass header.d=evil-afpi.fr"],
            &["mx.afpi.fr; dkim=pass header.d=fr"],
            &["mx.afpi.fr; spf=pass smtp.mailfrom=evil.fr smtp.helo=afpi.fr"],
            &["mx.afpi.fr; auth=pass smtp.auth=paul@afpi.fr"],
            &["mx.afpi.fr; x=none (; dmarc=pass header.from=afpi.fr)"],
            &["mx.afpi.fr; spf=none reason=\"; dmarc=pass header.from=afpi.fr\""],
            // Only the first of the server counts: the second came with the mail.
            &["mx.afpi.fr; dmarc=fail header.from=afpi.fr", "mx.afpi.fr; dmarc=pass header.from=afpi.fr"],
        ] {
            assert!(!judged(bad), "{bad:?}");
        }
    }
}
