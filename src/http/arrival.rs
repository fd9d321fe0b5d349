//! How a request came in: put beside it before anything else looks at it.

use std::net::{IpAddr, SocketAddr};

use axum::extract::FromRequestParts;
use hexachord_contracts::{Caller, Context, RequestId, authentication::Origin};
use http::{HeaderMap, Request, header, request::Parts, uri::Authority};
use tokio::time::Duration;

use super::{own_address::Listening, problem::Problem};

/// What a request may take to be answered (not: to be streamed).
const ALLOWED: Duration = Duration::from_secs(25);

const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED_HOST: &str = "x-forwarded-host";

/// Which way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Over the network, from this address, with or without TLS.
    Network { peer: IpAddr, tls: bool },
    /// By the owner of the data folder: through the control socket, or inside this process.
    Control,
}

/// What the edge is told by its configuration to judge where requests come from.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// Proxies whose word is taken.
    pub trusted: Vec<IpAddr>,
    /// The origin under which people reach the server, as a browser sends it; may be empty.
    pub public_origin: String,
    /// Absent while nothing listens.
    pub listening: Option<Listening>,
}

/// Facts about a request that its handler cannot find in it.
#[derive(Debug, Clone)]
pub struct Arrival {
    pub request_id: RequestId,
    pub way: Way,
    /// The client's own address: the peer's, or what a trusted proxy says.
    pub client: Option<IpAddr>,
    /// The client reached us (or the trusted proxy) over TLS.
    pub secure: bool,
    /// It comes from this machine, and through no proxy.
    pub local: bool,
    /// A page of another site makes a browser send it.
    pub foreign: bool,
    /// What the client calls this server, where its header `Host` does not say it: a trusted proxy
    /// says it, or HTTP/2.
    pub named: Option<String>,
}

impl Arrival {
    pub fn new<B>(way: Way, request: &Request<B>, surroundings: &Surroundings) -> Self {
        let request_id = RequestId::random();
        let headers = request.headers();
        let Way::Network { peer, tls } = way else {
            return Self {
                request_id,
                way,
                client: None,
                secure: true,
                local: true,
                foreign: false,
                named: None,
            };
        };
        let peer = peer.to_canonical();
        let trusted = surroundings.trusted.contains(&peer);
        let forwarded = headers.contains_key(FORWARDED_FOR);
        let named = text(headers, FORWARDED_HOST).filter(|_| trusted);
        // Of several proxies the first one was asked by the client.
        let named = named.and_then(|hosts| hosts.split(',').next()).map(str::trim);
        let named = named.or_else(|| request.uri().authority().map(Authority::as_str));
        Self {
            request_id,
            way,
            client: Some(if trusted { client(headers, peer, surroundings) } else { peer }),
            secure: tls || (trusted && text(headers, "x-forwarded-proto") == Some("https")),
            local: peer.is_loopback() && !forwarded && !headers.contains_key("forwarded"),
            foreign: is_foreign(request, trusted, surroundings),
            named: named.map(str::to_owned),
        }
    }

    /// A context for calls on behalf of `caller` in this request.
    pub fn context(&self, caller: Caller) -> Context {
        Context::new(self.request_id, caller, ALLOWED)
    }

