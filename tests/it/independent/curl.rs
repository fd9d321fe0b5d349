//! The server as curl sees it: ranges, resumed downloads, HTTP/2, compression.

use std::{fs, path::PathBuf};

use hexachord::config::Tls;
use hexachord_fixtures::{Format, Piece};
use serde_json::Value;

use super::{find, run, try_run};
use crate::support::{Member, Server, Setup, column, music};

struct Stage {
    curl: PathBuf,
    server: Server,
    member: Member,
    url: String,
    file: Vec<u8>,
}

impl Stage {
    fn set() -> Self {
        let curl = find("curl");
        let server = Server::with_music(|folder| {
            let piece = Piece { format: Format::Wav, seed: 1, silent_opening: 0, frames: 2000 };
            piece.write(folder.join("0.wav")).expect("a file can be written");
            music::album(folder, "Guido", "Hymns", 30);
        });
        let member = server.member("listener", "listener");
        let tracks = server.pages(&member, "/api/v1/tracks", 50);
        let track = column(&tracks, "title").iter().position(|title| *title == "0");
        let id = column(&tracks, "id")[track.expect("the piece is there")].to_owned();
        let url = format!("http://{}/api/v1/tracks/{id}/stream", server.address);
        let file = fs::read(server.path().join("music/0.wav")).expect("the piece is there");
        Self { curl, server, member, url, file }
    }

    /// Runs curl as the member, with errors as errors.
    #[track_caller]
    fn curl(&self, arguments: &[&str]) -> Vec<u8> {
        let authorization = format!("Authorization: Bearer {}", self.member.token);
        let common = ["-sS", "--fail", "--noproxy", "*", "-H", &authorization];
        run(&self.curl, self.server.path(), &[&common[..], arguments].concat())
    }

    /// Without `--fail`.
    fn curl_unchecked(&self, arguments: &[&str]) -> Vec<u8> {
        let authorization = format!("Authorization: Bearer {}", self.member.token);
        let common = ["--noproxy", "*", "-H", &authorization];
        run(&self.curl, self.server.path(), &[&common[..], arguments].concat())
    }
}

#[test]
#[ignore = "needs curl"]
fn curl_gets_ranges() {
    let stage = Stage::set();
    let (url, file) = (&stage.url, &stage.file);
    let end = file.len();
    assert!(stage.curl(&[url]) == *file);
    assert!(stage.curl(&["-r", "0-0", url]) == file[..1]);
    assert!(stage.curl(&["-r", "1000-1999", url]) == file[1000..2000]);
    assert!(stage.curl(&["-r", "-500", url]) == file[end - 500..]);
    assert!(stage.curl(&["-r", "500000-", url]) == file[500_000..]);
    let several = stage.curl(&["-r", "0-99,200000-200099", "-D", "-", url]);
    let text = String::from_utf8_lossy(&several).to_lowercase();
    assert!(text.contains("multipart/byteranges"), "{}", text.lines().next().unwrap_or_default());
    let outside = ["-sS", "-o", "-", "-w", "%{http_code}", "-r", "99999999-", url];
    let answer = String::from_utf8(stage.curl_unchecked(&outside)).unwrap();
    assert!(answer.ends_with("416"), "{answer}");
}

#[test]
#[ignore = "needs curl"]
fn curl_resumes_a_download() {
    let stage = Stage::set();
    let part = stage.server.path().join("part.wav");
    fs::write(&part, &stage.file[..123_456]).unwrap();
    stage.curl(&["-C", "-", "-o", "part.wav", &stage.url]);
    assert!(fs::read(&part).unwrap() == stage.file, "the parts do not fit together");
    // Once more with everything there: nothing is left to get.
    let (_, said, _) = try_run(
        &stage.curl,
        stage.server.path(),
        &["-sS", "--noproxy", "*", "-C", "-", "-o", "part.wav", &stage.url],
    );
    assert!(fs::read(&part).unwrap() == stage.file, "a complete file was changed: {said}");
}

#[test]
#[ignore = "needs curl"]
fn curl_speaks_http2() {
    let stage = Stage::set();
    let version = stage.curl(&[
        "--http2-prior-knowledge",
        "-o",
        "h2.wav",
        "-w",
        "%{http_version}",
        &stage.url,
    ]);
    assert_eq!(String::from_utf8_lossy(&version), "2");
    assert!(fs::read(stage.server.path().join("h2.wav")).unwrap() == stage.file);
    let range = stage.curl(&["--http2-prior-knowledge", "-r", "1000-1999", &stage.url]);
    assert!(range == stage.file[1000..2000]);
}

#[test]
#[ignore = "needs curl"]
fn curl_gets_compressed_lists() {
    let stage = Stage::set();
    let url = format!("http://{}/api/v1/tracks", stage.server.address);
    let plain = stage.curl(&[&url]);
    let sizes = ["--compressed", "-o", "list.json", "-w", "%{size_download}", &url];
    let size: usize = String::from_utf8(stage.curl(&sizes)).unwrap().parse().unwrap();
    assert!(size < plain.len() / 3, "{size} of {} bytes", plain.len());
    let unpacked = fs::read(stage.server.path().join("list.json")).unwrap();
    let lists = [plain, unpacked].map(|list| serde_json::from_slice::<Value>(&list).unwrap());
    assert_eq!(lists[0], lists[1]);
    // Music is compressed already.
    let stream = ["--compressed", "-o", "c.wav", "-w", "%{size_download}", &stage.url];
    let size = String::from_utf8(stage.curl(&stream)).unwrap();
    assert_eq!(size, stage.file.len().to_string());
}

#[test]
#[ignore = "needs curl"]
fn https_with_a_certificate_of_its_own() {
    let curl = find("curl");
    let mut setup = Setup::new();
    setup.config.server.tls = Tls::SelfSigned;
    let server = setup.start();
    let url = format!("https://localhost:{}/healthz", server.address.port());
    let certificate = server.path().join("data/tls/certificate.pem");
    let trusted = ["-sS", "--fail", "--noproxy", "*", "--cacert", certificate.to_str().unwrap()];
    let shown = ["-o", "/dev/null", "-w", "%{http_version}", &url];
    let version = run(&curl, server.path(), &[&trusted[..], &shown].concat());
    assert_eq!(String::from_utf8_lossy(&version), "2");
    let (trusts, said, _) = try_run(&curl, server.path(), &["-sS", "--noproxy", "*", &url]);
    assert!(!trusts && said.contains("certificate"), "{said}");
}
