//! Access tokens: JWTs signed with HMAC-SHA256 (RFC 7519, RFC 8725: one algorithm, type, issuer and audience checked).

use std::time::Duration;

use afpi_core::clock::Instant;
use afpi_core::id::UserId;
use afpi_core::keys::Secrets;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode, errors::ErrorKind};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const ISSUER: &str = "afpi-crm";
const AUDIENCE: &str = "afpi-crm/api";
const TYPE: &str = "at+jwt";

/// Signs and checks access tokens.
pub struct Tokens {
    encoding: EncodingKey,
    /// That of new tokens first.
    decoding: Vec<DecodingKey>,
    validation: Validation,
    lifetime: Duration,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: UserId,
    /// Session: the family of the refresh token that was issued with it.
    sid: Uuid,
    /// Issued at, in milliseconds. The standard's seconds are too coarse to invalidate tokens from an exact instant.
    #[serde(rename = "iat_ms", with = "afpi_core::clock::millis")]
    issued_at: Instant,
    /// In seconds since 1970.
    exp: i64,
}

/// The user of a valid token. The user's row decides whether the user may still act.
#[derive(Debug, PartialEq)]
pub struct Bearer {
    pub user: UserId,
    pub session: Uuid,
    pub issued_at: Instant,
}

/// Why a token is refused.
#[derive(Debug, PartialEq)]
pub enum TokenError {
    Expired,
    Invalid,
}

impl Tokens {
    pub fn new(secrets: &Secrets, lifetime: Duration) -> Tokens {
        super::hs256::install();
        let (key, accepted) = secrets.keys("access tokens");
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.leeway = 5;
        Tokens {
            encoding: EncodingKey::from_secret(&key[..]),
            decoding: std::iter::once(&key).chain(&accepted).map(|key| DecodingKey::from_secret(&key[..])).collect(),
            validation,
            lifetime,
        }
    }

    /// A token for this user's session, and how many seconds it lives.
    pub fn issue(&self, user: UserId, session: Uuid) -> Result<(String, u64), jsonwebtoken::errors::Error> {
        let now = Instant::now();
        let seconds = self.lifetime.as_secs();
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: user,
            sid: session,
            issued_at: now,
            exp: (now + self.lifetime).millis() / 1000,
        };
        let header = Header { typ: Some(TYPE.into()), ..Header::new(Algorithm::HS256) };
        Ok((encode(&header, &claims, &self.encoding)?, seconds))
    }

    pub fn check(&self, token: &str) -> Result<Bearer, TokenError> {
        let mut read = Err(ErrorKind::InvalidSignature.into());
        for key in &self.decoding {
            read = decode::<Claims>(token, key, &self.validation);
            if !read.as_ref().is_err_and(|error| matches!(error.kind(), ErrorKind::InvalidSignature)) {
                break;
            }
        }
        let data = read.map_err(|error| match error.kind() {
            ErrorKind::ExpiredSignature => TokenError::Expired,
            _ => TokenError::Invalid,
        })?;
        if data.header.typ.as_deref() != Some(TYPE) {
            return Err(TokenError::Invalid);
        }
        Ok(Bearer { user: data.claims.sub, session: data.claims.sid, issued_at: data.claims.issued_at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_an_accepted_secret_is_good_and_new_ones_are_made_with_the_first() {
        let tokens = |secrets: Secrets| Tokens::new(&secrets, Duration::from_secs(60));
        let (old, new) = (tokens("old".into()), tokens("new".into()));
        let both = tokens(Secrets::from("new").accepting("old".to_owned()));
        let issue = |tokens: &Tokens| tokens.issue(UserId::generate(), Uuid::now_v7()).unwrap().0;
        assert!(both.check(&issue(&old)).is_ok() && both.check(&issue(&new)).is_ok());
        assert!(new.check(&issue(&both)).is_ok());
        assert_eq!(old.check(&issue(&both)), Err(TokenError::Invalid));
        assert_eq!(both.check(&issue(&tokens("third".into()))), Err(TokenError::Invalid));
    }

    #[test]
    fn a_token_speaks_for_its_user_only_under_its_own_key_type_and_time() {
        let tokens = Tokens::new(&"one secret".into(), Duration::from_secs(60));
        let (user, session) = (UserId::generate(), Uuid::now_v7());
        let (token, seconds) = tokens.issue(user, session).unwrap();
        assert_eq!(seconds, 60);
        let bearer = tokens.check(&token).unwrap();
        assert_eq!((bearer.user, bearer.session), (user, session));

        assert_eq!(Tokens::new(&"another".into(), Duration::from_secs(60)).check(&token), Err(TokenError::Invalid));
        let stale = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: user,
            sid: session,
            issued_at: Instant::from_millis(0),
            exp: Instant::now().millis() / 1000 - 60,
        };
        let header = Header { typ: Some(TYPE.into()), ..Header::new(Algorithm::HS256) };
        assert_eq!(tokens.check(&encode(&header, &stale, &tokens.encoding).unwrap()), Err(TokenError::Expired));

        // Another type of token signed with the same key, another algorithm, no algorithm.
        let claims = || Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: user,
            sid: session,
            issued_at: Instant::from_millis(0),
            exp: Instant::now().millis() / 1000 + 60,
        };
        let refresh = Header { typ: Some("rt".into()), ..Header::new(Algorithm::HS256) };
        assert_eq!(tokens.check(&encode(&refresh, &claims(), &tokens.encoding).unwrap()), Err(TokenError::Invalid));
        let other = Header { typ: Some(TYPE.into()), ..Header::new(Algorithm::HS512) };
        assert!(encode(&other, &claims(), &tokens.encoding).is_err());
        let parts: Vec<&str> = token.split('.').collect();
        let other = format!("eyJhbGciOiJIUzUxMiIsInR5cCI6ImF0K2p3dCJ9.{}.{}", parts[1], parts[2]);
        assert_eq!(tokens.check(&other), Err(TokenError::Invalid));
        let none = format!("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{}.", parts[1]);
        assert_eq!(tokens.check(&none), Err(TokenError::Invalid));
    }
}
