//! Where people and their apps reach this server, as well as a request and the configuration tell.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use http::{HeaderMap, header};

use super::{
    arrival::{Arrival, Way},
    edge::Edge,
};

/// Where the server listens.
#[derive(Debug, Clone, Copy)]
pub struct Listening {
    pub address: SocketAddr,
    pub tls: bool,
}

/// The address of this server for whoever made a request, without a `/` at its end: what is configured,
/// else the one by which the request came. A browser on this machine reaches it as `localhost`, and
/// a command by a socket: others are told the machine's own address then.
pub fn own_address(edge: &Edge, arrival: &Arrival, headers: &HeaderMap) -> String {
    let surroundings = &edge.surroundings;
    if !surroundings.public_origin.is_empty() {
        return surroundings.public_origin.clone();
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = arrival.named.as_deref().or(host).unwrap_or_default();
    let is_inside =
        host.is_empty() || arrival.way == Way::Control || (arrival.local && is_loopback(host));
    if let Some(listening) = surroundings.listening.filter(|_| is_inside) {
        return listening.seen_from_outside();
    }
    let scheme = if arrival.secure { "https" } else { "http" };
    format!("{scheme}://{host}")
}

impl Listening {
    fn seen_from_outside(self) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        let ip = self.address.ip();
        let ip = if ip.is_unspecified() { outer_address(ip.is_ipv6()) } else { Some(ip) };
        let port = self.address.port();
        match ip {
            Some(ip) => format!("{scheme}://{}", SocketAddr::new(ip, port)),
            None => format!("{scheme}://localhost:{port}"),
        }
    }
}

/// The address of this machine in the network that leads to everywhere else. A connected UDP socket
/// has it without a packet being sent. `None` without a network.
fn outer_address(also_v6: bool) -> Option<IpAddr> {
    // Addresses for documentation (RFC 5737, RFC 3849): they are nobody's.
    let v4 = (Ipv4Addr::UNSPECIFIED.into(), IpAddr::from([192, 0, 2, 1]));
    let v6 = (Ipv6Addr::UNSPECIFIED.into(), IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1]));
    let from = |(own, other): (IpAddr, IpAddr)| {
        let socket = UdpSocket::bind((own, 0)).ok()?;
        socket.connect((other, 9)).ok()?;
        let own = socket.local_addr().ok()?.ip();
        (!own.is_unspecified() && !own.is_loopback()).then_some(own)
    };
    from(v4).or_else(|| from(v6).filter(|_| also_v6))
}

/// Does a host, with or without a port, name the machine itself?
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_itself_is_known_by_its_names() {
        for own in
            ["localhost", "LOCALHOST:4747", "127.0.0.1:80", "127.1.2.3", "[::1]:4747", "[::1]"]
        {
            assert!(is_loopback(own), "{own}");
        }
        for other in
            ["", "music.example", "192.168.1.5:4747", "[2001:db8::1]:80", "localhost.example"]
        {
            assert!(!is_loopback(other), "{other}");
        }
    }

    #[test]
    fn a_server_that_listens_at_one_address_is_there() {
        let at = |address: &str, tls| {
            Listening { address: address.parse().unwrap(), tls }.seen_from_outside()
        };
        assert_eq!(at("192.168.1.5:4747", false), "http://192.168.1.5:4747");
        assert_eq!(at("[2001:db8::7]:443", true), "https://[2001:db8::7]:443");
        assert_eq!(at("127.0.0.1:80", false), "http://127.0.0.1:80");
        let anywhere = at("0.0.0.0:4747", false);
        assert!(anywhere.ends_with(":4747") && !anywhere.contains("0.0.0.0"), "{anywhere}");
    }
}
