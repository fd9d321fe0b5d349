//! Plans, for administrators.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    ids::PlanId,
    payment::{CreatePlan, Entitlements, ListPlans, Money, Period, Plan, UpdatePlan},
};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::subscription::Plans;
use crate::http::{
    credential::Administrator,
    edge::Edge,
    extract::{Id, Json as JsonBody},
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(update))
}

/// All plans, archived ones too.
#[utoipa::path(get, path = "/plans", tag = "administration", responses(
    (status = 200, body = Plans), (status = 403, body = ProblemBody)))]
async fn list(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
) -> Result<Json<Plans>, Problem> {
    let items = edge.payment.call(&context, ListPlans { archived: true }).await?;
    Ok(Json(Plans { items, next_cursor: None }))
}

#[derive(Deserialize, ToSchema)]
struct NewPlan {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    #[serde(default)]
    #[schema(max_length = 2000)]
    description: String,
    price: Money,
    period: Period,
    entitlements: Entitlements,
}

/// A new plan. With the first one that costs something comes a free plan that allows everything;
/// change it to what those without a subscription may do.
#[utoipa::path(post, path = "/plans", tag = "administration", request_body = NewPlan, responses(
    (status = 201, body = Plan), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 409, body = ProblemBody)))]
async fn create(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    JsonBody(body): JsonBody<NewPlan>,
) -> Result<(StatusCode, Json<Plan>), Problem> {
    let NewPlan { name, description, price, period, entitlements } = body;
    let call = CreatePlan { name, description, price, period, entitlements };
    Ok((StatusCode::CREATED, Json(edge.payment.call(&context, call).await?)))
}

/// What is left out stays.
#[derive(Deserialize, ToSchema)]
struct PlanChange {
    name: Option<String>,
    description: Option<String>,
    /// Of subscriptions that are taken from now on.
    price: Option<Money>,
    /// All of them: a limit that is left out does not limit. Holds for all who have the plan, at once.
    entitlements: Option<Entitlements>,
    /// An archived plan cannot be taken any more.
    archived: Option<bool>,
}

/// Changes a plan.
#[utoipa::path(patch, path = "/plans/{id}", tag = "administration", params(("id" = PlanId, Path)), request_body = PlanChange, responses(
    (status = 200, body = Plan), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn update(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Id(plan): Id<PlanId>,
    JsonBody(body): JsonBody<PlanChange>,
) -> Result<Json<Plan>, Problem> {
    let PlanChange { name, description, price, entitlements, archived } = body;
    let call = UpdatePlan { plan, name, description, price, entitlements, archived };
    Ok(Json(edge.payment.call(&context, call).await?))
}
