//! From the tables of one version to those of the next.

use std::collections::BTreeMap;

use hexachord_storage::{Migration, Record, StoreError};
use redb::{ReadableTable, WriteTransaction};

use super::{
    AnnotationRow, FollowRow, TrackRow, kind_number, record,
    tables::{
        ANNOTATIONS, ARTIST_TRACKS, AVATARS, BOOKMARK_ORDER, BOOKMARKS, FOLLOWED, MEMBERS,
        MESSAGES, OPINIONS, QUEUES, SHARE_ORDER, SHARE_SECRETS, SHARES, STATION_ORDER, STATIONS,
        TRACKS,
    },
};
use crate::follow::CATALOG;

pub(super) const ALL: &[Migration] = &[
    count_members_and_opinions,
    make_room_for_more,
    make_room_for_avatars,
    list_tracks_of_artists,
];

/// Version 2 knows how many tracks of an album or an artist are there, and who loves or rated what.
fn count_members_and_opinions(write: &WriteTransaction) -> Result<(), StoreError> {
    let mut members = BTreeMap::<_, u64>::new();
    for entry in write.open_table(TRACKS)?.iter()? {
        let row = TrackRow::from_bytes(entry?.1.value())?;
        for item in row.shown() {
            *members.entry((kind_number(item.kind()), item.number())).or_default() += 1;
        }
    }
    let mut table = write.open_table(MEMBERS)?;
    for (item, count) in members {
        table.insert(item, count)?;
    }
    let mut opinions = write.open_table(OPINIONS)?;
    for entry in write.open_table(ANNOTATIONS)?.iter()? {
        let (key, row) = entry?;
        let (account, kind, id) = key.value();
        if AnnotationRow::from_bytes(row.value())?.is_opinion() {
            opinions.insert((kind, id, account), ())?;
        }
    }
    // Which tracks are missing is not known: the catalog tells everything again.
    let mut followed = write.open_table(FOLLOWED)?;
    let row: Option<FollowRow> = record(&followed, &CATALOG)?;
    if let Some(row) = row {
        let row = FollowRow { cursor: None, ..row };
        followed.insert(CATALOG, row.to_bytes()?.as_slice())?;
    }
    Ok(())
}

/// Version 3 has bookmarks, queues, radio stations, messages and shares.
fn make_room_for_more(write: &WriteTransaction) -> Result<(), StoreError> {
    write.open_table(BOOKMARKS)?;
    write.open_table(BOOKMARK_ORDER)?;
    write.open_table(QUEUES)?;
    write.open_table(STATIONS)?;
    write.open_table(STATION_ORDER)?;
    write.open_table(MESSAGES)?;
    write.open_table(SHARES)?;
    write.open_table(SHARE_SECRETS)?;
    write.open_table(SHARE_ORDER)?;
    Ok(())
}

/// Version 4 has avatars.
fn make_room_for_avatars(write: &WriteTransaction) -> Result<(), StoreError> {
    write.open_table(AVATARS)?;
    Ok(())
}

