//! Words that must stand side by side, or in one field.

use std::io;

use tantivy::InvertedIndexReader;

use crate::{
    entry::with_tag,
    query::{Closeness, Place, Tag, Text},
    segment::Segment,
    sought::{Brush, Nearness, Reach, SoughtWord},
    text::{Gram, Word, grams_of_units},
};

/// Raises what `nearest` says of the documents that have this text.
pub(crate) fn paint(text: &Text, segment: &Segment, nearest: &mut [u8]) -> io::Result<()> {
    let alone = match text.units.as_slice() {
        [alone] => Some(alone.as_str()),
        _ => None,
    };
    match (text.place, alone) {
        (Place::Anywhere | Place::Title, Some(word)) => {
            let sought = match text.closeness {
                Closeness::Exact => SoughtWord::exact(word),
                Closeness::Begins | Closeness::Similar => {
                    SoughtWord::new(&Word::Plain(word.to_owned()))
                }
            };
            sought.paint(&segment.title, Nearness::in_title, nearest)?;
            if text.place == Place::Anywhere {
                sought.paint(&segment.others, Nearness::elsewhere, nearest)?;
            }
            Ok(())
        }
        (Place::Tag(tag), Some(word)) if text.closeness == Closeness::Similar => {
            paint_similar(tag, word, segment, nearest)
        }
        (Place::Anywhere, None) => {
            for tag in [Tag::Title, Tag::Artist, Tag::Album, Tag::Composer] {
                paint_grams(text, Some(tag), segment, nearest)?;
            }
            Ok(())
        }
        (Place::Title, None) => paint_grams(text, Some(Tag::Title), segment, nearest),
        (Place::Tag(tag), _) => paint_grams(text, Some(tag), segment, nearest),
        (Place::Lyrics, _) => paint_grams(text, None, segment, nearest),
    }
}

/// A word of a field, with its begins, its mistakes and its other scripts.
fn paint_similar(tag: Tag, word: &str, segment: &Segment, nearest: &mut [u8]) -> io::Result<()> {
    let mut brush = Brush::new(&segment.tagged, nearest);
    let words = [&segment.title, &segment.others];
    SoughtWord::new(&Word::Plain(word.to_owned())).each_tagged(words, |term, reach, nearness| {
        let (term, level) = (with_tag(tag, term), nearness.elsewhere());
        match reach {
            Reach::Term => brush.paint_term(&term, level),
            Reach::Begins => brush.paint_begins(&term, level),
        }
    })
}

/// The text is where all its grams are. Of lyrics there are only pairs.
fn paint_grams(
    text: &Text,
    tag: Option<Tag>,
    segment: &Segment,
    nearest: &mut [u8],
) -> io::Result<()> {
    let (index, longest): (&InvertedIndexReader, _) = match tag {
        Some(_) => (&segment.tagged, Gram::Triples),
        None => (&segment.lyrics, Gram::Pairs),
    };
    if index.terms().num_terms() == 0 {
        return Ok(());
    }
    let level = Nearness::Exact.elsewhere();
    let grams = grams_of_units(&text.units, longest);
    let mut all = vec![u8::MAX; nearest.len()];
    let mut one = vec![0; nearest.len()];
    for (number, gram) in (1..).zip(&grams) {
        one.fill(0);
        let gram = tag.map_or_else(|| gram.clone(), |tag| with_tag(tag, gram));
        let mut brush = Brush::new(index, &mut one);
        brush.paint_term(&gram, level)?;
        if number == grams.len() && text.closeness != Closeness::Exact {
            brush.paint_begins(&gram, level)?;
        }
        for (all, one) in all.iter_mut().zip(&one) {
            *all = (*all).min(*one);
        }
    }
    for (nearest, all) in nearest.iter_mut().zip(all) {
        *nearest = all.max(*nearest);
    }
    Ok(())
}

impl Text {
    /// What somebody who knows a line of a song has typed of it so far.
    pub(crate) fn of_line(units: &[String]) -> Self {
        Self { place: Place::Lyrics, units: units.to_vec(), closeness: Closeness::Begins }
    }
}
