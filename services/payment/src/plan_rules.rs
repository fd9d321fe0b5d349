//! What a plan may be called, cost and allow.

use hexachord_contracts::payment::{Currency, Entitlements, Money, PaymentError};

use crate::paging::invalid;

const LONGEST_NAME: usize = 100;
const LONGEST_DESCRIPTION: usize = 2_000;
/// In minor units: millions of such payments fit into a balance.
const HIGHEST_PRICE: i64 = 1_000_000_000_000;

/// A name without space around it, and what it is compared by.
pub(crate) fn name(text: &str) -> Result<(String, String), PaymentError> {
    let name = text.trim();
    if name.is_empty() {
        return Err(invalid("name", "is empty"));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(invalid("name", format!("use at most {LONGEST_NAME} characters")));
    }
    if name.chars().any(char::is_control) {
        return Err(invalid("name", "leave out control characters"));
    }
    Ok((name.to_owned(), name.to_lowercase()))
}

pub(crate) fn description(text: &str) -> Result<String, PaymentError> {
    let text = text.trim();
    if text.chars().count() > LONGEST_DESCRIPTION {
        return Err(invalid("description", "use at most 2,000 characters"));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(invalid("description", "leave out control characters"));
    }
    Ok(text.to_owned())
}

pub(crate) fn price(price: Money) -> Result<Money, PaymentError> {
    if price.amount < 0 {
        return Err(invalid("price", "is negative"));
    }
    if price.amount > HIGHEST_PRICE {
        return Err(invalid("price", format!("use at most {HIGHEST_PRICE} minor units")));
    }
    if !is_money(price.currency) {
        let reason = format!("`{}` is no currency of ISO 4217 to pay with", price.currency);
        return Err(invalid("price", reason));
    }
    Ok(price)
}

/// ISO 4217 also has codes for metals, for tests and for none at all.
fn is_money(currency: Currency) -> bool {
    iso_currency::Currency::from_code(currency.code()).is_some_and(|known| !known.is_special())
}

pub(crate) fn entitlements(allowed: Entitlements) -> Result<Entitlements, PaymentError> {
    if allowed.max_bitrate_kbps == Some(0) {
        return Err(invalid("max_bitrate_kbps", "use 1 or more, or leave it out for no limit"));
    }
    if allowed.concurrent_streams == Some(0) {
        return Err(invalid("concurrent_streams", "use 1 or more, or leave it out for no limit"));
    }
    Ok(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_can_pay_with_is_a_currency() {
        for (code, known) in [
            ("EUR", true),
            ("JPY", true),
            ("KWD", true),
            ("XOF", true),
            ("XXX", false),
            ("XTS", false),
            ("XAU", false),
            ("XDR", false),
            ("ABC", false),
        ] {
            assert_eq!(is_money(code.parse().unwrap()), known, "{code}");
        }
    }
}
