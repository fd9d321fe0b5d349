//! A call of each method whose answer does not depend on chance.

use super::stage::App;
use crate::support::text;

/// The name of an answer, its method and its parameters, after some listening.
pub(super) fn calls(app: &App) -> Vec<(&'static str, &'static str, String)> {
    let songs = app.songs();
    let [song, other] = ["Ut 1", "Re 1"].map(|title| app.song(title));
    let of = |id: &str, field: &str| {
        let found = songs.iter().find(|song| song["id"] == id).expect("it is there");
        text(&found[field]).to_owned()
    };
    let (album, artist) = (of(&song, "albumId"), of(&song, "artistId"));
    app.done("star", &format!("id={song}&albumId={album}&artistId={artist}"));
    app.done("setRating", &format!("id={song}&rating=4"));
    app.done("scrobble", &format!("id={song}&time=1764000000000"));
    let third = app.song("Ut 3");
    app.done("createBookmark", &format!("id={third}&position=1500&comment=the%20%26%20solo"));
    app.done(
        "savePlayQueue",
        &format!("id={song}&id={other}&id={song}&current={other}&position=1234"),
    );
    let paused =
        format!("mediaId={other}&mediaType=song&positionMs=42&state=paused&playbackRate=1.25");
    app.done("reportPlayback", &paused);
    app.done("addChatMessage", "message=Where%20%3Cis%3E%20everybody%3F");
    let share = format!("id={other}&description=For%20you&expires=33264000000000");
    app.ask("createShare", &share, "shares");
    let made = format!("name=Evening&songId={song}&songId={other}");
    let playlist = app.ask("createPlaylist", &made, "playlist");
    let playlist = text(&playlist["id"]).to_owned();
    let folders = app.ask("getIndexes", "", "indexes");
    let folder = text(&folders["index"][0]["artist"][0]["id"]).to_owned();
    let id = |id: &str| format!("id={id}");
    let own = [
        ("ping", String::new()),
        ("getLicense", String::new()),
        ("getOpenSubsonicExtensions", String::new()),
        ("tokenInfo", String::new()),
        ("getMusicFolders", String::new()),
        ("getIndexes", String::new()),
        ("getMusicDirectory", id(&folder)),
        ("getGenres", String::new()),
        ("getArtists", String::new()),
        ("getArtist", id(&artist)),
        ("getAlbum", id(&album)),
        ("getSong", id(&song)),
        ("getArtistInfo", format!("id={artist}&count=0")),
        ("getArtistInfo2", format!("id={artist}&count=0")),
        ("getAlbumInfo", id(&album)),
        ("getAlbumInfo2", id(&album)),
        ("getTopSongs", "artist=guido&count=2".to_owned()),
        ("getVideos", String::new()),
        ("getVideoInfo", "id=1".to_owned()),
        ("getAlbumList", "type=alphabeticalByName".to_owned()),
        ("getAlbumList2", "type=alphabeticalByArtist".to_owned()),
        ("getSongsByGenre", "genre=rock".to_owned()),
        ("getStarred", String::new()),
        ("getStarred2", String::new()),
        ("search", "title=Ut 1".replace(' ', "%20")),
        ("search2", "query=perotins".to_owned()),
        ("search3", "query=perotins".to_owned()),
        ("getPlaylists", String::new()),
        ("getPlaylist", id(&playlist)),
        ("getLyrics", "artist=Guido&title=Ut%201".to_owned()),
        ("getLyricsBySongId", id(&song)),
        ("getUser", "username=ida".to_owned()),
        ("getScanStatus", String::new()),
        ("jukeboxControl", "action=status".to_owned()),
        ("getBookmarks", String::new()),
        ("getPlayQueue", String::new()),
        ("getPlayQueueByIndex", String::new()),
        ("getNowPlaying", String::new()),
        ("getShares", String::new()),
        ("getInternetRadioStations", String::new()),
        ("getChatMessages", String::new()),
        ("createShare", share),
        ("createBookmark", format!("id={third}&position=1500")),
        ("deleteBookmark", id(&song)),
        ("savePlayQueue", String::new()),
        ("savePlayQueueByIndex", format!("id={song}&currentIndex=1")),
        ("reportPlayback", paused),
        ("scrobble", format!("id={other}&submission=false")),
        ("addChatMessage", String::new()),
        ("updateShare", "id=sh-0000000000001".to_owned()),
        ("deleteShare", "id=sh-0000000000001".to_owned()),
        ("createInternetRadioStation", "name=a&streamUrl=http://a.example/".to_owned()),
        ("updateInternetRadioStation", "id=rs-0000000000001".to_owned()),
        ("deleteInternetRadioStation", "id=rs-0000000000001".to_owned()),
        ("star", String::new()),
        ("noSuchMethod", String::new()),
    ];
    let named = |(method, query)| (method, method, query);
    let mut calls: Vec<_> = own.into_iter().map(named).collect();
    calls.extend([
        ("enhanced_lyrics", "getLyricsBySongId", format!("id={song}&enhanced=true")),
        ("jukebox_playlist", "jukeboxControl", "action=get".to_owned()),
        ("album_directory", "getMusicDirectory", id(&album)),
    ]);
    calls.extend(others(&song, &playlist).map(named));
    calls
}

/// What changes something, last; what a listener may not ask; what is sent as bytes, of nothing; and of
/// chance and likeness no songs.
fn others(song: &str, playlist: &str) -> [(&'static str, String); 27] {
    let [absent, episode, channel] =
        ["id=tr-0000000000000", "id=ep-0000000000000", "id=pc-0000000000000"].map(str::to_owned);
    [
        ("getRandomSongs", "size=0".to_owned()),
        ("getSimilarSongs", format!("id={song}&count=0")),
        ("getSimilarSongs2", format!("id={song}&count=0")),
        ("getSonicSimilarTracks", format!("id={song}&count=0")),
        ("findSonicPath", format!("startSongId={song}&endSongId={song}")),
        ("unstar", format!("id={song}")),
        ("setRating", format!("id={song}&rating=5")),
        ("updatePlaylist", format!("playlistId={playlist}&name=Night")),
        ("createPlaylist", format!("playlistId={playlist}&songId={song}")),
        ("deletePlaylist", "id=pl-0000000000001".to_owned()),
        ("stream", absent.clone()),
        ("download", absent.clone()),
        ("hls.m3u8", absent.clone()),
        ("getCoverArt", absent.clone()),
        ("getAvatar", "username=ida".to_owned()),
        ("getCaptions", absent),
        ("getUsers", String::new()),
        ("createUser", "username=eve&password=long+enough+one&email=a%40b".to_owned()),
        ("updateUser", "username=ida&adminRole=true".to_owned()),
        ("changePassword", "username=ida&password=short".to_owned()),
        ("deleteUser", "username=ida".to_owned()),
        ("startScan", String::new()),
        ("refreshPodcasts", String::new()),
        ("createPodcastChannel", "url=https://a.example/feed.xml".to_owned()),
        ("deletePodcastChannel", channel),
        ("downloadPodcastEpisode", episode.clone()),
        ("deletePodcastEpisode", episode),
    ]
}
