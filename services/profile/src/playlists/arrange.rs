//! Adds, moves and removes the tracks of a playlist. Positions are those of the whole playlist,
//! with what the caller may not see.

use std::sync::Arc;

use hexachord_contracts::{
    Context, Timestamp,
    ids::{PlaylistId, TrackId},
    profile::{
        AddToPlaylist, MOST_ENTRIES, MoveInPlaylist, Playlist, ProfileError, RemoveFromPlaylist,
        ReplaceInPlaylist,
    },
};

use super::{create::at_most_at_once, own, put, show};
use crate::{
    errors::{Refusable, Stop, invalid},
    service::Profile,
    store::{Change, PlaylistRow, Totals},
    texts,
    viewer::Listener,
};

/// A playlist whose tracks are about to change.
pub(super) struct Arranged {
    id: PlaylistId,
    pub(super) row: PlaylistRow,
    entries: Vec<TrackId>,
}

impl Profile {
    pub(crate) async fn add_to_playlist(
        &self,
        call: AddToPlaylist,
        context: Context,
    ) -> Refusable<Playlist> {
        let listener = Listener::of(&context)?;
        at_most_at_once(call.tracks.len())?;
        let (call, now) = (Arc::new(call), self.clock.now());
        self.change(&context, move |change| add(change, &listener, &call, now)).await
    }

    pub(crate) async fn move_in_playlist(
        &self,
        call: MoveInPlaylist,
        context: Context,
    ) -> Refusable<Playlist> {
        let listener = Listener::of(&context)?;
        let (call, now) = (Arc::new(call), self.clock.now());
        self.change(&context, move |change| shift(change, &listener, &call, now)).await
    }

    pub(crate) async fn remove_from_playlist(
        &self,
        call: RemoveFromPlaylist,
        context: Context,
    ) -> Refusable<Playlist> {
        let listener = Listener::of(&context)?;
        if call.positions.is_empty() {
            return Err(invalid("positions", "name at least one"));
        }
        not_more_than_there_are("positions", call.positions.len())?;
        let (call, now) = (Arc::new(call), self.clock.now());
        self.change(&context, move |change| remove(change, &listener, &call, now)).await
    }

    pub(crate) async fn replace_in_playlist(
        &self,
        call: ReplaceInPlaylist,
        context: Context,
    ) -> Refusable<Playlist> {
        let listener = Listener::of(&context)?;
        at_most_at_once(call.tracks.len())?;
        let name = call.name.as_deref().map(texts::name).transpose()?;
        let (call, now) = (Arc::new(ReplaceInPlaylist { name, ..call }), self.clock.now());
        self.change(&context, move |change| replace(change, &listener, &call, now)).await
    }
}

pub(super) fn not_more_than_there_are(field: &str, positions: usize) -> Refusable<()> {
    if positions > MOST_ENTRIES {
        return Err(invalid(field, format!("are more than {MOST_ENTRIES}")));
    }
    Ok(())
}

impl Arranged {
    pub(super) fn open(
        change: &Change<'_>,
        listener: &Listener,
        id: PlaylistId,
        revision: Option<u64>,
    ) -> Result<Self, Stop> {
        let row = own(change, listener.account, id, revision)?;
        Ok(Self { id, row, entries: change.entries(id)? })
    }

    /// Adds tracks; `false` where there are none.
    pub(super) fn add(
        &mut self,
        change: &Change<'_>,
        listener: &Listener,
        (tracks, at): (&[TrackId], Option<u32>),
        now: Timestamp,
    ) -> Result<bool, Stop> {
        let length = self.entries.len();
        let at = at.map_or(Ok(length), |at| self.place("at", at, length))?;
        if length + tracks.len() > MOST_ENTRIES {
            let reason =
                format!("a playlist has at most {MOST_ENTRIES} entries, this one {length}");
            return Err(invalid("tracks", reason).into());
        }
        if tracks.is_empty() {
            return Ok(false);
        }
        for place in change.places(&listener.access, tracks)? {
            self.row.totals.add(place);
        }
        self.entries.splice(at..at, tracks.iter().copied());
        let row = self.row.clone();
        self.row = if at == length { row.changed(now) } else { row.rearranged(now) };
        Ok(true)
    }

