//! The edge: one HTTP server with the web page, REST and the probes in front of the services.

pub mod allowances;
pub mod app_key;
pub mod arrival;
pub mod asked;
pub mod at_hand;
pub mod avatars;
pub mod conditional;
pub mod credential;
mod document;
pub mod edge;
pub mod extract;
pub mod failures;
pub mod file_body;
pub mod file_response;
pub mod listener;
pub mod metrics;
pub mod mirror;
pub mod news;
pub mod opens;
pub mod own_address;
pub mod page;
pub mod page_cache;
pub mod probes;
pub mod problem;
pub mod ranges;
pub mod rest;
pub mod router;
pub mod sendfile;
pub mod server;
mod share_page;
pub mod shared;
pub mod stations;
pub mod subsonic;
pub mod tls;
pub mod transcodes;

pub use self::{edge::Edge, problem::Problem};
