//! Subscriptions, payments and the ledger, for administrators.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    Page,
    ids::{AccountId, NotAnId, PaymentId, PlanId, SubscriptionId},
    page::Paging,
    payment::{
        Balance, GetBalances, GetLedger, GrantSubscription, JournalEntry, ListPayments,
        ListSubscriptions, Money, Payment, PaymentState, ReceivePayment, RefundPayment,
        SettlePayment, Subscription, SubscriptionState, SubscriptionUpdate, UpdateSubscription,
    },
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    credential::Administrator,
    edge::Edge,
    extract::{Id, Json as JsonBody, ListParameters, Parameters},
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new()
        .routes(routes!(subscriptions, grant))
        .routes(routes!(update_subscription))
        .routes(routes!(payments, receive))
        .routes(routes!(settle))
        .routes(routes!(ledger))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SubscriptionParameters {
    /// Rows a page, 1 to 500; 50 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Only those in this state.
    state: Option<SubscriptionState>,
}

/// Subscriptions, newest first.
#[utoipa::path(get, path = "/subscriptions", tag = "administration", params(SubscriptionParameters), responses(
    (status = 200, body = Page<Subscription>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
async fn subscriptions(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Parameters(parameters): Parameters<SubscriptionParameters>,
) -> Result<Json<Page<Subscription>>, Problem> {
    let SubscriptionParameters { limit, cursor, state } = parameters;
    let call = ListSubscriptions { state, paging: paging(limit, cursor) };
    Ok(Json(edge.payment.call(&context, call).await?))
}

fn paging(limit: Option<u32>, cursor: Option<String>) -> Paging {
    let cursor = cursor.filter(|cursor| !cursor.is_empty());
    Paging { limit: limit.unwrap_or(Paging::USUAL), cursor }
}

#[derive(Deserialize, ToSchema)]
struct GrantBody {
    account_id: AccountId,
    plan_id: PlanId,
}

/// Takes a plan for somebody; its payment is confirmed like any other.
#[utoipa::path(post, path = "/subscriptions", tag = "administration", request_body = GrantBody, responses(
    (status = 201, body = Subscription), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn grant(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    JsonBody(body): JsonBody<GrantBody>,
) -> Result<(StatusCode, Json<Subscription>), Problem> {
    let call = GrantSubscription { account: body.account_id, plan: body.plan_id };
    Ok((StatusCode::CREATED, Json(edge.payment.call(&context, call).await?)))
}

#[derive(Deserialize, ToSchema)]
struct SubscriptionChange {
    change: SubscriptionUpdate,
}

/// Cancels, resumes or ends a subscription.
#[utoipa::path(patch, path = "/subscriptions/{id}", tag = "administration", params(("id" = SubscriptionId, Path)), request_body = SubscriptionChange, responses(
    (status = 200, body = Subscription), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn update_subscription(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Id(subscription): Id<SubscriptionId>,
    JsonBody(body): JsonBody<SubscriptionChange>,
) -> Result<Json<Subscription>, Problem> {
    let call = UpdateSubscription { subscription, to: body.change };
    Ok(Json(edge.payment.call(&context, call).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PaymentParameters {
    /// Rows a page, 1 to 500; 50 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Only those in this state.
    state: Option<PaymentState>,
    /// Only those of this account.
    account: Option<String>,
}

/// Payments, newest first.
#[utoipa::path(get, path = "/payments", tag = "administration", params(PaymentParameters), responses(
    (status = 200, body = Page<Payment>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
async fn payments(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Parameters(parameters): Parameters<PaymentParameters>,
) -> Result<Json<Page<Payment>>, Problem> {
    let PaymentParameters { limit, cursor, state, account } = parameters;
    let account = account.map(|account| account.parse::<AccountId>()).transpose();
    let account =
        account.map_err(|error: NotAnId| Problem::bad_request("account", error.to_string()))?;
    let call = ListPayments { state, account, paging: paging(limit, cursor) };
    Ok(Json(edge.payment.call(&context, call).await?))
}

#[derive(Deserialize, ToSchema)]
struct Receipt {
    /// The reference of an open payment.
    reference: String,
    /// What was received: all that is asked for.
    received: Money,
}

/// Money came in under a reference: its open payment is paid.
#[utoipa::path(post, path = "/payments", tag = "administration", request_body = Receipt, responses(
    (status = 200, body = Payment), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn receive(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    JsonBody(body): JsonBody<Receipt>,
) -> Result<Json<Payment>, Problem> {
    let Receipt { reference, received } = body;
    Ok(Json(edge.payment.call(&context, ReceivePayment { reference, received }).await?))
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Settlement {
    Paid,
    Refused,
    Refunded,
}

#[derive(Deserialize, ToSchema)]
struct PaymentChange {
    state: Settlement,
}

/// Confirms or refuses an open payment, or gives a paid one back.
#[utoipa::path(patch, path = "/payments/{id}", tag = "administration", params(("id" = PaymentId, Path)), request_body = PaymentChange, responses(
    (status = 200, body = Payment), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn settle(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Id(payment): Id<PaymentId>,
    JsonBody(body): JsonBody<PaymentChange>,
) -> Result<Json<Payment>, Problem> {
    let settled = |paid| SettlePayment { payment, paid };
    Ok(Json(match body.state {
        Settlement::Paid => edge.payment.call(&context, settled(true)).await?,
        Settlement::Refused => edge.payment.call(&context, settled(false)).await?,
        Settlement::Refunded => edge.payment.call(&context, RefundPayment { payment }).await?,
    }))
}

/// A page of the journal, and what the accounts add up to now.
#[derive(Serialize, ToSchema)]
struct Ledger {
    items: Vec<JournalEntry>,
    next_cursor: Option<String>,
    balances: Vec<Balance>,
}

/// The ledger, newest entries first.
#[utoipa::path(get, path = "/ledger", tag = "administration", params(ListParameters), responses(
    (status = 200, body = Ledger), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
async fn ledger(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Parameters(mut list): Parameters<ListParameters>,
) -> Result<Json<Ledger>, Problem> {
    let (page, balances) = tokio::try_join!(
        edge.payment.call(&context, GetLedger { paging: list.paging() }),
        edge.payment.call(&context, GetBalances {}),
    )?;
    Ok(Json(Ledger { items: page.items, next_cursor: page.next_cursor, balances }))
}
