//! What goes wrong on real machines, over the real app and the real program: panics, kills, stalled
//! and hostile clients, files that vanish.
//!
//! What a parser or an index alone can show stands with its crate: damaged, removed and restored indexes
//! in the suite of search (`rebuilding`), folders that are empty, unmounted or on another disk, links in
//! circles, pipes and files that are still being written in that of the catalog (`missing`, `losses`,
//! `watching`, `being_written`), folders that do not answer in the tests of its scans (`silence`), hostile
//! pictures in `covers_looks`, names that climb out of a library in `folders` and in the tests of its walk.

mod abuse;
mod artwork;
mod claims;
mod disks;
mod escapes;
mod hanging;
mod hostile_files;
mod hostile_tags;
mod indexes;
mod kill;
mod killed_scan;
mod long_playlist;
mod multiplexed;
mod mutated_files;
mod panic_in_scan;
mod panics;
mod payment_away;
mod places;
mod replaced;
mod scan_events;
mod second;
pub(crate) mod slow;
mod stalled;
mod terminate;
mod unmounted;
pub(crate) mod wire;
