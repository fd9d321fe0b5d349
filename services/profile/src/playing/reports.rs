//! What the devices of one account play.

use std::time::Duration;

use hexachord_contracts::{
    Timestamp,
    profile::{PlaybackState, ReportPlayback},
};

use super::{Heard, listening::Listening};

/// Devices of one account that are remembered: a new one takes the place of the one that has been
/// silent for longest.
const DEVICES: usize = 16;
/// What was not heard of for so long is forgotten.
const LONGEST_SILENCE: Duration = Duration::from_hours(24);

#[derive(Debug, Default)]
pub(crate) struct Reports(Vec<(String, Listening)>);

impl Reports {
    pub(super) fn iter(&self) -> impl Iterator<Item = &(String, Listening)> {
        self.0.iter()
    }

    /// What its listening, and one that it ends, come to; each of them may count.
    pub(super) fn take(
        &mut self,
        report: &ReportPlayback,
        duration_ms: u64,
        now: Timestamp,
    ) -> Vec<Heard> {
        self.0.retain(|(_, listening)| now.since(listening.reported_at) < LONGEST_SILENCE);
        let heard = |listening: &Listening| Heard {
            device: report.device.clone(),
            listening: listening.clone(),
        };
        let known = self.0.iter_mut().find(|(device, _)| *device == report.device);
        let Some((_, listening)) = known else {
            // There is nothing to end.
            if report.state != PlaybackState::Stopped {
                self.add(&report.device, Listening::begin(report, duration_ms, now));
            }
            return Vec::new();
        };
        if listening.track != report.track && report.state == PlaybackState::Stopped {
            // It ended when the other one began, before its own player said so.
            return Vec::new();
        }
        let goes_on = listening.track == report.track && !listening.is_begun_anew_by(report, now);
        let mut all = Vec::new();
        if goes_on {
            listening.go_on(report, now);
        } else {
            let was_stopped = listening.state == PlaybackState::Stopped;
            listening.end(now);
            if listening.count && !was_stopped {
                all.push(heard(listening));
            }
            *listening = Listening::begin(report, duration_ms, now);
        }
        if listening.count {
            all.push(heard(listening));
        }
        all
    }

    fn add(&mut self, device: &str, listening: Listening) {
        if self.0.len() >= DEVICES {
            let silent = self.0.iter().enumerate().min_by_key(|(_, (_, it))| it.reported_at);
            if let Some((place, _)) = silent {
                self.0.swap_remove(place);
            }
        }
        self.0.push((device.to_owned(), listening));
    }
}
