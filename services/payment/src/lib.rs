//! Payment: plans, subscriptions, payments and the double-entry ledger.
//!
//! [`Resources`] live as long as the program; each incarnation of the service ([`Payment`]) works
//! on them. Facts are in a store; plans and the subscriptions that have not ended are mirrored in
//! memory, so that what an account may do is answered at once.

mod accounts;
mod due;
mod entitlement;
mod ledger;
mod machine;
mod mirror;
mod paging;
mod payments;
mod plan_rules;
mod plans;
mod postings;
mod provider;
mod reference;
mod resources;
mod service;
mod settings;
mod store;
mod subscriptions;

pub use resources::Resources;
pub use service::Payment;
pub use settings::Settings;
pub use store::{open_memory_store, open_store};
