//! The languages of people, and the rules for texts of people, other systems and plugins. A [`line`] is a name, a title, an address; [`lines`] are
//! notes and reasons. Knows no record, no host and no plugin.
//!
//! A text is first normalised, then checked. Normalising removes what people cannot see and did not intend (surrounding
//! spaces, invisible marks, another composition of the same letters). The check refuses characters that would break a
//! header, a log or a page; they are never dropped silently.

mod fold;
mod locale;

pub use fold::{fold, folded};
pub use locale::Locale;

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No visible character.
    Empty,
    /// More than this many characters.
    Long(usize),
    /// A line break in one line, NUL, escape sequences: everything that Unicode counts as control (Cc), and its line
    /// separators (Zl, Zp).
    Control,
    /// Marks that change the direction of the following text, or are invisible: the text would read differently.
    Hidden,
}

impl Fault {
    /// Its code in the API.
    pub fn code(self) -> &'static str {
        match self {
            Fault::Empty => "required",
            Fault::Long(_) => "too-long",
            Fault::Control => "control-character",
            Fault::Hidden => "hidden-character",
        }
    }

    /// For people, in French.
    pub fn fr(self) -> String {
        match self {
            Fault::Empty => "Ce champ est obligatoire.".into(),
            Fault::Long(most) => format!("Au plus {most} caractères."),
            Fault::Control => "Ce texte contient un saut de ligne ou un caractère de contrôle.".into(),
            Fault::Hidden => "Ce texte contient un caractère invisible qui change sa lecture.".into(),
        }
    }

    /// For people, in English.
    pub fn en(self) -> String {
        match self {
            Fault::Empty => "This field is required.".into(),
            Fault::Long(most) => format!("At most {most} characters."),
            Fault::Control => "This text has a line break or a control character.".into(),
            Fault::Hidden => "This text has an invisible character that changes how it reads.".into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en())
    }
}

/// Normalises one line: composes it (NFC), and removes surrounding white space and invisible marks.
pub fn line(text: &str) -> String {
    text.chars().filter(|c| !shows_nothing(*c)).nfc().collect::<String>().trim().to_owned()
}

