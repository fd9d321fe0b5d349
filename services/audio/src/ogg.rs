//! Ogg (RFC 3533): the packets of the first Vorbis, Opus or FLAC stream, wherever page boundaries
//! fall. Page headers are walked; bodies are skipped.

mod headers;
mod page;

use crate::error::ProbeError;
use crate::payload::{MOST_EXTENTS, Payload};
use crate::probe::Stream;
use crate::source::Source;

use headers::Headers;
use page::Page;

/// Pages smaller than this are read with their neighbours, larger ones header by header.
const SMALL_PAGE: u64 = 16 * 1024;

pub(crate) fn read(
    source: &mut Source<'_>,
    start: u64,
    payload: &mut Payload,
) -> Result<Stream, ProbeError> {
    let mut walk = Walk { at: start, pages: 0 };
    let (first, mut headers) = find_stream(source, &mut walk)?;

    let mut page = first;
    let audio = loop {
        if page.serial == first.serial
            && let Some(audio) = headers.take(source, &page)?
        {
            break audio;
        }
        page = walk
            .next(source)?
            .ok_or(ProbeError::Truncated("the file ends inside the Ogg headers"))?;
    };
    payload.push(audio, page.end().saturating_sub(audio))?;
    let stream = headers.finish(source)?;

    while !(page.is_last() && page.serial == first.serial) {
        let small = page.body_len < SMALL_PAGE;
        source.expect_reads(Some(if small { 4 * 16 * 1024 } else { 512 }));
        let Some(next) = walk.next(source)? else { break };
        page = next;
        if page.serial == first.serial {
            payload.push(page.body, page.body_len)?;
        }
    }
    Ok(stream)
}

/// The page that begins the first audio stream: all first pages stand before all others.
fn find_stream(source: &mut Source<'_>, walk: &mut Walk) -> Result<(Page, Headers), ProbeError> {
    while let Some(page) = walk.next(source)? {
        if !page.is_first() {
            break;
        }
        if let Some(headers) = Headers::begin(source, &page)? {
            return Ok((page, headers));
        }
    }
    Err(ProbeError::Unsupported("Ogg without Vorbis, Opus or FLAC"))
}

/// The way from page to page.
struct Walk {
    at: u64,
    pages: usize,
}

impl Walk {
    /// The next page; `None` where the pages end, be it the end of the file or something else.
    fn next(&mut self, source: &mut Source<'_>) -> Result<Option<Page>, ProbeError> {
        let page = Page::read(source, self.at)?;
        if let Some(page) = &page {
            self.at = page.end();
            self.pages += 1;
            if self.pages > MOST_EXTENTS {
                return Err(ProbeError::Damaged("the Ogg file has too many pages"));
            }
        }
        Ok(page)
    }
}
