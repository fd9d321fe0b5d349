// subsonic-api from npm: JavaScript that works in pages, too. Every method that it offers is called, by GET with an
// API key and by forms with a salted key.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { SubsonicAPI } from "subsonic-api";

// Methods that are not called, and why.
const LEFT_OUT = {
  navidromeSession: "it signs in to another server's own interface",
  baseURL: "it asks nothing",
};

const there = JSON.parse(process.argv[2]);
const url = `${there.url}:${there.port}`;
const called = new Set();

/** A connection that remembers which of its methods were called, and whose answers must be good ones. */
const watched = (config) => {
  const connection = new SubsonicAPI({ url, ...config });
  const methods = Object.getOwnPropertyNames(SubsonicAPI.prototype).filter((name) => name !== "constructor");
  const watch = (name) => async (...parameters) => {
    called.add(name);
    const answer = await connection[name](...parameters);
    if (answer instanceof Response) {
      assert.equal(answer.status, 200, name);
    } else {
      assert.deepEqual([answer.type, answer.openSubsonic, answer.version], ["hexachord", true, "1.16.1"], name);
    }
    return answer;
  };
  return Object.fromEntries(methods.map((name) => [name, watch(name)]));
};

const good = async (answer) => {
  const read = await answer;
  assert.equal(read.status, "ok", JSON.stringify(read));
  return read;
};

const refused = async (code, answer) => {
  const { status, error } = await answer;
  assert.deepEqual([status, error?.code, typeof error?.message], ["failed", code, "string"]);
};

const bytes = async (answer) => Buffer.from(await (await answer).arrayBuffer());
const titles = (songs) => songs.map((song) => song.title);

const { listener, administrator } = there;
const salted = ({ username, key }) => ({ username, password: key });
const api = watched({ auth: { apiKey: listener.key } });
const forms = watched({ auth: salted(listener), post: true });
const again = watched({ auth: salted(listener), salt: "c19b2d", reuseSalt: true });
const root = watched({ auth: salted(administrator), post: true });

const signingIn = async () => {
  for (const way of [api, forms, again, again, root]) {
    await good(way.ping());
  }
  await refused(44, watched({ auth: { apiKey: "wrong" } }).ping());
  await refused(41, watched({ auth: { username: listener.username, password: there.password } }).ping());
  assert.equal((await good(api.getLicense())).license.valid, true);
  const { openSubsonicExtensions } = await good(api.getOpenSubsonicExtensions());
  const versions = Object.fromEntries(openSubsonicExtensions.map(({ name, versions }) => [name, versions]));
  assert.deepEqual([versions.apiKeyAuthentication, versions.formPost, versions.songLyrics], [[1], [1], [1, 2]]);
  assert.equal((await good(api.customJSON("tokenInfo", {}))).tokenInfo.username, listener.username);
  assert.equal((await api.custom("ping", {})).headers.get("access-control-allow-origin"), "*");
};

