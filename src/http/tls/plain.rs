//! Plain HTTP on a port that speaks TLS: people forget the s.

use std::convert::Infallible;

use axum::{body::Body, response::Response};
use http::{HeaderValue, Request, StatusCode, header};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;

use crate::http::server::SLOWEST_HEADERS;

/// Sends one request to the same address over HTTPS.
pub async fn send_to_https(stream: TcpStream) {
    let mut connection = http1::Builder::new();
    connection.timer(TokioTimer::new()).header_read_timeout(SLOWEST_HEADERS).keep_alive(false);
    let answer = service_fn(|request| async move { Ok::<_, Infallible>(redirect(&request)) });
    // Whether it heard it is its own affair.
    drop(connection.serve_connection(TokioIo::new(stream), answer).await);
}

fn redirect(request: &Request<Incoming>) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let location = host.map(|host| format!("https://{host}{path}"));
    let location = location.and_then(|location| HeaderValue::from_str(&location).ok());
    let mut response = Response::new(Body::from("this port speaks HTTPS\n"));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    if let Some(location) = location {
        *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}
