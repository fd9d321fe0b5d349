//! What may be asked at all, and where it may be.

use std::net::IpAddr;

use url::{Host, Url};

use crate::{
    OutgoingError,
    address::{embedded, is_public},
    network::Network,
};

/// No address is longer.
const LONGEST: usize = 2048;

/// Lets only public addresses pass, and those of networks that the configuration names.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    allowed: Vec<Network>,
}

impl Guard {
    pub fn new(allowed: Vec<Network>) -> Self {
        Self { allowed }
    }

    /// May this address be connected to?
    pub fn allows(&self, address: IpAddr) -> bool {
        if is_public(address) {
            return true;
        }
        let inner = match address {
            IpAddr::V6(address) => embedded(address).map(IpAddr::V4),
            IpAddr::V4(_) => None,
        };
        let is_in = |network: &Network| {
            network.contains(address) || inner.is_some_and(|inner| network.contains(inner))
        };
        self.allowed.iter().any(is_in)
    }

    /// Reads an address of the web, and refuses what is none, and what names an address inside. A
    /// name can only be judged when it is resolved.
    pub fn check(&self, text: &str) -> Result<Url, OutgoingError> {
        if text.len() > LONGEST {
            return Err(OutgoingError::TooLong { most: LONGEST });
        }
        let wrong = |_| OutgoingError::NotAnAddress(text.chars().take(200).collect());
        let url = Url::parse(text.trim()).map_err(wrong)?;
        self.check_url(&url)?;
        Ok(url)
    }

    pub(crate) fn check_url(&self, url: &Url) -> Result<(), OutgoingError> {
        if !["http", "https"].contains(&url.scheme()) {
            return Err(OutgoingError::Scheme(url.scheme().chars().take(32).collect()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(OutgoingError::UserInfo);
        }
        let literal = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain(_)) => return Ok(()),
            None => {
                return Err(OutgoingError::NotAnAddress(url.as_str().chars().take(200).collect()));
            }
        };
        if self.allows(literal) {
            return Ok(());
        }
        Err(OutgoingError::Inside { host: literal.to_string() })
    }
}
