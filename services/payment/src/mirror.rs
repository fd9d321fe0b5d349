//! Plans, subscriptions that have not ended and known accounts in memory, so that what an account
//! may do costs no way to a thread. Changed only by what is durable.

use std::collections::{BTreeMap, HashMap, HashSet};

use hexachord_contracts::{
    ids::{AccountId, PlanId, SubscriptionId},
    payment::{Entitlement, Entitlements, Plan},
    steady::Steady,
};

use crate::{
    due::next_event,
    machine::State,
    settings::Settings,
    store::{Effect, PlanRow, SubscriptionRow},
};

#[derive(Default)]
pub(crate) struct Mirror {
    /// Those of the incarnation that filled the mirror.
    settings: Settings,
    plans: BTreeMap<PlanId, PlanRow>,
    /// The plan of accounts without a subscription.
    free: Option<PlanId>,
    /// Subscriptions that have not ended.
    live: HashMap<AccountId, (SubscriptionId, SubscriptionRow)>,
    accounts: HashSet<AccountId>,
    next_due: Option<Steady>,
    /// The store may know more, so it is read again at the next look.
    in_doubt: bool,
}

impl Mirror {
    pub(crate) fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn apply(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Plan(id, row) => drop(self.plans.insert(id, row)),
                Effect::Subscription(id, row) if row.state == State::Ended => {
                    if self.live.get(&row.account).is_some_and(|(live, _)| *live == id) {
                        self.live.remove(&row.account);
                    }
                }
                Effect::Subscription(id, row) => drop(self.live.insert(row.account, (id, row))),
                Effect::Account(id) => drop(self.accounts.insert(id)),
                Effect::AccountRemoved(id) => drop(self.accounts.remove(&id)),
            }
        }
        let free = self.plans.iter().find(|(_, plan)| plan.is_free() && !plan.archived);
        self.free = free.map(|(id, _)| *id);
        let rows = self.live.values();
        self.next_due = rows.filter_map(|(_, row)| Some(next_event(row, &self.settings)?.0)).min();
    }

    /// What an account may do that is no administrator's.
    pub(crate) fn entitlement(&self, account: AccountId) -> Entitlement {
        // There is a free plan as soon as there is any.
        let Some(free) = self.free else { return everything() };
        let live = self.live.get(&account).filter(|(_, row)| row.state.has_plan());
        let id = live.map_or(free, |(_, row)| row.plan);
        let Some(plan) = self.plans.get(&id) else { return everything() };
        Entitlement { plan: Some(plan.reference(id)), entitlements: plan.entitlements }
    }

    /// The free plan first, then by price; archived ones behind the others.
    pub(crate) fn plans(&self, archived: bool) -> Vec<Plan> {
        let rows = self.plans.iter().filter(|(_, plan)| archived || !plan.archived);
        let mut plans: Vec<_> = rows.map(|(id, row)| row.plan(*id)).collect();
        plans.sort_by(|one, other| {
            let key = |plan: &Plan| (plan.archived, plan.price.amount, plan.price.currency);
            key(one).cmp(&key(other)).then_with(|| one.name.cmp(&other.name))
        });
        plans
    }

    /// Is there anything to look after?
    pub(crate) fn is_due(&self, now: Steady) -> bool {
        self.in_doubt || self.next_due.is_some_and(|at| at <= now)
    }

    /// What was written last may or may not be durable.
    pub(crate) fn doubt(&mut self) {
        self.in_doubt = true;
    }

    /// The settings to fill it anew with, when it is in doubt.
    pub(crate) fn doubted(&self) -> Option<&Settings> {
        self.in_doubt.then_some(&self.settings)
    }

    /// Up to `most` subscriptions to which something is due.
    pub(crate) fn due(&self, now: Steady, most: usize) -> Vec<SubscriptionId> {
        let is_due = |row| next_event(row, &self.settings).is_some_and(|(at, _)| at <= now);
        let due = self.live.values().filter(|(_, row)| is_due(row)).map(|(id, _)| *id);
        due.take(most).collect()
    }

    /// Does any subscription count time?
    pub(crate) fn counts_time(&self) -> bool {
        self.next_due.is_some()
    }

    pub(crate) fn knows(&self, account: AccountId) -> bool {
        self.accounts.contains(&account)
    }

    pub(crate) fn accounts(&self) -> impl Iterator<Item = AccountId> {
        self.accounts.iter().copied()
    }
}

pub(crate) fn everything() -> Entitlement {
    Entitlement { plan: None, entitlements: Entitlements::EVERYTHING }
}
