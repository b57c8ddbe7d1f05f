//! Formats records, amounts and reasons as text.

use afpi_sdk::money::{english, french};
use afpi_sdk::notifier::{Opportunite, Text};

/// The longest quoted reason, in characters.
const REASON_LIMIT: usize = 280;

/// `Forges du Nord · Habilitation électrique · 10 000,00 €`. An amount of zero is left out.
pub fn record(subject: &Opportunite, with_amount: bool) -> Text {
    let put = |amount: fn(i64) -> String| {
        let mut parts = vec![subject.entreprise_name.clone(), subject.title.clone()];
        if with_amount && subject.amount > 0 {
            parts.push(amount(subject.amount));
        }
        parts.retain(|part| !part.trim().is_empty());
        parts.join(" · ")
    };
    Text::new(put(french), put(english))
}

/// Joins two sentences. Empty sentences are left out.
pub fn and(first: Text, second: Text) -> Text {
    let join = |a: String, b: String| match (a.is_empty(), b.is_empty()) {
        (_, true) => a,
        (true, _) => b,
        _ => format!("{a}\n{b}"),
    };
    Text::new(join(first.fr, second.fr), join(first.en, second.en))
}

/// `Motif : …`, shortened. The text is empty if there is no reason.
pub fn reason(reason: &str) -> Text {
    match reason.trim() {
        "" => Text::new("", ""),
        reason => {
            let short = shortened(reason);
            Text::new(format!("Motif : {short}"), format!("Reason: {short}"))
        }
    }
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= REASON_LIMIT {
        return text.to_owned();
    }
    let kept: String = text.chars().take(REASON_LIMIT - 1).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_reason_is_cut_between_characters() {
        let long = "é".repeat(500);
        assert_eq!(shortened(&long).chars().count(), REASON_LIMIT);
        assert!(shortened(&long).ends_with('…'));
        assert_eq!(shortened("court"), "court");
    }

    #[test]
    fn empty_sentences_leave_no_line() {
        let text = |text: &str| Text::new(text, text);
        assert_eq!(and(text("a"), text("")).fr, "a");
        assert_eq!(and(text(""), text("b")).en, "b");
        assert_eq!(and(text("a"), text("b")).fr, "a\nb");
        assert_eq!(reason("  ").fr, "");
    }
}
