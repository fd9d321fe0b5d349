//! What of listeners changed, for those who tell them: in memory, since everybody asks anew after a start.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use hexachord_contracts::{
    Context, Timestamp,
    ids::AccountId,
    profile::{AwaitListening, ListeningNews},
};
use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};
use tokio_util::sync::CancellationToken;

use crate::{errors::Refusable, feed::in_time, service::Profile, viewer::services_only};

/// Changes that are remembered: whoever is further behind looks at everything.
const MOST: usize = 256;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    NowPlaying,
    Queue(AccountId),
}

/// The last changes, numbered from 1 on.
pub(crate) struct News {
    /// How many there were.
    count: watch::Sender<u64>,
    last: Mutex<Last>,
}

struct Last {
    changes: VecDeque<Change>,
    /// When somebody looked last for what had ended by itself.
    looked_at: Timestamp,
}

impl News {
    pub(crate) fn new(now: Timestamp) -> Self {
        let last = Mutex::new(Last { changes: VecDeque::with_capacity(MOST), looked_at: now });
        Self { count: watch::channel(0).0, last }
    }

    pub(crate) fn now_playing(&self) {
        self.tell(Change::NowPlaying);
    }

    pub(crate) fn queue(&self, account: AccountId) {
        self.tell(Change::Queue(account));
    }

    fn tell(&self, change: Change) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.changes.len() == MOST {
            last.changes.pop_front();
        }
        last.changes.push_back(change);
        self.count.send_modify(|count| *count += 1);
    }

    /// Since when nobody has looked for ends; from now on, until `now` they are looked for.
    fn look(&self, now: Timestamp) -> Timestamp {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut last.looked_at, now)
    }

    /// What came after a revision; everything may have, where it is none or none of these.
    fn since(&self, revision: Option<u64>) -> ListeningNews {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let count = *self.count.borrow();
        let missed = revision.and_then(|revision| count.checked_sub(revision));
        let missed = missed.and_then(|missed| usize::try_from(missed).ok());
        let Some(known) = missed.and_then(|missed| last.changes.len().checked_sub(missed)) else {
            return ListeningNews { revision: count, now_playing: true, queues: None };
        };
        let mut news = ListeningNews { revision: count, now_playing: false, queues: None };
        let mut queues = Vec::new();
        for change in last.changes.range(known..) {
            match change {
                Change::NowPlaying => news.now_playing = true,
                Change::Queue(account) if queues.contains(account) => {}
                Change::Queue(account) => queues.push(*account),
            }
        }
        ListeningNews { queues: Some(queues), ..news }
    }
}

impl Profile {
    pub(crate) async fn await_listening(
        &self,
        call: AwaitListening,
        context: Context,
    ) -> Refusable<ListeningNews> {
        services_only(&context)?;
        let until = Instant::now() + in_time(call.wait_ms, &context);
        let (news, mut count) = (&self.resources.news, self.resources.news.count.subscribe());
        loop {
            let seen = *count.borrow_and_update();
            let next_end = self.notice_ends();
            if call.changed_from != Some(seen) || *news.count.borrow() != seen {
                return Ok(news.since(call.changed_from));
            }
            let wake = next_end.map_or(until, |end| until.min(Instant::now() + end));
            if timeout_at(wake, changed_or_retired(&mut count, &self.retired)).await
                == Ok(Wake::Retired)
                || Instant::now() >= until
            {
                return Ok(news.since(call.changed_from));
            }
        }
    }

    /// Tells that somebody's listening has ended by itself; in how long the next one will.
    fn notice_ends(&self) -> Option<Duration> {
        let (now, playing) = (self.clock.now(), &self.resources.playing);
        let looked_at = self.resources.news.look(now);
        if playing.has_ended_between(looked_at, now) {
            self.resources.news.now_playing();
        }
        // Whatever ends at a moment has ended behind it.
        playing.next_end(now).map(|end| end.since(now) + Duration::from_millis(1))
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Wake {
    Changed,
    Retired,
}

async fn changed_or_retired(count: &mut watch::Receiver<u64>, retired: &CancellationToken) -> Wake {
    tokio::select! {
        changed = count.changed() => if changed.is_ok() { Wake::Changed } else { Wake::Retired },
        () = retired.cancelled() => Wake::Retired,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_came_after_a_revision() {
        let news = News::new(Timestamp::from_millis(0));
        let everything = |revision| ListeningNews { revision, now_playing: true, queues: None };
        let some = |revision, now_playing, queues: &[u64]| ListeningNews {
            revision,
            now_playing,
            queues: Some(queues.iter().copied().map(AccountId).collect()),
        };
        assert_eq!(news.since(None), everything(0));
        assert_eq!(news.since(Some(0)), some(0, false, &[]));
        for account in [7, 8, 7] {
            news.queue(AccountId(account));
        }
        assert_eq!(news.since(Some(0)), some(3, false, &[7, 8]));
        assert_eq!(news.since(Some(2)), some(3, false, &[7]));
        news.now_playing();
        assert_eq!(news.since(Some(2)), some(4, true, &[7]));
        assert_eq!(news.since(Some(3)), some(4, true, &[]));
        assert_eq!(news.since(Some(5)), everything(4), "of a start before this one");
        for _ in 0..MOST {
            news.now_playing();
        }
        let revision = 4 + MOST as u64;
        assert_eq!(news.since(Some(4)), some(revision, true, &[]));
        assert_eq!(news.since(Some(3)), everything(revision));
    }
}
