//! Genres as people read them: the numbers of `ID3v1` by their names.

use lofty::id3::v1::GENRES;

/// The genres that `texts` name, each once.
pub(super) fn names(texts: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(texts.len());
    for name in texts.iter().flat_map(|text| parts(text)).map(by_number) {
        let known = names.iter().any(|known| known.eq_ignore_ascii_case(name));
        if !name.is_empty() && !known && names.len() < super::collector::MOST_TEXTS {
            names.push(name.to_owned());
        }
    }
    names
}

/// The name of a genre by its number.
pub(super) fn of_number(number: usize) -> Option<&'static str> {
    GENRES.get(number).copied()
}

/// References in parentheses, as old `ID3v2` writes them, and what stands behind them: `(17)(4)Disco`.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text.trim();
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let reference = rest.strip_prefix('(').and_then(|inside| inside.split_once(')'));
        match reference.filter(|(inside, _)| by_number(inside) != *inside) {
            Some((inside, behind)) => {
                rest = behind.trim_start();
                Some(inside)
            }
            None => Some(std::mem::take(&mut rest)),
        }
    })
}

/// The name that `ID3v1` and its extensions give a number; any other text stays as it is.
fn by_number(genre: &str) -> &str {
    match genre {
        "RX" => return "Remix",
        "CR" => return "Cover",
        _ => {}
    }
    let is_number = genre.len() <= 3 && genre.bytes().all(|byte| byte.is_ascii_digit());
    let number = genre.parse::<usize>().ok().filter(|_| is_number);
    number.and_then(of_number).unwrap_or(genre)
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_names() {
        let cases: [(&str, &[&str]); 7] = [
            ("17", &["Rock"]),
            ("(17)", &["Rock"]),
            ("(17)(4)Eurodisco", &["Rock", "Disco", "Eurodisco"]),
            ("(RX)", &["Remix"]),
            ("(I think...)", &["(I think...)"]),
            ("(17)Rock", &["Rock"]),
            ("900", &["900"]),
        ];
        for (text, expected) in cases {
            assert_eq!(super::names(&[text.to_owned()]), expected, "{text}");
        }
    }
}
