//! What is played at the moment: reports of players, and the plays that they come to.

mod listening;
mod reports;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use hexachord_contracts::{
    Context, Timestamp,
    ids::{AccountId, TrackId},
    item::{ItemId, ItemKind},
    profile::{
        ListNowPlaying, NowPlaying, PlaybackState, ProfileError, RecordPlay, RecordedPlay,
        ReportPlayback,
    },
};

use self::{listening::Listening, reports::Reports};
use crate::{
    errors::{Refusable, invalid, no_such_item},
    plays::{LONGEST_PLAY_MS, Origin, counts},
    service::Profile,
    store::{ACCOUNTS, AccountRow, Projection, TRACKS, TrackRow, record},
    texts,
    viewer::{Listener, Viewer},
};

/// The reports of all accounts. In memory only: what somebody plays now is not worth a write, and the
/// plays that come of it are kept as every play is.
#[derive(Default)]
pub(crate) struct Playing(Mutex<HashMap<AccountId, Reports>>);

/// Something that was heard long enough.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Heard {
    device: String,
    listening: Listening,
}

impl Profile {
    /// Answers the play of this track, once there is one.
    pub(crate) async fn report_playback(
        &self,
        call: ReportPlayback,
        context: Context,
    ) -> Refusable<Option<RecordedPlay>> {
        let listener = Listener::of(&context)?;
        texts::position(call.position_ms)?;
        if call.rate_permille > ReportPlayback::FASTEST {
            let reason = format!("is more than {}", ReportPlayback::FASTEST);
            return Err(invalid("rate_permille", reason));
        }
        let call = ReportPlayback { device: texts::device(&call.device), ..call };
        let duration_ms = self.duration_of(call.track, &listener, &context).await?;
        let now = self.clock.now();
        let (heard, is_news) =
            self.resources.playing.take(listener.account, &call, duration_ms, now);
        if is_news {
            self.resources.news.now_playing();
        }
        let mut recorded = None;
        for Heard { device, listening } in heard {
            let Listening { track, started_at, heard_ms, .. } = listening;
            let play = RecordPlay {
                track,
                started_at,
                listened_ms: heard_ms.min(LONGEST_PLAY_MS),
                source: None,
                device,
                id: None,
            };
            match self.record(&context, &listener, Origin::Report, play).await {
                Ok(play) if track == call.track => recorded = Some(play),
                Ok(_of_the_one_before) => {}
                // The track before is gone by now, or hidden: that is no fault of this report.
                Err(ProfileError::NotFound { .. }) if track != call.track => {}
                Err(error) => return Err(error),
            }
        }
        Ok(recorded)
    }

    /// How long the track is; refused when the listener may not see it.
    async fn duration_of(
        &self,
        track: TrackId,
        listener: &Listener,
        context: &Context,
    ) -> Refusable<u64> {
        let mut row = self.track_row(track).await?;
        if row.is_none() {
            // The projection is late, or there is no such track.
            self.ask_catalog(context, vec![ItemId::Track(track)]).await?;
            row = self.track_row(track).await?;
        }
        let seen = row.filter(|row| listener.access.allows(row.library));
        Ok(seen.ok_or_else(|| no_such_item(ItemKind::Track))?.duration_ms)
    }

    async fn track_row(&self, track: TrackId) -> Refusable<Option<TrackRow>> {
        self.read(move |read| {
            let row: Option<TrackRow> = record(&read.open_table(TRACKS)?, &track.0)?;
            Ok(Ok(row.filter(|row| !row.gone)))
        })
        .await
    }

    pub(crate) async fn list_now_playing(
        &self,
        _call: ListNowPlaying,
        context: Context,
    ) -> Refusable<Vec<NowPlaying>> {
        let viewer = Viewer::of(&context)?;
        let now = self.clock.now();
        let playing = Arc::clone(&self.resources.playing);
        self.read(move |read| {
            let projection = Projection::open(read, viewer.access)?;
            let accounts = read.open_table(ACCOUNTS)?;
            let mut seen = Vec::new();
            for (account, device, listening) in playing.now(now) {
                let row: Option<AccountRow> = record(&accounts, &account.0)?;
                // An account that is gone leaves nothing behind.
                let Some(row) = row else {
                    playing.forget(account);
                    continue;
                };
                if projection.sees(ItemId::Track(listening.track))? {
                    seen.push(now_playing(account, row.username, device, &listening, now));
                }
                if seen.len() == ListNowPlaying::MOST {
                    break;
                }
            }
            Ok(Ok(seen))
        })
        .await
    }
}

fn now_playing(
    account: AccountId,
    username: String,
    device: String,
    listening: &Listening,
    now: Timestamp,
) -> NowPlaying {
    NowPlaying {
        account,
        username,
        track: listening.track,
        device,
        state: listening.state,
        position_ms: listening.position_at(now),
        rate_permille: listening.rate_permille,
        started_at: listening.started_at,
        reported_at: listening.reported_at,
    }
}

impl Playing {
    /// What has been heard long enough by now, and whether others see something else than they did.
    fn take(
        &self,
        account: AccountId,
        report: &ReportPlayback,
        duration_ms: u64,
        now: Timestamp,
    ) -> (Vec<Heard>, bool) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let reports = all.entry(account).or_default();
        let of_device = |reports: &Reports| {
            let of_device = reports.iter().find(|(device, _)| *device == report.device);
            of_device.map(|(_, listening)| listening.clone())
        };
        // One that ended by itself may not have been told of yet, and nobody finds it stopped later.
        let before = of_device(reports).filter(|it| it.state != PlaybackState::Stopped);
        let mut heard = reports.take(report, duration_ms, now);
        let after = of_device(reports).filter(|it| it.is_shown_at(now));
        let is_news = match (before, after) {
            (None, None) => false,
            (Some(before), Some(after)) if before.is_shown_at(now) => {
                before.is_otherwise(&after, now)
            }
            _ => true,
        };
        heard.retain(|heard| counts(heard.listening.heard_ms, heard.listening.duration_ms));
        (heard, is_news)
    }

    /// What is played now, the latest report first.
    fn now(&self, now: Timestamp) -> Vec<(AccountId, String, Listening)> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_all = all.iter().flat_map(|(account, reports)| {
            let shown = reports.iter().filter(|(_, listening)| listening.is_shown_at(now));
            shown.map(|(device, listening)| (*account, device.clone(), listening.clone()))
        });
        let mut playing: Vec<_> = of_all.collect();
        playing.sort_by_key(|(account, _, listening)| {
            (std::cmp::Reverse(listening.reported_at), account.0)
        });
        playing
    }

    /// Has a listening ended by itself since `before`?
    pub(crate) fn has_ended_between(&self, before: Timestamp, now: Timestamp) -> bool {
        self.any_end(|ends_at| before <= ends_at && ends_at < now).is_some()
    }

    /// When the next one will.
    pub(crate) fn next_end(&self, now: Timestamp) -> Option<Timestamp> {
        self.any_end(|ends_at| now <= ends_at)
    }

    /// The first end of a listening that is not stopped and ends so.
    fn any_end(&self, is_wanted: impl Fn(Timestamp) -> bool) -> Option<Timestamp> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let listenings = all.values().flat_map(Reports::iter).map(|(_, listening)| listening);
        let going_on = listenings.filter(|listening| listening.state != PlaybackState::Stopped);
        going_on.map(Listening::ends_at).filter(|ends_at| is_wanted(*ends_at)).min()
    }

    fn forget(&self, account: AccountId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&account);
    }
}
