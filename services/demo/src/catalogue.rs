//! What the demo library contains: its albums, who plays on them, and which tune each track is.

use super::covers::Motif;

#[derive(Debug)]
pub(super) struct Album {
    pub(super) title: &'static str,
    /// The album artist; `VARIOUS` on a compilation.
    pub(super) artist: &'static str,
    pub(super) year: u16,
    pub(super) genre: &'static str,
    pub(super) cover: Cover,
    pub(super) motif: Motif,
    pub(super) tracks: &'static [Track],
}

#[derive(Debug)]
pub(super) struct Track {
    pub(super) disc: u16,
    pub(super) number: u16,
    pub(super) title: &'static str,
    /// Who plays, when it is not the album artist alone.
    pub(super) artists: &'static [&'static str],
    pub(super) composer: &'static str,
    pub(super) format: Format,
    /// The score, in the notation of `score`.
    pub(super) tune: &'static str,
}

/// Where an album keeps its picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cover {
    /// As a JPEG inside each file.
    Embedded,
    /// As a file of this name beside the tracks; the ending decides the format.
    Beside(&'static str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Flac,
    Wav,
}

pub(super) const VARIOUS: &str = "Various Artists";

const LANTERNS: &str = "The Tin Lanterns";
const QUARTET: &str = "Wren Street Quartet";
const COUSINS: &str = "Square Cousins";
const BOXES: &str = "Madame Tilleul’s Music Boxes";
const DRIFT: &str = "Halden Drift";
const KITES: &str = "Kite Weather Ensemble";

const TRADITIONAL: &str = "Traditional";

macro_rules! tune {
    ($name:literal) => {
        include_str!(concat!("tunes/", $name, ".txt"))
    };
}

/// A FLAC track by the album artist on the first disc, which most are.
const fn track(
    number: u16,
    title: &'static str,
    composer: &'static str,
    tune: &'static str,
) -> Track {
    Track { disc: 1, number, title, artists: &[], composer, format: Format::Flac, tune }
}

impl Track {
    const fn wav(self) -> Self {
        Self { format: Format::Wav, ..self }
    }

    const fn disc(self, disc: u16) -> Self {
        Self { disc, ..self }
    }

    const fn by(self, artists: &'static [&'static str]) -> Self {
        Self { artists, ..self }
    }
}

impl Album {
    pub(super) fn discs(&self) -> u16 {
        self.tracks.iter().map(|track| track.disc).max().unwrap_or(1)
    }

    /// The folder of the album inside the library, with `/` between its parts.
    pub(super) fn folder(&self) -> String {
        format!("{}/{} - {}", self.artist, self.year, self.title)
    }

    /// The file name of one of its tracks.
    pub(super) fn file_name(&self, track: &Track) -> String {
        let ending = match track.format {
            Format::Flac => "flac",
            Format::Wav => "wav",
        };
        let Track { disc, number, title, .. } = track;
        if self.discs() > 1 {
            format!("{disc}-{number:02} {title}.{ending}")
        } else {
            format!("{number:02} {title}.{ending}")
        }
    }
}

pub(super) static ALBUMS: &[Album] = &[
    Album {
        title: "Lamps in the Harbour",
        artist: LANTERNS,
        year: 2019,
        genre: "Folk",
        cover: Cover::Embedded,
        motif: Motif::Lanterns,
        tracks: &[
            track(1, "Greensleeves", TRADITIONAL, tune!("greensleeves")),
            track(2, "Scarborough Fair", TRADITIONAL, tune!("scarborough")),
            track(3, "Drunken Sailor", TRADITIONAL, tune!("drunken_sailor")).wav(),
            track(4, "Amazing Grace", TRADITIONAL, tune!("amazing_grace")),
            track(5, "Auld Lang Syne", TRADITIONAL, tune!("auld_lang_syne")),
        ],
    },
    Album {
        title: "Counterpoint for a Small Room",
        artist: QUARTET,
        year: 2021,
        genre: "Classical",
        cover: Cover::Beside("cover.jpg"),
        motif: Motif::Tiles,
        tracks: &[
            track(1, "Prelude in C major", "Johann Sebastian Bach", tune!("prelude_in_c")),
            track(2, "Minuet in G major", "Christian Petzold", tune!("minuet_in_g")),
            track(3, "Canon in D", "Johann Pachelbel", tune!("canon_in_d")),
            track(4, "Für Elise", "Ludwig van Beethoven", tune!("fur_elise")),
            track(5, "Ode to Joy", "Ludwig van Beethoven", tune!("ode_to_joy")),
        ],
    },
    Album {
        title: "Pocket Cartridge",
        artist: COUSINS,
        year: 2023,
        genre: "Chiptune",
        cover: Cover::Beside("cover.png"),
        motif: Motif::Arcade,
        tracks: &[
            track(1, "Korobeiniki", TRADITIONAL, tune!("korobeiniki")),
            track(2, "In the Hall of the Mountain King", "Edvard Grieg", tune!("mountain_king")),
            track(3, "Rondo alla turca", "Wolfgang Amadeus Mozart", tune!("rondo_alla_turca")),
        ],
    },
    Album {
        title: "The Clockwork Cradle",
        artist: BOXES,
        year: 2017,
        genre: "Lullaby",
        cover: Cover::Embedded,
        motif: Motif::Cradle,
        tracks: &[
            track(1, "Wiegenlied", "Johannes Brahms", tune!("brahms_lullaby")),
            track(2, "Au clair de la lune", TRADITIONAL, tune!("au_clair_de_la_lune")).wav(),
            track(3, "Stille Nacht", "Franz Xaver Gruber", tune!("stille_nacht")),
        ],
    },
    Album {
        title: "Slow Weather",
        artist: DRIFT,
        year: 2024,
        genre: "Ambient",
        cover: Cover::Embedded,
        motif: Motif::Mountains,
        tracks: &[
            track(1, "Gymnopédie No. 1", "Erik Satie", tune!("gymnopedie")),
            track(2, "Morning Mood", "Edvard Grieg", tune!("morning_mood")),
            track(3, "Largo", "Antonín Dvořák", tune!("largo")),
            track(4, "Ut queant laxis", "Paulus Diaconus", tune!("ut_queant_laxis")),
        ],
    },
    Album {
        title: "Six Doors",
        artist: VARIOUS,
        year: 2022,
        genre: "World",
        cover: Cover::Beside("cover.jpg"),
        motif: Motif::Doors,
        tracks: &[
            track(1, "Sakura Sakura", TRADITIONAL, tune!("sakura")).by(&[KITES]),
            track(2, "Mo Li Hua", TRADITIONAL, tune!("mo_li_hua")).by(&[DRIFT]),
            track(1, "Arirang", TRADITIONAL, tune!("arirang")).by(&[LANTERNS]).disc(2),
            track(2, "Frère Jacques", TRADITIONAL, tune!("frere_jacques"))
                .by(&[BOXES, COUSINS])
                .disc(2),
        ],
    },
];
