//! One call of an app: who makes it, what it says, and how it is answered.

use std::sync::Arc;

use axum::{body::Bytes, response::Response};
use hexachord_contracts::{
    Caller, Context, LibraryAccess,
    catalog::{Library, ListLibraries},
    ids::LibraryId,
};
use http::Method;
use serde::Serialize;

use super::{failure::Failure, frame::Frame, parameters::Parameters};
use crate::http::{arrival::Arrival, asked::Asked, credential::Who, edge::Edge};

pub(super) struct Call {
    pub(super) edge: Arc<Edge>,
    pub(super) who: Who,
    pub(super) arrival: Arrival,
    pub(super) parameters: Parameters,
    pub(super) frame: Frame,
    pub(super) method: Method,
    pub(super) asked: Asked,
    /// What was sent that is no form.
    pub(super) body: Bytes,
}

pub(super) type Outcome = Result<Response, Failure>;

impl Call {
    pub(super) fn context(&self) -> &Context {
        &self.who.context
    }

    /// What the caller is called.
    pub(super) fn username(&self) -> Result<&str, Failure> {
        let known = self.who.known.as_ref();
        let known = known.ok_or_else(|| Failure::new(Failure::GENERIC, "no key was shown"))?;
        Ok(&known.identity.account.username)
    }

    /// What the app calls itself: one device of the account, whatever it tells of plays.
    pub(super) fn device(&self) -> String {
        self.parameters.text("c").unwrap_or_default().to_owned()
    }

    pub(super) fn answer<T: Serialize>(&self, name: &'static str, body: &T) -> Outcome {
        self.frame.answer(name, body)
    }

    pub(super) fn done(&self) -> Outcome {
        self.frame.empty()
    }

    pub(super) async fn libraries(&self) -> Result<Vec<Library>, Failure> {
        Ok(self.edge.catalog.call(self.context(), ListLibraries {}).await?)
    }

    /// The caller as one who sees nothing but the music folder that is asked for, if one is.
    pub(super) async fn narrowed(&self) -> Result<Context, Failure> {
        let mut context = self.context().clone();
        let Some(folder) = self.parameters.number::<i32>("musicFolderId")? else {
            return Ok(context);
        };
        let libraries = self.libraries().await?;
        let library = libraries.iter().find(|library| folder_number(library.id) == folder);
        let library = library.ok_or_else(|| Failure::not_found("music folder"))?.id;
        if let Caller::Account { libraries, .. } = &mut context.caller {
            *libraries = LibraryAccess::Only([library].into());
        }
        Ok(context)
    }
}

/// The number of a library: music folders have no text as their ids. It stays while the library keeps
/// its name.
pub(super) fn folder_number(library: LibraryId) -> i32 {
    // Positive, and never 0, which some clients take for 'all'.
    let folded = (library.0 ^ (library.0 >> 32)) & 0x7fff_fffe;
    i32::try_from(folded).unwrap_or(0) | 1
}
