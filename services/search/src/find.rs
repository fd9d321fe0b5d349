//! Answering a query.

use std::sync::Arc;

use hexachord_contracts::{
    Caller, Context,
    ids::{AlbumId, ArtistId, PlaylistId, TrackId},
    pool::PoolError,
    search::{Find, Found, IndexState, SearchError},
};

use crate::{
    answers::Question,
    committed::Source,
    error::{IndexError, invalid},
    ranking::best,
    service::Search,
    text::Asked,
    view::View,
};

impl Search {
    pub(crate) async fn find(&self, call: Find, context: Context) -> Result<Found, SearchError> {
        if context.caller == Caller::Anonymous {
            return Err(SearchError::Forbidden);
        }
        if call.query.len() > Find::LONGEST {
            let reason = format!("is longer than {} bytes: use fewer words", Find::LONGEST);
            return Err(invalid("query", reason));
        }
        if !(1..=Find::MOST).contains(&call.limit) {
            return Err(invalid("limit", format!("use 1 to {}", Find::MOST)));
        }
        let Some(asked) = Asked::new(&call.query) else { return Ok(Found::default()) };
        let shared = Arc::clone(&self.shared);
        let found = self.shared.searching.run(move || {
            // What is open can still be searched meanwhile.
            shared.published.suspect_if_gone(&shared.folder);
            found(&shared.published.view(), asked, context.caller, call.limit)
        });
        let error = match found.await {
            Ok(Ok(found)) => return Ok(found),
            Err(PoolError::Full) => return Err(SearchError::Busy),
            Err(error @ PoolError::Interrupted) => error.to_string(),
            Ok(Err(error)) => error.to_string(),
        };
        tracing::warn!(error, "a query failed: the index is looked at");
        self.shared.published.suspect();
        Err(SearchError::Index(error))
    }

    pub(crate) fn get_index(&self, context: &Context) -> Result<IndexState, SearchError> {
        if !context.may_administer() {
            return Err(SearchError::Forbidden);
        }
        let view = self.shared.published.view();
        Ok(IndexState {
            documents: view.documents,
            catalog: view.committed.told(Source::Catalog).cursor,
            profile: view.committed.told(Source::Profile).cursor,
        })
    }
}

fn found(view: &View, asked: Asked, caller: Caller, limit: u32) -> Result<Found, IndexError> {
    let question = Question::new(asked, limit, &caller);
    if let Some(known) = view.answers.get(&question, &caller) {
        return Ok(known);
    }
    let best = best(view, &question.asked, &caller, limit as usize)?;
    let [artists, albums, tracks, playlists] = best;
    let found = Found {
        artists: artists.into_iter().map(ArtistId).collect(),
        albums: albums.into_iter().map(AlbumId).collect(),
        tracks: tracks.into_iter().map(TrackId).collect(),
        playlists: playlists.into_iter().map(PlaylistId).collect(),
    };
    view.answers.put(question, caller, found.clone());
    Ok(found)
}
