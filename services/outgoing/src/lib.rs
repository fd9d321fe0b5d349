//! Requests that leave the house: one guarded client for all of them.
//!
//! An address that somebody else chose (a feed, a picture, a redirect) must not be turned at what is
//! only reachable from inside: this machine, the home network, a cloud's metadata. The check is made
//! on the address that is connected to, after names were resolved and for every redirect again, so
//! there is nothing to be swapped between check and use. No proxy of the environment is asked: it
//! would be a way around the check.

mod address;
mod answer;
mod client;
mod connection;
mod error;
mod guard;
mod inflate;
mod network;

pub use address::is_public;
pub use answer::Answer;
pub use client::{Client, Lookup, Resolver};
pub use error::OutgoingError;
pub use guard::Guard;
pub use network::{Network, NotANetwork};