const browsing = async () => {
  const [folder, ...others] = (await good(api.getMusicFolders())).musicFolders.musicFolder;
  assert.deepEqual([typeof folder.id, others], ["number", []]);
  const { indexes } = await good(api.getIndexes({ musicFolderId: folder.id }));
  const [guido] = indexes.index[0].artist;
  assert.deepEqual([guido.name, titles(indexes.child)], ["Guido", ["Sol & <Fa>"]]);
  const { directory } = await good(api.getMusicDirectory({ id: guido.id }));
  assert.deepEqual(titles(directory.child), ["Aliae", "Micrologus"]);
  const { artists } = await good(api.getArtists());
  const names = artists.index.flatMap((letter) => letter.artist.map((artist) => artist.name));
  assert.deepEqual(names, ["Guido", "The Perotins"]);
  const { artist } = await good(api.getArtist({ id: artists.index[0].artist[0].id }));
  assert.deepEqual(artist.album.map((album) => album.name), ["Micrologus", "Aliae"]);
  const { album } = await good(api.getAlbum({ id: artist.album[0].id }));
  assert.ok(album.created instanceof Date && Number.isFinite(album.created.getTime()));
  const { song } = await good(api.getSong({ id: album.song[0].id }));
  assert.deepEqual([song.title, song.albumId, song.isDir, song.replayGain], ["Ut 1", album.id, false, {}]);
  const { genres } = await good(api.getGenres());
  assert.deepEqual(genres.genre.map((genre) => genre.value).sort(), ["Chant", "Latin", "Rock"]);
  assert.ok(Array.isArray((await good(api.getArtistInfo({ id: artist.id }))).artistInfo.similarArtist));
  assert.ok(Array.isArray((await good(api.getArtistInfo2({ id: artist.id }))).artistInfo2.similarArtist));
  assert.ok((await good(api.getAlbumInfo({ id: album.id }))).albumInfo);
  assert.ok((await good(api.getAlbumInfo2({ id: album.id }))).albumInfo);
  assert.ok(Array.isArray((await good(api.getSimilarSongs({ id: song.id }))).similarSongs.song));
  assert.ok(Array.isArray((await good(api.getSimilarSongs2({ id: artist.id }))).similarSongs2.song));
  assert.deepEqual((await good(api.getVideos())).videos.video, []);
  await refused(70, api.getVideoInfo({ id: "1" }));
  await refused(70, (await api.getCaptions({ id: "1" })).json().then((read) => read["subsonic-response"]));
  await refused(10, api.getSong({}));
  return { artist, album, song };
};

const lists = async () => {
  const { albumList } = await good(api.getAlbumList({ type: "alphabeticalByName", size: 2 }));
  assert.deepEqual(titles(albumList.album), ["Aliae", 'Magnus "liber"']);
  const { albumList2 } = await good(api.getAlbumList2({ type: "byYear", fromYear: 2001, toYear: 1997 }));
  assert.deepEqual(albumList2.album.map((album) => album.year), [2001, 1997]);
  const { randomSongs } = await good(api.getRandomSongs());
  assert.equal(new Set(randomSongs.song.map((song) => song.id)).size, 6);
  const { songsByGenre } = await good(api.getSongsByGenre({ genre: "Rock" }));
  assert.deepEqual(titles(songsByGenre.song), ["Re 1", "Re 2"]);
};

const searching = async () => {
  const { searchResult2 } = await good(api.search2({ query: "perotins" }));
  assert.deepEqual(titles(searchResult2.song), ["Sol & <Fa>"]);
  const found = [];
  for (;;) {
    const { searchResult3 } = await good(
      forms.search3({ query: "", artistCount: 0, albumCount: 0, songCount: 4, songOffset: found.length }),
    );
    if (searchResult3.song.length === 0) break;
    found.push(...searchResult3.song.map((song) => song.id));
  }
  assert.deepEqual([found.length, new Set(found).size], [6, 6]);
};

const playlists = async ({ song }) => {
  const { playlist } = await good(forms.createPlaylist({ name: "A&B <C>", songId: [song.id, song.id] }));
  assert.deepEqual([playlist.name, titles(playlist.entry)], ["A&B <C>", ["Ut 1", "Ut 1"]]);
  const change = { playlistId: playlist.id, name: "D", public: true, songIndexToRemove: [1] };
  await good(api.updatePlaylist(change));
  const { playlist: read } = await good(api.getPlaylist({ id: playlist.id }));
  assert.deepEqual([read.name, read.public, read.songCount], ["D", true, 1]);
  assert.equal((await good(root.getPlaylists())).playlists.playlist[0].readonly, true);
  await refused(50, root.deletePlaylist({ id: playlist.id }));
  await good(api.deletePlaylist({ id: playlist.id }));
  assert.deepEqual((await good(api.getPlaylists())).playlists.playlist, []);
};

