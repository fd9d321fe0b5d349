//! What administrators do from the page: libraries that are added while the server runs, and its log.

mod libraries;
mod log;
