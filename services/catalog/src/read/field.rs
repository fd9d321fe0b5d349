//! What a tag can say, under one name for all formats, and the names that taggers give it.

/// One kind of fact. A file may name several values of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Title,
    Artist,
    /// One by one what `Artist` says in a line.
    Artists,
    Album,
    AlbumArtist,
    AlbumArtists,
    /// With or without a total, as in `3/12`.
    TrackNumber,
    TrackTotal,
    DiscNumber,
    DiscTotal,
    DiscTitle,
    Date,
    ReleaseDate,
    Year,
    /// `DDMM`, beside a year.
    DayAndMonth,
    OriginalDate,
    OriginalYear,
    Genre,
    Mood,
    Composer,
    Lyricist,
    Writer,
    Conductor,
    /// With what was played behind the name: `Guido (monochord)`.
    Performer,
    Remixer,
    Arranger,
    Producer,
    Engineer,
    Mixer,
    DjMixer,
    Director,
    Compilation,
    Advisory,
    Bpm,
    Key,
    Comment,
    Description,
    Isrc,
    TrackGain,
    AlbumGain,
    TrackPeak,
    AlbumPeak,
    /// Against another loudness than `ReplayGain`'s, in 256ths of a decibel.
    R128TrackGain,
    R128AlbumGain,
    Label,
    Publisher,
    CatalogueNumber,
    ReleaseType,
    ArtistSort,
    ArtistsSort,
    AlbumArtistSort,
    AlbumArtistsSort,
    ComposerSort,
    TitleSort,
    AlbumSort,
    AlbumVersion,
    RecordingId,
    TrackId,
    AlbumId,
    ReleaseGroupId,
    ArtistId,
    AlbumArtistId,
}

/// One more than the last [`Field`].
pub(super) const FIELDS: usize = Field::AlbumArtistId as usize + 1;

/// No name in [`named`] is longer.
const LONGEST_NAME: usize = 32;

