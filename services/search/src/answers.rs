//! Answers that are kept because they are asked for again while people type: first letters above
//! all, which half of all names have.

use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, PoisonError},
};

use hexachord_contracts::{Caller, ids::AccountId, search::Found};

use crate::{query::Query, rank::Place, schema::Kind};

/// Answers of each age.
const MOST: usize = 256;

/// Belongs to one state of the index, so nothing in it is of another.
#[derive(Default)]
pub(crate) struct Answers {
    ages: Mutex<Ages>,
}

/// When the new ones are too many they become the old ones, and those are forgotten.
#[derive(Default)]
struct Ages {
    new: HashMap<Question, Answer>,
    old: HashMap<Question, Answer>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Question {
    pub(crate) query: Query,
    pub(crate) limit: u32,
    pub(crate) only: Option<Kind>,
    pub(crate) after: Option<Place>,
    pub(crate) facets: bool,
    pub(crate) account: Option<AccountId>,
    /// Of what the account likes: another one has other boosts.
    pub(crate) generation: (u64, u64),
}

struct Answer {
    /// An account may by now see other libraries than when it asked.
    caller: Caller,
    found: Found,
}

impl Answers {
    pub(crate) fn get(&self, question: &Question, caller: &Caller) -> Option<Found> {
        let mut ages = self.ages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((question, answer)) = ages.old.remove_entry(question) {
            ages.put(question, answer);
        }
        let answer = ages.new.get(question)?;
        (answer.caller == *caller).then(|| answer.found.clone())
    }

    pub(crate) fn put(&self, question: Question, caller: Caller, found: Found) {
        let mut ages = self.ages.lock().unwrap_or_else(PoisonError::into_inner);
        ages.put(question, Answer { caller, found });
    }
}

impl Ages {
    fn put(&mut self, question: Question, answer: Answer) {
        if self.new.len() >= MOST {
            self.old = mem::take(&mut self.new);
        }
        self.new.insert(question, answer);
    }
}

#[cfg(test)]
mod tests {
    use hexachord_contracts::ids::TrackId;

    use super::*;
    use crate::text::Asked;

    fn question(number: usize) -> Question {
        let asked = Asked::new(&format!("word{number}"));
        Question {
            query: Query { asked, ..Query::default() },
            limit: 20,
            only: None,
            after: None,
            facets: false,
            account: None,
            generation: (0, 0),
        }
    }

    fn found(number: u64) -> Found {
        Found { tracks: vec![TrackId(number)], ..Found::default() }
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_is_forgotten() {
        let answers = Answers::default();
        for number in 0..10 * MOST {
            answers.put(question(number), Caller::System, found(number as u64));
            assert_eq!(answers.get(&question(0), &Caller::System), Some(found(0)), "{number}");
        }
        assert_eq!(answers.get(&question(1), &Caller::System), None);
        let ages = answers.ages.lock().unwrap();
        assert!(ages.new.len() + ages.old.len() <= 2 * MOST);
    }

    #[test]
    fn another_caller_is_not_answered() {
        let answers = Answers::default();
        answers.put(question(1), Caller::System, found(1));
        assert_eq!(answers.get(&question(1), &Caller::Anonymous), None);
        assert_eq!(answers.get(&question(1), &Caller::System), Some(found(1)));
    }
}
