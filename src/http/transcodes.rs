//! Streams that are made of files while they are listened to: one thread each, shared by all who want
//! the same, kept in a folder for the next time.
//!
//! A job with room in the folder writes a growing file, and each listener reads it at their own pace.
//! Without room (the disk is full, or the folder switched off) the thread's pieces go to one listener
//! through a bounded channel. Either way the thread ends soon after the last listener has left.

mod cache;
mod failure;
mod growing;
mod jobs;
mod listening;
mod pipe;
mod places;
mod recipe;
mod thread;

use std::{fs::File, path::PathBuf, sync::Arc, time::Duration};

use hexachord_audio::Decoder;
use hexachord_contracts::{Clock, Failpoints};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use self::{
    cache::Cache,
    growing::{Growing, Job},
    jobs::Jobs,
    pipe::Pipe,
    places::{Place, Places},
};
pub use self::{
    listening::{Listen, Listening},
    places::Listener,
    recipe::{Identity, Looked, Recipe, look},
};
use super::{file_body::ChunkPool, metrics::TranscodeMeters, opens::Opens, problem::Problem};
use crate::config::Streaming;

/// Jobs for each core where the configuration does not say how many: most of them are far ahead of
/// whoever listens, and the others wait for who listens.
const JOBS_A_CORE: usize = 8;
/// What threads may take to notice that the server ends.
const ENDING: Duration = Duration::from_secs(5);

/// All that is being made, and what has been.
pub struct Transcodes {
    cache: Option<Arc<Cache>>,
    places: Places,
    jobs: Arc<Jobs>,
    opens: Arc<Opens>,
    chunks: Arc<ChunkPool>,
    meters: TranscodeMeters,
    failpoints: Failpoints,
    threads: TaskTracker,
    stop: CancellationToken,
}

/// What transcodes share with the rest of the edge.
pub struct Shared {
    pub opens: Arc<Opens>,
    pub chunks: Arc<ChunkPool>,
    pub meters: TranscodeMeters,
    pub clock: Clock,
    pub failpoints: Failpoints,
}

impl Transcodes {
    /// Looks through what earlier processes left in `folder`: blocks.
    pub fn open(folder: PathBuf, config: &Streaming, shared: Shared) -> Arc<Self> {
        let Shared { opens, chunks, meters, clock, failpoints } = shared;
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let most = match config.transcodes {
            0 => JOBS_A_CORE * cores,
            most => most.into(),
        };
        let each = config.transcodes_per_listener.get().into();
        let bytes = u64::from(config.cache_mb) * 1024 * 1024;
        let cache =
            (bytes > 0).then(|| Arc::new(Cache::open(folder, bytes, clock, meters.clone())));
        Arc::new(Self {
            cache,
            places: Places::new(most, each, meters.clone()),
            jobs: Arc::default(),
            opens,
            chunks,
            meters,
            failpoints,
            threads: TaskTracker::new(),
            stop: CancellationToken::new(),
        })
    }

    /// What was made after this recipe before.
    pub async fn kept(&self, recipe: &Recipe) -> Option<(File, u64)> {
        let found = self.cache.as_ref()?.find(recipe.key, &self.opens).await;
        if found.is_some() {
            self.meters.from_cache.inc();
        }
        found
    }

    /// Begins to listen; returns when the first bytes are there.
    pub async fn listen(
        self: &Arc<Self>,
        recipe: Arc<Recipe>,
        listen: Listen,
    ) -> Result<Listening, Problem> {
        Listening::begin(Arc::clone(self), recipe, listen).await
    }

    /// Ends all that is being made, and waits until it has ended.
    pub async fn end(&self) {
        self.stop.cancel();
        self.threads.close();
        if tokio::time::timeout(ENDING, self.threads.wait()).await.is_err() {
            tracing::warn!("a transcode does not end: its disk does not answer");
        }
    }

    /// A running job that has come so far already.
    fn running(&self, recipe: &Recipe, from: u64) -> Option<Arc<Job>> {
        let job = self.jobs.find(recipe.key).filter(|job| job.written() > from)?;
        self.meters.shared.inc();
        Some(job)
    }

    /// The job for a recipe: one that runs, or else a new one. `None` where there is no room.
    async fn job(
        &self,
        recipe: &Arc<Recipe>,
        listener: Listener,
    ) -> Result<Option<Arc<Job>>, Problem> {
        let Some(cache) = &self.cache else { return Ok(None) };
        if let Some(job) = self.jobs.find(recipe.key) {
            self.meters.shared.inc();
            return Ok(Some(job));
        }
        if !cache.has_room(recipe.most_bytes()) {
            return Ok(None);
        }
        let (place, decoder) = self.prepare(recipe, listener).await?;
        let (job, told, registered) = match Jobs::add(&self.jobs, recipe.key) {
            Ok(new) => new,
            Err(other) => {
                // Somebody else was quicker.
                self.meters.shared.inc();
                return Ok(Some(other));
            }
        };
        let recipe = Arc::clone(recipe);
        let failpoints = self.failpoints.clone();
        let growing = Growing::new(told, Arc::clone(cache), self.stop.clone(), failpoints);
        thread::spawn(&self.threads, move || {
            let _until_the_end = (place, registered);
            growing.run(&recipe, decoder);
        })?;
        Ok(Some(job))
    }

    /// A stream for one listener alone.
    async fn pipe(
        &self,
        recipe: &Recipe,
        listener: Listener,
        from: u64,
        to: Option<u64>,
    ) -> Result<Pipe, Problem> {
        let (place, decoder) = self.prepare(recipe, listener).await?;
        let (transcode, skip) = recipe.beginning_at(from).unwrap_or((recipe.transcode, from));
        let wanted = to.map(|to| to.saturating_sub(from));
        let (sink, pipe) = pipe::pipe(wanted, self.stop.clone());
        thread::spawn(&self.threads, move || {
            let _until_the_end = place;
            sink.run(&transcode, skip, decoder);
        })?;
        Ok(pipe)
    }

    /// A place, and then the file: who waits for a place holds nothing open.
    async fn prepare(
        &self,
        recipe: &Recipe,
        listener: Listener,
    ) -> Result<(Place, Decoder), Problem> {
        let place = self.places.take(listener).await?;
        let decoder = recipe.decoder(&self.opens).await?;
        self.meters.begun.inc();
        Ok((place, decoder))
    }
}
