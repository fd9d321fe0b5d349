//! Edits, and the tracks that follow them.

use hexachord_contracts::{
    Clock, Context,
    catalog::{Edit, ListEdits, PutEdits, RemoveEdit},
    page::Page,
};
use hexachord_storage::{Store, StoreError};
use tokio::time::{Duration, sleep, timeout};

use super::{Catalog, Refusable, may_administer, refusal, wait};
use crate::{
    browse::Viewer,
    edits::{Put, checked, list_edits, remove},
    store::{finish_some, is_settled},
};

/// Before tracks that could not be brought up to date are tried again.
const PAUSE: Duration = Duration::from_secs(10);

impl Catalog {
    pub(super) async fn list_edits(
        &self,
        call: ListEdits,
        context: Context,
    ) -> Refusable<Page<Edit>> {
        may_administer(&context)?;
        self.read(list_edits(&call)?).await
    }

    pub(super) async fn put_edits(&self, call: PutEdits, context: Context) -> Refusable<Vec<Edit>> {
        may_administer(&context)?;
        let (edits, viewer) = (checked(call)?.into(), Viewer::of(&context)?);
        let put = Put { edits, viewer, now: self.resources.clock.now() };
        let made = self.store.write(move |write| put.run(write)).await.map_err(refusal)??;
        self.bring_up_to_date(&context).await;
        Ok(made)
    }

    pub(super) async fn remove_edit(&self, call: RemoveEdit, context: Context) -> Refusable<()> {
        may_administer(&context)?;
        self.store.write(move |write| remove(write, call.edit)).await.map_err(refusal)??;
        self.bring_up_to_date(&context).await;
        Ok(())
    }

    /// Until the deadline; what is not done then, or fails, is done in the background: the edit stands.
    async fn bring_up_to_date(&self, context: &Context) {
        let finished = finish(&self.store, &self.resources.clock, || true);
        if let Ok(Err(error)) = timeout(wait(u64::MAX, context), finished).await {
            tracing::warn!(%error, "tracks do not show an edit yet");
        }
    }

    /// Brings tracks up to date that no call waits for (any more), also of an earlier incarnation.
    pub(super) fn keep_edits_shown(&self) {
        let (store, clock) = (self.store.clone(), self.resources.clock.clone());
        self.background.keep("catalog-edits", move |stop| {
            let (store, clock) = (store.clone(), clock.clone());
            async move {
                let mut commits = store.commits();
                while !stop.is_cancelled() {
                    commits.mark_unchanged();
                    let finished = finish(&store, &clock, || !stop.is_cancelled()).await;
                    let pause = async {
                        match finished {
                            Ok(()) => drop(commits.changed().await),
                            Err(error) => {
                                tracing::warn!(%error, "tracks do not show an edit yet");
                                sleep(PAUSE).await;
                            }
                        }
                    };
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = pause => {}
                    }
                }
            }
        });
    }
}

/// Brings stale tracks up to date while `may_go_on` says so.
async fn finish(
    store: &Store,
    clock: &Clock,
    may_go_on: impl Fn() -> bool,
) -> Result<(), StoreError> {
    while may_go_on() && !store.read(is_settled).await? {
        let now = clock.now();
        store.write(move |write| finish_some(write, now)).await?;
    }
    Ok(())
}
