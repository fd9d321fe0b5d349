//! MP4 (ISO 14496-12) and `QuickTime`: the samples of the first audio track, wherever `moov` and `mdat`
//! stand.

mod atom;
mod description;
mod samples;

use crate::error::ProbeError;
use crate::payload::Payload;
use crate::probe::Stream;
use crate::source::Source;

use atom::Atom;

pub(crate) fn read(
    source: &mut Source<'_>,
    start: u64,
    payload: &mut Payload,
) -> Result<Stream, ProbeError> {
    let file = Atom::whole_file(start, source.len());
    let movie = file
        .child(source, *b"moov")?
        .ok_or(ProbeError::Truncated("the MP4 file has no index (moov)"))?;
    let table = audio_sample_table(source, movie)?
        .ok_or(ProbeError::Unsupported("MP4 without an audio track"))?;
    let description = table
        .child(source, *b"stsd")?
        .ok_or(ProbeError::Damaged("the MP4 audio track does not say its coding (stsd)"))?;
    let stream = description::read(source, description)?;
    samples::collect(source, table, payload)?;
    if payload.len() == 0 && movie.child(source, *b"mvex")?.is_some() {
        return Err(ProbeError::Unsupported("MP4 in fragments"));
    }
    Ok(stream)
}

/// The sample table of the first track whose handler is sound.
fn audio_sample_table(source: &mut Source<'_>, movie: Atom) -> Result<Option<Atom>, ProbeError> {
    let mut children = movie.children();
    while let Some(track) = children.next(source)? {
        if track.kind != *b"trak" {
            continue;
        }
        let Some(media) = track.child(source, *b"mdia")? else { continue };
        let Some(handler) = media.child(source, *b"hdlr")? else { continue };
        // Version, flags and a reserved word come before the handler's type.
        if source.up_to(handler.body + 8, 4)? != b"soun" {
            continue;
        }
        let Some(information) = media.child(source, *b"minf")? else { continue };
        return information.child(source, *b"stbl");
    }
    Ok(None)
}
