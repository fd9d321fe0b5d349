//! Stores on redb: group commit, reads off the runtime, versioned values, schemas, outboxes.
//!
//! A library, not a service: each service that owns facts opens one [`Store`] of its own. The
//! store outlives the incarnations of its service, so a panic never has to reopen a file.

mod error;
mod outbox;
mod record;
mod schema;
mod store;
mod writer;

pub use error::StoreError;
pub use outbox::Outbox;
pub use record::Record;
pub use schema::{Migration, Schema};
pub use store::{Backing, Options, Store};