/// Normalises several lines: the same, with `
/// ` as the only line break.
pub fn lines(text: &str) -> String {
    line(&text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// Checks one line of at most `most` characters, normalised or as it must be in a file.
pub fn check_line(line: &str, most: usize) -> Result<(), Fault> {
    judge(line, most, |_| false)
}

/// Checks normalised lines. They may contain line breaks and tabs.
pub fn check_lines(lines: &str, most: usize) -> Result<(), Fault> {
    judge(lines, most, |c| matches!(c, '\n' | '\t'))
}

fn judge(text: &str, most: usize, allowed: impl Fn(char) -> bool) -> Result<(), Fault> {
    if text.chars().all(|c| c.is_whitespace() || shows_nothing(c) || joins(c) || fills(c)) {
        return Err(Fault::Empty);
    }
    if text.chars().any(|c| breaks(c) && !allowed(c)) {
        return Err(Fault::Control);
    }
    if text.chars().any(|c| turns(c) || shows_nothing(c)) || stray_joiner(text) {
        return Err(Fault::Hidden);
    }
    if text.chars().count() > most { Err(Fault::Long(most)) } else { Ok(()) }
}

/// A text that is older than these rules, in a form for one line: every break becomes a space, hidden and direction
/// marks are removed.
pub fn salvage(text: &str) -> String {
    let shown: String =
        text.chars().filter(|c| !turns(*c) && !joins(*c)).map(|c| if breaks(c) { ' ' } else { c }).collect();
    line(&shown).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A key for names that look alike to a quick reader: such names have the same value (the skeleton of UTS 39, without
/// case, spaces and punctuation).
pub fn likeness(name: &str) -> String {
    let folded: String = skeleton(&salvage(name).to_lowercase()).collect();
    skeleton(&folded.to_lowercase()).filter(|c| c.is_alphanumeric()).collect()
}

/// Breaks a line, or is not a readable character.
fn breaks(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Bidirectional controls (Unicode `Bidi_Control`), interlinear marks and tags: they make a text read differently.
fn turns(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2061}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Soft hyphens, zero-width spaces, byte order marks: they are pasted along unintentionally.
fn shows_nothing(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{2060}' | '\u{feff}')
}

/// Joins or separates letters and emoji; alone it has no meaning.
fn joins(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Letters without a visible shape.
fn fills(c: char) -> bool {
    matches!(c, '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}')
}

/// A joiner without anything to join: at an end, or beside a space or another joiner. Between Latin letters it only
/// hides.
fn stray_joiner(text: &str) -> bool {
    let all: Vec<char> = text.chars().collect();
    let holds = |c: Option<&char>| c.is_some_and(|c| !c.is_whitespace() && !joins(*c) && !c.is_ascii());
    all.iter().enumerate().any(|(i, c)| joins(*c) && !(i > 0 && holds(all.get(i - 1)) && holds(all.get(i + 1))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str) -> Result<(), Fault> {
        check_line(&line(text), 40)
    }

    #[test]
    fn what_people_write_passes_tidied() {
        for (typed, kept) in [
            ("  Fonderie de l'Oise ", "Fonderie de l'Oise"),
            ("Me\u{301}canique", "Mécanique"),
            ("\u{feff}Soci\u{ad}été\u{200b}", "Société"),
            ("A\n", "A"),
            ("Ещё", "Ещё"),
            ("À\u{a0}: « x »", "À\u{a0}: « x »"),
            ("👩\u{200d}🔧", "👩\u{200d}🔧"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
        ] {
            assert_eq!((line(typed).as_str(), judged(typed)), (kept, Ok(())), "{typed:?}");
        }
    }

    #[test]
    fn what_breaks_hides_or_turns_is_refused() {
        for (typed, fault) in [
            ("", Fault::Empty),
            (" \u{a0}\u{200b}\u{200d} ", Fault::Empty),
            ("\u{3164}\u{2800}", Fault::Empty),
            ("A\nB", Fault::Control),
            ("A\rB", Fault::Control),
            ("A\tB", Fault::Control),
            ("A\0B", Fault::Control),
            ("A\u{1b}[31mB", Fault::Control),
            ("A\u{85}B", Fault::Control),
            ("A\u{2028}B", Fault::Control),
            ("A\u{202e}B", Fault::Hidden),
            ("A\u{2066}B", Fault::Hidden),
            ("A\u{200f}B", Fault::Hidden),
            ("A\u{e0041}B", Fault::Hidden),
            ("Yp\u{200d}areo", Fault::Hidden),
            (&"é".repeat(41), Fault::Long(40)),
        ] {
            assert_eq!(judged(typed), Err(fault), "{typed:?}");
        }
        assert_eq!(judged(&"e\u{301}".repeat(40)), Ok(()), "forty characters, however they are composed");
    }

    #[test]
    fn several_lines_have_breaks_and_tabs_and_nothing_else() {
        assert_eq!(lines("a\r\nb\rc\td\n"), "a\nb\nc\td");
        assert_eq!(check_lines("a\nb\tc", 10), Ok(()));
        assert_eq!(check_lines("a\0b", 10), Err(Fault::Control));
        assert_eq!(check_lines("a\u{202e}b", 10), Err(Fault::Hidden));
        assert_eq!(check_lines("a\u{1b}[0m", 10), Err(Fault::Control));
    }

    #[test]
    fn what_was_stored_before_can_still_be_shown() {
        assert_eq!(salvage("A\nB\0 \u{202e}C\r\n"), "A B C");
        assert_eq!(salvage("\n\0"), "");
        assert_eq!(judged(&salvage("A\u{1b}[31m\u{2029}B")), Ok(()));
    }

    #[test]
    fn names_that_look_alike_have_one_likeness() {
        for other in ["ypareo", "YPAREO", "Y pareo", "Ypаreo", "Ypare0", "Ypareо.", "Ур\u{430}reo", "Yp\u{200b}areo"]
        {
            assert_eq!(likeness(other), likeness("Ypareo"), "{other}");
        }
        for other in ["Ypareo 2", "Pareo", "Relais"] {
            assert_ne!(likeness(other), likeness("Ypareo"), "{other}");
        }
    }
}
