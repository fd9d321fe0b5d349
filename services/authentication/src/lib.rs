//! Authentication: accounts, credentials, sessions, device keys, invites and the one throttle.
//!
//! [`Resources`] live as long as the program; each incarnation of the service ([`Authentication`])
//! works on them. Facts are in a store; a mirror of all of them in memory answers what is asked
//! with every request, and changes only after a commit.

mod accounts;
mod claim;
mod codes;
mod device_keys;
mod devices;
mod feed;
mod identify;
mod invites;
mod me;
mod mirror;
mod names;
mod passwords;
mod register;
mod resources;
mod secret_key;
mod service;
mod sessions;
mod settings;
mod sign_in;
mod store;
mod throttle;
mod tokens;

pub use resources::Resources;
pub use secret_key::{SecretKey, SecretKeyError};
pub use service::Authentication;
pub use settings::{PasswordCost, Registration, Settings};
pub use store::{open_memory_store, open_store};
