//! What Jellyfin's users think of music: counts, favourites, ratings.

use std::collections::HashMap;

use hexachord_contracts::{ItemKind, Timestamp};
use jiff::tz::TimeZone;
use rusqlite::Row;

use super::{People, items::Items};
use crate::cli::import::{
    database::Database,
    error::ReadError,
    foreign::{Fact, Kind, Thing},
    values::{Bytes, count, is_true, number, text, time, uuid},
};

/// What one user thinks of one item.
#[derive(Default)]
struct Opinion {
    plays: u32,
    last: Option<Timestamp>,
    favourite: bool,
    rating: Option<f64>,
}

/// Of listeners and things, in the order of the database.
#[derive(Default)]
struct Opinions {
    order: Vec<(usize, Thing)>,
    of: HashMap<(usize, Thing), Opinion>,
}

pub(super) fn modern(
    database: &Database,
    items: &Items,
    people: &mut People,
) -> Result<Vec<String>, ReadError> {
    let mut opinions = Opinions::default();
    let query =
        "SELECT UserId, ItemId, PlayCount, LastPlayedDate, IsFavorite, Rating FROM UserData";
    database.each(query, [], |row| {
        let user = uuid(row, 0, Bytes::DotNet)?.unwrap_or_default();
        let item = uuid(row, 1, Bytes::DotNet)?.unwrap_or_default();
        opinions.add(row, people.by_id.get(&user), items.by_id.get(&item))
    })?;
    Ok(opinions.tell(items, people))
}

pub(super) fn legacy(
    database: &Database,
    items: &Items,
    people: &mut People,
) -> Result<Vec<String>, ReadError> {
    let mut opinions = Opinions::default();
    let query = "SELECT userId, key, playCount, lastPlayedDate, isFavorite, rating FROM UserDatas";
    database.each(query, [], |row| {
        let user = text(row, 0)?.unwrap_or_default();
        let key = text(row, 1)?.unwrap_or_default();
        opinions.add(row, people.by_number.get(&user), items.by_key.get(&key))
    })?;
    Ok(opinions.tell(items, people))
}

impl Opinions {
    /// One item may have several rows, one for each of its keys: they say the same, or less.
    fn add(
        &mut self,
        row: &Row<'_>,
        listener: Option<&usize>,
        thing: Option<&Thing>,
    ) -> rusqlite::Result<()> {
        // Films and series are items too.
        let (Some(listener), Some(thing)) = (listener, thing) else { return Ok(()) };
        let key = (*listener, *thing);
        let opinion = self.of.entry(key).or_insert_with(|| {
            self.order.push(key);
            Opinion::default()
        });
        opinion.plays = opinion.plays.max(count(row, 2)?.unwrap_or_default());
        opinion.last = opinion.last.max(time(row, 3, &TimeZone::UTC)?);
        opinion.favourite |= is_true(row, 4)?;
        opinion.rating = opinion.rating.or(number(row, 5)?);
        Ok(())
    }

    fn tell(mut self, items: &Items, people: &mut People) -> Vec<String> {
        let mut undated = 0_usize;
        for key in self.order {
            let Some(opinion) = self.of.remove(&key) else { continue };
            let (listener, thing) = key;
            let facts = &mut people.all[listener].facts;
            if opinion.favourite {
                facts.push(Fact::Favourite { thing, since: None });
            }
            if let Some(rating) = opinion.rating.and_then(stars) {
                facts.push(Fact::Rating { thing, rating });
            }
            if thing.kind == ItemKind::Track && opinion.plays > 0 {
                let added = || items.added.get(&thing.place).copied().inspect(|_| undated += 1);
                let last = opinion.last.or_else(added);
                let plays = opinion.plays;
                facts.push(last.map_or_else(
                    || Fact::Lost {
                        kind: Kind::Plays,
                        what: items.things.label(thing),
                        reason: "Jellyfin does not say when it was played",
                    },
                    |last| Fact::Plays { track: thing.place, plays, last },
                ));
            }
        }
        if undated == 0 {
            return Vec::new();
        }
        vec![format!(
            "Jellyfin does not say when {undated} tracks were played last: the time they were added stands for it"
        )]
    }
}

/// A rating of 1 to 10 as stars.
fn stars(rating: f64) -> Option<u8> {
    let stars = (rating / 2.0).round().clamp(1.0, 5.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is 1 to 5")]
    (rating > 0.0).then_some(stars as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_points_are_five_stars() {
        let stars: Vec<_> = [-1.0, 0.0, 0.5, 1.0, 6.5, 7.0, 10.0, 99.0].map(stars).into();
        let expected = [None, None, Some(1), Some(1), Some(3), Some(4), Some(5), Some(5)];
        assert_eq!(stars, expected);
    }
}
