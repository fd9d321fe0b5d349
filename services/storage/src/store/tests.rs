//! A store whose disk fills up and has room again.

use redb::{ReadableTableMetadata, StorageBackend, TableDefinition, backends::FileBackend};

use super::*;

const BLOBS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("blobs");

/// A file on a disk that has no room while `full` says so.
#[derive(Debug)]
struct Disk {
    file: FileBackend,
    full: Arc<AtomicBool>,
}

impl Disk {
    fn room(&self) -> io::Result<()> {
        if self.full.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.room()?;
        self.file.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.room()?;
        self.file.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.room()?;
        self.file.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.file.close()
    }
}

/// A store on such a disk. Once it is opened again, it is on the real one.
fn store_on(path: PathBuf, full: &Arc<AtomicBool>) -> Store {
    let file = File::create_new(&path).unwrap();
    let disk = Disk { file: FileBackend::new(file).unwrap(), full: Arc::clone(full) };
    let options = Options {
        name: "test",
        backing: Backing::File(path),
        schema: Schema::default(),
        cache_bytes: 1 << 20,
        readers: 1,
    };
    let database = Database::builder().create_with_backend(disk).unwrap();
    let epoch = migrate(&database, &options, 1).unwrap();
    let database = RwLock::new(Some(database));
    let files = Arc::new(Files { options, database, closed: AtomicBool::default() });
    let writer = Arc::new(Writer::start("test", Arc::clone(&files), 1).unwrap());
    let readers = Arc::new(Pool::new("test-read", 1, 4).unwrap());
    let feed = Arc::new(Pool::giving_way("test-feed", 1, 4, 5).unwrap());
    Store { files, readers, feed, writer, epoch }
}

fn insert(store: &Store, key: u64, bytes: usize) -> Result<(), StoreError> {
    store.write_blocking(move |write| {
        let blob = vec![7; bytes];
        write.open_table(BLOBS)?.insert(key, blob.as_slice())?;
        Ok(())
    })
}

/// Fills the disk for a write of `bytes`; what was there before and what comes after must be kept.
fn fills_up_at_a_write_of(bytes: usize) {
    let folder = tempfile::tempdir().unwrap();
    let full = Arc::new(AtomicBool::new(false));
    let store = store_on(folder.path().join("test.redb"), &full);
    insert(&store, 1, 10).unwrap();

    full.store(true, Ordering::Relaxed);
    assert_eq!(insert(&store, 2, bytes), Err(StoreError::DiskFull));

    // The writer opens the file again before it answers: the next write finds it healthy.
    insert(&store, 3, 10).unwrap();
    let kept = store.read_blocking(|read| {
        let blobs = read.open_table(BLOBS)?;
        Ok((blobs.len()?, blobs.get(1)?.is_some(), blobs.get(3)?.is_some()))
    });
    assert_eq!(kept, Ok((2, true, true)));
    store.close();
}

#[test]
fn a_disk_that_is_full_at_the_commit_is_named_and_loses_nothing() {
    fills_up_at_a_write_of(10);
}

#[test]
fn a_disk_that_is_full_inside_a_job_is_named_and_loses_nothing() {
    fills_up_at_a_write_of(20 << 20);
}
