//! What a cue sheet says of a piece, on top of what the file's tags say of the whole.

use hexachord_contracts::catalog::{ContributorRole, ReplayGain};

use super::sheet::{Facts, Piece, Sheet};
use crate::read::{MusicBrainzIds, TaggedContributor, Tags, text, values};

/// The tags of a piece. The sheet counts more than the file's tags, which count for the album.
pub(super) fn of_piece(file: &Tags, sheet: &Sheet, piece: &Piece) -> Tags {
    let mut tags = album(file, sheet);
    tags.title = Some(title(piece));
    tags.track_number = Some(u32::from(piece.number));
    tags.track_total = u32::try_from(sheet.count()).ok();
    if let Some(performer) = &piece.facts.performer {
        perform(&mut tags, performer);
    }
    say(&mut tags, &piece.facts);
    tags.isrc = piece.facts.isrc.iter().flat_map(|text| values::recording_codes(text)).collect();
    let gain = |name| piece.facts.remark(name);
    tags.replay_gain.track_gain = gain("REPLAYGAIN_TRACK_GAIN").and_then(values::gain);
    tags.replay_gain.track_peak = gain("REPLAYGAIN_TRACK_PEAK").and_then(values::peak);
    tags
}

fn title(piece: &Piece) -> String {
    piece.facts.title.clone().unwrap_or_else(|| format!("Track {}", piece.number))
}

/// What all pieces share.
fn album(file: &Tags, sheet: &Sheet) -> Tags {
    let ReplayGain { album_gain, album_peak, .. } = file.replay_gain;
    let mut tags = Tags {
        title_sort: None,
        bpm: None,
        key: None,
        lyrics: Vec::new(),
        replay_gain: ReplayGain { album_gain, album_peak, ..ReplayGain::default() },
        musicbrainz: MusicBrainzIds { recording: None, track: None, ..file.musicbrainz.clone() },
        ..file.clone()
    };
    let facts = &sheet.facts;
    if let Some(title) = facts.title.as_ref().filter(|title| tags.album.as_ref() != Some(title)) {
        tags.album = Some(title.clone());
        tags.album_sort = None;
    }
    if let Some(performer) = &facts.performer {
        if tags.album_artists != [performer.as_str()] {
            tags.album_artists = vec![performer.clone()];
            (tags.display_album_artist, tags.album_artist_sort) = (None, Vec::new());
            tags.musicbrainz.album_artists = Vec::new();
        }
        perform(&mut tags, performer);
    } else if tags.album_artists.is_empty() {
        // Pieces may have artists of their own: the file's is that of all of them.
        tags.album_artists.clone_from(&tags.artists);
        tags.display_album_artist.clone_from(&tags.display_artist);
        tags.album_artist_sort.clone_from(&tags.artist_sort);
    }
    say(&mut tags, facts);
    let number = |names: [&str; 2]| {
        names.iter().find_map(|name| facts.remark(name)).and_then(text::number_of)
    };
    tags.disc_number = number(["DISCNUMBER", "DISC"]).or(tags.disc_number);
    tags.disc_total = number(["TOTALDISCS", "DISCTOTAL"]).or(tags.disc_total);
    let gain = |name| facts.remark(name);
    let ReplayGain { album_gain, album_peak, .. } = &mut tags.replay_gain;
    *album_gain = gain("REPLAYGAIN_ALBUM_GAIN").and_then(values::gain).or(*album_gain);
    *album_peak = gain("REPLAYGAIN_ALBUM_PEAK").and_then(values::peak).or(*album_peak);
    tags
}

/// What the tags have beside the names stays where they are the same.
fn perform(tags: &mut Tags, performer: &str) {
    let is_known = tags.artists == [performer] || tags.display_artist.as_deref() == Some(performer);
    if !is_known {
        tags.artists = vec![performer.to_owned()];
        (tags.display_artist, tags.artist_sort) = (None, Vec::new());
        tags.musicbrainz.artists = Vec::new();
    }
}

/// What is said of the whole as of a piece.
fn say(tags: &mut Tags, facts: &Facts) {
    if let Some(genre) = facts.remark("GENRE") {
        tags.genres = vec![genre.to_owned()];
    }
    let date = ["DATE", "YEAR"].iter().find_map(|name| facts.remark(name));
    if let Some(date) = date.and_then(text::date_of)
        && tags.date.as_ref().is_none_or(|known| !known.starts_with(&date))
    {
        tags.year = date.get(..4).and_then(|year| year.parse().ok());
        tags.date = Some(date);
    }
    let people = [
        (ContributorRole::Composer, facts.remark("COMPOSER")),
        (ContributorRole::Writer, facts.songwriter.as_deref()),
    ];
    for (role, name) in people {
        if let Some(name) = name {
            tags.contributors.retain(|known| known.role != role);
            let name = name.to_owned();
            tags.contributors.push(TaggedContributor { role, name, instrument: None });
        }
    }
}
