//! Why a station is not heard, and what a client is told of it.

use hexachord_outgoing::OutgoingError;
use http::StatusCode;

use super::{MOST, playlist::NoEntry};
use crate::http::problem::Problem;

/// Somebody stops listening now and then.
const TRY_AGAIN_SECONDS: u64 = 30;

/// A sentence for people.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(
        "{MOST} stations are listened to already, as many as the server passes on: try again later"
    )]
    TooMany,
    #[error("the station cannot be heard: {0}")]
    Away(#[from] OutgoingError),
    #[error("the station cannot be heard: {host} answers with status {status}")]
    Refused { host: String, status: u16 },
    #[error("the address of the station leads to no sound: {host} sends {kind}")]
    NoSound { host: String, kind: String },
    #[error("the address of the station leads to a playlist of {host}: {error}")]
    Playlist { host: String, error: NoEntry },
    #[error(
        "the playlist of the station leads to another playlist, of {host}: use the address in that"
    )]
    Nested { host: String },
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let detail = failure.to_string();
        let (status, kind) = match failure {
            Failure::TooMany => {
                let status = StatusCode::SERVICE_UNAVAILABLE;
                return Self::new(status, "too-many-stations", detail)
                    .retry_after(TRY_AGAIN_SECONDS);
            }
            Failure::Away(OutgoingError::TooSlow { .. }) => {
                (StatusCode::GATEWAY_TIMEOUT, "station-too-slow")
            }
            Failure::Away(_) | Failure::Refused { .. } => (StatusCode::BAD_GATEWAY, "station-away"),
            Failure::NoSound { .. } | Failure::Playlist { .. } | Failure::Nested { .. } => {
                (StatusCode::BAD_GATEWAY, "no-sound")
            }
        };
        tracing::info!(detail, "a station is not heard");
        Self::new(status, kind, detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_too_slow_is_told_apart() {
        let host = || "radio.example".to_owned();
        let status = |error: OutgoingError| Problem::from(Failure::from(error)).status;
        assert_eq!(status(OutgoingError::TooSlow { host: host() }), StatusCode::GATEWAY_TIMEOUT);
        assert_eq!(status(OutgoingError::Inside { host: host() }), StatusCode::BAD_GATEWAY);
    }
}
