//! Libraries as administrators keep them: added, renamed and removed while the program runs.

use std::{path::PathBuf, sync::Arc};

use hexachord_contracts::{
    Context,
    catalog::{
        AddLibrary, CatalogError, FolderId, Library, LibraryDetail, LibrarySource, ListLibraries,
        ListLibraryDetails, ListServerFolders, RemoveLibrary, RenameLibrary, ServerFolders,
        WatchedHow,
    },
    ids::LibraryId,
};
use hexachord_storage::{Record, StoreError};
use redb::WriteTransaction;

use super::{Catalog, Refusable, may_administer, refusal};
use crate::{
    browse::{Viewer, invalid, not_found},
    folders_of_server::{self, Taken},
    scan::ScannedLibrary,
    store::{
        ADDED_LIBRARIES, AddedLibrary, COUNTS, LIBRARY_SCANS, ScanRow, added_libraries,
        library_row, record,
    },
};

const LONGEST_NAME: usize = 100;

impl Catalog {
    pub(super) async fn list_libraries(
        &self,
        _: ListLibraries,
        context: Context,
    ) -> Refusable<Vec<Library>> {
        let viewer = Viewer::of(&context)?;
        let seen: Vec<ScannedLibrary> = self
            .libraries
            .now()
            .iter()
            .filter(|library| viewer.sees(library.id))
            .cloned()
            .collect();
        let with_folder = context.may_administer();
        self.read(move |read| {
            let counts = read.open_table(COUNTS)?;
            let library = |library: ScannedLibrary| {
                let folder = if with_folder { library.folder } else { PathBuf::new() };
                let track_count = counts.get(library.id.0)?.map_or(0, |count| count.value());
                let row = library_row(read, library.id)?;
                let trouble = row.trouble.filter(|_| with_folder);
                let since = trouble.as_ref().map(|trouble| trouble.since);
                Ok(Library {
                    id: library.id,
                    name: library.name.to_string(),
                    folder,
                    root: FolderId::root(library.id),
                    track_count,
                    trouble: trouble.map(|trouble| trouble.text),
                    trouble_since: since,
                })
            };
            seen.into_iter().map(library).collect::<Result<_, StoreError>>().map(Ok)
        })
        .await
    }

    pub(super) async fn list_library_details(
        &self,
        _: ListLibraryDetails,
        context: Context,
    ) -> Refusable<Vec<LibraryDetail>> {
        may_administer(&context)?;
        let mut all = self.libraries.now().to_vec();
        all.extend(self.libraries.left_out().into_iter().map(|one| one.library));
        all.sort_by(|one, other| one.name.cmp(&other.name));
        self.details(all).await
    }

    pub(super) async fn list_server_folders(
        &self,
        call: ListServerFolders,
        context: Context,
    ) -> Refusable<ServerFolders> {
        may_administer(&context)?;
        let roots = Arc::clone(&self.roots);
        self.folder_places
            .run(move || folders_of_server::list(call.path.as_deref(), &roots))
            .await?
    }

    pub(super) async fn add_library(
        &self,
        call: AddLibrary,
        context: Context,
    ) -> Refusable<LibraryDetail> {
        may_administer(&context)?;
        let name = tidy(&call.name)?;
        // One after the other, so that what is checked is still so when it is written.
        let _turn = self.libraries_turn.lock().await;
        self.is_free(&name, None)?;
        let taken = Taken { libraries: self.own_libraries(), data: self.data.clone() };
        let check = move || folders_of_server::check(&call.path, &taken);
        let path = self.folder_places.run(check).await??;
        let added_at = self.resources.clock.now();
        let added = self.read(|read| added_libraries(read).map(Ok)).await?;
        let id = self.libraries.fresh_id(&name, &path, &added);
        self.put_added(id, AddedLibrary { name, path, added_at }).await?;
        tracing::info!(library = %id, "a library was added");
        self.libraries_changed(false).await?;
        self.detail(id).await
    }

    pub(super) async fn rename_library(
        &self,
        call: RenameLibrary,
        context: Context,
    ) -> Refusable<LibraryDetail> {
        may_administer(&context)?;
        let (library, name) = (call.library, tidy(&call.name)?);
        let _turn = self.libraries_turn.lock().await;
        self.is_kept_here(library)?;
        self.is_free(&name, Some(library))?;
        let job = move |write: &WriteTransaction| {
            let mut added = write.open_table(ADDED_LIBRARIES)?;
            let Some(row) = record::<AddedLibrary>(&added, library.0)? else { return Ok(()) };
            let bytes = AddedLibrary { name: name.clone(), ..row }.to_bytes()?;
            added.insert(library.0, bytes.as_slice())?;
            Ok(())
        };
        self.store.write(job).await.map_err(refusal)?;
        self.take_in_libraries().await?;
        self.detail(library).await
    }

    pub(super) async fn remove_library(
        &self,
        call: RemoveLibrary,
        context: Context,
    ) -> Refusable<()> {
        may_administer(&context)?;
        let library = call.library;
        let _turn = self.libraries_turn.lock().await;
        self.is_kept_here(library)?;
        let job = move |write: &WriteTransaction| {
            write.open_table(ADDED_LIBRARIES)?.remove(library.0)?;
            Ok(())
        };
        self.store.write(job).await.map_err(refusal)?;
        tracing::info!(%library, "a library was removed");
        self.libraries_changed(true).await
    }

