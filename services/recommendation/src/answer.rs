//! The calls: who may ask what, and where it is worked out.

use std::sync::Arc;

use hexachord_contracts::{
    Context,
    ids::{AlbumId, ArtistId},
    recommendation::{
        FindSimilar, FindSimilarAlbums, FindSimilarArtists, FindSonic, FindSonicPath, ModelState,
        Recommend, RecommendationError, Recommended, SonicMatch,
    },
};

use crate::{
    error::{invalid, not_done, not_found},
    knowledge::Memory,
    recommend::recommend,
    service::Recommendation,
    similar::{similar, similar_albums, similar_artists},
    sonic,
    viewer::Viewer,
};

type Answer<T> = Result<T, RecommendationError>;

impl Recommendation {
    pub(crate) async fn recommend(
        &self,
        call: Recommend,
        context: Context,
    ) -> Answer<Vec<Recommended>> {
        let viewer = Viewer::of(&context)?;
        let account = viewer.account.ok_or(RecommendationError::Forbidden)?;
        let limit = limit(call.limit)?;
        let now = self.knowledge.shared.clock.now();
        self.work_out(move |memory| recommend(memory, &viewer, account, limit, now)).await
    }

    pub(crate) async fn find_similar(
        &self,
        call: FindSimilar,
        context: Context,
    ) -> Answer<Vec<Recommended>> {
        let viewer = Viewer::of(&context)?;
        let limit = limit(call.limit)?;
        let item = call.item;
        let found = self.work_out(move |memory| similar(memory, &viewer, item, limit)).await?;
        found.ok_or_else(|| not_found(&item.kind().to_string()))
    }

    pub(crate) async fn find_similar_albums(
        &self,
        call: FindSimilarAlbums,
        context: Context,
    ) -> Answer<Vec<AlbumId>> {
        let viewer = Viewer::of(&context)?;
        let limit = limit(call.limit)?;
        let find = move |memory: &Memory| similar_albums(memory, &viewer, call.album, limit);
        self.work_out(find).await?.ok_or_else(|| not_found("album"))
    }

    pub(crate) async fn find_similar_artists(
        &self,
        call: FindSimilarArtists,
        context: Context,
    ) -> Answer<Vec<ArtistId>> {
        let viewer = Viewer::of(&context)?;
        let limit = limit(call.limit)?;
        let find = move |memory: &Memory| similar_artists(memory, &viewer, call.artist, limit);
        self.work_out(find).await?.ok_or_else(|| not_found("artist"))
    }

    pub(crate) async fn find_sonic(
        &self,
        call: FindSonic,
        context: Context,
    ) -> Answer<Vec<SonicMatch>> {
        let viewer = Viewer::of(&context)?;
        let limit = limit(call.limit)?;
        self.work_out(move |memory| sonic::similar(memory, &viewer, call.track, limit)).await?
    }

    pub(crate) async fn find_sonic_path(
        &self,
        call: FindSonicPath,
        context: Context,
    ) -> Answer<Vec<SonicMatch>> {
        let viewer = Viewer::of(&context)?;
        let limit = limit_of(call.limit, FindSonicPath::MOST)?;
        let ends = (call.from, call.to);
        self.work_out(move |memory| sonic::path(memory, &viewer, ends, limit)).await?
    }

    pub(crate) async fn get_model(&self, context: Context) -> Answer<ModelState> {
        if !context.may_administer() {
            return Err(RecommendationError::Forbidden);
        }
        self.work_out(state).await
    }

    /// Runs `work` on a thread that may be busy with it, once everything is loaded.
    async fn work_out<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Memory) -> T + Send + 'static,
    ) -> Answer<T> {
        let mut loaded = self.knowledge.loaded();
        tokio::select! {
            loaded = loaded.wait_for(|loaded| *loaded) => drop(loaded),
            () = self.retired.cancelled() => return Err(RecommendationError::Busy),
        }
        let knowledge = Arc::clone(&self.knowledge);
        let worked_out = self.knowledge.shared.answers.run(move || work(&knowledge.memory()));
        worked_out.await.map_err(not_done)
    }
}

fn limit(limit: u32) -> Answer<usize> {
    limit_of(limit, Recommend::MOST)
}

fn limit_of(limit: u32, most: u32) -> Answer<usize> {
    if !(1..=most).contains(&limit) {
        return Err(invalid("limit", format!("must be 1 to {most}")));
    }
    Ok(limit as usize)
}

fn state(memory: &Memory) -> ModelState {
    let model = memory.model.as_ref();
    let width = memory.factors().map_or(0, |model| model.factors.items().ncols());
    ModelState {
        tracks: memory.library.len() as u64,
        heard: memory.library.heard() as u64,
        listeners: memory.listeners.of_tracks().count() as u64,
        interactions: memory.listeners.interactions() as u64,
        trained_at: model.map(|model| model.trained_at),
        factors: u32::try_from(width).unwrap_or(u32::MAX),
        quality: model.and_then(|model| model.quality),
        catalog: memory.catalog,
        profile: memory.profile,
    }
}
