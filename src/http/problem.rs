//! What a client is told when something is wrong: RFC 9457 `application/problem+json`.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use hexachord_contracts::RequestId;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// A refusal or a failure, for people in `detail` and for programs in `status` and `kind`.
///
/// As a response it has no body yet: [`crate::http::edge`] writes it together with the request id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub status: StatusCode,
    /// A short name that programs can tell apart, the last part of `type`.
    pub kind: &'static str,
    pub detail: String,
    /// The parameter or field that is wrong.
    pub field: Option<String>,
    /// What the plan of the account does not have.
    pub lacks: Option<Lack>,
    /// The service that is away.
    pub service: Option<String>,
    pub retry_after_seconds: Option<u64>,
}

/// The body as it is sent.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `urn:hexachord:problem:` and the kind.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: &'static str,
    pub status: u16,
    pub detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lacks: Option<Lack>,
    /// The service that is away, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    pub request_id: String,
}

/// What a plan may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    Bitrate,
    Streams,
    Downloads,
}

impl Problem {
    pub fn new(status: StatusCode, kind: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            detail: detail.into(),
            field: None,
            lacks: None,
            service: None,
            retry_after_seconds: None,
        }
    }

    pub fn bad_request(field: impl Into<String>, detail: impl Into<String>) -> Self {
        let problem = Self::new(StatusCode::BAD_REQUEST, "invalid", detail);
        Self { field: Some(field.into()), ..problem }
    }

    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "not-signed-in", detail)
    }

    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// The plan does not allow this (402).
    pub fn plan_lacks(lack: Lack, detail: impl Into<String>) -> Self {
        let problem = Self::new(StatusCode::PAYMENT_REQUIRED, "plan-lacks", detail);
        Self { lacks: Some(lack), ..problem }
    }

    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", format!("no such {what}"))
    }

    /// The client may try again after so many seconds.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        Self { retry_after_seconds: Some(seconds), ..self }
    }

    /// The whole response, with its body.
    pub fn render(&self, request_id: RequestId) -> Response {
        let body = ProblemBody {
            kind: format!("urn:hexachord:problem:{}", self.kind),
            title: self.status.canonical_reason().unwrap_or("Problem"),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            field: self.field.clone(),
            lacks: self.lacks,
            service: self.service.clone(),
            request_id: request_id.to_string(),
        };
        // Plain text and numbers: their encoding cannot fail.
        let body = serde_json::to_vec(&body).unwrap_or_default();
        let mut response = (self.status, Body::from(body)).into_response();
        let headers = response.headers_mut();
        let json = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, json);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