const annotations = async ({ artist, album, song }) => {
  const items = { id: [song.id], albumId: [album.id], artistId: [artist.id] };
  await good(forms.star(items));
  const { starred } = await good(api.getStarred());
  const { starred2 } = await good(api.getStarred2());
  for (const all of [starred, starred2]) {
    assert.deepEqual([all.artist[0].id, all.album[0].id, all.song[0].id], [artist.id, album.id, song.id]);
    assert.ok(all.song[0].starred instanceof Date);
  }
  await good(forms.unstar(items));
  assert.deepEqual((await good(api.getStarred2())).starred2.song, []);
  await good(api.setRating({ id: song.id, rating: 3 }));
  assert.equal((await good(api.getSong({ id: song.id }))).song.userRating, 3);
  await good(api.setRating({ id: song.id, rating: 0 }));
  await good(api.scrobble({ id: song.id, submission: false }));
  await good(api.scrobble({ id: [song.id], time: 1764000000000 }));
  const { song: heard } = await good(api.getSong({ id: song.id }));
  assert.deepEqual([heard.playCount, heard.userRating], [1, undefined]);
  const { topSongs } = await good(api.getTopSongs({ artist: "Guido", count: 1 }));
  assert.deepEqual(titles(topSongs.song), ["Ut 1"]);
};

