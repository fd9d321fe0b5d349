//! Texts of feeds, which may be HTML, as plain text of a bounded length.

/// Elements that end a line.
const BLOCKS: [&str; 12] =
    ["br", "p", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "blockquote"];
/// Elements whose content is no text.
const HIDDEN: [&str; 3] = ["script", "style", "head"];
/// Letters of an entity's name.
const LONGEST_ENTITY: usize = 10;

/// In one line.
pub(super) fn line(text: &str, most: usize) -> String {
    let plain = plain(text, most * 2);
    let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(most).collect()
}

/// Without tags, with entities resolved; lines stay, and no more than one empty one in a row.
pub(super) fn plain(text: &str, most: usize) -> String {
    let mut out = Lines::default();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if out.letters >= most {
            break;
        }
        let after = &rest[letter.len_utf8()..];
        rest = match letter {
            '<' => {
                if let Some((name, end)) = tag(after) {
                    if BLOCKS.contains(&name.as_str()) {
                        out.end_line();
                    }
                    skip_hidden(&name, end)
                } else {
                    out.push('<');
                    after
                }
            }
            '&' => {
                let (letter, end) = entity(after).unwrap_or(('&', after));
                out.push(letter);
                end
            }
            '\n' => {
                out.end_line();
                after
            }
            letter => {
                out.push(letter);
                after
            }
        };
    }
    out.finish()
}

#[derive(Default)]
struct Lines {
    text: String,
    letters: usize,
    /// Line ends, and whether a space, since the last letter.
    ended: usize,
    spaced: bool,
}

impl Lines {
    fn push(&mut self, letter: char) {
        if letter.is_whitespace() {
            self.spaced = true;
            return;
        }
        if letter.is_control() {
            return;
        }
        if !self.text.is_empty() {
            if self.ended > 0 {
                self.text.extend(std::iter::repeat_n('\n', self.ended.min(2)));
            } else if self.spaced {
                self.text.push(' ');
            }
        }
        (self.ended, self.spaced) = (0, false);
        self.text.push(letter);
        self.letters += 1;
    }

    fn end_line(&mut self) {
        self.ended += 1;
    }

    fn finish(self) -> String {
        self.text
    }
}

/// The name of the element that a tag behind its `<` speaks of, in lower case, and what follows it.
/// `None`: it is no tag.
fn tag(text: &str) -> Option<(String, &str)> {
    if let Some(comment) = text.strip_prefix("!--") {
        let end = comment.find("-->").map_or("", |end| &comment[end + 3..]);
        return Some((String::new(), end));
    }
    let name = text.strip_prefix(['/', '!', '?']).unwrap_or(text);
    if !name.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        return None;
    }
    let end = text.find('>')?;
    let length = name.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(name.len());
    let closes = if text.starts_with('/') { "/" } else { "" };
    let name = name[..length.min(16)].to_ascii_lowercase();
    // A closing tag ends no line of its own, but for a paragraph.
    let name = if closes.is_empty() || name == "p" { name } else { String::new() };
    Some((name, &text[end + 1..]))
}

/// What follows an element whose content is not shown; `text` itself behind every other tag.
fn skip_hidden<'t>(name: &str, text: &'t str) -> &'t str {
    if !HIDDEN.contains(&name) {
        return text;
    }
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        let is_its = rest.get(..name.len()).is_some_and(|end| end.eq_ignore_ascii_case(name));
        if is_its {
            return rest.find('>').map_or("", |end| &rest[end + 1..]);
        }
    }
    ""
}

/// The letter of an entity behind its `&`, and what follows it.
fn entity(text: &str) -> Option<(char, &str)> {
    let end = text.bytes().take(LONGEST_ENTITY + 1).position(|byte| byte == b';')?;
    let (name, rest) = (&text[..end], &text[end + 1..]);
    let letter = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "hellip" => '…',
        "ndash" => '–',
        "mdash" => '—',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "bull" => '•',
        "copy" => '©',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    };
    Some((letter, rest))
}
