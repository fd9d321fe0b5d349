//! Which tracks, albums and artists of this library the other program's are.

use std::collections::{BTreeMap, BTreeSet};

use hexachord_contracts::{
    ItemId, ItemKind,
    catalog::{AlbumRef, ArtistRef},
    ids::TrackId,
};
use http::Method;
use serde::Deserialize;
use serde_json::json;

use super::{
    AT_ONCE,
    accounts::Owner,
    foreign::{Fact, Foreign, Group, Thing},
    progress,
};
use crate::cli::backend::{Backend, BackendError};

/// Bytes of JSON in one request: the edge takes no more than a mebibyte.
const MOST_BYTES: usize = 800_000;
pub(super) const NO_TRACK: &str = "no track here has its path, and none or several have its tags";
/// So many tracks tell which album or artist theirs is.
const ENOUGH: usize = 50;

/// By the places of the tracks: `None` for what was not found, or not looked for.
pub(super) struct Matches {
    pub(super) looked_for: BTreeSet<usize>,
    found: BTreeMap<usize, Match>,
}

#[derive(Deserialize)]
pub(super) struct Match {
    pub(super) by: By,
    pub(super) track: Ours,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum By {
    Path,
    Tags,
}

/// What of a track here tells its album and its artists.
#[derive(Deserialize)]
pub(super) struct Ours {
    pub(super) id: TrackId,
    album: AlbumRef,
    artists: Vec<ArtistRef>,
    album_artists: Vec<ArtistRef>,
}

#[derive(Deserialize)]
struct Answer {
    items: Vec<Option<Match>>,
}

/// Looks for the tracks that matter to somebody who has an account here.
pub(super) async fn find(
    backend: &mut Backend,
    foreign: &Foreign,
    owners: &[Option<Owner>],
) -> Result<Matches, BackendError> {
    let looked_for = looked_for(foreign, owners);
    let bar = progress(looked_for.len(), "tracks looked for");
    let mut found = BTreeMap::new();
    let mut places = looked_for.iter().copied().peekable();
    while places.peek().is_some() {
        let (mut asked, mut wanted, mut bytes) = (Vec::new(), Vec::new(), 0);
        while asked.len() < AT_ONCE && bytes < MOST_BYTES {
            let Some(place) = places.next() else { break };
            let track = json!(&foreign.things.tracks[place]);
            bytes += track.to_string().len();
            asked.push(place);
            wanted.push(track);
        }
        let body = Some(json!({ "tracks": wanted }));
        let path = "/api/v1/admin/import/matches";
        let answer: Answer = backend.ask(Method::POST, path, body).await?;
        let matched = asked.iter().zip(answer.items);
        found.extend(matched.filter_map(|(place, found)| Some((*place, found?))));
        bar.inc(asked.len() as u64);
    }
    bar.finish_and_clear();
    Ok(Matches { looked_for, found })
}

fn looked_for(foreign: &Foreign, owners: &[Option<Owner>]) -> BTreeSet<usize> {
    let mut places = BTreeSet::new();
    for (listener, _) in foreign.listeners.iter().zip(owners).filter(|(_, owner)| owner.is_some()) {
        for fact in &listener.facts {
            match fact {
                Fact::Play { track, .. } | Fact::Plays { track, .. } => {
                    places.insert(*track);
                }
                Fact::Favourite { thing, .. } | Fact::Rating { thing, .. } => {
                    match foreign.things.group(*thing) {
                        Some(group) => places.extend(group.tracks.iter().take(ENOUGH)),
                        None => {
                            places.insert(thing.place);
                        }
                    }
                }
                Fact::Lost { .. } => {}
            }
        }
        let entries = listener.playlists.iter().flat_map(|playlist| &playlist.tracks);
        places.extend(entries.flatten());
    }
    places
}

impl Matches {
    pub(super) fn of(&self, track: usize) -> Option<&Match> {
        self.found.get(&track)
    }

    pub(super) fn found_by(&self, by: By) -> usize {
        self.found.values().filter(|found| found.by == by).count()
    }

    /// What the thing is here; else why it is nothing.
    pub(super) fn item(&self, foreign: &Foreign, thing: Thing) -> Result<ItemId, &'static str> {
        let Some(group) = foreign.things.group(thing) else {
            let found = self.of(thing.place);
            return found.map(|found| ItemId::Track(found.track.id)).ok_or(NO_TRACK);
        };
        let tracks = group.tracks.iter().take(ENOUGH).filter_map(|track| self.of(*track));
        let tracks: Vec<&Ours> = tracks.map(|found| &found.track).collect();
        if tracks.is_empty() {
            return Err("none of its tracks is here");
        }
        match thing.kind {
            ItemKind::Artist => {
                artist(group, &tracks).ok_or("its tracks are by several artists here")
            }
            _ => album(group, &tracks).ok_or("its tracks are on several albums here"),
        }
    }
}

/// The album of most of the tracks; of as many, the one of the same title.
fn album(group: &Group, tracks: &[&Ours]) -> Option<ItemId> {
    let albums = tracks.iter().map(|track| (ItemId::Album(track.album.id), &*track.album.title));
    let counted = counted(albums);
    let most = counted.values().map(|(count, _)| *count).max()?;
    let first: Vec<_> = counted.iter().filter(|(_, (count, _))| *count == most).collect();
    match first[..] {
        [(album, _)] => Some(*album),
        _ => single(
            first.iter().filter(|(_, (_, title))| same(title, &group.name)).map(|one| *one.0),
        ),
    }
}

/// The artist of the same name on its tracks, else the one of more than half of them.
fn artist(group: &Group, tracks: &[&Ours]) -> Option<ItemId> {
    let artists = tracks.iter().flat_map(|track| {
        let all = track.artists.iter().chain(&track.album_artists);
        all.map(|artist| (ItemId::Artist(artist.id), &*artist.name)).collect::<BTreeMap<_, _>>()
    });
    let counted = counted(artists);
    let named = counted.iter().filter(|(_, (_, name))| same(name, &group.name)).map(|one| *one.0);
    single(named).or_else(|| {
        let most = counted.iter().filter(|(_, (count, _))| count * 2 > tracks.len());
        single(most.map(|(artist, _)| *artist))
    })
}

fn counted<'n>(all: impl Iterator<Item = (ItemId, &'n str)>) -> BTreeMap<ItemId, (usize, &'n str)> {
    let mut counted = BTreeMap::new();
    for (item, name) in all {
        counted.entry(item).or_insert((0, name)).0 += 1;
    }
    counted
}

fn single(mut all: impl Iterator<Item = ItemId>) -> Option<ItemId> {
    let one = all.next()?;
    all.next().is_none().then_some(one)
}

fn same(one: &str, other: &str) -> bool {
    let plain = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    plain(one) == plain(other)
}
