//! Plans: what they may be, and how they change.

use hexachord_contracts::{
    ids::PlanId,
    payment::{CreatePlan, Entitlements, ListPlans, Money, PaymentError, Plan, UpdatePlan},
};

use crate::house::{
    ANNA, House, both_ways, euros, invalid_field, listener, money, new_plan, not_found, refused,
    settings, system,
};

pub(crate) fn update(plan: PlanId) -> UpdatePlan {
    UpdatePlan {
        plan,
        name: None,
        description: None,
        price: None,
        entitlements: None,
        archived: None,
    }
}

pub(crate) fn archive(plan: PlanId, archived: bool) -> UpdatePlan {
    UpdatePlan { archived: Some(archived), ..update(plan) }
}

async fn names(house: &House) -> Vec<String> {
    let plans = house.ask(&listener(ANNA), ListPlans { archived: false }).await.unwrap();
    plans.into_iter().map(|plan| plan.name).collect()
}

async fn free(house: &House) -> Plan {
    let plans = house.admin(ListPlans { archived: false }).await;
    plans.into_iter().find(|plan| plan.free).unwrap()
}

#[tokio::test]
async fn the_first_plan_that_costs_something_brings_a_free_one() {
    both_ways(settings(), async |house| {
        assert_eq!(names(&house).await, Vec::<String>::new());
        house.plan("Loud", 999).await;
        house.plan("  Quiet ", 499).await;
        assert_eq!(names(&house).await, ["Free", "Quiet", "Loud"], "the free one, then by price");
        let free = free(&house).await;
        assert_eq!(free.price, euros(0));
        assert_eq!(free.entitlements, Entitlements::EVERYTHING);
    })
    .await;
}

#[tokio::test]
async fn a_plan_without_a_price_is_the_free_one() {
    both_ways(settings(), async |house| {
        let welcome = house.admin(new_plan("Welcome", euros(0))).await;
        assert!(welcome.free);
        house.plan("Loud", 999).await;
        assert_eq!(names(&house).await, ["Welcome", "Loud"]);
        let second = house.ask(&system(), new_plan("Gratis", euros(0))).await;
        assert_eq!(invalid_field(second), "price");
        // Neither becomes the other.
        let loud = house.plan("Louder", 1_999).await;
        let call = UpdatePlan { price: Some(euros(0)), ..update(loud.id) };
        assert_eq!(invalid_field(house.ask(&system(), call).await), "price");
        let call = UpdatePlan { price: Some(euros(1)), ..update(welcome.id) };
        assert_eq!(invalid_field(house.ask(&system(), call).await), "price");
    })
    .await;
}

#[tokio::test]
async fn nothing_but_the_free_plan_comes_along_under_its_name() {
    both_ways(settings(), async |house| {
        let answer = house.ask(&system(), new_plan("FREE", euros(5))).await;
        assert_eq!(invalid_field(answer), "name");
        assert_eq!(names(&house).await, Vec::<String>::new(), "nothing of it was written");
    })
    .await;
}

#[tokio::test]
async fn names_are_unique_without_regard_to_case_while_they_can_be_taken() {
    both_ways(settings(), async |house| {
        let loud = house.plan("Größer", 999).await;
        let error = refused(house.ask(&system(), new_plan(" GRÖßER ", euros(1))).await);
        assert_eq!(error, PaymentError::NameTaken("Größer".to_owned()));
        let call = UpdatePlan { name: Some("größer".to_owned()), ..update(loud.id) };
        assert_eq!(house.admin(call).await.name, "größer", "its own name is not taken");
        house.admin(archive(loud.id, true)).await;
        let other = house.plan("Größer", 500).await;
        let back = house.ask(&system(), archive(loud.id, false)).await;
        assert_eq!(refused(back), PaymentError::NameTaken("Größer".to_owned()));
        let call =
            UpdatePlan { name: Some("Größer".to_owned()), ..update(free(&house).await.id) };
        refused(house.ask(&system(), call).await);
        house.admin(archive(other.id, true)).await;
        house.admin(archive(loud.id, false)).await;
        assert_eq!(names(&house).await, ["Free", "größer"]);
    })
    .await;
}

