//! What goes wrong on real machines, over the real app and the real program: panics, kills, stalled
//! and hostile clients, files that vanish.

mod abuse;
mod artwork;
mod disks;
mod hostile_files;
mod hostile_tags;
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
pub(crate) mod wire;
