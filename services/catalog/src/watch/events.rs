//! What an event of the file system says of a library.

use std::{os::unix::ffi::OsStrExt, path::Path, time::Instant};

use notify::{
    Event, EventKind,
    event::{AccessKind, AccessMode, CreateKind, ModifyKind, RemoveKind, RenameMode},
};

use super::changes::Changes;
use crate::walk::{Depth, is_hidden, is_of_interest};

/// Takes in an event below `root`. What is hidden is nobody's business.
pub(super) fn notice(changes: &mut Changes, root: &Path, event: &Event, now: Instant) {
    if event.need_rescan() {
        return changes.notice(Path::new(""), Depth::Deep, now);
    }
    if let EventKind::Modify(ModifyKind::Name(RenameMode::Both)) = event.kind {
        // Both ends of it were told of before: this is for files that are open for writing.
        if let [from, to] = &event.paths[..]
            && let (Some(from), Some(to)) = (below(root, from), below(root, to))
        {
            changes.arrive(from, to);
        }
        return;
    }
    for path in event.paths.iter().filter_map(|path| below(root, path)) {
        notice_one(changes, path, event.kind, now);
    }
}

fn notice_one(changes: &mut Changes, path: &Path, kind: EventKind, now: Instant) {
    let name = path.file_name().unwrap_or_default();
    let is_file = is_of_interest(name.as_bytes());
    match kind {
        EventKind::Access(AccessKind::Open(_)) => {
            if is_file {
                changes.open(path, now);
            }
        }
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => {
            changes.close(path);
            if is_file {
                changes.notice_beside(path, now);
            }
        }
        EventKind::Access(_) => {}
        EventKind::Create(CreateKind::Folder) => changes.appear(path, now),
        EventKind::Create(_) => {
            if is_file {
                changes.create(path, now);
            }
            // A link to a folder has any name.
            changes.notice_beside(path, now);
        }
        // It is looked at when it is closed.
        EventKind::Modify(ModifyKind::Data(_)) => {
            if is_file {
                changes.write(path, now);
            }
        }
        EventKind::Modify(ModifyKind::Metadata(_)) if is_file => changes.notice_beside(path, now),
        EventKind::Remove(RemoveKind::File) if is_file => {
            changes.leave(path);
            changes.notice_beside(path, now);
        }
        EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(RenameMode::From)) => {
            changes.leave(path);
            changes.notice(path, Depth::Deep, now);
            changes.notice_beside(path, now);
        }
        // A folder that may be read now, something that came from elsewhere, or who knows what.
        EventKind::Modify(_) | EventKind::Any | EventKind::Other => {
            changes.appear(path, now);
            changes.notice_beside(path, now);
        }
    }
}

/// The path below the library's folder, unless it is hidden.
fn below<'p>(root: &Path, path: &'p Path) -> Option<&'p Path> {
    let path = path.strip_prefix(root).ok()?;
    let is_visible = !path.iter().any(|name| is_hidden(name.as_bytes()));
    is_visible.then_some(path)
}

#[cfg(test)]
mod tests {
    use std::{path::PathBuf, time::Duration};

    use notify::event::{DataChange, Flag, MetadataKind};

    use super::*;

    fn after(events: &[(EventKind, &[&str])]) -> Changes {
        let mut changes = Changes::default();
        for (kind, paths) in events {
            let mut event = Event::new(*kind);
            event.paths = paths.iter().map(|path| PathBuf::from("/music").join(path)).collect();
            notice(&mut changes, Path::new("/music"), &event, Instant::now());
        }
        changes
    }

    fn places(mut changes: Changes) -> Vec<String> {
        changes.all_are_watched();
        let taken = changes.take(Instant::now() + Duration::from_secs(1));
        taken.iter().map(|(folder, depth)| format!("{} {depth:?}", folder.display())).collect()
    }

