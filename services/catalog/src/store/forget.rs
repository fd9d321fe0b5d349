//! Forgetting tracks that are missing.

use std::{collections::BTreeSet, ops::Bound};

use hexachord_contracts::{Timestamp, ids::TrackId};
use hexachord_storage::StoreError;
use redb::{ReadableTable, WriteTransaction};

use super::{
    Apply,
    keys::{audio_key, last_id, library_of},
    lists::{List, Scope, behind_missing_since, list_prefix},
};
use crate::browse::{Answer, Viewer, invalid, not_found};

/// Tracks that are forgotten in one transaction.
const BATCH: usize = 1000;

/// On whose behalf tracks are forgotten, and when.
#[derive(Debug, Clone)]
pub(crate) struct Forget {
    pub(crate) viewer: Viewer,
    pub(crate) now: Timestamp,
}

impl Forget {
    /// Forgets all of these or none; how many.
    pub(crate) fn these(
        &self,
        write: &WriteTransaction,
        tracks: &BTreeSet<TrackId>,
    ) -> Answer<u64> {
        let mut apply = Apply::new(write, self.now)?;
        for track in tracks {
            let row = apply.track(*track)?.filter(|row| self.viewer.sees(row.library));
            let Some(row) = row else { return Ok(Err(not_found("track"))) };
            if row.missing_since.is_none() {
                let reason = format!("{track} is not missing: only missing tracks are forgotten");
                return Ok(Err(invalid("these", reason)));
            }
        }
        for track in tracks {
            apply.forget(*track)?;
        }
        apply.finish()?;
        Ok(Ok(tracks.len() as u64))
    }

    /// Forgets some of those that are missing since `moment` or longer; how many, and the place behind
    /// which there may be more.
    pub(crate) fn some_since(
        &self,
        write: &WriteTransaction,
        moment: Timestamp,
        after: Option<&[u8]>,
    ) -> Result<(u64, Option<Vec<u8>>), StoreError> {
        let prefix = list_prefix(List::MissingBySince, Scope::All);
        let from = after.map_or(Bound::Included(&prefix[..]), Bound::Excluded);
        let end = behind_missing_since(moment);
        let mut apply = Apply::new(write, self.now)?;
        let (mut batch, mut last, mut looked_at) = (Vec::new(), None, 0);
        for entry in apply.tables.lists.range::<&[u8]>((from, Bound::Excluded(end.as_slice())))? {
            let (key, library) = entry?;
            looked_at += 1;
            if self.viewer.sees(library_of(library.value())) {
                batch.push(TrackId(last_id(key.value())));
            }
            if looked_at == BATCH {
                last = Some(key.value().to_vec());
                break;
            }
        }
        for track in &batch {
            apply.forget(*track)?;
        }
        apply.finish()?;
        Ok((batch.len() as u64, last))
    }
}

impl Apply<'_> {
    /// Forgets a missing track with all that the catalog has of it.
    pub(super) fn forget(&mut self, id: TrackId) -> Result<(), StoreError> {
        let Some(row) = self.track(id)? else { return Ok(()) };
        let Some(since) = row.missing_since else { return Ok(()) };
        self.tables.audio.remove(&audio_key(row.fingerprint, true, id)[..])?;
        self.tables.tracks.remove(id.0)?;
        self.tables.lyrics.remove(id.0)?;
        self.tables.tagged.remove(id.0)?;
        self.tables.stale.remove(id.0)?;
        self.drop_measured(&row)?;
        self.changes.forget(id, since);
        Ok(())
    }
}
