//! How much further forward each document stands, by caller: made when it is first asked for, and
//! kept up with what changes.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

use hexachord_contracts::{
    ids::AccountId,
    item::{ItemId, ItemKind},
};

use crate::{
    schema::Kind,
    segment::Segment,
    taste::{Liking, Taste},
};

/// Callers whose boosts are kept: each costs a byte a document.
const MOST: usize = 16;
/// To look an item up costs as much as to look at so many documents.
const ITEM_COSTS: usize = 16;

/// Of the documents of one segment, also of those that are deleted by now.
#[derive(Default)]
pub(crate) struct Boosts {
    /// The last one is the one that was asked for last.
    known: Mutex<Vec<Known>>,
}

struct Known {
    account: Option<AccountId>,
    generation: (u64, u64),
    boosts: Arc<[u8]>,
}

impl Segment {
    /// By document; empty when nothing stands anywhere else.
    pub(crate) fn boosts(
        &self,
        account: Option<AccountId>,
        liking: &Liking,
        taste: &Taste,
    ) -> io::Result<Arc<[u8]>> {
        if let Some(known) = self.known_boosts(account, liking, taste)? {
            return Ok(known);
        }
        let boosts = if account.is_some() && liking.own.count() < self.length() / ITEM_COSTS {
            let mut boosts = self.boosts(None, &liking.of_all(), taste)?;
            self.change(&mut boosts, &taste.boosts_of(&liking.own))?;
            boosts
        } else {
            taste.boosts(&liking.own, self.items()).into()
        };
        let made = Known { account, generation: liking.generation, boosts: Arc::clone(&boosts) };
        let mut known = self.boosts.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|known| known.account != account);
        if known.len() >= MOST {
            known.remove(0);
        }
        known.push(made);
        Ok(boosts)
    }

    /// Those that were made before, with what changed since.
    fn known_boosts(
        &self,
        account: Option<AccountId>,
        liking: &Liking,
        taste: &Taste,
    ) -> io::Result<Option<Arc<[u8]>>> {
        let mut known = self.boosts.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(place) = known.iter().position(|known| known.account == account) else {
            return Ok(None);
        };
        let mut found = known.remove(place);
        if found.generation != liking.generation {
            let Some(changed) = taste.changed(liking, found.generation) else { return Ok(None) };
            self.change(&mut found.boosts, &changed)?;
            found.generation = liking.generation;
        }
        let boosts = Arc::clone(&found.boosts);
        known.push(found);
        Ok(Some(boosts))
    }

    fn change(&self, boosts: &mut Arc<[u8]>, changed: &[(ItemId, u8)]) -> io::Result<()> {
        for (item, boost) in changed {
            self.each_of_key(&item.to_string(), |document| {
                if boosts.is_empty() {
                    *boosts = vec![0; self.length()].into();
                }
                if let Some(place) = Arc::make_mut(boosts).get_mut(document as usize) {
                    *place = *boost;
                }
            })?;
        }
        Ok(())
    }

    fn items(&self) -> impl Iterator<Item = Option<ItemId>> {
        let documents = 0..u32::try_from(self.length()).unwrap_or(u32::MAX);
        documents.map(|document| {
            let kind = item_kind(self.kind(document).kind)?;
            Some(ItemId::new(kind, self.id.get_val(document)))
        })
    }
}

/// Nobody loves or plays a playlist.
pub(crate) fn item_kind(kind: u8) -> Option<ItemKind> {
    match Kind::ALL.get(usize::from(kind))? {
        Kind::Artist => Some(ItemKind::Artist),
        Kind::Album => Some(ItemKind::Album),
        Kind::Track => Some(ItemKind::Track),
        Kind::Playlist => None,
    }
}

#[cfg(test)]
mod tests {
    use hexachord_contracts::{
        feed::FeedCursor,
        follow::{Follower, News},
        ids::{LibraryId, TrackId},
        profile::{Annotation, ProfileChange},
    };
    use tantivy::IndexWriter;

    use super::*;
    use crate::{
        entry::{Entry, SeenBy},
        opening::{self, Opened},
        taste::TasteFollower,
        view::View,
    };

    const ANNA: Option<AccountId> = Some(AccountId(1));
    /// What no boost is.
    const MARK: u8 = 77;

    fn open(folder: &tempfile::TempDir) -> (Opened, IndexWriter) {
        let opened = opening::open(folder.path()).expect("there is room");
        let writer = opened.index.writer_with_num_threads(1, 15_000_000).expect("there is room");
        (opened, writer)
    }

    fn add(opened: &Opened, writer: &IndexWriter, tracks: std::ops::Range<u64>) {
        for track in tracks {
            let seen_by = SeenBy::Library(LibraryId(1));
            let entry = Entry::new(Kind::Track, track, seen_by, format!("Song {track}"));
            let key = TrackId(track).to_string();
            let document = entry.document(&opened.fields, &key, "catalog-1");
            writer.add_document(document).expect("there is room");
        }
    }

