//! The threads that transcodes run on.

use http::StatusCode;
use tokio_util::task::TaskTracker;

use crate::http::problem::Problem;

/// As `nice` counts: whoever answers requests and sends files goes first.
#[cfg(target_os = "linux")]
const PRIORITY: i32 = 5;

/// Runs `work` on a thread of its own. A panic in it costs that thread.
pub(super) fn spawn(
    threads: &TaskTracker,
    work: impl FnOnce() + Send + 'static,
) -> Result<(), Problem> {
    let counted = threads.token();
    let thread = std::thread::Builder::new().name("transcode".to_owned()).spawn(move || {
        let _counted = counted;
        // Elsewhere it would hold for the whole process.
        #[cfg(target_os = "linux")]
        rustix::process::setpriority_process(None, PRIORITY).ok();
        work();
    });
    thread.map(drop).map_err(|error| {
        tracing::warn!(%error, "no thread for a transcode");
        let detail = "the server has no thread for this stream: try again in a moment";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", detail).retry_after(2)
    })
}