/// Version 5 knows the tracks of an artist.
fn list_tracks_of_artists(write: &WriteTransaction) -> Result<(), StoreError> {
    let mut listed = write.open_table(ARTIST_TRACKS)?;
    for entry in write.open_table(TRACKS)?.iter()? {
        let (track, row) = entry?;
        let row = TrackRow::from_bytes(row.value())?;
        for artist in row.artists.iter().filter(|_| !row.gone) {
            listed.insert((artist.0, track.value()), ())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use hexachord_contracts::{
        Timestamp,
        feed::FeedCursor,
        ids::{AccountId, AlbumId, ArtistId, LibraryId, TrackId},
        item::ItemId,
    };
    use hexachord_storage::{Backing, Options, Schema, Store};
    use redb::ReadableTableMetadata;

    use super::*;
    use crate::store::{AvatarRow, BookmarkRow, Change, Known, open_store, rows::TrackRow1};

    const ANNA: AccountId = AccountId(1);

    /// What version 1 wrote of three tracks, one of them forgotten, on two albums.
    fn write_version_1(write: &WriteTransaction) -> Result<(), StoreError> {
        let mut tracks = write.open_table(TRACKS)?;
        for (id, album, gone) in [(1, 1, false), (2, 1, false), (3, 2, true)] {
            let (library, artists) = (LibraryId(1), vec![ArtistId(5)]);
            let album = AlbumId(album);
            let row = TrackRow1 { library, album, artists, duration_ms: 1, gone, round: 4 };
            let row = postcard::to_extend(&row, vec![1]);
            tracks.insert(
                id,
                row.map_err(|error| StoreError::Failed(error.to_string()))?.as_slice(),
            )?;
        }
        let mut annotations = write.open_table(ANNOTATIONS)?;
        let loved = Some(Timestamp::from_millis(7));
        let (plays, rating) = (3, Some(4));
        for (id, row) in [
            (1, AnnotationRow { favourite_since: loved, ..AnnotationRow::default() }),
            (2, AnnotationRow { rating, ..AnnotationRow::default() }),
            (3, AnnotationRow { plays, ..AnnotationRow::default() }),
        ] {
            annotations.insert((ANNA.0, 1, id), row.to_bytes()?.as_slice())?;
        }
        let cursor = Some(FeedCursor { epoch: 1, sequence: 9 });
        let row = FollowRow { cursor, round: 4, writes: 2 };
        write.open_table(FOLLOWED)?.insert(CATALOG, row.to_bytes()?.as_slice())?;
        Ok(())
    }

    #[test]
    fn a_store_of_version_1_opens_and_counts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profile.redb");
        let (backing, schema) = (Backing::File(path.clone()), Schema::default());
        let options = Options { name: "test", backing, schema, cache_bytes: 1 << 20, readers: 1 };
        let store = Store::open(options, 1).unwrap();
        store.write_blocking(write_version_1).unwrap();
        store.close();
        drop(store);

        let store = open_store(&path, 2).unwrap();
        assert_eq!(store.epoch(), 1);
        store
            .read_blocking(|read| {
                let members = read.open_table(MEMBERS)?;
                let members: Vec<_> = members
                    .iter()?
                    .map(|entry| entry.map(|(item, count)| (item.value(), count.value())))
                    .collect::<Result<_, _>>()?;
                assert_eq!(members, [((1, 1), 2), ((2, 5), 2)]);
                let of_artists = read.open_table(ARTIST_TRACKS)?;
                let of_artists: Vec<_> = of_artists
                    .iter()?
                    .map(|entry| entry.map(|(key, _)| key.value()))
                    .collect::<Result<_, _>>()?;
                assert_eq!(of_artists, [(5, 1), (5, 2)], "what is forgotten is nobody's");
                let opinions = read.open_table(OPINIONS)?;
                let opinions: Vec<_> = opinions
                    .iter()?
                    .map(|entry| entry.map(|(key, _)| key.value()))
                    .collect::<Result<_, _>>()?;
                assert_eq!(opinions, [(1, 1, ANNA.0), (1, 2, ANNA.0)]);
                let followed: Option<FollowRow> = record(&read.open_table(FOLLOWED)?, &CATALOG)?;
                assert_eq!(followed, Some(FollowRow { cursor: None, round: 4, writes: 2 }));
                Ok(())
            })
            .unwrap();
        the_new_tables_are_there(&store);
        // And goes on from there: the album is renamed.
        let renamed = store.write_blocking(|write| {
            let mut change = Change::begin(write, Known::default())?;
            for id in [TrackId(1), TrackId(2)] {
                let row = change.track(id)?.expect("it was there before");
                assert!(!row.missing);
                change.put_track(id, &TrackRow { album: AlbumId(8), ..row })?;
            }
            let row = change.annotation(ANNA, ItemId::Album(AlbumId(8)))?;
            change.finish()?;
            Ok(row)
        });
        assert_eq!(renamed.unwrap().favourite_since, Some(Timestamp::from_millis(7)));
    }

    /// Readers rely on them, from the first read on.
    fn the_new_tables_are_there(store: &Store) {
        let counted = store.read_blocking(|read| {
            Ok(read.open_table(BOOKMARKS)?.len()?
                + read.open_table(BOOKMARK_ORDER)?.len()?
                + read.open_table(QUEUES)?.len()?
                + read.open_table(STATIONS)?.len()?
                + read.open_table(STATION_ORDER)?.len()?
                + read.open_table(MESSAGES)?.len()?
                + read.open_table(SHARES)?.len()?
                + read.open_table(SHARE_SECRETS)?.len()?
                + read.open_table(SHARE_ORDER)?.len()?
                + read.open_table(AVATARS)?.len()?)
        });
        assert_eq!(counted.unwrap(), 0);
    }

    #[test]
    fn a_store_of_version_2_opens_and_keeps_everything() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profile.redb");
        let backing = Backing::File(path.clone());
        let schema = Schema { migrations: &ALL[..1] };
        let options = Options { name: "test", backing, schema, cache_bytes: 1 << 20, readers: 1 };
        let store = Store::open(options, 1).unwrap();
        let row = AnnotationRow { rating: Some(4), ..AnnotationRow::default() };
        store
            .write_blocking(move |write| {
                let mut annotations = write.open_table(ANNOTATIONS)?;
                annotations.insert((ANNA.0, 1, 2), row.to_bytes()?.as_slice())?;
                // As every store of version 2 has it.
                write.open_table(TRACKS).map(drop).map_err(StoreError::from)
            })
            .unwrap();
        store.close();
        drop(store);

        let store = open_store(&path, 2).unwrap();
        assert_eq!(store.epoch(), 1);
        the_new_tables_are_there(&store);
        let kept = store.read_blocking(|read| {
            let kept: Option<AnnotationRow> =
                record(&read.open_table(ANNOTATIONS)?, &(ANNA.0, 1, 2))?;
            Ok(kept)
        });
        assert_eq!(kept.unwrap(), Some(row));
        store.close();
        let schema = Schema { migrations: &ALL[..1] };
        let backing = Backing::File(path);
        let options = Options { name: "test", backing, schema, cache_bytes: 1 << 20, readers: 1 };
        let newer = Store::open(options, 1).err();
        assert!(matches!(newer, Some(StoreError::Newer { found: 5, known: 2, .. })), "{newer:?}");
    }

    #[test]
    fn a_store_of_version_3_opens_and_takes_avatars() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profile.redb");
        let backing = Backing::File(path.clone());
        let schema = Schema { migrations: &ALL[..2] };
        let options = Options { name: "test", backing, schema, cache_bytes: 1 << 20, readers: 1 };
        let store = Store::open(options, 1).unwrap();
        let at = Timestamp::from_millis(7);
        let marked =
            BookmarkRow { position_ms: 9, comment: String::new(), created_at: at, changed_at: at };
        let row = marked.clone();
        store
            .write_blocking(move |write| {
                let mut bookmarks = write.open_table(BOOKMARKS)?;
                bookmarks.insert((ANNA.0, 1), row.to_bytes()?.as_slice())?;
                // As every store of version 3 has it.
                write.open_table(TRACKS).map(drop).map_err(StoreError::from)
            })
            .unwrap();
        store.close();
        drop(store);

        let store = open_store(&path, 2).unwrap();
        let avatar = AvatarRow { picture: vec![0xff; 9], changed_at: at };
        let (kept, shown) = store
            .write_blocking({
                let avatar = avatar.clone();
                move |write| {
                    let mut change = Change::begin(write, Known::default())?;
                    change.put_avatar(ANNA, &avatar)?;
                    let kept = change.bookmark(ANNA, TrackId(1))?;
                    change.finish()?;
                    let shown: Option<AvatarRow> = record(&write.open_table(AVATARS)?, &ANNA.0)?;
                    Ok((kept, shown))
                }
            })
            .unwrap();
        assert_eq!((kept, shown), (Some(marked), Some(avatar)));
    }

    #[test]
    fn a_store_of_version_4_opens_and_lists_the_tracks_of_artists() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profile.redb");
        let backing = Backing::File(path.clone());
        let schema = Schema { migrations: &ALL[..3] };
        let options = Options { name: "test", backing, schema, cache_bytes: 1 << 20, readers: 1 };
        let store = Store::open(options, 1).unwrap();
        let followed =
            FollowRow { cursor: Some(FeedCursor { epoch: 1, sequence: 9 }), round: 4, writes: 2 };
        let write = move |write: &WriteTransaction| {
            let mut tracks = write.open_table(TRACKS)?;
            for (id, artists, gone, missing) in [
                (1, vec![ArtistId(5), ArtistId(6)], false, false),
                (2, vec![ArtistId(5)], true, false),
                (3, vec![ArtistId(6)], false, true),
            ] {
                let (library, album) = (LibraryId(1), AlbumId(1));
                let row =
                    TrackRow { library, album, artists, duration_ms: 1, gone, missing, round: 4 };
                tracks.insert(id, row.to_bytes()?.as_slice())?;
            }
            write.open_table(FOLLOWED)?.insert(CATALOG, followed.to_bytes()?.as_slice())?;
            Ok(())
        };
        store.write_blocking(write).unwrap();
        store.close();
        drop(store);

        let store = open_store(&path, 2).unwrap();
        let read = store.read_blocking(|read| {
            let mut listed = Vec::new();
            for entry in read.open_table(ARTIST_TRACKS)?.iter()? {
                listed.push(entry?.0.value());
            }
            let row: Option<FollowRow> = record(&read.open_table(FOLLOWED)?, &CATALOG)?;
            Ok((listed, row))
        });
        let (listed, row) = read.unwrap();
        assert_eq!(listed, [(5, 1), (6, 1), (6, 3)], "but for what is forgotten");
        assert_eq!(row, Some(followed), "nothing has to be told again");
    }
}