    fn commit(opened: &Opened, writer: &mut IndexWriter, before: &View) -> View {
        writer.commit().expect("there is room");
        opened.reader.reload().expect("it is there");
        let searcher = opened.reader.searcher();
        View::new(&searcher, &opened.fields, before.committed, before).expect("it can be read")
    }

    async fn told(taste: &Arc<Taste>, account: u64, track: u64, plays: u32) {
        let annotation = Annotation { plays, ..Annotation::none(ItemId::Track(TrackId(track))) };
        let change = ProfileChange::Annotation { account: AccountId(account), annotation };
        let cursor = FeedCursor { epoch: 1, sequence: 1 };
        let news = News::Changed { items: vec![change], cursor, more: false };
        TasteFollower::new(Arc::clone(taste)).take(news).await.expect("it can be taken");
    }

    fn boosts(view: &View, taste: &Taste, account: Option<AccountId>) -> Vec<Arc<[u8]>> {
        let liking = taste.liking(account);
        let boosts = |segment: &Arc<Segment>| segment.boosts(account, &liking, taste);
        view.segments.iter().map(boosts).collect::<io::Result<_>>().expect("they can be read")
    }

    #[tokio::test]
    async fn only_what_changed_is_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let (opened, mut writer) = open(&folder);
        let taste = Arc::<Taste>::default();
        add(&opened, &writer, 0..8);
        let view = commit(&opened, &mut writer, &opened.view);
        assert!(boosts(&view, &taste, ANNA)[0].is_empty());
        told(&taste, 1, 3, 1).await;
        told(&taste, 2, 4, 4).await;
        assert_eq!(*boosts(&view, &taste, ANNA)[0], [0, 0, 0, 2, 2, 0, 0, 0]);
        assert_eq!(*boosts(&view, &taste, None)[0], [0, 0, 0, 1, 2, 0, 0, 0]);

        for known in view.segments[0].boosts.known.lock().unwrap().iter_mut() {
            Arc::make_mut(&mut known.boosts)[7] = MARK;
        }
        let in_use = boosts(&view, &taste, ANNA);
        told(&taste, 1, 3, 0).await;
        told(&taste, 1, 5, 3).await;
        assert_eq!(*boosts(&view, &taste, ANNA)[0], [0, 0, 0, 0, 2, 3, 0, MARK]);
        assert_eq!(*in_use[0], [0, 0, 0, 2, 2, 0, 0, MARK], "a search goes on with what it has");
        // Another commit: documents are new and deleted, and the first segment is the same.
        writer.delete_term(opened.fields.of_key(&TrackId(5).to_string()));
        add(&opened, &writer, 5..6);
        let view = commit(&opened, &mut writer, &view);
        assert_eq!(view.segments.len(), 2);
        told(&taste, 2, 6, 1).await;
        let now = boosts(&view, &taste, ANNA);
        assert_eq!((&*now[0], &*now[1]), (&[0, 0, 0, 0, 2, 3, 1, MARK][..], &[3][..]));
        assert_eq!(*boosts(&view, &taste, None)[0], [0, 0, 0, 0, 2, 1, 1, MARK]);
        // More changes than are remembered.
        for plays in 0..1000 {
            told(&taste, 1, 3, plays % 2).await;
        }
        assert_eq!(*boosts(&view, &taste, ANNA)[0], [0, 0, 0, 2, 2, 3, 1, 0]);
    }

    #[tokio::test]
    async fn what_few_have_touched_is_what_all_play_and_a_few_changes() {
        let folder = tempfile::tempdir().unwrap();
        let (opened, mut writer) = open(&folder);
        let taste = Arc::<Taste>::default();
        add(&opened, &writer, 0..2 * ITEM_COSTS as u64);
        let view = commit(&opened, &mut writer, &opened.view);
        told(&taste, 1, 3, 3).await;
        told(&taste, 2, 4, 16).await;
        assert_eq!(boosts(&view, &taste, None)[0][..8], [0, 0, 0, 1, 3, 0, 0, 0]);
        for known in view.segments[0].boosts.known.lock().unwrap().iter_mut() {
            Arc::make_mut(&mut known.boosts)[7] = MARK;
        }
        assert_eq!(boosts(&view, &taste, ANNA)[0][..8], [0, 0, 0, 3, 3, 0, 0, MARK]);
        assert_eq!(boosts(&view, &taste, None)[0][..8], [0, 0, 0, 1, 3, 0, 0, MARK]);
        // Who has touched many is looked up document by document.
        told(&taste, 3, 5, 1).await;
        told(&taste, 3, 6, 1).await;
        assert_eq!(boosts(&view, &taste, Some(AccountId(3)))[0][..8], [0, 0, 0, 1, 3, 2, 2, 0]);
    }
}
