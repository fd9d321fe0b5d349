//! The library by its tags.

use std::collections::BTreeMap;

use hexachord_contracts::{
    ItemId,
    catalog::{Genre, GetAlbum, GetArtist, GetTrack, ListGenres},
    ids::{AlbumId, ArtistId, TrackId},
};
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use super::super::{
    call::{Call, Outcome},
    failure::Failure,
    filling::{self, Annotations},
    model::{AlbumId3, ArtistId3},
    rows::{self, Rows},
};

/// Articles that names are not sorted by.
pub(super) const IGNORED_ARTICLES: &str = "The A An";
/// Artists, genres and playlists of one answer.
const MOST: u32 = 100_000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Index<T> {
    name: String,
    artist: Vec<T>,
}

/// What has names under their first letters.
pub(super) fn by_letter<T>(named: impl IntoIterator<Item = (String, T)>) -> Vec<Index<T>> {
    let mut letters: BTreeMap<String, Vec<T>> = BTreeMap::new();
    for (name, item) in named {
        letters.entry(letter(&name)).or_default().push(item);
    }
    letters.into_iter().map(|(name, artist)| Index { name, artist }).collect()
}

/// `Ólafur` is under O, what begins with no letter under #.
fn letter(name: &str) -> String {
    let name = name.trim_start();
    let rest = IGNORED_ARTICLES.split(' ').find_map(|article| {
        let (first, rest) = name.split_once(' ')?;
        first.eq_ignore_ascii_case(article).then_some(rest)
    });
    let first = rest.unwrap_or(name).nfd().next().filter(|first| first.is_alphabetic());
    first.map_or_else(|| "#".to_owned(), |first| first.to_uppercase().collect())
}

pub(super) async fn genres(call: &Call) -> Outcome {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct GenreOf {
        song_count: u32,
        album_count: u32,
        value: String,
    }
    #[derive(Serialize)]
    struct Genres {
        genre: Vec<GenreOf>,
    }
    let genres = rows::all(MOST, |paging| async move {
        let list = ListGenres { paging, ..ListGenres::default() };
        Ok(call.edge.catalog.call(call.context(), list).await?)
    });
    let genre = |genre: Genre| GenreOf {
        song_count: genre.track_count,
        album_count: genre.album_count,
        value: genre.name,
    };
    let genre = genres.await?.into_iter().map(genre).collect();
    call.answer("genres", &Genres { genre })
}

pub(super) async fn artists(call: &Call) -> Outcome {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Artists {
        ignored_articles: &'static str,
        index: Vec<Index<ArtistId3>>,
    }
    let context = call.narrowed().await?;
    let (mut artists, mut skip) = (Vec::new(), 0);
    loop {
        let found = rows::artists(&call.edge, &context, Rows { skip, count: rows::MOST }).await?;
        let count = u32::try_from(found.len()).unwrap_or(u32::MAX);
        artists.extend(found);
        skip += count;
        if count < rows::MOST || skip >= MOST {
            break;
        }
    }
    let names: Vec<_> = artists.iter().map(|artist| artist.sort_name.clone()).collect();
    let artists = filling::artists(&call.edge, &context, artists).await?;
    let index = by_letter(names.into_iter().zip(artists));
    call.answer("artists", &Artists { ignored_articles: IGNORED_ARTICLES, index })
}

/// Its own albums, then those of others that it is heard on.
pub(super) async fn artist(call: &Call) -> Outcome {
    let artist: ArtistId = call.parameters.id("id")?;
    let detail = call.edge.catalog.call(call.context(), GetArtist { artist }).await?;
    let albums = detail.albums.into_iter().chain(detail.appears_on).collect();
    let albums = filling::albums(&call.edge, call.context(), albums).await?;
    let found = filling::artists(&call.edge, call.context(), vec![detail.artist]).await?;
    let mut found = found.into_iter().next().ok_or_else(|| Failure::not_found("artist"))?;
    found.album = Some(albums);
    call.answer("artist", &found)
}

pub(super) async fn album(call: &Call) -> Outcome {
    let album: AlbumId = call.parameters.id("id")?;
    let detail = call.edge.catalog.call(call.context(), GetAlbum { album }).await?;
    let songs = filling::songs(&call.edge, call.context(), detail.tracks).await?;
    let item = ItemId::Album(album);
    let annotations = Annotations::of(&call.edge, call.context(), [item].into_iter()).await?;
    let mut found = AlbumId3::new(detail.album, annotations.get(item));
    found.song = Some(songs);
    call.answer("album", &found)
}

pub(super) async fn song(call: &Call) -> Outcome {
    let track: TrackId = call.parameters.id("id")?;
    let track = call.edge.catalog.call(call.context(), GetTrack { track }).await?;
    let songs = filling::songs(&call.edge, call.context(), vec![track]).await?;
    let song = songs.into_iter().next().ok_or_else(|| Failure::not_found("song"))?;
    call.answer("song", &song)
}

#[cfg(test)]
mod tests {
    use super::letter;

    #[test]
    fn names_stand_under_their_letters() {
        let names = [
            ("Ólafur", "O"),
            ("the beatles", "B"),
            ("A", "A"),
            ("An Ox", "O"),
            ("30 Seconds", "#"),
            ("", "#"),
            ("кино", "К"),
            ("…", "#"),
        ];
        for (name, expected) in names {
            assert_eq!(letter(name), expected, "{name}");
        }
    }
}
