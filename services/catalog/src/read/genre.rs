//! Genres as people read them: several in one text, and the numbers of `ID3v1` by their names.

use lofty::id3::v1::GENRES;

/// The genres that `texts` name, each once, at most `most`.
pub(super) fn names(texts: &[String], most: usize) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(texts.len());
    for part in texts.iter().flat_map(|text| text.split(';')) {
        let name = by_number(part.trim());
        let known = names.iter().any(|known| known.eq_ignore_ascii_case(name));
        if !name.is_empty() && !known && names.len() < most {
            names.push(name.to_owned());
        }
    }
    names
}

/// The name that `ID3v1` and its extensions give a number; any other text stays as it is.
fn by_number(genre: &str) -> &str {
    let is_number = genre.len() <= 3 && genre.bytes().all(|byte| byte.is_ascii_digit());
    let number = genre.parse::<usize>().ok().filter(|_| is_number);
    number.and_then(|number| GENRES.get(number)).copied().unwrap_or(genre)
}
