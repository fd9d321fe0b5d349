//! One segment of the index, open for queries.

use std::{io, sync::Arc};

use tantivy::{
    DocId, DocSet, InvertedIndexReader, SegmentReader, TERMINATED, TantivyDocument, TantivyError,
    columnar::{Column, ColumnValues, StrColumn},
    schema::{IndexRecordOption, Value},
    store::StoreReader,
};

use crate::{
    boosts::Boosts,
    entry::KindAndArticles,
    error::IndexError,
    query::Number,
    schema::{CODEC, Fields, GENRE, ID, KIND, LIBRARY, ORDER, OWNER, PUBLIC, WHOLE},
    vocabulary::Vocabulary,
};

/// Blocks of stored names that are kept: some kilobytes each.
const STORED_BLOCKS: usize = 8;

type Numbers = Arc<dyn ColumnValues<u64>>;

pub(crate) struct Segment {
    reader: SegmentReader,
    pub(crate) title: Words,
    pub(crate) others: Words,
    pub(crate) tagged: Arc<InvertedIndexReader>,
    pub(crate) lyrics: Arc<InvertedIndexReader>,
    pub(crate) id: Numbers,
    pub(crate) library: Numbers,
    pub(crate) owner: Numbers,
    pub(crate) public: Numbers,
    pub(crate) whole: StrColumn,
    /// Absent when no document has one.
    pub(crate) genres: Option<StrColumn>,
    pub(crate) codecs: Option<StrColumn>,
    numbers: [Option<Column>; Number::ALL.len()],
    /// By document, as are the next two: in memory, since one letter looks at half of them.
    kinds: Vec<u8>,
    /// Places of the whole names in their sorted list.
    pub(crate) names: Vec<u32>,
    pub(crate) orders: Vec<u64>,
    keys: Arc<InvertedIndexReader>,
    fields: Fields,
    store: StoreReader,
    pub(crate) boosts: Arc<Boosts>,
}

/// The words of one field, and the first letters of its words.
pub(crate) struct Words {
    pub(crate) all: Arc<InvertedIndexReader>,
    pub(crate) begins: Arc<InvertedIndexReader>,
    pub(crate) vocabulary: Vocabulary,
}

impl Segment {
    pub(crate) fn open(
        reader: &SegmentReader,
        fields: &Fields,
        boosts: Arc<Boosts>,
    ) -> Result<Self, IndexError> {
        let columns = reader.fast_fields();
        let numbers = |name| in_full(reader, columns.u64(name)?);
        let texts = |name| {
            let column = columns.str(name)?;
            let fits = |column: &StrColumn| column.ords().num_docs() == reader.max_doc();
            if column.as_ref().is_none_or(fits) { Ok(column) } else { Err(other_length()) }
        };
        let inverted = |field| {
            if Fields::has(field) {
                reader.inverted_index(field)
            } else {
                Ok(Arc::new(InvertedIndexReader::empty(IndexRecordOption::Basic)))
            }
        };
        let words = |all, begins| -> Result<_, IndexError> {
            let all = inverted(all)?;
            let vocabulary = Vocabulary::new(all.terms())?;
            Ok(Words { all, begins: inverted(begins)?, vocabulary })
        };
        let whole = columns.str(WHOLE)?.ok_or_else(|| damaged("no column of names"))?;
        let mut optional = [const { None }; Number::ALL.len()];
        for (column, number) in optional.iter_mut().zip(Number::ALL) {
            let found = columns.column_opt::<u64>(number.name())?;
            if found.as_ref().is_some_and(|found| found.num_docs() != reader.max_doc()) {
                return Err(other_length());
            }
            *column = found;
        }
        Ok(Self {
            title: words(fields.title, fields.title_begins)?,
            others: words(fields.others, fields.others_begin)?,
            tagged: inverted(fields.tagged)?,
            lyrics: inverted(fields.lyrics)?,
            id: numbers(ID)?,
            library: numbers(LIBRARY)?,
            owner: columns.column_first_or_default(OWNER)?,
            public: numbers(PUBLIC)?,
            genres: texts(GENRE)?,
            codecs: texts(CODEC)?,
            numbers: optional,
            kinds: in_memory(reader, &numbers(KIND)?)?,
            names: in_memory(reader, &in_full(reader, whole.ords().clone())?)?,
            orders: in_memory(reader, &numbers(ORDER)?)?,
            whole,
            keys: inverted(fields.key)?,
            fields: *fields,
            boosts,
            store: reader.get_store_reader(STORED_BLOCKS)?,
            reader: reader.clone(),
        })
    }

    pub(crate) fn has_documents_of(&self, reader: &SegmentReader) -> bool {
        self.reader.segment_id() == reader.segment_id()
    }

    pub(crate) fn has_deletions_of(&self, reader: &SegmentReader) -> bool {
        self.reader.delete_opstamp() == reader.delete_opstamp()
    }

    /// How many documents it has, with those that are deleted.
    pub(crate) fn length(&self) -> usize {
        self.reader.max_doc() as usize
    }

    pub(crate) fn is_deleted(&self, document: DocId) -> bool {
        self.reader.is_deleted(document)
    }

    #[inline]
    pub(crate) fn kind(&self, document: DocId) -> KindAndArticles {
        KindAndArticles::from_number(self.kinds[document as usize])
    }

    pub(crate) fn number(&self, number: Number, document: DocId) -> Option<u64> {
        self.numbers[number as usize].as_ref()?.first(document)
    }

    /// All documents of a key, also those that are deleted.
    pub(crate) fn each_of_key(&self, key: &str, mut each: impl FnMut(DocId)) -> io::Result<()> {
        let term = self.fields.of_key(key);
        let Some(mut found) = self.keys.read_postings(&term, IndexRecordOption::Basic)? else {
            return Ok(());
        };
        while found.doc() != TERMINATED {
            each(found.doc());
            found.advance();
        }
        Ok(())
    }

    /// The name as it is written.
    pub(crate) fn written_name(&self, document: DocId) -> Result<String, IndexError> {
        let document: TantivyDocument = self.store.get(document)?;
        let name = document.get_first(self.fields.name).and_then(|name| name.as_str());
        Ok(name.unwrap_or_default().to_owned())
    }
}

/// A column that has a value for each document.
fn in_full(reader: &SegmentReader, column: Column) -> Result<Numbers, IndexError> {
    // A segment that claims another length would be read beyond its end.
    if column.num_docs() == reader.max_doc() {
        Ok(column.first_or_default_col(0))
    } else {
        Err(other_length())
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

fn other_length() -> IndexError {
    damaged("a column of another length")
}

fn damaged(what: &str) -> IndexError {
    TantivyError::SchemaError(what.to_owned()).into()
}
