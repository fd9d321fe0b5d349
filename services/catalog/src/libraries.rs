//! The libraries there are: those of the configuration and those that were added, or the demo where there
//! is no other. They come and go while scans and watchers run, so each of those takes them as they are
//! when it begins.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
};

use hexachord_contracts::{catalog::LibrarySource, ids::LibraryId};

use crate::{
    identity::{another_library_id, library_id},
    scan::ScannedLibrary,
    service::{LibraryFolder, SettingsError},
    store::AddedLibrary,
};

/// Shared by all of one incarnation.
#[derive(Clone)]
pub(crate) struct Libraries(Arc<Inner>);

struct Inner {
    configured: Vec<LibraryFolder>,
    demo: Option<LibraryFolder>,
    now: RwLock<Now>,
}

struct Now {
    /// By name.
    list: Arc<[ScannedLibrary]>,
    /// Those of the list that were added.
    added: Vec<LibraryId>,
    /// Those that were added and cannot be in the list.
    left_out: Vec<LeftOut>,
}

/// An added library whose folder is another one's by now: the configuration may have been given it.
#[derive(Debug, Clone)]
pub(crate) struct LeftOut {
    pub(crate) library: ScannedLibrary,
    /// A sentence for administrators.
    pub(crate) why: String,
}

impl Libraries {
    pub(crate) fn new(
        configured: &[LibraryFolder],
        demo: Option<&LibraryFolder>,
        added: &[(LibraryId, AddedLibrary)],
    ) -> Result<Self, SettingsError> {
        for (place, LibraryFolder { name, .. }) in configured.iter().enumerate() {
            if configured[..place].iter().any(|known| known.name == *name) {
                return Err(SettingsError::TwoOfOneName(name.clone()));
            }
        }
        let now = RwLock::new(compose(configured, demo, added));
        Ok(Self(Arc::new(Inner { configured: configured.to_vec(), demo: demo.cloned(), now })))
    }

    /// Those that were added are these now.
    pub(crate) fn set(&self, added: &[(LibraryId, AddedLibrary)]) {
        let now = compose(&self.0.configured, self.0.demo.as_ref(), added);
        *self.0.now.write().unwrap_or_else(PoisonError::into_inner) = now;
    }

    pub(crate) fn now(&self) -> Arc<[ScannedLibrary]> {
        Arc::clone(&self.read().list)
    }

    pub(crate) fn get(&self, library: LibraryId) -> Option<ScannedLibrary> {
        self.read().list.iter().find(|known| known.id == library).cloned()
    }

    /// By the order of their ids.
    pub(crate) fn left_out(&self) -> Vec<LeftOut> {
        self.read().left_out.clone()
    }

    /// Where this library comes from, if it is there or left out.
    pub(crate) fn source(&self, library: LibraryId) -> Option<LibrarySource> {
        let now = self.read();
        if now.left_out.iter().any(|left_out| left_out.library.id == library) {
            return Some(LibrarySource::Added);
        }
        let known = now.list.iter().find(|known| known.id == library)?;
        let is_configured = |folder: &LibraryFolder| folder.name == *known.name;
        Some(if now.added.contains(&library) {
            LibrarySource::Added
        } else if self.0.configured.iter().any(is_configured) {
            LibrarySource::Configuration
        } else {
            LibrarySource::Demo
        })
    }

    /// The id of a library that is to be added. It follows from the name, so that who removes a library
    /// and adds it again, or puts it into the configuration, has the same.
    pub(crate) fn fresh_id(
        &self,
        name: &str,
        path: &str,
        added: &[(LibraryId, AddedLibrary)],
    ) -> LibraryId {
        let id = library_id(name);
        let is_demo = self.0.demo.as_ref().is_some_and(|demo| library_id(&demo.name) == id);
        let is_added = added.iter().any(|(known, _)| *known == id);
        let is_configured = self.0.configured.iter().any(|known| library_id(&known.name) == id);
        if is_demo || is_added || is_configured { another_library_id(name, path) } else { id }
    }

