//! What an account may do: asked with every stream, answered from memory.

use hexachord_contracts::{
    Context,
    payment::{Entitlement, PaymentError},
};

use crate::{
    mirror::everything,
    service::{Payment, asker},
};

impl Payment {
    pub(crate) async fn get_entitlement(
        &self,
        context: Context,
    ) -> Result<Entitlement, PaymentError> {
        if context.may_administer() {
            return Ok(everything());
        }
        let account = asker(&context)?;
        self.shared.look().await;
        Ok(self.shared.mirror().entitlement(account))
    }
}
