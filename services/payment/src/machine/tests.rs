//! The machine does what its table says, in whatever order events come.

use proptest::{prelude::*, sample::select, test_runner::RngSeed};

use super::*;

const STATES: [State; 5] =
    [State::Pending, State::Active, State::Cancelled, State::PastDue, State::Ended];
const EVENTS: [Event; 9] = [
    Event::Paid,
    Event::Refused,
    Event::PeriodEnds,
    Event::PlanEnds,
    Event::GraceEnds,
    Event::Cancel,
    Event::Resume,
    Event::End,
    Event::Refunded,
];

/// A cell of the table in the words of the documentation.
fn cell(state: Option<State>) -> &'static str {
    match state {
        None => "–",
        Some(State::Pending) => "pending",
        Some(State::Active) => "active",
        Some(State::Cancelled) => "cancelled",
        Some(State::PastDue) => "past due",
        Some(State::Ended) => "ended",
    }
}

fn name(event: Event) -> &'static str {
    match event {
        Event::Paid => "paid",
        Event::Refused => "refused",
        Event::PeriodEnds => "period ends",
        Event::PlanEnds => "plan ends",
        Event::GraceEnds => "grace ends",
        Event::Cancel => "cancel",
        Event::Resume => "resume",
        Event::End => "end",
        Event::Refunded => "refunded",
    }
}

#[test]
fn the_documented_table_is_what_happens() {
    let source = include_str!("../machine.rs");
    for event in EVENTS {
        let cells: Vec<_> = STATES.iter().map(|state| cell(state.after(event))).collect();
        let row = format!("//! | {} | {} |\n", name(event), cells.join(" | "));
        assert!(source.contains(&row), "{row}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_life_begins_pending_and_what_has_ended_stays(
        events in proptest::collection::vec(select(&EVENTS[..]), 0..40),
    ) {
        let mut state = State::Pending;
        let mut was_paid = false;
        for event in events {
            let Some(next) = state.after(event) else { continue };
            was_paid |= event == Event::Paid;
            prop_assert!(state != State::Ended, "nothing happens after the end");
            prop_assert!(next != State::Pending, "nothing leads back");
            prop_assert!(!next.has_plan() || was_paid, "nobody has a plan unpaid");
            prop_assert_eq!(next.runs(), next.shown() == SubscriptionState::Active);
            state = next;
        }
        prop_assert_eq!(state.after(Event::End).is_some(), state != State::Ended);
    }
}
