//! Hearing of it: from profile's feed, which is told from its begin at every start.

use std::sync::Arc;

use hexachord_contracts::{
    BoxError,
    feed::FeedCursor,
    follow::{Follower, News},
    profile::ProfileChange,
};

use super::{Taste, state::State};

pub(crate) struct TasteFollower {
    taste: Arc<Taste>,
    /// What is told anew, until it is complete.
    telling: State,
}

impl TasteFollower {
    pub(crate) fn new(taste: Arc<Taste>) -> Self {
        Self { taste, telling: State::default() }
    }
}

impl Follower<ProfileChange> for TasteFollower {
    async fn cursor(&self) -> Result<Option<FeedCursor>, BoxError> {
        Ok(self.taste.cursor())
    }

    async fn take(&mut self, news: News<ProfileChange>) -> Result<(), BoxError> {
        match news {
            News::StartOver => self.telling = State::default(),
            News::Told(items) => {
                for item in &items {
                    self.telling.change(item);
                }
            }
            News::ToldAll(cursor) => {
                let mut told = std::mem::take(&mut self.telling);
                told.cursor = Some(cursor);
                self.taste.change(|state| {
                    told.goes_on_from(state);
                    *state = told;
                });
            }
            News::Changed { items, cursor, .. } => self.taste.change(|state| {
                for item in &items {
                    state.change(item);
                }
                state.cursor = Some(cursor);
            }),
        }
        Ok(())
    }
}
