//! The calls: who may ask what, and where it is worked out.

use std::sync::Arc;

use hexachord_contracts::{
    Context,
    ids::{AlbumId, ArtistId},
    item::ItemKind,
    recommendation::{
        ContinueFrom, FindSimilar, FindSimilarAlbums, FindSimilarArtists, FindSonic, FindSonicPath,
        GetMix, Mix, ModelState, Recommend, RecommendationError, Recommended, Rediscover,
        Rediscovered, SonicMatch,
    },
};

use crate::{
    error::{invalid, not_done, not_found},
    knowledge::Memory,
    radio::continue_from,
    recommend::recommend,
    rediscover::rediscover,
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

    pub(crate) async fn continue_from(
        &self,
        call: ContinueFrom,
        context: Context,
    ) -> Answer<Vec<Recommended>> {
        let viewer = Viewer::of(&context)?;
        let account = viewer.account.ok_or(RecommendationError::Forbidden)?;
        limit(call.limit)?;
        at_most("exclude", call.exclude.len(), ContinueFrom::MOST_EXCLUDED)?;
        at_most("items", call.items.len(), ContinueFrom::MOST)?;
        let Some(first) = call.items.first().copied() else {
            return Err(invalid("items", "must be at least one"));
        };
        let now = self.knowledge.shared.clock.now();
        let next = move |memory: &Memory| continue_from(memory, &viewer, account, &call, now);
        self.work_out(next).await?.ok_or_else(|| not_found(&first.kind().to_string()))
    }

    pub(crate) async fn get_mixes(&self, context: Context) -> Answer<Vec<Mix>> {
        let viewer = Viewer::of(&context)?;
        let account = viewer.account.ok_or(RecommendationError::Forbidden)?;
        let shared = Arc::clone(&self.knowledge.shared);
        let find =
            move |memory: &Memory| shared.today.mixes(memory, &viewer, account, shared.clock.now());
        self.work_out(find).await
    }

    pub(crate) async fn get_mix(&self, call: GetMix, context: Context) -> Answer<Mix> {
        let mixes = self.get_mixes(context).await?;
        mixes.into_iter().find(|mix| mix.id == call.mix).ok_or_else(|| not_found("mix"))
    }

    pub(crate) async fn rediscover(
        &self,
        call: Rediscover,
        context: Context,
    ) -> Answer<Vec<Rediscovered>> {
        let viewer = Viewer::of(&context)?;
        let account = viewer.account.ok_or(RecommendationError::Forbidden)?;
        let limit = limit(call.limit)?;
        if call.kind == ItemKind::Artist {
            return Err(invalid("kind", "must be track or album"));
        }
        let now = self.knowledge.shared.clock.now();
        let asked = (call.kind, limit);
        self.work_out(move |memory| rediscover(memory, &viewer, account, asked, now)).await
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

fn at_most(field: &str, count: usize, most: usize) -> Answer<()> {
    if count > most {
        return Err(invalid(field, format!("must be at most {most}")));
    }
    Ok(())
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
