//! Files that were made to cost much, and rare ones that must be understood or refused.

use std::time::{Duration, Instant};

use hexachord_audio::{Codec, DecodeError, Layout};

use crate::support::{decoder, opus, rest, snr, tones};

/// The checksum of Ogg pages, bit by bit.
fn checksum(page: &[u8]) -> u32 {
    let step = |sum: u32| (sum << 1) ^ if sum >> 31 == 1 { 0x04C1_1DB7 } else { 0 };
    let byte =
        |sum: u32, &byte: &u8| (0..8).fold(sum ^ (u32::from(byte) << 24), |sum, _| step(sum));
    page.iter().fold(0, byte)
}

/// A page of whole packets.
fn page(flags: u8, granule: i64, number: u32, packets: &[&[u8]]) -> Vec<u8> {
    let mut lacing = Vec::new();
    for packet in packets {
        lacing.extend(std::iter::repeat_n(255, packet.len() / 255));
        lacing.push((packet.len() % 255) as u8);
    }
    let mut page = b"OggS\0".to_vec();
    page.push(flags);
    page.extend_from_slice(&granule.to_le_bytes());
    page.extend_from_slice(&7_u32.to_le_bytes());
    page.extend_from_slice(&number.to_le_bytes());
    page.extend_from_slice(&[0; 4]);
    page.push(u8::try_from(lacing.len()).unwrap());
    page.extend_from_slice(&lacing);
    page.extend(packets.iter().copied().flatten());
    let sum = checksum(&page);
    page[22..26].copy_from_slice(&sum.to_le_bytes());
    page
}

/// The header of an Opus stream, with what follows the family.
fn head(channels: u8, family: u8, table: &[u8]) -> Vec<u8> {
    let fixed = [1, channels, 56, 1, 0x80, 0xBB, 0, 0, 0, 0, family];
    [&b"OpusHead"[..], &fixed[..], table].concat()
}

const TAGS: &[u8] = b"OpusTags\0\0\0\0\0\0\0\0";

#[test]
fn headers_that_stand_close_and_promise_much_are_given_up() {
    // Each of them could be a page of 64 KB, and is none.
    let false_page = page(0, 0, 0, &[&[0; 254][..]; 255]);
    let false_header = [&false_page[..22], &[1, 2, 3, 4, 255], &[255; 8]].concat();
    let close = false_header.repeat((4 << 20) / false_header.len());
    let sound = opus(&tones(20_000, 2, 48_000), Layout::STEREO, 0);
    let began = Instant::now();
    assert!(matches!(decoder(close.clone()).err().unwrap(), DecodeError::Lost));
    // In the middle and at the end of a stream.
    for (front, back) in [(sound.len() / 2, 0), (sound.len() - 60, 60)] {
        let mut bytes = sound[..front].to_vec();
        bytes.extend_from_slice(&close);
        bytes.extend_from_slice(&sound[sound.len() - back..]);
        let listen = || -> Result<(), DecodeError> {
            let mut decoder = decoder(bytes)?;
            decoder.seek_to(10_000)?;
            rest(&mut decoder)?;
            Ok(())
        };
        assert!(matches!(listen().unwrap_err(), DecodeError::Lost));
    }
    assert!(began.elapsed() < Duration::from_mins(1), "{:?}", began.elapsed());
}

