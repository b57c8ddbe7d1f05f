//! The signature of a delivery, after the Standard Webhooks specification (1.0): `v1,` and the Base64 of the HMAC-SHA256 of
//! `<id>.<timestamp>.<body>`. Its key is what stands behind `whsec_` in the secret, in Base64.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use rand::RngCore;
use sha2::Sha256;
use zeroize::Zeroizing;

/// The first characters of every secret.
const PREFIX: &str = "whsec_";
/// Bytes of a secret: the specification asks for 24 to 64.
const LENGTH: usize = 32;

/// A new secret.
pub(super) fn secret() -> Zeroizing<String> {
    let mut bytes = Zeroizing::new([0u8; LENGTH]);
    rand::rng().fill_bytes(&mut *bytes);
    Zeroizing::new(format!("{PREFIX}{}", STANDARD.encode(*bytes)))
}

/// The header `webhook-signature`. `None` when the secret is none. `timestamp` is in seconds since 1970.
pub(super) fn signature(secret: &str, id: &str, timestamp: i64, body: &str) -> Option<String> {
    let key = Zeroizing::new(STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?);
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes keys of any length");
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_specification() {
        // The example of the reference libraries.
        let signed = signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signed.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        assert_eq!(signature("secret", "id", 0, ""), None);
        let secret = secret();
        assert_eq!(STANDARD.decode(&secret[PREFIX.len()..]).unwrap().len(), LENGTH);
    }
}