    /// Is there a library of this name, which is not `except`?
    pub(crate) fn has_name(&self, name: &str, except: Option<LibraryId>) -> bool {
        let wanted = name.to_lowercase();
        let is_demo =
            |library: &ScannedLibrary| self.source(library.id) == Some(LibrarySource::Demo);
        let list = self.now();
        let mut others = list.iter().filter(|known| Some(known.id) != except && !is_demo(known));
        others.any(|known| known.name.to_lowercase() == wanted)
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Now> {
        self.0.now.read().unwrap_or_else(PoisonError::into_inner)
    }
}

fn compose(
    configured: &[LibraryFolder],
    demo: Option<&LibraryFolder>,
    added: &[(LibraryId, AddedLibrary)],
) -> Now {
    let of_configuration = |LibraryFolder { name, folder }: &LibraryFolder| ScannedLibrary {
        id: library_id(name),
        name: name.as_str().into(),
        folder: folder.clone(),
    };
    let mut list: Vec<ScannedLibrary> = configured.iter().map(of_configuration).collect();
    let (mut ids, mut left_out) = (Vec::new(), Vec::new());
    for (id, AddedLibrary { name, path, .. }) in added {
        let folder = PathBuf::from(path);
        let library = ScannedLibrary { id: *id, name: name.as_str().into(), folder };
        if list.iter().any(|known| known.id == *id) {
            // It moved to the configuration.
            tracing::warn!(library = name, "the configuration takes the place of an added library");
            continue;
        }
        let is_within = |known: &&ScannedLibrary| {
            known.folder.starts_with(&library.folder) || library.folder.starts_with(&known.folder)
        };
        let Some(other) = list.iter().find(is_within) else {
            list.push(library);
            ids.push(*id);
            continue;
        };
        let why = format!(
            "It is left out, because its folder lies within, around or at that of the library `{}` ({}). \
             Remove one of them.",
            other.name,
            other.folder.display()
        );
        tracing::warn!(library = name, other = &*other.name, "an added library is left out");
        left_out.push(LeftOut { library, why });
    }
    if list.is_empty() {
        list.extend(demo.map(of_configuration));
    }
    list.sort_by(|one, other| one.name.cmp(&other.name));
    Now { list: list.into(), added: ids, left_out }
}

#[cfg(test)]
mod tests {
    use hexachord_contracts::Timestamp;

    use super::*;

    fn folder(name: &str) -> LibraryFolder {
        LibraryFolder { name: name.to_owned(), folder: PathBuf::from("/music").join(name) }
    }

    fn added(libraries: &Libraries, name: &str, path: &str) -> (LibraryId, AddedLibrary) {
        let (name, path) = (name.to_owned(), path.to_owned());
        let id = libraries.fresh_id(&name, &path, &[]);
        (id, AddedLibrary { name, path, added_at: Timestamp::from_millis(0) })
    }

    fn names(libraries: &Libraries) -> Vec<String> {
        libraries.now().iter().map(|library| library.name.to_string()).collect()
    }

    #[test]
    fn the_demo_is_there_while_there_is_no_other() {
        let libraries = Libraries::new(&[], Some(&folder("Demo")), &[]).unwrap();
        let demo = libraries.now()[0].id;
        assert_eq!(libraries.source(demo), Some(LibrarySource::Demo));
        let own = added(&libraries, "Demo", "/own");
        assert_ne!(own.0, demo, "it must not be taken for the demo that moved");
        libraries.set(std::slice::from_ref(&own));
        assert_eq!(libraries.source(own.0), Some(LibrarySource::Added));
        assert_eq!((libraries.now().len(), libraries.source(demo)), (1, None));
        libraries.set(&[]);
        assert_eq!(libraries.source(demo), Some(LibrarySource::Demo));
    }

    #[test]
    fn the_configuration_comes_first() {
        let libraries = Libraries::new(&[folder("Jazz")], None, &[]).unwrap();
        let all = [
            added(&libraries, "Pop", "/music/Pop"),
            added(&libraries, "Within", "/music/Jazz/Old"),
            added(&libraries, "Around", "/"),
        ];
        libraries.set(&all);
        assert_eq!(names(&libraries), ["Jazz", "Pop"]);
        let left_out = libraries.left_out();
        let told: Vec<_> = left_out.iter().map(|one| &*one.library.name).collect();
        assert_eq!(told, ["Within", "Around"]);
        assert!(
            left_out.iter().all(|one| one.why.contains("`Jazz` (/music/Jazz)")),
            "{left_out:?}"
        );
        assert_eq!(libraries.source(all[1].0), Some(LibrarySource::Added));
        let jazz = added(&libraries, "Jazz", "/elsewhere");
        assert_ne!(jazz.0, library_id("Jazz"));
        assert!(libraries.has_name("jAZZ", None));
        assert!(!libraries.has_name("pop", Some(all[0].0)));
    }
}
