//! What is searched: the segments of one commit, opened once for all queries until the next.

use std::sync::Arc;

use tantivy::{Searcher, SegmentReader};

use crate::{
    answers::Answers, committed::Committed, error::IndexError, schema::Fields, segment::Segment,
};

/// One state of the index.
#[derive(Clone, Default)]
pub(crate) struct View {
    pub(crate) segments: Arc<[Arc<Segment>]>,
    pub(crate) documents: u64,
    pub(crate) committed: Committed,
    /// Which of the indexes that were made while the program runs.
    pub(crate) of_index: u64,
    /// Found in these segments.
    pub(crate) answers: Arc<Answers>,
}

impl View {
    /// Segments that `before` has open already are not opened again.
    pub(crate) fn new(
        searcher: &Searcher,
        fields: &Fields,
        committed: Committed,
        before: &Self,
    ) -> Result<Self, IndexError> {
        let open = |reader: &SegmentReader| match before
            .segments
            .iter()
            .find(|it| it.has_documents_of(reader))
        {
            Some(segment) if segment.has_deletions_of(reader) => Ok(Arc::clone(segment)),
            Some(segment) => {
                Segment::open(reader, fields, Arc::clone(&segment.boosts)).map(Arc::new)
            }
            None => Segment::open(reader, fields, Arc::default()).map(Arc::new),
        };
        let segments: Result<Vec<_>, _> = searcher.segment_readers().iter().map(open).collect();
        let documents = searcher.num_docs();
        Ok(Self {
            segments: segments?.into(),
            documents,
            committed,
            of_index: before.of_index,
            answers: Arc::default(),
        })
    }

    /// How many documents all segments have, with those that are deleted.
    pub(crate) fn length(&self) -> usize {
        self.segments.iter().map(|segment| segment.length()).sum()
    }
}
