//! The codes of an authenticator application (RFC 6238): six digits, new every thirty seconds. Applications on phones
//! know no other kind reliably.

use qrcodegen::{QrCode, QrCodeEcc};
use rand::RngCore;
use serde::Serialize;
use totp_rs::{Builder, Secret, Totp};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use afpi_core::clock::Instant;
use afpi_core::error::{Result, internal};

/// The name that the application shows beside the account.
const ISSUER: &str = "AFPI CRM";
/// Phones whose clock is one step off are right, too.
const SKEW: u16 = 1;
/// The white border that a reader needs, in modules.
const QUIET: i32 = 4;

/// A new secret: 160 bits (RFC 4226 §4) in base 32.
pub fn fresh() -> Zeroizing<String> {
    let mut bytes = Zeroizing::new([0u8; 20]);
    rand::rng().fill_bytes(&mut *bytes);
    Zeroizing::new(Secret::new_stack(*bytes).to_base32())
}

/// The time step of this code, if it is good now.
pub fn step(secret: &str, code: &str, now: Instant) -> Result<Option<i64>> {
    let seconds = u64::try_from(now.millis() / 1000).map_err(internal)?;
    Ok(totp(secret, "")?.check(code, seconds).and_then(|step| i64::try_from(step).ok()))
}

/// The address that an application reads.
pub fn uri(secret: &str, account: &str) -> Result<String> {
    // A colon separates the issuer from the account.
    totp(secret, &account.replace(':', " "))?.to_url().map_err(internal)
}

fn totp(secret: &str, account: &str) -> Result<Totp> {
    let secret = Secret::try_from_base32(secret).map_err(internal)?;
    let builder =
        Builder::new().with_secret(secret).with_skew(SKEW).with_issuer(Some(ISSUER)).with_account_name(account);
    builder.build().map_err(internal)
}

/// A QR code: the path of its dark modules in a square of `size` units.
#[derive(Serialize, ToSchema)]
pub struct Qr {
    pub size: i32,
    /// SVG path data.
    pub path: String,
}

impl Qr {
    pub fn of(text: &str) -> Result<Qr> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(internal)?;
        let mut path = String::new();
        for y in 0..code.size() {
            for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
                path += &format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET);
            }
        }
        Ok(Qr { size: code.size() + 2 * QUIET, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: "12345678901234567890", the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard_and_hold_for_one_step_more() {
        let secret = Secret::from(b"12345678901234567890".to_vec()).to_base32();
        let at = |seconds: i64| Instant::from_millis(seconds * 1000);
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(step(&secret, code, at(seconds)).unwrap(), Some(seconds / 30), "{seconds}");
            assert_eq!(step(&secret, code, at(seconds + 30)).unwrap(), Some(seconds / 30), "{seconds}, a step later");
            assert_eq!(step(&secret, code, at(seconds + 90)).unwrap(), None, "{seconds}, too late");
        }
        for wrong in ["287083", "28708", "2870820", "", "abcdef", "+87082"] {
            assert_eq!(step(&secret, wrong, at(59)).unwrap(), None, "{wrong}");
        }
    }

    #[test]
    fn an_application_reads_the_issuer_and_the_account() {
        let secret = fresh();
        assert_eq!(secret.len(), 32);
        assert_ne!(secret, fresh());
        let uri = uri(&secret, "marie@exemple.fr").unwrap();
        assert_eq!(uri, format!("otpauth://totp/AFPI%20CRM:marie%40exemple.fr?secret={}&issuer=AFPI%20CRM", *secret));
        let qr = Qr::of(&uri).unwrap();
        assert!(qr.size > 30 && qr.path.starts_with("M4 4h1v1h-1z"));
    }
}