#[test]
fn streams_without_positions_open_soon() {
    // Packets of one byte, each of 60 ms that would have to be decoded.
    let silence: &[u8] = &[0x1B];
    let mut bytes = page(2, 0, 0, &[&head(2, 0, &[])]);
    bytes.extend(page(0, 0, 1, &[TAGS]));
    for number in 2..10_000 {
        bytes.extend(page(0, -1, number, &[silence; 255]));
    }
    let began = Instant::now();
    assert_eq!(decoder(bytes).unwrap().facts().codec, Codec::Opus);
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

#[test]
fn headers_without_an_end_are_given_up() {
    let first = [&b"\x7FFLAC\x01\0\0\0fLaC\0\0\0\x22\x10\0\x10\0"[..], &[0; 6]].concat();
    let first = [&first[..], &[0x0A, 0xC4, 0x42, 0xF0, 0, 0, 0, 0], &[0; 16]].concat();
    let mut bytes = page(2, 0, 0, &[&first]);
    let picture = vec![6; 60_000];
    for number in 1..1_000 {
        bytes.extend(page(0, 0, number, &[&picture]));
    }
    let error = decoder(bytes).err().unwrap();
    assert!(error.to_string().contains("do not end"), "{error}");
}

/// The packets of one of our streams of one page, and its last position.
fn packets(stream: &[u8]) -> (Vec<Vec<u8>>, i64) {
    let mut found = Vec::new();
    let mut position = 0;
    let mut at = 0;
    while let Some(header) = stream.get(at..at + 27) {
        position = i64::from_le_bytes(header[6..14].try_into().unwrap());
        let lacing = &stream[at + 27..][..usize::from(header[26])];
        at += 27 + lacing.len();
        let mut packet = Vec::new();
        for &len in lacing {
            packet.extend_from_slice(&stream[at..at + usize::from(len)]);
            at += usize::from(len);
            if len < 255 {
                found.push(std::mem::take(&mut packet));
            }
        }
    }
    (found, position)
}

/// A stream with another header.
fn with_header(packets: &[Vec<u8>], position: i64, header: &[u8]) -> Vec<u8> {
    let mut bytes = page(2, 0, 0, &[header]);
    bytes.extend(page(0, 0, 1, &[TAGS]));
    let audio: Vec<&[u8]> = packets[2..].iter().map(Vec::as_slice).collect();
    bytes.extend(page(4, position, 2, &audio));
    bytes
}

#[test]
fn channels_of_opus_come_from_where_the_header_says() {
    let samples = tones(4_000, 2, 48_000);
    let stream = opus(&samples, Layout::STEREO, 0);
    let expected = rest(&mut decoder(stream.clone()).unwrap()).unwrap();
    let (packets, position) = packets(&stream);
    let of = |side: usize| -> Vec<f32> { expected.iter().skip(side).step_by(2).copied().collect() };
    let (left, right, none) = (of(0), of(1), vec![0.0; 4_000]);
    // Without places: left, silence, right, right; then in an order that only this file has.
    let cases = [
        (255, [0, 255, 1, 1], [&left, &none, &right, &right]),
        (77, [1, 0, 0, 255], [&right, &left, &left, &none]),
        (1, [1, 255, 0, 1], [&right, &none, &left, &right]),
    ];
    for (family, table, channels) in cases {
        let table = [&[1, 1], &table[..]].concat();
        let bytes = with_header(&packets, position, &head(4, family, &table));
        let mut decoder = decoder(bytes).unwrap();
        assert_eq!(decoder.facts().layout.channels(), 4);
        let found = rest(&mut decoder).unwrap();
        assert_eq!(found.len(), 4 * 4_000);
        for (channel, expected) in channels.into_iter().enumerate() {
            let found: Vec<f32> = found.iter().skip(channel).step_by(4).copied().collect();
            assert!(&found == expected, "family {family}, channel {channel}");
        }
    }
}

#[test]
fn other_families_and_wrong_tables_of_opus_are_refused() {
    let (packets, position) = packets(&opus(&tones(4_000, 2, 48_000), Layout::STEREO, 0));
    let refused: [(u8, u8, &[u8]); 7] = [
        (4, 2, &[1, 1, 0, 1, 0, 1]),
        (4, 3, &[1, 1, 0, 1, 0, 1]),
        (3, 0, &[]),
        (2, 1, &[1, 1, 0, 2]),
        (2, 1, &[0, 0, 255, 255]),
        (2, 1, &[1, 2, 0, 1]),
        (2, 1, &[1, 1]),
    ];
    for (channels, family, table) in refused {
        let bytes = with_header(&packets, position, &head(channels, family, table));
        let error = decoder(bytes).err().unwrap();
        let expected = if [2, 3].contains(&family) { "ambisonics" } else { "Opus header" };
        assert!(error.to_string().contains(expected), "{family} {table:?}: {error}");
    }
}

#[test]
fn opus_that_is_louder_than_full_scale_stays_so() {
    let samples: Vec<f32> = tones(20_000, 2, 48_000).iter().map(|sample| sample * 3.0).collect();
    let found = rest(&mut decoder(opus(&samples, Layout::STEREO, 0)).unwrap()).unwrap();
    let loudest = found.iter().fold(0.0_f32, |most, one| most.max(one.abs()));
    assert!(loudest > 1.3, "{loudest}");
    assert!(snr(&samples, &found) > 15.0);
}
