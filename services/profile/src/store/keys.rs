//! Keys of lists: bytes that compare in the order of the list.

use hexachord_contracts::{
    Timestamp,
    ids::{AccountId, AlbumId, ArtistId, PlayId, PlaylistId, TrackId},
    item::{ItemId, ItemKind},
    profile::{Between, PlaylistSort, TopItem},
};
use hexachord_storage::StoreError;

use super::{AnnotationRow, PlaylistRow};

/// Favourites of all kinds stand beside those of each kind.
const ALL_KINDS: u8 = u8::MAX;
const PUBLIC: u8 = 0;
const OWN: u8 = 1;

pub(crate) const fn kind_number(kind: ItemKind) -> u8 {
    match kind {
        ItemKind::Track => 0,
        ItemKind::Album => 1,
        ItemKind::Artist => 2,
    }
}

/// The item of a key that holds its kind's number and its id.
pub(crate) fn item(kind: u8, id: u64) -> Result<ItemId, StoreError> {
    match kind {
        0 => Ok(ItemId::Track(TrackId(id))),
        1 => Ok(ItemId::Album(AlbumId(id))),
        2 => Ok(ItemId::Artist(ArtistId(id))),
        _ => Err(damaged()),
    }
}

/// A number that grows with time.
fn rising(time: Timestamp) -> u64 {
    time.as_millis().cast_unsigned() ^ 1 << 63
}

/// A number that is smaller the later the time is.
pub(super) fn latest_first(time: Timestamp) -> u64 {
    !rising(time)
}

pub(super) fn read_latest_first(number: u64) -> Timestamp {
    Timestamp::from_millis((!number ^ 1 << 63).cast_signed())
}

pub(crate) fn plays_prefix(account: AccountId) -> Vec<u8> {
    account.0.to_be_bytes().to_vec()
}

/// The keys of the plays that started then: of the latest, and behind that of the first.
pub(crate) fn plays_within(account: AccountId, between: Between) -> (Vec<u8>, Vec<u8>) {
    // A play at `until` itself stands before those that are earlier.
    let behind_all_at = |at| {
        let last = play_key(account, at, PlayId(u64::MAX));
        behind(&last).unwrap_or_default()
    };
    (behind_all_at(between.until), behind_all_at(between.from))
}

pub(super) fn play_key(account: AccountId, started_at: Timestamp, play: PlayId) -> Vec<u8> {
    let started_at = latest_first(started_at).to_be_bytes();
    [account.0.to_be_bytes(), started_at, play.0.to_be_bytes()].concat()
}

pub(crate) fn read_play(key: &[u8]) -> Result<(Timestamp, PlayId), StoreError> {
    Ok((read_latest_first(number(key, 8)?), PlayId(number(key, 16)?)))
}

pub(crate) fn top_prefix(account: AccountId, kind: ItemKind) -> Vec<u8> {
    [&account.0.to_be_bytes()[..], &[kind_number(kind)]].concat()
}

/// `None`: it has no plays that count.
pub(super) fn top_key(account: AccountId, item: ItemId, row: &AnnotationRow) -> Option<Vec<u8>> {
    let last = row.last_played_at.filter(|_| row.plays > 0)?;
    let mut key = top_prefix(account, item.kind());
    key.extend((!row.plays).to_be_bytes());
    key.extend(latest_first(last).to_be_bytes());
    key.extend(item.number().to_be_bytes());
    Some(key)
}

pub(crate) fn read_top(key: &[u8]) -> Result<TopItem, StoreError> {
    let plays = key.get(9..).and_then(|rest| rest.first_chunk()).ok_or_else(damaged)?;
    let last_played_at = read_latest_first(number(key, 13)?);
    let item = item(key[8], number(key, 21)?)?;
    Ok(TopItem { item, plays: !u32::from_be_bytes(*plays), last_played_at })
}

pub(crate) fn favourites_prefix(account: AccountId, kind: Option<ItemKind>) -> Vec<u8> {
    [&account.0.to_be_bytes()[..], &[kind.map_or(ALL_KINDS, kind_number)]].concat()
}

