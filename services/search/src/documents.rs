//! What the feeds tell, as documents.

use hexachord_contracts::{
    catalog::{Album, Artist, ArtistRef, CatalogChange},
    ids::AccountId,
    profile::ProfileChange,
};

use crate::schema::{Entry, Kind, SeenBy};

/// A change of the index.
#[derive(Debug)]
pub(crate) enum Edit {
    /// Everything of this key is now exactly this.
    Replace { key: String, entries: Vec<Entry> },
    /// All playlists of an account are gone.
    RemoveOwned(AccountId),
}

/// What a change of the catalog is to the index.
pub(crate) fn of_catalog(change: CatalogChange) -> Edit {
    let (key, entries) = match change {
        CatalogChange::Track(track) => {
            let mut others = names(&track.artists);
            others.extend(names(&track.album_artists));
            others.push(track.album.title);
            others.dedup();
            let entry = Entry {
                kind: Kind::Track,
                id: track.id.0,
                seen_by: SeenBy::Library(track.library),
                name: track.title,
                also: None,
                others,
            };
            let plays = track.missing_since.is_none();
            (track.id.to_string(), if plays { vec![entry] } else { vec![] })
        }
        CatalogChange::Album { id, parts } => {
            let entry = |(library, album): (_, Album)| Entry {
                kind: Kind::Album,
                id: id.0,
                seen_by: SeenBy::Library(library),
                name: album.title,
                also: None,
                others: names(&album.artists),
            };
            (id.to_string(), parts.into_iter().map(entry).collect())
        }
        CatalogChange::Artist { id, parts } => {
            let entry = |(library, artist): (_, Artist)| Entry {
                kind: Kind::Artist,
                id: id.0,
                seen_by: SeenBy::Library(library),
                name: artist.name,
                also: Some(artist.sort_name),
                others: vec![],
            };
            (id.to_string(), parts.into_iter().map(entry).collect())
        }
        CatalogChange::TrackGone(id) | CatalogChange::TrackBecame { from: id, .. } => {
            (id.to_string(), vec![])
        }
        CatalogChange::AlbumGone(id) => (id.to_string(), vec![]),
        CatalogChange::ArtistGone(id) => (id.to_string(), vec![]),
    };
    Edit::Replace { key, entries }
}

/// What a change of profile is to the index; annotations are nothing.
pub(crate) fn of_profile(change: ProfileChange) -> Option<Edit> {
    match change {
        ProfileChange::Playlist(playlist) => {
            let entry = Entry {
                kind: Kind::Playlist,
                id: playlist.id.0,
                seen_by: SeenBy::Owner { owner: playlist.owner, public: playlist.public },
                name: playlist.name,
                also: None,
                others: vec![],
            };
            Some(Edit::Replace { key: playlist.id.to_string(), entries: vec![entry] })
        }
        ProfileChange::PlaylistGone(id) => {
            Some(Edit::Replace { key: id.to_string(), entries: vec![] })
        }
        ProfileChange::AccountGone(account) => Some(Edit::RemoveOwned(account)),
        ProfileChange::Annotation { .. } => None,
    }
}

fn names(artists: &[ArtistRef]) -> Vec<String> {
    artists.iter().map(|artist| artist.name.clone()).collect()
}
