//! Names of files, as they come from anywhere and as they leave.

/// The longest name, in characters.
pub const MAX_NAME: usize = 200;

/// A name that is safe in a folder of any system: no path, no character that a system refuses, no name of a device.
/// The ending stays when the name is too long. An unusable name becomes `fichier`.
pub fn tidy(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let safe: String = last
        .chars()
        .map(|c| if c.is_control() || matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c })
        .collect();
    // Windows drops dots and blanks at the end; a dot in front hides a file elsewhere.
    let safe = safe.trim().trim_start_matches('.').trim_end_matches(['.', ' ']);
    let stem = safe.split('.').next().unwrap_or_default().trim().to_ascii_uppercase();
    let device = matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || (stem.len() == 4
            && (stem.starts_with("COM") || stem.starts_with("LPT"))
            && stem.ends_with(|c: char| c.is_ascii_digit()));
    match (safe.is_empty(), device) {
        (true, _) => "fichier".to_owned(),
        (_, true) => format!("_{}", cut(safe, MAX_NAME - 1)),
        _ => cut(safe, MAX_NAME),
    }
}

/// At most so many characters, with the ending kept.
fn cut(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if ending.chars().count() <= 8 => (stem, format!(".{ending}")),
        _ => (name, String::new()),
    };
    let stem: String = stem.chars().take(most - ending.chars().count()).collect();
    format!("{stem}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leaves_its_folder() {
        for (name, tidied) in [
            ("../../etc/passwd", "passwd"),
            ("..\\..\\windows\\system32\\a.dll", "a.dll"),
            ("/etc/shadow", "shadow"),
            ("C:\\a.pdf", "a.pdf"),
            ("..", "fichier"),
            ("a/..", "fichier"),
            ("", "fichier"),
            (" . ", "fichier"),
            (".htaccess", "htaccess"),
            ("nul.pdf", "_nul.pdf"),
            ("COM1", "_COM1"),
            ("Devis: final?.pdf", "Devis_ final_.pdf"),
            ("a\u{0}b\n.pdf", "a_b_.pdf"),
            ("Convention signée.pdf", "Convention signée.pdf"),
        ] {
            assert_eq!(tidy(name), tidied, "{name:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = tidy(&format!("{}.pdf", "é".repeat(400)));
        assert_eq!(name.chars().count(), MAX_NAME);
        assert!(name.ends_with("é.pdf"));
    }
}
