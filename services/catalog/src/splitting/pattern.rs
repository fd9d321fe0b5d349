//! Separators in a text, beside names that hold some themselves.

use std::ops::Range;

/// Separators, and names that are not parted.
#[derive(Debug)]
pub(super) struct Pattern {
    /// In lower case, the longest first.
    separators: Vec<String>,
    /// In lower case: those that a separator is in.
    whole: Vec<String>,
}

impl Pattern {
    pub(super) fn new(separators: &[String], never_split: &[String]) -> Self {
        let lower = |text: &String| text.to_lowercase();
        let mut separators: Vec<String> = separators.iter().map(lower).collect();
        separators.retain(|separator| !separator.is_empty());
        separators.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        let mut pattern = Self { separators, whole: Vec::new() };
        let names = never_split.iter().map(|name| name.trim().to_lowercase());
        pattern.whole = names.filter(|name| pattern.is_in(name)).collect();
        pattern
    }

    /// The parts of `text`; itself when nothing parts it.
    pub(super) fn parts(&self, text: &str) -> Vec<String> {
        let single = single_blanks(text);
        if !self.is_in(&single) {
            return vec![text.to_owned()];
        }
        let whole = self.whole_names(&single);
        let mut parts = match self.in_brackets(&single, &whole) {
            Some((outside, inside)) => [self.cut(&outside), self.cut(inside)].concat(),
            None => self.cut(&single),
        };
        if parts.is_empty() {
            parts.push(text.to_owned());
        }
        parts
    }

    /// Is something in `text` that would part it?
    fn is_in(&self, text: &str) -> bool {
        self.first_separator(text, 0, &[]).is_some() || self.in_brackets(text, &[]).is_some()
    }

    fn cut(&self, text: &str) -> Vec<String> {
        let mut parts = Vec::new();
        let mut push = |part: &str| {
            let part = part.trim();
            if !part.is_empty() {
                parts.push(part.to_owned());
            }
        };
        let whole = self.whole_names(text);
        let mut from = 0;
        while let Some(separator) = self.first_separator(text, from, &whole) {
            push(&text[from..separator.start]);
            from = separator.end;
        }
        push(&text[from..]);
        parts
    }

    /// `A (feat. B)`: what stands outside, and what is in the brackets behind the word.
    fn in_brackets<'t>(&self, text: &'t str, whole: &[Range<usize>]) -> Option<(String, &'t str)> {
        let is_free = |at: &usize| *at > 0 && !whole.iter().any(|name| name.contains(at));
        let words = self.separators.iter().map(|separator| separator.trim());
        let words: Vec<&str> = words.filter(|word| word.starts_with(char::is_alphabetic)).collect();
        for (open, bracket) in text.match_indices(['(', '[']).filter(|(at, _)| is_free(at)) {
            let close = if bracket == "(" { ')' } else { ']' };
            let behind = &text[open + 1..];
            let word = words.iter().find_map(|word| {
                let end = folded_prefix(behind, word)?;
                behind[end..].starts_with(' ').then_some(end)
            });
            if let (Some(word), Some(end)) = (word, behind.find(close))
                && word < end
            {
                let outside = format!("{}{}", &text[..open], &behind[end + 1..]);
                return Some((outside, &behind[word..end]));
            }
        }
        None
    }

    /// The first separator from `from` on that is in none of the names that stay `whole`.
    fn first_separator(
        &self,
        text: &str,
        from: usize,
        whole: &[Range<usize>],
    ) -> Option<Range<usize>> {
        let places = text[from..].char_indices().map(|(at, _)| from + at);
        places.filter(|at| !whole.iter().any(|name| name.contains(at))).find_map(|at| {
            let ends = self.separators.iter().filter_map(|separator| {
                folded_prefix(&text[at..], separator).map(|length| at + length)
            });
            ends.map(|end| at..end).find(|found| is_on_its_own(text, found))
        })
    }

    fn whole_names(&self, text: &str) -> Vec<Range<usize>> {
        let mut names: Vec<Range<usize>> = Vec::new();
        for (at, _) in text.char_indices() {
            if names.last().is_some_and(|name| name.contains(&at)) {
                continue;
            }
            let found = self.whole.iter().filter_map(|name| folded_prefix(&text[at..], name));
            let found = found.map(|length| at..at + length);
            let longest = found.filter(|found| is_on_its_own(text, found)).max_by_key(|f| f.end);
            names.extend(longest);
        }
        names
    }
}

/// Letters at the edges of what was found are no part of a longer word.
fn is_on_its_own(text: &str, found: &Range<usize>) -> bool {
    let joins = |one: Option<char>, other: Option<char>| {
        one.is_some_and(char::is_alphanumeric) && other.is_some_and(char::is_alphanumeric)
    };
    let inside = &text[found.clone()];
    !joins(text[..found.start].chars().next_back(), inside.chars().next())
        && !joins(inside.chars().next_back(), text[found.end..].chars().next())
}

/// The length of what `text` begins with when case does not matter; `prefix` is in lower case.
fn folded_prefix(text: &str, prefix: &str) -> Option<usize> {
    let mut expected = prefix.chars();
    for (at, character) in text.char_indices() {
        if expected.as_str().is_empty() {
            return Some(at);
        }
        for lower in character.to_lowercase() {
            if expected.next() != Some(lower) {
                return None;
            }
        }
    }
    expected.as_str().is_empty().then_some(text.len())
}

fn single_blanks(text: &str) -> String {
    let mut single = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !single.is_empty() {
            single.push(' ');
        }
        single.push_str(word);
    }
    single
}
