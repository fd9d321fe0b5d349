//! Who hears something that has no end: asked again while it goes on, so that one who was revoked hears
//! nothing more.

use std::{sync::Arc, time::Duration};

use axum::extract::FromRequestParts;
use http::request::Parts;
use tokio::time::sleep;

use super::{credential::Who, edge::Edge, problem::Problem};

/// While authentication is away.
const AWAY: Duration = Duration::from_secs(1);

pub struct Listener {
    /// As it was at the begin.
    pub who: Who,
    parts: Parts,
}

impl Listener {
    /// Who listens, if that is still so. It is not known while authentication is away.
    pub async fn still(&self, edge: &Arc<Edge>) -> Option<Who> {
        loop {
            match Who::from_request_parts(&mut self.parts.clone(), edge).await {
                Ok(who) => return Some(who),
                Err(problem) if problem.status.is_server_error() => sleep(AWAY).await,
                Err(_may_not) => return None,
            }
        }
    }

    /// Waits until the listener may hear no more.
    pub async fn gone(&self, edge: &Arc<Edge>) {
        while self.still(edge).await.is_some() {
            sleep(edge.silence).await;
        }
    }
}

impl FromRequestParts<Arc<Edge>> for Listener {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, edge: &Arc<Edge>) -> Result<Self, Problem> {
        let who = Who::from_request_parts(parts, edge).await?;
        Ok(Self { who, parts: parts.clone() })
    }
}
