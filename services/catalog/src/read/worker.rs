//! The worker: a process that reads files for another one, within limits that it sets itself.
//!
//! Tags are hostile input. A parser that recurses, hoards or never returns ends this process, not
//! the server. Questions come on standard input, answers go to standard output, both in frames.

use std::{
    ffi::OsStr,
    io::{self, ErrorKind, Read, Write},
    os::{fd::AsFd, unix::ffi::OsStrExt},
    path::Path,
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::{Resource, Rlimit, getrlimit, setpriority_process, setrlimit},
    time::{ClockId, clock_gettime},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    MeasureJob, ReadJob, Reader,
    pictures::{PictureJob, PictureTask},
};

/// What a program is called with to be a worker.
pub const WORKER_ARGUMENT: &str = "read-files";

/// Bytes of address space: far more than any file that is not made to harm needs.
const MOST_MEMORY: u64 = 1024 * 1024 * 1024;
/// Seconds of processor time for one file. Waiting for a slow disk costs none.
const MOST_SECONDS: u64 = 5;
/// The same for each minute of audio that is listened to, and for beginning to: some hundred times what
/// it takes.
const MOST_SECONDS_A_MINUTE: u64 = 20;
/// As `nice` counts: of who looks at pictures, and of who listens.
const LOW_PRIORITY: i32 = 15;
const LEAST_PRIORITY: i32 = 19;
/// No question and no answer is longer.
const LONGEST_FRAME: u32 = 256 * 1024 * 1024;

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Question {
    /// Answered with one `ReadOutcome` for each.
    Files(Vec<ReadJob>),
    /// Answered with a `Result<PictureAnswer, ArtworkError>`.
    Picture(PictureJob, PictureTask),
    /// Answered with a `Result<Listened, NotMeasured>`.
    Measure(MeasureJob),
}

/// Says with an empty frame that its limits hold, then answers questions on standard input until
/// it ends.
///
/// # Errors
/// Fails when the limits cannot be set, or when whoever asks is gone.
pub fn run_worker() -> io::Result<()> {
    limit(Resource::As, MOST_MEMORY)?;
    limit(Resource::Core, 0)?;
    let (mut input, mut output) = (io::stdin().lock(), io::BufWriter::new(io::stdout().lock()));
    let mut reader = Reader::new();
    write_frame(&mut output, &[])?;
    output.flush()?;
    while let Some(frame) = read_frame(&mut input)? {
        match decode(&frame)? {
            Question::Files(jobs) => {
                let mut outcomes = Vec::with_capacity(jobs.len());
                for job in &jobs {
                    if is_gone(&input)? {
                        return Ok(());
                    }
                    limit(Resource::Cpu, used_seconds() + MOST_SECONDS)?;
                    outcomes.push(reader.read(job));
                }
                write_frame(&mut output, &encode(&outcomes)?)?;
            }
            Question::Picture(job, task) => {
                limit(Resource::Cpu, used_seconds() + MOST_SECONDS)?;
                if task == PictureTask::Look {
                    // Nobody waits for it.
                    nice(LOW_PRIORITY);
                }
                write_frame(&mut output, &encode(&job.carry_out(task))?)?;
            }
            Question::Measure(job) => {
                nice(LEAST_PRIORITY);
                let more = || limit(Resource::Cpu, used_seconds() + MOST_SECONDS_A_MINUTE);
                more()?;
                let mut go_on = || more().is_ok() && matches!(is_gone(&input), Ok(false));
                let answer = job.carry_out(&mut go_on);
                write_frame(&mut output, &encode(&answer)?)?;
            }
        }
        output.flush()?;
    }
    Ok(())
}

/// Lets others go first. What asks for looks, or to listen, asks for nothing else.
fn nice(priority: i32) {
    // Without it there is only more of a hurry.
    setpriority_process(None, priority).ok();
}

/// Whoever asks has ended, and reads no answer.
fn is_gone(input: &impl AsFd) -> io::Result<bool> {
    let mut watched = [PollFd::new(input, PollFlags::empty())];
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut watched, Some(&at_once))?;
    Ok(watched[0].revents().contains(PollFlags::HUP))
}

/// The kernel ends the process at the soft limit. The hard one stays: it can only be lowered.
fn limit(resource: Resource, most: u64) -> io::Result<()> {
    let maximum = getrlimit(resource).maximum;
    let current = Some(maximum.map_or(most, |maximum| most.min(maximum)));
    Ok(setrlimit(resource, Rlimit { current, maximum })?)
}

/// Of this process until now, rounded up.
fn used_seconds() -> u64 {
    let used = clock_gettime(ClockId::ProcessCPUTime).tv_sec;
    u64::try_from(used).unwrap_or(0) + 1
}

impl ReadJob {
    pub(super) fn path(&self) -> &Path {
        Path::new(OsStr::from_bytes(&self.path))
    }

    pub(super) fn library(&self) -> &Path {
        Path::new(OsStr::from_bytes(&self.library))
    }
}

pub(super) fn encode(message: &impl Serialize) -> io::Result<Vec<u8>> {
    postcard::to_allocvec(message).map_err(io::Error::other)
}

pub(super) fn decode<T: DeserializeOwned>(frame: &[u8]) -> io::Result<T> {
    postcard::from_bytes(frame).map_err(io::Error::other)
}

/// Four bytes of length (little endian), then the message.
pub(super) fn write_frame(output: &mut impl Write, message: &[u8]) -> io::Result<()> {
    let length = u32::try_from(message.len()).ok().filter(|length| *length <= LONGEST_FRAME);
    let length = length.ok_or_else(|| io::Error::other("a message is too long"))?;
    output.write_all(&length.to_le_bytes())?;
    output.write_all(message)
}

/// The next message; `None` when the other side has ended between two.
pub(super) fn read_frame(input: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let length = u32::from_le_bytes(length);
    if length > LONGEST_FRAME {
        return Err(io::Error::other("a message is too long"));
    }
    let mut message = Vec::new();
    let read = input.take(u64::from(length)).read_to_end(&mut message)?;
    if read < length as usize {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_whole_or_not_at_all() {
        let mut sent = Vec::new();
        for message in [b"one".as_slice(), b"", b"three"] {
            write_frame(&mut sent, message).unwrap();
        }
        let mut input = sent.as_slice();
        for message in [b"one".as_slice(), b"", b"three"] {
            assert_eq!(read_frame(&mut input).unwrap().as_deref(), Some(message));
        }
        assert_eq!(read_frame(&mut input).unwrap(), None);
        assert!(read_frame(&mut &sent[..5]).is_err(), "cut short");
        assert!(read_frame(&mut [0xFF; 8].as_slice()).is_err(), "4 GiB");
    }

    #[test]
    fn paths_that_are_not_utf_8_travel() {
        let job = ReadJob::of(Path::new(OsStr::from_bytes(b"music/\xFF.mp3")));
        let job = job.with_beside(Path::new("music"), &[b"\xFF.lrc".to_vec()]);
        let Question::Files(arrived) =
            decode(&encode(&Question::Files(vec![job.clone()])).unwrap()).unwrap()
        else {
            panic!("another question");
        };
        assert_eq!(arrived, [job]);
    }
}
