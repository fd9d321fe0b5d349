//! Writing the open index: edits, commits and merges.

use std::{path::PathBuf, time::Duration};

use hexachord_contracts::{feed::FeedCursor, follow::News};
use tantivy::{
    Index, IndexReader, IndexWriter, indexer::IndexWriterOptions, merge_policy::NoMergePolicy,
};
use tokio::time::Instant;

use crate::{
    committed::{Committed, Source},
    documents::Edit,
    error::IndexError,
    merging::Merging,
    opening::{self, Opened},
    resources::Published,
    schema::Fields,
    view::View,
};

/// The least that a writer takes; it fills it only when much is told at once.
const ARENA: usize = 15_000_000;
/// While more is told than this, it can be found piece by piece. More would also need more memory.
const MOST_UNCOMMITTED: usize = 2_000;
const LONGEST_UNCOMMITTED: Duration = Duration::from_secs(1);
/// So many changes that are nothing to search may go by before one is noted on disk.
const MOST_SKIPPED: u64 = 1000;

/// The open index, and what is not committed yet.
pub(crate) struct Open {
    folder: PathBuf,
    index: Index,
    reader: IndexReader,
    fields: Fields,
    committed: Committed,
    /// What the next commit says.
    pending: Committed,
    /// Only while there is something to write: it holds memory and threads.
    writer: Option<IndexWriter>,
    merging: Merging,
    uncommitted: usize,
    last_commit: Instant,
    /// The last state that was opened for queries.
    shown: View,
}

impl Open {
    pub(crate) fn new(opened: Opened, folder: PathBuf) -> Self {
        let Opened { index, reader, fields, view, .. } = opened;
        Self {
            folder,
            index,
            reader,
            fields,
            committed: view.committed,
            pending: view.committed,
            writer: None,
            merging: Merging::new(),
            uncommitted: 0,
            last_commit: Instant::now(),
            shown: view,
        }
    }

    /// Where a feed is read on after a failure.
    pub(crate) fn cursor(&self, source: Source) -> Option<FeedCursor> {
        self.committed.told(source).cursor
    }

    /// Whether anything waits for a commit.
    pub(crate) fn waits(&self) -> bool {
        self.pending != self.committed
    }

    pub(crate) fn take(
        &mut self,
        source: Source,
        news: News<Edit>,
        published: &Published,
    ) -> Result<(), IndexError> {
        match news {
            News::StartOver => {
                let told = self.pending.told_mut(source);
                told.telling += 1;
                told.cursor = None;
                let mut shown = published.view().committed;
                shown.told_mut(source).cursor = None;
                published.show_cursors(shown);
                Ok(())
            }
            News::Told(edits) => {
                self.edit(source, edits)?;
                if self.uncommitted >= MOST_UNCOMMITTED {
                    self.commit(published)?;
                    return self.rest(published);
                }
                Ok(())
            }
            News::ToldAll(cursor) => {
                self.forget_untold(source)?;
                self.pending.told_mut(source).cursor = Some(cursor);
                self.merging.unite();
                self.commit(published)?;
                if self.committed.is_complete()
                    && let Err(error) = opening::remove_set_aside(&self.folder)
                {
                    tracing::warn!(%error, "what was set aside cannot be removed");
                }
                self.rest(published)
            }
            News::Changed { items, cursor, more } => {
                self.edit(source, items)?;
                self.pending.told_mut(source).cursor = Some(cursor);
                if self.uncommitted == 0 && self.may_skip_to(source, cursor) {
                    published.show_cursors(self.pending);
                    return Ok(());
                }
                let is_full = self.uncommitted >= MOST_UNCOMMITTED;
                if !more || is_full || self.last_commit.elapsed() >= LONGEST_UNCOMMITTED {
                    self.commit(published)?;
                }
                self.rest(published)
            }
        }
    }

    /// A cursor alone is not worth a commit: after a crash a few changes are told again.
    fn may_skip_to(&self, source: Source, cursor: FeedCursor) -> bool {
        let committed = self.committed.told(source).cursor;
        committed.is_some_and(|at| {
            at.epoch == cursor.epoch && cursor.sequence.saturating_sub(at.sequence) < MOST_SKIPPED
        })
    }

