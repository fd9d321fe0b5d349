//! Every call of profile as JSON.

use hexachord_contracts::profile::{
    AddRadioStation, AddToPlaylist, AwaitListening, CreatePlaylist, CreateShare, EditPlaylist,
    FindShared, FollowProfile, GetAnnotations, GetAvatar, GetMarks, GetPlayQueue, GetPlaylist,
    GetPlaylists, GetRadioStation, GetStatistics, ImportHistory, ImportPlaylist, ListAnnotated,
    ListBookmarks, ListEntries, ListFavourites, ListMessages, ListNowPlaying, ListPlaylists,
    ListPlays, ListRadioStations, ListShares, ListTop, ListTopOfArtist, MoveInPlaylist, OpenShare,
    PostMessage, ProfileSnapshot, RecordPlay, RecordPlays, RemoveAvatar, RemoveBookmark,
    RemoveFromPlaylist, RemovePlaylist, RemoveRadioStation, RemoveShare, ReplaceInPlaylist,
    ReportPlayback, SavePlayQueue, SetAvatar, SetBookmark, SetFavourite, SetFavourites, SetRating,
    UpdatePlaylist, UpdateRadioStation, UpdateShare,
};
use serde_json::json;

use crate::house::{declared_in, travels};

#[expect(clippy::too_many_lines, reason = "some lines a call")]
#[test]
fn every_call_travels() {
    let paging = json!({"limit": 5, "cursor": null});
    let (track, playlist) = ("tr-0000000000001", "pl-0000000000001");
    let (share, station) = ("sh-0000000000001", "rs-0000000000001");
    let update = json!({"playlist": playlist, "name": "A", "description": null, "public": null});
    let between = json!({"from": "2026-11-01T00:00:00.000Z", "until": "2026-12-01T00:00:00.000Z"});
    let travelled = [
        travels::<RecordPlay>(&json!({
            "track": track, "started_at": "2026-11-26T20:00:00.000Z", "listened_ms": 9,
            "source": "album", "device": "a browser", "id": "one",
        })),
        travels::<RecordPlays>(&json!({"plays": []})),
        travels::<ListPlays>(&json!({ "paging": paging })),
        travels::<ListTop>(&json!({"kind": "artist", "paging": paging, "between": between})),
        travels::<GetStatistics>(&json!({"between": between, "zone_minutes": -60})),
        travels::<SetFavourite>(&json!({"item": "al-0000000000001", "favourite": true})),
        travels::<SetFavourites>(&json!({"items": [track], "favourite": false})),
        travels::<ListFavourites>(&json!({"kind": null, "paging": paging})),
        travels::<SetRating>(&json!({"item": track, "rating": 5})),
        travels::<GetAnnotations>(&json!({"items": [track, "ar-0000000000001"]})),
        travels::<GetMarks>(&json!({"items": [track, "ar-0000000000001"]})),
        travels::<ListAnnotated>(
            &json!({"kind": "album", "by": "last_played", "skip": 20, "limit": 5}),
        ),
        travels::<ListTopOfArtist>(&json!({"artist": "ar-0000000000001", "limit": 20})),
        travels::<CreatePlaylist>(
            &json!({"name": "Evening", "description": "", "public": false, "tracks": [track]}),
        ),
        travels::<ListPlaylists>(
            &json!({"sort": {"by": "changed", "descending": true}, "paging": paging}),
        ),
        travels::<GetPlaylist>(&json!({ "playlist": playlist })),
        travels::<GetPlaylists>(&json!({"playlists": [playlist]})),
        travels::<ListEntries>(&json!({"playlist": playlist, "paging": paging})),
        travels::<UpdatePlaylist>(
            &json!({"playlist": playlist, "name": "Night", "description": null, "public": true}),
        ),
        travels::<EditPlaylist>(
            &json!({"update": update, "remove": [2], "add": [track], "revision": 7}),
        ),
        travels::<RemovePlaylist>(&json!({ "playlist": playlist })),
        travels::<AddToPlaylist>(
            &json!({"playlist": playlist, "tracks": [track], "at": 0, "revision": null}),
        ),
        travels::<MoveInPlaylist>(
            &json!({"playlist": playlist, "from": 1, "count": 2, "to": 0, "revision": 3}),
        ),
        travels::<RemoveFromPlaylist>(
            &json!({"playlist": playlist, "positions": [1, 2], "revision": null}),
        ),
        travels::<ReplaceInPlaylist>(
            &json!({"playlist": playlist, "name": null, "tracks": [track], "revision": null}),
        ),
        travels::<SetBookmark>(&json!({"track": track, "position_ms": 9, "comment": "here"})),
        travels::<RemoveBookmark>(&json!({ "track": track })),
        travels::<ListBookmarks>(&json!({ "paging": paging })),
        travels::<SavePlayQueue>(
            &json!({"tracks": [track, track], "current": 1, "position_ms": 9, "client": "a phone"}),
        ),
        travels::<GetPlayQueue>(&json!({})),
        travels::<ReportPlayback>(&json!({
            "track": track, "device": "a phone", "position_ms": 9, "state": "starting",
            "rate_permille": 1_250, "count": true,
        })),
        travels::<ListNowPlaying>(&json!({})),
        travels::<AwaitListening>(&json!({"changed_from": 4, "wait_ms": 9})),
        travels::<AddRadioStation>(
            &json!({"name": "One", "stream_url": "http://a.example/", "home_page_url": null}),
        ),
        travels::<UpdateRadioStation>(&json!({
            "station": station, "name": null, "stream_url": null, "home_page_url": "",
        })),
        travels::<RemoveRadioStation>(&json!({ "station": station })),
        travels::<ListRadioStations>(&json!({ "paging": paging })),
        travels::<GetRadioStation>(&json!({ "station": station })),
        travels::<PostMessage>(&json!({"text": "hello"})),
        travels::<ListMessages>(&json!({"since": "2026-11-26T20:00:00.000Z", "paging": paging})),
        travels::<CreateShare>(&json!({
            "items": [track, "al-0000000000001"], "playlists": [playlist], "description": "look",
            "expires_at": null,
        })),
        travels::<ListShares>(&json!({ "paging": paging })),
        travels::<UpdateShare>(&json!({
            "share": share, "description": null, "expires": {"at": "2026-11-26T20:00:00.000Z"},
        })),
        travels::<RemoveShare>(&json!({ "share": share })),
        travels::<OpenShare>(&json!({"secret": "s", "visit": true})),
        travels::<FindShared>(&json!({"secret": "s", "track": track})),
        travels::<SetAvatar>(&json!({"picture": "/9j/4AA="})),
        travels::<RemoveAvatar>(&json!({})),
        travels::<GetAvatar>(&json!({"account": "ac-0000000000001"})),
        travels::<ImportHistory>(&json!({
            "account": "ac-0000000000001", "source": "elsewhere", "dry_run": true, "facts": [
                {"play": {"track_id": track, "started_at": "2026-11-26T20:00:00.000Z"}},
                {"plays": {"track_id": track, "plays": 3, "last_played_at": "2026-11-26T20:00:00.000Z"}},
                {"favourite": {"item_id": "al-0000000000001", "since": null}},
                {"rating": {"item_id": track, "rating": 5}},
            ],
        })),
        travels::<ImportPlaylist>(&json!({
            "account": "ac-0000000000001", "source": "elsewhere", "key": "a1", "name": "Evening",
            "description": "", "public": true, "tracks": [track], "dry_run": false,
        })),
        travels::<FollowProfile>(
            &json!({"after": {"epoch": 1, "sequence": 2}, "limit": 5, "wait_ms": 9}),
        ),
        travels::<ProfileSnapshot>(&json!({"after": null, "limit": 5})),
    ];
    assert_eq!(travelled[..], declared_in(include_str!("../../src/profile.rs")));
}
