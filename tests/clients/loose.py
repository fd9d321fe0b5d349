"""py-sonic, which hands over what it gets as dictionaries and lists: what it reads must be there, under its name."""

import hashlib

import libsonic
from libsonic.errors import AuthError, CredentialError, DataNotFoundError, ParameterError, SonicError

from stage import Watched, equal, refused, stage, until

# Methods that are not called, and why.
LEFT_OUT = {
    **dict.fromkeys(["scanMediaFolders", "cleanupDatabase"], "pages of Subsonic's own, outside of the API"),
    **dict.fromkeys(
        [
            "setBaseUrl", "setPort", "setUsername", "setPassword", "setAppName", "setServerPath", "setInsecure",
            "setLegacyAuth", "setGET",
        ],
        "they set up the connection",
    ),
}

there = stage()


def connect(username=None, password=None, **ways):
    return libsonic.Connection(there.url, username, password, there.port, appName="loose", **ways)


def of(person, **ways):
    return connect(person.username, person.key, **ways)


def titles(songs):
    return [song["title"] for song in songs]


def signing_in(api):
    equal(api.ping(), True)
    token = hashlib.md5((there.listener.key + "c19b2d").encode()).hexdigest()
    ways = [of(there.listener, legacyAuth=True), connect(there.listener.username, salt="c19b2d", token=token)]
    for way in ways:
        equal(api.beside(way).getLicense()["license"], {"valid": True})
    wrong = connect(there.listener.username, "wrong", legacyAuth=True)
    for method in [wrong.ping, wrong.getGenres]:
        refused(CredentialError, method)
    forged = connect(there.listener.username, salt="c19b2d", token=hashlib.md5(b"c19b2d").hexdigest())
    refused(SonicError, forged.getGenres)


def browsing(api):
    (folder,) = api.getMusicFolders()["musicFolders"]["musicFolder"]
    assert isinstance(folder["id"], int)
    indexes = api.getIndexes(folder["id"])["indexes"]
    assert indexes["lastModified"] > 1.7e9 and indexes["ignoredArticles"]
    (guido,) = indexes["index"][0]["artist"]
    directory = api.getMusicDirectory(guido["id"])["directory"]
    equal([(child["title"], child["isDir"]) for child in directory["child"]], [("Aliae", True), ("Micrologus", True)])
    inside = api.getMusicDirectory(directory["child"][0]["id"])["directory"]
    equal((titles(inside["child"]), inside["parent"]), (["Re 1", "Re 2"], guido["id"]))
    index = api.getArtists(folder["id"])["artists"]["index"]
    equal([(letter["name"], [artist["name"] for artist in letter["artist"]]) for letter in index],
          [("G", ["Guido"]), ("P", ["The Perotins"])])
    artist = api.getArtist(index[0]["artist"][0]["id"])["artist"]
    equal([(album["name"], album["songCount"]) for album in artist["album"]], [("Micrologus", 3), ("Aliae", 2)])
    album = api.getAlbum(artist["album"][0]["id"])["album"]
    equal(titles(album["song"]), ["Ut 1", "Ut 2", "Ut 3"])
    song = api.getSong(album["song"][0]["id"])["song"]
    equal((song["artist"], song["album"], song["isVideo"]), ("Guido", "Micrologus", False))
    genres = api.getGenres()["genres"]["genre"]
    equal({(genre["value"], genre["songCount"], genre["albumCount"]) for genre in genres},
          {("Chant", 3, 1), ("Latin", 3, 1), ("Rock", 2, 1)})
    for about, name in [(api.getArtistInfo, "artistInfo"), (api.getArtistInfo2, "artistInfo2")]:
        assert isinstance(about(artist["id"], count=3)[name]["similarArtist"], list)
    for about in [api.getAlbumInfo, api.getAlbumInfo2]:
        assert isinstance(about(album["id"])["albumInfo"], dict)
    for similar, name in [(api.getSimilarSongs, "similarSongs"), (api.getSimilarSongs2, "similarSongs2")]:
        assert isinstance(similar(song["id"], count=3)[name]["song"], list)
    equal(api.getVideos()["videos"]["video"], [])
    refused(DataNotFoundError, api.getVideoInfo, 1)
    refused(DataNotFoundError, api.getCaptions, 1)
    refused(DataNotFoundError, api.getSong, "tr-0000000000000")
    return album, song


