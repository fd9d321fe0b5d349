//! The one thread that writes: it opens the index, and looks at it anew after every failure.

use std::{path::PathBuf, sync::Arc};

use hexachord_contracts::{feed::FeedCursor, follow::News};

use crate::{
    committed::Source,
    documents::Edit,
    error::IndexError,
    opening::{self, State},
    resources::Published,
    view::View,
    writing::Open,
};

/// Stands for the index that was set aside among those that are counted.
const SET_ASIDE: u64 = u64::MAX;

pub(crate) struct Indexer {
    folder: PathBuf,
    published: Arc<Published>,
    open: Option<Open>,
    /// Counts how often it was opened.
    opened: u64,
    /// Counts how often it was made.
    made: u64,
}

/// Where a feed is read on, and of which opening of the index that was said.
pub(crate) struct ReadOn {
    pub(crate) opened: u64,
    pub(crate) cursor: Option<FeedCursor>,
}

impl Indexer {
    pub(crate) fn new(folder: PathBuf, published: Arc<Published>) -> Self {
        Self { folder, published, open: None, opened: 0, made: 0 }
    }

    pub(crate) fn read_on(&mut self, source: Source) -> Result<ReadOn, IndexError> {
        let cursor = self.open()?.cursor(source);
        Ok(ReadOn { opened: self.opened, cursor })
    }

    /// Takes news that follow on what `opened` said. After an error everything since the last
    /// commit is forgotten, of both feeds, and the index is looked at anew.
    pub(crate) fn take(
        &mut self,
        opened: u64,
        source: Source,
        news: News<Edit>,
    ) -> Result<(), IndexError> {
        self.open()?;
        if opened != self.opened {
            return Err(IndexError::OpenedAnew);
        }
        let published = Arc::clone(&self.published);
        let taken = self.open()?.take(source, news, &published);
        self.looked_after(taken)
    }

    /// Lets go what was merged. Returns whether a merge runs: then the index wants another look.
    pub(crate) fn tidy(&mut self) -> Result<bool, IndexError> {
        let published = Arc::clone(&self.published);
        let Some(open) = &mut self.open else { return Ok(false) };
        let rested = open.rest(&published);
        if rested.is_err() {
            // Nobody else comes to open it again.
            self.published.suspect();
        }
        self.looked_after(rested)?;
        Ok(self.open.as_ref().is_some_and(Open::is_merging))
    }

    fn looked_after(&mut self, done: Result<(), IndexError>) -> Result<(), IndexError> {
        if done.is_err() {
            self.forget();
        }
        if self.open.as_ref().is_some_and(Open::is_merging) {
            self.published.tell_of_merge();
        }
        done
    }

    /// Opens the index unless it is open and still there.
    pub(crate) fn open_index(&mut self) -> Result<(), IndexError> {
        self.open().map(|_| ())
    }

    /// Forgets what is not committed; the index is looked at anew before it is used again.
    pub(crate) fn forget(&mut self) {
        if let Some(open) = self.open.take() {
            open.leave();
        }
    }

    /// [`Indexer::forget`], and opens the index.
    pub(crate) fn reopen(&mut self) -> Result<(), IndexError> {
        self.forget();
        self.open_index()
    }

    /// Commits what waits and ends the threads that write.
    pub(crate) fn close(&mut self) -> Result<(), IndexError> {
        let Some(mut open) = self.open.take() else { return Ok(()) };
        let is_due = open.waits() && opening::is_there(&self.folder);
        let committed = if is_due { open.commit(&self.published) } else { Ok(()) };
        open.close();
        committed
    }

    fn open(&mut self) -> Result<&mut Open, IndexError> {
        // Somebody may have removed the folder of a running program.
        if !opening::is_there(&self.folder) {
            self.forget();
        }
        let open = match self.open.take() {
            Some(open) => open,
            None => self.open_anew()?,
        };
        Ok(self.open.insert(open))
    }

    fn open_anew(&mut self) -> Result<Open, IndexError> {
        let mut opened = opening::open(&self.folder)?;
        self.opened += 1;
        self.made += u64::from(opened.state != State::Usable);
        opened.view.of_index = self.made;
        if opened.state == State::Damaged {
            // Who searches what is damaged is answered with errors.
            self.published.show(opened.view.clone());
        }
        if !opened.view.committed.is_complete()
            && let Some(before) = opening::set_aside_view(&self.folder)
        {
            self.published.show(View { of_index: SET_ASIDE, ..before });
        }
        self.published.show_when_complete(opened.view.clone());
        if opened.state != State::Usable {
            self.published.tell_of_new_index();
        }
        Ok(Open::new(opened, self.folder.clone()))
    }
}
