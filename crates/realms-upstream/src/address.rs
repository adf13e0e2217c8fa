//! What kind of place an IP address is, seen through every form that hides one address in another.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How far an address may be trusted as the target of an outbound call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// The internet.
    Public,
    /// The operator's own network: called only when allowed. The word says which.
    Private(&'static str),
    /// Never called, whatever the configuration says. The word says why.
    Forbidden(&'static str),
}

/// Where cloud machines and their agents hand out credentials.
const METADATA: [IpAddr; 4] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254)),
];

/// The address itself, and the IPv4 addresses a packet to it may end at: mapped and compatible
/// (`::ffff:a.b.c.d`, `::a.b.c.d`), NAT64 (`64:ff9b::/96`), 6to4 (`2002::/16`), Teredo (`2001::/32`,
/// server and client). A mapped address is only its IPv4 address: the system connects to that.
pub(crate) fn faces(address: IpAddr) -> impl Iterator<Item = IpAddr> {
    let canonical = address.to_canonical();
    let [first, second] = match canonical {
        IpAddr::V4(_) => [None, None],
        IpAddr::V6(v6) => embedded(v6),
    };
    [Some(canonical), first.map(IpAddr::V4), second.map(IpAddr::V4)].into_iter().flatten()
}

/// The class of one face.
pub(crate) fn class(address: IpAddr) -> Class {
    if METADATA.contains(&address) {
        return Class::Forbidden("a cloud metadata address");
    }
    match address {
        IpAddr::V4(v4) => class_v4(v4),
        IpAddr::V6(v6) => class_v6(v6),
    }
}

fn embedded(address: Ipv6Addr) -> [Option<Ipv4Addr>; 2] {
    match address.segments() {
        [0x2001, 0, server_high, server_low, _, _, high, low] => {
            [Some(v4(server_high, server_low)), Some(v4(!high, !low))]
        }
        [0x2002, high, low, ..] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            [Some(v4(high, low)), None]
        }
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => [Some(v4(high, low)), None],
        _ => [None, None],
    }
}

fn v4(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
}

fn class_v4(address: Ipv4Addr) -> Class {
    match address.octets() {
        [0, ..] => Class::Forbidden("the unspecified network"),
        [169, 254, ..] => Class::Forbidden("link-local"),
        [224..=239, ..] => Class::Forbidden("multicast"),
        [240..=255, ..] => Class::Forbidden("reserved or broadcast"),
        [127, ..] => Class::Private("loopback"),
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Class::Private("a private network"),
        [100, 64..=127, ..] => Class::Private("a carrier's shared network"),
        [192, 0, 0, _] => Class::Private("a protocol assignment"),
        [198, 18 | 19, ..] => Class::Private("a benchmarking network"),
        _ => Class::Public,
    }
}

fn class_v6(address: Ipv6Addr) -> Class {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Class::Forbidden("the unspecified address"),
        [0, 0, 0, 0, 0, 0, 0, 1] => Class::Private("loopback"),
        [0xfe80..=0xfebf, ..] => Class::Forbidden("link-local"),
        [0xff00..=0xffff, ..] => Class::Forbidden("multicast"),
        [0x100, 0, 0, 0, ..] => Class::Forbidden("the discard network"),
        [0xfc00..=0xfdff | 0xfec0..=0xfeff, ..] => Class::Private("a private network"),
        [0x64, 0xff9b, 1, ..] => Class::Private("a local translation network"),
        _ => Class::Public,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_range_has_its_class() {
        let forbidden = [
            "0.0.0.0",
            "0.1.2.3",
            "169.254.0.1",
            "169.254.169.254",
            "100.100.100.200",
            "168.63.129.16",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "fe80::1",
            "febf::1",
            "ff02::1",
            "100::1",
            "fd00:ec2::254",
        ];
        let private = [
            "127.0.0.1",
            "127.255.255.254",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "100.127.255.255",
            "192.0.0.8",
            "198.18.0.1",
            "::1",
            "fc00::1",
            "fdff::1",
            "fec0::1",
            "64:ff9b:1::1",
        ];
        let public = [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "100.63.0.1",
            "100.128.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00::1",
        ];
        for text in forbidden {
            assert!(matches!(class(text.parse().unwrap()), Class::Forbidden(_)), "{text}");
        }
        for text in private {
            assert!(matches!(class(text.parse().unwrap()), Class::Private(_)), "{text}");
        }
        for text in public {
            assert_eq!(class(text.parse().unwrap()), Class::Public, "{text}");
        }
    }

    #[test]
    fn hidden_addresses_are_seen() {
        for (text, hidden) in [
            ("::ffff:10.1.2.3", "10.1.2.3"),
            ("::10.1.2.3", "10.1.2.3"),
            ("64:ff9b::10.1.2.3", "10.1.2.3"),
            ("2002:0a01:0203::1", "10.1.2.3"),
            ("2001:0:0a01:0203::1", "10.1.2.3"),
            ("2001:0:0101:0101:0:0:f5fe:fdfc", "10.1.2.3"),
        ] {
            let hidden: IpAddr = hidden.parse().unwrap();
            assert!(faces(text.parse().unwrap()).any(|face| face == hidden), "{text}");
        }
        let plain: IpAddr = "2606:4700::1111".parse().unwrap();
        assert_eq!(faces(plain).collect::<Vec<_>>(), [plain]);
        let loopback: IpAddr = "::1".parse().unwrap();
        assert!(faces(loopback).any(|face| face == loopback));
    }
}
