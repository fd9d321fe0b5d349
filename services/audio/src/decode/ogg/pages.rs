//! The pages of one stream, and the packets that they hold.

use crate::crc::OggCrc;
use crate::decode::DecodeError;
use crate::decode::input::Input;

/// Frames of a year at the highest rates.
const LATEST: i64 = 1 << 45;
/// No packet ends on the page.
const NO_GRANULE: i64 = -1;
const HEADER: usize = 27;
/// The longest page.
const MOST_PAGE: usize = HEADER + 255 + 255 * 255;
/// Of longer packets only so much is kept: they are pictures in the comments.
const MOST_PACKET: usize = 1024 * 1024;
/// How much is searched at once.
const STRETCH: usize = 64 * 1024;
/// How far from the end of the file the stream's last page may be.
const MOST_TAIL: u64 = 1024 * 1024;

/// The packets that end on one page.
pub(super) struct Page {
    pub(super) at: u64,
    pub(super) packets: Vec<Vec<u8>>,
    /// The position behind the last of them; `None` where none ends.
    pub(super) granule: Option<i64>,
    pub(super) last: bool,
    /// Whether something is missing between the page before and this one.
    pub(super) hole: bool,
}

/// A page as it stands in the file.
struct Raw {
    at: u64,
    flags: u8,
    granule: i64,
    serial: u32,
    number: u32,
    lacing: Vec<u8>,
    body: Vec<u8>,
}

impl Raw {
    /// The sound page at `at`, if there is one.
    fn read(input: &mut Input, at: u64) -> Result<Option<Self>, DecodeError> {
        let bytes = input.up_to(at, MOST_PAGE)?;
        let Some(header) = bytes.get(..HEADER).filter(|bytes| bytes.starts_with(b"OggS\0")) else {
            return Ok(None);
        };
        let segments = usize::from(header[26]);
        let Some(lacing) = bytes.get(HEADER..HEADER + segments) else { return Ok(None) };
        let len: usize = lacing.iter().map(|&len| usize::from(len)).sum();
        let start = HEADER + segments;
        let Some(body) = bytes.get(start..start + len) else { return Ok(None) };
        let mut sum = OggCrc::default();
        sum.update(&header[..22]);
        sum.update(&[0; 4]);
        sum.update(&bytes[26..start + len]);
        if sum.value().to_le_bytes() != header[22..26] {
            // Headers that promise much can stand close together.
            let in_vain = start + len;
            input.looked_through(in_vain)?;
            return Ok(None);
        }
        let word = |at: usize| [header[at], header[at + 1], header[at + 2], header[at + 3]];
        let granule = u64::from(u32::from_le_bytes(word(6)))
            | (u64::from(u32::from_le_bytes(word(10))) << 32);
        Ok(Some(Self {
            at,
            flags: header[5],
            // Later than any music ends is no place.
            granule: i64::try_from(granule).ok().filter(|at| *at <= LATEST).unwrap_or(NO_GRANULE),
            serial: u32::from_le_bytes(word(14)),
            number: u32::from_le_bytes(word(18)),
            lacing: lacing.to_vec(),
            body: body.to_vec(),
        }))
    }

    /// The first sound page at or after `at`, and before `end`.
    fn find(input: &mut Input, mut at: u64, end: u64) -> Result<Option<Self>, DecodeError> {
        while at < end {
            if let Some(page) = Self::read(input, at)? {
                return Ok(Some(page));
            }
            let stretch = input.up_to(at + 1, STRETCH)?;
            if stretch.len() < 4 {
                break;
            }
            let next = stretch.windows(4).position(|bytes| bytes == b"OggS");
            at += 1 + next.unwrap_or(stretch.len() - 3) as u64;
        }
        Ok(None)
    }

    fn end(&self) -> u64 {
        self.at + (HEADER + self.lacing.len() + self.body.len()) as u64
    }

    const fn continues(&self) -> bool {
        self.flags & 1 != 0
    }

    const fn begins_stream(&self) -> bool {
        self.flags & 2 != 0
    }

    const fn ends_stream(&self) -> bool {
        self.flags & 4 != 0
    }
}

