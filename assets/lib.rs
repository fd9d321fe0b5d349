//! The web player as files inside the program: what Vite built, each also compressed.
//!
//! The build script runs `npm ci` and the build; `HEXACHORD_PLAYER_DIST` names a ready build in place of
//! that (a relative path begins at the root of the workspace), and `HEXACHORD_PLAYER_DIST=none` builds the program without the player.

/// A file of the player.
#[derive(Debug, Clone, Copy)]
pub struct File {
    /// Below the server's root, without a slash before it: `index.html`, `assets/index-B3kf.js`.
    pub path: &'static str,
    pub content_type: &'static str,
    pub bytes: &'static [u8],
    /// The same, compressed (RFC 1952), where that is smaller.
    pub gzip: Option<&'static [u8]>,
    /// Its name holds a hash of its content, so it may be kept for ever.
    pub is_fingerprinted: bool,
}

include!(concat!(env!("OUT_DIR"), "/files.rs"));
include!(concat!(env!("OUT_DIR"), "/views.rs"));

/// The page that every address of the player begins with; `None` in a program built without the player.
pub fn index() -> Option<&'static File> {
    find("index.html")
}

/// The file at a path.
pub fn find(path: &str) -> Option<&'static File> {
    FILES.binary_search_by(|file| file.path.cmp(path)).ok().map(|place| &FILES[place])
}

/// All files, by path.
pub fn files() -> &'static [File] {
    FILES
}

/// What the page and its view at an address need: the value of a `Link` header (RFC 8288) that names
/// their scripts and styles. `None` where no view is.
pub fn links(path: &str) -> Option<&'static str> {
    let found = VIEWS.iter().find(|(pattern, _)| fits(pattern, path));
    found.map(|(_, links)| *links).filter(|links| !links.is_empty())
}

/// Patterns are those of the player's router: `/albums/:id`, `/folders/*rest`.
fn fits(pattern: &str, path: &str) -> bool {
    let mut have = path.split('/').filter(|part| !part.is_empty());
    for want in pattern.split('/').filter(|part| !part.is_empty()) {
        if want.starts_with('*') {
            return true;
        }
        match have.next() {
            Some(part) if want.starts_with(':') || part == want => {}
            _ => return false,
        }
    }
    have.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_as_in_the_router() {
        for (pattern, path) in [
            ("/", "/"),
            ("/albums", "/albums/"),
            ("/albums/:id", "/albums/7"),
            ("/folders/*id", "/folders"),
            ("/folders/*id", "/folders/a/b"),
        ] {
            assert!(fits(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [("/", "/albums"), ("/albums/:id", "/albums"), ("/me", "/me/apps")] {
            assert!(!fits(pattern, path), "{pattern} {path}");
        }
    }
}
