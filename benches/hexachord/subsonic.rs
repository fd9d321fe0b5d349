//! The OpenSubsonic API beside REST over the same server: what the adapter costs, and how long an app
//! needs to copy a large library.

use std::{
    cell::LazyCell,
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use criterion::{Criterion, Throughput};
use serde_json::Value;

use crate::{
    client::{Load, fetch, parse_head, request},
    large,
    ratio::{Line, Took, Unit, compare, fact},
    server::{Server, USER},
};

const GOAL: &str = "≤ 1.2 ×";
/// Rows of a page, as apps ask for them.
const PAGE: usize = 500;

pub(crate) fn benches<F: FnOnce() -> Server, G: FnOnce() -> Server>(
    criterion: &mut Criterion,
    small: &LazyCell<Server, F>,
    large: &LazyCell<Server, G>,
) {
    beside_rest(criterion, small, "cover", |server| {
        let album = server.find("/api/v1/albums?limit=500", |album| album["cover"].is_object())?;
        let id = album["id"].as_str()?;
        let rest = format!("/api/v1/albums/{id}/cover?size=300");
        Some(("getCoverArt", format!("id={id}&size=300"), vec![rest]))
    });
    // What one thinks of the albums is another question over REST.
    beside_rest(criterion, large, "albums-50", |server| {
        let list = "/api/v1/albums?limit=50";
        let page: Value = serde_json::from_slice(&server.fetch(list)).ok()?;
        let albums = page["items"].as_array()?.iter();
        let ids: Vec<&str> = albums.map(|album| album["id"].as_str()).collect::<Option<_>>()?;
        let marks = format!("/api/v1/me/annotations?ids={}", ids.join(","));
        let query = "type=alphabeticalByName&size=50".to_owned();
        Some(("getAlbumList2", query, vec![list.to_owned(), marks]))
    });
    for (name, query, rest) in [
        ("search", "query=sta", "/api/v1/search?q=sta"),
        ("search-two-words", "query=sta+ba", "/api/v1/search?q=sta+ba"),
    ] {
        beside_rest(criterion, large, name, |_| {
            Some(("search3", query.to_owned(), vec![rest.to_owned()]))
        });
    }
    synchronise(criterion, large);
}

/// A method with a query in JSON and in XML, against paths of REST that tell the same together.
fn beside_rest<F: FnOnce() -> Server>(
    criterion: &mut Criterion,
    server: &LazyCell<Server, F>,
    name: &str,
    find: impl Fn(&Server) -> Option<(&'static str, String, Vec<String>)>,
) {
    let mut group = criterion.benchmark_group(format!("subsonic/{name}"));
    let setup = LazyCell::new(|| {
        let (method, query, rest) = find(server).expect("the library has what is asked for");
        let key = key(server);
        let path = move |form| format!("/rest/{method}?{key}&f={form}&{query}");
        ([path("json"), path("xml")], rest)
    });
    for (form, name_of) in ["json", "xml"].into_iter().enumerate() {
        let line = Line { name: name_of, floor: "REST", goal: GOAL, unit: Unit::Time };
        let (mut own, mut theirs) = (None, None);
        group.throughput(Throughput::Elements(1));
        compare(
            &mut group,
            &format!("subsonic/{name}"),
            &line,
            &setup,
            |(paths, _), each| {
                let ask = request("GET", &paths[form], None, "");
                own.get_or_insert_with(|| Load::new(server.child.address, 1, ask))
                    .run(&server.child, each)
            },
            |(_, rest), each| {
                let load = |path: &String| Load::new(server.child.address, 1, server.get(path));
                let loads: &mut Vec<Load> =
                    theirs.get_or_insert_with(|| rest.iter().map(load).collect());
                let all = loads.iter_mut().map(|load| load.run(&server.child, each));
                let together = |one: Took, next: Took| Took {
                    units: each,
                    wall: one.wall + next.wall,
                    cpu: one.cpu.zip(next.cpu).map(|(one, next)| one + next),
                };
                all.reduce(together).expect("there is a path")
            },
        );
    }
    group.finish();
}

/// What an app sends with each request: it has a device key.
fn key(server: &Server) -> String {
    let body = "{\"label\":\"bench\"}";
    let ask = request("POST", "/api/v1/me/device-keys", Some(&server.token), body);
    let made: Value = serde_json::from_slice(&fetch(server.child.address, &ask)).expect("JSON");
    let secret = made["secret"].as_str().expect("a key has a secret");
    format!("u={USER}&p={secret}&v=1.16.1&c=bench")
}

/// Tells what copies of the whole library cost, beside one by REST.
fn synchronise<F: FnOnce() -> Server>(criterion: &mut Criterion, large: &LazyCell<Server, F>) {
    let mut is_told = false;
    // Under criterion only so that a filter can leave it out.
    criterion.bench_function("subsonic/synchronise", |bencher| {
        if !std::mem::replace(&mut is_told, true) {
            let app = App::of(large);
            tell(large, "GET /api/v1/tracks by cursor", || by_rest(large, &app));
            tell(large, "search3 of nothing, by 500", || by_search(&app));
            tell(large, "getArtists, getAlbumList2 by 500, getAlbum of each", || by_albums(&app));
        }
        bencher.iter_custom(Duration::from_nanos);
    });
}

fn tell(server: &Server, how: &str, copy: impl FnOnce() -> (usize, usize)) {
    let (before, used) = (server.child.memory(), server.child.cpu());
    let began = Instant::now();
    let (songs, requests) = copy();
    let (wall, cpu) = (began.elapsed(), server.child.cpu().saturating_sub(used));
    let after = server.child.memory();
    assert_eq!(songs, large::TRACKS, "{how}: not all songs, or some twice");
    fact(format_args!(
        "subsonic/synchronise: {songs} songs with {requests} requests ({how}) in {:.1} s, {:.1} s of the \
         server's CPU; {:.1} MB before, {:.1} MB after, peak since its start {:.1} MB",
        wall.as_secs_f64(),
        cpu.as_secs_f64(),
        before.now,
        after.now,
        after.peak,
    ));
}

/// One after the other over a kept connection, as a phone does it.
struct App {
    stream: std::cell::RefCell<TcpStream>,
    key: String,
}

impl App {
    fn of(server: &Server) -> Self {
        let stream = TcpStream::connect(server.child.address).expect("the server listens");
        stream.set_nodelay(true).expect("it is TCP");
        Self { stream: stream.into(), key: key(server) }
    }

    fn ask(&self, bytes: &[u8]) -> Value {
        let mut stream = self.stream.borrow_mut();
        stream.write_all(bytes).expect("the server reads");
        let (mut answer, mut buffer) = (Vec::new(), vec![0; 256 * 1024]);
        let mut end = None;
        while end.is_none_or(|(head, length)| answer.len() < head + length) {
            let count = stream.read(&mut buffer).expect("the server answers");
            assert!(count > 0, "the server closed the connection");
            answer.extend_from_slice(&buffer[..count]);
            end = end.or_else(|| parse_head(&answer));
        }
        let (head, _) = end.expect("the head is there");
        serde_json::from_slice(&answer[head..]).expect("answers are JSON")
    }

    fn call(&self, method: &str, query: &str, name: &str) -> Value {
        let path = format!("/rest/{method}?{}&f=json&{query}", self.key);
        let mut envelope = self.ask(&request("GET", &path, None, ""))["subsonic-response"].take();
        assert_eq!(envelope["status"], "ok", "{method}: {envelope}");
        envelope[name].take()
    }
}

fn length(list: &Value) -> usize {
    list.as_array().map_or(0, Vec::len)
}

fn by_rest(server: &Server, app: &App) -> (usize, usize) {
    let (mut songs, mut requests, mut cursor) = (0, 0, String::new());
    loop {
        let page = app.ask(&server.get(&format!("/api/v1/tracks?limit={PAGE}{cursor}")));
        requests += 1;
        songs += length(&page["items"]);
        let Some(next) = page["next_cursor"].as_str() else { return (songs, requests) };
        cursor = format!("&cursor={next}");
    }
}

fn by_search(app: &App) -> (usize, usize) {
    let (mut songs, mut requests) = (0, 0);
    loop {
        let query =
            format!("query=\"\"&artistCount=0&albumCount=0&songCount={PAGE}&songOffset={songs}");
        let found =
            length(&app.call("search3", &query.replace('"', "%22"), "searchResult3")["song"]);
        requests += 1;
        songs += found;
        if found < PAGE {
            return (songs, requests);
        }
    }
}

fn by_albums(app: &App) -> (usize, usize) {
    let artists = app.call("getArtists", "", "artists");
    assert!(length(&artists["index"]) > 0, "there are artists");
    let (mut songs, mut requests, mut offset) = (0, 1, 0);
    loop {
        let query = format!("type=alphabeticalByName&size={PAGE}&offset={offset}");
        let albums = app.call("getAlbumList2", &query, "albumList2")["album"].take();
        requests += 1;
        for album in albums.as_array().expect("lists are lists") {
            let id = album["id"].as_str().expect("ids are text");
            songs += length(&app.call("getAlbum", &format!("id={id}"), "album")["song"]);
            requests += 1;
        }
        offset += length(&albums);
        if length(&albums) < PAGE {
            return (songs, requests);
        }
    }
}
