//! Two libraries, one of which not everybody sees, and four who ask for what is in it.

use std::path::Path;

use hexachord::config::LibraryFolder;
use hexachord_contracts::Clock;
use hexachord_fixtures::{Format, Tags};
use image::ImageFormat;
use serde_json::{Value, json};

use super::{
    stage::{App, envelope, list},
    table::{Row, Viewer},
};
use crate::{
    faults::wire::until,
    support::{PASSWORD, Request, Response, Server, Setup, music, post, text},
};

/// Stands in every tag of the hidden library.
pub(super) const HIDDEN: &str = "Arcanum";
/// Stands in its lyrics.
pub(super) const SUNG: &str = "Abditum";
/// Stands in its tags and names, too.
pub(super) const SCRIPT: &str = "<script>alert('&\"')</script>";

pub(super) struct House {
    pub(super) server: Server,
    people: [(Viewer, App); 4],
    /// What stands for what in queries.
    things: Vec<(&'static str, String)>,
}

impl House {
    pub(super) fn open() -> Self {
        Self::open_at(Clock::default())
    }

    /// With a clock that a test may set.
    pub(super) fn open_at(clock: Clock) -> Self {
        let mut setup = Setup::new();
        setup.options.clock = clock;
        let hidden = setup.music().with_file_name("hidden");
        write_common(&setup.music());
        write_hidden(&hidden);
        setup.config.library.folders.push(LibraryFolder::named_after(hidden));
        setup.config.library.scan_on_start = true;
        let server = setup.start();
        assert_eq!(server.scanned()["phase"], "finished");
        let ida = server.member("ida", "listener");
        let owner = App::of(&server, &ida, "ida");
        let picture = music::picture(100, ImageFormat::Png);
        let put = Request::new("PUT", "/api/v1/me/avatar").bearer(&ida.token).body(picture);
        server.send(put).expect(204);
        let other = App::of(&server, &server.member("eve", "listener"), "eve");
        let administrator = App::of(&server, &server.member("root", "administrator"), "root");
        let outsider = outsider(&server);
        let people = [
            (Viewer::Owner, owner),
            (Viewer::Other, other),
            (Viewer::Outsider, outsider),
            (Viewer::Administrator, administrator),
        ];
        let mut house = Self { server, people, things: Vec::new() };
        house.things = house.look_around();
        house
    }

    pub(super) fn app(&self, viewer: Viewer) -> &App {
        let found = self.people.iter().find(|(one, _)| *one == viewer);
        &found.expect("all are at home").1
    }

    fn look_around(&self) -> Vec<(&'static str, String)> {
        let owner = self.app(Viewer::Owner);
        until("a hidden song is found", || {
            let found = owner.ask("search3", &format!("query={HIDDEN}"), "searchResult3");
            list(&found["song"]).pop()
        });
        let songs = owner.songs();
        let is_hidden = |song: &&Value| text(&song["title"]).contains(HIDDEN);
        let song = songs.iter().find(is_hidden).expect("it is there");
        let common = songs.iter().find(|song| !is_hidden(song)).expect("it is there");
        let of = |field: &str| text(&song[field]).to_owned();
        let folders = list(&owner.ask("getMusicFolders", "", "musicFolders")["musicFolder"]);
        let library = folders.iter().find(|folder| folder["name"] == "hidden");
        let library = library.expect("it is there")["id"].to_string();
        let top = owner.ask("getIndexes", &format!("musicFolderId={library}"), "indexes");
        let folder = text(&top["index"][0]["artist"][0]["id"]).to_owned();
        let (id, album, artist) = (of("id"), of("albumId"), of("artistId"));
        owner.done("star", &format!("id={id}&albumId={album}&artistId={artist}"));
        owner.done("setRating", &format!("id={album}&rating=5"));
        owner.done("scrobble", &format!("id={id}"));
        let decided = self.decided(owner, &format!("f=json&mediaId={id}&mediaType=song"));
        let made = envelope(&decided)["transcodeDecision"]["transcodeParams"].take();
        vec![
            ("{song}", id),
            ("{album}", album),
            ("{artist}", artist),
            ("{cover}", of("coverArt")),
            ("{library}", library),
            ("{folder}", folder),
            ("{common}", text(&common["id"]).to_owned()),
            ("{script}", encoded(SCRIPT)),
            ("{made}", text(&made).replace('&', "%26").replace('=', "%3D")),
        ]
    }

    /// The query with things in the place of what stands for them; some are made for it.
    pub(super) fn filled(&self, query: &str) -> String {
        let mut filled = query.to_owned();
        for (name, thing) in &self.things {
            filled = filled.replace(name, thing);
        }
        let owner = self.app(Viewer::Owner);
        let made: [(&str, &dyn Fn() -> String); 7] = [
            ("{bookmarked}", &|| self.bookmarked()),
            ("{share}", &|| self.share()),
            ("{station}", &|| self.station()),
            ("{playlist}", &|| playlist(owner, false)),
            ("{public}", &|| playlist(owner, true)),
            ("{account}", &|| self.account()),
            ("{fresh}", &|| self.fresh()),
        ];
        for (name, make) in made {
            if filled.contains(name) {
                filled = filled.replace(name, &make());
            }
        }
        filled
    }

    /// A song with a bookmark of its owner.
    fn bookmarked(&self) -> String {
        let song = self.filled("{song}");
        self.app(Viewer::Owner).done("createBookmark", &format!("id={song}&position=5"));
        song
    }

    fn share(&self) -> String {
        let query = self.filled("id={song}&description={script}");
        let made = self.app(Viewer::Owner).ask("createShare", &query, "shares");
        text(&made["share"][0]["id"]).to_owned()
    }

