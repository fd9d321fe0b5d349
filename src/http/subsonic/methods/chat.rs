//! What people of the house write to each other.

use hexachord_contracts::{
    Timestamp,
    profile::{ChatMessage, ListMessages, MOST_MESSAGES, PostMessage},
};
use serde::Serialize;

use super::super::{
    call::{Call, Outcome},
    failure::{Failure, Names},
    rows,
};

const NAMES: &Names = &[("text", "message")];

/// The latest first; those after `since`, in milliseconds.
pub(super) async fn all(call: &Call) -> Outcome {
    #[derive(Serialize)]
    struct Written {
        username: String,
        /// Milliseconds since 1970.
        time: i64,
        message: String,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Messages {
        chat_message: Vec<Written>,
    }
    let since = call.parameters.number("since")?.map(Timestamp::from_millis);
    let most = u32::try_from(MOST_MESSAGES).unwrap_or(u32::MAX);
    let messages = rows::all(most, |paging| async move {
        Ok(call.edge.profile.call(call.context(), ListMessages { since, paging }).await?)
    });
    let message = |message: ChatMessage| Written {
        username: message.username,
        time: message.written_at.as_millis(),
        message: message.text,
    };
    let chat_message = messages.await?.into_iter().map(message).collect();
    call.answer("chatMessages", &Messages { chat_message })
}

pub(super) async fn add(call: &Call) -> Outcome {
    let text = call.parameters.required("message")?.to_owned();
    let posted = call.edge.profile.call(call.context(), PostMessage { text }).await;
    posted.map_err(|error| Failure::named(error, NAMES))?;
    call.done()
}
