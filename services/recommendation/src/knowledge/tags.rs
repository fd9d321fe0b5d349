//! What tracks have in common, by number: artists and genres.

use std::collections::HashMap;

use hexachord_contracts::{catalog::ArtistRef, ids::ArtistId};

/// How much an artist counts that is of the album only, beside one of the track.
const OF_ALBUM: f32 = 0.5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tag {
    Artist(ArtistId),
    Genre,
}

/// A tag as a track has it: how it is written there, and whether it comes from the album.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TagUse {
    tag: u32,
    spelling: u16,
    is_of_album: bool,
}

/// Every tag with its number, and how many tracks have it.
#[derive(Default)]
pub(crate) struct Tags {
    all: Vec<Tag>,
    uses: Vec<u32>,
    /// Tracks write the same name in several ways; each is answered as the track has it.
    spellings: Vec<Vec<Box<str>>>,
    artists: HashMap<ArtistId, u32>,
    /// By their folded names.
    genres: HashMap<String, u32>,
}

impl TagUse {
    pub(crate) fn tag(self) -> usize {
        self.tag as usize
    }

    /// An artist of the album only.
    pub(crate) fn is_of_album(self) -> bool {
        self.is_of_album
    }

    /// How much it counts beside how rare it is.
    pub(crate) fn weight(self) -> f32 {
        if self.is_of_album { OF_ALBUM } else { 1.0 }
    }
}

impl Tags {
    /// The tags of one track, each once: its artists, those of its album only, its genres.
    pub(crate) fn of_track(
        &mut self,
        artists: &[ArtistRef],
        album_artists: &[ArtistRef],
        genres: &[String],
    ) -> Vec<TagUse> {
        let mut all: Vec<TagUse> = Vec::new();
        let mut add = |tag: TagUse| {
            if all.iter().all(|known| known.tag != tag.tag) {
                all.push(tag);
            }
        };
        for artist in artists {
            add(self.artist(artist));
        }
        for artist in album_artists {
            add(TagUse { is_of_album: true, ..self.artist(artist) });
        }
        for genre in genres {
            self.genre(genre).into_iter().for_each(&mut add);
        }
        all
    }

    fn artist(&mut self, artist: &ArtistRef) -> TagUse {
        let known = self.artists.get(&artist.id).copied();
        let tag = known.unwrap_or_else(|| self.add(Tag::Artist(artist.id)));
        if known.is_none() {
            self.artists.insert(artist.id, tag);
        }
        self.spelled(tag, &artist.name)
    }

    /// Whatever the case of its letters.
    fn genre(&mut self, name: &str) -> Option<TagUse> {
        let name = name.trim();
        let folded = name.to_lowercase();
        if folded.is_empty() {
            return None;
        }
        let known = self.genres.get(&folded).copied();
        let tag = known.unwrap_or_else(|| self.add(Tag::Genre));
        if known.is_none() {
            self.genres.insert(folded, tag);
        }
        Some(self.spelled(tag, name))
    }

    fn add(&mut self, tag: Tag) -> u32 {
        let number = u32::try_from(self.all.len()).unwrap_or(0);
        self.all.push(tag);
        self.uses.push(0);
        self.spellings.push(Vec::new());
        number
    }

    fn spelled(&mut self, tag: u32, name: &str) -> TagUse {
        let spellings = &mut self.spellings[tag as usize];
        let known = spellings.iter().position(|known| **known == *name);
        let place = known.unwrap_or(spellings.len());
        // One of more ways than that is written as the first one.
        let spelling = u16::try_from(place).unwrap_or(0);
        if usize::from(spelling) == spellings.len() {
            spellings.push(name.into());
        }
        TagUse { tag, spelling, is_of_album: false }
    }

    pub(crate) fn count(&mut self, tags: &[TagUse]) {
        for tag in tags {
            self.uses[tag.tag()] += 1;
        }
    }

    pub(crate) fn discount(&mut self, tags: &[TagUse]) {
        for tag in tags {
            self.uses[tag.tag()] -= 1;
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn get(&self, tag: usize) -> Tag {
        self.all[tag]
    }

    /// As it is written where it is used.
    pub(crate) fn name(&self, tag: TagUse) -> &str {
        &self.spellings[tag.tag()][usize::from(tag.spelling)]
    }

    /// As it was written first.
    pub(crate) fn first_name(&self, tag: usize) -> &str {
        &self.spellings[tag][0]
    }

    /// `None` also when no track has it any more.
    pub(crate) fn of_artist(&self, artist: ArtistId) -> Option<usize> {
        let tag = self.artists.get(&artist).map(|tag| *tag as usize);
        tag.filter(|tag| self.uses[*tag] > 0)
    }

    /// ln(1 + N / n) of a tag that n of N tracks have.
    pub(crate) fn rarity(&self, tracks: usize) -> Vec<f32> {
        #[expect(clippy::cast_precision_loss, reason = "a logarithm is taken")]
        let rarity = |uses: &u32| (tracks as f32 / (*uses).max(1) as f32).ln_1p();
        self.uses.iter().map(rarity).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tag_comes_once_and_is_counted() {
        let artist = |id, name: &str| ArtistRef { id: ArtistId(id), name: name.to_owned() };
        let mut tags = Tags::default();
        let (nina, band) = (artist(1, "Nina"), artist(2, "Band"));
        let genres = ["Jazz", "jazz ", " "].map(str::to_owned);
        let of_track = tags.of_track(std::slice::from_ref(&nina), &[nina.clone(), band], &genres);
        let flags: Vec<_> = of_track.iter().map(|tag| (tag.tag(), tag.is_of_album)).collect();
        assert_eq!(flags, [(0, false), (1, true), (2, false)]);
        tags.count(&of_track);
        let other = tags.of_track(&[artist(1, "Nina S.")], &[], &["JAZZ".to_owned()]);
        tags.count(&other);
        assert_eq!((tags.get(0), tags.get(2)), (Tag::Artist(nina.id), Tag::Genre));
        let names = |of_track: &[TagUse]| {
            of_track.iter().map(|tag| tags.name(*tag).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(&of_track), ["Nina", "Band", "Jazz"]);
        assert_eq!(names(&other), ["Nina S.", "JAZZ"]);
        let rarity = tags.rarity(2);
        assert!(rarity[0] < rarity[1]);
        tags.discount(&other);
        assert!(tags.rarity(2)[0] > rarity[0]);
        assert_eq!(tags.of_artist(nina.id), Some(0));
        tags.discount(&of_track);
        assert_eq!(tags.of_artist(nina.id), None, "no track has it");
    }
}
