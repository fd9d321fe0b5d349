//! Payments: listing, settling and giving them back.

use hexachord_contracts::{
    Context,
    ids::PaymentId,
    page::Page,
    payment::{
        ListPayments, Money, Payment as Shown, PaymentError, PaymentState, ReceivePayment,
        RefundPayment, SettlePayment,
    },
};

use crate::{
    machine::Event,
    paging::{Asked, invalid},
    reference::as_written,
    service::{Payment, administrators_only, no_such},
    store::{Change, PaymentRow, Stop, payments, refusal},
};

impl Payment {
    pub(crate) async fn list_payments(
        &self,
        call: ListPayments,
        context: Context,
    ) -> Result<Page<Shown>, PaymentError> {
        administrators_only(&context)?;
        let asked = Asked::new("payments", &call.paging)?;
        self.shared.look().await;
        let page = self.shared.store.read(move |read| payments(read, &call, &asked));
        page.await.map_err(refusal)
    }

    pub(crate) async fn settle_payment(
        &self,
        call: SettlePayment,
        context: Context,
    ) -> Result<Shown, PaymentError> {
        administrators_only(&context)?;
        let SettlePayment { payment: id, paid } = call;
        let event = if paid { Event::Paid } else { Event::Refused };
        let settled = self.shared.change(move |change| {
            let row = must_be(PaymentState::Open, change.payment(id)?)?;
            settle(change, id, &row, event)
        });
        settled.await
    }

    pub(crate) async fn receive_payment(
        &self,
        call: ReceivePayment,
        context: Context,
    ) -> Result<Shown, PaymentError> {
        administrators_only(&context)?;
        let ReceivePayment { reference, received } = call;
        let reference = as_written(&reference);
        let settled = self.shared.change(move |change| {
            let id = change.referred(&reference)?.ok_or_else(|| no_such("payment"))?;
            let row = must_be(PaymentState::Open, change.payment(id)?)?;
            if received != row.price {
                let Money { amount, currency } = row.price;
                let reason = format!("{amount} minor units of {currency} were asked for");
                return Err(invalid("received", reason).into());
            }
            settle(change, id, &row, Event::Paid)
        });
        settled.await
    }

    pub(crate) async fn refund_payment(
        &self,
        call: RefundPayment,
        context: Context,
    ) -> Result<Shown, PaymentError> {
        administrators_only(&context)?;
        let id = call.payment;
        let refunded = self.shared.change(move |change| {
            let row = must_be(PaymentState::Paid, change.payment(id)?)?;
            change.give_back(id, row)?;
            Ok(change.shown_payment(id)?)
        });
        refunded.await
    }
}

fn settle(
    change: &mut Change<'_>,
    id: PaymentId,
    row: &PaymentRow,
    event: Event,
) -> Result<Shown, Stop> {
    let subscription = change.subscription(row.subscription)?;
    let subscription = subscription.ok_or_else(|| no_such("subscription"))?;
    change.step(row.subscription, subscription, event)?;
    Ok(change.shown_payment(id)?)
}

fn must_be(state: PaymentState, row: Option<PaymentRow>) -> Result<PaymentRow, PaymentError> {
    let row = row.ok_or_else(|| no_such("payment"))?;
    if row.state == state {
        Ok(row)
    } else {
        Err(PaymentError::WrongPaymentState { state: row.state })
    }
}
