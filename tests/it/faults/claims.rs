//! Headers that claim what nobody has: gigabytes of tags, of samples, of pixels. They are refused before
//! memory is taken for them, and cost nobody else anything.

use std::{
    fs::{self, File},
    path::Path,
};

use flate2::{Compress, Compression, FlushCompress};
use hexachord_fixtures::{Format, Piece, Tags, tag};
use image::ImageFormat;
use serde_json::{Value, json};

use super::wire::until;
use crate::support::{Api, Console, Member, Running, Setup, column, get, music, post, text};

/// What they claim.
const CLAIM: u64 = 30 << 30;
/// What a server may take at most for all of them together; far below any one of the claims.
const MOST_KIB: u64 = 150 * 1024;
/// Address space of a worker, its program included. The picture alone would need 2.5 GB.
const WORKER_KIB: u64 = 320 * 1024;
/// Pixels a side.
const SIDE: u32 = 50_000;

/// Memory of a process at its peak.
fn peak_kib(server: &Running) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.id()));
    let status = status.expect("the server runs");
    let kib = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB"));
    kib.expect("Linux tells the memory of a process").trim().parse().expect("a number of KiB")
}

/// A tagged file with a picture.
fn whole(format: Format, seed: u64, folder: &Path) -> Vec<u8> {
    let path = folder.join(format!("whole.{}", format.extension()));
    Piece::new(format, seed).write(&path).expect("a file can be written");
    let picture = Some(music::picture(40, ImageFormat::Png));
    let tags = music::tags("Claim", "Nobody", "Claims", 1);
    tag(&path, &Tags { picture, ..tags }).expect("a file can be tagged");
    let bytes = fs::read(&path).expect("a file can be read");
    fs::remove_file(path).expect("a file can be removed");
    bytes
}

/// Where `mark` stands.
#[track_caller]
fn place(bytes: &[u8], mark: &[u8]) -> usize {
    let place = bytes.windows(mark.len()).position(|part| part == mark);
    place.unwrap_or_else(|| panic!("no {:?} in it", String::from_utf8_lossy(mark)))
}

/// The same with other bytes some way behind (or before) a mark.
fn patched(mut bytes: Vec<u8>, mark: &[u8], offset: isize, with: &[u8]) -> Vec<u8> {
    let at = place(&bytes, mark).checked_add_signed(offset).expect("it is in the file");
    bytes[at..at + with.len()].copy_from_slice(with);
    bytes
}

/// Files that claim too much, with their names.
fn claims(folder: &Path) -> Vec<(String, Vec<u8>)> {
    const MOST: [u8; 4] = [0xFF; 4];
    const MOST_SIGNED: [u8; 4] = [0x7F, 0xFF, 0xFF, 0xFF];
    let mut claims = Vec::new();
    let mut add = |name: &str, bytes| claims.push((name.to_owned(), bytes));
    let of = |format| whole(format, 7, folder);
    let claim = CLAIM.to_be_bytes();

    let vendor = b"reference";
    add("vendor.flac", patched(comment_of(&of(Format::Flac)), vendor, -4, &MOST));
    let count = isize::try_from(vendor.len()).expect("it is short");
    add("count.flac", patched(comment_of(&of(Format::Flac)), vendor, count, &MOST));
    add("picture.flac", patched(of(Format::Flac), b"\x89PNG", -4, &MOST));
    add("kind.flac", patched(of(Format::Flac), b"image/png", -4, &MOST));
    for (format, mark) in [(Format::Vorbis, &b"\x03vorbis"[..]), (Format::Opus, b"OpusTags")] {
        let behind = isize::try_from(mark.len()).expect("it is short");
        add(&format!("vendor.{}", format.extension()), patched(of(format), mark, behind, &MOST));
    }
    for format in [Format::Aac, Format::Alac] {
        let long = [&b"moov"[..], &claim].concat();
        let long = patched(of(format), b"moov", 0, &long);
        let name = |what: &str| format!("{what} {format:?}.m4a");
        add(&name("moov"), patched(long, b"moov", -4, &[0, 0, 0, 1]));
        add(&name("samples"), patched(of(format), b"stsz", 12, &MOST));
        add(&name("chunks"), patched(of(format), b"stco", 8, &MOST));
        add(&name("times"), patched(of(format), b"stts", 8, &MOST));
        add(&name("picture"), patched(of(format), b"covr", 4, &MOST));
        add(&name("tags"), patched(of(format), b"ilst", -4, &MOST_SIGNED));
    }
    for size in [MOST, MOST_SIGNED] {
        add(&format!("data {size:?}.wav"), patched(of(Format::Wav), b"data", 4, &size));
        add(&format!("format {size:?}.wav"), patched(of(Format::Wav), b"fmt ", 4, &size));
        add(&format!("sound {size:?}.aiff"), patched(of(Format::Aiff), b"SSND", 4, &size));
        add(&format!("frames {size:?}.aiff"), patched(of(Format::Aiff), b"COMM", 10, &size));
    }
    add("long.wav", long_wav());
    // The size of an ID3v2 tag and of a frame, seven bits a byte.
    let id3 =
        [&b"ID3\x04\0\0\x7F\x7F\x7F\x7FAPIC\x7F\x7F\x7F\x7F\0\0"[..], &of(Format::Mp3)].concat();
    add("tag.mp3", id3);
    let frame =
        [&b"ID3\x04\0\0\0\0\x20\0APIC\x7F\x7F\x7F\x7F\0\0"[..], &[0; 4096], &of(Format::Mp3)];
    add("frame.mp3", frame.concat());
    claims
}

