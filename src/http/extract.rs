//! Bodies, parameters and ids, with a problem that names what is wrong in them.

use std::str::FromStr;

use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use hexachord_contracts::{
    ids::NotAnId,
    page::{Paging, Sort, UnknownSort},
};
use http::{HeaderValue, StatusCode, header, request::Parts};
use http_body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::{Deserialize, de::DeserializeOwned};
use utoipa::IntoParams;

use super::problem::Problem;

/// No other JSON body that a client may send is larger.
const MOST_BYTES: usize = 64 * 1024;

/// A client that needs longer to send its body is cut off.
const SLOWEST_BODY: std::time::Duration = std::time::Duration::from_secs(15);

/// For the few bodies that carry a long list.
pub const LONG_LIST_BYTES: usize = 1024 * 1024;

/// A JSON body of type `T`, of at most `MOST` bytes.
pub struct Json<T, const MOST: usize = MOST_BYTES>(pub T);

impl<T: DeserializeOwned, S: Sync, const MOST: usize> FromRequest<S> for Json<T, MOST> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        let content_type = request.headers().get(header::CONTENT_TYPE);
        let content_type = content_type.map(HeaderValue::as_bytes);
        if !content_type.is_some_and(is_json) {
            let detail = "the body must be JSON, with `Content-Type: application/json`";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", detail));
        }
        let bytes = read(request, MOST).await?;
        let mut json = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut json).map_err(wrong_json)?;
        json.end().map_err(|error| Problem {
            field: None,
            ..Problem::bad_request("", error.to_string())
        })?;
        Ok(Self(value))
    }
}

/// A JSON body that may be left out.
pub struct OptionalJson<T>(pub T);

impl<T: DeserializeOwned + Default, S: Sync> FromRequest<S> for OptionalJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let is_there = !request.body().is_end_stream();
        if is_there || request.headers().contains_key(header::CONTENT_TYPE) {
            let Json(value) = <Json<T>>::from_request(request, state).await?;
            return Ok(Self(value));
        }
        Ok(Self(T::default()))
    }
}

/// Text that is no JSON at all has no fields; a field that is missing has no path of its own yet.
fn wrong_json(error: serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let path = error.path().to_string();
    let error = error.into_inner();
    let detail = error.to_string();
    let within = Some(path.as_str()).filter(|path| *path != ".");
    let missing = field_after("missing field `", &detail);
    let names: Vec<_> = within.into_iter().chain(missing).collect();
    let field = (error.is_data() && !names.is_empty()).then(|| names.join("."));
    Problem { field, ..Problem::bad_request("", detail) }
}

/// The name that stands in serde's words after `before`.
fn field_after<'w>(before: &str, words: &'w str) -> Option<&'w str> {
    words.strip_prefix(before)?.split('`').next()
}

fn is_json(content_type: &[u8]) -> bool {
    let kind = content_type.split(|byte| *byte == b';').next().unwrap_or_default();
    kind.trim_ascii().eq_ignore_ascii_case(b"application/json")
}

/// The body of a request, of at most so many bytes.
pub(super) async fn read(request: Request, most_bytes: usize) -> Result<bytes::Bytes, Problem> {
    let body = Limited::new(request.into_body(), most_bytes).collect();
    let Ok(body) = tokio::time::timeout(SLOWEST_BODY, body).await else {
        let detail = "the body did not arrive in time";
        return Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "too-slow", detail));
    };
    match body {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            let detail = format!("the body is larger than {most_bytes} bytes");
            Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail))
        }
        Err(error) => Err(Problem { field: None, ..Problem::bad_request("", error.to_string()) }),
    }
}

/// The id in the path.
pub struct Id<T>(pub T);

impl<T: FromStr<Err = NotAnId>, S: Send + Sync> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text = Path::<String>::from_request_parts(parts, state).await;
        let Path(text) = text.map_err(|error| Problem::bad_request("id", error.body_text()))?;
        let id =
            text.parse().map_err(|error: NotAnId| Problem::bad_request("id", error.to_string()))?;
        Ok(Self(id))
    }
}

/// The parameters after the `?`.
pub struct Parameters<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(parameters)) => Ok(Self(parameters)),
            Err(error) => {
                let words = error.body_text();
                let words = words.trim_start_matches("Failed to deserialize query string: ");
                if let Some(field) = field_after("duplicate field `", words) {
                    let detail = format!("parameter {field}: is given more than once");
                    return Err(Problem::bad_request(field, detail));
                }
                if let Some(field) = field_after("missing field `", words) {
                    let detail = format!("parameter {field}: is missing");
                    return Err(Problem::bad_request(field, detail));
                }
                let (field, detail) = words.split_once(": ").unwrap_or(("", words));
                Err(Problem::bad_request(field, format!("parameter {field}: {detail}")))
            }
        }
    }
}

/// What every list takes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListParameters {
    /// Rows a page, 1 to 500; 50 when left out.
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// What to sort by, with `-` before it to descend.
    pub sort: Option<String>,
}

impl ListParameters {
    pub fn paging(&mut self) -> Paging {
        let limit = self.limit.unwrap_or(Paging::USUAL);
        // An empty cursor is what a client sends for 'from the start'.
        Paging { limit, cursor: self.cursor.take().filter(|cursor| !cursor.is_empty()) }
    }

    pub fn sort<K: FromStr<Err = UnknownSort> + Default>(&self) -> Result<Sort<K>, Problem> {
        let Some(text) = self.sort.as_deref().filter(|text| !text.is_empty()) else {
            return Ok(Sort::default());
        };
        text.parse().map_err(|error: UnknownSort| Problem::bad_request("sort", error.to_string()))
    }
}
