//! The commands of a cue sheet.

use std::collections::HashSet;

use crate::{identity::normalised, read::text};

/// Pieces of one sheet; a disc has 99 at most, a mix may have more.
const MOST_PIECES: usize = 999;
/// Files that one sheet names.
const MOST_FILES: usize = 999;
/// Frames a second on a disc.
const FRAMES: u64 = 75;
const MICROSECONDS: u64 = 1_000_000;
/// Left over where a sheet was put into a tag.
const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// What is said of the whole or of a piece.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) title: Option<String>,
    pub(super) performer: Option<String>,
    pub(super) songwriter: Option<String>,
    pub(super) isrc: Option<String>,
    /// Upper-case names with what is said under them: `GENRE`, `DATE`, `DISCNUMBER`.
    remarks: Vec<(String, String)>,
}

/// One track of the disc.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) number: u16,
    pub(super) start_us: u64,
    pub(super) facts: Facts,
    /// Place of the file in which it begins.
    file: usize,
}

/// A sheet as it was understood; what was not is left out.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) facts: Facts,
    files: Vec<String>,
    pieces: Vec<Piece>,
}

impl Facts {
    pub(super) fn remark(&self, name: &str) -> Option<&str> {
        self.remarks.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Takes what a command says, if it is a fact.
    fn take(&mut self, command: &str, rest: &str) {
        let value = || text::clean(unquoted(rest));
        match command {
            "TITLE" => self.title = value(),
            "PERFORMER" => self.performer = value(),
            "SONGWRITER" => self.songwriter = value(),
            "ISRC" => self.isrc = value(),
            "REM" => {
                let (name, rest) = first_word(rest);
                let value = text::clean(unquoted(rest));
                if let Some(value) = value.filter(|_| self.remarks.len() < 100) {
                    self.remarks.push((name.to_ascii_uppercase(), value));
                }
            }
            _ => {}
        }
    }
}

/// A `TRACK` until it is clear where it begins.
struct Open {
    number: u16,
    facts: Facts,
    start: Option<(usize, u64)>,
}

impl Sheet {
    pub(super) fn parse(sheet: &str) -> Self {
        let mut this = Self::default();
        let mut open: Option<Open> = None;
        // Sound is cut; what a data track says is of no interest.
        let mut is_data = false;
        for line in text::lines(sheet.trim_start_matches(BYTE_ORDER_MARK)) {
            let (command, rest) = first_word(line);
            match command.to_ascii_uppercase().as_str() {
                "FILE" => {
                    // The track that is open may begin in the next file.
                    if this.files.len() < MOST_FILES {
                        this.files.push(file_name(rest));
                    }
                }
                "TRACK" => {
                    this.close(open.take());
                    let (number, kind) = first_word(rest);
                    is_data = !kind.trim().eq_ignore_ascii_case("AUDIO");
                    open = number.parse().ok().filter(|_| !is_data).map(|number| Open {
                        number,
                        facts: Facts::default(),
                        start: None,
                    });
                }
                "INDEX" => {
                    let (number, time) = first_word(rest);
                    if let (Some(open), Ok(1)) = (&mut open, number.parse::<u16>())
                        && let (Some(file), Some(start)) =
                            (this.files.len().checked_sub(1), microseconds(time))
                    {
                        open.start.get_or_insert((file, start));
                    }
                }
                command => match &mut open {
                    Some(open) => open.facts.take(command, rest),
                    None if is_data => {}
                    None => this.facts.take(command, rest),
                },
            }
        }
        this.close(open);
        this
    }

    fn close(&mut self, open: Option<Open>) {
        let Some(Open { number, facts, start: Some((file, start_us)) }) = open else { return };
        if self.pieces.len() < MOST_PIECES && (1..=999).contains(&number) {
            self.pieces.push(Piece { number, start_us, facts, file });
        }
    }

    /// How many pieces there are in all files together.
    pub(super) fn count(&self) -> usize {
        self.pieces.len()
    }

    /// The pieces of the file called `name`: two at least, one after the other, each beginning
    /// before the end. A sheet that is its own may know it by another name, if all pieces are in it.
    /// `None` where the sheet does not cut it.
    pub(super) fn pieces_of(
        &self,
        name: &str,
        is_own: bool,
        duration_ms: u64,
    ) -> Option<Vec<&Piece>> {
        let named = self.file(name);
        let file = named.or_else(|| (is_own && self.files.len() == 1).then_some(0))?;
        let end = duration_ms.saturating_mul(1_000);
        let plays = |piece: &&Piece| duration_ms == 0 || piece.start_us < end;
        let of_file = || self.pieces.iter().filter(move |piece| piece.file == file);
        let pieces: Vec<&Piece> = of_file().filter(plays).collect();
        let mut numbers = HashSet::new();
        // The sheet of a whole disc stands in each track that was cut out of it, too.
        let is_of_it = named.is_some() || (end > 0 && pieces.len() == of_file().count());
        let is_clear = is_of_it
            && of_file().is_sorted_by(|one, next| one.start_us < next.start_us)
            && pieces.iter().all(|piece| numbers.insert(piece.number));
        (is_clear && pieces.len() >= 2).then_some(pieces)
    }

    /// The place of the file that is meant: by its whole name, or by its name before it was encoded
    /// (`album.wav`).
    fn file(&self, name: &str) -> Option<usize> {
        let wanted = normalised(name);
        let stem_of = |name: &str| name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
        let is_whole = |file: &String| *file == wanted;
        let is_stem = |file: &String| stem_of(file) == stem_of(&wanted);
        if let Some(place) = self.files.iter().position(is_whole) {
            return Some(place);
        }
        let mut alike = (0..self.files.len()).filter(|place| is_stem(&self.files[*place]));
        match (alike.next(), alike.next()) {
            (Some(place), None) => Some(place),
            _ => None,
        }
    }
}

/// The name of a file without its folders, as names are compared.
fn file_name(rest: &str) -> String {
    let rest = rest.trim();
    let path = if rest.starts_with('"') {
        unquoted(rest)
    } else {
        // What stands behind the last blank is the type.
        rest.rsplit_once([' ', '\t']).map_or(rest, |(path, _kind)| path)
    };
    normalised(path.rsplit(['/', '\\']).next().unwrap_or(path))
}

/// Splits `minutes:seconds:frames`; minutes go on behind 99.
fn microseconds(time: &str) -> Option<u64> {
    let mut parts = time.trim().split(':').map(|part| part.parse::<u32>().ok().map(u64::from));
    let (minutes, seconds, frames) = (parts.next()??, parts.next()??, parts.next()??);
    let is_time = seconds < 60 && frames < FRAMES && minutes < 100_000 && parts.next().is_none();
    let frames = (minutes * 60 + seconds) * FRAMES + frames;
    is_time.then_some((frames * MICROSECONDS + FRAMES / 2) / FRAMES)
}

fn first_word(line: &str) -> (&str, &str) {
    let line = line.trim();
    line.split_once([' ', '\t']).unwrap_or((line, ""))
}

/// What stands in quotes, which may be there for a part of it only.
fn unquoted(rest: &str) -> &str {
    let rest = rest.trim();
    let Some(inner) = rest.strip_prefix('"') else { return rest };
    inner.rfind('"').map_or(inner, |end| &inner[..end])
}
