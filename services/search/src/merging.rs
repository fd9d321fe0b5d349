//! Merges: small segments become larger ones beside everything else. One of a million documents
//! takes half a minute, and nobody waits for it.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use tantivy::{
    FutureResult, Index, IndexWriter, SegmentMeta,
    index::SegmentId,
    merge_policy::{LogMergePolicy, MergePolicy},
};

use crate::error::IndexError;

/// Segments of like size are merged when there are as many.
const SEGMENTS_OF_A_SIZE: usize = 4;

/// At most one merge at a time.
pub(crate) struct Merging {
    policy: LogMergePolicy,
    running: Option<Pin<Box<FutureResult<Option<SegmentMeta>>>>>,
    /// All segments are to become one.
    unites: bool,
}

impl Merging {
    pub(crate) fn new() -> Self {
        let mut policy = LogMergePolicy::default();
        policy.set_min_num_segments(SEGMENTS_OF_A_SIZE);
        Self { policy, running: None, unites: false }
    }

    pub(crate) fn runs(&self) -> bool {
        self.running.is_some()
    }

    /// After a telling many segments are of like size, and a query looks at each of them: one is
    /// quicker.
    pub(crate) fn unite(&mut self) {
        self.unites = true;
    }

    /// Begins the merge that is due, unless one runs.
    pub(crate) fn begin(
        &mut self,
        index: &Index,
        writer: &mut IndexWriter,
    ) -> Result<(), IndexError> {
        if self.runs() {
            return Ok(());
        }
        let segments = index.searchable_segment_metas()?;
        let due: Vec<SegmentId> = if self.unites {
            self.unites = false;
            segments.iter().map(SegmentMeta::id).collect()
        } else {
            let due = self.policy.compute_merge_candidates(&segments);
            due.into_iter().next().map(|due| due.0).unwrap_or_default()
        };
        if due.len() > 1 {
            self.running = Some(Box::pin(writer.merge(&due)));
        }
        Ok(())
    }

    /// Whether a merge has ended since the last look. One that failed is no harm: what it would have
    /// merged is still there.
    pub(crate) fn has_ended(&mut self) -> bool {
        let Some(running) = &mut self.running else { return false };
        let mut nobody = Context::from_waker(Waker::noop());
        let Poll::Ready(ended) = running.as_mut().poll(&mut nobody) else { return false };
        self.running = None;
        if let Err(error) = ended {
            tracing::warn!(%error, "segments of the index could not be merged");
        }
        true
    }
}
