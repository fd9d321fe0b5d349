//! Which pictures stand for a track, a disc, an album or an artist: names with wildcards, best first.

use serde::{Deserialize, Serialize};

/// What stands for a picture inside the music files.
const EMBEDDED: &str = "embedded";
/// What stands for the number of a disc.
const DISC: &str = "{disc}";
/// What stands for the name of a music file without its ending.
const FILE: &str = "{file}";
/// Endings of pictures that are shown.
const ENDINGS: [&str; 5] = ["jpg", "jpeg", "png", "webp", "gif"];
const MOST_PATTERNS: usize = 32;
const LONGEST: usize = 100;

/// What patterns are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatternsOf {
    Tracks,
    Discs,
    Albums,
    Artists,
}

/// One place where a picture may come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Pattern {
    Embedded,
    /// In lower case.
    Named(String),
}

/// Pictures of one kind, best first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PicturePatterns(Vec<Pattern>);

/// The patterns of all kinds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureRules {
    pub track: PicturePatterns,
    pub disc: PicturePatterns,
    pub album: PicturePatterns,
    pub artist: PicturePatterns,
}

/// What a picture is wanted for, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// It stands for its folder, or for what lies below.
    Named,
    /// It stands for the music file beside it that is called like it but for the ending.
    Beside,
}

/// What is wrong with a pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{pattern}` {reason}")]
pub struct PatternError {
    pattern: String,
    reason: &'static str,
}

impl PicturePatterns {
    /// Reads patterns as people write them.
    pub fn parse<T: AsRef<str>>(of: PatternsOf, patterns: &[T]) -> Result<Self, PatternError> {
        if let Some(pattern) = patterns.get(MOST_PATTERNS) {
            let reason = "is one too many: 32 are enough";
            return Err(PatternError { pattern: pattern.as_ref().to_owned(), reason });
        }
        let parse = |pattern: &T| Pattern::parse(of, pattern.as_ref());
        patterns.iter().map(parse).collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Pattern> {
        self.0.iter()
    }

    fn match_any(&self, name: &[u8]) -> bool {
        self.iter().any(|pattern| pattern.matches(name, None))
    }
}

impl Default for PictureRules {
    /// Those of `config.toml`.
    fn default() -> Self {
        let named = |names: &[&str]| {
            let named = names.iter().map(|name| Pattern::Named((*name).to_owned()));
            PicturePatterns(named.chain([Pattern::Embedded]).collect())
        };
        Self {
            track: PicturePatterns(vec![Pattern::Embedded, Pattern::Named("{file}.*".to_owned())]),
            disc: named(&[
                "disc{disc}.*",
                "disc {disc}.*",
                "cd{disc}.*",
                "cd {disc}.*",
                "cover.*",
                "folder.*",
                "front.*",
            ]),
            album: named(&["cover.*", "folder.*", "front.*", "album.*"]),
            artist: PicturePatterns(vec![Pattern::Named("artist.*".to_owned())]),
        }
    }
}

impl PictureRules {
    /// What a file of this name is wanted for, if anything.
    pub(crate) fn wish(&self, name: &[u8]) -> Option<Wish> {
        if !is_picture(name) {
            return None;
        }
        if [&self.disc, &self.album, &self.artist].iter().any(|kind| kind.match_any(name)) {
            return Some(Wish::Named);
        }
        self.track.match_any(name).then_some(Wish::Beside)
    }

    /// Does a picture beside a track's file go before the one in it?
    pub(crate) fn beside_goes_first(&self) -> bool {
        matches!(self.track.0.first(), Some(Pattern::Named(_)))
    }

    /// Is a picture in a track's file shown?
    pub(crate) fn embedded_counts(&self) -> bool {
        self.track.0.contains(&Pattern::Embedded)
    }
}

impl Pattern {
    fn parse(of: PatternsOf, pattern: &str) -> Result<Self, PatternError> {
        let name = pattern.to_lowercase();
        match fault(of, &name) {
            Some(reason) => Err(PatternError { pattern: pattern.to_owned(), reason }),
            None if name == EMBEDDED => Ok(Self::Embedded),
            None => Ok(Self::Named(name)),
        }
    }

