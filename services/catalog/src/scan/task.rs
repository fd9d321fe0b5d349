//! What a scan is to do.

use std::{collections::BTreeMap, time::Duration};

use hexachord_contracts::{catalog::NoticedBy, ids::LibraryId};

use crate::walk::Folders;

/// Places in libraries, only of those with any.
pub(crate) type Places = BTreeMap<LibraryId, Folders>;

/// How somebody wants everything to be scanned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Read every file again.
    pub(crate) full: bool,
    pub(crate) accept_losses: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum Task {
    /// All libraries.
    Everything(Asked),
    /// Places where something was noticed.
    Noticed(Places, NoticedBy),
}

impl Task {
    pub(super) fn is_everything(&self) -> bool {
        matches!(self, Self::Everything(_))
    }

    pub(super) fn is_full(&self) -> bool {
        matches!(self, Self::Everything(Asked { full: true, .. }))
    }

    pub(super) fn accepts_losses(&self) -> bool {
        matches!(self, Self::Everything(Asked { accept_losses: true, .. }))
    }

    /// Where this library is looked at, if it is.
    pub(super) fn folders(&self, library: LibraryId) -> Option<Folders> {
        match self {
            Self::Everything(_) => Some(Folders::everything()),
            Self::Noticed(places, _) => places.get(&library).cloned(),
        }
    }

    /// How long a file must have been as it is, by two looks at it. Where nothing tells of a file
    /// that is being written, waiting longer costs nobody anything.
    pub(super) fn apart(&self) -> Duration {
        match self {
            Self::Everything(_) | Self::Noticed(_, NoticedBy::Watch) => Duration::from_millis(50),
            Self::Noticed(_, NoticedBy::Poll) => Duration::from_millis(1500),
        }
    }
}
