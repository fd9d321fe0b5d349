//! Edits that are refused, and pages of those that are not.

use hexachord_contracts::{
    CallError, Caller, LibraryAccess, Role,
    catalog::{
        AlbumEdit, ArtistEdit, CatalogError, Edit, EditOf, GenreEdit, ListEdits, PutEdits,
        RemoveEdit,
    },
    ids::{AlbumId, EditId, TrackId},
    page::Paging,
};

use super::{album, artist, edits, genre, owned, put, shown, three_albums};
use crate::house::{House, account, context, flac, tags};

async fn refusal(house: &House, edits: Vec<EditOf>) -> CatalogError {
    let call = || PutEdits { edits: edits.clone() };
    match house.ask_as(Caller::System, call).await {
        Err(CallError::Refused(error)) => error,
        other => panic!("{other:?}"),
    }
}

async fn wrong_field(house: &House, edit: EditOf) -> String {
    let good = artist("A", &["B"]);
    match refusal(house, vec![good, edit]).await {
        CatalogError::Invalid { field, reason } => format!("{field}: {reason}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_wrong_is_named_and_nothing_is_made() {
    let house = three_albums().await;
    let track = TrackId(1);
    let of = |change: &dyn Fn(&mut AlbumEdit)| {
        let mut edit = album(&[track], "Title");
        change(&mut edit);
        EditOf::Album(edit)
    };
    let long = "ж".repeat(1001);
    let wrong = [
        (artist("", &["B"]), "edits[1].artist.name: must not be empty"),
        (artist(" ", &["B"]), "edits[1].artist.name: must not be empty"),
        (artist(&long, &["B"]), "edits[1].artist.name: must have at most 1000 characters"),
        (artist("A", &[]), "edits[1].artist.becomes: needs a name"),
        (artist("A", &["B", ""]), "edits[1].artist.becomes: must not be empty"),
        (artist("A", &["a\nb"]), "edits[1].artist.becomes: must not contain control characters"),
        (artist("A", &["x"; 33]), "edits[1].artist.becomes: are more than 32"),
        (genre("\0", &[]), "edits[1].genre.name: must not contain control characters"),
        (genre("A", &[&long]), "edits[1].genre.becomes: must have at most 1000 characters"),
        (
            of(&|edit| edit.tracks.clear()),
            "edits[1].album.tracks: needs a track, or give the \
            `album` that has them",
        ),
        (of(&|edit| edit.title = Some(String::new())), "edits[1].album.title: must not be empty"),
        (
            of(&|edit| edit.title = None),
            "edits[1].album: says nothing: give a title, artists, a \
            year or anything else",
        ),
        (of(&|edit| edit.artists = Some(vec![])), "edits[1].album.artists: needs a name"),
        (of(&|edit| edit.year = Some(999)), "edits[1].album.year: must be 1000 to 2999"),
        (of(&|edit| edit.year = Some(i32::MAX)), "edits[1].album.year: must be 1000 to 2999"),
        (of(&|edit| edit.disc_number = Some(0)), "edits[1].album.disc_number: must be 1 to 9999"),
        (
            of(&|edit| edit.version = Some(long.clone())),
            "edits[1].album.version: must have at most \
            1000 characters",
        ),
        (
            of(&|edit| edit.tracks = (0..501).map(TrackId).collect()),
            "edits[1].album.tracks: are \
            more than 500",
        ),
    ];
    for (edit, wanted) in wrong {
        assert_eq!(wrong_field(&house, edit).await, wanted);
    }
    let many = vec![artist("A", &["B"]); 501];
    let reason = "are more than 500".to_owned();
    assert_eq!(
        refusal(&house, many).await,
        CatalogError::Invalid { field: "edits".into(), reason }
    );
    let of_nothing = of(&|edit| edit.album = Some(AlbumId(1)));
    let what = "album".to_owned();
    let refused = refusal(&house, vec![artist("A", &["B"]), of_nothing]).await;
    assert_eq!(refused, CatalogError::NotFound { what });
    assert_eq!(edits(&house).await, []);
}

#[tokio::test]
async fn only_administrators_edit() {
    let house = three_albums().await;
    let made = put(&house, vec![genre("Jazz", &["Bop"])]).await;
    let edit = made[0].id;
    let forbidden = Some(CallError::Refused(CatalogError::Forbidden));
    let listener = account(Role::Listener, LibraryAccess::All);
    for caller in [listener, Caller::Anonymous] {
        let by = || caller.clone();
        let call = || PutEdits { edits: vec![genre("Jazz", &[])] };
        assert_eq!(house.ask_as(by(), call).await.err(), forbidden);
        assert_eq!(house.ask_as(by(), || RemoveEdit { edit }).await.err(), forbidden);
        assert_eq!(house.ask_as(by(), ListEdits::default).await.err(), forbidden);
    }
    assert_eq!(edits(&house).await, made);
    let what = "edit".to_owned();
    let not_found = Some(CallError::Refused(CatalogError::NotFound { what }));
    let remove = || RemoveEdit { edit: EditId(1) };
    assert_eq!(house.ask_as(Caller::System, remove).await.err(), not_found);
}

#[tokio::test]
async fn an_album_is_edited_as_far_as_the_administrator_sees_it() {
    let house = House::with(&["Hers", "His"]).await;
    for (number, library) in (0..).zip(["Hers", "His"]) {
        let tags = tags("Both", "Shared", number, library);
        house.put(&format!("{library}/1.flac"), flac(number.into()), &tags);
    }
    house.scan().await;
    let shared = shown(&house).await.albums[0].id;
    let hers = LibraryAccess::Only([house.library("Hers").await].into());
    let his_track = house.track("His").await.id;
    let context = context(account(Role::Administrator, hers));
    let of_album = AlbumEdit { album: Some(shared), ..album(&[], "Hers alone") };
    let call = PutEdits { edits: vec![EditOf::Album(of_album)] };
    let made = house.ways[1].client.call(&context, call).await.unwrap();
    let EditOf::Album(AlbumEdit { tracks, .. }) = &made[0].edit else { panic!("of an album") };
    assert_eq!(tracks, &[house.track("Hers").await.id]);
    assert_eq!(shown(&house).await.albums(), ["Both – Hers alone (1)", "Both – Shared (1)"]);
    let call = PutEdits { edits: vec![EditOf::Album(album(&[his_track], "Mine"))] };
    let refused = house.ways[1].client.call(&context, call).await;
    let what = "track".to_owned();
    assert_eq!(refused, Err(CallError::Refused(CatalogError::NotFound { what })));
}

#[tokio::test]
async fn pages_of_edits_are_in_order_and_not_too_heavy() {
    let house = House::with(&["Music"]).await;
    let tracks = |from: u64| (from..from + 500).map(TrackId).collect::<Vec<_>>();
    // Tracks that are not known are kept: they may come.
    let heavy =
        (0..60).map(|number| EditOf::Album(album(&tracks(number * 500), &format!("{number}"))));
    let mut made = put(&house, heavy.collect()).await;
    made.extend(put(&house, vec![artist(" A ", &["B "]), genre("G", &[])]).await);
    assert_eq!(made[60].edit, artist("A", &["B"]));
    for limit in [1, 7, 500] {
        let (mut all, mut paging) = (Vec::<Edit>::new(), Paging::first(limit));
        loop {
            let page = house.ask(|| ListEdits { paging: paging.clone() }).await;
            assert!(page.items.len() <= (limit as usize).min(40));
            all.extend(page.items);
            paging.cursor = page.next_cursor;
            if paging.cursor.is_none() {
                break;
            }
        }
        assert_eq!(all, made);
    }
    for cursor in ["", "AAAA", "!"] {
        let call = || ListEdits { paging: Paging { limit: 1, cursor: Some(cursor.into()) } };
        let refused = house.ask_as(Caller::System, call).await;
        assert!(matches!(refused, Err(CallError::Refused(CatalogError::Invalid { field, .. }))
            if field == "cursor"));
    }
}

#[tokio::test]
async fn later_edits_of_one_call_replace_earlier_ones() {
    let house = three_albums().await;
    let ids: Vec<TrackId> = house.tracks().await.iter().map(|track| track.id).collect();
    let made = put(
        &house,
        vec![
            EditOf::Artist(ArtistEdit { name: "Jon Coltrane".into(), becomes: owned(&["First"]) }),
            EditOf::Album(album(&ids[..3], "All")),
            EditOf::Genre(GenreEdit { name: "Jazz".into(), becomes: owned(&["Bop"]) }),
            artist("JON COLTRANE", &["Second"]),
            EditOf::Album(album(&[ids[1], ids[3], ids[3]], "Some")),
        ],
    )
    .await;
    let standing = [
        EditOf::Album(album(&[ids[0], ids[2]], "All")),
        genre("Jazz", &["Bop"]),
        artist("JON COLTRANE", &["Second"]),
        EditOf::Album(album(&[ids[1], ids[3]], "Some")),
    ];
    assert_eq!(made.iter().map(|edit| edit.edit.clone()).collect::<Vec<_>>(), standing);
    assert!(made.is_sorted_by_key(|edit| edit.id));
    assert_eq!(edits(&house).await, made);
    assert_eq!(house.track("2").await.artists[0].name, "Second");
}