    /// Does it say which disc it is for?
    pub(crate) fn names_disc(&self) -> bool {
        matches!(self, Self::Named(pattern) if pattern.contains(DISC))
    }

    /// Does a picture of this name fit, where it has a number that of this disc? For tracks every file
    /// may be the one.
    pub(crate) fn matches(&self, name: &[u8], disc: Option<u32>) -> bool {
        match self {
            Self::Embedded => false,
            Self::Named(pattern) => {
                let pattern = pattern.replace(FILE, "*");
                is_picture(name) && matches(pattern.as_bytes(), name, disc)
            }
        }
    }
}

fn fault(of: PatternsOf, pattern: &str) -> Option<&'static str> {
    if pattern == EMBEDDED {
        let reason = "is for tracks, discs and albums: name files for artists";
        return (of == PatternsOf::Artists).then_some(reason);
    }
    if pattern.is_empty() || pattern.len() > LONGEST {
        return Some("must be 1 to 100 bytes long");
    }
    if pattern.contains(['/', '\0']) {
        return Some("is a path: write the name of a file, without folders");
    }
    let ending = pattern.rsplit_once('.').map(|(_, ending)| ending);
    if !ending.is_some_and(|ending| ending == "*" || ENDINGS.contains(&ending)) {
        return Some("must end with .* or with .jpg, .jpeg, .png, .webp or .gif");
    }
    match of {
        PatternsOf::Tracks => {
            let rest = pattern.strip_prefix(FILE).and_then(|rest| rest.strip_prefix('.'));
            let fits = rest.is_some_and(|rest| !rest.contains('.'));
            (!fits).then_some("must be `embedded`, or {file} with an ending, like {file}.*")
        }
        _ if pattern.contains(FILE) => Some("may have {file} only for tracks"),
        PatternsOf::Albums | PatternsOf::Artists if pattern.contains(DISC) => {
            Some("may have {disc} only for discs")
        }
        _ => None,
    }
}

/// The name of a file in front of its last dot, and what is behind.
pub(crate) fn stem_and_ending(name: &[u8]) -> Option<(&[u8], &[u8])> {
    let dot = name.iter().rposition(|byte| *byte == b'.')?;
    Some((&name[..dot], &name[dot + 1..]))
}

/// The name of a picture without its ending.
pub(crate) fn picture_stem(name: &[u8]) -> Option<&[u8]> {
    let (stem, ending) = stem_and_ending(name)?;
    let mut known = ENDINGS.iter();
    known.any(|known| ending.eq_ignore_ascii_case(known.as_bytes())).then_some(stem)
}

fn is_picture(name: &[u8]) -> bool {
    picture_stem(name).is_some()
}

/// `*` is any text, `?` one letter, `{disc}` a number; ASCII letters fit in either case. Goes back to
/// the last `*` alone, so that no pattern takes long.
fn matches(pattern: &[u8], name: &[u8], disc: Option<u32>) -> bool {
    let (mut at, mut from) = (0, 0);
    let mut star = None;
    while at < pattern.len() || from < name.len() {
        if pattern.get(at) == Some(&b'*') {
            at += 1;
            star = Some((at, from));
            continue;
        }
        if let Some((more_pattern, more_name)) = step(&pattern[at..], name, from, disc) {
            at += more_pattern;
            from += more_name;
            continue;
        }
        match star {
            Some((behind, tried)) if tried < name.len() => {
                star = Some((behind, tried + 1));
                (at, from) = (behind, tried + 1);
            }
            _ => return false,
        }
    }
    true
}

