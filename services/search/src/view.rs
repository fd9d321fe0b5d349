//! What is searched: the segments of one commit, opened once for all queries until the next.

use std::sync::Arc;

use tantivy::{
    DocId, InvertedIndexReader, Searcher, SegmentReader, TantivyError,
    columnar::{ColumnValues, StrColumn},
};

use crate::{
    committed::Committed,
    error::IndexError,
    schema::{Fields, ID, KIND, LIBRARY, ORDER, OWNER, PUBLIC, WHOLE},
};

/// One state of the index.
#[derive(Clone, Default)]
pub(crate) struct View {
    pub(crate) segments: Arc<[Segment]>,
    pub(crate) documents: u64,
    pub(crate) committed: Committed,
}

type Numbers = Arc<dyn ColumnValues<u64>>;

pub(crate) struct Segment {
    reader: SegmentReader,
    pub(crate) title: Words,
    pub(crate) others: Words,
    pub(crate) kind: Numbers,
    pub(crate) id: Numbers,
    pub(crate) library: Numbers,
    pub(crate) owner: Numbers,
    pub(crate) public: Numbers,
    pub(crate) order: Numbers,
    /// Whole names, as places in their sorted list.
    pub(crate) whole: StrColumn,
}

/// The words of one field, and the first letters of its words.
pub(crate) struct Words {
    pub(crate) all: Arc<InvertedIndexReader>,
    pub(crate) begins: Arc<InvertedIndexReader>,
}

impl View {
    pub(crate) fn new(
        searcher: &Searcher,
        fields: &Fields,
        committed: Committed,
    ) -> Result<Self, IndexError> {
        let segments = searcher.segment_readers().iter();
        let segments: Result<Vec<_>, _> = segments.map(|one| Segment::open(one, fields)).collect();
        Ok(Self { segments: segments?.into(), documents: searcher.num_docs(), committed })
    }
}

impl Segment {
    fn open(reader: &SegmentReader, fields: &Fields) -> Result<Self, IndexError> {
        let columns = reader.fast_fields();
        let damaged = |what: &str| IndexError::from(TantivyError::SchemaError(what.to_owned()));
        let numbers = |name| {
            let column = columns.u64(name)?;
            // A segment that claims another length would be read beyond its end.
            if column.num_docs() == reader.max_doc() {
                Ok(column.first_or_default_col(0))
            } else {
                Err(damaged("a column of another length"))
            }
        };
        let whole = columns.str(WHOLE)?.ok_or_else(|| damaged("no column of names"))?;
        Ok(Self {
            title: Words {
                all: reader.inverted_index(fields.title)?,
                begins: reader.inverted_index(fields.title_begins)?,
            },
            others: Words {
                all: reader.inverted_index(fields.others)?,
                begins: reader.inverted_index(fields.others_begin)?,
            },
            kind: numbers(KIND)?,
            id: numbers(ID)?,
            library: numbers(LIBRARY)?,
            owner: columns.column_first_or_default(OWNER)?,
            public: numbers(PUBLIC)?,
            order: numbers(ORDER)?,
            whole,
            reader: reader.clone(),
        })
    }

    pub(crate) fn length(&self) -> usize {
        self.reader.max_doc() as usize
    }

    pub(crate) fn is_deleted(&self, document: DocId) -> bool {
        self.reader.is_deleted(document)
    }
}
