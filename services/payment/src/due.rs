//! What a subscription waits for, and when it happens by itself: at the first look after that time.
//! Each call about subscriptions looks, and the service does by itself once a minute.

use std::time::Duration;

use hexachord_contracts::{
    payment::{Period, Provider},
    steady::Steady,
};

use crate::{
    machine::{Event, State},
    provider::{ANSWERS_AFTER, test_answer},
    settings::Settings,
    store::SubscriptionRow,
};

const DAY: Duration = Duration::from_hours(24);

/// A period in steady time: a month has 30 days and a year 365.
pub(crate) fn length(period: Period) -> Duration {
    match period {
        Period::Month => DAY * 30,
        Period::Year => DAY * 365,
    }
}

/// What happens next to a subscription by itself, and when.
pub(crate) fn next_event(row: &SubscriptionRow, settings: &Settings) -> Option<(Steady, Event)> {
    match row.state {
        State::Pending => provider_answers(row, settings),
        State::Active | State::Cancelled => Some((row.period_ends?, Event::PeriodEnds)),
        State::PastDue => {
            let open = row.open.as_ref()?;
            let grace_ends = (open.asked.plus(settings.grace), Event::GraceEnds);
            let answer = provider_answers(row, settings);
            Some(answer.filter(|(at, _)| *at <= grace_ends.0).unwrap_or(grace_ends))
        }
        State::Ended => None,
    }
}

fn provider_answers(row: &SubscriptionRow, settings: &Settings) -> Option<(Steady, Event)> {
    if row.provider != Provider::Test || !settings.offers(Provider::Test) {
        return None;
    }
    let open = row.open.as_ref()?;
    let event = if test_answer(row.price.amount, open.follows.is_none())? {
        Event::Paid
    } else {
        Event::Refused
    };
    Some((open.asked.plus(ANSWERS_AFTER), event))
}
