//! Packets of several streams: all but the last say themselves where they end (RFC 6716, appendix B).

/// Takes the first stream's packet out, without what says its end; what follows it.
pub(super) fn split<'b>(bytes: &'b [u8], packet: &mut Vec<u8>) -> Option<&'b [u8]> {
    let mut at = 1;
    let (mut frames, mut differ, mut padding) = (1, false, 0);
    match bytes.first()? & 3 {
        0 => {}
        1 => frames = 2,
        2 => (frames, differ) = (2, true),
        _ => {
            let &count = bytes.get(at)?;
            at += 1;
            frames = usize::from(count & 0x3F);
            differ = count & 0x80 != 0;
            let mut more = count & 0x40 != 0;
            while more {
                let &part = bytes.get(at)?;
                at += 1;
                more = part == 255;
                padding += usize::from(part) - usize::from(more);
            }
        }
    }
    let mut all = 0;
    if differ {
        for _ in 1..frames {
            all += length(bytes, &mut at)?;
        }
    }
    // This one length more than a packet has that fills its place.
    let before = at;
    let last = length(bytes, &mut at)?;
    all += if differ { last } else { last * frames };
    let end = at + all + padding;
    let body = bytes.get(at..end).filter(|_body| frames > 0)?;
    packet.clear();
    packet.extend_from_slice(&bytes[..before]);
    packet.extend_from_slice(body);
    Some(&bytes[end..])
}

/// A frame's length: one byte or two (RFC 6716 §3.2.1).
fn length(bytes: &[u8], at: &mut usize) -> Option<usize> {
    let first = usize::from(*bytes.get(*at)?);
    *at += 1;
    if first < 252 {
        return Some(first);
    }
    let second = usize::from(*bytes.get(*at)?);
    *at += 1;
    Some(first + 4 * second)
}

#[cfg(test)]
mod tests {
    use super::split;

    /// The packet and what is left.
    fn taken(bytes: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
        let mut packet = vec![9];
        split(bytes, &mut packet).map(|rest| (packet, rest.to_vec()))
    }

    #[test]
    fn the_length_that_says_the_end_is_left_out() {
        let cases: [(&[u8], &[u8], &[u8]); 7] = [
            (&[0xF8, 2, 10, 11, 99], &[0xF8, 10, 11], &[99]),
            (&[0xF8, 0], &[0xF8], &[]),
            (&[0xF9, 1, 10, 11, 99], &[0xF9, 10, 11], &[99]),
            (&[0xFA, 1, 2, 10, 11, 12, 99], &[0xFA, 1, 10, 11, 12], &[99]),
            (&[0xFB, 2, 1, 10, 11, 99], &[0xFB, 2, 10, 11], &[99]),
            (&[0xFB, 0x42, 1, 1, 10, 11, 0, 99], &[0xFB, 0x42, 1, 10, 11, 0], &[99]),
            (&[0xFB, 0x83, 1, 0, 2, 10, 11, 12], &[0xFB, 0x83, 1, 0, 10, 11, 12], &[]),
        ];
        for (bytes, packet, rest) in cases {
            assert_eq!(taken(bytes), Some((packet.to_vec(), rest.to_vec())), "{bytes:?}");
        }
        let long = [&[0xF8, 252, 1][..], &[7; 256]].concat();
        assert_eq!(taken(&long), Some(([&[0xF8][..], &[7; 256]].concat(), Vec::new())));
    }

    #[test]
    fn what_ends_too_early_is_none() {
        let whole = [0xFB, 0xC3, 255, 3, 1, 0, 2, 10, 11, 12];
        for end in 0..whole.len() {
            assert_eq!(taken(&whole[..end]), None, "{end}");
        }
        assert_eq!(taken(&[0xFB, 0, 0, 1, 2]), None, "no frames");
    }
}
