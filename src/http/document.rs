//! The OpenAPI document: what the routes say of themselves, and what holds for all of them.

use http::StatusCode;
use utoipa::openapi::{
    Content, OpenApi, PathItem, Ref, RefOr, Response, ResponseBuilder,
    security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
};

const PROBLEM: &str = "application/problem+json";

/// Adds the ways to sign in; gives problems their media type, every answer the description that
/// OpenAPI 3.1 demands, and every operation the problem that any of them may answer.
pub(super) fn complete(mut document: OpenApi) -> OpenApi {
    let components = document.components.get_or_insert_default();
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    components.add_security_scheme("bearer", bearer);
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("hexachord_session")));
    components.add_security_scheme("cookie", cookie);
    document.paths.paths.values_mut().for_each(complete_path);
    document
}

fn complete_path(path: &mut PathItem) {
    let PathItem { get, put, post, delete, patch, .. } = path;
    for operation in [get, put, post, delete, patch].into_iter().flatten() {
        let responses = &mut operation.responses.responses;
        for (status, response) in responses.iter_mut() {
            if let RefOr::T(response) = response {
                complete_response(status, response);
            }
        }
        let any = ResponseBuilder::new().description("Anything else that is wrong");
        let any = any.content(PROBLEM, Content::new(Some(problem()))).build();
        responses.insert("default".to_owned(), any.into());
    }
}

fn complete_response(status: &str, response: &mut Response) {
    if response.description.is_empty() {
        let reason = status.parse().ok().and_then(|status: StatusCode| status.canonical_reason());
        reason.unwrap_or(status).clone_into(&mut response.description);
    }
    let is_problem = |content: &RefOr<Content>| match content {
        RefOr::T(content) => content.schema == Some(problem().into()),
        RefOr::Ref(_) => false,
    };
    if response.content.get("application/json").is_some_and(is_problem) {
        let problem = Content::new(Some(problem()));
        response.content = [(PROBLEM.to_owned(), problem.into())].into_iter().collect();
    }
}

fn problem() -> Ref {
    Ref::from_schema_name("Problem")
}
