//! Artists as one text: programs put the names of several into one in different ways.

/// What stands between names.
const BETWEEN: [&str; 8] = [" • ", "; ", ";", "|", " / ", " feat. ", " ft. ", ", "];

/// The whole text, which may be one name, then its parts.
pub(super) fn artist_names(text: &str) -> Vec<&str> {
    let mut names = vec![text];
    for between in BETWEEN {
        if text.contains(between) {
            names.extend(text.split(between).filter(|name| !name.trim().is_empty()));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_comes_first() {
        assert_eq!(artist_names("AC/DC"), ["AC/DC"]);
        assert_eq!(artist_names("A • B"), ["A • B", "A", "B"]);
        assert_eq!(artist_names("A feat. B"), ["A feat. B", "A", "B"]);
    }
}
