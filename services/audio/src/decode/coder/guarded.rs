//! A net under a decoder: what it cannot cope with costs a packet, and not the rest of the stream.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Coder;
use crate::decode::DecodeError;

/// How a decoder is made.
type Make<C> = Box<dyn Fn() -> Result<C, DecodeError> + Send>;

/// A decoder that is made anew after it panicked.
pub(in crate::decode) struct Guarded<C> {
    make: Make<C>,
    /// Missing only if it cannot be made again.
    coder: Option<C>,
}

impl<C: Coder> Guarded<C> {
    pub(in crate::decode) fn new(
        make: impl Fn() -> Result<C, DecodeError> + Send + 'static,
    ) -> Result<Self, DecodeError> {
        let coder = Some(make()?);
        Ok(Self { make: Box::new(make), coder })
    }

    fn guard<T>(&mut self, work: impl FnOnce(&mut C) -> T) -> Option<T> {
        let coder = self.coder.as_mut()?;
        let done = catch_unwind(AssertUnwindSafe(|| work(coder)));
        done.map_err(|_panic| {
            // Nobody knows in which state it was left.
            self.coder = (self.make)().ok();
        })
        .ok()
    }
}

impl<C: Coder> Coder for Guarded<C> {
    fn decode(&mut self, packet: &[u8], out: &mut Vec<f32>) -> Option<usize> {
        let before = out.len();
        let decoded = self.guard(|coder| coder.decode(packet, out));
        if decoded.is_none() {
            out.truncate(before);
        }
        decoded.flatten()
    }

    fn reset(&mut self) {
        self.guard(Coder::reset);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts its packets, and panics at those without anything in them.
    struct Fragile {
        count: f32,
    }

    impl Coder for Fragile {
        fn decode(&mut self, packet: &[u8], out: &mut Vec<f32>) -> Option<usize> {
            out.push(self.count);
            self.count += f32::from(packet[0]);
            Some(1)
        }

        fn reset(&mut self) {
            self.count = 0.0;
        }
    }

    #[test]
    fn a_panic_costs_one_packet() {
        let mut coder = Guarded::new(|| Ok(Fragile { count: 10.0 })).unwrap();
        let mut out = Vec::new();
        assert_eq!(coder.decode(&[1], &mut out), Some(1));
        assert_eq!(coder.decode(&[1], &mut out), Some(1));
        assert_eq!(coder.decode(&[], &mut out), None);
        assert_eq!(coder.decode(&[5], &mut out), Some(1));
        assert_eq!(coder.decode(&[1], &mut out), Some(1));
        assert_eq!(out, [10.0, 11.0, 10.0, 15.0], "nothing of the lost packet, then a new decoder");
        coder.reset();
        coder.decode(&[1], &mut out);
        assert_eq!(out.last(), Some(&0.0));
    }

    #[test]
    fn what_cannot_be_made_is_an_error() {
        let made = Guarded::<Fragile>::new(|| Err(DecodeError::Damaged("nothing")));
        assert!(made.is_err());
    }
}