#[tokio::test]
async fn the_free_plan_is_archived_last_and_comes_back() {
    both_ways(settings(), async |house| {
        let loud = house.plan("Loud", 999).await;
        let first = free(&house).await;
        let answer = house.ask(&system(), archive(first.id, true)).await;
        assert_eq!(refused(answer), PaymentError::FreePlanNeeded);
        house.admin(archive(loud.id, true)).await;
        house.admin(archive(loud.id, true)).await;
        house.admin(archive(first.id, true)).await;
        assert_eq!(names(&house).await, Vec::<String>::new());
        // A plan that costs something is not alone when it comes back either.
        house.admin(archive(loud.id, false)).await;
        assert_eq!(names(&house).await, ["Free", "Loud"]);
        assert_ne!(free(&house).await.id, first.id);
        let answer = house.ask(&system(), archive(first.id, false)).await;
        assert_eq!(refused(answer), PaymentError::NameTaken("Free".to_owned()));
        let call = UpdatePlan {
            name: Some("Gratis".to_owned()),
            archived: Some(false),
            ..update(first.id)
        };
        assert_eq!(invalid_field(house.ask(&system(), call).await), "price");
        let all = house.admin(ListPlans { archived: true }).await;
        assert_eq!(all.len(), 3);
        assert!(all[2].archived, "archived ones stand behind the others");
    })
    .await;
}

#[tokio::test]
async fn what_is_absent_stays() {
    both_ways(settings(), async |house| {
        let loud = house.plan("Loud", 999).await;
        assert_eq!(house.admin(update(loud.id)).await, loud);
        let call = UpdatePlan {
            description: Some("  For parties.\nAll night. ".to_owned()),
            price: Some(money(1_200, "CHF")),
            ..update(loud.id)
        };
        let changed = house.admin(call).await;
        let description = "For parties.\nAll night.".to_owned();
        assert_eq!(changed, Plan { description, price: money(1_200, "CHF"), ..loud });
    })
    .await;
}

#[tokio::test]
async fn what_a_plan_cannot_be_names_its_field() {
    both_ways(settings(), async |house| {
        let plan = || new_plan("Loud", euros(999));
        let with_price = |price: Money| CreatePlan { price, ..plan() };
        let with_limits = |max_bitrate_kbps, concurrent_streams| CreatePlan {
            entitlements: Entitlements { max_bitrate_kbps, concurrent_streams, downloads: true },
            ..plan()
        };
        let named = |name: &str| CreatePlan { name: name.to_owned(), ..plan() };
        for (field, call) in [
            ("name", named("")),
            ("name", named(" \t ")),
            ("name", named(&"x".repeat(101))),
            ("name", named("a\u{7}b")),
            ("description", CreatePlan { description: "x".repeat(2_001), ..plan() }),
            ("description", CreatePlan { description: "a\0b".to_owned(), ..plan() }),
            ("price", with_price(euros(-1))),
            ("price", with_price(euros(i64::MIN))),
            ("price", with_price(euros(i64::MAX))),
            ("price", with_price(euros(1_000_000_000_001))),
            ("price", with_price(money(1, "XXX"))),
            ("price", with_price(money(1, "XTS"))),
            ("price", with_price(money(1, "XAU"))),
            ("price", with_price(money(1, "ABC"))),
            ("max_bitrate_kbps", with_limits(Some(0), None)),
            ("concurrent_streams", with_limits(None, Some(0))),
        ] {
            assert_eq!(invalid_field(house.ask(&system(), call).await), field);
        }
        let loud = house.admin(named(&"ö".repeat(100))).await;
        for (field, call) in [
            ("name", UpdatePlan { name: Some(String::new()), ..update(loud.id) }),
            ("price", UpdatePlan { price: Some(euros(i64::MIN)), ..update(loud.id) }),
            ("price", UpdatePlan { price: Some(money(5, "XXX")), ..update(loud.id) }),
        ] {
            assert_eq!(invalid_field(house.ask(&system(), call).await), field);
        }
        let answer = house.ask(&system(), update(PlanId(1))).await;
        assert_eq!(refused(answer), not_found("plan"));
    })
    .await;
}

#[tokio::test]
async fn there_is_room_for_many_plans_and_not_for_any_number() {
    both_ways(settings(), async |house| {
        let first = house.plan("Plan", 100).await;
        for n in 0..198 {
            house.plan(&format!("Plan {n}"), 100).await;
        }
        assert_eq!(invalid_field(house.ask(&system(), new_plan("More", euros(1))).await), "name");
        house.admin(archive(first.id, true)).await;
        house.admin(archive(first.id, false)).await;
    })
    .await;
}
