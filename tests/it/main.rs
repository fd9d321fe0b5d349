//! The integration tests: the real app on a real port, and the real program.

mod administering;
mod analysis;
mod architecture;
mod commands;
mod faults;
mod identity;
mod independent;
mod library;
mod listeners;
mod newcomer;
mod platform;
mod podcasts;
mod problems;
mod stations;
mod story;
mod streaming;
mod subsonic;
mod support;
mod tls;
mod watching;
