//! Who asks: the libraries that a caller may see.

use hexachord_contracts::{
    Caller, Context, LibraryAccess,
    ids::{AccountId, LibraryId},
    recommendation::RecommendationError,
};

#[derive(Debug, Clone)]
pub(crate) struct Viewer {
    pub(crate) account: Option<AccountId>,
    libraries: LibraryAccess,
}

impl Viewer {
    /// Accounts and the program may ask.
    pub(crate) fn of(context: &Context) -> Result<Self, RecommendationError> {
        match &context.caller {
            Caller::System => Ok(Self { account: None, libraries: LibraryAccess::All }),
            Caller::Account { id, libraries, .. } => {
                Ok(Self { account: Some(*id), libraries: libraries.clone() })
            }
            Caller::Anonymous => Err(RecommendationError::Forbidden),
        }
    }

    pub(crate) fn libraries(&self) -> &LibraryAccess {
        &self.libraries
    }

    pub(crate) fn sees(&self, library: LibraryId) -> bool {
        self.libraries.allows(library)
    }
}
