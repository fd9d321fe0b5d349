//! What happens in the house, told as it happens, to everybody who is signed in: server-sent events
//! (WHATWG HTML, section 9.2).

mod told;

use std::{
    collections::{BTreeSet, VecDeque},
    convert::Infallible,
    sync::Arc,
    time::Duration,
};

use axum::{
    extract::State,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{Stream, stream};
use hexachord_contracts::{catalog::GetRevision, profile::GetPlayQueue};
use http::StatusCode;
use tokio::time::{Instant, sleep_until, timeout};
use utoipa_axum::{router::OpenApiRouter, routes};

use self::told::{QueueNews, Told};
use super::{NO_STORE, playing};
use crate::http::{
    credential::Who,
    edge::Edge,
    listener::Listener,
    news::{Heard, Place, Places},
    problem::{Problem, ProblemBody},
};

/// News that come quicker are told together.
const PAUSE: Duration = Duration::from_millis(500);
/// While a service is away.
const AWAY: Duration = Duration::from_secs(1);

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(events))
}

/// What happens, as events with JSON as `data`. `hello` comes first, with the version of the server and the
/// revision of one's lists; `library` when they are of another one; `services` names those that are away;
/// `queue` tells that one's queue is another one now; `now_playing` is the answer of `/now-playing`; `scan`,
/// for administrators alone, is the state of the scan. Each stream begins with all of them as they are now,
/// so it needs no `Last-Event-ID`. It ends when the credential or the server does; an account may have 8.
#[utoipa::path(get, path = "/events", tag = "listening", responses(
    (status = 200, content_type = "text/event-stream", body = Told), (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn events(State(edge): State<Arc<Edge>>, listener: Listener) -> Result<Response, Problem> {
    let Some(account) = listener.who.context.account() else {
        return Err(Problem::forbidden("only an account hears what happens: sign in as one"));
    };
    let Some(place) = edge.news.places().take(account) else {
        let most = Places::MOST;
        let detail = format!("this account has {most} streams of events open already: close one");
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-streams", detail));
    };
    let (draining, silence) = (edge.draining.clone(), edge.silence);
    let teller = Teller::new(edge, listener, place);
    let told = stream::unfold(teller, |teller| async move {
        let (event, teller) = teller.next().await?;
        Some((Ok(event), teller))
    });
    let told = futures_util::StreamExt::take_until(told, draining.cancelled_owned());
    Ok(([NO_STORE], stream_of(told, silence)).into_response())
}

fn stream_of(
    told: impl Stream<Item = Result<Event, Infallible>> + Send + 'static,
    silence: Duration,
) -> impl IntoResponse {
    Sse::new(told).keep_alive(KeepAlive::new().interval(silence))
}

/// One stream.
struct Teller {
    edge: Arc<Edge>,
    /// Asked for each event, and in a quiet house after each silence: one who was revoked hears nothing
    /// more.
    listener: Listener,
    place: Place,
    heard: Heard,
    /// What is to be looked at.
    unseen: BTreeSet<Kind>,
    /// What was told last, where the same again is no news.
    library: Option<String>,
    away: Option<Vec<&'static str>>,
    scan: Option<u64>,
    ready: VecDeque<Told>,
    looked_at: Instant,
}

/// What there may be news of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Hello,
    Library,
    Services,
    Queue,
    NowPlaying,
    Scan,
}

impl Teller {
    fn new(edge: Arc<Edge>, listener: Listener, place: Place) -> Self {
        let (heard, ready, looked_at) = (edge.news.heard(), VecDeque::new(), Instant::now());
        let unseen = [Kind::Hello, Kind::Services, Kind::Queue, Kind::NowPlaying, Kind::Scan];
        let (unseen, library, away, scan) = (BTreeSet::from(unseen), None, None, None);
        Self { edge, listener, place, heard, unseen, library, away, scan, ready, looked_at }
    }

    /// The next event; `None`: the listener may hear no more.
    async fn next(mut self) -> Option<(Event, Self)> {
        loop {
            let who = self.listener.still(&self.edge).await?;
            while let Some(told) = self.ready.pop_front() {
                if told.is_for(&who) {
                    return Some((told.event(), self));
                }
            }
            if self.unseen.is_empty() {
                // Without news it is asked again too: one who was revoked keeps no stream open.
                drop(timeout(self.edge.silence, self.wait()).await);
                continue;
            }
            self.look(&who).await;
            if self.ready.is_empty() && !self.unseen.is_empty() {
                // It is tried again, or something else happens before that.
                drop(timeout(AWAY, self.wait()).await);
            }
        }
    }

    /// Waits for news, and a moment for more of them.
    async fn wait(&mut self) {
        let Heard { library, now_playing, scan, away } = &mut self.heard;
        // None of them is closed while the edge is there.
        let kind = tokio::select! {
            Ok(()) = library.changed() => Kind::Library,
            Ok(()) = now_playing.changed() => Kind::NowPlaying,
            Ok(()) = away.changed() => Kind::Services,
            Ok(()) = self.place.queue.changed() => Kind::Queue,
            Ok(()) = scan.changed() => Kind::Scan,
            else => return std::future::pending().await,
        };
        self.unseen.insert(kind);
        sleep_until(self.looked_at + PAUSE).await;
    }

    /// Looks at what is new; what cannot be known now stays to be looked at.
    async fn look(&mut self, who: &Who) {
        self.looked_at = Instant::now();
        if self.unseen.contains(&Kind::Hello) {
            self.look_at_library(who).await;
        }
        if self.unseen.remove(&Kind::Services) {
            let away = self.heard.away.borrow_and_update().clone();
            if self.away.as_ref() != Some(&away) {
                self.ready.push_back(Told::Services { away: away.clone() });
                self.away = Some(away);
            }
        }
        if !self.ready.is_empty() {
            // It is told before others are asked, who may take their time.
            return;
        }
        self.look_at_library(who).await;
        if self.unseen.contains(&Kind::Queue)
            && let Ok(queue) = self.edge.profile.call(&who.context, GetPlayQueue {}).await
        {
            self.unseen.remove(&Kind::Queue);
            self.ready.push_back(Told::Queue(QueueNews::of(queue)));
        }
        if self.unseen.contains(&Kind::NowPlaying)
            && let Ok(playing) = playing::now(&self.edge, &who.context).await
        {
            self.unseen.remove(&Kind::NowPlaying);
            self.ready.push_back(Told::NowPlaying(playing));
        }
        if self.unseen.remove(&Kind::Scan) && who.context.may_administer() {
            let state = self.heard.scan.borrow_and_update().clone();
            if let Some(state) = state.filter(|state| self.scan != Some(state.revision)) {
                self.scan = Some(state.revision);
                self.ready.push_back(Told::Scan(Box::new(state)));
            }
        }
    }

    async fn look_at_library(&mut self, who: &Who) {
        let is_greeting = self.unseen.remove(&Kind::Hello);
        if !is_greeting && !self.unseen.contains(&Kind::Library) {
            return;
        }
        let revision = self.edge.catalog.call(&who.context, GetRevision::default()).await.ok();
        if is_greeting {
            self.ready.push_back(Told::hello(revision.clone()));
        }
        let Some(revision) = revision else {
            self.unseen.insert(Kind::Library);
            return;
        };
        self.unseen.remove(&Kind::Library);
        if !is_greeting && self.library.as_ref() != Some(&revision) {
            self.ready.push_back(Told::Library { revision: revision.clone() });
        }
        self.library = Some(revision);
    }
}
