//! Ours and its floor in turns (A B A B…), and the line that says how far apart they are.

use std::{
    cell::{LazyCell, RefCell},
    collections::VecDeque,
    io::Write,
    time::Duration,
};

use criterion::{BenchmarkGroup, SamplingMode, measurement::WallTime};

/// Criterion measures so many times, after its warm-up; only those times count here too.
pub(crate) const SAMPLES: usize = 10;

/// What some units of work took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Took {
    pub(crate) units: u64,
    pub(crate) wall: Duration,
    /// Of the process that did the work, where that is known.
    pub(crate) cpu: Option<Duration>,
}

/// What the printed line says besides numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    /// Within its group.
    pub(crate) name: &'a str,
    pub(crate) floor: &'a str,
    pub(crate) goal: &'a str,
    pub(crate) unit: Unit,
}

/// How the cost of one unit is written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unit {
    /// The time that one takes.
    Time,
    /// The unit is a megabyte: how many of them a second.
    MegabytesPerSecond,
}

type Group<'c> = BenchmarkGroup<'c, WallTime>;

/// Runs one bench under criterion, where the filter asks for it. Criterion sees the wall time of
/// `ours`. `iterations` are what both closures are given; they say how many units that was.
pub(crate) fn compare<S, F: FnOnce() -> S>(
    group: &mut Group<'_>,
    prefix: &str,
    line: &Line<'_>,
    setup: &LazyCell<S, F>,
    mut ours: impl FnMut(&S, u64) -> Took,
    mut floor: impl FnMut(&S, u64) -> Took,
) {
    let samples = RefCell::new(VecDeque::with_capacity(SAMPLES));
    group.sampling_mode(SamplingMode::Flat).bench_function(line.name, |bencher| {
        let setup = LazyCell::force(setup);
        bencher.iter_custom(|iterations| {
            let theirs = floor(setup, iterations);
            let own = ours(setup, iterations);
            let mut samples = samples.borrow_mut();
            if samples.len() == SAMPLES {
                samples.pop_front();
            }
            samples.push_back((own, theirs));
            own.wall
        });
    });
    let (ours, floors): (Vec<Took>, Vec<Took>) = samples.into_inner().into_iter().unzip();
    if !ours.is_empty() {
        print(prefix, line, &ours, &floors);
    }
}

/// A line beside the ratios: a number that has no floor.
pub(crate) fn fact(text: impl std::fmt::Display) {
    drop(writeln!(std::io::stdout(), "fact   {text}\n"));
}

fn print(prefix: &str, line: &Line<'_>, ours: &[Took], floors: &[Took]) {
    let Line { name, floor, goal, unit } = line;
    let wall = versus(*unit, median(ours), median(floors));
    let cpu = match (cpu_per_unit(ours), cpu_per_unit(floors)) {
        (Some(ours), Some(floor)) => format!("; CPU {}", versus(*unit, ours, floor)),
        _ => String::new(),
    };
    let text = format!("ratio  {prefix}/{name}: {wall}{cpu} (floor: {floor}; goal: {goal})\n");
    drop(writeln!(std::io::stdout(), "{text}"));
}

fn versus(unit: Unit, ours: f64, floor: f64) -> String {
    let times = match unit {
        Unit::Time => ours / floor,
        Unit::MegabytesPerSecond => floor / ours,
    };
    format!("{} to {}, {times:.2} ×", unit.show(ours), unit.show(floor))
}

impl Unit {
    fn show(self, seconds: f64) -> String {
        match self {
            Self::Time if seconds < 0.001 => format!("{:.1} µs", seconds * 1e6),
            Self::Time if seconds < 1.0 => format!("{:.2} ms", seconds * 1e3),
            Self::Time => format!("{seconds:.2} s"),
            Self::MegabytesPerSecond => format!("{:.0} MB/s", 1.0 / seconds),
        }
    }
}

/// Seconds a unit.
fn median(samples: &[Took]) -> f64 {
    let mut each: Vec<f64> = samples.iter().map(|s| per_unit(s.wall, s.units)).collect();
    each.sort_by(f64::total_cmp);
    f64::midpoint(each[(each.len() - 1) / 2], each[each.len() / 2])
}

/// Over all samples, because the kernel counts in steps of 10 ms.
fn cpu_per_unit(samples: &[Took]) -> Option<f64> {
    let cpu: Duration = samples.iter().map(|sample| sample.cpu).sum::<Option<_>>()?;
    Some(per_unit(cpu, samples.iter().map(|sample| sample.units).sum()))
}

#[expect(clippy::cast_precision_loss, reason = "fewer units than a float can count")]
fn per_unit(took: Duration, units: u64) -> f64 {
    took.as_secs_f64() / units as f64
}
