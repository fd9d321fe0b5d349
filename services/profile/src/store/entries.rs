//! The tracks of a playlist as one value: a byte of version, then 8 bytes a track, so that a long
//! one is read and written at once.

use hexachord_contracts::ids::TrackId;
use hexachord_storage::StoreError;

const VERSION: u8 = 1;

pub(crate) fn pack(tracks: &[TrackId]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(1 + tracks.len() * 8);
    packed.push(VERSION);
    packed.extend(tracks.iter().flat_map(|track| track.0.to_le_bytes()));
    packed
}

/// The tracks in their order.
pub(crate) fn unpack(packed: &[u8]) -> Result<impl ExactSizeIterator<Item = TrackId>, StoreError> {
    let damaged = || StoreError::Damaged("the entries of a playlist".to_owned());
    let (version, body) = packed.split_first().ok_or_else(damaged)?;
    let (tracks, rest) = body.as_chunks::<8>();
    if *version != VERSION || !rest.is_empty() {
        return Err(damaged());
    }
    Ok(tracks.iter().map(|track| TrackId(u64::from_le_bytes(*track))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes_and_nothing_else() {
        let tracks = [TrackId(u64::MAX), TrackId(0), TrackId(0)];
        assert!(unpack(&pack(&tracks)).unwrap().eq(tracks));
        assert_eq!(unpack(&pack(&[])).unwrap().len(), 0);
        for packed in [&[][..], &[2], &[1, 0]] {
            assert!(unpack(packed).is_err());
        }
    }
}