    fn station(&self) -> String {
        let root = self.app(Viewer::Administrator);
        let query = self.filled("streamUrl=http%3A%2F%2Fradio.example&name={script}");
        root.done("createInternetRadioStation", &query);
        let all = root.ask("getInternetRadioStations", "", "internetRadioStations");
        text(&all["internetRadioStation"][0]["id"]).to_owned()
    }

    fn account(&self) -> String {
        let name = self.fresh();
        let body = json!({ "username": name, "password": PASSWORD, "role": "listener" });
        self.server.control(post("/api/v1/admin/accounts").json(&body)).expect(201);
        name
    }

    /// A name that nobody has.
    fn fresh(&self) -> String {
        let root = self.app(Viewer::Administrator);
        format!("user{}", list(&root.ask("getUsers", "", "users")["user"]).len())
    }

    /// What a viewer gets for a row with these things in it, in a form.
    pub(super) fn answer(&self, viewer: Viewer, row: &Row, filled: &str, form: &str) -> Response {
        let app = self.app(viewer);
        let mut query = filled.to_owned();
        if query.contains("{mine}") {
            query = query.replace("{mine}", &playlist(app, false));
        }
        if row.method == "getTranscodeDecision" {
            return self.decided(app, &format!("{form}&{query}"));
        }
        app.send(row.method, &format!("{form}&{query}"))
    }

    fn decided(&self, app: &App, query: &str) -> Response {
        let profile = |container: &str| json!({ "containers": [container], "audioCodecs": ["*"], "protocols": ["http"] });
        let client = json!({
            "name": "suite", "platform": "tests", "directPlayProfiles": [profile("flac")],
            "transcodingProfiles": [{"container": "mp3", "audioCodec": "mp3", "protocol": "http"}],
        });
        let path = format!("/rest/getTranscodeDecision?{}&{query}", app.credential);
        self.server.send(post(&path).json(&client))
    }

    /// What must not be in an answer to who does not see the hidden library, but in what was asked.
    pub(super) fn secrets(&self) -> Vec<&str> {
        let ids = ["{song}", "{album}", "{artist}", "{folder}", "{library}"];
        let ids = self.things.iter().filter(|(name, _)| ids.contains(name));
        ids.map(|(_, id)| id.as_str()).chain([HIDDEN, SUNG]).collect()
    }
}

/// Of songs of both libraries that `app` may see.
fn playlist(app: &App, public: bool) -> String {
    let songs: Vec<String> =
        app.songs().iter().map(|song| format!("&songId={}", text(&song["id"]))).collect();
    let name = format!("name={}", encoded(SCRIPT));
    let made = app.ask("createPlaylist", &format!("{name}{}", songs.concat()), "playlist");
    let id = text(&made["id"]).to_owned();
    app.done("updatePlaylist", &format!("playlistId={id}&public={public}"));
    id
}

/// The code of a refusal, whatever its form; `None` for what is answered.
#[track_caller]
pub(super) fn code(method: &str, answer: &Response) -> Option<u64> {
    if method == "getTranscodeStream" {
        return match answer.status {
            200 => None,
            400 => Some(10),
            401 => Some(40),
            403 => Some(50),
            404 => Some(70),
            other => panic!("{method}: {other}"),
        };
    }
    let kind = answer.header("content-type").unwrap_or_default();
    if !kind.starts_with("application/json") {
        assert_eq!(answer.status, 200, "{method}");
        return None;
    }
    let envelope = envelope(answer);
    (envelope["status"] != "ok").then(|| super::stage::code(&envelope))
}

/// Text as it stands in an address.
pub(super) fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn outsider(server: &Server) -> App {
    let body = json!({ "username": "probe", "password": PASSWORD, "role": "administrator" });
    server.control(post("/api/v1/admin/accounts").json(&body)).expect(201);
    let probe = server.sign_in("probe", PASSWORD);
    let libraries = list(&server.read(&probe, "/api/v1/libraries")["items"]);
    let common = libraries.iter().find(|library| library["name"] == "music").expect("it is there");
    let body = json!({
        "username": "ben", "password": PASSWORD, "role": "listener", "libraries": [common["id"]],
    });
    server.control(post("/api/v1/admin/accounts").json(&body)).expect(201);
    App::of(server, &server.sign_in("ben", PASSWORD), "ben")
}

fn write_common(folder: &Path) {
    for number in 1..=2 {
        let tags = music::tags(&format!("Ut {number}"), "Guido", "Micrologus", number);
        let path = folder.join(format!("Guido/{number}.flac"));
        music::write(&path, Format::Flac, number.into(), &tags);
    }
}

fn write_hidden(folder: &Path) {
    let named = |what: &str| format!("{HIDDEN} {what} {SCRIPT}");
    for number in 1..=3 {
        let script = if number == 3 { SCRIPT } else { "" };
        let title = format!("{HIDDEN} {number}{script}");
        let tags = Tags {
            year: Some(1997),
            genres: vec![HIDDEN.to_owned(), named("genre")],
            picture: Some(music::picture(300, ImageFormat::Png)),
            ..music::tags(&title, &named("artist"), &named("album"), number)
        };
        // A name of a file has no slash.
        let path = folder.join(format!("{HIDDEN} <script>alert(1)<")).join(format!("{number}.mp3"));
        music::write(&path, Format::Mp3, u64::from(number) + 10, &tags);
        let lyrics = format!("[00:00.10]{SUNG} {SCRIPT}\n");
        std::fs::write(path.with_extension("lrc"), lyrics).expect("lyrics can be written");
    }
}
