//! Scans of the libraries.

use hexachord_contracts::{
    Caller, Context,
    catalog::{GetScan, ScanState, StartScan},
};
use serde::Serialize;

use super::super::call::{Call, Outcome};

/// Everybody may know whether one goes on.
pub(super) async fn status(call: &Call) -> Outcome {
    let as_program = Context { caller: Caller::System, ..call.context().clone() };
    let state = call.edge.catalog.call(&as_program, GetScan::default()).await?;
    told(call, &state).await
}

pub(super) async fn start(call: &Call) -> Outcome {
    let full = call.parameters.flag("fullScan")?.unwrap_or(false);
    let start = StartScan { full, accept_losses: false };
    let state = call.edge.catalog.call(call.context(), start).await?;
    told(call, &state).await
}

async fn told(call: &Call, state: &ScanState) -> Outcome {
    #[derive(Serialize)]
    struct ScanStatus {
        scanning: bool,
        /// Songs in the libraries that the caller may see.
        count: u64,
    }
    let count = call.libraries().await?.iter().map(|library| library.track_count).sum();
    call.answer("scanStatus", &ScanStatus { scanning: state.is_running(), count })
}
