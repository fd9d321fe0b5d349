//! What of a stream of samples the encoder is given.

/// The cut at both ends, in samples.
pub(super) struct Cut {
    /// What is dropped before the first one.
    pub(super) skip: u64,
    /// How many are still to come, where it is known.
    pub(super) wanted: Option<u64>,
    /// How many of them have to come, or else the stream makes no sense.
    pub(super) needed: u64,
    /// Whether `wanted` was promised, and not only hoped for.
    pub(super) is_promised: bool,
}

impl Cut {
    /// Appends what is wanted of the next samples.
    pub(super) fn append(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        let skipped = usize::try_from(self.skip).unwrap_or(usize::MAX).min(samples.len());
        self.skip -= skipped as u64;
        let mut rest = &samples[skipped..];
        if let Some(wanted) = &mut self.wanted {
            let most = usize::try_from(*wanted).unwrap_or(usize::MAX).min(rest.len());
            rest = &rest[..most];
            *wanted -= most as u64;
        }
        self.needed = self.needed.saturating_sub(rest.len() as u64);
        out.extend_from_slice(rest);
    }

    /// How many were promised or have to come, and did not.
    pub(super) fn missing(&self) -> u64 {
        let promised = self.wanted.filter(|_wanted| self.is_promised).unwrap_or_default();
        promised.max(self.needed)
    }
}
