//! Which addresses count as one.

use std::net::IpAddr;

/// No longer text is kept for an address that is none.
const LONGEST: usize = 64;

/// The network that failures from `address` are counted for: an IPv4 address, or the first 64 bits
/// of an IPv6 address, which one customer has to itself (RFC 6177). `None` for the command line.
pub(super) fn network(address: &str) -> Option<String> {
    if address.is_empty() {
        return None;
    }
    Some(match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(v4)) => v4.to_string(),
        Ok(IpAddr::V6(v6)) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Err(_) => address.chars().take(LONGEST).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn one_customer_is_one_network() {
        assert_eq!(network(""), None);
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network(&"x".repeat(1000)).unwrap().len(), 64);
    }
}
