//! What tracks have in common, by number: artists and genres.

use std::collections::HashMap;

use hexachord_contracts::{catalog::ArtistRef, ids::ArtistId};

/// How much an artist counts that is of the album only, beside one of the track.
const OF_ALBUM: f32 = 0.5;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tag {
    Artist(ArtistRef),
    Genre(String),
}

/// A tag as a track has it: the number of the tag, and whether it comes from the album.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TagUse(u32);

/// Every tag with its number, and how many tracks have it.
#[derive(Default)]
pub(crate) struct Tags {
    all: Vec<Tag>,
    uses: Vec<u32>,
    artists: HashMap<ArtistId, u32>,
    /// By their folded names.
    genres: HashMap<String, u32>,
}

impl TagUse {
    const OF_ALBUM: u32 = 1 << 31;

    pub(crate) fn tag(self) -> usize {
        (self.0 & !Self::OF_ALBUM) as usize
    }

    pub(crate) fn is_of_album(self) -> bool {
        self.0 & Self::OF_ALBUM != 0
    }

    /// How much it counts beside how rare it is.
    pub(crate) fn weight(self) -> f32 {
        if self.is_of_album() { OF_ALBUM } else { 1.0 }
    }

    fn of_album(self) -> Self {
        Self(self.0 | Self::OF_ALBUM)
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
            if all.iter().all(|known| known.tag() != tag.tag()) {
                all.push(tag);
            }
        };
        for artist in artists {
            add(self.artist(artist));
        }
        for artist in album_artists {
            add(self.artist(artist).of_album());
        }
        for genre in genres {
            self.genre(genre).into_iter().for_each(&mut add);
        }
        all
    }

    fn artist(&mut self, artist: &ArtistRef) -> TagUse {
        if let Some(&known) = self.artists.get(&artist.id) {
            if let Tag::Artist(known) = &mut self.all[known as usize]
                && known.name != artist.name
            {
                known.name.clone_from(&artist.name);
            }
            return TagUse(known);
        }
        let tag = self.add(Tag::Artist(artist.clone()));
        self.artists.insert(artist.id, tag);
        TagUse(tag)
    }

    /// Whatever the case of its letters; the first spelling of all is shown.
    fn genre(&mut self, name: &str) -> Option<TagUse> {
        let name = name.trim();
        let folded = name.to_lowercase();
        if folded.is_empty() {
            return None;
        }
        if let Some(&known) = self.genres.get(&folded) {
            if let Tag::Genre(known) = &mut self.all[known as usize]
                && name < known.as_str()
            {
                name.clone_into(known);
            }
            return Some(TagUse(known));
        }
        let tag = self.add(Tag::Genre(name.to_owned()));
        self.genres.insert(folded, tag);
        Some(TagUse(tag))
    }

    fn add(&mut self, tag: Tag) -> u32 {
        let number = u32::try_from(self.all.len()).unwrap_or(0) & !TagUse::OF_ALBUM;
        self.all.push(tag);
        self.uses.push(0);
        number
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

    pub(crate) fn get(&self, tag: usize) -> &Tag {
        &self.all[tag]
    }

    pub(crate) fn of_artist(&self, artist: ArtistId) -> Option<usize> {
        self.artists.get(&artist).map(|tag| *tag as usize)
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
        let flags: Vec<_> = of_track.iter().map(|tag| (tag.tag(), tag.is_of_album())).collect();
        assert_eq!(flags, [(0, false), (1, true), (2, false)]);
        tags.count(&of_track);
        let other = tags.of_track(&[artist(1, "Nina S.")], &[], &["JAZZ".to_owned()]);
        tags.count(&other);
        assert_eq!(
            (tags.get(0), tags.get(2)),
            (&Tag::Artist(artist(1, "Nina S.")), &Tag::Genre("JAZZ".to_owned()),)
        );
        let rarity = tags.rarity(2);
        assert!(rarity[0] < rarity[1]);
        tags.discount(&other);
        assert!(tags.rarity(2)[0] > rarity[0]);
        assert_eq!(tags.of_artist(nina.id), Some(0));
    }
}
