//! Edits: what an administrator says goes before what is tagged, now and after every scan.

mod following;
mod like_a_scan;
mod refused;

use hexachord_contracts::{
    Caller, Timestamp,
    catalog::{
        Album, AlbumEdit, Artist, ArtistEdit, Edit, EditOf, Genre, GenreEdit, GetAlbum, GetTrack,
        ListAlbums, ListArtists, ListEdits, ListGenres, PutEdits, RemoveEdit, StartScan, Track,
    },
    ids::TrackId,
    page::Paging,
};
use hexachord_fixtures::{Tags, tag};

use crate::house::{House, context, flac, tags};

fn artist(name: &str, becomes: &[&str]) -> EditOf {
    EditOf::Artist(ArtistEdit { name: name.to_owned(), becomes: owned(becomes) })
}

fn genre(name: &str, becomes: &[&str]) -> EditOf {
    EditOf::Genre(GenreEdit { name: name.to_owned(), becomes: owned(becomes) })
}

fn album(tracks: &[TrackId], title: &str) -> AlbumEdit {
    let title = Some(title.to_owned());
    AlbumEdit { tracks: tracks.to_vec(), title, ..AlbumEdit::default() }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Makes edits over one way: each makes them once.
async fn put(house: &House, edits: Vec<EditOf>) -> Vec<Edit> {
    let call = PutEdits { edits };
    house.ways[1].client.call(&context(Caller::System), call).await.unwrap()
}

async fn remove(house: &House, edit: &Edit) {
    let call = RemoveEdit { edit: edit.id };
    house.ways[0].client.call(&context(Caller::System), call).await.unwrap();
}

async fn edits(house: &House) -> Vec<Edit> {
    house.ask(|| ListEdits { paging: Paging::first(500) }).await.items
}

/// What everybody sees.
#[derive(Debug, PartialEq, Eq)]
struct Shown {
    tracks: Vec<Track>,
    albums: Vec<Album>,
    artists: Vec<Artist>,
    genres: Vec<Genre>,
}

async fn shown(house: &House) -> Shown {
    let all = || Paging::first(500);
    let list = || ListAlbums { paging: all(), ..ListAlbums::default() };
    let albums = house.ask(list).await.items;
    let list = || ListArtists { paging: all(), ..ListArtists::default() };
    let artists = house.ask(list).await.items;
    let list = || ListGenres { paging: all(), ..ListGenres::default() };
    let genres = house.ask(list).await.items;
    Shown { tracks: house.tracks().await, albums, artists, genres }
}

impl Shown {
    /// Without the times at which that came about.
    fn timeless(mut self) -> Self {
        for track in &mut self.tracks {
            (track.added_at, track.modified_at) = <(Timestamp, Timestamp)>::default();
        }
        for album in &mut self.albums {
            album.added_at = Timestamp::default();
        }
        self
    }

    fn albums(&self) -> Vec<String> {
        let album = |album: &Album| {
            format!("{} – {} ({})", album.display_artist, album.title, album.track_count)
        };
        self.albums.iter().map(album).collect()
    }

    fn artists(&self) -> Vec<(&str, u32)> {
        self.artists.iter().map(|artist| (artist.name.as_str(), artist.track_count)).collect()
    }

    fn genres(&self) -> Vec<(&str, u32)> {
        self.genres.iter().map(|genre| (genre.name.as_str(), genre.track_count)).collect()
    }
}

/// Two albums of one artist in two spellings, and one of two artists.
async fn three_albums() -> House {
    let house = House::with(&["Music"]).await;
    for (number, (artist, album)) in (0..).zip([
        ("John Coltrane", "Blue Train"),
        ("John Coltrane", "Blue Train"),
        ("Jon Coltrane", "Giant Steps"),
        ("Duke & John", "Together"),
    ]) {
        let genre = if number < 3 { "Jazz" } else { "Jaz" };
        let title = format!("{number}");
        let tags =
            Tags { genres: vec![genre.to_owned()], ..tags(artist, album, number + 1, &title) };
        house.put(&format!("Music/{album}/{number}.flac"), flac(number.into()), &tags);
    }
    house.scan().await;
    house
}

#[tokio::test]
async fn an_artist_is_renamed_merged_and_taken_apart() {
    let house = three_albums().await;
    let before = shown(&house).await;
    let made = put(
        &house,
        vec![
            artist("jon coltrane", &["John Coltrane"]),
            artist("Duke & John", &["Duke Ellington", "John Coltrane"]),
        ],
    )
    .await;
    let after = shown(&house).await;
    assert_eq!(after.artists(), [("Duke Ellington", 1), ("John Coltrane", 4)]);
    assert_eq!(
        after.albums(),
        [
            "John Coltrane – Blue Train (2)",
            "John Coltrane – Giant Steps (1)",
            "Duke Ellington, John Coltrane – Together (1)",
        ],
    );
    assert_eq!(after.tracks[3].display_artist, "Duke Ellington, John Coltrane");
    assert_eq!(before.albums[0], after.albums[0], "what no edit speaks of is not touched");
    // Neither scan brings the tags back.
    for full in [false, true] {
        house.scan_with(StartScan { full, ..StartScan::default() }).await;
        assert_eq!(shown(&house).await, after);
    }
    for edit in &made {
        remove(&house, edit).await;
    }
    assert_eq!(shown(&house).await.timeless(), before.timeless());
    assert_eq!(edits(&house).await, []);
}

#[tokio::test]
async fn a_genre_is_renamed_merged_and_left_out() {
    let house = three_albums().await;
    let before = shown(&house).await;
    assert_eq!(before.genres(), [("Jaz", 1), ("Jazz", 3)]);
    put(&house, vec![genre("JAZ", &["Jazz"])]).await;
    assert_eq!(shown(&house).await.genres(), [("Jazz", 4)]);
    // It replaces the one before it: each name has one edit.
    let made = put(&house, vec![genre("Jaz", &["Duo", "Live"]), genre("Jazz", &[])]).await;
    assert_eq!(shown(&house).await.genres(), [("Duo", 1), ("Live", 1)]);
    assert_eq!(edits(&house).await, made);
    for edit in &made {
        remove(&house, edit).await;
    }
    assert_eq!(shown(&house).await.timeless(), before.timeless());
}

#[tokio::test]
async fn edits_are_never_made_of_one_another() {
    let house = three_albums().await;
    let circle = || vec![genre("Jazz", &["Jaz"]), genre("Jaz", &["Jazz"])];
    put(&house, circle()).await;
    assert_eq!(shown(&house).await.genres(), [("Jaz", 3), ("Jazz", 1)]);
    house.scan_with(StartScan { full: true, ..StartScan::default() }).await;
    assert_eq!(shown(&house).await.genres(), [("Jaz", 3), ("Jazz", 1)]);
}

#[tokio::test]
async fn albums_are_merged_split_and_described_anew() {
    let house = three_albums().await;
    let before = shown(&house).await;
    let ids: Vec<TrackId> = before.tracks.iter().map(|track| track.id).collect();
    let giant_steps = before.albums.iter().find(|album| album.title == "Giant Steps").unwrap().id;
    // Two become one.
    let merged = AlbumEdit {
        album: Some(giant_steps),
        artists: Some(owned(&["John Coltrane"])),
        year: Some(1960),
        version: Some("Mono".to_owned()),
        disc_number: Some(2),
        ..album(&ids[..2], "Both")
    };
    let made = put(&house, vec![EditOf::Album(merged)]).await;
    let after = shown(&house).await;
    assert_eq!(after.albums(), ["John Coltrane – Both (3)", "Duke & John – Together (1)"]);
    let both = &after.albums[0];
    assert_eq!((both.year, both.version.as_deref()), (Some(1960), Some("Mono")));
    assert!(after.tracks[..3].iter().all(|track| track.disc_number == Some(2)));
    assert_eq!(after.tracks[2].artists[0].name, "Jon Coltrane", "of the album, not of the track");
    // It means the tracks, whatever becomes of the album.
    let EditOf::Album(kept) = &made[0].edit else { panic!("it was one of an album") };
    assert_eq!((kept.album, kept.tracks.len()), (None, 3));
    let detail = house.ask(|| GetAlbum { album: both.id }).await;
    assert_eq!(detail.tracks.len(), 3);

    // One of them goes elsewhere: the other two stay.
    let single = put(&house, vec![EditOf::Album(album(&ids[1..2], "Single"))]).await;
    let split = shown(&house).await;
    assert_eq!(
        split.albums(),
        ["John Coltrane – Both (2)", "John Coltrane – Single (1)", "Duke & John – Together (1)"]
    );
    assert_eq!(edits(&house).await.len(), 2);
    house.scan_with(StartScan { full: true, ..StartScan::default() }).await;
    assert_eq!(shown(&house).await, split);
    // Taken back, it is what its tags say, and not what the edit before said.
    remove(&house, &single[0]).await;
    assert_eq!(shown(&house).await.albums()[0], "John Coltrane – Blue Train (1)");
    remove(&house, &made[0]).await;
    assert_eq!(shown(&house).await.timeless(), before.timeless());
}

#[tokio::test]
async fn a_compilation_is_by_various_artists() {
    let house = three_albums().await;
    let ids: Vec<TrackId> = house.tracks().await.iter().map(|track| track.id).collect();
    let of_all = |compilation| AlbumEdit { compilation, ..album(&ids, "Sampler") };
    put(&house, vec![EditOf::Album(of_all(Some(true)))]).await;
    assert_eq!(shown(&house).await.albums(), ["Various Artists – Sampler (4)"]);
    // Artists are written anew in what an edit gives to an album, too.
    let made = put(&house, vec![artist("Various Artists", &["Many"])]).await;
    assert_eq!(shown(&house).await.albums(), ["Many – Sampler (4)"]);
    remove(&house, &made[0]).await;
    assert_eq!(shown(&house).await.albums(), ["Various Artists – Sampler (4)"]);
    let named = AlbumEdit { artists: Some(owned(&["Us"])), ..of_all(Some(true)) };
    put(&house, vec![EditOf::Album(named)]).await;
    assert_eq!(shown(&house).await.albums(), ["Us – Sampler (4)"]);
    let made = put(&house, vec![artist("us", &["All of us"])]).await;
    assert_eq!(shown(&house).await.albums(), ["All of us – Sampler (4)"]);
    remove(&house, &made[0]).await;
    assert_eq!(shown(&house).await.albums(), ["Us – Sampler (4)"]);
    put(&house, vec![EditOf::Album(of_all(None))]).await;
    assert_eq!(shown(&house).await.albums().len(), 3, "each by its own artist");
}

#[tokio::test]
async fn a_track_keeps_its_edits_when_it_moves_goes_and_comes_back() {
    let house = three_albums().await;
    let track = house.track("2").await.id;
    put(&house, vec![EditOf::Album(album(&[track], "Steps")), genre("Jaz", &["Bop"])]).await;
    house.rename("Music/Giant Steps/2.flac", "Music/elsewhere/x.flac");
    house.scan().await;
    assert_eq!(house.track("2").await.album.title, "Steps");
    // An edit is made of a missing track, too.
    house.rename("Music/Together/3.flac", "aside.flac");
    house.rename("Music/elsewhere/x.flac", "aside too.flac");
    house.scan().await;
    put(&house, vec![genre("jaz", &["Cool"]), artist("Jon Coltrane", &["J. Coltrane"])]).await;
    let missing = house.ask(|| GetTrack { track }).await;
    assert_eq!((&*missing.album.title, missing.missing_since.is_some()), ("Steps", true));
    assert_eq!(missing.artists[0].name, "J. Coltrane");
    house.rename("aside.flac", "Music/Together/3.flac");
    house.rename("aside too.flac", "Music/2.flac");
    house.scan().await;
    assert_eq!(house.track("3").await.genres, ["Cool"]);
    let back = house.track("2").await;
    assert_eq!((back.id, &*back.album.title), (track, "Steps"));
    // A retag counts for what no edit says.
    let retagged = Tags { year: Some(1959), ..tags("John Coltrane", "Other", 9, "2") };
    tag(house.path("Music/2.flac"), &retagged).unwrap();
    house.scan().await;
    let back = house.track("2").await;
    assert_eq!((&*back.album.title, back.track_number, back.year), ("Steps", Some(9), Some(1959)));
    assert_eq!(back.artists[0].name, "John Coltrane");
}

#[tokio::test]
async fn what_was_tagged_is_not_taken_for_what_is() {
    let house = three_albums().await;
    let made = put(&house, vec![genre("Jaz", &["Jazz"])]).await;
    remove(&house, &made[0]).await;
    // Retagged as the edit would have it, and again.
    for tagged in ["Jazz", "Bop"] {
        let made = put(&house, vec![genre("Jaz", &["Jazz"])]).await;
        let retagged =
            Tags { genres: vec![tagged.to_owned()], ..tags("Duke & John", "Together", 4, "3") };
        tag(house.path("Music/Together/3.flac"), &retagged).unwrap();
        house.scan().await;
        assert_eq!(house.track("3").await.genres, [tagged]);
        remove(&house, &made[0]).await;
        assert_eq!(house.track("3").await.genres, [tagged]);
    }
    put(&house, vec![genre("Bop", &["Cool"]), genre("Jaz", &[])]).await;
    assert_eq!(house.track("3").await.genres, ["Cool"]);
}

#[tokio::test]
async fn a_track_that_is_missing_has_the_edits_that_are_made_meanwhile() {
    let house = three_albums().await;
    let track = house.track("3").await.id;
    house.remove("Music/Together/3.flac");
    house.scan().await;
    let missing = async || house.ask(|| GetTrack { track }).await;
    let made = put(&house, vec![artist("Duke & John", &["Duke"]), genre("Jaz", &["Jazz"])]).await;
    assert_eq!((&*missing().await.artists[0].name, &*missing().await.genres[0]), ("Duke", "Jazz"));
    for edit in &made {
        remove(&house, edit).await;
    }
    assert_eq!(missing().await.artists[0].name, "Duke & John");
    assert!(missing().await.missing_since.is_some());
}
