//! Analysis: what is found out about tracks by listening to them, in the background and at low priority.

mod albums;
mod gains;
mod listener;
mod state;
mod walk;

pub use gains::GainsFrom;
pub(crate) use gains::measured_gains;
pub(crate) use listener::{ListenerSetup, start as start_listener};
pub(crate) use state::count;
