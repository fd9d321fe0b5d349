//! Answering a query.

use std::sync::Arc;

use hexachord_contracts::{
    Caller, Context,
    ids::{AlbumId, ArtistId, PlaylistId, TrackId},
    pool::PoolError,
    search::{Find, Found, FoundKind, IndexState, SearchError},
};

use crate::{
    answers::Question,
    committed::Source,
    cursor,
    error::{IndexError, invalid},
    matching::Scope,
    ranking::{Results, Search as Searching},
    resources::Shared,
    schema::Kind,
    service::Search,
    understanding::plain_words,
};

impl Search {
    pub(crate) async fn find(&self, call: Find, context: Context) -> Result<Found, SearchError> {
        if context.caller == Caller::Anonymous {
            return Err(SearchError::Forbidden);
        }
        if !(1..=Find::MOST).contains(&call.limit) {
            return Err(invalid("limit", format!("use 1 to {}", Find::MOST)));
        }
        let only = call.kind.map(kind);
        // A cursor is of one query, read in one way, and one kind.
        let way = if call.plain { "plain" } else { "" };
        let question = only.map(|only| format!("{}{way} {}", only.number(), call.query));
        let after = match (&call.cursor, &question) {
            (None, _) => None,
            (Some(_), None) => {
                return Err(invalid("cursor", "name the kind that it is of".to_owned()));
            }
            (Some(text), Some(question)) => {
                let not_one = || "is not one of this query: leave it out to begin anew".to_owned();
                Some(cursor::read(text, question).ok_or_else(|| invalid("cursor", not_one()))?)
            }
        };
        let query = if call.plain {
            plain_words(&call.query)?
        } else {
            self.understood(&call.query, &context).await?
        };
        if query.is_empty() {
            return Ok(Found::default());
        }
        let (limit, facets, account) = (call.limit, call.facets, context.account());
        let asked = Question { query, limit, only, after, facets, account, generation: (0, 0) };
        let caller = context.caller;
        self.search(move |shared| found(shared, asked, caller, question.as_deref())).await
    }

    /// Runs `work` on a thread that searches, and looks at the index when it fails.
    pub(crate) async fn search<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shared) -> Result<T, IndexError> + Send + 'static,
    ) -> Result<T, SearchError> {
        let shared = Arc::clone(&self.shared);
        let done = self.shared.searching.run(move || {
            // What is open can still be searched meanwhile.
            shared.published.suspect_if_gone(&shared.folder);
            work(&shared)
        });
        let error = match done.await {
            Ok(Ok(done)) => return Ok(done),
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
            taste: self.shared.taste.cursor(),
        })
    }
}

fn found(
    shared: &Shared,
    mut asked: Question,
    caller: Caller,
    question: Option<&str>,
) -> Result<Found, IndexError> {
    let view = shared.published.view();
    let liking = shared.taste.liking(asked.account);
    asked.generation = liking.generation;
    // What one likes changes without a commit, which ends what is remembered.
    let is_kept = !asked.query.is_personal();
    if is_kept && let Some(known) = view.answers.get(&asked, &caller) {
        return Ok(known);
    }
    let limit = asked.limit as usize;
    let searching = Searching {
        query: &asked.query,
        scope: Scope::Everything,
        caller: &caller,
        account: asked.account,
        taste: &shared.taste,
        liking: &liking,
        // One more than is answered says whether there are more.
        limit: limit + usize::from(asked.only.is_some()),
        only: asked.only,
        after: asked.after,
        facets: asked.facets,
    };
    let Results { mut hits, facets } = searching.run(&view)?;
    let mut next_cursor = None;
    if let (Some(only), Some(question)) = (asked.only, question) {
        let hits = &mut hits[usize::from(only.number())];
        let more = hits.len() > limit;
        hits.truncate(limit);
        let last = hits.last().filter(|_| more);
        next_cursor = last.map(|last| cursor::written(last.place, question));
    }
    let [artists, albums, tracks, playlists] =
        hits.map(|hits| hits.into_iter().map(|hit| hit.place.id).collect::<Vec<_>>());
    let found = Found {
        artists: artists.into_iter().map(ArtistId).collect(),
        albums: albums.into_iter().map(AlbumId).collect(),
        tracks: tracks.into_iter().map(TrackId).collect(),
        playlists: playlists.into_iter().map(PlaylistId).collect(),
        next_cursor,
        facets,
    };
    if is_kept {
        view.answers.put(asked, caller, found.clone());
    }
    Ok(found)
}

pub(crate) fn kind(kind: FoundKind) -> Kind {
    match kind {
        FoundKind::Artist => Kind::Artist,
        FoundKind::Album => Kind::Album,
        FoundKind::Track => Kind::Track,
        FoundKind::Playlist => Kind::Playlist,
    }
}
