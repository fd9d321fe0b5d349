//! Merges: small segments become larger ones beside everything else. One of a million documents
//! takes half a minute, and nobody waits for it.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
    thread,
    time::Duration,
};

use tantivy::{
    FutureResult, Index, IndexWriter, SegmentMeta,
    index::SegmentId,
    merge_policy::{LogMergePolicy, MergePolicy},
};
use tokio::time::Instant;

use crate::error::IndexError;

/// Segments of like size are merged when there are as many.
const SEGMENTS_OF_A_SIZE: usize = 4;
/// After a merge that failed, which may have taken half a minute and all room there was.
const PAUSE: Duration = Duration::from_mins(10);
/// How often, and after which time each, an end is looked for that somebody waits for.
const LOOKS: u32 = 50;
const LOOK: Duration = Duration::from_millis(20);

/// At most one merge at a time.
pub(crate) struct Merging {
    policy: LogMergePolicy,
    running: Option<Pin<Box<FutureResult<Option<SegmentMeta>>>>>,
    /// All segments are to become one.
    unites: bool,
    /// No other one begins before this.
    not_before: Option<Instant>,
}

impl Merging {
    pub(crate) fn new() -> Self {
        let mut policy = LogMergePolicy::default();
        policy.set_min_num_segments(SEGMENTS_OF_A_SIZE);
        Self { policy, running: None, unites: false, not_before: None }
    }

    pub(crate) fn runs(&self) -> bool {
        self.running.is_some()
    }

    /// After a telling many segments are of like size, and a query looks at each of them: one is
    /// quicker.
    pub(crate) fn unite(&mut self) {
        self.unites = true;
    }

    /// Begins the merge that is due, unless one runs or failed a moment ago.
    pub(crate) fn begin(
        &mut self,
        index: &Index,
        writer: &mut IndexWriter,
    ) -> Result<(), IndexError> {
        if self.runs() || self.not_before.is_some_and(|time| Instant::now() < time) {
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

    /// How the merge of `writer` went, once it has ended.
    pub(crate) fn ended(&mut self, writer: &IndexWriter) -> Option<Result<(), IndexError>> {
        let ended = self.look()?;
        if ended.is_err() {
            self.not_before = Some(Instant::now() + PAUSE);
            // Of what it has written nothing is of use, and the room is.
            if let Err(error) = writer.garbage_collect_files().wait() {
                tracing::warn!(%error, "what a merge left cannot be removed");
            }
        }
        Some(ended.map_err(IndexError::from))
    }

    fn look(&mut self) -> Option<tantivy::Result<()>> {
        let running = self.running.as_mut()?;
        let mut nobody = Context::from_waker(Waker::noop());
        let Poll::Ready(ended) = running.as_mut().poll(&mut nobody) else { return None };
        self.running = None;
        Some(ended.map(drop))
    }

    /// Waits a second at most: merges of small segments end within it.
    pub(crate) fn wait_a_moment(&mut self) {
        for _ in 0..LOOKS {
            if !self.runs() || self.look().is_some() {
                return;
            }
            thread::sleep(LOOK);
        }
    }

    /// Waits until nothing writes any more. A merge that has begun cannot be broken off.
    pub(crate) fn wait(mut self) {
        // What was looked at once cannot be waited for otherwise.
        while self.runs() && self.look().is_none() {
            thread::sleep(LOOK);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        path::Path,
        sync::{
            Arc, Mutex,
            atomic::{AtomicUsize, Ordering},
        },
    };

    use tantivy::{
        Directory, IndexSettings, TantivyDocument,
        directory::{
            DirectoryLock, FileHandle, Lock, RamDirectory, WatchCallback, WatchHandle, WritePtr,
            error::{DeleteError, LockError, OpenReadError, OpenWriteError},
        },
        schema::{STRING, Schema},
    };

    use super::*;

    /// A disk with room for so many files, which takes none while somebody holds it.
    #[derive(Debug, Clone)]
    struct Disk {
        files: RamDirectory,
        room: Arc<AtomicUsize>,
        held: Arc<Mutex<()>>,
    }

    impl Disk {
        fn new() -> Self {
            let room = Arc::new(AtomicUsize::new(usize::MAX));
            Self { files: RamDirectory::create(), room, held: Arc::default() }
        }
    }

    impl Directory for Disk {
        fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
            drop(self.held.lock().unwrap());
            let take = |room: usize| room.checked_sub(1);
            if self.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_err() {
                let full = io::ErrorKind::StorageFull.into();
                return Err(OpenWriteError::wrap_io_error(full, path.to_owned()));
            }
            self.files.open_write(path)
        }

        fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
            self.files.get_file_handle(path)
        }

        fn delete(&self, path: &Path) -> Result<(), DeleteError> {
            self.files.delete(path)
        }

        fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
            self.files.exists(path)
        }

        fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
            self.files.atomic_read(path)
        }

        fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
            self.files.atomic_write(path, data)
        }

        fn sync_directory(&self) -> io::Result<()> {
            self.files.sync_directory()
        }

        fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
            self.files.acquire_lock(lock)
        }

        fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
            self.files.watch(callback)
        }
    }

    /// An index, and what adds a segment to it.
    fn index_on(disk: &Disk) -> (Index, IndexWriter, impl Fn(&mut IndexWriter) + use<>) {
        let mut schema = Schema::builder();
        let key = schema.add_text_field("key", STRING);
        let index = Index::create(disk.clone(), schema.build(), IndexSettings::default()).unwrap();
        let writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
        writer.set_merge_policy(Box::new(tantivy::merge_policy::NoMergePolicy));
        let add = move |writer: &mut IndexWriter| {
            let mut document = TantivyDocument::new();
            document.add_text(key, "one");
            writer.add_document(document).unwrap();
            writer.commit().unwrap();
        };
        (index, writer, add)
    }

    fn end(merging: &mut Merging, writer: &IndexWriter) -> Result<(), IndexError> {
        loop {
            if let Some(ended) = merging.ended(writer) {
                return ended;
            }
            thread::yield_now();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_merge_that_finds_no_room_leaves_nothing_and_is_done_later() {
        let disk = Disk::new();
        let room = Arc::clone(&disk.room);
        let (index, mut writer, add) = index_on(&disk);
        let mut merging = Merging::new();
        for _ in 0..SEGMENTS_OF_A_SIZE {
            merging.begin(&index, &mut writer).unwrap();
            assert!(!merging.runs(), "none is due");
            add(&mut writer);
        }
        let files = index.directory().list_managed_files();

        room.store(3, Ordering::Relaxed);
        merging.begin(&index, &mut writer).unwrap();
        assert!(matches!(end(&mut merging, &writer), Err(IndexError::DiskFull)));
        assert_eq!(index.directory().list_managed_files(), files, "it left something");
        room.store(usize::MAX, Ordering::Relaxed);
        merging.begin(&index, &mut writer).unwrap();
        assert!(!merging.runs(), "not again at once");
        add(&mut writer);

        tokio::time::advance(PAUSE).await;
        merging.begin(&index, &mut writer).unwrap();
        end(&mut merging, &writer).unwrap();
        let merged = index.searchable_segment_metas().unwrap();
        let documents: Vec<u32> = merged.iter().map(SegmentMeta::num_docs).collect();
        assert_eq!(documents, [5]);
    }

    #[test]
    fn a_merge_that_was_looked_at_is_waited_for() {
        let disk = Disk::new();
        let (index, mut writer, add) = index_on(&disk);
        for _ in 0..SEGMENTS_OF_A_SIZE {
            add(&mut writer);
        }
        let mut merging = Merging::new();
        let held = disk.held.lock().unwrap();
        merging.begin(&index, &mut writer).unwrap();
        assert!(merging.look().is_none() && merging.runs(), "the disk is held");
        thread::scope(|scope| {
            let waiting = scope.spawn(|| merging.wait());
            drop(held);
            waiting.join().unwrap();
        });
        assert_eq!(index.searchable_segment_metas().unwrap().len(), 1);
    }
}
