//! The ledger as administrators read it.

use hexachord_contracts::{
    Context,
    page::Page,
    payment::{Balance, GetLedger, JournalEntry, PaymentError},
};

use crate::{
    paging::Asked,
    service::{Payment, administrators_only},
    store::{balances, ledger, refusal},
};

impl Payment {
    pub(crate) async fn get_ledger(
        &self,
        call: GetLedger,
        context: Context,
    ) -> Result<Page<JournalEntry>, PaymentError> {
        administrators_only(&context)?;
        let asked = Asked::new("ledger", &call.paging)?;
        self.shared.look().await;
        self.shared.store.read(move |read| ledger(read, &asked)).await.map_err(refusal)
    }

    pub(crate) async fn get_balances(
        &self,
        context: Context,
    ) -> Result<Vec<Balance>, PaymentError> {
        administrators_only(&context)?;
        self.shared.look().await;
        self.shared.store.read(balances).await.map_err(refusal)
    }
}
