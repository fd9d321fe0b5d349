//! Music that goes on: what comes after some items, and never the same again.

use std::{collections::HashSet, time::Duration};

use hexachord_contracts::{
    Timestamp,
    ids::{AccountId, TrackId},
    item::ItemId,
    recommendation::{ContinueFrom, Recommended},
};

use crate::{
    alike::{Alike, Likely},
    chance::Chance,
    knowledge::Memory,
    recommend::recommend,
    seeds::Seeds,
    spread::{Candidate, FOR_YOU, best_first, spread},
    viewer::Viewer,
};

/// What was heard so lately is of the same sitting.
const A_SITTING: Duration = Duration::from_hours(4);
/// How far chance moves a track, in standard deviations of how alike tracks are.
const BY_CHANCE: f32 = 0.5;

/// `None`: the viewer sees no track of any of the items.
pub(crate) fn continue_from(
    memory: &Memory,
    viewer: &Viewer,
    account: AccountId,
    call: &ContinueFrom,
    now: Timestamp,
) -> Option<Vec<Recommended>> {
    let seeds = Seeds::of(memory, viewer, &call.items)?;
    let mut excluded: HashSet<TrackId> = call.exclude.iter().copied().collect();
    if let [ItemId::Track(alone)] = call.items[..] {
        excluded.insert(alone);
    }
    let alike = Alike::of(&seeds, viewer, |slot| excluded.contains(&seeds.id(slot)));
    let heard = memory.listeners.get(account).map(|history| &history.tracks);
    let is_heard = |id: &TrackId| {
        let last = heard.and_then(|heard| heard.get(id)?.last_played_at);
        last.is_some_and(|last| now.since(last) < A_SITTING)
    };
    let chance = Chance::of(account, now);
    let candidate = |one: Likely| {
        let (id, slot) = (seeds.id(one.slot), one.slot);
        Candidate { score: one.score + BY_CHANCE * chance.share(("radio", id)), id, slot }
    };
    let candidates = alike.each().filter(|one| one.is_alike).map(candidate);
    let (again, new): (Vec<_>, Vec<_>) = candidates.partition(|one| is_heard(&one.id));
    let limit = call.limit as usize;
    let mut chosen = spread(best_first(new), &memory.library, FOR_YOU, limit);
    let rest = limit - chosen.len();
    chosen.extend(spread(best_first(again), &memory.library, FOR_YOU, rest));
    let recommended = |one: Candidate| Recommended {
        track: one.id,
        score: one.score,
        reason: alike.reason(one.slot),
    };
    let mut next: Vec<Recommended> = chosen.into_iter().map(recommended).collect();
    if next.len() < limit {
        // Nothing more is like it: then what suits the listener.
        excluded.extend(next.iter().map(|one| one.track));
        let for_you = recommend(memory, viewer, account, limit + excluded.len(), now);
        let others = for_you.into_iter().filter(|one| !excluded.contains(&one.track));
        next.extend(others.take(limit - next.len()));
    }
    Some(next)
}
