//! What an account may do.

use hexachord_contracts::{
    Role,
    payment::{
        Entitlement, Entitlements, GetEntitlement, ListPlans, PaymentError, Provider, UpdatePlan,
    },
};

use crate::{
    house::{
        ANNA, BERT, DAY, House, MONTH, account, anonymous, both_ways, euros, listener, new_plan,
        refused, settings, system,
    },
    plans::{archive, update},
};

fn everything() -> Entitlement {
    Entitlement { plan: None, entitlements: Entitlements::EVERYTHING }
}

async fn entitlement(house: &House) -> Entitlement {
    house.ask(&listener(ANNA), GetEntitlement {}).await.unwrap()
}

#[tokio::test]
async fn without_plans_everything_is_allowed() {
    both_ways(settings(), async |house| {
        assert_eq!(entitlement(&house).await, everything());
        let plan = house.plan("Loud", 999).await;
        assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Free"));
        let free = house.admin(ListPlans { archived: false }).await[0].id;
        house.subscribed(ANNA, plan.id).await;
        house.admin(archive(plan.id, true)).await;
        house.admin(archive(free, true)).await;
        assert_eq!(entitlement(&house).await, everything(), "there are no plans any more");
    })
    .await;
}

#[tokio::test]
async fn who_has_paid_may_do_what_the_plan_allows() {
    both_ways(settings(), async |house| {
        let mut call = new_plan("Welcome", euros(0));
        call.entitlements.max_bitrate_kbps = Some(96);
        house.admin(call).await;
        let plan = house.plan("Loud", 999).await;
        house.subscribe(ANNA, plan.id, Provider::Manual).await.unwrap();
        assert_eq!(entitlement(&house).await.entitlements.max_bitrate_kbps, Some(96));
        let open = house.open_payment(ANNA).await;
        house.settle(open.id, true).await.unwrap();
        assert_eq!(entitlement(&house).await.entitlements, plan.entitlements);
        assert_eq!(house.entitled_by(BERT).await.as_deref(), Some("Welcome"));

        let call = UpdatePlan { entitlements: Some(Entitlements::EVERYTHING), ..update(plan.id) };
        house.admin(call).await;
        let now = entitlement(&house).await;
        assert_eq!(now.entitlements, Entitlements::EVERYTHING, "for all at once");
        assert_eq!(now.plan.map(|plan| plan.name).as_deref(), Some("Loud"));

        house.admin(archive(plan.id, true)).await;
        assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Loud"), "until the period ends");
        house.clock.advance(MONTH);
        assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Welcome"));
    })
    .await;
}

#[tokio::test]
async fn administrators_and_the_program_may_do_everything() {
    both_ways(settings(), async |house| {
        house.plan("Loud", 999).await;
        for who in [system(), account(ANNA, Role::Administrator)] {
            assert_eq!(house.ask(&who, GetEntitlement {}).await.unwrap(), everything());
        }
        let answer = house.ask(&anonymous(), GetEntitlement {}).await;
        assert_eq!(refused(answer), PaymentError::NoAccount);
    })
    .await;
}

#[tokio::test]
async fn it_is_answered_from_memory_even_when_the_store_is_gone() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        house.subscribed(ANNA, plan.id).await;
        let store = house.store.clone();
        tokio::task::spawn_blocking(move || store.close()).await.unwrap();
        assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Loud"));
        house.clock.advance(MONTH + DAY);
        assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Loud"), "what is known serves");
        let answer = house.subscribe(BERT, plan.id, Provider::Manual).await;
        assert!(matches!(refused(answer), PaymentError::Storage(_)));
    })
    .await;
}
