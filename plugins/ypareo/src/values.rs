//! Normalises Ypareo's values: codes, flags, French dates, SIRET, postcodes, telephones and e-mails.
//!
//! Every function gets the picked text, which is never empty. It returns `None` or a [`Flaw`] for an unusable value. It
//! knows no records and no fields of the CRM.

/// A longer text is an error in every field. Below this limit, the CRM leaves out and logs a value that is too long for
/// it.
pub const LONGEST: usize = 1_000;

/// The value is invalid. The name describes the problem, for the run's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flaw(pub &'static str);

/// A key of the other system: a positive integer, as a number or as a numeric text. Real data has up to seven digits;
/// this accepts any `u64`. 0 means "none".
pub fn code(text: &str) -> Option<u64> {
    text.parse().ok().filter(|&code| code != 0)
}

/// A flag such as `plusUtilise`: 1, `"1"` or true.
pub fn flag(text: &str) -> bool {
    matches!(text, "1" | "true" | "O" | "OUI")
}

/// A French date `DD/MM/YYYY` as days since 1970-01-01. It may have dashes, and a time after it.
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
    // The days of the civil calendar. Years start in March, so that the leap day is the last day of a year.
    let (year, month) = if m > 2 { (y, m - 3) } else { (y - 1, m + 9) };
    Ok(year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + d - 1 - 719_468)
}

/// 14 digits, without spaces and dots. The check digit is Luhn; for La Poste (SIREN 356000000), 5 must divide the digit
/// sum.
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

/// A NAF code as INSEE writes it today, `2562B`. The spellings `25.62B` and `25.62 b` are accepted.
pub fn naf(text: &str) -> Result<String, Flaw> {
    let code: String = text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    let bytes = code.as_bytes();
    let fits = bytes.len() == 5 && bytes[..4].iter().all(u8::is_ascii_digit) && bytes[4].is_ascii_alphabetic();
    fits.then_some(code).ok_or(Flaw("code NAF illisible"))
}

/// The number of employees. 0 means unknown.
pub fn headcount(text: &str) -> Option<u32> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    digits.parse().ok().filter(|&n| n > 0 && n < 10_000_000)
}

/// A postcode, as it is written: the CRM knows the form of each country, and which part belongs to the city (`59043
/// CEDEX 9`). A French postcode gets back a lost leading zero (`2100` becomes `02100`).
pub fn postcode(text: &str, french: bool) -> Option<String> {
    let code = line(text, LONGEST)?;
    if code.bytes().all(|b| matches!(b, b'0' | b' ')) {
        return None;
    }
    let short = french && code.len() == 4 && code.bytes().all(|b| b.is_ascii_digit());
    Some(if short { format!("0{code}") } else { code })
}

/// The department of a French postcode, which may contain a CEDEX: `02`, `59`, `2A`, `2B`, `974`.
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

/// A telephone number. French numbers become `03 23 06 12 34` (even from `+33`), and others stay as typed.
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

/// One line of text, without control characters and with single spaces. `None` if nothing is left.
pub fn line(text: &str, max_chars: usize) -> Option<String> {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    let line: String = words.join(" ").chars().take(max_chars).collect();
    (!line.is_empty()).then_some(line)
}

/// A name. A record needs one, so a name that is too long is cut, and the cut is noted.
pub fn name(text: &str, max_chars: usize, flaws: &mut Vec<Flaw>) -> Option<String> {
    let whole = line(text, usize::MAX)?;
    let name: String = whole.chars().take(max_chars).collect();
    if name != whole {
        flaws.push(Flaw("nom trop long, coupé"));
    }
    Some(name)
}

/// `PAYS-BAS` becomes `Pays-Bas`: each word has one capital.
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
