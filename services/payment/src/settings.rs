//! How an incarnation is set up.

use std::time::Duration;

use hexachord_contracts::payment::Provider;

/// A week.
const GRACE: Duration = Duration::from_hours(7 * 24);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Who may be asked to take the money.
    pub providers: Vec<Provider>,
    /// How long a plan goes on while the payment of its next period is awaited.
    pub grace: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { providers: vec![Provider::Manual], grace: GRACE }
    }
}

impl Settings {
    pub(crate) fn offers(&self, provider: Provider) -> bool {
        self.providers.contains(&provider)
    }
}
