//! Sign-in and sessions: argon2id passwords, short access tokens, rotating refresh tokens, limited attempts. Knows
//! users and tokens. Rights are in [`afpi_core::rights`] and [`afpi_core::scope`].

pub mod api_key;
pub mod attempt;
pub mod caller;
pub mod devices;
pub mod forgotten;
mod hs256;
pub mod letters;
pub mod link;
pub mod links;
pub mod login;
pub mod me;
pub mod password;
mod queue;
pub mod second_factor;
pub mod session;
pub mod throttle;
pub mod tokens;
pub mod weak;
