//! Plans: listing, making and changing them.

use hexachord_contracts::{
    Context,
    ids::PlanId,
    payment::{CreatePlan, Entitlements, ListPlans, Money, PaymentError, Period, Plan, UpdatePlan},
};

use crate::{
    paging::invalid,
    plan_rules as rules,
    service::{Payment, administrators_only, no_such, signed_in},
    store::{Change, PlanRow, Stop},
};

/// Plans that there may be, archived ones too: they are listed at once.
const MOST_PLANS: usize = 200;
/// What the plan is called that comes along with the first one.
const FREE: &str = "Free";

impl Payment {
    pub(crate) fn list_plans(
        &self,
        call: &ListPlans,
        context: &Context,
    ) -> Result<Vec<Plan>, PaymentError> {
        signed_in(context)?;
        if call.archived {
            administrators_only(context)?;
        }
        Ok(self.shared.mirror().plans(call.archived))
    }

    pub(crate) async fn create_plan(
        &self,
        call: CreatePlan,
        context: Context,
    ) -> Result<Plan, PaymentError> {
        administrators_only(&context)?;
        let (name, folded) = rules::name(&call.name)?;
        let row = PlanRow {
            name,
            folded,
            description: rules::description(&call.description)?,
            price: rules::price(call.price)?,
            period: call.period,
            entitlements: rules::entitlements(call.entitlements)?,
            archived: false,
            created_at: self.shared.time.now().wall,
        };
        let created = self.shared.change(move |change| {
            if change.plans()?.len() >= MOST_PLANS {
                return Err(invalid("name", "there are 200 plans: change an archived one").into());
            }
            let id = PlanId(change.random());
            put_takeable(change, id, row.clone())?;
            Ok(row.plan(id))
        });
        created.await
    }

    pub(crate) async fn update_plan(
        &self,
        call: UpdatePlan,
        context: Context,
    ) -> Result<Plan, PaymentError> {
        administrators_only(&context)?;
        let name = call.name.as_deref().map(rules::name).transpose()?;
        let description = call.description.as_deref().map(rules::description).transpose()?;
        let price = call.price.map(rules::price).transpose()?;
        let entitlements = call.entitlements.map(rules::entitlements).transpose()?;
        let UpdatePlan { plan: id, archived, .. } = call;
        let updated = self.shared.change(move |change| {
            let mut row = change.plan(id)?.ok_or_else(|| no_such("plan"))?;
            let was_free = row.is_free();
            let was_archived = row.archived;
            if let Some((name, folded)) = name.clone() {
                (row.name, row.folded) = (name, folded);
            }
            row.description = description.clone().unwrap_or(row.description);
            row.price = price.unwrap_or(row.price);
            row.entitlements = entitlements.unwrap_or(row.entitlements);
            row.archived = archived.unwrap_or(row.archived);
            if row.is_free() != was_free {
                return Err(changes_its_kind(was_free).into());
            }
            let plan = row.plan(id);
            if !row.archived {
                put_takeable(change, id, row)?;
            } else if was_archived {
                change.put_plan(id, row)?;
            } else {
                archive(change, id, row)?;
            }
            Ok(plan)
        });
        updated.await
    }
}

fn changes_its_kind(was_free: bool) -> PaymentError {
    let reason = if was_free {
        "the free plan costs nothing: make another plan"
    } else {
        "a plan that costs something cannot become free: archive it instead"
    };
    invalid("price", reason)
}

/// Writes a plan that can be taken, and the free plan with the first one that is not.
fn put_takeable(change: &mut Change<'_>, id: PlanId, row: PlanRow) -> Result<(), Stop> {
    let mut others = change.plans()?;
    others.retain(|(other, plan)| *other != id && !plan.archived);
    if let Some((_, other)) = others.iter().find(|(_, other)| other.folded == row.folded) {
        return Err(PaymentError::NameTaken(other.name.clone()).into());
    }
    let has_free = others.iter().any(|(_, other)| other.is_free());
    if row.is_free() && has_free {
        return Err(invalid("price", "there is a plan that costs nothing already").into());
    }
    if !row.is_free() && !has_free {
        let free = free_plan(&row);
        if free.folded == row.folded {
            let reason = "the plan that costs nothing is called so: choose another name";
            return Err(invalid("name", reason).into());
        }
        let id = PlanId(change.random());
        change.put_plan(id, free)?;
    }
    change.put_plan(id, row)?;
    Ok(())
}

/// The free plan that comes along with another plan.
fn free_plan(beside: &PlanRow) -> PlanRow {
    PlanRow {
        name: FREE.to_owned(),
        folded: FREE.to_lowercase(),
        description: String::new(),
        price: Money { amount: 0, ..beside.price },
        period: Period::Month,
        entitlements: Entitlements::EVERYTHING,
        archived: false,
        created_at: beside.created_at,
    }
}

fn archive(change: &mut Change<'_>, id: PlanId, row: PlanRow) -> Result<(), Stop> {
    let others = change.plans()?;
    let is_last = others.iter().all(|(other, plan)| *other == id || plan.archived);
    if row.is_free() && !is_last {
        return Err(PaymentError::FreePlanNeeded.into());
    }
    change.put_plan(id, row)?;
    Ok(())
}