    pub fn origin(&self, headers: &HeaderMap) -> Origin {
        Origin {
            address: self.client.map(|client| client.to_string()).unwrap_or_default(),
            agent: text(headers, header::USER_AGENT.as_str()).unwrap_or_default().to_owned(),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Arrival {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let arrival = parts.extensions.get::<Self>().cloned();
        arrival.ok_or_else(|| Problem::unauthorized("the request did not come through the edge"))
    }
}

/// The last address of the list that is not a proxy of ours: what stands before it anyone can
/// write.
fn client(headers: &HeaderMap, peer: IpAddr, surroundings: &Surroundings) -> IpAddr {
    let lists = headers.get_all(FORWARDED_FOR).iter().filter_map(|list| list.to_str().ok());
    let hops: Vec<_> = lists.flat_map(|list| list.split(',')).collect();
    let hops = hops.iter().rev().map_while(|hop| address(hop.trim()));
    let client = hops.map(|hop| hop.to_canonical()).find(|hop| !surroundings.trusted.contains(hop));
    client.unwrap_or(peer)
}

/// With or without a port.
fn address(hop: &str) -> Option<IpAddr> {
    hop.parse().ok().or_else(|| Some(hop.parse::<SocketAddr>().ok()?.ip()))
}

/// Browsers say where a request comes from: in `Sec-Fetch-Site` over TLS, in `Origin` otherwise.
fn is_foreign<B>(request: &Request<B>, trusted: bool, surroundings: &Surroundings) -> bool {
    let headers = request.headers();
    if request.method().is_safe() {
        return false;
    }
    if let Some(site) = text(headers, "sec-fetch-site") {
        return site != "same-origin" && site != "none";
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return false };
    let Ok(origin) = origin.to_str() else { return true };
    if !surroundings.public_origin.is_empty() && origin == surroundings.public_origin {
        return false;
    }
    let forwarded = text(headers, FORWARDED_HOST).filter(|_| trusted);
    let host = forwarded.or_else(|| text(headers, header::HOST.as_str()));
    let host = host.or_else(|| request.uri().authority().map(Authority::as_str));
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    authority.is_none() || authority != host
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrival(peer: &str, headers: &[(&str, &str)], trusted: &[&str]) -> Arrival {
        let mut request = Request::post("/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let surroundings = Surroundings {
            trusted: trusted.iter().map(|address| address.parse().unwrap()).collect(),
            public_origin: "https://music.example".to_owned(),
            listening: None,
        };
        let way = Way::Network { peer: peer.parse().unwrap(), tls: false };
        Arrival::new(way, &request.body(()).unwrap(), &surroundings)
    }

    fn client(peer: &str, forwarded: &str, trusted: &[&str]) -> String {
        arrival(peer, &[("x-forwarded-for", forwarded)], trusted).client.unwrap().to_string()
    }

    #[test]
    fn a_stranger_is_not_believed() {
        assert_eq!(client("9.9.9.9", "1.2.3.4", &[]), "9.9.9.9");
        assert_eq!(client("9.9.9.9", "1.2.3.4", &["8.8.8.8"]), "9.9.9.9");
    }

    #[test]
    fn a_trusted_proxy_names_the_client() {
        let trusted = &["10.0.0.1", "10.0.0.2"];
        assert_eq!(client("10.0.0.1", "1.2.3.4", trusted), "1.2.3.4");
        assert_eq!(client("10.0.0.1", "1.2.3.4:5678", trusted), "1.2.3.4");
        assert_eq!(client("10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2", trusted), "1.2.3.4");
        assert_eq!(client("10.0.0.1", "nonsense", trusted), "10.0.0.1");
        assert_eq!(client("::ffff:10.0.0.1", "1.2.3.4", trusted), "1.2.3.4");
    }

    #[test]
    fn the_server_is_called_as_the_client_calls_it() {
        let forwarded = [("x-forwarded-host", "music.example, inner")];
        assert_eq!(arrival("9.9.9.9", &forwarded, &[]).named, None);
        let named = arrival("10.0.0.1", &forwarded, &["10.0.0.1"]).named;
        assert_eq!(named.as_deref(), Some("music.example"));
        // HTTP/2 has no header for it.
        let request = Request::get("http://music.local:4747/keys").body(()).unwrap();
        let way = Way::Network { peer: [9, 9, 9, 9].into(), tls: false };
        let named = Arrival::new(way, &request, &Surroundings::default()).named;
        assert_eq!(named.as_deref(), Some("music.local:4747"));
    }

    #[test]
    fn what_a_proxy_sends_is_not_local() {
        assert!(arrival("127.0.0.1", &[], &[]).local);
        assert!(!arrival("127.0.0.1", &[("x-forwarded-for", "1.2.3.4")], &[]).local);
        assert!(!arrival("9.9.9.9", &[], &[]).local);
    }

    #[test]
    fn pages_of_other_sites_are_foreign() {
        let foreign = |headers: &[(&str, &str)]| arrival("9.9.9.9", headers, &[]).foreign;
        assert!(!foreign(&[]));
        assert!(!foreign(&[("sec-fetch-site", "same-origin")]));
        assert!(!foreign(&[("host", "h:1"), ("origin", "http://h:1")]));
        assert!(!foreign(&[("host", "inside"), ("origin", "https://music.example")]));
        assert!(foreign(&[("sec-fetch-site", "cross-site")]));
        assert!(foreign(&[("sec-fetch-site", "same-site")]));
        assert!(foreign(&[("host", "h:1"), ("origin", "http://evil")]));
        assert!(foreign(&[("host", "h:1"), ("origin", "null")]));
        let forwarded = [("x-forwarded-host", "h"), ("origin", "http://h"), ("host", "inside")];
        assert!(foreign(&forwarded), "only a trusted proxy names the host");
        assert!(!arrival("10.0.0.1", &forwarded, &["10.0.0.1"]).foreign);
    }
}