/// The field of a name as it stands in Vorbis comments, APE items, free-form MP4 atoms and user
/// texts of `ID3v2`: programs agree on the letters, not on their case or on what parts them.
pub(super) fn named(name: &str) -> Option<Field> {
    let mut letters = [0; LONGEST_NAME];
    let mut length = 0;
    for letter in name.bytes().filter(u8::is_ascii_alphanumeric) {
        *letters.get_mut(length)? = letter.to_ascii_uppercase();
        length += 1;
    }
    Some(match &letters[..length] {
        b"TITLE" => Field::Title,
        b"ARTIST" => Field::Artist,
        b"ARTISTS" => Field::Artists,
        b"ALBUM" => Field::Album,
        b"ALBUMARTIST" => Field::AlbumArtist,
        b"ALBUMARTISTS" => Field::AlbumArtists,
        b"TRACK" | b"TRACKNUMBER" => Field::TrackNumber,
        b"TRACKTOTAL" | b"TOTALTRACKS" => Field::TrackTotal,
        b"DISC" | b"DISCNUMBER" => Field::DiscNumber,
        b"DISCTOTAL" | b"TOTALDISCS" => Field::DiscTotal,
        b"DISCSUBTITLE" | b"SETSUBTITLE" => Field::DiscTitle,
        b"DATE" => Field::Date,
        b"RELEASEDATE" => Field::ReleaseDate,
        b"YEAR" => Field::Year,
        b"ORIGINALDATE" | b"ORIGINALRELEASEDATE" => Field::OriginalDate,
        b"ORIGINALYEAR" | b"ORIGYEAR" => Field::OriginalYear,
        b"GENRE" => Field::Genre,
        b"MOOD" => Field::Mood,
        b"COMPOSER" => Field::Composer,
        b"LYRICIST" => Field::Lyricist,
        b"WRITER" | b"AUTHOR" | b"SONGWRITER" => Field::Writer,
        b"CONDUCTOR" => Field::Conductor,
        b"PERFORMER" => Field::Performer,
        b"REMIXER" | b"MIXARTIST" | b"REMIXEDBY" | b"MODIFIEDBY" => Field::Remixer,
        b"ARRANGER" => Field::Arranger,
        b"PRODUCER" => Field::Producer,
        b"ENGINEER" => Field::Engineer,
        b"MIXER" => Field::Mixer,
        b"DJMIXER" => Field::DjMixer,
        b"DIRECTOR" => Field::Director,
        b"COMPILATION" | b"ITUNESCOMPILATION" => Field::Compilation,
        b"ITUNESADVISORY" => Field::Advisory,
        b"BPM" => Field::Bpm,
        b"KEY" | b"INITIALKEY" => Field::Key,
        b"COMMENT" => Field::Comment,
        b"DESCRIPTION" => Field::Description,
        b"ISRC" => Field::Isrc,
        b"REPLAYGAINTRACKGAIN" => Field::TrackGain,
        b"REPLAYGAINALBUMGAIN" => Field::AlbumGain,
        b"REPLAYGAINTRACKPEAK" => Field::TrackPeak,
        b"REPLAYGAINALBUMPEAK" => Field::AlbumPeak,
        b"R128TRACKGAIN" => Field::R128TrackGain,
        b"R128ALBUMGAIN" => Field::R128AlbumGain,
        b"LABEL" | b"RECORDLABEL" | b"ORGANIZATION" | b"ORGANISATION" => Field::Label,
        b"PUBLISHER" => Field::Publisher,
        b"CATALOGNUMBER" | b"CATALOGUENUMBER" | b"CATALOG" | b"CATALOGID" | b"LABELNO" => {
            Field::CatalogueNumber
        }
        b"RELEASETYPE" | b"MUSICBRAINZALBUMTYPE" => Field::ReleaseType,
        b"ARTISTSORT" => Field::ArtistSort,
        b"ARTISTSSORT" => Field::ArtistsSort,
        b"ALBUMARTISTSORT" => Field::AlbumArtistSort,
        b"ALBUMARTISTSSORT" => Field::AlbumArtistsSort,
        b"COMPOSERSORT" => Field::ComposerSort,
        b"TITLESORT" => Field::TitleSort,
        b"ALBUMSORT" => Field::AlbumSort,
        b"ALBUMVERSION" | b"MUSICBRAINZALBUMCOMMENT" => Field::AlbumVersion,
        // Of all these, what is called the track is the recording.
        b"MUSICBRAINZTRACKID" => Field::RecordingId,
        b"MUSICBRAINZRELEASETRACKID" => Field::TrackId,
        b"MUSICBRAINZALBUMID" => Field::AlbumId,
        b"MUSICBRAINZRELEASEGROUPID" => Field::ReleaseGroupId,
        b"MUSICBRAINZARTISTID" => Field::ArtistId,
        b"MUSICBRAINZALBUMARTISTID" => Field::AlbumArtistId,
        _ => return None,
    })
}

/// Is it the name of lyrics, in whatever form?
pub(super) fn names_lyrics(name: &str) -> bool {
    ["LYRICS", "UNSYNCEDLYRICS", "UNSYNCED LYRICS", "SYNCEDLYRICS"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_however_they_are_written() {
        for (name, field) in [
            ("ALBUMARTIST", Field::AlbumArtist),
            ("Album Artist", Field::AlbumArtist),
            ("album_artist", Field::AlbumArtist),
            ("MusicBrainz Album Artist Id", Field::AlbumArtistId),
            ("MUSICBRAINZ_TRACKID", Field::RecordingId),
            ("replaygain_track_gain", Field::TrackGain),
            ("ALBUMARTISTS_SORT", Field::AlbumArtistsSort),
        ] {
            assert_eq!(named(name), Some(field), "{name}");
        }
        assert_eq!(named(""), None);
        assert_eq!(named("ARTISTE"), None);
        assert_eq!(named(&"ARTIST".repeat(100)), None);
    }
}
