//! What a request for the bytes of something says about how it wants them.

use std::{convert::Infallible, sync::Arc};

use axum::extract::FromRequestParts;
use http::{HeaderMap, Method, request::Parts};

use super::sendfile::Windows;

/// Method, headers with preconditions and ranges, and what the connection back can do.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: Method,
    pub headers: HeaderMap,
    /// Absent: the connection needs the bytes themselves.
    pub windows: Option<Arc<Windows>>,
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let windows = parts.extensions.get().cloned();
        Ok(Self { method: parts.method.clone(), headers: parts.headers.clone(), windows })
    }
}
