//! What is measured of tracks, and where a track is together with the gains that follow.

use std::sync::atomic::Ordering;

use hexachord_contracts::{
    Context,
    catalog::{
        AnalysisState, CatalogError, GetWaveform, ListUnmeasurable, Locate, Location, Track,
        UnmeasurableTrack, Waveform,
    },
    page::Page,
};

use super::{Catalog, Refusable, may_administer};
use crate::{
    analysis::{self, GainsFrom, measured_gains},
    browse::{self, Tracks, Viewer, not_found},
    looks::Shown,
    scan::below,
};

impl GainsFrom {
    /// Tells of each track of an answer how it is to be played.
    pub(super) fn tell(self, answer: &mut impl Shown) {
        answer.each_track(&mut |track: &mut Track| {
            let measured = measured_gains(track.loudness, track.album_loudness);
            track.gain = self.choose(&track.replay_gain, &measured);
        });
    }
}

impl Catalog {
    pub(super) async fn locate(&self, call: Locate, context: Context) -> Refusable<Location> {
        let viewer = Viewer::of(&context)?;
        let found = self.read(move |read| {
            let mut tracks = Tracks::open(read, viewer)?;
            let Some(row) = tracks.row(call.track)? else { return Ok(Err(not_found("track"))) };
            let measured = measured_gains(tracks.loudness(&row)?, tracks.album_loudness(&row)?);
            Ok(Ok((row, measured)))
        });
        let (row, measured) = found.await?;
        let folder = self.folder_of(row.library).filter(|_| row.missing_since.is_none());
        let path = below(&folder.ok_or(CatalogError::Missing)?, &row.path);
        Ok(Location {
            track: Some(call.track),
            library: Some(row.library),
            path: path.into_os_string().into_encoded_bytes(),
            content_type: row.content_type,
            codec: row.codec,
            bitrate_kbps: row.bitrate_kbps,
            duration_ms: row.duration_ms,
            excerpt: row.part.map(browse::excerpt),
            gain: self.gains.choose(&row.replay_gain, &measured),
            size: row.size,
        })
    }

    pub(super) async fn get_waveform(
        &self,
        call: GetWaveform,
        context: Context,
    ) -> Refusable<Waveform> {
        let (viewer, is_enabled) = (Viewer::of(&context)?, self.listening.is_some());
        self.read(move |read| browse::get_waveform(read, viewer, call.track, is_enabled)).await
    }

    pub(super) async fn get_analysis(&self, context: Context) -> Refusable<AnalysisState> {
        may_administer(&context)?;
        let counted = self.read(|read| analysis::count(read).map(Ok)).await?;
        let running = self.listening.as_ref().map(|running| running.load(Ordering::Relaxed));
        let (enabled, running) = (running.is_some(), running.unwrap_or(false));
        Ok(AnalysisState { enabled, running, ..counted })
    }

    pub(super) async fn list_unmeasurable(
        &self,
        call: ListUnmeasurable,
        context: Context,
    ) -> Refusable<Page<UnmeasurableTrack>> {
        may_administer(&context)?;
        self.browse(browse::list_unmeasurable(&call, Viewer::of(&context)?)?).await
    }
}
