//! Folders that were starred or rated: of an album, or of an artist, by the tracks below them.

use std::collections::{HashMap, HashSet};

use hexachord_contracts::ItemKind;

use crate::cli::import::{
    database::Database,
    error::ReadError,
    foreign::{Thing, Things},
    values::{slashed, text},
};

pub(super) struct Folders {
    paths: HashMap<String, String>,
    /// Tracks by their paths.
    tracks: Vec<(String, usize)>,
    /// The album of each track, and an artist of it.
    groups: HashMap<usize, Vec<Thing>>,
}

impl Folders {
    pub(super) fn read(database: &Database, things: &Things) -> Result<Self, ReadError> {
        let mut paths = HashMap::new();
        database.each("SELECT id, path FROM folder", [], |row| {
            let path = slashed(text(row, 1)?.unwrap_or_default());
            paths.insert(text(row, 0)?.unwrap_or_default(), format!("{path}/"));
            Ok(())
        })?;
        let tracks = things.tracks.iter().enumerate();
        let tracks = tracks.filter_map(|(place, track)| Some((track.path.clone()?, place)));
        let mut tracks: Vec<_> = tracks.collect();
        tracks.sort_unstable();
        let mut groups: HashMap<usize, Vec<Thing>> = HashMap::new();
        for (kind, all) in [(ItemKind::Album, &things.albums), (ItemKind::Artist, &things.artists)]
        {
            for (place, group) in all.iter().enumerate() {
                for track in &group.tracks {
                    groups.entry(*track).or_default().push(Thing { kind, place });
                }
            }
        }
        Ok(Self { paths, tracks, groups })
    }

    /// The album, or the artist, that all tracks below the folder are of; else what it is, and why it
    /// is nothing here.
    pub(super) fn thing(&self, things: &Things, id: &str) -> Result<Thing, (String, &'static str)> {
        let Some(path) = self.paths.get(id) else {
            return Err((format!("folder {id}"), super::GONE));
        };
        let first = self.tracks.partition_point(|(track, _)| track < path);
        let below = self.tracks[first..].iter().take_while(|(track, _)| track.starts_with(path));
        let mut common: Option<HashSet<Thing>> = None;
        for (_, track) in below {
            let of_track: HashSet<Thing> =
                self.groups.get(track).into_iter().flatten().copied().collect();
            common = Some(match common {
                None => of_track,
                Some(common) => common.intersection(&of_track).copied().collect(),
            });
        }
        let common = common.unwrap_or_default();
        let of_kind = |kind| {
            let mut all: Vec<&Thing> = common.iter().filter(|thing| thing.kind == kind).collect();
            // An artist of all tracks, and of their album too: the one with fewer other tracks.
            all.sort_by_key(|thing| things.group(**thing).map(|group| group.tracks.len()));
            all.first().map(|thing| **thing)
        };
        let thing = of_kind(ItemKind::Album).or_else(|| of_kind(ItemKind::Artist));
        let what = || format!("folder {}", path.trim_end_matches('/'));
        thing.ok_or_else(|| (what(), "its music is neither of one album nor of one artist"))
    }
}
