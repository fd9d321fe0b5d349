//! Lists of channels and of episodes.

use std::collections::{HashMap, hash_map::Entry};

use hexachord_contracts::{
    catalog::{CatalogError, Episode, ListEpisodes, ListPodcasts, Podcast},
    ids::PodcastId,
    page::{Page, Paging},
};
use hexachord_storage::Record;
use redb::{ReadTransaction, ReadableTable};

use super::answers::{episode, podcast};
use crate::{
    browse::{Answer, Asked, decoded, encoded, invalid, limit_of, not_found},
    identity::sort_text,
    store::{
        EPISODE_LIST, EPISODES, EpisodeRow, PODCASTS, PodcastRow, episode_of, record, scope_key,
    },
};

/// Tells cursors of channels from those of other lists.
const CHANNELS: u8 = 40;
/// First byte of cursors of episodes.
const MARK: u8 = b'o';
/// Of channels; their texts are long.
const LONGEST_PAGE: u32 = 30;
/// No page is heavier, so that it stays below the size of a message.
const HEAVIEST: usize = 256 * 1024;
/// Bytes of an episode without its texts.
const OF_AN_EPISODE: usize = 500;

pub(crate) fn list_podcasts(
    call: &ListPodcasts,
    with_url: bool,
) -> Result<impl FnOnce(&ReadTransaction) -> Answer<Page<Podcast>> + use<>, CatalogError> {
    limit_of(&call.paging)?;
    let limit = call.paging.limit.min(LONGEST_PAGE);
    let asked = Asked::new(CHANNELS, &[], false, &Paging { limit, ..call.paging.clone() })?;
    Ok(move |read: &ReadTransaction| {
        let mut all = Vec::new();
        for entry in read.open_table(PODCASTS)?.iter()? {
            let (id, row) = entry?;
            let id = PodcastId(id.value());
            let podcast = podcast(id, &PodcastRow::from_bytes(row.value())?, with_url);
            let title = sort_text(&podcast.title, true);
            let key = [title.as_bytes(), &[0][..], &id.0.to_be_bytes()].concat();
            all.push((key, podcast));
        }
        Ok(Ok(asked.sorted(all)))
    })
}

pub(crate) fn list_episodes(
    call: &ListEpisodes,
) -> Result<impl FnOnce(&ReadTransaction) -> Answer<Page<Episode>> + use<>, CatalogError> {
    let (limit, podcast) = (limit_of(&call.paging)?, call.podcast);
    let scope = scope_key(podcast);
    let after = call.paging.cursor.as_deref().map(|text| {
        let bytes = decoded(text)?;
        let key = bytes.strip_prefix(&[MARK])?;
        (key.starts_with(&scope) && key.len() == scope.len() + 16).then(|| [key, &[0]].concat())
    });
    let not_its = || invalid("cursor", "is not a cursor of this list");
    let after = after.map(|after| after.ok_or_else(not_its)).transpose()?;
    Ok(move |read: &ReadTransaction| {
        let (podcasts, episodes) = (read.open_table(PODCASTS)?, read.open_table(EPISODES)?);
        if let Some(podcast) = podcast
            && podcasts.get(podcast.0)?.is_none()
        {
            return Ok(Err(not_found("podcast")));
        }
        let mut channels: HashMap<PodcastId, PodcastRow> = HashMap::new();
        let mut page = Page { items: Vec::new(), next_cursor: None };
        let (mut weight, mut last) = (0, Vec::new());
        let from = after.unwrap_or_else(|| scope.to_vec());
        for entry in read.open_table(EPISODE_LIST)?.range(from.as_slice()..)? {
            let (key, _) = entry?;
            let key = key.value();
            if !key.starts_with(&scope) {
                break;
            }
            if page.items.len() == limit || weight > HEAVIEST {
                page.next_cursor = Some(encoded(&[&[MARK][..], &last].concat()));
                break;
            }
            let id = episode_of(key);
            last.clear();
            last.extend_from_slice(key);
            let Some(row) = record::<EpisodeRow>(&episodes, id.0)? else { continue };
            let of = match channels.entry(row.podcast) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => match record(&podcasts, row.podcast.0)? {
                    Some(of) => new.insert(of),
                    None => continue,
                },
            };
            weight += OF_AN_EPISODE + row.told.title.len() + row.told.description.len();
            page.items.push(episode(id, row, of));
        }
        Ok(Ok(page))
    })
}
