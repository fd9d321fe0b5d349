//! What administrators do from the page: libraries that are added while the server runs.

mod libraries;
