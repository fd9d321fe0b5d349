//! A stretch of decoded frames, and its place.

/// Decoded frames, interleaved in the layout's order.
#[derive(Default)]
pub(super) struct Block {
    pub(super) samples: Vec<f32>,
    /// The first frame's number, counted from the first one that is to be heard.
    pub(super) position: i64,
}

impl Block {
    pub(super) fn clear(&mut self) {
        self.samples.clear();
        self.position = 0;
    }
}
