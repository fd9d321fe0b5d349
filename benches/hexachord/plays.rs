//! Plays recorded over HTTP, each durable when it is answered, from one writer and from 32.
//!
//! The floor of one writer is a record that is appended to a file and synced, one after the other;
//! that of 32 is the same for as many records: what each of them would cost alone.

use std::{
    cell::{Cell, LazyCell},
    fs::File,
    io::{Read, Write},
    net::TcpStream,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Instant,
};

use criterion::{Criterion, Throughput};
use serde_json::json;

use crate::{
    client::{parse_head, request},
    ratio::{Line, Took, Unit, compare, fact},
    server::Server,
};

const WRITERS: usize = 32;
/// About as long as a stored play.
const RECORD: [u8; 128] = [7; 128];

pub(crate) fn benches<F: FnOnce() -> Server>(
    criterion: &mut Criterion,
    large: &LazyCell<Server, F>,
) {
    let mut group = criterion.benchmark_group("plays");
    let setup = LazyCell::new(|| Plays::new(large));
    let each = [Cell::new(0.0), Cell::new(0.0)];
    for (writers, seconds) in [1, WRITERS].into_iter().zip(&each) {
        let name = format!("{writers}-writers");
        let line = Line {
            name: &name,
            floor: "as many records appended and synced, one by one",
            goal: "32 writers ≥ 20 × one writer",
            unit: Unit::Time,
        };
        group.throughput(Throughput::Elements(writers as u64));
        compare(
            &mut group,
            "plays",
            &line,
            &setup,
            |plays, times| {
                let took = plays.record(large, writers, times);
                #[expect(clippy::cast_precision_loss, reason = "fewer units than a float counts")]
                seconds.set(took.wall.as_secs_f64() / took.units as f64);
                took
            },
            |_, times| synced(writers as u64 * times),
        );
    }
    group.finish();
    let [one, many] = each.map(Cell::into_inner);
    if one > 0.0 && many > 0.0 {
        fact(format_args!("plays: {WRITERS} writers record {:.1} × as many as one", one / many));
    }
}

struct Plays {
    tracks: Vec<String>,
    /// No play is reported twice.
    next: AtomicU64,
}

impl Plays {
    fn new(large: &Server) -> Self {
        let page = large.fetch("/api/v1/tracks?limit=500");
        let page: serde_json::Value = serde_json::from_slice(&page).expect("lists are JSON");
        let items = page["items"].as_array().expect("lists have items").iter();
        let tracks = items.filter_map(|track| Some(track["id"].as_str()?.to_owned())).collect();
        Self { tracks, next: AtomicU64::new(0) }
    }

    fn record(&self, large: &Server, writers: usize, each: u64) -> Took {
        let connections: Vec<TcpStream> = (0..writers)
            .map(|_| {
                let stream = TcpStream::connect(large.child.address).expect("the server listens");
                stream.set_nodelay(true).expect("it is TCP");
                stream
            })
            .collect();
        let (began, used) = (Instant::now(), large.child.cpu());
        thread::scope(|scope| {
            for mut stream in connections {
                scope.spawn(move || {
                    let mut buffer = vec![0; 64 * 1024];
                    for _ in 0..each {
                        stream.write_all(&self.report(large)).expect("the server reads");
                        let mut filled = 0;
                        while parse_head(&buffer[..filled])
                            .is_none_or(|(head, body)| filled < head + body)
                        {
                            filled += stream.read(&mut buffer[filled..]).expect("it answers");
                        }
                    }
                });
            }
        });
        let cpu = Some(large.child.cpu().saturating_sub(used));
        Took { units: writers as u64 * each, wall: began.elapsed(), cpu }
    }

    fn report(&self, large: &Server) -> Vec<u8> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let track = &self.tracks[usize::try_from(number).unwrap_or(0) % self.tracks.len()];
        let body = json!({
            "track_id": track, "started_at": "2026-11-01T20:00:00Z", "listened_ms": 400_000,
            "source": "album", "id": number.to_string(),
        });
        request("POST", "/api/v1/plays", Some(&large.token), &body.to_string())
    }
}

fn synced(records: u64) -> Took {
    let mut journal: File = tempfile::tempfile().expect("a temporary file can be made");
    let began = Instant::now();
    for _ in 0..records {
        journal.write_all(&RECORD).expect("the disk has room");
        journal.sync_data().expect("the disk works");
    }
    Took { units: records, wall: began.elapsed(), cpu: None }
}