/// One stream of a file.
pub(super) struct Stream {
    input: Input,
    serial: u32,
    at: u64,
    /// The number of the last page that was read.
    number: Option<u32>,
    /// The start of a packet that goes on.
    partial: Option<Vec<u8>>,
}

impl Stream {
    /// The first stream whose first packet is wanted, and that packet.
    pub(super) fn find(
        mut input: Input,
        start: u64,
        is_wanted: impl Fn(&[u8]) -> bool,
    ) -> Result<Option<(Self, Vec<u8>)>, DecodeError> {
        let mut at = start;
        while let Some(page) = Raw::find(&mut input, at, u64::MAX)? {
            if !page.begins_stream() {
                break;
            }
            at = page.end();
            if is_wanted(&page.body) {
                let (serial, number) = (page.serial, Some(page.number));
                let stream = Self { input, serial, at, number, partial: None };
                return Ok(Some((stream, page.body)));
            }
        }
        Ok(None)
    }

    /// Where the next page is looked for.
    pub(super) fn position(&self) -> u64 {
        self.at
    }

    pub(super) fn len(&self) -> u64 {
        self.input.len()
    }

    /// Goes on with the page at `at`.
    pub(super) fn go_to(&mut self, at: u64) {
        self.at = at;
        self.number = None;
        self.partial = None;
    }

    /// The stream's next page; `None` at its end.
    pub(super) fn next_page(&mut self) -> Result<Option<Page>, DecodeError> {
        while let Some(raw) = Raw::find(&mut self.input, self.at, u64::MAX)? {
            self.at = raw.end();
            if raw.serial == self.serial {
                return Ok(Some(self.unpack(&raw)));
            }
        }
        Ok(None)
    }

    /// A page's packets, the first with what pages before have of it.
    fn unpack(&mut self, raw: &Raw) -> Page {
        let hole = self.number.is_some_and(|number| number.wrapping_add(1) != raw.number);
        self.number = Some(raw.number);
        let partial = self.partial.take().filter(|_packet| !hole && raw.continues());
        // What a packet that began elsewhere goes on with is of no use without its beginning.
        let mut useless = raw.continues() && partial.is_none();
        let mut packet = partial.unwrap_or_default();
        let mut packets = Vec::new();
        let mut body = raw.body.as_slice();
        let mut ended = false;
        let mut open = false;
        for &len in &raw.lacing {
            let (segment, rest) = body.split_at(usize::from(len));
            body = rest;
            open = len == u8::MAX;
            if packet.len() + segment.len() <= MOST_PACKET {
                packet.extend_from_slice(segment);
            }
            if !open {
                ended = true;
                let whole = std::mem::take(&mut packet);
                if !std::mem::take(&mut useless) {
                    packets.push(whole);
                }
            }
        }
        if open && !useless {
            self.partial = Some(packet);
        }
        let granule = Some(raw.granule).filter(|&granule| ended && granule >= 0);
        Page { at: raw.at, packets, granule, last: raw.ends_stream(), hole }
    }

    /// The first page at or after `at` on which a packet ends, and its position.
    pub(super) fn page_with_granule(
        &mut self,
        mut at: u64,
        end: u64,
    ) -> Result<Option<(u64, i64)>, DecodeError> {
        while let Some(raw) = Raw::find(&mut self.input, at, end)? {
            if raw.serial == self.serial && raw.granule >= 0 {
                return Ok(Some((raw.at, raw.granule)));
            }
            at = raw.end();
        }
        Ok(None)
    }

    /// The position at which the stream ends, if its last page is near the end of the file.
    pub(super) fn last_granule(&mut self) -> Result<Option<i64>, DecodeError> {
        let end = self.input.len();
        let mut before = end;
        while before > 0 && end - before < MOST_TAIL {
            let mut at = before.saturating_sub(STRETCH as u64);
            let mut found = None;
            while let Some((page, granule)) = self.page_with_granule(at, before)? {
                found = Some(granule);
                at = page + 1;
            }
            if found.is_some() {
                return Ok(found);
            }
            before = before.saturating_sub(STRETCH as u64);
        }
        Ok(None)
    }
}
