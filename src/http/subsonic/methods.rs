//! The methods of the API: one line for each.

mod annotations;
mod avatars;
mod bookmarks;
mod browsing;
mod chat;
mod decisions;
mod folders;
mod hls;
mod info;
mod jukebox;
mod lists;
mod lyrics;
mod media;
mod playing;
mod playlists;
mod podcasts;
mod queues;
mod radio;
mod scanning;
mod searching;
mod shares;
mod similar;
mod sonic;
mod starred;
mod system;
mod top;
mod users;
mod videos;
mod wish;

pub(super) use self::{
    decisions::{STREAM_OF_DECISION, stream_of_decision},
    hls::part_of_hls,
    system::Open,
};
use super::{
    call::{Call, Outcome},
    failure::Failure,
};

/// Answers the method of a name, without `.view`.
pub(super) async fn answer(name: &str, call: &Call) -> Outcome {
    match name {
        "ping" => call.done(),
        "getLicense" => system::license(call),
        "tokenInfo" => system::token_info(call),

        "getMusicFolders" => folders::music_folders(call).await,
        "getIndexes" => folders::indexes(call).await,
        "getMusicDirectory" => folders::directory(call).await,
        "getGenres" => browsing::genres(call).await,
        "getArtists" => browsing::artists(call).await,
        "getArtist" => browsing::artist(call).await,
        "getAlbum" => browsing::album(call).await,
        "getSong" => browsing::song(call).await,
        "getArtistInfo" => info::as_folder(call).await,
        "getArtistInfo2" => info::by_tags(call).await,
        "getAlbumInfo" | "getAlbumInfo2" => info::album(call).await,
        "getSimilarSongs" => similar::songs(call, "similarSongs").await,
        "getSimilarSongs2" => similar::songs(call, "similarSongs2").await,
        "getSonicSimilarTracks" => sonic::similar(call).await,
        "findSonicPath" => sonic::path(call).await,
        "getTopSongs" => top::songs(call).await,
        "getVideos" => videos::all(call),
        "getVideoInfo" | "getCaptions" => videos::none(call),

        "getAlbumList" => lists::albums_as_folders(call).await,
        "getAlbumList2" => lists::albums(call).await,
        "getRandomSongs" => lists::random_songs(call).await,
        "getSongsByGenre" => lists::songs_by_genre(call).await,
        "getStarred" => starred::as_folders(call).await,
        "getStarred2" => starred::by_tags(call).await,

        "search" => searching::oldest(call).await,
        "search2" => searching::as_folders(call).await,
        "search3" => searching::by_tags(call).await,

        "getPlaylists" => playlists::all(call).await,
        "getPlaylist" => playlists::one(call).await,
        "createPlaylist" => playlists::create(call).await,
        "updatePlaylist" => playlists::update(call).await,
        "deletePlaylist" => playlists::delete(call).await,

        "getPodcasts" => podcasts::channels(call).await,
        "getNewestPodcasts" => podcasts::newest(call).await,
        "getPodcastEpisode" => podcasts::episode(call).await,
        "refreshPodcasts" => podcasts::refresh(call).await,
        "createPodcastChannel" => podcasts::add(call).await,
        "deletePodcastChannel" => podcasts::remove(call).await,
        "downloadPodcastEpisode" => podcasts::download(call).await,
        "deletePodcastEpisode" => podcasts::remove_file(call).await,

        "stream" => media::stream(call).await,
        "download" => media::download(call).await,
        "hls.m3u8" | "hls" => hls::master(call).await,
        "getCoverArt" => media::cover(call).await,
        "getAvatar" => avatars::one(call).await,
        "getLyrics" => lyrics::plain(call).await,
        "getLyricsBySongId" => lyrics::structured(call).await,
        "getTranscodeDecision" => decisions::decision(call).await,

        "star" => annotations::star(call, true).await,
        "unstar" => annotations::star(call, false).await,
        "setRating" => annotations::rate(call).await,
        "scrobble" => annotations::scrobble(call).await,
        "reportPlayback" => playing::report(call).await,
        "getNowPlaying" => playing::now(call).await,

        "getBookmarks" => bookmarks::all(call).await,
        "createBookmark" => bookmarks::create(call).await,
        "deleteBookmark" => bookmarks::delete(call).await,
        "getPlayQueue" => queues::get(call).await,
        "getPlayQueueByIndex" => queues::get_by_index(call).await,
        "savePlayQueue" => queues::save(call).await,
        "savePlayQueueByIndex" => queues::save_by_index(call).await,

        "getShares" => shares::all(call).await,
        "createShare" => shares::create(call).await,
        "updateShare" => shares::update(call).await,
        "deleteShare" => shares::delete(call).await,

        "getInternetRadioStations" => radio::all(call).await,
        "createInternetRadioStation" => radio::create(call).await,
        "updateInternetRadioStation" => radio::update(call).await,
        "deleteInternetRadioStation" => radio::delete(call).await,

        "getChatMessages" => chat::all(call).await,
        "addChatMessage" => chat::add(call).await,

        "jukeboxControl" => jukebox::control(call),

        "getUser" => users::one(call).await,
        "getUsers" => users::all(call).await,
        "createUser" => users::create(call).await,
        "updateUser" => users::update(call).await,
        "deleteUser" => users::delete(call).await,
        "changePassword" => users::change_password(call).await,

        "getScanStatus" => scanning::status(call).await,
        "startScan" => scanning::start(call).await,

        _ => Err(Failure::new(Failure::GENERIC, "there is no such method")),
    }
}
