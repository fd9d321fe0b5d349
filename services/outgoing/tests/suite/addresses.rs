//! Which addresses are out in the open.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use hexachord_outgoing::{Guard, Network, is_public};
use proptest::{prelude::*, test_runner::RngSeed};

fn ip(text: &str) -> IpAddr {
    text.parse().expect("it is an address")
}

#[test]
fn what_is_inside_is_not_public() {
    let inside = [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.1.2.3",
        "::127.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:2::1",
        "2001:10::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2002:c0a8:101::",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "2a00:1450::5efe:10.0.0.1",
        "2a00:1450::200:5efe:192.168.0.1",
        "fd00::5efe:8.8.8.8",
        "fe80::5efe:8.8.8.8",
        "fe80::200:5efe:8.8.8.8",
        "2001:db8::5efe:808:808",
        "::5efe:808:808",
        "2002:808:808::5efe:10.0.0.1",
    ];
    for text in inside {
        assert!(!is_public(ip(text)), "{text}");
    }
}

#[test]
fn what_is_out_in_the_open_is_public() {
    let public = [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.1",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450::1",
        "::ffff:1.1.1.1",
        "64:ff9b::1.1.1.1",
        "2002:101:101::",
        "2a00:1450::5efe:8.8.8.8",
        "2002:808:808::200:5efe:8.8.8.8",
    ];
    for text in public {
        assert!(is_public(ip(text)), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None, rng_seed: RngSeed::Fixed(1), cases: 4096, ..ProptestConfig::default()
    })]

    /// What the standard library calls inside is never public, in none of its disguises.
    #[test]
    fn no_disguise_helps(bits: u32) {
        let address = Ipv4Addr::from_bits(bits);
        let public = is_public(address.into());
        if address.is_private() || address.is_loopback() || address.is_link_local()
            || address.is_multicast() || address.is_broadcast() || address.is_documentation()
            || address.is_unspecified()
        {
            prop_assert!(!public, "{address}");
        }
        let [high, low] = [(bits >> 16) as u16, (bits & 0xffff) as u16];
        let disguises = [
            address.to_ipv6_mapped(),
            Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
            Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
            Ipv6Addr::new(0x2a00, 1, 2, 3, 0, 0x5efe, high, low),
        ];
        for disguise in disguises {
            prop_assert_eq!(is_public(disguise.into()), public, "{}", disguise);
        }
        prop_assert!(!is_public(address.to_ipv6_compatible().into()));
    }

    /// Both what stands before and the IPv4 address behind must be public.
    #[test]
    fn isatap_opens_nothing(prefix: u64, universal: bool, bits: u32) {
        let middle = if universal { 0x0200_5efe_u128 } else { 0x5efe };
        let address = u128::from(prefix) << 64 | middle << 32 | u128::from(bits);
        let plain = Ipv6Addr::from_bits(u128::from(prefix) << 64 | 1);
        let tail = Ipv4Addr::from_bits(bits);
        let public = is_public(plain.into()) && is_public(tail.into());
        prop_assert_eq!(is_public(Ipv6Addr::from_bits(address).into()), public);
        for inside in [0xfd00_u128 << 112, 0xfe80 << 112, 0x2001_0db8 << 96, 0] {
            let address = Ipv6Addr::from_bits(inside | middle << 32 | u128::from(bits));
            prop_assert!(!is_public(address.into()), "{}", address);
        }
    }

    #[test]
    fn only_global_unicast_is_public(bits: u128) {
        let address = Ipv6Addr::from_bits(bits);
        if address.is_loopback() || address.is_unique_local() || address.is_multicast()
            || address.is_unicast_link_local() || address.is_unspecified()
        {
            prop_assert!(!is_public(address.into()), "{address}");
        }
    }

    #[test]
    fn networks_hold_what_begins_like_them(bits: u32, other: u32, prefix in 0_u8..=32) {
        let network: Network = format!("{}/{prefix}", Ipv4Addr::from_bits(bits)).parse().unwrap();
        let same = prefix == 0 || bits >> (32 - prefix) == other >> (32 - prefix);
        prop_assert_eq!(network.contains(Ipv4Addr::from_bits(other).into()), same);
        prop_assert_eq!(network.contains(Ipv4Addr::from_bits(other).to_ipv6_mapped().into()), same);
    }
}

#[test]
fn allowed_networks_open_themselves_and_nothing_else() {
    let guard = Guard::new(vec!["192.168.1.0/24".parse().unwrap(), "fd00:1::/32".parse().unwrap()]);
    for text in
        ["192.168.1.7", "::ffff:192.168.1.7", "64:ff9b::192.168.1.7", "fd00:1::5", "1.1.1.1"]
    {
        assert!(guard.allows(ip(text)), "{text}");
    }
    for text in [
        "fd00::5efe:192.168.1.7",
        "192.168.2.7",
        "127.0.0.1",
        "fd00:2::5",
        "::1",
        "169.254.169.254",
    ] {
        assert!(!guard.allows(ip(text)), "{text}");
    }
}

#[test]
fn what_is_no_network_is_refused() {
    for text in ["", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/8/8", "house", "10.0.0/8"] {
        let error = text.parse::<Network>().unwrap_err();
        assert!(error.to_string().contains("write it like"), "{text}");
    }
    assert_eq!("10.1.0.0/16".parse::<Network>().unwrap().to_string(), "10.1.0.0/16");
    assert_eq!("::1".parse::<Network>().unwrap().to_string(), "::1/128");
}
