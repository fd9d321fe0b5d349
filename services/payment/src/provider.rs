//! The test provider: settles by rule, so that plans can be tried out.
//!
//! It answers a minute after it was asked, by the last two digits of the price in minor units:
//!
//! | the price ends in | the first payment | a renewal |
//! | --- | --- | --- |
//! | 02 | refused | – |
//! | 03 | paid | refused |
//! | 04 | paid | no answer: the grace time runs out |
//! | anything else | paid | paid |

use std::time::Duration;

/// How long the test provider thinks.
pub(crate) const ANSWERS_AFTER: Duration = Duration::from_mins(1);

/// Does the test provider pay? `None`: it does not answer.
pub(crate) fn test_answer(amount: i64, is_first: bool) -> Option<bool> {
    match (amount % 100, is_first) {
        (2, true) | (3, false) => Some(false),
        (4, false) => None,
        _ => Some(true),
    }
}
