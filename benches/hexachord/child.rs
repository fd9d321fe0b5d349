//! A process that serves: where it listens, what it uses, and its end.

use std::{
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    path::Path,
    process::{self, Command},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};

/// A child process; dropped, it is killed.
pub(crate) struct Child {
    process: process::Child,
    pub(crate) address: SocketAddr,
}

/// Megabytes of memory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    pub(crate) now: f64,
    pub(crate) peak: f64,
}

impl Child {
    pub(crate) fn new(process: process::Child, address: SocketAddr) -> Self {
        Self { process, address }
    }

    /// Starts `command`, whose lines in `stream` tell with `find` where it listens.
    pub(crate) fn start<R: Read + Send + 'static>(
        command: &mut Command,
        stream: impl FnOnce(&mut process::Child) -> Option<R>,
        find: impl Fn(&str) -> Option<SocketAddr>,
    ) -> Self {
        let mut process = command.spawn().expect("the program is built");
        let mut lines = BufReader::new(stream(&mut process).expect("it is piped")).lines();
        let mut seen = String::new();
        for line in lines.by_ref().map_while(Result::ok) {
            if let Some(address) = find(&line) {
                // Read on, or the child would wait for room in its pipe.
                std::thread::spawn(move || lines.for_each(drop));
                return Self { process, address };
            }
            seen.push_str(&line);
            seen.push('\n');
        }
        panic!("{command:?} ended before it listened:\n{seen}");
    }

    /// User and system time until now.
    pub(crate) fn cpu(&self) -> Duration {
        cpu_of(&self.process.id().to_string())
    }

    pub(crate) fn memory(&self) -> Memory {
        let status = read_proc(&self.process.id().to_string(), "status");
        let megabytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
            kilobytes.map_or(f64::NAN, |kilobytes: f64| kilobytes / 1024.0)
        };
        Memory { now: megabytes("VmRSS:"), peak: megabytes("VmHWM:") }
    }

    /// Asks it to end, and waits until it has.
    pub(crate) fn stop(mut self) {
        let id = i32::try_from(self.process.id()).ok().and_then(Pid::from_raw);
        kill_process(id.expect("a child has an id"), Signal::TERM).expect("it runs");
        let status = self.process.wait().expect("it is a child");
        assert!(status.success(), "the child ended with {status}");
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// User and system time of this process until now.
pub(crate) fn own_cpu() -> Duration {
    cpu_of("self")
}

fn cpu_of(process: &str) -> Duration {
    /// Milliseconds a clock tick: `USER_HZ` is 100 wherever Linux runs on a server.
    const TICK: u64 = 10;
    let stat = read_proc(process, "stat");
    // The name may contain anything but ends with the last parenthesis; see proc_pid_stat(5).
    let (_, fields) = stat.rsplit_once(") ").expect("stat has a name");
    // Its own, and that of its children that have ended.
    let ticks: u64 = fields.split(' ').skip(11).take(4).filter_map(|n| n.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * TICK)
}

fn read_proc(process: &str, file: &str) -> String {
    let path = Path::new("/proc").join(process).join(file);
    std::fs::read_to_string(path).expect("the process runs, on Linux")
}
