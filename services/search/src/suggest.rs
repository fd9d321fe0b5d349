//! How a query that was begun may go on.

use std::collections::HashSet;

use hexachord_contracts::{
    Caller, Context,
    search::{FoundKind, SearchError, Suggest, Suggestion},
};

use crate::{
    best::Hit,
    error::{IndexError, invalid},
    matching::Scope,
    query::Query,
    ranking::{Results, Search as Searching},
    resources::Shared,
    schema::Kind,
    service::Search,
    sought::WITHOUT_MISTAKE,
    text::{Asked, fold},
    view::View,
};

/// Tracks of one name are many: so many more are looked at than are told.
const LOOKED_AT: usize = 4;

impl Search {
    pub(crate) async fn suggest(
        &self,
        call: Suggest,
        context: Context,
    ) -> Result<Vec<Suggestion>, SearchError> {
        if context.caller == Caller::Anonymous {
            return Err(SearchError::Forbidden);
        }
        if !(1..=Suggest::MOST).contains(&call.limit) {
            return Err(invalid("limit", format!("use 1 to {}", Suggest::MOST)));
        }
        // Names have no fields: of those there is nothing to tell.
        let query = self.understood(&call.query, &context).await?;
        let asked = query.asked.clone();
        let Some(asked) = asked.filter(|_| query == Query::plain(query.asked.clone())) else {
            return Ok(Vec::new());
        };
        let limit = call.limit as usize;
        self.search(move |shared| suggestions(shared, asked, &context, limit)).await
    }
}

fn suggestions(
    shared: &Shared,
    asked: Asked,
    context: &Context,
    limit: usize,
) -> Result<Vec<Suggestion>, IndexError> {
    let view = shared.published.view();
    let account = context.account();
    let searching = Searching {
        query: &Query::plain(Some(asked)),
        scope: Scope::Names,
        caller: &context.caller,
        account,
        taste: &shared.taste,
        liking: &shared.taste.liking(account),
        limit: LOOKED_AT * limit,
        only: None,
        after: None,
        facets: false,
    };
    let Results { hits, .. } = searching.run(&view)?;
    let of_kinds = Kind::ALL.into_iter().zip(hits);
    let mut hits: Vec<(Hit, Kind)> =
        of_kinds.flat_map(|(kind, hits)| hits.into_iter().map(move |hit| (hit, kind))).collect();
    // Of equal ones artists come before albums, and those before tracks.
    hits.sort_by_key(|(hit, kind)| (hit.place.rank, kind.number(), hit.place.id));
    // What is right needs no mending.
    if hits.first().is_some_and(|(hit, _)| hit.place.rank.tier() >= WITHOUT_MISTAKE) {
        hits.retain(|(hit, _)| hit.place.rank.tier() >= WITHOUT_MISTAKE);
    }
    named(&view, &hits, limit)
}

/// Each name once.
fn named(view: &View, hits: &[(Hit, Kind)], limit: usize) -> Result<Vec<Suggestion>, IndexError> {
    let mut known = HashSet::new();
    let mut suggestions = Vec::new();
    for (hit, kind) in hits {
        if suggestions.len() == limit {
            break;
        }
        let Some(segment) = view.segments.get(hit.address.segment) else { continue };
        let text = segment.written_name(hit.address.document)?;
        if known.insert(fold(&text)) {
            suggestions.push(Suggestion { text, kind: found_kind(*kind) });
        }
    }
    Ok(suggestions)
}

fn found_kind(kind: Kind) -> FoundKind {
    match kind {
        Kind::Artist => FoundKind::Artist,
        Kind::Album => FoundKind::Album,
        Kind::Track => FoundKind::Track,
        Kind::Playlist => FoundKind::Playlist,
    }
}
