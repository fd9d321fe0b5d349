//! What podcasts are told by the configuration.

use std::{path::PathBuf, time::Duration};

use hexachord_outgoing::Client;

#[derive(Debug, Clone)]
pub struct PodcastSettings {
    /// Where pictures and episodes are kept. Absolute.
    pub folder: PathBuf,
    /// Fetches everything.
    pub client: Client,
    /// How old what is known of a feed may become; `None`: it is only looked at when somebody asks.
    pub refresh: Option<Duration>,
    /// So many of the newest episodes of each channel are downloaded by themselves.
    pub newest: usize,
    /// No episode is larger.
    pub episode_bytes: u64,
    /// How often is looked for what is due.
    pub look: Duration,
}
