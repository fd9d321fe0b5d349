//! How an import went: numbers and the first misses for the terminal, everything for a file.

use std::{
    fmt,
    fs::File,
    io::{self, BufWriter, Write},
};

use hexachord_contracts::profile::Taken;
use serde_json::{Value, json};

use super::{
    accounts::Owner,
    foreign::{Foreign, Kind, Listener},
    matches::{By, Matches},
};
use crate::cli::output::say;

/// Misses that the terminal shows.
const SHOWN: usize = 10;
const KINDS: [(Kind, &str); 5] = [
    (Kind::Play, "plays"),
    (Kind::Plays, "play counts"),
    (Kind::Favourite, "favourites"),
    (Kind::Rating, "ratings"),
    (Kind::Playlist, "playlists"),
];

#[derive(Default, Clone, Copy)]
struct Tally {
    found: u64,
    taken: u64,
    known: u64,
    kept: u64,
    missed: u64,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} found, {} taken over", self.found, self.taken)?;
        for (count, words) in [
            (self.known, "here already"),
            (self.kept, "kept as changed here"),
            (self.missed, "not taken over"),
        ] {
            if count > 0 {
                write!(f, ", {count} {words}")?;
            }
        }
        Ok(())
    }
}

pub(super) struct Report {
    shape: String,
    dry_run: bool,
    tallies: [Tally; KINDS.len()],
    /// Of playlists: found, and here.
    entries: (usize, usize),
    /// Looked for, found by path, found by tags.
    tracks: (usize, usize, usize),
    /// What was not taken over, for people.
    missed: Vec<String>,
    /// Who has no account, and other news.
    news: Vec<String>,
    /// For the file.
    lines: Vec<Value>,
}

impl Report {
    pub(super) fn new(
        foreign: &Foreign,
        matches: &Matches,
        owners: &[Option<Owner>],
        dry_run: bool,
    ) -> Self {
        let users = foreign.listeners.iter().zip(owners).map(|(listener, owner)| {
            json!({ "user": listener.name, "account": owner.as_ref().map(|owner| &owner.name) })
        });
        let tracks = matches.looked_for.iter().map(|place| {
            let found = matches.of(*place);
            json!({
                "track": foreign.things.track_label(*place),
                "path": foreign.things.tracks[*place].path,
                "matched": found.map(|found| found.track.id),
                "by": found.map(|found| if found.by == By::Path { "path" } else { "tags" }),
            })
        });
        let notes = foreign.notes.iter().map(|note| json!({ "note": note }));
        Self {
            shape: foreign.shape.clone(),
            dry_run,
            tallies: Default::default(),
            entries: (0, 0),
            tracks: (
                matches.looked_for.len(),
                matches.found_by(By::Path),
                matches.found_by(By::Tags),
            ),
            missed: Vec::new(),
            news: foreign.notes.clone(),
            lines: users.chain(tracks).chain(notes).collect(),
        }
    }

    pub(super) fn found(&mut self, kind: Kind, count: u64) {
        self.tally(kind).found += count;
    }

    pub(super) fn missed(&mut self, kind: Kind, who: &str, what: &str, reason: &str, count: u64) {
        self.tally(kind).missed += count;
        self.tell_missed(kind, who, what, reason);
    }

    /// What became of something that was told.
    pub(super) fn taken(&mut self, kind: Kind, taken: Taken, who: &str, what: &str, count: u64) {
        let tally = self.tally(kind);
        let reason = match taken {
            Taken::New | Taken::Changed => {
                tally.taken += count;
                return;
            }
            Taken::Known => {
                tally.known += count;
                return;
            }
            Taken::Kept => {
                tally.kept += count;
                "it was changed here, and stays as it is"
            }
            Taken::Gone => {
                tally.missed += count;
                "it is gone from the library meanwhile"
            }
            Taken::Ahead => {
                tally.missed += count;
                "it lies in the future"
            }
        };
        self.tell_missed(kind, who, what, reason);
    }

    pub(super) fn entries(&mut self, found: usize, here: usize) {
        self.entries.0 += found;
        self.entries.1 += here;
    }

    pub(super) fn missed_entry(&mut self, who: &str, playlist: &str, track: Option<String>) {
        let track = track.unwrap_or_else(|| "a track that it does not have any more".to_owned());
        let reason = "it is not found here";
        self.tell_missed(
            Kind::Playlist,
            who,
            &format!("{track} in the playlist {playlist}"),
            reason,
        );
    }

    /// Somebody without an account: nothing of theirs is taken over.
    pub(super) fn stranger(&mut self, listener: &Listener) {
        for fact in &listener.facts {
            self.found(fact.kind(), 1);
            self.tally(fact.kind()).missed += 1;
        }
        let playlists = listener.playlists.len() as u64;
        self.found(Kind::Playlist, playlists);
        self.tally(Kind::Playlist).missed += playlists;
        let name = &listener.name;
        if listener.facts.is_empty() && listener.playlists.is_empty() {
            return;
        }
        self.news.push(format!(
            "{name} has no account here and is left out: make one with `hexachord user add {name}`, \
             or name one with `--user {name}=ACCOUNT`, and import again"
        ));
    }

    fn tell_missed(&mut self, kind: Kind, who: &str, what: &str, reason: &str) {
        let kind = name(kind);
        self.missed.push(format!("{kind} of {who}: {what}: {reason}"));
        self.lines.push(json!({ "missed": kind, "user": who, "what": what, "reason": reason }));
    }

    fn tally(&mut self, kind: Kind) -> &mut Tally {
        let place = KINDS.iter().position(|(known, _)| *known == kind);
        &mut self.tallies[place.unwrap_or_default()]
    }

    /// On the terminal.
    pub(super) fn show(&self) {
        let dry = if self.dry_run { ": a dry run, nothing was changed" } else { "" };
        say(format_args!("{}{dry}", self.shape));
        let (looked_for, by_path, by_tags) = self.tracks;
        say(format_args!(
            "tracks: {looked_for} looked for, {by_path} found by path, {by_tags} by tags, {} not found",
            looked_for - by_path - by_tags
        ));
        for ((_, name), tally) in KINDS.iter().zip(&self.tallies) {
            if tally.found > 0 {
                say(format_args!("{name}: {tally}"));
            }
        }
        if self.entries.0 > 0 {
            say(format_args!(
                "tracks in playlists: {} found, {} here",
                self.entries.0, self.entries.1
            ));
        }
        for news in &self.news {
            say(news);
        }
        for missed in self.missed.iter().take(SHOWN) {
            say(format_args!("- {missed}"));
        }
        if let Some(more) = self.missed.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            say(format_args!("- and {more} more: --report FILE names them all"));
        }
    }

    /// Everything, as lines of JSON.
    pub(super) fn write(&self, file: &File) -> io::Result<()> {
        let mut to = BufWriter::new(file);
        for line in &self.lines {
            writeln!(to, "{line}")?;
        }
        for ((_, name), tally) in KINDS.iter().zip(&self.tallies) {
            let Tally { found, taken, known, kept, missed } = tally;
            let line = json!({
                "summary": name, "found": found, "taken_over": taken, "here_already": known,
                "kept": kept, "not_taken_over": missed, "dry_run": self.dry_run,
            });
            writeln!(to, "{line}")?;
        }
        to.flush()
    }
}

fn name(kind: Kind) -> &'static str {
    let known = KINDS.iter().find(|(known, _)| *known == kind);
    known.map_or("", |(_, name)| name)
}
