//! Tells the platform what the other program's people did.

use std::collections::BTreeMap;

use hexachord_contracts::{
    ids::{AccountId, TrackId},
    profile::{ImportedPlaylist, MOST_AT_ONCE, Taken},
};
use http::Method;
use indicatif::ProgressBar;
use serde::Deserialize;
use serde_json::json;

use super::{
    AT_ONCE,
    accounts::Owner,
    foreign::{Foreign, Kind, Listener, Playlist},
    matches::Matches,
    merged::AllMerged,
    progress,
    report::Report,
};
use crate::cli::backend::{Backend, BackendError};

pub(super) struct Taking<'t> {
    pub(super) foreign: &'t Foreign,
    pub(super) matches: &'t Matches,
    pub(super) owners: &'t [Option<Owner>],
    pub(super) dry_run: bool,
}

#[derive(Deserialize)]
struct Answer {
    items: Vec<Taken>,
}

impl Taking<'_> {
    pub(super) async fn run(
        &self,
        backend: &mut Backend,
        report: &mut Report,
    ) -> Result<(), BackendError> {
        let mut of_accounts: BTreeMap<AccountId, Vec<&Listener>> = BTreeMap::new();
        for (listener, owner) in self.foreign.listeners.iter().zip(self.owners) {
            match owner {
                Some(owner) => of_accounts.entry(owner.id).or_default().push(listener),
                None => report.stranger(listener),
            }
        }
        let mut all = Vec::new();
        for (account, listeners) in of_accounts {
            let mut merged = AllMerged::default();
            for listener in &listeners {
                let known = (self.foreign, self.matches);
                merged.add(&listener.name, &listener.facts, known, report);
            }
            all.push((account, listeners, merged));
        }
        let length = all.iter().map(|(_, listeners, merged)| {
            let playlists: usize = listeners.iter().map(|listener| listener.playlists.len()).sum();
            merged.facts.len() + playlists
        });
        let bar = progress(length.sum(), "taken over");
        for (account, listeners, merged) in all {
            self.history(backend, report, account, &merged, &bar).await?;
            for listener in listeners {
                for playlist in &listener.playlists {
                    self.playlist(backend, report, account, (&listener.name, playlist)).await?;
                    bar.inc(1);
                }
            }
        }
        bar.finish_and_clear();
        Ok(())
    }

    async fn history(
        &self,
        backend: &mut Backend,
        report: &mut Report,
        account: AccountId,
        merged: &AllMerged,
        bar: &ProgressBar,
    ) -> Result<(), BackendError> {
        for part in merged.facts.chunks(AT_ONCE) {
            let facts: Vec<_> = part.iter().map(|merged| &merged.fact).collect();
            let body = json!({
                "account_id": account,
                "source": self.foreign.source,
                "facts": facts,
                "dry_run": self.dry_run,
            });
            let path = "/api/v1/admin/import/history";
            let answer: Answer = backend.ask(Method::POST, path, Some(body)).await?;
            for (merged, taken) in part.iter().zip(answer.items) {
                report.taken(merged.kind, taken, &merged.who, &merged.what, merged.count);
            }
            bar.inc(part.len() as u64);
        }
        Ok(())
    }

    async fn playlist(
        &self,
        backend: &mut Backend,
        report: &mut Report,
        account: AccountId,
        (who, playlist): (&str, &Playlist),
    ) -> Result<(), BackendError> {
        report.found(Kind::Playlist, 1);
        let matched = playlist.tracks.iter().flatten().filter_map(|track| self.matches.of(*track));
        let tracks: Vec<TrackId> = matched.map(|found| found.track.id).collect();
        report.entries(playlist.tracks.len(), tracks.len());
        let refused = if tracks.is_empty() && !playlist.tracks.is_empty() {
            Some("none of its tracks is here")
        } else if tracks.len() > MOST_AT_ONCE {
            Some("it has more than 25,000 tracks")
        } else {
            None
        };
        let what = format!("playlist {}", playlist.name);
        if let Some(reason) = refused {
            report.missed(Kind::Playlist, who, &what, reason, 1);
            return Ok(());
        }
        for track in &playlist.tracks {
            if track.is_none_or(|track| self.matches.of(track).is_none()) {
                let label = track.map(|track| self.foreign.things.track_label(track));
                report.missed_entry(who, &playlist.name, label);
            }
        }
        let body = json!({
            "account_id": account,
            "source": self.foreign.source,
            "key": playlist.key,
            "name": playlist.name,
            "description": playlist.description,
            "public": playlist.public,
            "track_ids": tracks,
            "dry_run": self.dry_run,
        });
        let path = "/api/v1/admin/import/playlists";
        let answer: ImportedPlaylist = backend.ask(Method::POST, path, Some(body)).await?;
        report.taken(Kind::Playlist, answer.taken, who, &what, 1);
        Ok(())
    }
}
