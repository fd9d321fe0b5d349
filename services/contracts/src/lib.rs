//! What services may know of each other: calls, clients, feeds and the types they exchange.
//!
//! This is the only crate that every service may depend on. A call is a plain serde struct whose
//! type fixes the reply and the error; a [`Client`] carries it to a mailbox in this process or
//! over a [`Wire`] to another one. Nothing here knows how a service does its work.

// The macro must be known before the contracts that use it.
#[macro_use]
mod contract_macro;

pub mod access;
pub mod authentication;
pub mod background;
pub mod call;
pub mod catalog;
pub mod client;
pub mod clock;
pub mod context;
pub mod decibels;
pub mod failpoints;
pub mod feed;
pub mod follow;
pub mod harness;
pub mod ids;
pub mod item;
pub mod page;
pub mod payment;
pub mod pool;
pub mod profile;
pub mod recommendation;
pub mod search;
pub mod service;
pub mod steady;
pub mod timestamp;
pub mod wire;

pub use access::LibraryAccess;
pub use background::Background;
pub use call::{Ask, Call, Contract, Envelope, Outcome};
pub use client::{CallError, Client, Mailbox, mailbox};
pub use clock::Clock;
pub use context::{Caller, Context, RequestId, Role};
pub use failpoints::Failpoints;
pub use item::{ItemId, ItemKind};
pub use page::Page;
pub use pool::Pool;
pub use service::{BoxError, Service};
pub use timestamp::Timestamp;
pub use wire::{Inbound, Loopback, Wire, WireError};
