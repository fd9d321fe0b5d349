//! What is made for a client in a format that it takes: as much as its limits and the plan's allow.

use hexachord_audio::Codec;
use hexachord_contracts::payment::Entitlements;

use super::{Making, Reason, ReasonKind, over, reason, told, unsupported};
use crate::streaming::{
    abilities::{ClientAbilities, Comparison, Property, TranscodingProfile},
    formats::Format,
    source::SourceFacts,
};

/// Sampling rates that something is resampled to, in Hz; above 48,000 only what has been more.
pub const RATES: [u32; 12] = [
    192_000, 176_400, 96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 8_000,
];
/// kbit/s where nobody says how many: what is hard to tell from the original.
const USUAL_BITRATE: u32 = 128;

/// The stream that suits a profile, or why there is none.
pub(super) fn fit(
    source: &SourceFacts,
    profile: &TranscodingProfile,
    client: &ClientAbilities,
    allowed: &Entitlements,
) -> Result<Making, Reason> {
    let TranscodingProfile { container, codec, .. } = profile;
    let format = Format::meant_by(profile).ok_or_else(|| {
        let text = format!("nothing is made as {codec} in {container} for this client");
        reason(ReasonKind::FormatNotOffered, text)
    })?;
    let wanted = Wanted { format, client };

    let most = source.channels().min(profile.max_channels.unwrap_or(u32::MAX));
    let possible = [source.channels(), 2, 1].into_iter().filter(|count| *count <= most);
    let most_channels = wanted.largest(Property::Channels, possible)?;

    let (rate, most_rate) = if let Some(fixed) = format.fixed_rate() {
        (wanted.largest(Property::SampleRate, [fixed])?, None)
    } else {
        let own = source.audio.sample_rate;
        let less = RATES.into_iter().filter(|rate| *rate < own);
        let rate = wanted.largest(Property::SampleRate, std::iter::once(own).chain(less))?;
        (rate, (rate < own).then_some(rate))
    };

    let making = Making { format, bitrate_kbps: None, bits: 16, most_rate, most_channels };
    let of_plan = (allowed.max_bitrate_kbps, ReasonKind::BitrateOfPlan);
    let of_client = [client.max_bitrate_kbps, client.max_transcoding_bitrate_kbps];
    let of_client = of_client.map(|most| (most, ReasonKind::BitrateTooHigh));
    let Some(bitrates) = format.bitrates() else {
        let possible = [24, 16].into_iter().filter(|bits| *bits <= u32::from(source.bits()));
        let bits = wanted.largest(Property::BitDepth, possible)?;
        let bits = if bits == 24 { 24 } else { 16 };
        let bitrate = lossless_bitrate(source, format, rate, most_channels, bits);
        let mut limits = of_client.into_iter().chain([of_plan]);
        let too_much = limits.find_map(|(most, kind)| over(most, bitrate, kind));
        wanted.largest(Property::BitrateKbps, [bitrate])?;
        return too_much.map_or(Ok(Making { bits, ..making }), Err);
    };
    let named = || client.limitations(format.codec(), Property::BitrateKbps);
    let at_most = named().filter(|limitation| limitation.comparison == Comparison::AtMost);
    let at_most = at_most.filter_map(|limitation| limitation.values.first().copied());
    let at_most = at_most.map(|most| (most, ReasonKind::BitrateNotSupported));
    let of_client = of_client.into_iter().filter_map(|(most, kind)| Some((most?, kind)));
    // A plan allows much, and asks for nothing.
    let asked = of_client.chain(at_most).min_by_key(|limit| limit.0);
    let asked = asked.unwrap_or((USUAL_BITRATE, ReasonKind::BitrateTooHigh));
    let (most, kind) = match of_plan {
        (Some(most), kind) if most < asked.0 => (most, kind),
        _ => asked,
    };
    if most < *bitrates.start() {
        let (name, least) = (format.name(), bitrates.start());
        let text = format!("{most} kbit/s are too few: as {name} there are {least} or more");
        return Err(reason(kind, text));
    }
    let most = format.bitrate_up_to(most.min(*bitrates.end()));
    let named = named().flat_map(|limitation| limitation.values.iter().copied());
    let named = named.filter(|bitrate| *bitrate <= most && bitrates.contains(bitrate));
    let named = named.map(|bitrate| format.bitrate_up_to(bitrate));
    let bitrate = wanted.largest(Property::BitrateKbps, std::iter::once(most).chain(named))?;
    Ok(Making { bitrate_kbps: Some(bitrate), ..making })
}

/// A format for a client.
struct Wanted<'c> {
    format: Format,
    client: &'c ClientAbilities,
}

impl Wanted<'_> {
    /// The largest value of a property that the client allows.
    fn largest(
        &self,
        property: Property,
        possible: impl IntoIterator<Item = u32>,
    ) -> Result<u32, Reason> {
        let mut tried = None;
        let allowed = possible.into_iter().inspect(|value| tried = tried.max(Some(*value)));
        let codec = self.format.codec();
        let allowed = allowed.filter(|value| {
            let mut limitations = self.client.limitations(codec, property);
            limitations.all(|limitation| limitation.allows(Some(*value)))
        });
        let largest = allowed.max();
        largest.ok_or_else(|| {
            let name = self.format.name();
            let text = match tried {
                Some(value) => format!("as {name} there is {}", told(property, value)),
                None => format!("as {name} there is nothing so small"),
            };
            reason(unsupported(property), text)
        })
    }
}

/// How many kbit/s a stream has that leaves nothing out: at most, or as it was packed before.
fn lossless_bitrate(
    source: &SourceFacts,
    format: Format,
    rate: u32,
    channels: u32,
    bits: u8,
) -> u32 {
    let plain = |rate: u32, channels: u32, bits: u8| {
        let bits_a_second = u64::from(rate) * u64::from(channels) * u64::from(bits);
        bits_a_second / 1000
    };
    let made = plain(rate, channels, bits);
    let audio = &source.audio;
    let packed =
        matches!(audio.codec, Codec::Flac | Codec::Alac | Codec::WavPack) && format != Format::Wav;
    let kbps = match audio.bit_depth.filter(|_| packed) {
        Some(depth) => {
            let unpacked = plain(audio.sample_rate, source.channels(), depth).max(1);
            u64::from(source.bitrate_kbps) * made / unpacked
        }
        None => made,
    };
    u32::try_from(kbps).unwrap_or(u32::MAX)
}