    const OPEN: EventKind = EventKind::Access(AccessKind::Open(AccessMode::Any));
    const CLOSE: EventKind = EventKind::Access(AccessKind::Close(AccessMode::Write));
    const CREATE: EventKind = EventKind::Create(CreateKind::File);
    const WRITE: EventKind = EventKind::Modify(ModifyKind::Data(DataChange::Any));
    const TOUCH: EventKind = EventKind::Modify(ModifyKind::Metadata(MetadataKind::Any));
    const FROM: EventKind = EventKind::Modify(ModifyKind::Name(RenameMode::From));
    const TO: EventKind = EventKind::Modify(ModifyKind::Name(RenameMode::To));
    const BOTH: EventKind = EventKind::Modify(ModifyKind::Name(RenameMode::Both));

    #[test]
    fn a_copied_file_is_written_until_it_is_closed() {
        let file: &[&str] = &["a/1.mp3"];
        let changes = after(&[(CREATE, file), (OPEN, file), (WRITE, file)]);
        assert_eq!(changes.being_written(), [PathBuf::from("a/1.mp3")]);
        let changes = after(&[(CREATE, file), (OPEN, file), (WRITE, file), (CLOSE, file)]);
        assert!(changes.being_written().is_empty());
        assert_eq!(places(changes), ["a Shallow"]);
        // It is open already when it is first seen.
        assert_eq!(after(&[(WRITE, file)]).being_written().len(), 1);
        let moved = after(&[
            (WRITE, file),
            (FROM, file),
            (TO, &["b/2.mp3"]),
            (BOTH, &["a/1.mp3", "b/2.mp3"]),
        ]);
        assert_eq!(moved.being_written(), [PathBuf::from("b/2.mp3")]);
    }

    #[test]
    fn whoever_reads_changes_nothing() {
        let changes = after(&[(OPEN, &["a/1.mp3"]), (OPEN, &["a"]), (OPEN, &[""])]);
        assert_eq!((changes.being_written().len(), places(changes).len()), (0, 0));
    }

    #[test]
    fn a_temporary_file_that_is_renamed_is_noticed_by_its_name() {
        let hidden: &[&str] = &["a/.1.mp3.Xy12"];
        let changes = after(&[
            (CREATE, hidden),
            (OPEN, hidden),
            (WRITE, hidden),
            (CLOSE, hidden),
            (TOUCH, hidden),
        ]);
        assert!(places(changes).is_empty());
        let changes =
            after(&[(FROM, hidden), (TO, &["a/1.mp3"]), (BOTH, &["a/.1.mp3.Xy12", "a/1.mp3"])]);
        assert_eq!(places(changes), ["a Shallow", "a/1.mp3 Deep"]);
    }

    #[test]
    fn folders_are_noticed_as_a_whole() {
        let made = after(&[(EventKind::Create(CreateKind::Folder), &["a/b"])]);
        assert_eq!(
            (made.appeared(), places(made)),
            (vec!["a/b".into()], vec!["a/b Deep".to_owned()])
        );
        let moved = after(&[(FROM, &["x"]), (TO, &["y"])]);
        assert_eq!(moved.appeared(), [PathBuf::from("y")]);
        assert_eq!(places(moved), [" Shallow", "x Deep", "y Deep"]);
        let gone = after(&[(EventKind::Remove(RemoveKind::Folder), &["a/b"])]);
        assert_eq!(places(gone), ["a Shallow", "a/b Deep"]);
    }

    #[test]
    fn a_retag_and_a_picture_are_noticed_and_other_files_are_not_read() {
        assert_eq!(places(after(&[(TOUCH, &["a/1.mp3"])])), ["a Shallow"]);
        assert_eq!(places(after(&[(CLOSE, &["a/cover.jpg"])])), ["a Shallow"]);
        assert!(places(after(&[(WRITE, &["a/notes.pdf"]), (CLOSE, &["a/notes.pdf"])])).is_empty());
        // Its name may be that of a link.
        assert_eq!(places(after(&[(CREATE, &["a/link"])])), ["a Shallow"]);
    }

    #[test]
    fn an_overflow_is_the_whole_library() {
        let mut changes = Changes::default();
        let event = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        notice(&mut changes, Path::new("/music"), &event, Instant::now());
        assert_eq!(places(changes), [" Deep"]);
    }
}
