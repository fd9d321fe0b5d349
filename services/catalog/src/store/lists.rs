//! The entries of every list. A key is list, scope, sort text and id, so that a page of any list is
//! one range; the value is what the page needs first.

use std::rc::Rc;

use hexachord_contracts::{
    catalog::Years,
    ids::{AlbumId, ArtistId, GenreId, LibraryId, TrackId},
};

use super::rows::{AlbumPart, AlbumRow, GroupPart, TrackRow};
use crate::identity::sort_text;

/// A list and its order. The numbers are in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum List {
    TracksByTitle = 1,
    TracksByArtist = 2,
    TracksByAlbum = 3,
    TracksByYear = 4,
    TracksByAdded = 5,
    /// Of one album, by disc and number.
    TracksByDisc = 6,
    AlbumsByTitle = 16,
    AlbumsByArtist = 17,
    AlbumsByYear = 18,
    AlbumsByAdded = 19,
    ArtistsByName = 32,
    /// Tracks that an artist took part in without performing, by album.
    ContributionsByAlbum = 33,
    GenresByName = 48,
    /// Missing tracks, the longest first.
    MissingBySince = 64,
}

/// What a list is limited to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    All,
    Artist(ArtistId),
    Genre(GenreId),
    Album(AlbumId),
}

/// Bytes that every key of one list and scope begins with.
pub(crate) const PREFIX: usize = 10;

pub(crate) fn list_prefix(list: List, scope: Scope) -> [u8; PREFIX] {
    let (kind, id) = match scope {
        Scope::All => (0, 0),
        Scope::Artist(id) => (1, id.0),
        Scope::Genre(id) => (2, id.0),
        Scope::Album(id) => (3, id.0),
    };
    let mut prefix = [0; PREFIX];
    prefix[0] = list as u8;
    prefix[1] = kind;
    prefix[2..].copy_from_slice(&u64::to_be_bytes(id));
    prefix
}

/// What stands under a key.
#[derive(Debug, Clone)]
pub(crate) enum Entry {
    /// Of a track: where it is, for permission, and the marks of its artists and genres.
    Track(LibraryId, Rc<[u8]>),
    /// The record itself.
    Row(Rc<[u8]>),
    /// The record is fetched by its id.
    Nothing,
}

/// Collects the sort part of a key.
#[derive(Debug, Clone, Default)]
struct Key(Vec<u8>);

impl Key {
    fn text(mut self, text: &str) -> Self {
        self.0.extend_from_slice(text.as_bytes());
        self.0.push(0);
        self
    }

