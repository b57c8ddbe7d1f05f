//! Normalises Ypareo's values: codes, flags, French dates, SIRET, postcodes, telephones, e-mails.
//!
//! Every function takes the picked text (never empty) and says `None`, or a [`Flaw`], for what cannot be used. Knows
//! nothing of records or of the CRM's fields.

/// Longer texts are errors in every field. Of the others, the CRM leaves out what is too long and logs it.
pub const LONGEST: usize = 1_000;

/// The value is invalid. The name says how, for the run's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flaw(pub &'static str);

/// A key of the other system: a positive integer, given as a number or as a numeric text (up to seven digits in real
/// data; any `u64` here). 0 means "none".
pub fn code(text: &str) -> Option<u64> {
    text.parse().ok().filter(|&code| code != 0)
}

/// `plusUtilise` and its kind: 1, `"1"`, true.
pub fn flag(text: &str) -> bool {
    matches!(text, "1" | "true" | "O" | "OUI")
}

/// A French date `DD/MM/YYYY`, also with dashes and with a time behind it, as days since 1970-01-01.
pub fn date(text: &str) -> Result<i64, Flaw> {
    const BAD: Flaw = Flaw("date impossible");
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<&str> = day.split(['/', '-']).collect();
    let [d, m, y] = parts[..] else { return Err(BAD) };
    let plain = |part: &str, width: usize| {
        (part.len() == width && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<i64>().ok()).flatten()
    };
    let (Some(d), Some(m), Some(y)) = (plain(d, 2), plain(m, 2), plain(y, 4)) else { return Err(BAD) };
    let leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    let length = match m {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return Err(BAD),
    };
    if d < 1 || d > length || y < 1 {
        return Err(BAD);
    }
    // Days from the civil calendar, years counted from March so that the leap day is the last of its year.
    let (year, month) = if m > 2 { (y, m - 3) } else { (y - 1, m + 9) };
    Ok(year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + d - 1 - 719_468)
}

/// 14 digits after taking out spaces and dots; Luhn, or for La Poste (SIREN 356000000) a digit sum that 5 divides.
pub fn siret(text: &str) -> Result<String, Flaw> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-')).collect();
    if digits.bytes().all(|b| b == b'0') {
        return Err(Flaw("SIRET à zéro"));
    }
    if digits.len() != 14 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Flaw("SIRET sans 14 chiffres"));
    }
    let sum: u32 = digits.bytes().map(|b| u32::from(b - b'0')).sum();
    if luhn(&digits) || (digits.starts_with("356000000") && sum.is_multiple_of(5)) {
        Ok(digits)
    } else {
        Err(Flaw("SIRET à la clé fausse"))
    }
}

fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| match (i % 2, u32::from(b - b'0')) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// A NAF code as INSEE writes it today, `2562B`; `25.62B` and `25.62 b` are the same.
pub fn naf(text: &str) -> Result<String, Flaw> {
    let code: String = text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    let bytes = code.as_bytes();
    let fits = bytes.len() == 5 && bytes[..4].iter().all(u8::is_ascii_digit) && bytes[4].is_ascii_alphabetic();
    fits.then_some(code).ok_or(Flaw("code NAF illisible"))
}

/// The number of employees; 0 means unknown.
pub fn headcount(text: &str) -> Option<u32> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    digits.parse().ok().filter(|&n| n > 0 && n < 10_000_000)
}

/// A postcode as it was read: the CRM knows the form of each country, and what belongs to the city (`59043 CEDEX 9`). A
/// French one gets its lost leading zero back (`2100` is `02100`).
pub fn postcode(text: &str, french: bool) -> Option<String> {
    let code = line(text, LONGEST)?;
    if code.bytes().all(|b| matches!(b, b'0' | b' ')) {
        return None;
    }
    let short = french && code.len() == 4 && code.bytes().all(|b| b.is_ascii_digit());
    Some(if short { format!("0{code}") } else { code })
}

/// The department of a French postcode, also with its CEDEX: `02`, `59`, `2A`, `2B`, `974`.
pub fn department(postcode: &str) -> Option<String> {
    let typed = postcode.to_ascii_uppercase();
    let code = typed.split("CEDEX").next().unwrap_or_default();
    let code = code.strip_prefix("F-").unwrap_or(code);
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if code.len() != 5 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(match &code[..2] {
        "97" | "98" => code[..3].to_owned(),
        "20" if *code < *"20200" => "2A".to_owned(),
        "20" => "2B".to_owned(),
        two => two.to_owned(),
    })
}

/// A telephone: French ten-digit numbers as `03 23 06 12 34` (also from `+33`), others as typed.
pub fn phone(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < 4 || text.len() > 40 {
        return None;
    }
    let national = match digits.as_bytes() {
        [b'3', b'3', b'0', rest @ ..] if rest.len() == 9 => format!("0{}", &digits[3..]),
        [b'0', b'0', b'3', b'3', rest @ ..] if rest.len() == 9 => format!("0{}", &digits[4..]),
        [b'3', b'3', rest @ ..] if rest.len() == 9 => format!("0{}", &digits[2..]),
        [b'0', rest @ ..] if rest.len() == 9 => digits,
        _ => return Some(text.to_owned()),
    };
    let pairs: Vec<&str> = (0..5).map(|i| &national[2 * i..2 * i + 2]).collect();
    Some(pairs.join(" "))
}

/// A deliverable e-mail address, in lower case.
pub fn email(text: &str) -> Result<String, Flaw> {
    const BAD: Flaw = Flaw("adresse e-mail illisible");
    let (local, domain) = text.split_once('@').ok_or(BAD)?;
    let strange = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '@' | ',' | ';' | '<' | '>' | '"');
    let good = !local.is_empty()
        && text.len() <= 254
        && !local.contains(strange)
        && !domain.contains(strange)
        && domain.split('.').count() > 1
        && domain.split('.').all(|label| !label.is_empty());
    good.then(|| text.to_lowercase()).ok_or(BAD)
}

/// One line of text: without control characters, white space reduced to single spaces. `None` when nothing is left.
pub fn line(text: &str, max_chars: usize) -> Option<String> {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    let line: String = words.join(" ").chars().take(max_chars).collect();
    (!line.is_empty()).then_some(line)
}

/// A name. A record needs one, so a name that is too long is cut, and this is noted.
pub fn name(text: &str, max_chars: usize, flaws: &mut Vec<Flaw>) -> Option<String> {
    let whole = line(text, usize::MAX)?;
    let name: String = whole.chars().take(max_chars).collect();
    if name != whole {
        flaws.push(Flaw("nom trop long, coupé"));
    }
    Some(name)
}

/// `PAYS-BAS` as `Pays-Bas`: every word with one capital.
pub fn title_case(text: &str) -> String {
    let mut start = true;
    let mut cased = String::with_capacity(text.len());
    for c in text.chars() {
        if start {
            cased.extend(c.to_uppercase());
        } else {
            cased.extend(c.to_lowercase());
        }
        start = !c.is_alphanumeric();
    }
    cased
}

#[cfg(test)]
mod tests;
