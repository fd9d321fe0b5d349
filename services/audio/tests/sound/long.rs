//! AAC that lasts longer than the files here: packets put into a file of their kind.

use hexachord_fixtures::{Format, Piece};
use rusty_aac::encode::{AacEncoder, AacEncoderConfig};

/// The first box of a kind, with its header.
fn found(file: &[u8], kind: [u8; 4]) -> &[u8] {
    let at = file.windows(4).position(|four| *four == kind).unwrap() - 4;
    &file[at..at + word(file, at)]
}

fn word(bytes: &[u8], at: usize) -> usize {
    u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
}

fn atom(kind: [u8; 4], contents: &[&[u8]]) -> Vec<u8> {
    let contents = contents.concat();
    let len = (contents.len() + 8) as u32;
    [&len.to_be_bytes()[..], &kind, &contents].concat()
}

fn words(values: &[usize]) -> Vec<u8> {
    values.iter().flat_map(|&value| (value as u32).to_be_bytes()).collect()
}

/// The packets of a file in which they stand one behind the other.
fn packets(file: &[u8]) -> Vec<Vec<u8>> {
    let (sizes, chunks) = (found(file, *b"stsz"), found(file, *b"stco"));
    let mut at = word(chunks, 16);
    let mut taken = |index| {
        let size = word(sizes, 20 + 4 * index);
        at += size;
        file[at - size..at].to_vec()
    };
    (0..word(sizes, 16)).map(&mut taken).collect()
}

/// A file with other packets, all to be heard.
fn with_packets(file: &[u8], packets: &[Vec<u8>]) -> Vec<u8> {
    let begin = atom(*b"ftyp", &[b"M4A \0\0\0\0M4A "]);
    let sizes: Vec<usize> = packets.iter().map(Vec::len).collect();
    let ticks = word(found(file, *b"stts"), 20);
    let table = atom(
        *b"stbl",
        &[
            found(file, *b"stsd"),
            &atom(*b"stts", &[&words(&[0, 1, sizes.len(), ticks])]),
            &atom(*b"stsc", &[&words(&[0, 1, 1, sizes.len(), 1])]),
            &atom(*b"stsz", &[&words(&[0, 0, sizes.len()]), &words(&sizes)]),
            &atom(*b"stco", &[&words(&[0, 1, begin.len() + 8])]),
        ],
    );
    let media =
        atom(*b"mdia", &[found(file, *b"mdhd"), found(file, *b"hdlr"), &atom(*b"minf", &[&table])]);
    let movie = atom(*b"moov", &[&atom(*b"trak", &[&media])]);
    [begin, atom(*b"mdat", &[&packets.concat()]), movie].concat()
}

/// A file so many times as long.
pub(crate) fn repeated(file: &[u8], times: usize) -> Vec<u8> {
    let packets = packets(file);
    let len = packets.len() * times;
    let packets: Vec<_> = packets.into_iter().cycle().take(len).collect();
    with_packets(file, &packets)
}

/// AAC-LC of stereo at 44.1 kHz, with noise of the decoder's choice or without.
pub(crate) fn aac(samples: &[f32], with_noise: bool) -> Vec<u8> {
    let config = AacEncoderConfig { pns: with_noise, ..AacEncoderConfig::default() };
    let mut encoder = AacEncoder::new(config);
    encoder.push_pcm(samples, 2, 44_100).unwrap();
    encoder.finish();
    let mut packets = Vec::new();
    while let Ok(packet) = encoder.next_packet() {
        packets.push(packet.data);
    }
    with_packets(&Piece::new(Format::Aac, 1).bytes(), &packets)
}

#[test]
fn packets_keep_their_places() {
    let file = crate::aac::HE;
    assert_eq!(packets(&with_packets(file, &packets(file))), packets(file));
}
