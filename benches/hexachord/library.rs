//! The music that is scanned and browsed: made by the fixtures, or a folder of somebody's own.

use std::path::{Path, PathBuf};

use hexachord_fixtures::{Format, Piece, Tags, tag};
use tempfile::TempDir;
use walkdir::WalkDir;

const VARIABLE: &str = "HEXACHORD_BENCH_LIBRARY";
const ALBUMS: u32 = 200;
const TRACKS: u32 = 10;

/// A folder of music.
pub(crate) struct Library {
    folder: PathBuf,
    files: Vec<PathBuf>,
    _made: Option<TempDir>,
}

impl Library {
    /// The library that the environment names, else a small one of 2,000 files.
    pub(crate) fn of_the_environment() -> Self {
        let (folder, made) = if let Some(folder) = std::env::var_os(VARIABLE) {
            (PathBuf::from(folder), None)
        } else {
            let made = tempfile::tempdir().expect("a temporary folder can be made");
            make(made.path());
            (made.path().to_owned(), Some(made))
        };
        let folder = folder.canonicalize().expect("the library is there");
        let entries = WalkDir::new(&folder).into_iter().filter_map(Result::ok);
        let files: Vec<PathBuf> =
            entries.map(walkdir::DirEntry::into_path).filter(|path| is_audio(path)).collect();
        assert!(!files.is_empty(), "there is no music in {}", folder.display());
        Self { folder, files, _made: made }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The audio files in it.
    pub(crate) fn files(&self) -> &[PathBuf] {
        &self.files
    }
}

fn is_audio(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|own| Format::ALL.iter().any(|format| format.extension() == own))
}

fn make(folder: &Path) {
    for album in 0..ALBUMS {
        let artist = format!("Artist {:02}", album / 10);
        let title = format!("Album {album:03}");
        let place = folder.join(&artist).join(&title);
        std::fs::create_dir_all(&place).expect("the folder can be written");
        let picture = cover(album);
        for track in 1..=TRACKS {
            let format = Format::ALL[(album + track) as usize % Format::ALL.len()];
            let path = place.join(format!("{track:02}.{}", format.extension()));
            let piece = Piece::new(format, u64::from(album * TRACKS + track));
            piece.write(&path).expect("the folder can be written");
            let tags = Tags {
                title: format!("Track {track} of {title}"),
                artists: vec![artist.clone()],
                album: title.clone(),
                album_artists: vec![artist.clone()],
                track: Some(track),
                year: Some(1950 + album % 70),
                genres: vec![format!("Genre {}", album % 12)],
                picture: Some(picture.clone()),
                ..Tags::default()
            };
            tag(&path, &tags).expect("a fixture can be tagged");
        }
    }
}

/// A JPEG of 600 pixels a side, another one for each album.
fn cover(album: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(600, 600, |x, y| {
        let [x, y, hue] = [x / 3 + album, y / 3, x * y / 1400 + album * 7];
        image::Rgb([x, y, hue].map(|value| u8::try_from(value % 256).unwrap_or(0)))
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).expect("a JPEG can be written");
    bytes.into_inner()
}
