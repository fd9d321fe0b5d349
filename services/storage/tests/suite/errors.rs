//! What goes wrong below a store, in words that say what to do.

use std::io::{self, ErrorKind};

use hexachord_storage::StoreError;

#[test]
fn a_full_disk_has_a_name_of_its_own() {
    for kind in [ErrorKind::StorageFull, ErrorKind::QuotaExceeded] {
        assert_eq!(StoreError::from(io::Error::from(kind)), StoreError::DiskFull);
    }
    let wrapped = redb::StorageError::Io(ErrorKind::StorageFull.into());
    assert_eq!(StoreError::from(wrapped), StoreError::DiskFull);
    let commit = redb::CommitError::Storage(redb::StorageError::Io(ErrorKind::StorageFull.into()));
    assert_eq!(StoreError::from(commit), StoreError::DiskFull);
}

#[test]
fn another_error_keeps_its_words() {
    let error = StoreError::from(io::Error::other("cable pulled"));
    assert_eq!(error.to_string(), "the store cannot be read or written: cable pulled");
}
