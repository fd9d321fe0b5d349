//! The last lines of the server's log, for administrators.

use std::{sync::Arc, time::Duration};

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout_at};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    http::{
        credential::Administrator,
        edge::Edge,
        extract::Parameters,
        problem::{Problem, ProblemBody},
    },
    logging::{Found, LogLevel, LogLine, recent},
};

const USUAL: u32 = 200;
const MOST: u32 = 2_000;
/// A client that waits for news is answered after so long at the latest.
const LONGEST_WAIT_MS: u64 = 10_000;

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(read))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LogParameters {
    /// Lines that are as grave as this, or graver; absent: `info`. What `log.level` leaves out is not kept.
    #[param(inline)]
    level: Option<LogLevel>,
    /// 1 to 2,000; absent: 200.
    #[param(minimum = 1, maximum = 2000)]
    limit: Option<u32>,
    /// `last` of an answer before: only lines behind it. Absent: the last lines.
    after: Option<u64>,
    /// Waits for so many milliseconds (at most 10,000) while there is no such line.
    wait_ms: Option<u64>,
}

#[derive(Serialize, ToSchema)]
struct Log {
    /// The newest last.
    items: Vec<LogLine>,
    /// Where to go on from, as `after`.
    last: u64,
    /// Some lines behind `after` are kept no longer.
    skipped: bool,
}

/// The last lines of the log since the server started; the last 2,000 are kept. Requests for it are not
/// among them.
#[utoipa::path(get, path = "/log", tag = "administration", params(LogParameters), responses(
    (status = 200, body = Log), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
async fn read(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Parameters(parameters): Parameters<LogParameters>,
) -> Result<Json<Log>, Problem> {
    let LogParameters { level, limit, after, wait_ms } = parameters;
    let limit = limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::bad_request("limit", format!("limit: must be 1 to {MOST}")));
    }
    let (level, limit) = (level.unwrap_or(LogLevel::Info), limit as usize);
    let log = recent();
    log.leave_out(context.request_id);
    let wait = Duration::from_millis(wait_ms.unwrap_or(0).min(LONGEST_WAIT_MS));
    let until = Instant::now() + wait;
    let mut told = log.watch();
    loop {
        told.mark_unchanged();
        let Found { lines, last, skipped } = log.find(level, after, limit);
        let news = async {
            tokio::select! {
                changed = told.changed() => changed.is_ok(),
                () = edge.draining.cancelled() => false,
            }
        };
        if !lines.is_empty() || !timeout_at(until, news).await.unwrap_or(false) {
            return Ok(Json(Log { items: lines, last, skipped }));
        }
    }
}
