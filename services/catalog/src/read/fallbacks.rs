//! What a track is called when its tags are silent: files are often named by number and title, in
//! a folder named like the album.

use std::path::Path;

use super::{Tags, text};

pub(super) fn fill(tags: &mut Tags, relative: &Path) {
    let (folder, disc) = album_folder(relative);
    if tags.disc_number.is_none() {
        tags.disc_number = disc;
    }
    if tags.title.is_none() {
        let name = relative.file_stem().unwrap_or_default().to_string_lossy();
        let name = name_in(&name);
        if tags.track_number.is_none() {
            tags.track_number = name.number;
            tags.disc_number = tags.disc_number.or(name.disc);
        }
        tags.title = Some(name.title);
    }
    if tags.artists.is_empty() {
        let unknown = || vec!["Unknown artist".to_owned()];
        tags.artists =
            if tags.album_artists.is_empty() { unknown() } else { tags.album_artists.clone() };
    }
    if tags.album.is_none() {
        tags.album = Some(folder.unwrap_or_else(|| "Unknown album".to_owned()));
    }
}

/// The folder that is named like the album, and the number of the disc when that is a folder of its
/// own, as in `Album/CD 2/`.
fn album_folder(relative: &Path) -> (Option<String>, Option<u32>) {
    let mut folders = relative.ancestors().skip(1).filter_map(Path::file_name);
    let mut next = || folders.next().and_then(|name| text::clean(&name.to_string_lossy()));
    let folder = next();
    match folder.as_deref().and_then(disc_folder) {
        Some(disc) => (next().or(folder), Some(disc)),
        None => (folder, None),
    }
}

fn disc_folder(name: &str) -> Option<u32> {
    let name = name.to_lowercase();
    let number = ["cd", "disc", "disk"].iter().find_map(|word| name.strip_prefix(word))?;
    text::number_of(number.trim_start_matches(['-', '_', ' ']))
}

struct Name {
    disc: Option<u32>,
    number: Option<u32>,
    title: String,
}

/// Takes `01 - Title`, `1. Title`, `01 Title` and `1-01 Title` apart; `99 Words` stays a title.
fn name_in(stem: &str) -> Name {
    let spaced = if stem.contains(' ') { stem.to_owned() } else { stem.replace('_', " ") };
    let whole = text::clean(&spaced).unwrap_or_else(|| "Untitled".to_owned());
    let plain = |title: &str| Name { disc: None, number: None, title: title.to_owned() };
    let (first, rest) = leading_digits(&whole);
    let disc_and_number = rest
        .strip_prefix(['-', '.'])
        .map(leading_digits)
        .filter(|(second, _)| first.len() == 1 && second.len() == 2);
    let (disc, number, rest) = match disc_and_number {
        Some((second, rest)) => (text::number_of(first), second, rest),
        None => (None, first, rest),
    };
    let title = rest.trim_start_matches([' ', '-', '.', '–']);
    let separator = &rest[..rest.len() - title.len()];
    // A blank alone separates only a number that is written as one of a list.
    let separates = separator.contains(['-', '.', '–'])
        || (!separator.is_empty() && (number.starts_with('0') || disc.is_some()));
    let listed = (1..=3).contains(&number.len()) && separates && !title.is_empty();
    match text::number_of(number) {
        Some(track) if listed => Name { disc, number: Some(track), title: title.to_owned() },
        _ => plain(&whole),
    }
}

fn leading_digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}