    /// There is another library, or one less: a scan learns it.
    async fn libraries_changed(&self, is_one_less: bool) -> Refusable<()> {
        self.take_in_libraries().await?;
        let scanner = Arc::clone(&self.scanner);
        self.background.keep("a scan of other libraries", move |_| {
            let scanner = Arc::clone(&scanner);
            async move {
                if let Err(error) = scanner.scan_anew(is_one_less).await {
                    tracing::error!(%error, "the scan after a change of libraries cannot begin");
                }
            }
        });
        Ok(())
    }

    /// The libraries become what the store says.
    async fn take_in_libraries(&self) -> Refusable<()> {
        self.libraries.set(&self.read(|read| added_libraries(read).map(Ok)).await?);
        let followed = self.watching.follow(&self.libraries.now());
        followed.map_err(|error| CatalogError::Storage(error.to_string()))
    }

    async fn put_added(&self, id: LibraryId, row: AddedLibrary) -> Refusable<()> {
        let bytes = row.to_bytes().map_err(refusal)?;
        let job = move |write: &WriteTransaction| {
            write.open_table(ADDED_LIBRARIES)?.insert(id.0, bytes.as_slice())?;
            Ok(())
        };
        self.store.write(job).await.map_err(refusal)
    }

    fn is_free(&self, name: &str, except: Option<LibraryId>) -> Refusable<()> {
        if self.libraries.has_name(name, except) {
            return Err(CatalogError::NameTaken(name.to_owned()));
        }
        Ok(())
    }

    /// Only what was added can be changed.
    fn is_kept_here(&self, library: LibraryId) -> Refusable<()> {
        let words = match self.libraries.source(library) {
            Some(LibrarySource::Added) => return Ok(()),
            None => return Err(not_found("library")),
            Some(LibrarySource::Configuration) => {
                "this library stands in `library.folders` of the configuration: change it there, and \
                 start again"
            }
            Some(LibrarySource::Demo) => {
                "this is the demo library: it goes by itself when a library of yours is added"
            }
        };
        Err(CatalogError::NotKeptHere(words.to_owned()))
    }

    /// All but the demo.
    fn own_libraries(&self) -> Vec<(String, PathBuf)> {
        let all = self.libraries.now();
        let own = all.iter().filter(|one| {
            self.libraries.source(one.id).is_some_and(|source| source != LibrarySource::Demo)
        });
        own.map(|library| (library.name.to_string(), library.folder.clone())).collect()
    }

    async fn detail(&self, library: LibraryId) -> Refusable<LibraryDetail> {
        let known = self.libraries.get(library);
        let left_out = self.libraries.left_out().into_iter().map(|one| one.library);
        let known = known.or_else(|| left_out.into_iter().find(|one| one.id == library));
        self.details(known.into_iter().collect()).await?.pop().ok_or_else(|| not_found("library"))
    }

    async fn details(&self, libraries: Vec<ScannedLibrary>) -> Refusable<Vec<LibraryDetail>> {
        let left_out = self.libraries.left_out();
        let with_facts = |library: ScannedLibrary| {
            let source = self.libraries.source(library.id)?;
            let left_out = left_out.iter().find(|one| one.library.id == library.id);
            let why = left_out.map(|one| one.why.clone());
            let watched =
                if why.is_some() { WatchedHow::Off } else { self.watching.how(library.id) };
            Some((watched, source, why, library))
        };
        let libraries: Vec<_> = libraries.into_iter().filter_map(with_facts).collect();
        self.read(move |read| {
            let (counts, scans) = (read.open_table(COUNTS)?, read.open_table(LIBRARY_SCANS)?);
            let detail =
                |(watched, source, why, library): (_, _, Option<String>, ScannedLibrary)| {
                    let row = library_row(read, library.id)?;
                    let scan: Option<ScanRow> = record(&scans, library.id.0)?;
                    let of_scans = row.trouble.filter(|_| why.is_none());
                    let (trouble, trouble_since) =
                        of_scans.map(|trouble| (trouble.text, trouble.since)).unzip();
                    let trouble = why.or(trouble);
                    Ok(LibraryDetail {
                        id: library.id,
                        name: library.name.to_string(),
                        path: library.folder.to_string_lossy().into_owned(),
                        track_count: counts.get(library.id.0)?.map_or(0, |count| count.value()),
                        source,
                        watched,
                        last_scan_at: scan.map(|scan| scan.at),
                        trouble,
                        trouble_since,
                    })
                };
            libraries.into_iter().map(detail).collect::<Result<_, StoreError>>().map(Ok)
        })
        .await
    }
}

/// The name as it is kept.
fn tidy(name: &str) -> Refusable<String> {
    let name = name.trim();
    if name.is_empty() {
        return Err(invalid("name", "is empty".to_owned()));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(invalid("name", format!("has more than {LONGEST_NAME} characters")));
    }
    if name.chars().any(char::is_control) {
        return Err(invalid("name", "holds a control character".to_owned()));
    }
    Ok(name.to_owned())
}
