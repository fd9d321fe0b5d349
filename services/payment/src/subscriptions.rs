//! Subscriptions: taking, cancelling, listing and changing them.

use std::time::Duration;

use hexachord_contracts::{
    Context,
    ids::{AccountId, PlanId},
    page::Page,
    payment::{
        GrantSubscription, ListSubscriptions, PaymentError, Provider, Subscribe, Subscription,
        SubscriptionUpdate, UpdateSubscription,
    },
};

use crate::{
    machine::Event,
    paging::Asked,
    service::{Payment, administrators_only, asker, no_such},
    store::{live_subscription, refusal, subscriptions},
};

/// How long is waited for the news of an account that is not known yet.
const PATIENCE: Duration = Duration::from_millis(500);

impl Payment {
    pub(crate) async fn get_subscription(
        &self,
        context: Context,
    ) -> Result<Option<Subscription>, PaymentError> {
        let account = asker(&context)?;
        self.shared.look().await;
        let now = self.shared.time.now();
        let found = self.shared.store.read(move |read| live_subscription(read, account, now));
        found.await.map_err(refusal)
    }

    pub(crate) async fn subscribe(
        &self,
        call: Subscribe,
        context: Context,
    ) -> Result<Subscription, PaymentError> {
        let account = asker(&context)?;
        let is_offered = self.settings.offers(call.provider);
        self.take(account, call.plan, call.provider, is_offered).await
    }

    pub(crate) async fn grant_subscription(
        &self,
        call: GrantSubscription,
        context: Context,
    ) -> Result<Subscription, PaymentError> {
        administrators_only(&context)?;
        self.take(call.account, call.plan, Provider::Manual, true).await
    }

    async fn take(
        &self,
        account: AccountId,
        plan: PlanId,
        provider: Provider,
        is_offered: bool,
    ) -> Result<Subscription, PaymentError> {
        self.shared.wait_for_account(account, PATIENCE).await;
        let taken = self.shared.change(move |change| {
            if !change.knows(account)? {
                return Err(no_such("account").into());
            }
            let row = change.plan(plan)?.ok_or_else(|| no_such("plan"))?;
            if row.archived {
                return Err(PaymentError::Archived.into());
            }
            if row.is_free() {
                return Err(PaymentError::NothingToPay.into());
            }
            if !is_offered {
                return Err(PaymentError::ProviderUnavailable.into());
            }
            if change.live(account)?.is_some() {
                return Err(PaymentError::AlreadySubscribed.into());
            }
            let (id, row) = change.take(account, (plan, &row), provider)?;
            Ok(change.shown(id, &row)?)
        });
        taken.await
    }

    pub(crate) async fn cancel_subscription(
        &self,
        context: Context,
    ) -> Result<Subscription, PaymentError> {
        let account = asker(&context)?;
        let cancelled = self.shared.change(move |change| {
            let (id, row) = change.live(account)?.ok_or_else(|| no_such("subscription"))?;
            let row = change.step(id, row, Event::Cancel)?;
            Ok(change.shown(id, &row)?)
        });
        cancelled.await
    }

    pub(crate) async fn update_subscription(
        &self,
        call: UpdateSubscription,
        context: Context,
    ) -> Result<Subscription, PaymentError> {
        administrators_only(&context)?;
        let id = call.subscription;
        let event = match call.to {
            SubscriptionUpdate::Cancel => Event::Cancel,
            SubscriptionUpdate::Resume => Event::Resume,
            SubscriptionUpdate::End => Event::End,
        };
        let updated = self.shared.change(move |change| {
            let row = change.subscription(id)?.ok_or_else(|| no_such("subscription"))?;
            let row = change.step(id, row, event)?;
            Ok(change.shown(id, &row)?)
        });
        updated.await
    }

    pub(crate) async fn list_subscriptions(
        &self,
        call: ListSubscriptions,
        context: Context,
    ) -> Result<Page<Subscription>, PaymentError> {
        administrators_only(&context)?;
        let asked = Asked::new("subscriptions", &call.paging)?;
        self.shared.look().await;
        let now = self.shared.time.now();
        let page = self.shared.store.read(move |read| subscriptions(read, call.state, &asked, now));
        page.await.map_err(refusal)
    }
}
