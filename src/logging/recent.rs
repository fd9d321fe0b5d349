//! The last lines of the log, kept in memory for administrators who look at them from the page.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
};

use hexachord_contracts::{Clock, RequestId, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id},
};
use tracing_subscriber::{Layer, layer::Context, registry::LookupSpan};
use utoipa::ToSchema;

/// Lines that are kept.
const MOST: usize = 2_000;
/// Bytes of a message, and of all fields of a line together.
const LONGEST: usize = 2_000;
/// Requests of those who read the log, which are remembered.
const READERS: usize = 64;
/// The span of a request and its field, as `http/edge.rs` opens it.
const REQUEST: &str = "request";
const REQUEST_ID: &str = "id";

/// How grave a line is, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LogLine {
    /// Counts all lines since the server started.
    pub sequence: u64,
    pub time: Timestamp,
    pub level: LogLevel,
    /// The part of the program that said it.
    pub target: String,
    pub message: String,
    pub fields: BTreeMap<&'static str, String>,
    /// The request in which it was said.
    pub request_id: Option<String>,
}

/// Lines that were asked for, and how far that was looked.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub lines: Vec<LogLine>,
    /// The last line that was looked at: where to go on from.
    pub last: u64,
    /// Lines behind what was asked for are kept no longer.
    pub skipped: bool,
}

pub struct Recent {
    kept: Mutex<Kept>,
    /// The sequence of the last line.
    told: watch::Sender<u64>,
    clock: Clock,
}

#[derive(Default)]
struct Kept {
    lines: VecDeque<LogLine>,
    last: u64,
    /// The sequence of the last line that went to make room.
    forgotten: u64,
    /// Requests that are left out.
    readers: VecDeque<String>,
}

/// Those of this process: it has one log.
pub fn recent() -> &'static Recent {
    static RECENT: LazyLock<Recent> = LazyLock::new(|| Recent::new(Clock::System));
    &RECENT
}

impl Recent {
    fn new(clock: Clock) -> Self {
        Self { kept: Mutex::default(), told: watch::channel(0).0, clock }
    }

    /// At most `limit` lines as grave as `level`: those after the sequence `after`, or the last ones. A
    /// place that was not reached yet is one of an earlier start.
    pub fn find(&self, level: LogLevel, after: Option<u64>, limit: usize) -> Found {
        let kept = self.kept();
        let after = after.filter(|after| *after <= kept.last);
        let is_wanted = |line: &&LogLine| line.level <= level;
        let Some(after) = after else {
            let newest = kept.lines.iter().rev().filter(is_wanted).take(limit);
            let mut lines: Vec<LogLine> = newest.cloned().collect();
            lines.reverse();
            return Found { lines, last: kept.last, skipped: false };
        };
        let behind = kept.lines.iter().filter(|line| line.sequence > after);
        let lines: Vec<LogLine> = behind.filter(is_wanted).take(limit).cloned().collect();
        let is_cut = lines.len() == limit;
        let last = lines.last().filter(|_| is_cut).map_or(kept.last, |line| line.sequence);
        Found { lines, last, skipped: after < kept.forgotten }
    }