    fn edit(&mut self, source: Source, edits: Vec<Edit>) -> Result<(), IndexError> {
        if edits.is_empty() {
            return Ok(());
        }
        let (fields, telling) = (self.fields, source.telling(self.pending.told(source).telling));
        let writer = self.writer()?;
        let mut changes = 0;
        for edit in edits {
            match edit {
                Edit::Replace { key, entries } => {
                    writer.delete_term(fields.of_key(&key));
                    for entry in &entries {
                        writer.add_document(entry.document(&fields, &key, &telling))?;
                    }
                    changes += entries.len().max(1);
                }
                Edit::RemoveOwned(account) => {
                    writer.delete_term(fields.of_owner(account));
                    changes += 1;
                }
            }
        }
        self.uncommitted += changes;
        Ok(())
    }

    /// Removes what earlier tellings of this feed told and the last one did not.
    fn forget_untold(&mut self, source: Source) -> Result<(), IndexError> {
        let fields = self.fields;
        let told = *self.pending.told(source);
        let writer = self.writer()?;
        for telling in told.complete..told.telling {
            writer.delete_term(fields.of_telling(&source.telling(telling)));
        }
        self.pending.told_mut(source).complete = told.telling;
        Ok(())
    }

    /// Makes everything that was taken durable, and then visible.
    pub(crate) fn commit(&mut self, published: &Published) -> Result<(), IndexError> {
        let pending = self.pending;
        let mut prepared = self.writer()?.prepare_commit()?;
        prepared.set_payload(&pending.to_payload()?);
        prepared.commit()?;
        self.committed = pending;
        self.uncommitted = 0;
        self.last_commit = Instant::now();
        self.show(pending, published)
    }

    fn show(&mut self, cursors: Committed, published: &Published) -> Result<(), IndexError> {
        self.reader.reload()?;
        // Only segments of this index are worth a look.
        let view = View::new(&self.reader.searcher(), &self.fields, cursors, &self.shown)?;
        published.prepare(&view)?;
        self.shown = view.clone();
        published.show_when_complete(view);
        Ok(())
    }

    fn writer(&mut self) -> Result<&mut IndexWriter, IndexError> {
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => self.begin_writing()?,
        };
        Ok(self.writer.insert(writer))
    }

    fn begin_writing(&self) -> Result<IndexWriter, IndexError> {
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(ARENA)
            .build();
        let writer: IndexWriter = self.index.writer_with_options(options)?;
        // What is due is begun by `Merging`, which nobody waits for.
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Ok(writer)
    }

    /// Ends the writer when nothing waits for it and no merge runs or is due.
    pub(crate) fn rest(&mut self, published: &Published) -> Result<(), IndexError> {
        let ended = self.writer.as_ref().and_then(|writer| self.merging.ended(writer));
        match ended {
            None => {}
            // What was merged is let go. The cursors may be ahead of the last commit.
            Some(Ok(())) => self.show(published.view().committed, published)?,
            Some(Err(error)) => self.merge_failed(&error)?,
        }
        let Some(writer) = &mut self.writer else { return Ok(()) };
        self.merging.begin(&self.index, writer)?;
        if self.uncommitted == 0 && !self.merging.runs() {
            self.writer = None;
        }
        Ok(())
    }

    /// What was to be merged is still there, unless it is damaged.
    fn merge_failed(&self, error: &IndexError) -> Result<(), IndexError> {
        tracing::warn!(%error, "segments of the index could not be merged");
        if matches!(error, IndexError::DiskFull) { Ok(()) } else { opening::check(&self.folder) }
    }

    /// Somebody should look again soon whether it can rest.
    pub(crate) fn is_merging(&self) -> bool {
        self.merging.runs()
    }

    /// Ends what writes before the same files are opened anew.
    pub(crate) fn leave(self) {
        let Self { writer, merging, .. } = self;
        // A merge that goes on without its writer changes nothing of the index.
        drop(writer);
        merging.wait();
    }

    /// Ends what writes at the end of the program, which a long merge does not hold up: it is due
    /// again after the next start.
    pub(crate) fn close(mut self) {
        self.merging.wait_a_moment();
    }
}
