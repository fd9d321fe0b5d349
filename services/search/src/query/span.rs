//! A query as pieces: bare words, quoted ones, and fields with their values.

/// A part of a query, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span<'q> {
    pub(super) text: &'q str,
    /// Its first character, counted from 1.
    pub(super) at: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece<'q> {
    /// After a hyphen: it must not match.
    pub(super) negated: bool,
    /// A name before a colon that something follows.
    pub(super) name: Option<Span<'q>>,
    pub(super) value: Span<'q>,
    pub(super) quotes: Quotes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    None,
    Closed,
    /// The last one is not typed yet.
    Open,
}

pub(super) fn pieces(query: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = Span { text: query, at: 1 };
    std::iter::from_fn(move || {
        rest = rest.after(|letter| !letter.is_whitespace());
        (!rest.text.is_empty()).then(|| next_piece(&mut rest))
    })
}

fn next_piece<'q>(rest: &mut Span<'q>) -> Piece<'q> {
    let follows = |letter: char| !letter.is_whitespace() && letter != '-';
    let negated = rest.text.strip_prefix('-').is_some_and(|text| text.starts_with(follows));
    if negated {
        *rest = rest.split(1).1;
    }
    let name = field_name(rest.text);
    let name = name.map(|length| {
        let (name, after) = rest.split(length);
        *rest = after.split(1).1;
        name
    });
    let (value, quotes) = value(rest);
    Piece { negated, name, value, quotes }
}

/// The length of a name that a colon and a value follow.
fn field_name(text: &str) -> Option<usize> {
    let (name, value) = text.split_once(':')?;
    let is_name = !name.is_empty() && name.bytes().all(|letter| letter.is_ascii_alphabetic());
    let has_value = value.chars().next().is_some_and(|letter| !letter.is_whitespace());
    (is_name && has_value && super::field::named(name).is_some()).then_some(name.len())
}

fn value<'q>(rest: &mut Span<'q>) -> (Span<'q>, Quotes) {
    if rest.text.starts_with('"') {
        let inside = rest.split(1).1;
        let (value, after) = inside.split(inside.text.find('"').unwrap_or(inside.text.len()));
        *rest = after.split(usize::from(!after.text.is_empty())).1;
        let quotes = if after.text.is_empty() { Quotes::Open } else { Quotes::Closed };
        return (value, quotes);
    }
    let (value, after) = rest.split(rest.text.find(char::is_whitespace).unwrap_or(rest.text.len()));
    *rest = after;
    (value, Quotes::None)
}

impl Span<'_> {
    /// Parts it before the byte `at`.
    pub(super) fn split(self, at: usize) -> (Self, Self) {
        let (before, after) = self.text.split_at(at);
        let count = u32::try_from(before.chars().count()).unwrap_or(u32::MAX);
        let begin = Self { text: before, at: self.at };
        (begin, Self { text: after, at: self.at.saturating_add(count) })
    }

    /// From the first character that is so.
    fn after(self, is_first: impl Fn(char) -> bool) -> Self {
        self.split(self.text.find(is_first).unwrap_or(self.text.len())).1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_cut_into_pieces() {
        let written = |query| {
            let piece = |piece: Piece<'_>| {
                let Piece { negated, name, value, quotes } = piece;
                let name = name.map(|name| format!("{}@{}:", name.text, name.at));
                let quotes = match quotes {
                    Quotes::None => "",
                    Quotes::Closed => "\"",
                    Quotes::Open => "'",
                };
                let hyphen = if negated { "-" } else { "" };
                let name = name.unwrap_or_default();
                format!("{hyphen}{name}{}@{}{quotes}", value.text, value.at)
            };
            pieces(query).map(piece).collect::<Vec<_>>().join(" ")
        };
        for (query, expected) in [
            ("dark  side", "dark@1 side@7"),
            ("é artist:björk x", "é@1 artist@3:björk@10 x@16"),
            ("genre:\"trip hop\" -live", "genre@1:trip hop@8\" -live@19"),
            ("-\"a b\"c", "-a b@3\" c@7"),
            ("\"trip h", "trip h@2'"),
            (
                "Re: 2:00 http://x foo:bar year: a",
                "Re:@1 2:00@5 http://x@10 foo:bar@19 year:@27 a@33",
            ),
            ("- --a -", "-@1 --a@3 -@7"),
            ("-year:1990..", "-year@2:1990..@7"),
            ("", ""),
        ] {
            assert_eq!(written(query), expected, "{query}");
        }
    }
}
