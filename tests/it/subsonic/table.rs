//! Every method with all that it can be asked of, and who is answered: what goes through all methods
//! goes through this table.

use self::For::{Administrators, All, Changing, Named, Nobody, Owner, Seeing};

/// What is in braces stands for something in the [house](super::house).
pub(super) struct Row {
    pub(super) method: &'static str,
    pub(super) query: &'static str,
    pub(super) answered: For,
}

/// Who is answered; the others get the code of what is not there, if nothing else is said.
#[derive(Debug, Clone, Copy)]
pub(super) enum For {
    /// Everybody, with what each may see.
    All,
    /// Who sees the hidden library.
    Seeing,
    /// As [`Self::Seeing`], where others get this code.
    SeeingElse(u64),
    /// Whose it is, and no administrator.
    Owner,
    /// Whose it is; others see it, and are forbidden to change it.
    Changing,
    /// The owner, by name, and administrators; others are forbidden to.
    Named,
    /// Others are forbidden to.
    Administrators,
    /// Administrators get this code, others are forbidden to.
    NotEven(u64),
    /// All get this code.
    Nobody(u64),
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Viewer {
    Owner,
    /// A listener who sees the same libraries.
    Other,
    /// A listener who does not see the hidden library.
    Outsider,
    Administrator,
}

impl Viewer {
    /// Whose things it is goes last, as it may remove them.
    pub(super) const ALL: [Self; 4] =
        [Self::Outsider, Self::Other, Self::Administrator, Self::Owner];
}

impl For {
    /// The code with which a viewer is refused.
    pub(super) fn code(self, viewer: Viewer) -> Option<u64> {
        let is_owner = viewer == Viewer::Owner;
        let is_administrator = viewer == Viewer::Administrator;
        let (is_answered, otherwise) = match self {
            All => (true, 0),
            Seeing => (viewer != Viewer::Outsider, 70),
            Self::SeeingElse(code) => (viewer != Viewer::Outsider, code),
            Owner => (is_owner, 70),
            Changing => (is_owner, 50),
            Named => (is_owner || is_administrator, 50),
            Administrators => (is_administrator, 50),
            Self::NotEven(code) => (false, if is_administrator { code } else { 50 }),
            Nobody(code) => (false, code),
        };
        (!is_answered).then_some(otherwise)
    }
}

const fn row(method: &'static str, query: &'static str, answered: For) -> Row {
    Row { method, query, answered }
}

pub(super) const TABLE: &[Row] = &[
    row("ping", "", All),
    row("getLicense", "", All),
    row("getOpenSubsonicExtensions", "", All),
    row("tokenInfo", "", All),
    row("getMusicFolders", "", All),
    row("getIndexes", "", All),
    row("getIndexes", "musicFolderId={library}", Seeing),
    row("getMusicDirectory", "id={library}", Seeing),
    row("getMusicDirectory", "id={folder}", Seeing),
    row("getMusicDirectory", "id={artist}", Seeing),
    row("getMusicDirectory", "id={album}", Seeing),
    row("getGenres", "", All),
    row("getArtists", "", All),
    row("getArtists", "musicFolderId={library}", Seeing),
    row("getArtist", "id={artist}", Seeing),
    row("getAlbum", "id={album}", Seeing),
    row("getSong", "id={song}", Seeing),
    row("getArtistInfo", "id={artist}", Seeing),
    row("getArtistInfo", "id={album}", Seeing),
    row("getArtistInfo", "id={song}", Seeing),
    row("getArtistInfo2", "id={artist}", Seeing),
    row("getAlbumInfo", "id={album}", Seeing),
    row("getAlbumInfo", "id={song}", Seeing),
    row("getAlbumInfo2", "id={album}", Seeing),
    row("getSimilarSongs", "id={song}", Seeing),
    row("getSimilarSongs", "id={album}", Seeing),
    row("getSimilarSongs", "id={artist}", Seeing),
    row("getSimilarSongs2", "id={artist}", Seeing),
    row("getTopSongs", "artist=Arcanum", All),
    row("getTopSongs", "id={artist}", Seeing),
    // Nobody listens to music here.
    row("getSonicSimilarTracks", "id={song}", Nobody(70)),
    row("findSonicPath", "startSongId={song}&endSongId={song}", Nobody(70)),
    row("getPodcasts", "", All),
    row("getPodcasts", "id=pc-0000000000000", Nobody(70)),
    row("getNewestPodcasts", "", All),
    row("getPodcastEpisode", "id=ep-0000000000000", Nobody(70)),
    row("refreshPodcasts", "", Administrators),
    row("createPodcastChannel", "url=http://127.0.0.1/feed.xml", For::NotEven(10)),
    row("deletePodcastChannel", "id=pc-0000000000000", For::NotEven(70)),
    row("downloadPodcastEpisode", "id=ep-0000000000000", For::NotEven(70)),
    row("deletePodcastEpisode", "id=ep-0000000000000", For::NotEven(70)),
    row("getVideos", "", All),
    row("getVideoInfo", "id={song}", Nobody(70)),
    row("getCaptions", "id={song}", Nobody(70)),
    row("getAlbumList", "type=newest", All),
    row("getAlbumList", "type=byGenre&genre=Arcanum", All),
    row("getAlbumList", "type=newest&musicFolderId={library}", Seeing),
    row("getAlbumList2", "type=random", All),
    row("getAlbumList2", "type=newest", All),
    row("getAlbumList2", "type=highest", All),
    row("getAlbumList2", "type=frequent", All),
    row("getAlbumList2", "type=recent", All),
    row("getAlbumList2", "type=alphabeticalByName", All),
    row("getAlbumList2", "type=alphabeticalByArtist", All),
    row("getAlbumList2", "type=starred", All),
    row("getAlbumList2", "type=byYear&fromYear=1&toYear=3000", All),
    row("getAlbumList2", "type=newest&musicFolderId={library}", Seeing),
    row("getRandomSongs", "size=500", All),
    row("getRandomSongs", "musicFolderId={library}", Seeing),
    row("getSongsByGenre", "genre=Arcanum", All),
    row("getSongsByGenre", "genre=Arcanum&musicFolderId={library}", Seeing),
    row("getStarred", "", All),
    row("getStarred", "musicFolderId={library}", Seeing),
    row("getStarred2", "", All),
    row("getStarred2", "musicFolderId={library}", Seeing),
    row("search", "any=Arcanum", All),
    row("search2", "query=Arcanum", All),
    row("search2", "query=", All),
    row("search3", "query=Arcanum", All),
    row("search3", "query=&songCount=500", All),
    row("search3", "query=Arcanum&musicFolderId={library}", Seeing),
    row("getPlaylists", "", All),
    row("getPlaylists", "username=ida", Named),
    row("getPlaylist", "id={playlist}", Owner),
    row("getPlaylist", "id={public}", All),
    row("createPlaylist", "name=x&songId={song}", For::SeeingElse(10)),
    row("createPlaylist", "playlistId={playlist}&songId={common}", Owner),
    row("createPlaylist", "playlistId={public}&songId={common}", Changing),
    row("updatePlaylist", "playlistId={playlist}&name=x&public=true", Owner),
    row("updatePlaylist", "playlistId={playlist}&songIndexToRemove=0", Owner),
    row("updatePlaylist", "playlistId={playlist}&songIdToAdd={common}", Owner),
    row("updatePlaylist", "playlistId={public}&name=x", Changing),
    row("updatePlaylist", "playlistId={public}&songIdToAdd={common}", Changing),
    row("updatePlaylist", "playlistId={mine}&songIdToAdd={song}", For::SeeingElse(10)),
    row("deletePlaylist", "id={playlist}", Owner),
    row("deletePlaylist", "id={public}", Changing),
    row("stream", "id={song}", Seeing),
    row("stream", "id={song}&format=mp3&maxBitRate=64", Seeing),
    row("download", "id={song}", Seeing),
    row("hls.m3u8", "id={song}", Seeing),
    row("hls", "id={song}", Seeing),
    row("getCoverArt", "id={cover}", Seeing),
    row("getCoverArt", "id={song}", Seeing),
    row("getCoverArt", "id={album}&size=50", Seeing),
    row("getCoverArt", "id={artist}", Seeing),
    row("getCoverArt", "id={folder}", Seeing),
    row("getCoverArt", "id={playlist}", Owner),
    row("getAvatar", "username=ida", All),
    row("getAvatar", "username=eve", Nobody(70)),
    row("getAvatar", "username=nobody", Nobody(70)),
    row("getLyrics", "artist=Arcanum&title=Arcanum%201", All),
    row("getLyricsBySongId", "id={song}", Seeing),
    row("getLyricsBySongId", "id={song}&enhanced=true", Seeing),
    row("getTranscodeDecision", "mediaId={song}&mediaType=song", Seeing),
    row("getTranscodeStream", "mediaId={song}&mediaType=song&transcodeParams={made}", Seeing),
    row("star", "id={song}", Seeing),
    row("star", "albumId={album}", Seeing),
    row("star", "artistId={artist}", Seeing),
    row("unstar", "id={song}", Seeing),
    row("unstar", "albumId={album}&artistId={artist}", Seeing),
    row("setRating", "id={song}&rating=3", Seeing),
    row("setRating", "id={album}&rating=3", Seeing),
    row("scrobble", "id={song}", Seeing),
    row("scrobble", "id={song}&submission=false", Seeing),
    row(
        "reportPlayback",
        "mediaId={song}&mediaType=song&positionMs=0&state=playing&playbackRate=1.5",
        Seeing,
    ),
    row("getNowPlaying", "", All),
    row("getBookmarks", "", All),
    row("deleteBookmark", "id={bookmarked}", Owner),
    row("createBookmark", "id={song}&position=5&comment={script}", Seeing),
    row("savePlayQueue", "id={song}&current={song}&position=5", All),
    row("getPlayQueue", "", All),
    row("savePlayQueueByIndex", "id={common}&id={song}&currentIndex=0", All),
    row("getPlayQueueByIndex", "", All),
    row("getShares", "", All),
    row("createShare", "id={song}&description={script}", Seeing),
    row("createShare", "id={album}", Seeing),
    row("createShare", "id={artist}", Seeing),
    row("createShare", "id={playlist}", Owner),
    row("createShare", "id={public}", All),
    row("updateShare", "id={share}&description={script}", Owner),
    row("updateShare", "id={share}&expires=0", Owner),
    row("deleteShare", "id={share}", Owner),
    row("getInternetRadioStations", "", All),
    row(
        "createInternetRadioStation",
        "streamUrl=http%3A%2F%2Fradio.example&name={script}",
        Administrators,
    ),
    row(
        "updateInternetRadioStation",
        "id={station}&streamUrl=http%3A%2F%2Fother.example&name={script}&homepageUrl=",
        Administrators,
    ),
    row("deleteInternetRadioStation", "id={station}", Administrators),
    row("addChatMessage", "message={script}", All),
    row("getChatMessages", "", All),
    row("jukeboxControl", "action=status", All),
    row("jukeboxControl", "action=get", All),
    row("jukeboxControl", "action=set&id={song}", Nobody(50)),
    row("getUser", "username=ida", Named),
    row("getUser", "username={account}", Administrators),
    row("getUsers", "", Administrators),
    row("createUser", "username={fresh}&password=a+long+enough+one&email=a%40b", Administrators),
    row(
        "createUser",
        "username={fresh}&password=a+long+enough+one&downloadRole=false&maxBitRate=0",
        Administrators,
    ),
    row("updateUser", "username={account}&adminRole=true", Administrators),
    row("updateUser", "username={account}&musicFolderId={library}", Administrators),
    row("updateUser", "username={account}&password=another+long+one", Administrators),
    row("changePassword", "username={account}&password=another+long+one", Administrators),
    row("deleteUser", "username={account}", Administrators),
    row("getScanStatus", "", All),
    row("startScan", "", Administrators),
];

/// What is made of bytes, and not of an envelope.
pub(super) const OF_BYTES: [&str; 7] =
    ["stream", "download", "hls.m3u8", "hls", "getCoverArt", "getAvatar", "getTranscodeStream"];

/// The names in the adapter's `match`, and those that are answered before it.
pub(super) fn names() -> Vec<&'static str> {
    const SOURCE: &str = include_str!("../../../src/http/subsonic/methods.rs");
    let mut names = vec!["getOpenSubsonicExtensions", "getTranscodeStream"];
    let (_, arms) = SOURCE.split_once("match name {").expect("there is a match");
    for arm in arms.lines().map(str::trim).take_while(|line| !line.starts_with("_ =>")) {
        let (patterns, _) = arm.split_once("=>").unwrap_or_default();
        names.extend(
            patterns.split('|').filter_map(|name| name.trim().strip_prefix('"')?.strip_suffix('"')),
        );
    }
    names.sort_unstable();
    names
}

#[test]
fn every_method_is_in_the_table() {
    let mut known: Vec<&str> = TABLE.iter().map(|row| row.method).collect();
    known.sort_unstable();
    known.dedup();
    assert_eq!(known, names());
    assert!(known.len() > 55, "{}", known.len());
}
