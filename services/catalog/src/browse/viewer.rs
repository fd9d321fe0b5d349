//! Who looks: the libraries that a caller may see.

use hexachord_contracts::{Caller, Context, LibraryAccess, catalog::CatalogError, ids::LibraryId};

#[derive(Debug, Clone)]
pub(crate) struct Viewer(LibraryAccess);

impl Viewer {
    /// Accounts and the program may browse.
    pub(crate) fn of(context: &Context) -> Result<Self, CatalogError> {
        match &context.caller {
            Caller::System => Ok(Self::everything()),
            Caller::Account { libraries, .. } => Ok(Self(libraries.clone())),
            Caller::Anonymous => Err(CatalogError::Forbidden),
        }
    }

    pub(crate) fn everything() -> Self {
        Self(LibraryAccess::All)
    }

    #[cfg(test)]
    pub(crate) fn of_access(libraries: LibraryAccess) -> Self {
        Self(libraries)
    }

    /// Somebody who may see nothing else.
    pub(crate) fn of_library(library: LibraryId) -> Self {
        Self(LibraryAccess::Only([library].into()))
    }

    pub(crate) fn access(&self) -> &LibraryAccess {
        &self.0
    }

    pub(crate) fn sees(&self, library: LibraryId) -> bool {
        self.0.allows(library)
    }
}
