//! Names that stand in one text: `A feat. B; C` is three artists.
//!
//! Only a field with one text is parted. Several texts were told apart by whoever tagged the file,
//! and stay as they are.

use serde::Serialize;

use crate::{
    identity::normalised,
    read::{TaggedContributor, Tags},
};

mod pattern;

use pattern::Pattern;

/// Raised when more is read of files than before, so that all are read again.
const READER: u32 = 2;

/// Between people who did the same, besides what parts artists: old `ID3v2` writes lists so.
const BETWEEN_PEOPLE: [&str; 2] = ["/", ";"];

/// How texts are parted, as configured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Splitting {
    /// Between the names of artists; case does not matter.
    pub artist_separators: Vec<String>,
    /// Between genres, and between moods.
    pub genre_separators: Vec<String>,
    /// Names that hold separators themselves.
    pub never_split: Vec<String>,
}

impl Default for Splitting {
    fn default() -> Self {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Self {
            artist_separators: owned(&[
                ";",
                " / ",
                " feat. ",
                " feat ",
                " ft. ",
                " ft ",
                " featuring ",
            ]),
            genre_separators: owned(&[";", "/", ","]),
            never_split: owned(&["AC/DC", "Folk, World, & Country", "Singer/Songwriter"]),
        }
    }
}

/// Parts texts by rules.
#[derive(Debug)]
pub(crate) struct Splitter {
    artists: Pattern,
    people: Pattern,
    genres: Pattern,
    rules: u32,
}

impl Splitter {
    pub(crate) fn new(splitting: &Splitting) -> Self {
        let Splitting { artist_separators, genre_separators, never_split } = splitting;
        let between_people = BETWEEN_PEOPLE.iter().map(|text| (*text).to_owned());
        let people: Vec<String> = artist_separators.iter().cloned().chain(between_people).collect();
        Self {
            artists: Pattern::new(artist_separators, never_split),
            people: Pattern::new(&people, never_split),
            genres: Pattern::new(genre_separators, never_split),
            rules: rules(splitting),
        }
    }

    /// Tells whether a file was understood by the same rules.
    pub(crate) fn rules(&self) -> u32 {
        self.rules
    }

    /// Parts the texts of `tags` that stand for several.
    pub(crate) fn split(&self, tags: &mut Tags) {
        self.artists(
            &mut tags.artists,
            &mut tags.display_artist,
            &mut tags.artist_sort,
            tags.musicbrainz.artists.len(),
        );
        self.artists(
            &mut tags.album_artists,
            &mut tags.display_album_artist,
            &mut tags.album_artist_sort,
            tags.musicbrainz.album_artists.len(),
        );
        self.contributors(&mut tags.contributors);
        part(&self.people, &mut tags.composer_sort);
        part(&self.genres, &mut tags.genres);
        part(&self.genres, &mut tags.moods);
    }

    /// `known` artists have ids.
    fn artists(
        &self,
        names: &mut Vec<String>,
        display: &mut Option<String>,
        sorts: &mut Vec<String>,
        known: usize,
    ) {
        if let [line] = names.as_slice() {
            let mut parts = self.artists.parts(line);
            if parts.len() == 1 && known > 1 {
                // A slash parts the names of a list in old tags, where there is an id for each.
                let by_slash: Vec<&str> = line.split('/').map(str::trim).collect();
                if by_slash.len() == known && by_slash.iter().all(|part| !part.is_empty()) {
                    parts = by_slash.into_iter().map(str::to_owned).collect();
                }
            }
            if parts.len() > 1 {
                display.get_or_insert_with(|| line.clone());
                *names = parts;
            }
        }
        if let ([sort], true) = (sorts.as_slice(), names.len() > 1) {
            *sorts = self.artists.parts(sort);
        }
        once_each(names, |name| normalised(name));
        if display.as_ref().is_some_and(|display| *display == names.join(", ")) {
            *display = None;
        }
    }

    /// One text for a role may stand for several people.
    fn contributors(&self, contributors: &mut Vec<TaggedContributor>) {
        let all = std::mem::take(contributors);
        for contributor in &all {
            let alone = all.iter().filter(|other| other.role == contributor.role).count() == 1;
            if alone && contributor.instrument.is_none() {
                let names = self.people.parts(&contributor.name).into_iter();
                contributors
                    .extend(names.map(|name| TaggedContributor { name, ..contributor.clone() }));
            } else {
                contributors.push(contributor.clone());
            }
        }
        let instrument = |one: &TaggedContributor| one.instrument.as_deref().map(normalised);
        once_each(contributors, |one| (one.role, normalised(&one.name), instrument(one)));
    }
}

impl Default for Splitter {
    fn default() -> Self {
        Self::new(&Splitting::default())
    }
}

fn part(pattern: &Pattern, texts: &mut Vec<String>) {
    if let [text] = texts.as_slice() {
        *texts = pattern.parts(text);
    }
    once_each(texts, |text| normalised(text));
}

/// Leaves out what was there before.
fn once_each<T, K: PartialEq>(all: &mut Vec<T>, key: impl Fn(&T) -> K) {
    if all.len() > 1 {
        let mut keys = Vec::with_capacity(all.len());
        all.retain(|one| {
            let key = key(one);
            let is_new = !keys.contains(&key);
            keys.push(key);
            is_new
        });
    }
}

fn rules(splitting: &Splitting) -> u32 {
    let rules = postcard::to_allocvec(&(READER, splitting)).unwrap_or_default();
    let hash = *blake3::hash(&rules).as_bytes();
    hash.first_chunk().copied().map_or(0, u32::from_be_bytes)
}

#[cfg(test)]
mod tests;
