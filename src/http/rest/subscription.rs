//! Plans, and one's own subscription.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    ids::PlanId,
    payment::{
        CancelSubscription, Entitlement, GetEntitlement, GetSubscription, ListPlans, Plan,
        Provider, Subscribe, Subscription,
    },
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    credential::Who,
    edge::Edge,
    extract::Json as JsonBody,
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(plans)).routes(routes!(get, subscribe, cancel))
}

#[derive(Serialize, ToSchema)]
pub(super) struct Plans {
    pub(super) items: Vec<Plan>,
    pub(super) next_cursor: Option<String>,
}

/// The plans that can be taken, the free one first; none where everything is free.
#[utoipa::path(get, path = "/plans", tag = "plans", responses(
    (status = 200, body = Plans), (status = 401, body = ProblemBody)))]
async fn plans(State(edge): State<Arc<Edge>>, who: Who) -> Result<Json<Plans>, Problem> {
    let items = edge.payment.call(&who.context, ListPlans { archived: false }).await?;
    Ok(Json(Plans { items, next_cursor: None }))
}

/// What one may do now, and the subscription that allows it, if there is one.
#[derive(Serialize, ToSchema)]
struct MySubscription {
    #[serde(flatten)]
    entitlement: Entitlement,
    subscription: Option<Subscription>,
}

/// What one may do, and one's subscription.
#[utoipa::path(get, path = "/me/subscription", tag = "plans", responses(
    (status = 200, body = MySubscription), (status = 401, body = ProblemBody)))]
async fn get(State(edge): State<Arc<Edge>>, who: Who) -> Result<Json<MySubscription>, Problem> {
    let (entitlement, subscription) = tokio::try_join!(
        edge.payment.call(&who.context, GetEntitlement {}),
        edge.payment.call(&who.context, GetSubscription {}),
    )?;
    Ok(Json(MySubscription { entitlement, subscription }))
}

#[derive(Deserialize, ToSchema)]
struct SubscriptionBody {
    plan_id: PlanId,
    /// `manual` when left out.
    provider: Option<Provider>,
}

/// Takes a plan. It is there once its first payment is: `open_payment` says what to pay, and under
/// which reference.
#[utoipa::path(post, path = "/me/subscription", tag = "plans", request_body = SubscriptionBody, responses(
    (status = 201, body = Subscription), (status = 400, body = ProblemBody),
    (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn subscribe(
    State(edge): State<Arc<Edge>>,
    who: Who,
    JsonBody(body): JsonBody<SubscriptionBody>,
) -> Result<(StatusCode, Json<Subscription>), Problem> {
    let provider = body.provider.unwrap_or(Provider::Manual);
    let call = Subscribe { plan: body.plan_id, provider };
    Ok((StatusCode::CREATED, Json(edge.payment.call(&who.context, call).await?)))
}

/// Ends the subscription with the period that is paid; at once when none is.
#[utoipa::path(delete, path = "/me/subscription", tag = "plans", responses(
    (status = 200, body = Subscription), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn cancel(State(edge): State<Arc<Edge>>, who: Who) -> Result<Json<Subscription>, Problem> {
    Ok(Json(edge.payment.call(&who.context, CancelSubscription {}).await?))
}
