//! Which path leads where, and the OpenAPI document that is made from the same routes.

use std::sync::Arc;

use axum::{
    Router,
    extract::{MatchedPath, Request},
    middleware::{self, Next},
    response::Response,
};
use http::{StatusCode, header};
use tower_http::compression::{CompressionLayer, CompressionLevel, predicate::Predicate};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use super::{document, edge::Edge, page, probes, problem::Problem, rest, share_page, subsonic};

/// The pattern that a request matched, for the metrics.
#[derive(Debug, Clone, Copy)]
pub struct Route(pub &'static str);

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Hexachord",
        description = "Music streaming for the home. Lists are `{items, next_cursor}`; what goes \
                       wrong is `application/problem+json` (RFC 9457).",
    ),
    security(("bearer" = []), ("cookie" = [])),
)]
struct Document;

/// The router of all surfaces.
pub fn build(edge: Arc<Edge>) -> Router {
    let (router, _document) = with_document().split_for_parts();
    router
        .merge(page::router())
        .merge(share_page::router())
        .merge(subsonic::router())
        .fallback(page::view_or_nothing)
        .method_not_allowed_fallback(wrong_method)
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(Text))
        .layer(middleware::from_fn(note_route))
        .with_state(edge)
}

/// The OpenAPI 3.1 document of `/api/v1` and the probes.
pub fn document() -> utoipa::openapi::OpenApi {
    document::complete(with_document().into_openapi())
}

fn with_document() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(probes::router())
        .nest("/api/v1", rest::router())
}

async fn wrong_method() -> Problem {
    let detail = "this address does not take this method";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "wrong-method", detail)
}

/// Puts the matched pattern beside the response. Patterns are few and live as long as the
/// program, so each is kept once.
async fn note_route(path: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(path) = path {
        response.extensions_mut().insert(Route(interned(path.as_str())));
    }
    response
}

fn interned(pattern: &str) -> &'static str {
    use std::{
        collections::HashSet,
        sync::{PoisonError, RwLock},
    };
    static PATTERNS: RwLock<Option<HashSet<&'static str>>> = RwLock::new(None);
    let known = PATTERNS.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = known.as_ref().and_then(|all| all.get(pattern)) {
        return known;
    }
    drop(known);
    let mut all = PATTERNS.write().unwrap_or_else(PoisonError::into_inner);
    let all = all.get_or_insert_default();
    if let Some(known) = all.get(pattern) {
        return known;
    }
    let kept: &'static str = Box::leak(pattern.to_owned().into_boxed_str());
    all.insert(kept);
    kept
}

/// Text of some size is worth compressing; audio and pictures are compressed already.
#[derive(Clone, Copy)]
struct Text;

impl Predicate for Text {
    fn should_compress<B: http_body::Body>(&self, response: &http::Response<B>) -> bool {
        const SMALLEST: u64 = 1024;
        let kind = response.headers().get(header::CONTENT_TYPE).map_or(&b""[..], |v| v.as_bytes());
        let text = kind.starts_with(b"application/json")
            || kind.starts_with(b"text/")
            || kind.starts_with(b"image/svg");
        // What comes bit by bit must not wait for a compressor to be full.
        let text = text && !kind.starts_with(b"text/event-stream");
        text && response.body().size_hint().exact().is_none_or(|size| size >= SMALLEST)
    }
}
