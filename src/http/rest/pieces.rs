//! Answers that are made and sent piece by piece: each piece has time of its own, and what fails breaks
//! the answer off, so that nobody takes a part for the whole.

use std::time::Duration;

use hexachord_contracts::{CallError, Context};
use tokio::time::Instant;

use crate::http::problem::Problem;

/// What one piece may take.
const PIECE: Duration = Duration::from_secs(30);

/// The same request with time for one more piece.
pub(super) fn anew(context: &Context) -> Context {
    Context { deadline: Instant::now() + PIECE, ..context.clone() }
}

/// Why an answer was broken off.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Broken(String);

impl From<Problem> for Broken {
    fn from(problem: Problem) -> Self {
        tracing::info!(reason = problem.detail, "an answer ends before its end");
        Self(problem.detail)
    }
}

impl<E> From<CallError<E>> for Broken
where
    Problem: From<CallError<E>>,
{
    fn from(error: CallError<E>) -> Self {
        Problem::from(error).into()
    }
}