    /// The sequence of the last line: who waits for news waits for it to change.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.told.subscribe()
    }

    /// What is said in this request is not worth a line: whoever reads the log would otherwise read of
    /// nothing but that.
    pub fn leave_out(&self, request: RequestId) {
        let request = request.to_string();
        let mut kept = self.kept();
        kept.lines.retain(|line| line.request_id.as_ref() != Some(&request));
        if kept.readers.len() == READERS {
            kept.readers.pop_front();
        }
        kept.readers.push_back(request);
    }

    fn put(&self, line: LogLine) {
        let mut kept = self.kept();
        if line.request_id.as_ref().is_some_and(|request| kept.readers.contains(request)) {
            return;
        }
        if kept.lines.len() >= MOST
            && let Some(oldest) = kept.lines.pop_front()
        {
            kept.forgotten = oldest.sequence;
        }
        kept.last += 1;
        let (sequence, last) = (kept.last, kept.last);
        kept.lines.push_back(LogLine { sequence, ..line });
        drop(kept);
        self.told.send_modify(|told| *told = last.max(*told));
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps what the log is told.
pub(super) struct Keeping(pub(super) &'static Recent);

struct OfRequest(String);

impl<S: Subscriber + for<'s> LookupSpan<'s>> Layer<S> for Keeping {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if attributes.metadata().name() != REQUEST {
            return;
        }
        let mut said = Said::default();
        attributes.record(&mut said);
        if let (Some(span), Some(request)) = (context.span(id), said.fields.remove(REQUEST_ID)) {
            span.extensions_mut().insert(OfRequest(request));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut said = Said::default();
        event.record(&mut said);
        let spans = context.event_scope(event).into_iter().flatten();
        let request = |span: tracing_subscriber::registry::SpanRef<'_, S>| {
            span.extensions().get::<OfRequest>().map(|request| request.0.clone())
        };
        let request_id = { spans }.find_map(request);
        self.0.put(LogLine {
            sequence: 0,
            time: self.0.clock.now(),
            level: level_of(*event.metadata().level()),
            target: event.metadata().target().to_owned(),
            message: said.message,
            fields: said.fields,
            request_id,
        });
    }
}

fn level_of(level: tracing::Level) -> LogLevel {
    match level {
        tracing::Level::ERROR => LogLevel::Error,
        tracing::Level::WARN => LogLevel::Warn,
        tracing::Level::INFO => LogLevel::Info,
        tracing::Level::DEBUG => LogLevel::Debug,
        tracing::Level::TRACE => LogLevel::Trace,
    }
}

/// What a line says, within limits.
#[derive(Default)]
struct Said {
    message: String,
    fields: BTreeMap<&'static str, String>,
    bytes: usize,
}

impl Visit for Said {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.take(field, value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.take(field, format!("{value:?}"));
    }
}

impl Said {
    fn take(&mut self, field: &Field, mut value: String) {
        if field.name() == "message" {
            cut(&mut value, LONGEST);
            self.message = value;
            return;
        }
        cut(&mut value, LONGEST.saturating_sub(self.bytes));
        self.bytes += value.len();
        self.fields.insert(field.name(), value);
    }
}

/// Cuts a text that is longer than so many bytes.
fn cut(text: &mut String, most: usize) {
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most));
        text.push('…');
    }
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    fn leaked() -> &'static Recent {
        Box::leak(Box::new(Recent::new(Clock::manual(Timestamp::from_millis(5)))))
    }

    fn saying(recent: &'static Recent, say: impl FnOnce()) {
        let subscriber = tracing_subscriber::registry().with(Keeping(recent));
        tracing::subscriber::with_default(subscriber, say);
    }

    fn messages(found: &Found) -> Vec<&str> {
        found.lines.iter().map(|line| &*line.message).collect()
    }

    #[test]
    fn lines_are_found_by_how_grave_they_are_and_where_they_stand() {
        let recent = leaked();
        saying(recent, || {
            tracing::error!(cause = "a disk", number = 7, "one");
            tracing::info!("two");
            tracing::warn!("three");
        });
        let all = recent.find(LogLevel::Trace, None, 10);
        assert_eq!((messages(&all), all.last), (vec!["one", "two", "three"], 3));
        assert_eq!(messages(&recent.find(LogLevel::Warn, None, 10)), ["one", "three"]);
        assert_eq!(messages(&recent.find(LogLevel::Info, None, 2)), ["two", "three"]);
        let first = recent.find(LogLevel::Info, Some(0), 1);
        assert_eq!((messages(&first), first.last, first.skipped), (vec!["one"], 1, false));
        let rest = recent.find(LogLevel::Error, Some(1), 5);
        assert_eq!((messages(&rest), rest.last), (vec![], 3), "what is passed over is seen");
        let restarted = recent.find(LogLevel::Info, Some(900), 5);
        assert_eq!(messages(&restarted).len(), 3, "a place of an earlier start");
        let line = &all.lines[0];
        assert_eq!((&*line.fields["cause"], &*line.fields["number"]), ("a disk", "7"));
        assert_eq!(line.time, Timestamp::from_millis(5));
        assert!(line.target.ends_with("recent::tests"), "{line:?}");
    }

    #[test]
    fn only_so_much_is_kept() {
        let recent = leaked();
        let long = "ä".repeat(5_000);
        saying(recent, || {
            tracing::info!(one = long, other = long, "{long}");
            for number in 0..MOST {
                tracing::debug!(number, "x");
            }
        });
        let found = recent.find(LogLevel::Trace, Some(0), usize::MAX);
        assert_eq!((found.lines.len(), found.skipped), (MOST, true));
        assert!(!recent.find(LogLevel::Trace, Some(1), 1).skipped);
        saying(recent, || tracing::info!(one = long, other = long, "{long}"));
        let found = recent.find(LogLevel::Info, None, 1);
        let line = &found.lines[0];
        let bytes = line.message.len() + line.fields.values().map(String::len).sum::<usize>();
        assert!(bytes <= 2 * LONGEST + 3 * "…".len(), "{bytes}");
    }

    #[test]
    fn only_what_went_to_make_room_was_skipped() {
        let recent = leaked();
        let read = |reader: RequestId, lines: usize| {
            saying(recent, || {
                let _span = tracing::error_span!("request", id = %reader).entered();
                (0..lines).for_each(|number| tracing::info!(number, "read"));
            });
        };
        let say = |lines: usize| {
            saying(recent, || (0..lines).for_each(|number| tracing::info!(number, "x")));
        };
        let skipped = |after| recent.find(LogLevel::Trace, Some(after), 1).skipped;
        read(RequestId(1), 10);
        say(MOST - 10);
        recent.leave_out(RequestId(1));
        assert!(!skipped(0), "what was left out is no loss");
        say(13);
        assert_eq!([skipped(0), skipped(12), skipped(13)], [true, true, false]);
        // A line goes for one that is left out afterwards: there is room again, but it is gone.
        read(RequestId(2), 1);
        recent.leave_out(RequestId(2));
        assert_eq!([skipped(13), skipped(14)], [true, false]);
    }

    #[test]
    fn a_line_names_its_request_and_those_who_read_are_left_out() {
        let recent = leaked();
        let (one, reader) = (RequestId(1), RequestId(2));
        saying(recent, || {
            for id in [one, reader] {
                let span = tracing::error_span!("request", id = %id, method = "GET");
                let _in_span = span.enter();
                let _inner = tracing::error_span!("inner").entered();
                tracing::info!("received");
                if id == reader {
                    recent.leave_out(id);
                }
                tracing::info!("answered");
            }
        });
        let found = recent.find(LogLevel::Trace, None, 10);
        let of: Vec<_> = found.lines.iter().map(|line| line.request_id.clone()).collect();
        assert_eq!(of, [Some(one.to_string()), Some(one.to_string())]);
        assert_eq!(*recent.watch().borrow(), found.last);
    }
}
