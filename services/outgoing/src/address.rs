//! Which addresses are out in the open: those that IANA's registries of special purposes leave over.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::network::Network;

const INSIDE_V4: [Network; 15] = [
    // This network and machine: Linux takes 0.0.0.0 for the loopback.
    Network::v4([0, 0, 0, 0], 8),
    Network::v4([10, 0, 0, 0], 8),
    // Shared by customers of one provider (CGNAT).
    Network::v4([100, 64, 0, 0], 10),
    Network::v4([127, 0, 0, 0], 8),
    // Link-local, with the metadata of clouds.
    Network::v4([169, 254, 0, 0], 16),
    Network::v4([172, 16, 0, 0], 12),
    Network::v4([192, 0, 0, 0], 24),
    // Documentation.
    Network::v4([192, 0, 2, 0], 24),
    // Relays of 6to4.
    Network::v4([192, 88, 99, 0], 24),
    Network::v4([192, 168, 0, 0], 16),
    // Measuring devices.
    Network::v4([198, 18, 0, 0], 15),
    Network::v4([198, 51, 100, 0], 24),
    Network::v4([203, 0, 113, 0], 24),
    // Multicast.
    Network::v4([224, 0, 0, 0], 4),
    // Reserved, and broadcast.
    Network::v4([240, 0, 0, 0], 4),
];

/// All that is handed out in IPv6; loopback, link-local, unique-local and multicast are not in it.
const GLOBAL_V6: Network = Network::v6([0x2000, 0, 0, 0], 3);
const INSIDE_V6: [Network; 3] = [
    // Protocols, with Teredo.
    Network::v6([0x2001, 0, 0, 0], 23),
    // Documentation.
    Network::v6([0x2001, 0xdb8, 0, 0], 32),
    Network::v6([0x3fff, 0, 0, 0], 20),
];

/// Can anybody reach this address? Not the loopback, private, link-local, multicast, reserved and
/// documentation's addresses, in whatever form of IPv6 they hide.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => {
            let is_open = match embedded(address) {
                Some(embedded) => is_public_v4(embedded),
                None => is_global_v6(address),
            };
            is_open && isatap(address).is_none_or(is_public_v4)
        }
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !INSIDE_V4.iter().any(|network| network.contains(address.into()))
}

fn is_global_v6(address: Ipv6Addr) -> bool {
    GLOBAL_V6.contains(address.into())
        && !INSIDE_V6.iter().any(|network| network.contains(address.into()))
}

/// The IPv4 address that a gateway or the system itself would make of it.
pub(crate) fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    match address.segments() {
        // In this order: mapped, NAT64 (RFC 6052), 6to4.
        [0, 0, 0, 0, 0, 0xffff, a, b] | [0x64, 0xff9b, 0, 0, 0, 0, a, b] | [0x2002, a, b, ..] => {
            Some(of_halves(a, b))
        }
        _ => None,
    }
}

/// The IPv4 address at the end of one of ISATAP (RFC 5214). Where that is routed is said by what stands
/// before it.
fn isatap(address: Ipv6Addr) -> Option<Ipv4Addr> {
    match address.segments() {
        [_, _, _, _, 0 | 0x200, 0x5efe, a, b] => Some(of_halves(a, b)),
        _ => None,
    }
}

fn of_halves(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
}
