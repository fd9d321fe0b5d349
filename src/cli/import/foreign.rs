//! What another program's database holds, in words that are the same for all of them.

use std::collections::HashMap;

use hexachord_contracts::{ItemKind, Timestamp, catalog::WantedTrack};

/// Everything that was read.
pub(super) struct Foreign {
    /// Its name here: what it told before is recognised by it.
    pub(super) source: &'static str,
    /// The shape of the database that was found.
    pub(super) shape: String,
    pub(super) things: Things,
    pub(super) listeners: Vec<Listener>,
    /// What people should know about all of it.
    pub(super) notes: Vec<String>,
}

/// Tracks, albums and artists, each known by its place.
#[derive(Default)]
pub(super) struct Things {
    pub(super) tracks: Vec<WantedTrack>,
    pub(super) albums: Vec<Group>,
    pub(super) artists: Vec<Group>,
    places: HashMap<(ItemKind, String), usize>,
}

/// An album or an artist.
#[derive(Default)]
pub(super) struct Group {
    pub(super) name: String,
    /// The artist of an album.
    pub(super) by: Option<String>,
    pub(super) tracks: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Thing {
    pub(super) kind: ItemKind,
    pub(super) place: usize,
}

pub(super) struct Listener {
    pub(super) name: String,
    pub(super) facts: Vec<Fact>,
    pub(super) playlists: Vec<Playlist>,
}

impl Listener {
    pub(super) fn new(name: String) -> Self {
        Self { name, facts: Vec::new(), playlists: Vec::new() }
    }
}

pub(super) enum Fact {
    Play {
        track: usize,
        at: Timestamp,
    },
    Plays {
        track: usize,
        plays: u32,
        last: Timestamp,
    },
    Favourite {
        thing: Thing,
        since: Option<Timestamp>,
    },
    Rating {
        thing: Thing,
        rating: u8,
    },
    /// Known before the catalog is asked: it cannot be taken over.
    Lost {
        kind: Kind,
        what: String,
        reason: &'static str,
    },
}

/// Kinds of what is taken over, as the report counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Play,
    Plays,
    Favourite,
    Rating,
    Playlist,
}

impl Fact {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Play { .. } => Kind::Play,
            Self::Plays { .. } => Kind::Plays,
            Self::Favourite { .. } => Kind::Favourite,
            Self::Rating { .. } => Kind::Rating,
            Self::Lost { kind, .. } => *kind,
        }
    }
}

pub(super) struct Playlist {
    /// The other program's id of it.
    pub(super) key: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) public: bool,
    /// `None`: the other program does not have the track any more.
    pub(super) tracks: Vec<Option<usize>>,
}

impl Things {
    pub(super) fn add_track(&mut self, id: String, track: WantedTrack) -> usize {
        let place = self.tracks.len();
        self.tracks.push(track);
        self.places.insert((ItemKind::Track, id), place);
        place
    }

    pub(super) fn add_group(&mut self, kind: ItemKind, id: String, group: Group) {
        let groups = self.groups_mut(kind);
        groups.push(group);
        let place = groups.len() - 1;
        self.places.insert((kind, id), place);
    }

    /// The track is of this album or artist, if there is such a one.
    pub(super) fn join(&mut self, kind: ItemKind, id: &str, track: usize) {
        let Some(Thing { place, .. }) = self.find(kind, id) else { return };
        let tracks = &mut self.groups_mut(kind)[place].tracks;
        if tracks.last() != Some(&track) {
            tracks.push(track);
        }
    }

    pub(super) fn find(&self, kind: ItemKind, id: &str) -> Option<Thing> {
        let place = self.places.get(&(kind, id.to_owned()))?;
        Some(Thing { kind, place: *place })
    }

    pub(super) fn track(&self, id: &str) -> Option<usize> {
        self.find(ItemKind::Track, id).map(|thing| thing.place)
    }

    /// The album or artist.
    pub(super) fn group(&self, thing: Thing) -> Option<&Group> {
        match thing.kind {
            ItemKind::Track => None,
            ItemKind::Album => self.albums.get(thing.place),
            ItemKind::Artist => self.artists.get(thing.place),
        }
    }

    /// For people.
    pub(super) fn label(&self, thing: Thing) -> String {
        match self.group(thing) {
            None => self.track_label(thing.place),
            Some(Group { name, by: Some(by), .. }) => format!("{} {name} by {by}", thing.kind),
            Some(Group { name, .. }) => format!("{} {name}", thing.kind),
        }
    }

    pub(super) fn track_label(&self, place: usize) -> String {
        let track = &self.tracks[place];
        match (&track.title, &track.artist, &track.path) {
            (Some(title), Some(artist), _) => format!("track {title} by {artist}"),
            (Some(title), None, _) => format!("track {title}"),
            (None, _, Some(path)) => format!("track {path}"),
            (None, _, None) => "a track without a name".to_owned(),
        }
    }

    fn groups_mut(&mut self, kind: ItemKind) -> &mut Vec<Group> {
        if kind == ItemKind::Artist { &mut self.artists } else { &mut self.albums }
    }
}