/// Where a favourite stands: among all, and among those of its kind.
pub(super) fn favourite_keys(account: AccountId, item: ItemId, since: Timestamp) -> [Vec<u8>; 2] {
    [None, Some(item.kind())].map(|among| {
        let mut key = favourites_prefix(account, among);
        key.extend(latest_first(since).to_be_bytes());
        key.push(kind_number(item.kind()));
        key.extend(item.number().to_be_bytes());
        key
    })
}

pub(crate) fn read_favourite(key: &[u8]) -> Result<(ItemId, Timestamp), StoreError> {
    let since = read_latest_first(number(key, 9)?);
    Ok((item(*key.get(17).ok_or_else(damaged)?, number(key, 18)?)?, since))
}

pub(crate) fn public_playlists_prefix(sort: PlaylistSort) -> Vec<u8> {
    vec![PUBLIC, sort_number(sort)]
}

pub(crate) fn own_playlists_prefix(owner: AccountId, sort: PlaylistSort) -> Vec<u8> {
    [&[OWN][..], &owner.0.to_be_bytes(), &[sort_number(sort)]].concat()
}

/// Everywhere a playlist stands.
pub(super) fn playlist_keys(id: PlaylistId, row: &PlaylistRow) -> Vec<Vec<u8>> {
    let mut keys = Vec::with_capacity(4);
    for sort in [PlaylistSort::Name, PlaylistSort::Changed] {
        let text = playlists_by(sort, row);
        let mut stand = |mut key: Vec<u8>| {
            key.extend_from_slice(&text);
            key.extend(id.0.to_be_bytes());
            keys.push(key);
        };
        stand(own_playlists_prefix(row.owner, sort));
        if row.public {
            stand(public_playlists_prefix(sort));
        }
    }
    keys
}

/// What a playlist is sorted by.
fn playlists_by(sort: PlaylistSort, row: &PlaylistRow) -> Vec<u8> {
    match sort {
        // Names have no control characters: the zero lets a name stand before its continuations.
        PlaylistSort::Name => [row.name.to_lowercase().as_bytes(), &[0]].concat(),
        PlaylistSort::Changed => rising(row.changed_at).to_be_bytes().to_vec(),
    }
}

const fn sort_number(sort: PlaylistSort) -> u8 {
    match sort {
        PlaylistSort::Name => 0,
        PlaylistSort::Changed => 1,
    }
}

/// The first key behind all keys with this prefix; `None`: there is none.
pub(crate) fn behind(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|byte| *byte != u8::MAX)?;
    let mut behind = prefix[..=last].to_vec();
    behind[last] += 1;
    Some(behind)
}

pub(super) fn number(key: &[u8], place: usize) -> Result<u64, StoreError> {
    let bytes = key.get(place..).and_then(|rest| rest.first_chunk()).ok_or_else(damaged)?;
    Ok(u64::from_be_bytes(*bytes))
}

fn damaged() -> StoreError {
    StoreError::Damaged("a key of a list".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_later_time_has_the_smaller_key() {
        let times = [i64::MIN, -1, 0, 1, 1_800_000_000_000, i64::MAX].map(Timestamp::from_millis);
        for pair in times.windows(2) {
            assert!(latest_first(pair[0]) > latest_first(pair[1]));
            assert_eq!(read_latest_first(latest_first(pair[0])), pair[0]);
        }
    }

    #[test]
    fn keys_say_what_they_were_made_of() {
        let (account, last) = (AccountId(3), Timestamp::from_millis(-5));
        for kind in ItemKind::ALL {
            let item = ItemId::new(kind, u64::MAX - 1);
            let row = AnnotationRow { plays: 7, last_played_at: Some(last), ..Default::default() };
            let top = read_top(&top_key(account, item, &row).unwrap()).unwrap();
            assert_eq!(top, TopItem { item, plays: 7, last_played_at: last });
            for key in favourite_keys(account, item, last) {
                assert_eq!(read_favourite(&key).unwrap(), (item, last));
            }
        }
        let key = play_key(account, last, PlayId(9));
        assert_eq!(read_play(&key).unwrap(), (last, PlayId(9)));
        assert!(read_play(&key[1..]).is_err());
    }

    #[test]
    fn behind_a_prefix() {
        assert_eq!(behind(&[1, 2, 255]), Some(vec![1, 3]));
        assert_eq!(behind(&[255, 255]), None);
    }
}
