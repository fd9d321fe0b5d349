//! Errors of the services as problems: each is mapped once, here.

use hexachord_contracts::{
    CallError, authentication::AuthenticationError, catalog::CatalogError, payment::PaymentError,
    profile::ProfileError, recommendation::RecommendationError, search::SearchError,
};
use http::StatusCode;

use super::problem::Problem;

impl<E: Into<Self>> From<CallError<E>> for Problem {
    fn from(error: CallError<E>) -> Self {
        let (service, words, kind) = match error {
            CallError::Refused(refusal) => return refusal.into(),
            CallError::Unavailable { service, .. } => (service, "is restarting", "unavailable"),
            CallError::Overloaded { service } => (service, "has too much to do", "overloaded"),
            CallError::TimedOut { service } => (service, "did not answer in time", "timed-out"),
        };
        let detail = format!("the {service} service {words}: try again in a moment");
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, kind, detail).retry_after(1);
        Self { service: Some(service.to_string()), ..problem }
    }
}

impl From<AuthenticationError> for Problem {
    fn from(error: AuthenticationError) -> Self {
        use AuthenticationError as E;
        let detail = error.to_string();
        match error {
            E::WrongPassword => Self::new(StatusCode::UNAUTHORIZED, "wrong-password", detail),
            E::InvalidCredential | E::DeviceKeyNeeded => Self::unauthorized(detail),
            E::InvalidClaim => Self::new(StatusCode::FORBIDDEN, "invalid-claim", detail),
            E::InvalidInvite => Self::new(StatusCode::FORBIDDEN, "invalid-invite", detail),
            E::RegistrationClosed => {
                Self::new(StatusCode::FORBIDDEN, "registration-closed", detail)
            }
            E::InviteNeeded => Self::new(StatusCode::FORBIDDEN, "invite-needed", detail),
            E::Throttled { retry_after_seconds } => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "throttled", detail)
                    .retry_after(retry_after_seconds)
            }
            E::Invalid { field, .. } => Self::bad_request(field, detail),
            E::UsernameTaken(_) => {
                let problem = Self::new(StatusCode::CONFLICT, "username-taken", detail);
                Self { field: Some("username".to_owned()), ..problem }
            }
            E::Forbidden => Self::forbidden(detail),
            E::LastAdministrator => Self::new(StatusCode::CONFLICT, "last-administrator", detail),
            E::NotFound { what } => Self::not_found(&what),
            E::Busy => Self::busy(detail),
            E::DiskFull => Self::disk_full(detail),
            E::Storage(cause) => Self::storage_failed("authentication", &cause),
        }
    }
}

impl From<CatalogError> for Problem {
    fn from(error: CatalogError) -> Self {
        use CatalogError as E;
        let detail = error.to_string();
        match error {
            E::NotFound { what } => Self::not_found(&what),
            E::Missing => Self::new(StatusCode::NOT_FOUND, "file-missing", detail),
            E::Invalid { field, .. } => Self::bad_request(field, detail),
            E::Forbidden => Self::forbidden(detail),
            E::NameTaken(_) => {
                let problem = Self::new(StatusCode::CONFLICT, "name-taken", detail);
                Self { field: Some("name".to_owned()), ..problem }
            }
            E::NotKeptHere(_) => Self::new(StatusCode::CONFLICT, "not-kept-here", detail),
            E::UnusableCover(_) => Self::new(StatusCode::NOT_FOUND, "unusable-cover", detail),
            E::NotDownloaded => Self::new(StatusCode::NOT_FOUND, "not-downloaded", detail),
            E::NotMeasured(_) => Self::new(StatusCode::NOT_FOUND, "not-measured", detail),
            E::Busy => Self::busy(detail),
            E::DiskFull => Self::disk_full(detail),
            E::Storage(cause) => Self::storage_failed("catalog", &cause),
        }
    }
}

