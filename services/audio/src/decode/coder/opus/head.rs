//! The header that says how packets become channels (RFC 7845 §5.1).

use crate::decode::DecodeError;
use crate::layout::Layout;

/// The channel is silent.
const SILENT: u8 = 255;

/// What the header says.
#[derive(Clone)]
pub(in crate::decode) struct OpusHead {
    pub(in crate::decode) layout: Layout,
    /// Frames at the start that are not to be heard.
    pub(in crate::decode) skip: u16,
    pub(super) gain: f32,
    /// How many streams a packet has, and how many of them, the first ones, are of two channels.
    pub(super) streams: usize,
    pub(super) coupled: usize,
    /// The stream that each channel comes from, and which of its channels it is.
    pub(super) sources: Vec<Option<(usize, usize)>>,
    /// Where each channel stands in the layout.
    pub(super) order: Vec<usize>,
}

impl OpusHead {
    pub(in crate::decode) fn parse(packet: &[u8]) -> Result<Self, DecodeError> {
        let damaged = || DecodeError::Damaged("the Opus header");
        let fields = packet.get(8..19).ok_or_else(damaged)?;
        let channels = usize::from(fields[1]);
        let family = fields[10];
        let layout = Layout::usual(channels)
            .ok_or(DecodeError::Unsupported("Opus with none or more than eight channels"))?;
        let (streams, coupled, mapping) = match (family, channels) {
            (0, 1) => (1, 0, &[0][..]),
            (0, 2) => (1, 1, &[0, 1][..]),
            (0, _) => return Err(damaged()),
            // These have no loudspeakers (RFC 8486).
            (2 | 3, _) => return Err(DecodeError::Unsupported("Opus of ambisonics")),
            _ => {
                let table = packet.get(19..21 + channels).ok_or_else(damaged)?;
                (usize::from(table[0]), usize::from(table[1]), &table[2..])
            }
        };
        if streams == 0 || coupled > streams {
            return Err(damaged());
        }
        let source = |&number: &u8| {
            let number = usize::from(number);
            match number {
                _ if number == usize::from(SILENT) => Ok(None),
                _ if number < 2 * coupled => Ok(Some((number / 2, number % 2))),
                _ if number < streams + coupled => Ok(Some((number - coupled, 0))),
                _ => Err(damaged()),
            }
        };
        let sources = mapping.iter().map(source).collect::<Result<_, _>>()?;
        let order = match family {
            0 | 1 => layout.vorbis_order().unwrap_or_default().to_vec(),
            // Nothing is said of their places: they stay as they are.
            _ => (0..channels).collect(),
        };
        let gain = i16::from_le_bytes([fields[8], fields[9]]);
        Ok(Self {
            layout,
            skip: u16::from_le_bytes([fields[2], fields[3]]),
            gain: 10_f32.powf(f32::from(gain) / (20.0 * 256.0)),
            streams,
            coupled,
            sources,
            order,
        })
    }
}
