//! Every call of payment as JSON.

use hexachord_contracts::payment::{
    CancelSubscription, CreatePlan, GetBalances, GetEntitlement, GetLedger, GetSubscription,
    GrantSubscription, ListPayments, ListPlans, ListSubscriptions, ReceivePayment, RefundPayment,
    SettlePayment, Subscribe, UpdatePlan, UpdateSubscription,
};
use serde_json::json;

use crate::house::{declared_in, travels};

#[test]
fn every_call_travels() {
    let paging = json!({"limit": 5, "cursor": null});
    let price = json!({"amount": 499, "currency": "EUR"});
    let allows = json!({"max_bitrate_kbps": 128, "concurrent_streams": null, "downloads": false});
    let (plan, payment) = ("pn-0000000000001", "pa-0000000000001");
    let travelled = [
        travels::<GetEntitlement>(&json!({})),
        travels::<ListPlans>(&json!({"archived": true})),
        travels::<CreatePlan>(&json!({
            "name": "Supporter", "description": "", "price": price, "period": "month",
            "entitlements": allows,
        })),
        travels::<UpdatePlan>(&json!({
            "plan": plan, "name": null, "description": null, "price": null,
            "entitlements": allows, "archived": null,
        })),
        travels::<GetSubscription>(&json!({})),
        travels::<Subscribe>(&json!({"plan": plan, "provider": "manual"})),
        travels::<CancelSubscription>(&json!({})),
        travels::<ListSubscriptions>(&json!({"state": "past_due", "paging": paging})),
        travels::<GrantSubscription>(&json!({"account": "ac-0000000000001", "plan": plan})),
        travels::<UpdateSubscription>(&json!({"subscription": "su-0000000000001", "to": "resume"})),
        travels::<ListPayments>(&json!({"state": "open", "account": null, "paging": paging})),
        travels::<SettlePayment>(&json!({"payment": payment, "paid": true})),
        travels::<ReceivePayment>(&json!({"reference": "HX-7K3QPD", "received": price})),
        travels::<RefundPayment>(&json!({ "payment": payment })),
        travels::<GetLedger>(&json!({ "paging": paging })),
        travels::<GetBalances>(&json!({})),
    ];
    assert_eq!(travelled[..], declared_in(include_str!("../../src/payment.rs")));
}