def lists(api):
    for get, name in [(api.getAlbumList, "albumList"), (api.getAlbumList2, "albumList2")]:
        albums = get("alphabeticalByArtist", size=2, offset=1)[name]["album"]
        equal([album["artist"] for album in albums], ["Guido", "The Perotins"])
        equal(get("newest", offset=9)[name]["album"], [])
        equal(get("byGenre", genre="nothing")[name]["album"], [])
    equal(len(api.getRandomSongs(size=5)["randomSongs"]["song"]), 5)
    equal(titles(api.getSongsByGenre("Latin", count=1, offset=2)["songsByGenre"]["song"]), ["Ut 3"])


def searching(api):
    found = api.search(title="Ut 1")["searchResult"]
    equal((titles(found["match"]), found["offset"]), (["Ut 1"], 0))
    for search, name in [(api.search2, "searchResult2"), (api.search3, "searchResult3")]:
        found = search("micrologus")[name]
        equal((found["artist"], len(found["album"]), len(found["song"])), ([], 1, 3))
        everything = search("", artistCount=500, albumCount=500, songCount=500)[name]
        equal([len(everything[kind]) for kind in ["artist", "album", "song"]], [2, 3, 6])


def playlists(api, song):
    made = api.createPlaylist(name="A/B ✓", songIds=[song["id"]])["playlist"]
    equal((made["name"], titles(made["entry"])), ("A/B ✓", ["Ut 1"]))
    api.updatePlaylist(made["id"], comment="x", songIdsToAdd=[song["id"], song["id"]], songIndexesToRemove=[0])
    read = api.getPlaylist(made["id"])["playlist"]
    equal((titles(read["entry"]), read["comment"]), (["Ut 1", "Ut 1"], "x"))
    equal([list["id"] for list in api.getPlaylists()["playlists"]["playlist"]], [made["id"]])
    equal(api.createPlaylist(playlistId=made["id"])["playlist"]["entry"], [])
    api.deletePlaylist(made["id"])
    equal(api.getPlaylists()["playlists"]["playlist"], [])


def annotations(api, album, song):
    api.star([song["id"]], [album["id"]], [album["artistId"]])
    for get, name in [(api.getStarred, "starred"), (api.getStarred2, "starred2")]:
        starred = get()[name]
        equal([starred[kind][0]["id"] for kind in ["artist", "album", "song"]],
              [album["artistId"], album["id"], song["id"]])
    api.unstar([song["id"]], [album["id"]], [album["artistId"]])
    equal(api.getStarred2()["starred2"], {"artist": [], "album": [], "song": []})
    api.setRating(song["id"], 5)
    equal(api.getSong(song["id"])["song"]["userRating"], 5)
    equal(api.getAlbumList2("highest")["albumList2"]["album"], [])
    api.setRating(song["id"], 0)
    assert "userRating" not in api.getSong(song["id"])["song"]
    api.scrobble(song["id"], submission=False)
    api.scrobble(song["id"], listenTime=1764000000)
    equal(api.getSong(song["id"])["song"]["playCount"], 1)
    equal(titles(api.getTopSongs("Guido", count=1)["topSongs"]["song"]), ["Ut 1"])


def media(api, album, song):
    whole = (there.music / "Guido/Micrologus/1.flac").read_bytes()
    assert api.download(song["id"]).read() == whole
    assert api.stream(song["id"]).read() == whole
    made = api.stream(song["id"], maxBitRate=64, tformat="mp3", estimateContentLength=True)
    length = int(made.headers["Content-Length"])
    equal((made.headers["Content-Type"], len(made.read())), ("audio/mpeg", length))
    equal(api.getCoverArt(album["coverArt"]).read()[:4], b"\x89PNG")
    assert len(api.getCoverArt(album["coverArt"], size=60).read()) > 100
    equal(api.getAvatar(there.listener.username).read()[:2], b"\xff\xd8")
    refused(DataNotFoundError, api.getAvatar, there.administrator.username)
    playlist = api.hls(song["id"], bitrate=64).decode()
    lines = [line for line in playlist.splitlines() if line and line[0] != "#"]
    equal((playlist.splitlines()[0], len(lines)), ("#EXTM3U", 1))
    lyrics = api.getLyrics(artist="guido", title="ut 1")["lyrics"]
    equal(lyrics["value"].splitlines()[0], "Ut queant laxis")
    equal(api.getLyrics(artist="nobody", title="x")["lyrics"]["value"], "")


