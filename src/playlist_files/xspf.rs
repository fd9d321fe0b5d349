//! XSPF, version 1: XML of a few elements. What is read is hostile: it may declare no entities, and is
//! bounded in depth, in length and in parts.

use std::fmt::Write as _;

use quick_xml::{Reader, escape::escape, events::Event};

use super::{
    Entry, Head, LONGEST, MOST_ENTRIES, NotAPlaylist, PlaylistFile, address_as_path, as_address,
    said,
};

pub(super) const END: &str = "  </trackList>\n</playlist>\n";
/// Elements within each other; a playlist has four.
const DEEPEST: usize = 32;
const MOST_ELEMENTS: usize = 1_000_000;

pub(super) fn begin(head: &Head) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <playlist version=\"1\" xmlns=\"http://xspf.org/ns/0/\">\n"
        .to_owned();
    element(&mut text, "  ", "title", head.name.as_deref());
    element(&mut text, "  ", "annotation", head.description.as_deref());
    text.push_str("  <trackList>\n");
    text
}

pub(super) fn entry(entry: &Entry) -> String {
    let mut text = "    <track>\n".to_owned();
    let mut tell = |name, told: Option<String>| {
        element(&mut text, "      ", name, told.as_deref());
    };
    tell("location", entry.path.as_deref().map(as_address));
    tell("title", entry.title.clone());
    tell("creator", entry.artist.clone());
    tell("album", entry.album.clone());
    tell("trackNum", entry.track_number.filter(|number| *number > 0).map(|it| it.to_string()));
    tell("duration", entry.duration_ms.map(|ms| ms.to_string()));
    text.push_str("    </track>\n");
    text
}

fn element(text: &mut String, indent: &str, name: &str, told: Option<&str>) {
    let Some(told) = told.filter(|told| !told.is_empty()) else { return };
    let told: String = told.chars().filter(|character| is_allowed(*character)).collect();
    writeln!(text, "{indent}<{name}>{}</{name}>", escape(told)).ok();
}

/// XML 1.0 section 2.2.
fn is_allowed(character: char) -> bool {
    let is_space = ['\t', '\n', '\r'].contains(&character);
    (is_space || character >= ' ') && !['\u{fffe}', '\u{ffff}'].contains(&character)
}

pub(super) fn read(text: &str) -> Result<PlaylistFile, NotAPlaylist> {
    let mut reader = Reader::from_str(text);
    let mut reading = Reading::default();
    loop {
        let event = reader.read_event().map_err(|error| NotAPlaylist::Xml(error.to_string()))?;
        match event {
            Event::Start(start) => reading.start(start.local_name().as_ref())?,
            Event::Empty(start) => {
                reading.start(start.local_name().as_ref())?;
                reading.end()?;
            }
            Event::End(_) => reading.end()?,
            Event::Text(told) => reading.text(&told),
            Event::CData(told) => reading.text(&told),
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().ok().flatten();
                let told = character.map(String::from);
                let told = told.or_else(|| predefined(&reference).map(str::to_owned));
                reading.text(&told.ok_or(NotAPlaylist::Entities)?);
            }
            Event::DocType(_) => return Err(NotAPlaylist::Entities),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    if reading.is_one && reading.path.is_empty() {
        Ok(reading.file)
    } else {
        Err(NotAPlaylist::Other)
    }
}

fn predefined(name: &str) -> Option<&'static str> {
    Some(match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => return None,
    })
}

#[derive(Default)]
struct Reading {
    file: PlaylistFile,
    entry: Entry,
    /// The elements that are open.
    path: Vec<String>,
    elements: usize,
    /// Of the innermost one.
    text: String,
    /// A playlist was seen.
    is_one: bool,
}

impl Reading {
    fn start(&mut self, name: &str) -> Result<(), NotAPlaylist> {
        self.elements += 1;
        if self.path.len() == DEEPEST || self.elements > MOST_ELEMENTS {
            return Err(NotAPlaylist::Shape);
        }
        if self.path.is_empty() {
            if name != "playlist" || self.is_one {
                return Err(NotAPlaylist::Other);
            }
            self.is_one = true;
        }
        // No element that counts has a longer name.
        self.path.push(name.chars().take(20).collect());
        self.text.clear();
        Ok(())
    }

    fn text(&mut self, told: &str) {
        // What is longer is not believed.
        if self.text.len() <= LONGEST {
            self.text.push_str(told);
        }
    }

    fn end(&mut self) -> Result<(), NotAPlaylist> {
        let text = std::mem::take(&mut self.text);
        let names = std::mem::take(&mut self.path);
        let path: Vec<&str> = names.iter().map(String::as_str).collect();
        match path[..] {
            ["playlist", "title"] => self.file.head.name = said(&text),
            ["playlist", "annotation"] => self.file.head.description = said(&text),
            ["playlist", "trackList", "track"] => {
                if self.file.entries.len() == MOST_ENTRIES {
                    return Err(NotAPlaylist::TooMany);
                }
                self.file.entries.push(std::mem::take(&mut self.entry));
            }
            ["playlist", "trackList", "track", field] => self.field(field, &text),
            _ => {}
        }
        self.path = names;
        self.path.pop();
        Ok(())
    }

    fn field(&mut self, name: &str, text: &str) {
        let Entry { path, title, artist, album, track_number, duration_ms } = &mut self.entry;
        match name {
            // There may be several: the first one is the best.
            "location" if path.is_none() => *path = address_as_path(text.trim()),
            "title" => *title = said(text),
            "creator" => *artist = said(text),
            "album" => *album = said(text),
            "trackNum" => *track_number = text.trim().parse().ok(),
            "duration" => *duration_ms = text.trim().parse().ok(),
            _ => {}
        }
    }
}
