//! How a command reaches the platform: through the control socket of a running server, or by
//! opening the stores itself. Either way it speaks REST.

use std::{path::Path, sync::Arc};

use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::net::UnixStream;
use tokio_util::task::TaskTracker;

use super::read_files::worker;
use crate::{
    app::{App, StartError},
    config::Config,
    http::{arrival::Way, edge::Handler, server::control_path},
    options::Options,
};

#[derive(Debug, thiserror::Error)]
pub(super) enum BackendError {
    #[error(transparent)]
    Start(#[from] Box<StartError>),
    /// What the platform answered.
    #[error("{detail}")]
    Refused { status: StatusCode, detail: String },
    #[error("this program cannot find itself: {0}")]
    NoWorker(#[from] std::io::Error),
    #[error("the running server does not answer: {0}")]
    NoAnswer(String),
}

pub(super) enum Backend {
    Running(hyper::client::conn::http1::SendRequest<Body>),
    Own(Box<App>),
}

impl Backend {
    /// Finds a running server by its socket, else opens the data folder.
    pub(super) async fn find(config: Config) -> Result<Self, BackendError> {
        if let Some(running) = connect(&control_path(&config.storage.data)).await? {
            return Ok(running);
        }
        let options = Options { offline: true, worker: Some(worker()?), ..Options::default() };
        let app = App::start(config, options).await.map_err(Box::new)?;
        Ok(Self::Own(Box::new(app)))
    }

    /// One request, and its JSON answer (`null` when it has none).
    pub(super) async fn ask<T: DeserializeOwned>(
        &mut self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<T, BackendError> {
        let request = Request::builder().method(method).uri(path).header(header::HOST, "control");
        let request = match body {
            Some(body) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        let request = request.map_err(|error| BackendError::NoAnswer(error.to_string()))?;
        let (status, bytes) = match self {
            Self::Running(sender) => {
                // The connection may still be busy with the end of the answer before.
                sender.ready().await.map_err(no_answer)?;
                let answer = sender.send_request(request).await.map_err(no_answer)?;
                let status = answer.status();
                (status, answer.into_body().collect().await.map_err(no_answer)?.to_bytes())
            }
            Self::Own(app) => {
                let handler: &Arc<Handler> = app.handler();
                let answer = handler.handle(Way::Control, request).await;
                let status = answer.status();
                let bytes = answer.into_body().collect().await;
                (
                    status,
                    bytes.map_err(|error| BackendError::NoAnswer(error.to_string()))?.to_bytes(),
                )
            }
        };
        if !status.is_success() {
            let problem: Value = serde_json::from_slice(&bytes).unwrap_or_default();
            let detail = problem["detail"].as_str().unwrap_or("no reason was given").to_owned();
            return Err(BackendError::Refused { status, detail });
        }
        let bytes = if bytes.is_empty() { &b"null"[..] } else { &bytes };
        serde_json::from_slice(bytes).map_err(|error| BackendError::NoAnswer(error.to_string()))
    }

    pub(super) async fn close(self) {
        if let Self::Own(app) = self {
            app.stop().await;
        }
    }
}

async fn connect(path: &Path) -> Result<Option<Backend>, BackendError> {
    // No socket, or one that nobody listens on: there is no server.
    let Ok(stream) = UnixStream::connect(path).await else { return Ok(None) };
    let (sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(no_answer)?;
    TaskTracker::new().spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "control connection ended");
        }
    });
    Ok(Some(Backend::Running(sender)))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn no_answer(error: hyper::Error) -> BackendError {
    BackendError::NoAnswer(error.to_string())
}
