//! What went wrong, in the words and numbers of OpenSubsonic.

use hexachord_contracts::CallError;
use http::StatusCode;
use serde::Serialize;

use crate::http::problem::Problem;

/// The `error` of an answer; it comes with status 200.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Failure {
    pub(super) code: u32,
    pub(super) message: String,
    /// Where people find help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) help_url: Option<String>,
}

impl Failure {
    /// Whatever has no number of its own.
    pub(super) const GENERIC: u32 = 0;
    /// A parameter is missing, or not what it must be.
    pub(super) const PARAMETER: u32 = 10;
    pub(super) const CLIENT_TOO_OLD: u32 = 20;
    pub(super) const SERVER_TOO_OLD: u32 = 30;
    pub(super) const WRONG_CREDENTIALS: u32 = 40;
    /// It needs a device key.
    pub(super) const NO_PASSWORDS: u32 = 41;
    pub(super) const UNKNOWN_MECHANISM: u32 = 42;
    pub(super) const CONFLICTING_MECHANISMS: u32 = 43;
    pub(super) const INVALID_KEY: u32 = 44;
    pub(super) const FORBIDDEN: u32 = 50;
    pub(super) const NOT_FOUND: u32 = 70;

    pub(super) fn new(code: u32, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), help_url: None }
    }

    pub(super) fn missing(parameter: &str) -> Self {
        Self::new(Self::PARAMETER, format!("required parameter is missing: {parameter}"))
    }

    pub(super) fn wrong(parameter: &str, why: &str) -> Self {
        Self::new(Self::PARAMETER, format!("parameter {parameter}: {why}"))
    }

    pub(super) fn not_found(what: &str) -> Self {
        Self::new(Self::NOT_FOUND, format!("no such {what}"))
    }

    pub(super) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(Self::FORBIDDEN, message)
    }
}

/// The names of a call's fields, and of the parameters that they come from.
pub(super) type Names = [(&'static str, &'static str)];

impl Failure {
    /// A refusal that names what the app has sent, and not what the service calls it.
    pub(super) fn named(error: impl Into<Problem>, names: &Names) -> Self {
        let problem = error.into();
        let told = problem.field.as_deref().and_then(|field| {
            let (_, parameter) = names.iter().find(|(known, _)| field.starts_with(known))?;
            let reason = problem.detail.strip_prefix(field)?.strip_prefix(": ")?;
            Some(Self::wrong(parameter, reason))
        });
        told.unwrap_or_else(|| problem.into())
    }
}

/// Services' errors are problems first ([`crate::http::failures`]): their status has a number here.
impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let code = match problem.status {
            StatusCode::BAD_REQUEST | StatusCode::RANGE_NOT_SATISFIABLE => Self::PARAMETER,
            StatusCode::UNAUTHORIZED => Self::WRONG_CREDENTIALS,
            StatusCode::FORBIDDEN | StatusCode::PAYMENT_REQUIRED => Self::FORBIDDEN,
            StatusCode::NOT_FOUND => Self::NOT_FOUND,
            _ => Self::GENERIC,
        };
        Self::new(code, problem.detail)
    }
}

impl<E: Into<Problem>> From<CallError<E>> for Failure {
    fn from(error: CallError<E>) -> Self {
        Problem::from(error).into()
    }
}
