//! `/rest`: the OpenSubsonic API, over the same services as REST.
//!
//! Every call has one address, `/rest/NAME` or `/rest/NAME.view`, and one way: its parameters are read,
//! its caller is identified, and the method of its name is asked. What goes wrong is an answer too.

mod call;
mod failure;
mod filling;
mod frame;
mod methods;
mod model;
mod parameters;
mod rows;
mod signing_in;
mod xml;

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use http::{HeaderValue, Method, StatusCode, header, request::Parts};

use self::{
    call::Call,
    failure::Failure,
    frame::Frame,
    methods::Open,
    parameters::Parameters,
    signing_in::{check_version, sign_in},
};
use super::{
    arrival::Arrival,
    asked::Asked,
    edge::Edge,
    extract::{self, LONG_LIST_BYTES},
    problem::Problem,
};

/// Pages of other sites may call: they need a device key for it, and no cookie counts here.
const EVERYBODY: HeaderValue = HeaderValue::from_static("*");
const FORM: &str = "application/x-www-form-urlencoded";

pub fn router() -> Router<Arc<Edge>> {
    Router::new()
        .route("/rest/{name}", any(method))
        .route("/rest/hls/{track}/{variant}/{file}", get(part_of_hls).options(async || preflight()))
}

async fn method(
    State(edge): State<Arc<Edge>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let name = name.strip_suffix(".view").unwrap_or(&name).to_owned();
    if *request.method() == Method::OPTIONS {
        return preflight();
    }
    let (parts, body) = match read(request).await {
        Ok(read) => read,
        Err(failure) => return with_origin(Frame::Xml.failure(&failure)),
    };
    let (form, body) = if is_form(&parts) { (body, Bytes::new()) } else { (Bytes::new(), body) };
    let query = parts.uri.query().unwrap_or_default();
    if let Err(failure) = parameters::check_count(query, &form) {
        return with_origin(Frame::Xml.failure(&failure));
    }
    let parameters = Parameters::read(query, &form);
    let frame = match Frame::asked(&parameters) {
        Ok(frame) => frame,
        Err(failure) => return with_origin(Frame::Xml.failure(&failure)),
    };
    let answer = if let Some(open) = Open::named(&name) {
        open.answer(&frame)
    } else {
        match identified(edge, parts, parameters, frame.clone(), body).await {
            Ok(call) if name == methods::STREAM_OF_DECISION => {
                // Its failures are statuses.
                return with_origin(methods::stream_of_decision(&call).await);
            }
            Ok(call) => methods::answer(&name, &call).await,
            Err(failure) if name == methods::STREAM_OF_DECISION => {
                return with_origin(Problem::unauthorized(failure.message).into_response());
            }
            Err(failure) => Err(failure),
        }
    };
    with_origin(answer.unwrap_or_else(|failure| frame.failure(&failure)))
}

/// Addresses that stand in playlists. Players look at the status alone.
async fn part_of_hls(
    State(edge): State<Arc<Edge>>,
    Path((track, variant, file)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let parameters = Parameters::read(parts.uri.query().unwrap_or_default(), b"");
    let call = identified(edge, parts, parameters, Frame::Xml, Bytes::new()).await;
    let answer = match call {
        Ok(call) => methods::part_of_hls(&call, &track, &variant, &file).await,
        Err(failure) => Err(Problem::unauthorized(failure.message)),
    };
    with_origin(answer.into_response())
}

async fn identified(
    edge: Arc<Edge>,
    parts: Parts,
    parameters: Parameters,
    frame: Frame,
    body: Bytes,
) -> Result<Call, Failure> {
    check_version(&parameters)?;
    let Parts { method, headers, extensions, .. } = parts;
    let arrival = extensions.get::<Arrival>().cloned();
    let arrival = arrival.ok_or_else(|| Failure::new(Failure::GENERIC, "not through the edge"))?;
    let who = sign_in(&edge, &arrival, &headers, &parameters).await?;
    // A form asks for the same bytes, and the same ranges of them.
    let as_get = if method == Method::POST { Method::GET } else { method.clone() };
    let asked = Asked { method: as_get, headers, windows: extensions.get().cloned() };
    Ok(Call { edge, who, arrival, parameters, frame, method, asked, body })
}

/// The request with its body, which has a limit.
async fn read(request: Request) -> Result<(Parts, Bytes), Failure> {
    let (parts, body) = request.into_parts();
    if ![Method::GET, Method::HEAD, Method::POST].contains(&parts.method) {
        return Err(Failure::new(Failure::GENERIC, "use GET or POST"));
    }
    if parts.method != Method::POST {
        return Ok((parts, Bytes::new()));
    }
    let body = extract::read(Request::new(body), LONG_LIST_BYTES).await?;
    Ok((parts, body))
}

/// What is sent without a word about it is a form too.
fn is_form(parts: &Parts) -> bool {
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
    kind.is_none_or(|kind| kind.eq_ignore_ascii_case(FORM))
}

fn with_origin(mut response: Response) -> Response {
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, EVERYBODY);
    response.headers_mut().insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EVERYBODY);
    response
}

/// Browsers ask before a page of another site may send what a form cannot.
fn preflight() -> Response {
    let allowed = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD, POST")),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, EVERYBODY),
        (header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400")),
    ];
    with_origin((StatusCode::NO_CONTENT, allowed).into_response())
}
