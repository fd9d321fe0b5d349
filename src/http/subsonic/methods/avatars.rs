//! Pictures of users.

use hexachord_contracts::{
    CallError, Caller, Context,
    authentication::{AuthenticationError, FindAccount},
};

use super::super::{
    call::{Call, Outcome},
    failure::Failure,
};
use crate::http::rest::avatars::send_avatar;

/// Everybody may see anybody's. Where there is none, an app draws what it likes.
pub(super) async fn one(call: &Call) -> Outcome {
    let username = call.parameters.required("username")?.to_owned();
    // Others than administrators find no accounts by themselves.
    let as_program = Context { caller: Caller::System, ..call.context().clone() };
    let found = call.edge.authentication.call(&as_program, FindAccount { username }).await;
    // And so it tells nobody which names there are.
    let found = found.map_err(|error| match error {
        CallError::Refused(AuthenticationError::NotFound { .. }) => Failure::not_found("avatar"),
        error => error.into(),
    })?;
    let shown = send_avatar(&call.edge, call.context(), &call.asked, found.id).await?;
    shown.ok_or_else(|| Failure::not_found("avatar"))
}
