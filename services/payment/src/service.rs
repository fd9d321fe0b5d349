//! One incarnation of the service, and which method answers which call.

use std::{future::ready, sync::Arc, time::Duration};

use hexachord_contracts::{
    Background, BoxError, Caller, Client, Context, Service,
    authentication::Authentication,
    follow::follow,
    ids::AccountId,
    payment::{PaymentError, PaymentService, Request},
};
use tokio::time::{MissedTickBehavior, interval};

use crate::{
    accounts::AccountsFollower,
    resources::{Resources, Shared},
    settings::Settings,
};

/// How often is looked after what is due while nobody asks.
const LOOK_EVERY: Duration = Duration::from_mins(1);

pub struct Payment {
    pub(crate) settings: Settings,
    pub(crate) shared: Arc<Shared>,
    background: Background,
}

impl Payment {
    /// Builds an incarnation, which looks after what is due and follows the accounts.
    pub async fn new(
        settings: Settings,
        resources: Resources,
        authentication: Client<Authentication>,
    ) -> Result<Self, BoxError> {
        let shared = resources.shared;
        shared.fill_mirror(settings.clone()).await?;
        let background = Background::default();
        look_now_and_then(&background, Arc::clone(&shared));
        follow_accounts(&background, Arc::clone(&shared), authentication);
        Ok(Self { settings, shared, background })
    }
}

fn look_now_and_then(background: &Background, shared: Arc<Shared>) {
    background.keep("payment: what is due", move |stop| {
        let shared = Arc::clone(&shared);
        async move {
            let mut ticks = interval(LOOK_EVERY);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    _ = ticks.tick() => shared.look_and_write_time().await,
                    () = stop.cancelled() => return,
                }
            }
        }
    });
}

fn follow_accounts(
    background: &Background,
    shared: Arc<Shared>,
    authentication: Client<Authentication>,
) {
    background.keep("payment: accounts", move |stop| {
        let mut follower = AccountsFollower::new(Arc::clone(&shared));
        let authentication = authentication.clone();
        async move { follow(&authentication, &mut follower, &stop).await }
    });
}

/// Administrators and the program go on.
pub(crate) fn administrators_only(context: &Context) -> Result<(), PaymentError> {
    if context.may_administer() { Ok(()) } else { Err(PaymentError::Forbidden) }
}

/// The account that asks.
pub(crate) fn asker(context: &Context) -> Result<AccountId, PaymentError> {
    context.account().ok_or(PaymentError::NoAccount)
}

/// Any account, and the program.
pub(crate) fn signed_in(context: &Context) -> Result<(), PaymentError> {
    match context.caller {
        Caller::Anonymous => Err(PaymentError::NoAccount),
        Caller::System | Caller::Account { .. } => Ok(()),
    }
}

pub(crate) fn no_such(what: &str) -> PaymentError {
    PaymentError::NotFound { what: what.to_owned() }
}

impl Service for Payment {
    type Contract = PaymentService;

    async fn handle(self: Arc<Self>, request: Request) {
        match request {
            Request::GetEntitlement(ask) => ask.answer(|_, who| self.get_entitlement(who)).await,
            Request::ListPlans(ask) => {
                ask.answer(|call, who| ready(self.list_plans(&call, &who))).await;
            }
            Request::CreatePlan(ask) => ask.answer(|c, who| self.create_plan(c, who)).await,
            Request::UpdatePlan(ask) => ask.answer(|c, who| self.update_plan(c, who)).await,
            Request::GetSubscription(ask) => ask.answer(|_, who| self.get_subscription(who)).await,
            Request::Subscribe(ask) => ask.answer(|c, who| self.subscribe(c, who)).await,
            Request::CancelSubscription(ask) => {
                ask.answer(|_, who| self.cancel_subscription(who)).await;
            }
            Request::ListSubscriptions(ask) => {
                ask.answer(|call, who| self.list_subscriptions(call, who)).await;
            }
            Request::GrantSubscription(ask) => {
                ask.answer(|call, who| self.grant_subscription(call, who)).await;
            }
            Request::UpdateSubscription(ask) => {
                ask.answer(|call, who| self.update_subscription(call, who)).await;
            }
            Request::ListPayments(ask) => ask.answer(|c, who| self.list_payments(c, who)).await,
            Request::SettlePayment(ask) => ask.answer(|c, who| self.settle_payment(c, who)).await,
            Request::ReceivePayment(ask) => ask.answer(|c, who| self.receive_payment(c, who)).await,
            Request::RefundPayment(ask) => ask.answer(|c, who| self.refund_payment(c, who)).await,
            Request::GetLedger(ask) => ask.answer(|c, who| self.get_ledger(c, who)).await,
            Request::GetBalances(ask) => ask.answer(|_, who| self.get_balances(who)).await,
        }
    }

    fn retire(&self) {
        self.background.retire();
    }
}
