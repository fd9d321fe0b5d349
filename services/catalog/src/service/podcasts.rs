//! Podcasts: what is asked of them, and who may.

use std::sync::{Arc, atomic::AtomicU32};

use hexachord_contracts::{
    Background, Context,
    catalog::{
        AddPodcast, CatalogError, DownloadEpisode, Episode, GetEpisode, GetPodcast, ListEpisodes,
        ListPodcasts, LocateEpisode, Location, Podcast, RefreshPodcasts, RemoveDownload,
        RemovePodcast, ReplayGain,
    },
    ids::EpisodeId,
    page::Page,
};
use hexachord_storage::StoreError;
use redb::ReadTransaction;

use super::{
    Catalog, Refusable, Resources, Settings, SettingsError, cover_threads::Disk, may_administer,
    refusal,
};
use crate::{
    browse::{Viewer, invalid, not_found},
    podcasts::{self, Folders, Keeper, KeeperSetup},
    store::{EPISODES, EpisodeRow, PODCASTS, PodcastRow, record},
};

/// Begins to keep them, where they are kept at all.
pub(super) fn start(
    settings: &Settings,
    resources: &Resources,
    background: &Background,
) -> Result<Option<Keeper>, SettingsError> {
    let Some(of_podcasts) = settings.podcasts.clone() else { return Ok(None) };
    let setup = KeeperSetup {
        store: resources.store.clone(),
        clock: resources.clock.clone(),
        folders: Folders::new(of_podcasts.folder.clone()),
        settings: of_podcasts,
        worker: settings.worker.clone(),
        threads: resources.covers.of(Disk::PodcastFiles)?,
        failures: AtomicU32::new(0),
        turn: Arc::clone(&resources.podcasts_turn),
    };
    Ok(Some(Keeper::start(setup, background)))
}

impl Catalog {
    pub(super) async fn add_podcast(&self, call: AddPodcast, by: Context) -> Refusable<Podcast> {
        may_administer(&by)?;
        let keeper = self.keeper()?;
        let checked = keeper.setup.settings.client.check(&call.url);
        let mut url = checked.map_err(|error| invalid("url", error.to_string()))?;
        url.set_fragment(None);
        let (url, now) = (String::from(url), self.resources.clock.now());
        let added = self.store.write(move |write| podcasts::add(write, &url, now)).await;
        keeper.wake();
        added.map_err(refusal)?
    }

    pub(super) async fn remove_podcast(&self, call: RemovePodcast, by: Context) -> Refusable<()> {
        may_administer(&by)?;
        let keeper = self.keeper()?;
        let removed = self.store.write(move |write| podcasts::remove(write, call.podcast)).await;
        removed.map_err(refusal)??;
        keeper.on_disk(move |folders| folders.remove_podcast(call.podcast)).await;
        Ok(())
    }

    pub(super) async fn refresh_podcasts(
        &self,
        call: RefreshPodcasts,
        by: Context,
    ) -> Refusable<()> {
        may_administer(&by)?;
        let keeper = self.keeper()?;
        let wanted = self.store.write(move |write| podcasts::refresh(write, call.podcast)).await;
        keeper.wake();
        wanted.map_err(refusal)?
    }

    pub(super) async fn download_episode(
        &self,
        call: DownloadEpisode,
        by: Context,
    ) -> Refusable<Episode> {
        may_administer(&by)?;
        let keeper = self.keeper()?;
        let now = self.resources.clock.now();
        let wanted = self.store.write(move |write| podcasts::want(write, call.episode, now)).await;
        keeper.wake();
        wanted.map_err(refusal)?
    }

    pub(super) async fn remove_download(
        &self,
        call: RemoveDownload,
        by: Context,
    ) -> Refusable<Episode> {
        may_administer(&by)?;
        let keeper = self.keeper()?;
        let removed =
            self.store.write(move |write| podcasts::remove_download(write, call.episode)).await;
        let (episode, before) = removed.map_err(refusal)??;
        if let Some(file) = before.file {
            let remove = move |folders: &Folders| {
                Folders::remove(&folders.episode(before.podcast, &file.name));
            };
            keeper.on_disk(remove).await;
        }
        Ok(episode)
    }

    pub(super) async fn list_podcasts(
        &self,
        call: ListPodcasts,
        by: Context,
    ) -> Refusable<Page<Podcast>> {
        Viewer::of(&by)?;
        self.read(podcasts::list_podcasts(&call, by.may_administer())?).await
    }

    pub(super) async fn get_podcast(&self, call: GetPodcast, by: Context) -> Refusable<Podcast> {
        Viewer::of(&by)?;
        let (id, with_url) = (call.podcast, by.may_administer());
        self.read(move |read| {
            let row: Option<PodcastRow> = record(&read.open_table(PODCASTS)?, id.0)?;
            let podcast = row.map(|row| podcasts::podcast(id, &row, with_url));
            Ok(podcast.ok_or_else(|| not_found("podcast")))
        })
        .await
    }

    pub(super) async fn list_episodes(
        &self,
        call: ListEpisodes,
        by: Context,
    ) -> Refusable<Page<Episode>> {
        Viewer::of(&by)?;
        self.read(podcasts::list_episodes(&call)?).await
    }

    pub(super) async fn get_episode(&self, call: GetEpisode, by: Context) -> Refusable<Episode> {
        Viewer::of(&by)?;
        let found = self.read(move |read| Ok(Ok(find(read, call.episode)?))).await?;
        let (row, of) = found.ok_or_else(|| not_found("episode"))?;
        Ok(podcasts::episode(call.episode, row, &of))
    }

    pub(super) async fn locate_episode(
        &self,
        call: LocateEpisode,
        by: Context,
    ) -> Refusable<Location> {
        Viewer::of(&by)?;
        let keeper = self.keeper()?;
        let found = self.read(move |read| Ok(Ok(find(read, call.episode)?))).await?;
        let (row, _) = found.ok_or_else(|| not_found("episode"))?;
        let file = row.file.ok_or(CatalogError::NotDownloaded)?;
        let path = keeper.setup.folders.episode(row.podcast, &file.name);
        Ok(Location {
            track: None,
            library: None,
            path: path.into_os_string().into_encoded_bytes(),
            content_type: file.content_type,
            codec: file.codec,
            bitrate_kbps: file.bitrate_kbps,
            duration_ms: file.duration_ms,
            excerpt: None,
            gain: ReplayGain::default(),
            size: file.size,
        })
    }

    /// Commands that find no running server keep no podcasts.
    pub(super) fn keeper(&self) -> Refusable<&Keeper> {
        let off = || CatalogError::Storage("podcasts are not kept by this process".to_owned());
        self.podcasts.as_ref().ok_or_else(off)
    }
}

/// An episode with its channel.
pub(super) fn find(
    read: &ReadTransaction,
    id: EpisodeId,
) -> Result<Option<(EpisodeRow, PodcastRow)>, StoreError> {
    let row: Option<EpisodeRow> = record(&read.open_table(EPISODES)?, id.0)?;
    let Some(row) = row else { return Ok(None) };
    let of = record(&read.open_table(PODCASTS)?, row.podcast.0)?;
    Ok(of.map(|of| (row, of)))
}
