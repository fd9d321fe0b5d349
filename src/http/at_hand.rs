//! Short answers that are in memory whole, with the tag of their content: sent again only to whom does
//! not have them.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use super::{
    asked::Asked,
    conditional::{EntityTag, Plan, Representation, plan},
    problem::Problem,
};

pub struct AtHand {
    pub body: Vec<u8>,
    pub content_type: HeaderValue,
    pub cache_control: HeaderValue,
}

pub fn send(asked: &Asked, what: AtHand) -> Response {
    let AtHand { body, content_type, cache_control } = what;
    let etag = EntityTag::of_content(&body);
    let common = [(header::ETAG, etag.header().clone()), (header::CACHE_CONTROL, cache_control)];
    let representation = Representation::new(body.len() as u64, etag, None, std::time::UNIX_EPOCH);
    match plan(&asked.method, &asked.headers, &representation) {
        Plan::NotModified => (StatusCode::NOT_MODIFIED, common).into_response(),
        Plan::PreconditionFailed => {
            let detail = "it is not the one that the request's preconditions name";
            let status = StatusCode::PRECONDITION_FAILED;
            Problem::new(status, "precondition-failed", detail).into_response()
        }
        // Nobody needs a part of it.
        _ => (common, [(header::CONTENT_TYPE, content_type)], body).into_response(),
    }
}
