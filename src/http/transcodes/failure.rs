//! Why a stream ends before its end.

use std::sync::Arc;

use hexachord_audio::{DecodeError, EncodeError, TranscodeError};
use http::StatusCode;

use crate::http::{file_body::FileBodyError, problem::Problem};

/// Told as a problem before the first byte, and by cutting the connection after it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Failure {
    #[error("the file cannot be decoded: {0}")]
    Undecodable(Arc<str>),
    #[error("{0}")]
    Unencodable(Arc<str>),
    #[error("the file cannot be read: {0}")]
    Unreadable(Arc<str>),
    #[error("the file has less music than it says")]
    Short,
    #[error("the stream broke off")]
    BrokenOff,
    #[error("{}", .0.detail)]
    Refused(Box<Problem>),
}

impl From<&DecodeError> for Failure {
    fn from(error: &DecodeError) -> Self {
        match error {
            DecodeError::Unreadable(error) => Self::Unreadable(error.to_string().into()),
            error => Self::Undecodable(error.to_string().into()),
        }
    }
}

impl From<&TranscodeError> for Failure {
    fn from(error: &TranscodeError) -> Self {
        match error {
            TranscodeError::Decode(error) => error.into(),
            TranscodeError::Encode(error @ EncodeError::Unsupported(_)) => {
                Self::Unencodable(error.to_string().into())
            }
            TranscodeError::Encode(EncodeError::Failed { .. }) => Self::BrokenOff,
        }
    }
}

impl From<FileBodyError> for Failure {
    fn from(error: FileBodyError) -> Self {
        tracing::warn!(%error, "a stream that is being made cannot be read");
        Self::BrokenOff
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Refused(Box::new(problem))
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let detail = failure.to_string();
        match failure {
            Failure::Refused(problem) => *problem,
            Failure::Undecodable(_) | Failure::Short => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "undecodable", detail)
            }
            Failure::Unencodable(_) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unencodable", detail)
            }
            Failure::Unreadable(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "file-unreadable", detail).retry_after(2)
            }
            Failure::BrokenOff => {
                let detail = "the stream could not be made: the server's log says why";
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "broken-off", detail)
            }
        }
    }
}