    /// Removes the entries of positions, which the call has under this name.
    pub(super) fn remove(
        &mut self,
        change: &Change<'_>,
        (field, positions): (&str, &[u32]),
        now: Timestamp,
    ) -> Result<(), Stop> {
        let mut goes = vec![false; self.entries.len()];
        for (index, position) in positions.iter().enumerate() {
            match goes.get_mut(*position as usize) {
                Some(goes) => *goes = true,
                None => return Err(self.out_of_range(&format!("{field}[{index}]")).into()),
            }
        }
        let (mut kept, mut removed) = (Vec::with_capacity(goes.len()), Vec::new());
        for (track, goes) in self.entries.iter().zip(goes) {
            if goes { removed.push(*track) } else { kept.push(*track) }
        }
        for track in removed {
            if let Some(place) = change.track(track)?.and_then(|row| row.place()) {
                self.row.totals.take(place);
            }
        }
        self.entries = kept;
        self.row = self.row.clone().rearranged(now);
        Ok(())
    }

    pub(super) fn put(
        self,
        change: &mut Change<'_>,
        listener: &Listener,
    ) -> Result<Playlist, Stop> {
        change.put_entries(self.id, &self.entries)?;
        put(change, self.id, self.row, &listener.access)
    }

    /// Refuses a position that is behind `last`.
    fn place(&self, field: &str, position: u32, last: usize) -> Refusable<usize> {
        let position = position as usize;
        if position <= last { Ok(position) } else { Err(self.out_of_range(field)) }
    }

    fn out_of_range(&self, field: &str) -> ProfileError {
        let entries = match self.entries.len() {
            1 => "1 entry".to_owned(),
            count => format!("{count} entries"),
        };
        invalid(field, format!("is out of range: the playlist has {entries}"))
    }
}

fn add(
    change: &mut Change<'_>,
    listener: &Listener,
    call: &AddToPlaylist,
    now: Timestamp,
) -> Result<Playlist, Stop> {
    let mut list = Arranged::open(change, listener, call.playlist, call.revision)?;
    if !list.add(change, listener, (&call.tracks, call.at), now)? {
        return show(change, list.id, list.row, &listener.access);
    }
    list.put(change, listener)
}

fn shift(
    change: &mut Change<'_>,
    listener: &Listener,
    call: &MoveInPlaylist,
    now: Timestamp,
) -> Result<Playlist, Stop> {
    let mut list = Arranged::open(change, listener, call.playlist, call.revision)?;
    if call.count == 0 {
        return Err(invalid("count", "must be at least 1").into());
    }
    let length = list.entries.len();
    let final_place = length.checked_sub(1).ok_or_else(|| list.out_of_range("from"))?;
    let from = list.place("from", call.from, final_place)?;
    let count = list.place("count", call.count, length - from)?;
    let to = list.place("to", call.to, length - count)?;
    if from == to {
        return show(change, list.id, list.row, &listener.access);
    }
    if to < from {
        list.entries[to..from + count].rotate_right(count);
    } else {
        list.entries[from..to + count].rotate_left(count);
    }
    list.row = list.row.rearranged(now);
    list.put(change, listener)
}

fn remove(
    change: &mut Change<'_>,
    listener: &Listener,
    call: &RemoveFromPlaylist,
    now: Timestamp,
) -> Result<Playlist, Stop> {
    let mut list = Arranged::open(change, listener, call.playlist, call.revision)?;
    list.remove(change, ("positions", &call.positions), now)?;
    list.put(change, listener)
}

fn replace(
    change: &mut Change<'_>,
    listener: &Listener,
    call: &ReplaceInPlaylist,
    now: Timestamp,
) -> Result<Playlist, Stop> {
    let mut list = Arranged::open(change, listener, call.playlist, call.revision)?;
    list.row.totals = Totals::default();
    for place in change.places(&listener.access, &call.tracks)? {
        list.row.totals.add(place);
    }
    list.entries.clone_from(&call.tracks);
    if let Some(name) = &call.name {
        list.row.name.clone_from(name);
    }
    list.row = list.row.rearranged(now);
    list.put(change, listener)
}