impl From<ProfileError> for Problem {
    fn from(error: ProfileError) -> Self {
        use ProfileError as E;
        let detail = error.to_string();
        match error {
            E::NotFound { what } => Self::not_found(&what),
            E::Invalid { field, reason } => {
                let field = match field.strip_prefix("tracks") {
                    Some(rest) => format!("track_ids{rest}"),
                    None if field == "at" => "position".to_owned(),
                    None => field,
                };
                let detail = format!("{field}: {reason}");
                Self::bad_request(field, detail)
            }
            E::NotYours | E::AdministratorsOnly | E::Forbidden => Self::forbidden(detail),
            E::Expired => Self::new(StatusCode::GONE, "expired", detail),
            E::Changed { .. } => Self::new(StatusCode::CONFLICT, "changed", detail),
            E::Busy => Self::busy(detail),
            E::DiskFull => Self::disk_full(detail),
            E::Storage(cause) => Self::storage_failed("profile", &cause),
        }
    }
}

impl From<SearchError> for Problem {
    fn from(error: SearchError) -> Self {
        use SearchError as E;
        let detail = error.to_string();
        match error {
            // The edge calls it `q`, as everybody does.
            E::Invalid { field, reason } if field == "query" => {
                Self::bad_request("q", format!("q: {reason}"))
            }
            E::Invalid { field, .. } => Self::bad_request(field, detail),
            E::Query { at, reason } => {
                Self::bad_request("q", format!("q, character {at}: {reason}"))
            }
            E::Forbidden => Self::forbidden(detail),
            E::Busy | E::NotReady(_) => Self::busy(detail),
            E::DiskFull => Self::disk_full(detail),
            E::Index(cause) => Self::storage_failed("search", &cause),
        }
    }
}

impl From<RecommendationError> for Problem {
    fn from(error: RecommendationError) -> Self {
        use RecommendationError as E;
        let detail = error.to_string();
        match error {
            E::NotFound { what } => Self::not_found(&what),
            E::Invalid { field, .. } => Self::bad_request(field, detail),
            E::Unheard => Self::new(StatusCode::NOT_FOUND, "not-measured", detail),
            E::Forbidden => Self::forbidden(detail),
            E::Busy => Self::busy(detail),
            E::DiskFull => Self::disk_full(detail),
            E::Storage(cause) => Self::storage_failed("recommendation", &cause),
        }
    }
}

impl From<PaymentError> for Problem {
    fn from(error: PaymentError) -> Self {
        use PaymentError as E;
        let detail = error.to_string();
        let conflict = |kind, detail| Self::new(StatusCode::CONFLICT, kind, detail);
        match error {
            E::NotFound { what } => Self::not_found(&what),
            E::Invalid { field, reason } => {
                let is_within =
                    ["max_bitrate_kbps", "concurrent_streams"].contains(&field.as_str());
                let field = if is_within { format!("entitlements.{field}") } else { field };
                let detail = format!("{field}: {reason}");
                Self::bad_request(field, detail)
            }
            E::Forbidden | E::NoAccount => Self::forbidden(detail),
            E::NameTaken(_) => {
                Self { field: Some("name".to_owned()), ..conflict("name-taken", detail) }
            }
            E::AlreadySubscribed => conflict("already-subscribed", detail),
            E::Archived => conflict("plan-archived", detail),
            E::NothingToPay => conflict("nothing-to-pay", detail),
            E::FreePlanNeeded => conflict("free-plan-needed", detail),
            E::ProviderUnavailable => Self::bad_request("provider", detail),
            E::WrongSubscriptionState { .. } | E::WrongPaymentState { .. } => {
                conflict("wrong-state", detail)
            }
            E::Overflow => conflict("ledger-full", detail),
            E::Busy => Self::busy(detail),
            E::DiskFull => Self::disk_full(detail),
            E::Storage(cause) => Self::storage_failed("payment", &cause),
        }
    }
}

impl Problem {
    fn busy(detail: String) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", detail).retry_after(1)
    }

    fn disk_full(detail: String) -> Self {
        Self::new(StatusCode::INSUFFICIENT_STORAGE, "disk-full", detail)
    }

    /// The cause is for the log: it may name what a client should not know.
    fn storage_failed(service: &str, cause: &str) -> Self {
        tracing::error!(service, cause, "storage failed");
        let detail = "the data could not be read or written: the server's log says why";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "storage-failed", detail)
    }
}
