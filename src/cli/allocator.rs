//! The C library's allocator, told to give back what is free.
//!
//! glibc keeps an arena for each thread, and in it whatever was ever needed there: a server that
//! has just indexed 20,000 tracks would hold twice the memory. It reads its settings before a
//! program begins, so the server starts itself once more with them: the same process, the same id.

use std::{env, os::unix::process::CommandExt, process::Command};

/// See mallopt(3): two arenas; what is free at their end, and blocks of 1 MiB and more, are given
/// back. With smaller blocks too requests cost a fifth more, and nothing is won.
const SETTINGS: [(&str, &str); 3] = [
    ("MALLOC_ARENA_MAX", "2"),
    ("MALLOC_MMAP_THRESHOLD_", "1048576"),
    ("MALLOC_TRIM_THRESHOLD_", "1048576"),
];

/// Returns when somebody has set them already, or when it cannot be done: then it goes without.
pub(super) fn tune() {
    let is_set = SETTINGS.iter().any(|(name, _)| env::var_os(name).is_some());
    if is_set || !cfg!(target_env = "gnu") {
        return;
    }
    let Ok(program) = env::current_exe() else { return };
    let mut arguments = env::args_os();
    let mut again = Command::new(program);
    if let Some(name) = arguments.next() {
        again.arg0(name);
    }
    drop(again.args(arguments).envs(SETTINGS).exec());
}
