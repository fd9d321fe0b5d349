//! Typed configuration: what `config.toml`, the environment and the command line say.

mod artwork;
mod layers;
mod library;
mod outgoing;

use std::{
    net::{IpAddr, SocketAddr},
    num::{NonZeroU16, NonZeroU32},
    path::PathBuf,
};

use hexachord_contracts::payment::Provider;
use hexachord_outgoing::Network;
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::wiring::PicturePatterns;

pub use self::{
    layers::{ConfigError, Source, load},
    library::LibraryFolder,
};

/// Every setting. Its defaults stand in `config.toml`, and nowhere else.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Config {
    pub server: Server,
    pub storage: Storage,
    pub library: Library,
    pub artwork: Artwork,
    pub analysis: Analysis,
    pub streaming: Streaming,
    pub podcasts: Podcasts,
    pub outgoing: Outgoing,
    pub accounts: Accounts,
    pub payment: Payment,
    pub log: Log,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Server {
    pub listen: SocketAddr,
    #[serde(deserialize_with = "public_url")]
    pub public_url: String,
    pub tls: Tls,
    pub tls_certificate: PathBuf,
    pub tls_key: PathBuf,
    pub trusted_proxies: Vec<IpAddr>,
    pub max_connections: NonZeroU32,
    pub grace_seconds: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    Off,
    SelfSigned,
    Files,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Storage {
    pub data: PathBuf,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Library {
    #[serde(deserialize_with = "library::folders")]
    pub folders: Vec<LibraryFolder>,
    pub scan_on_start: bool,
    pub scan_threads: u16,
    #[serde(deserialize_with = "library::share")]
    pub vanish_share: f32,
    #[serde(deserialize_with = "library::separators")]
    pub artist_separators: Vec<String>,
    #[serde(deserialize_with = "library::separators")]
    pub genre_separators: Vec<String>,
    #[serde(deserialize_with = "library::names")]
    pub never_split: Vec<String>,
    pub watch: Watch,
    pub poll_seconds: NonZeroU32,
    pub loudness: Gains,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Watch {
    Auto,
    Poll,
    Off,
}

/// Which gains tracks are played with, where both are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gains {
    Tags,
    Measured,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Artwork {
    #[serde(deserialize_with = "artwork::tracks")]
    pub track_pictures: PicturePatterns,
    #[serde(deserialize_with = "artwork::discs")]
    pub disc_pictures: PicturePatterns,
    #[serde(deserialize_with = "artwork::albums")]
    pub album_pictures: PicturePatterns,
    #[serde(deserialize_with = "artwork::artists")]
    pub artist_pictures: PicturePatterns,
    pub artist_folder: PathBuf,
    pub cache_mb: u32,
    pub looks: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Analysis {
    pub enabled: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Streaming {
    pub transcodes: u16,
    pub transcodes_per_listener: NonZeroU16,
    pub cache_mb: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Podcasts {
    pub refresh_hours: u16,
    pub download_newest: u16,
    pub episode_mb: NonZeroU32,
}

/// Requests that the program makes by itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Outgoing {
    #[serde(deserialize_with = "outgoing::networks")]
    pub allowed_networks: Vec<Network>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Accounts {
    pub registration: Registration,
    pub session_idle_days: NonZeroU32,
    pub session_longest_days: NonZeroU32,
    pub hash_threads: NonZeroU16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    Open,
    Invite,
    Closed,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Payment {
    pub providers: Vec<Provider>,
    pub grace_days: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Log {
    #[serde(deserialize_with = "level")]
    pub level: String,
    pub format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

/// Empty, or what people type into a browser.
fn public_url<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    let url = text.parse::<http::Uri>().unwrap_or_default();
    let scheme = url.scheme_str().unwrap_or_default();
    if text.is_empty() || (["http", "https"].contains(&scheme) && url.authority().is_some()) {
        return Ok(text);
    }
    Err(D::Error::custom(format!(
        "`{text}` is no address: write it like https://music.example.org"
    )))
}

/// A level, or a list of levels of single modules: `info,hyper=debug`.
fn level<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    for part in text.split(',') {
        let level = part.rsplit('=').next().unwrap_or(part).trim();
        if level.parse::<tracing::level_filters::LevelFilter>().is_err() {
            return Err(D::Error::custom(format!(
                "`{level}` is not a log level: use error, warn, info, debug or trace"
            )));
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
