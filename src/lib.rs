//! The appliance: everything of Hexachord that is not a service.
//!
//! [`app::App`] is the running platform; the program, the tests and the benches all start it.

pub mod app;
pub mod cli;
pub mod config;
pub mod data_folder;
pub mod http;
pub mod lifecycle;
pub mod logging;
pub mod options;
pub mod percent;
pub mod playlist_files;
pub mod qr;
pub mod streaming;
pub mod supervisor;
pub mod wiring;