    fn number(mut self, number: u64) -> Self {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    /// Unknown sorts before everything known.
    fn small(mut self, number: Option<u32>) -> Self {
        let number = number.map_or(0, |number| number.saturating_add(1));
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    fn year(self, year: Option<i32>) -> Self {
        self.small(year.map(|year| year.cast_unsigned() ^ (1 << 31)))
    }

    fn time(self, time: hexachord_contracts::Timestamp) -> Self {
        self.number(time.as_millis().cast_unsigned() ^ (1 << 63))
    }

    fn under(&self, list: List, scope: Scope, id: u64) -> Vec<u8> {
        [&list_prefix(list, scope)[..], &self.0, &id.to_be_bytes()].concat()
    }
}

fn artist_text(credits: &[super::Credit]) -> String {
    let first = credits.first();
    first.map_or_else(String::new, |artist| {
        sort_text(artist.sort.as_deref().unwrap_or(&artist.name), artist.sort.is_none())
    })
}

fn album_text(title: &str, sort: Option<&str>) -> String {
    sort_text(sort.unwrap_or(title), sort.is_none())
}

/// The texts that a track's keys are made of.
struct TrackTexts {
    title: String,
    artist: String,
    album: String,
}

impl TrackTexts {
    fn of(row: &TrackRow) -> Self {
        Self {
            title: sort_text(row.title_sort.as_deref().unwrap_or(&row.title), false),
            artist: artist_text(&row.artists),
            album: album_text(&row.album_title, row.album_sort.as_deref()),
        }
    }

    fn key(&self, list: List, row: &TrackRow) -> Key {
        let place = |key: Key| key.small(row.disc_number).small(row.track_number);
        let Self { title, artist, album } = self;
        let key = Key::default();
        match list {
            List::TracksByArtist => place(key.text(artist).text(album)),
            // The album's id stands behind its text: see `album_of_entry`.
            List::TracksByAlbum | List::ContributionsByAlbum => {
                place(key.text(album).number(row.album.0))
            }
            List::TracksByYear => place(key.year(row.year).text(album).number(row.album.0)),
            List::TracksByAdded => place(key.time(row.added_at).number(row.album.0)),
            List::TracksByDisc => place(key).text(title),
            _ => key.text(title),
        }
    }
}

/// The key that a track has in a list that is limited to `scope`, also where no entry stands under it.
pub(crate) fn track_entry(list: List, scope: Scope, id: TrackId, row: &TrackRow) -> Vec<u8> {
    TrackTexts::of(row).key(list, row).under(list, scope, id.0)
}

/// The first entry of a list by years that is of these years, and the first one behind them.
pub(crate) fn year_entries(list: List, years: Years) -> (Vec<u8>, Vec<u8>) {
    let entry = |key: Key| [&list_prefix(list, Scope::All)[..], &key.0].concat();
    let behind = entry(Key::default().year(Some(years.last)).number(u64::MAX));
    // Text, which follows the year, has no byte of this value.
    (entry(Key::default().year(Some(years.first))), behind)
}

/// The year of an entry of a list by years.
pub(crate) fn year_of_entry(key: &[u8]) -> Option<i32> {
    let number = u32::from_be_bytes(*key.get(PREFIX..)?.first_chunk()?);
    Some((number.checked_sub(1)? ^ (1 << 31)).cast_signed())
}

const TRACK_LISTS: [List; 5] = [
    List::TracksByTitle,
    List::TracksByArtist,
    List::TracksByAlbum,
    List::TracksByYear,
    List::TracksByAdded,
];

/// The entries of a track that is not missing. What is limited to an artist or a genre stands in one
/// order, by album: others are made of it when they are asked for ([`crate::browse`]), because every
/// entry costs a scan its time.
pub(crate) fn track_entries(id: TrackId, row: &TrackRow, mut entry: impl FnMut(Vec<u8>, Entry)) {
    let texts = TrackTexts::of(row);
    let value = Entry::Track(row.library, scope_marks(row));
    for list in TRACK_LISTS {
        entry(texts.key(list, row).under(list, Scope::All, id.0), value.clone());
    }
    let value = Entry::Track(row.library, Rc::from(&[][..]));
    let by_album = texts.key(List::TracksByAlbum, row);
    let mut limited = |list, scope| entry(by_album.under(list, scope, id.0), value.clone());
    for credit in row.credits() {
        limited(List::TracksByAlbum, Scope::Artist(credit.id));
    }
    for credit in row.others() {
        limited(List::ContributionsByAlbum, Scope::Artist(credit.id));
    }
    for genre in row.distinct_genres() {
        limited(List::TracksByAlbum, Scope::Genre(genre.id));
    }
    let discs = texts.key(List::TracksByDisc, row);
    entry(discs.under(List::TracksByDisc, Scope::Album(row.album), id.0), value);
}

/// Marks of the artists and genres whose lists the track is in.
fn scope_marks(row: &TrackRow) -> Rc<[u8]> {
    let artists = row.credits().map(|credit| Scope::Artist(credit.id));
    let genres = row.distinct_genres().map(|genre| Scope::Genre(genre.id));
    artists.chain(genres).flat_map(scope_mark).collect()
}

/// Half of an id: where two have the same one, the track itself tells.
fn scope_mark(scope: Scope) -> [u8; 4] {
    let [_, kind, id @ ..] = list_prefix(List::TracksByTitle, scope);
    let [.., a, b, c, d] = id;
    [a ^ kind, b, c, d]
}

/// May the track with this value of its entry in a list of all tracks be in `scope`?
pub(crate) fn may_be_in(value: &[u8], scope: Scope) -> bool {
    let marks = value.get(size_of::<LibraryId>()..).unwrap_or_default();
    scope == Scope::All || marks.chunks_exact(4).any(|mark| mark == scope_mark(scope))
}

/// The entry of a track that is missing.
pub(crate) fn missing_entry(id: TrackId, since: hexachord_contracts::Timestamp) -> Vec<u8> {
    Key::default().time(since).under(List::MissingBySince, Scope::All, id.0)
}

/// The first key behind those of tracks that are missing since `moment` or longer.
pub(crate) fn behind_missing_since(moment: hexachord_contracts::Timestamp) -> Vec<u8> {
    let mut behind = missing_entry(TrackId(u64::MAX), moment);
    behind.push(0);
    behind
}

/// The album of an entry of [`List::TracksByAlbum`] or [`List::ContributionsByAlbum`], and the first key behind that album's.
pub(crate) fn album_of_entry(key: &[u8]) -> Option<(AlbumId, Vec<u8>)> {
    let text_end = PREFIX + key.get(PREFIX..)?.iter().position(|byte| *byte == 0)?;
    let id_end = text_end + 9;
    let id = key.get(text_end + 1..id_end)?.first_chunk::<8>()?;
    let mut behind = key[..id_end].to_vec();
    behind.extend_from_slice(&[0xff; 8]);
    Some((AlbumId(u64::from_be_bytes(*id)), behind))
}

/// The entries of an album; `bytes` is its record. Each part has the entries that its own tags make,
/// so that no order tells what another library's tags say.
pub(crate) fn album_entries(
    id: AlbumId,
    row: &AlbumRow,
    bytes: &Rc<[u8]>,
    mut entry: impl FnMut(Vec<u8>, Entry),
) {
    for part in &row.parts {
        for list in ALBUM_LISTS {
            let key = album_key(list, part);
            entry(key.under(list, Scope::All, id.0), Entry::Row(Rc::clone(bytes)));
            for artist in &part.artists {
                entry(key.under(list, Scope::Artist(artist.id), id.0), Entry::Nothing);
            }
            for genre in &part.genres {
                entry(key.under(list, Scope::Genre(genre.id), id.0), Entry::Nothing);
            }
        }
    }
}

const ALBUM_LISTS: [List; 4] =
    [List::AlbumsByTitle, List::AlbumsByArtist, List::AlbumsByYear, List::AlbumsByAdded];

fn album_key(list: List, part: &AlbumPart) -> Key {
    let title = album_text(&part.title, part.sort.as_deref());
    let key = Key::default();
    match list {
        List::AlbumsByArtist => key.text(&artist_text(&part.artists)).year(part.year).text(&title),
        List::AlbumsByYear => key.year(part.year).text(&title),
        List::AlbumsByAdded => key.time(part.added_at).text(&title),
        _ => key.text(&title),
    }
}

/// The key of an album's entry that `part` makes.
pub(crate) fn album_entry(list: List, scope: Scope, id: AlbumId, part: &AlbumPart) -> Vec<u8> {
    album_key(list, part).under(list, scope, id.0)
}

/// The key of the entry of an artist or a genre that `part` makes.
pub(crate) fn group_entry(list: List, id: u64, part: &GroupPart) -> Vec<u8> {
    let sort = part.sort.as_deref();
    let skip_article = sort.is_none() && list == List::ArtistsByName;
    let text = sort_text(sort.unwrap_or(&part.name), skip_article);
    Key::default().text(&text).under(list, Scope::All, id)
}
