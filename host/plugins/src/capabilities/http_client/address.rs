//! Decides which IP addresses a plugin may connect to. It is pure, and follows the IANA special-purpose registries.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The kind of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// An address of the internet.
    Public,
    /// An address of this machine or its network. It needs the grant `private-ranges`.
    Private,
    /// An address that is never allowed: link-local (which includes cloud metadata), multicast, unspecified or
    /// reserved.
    Never,
}

/// Whether a plugin may connect to the address, with (`private`) or without that grant.
pub(super) fn allowed(address: IpAddr, private: bool) -> bool {
    match reach(address) {
        Reach::Public => true,
        Reach::Private => private,
        Reach::Never => false,
    }
}

fn reach(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => reach_v6(address),
    }
}

fn reach_v4(address: Ipv4Addr) -> Reach {
    let [a, b, c, _] = address.octets();
    match (a, b, c) {
        (10, ..) | (127, ..) | (192, 168, _) => Reach::Private,
        (172, 16..=31, _) => Reach::Private,
        (100, 64..=127, _) => Reach::Private, // carrier-grade NAT
        (0, ..) | (169, 254, _) | (224.., ..) => Reach::Never,
        (192, 0, 0) | (192, 0, 2) | (198, 51, 100) | (203, 0, 113) | (192, 88, 99) | (198, 18..=19, _) => Reach::Never,
        _ => Reach::Public,
    }
}

fn reach_v6(address: Ipv6Addr) -> Reach {
    if let Some(inner) = address.to_ipv4_mapped() {
        return reach_v4(inner);
    }
    let s = address.segments();
    match s {
        [0, 0, 0, 0, 0, 0, 0, 1] => Reach::Private,
        // NAT64: the address behind the translator decides.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => reach_v4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low))),
        [0xfc00..=0xfdff, ..] => Reach::Private,
        // Teredo, ORCHID and other protocol assignments; documentation; 6to4.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => Reach::Never,
        [0x2000..=0x3fff, ..] => Reach::Public,
        // All others: unspecified, IPv4-compatible, link-local, site-local, multicast or unassigned.
        _ => Reach::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_special_range_is_known() {
        let public = [
            "1.1.1.1",
            "93.184.216.34",
            "172.15.0.1",
            "172.32.0.1",
            "100.63.255.255",
            "100.128.0.1",
            "192.1.0.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2a01:e0a::1",
            "64:ff9b::101:101",
            "::ffff:1.1.1.1",
        ];
        let private = [
            "10.0.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "192.168.1.1",
            "172.16.0.1",
            "172.31.255.255",
            "100.64.0.1",
            "::1",
            "fc00::1",
            "fdff::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a00:1",
        ];
        let never = [
            "0.0.0.0",
            "0.1.2.3",
            "169.254.169.254",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "198.51.100.1",
            "203.0.113.1",
            "198.18.0.1",
            "192.88.99.1",
            "::",
            "::7f00:1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "100::1",
            "3fff::1",
            "4000::1",
        ];
        for (addresses, expected) in
            [(&public[..], Reach::Public), (&private[..], Reach::Private), (&never[..], Reach::Never)]
        {
            for address in addresses {
                assert_eq!(reach(address.parse().unwrap()), expected, "{address}");
            }
        }
    }
}
