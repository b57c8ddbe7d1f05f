//! The network address of a request.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

use crate::state::App;
use afpi_core::error::{Result, internal};
use afpi_http::problem::Problem;

/// The caller's address: the peer, or the last entry of `X-Forwarded-For` that is not a trusted proxy (earlier entries
/// can be forged). For IPv6 only the network counts: one customer has a whole /64 (RFC 6177).
pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<App> for ClientAddress {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Ok(ClientAddress(network(exact(parts, app).await?)))
    }
}

/// The same with all of an IPv6 address.
pub async fn exact(parts: &mut Parts, app: &App) -> Result<IpAddr> {
    let ConnectInfo(peer) = ConnectInfo::<SocketAddr>::from_request_parts(parts, app).await.map_err(internal)?;
    let proxies = &app.config.trusted_proxies;
    let trusted = |address: IpAddr| proxies.iter().any(|net| net.contains(&address.to_canonical()));
    if !trusted(peer.ip()) {
        return Ok(peer.ip());
    }
    let chain =
        parts.headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(','));
    let hops: Vec<IpAddr> = chain.filter_map(|hop| hop.trim().parse().ok()).collect();
    Ok(hops.into_iter().rev().find(|hop| !trusted(*hop)).unwrap_or(peer.ip()))
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64)).into(),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_a_64_counts_as_one_and_a_mapped_address_as_what_it_is() {
        let of = |address: &str| network(address.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(of("192.0.2.7"), "192.0.2.7");
    }
}
