//! Where to read on, as text that only this service understands.

use crate::{
    committed::checksum,
    rank::{Place, Rank},
};

const RANK: usize = 32;
const ID: usize = 16;
const SUM: usize = 8;

/// `question` is what the cursor is of: it fits no other one.
pub(crate) fn written(place: Place, question: &str) -> String {
    let text = format!("{:0RANK$x}{:0ID$x}", place.rank.0, place.id);
    let sum = sum(&text, question);
    format!("{text}{sum:0SUM$x}")
}

/// `None` for what was not written for this question.
pub(crate) fn read(text: &str, question: &str) -> Option<Place> {
    let (place, own) = text.split_at_checked(RANK + ID)?;
    let (rank, id) = place.split_at_checked(RANK)?;
    let fits = own.len() == SUM && u32::from_str_radix(own, 16).ok()? == sum(place, question);
    let rank = Rank(u128::from_str_radix(rank, 16).ok()?);
    let id = u64::from_str_radix(id, 16).ok()?;
    fits.then_some(Place { rank, id })
}

fn sum(place: &str, question: &str) -> u32 {
    let sum = checksum(format!("{place} {question}").as_bytes());
    u32::try_from(sum >> 32).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_for_its_own_question() {
        let place = Place { rank: Rank(0x1234 << 70), id: u64::MAX };
        let text = written(place, "track help");
        assert_eq!(read(&text, "track help"), Some(place));
        assert_eq!(read(&text, "album help"), None);
        for other in ["", "x", "é", &text[1..], &text.replace('1', "2"), &format!("{text}0")] {
            assert_eq!(read(other, "track help"), None, "{other}");
        }
    }
}