/// With a comment of which the vendor is known: the fixture's own may be called anything.
fn comment_of(flac: &[u8]) -> Vec<u8> {
    let at = place(flac, b"fLaC") + 4;
    let comment = b"\x09\0\0\0reference\x01\0\0\0\x07\0\0\0TITLE=x";
    let length = u32::try_from(comment.len()).expect("it is short").to_be_bytes();
    // Behind the stream's own block, which has 34 bytes.
    let (stream, rest) = flac[at..].split_at(38);
    let block = [&[4, length[1], length[2], length[3]], &comment[..]].concat();
    [&flac[..at], stream, &block, rest].concat()
}

/// A WAV file whose sizes stand in 64 bits.
fn long_wav() -> Vec<u8> {
    let (claim, most) = (CLAIM.to_le_bytes(), [0xFF; 4]);
    let format = b"fmt \x10\0\0\0\x01\0\x02\0\x44\xAC\0\0\x10\xB1\x02\0\x04\0\x10\0";
    let sizes = [b"ds64\x1C\0\0\0", &claim[..], &claim, &claim, &[0; 4]].concat();
    [b"RF64", &most[..], b"WAVE", &sizes, format, b"data", &most, &[0; 4096]].concat()
}

#[test]
fn headers_that_claim_gigabytes_cost_their_files_alone() {
    let folder = tempfile::tempdir().unwrap();
    let music = crate::support::program::subfolder(folder.path(), "music");
    music::album(&music, "Guido", "Hymns", 20);
    let console = Console::new(folder.path()).argument("--music").argument(&music);
    let server = console.serve(&folder.path().join("data"));
    assert_eq!(server.scanned()["added"], 20);
    let member = server.member("owner", "administrator");
    let before = peak_kib(&server);

    let claims = claims(folder.path());
    for (name, bytes) in &claims {
        fs::write(music.join(name), bytes).unwrap();
    }
    // Those have what they claim, though it is nothing.
    let sparse = [
        (
            "sparse.m4a",
            [&b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42\0\0\0\x01moov"[..], &CLAIM.to_be_bytes()]
                .concat(),
        ),
        ("sparse.wav", long_wav()),
        ("sparse.mp3", b"ID3\x04\0\0\x7F\x7F\x7F\x7FAPIC\x7F\x7F\x7F\x7F\0\0".to_vec()),
    ];
    for (name, head) in &sparse {
        fs::write(music.join(name), head).unwrap();
        File::options().append(true).open(music.join(name)).unwrap().set_len(CLAIM).unwrap();
    }
    music::album(&music, "Hildegard", "Chants", 20);
    server.control(post("/api/v1/admin/scan").json(&json!({ "full": true }))).expect(202);
    let state = server.scanned();
    let files = (40 + claims.len() + sparse.len()) as u64;
    assert_eq!((&state["phase"], &state["found"]), (&json!("finished"), &json!(files)), "{state}");
    let unreadable = server.pages(&member, "/api/v1/admin/scan/unreadable", 500);
    let tracks = server.pages(&member, "/api/v1/tracks", 500);
    assert_eq!((tracks.len() + unreadable.len()) as u64, files, "{state} {unreadable:?}");
    let bad = column(&unreadable, "path");
    assert!(bad.iter().all(|path| !path.contains('/')), "a good file is refused: {bad:?}");
    for file in &unreadable {
        assert!(text(&file["reason"]).len() > 10, "{file}");
    }
    assert!(bad.len() > 5, "{bad:?}");
    for (album, artist) in [("Hymns", "Guido"), ("Chants", "Hildegard")] {
        let of_it = tracks.iter().filter(|track| track["album"]["title"] == album);
        let right = of_it.filter(|track| track["artists"][0]["name"] == artist).count();
        assert_eq!(right, 20, "{album}");
    }
    let grown = peak_kib(&server) - before;
    assert!(grown < MOST_KIB, "{before} KiB grew by {grown} KiB");
    let services = server.control(get("/api/v1/admin/services")).expect(200).json();
    for service in services["items"].as_array().unwrap() {
        assert_eq!((&service["state"], &service["restarts"]), (&json!("running"), &json!(0)));
    }
    server.stop();
}

/// A good PNG of [`SIDE`] × [`SIDE`] pixels, all black, in some hundred kilobytes.
fn black() -> Vec<u8> {
    // One bit a pixel, and a byte before each row.
    let row = SIDE as usize / 8 + 1;
    let rows = 1000;
    let mut compress = Compress::new(Compression::best(), false);
    let mut part = Vec::with_capacity(1 << 20);
    let zeros = vec![0; row * rows];
    compress.compress_vec(&zeros, &mut part, FlushCompress::Full).expect("zeros can be packed");
    assert_eq!(compress.total_in(), zeros.len() as u64, "it has room");
    let length = u32::try_from(row).expect("a row is short") * SIDE;
    // Adler-32 of zeros; then the last block, which is empty.
    let sum = (length % 65_521) << 16 | 1;
    let data = [b"\x78\xDA", &part.repeat(SIDE as usize / rows)[..], b"\x03\0", &sum.to_be_bytes()];
    let size = SIDE.to_be_bytes();
    let header = [&size[..], &size, &[1, 0, 0, 0, 0]].concat();
    let chunk = |kind: &[u8], content: &[u8]| {
        let length = u32::try_from(content.len()).expect("a chunk is short").to_be_bytes();
        let checked = [kind, content].concat();
        [&length[..], &checked, &music::crc32(&checked).to_be_bytes()].concat()
    };
    let chunks = [chunk(b"IHDR", &header), chunk(b"IDAT", &data.concat()), chunk(b"IEND", b"")];
    [b"\x89PNG\r\n\x1A\n", &chunks.concat()[..]].concat()
}

/// An album with the picture beside its tracks, one with the picture in its track, and a good one.
fn albums(music: &Path, picture: &[u8]) {
    music::album(music, "Guido", "beside", 1);
    fs::write(music.join("beside/cover.png"), picture).expect("a file can be written");
    fs::write(music.join("beside/artist.png"), picture).expect("a file can be written");
    let tags = music::tags("track 1", "Perotin", "inside", 1);
    let tags = Tags { picture: Some(picture.to_vec()), ..tags };
    music::write(&music.join("inside/1.flac"), Format::Flac, 2, &tags);
    music::album(music, "Hildegard", "good", 1);
    let good = music::picture(400, ImageFormat::Png);
    fs::write(music.join("good/cover.png"), good).expect("a file can be written");
}

/// Asks for each of the covers in all ways; what is too large is refused for that.
fn ask_for_covers(server: &Api, member: &Member) {
    let albums = server.pages(member, "/api/v1/albums", 50);
    let artists = server.pages(member, "/api/v1/artists", 50);
    let tracks = server.pages(member, "/api/v1/tracks", 50);
    let id = |items: &[Value], field: &str, name: &str| {
        let found = items.iter().find(|item| item[field] == name);
        text(&found.unwrap_or_else(|| panic!("{name} is there"))["id"]).to_owned()
    };
    let of = |path: String| move |query: &str| get(&format!("/api/v1/{path}/cover{query}"));
    let hostile = [
        of(format!("albums/{}", id(&albums, "title", "beside"))),
        of(format!("albums/{}", id(&albums, "title", "inside"))),
        of(format!("artists/{}", id(&artists, "name", "Guido"))),
    ];
    for ask in &hostile {
        for query in ["", "?size=64", "?size=4096"] {
            let refused = server.send(ask(query).bearer(&member.token)).expect(404).json();
            assert_eq!(refused["type"], "urn:hexachord:problem:unusable-cover", "{refused}");
            assert!(text(&refused["detail"]).contains("50000 × 50000"), "{refused}");
        }
    }
    for id in column(&tracks, "id") {
        let request = get(&format!("/api/v1/tracks/{id}/cover?size=64")).bearer(&member.token);
        assert!([200, 404].contains(&server.send(request).status));
    }
    let good = of(format!("albums/{}", id(&albums, "title", "good")));
    server.send(good("?size=64").bearer(&member.token)).expect(200);
}

#[test]
fn a_picture_of_gigapixels_takes_no_memory_of_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let music = crate::support::program::subfolder(folder.path(), "music");
    albums(&music, &black());
    let console = Console::new(folder.path()).argument("--music").argument(&music);
    let server = console.serve(&folder.path().join("data"));
    assert_eq!(server.scanned()["added"], 3);
    let member = server.member("listener", "listener");
    let before = peak_kib(&server);
    ask_for_covers(&server, &member);
    let grown = peak_kib(&server) - before;
    assert!(grown < MOST_KIB / 3, "{before} KiB grew by {grown} KiB");
    server.stop();
}

#[test]
fn a_picture_of_gigapixels_is_refused_with_little_memory() {
    let mut setup = Setup::new();
    albums(&setup.music(), &black());
    setup.config.library.scan_on_start = true;
    setup.config.artwork.looks = true;
    // It ends a worker that asks for more.
    setup.worker_after(&format!("ulimit -v {WORKER_KIB} || exit 1"));
    let server = setup.start();
    let state = server.scanned();
    assert_eq!((&state["added"], &state["unreadable"]), (&json!(3), &json!(0)), "{state}");
    let member = server.member("listener", "listener");
    ask_for_covers(&server, &member);
    until("it is known how the good picture looks", || {
        let albums = server.pages(&member, "/api/v1/albums", 50);
        let looks = |name| {
            let album = albums.iter().find(|album| album["title"] == name)?;
            album["cover"]["thumbhash"].as_str().map(str::to_owned)
        };
        assert_eq!((looks("beside"), looks("inside")), (None, None));
        looks("good")
    });
}
