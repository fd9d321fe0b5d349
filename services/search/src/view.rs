//! What is searched: the segments of one commit, opened once for all queries until the next.

use std::sync::Arc;

use tantivy::{
    DocId, InvertedIndexReader, Searcher, SegmentReader, TantivyError,
    columnar::{Column, ColumnValues, StrColumn},
};

use crate::{
    answers::Answers,
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
    /// Found in these segments.
    pub(crate) answers: Arc<Answers>,
}

type Numbers = Arc<dyn ColumnValues<u64>>;

pub(crate) struct Segment {
    reader: SegmentReader,
    pub(crate) title: Words,
    pub(crate) others: Words,
    pub(crate) id: Numbers,
    pub(crate) library: Numbers,
    pub(crate) owner: Numbers,
    pub(crate) public: Numbers,
    pub(crate) whole: StrColumn,
    /// By document, as are the next two: in memory, since one letter looks at half of them.
    pub(crate) kinds: Vec<u8>,
    /// Places of the whole names in their sorted list.
    pub(crate) names: Vec<u32>,
    pub(crate) orders: Vec<u64>,
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
        let (segments, documents) = (segments?.into(), searcher.num_docs());
        Ok(Self { segments, documents, committed, answers: Arc::default() })
    }
}

impl Segment {
    fn open(reader: &SegmentReader, fields: &Fields) -> Result<Self, IndexError> {
        let columns = reader.fast_fields();
        let numbers = |name| in_full(reader, columns.u64(name)?);
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
            id: numbers(ID)?,
            library: numbers(LIBRARY)?,
            owner: columns.column_first_or_default(OWNER)?,
            public: numbers(PUBLIC)?,
            kinds: in_memory(reader, &numbers(KIND)?)?,
            names: in_memory(reader, &in_full(reader, whole.ords().clone())?)?,
            orders: in_memory(reader, &numbers(ORDER)?)?,
            whole,
            reader: reader.clone(),
        })
    }

    /// How many documents it has, with those that are deleted.
    pub(crate) fn length(&self) -> usize {
        self.reader.max_doc() as usize
    }

    pub(crate) fn is_deleted(&self, document: DocId) -> bool {
        self.reader.is_deleted(document)
    }
}

/// A column that has a value for each document.
fn in_full(reader: &SegmentReader, column: Column) -> Result<Numbers, IndexError> {
    // A segment that claims another length would be read beyond its end.
    if column.num_docs() == reader.max_doc() {
        Ok(column.first_or_default_col(0))
    } else {
        Err(damaged("a column of another length"))
    }
}

fn in_memory<T: TryFrom<u64>>(
    reader: &SegmentReader,
    column: &Numbers,
) -> Result<Vec<T>, IndexError> {
    let documents = 0..reader.max_doc();
    let value = |document| T::try_from(column.get_val(document));
    documents.map(value).collect::<Result<_, _>>().map_err(|_large| damaged("a number too large"))
}

fn damaged(what: &str) -> IndexError {
    TantivyError::SchemaError(what.to_owned()).into()
}
