//! Likeness by what is written on tracks: artists, genres, years. What is rare says more.
//!
//! A track is a vector with an entry for each of its tags and for the decades it is of. A taste is
//! the sum of the vectors of what was heard, each of length one, by how much speaks for it; and
//! how close a track is to it is the cosine of the angle between them.

use hexachord_contracts::{ids::ArtistId, recommendation::Reason};

use crate::{
    evidence::{LIKED_ALBUM, LIKED_ARTIST},
    knowledge::{DECADES, Derived, History, Library, Memory, Tag, Years, decades},
    store::AnnotationRow,
};

/// What somebody likes, or what a track is like.
pub(crate) struct Taste<'m> {
    library: &'m Library,
    derived: &'m Derived,
    /// By tag, times how rare it is.
    tags: Vec<f32>,
    years: Years,
    /// One divided by how long it is.
    per_length: f32,
}

/// A taste while it is added up.
struct Sum<'m> {
    library: &'m Library,
    derived: &'m Derived,
    tags: Vec<f32>,
    /// Tags that were added, each once and in order: numbers of tags depend on which track came
    /// first, and a sum in another order would be another one.
    touched: Vec<usize>,
    is_touched: Vec<bool>,
    decades: [f32; DECADES],
}

impl<'m> Taste<'m> {
    /// Of a history whose `tracks` have these slots. `None` when nothing is known of what was heard.
    pub(crate) fn of(
        memory: &'m Memory,
        history: &History,
        tracks: &[(u32, &AnnotationRow)],
    ) -> Option<Self> {
        let mut sum = Sum::new(memory);
        for (slot, row) in tracks {
            sum.add_track(*slot, row.evidence());
        }
        for (album, row) in &history.albums {
            let tracks = memory.derived().of_album(&memory.library, *album);
            #[expect(clippy::cast_precision_loss, reason = "tracks of an album")]
            let each = LIKED_ALBUM * row.liking() / tracks.len().max(1) as f32;
            for slot in tracks {
                sum.add_track(*slot, each);
            }
        }
        for (artist, row) in &history.artists {
            sum.add_artist(*artist, LIKED_ARTIST * row.liking());
        }
        sum.finish()
    }

    /// Of tracks by their slots, each with how much it says.
    pub(crate) fn of_tracks(memory: &'m Memory, tracks: &[(u32, f32)]) -> Option<Self> {
        let mut sum = Sum::new(memory);
        for (slot, says) in tracks {
            sum.add_track(*slot, *says);
        }
        sum.finish()
    }

    /// From -1 to 1; 0 for a track of which nothing is known.
    pub(crate) fn closeness(&self, slot: u32) -> f32 {
        let tags = self.library.tags_of(slot);
        let of_tags: f32 = tags.iter().map(|tag| tag.weight() * self.tags[tag.tag()]).sum();
        let of_year = self.library.year(slot).map_or(0.0, |year| self.years.closeness(year));
        (of_tags + of_year) * self.derived.per_length[slot as usize] * self.per_length
    }

    /// What a track that was heard adds to its own closeness.
    pub(crate) fn own_share(&self, slot: u32, evidence: f32) -> f32 {
        if self.derived.per_length[slot as usize] > 0.0 { evidence * self.per_length } else { 0.0 }
    }

    /// What of the track is closest to the taste.
    pub(crate) fn reason(&self, slot: u32) -> Option<Reason> {
        let year = self.library.year(slot);
        let mut most = year.map_or(0.0, |year| self.years.closeness(year));
        let mut reason = year
            .filter(|_| most > 0.0)
            .map(|year| Reason::Decade { decade: i32::from(year).div_euclid(10) * 10 });
        for tag in self.library.tags_of(slot) {
            let share = tag.weight() * self.tags[tag.tag()];
            if share > most {
                most = share;
                let name = self.library.tags.name(*tag).to_owned();
                reason = Some(match self.library.tags.get(tag.tag()) {
                    Tag::Artist(artist) => Reason::Artist { artist, name },
                    Tag::Genre => Reason::Genre { genre: name },
                });
            }
        }
        reason
    }
}

impl<'m> Sum<'m> {
    fn new(memory: &'m Memory) -> Self {
        Self {
            library: &memory.library,
            derived: memory.derived(),
            tags: vec![0.0; memory.library.tags.len()],
            touched: Vec::new(),
            is_touched: vec![false; memory.library.tags.len()],
            decades: [0.0; DECADES],
        }
    }

    fn add_track(&mut self, slot: u32, weight: f32) {
        let each = weight * self.derived.per_length[slot as usize];
        for tag in self.library.tags_of(slot) {
            self.add_tag(tag.tag(), each * tag.weight());
        }
        let years = self.library.year(slot).map(decades);
        for (decade, share) in years.iter().flatten() {
            self.decades[*decade] += each * share;
        }
    }

    fn add_artist(&mut self, artist: ArtistId, weight: f32) {
        let Some(tag) = self.library.tags.of_artist(artist) else { return };
        self.add_tag(tag, weight / self.derived.rarity[tag]);
    }

    /// `weight` times how rare the tag is.
    fn add_tag(&mut self, tag: usize, weight: f32) {
        if !self.is_touched[tag] {
            self.is_touched[tag] = true;
            self.touched.push(tag);
        }
        self.tags[tag] += weight * self.derived.rarity[tag];
    }

    fn finish(self) -> Option<Taste<'m>> {
        let Self { library, derived, mut tags, touched, decades, .. } = self;
        let squares = |values: &[f32]| values.iter().map(|value| value * value).sum::<f32>();
        let of_tags: Vec<f32> = touched.iter().map(|tag| tags[*tag]).collect();
        let length = (squares(&of_tags) + squares(&decades)).sqrt();
        let per_length = 1.0 / length;
        if !(length.is_finite() && per_length.is_finite()) {
            return None;
        }
        for tag in touched {
            tags[tag] *= derived.rarity[tag];
        }
        let years = Years::of(&decades);
        Some(Taste { library, derived, tags, years, per_length })
    }
}
