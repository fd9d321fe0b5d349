//! The shape of a feed, looked at before anything is built of it: a feed of this size can be so deep,
//! or of so many parts, that reading it would take the stack or all memory.

use std::io::Cursor;

use quick_xml::{Reader, encoding::DecodingReader, events::Event};

/// Elements within each other; real feeds have five or six.
const DEEPEST: usize = 64;
/// A feed of 10,000 episodes has some 300,000.
const MOST_ELEMENTS: usize = 1_000_000;
/// Of all elements together.
const MOST_ATTRIBUTES: usize = 1_000_000;
/// What the elements of an episode say is copied into each of its groups.
const MOST_GROUPS: usize = 8;
const MOST_ELEMENTS_OF_AN_EPISODE: usize = 20_000;
/// Bytes of text of one element.
const LONGEST_TEXT: usize = 2 * 1024 * 1024;
/// A feed must say what it is within so many bytes.
const HEAD: usize = 4 * 1024;

/// How long the episodes of a feed are, in their order, in milliseconds.
pub(super) type Durations = Vec<Option<u64>>;

/// Refuses what is no feed in XML or has no sound shape. The feed's parser loses most durations: they
/// are read here.
pub(super) fn check(feed: &[u8], most_items: usize) -> Result<Durations, String> {
    let first = feed.iter().take(HEAD).find(|byte| [b'<', b'{'].contains(byte));
    if first != Some(&b'<') {
        return Err("this is not a feed: it is neither RSS nor Atom".to_owned());
    }
    let mut reader = Reader::from_reader(DecodingReader::new(Cursor::new(feed)));
    reader.config_mut().trim_markup_names_in_closing_tags = true;
    let mut buffer = Vec::new();
    let (mut depth, mut elements, mut attributes) = (0_usize, 0, 0);
    let mut durations = Durations::new();
    let mut duration: Option<String> = None;
    let (mut episode, mut length) = (Episode::default(), 0);
    loop {
        let event = reader.read_event_into(&mut buffer);
        let event = event.map_err(|error| format!("the feed is not valid XML: {error}"))?;
        // As the feed's parser does, or the two would read two feeds.
        if let Event::Decl(declaration) = &event
            && let Some(encoding) = declaration.encoder()
        {
            reader.get_mut().set_encoding(encoding);
        }
        if let Event::Start(start) | Event::Empty(start) = &event {
            elements += 1;
            episode.element(start.local_name().as_ref());
            attributes += start.attributes().with_checks(false).count();
            if ["item", "entry"].contains(&start.local_name().as_ref()) {
                durations.push(None);
            }
        }
        match event {
            Event::Start(start) => {
                depth += 1;
                episode.start(start.local_name().as_ref(), depth);
                length = 0;
                duration = (start.local_name().as_ref() == "duration").then(String::new);
            }
            Event::Text(text) => {
                length += text.len();
                add(&mut duration, &text);
            }
            Event::CData(text) => {
                length += text.len();
                add(&mut duration, &text);
            }
            Event::End(_) => {
                episode.end(depth);
                length = 0;
                depth = depth.saturating_sub(1);
                let told = duration.take().and_then(|text| milliseconds(&text));
                if let Some(last) = durations.last_mut() {
                    *last = last.or(told);
                }
            }
            Event::Eof => return Ok(durations),
            _ => {}
        }
        if depth > DEEPEST {
            return Err(format!("the feed is nested deeper than {DEEPEST} elements"));
        }
        if elements > MOST_ELEMENTS || attributes > MOST_ATTRIBUTES {
            return Err(format!("the feed has more than {MOST_ELEMENTS} parts"));
        }
        if length > LONGEST_TEXT {
            return Err(format!(
                "an element of the feed has more than {LONGEST_TEXT} bytes of text"
            ));
        }
        episode.check()?;
        if durations.len() > most_items {
            return Err(format!("the feed has more than {most_items} episodes"));
        }
        buffer.clear();
    }
}

/// What was seen of the outermost episode.
#[derive(Default)]
struct Episode {
    /// Where it began.
    depth: Option<usize>,
    elements: usize,
    groups: usize,
}

impl Episode {
    fn start(&mut self, name: &str, depth: usize) {
        if self.depth.is_none() && ["item", "entry"].contains(&name) {
            *self = Self { depth: Some(depth), ..Self::default() };
        }
    }

    fn element(&mut self, name: &str) {
        self.elements += usize::from(self.depth.is_some());
        self.groups += usize::from(self.depth.is_some() && name == "group");
    }

    fn end(&mut self, depth: usize) {
        if self.depth == Some(depth) {
            self.depth = None;
        }
    }

    fn check(&self) -> Result<(), String> {
        if self.groups > MOST_GROUPS {
            return Err(format!("an episode of the feed has more than {MOST_GROUPS} groups"));
        }
        if self.elements > MOST_ELEMENTS_OF_AN_EPISODE {
            let most = MOST_ELEMENTS_OF_AN_EPISODE;
            return Err(format!("an episode of the feed has more than {most} parts"));
        }
        Ok(())
    }
}

fn add(duration: &mut Option<String>, text: &str) {
    if let Some(duration) = duration.as_mut().filter(|duration| duration.len() < 100) {
        duration.push_str(text);
    }
}

/// Of `H:M:S`, `M:S` or `S`, where seconds may have a fraction.
fn milliseconds(text: &str) -> Option<u64> {
    const LONGEST_S: u64 = 7 * 24 * 60 * 60;
    let text = text.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let parts = whole.split(':').map(str::parse::<u32>).collect::<Result<Vec<_>, _>>().ok()?;
    if parts.len() > 3 {
        return None;
    }
    let seconds = parts.iter().fold(0, |sum: u64, part| sum * 60 + u64::from(*part));
    let thousandths: String = fraction.chars().chain("000".chars()).take(3).collect();
    let ms = seconds.min(LONGEST_S) * 1000 + thousandths.parse::<u64>().ok()?;
    Some(ms).filter(|ms| *ms > 0 && seconds <= LONGEST_S)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_understood() {
        for (text, wanted) in [
            ("45:30", Some(2_730_000)),
            (" 1:02:03 ", Some(3_723_000)),
            ("90", Some(90_000)),
            ("90.25", Some(90_250)),
            ("0", None),
            ("", None),
            ("soon", None),
            ("1:2:3:4", None),
            ("99999999999999999999", None),
            ("4000000000:00:00", None),
            ("-5", None),
        ] {
            assert_eq!(milliseconds(text), wanted, "{text}");
        }
    }
}