/// How far one letter of the pattern leads, in the pattern and in the name.
fn step(pattern: &[u8], name: &[u8], from: usize, disc: Option<u32>) -> Option<(usize, usize)> {
    let rest = &name[from..];
    if pattern.starts_with(DISC.as_bytes()) {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let begins = from == 0 || !name[from - 1].is_ascii_digit();
        let number: Option<u32> = std::str::from_utf8(&rest[..digits]).ok()?.parse().ok();
        let fits = begins && number.is_some() && (disc.is_none() || disc == number);
        return fits.then_some((DISC.len(), digits));
    }
    match (pattern.first()?, rest.first()?) {
        (b'?', _) => {
            let more = rest[1..].iter().take_while(|byte| *byte & 0xC0 == 0x80).count();
            Some((1, 1 + more))
        }
        (one, other) => one.eq_ignore_ascii_case(other).then_some((1, 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, name: &str) -> bool {
        matches(pattern.as_bytes(), name.as_bytes(), None)
    }

    #[test]
    fn wildcards_fit() {
        for (pattern, name) in [
            ("cover.*", "Cover.JPG"),
            ("*front*.*", "The Front Cover.png"),
            ("c?ver.*", "cöver.png"),
            ("disc{disc}.*", "Disc02.jpg"),
            ("*.*", "a.b.png"),
            ("*a*b*c.jpg", "xxaxxbxxabc.jpg"),
        ] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("cover.*", "cover"),
            ("cover.*", "discover.jpg"),
            ("c?ver.*", "cver.png"),
            ("disc{disc}.*", "disc.jpg"),
            ("disc{disc}.*", "disc1a.jpg"),
            ("*a*b*c.jpg", "xxbxxaxxc.jpg"),
            ("", "x"),
        ] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn a_number_is_that_of_the_whole_disc() {
        let of = |name: &str, disc| matches(b"*{disc}.jpg", name.as_bytes(), Some(disc));
        assert!(of("cd12.jpg", 12) && of("cd 02.jpg", 2) && of("7.jpg", 7));
        assert!(!of("cd12.jpg", 2) && !of("cd12.jpg", 1) && !of("99999999999.jpg", 9));
    }

    #[test]
    fn no_pattern_takes_long() {
        let pattern = "*a".repeat(40) + ".jpg";
        assert!(!fits(&pattern, &("a".repeat(250) + ".png")));
    }

    #[test]
    fn names_are_wanted_for_what_fits_first() {
        let rules = PictureRules::default();
        assert_eq!(rules.wish(b"COVER.Png"), Some(Wish::Named));
        assert_eq!(rules.wish(b"cd 2.jpg"), Some(Wish::Named));
        assert_eq!(rules.wish(b"artist.webp"), Some(Wish::Named));
        assert_eq!(rules.wish(b"01 Ut.jpg"), Some(Wish::Beside));
        for other in ["cover.txt", "cover", ".jpg.txt", "notes"] {
            assert_eq!(rules.wish(other.as_bytes()), None, "{other}");
        }
        let track = PicturePatterns::parse(PatternsOf::Tracks, &["embedded"]).unwrap();
        assert_eq!(PictureRules { track, ..rules }.wish(b"01 Ut.jpg"), None);
    }

    #[test]
    fn what_cannot_be_meant_is_told() {
        for (of, pattern, words) in [
            (PatternsOf::Albums, "cover", "must end with .*"),
            (PatternsOf::Albums, "cover.svg", "must end with .*"),
            (PatternsOf::Albums, "art/cover.*", "is a path"),
            (PatternsOf::Albums, "", "must be 1 to 100"),
            (PatternsOf::Albums, "disc{disc}.*", "only for discs"),
            (PatternsOf::Discs, "{file}.*", "only for tracks"),
            (PatternsOf::Tracks, "cover.*", "like {file}.*"),
            (PatternsOf::Tracks, "{file}.big.jpg", "like {file}.*"),
            (PatternsOf::Artists, "embedded", "name files for artists"),
        ] {
            let error = PicturePatterns::parse(of, &[pattern]).unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{pattern}`")) && error.contains(words), "{error}");
        }
        assert!(PicturePatterns::parse(PatternsOf::Albums, &["a.*"; 33]).is_err());
    }

    #[test]
    fn the_defaults_can_be_written() {
        let rules = PictureRules::default();
        for (of, patterns) in [
            (PatternsOf::Tracks, &rules.track),
            (PatternsOf::Discs, &rules.disc),
            (PatternsOf::Albums, &rules.album),
            (PatternsOf::Artists, &rules.artist),
        ] {
            let written: Vec<&str> = patterns
                .iter()
                .map(|pattern| match pattern {
                    Pattern::Embedded => EMBEDDED,
                    Pattern::Named(name) => name,
                })
                .collect();
            assert_eq!(&PicturePatterns::parse(of, &written).unwrap(), patterns);
        }
    }
}