const media = async ({ album, song }) => {
  const whole = await readFile(`${there.music}/Guido/Micrologus/1.flac`);
  assert.ok(whole.equals(await bytes(api.download({ id: song.id }))));
  assert.ok(whole.equals(await bytes(forms.stream({ id: song.id, format: "raw" }))));
  const made = await forms.stream({ id: song.id, format: "mp3", maxBitRate: 96 });
  assert.deepEqual([made.headers.get("content-type"), made.headers.get("content-length")], ["audio/mpeg", null]);
  assert.ok((await bytes(made)).length > 1000);
  const cover = await api.getCoverArt({ id: album.coverArt, size: 50 });
  assert.match(cover.headers.get("content-type"), /^image\//);
  assert.ok((await bytes(cover)).length > 100);
  const avatar = await api.getAvatar({ username: listener.username });
  assert.deepEqual([avatar.headers.get("content-type"), (await bytes(avatar))[0]], ["image/jpeg", 0xff]);
  const master = await (await api.hls({ id: song.id, bitRate: 64 })).text();
  const [variant] = master.split("\n").filter((line) => line && !line.startsWith("#"));
  const media = await (await fetch(new URL(variant, `${url}/rest/hls.m3u8`))).text();
  assert.ok(media.startsWith("#EXTM3U") && media.includes("#EXT-X-ENDLIST"), media);
  const { lyrics } = await good(api.getLyrics({ artist: "Guido", title: "Ut 1" }));
  assert.equal(lyrics.value, "Ut queant laxis\nResonare & fibris");
  const { lyricsList } = await good(api.getLyricsBySongId({ id: song.id }));
  assert.deepEqual(lyricsList.structuredLyrics[0].line[0], { start: 100, value: "Ut queant laxis" });
};

const resuming = async ({ song }) => {
  await good(forms.createBookmark({ id: song.id, position: 1500, comment: "é" }));
  const { bookmarks } = await good(api.getBookmarks());
  const [bookmark] = bookmarks.bookmark;
  assert.deepEqual([bookmark.entry.id, bookmark.position, bookmark.comment], [song.id, 1500, "é"]);
  await good(api.deleteBookmark({ id: song.id }));
  await refused(70, api.deleteBookmark({ id: song.id }));
  await good(forms.savePlayQueue({ id: [song.id, song.id], current: song.id, position: 9 }));
  const { playQueue } = await good(api.getPlayQueue());
  assert.deepEqual([playQueue.entry.length, playQueue.position, playQueue.current], [2, 9, song.id]);
  const report = { mediaId: song.id, mediaType: "song", positionMs: 5, ignoreScrobble: true };
  await good(api.reportPlayback({ ...report, state: "paused" }));
  const { nowPlaying } = await good(api.getNowPlaying());
  assert.deepEqual(nowPlaying.entry.map(({ state, positionMs }) => [state, positionMs]), [["paused", 5]]);
  await good(api.reportPlayback({ ...report, state: "stopped" }));
};

const together = async ({ album, song }) => {
  const { shares } = await good(forms.createShare({ id: [album.id, song.id], description: "<u>" }));
  const [share] = shares.share;
  assert.deepEqual([share.entry.length, share.visitCount], [4, 0]);
  const page = await (await fetch(share.url)).text();
  assert.ok(page.includes("&lt;u&gt;") && !page.includes("<u>"), page);
  await good(api.updateShare({ id: share.id, description: "c", expires: 4000000000000 }));
  const { shares: now } = await good(api.getShares());
  assert.deepEqual(now.share.map(({ description, visitCount }) => [description, visitCount]), [["c", 1]]);
  await good(api.deleteShare({ id: share.id }));
  assert.equal((await fetch(share.url)).status, 404);
  await good(forms.addChatMessage({ message: "a & b" }));
  const { chatMessages } = await good(api.getChatMessages({ since: 1 }));
  assert.deepEqual(chatMessages.chatMessage.map(({ message }) => message), ["a & b"]);
  const station = { name: "Radio", streamUrl: "http://radio.example/", homepageUrl: "http://home.example/" };
  await refused(50, api.createInternetRadioStation(station));
  const stations = async () => (await good(api.getInternetRadioStations())).internetRadioStations.internetRadioStation;
  const before = await stations();
  await good(root.createInternetRadioStation(station));
  const { id, homePageUrl } = (await stations()).find(({ name }) => name === station.name);
  assert.equal(homePageUrl, station.homepageUrl);
  await good(root.updateInternetRadioStation({ ...station, id, name: "Other" }));
  assert.equal((await stations()).find((one) => one.id === id).name, "Other");
  await good(root.deleteInternetRadioStation({ id }));
  assert.deepEqual(await stations(), before);
};

const podcasts = async () => {
  assert.deepEqual((await good(api.getPodcasts())).podcasts.channel, []);
  assert.deepEqual((await good(api.getNewestPodcasts())).newestPodcasts.episode, []);
  const [channel, episode] = [{ id: "pc-0000000000000" }, { id: "ep-0000000000000" }];
  await refused(70, api.getPodcastEpisode(episode));
  await refused(50, api.createPodcastChannel({ url: "http://127.0.0.1/feed.xml" }));
  await refused(10, root.createPodcastChannel({ url: "http://127.0.0.1/feed.xml" }));
  await refused(70, root.deletePodcastChannel(channel));
  await refused(70, root.deletePodcastEpisode(episode));
  await refused(70, (await root.downloadPodcastEpisode(episode)).json().then((read) => read["subsonic-response"]));
  await good(root.refreshPodcasts());
};

const administering = async () => {
  const { user } = await good(api.getUser({ username: listener.username }));
  assert.deepEqual([user.username, user.adminRole], [listener.username, false]);
  await refused(50, api.getUsers());
  await refused(50, forms.deleteUser({ username: administrator.username }));
  await refused(50, api.startScan());
  await refused(50, api.jukeboxControl({ action: "start" }));
  assert.equal((await good(api.jukeboxControl({ action: "status" }))).jukeboxStatus.playing, false);
  const username = "<b>Zoë</b>".replaceAll(/[<>/]/g, "");
  await good(root.createUser({ username, password: there.password, email: "a@b" }));
  await good(root.updateUser({ username, password: "another long password", email: "a@b", adminRole: true }));
  assert.equal((await good(root.getUser({ username }))).user.adminRole, true);
  await good(root.changePassword({ username, password: "one more long password" }));
  assert.ok((await good(root.getUsers())).users.user.some((one) => one.username === username));
  await good(root.deleteUser({ username }));
  await refused(70, root.getUser({ username }));
  await good(root.startScan());
  while ((await good(root.getScanStatus())).scanStatus.scanning) {
    await new Promise((done) => setTimeout(done, 20));
  }
};

await signingIn();
const found = await browsing();
await lists();
await searching();
await playlists(found);
await annotations(found);
await media(found);
await resuming(found);
await together(found);
await podcasts();
await administering();

const offered = Object.getOwnPropertyNames(SubsonicAPI.prototype).filter((name) => name !== "constructor");
assert.deepEqual(offered.filter((name) => !called.has(name)).sort(), Object.keys(LEFT_OUT).sort());
console.log("all steps done");
