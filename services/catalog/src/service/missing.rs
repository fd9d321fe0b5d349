//! Folders, and tracks whose files are not there.

use std::{collections::BTreeSet, sync::Arc};

use hexachord_contracts::{
    Context,
    catalog::{FolderPage, ForgetTracks, Forgotten, ListFolder, ListMissing, MissingTrack},
    page::Page,
};

use super::{Catalog, Refusable, at_most_a_page, may_administer, refusal};
use crate::{
    browse::{self, Viewer, not_found},
    store::Forget,
};

impl Catalog {
    pub(super) async fn list_folder(
        &self,
        call: ListFolder,
        context: Context,
    ) -> Refusable<FolderPage> {
        let viewer = Viewer::of(&context)?;
        let library = self.libraries.get(call.folder.library);
        let library = library.filter(|library| viewer.sees(library.id));
        let library = library.ok_or_else(|| not_found("folder"))?;
        let name = library.name.to_string();
        self.browse(browse::list_folder(call, viewer, name)?).await
    }

    pub(super) async fn list_missing(
        &self,
        call: ListMissing,
        context: Context,
    ) -> Refusable<Page<MissingTrack>> {
        may_administer(&context)?;
        self.browse(browse::list_missing(&call, Viewer::of(&context)?)?).await
    }

    pub(super) async fn forget_tracks(
        &self,
        call: ForgetTracks,
        context: Context,
    ) -> Refusable<u64> {
        may_administer(&context)?;
        let forget = Forget { viewer: Viewer::of(&context)?, now: self.resources.clock.now() };
        match call.which {
            Forgotten::These(tracks) => {
                at_most_a_page("these", tracks.len())?;
                let tracks: Arc<BTreeSet<_>> = Arc::new(tracks.into_iter().collect());
                let job = move |write: &_| forget.these(write, &tracks);
                self.store.write(job).await.map_err(refusal)?
            }
            Forgotten::MissingSince(moment) => {
                let (mut forgotten, mut after) = (0, None);
                loop {
                    let (forget, from) = (forget.clone(), after.take());
                    let job = move |write: &_| forget.some_since(write, moment, from.as_deref());
                    let (count, next) = self.store.write(job).await.map_err(refusal)?;
                    forgotten += count;
                    if next.is_none() {
                        return Ok(forgotten);
                    }
                    after = next;
                }
            }
        }
    }
}
