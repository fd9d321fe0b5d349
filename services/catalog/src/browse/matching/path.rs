//! Paths of another program: other mount points, and the ends that may be below one of ours.

/// No longer end is looked for: folders of music are not nested deeper.
const MOST_COMPONENTS: usize = 32;

/// The path without what means nothing in it.
pub(super) fn tidy(path: &str) -> String {
    let components = path.split('/').filter(|part| !part.is_empty() && *part != ".");
    components.collect::<Vec<_>>().join("/")
}

/// The whole path, then what is left of it below each of its folders. A mere file name is an end only
/// when it is the whole path: `01.flac` is in many folders.
pub(super) fn ends(path: &str) -> impl Iterator<Item = &str> {
    let count = path.split('/').count();
    let starts = path.match_indices('/').map(|(at, _)| at + 1);
    let starts = std::iter::once(0).chain(starts).enumerate();
    let of_use = move |place: usize| {
        let left = count - place;
        (2..=MOST_COMPONENTS).contains(&left) || count == 1
    };
    starts.filter(move |(place, _)| of_use(*place)).map(|(_, start)| &path[start..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_have_two_components_or_are_all_there_is() {
        let all = |path: &str| ends(&tidy(path)).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(all("/mnt//a/./b/1.flac"), ["mnt/a/b/1.flac", "a/b/1.flac", "b/1.flac"]);
        assert_eq!(all("b/1.flac"), ["b/1.flac"]);
        assert_eq!(all("1.flac"), ["1.flac"]);
        let deep = "x/".repeat(5_000) + "1.flac";
        assert_eq!(all(&deep).len(), MOST_COMPONENTS - 1);
    }
}
