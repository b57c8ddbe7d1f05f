//! The QR code of a SEPA transfer (EPC069-12, version 2): a banking application reads who is paid, how much, and what for.

use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};
use serde_json::{Value, json};

use crate::dossier::{Piece, filled};
use crate::scene::Scene;

/// The white border that a reader needs, in modules.
const QUIET: i32 = 4;
/// The largest code that the standard allows.
const LARGEST: u8 = 13;
/// The most letters of a name.
const NAME: usize = 70;

/// The code as a path of unit squares, with its size in modules. `None` without IBAN, number, or amount.
pub(super) fn of(scene: &Scene, piece: &Piece) -> Option<Value> {
    let (entity, number) = (&scene.dossier.entite, filled(&piece.number)?);
    let iban: String = filled(&entity.iban)?.split_whitespace().collect();
    let text = payload(filled(&entity.bic), scene.issuer(), &iban, piece.total - piece.deducted(), number)?;
    let code = encoded(&text)?;
    let alt = scene.fill("qr-alt", &[("montant", &scene.amount(piece.total - piece.deducted())), ("numero", number)]);
    Some(json!({"size": code.size() + 2 * QUIET, "path": path(&code), "alt": alt}))
}

fn payload(bic: Option<&str>, name: &str, iban: &str, cents: i64, reference: &str) -> Option<String> {
    let payable = (1..=99_999_999_999).contains(&cents);
    let name: String = name.chars().take(NAME).collect();
    let bic = bic.unwrap_or_default();
    let amount = format!("EUR{}.{:02}", cents / 100, cents % 100);
    payable.then(|| ["BCD", "002", "1", "SCT", bic, &name, iban, &amount, "", "", reference].join("\n"))
}

fn encoded(text: &str) -> Option<QrCode> {
    let segments = [QrSegment::make_bytes(text.as_bytes())];
    let largest = Version::new(LARGEST);
    QrCode::encode_segments_advanced(&segments, QrCodeEcc::Medium, Version::MIN, largest, None, true).ok()
}

/// Each run of dark modules in a row is a rectangle.
fn path(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|x| code.get_module(*x, y)).count() as i32;
            if run > 0 {
                path += &format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run + 1;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_bank_reads() {
        let text = payload(Some("AGRIFRPP"), "AFPI de l’Oise", "FR7630006000011234567890189", 159_600, "F2026-3");
        let lines = "BCD\n002\n1\nSCT\nAGRIFRPP\nAFPI de l’Oise\nFR7630006000011234567890189\nEUR1596.00\n\n\nF2026-3";
        assert_eq!(text.as_deref(), Some(lines));
        assert!(payload(None, "AFPI", "FR76", 0, "F1").is_none() && payload(None, "AFPI", "FR76", -1, "F1").is_none());
        let longest =
            payload(Some("AGRIFRPP"), &"é".repeat(200), &"F".repeat(34), 99_999_999_999, &"F".repeat(35)).unwrap();
        assert!(longest.len() <= 331, "{}", longest.len());
        assert!(encoded(&longest).is_some());
    }

    #[test]
    fn the_path_has_the_modules_of_the_code() {
        let code = QrCode::encode_text("BCD", QrCodeEcc::Medium).unwrap();
        let dark = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
        let dark = dark.filter(|(x, y)| code.get_module(*x, *y)).count();
        let path = path(&code);
        let runs =
            path.split('h').skip(1).step_by(2).map(|run| run.split('v').next().unwrap().parse::<usize>().unwrap());
        assert_eq!(runs.sum::<usize>(), dark);
        assert!(path.starts_with("M4 4h7v1h-7z"), "a finder begins at the corner: {path}");
    }
}
