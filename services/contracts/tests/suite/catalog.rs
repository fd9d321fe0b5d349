//! Every call of the catalog as JSON.

use hexachord_contracts::catalog::{
    AddLibrary, AddPodcast, CancelScan, CatalogSnapshot, DownloadEpisode, FindArtist, FindGenre,
    FollowCatalog, ForgetTracks, GetAlbum, GetAlbums, GetAnalysis, GetArtist, GetArtists,
    GetChanged, GetEpisode, GetLyrics, GetPaths, GetPodcast, GetRevision, GetScan, GetTrack,
    GetTracks, GetWaveform, ListAlbumLetters, ListAlbums, ListArtistLetters, ListArtists,
    ListDecades, ListEdits, ListEpisodes, ListFolder, ListGenres, ListLibraries,
    ListLibraryDetails, ListMissing, ListPodcasts, ListServerFolders, ListTracks, ListUnmeasurable,
    ListUnreadable, Locate, LocateCover, LocateEpisode, LyricsTexts, MatchTracks, PickAlbums,
    PickTracks, PutEdits, RefreshPodcasts, RemoveDownload, RemoveEdit, RemoveLibrary,
    RemovePodcast, RenameLibrary, StartScan,
};
use serde_json::json;

use crate::house::{declared_in, travels};

#[test]
fn every_call_travels() {
    let paging = json!({"limit": 5, "cursor": null});
    let track = json!({"track": "tr-0000000000001"});
    let podcast = json!({"podcast": "pc-0000000000001"});
    let episode = json!({"episode": "ep-0000000000001"});
    let by_name = json!({"paging": paging, "sort": {"by": "name", "descending": false}});
    let travelled = [
        travels::<ListTracks>(&json!({
            "paging": paging, "sort": {"by": "added", "descending": true},
            "filter": {"genre": "ge-0000000000001"}, "skip": 0,
        })),
        travels::<ListAlbums>(&json!({
            "paging": paging, "sort": {"by": "year", "descending": false},
            "filter": {"artist": "ar-0000000000001"}, "skip": 9,
            "years": {"first": 1990, "last": 1999},
        })),
        travels::<ListArtists>(&json!({
            "paging": paging, "sort": {"by": "name", "descending": false}, "skip": 0,
        })),
        travels::<ListGenres>(&by_name),
        travels::<ListArtistLetters>(&json!({})),
        travels::<ListAlbumLetters>(&json!({
            "filter": {"genre": "ge-0000000000001"}, "years": {"first": 1990, "last": 1999},
        })),
        travels::<ListDecades>(&json!({})),
        travels::<FindArtist>(&json!({"name": "Guido"})),
        travels::<FindGenre>(&json!({"name": "Chant"})),
        travels::<PickTracks>(&json!({
            "limit": 5, "filter": {"genre": "ge-0000000000001"},
            "years": {"first": 1990, "last": 1999}, "seed": 7,
        })),
        travels::<PickAlbums>(&json!({"limit": 5, "seed": 7})),
        travels::<GetTrack>(&track),
        travels::<GetAlbum>(&json!({"album": "al-0000000000001"})),
        travels::<GetArtist>(&json!({"artist": "ar-0000000000001"})),
        travels::<GetTracks>(&json!({"tracks": ["tr-0000000000001", "tr-0000000000002"]})),
        travels::<GetAlbums>(&json!({"albums": ["al-0000000000001"]})),
        travels::<GetArtists>(&json!({"artists": ["ar-0000000000001"]})),
        travels::<GetPaths>(&json!({"tracks": ["tr-0000000000001"]})),
        travels::<Locate>(&track),
        travels::<LocateCover>(&json!({"of": {"disc": ["al-0000000000001", 2]}, "size": 300})),
        travels::<GetLyrics>(&track),
        travels::<LyricsTexts>(&json!({"tracks": ["tr-0000000000001"]})),
        travels::<GetWaveform>(&track),
        travels::<GetAnalysis>(&json!({})),
        travels::<ListUnmeasurable>(&json!({ "paging": paging })),
        travels::<ListLibraries>(&json!({})),
        travels::<ListLibraryDetails>(&json!({})),
        travels::<AddLibrary>(&json!({"name": "Jazz", "path": "/music/jazz"})),
        travels::<RenameLibrary>(&json!({"library": "li-0000000000001", "name": "Jazz"})),
        travels::<RemoveLibrary>(&json!({"library": "li-0000000000001"})),
        travels::<ListServerFolders>(&json!({"path": "/music"})),
        travels::<GetChanged>(&json!({})),
        travels::<GetRevision>(&json!({"changed_from": "1-2", "wait_ms": 9})),
        travels::<StartScan>(&json!({"full": true, "accept_losses": false})),
        travels::<CancelScan>(&json!({})),
        travels::<GetScan>(&json!({"changed_from": 4, "wait_ms": 9})),
        travels::<ListUnreadable>(&json!({ "paging": paging })),
        travels::<MatchTracks>(&json!({"wanted": [{
            "path": "/music/a/1.flac", "title": "Ut", "artist": "Guido", "album": null,
            "disc_number": 1, "track_number": 2, "duration_ms": 9, "musicbrainz": null,
        }]})),
        travels::<ListFolder>(&json!({ "folder": "fo-AAAAAAAAAAdCYWNo", "paging": paging })),
        travels::<ListMissing>(&json!({ "paging": paging })),
        travels::<ForgetTracks>(&json!({"which": {"these": ["tr-0000000000001"]}})),
        travels::<ListEdits>(&json!({ "paging": paging })),
        travels::<PutEdits>(&json!({"edits": [
            {"artist": {"name": "A", "becomes": ["B", "C"]}},
            {"genre": {"name": "Other", "becomes": []}},
            {"album": {
                "album": null, "tracks": ["tr-0000000000001"], "title": "T", "artists": ["A"],
                "year": 1997, "version": null, "compilation": true, "disc_number": 2,
            }},
        ]})),
        travels::<RemoveEdit>(&json!({"edit": "ed-0000000000001"})),
        travels::<AddPodcast>(&json!({"url": "https://example.org/feed.xml"})),
        travels::<RemovePodcast>(&podcast),
        travels::<ListPodcasts>(&json!({ "paging": paging })),
        travels::<GetPodcast>(&podcast),
        travels::<ListEpisodes>(&json!({"podcast": "pc-0000000000001", "paging": paging})),
        travels::<GetEpisode>(&episode),
        travels::<RefreshPodcasts>(&podcast),
        travels::<DownloadEpisode>(&episode),
        travels::<RemoveDownload>(&episode),
        travels::<LocateEpisode>(&episode),
        travels::<FollowCatalog>(
            &json!({"after": {"epoch": 1, "sequence": 2}, "limit": 5, "wait_ms": 9}),
        ),
        travels::<CatalogSnapshot>(&json!({"after": "tr-0000000000001", "limit": 5})),
    ];
    assert_eq!(travelled[..], declared_in(include_str!("../../src/catalog.rs")));
}
