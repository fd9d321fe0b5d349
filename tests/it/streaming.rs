//! Streams that are made of files: exact, shared, kept for the next time, bounded, and decided upon.

mod choice;
mod failing;
mod formats;
mod hls;
mod keeping;
mod limits;
mod loudness;
mod parts;
mod plans;
mod promised;
mod sharing;
mod stage;
