//! Who makes a request: from its `Authorization` header or its cookie.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use hexachord_contracts::{
    Caller, Context,
    authentication::{CredentialId, SignedIn},
    ids::SessionId,
};
use http::{HeaderMap, HeaderValue, header, request::Parts};

use super::{
    arrival::{Arrival, Way},
    edge::Edge,
    mirror::Known,
    problem::Problem,
};

const COOKIE: &str = "hexachord_session";

/// A request of somebody who is known: an account, or the owner of the data folder.
#[derive(Clone)]
pub struct Who {
    pub context: Context,
    /// Whose credential it came with; absent for the owner of the data folder.
    pub known: Option<Arc<Known>>,
}

impl Who {
    pub fn session(&self) -> Option<SessionId> {
        match self.known.as_ref()?.identity.credential {
            CredentialId::Session(session) => Some(session),
            CredentialId::DeviceKey(_) => None,
        }
    }
}

impl FromRequestParts<Arc<Edge>> for Who {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, edge: &Arc<Edge>) -> Result<Self, Problem> {
        let arrival = Arrival::from_request_parts(parts, edge).await?;
        if arrival.way == Way::Control {
            return Ok(Self { context: arrival.context(Caller::System), known: None });
        }
        let credential = if let Some(credential) = bearer(&parts.headers)? {
            credential
        } else {
            let Some(credential) = cookie(&parts.headers) else {
                return Err(Problem::unauthorized("sign in first: no credential was sent"));
            };
            // Only a browser sends a cookie by itself, and other sites can make it do so.
            refuse_cross_site(&arrival)?;
            credential
        };
        let origin = || arrival.origin(&parts.headers);
        let known = edge.mirror.identify(credential, &arrival, origin).await?;
        Ok(Self { context: arrival.context(known.caller.clone()), known: Some(known) })
    }
}

/// A request of somebody who may administer.
pub struct Administrator(pub Context);

impl FromRequestParts<Arc<Edge>> for Administrator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, edge: &Arc<Edge>) -> Result<Self, Problem> {
        let who = Who::from_request_parts(parts, edge).await?;
        if who.context.may_administer() {
            Ok(Self(who.context))
        } else {
            Err(Problem::forbidden("only an administrator may do this"))
        }
    }
}

/// The cookie that carries a fresh session; scripts cannot read it.
pub fn session_cookie(
    session: &SignedIn,
    max_age_seconds: u64,
    secure: bool,
) -> Option<HeaderValue> {
    let token = session.token.reveal();
    let secure = if secure { "; Secure" } else { "" };
    let cookie = format!(
        "{COOKIE}={token}; Path=/; Max-Age={max_age_seconds}; HttpOnly; SameSite=Lax{secure}"
    );
    HeaderValue::from_str(&cookie).ok()
}

pub fn expired_cookie() -> HeaderValue {
    HeaderValue::from_static("hexachord_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
}

/// Whoever signs in from a page must do so from ours: a foreign page could sign a browser in to an
/// account of its own.
pub fn refuse_cross_site(arrival: &Arrival) -> Result<(), Problem> {
    if arrival.foreign {
        return Err(Problem::forbidden("a page of another site may not do this"));
    }
    Ok(())
}

fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let credential = value.to_str().ok().and_then(|text| text.split_once(' '));
    match credential {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() => {
            Ok(Some(token.trim()))
        }
        _ => Err(Problem::unauthorized("the Authorization header must be `Bearer` and a token")),
    }
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    let value = pairs.find(|(name, _)| name.trim() == COOKIE).map(|(_, value)| value.trim());
    value.filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn finds_bearer_and_cookie() {
        assert_eq!(bearer(&headers(&[("authorization", "bearer abc")])).unwrap(), Some("abc"));
        assert_eq!(bearer(&headers(&[])).unwrap(), None);
        for wrong in ["Basic abc", "abc", "Bearer ", ""] {
            assert!(bearer(&headers(&[("authorization", wrong)])).is_err(), "{wrong}");
        }
        let both = headers(&[("cookie", "a=b; hexachord_session=xyz; c=d")]);
        assert_eq!(cookie(&both), Some("xyz"));
        assert_eq!(cookie(&headers(&[("cookie", "hexachord_session=")])), None);
    }
}