def resuming(api, song):
    equal(api.getBookmarks()["bookmarks"]["bookmark"], [])
    api.createBookmark(song["id"], 1500, "here")
    (bookmark,) = api.getBookmarks()["bookmarks"]["bookmark"]
    equal((bookmark["entry"]["title"], bookmark["position"], bookmark["comment"]), ("Ut 1", 1500, "here"))
    api.deleteBookmark(song["id"])
    api.savePlayQueue([song["id"], song["id"]], current=song["id"], position=7)
    queue = api.getPlayQueue()["playQueue"]
    equal((titles(queue["entry"]), queue["current"], queue["position"]), (["Ut 1", "Ut 1"], song["id"], 7))
    api.savePlayQueue([])
    equal(api.getPlayQueue()["playQueue"]["entry"], [])
    api.scrobble(song["id"], submission=False)
    playing = api.getNowPlaying()["nowPlaying"]["entry"]
    equal([(entry["id"], entry["playerName"]) for entry in playing], [(song["id"], "loose")])


def together(api, album):
    (share,) = api.createShare([album["id"]], description="x", expires=4000000000)["shares"]["share"]
    equal((len(share["entry"]), share["expires"]), (3, "2096-10-02T07:06:40.000Z"))
    api.updateShare(share["id"], description="y")
    equal([one["description"] for one in api.getShares()["shares"]["share"]], ["y"])
    api.deleteShare(share["id"])
    equal(api.getShares()["shares"]["share"], [])
    api.addChatMessage("Ça va?")
    equal([one["message"] for one in api.getChatMessages()["chatMessages"]["chatMessage"]], ["Ça va?"])
    refused(AuthError, api.createInternetRadioStation, "http://radio.example/", "Radio")
    root = api.beside(of(there.administrator))

    def stations():
        return api.getInternetRadioStations()["internetRadioStations"]["internetRadioStation"]

    (other,) = stations()
    root.createInternetRadioStation("http://radio.example/", "Radio")
    (station,) = [station for station in stations() if station != other]
    root.updateInternetRadioStation(station["id"], "http://radio.example/", "Other", "http://home.example/")
    (station,) = [station for station in stations() if station != other]
    equal((station["name"], station["homePageUrl"]), ("Other", "http://home.example/"))
    root.deleteInternetRadioStation(station["id"])
    equal(stations(), [other])


def podcasts(api):
    equal(api.getPodcasts()["podcasts"]["channel"], [])
    equal(api.getNewestPodcasts()["newestPodcasts"]["episode"], [])
    root = api.beside(of(there.administrator))
    refused(AuthError, api.createPodcastChannel, "http://127.0.0.1/feed.xml")
    refused(ParameterError, root.createPodcastChannel, "http://127.0.0.1/feed.xml")
    refused(DataNotFoundError, root.deletePodcastChannel, "pc-0000000000000")
    for method in [root.downloadPodcastEpisode, root.deletePodcastEpisode]:
        refused(DataNotFoundError, method, "ep-0000000000000")
    root.refreshPodcasts()


def jukebox(api):
    equal(api.jukeboxControl("status")["jukeboxStatus"]["playing"], False)
    equal(api.jukeboxControl("get")["jukeboxPlaylist"]["entry"], [])
    refused(AuthError, api.jukeboxControl, "start")


def administering(api):
    me = api.getUser(there.listener.username)["user"]
    equal((me["username"], me["adminRole"], me["folder"][0] > 0), (there.listener.username, False, True))
    refused(AuthError, api.getUsers)
    refused(AuthError, api.changePassword, there.administrator.username, "a long enough password")
    root = api.beside(of(there.administrator, legacyAuth=True))
    root.createUser("loose", "a long enough password", "a@b", adminRole=True)
    users = {user["username"]: user for user in root.getUsers()["users"]["user"]}
    equal(users["loose"]["adminRole"], True)
    root.updateUser("loose", adminRole=False, downloadRole=True)
    equal(root.getUser("loose")["user"]["adminRole"], False)
    root.changePassword("loose", "another long password")
    root.deleteUser("loose")
    refused(DataNotFoundError, root.getUser, "loose")
    assert isinstance(root.startScan()["scanStatus"]["scanning"], bool)
    until("the scan ends", lambda: not root.getScanStatus()["scanStatus"]["scanning"])


def main():
    api = Watched(of(there.listener))
    signing_in(api)
    album, song = browsing(api)
    lists(api)
    searching(api)
    playlists(api, song)
    annotations(api, album, song)
    media(api, album, song)
    resuming(api, song)
    together(api, album)
    podcasts(api)
    jukebox(api)
    administering(api)
    api.has_called_all_but(LEFT_OUT)
    print("all steps done")


main()
