//! A follower comes to know what its feed told, whatever happens on the way.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Arc, Mutex},
};

use hexachord_contracts::{
    Service,
    authentication::{AccountChange, Authentication, AuthenticationError, Request},
    feed::{Changes, FeedCursor, Snapshot},
    follow::{Follower, News, follow},
    harness::both_ways,
    ids::AccountId,
    service::BoxError,
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// What a feed answers, one after the other; then it is silent.
enum Answer {
    Changes(Changes<AccountChange>),
    Snapshot(Snapshot<AccountChange>),
    Refusal,
}

struct Feed(Mutex<VecDeque<Answer>>);

impl Feed {
    async fn next(&self) -> Answer {
        let next = self.0.lock().unwrap().pop_front();
        match next {
            Some(answer) => answer,
            None => std::future::pending().await,
        }
    }
}

impl Service for Feed {
    type Contract = Authentication;

    async fn handle(self: Arc<Self>, request: Request) {
        match request {
            Request::FollowAccounts(ask) => {
                ask.answer(async |_, _| match self.next().await {
                    Answer::Changes(changes) => Ok(changes),
                    Answer::Refusal => Err(AuthenticationError::Busy),
                    Answer::Snapshot(_) => panic!("changes were asked for"),
                })
                .await;
            }
            Request::AccountsSnapshot(ask) => {
                ask.answer(async |_, _| match self.next().await {
                    Answer::Snapshot(snapshot) => Ok(snapshot),
                    Answer::Refusal => Err(AuthenticationError::Busy),
                    Answer::Changes(_) => panic!("a snapshot was asked for"),
                })
                .await;
            }
            other => panic!("{other:?} is no part of a feed"),
        }
    }
}

/// Keeps what it was told, and fails once at the place it is told to.
struct Kept {
    known: BTreeSet<u64>,
    told: BTreeSet<u64>,
    cursor: Option<FeedCursor>,
    fails_at: Option<u64>,
    seen: watch::Sender<Option<FeedCursor>>,
}

impl Kept {
    fn apply_all(&mut self, changes: &[AccountChange]) {
        for change in changes {
            let AccountChange::Removed(AccountId(id)) = change else {
                panic!("the feed tells the shorter change only");
            };
            self.known.insert(*id);
            self.told.insert(*id);
        }
    }
}

impl Follower<AccountChange> for Kept {
    async fn cursor(&self) -> Result<Option<FeedCursor>, BoxError> {
        Ok(self.cursor)
    }

    async fn take(&mut self, news: News<AccountChange>) -> Result<(), BoxError> {
        match news {
            News::StartOver => self.told.clear(),
            News::Told(items) => self.apply_all(&items),
            News::ToldAll(head) => {
                self.known.retain(|id| self.told.contains(id));
                self.cursor = Some(head);
            }
            News::Changed { items, cursor, .. } => {
                if self.fails_at.take_if(|at| *at == cursor.sequence).is_some() {
                    return Err("planned".into());
                }
                self.apply_all(&items);
                self.cursor = Some(cursor);
            }
        }
        self.seen.send_replace(self.cursor);
        Ok(())
    }
}

/// Numbers are enough for a feed.
fn changes(ids: &[u64], sequence: u64) -> Answer {
    let items = ids.iter().map(|id| AccountChange::Removed(AccountId(*id))).collect();
    Answer::Changes(Changes::Page { items, cursor: FeedCursor { epoch: 1, sequence } })
}

fn snapshot(ids: &[u64], next: Option<&str>, sequence: u64) -> Answer {
    let items = ids.iter().map(|id| AccountChange::Removed(AccountId(*id))).collect();
    let head = FeedCursor { epoch: 1, sequence };
    Answer::Snapshot(Snapshot { items, next: next.map(str::to_owned), head })
}

#[tokio::test(start_paused = true)]
async fn it_starts_from_a_snapshot_and_goes_on_after_failures() {
    let told = || {
        Feed(Mutex::new(VecDeque::from([
            Answer::Refusal,
            snapshot(&[2, 4], Some("more"), 10),
            snapshot(&[6], None, 10),
            changes(&[8], 11),
            Answer::Refusal,
            // The follower fails over this one, and asks for it again.
            changes(&[10], 12),
            changes(&[10], 12),
            // Nothing came while it waited.
            changes(&[], 12),
            Answer::Changes(Changes::StartOver),
            snapshot(&[4, 8], None, 20),
            changes(&[12], 21),
        ])))
    };
    for way in 0..2 {
        let [reached, other] = both_ways(told());
        let client = if way == 0 { reached.client } else { other.client };
        let (seen, mut heard) = watch::channel(None);
        let mut kept = Kept {
            known: BTreeSet::from([100]),
            told: BTreeSet::new(),
            cursor: None,
            fails_at: Some(12),
            seen,
        };
        let stop = CancellationToken::new();
        let at_the_end = async {
            let end = Some(FeedCursor { epoch: 1, sequence: 21 });
            heard.wait_for(|cursor| *cursor == end).await.unwrap();
            stop.cancel();
        };
        tokio::join!(follow(&client, &mut kept, &stop), at_the_end);
        assert_eq!(kept.known, BTreeSet::from([4, 8, 12]), "what was not told again is gone");
        assert_eq!(kept.fails_at, None);
    }
}
