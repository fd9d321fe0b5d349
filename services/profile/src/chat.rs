//! What people of the house write to each other.

use std::sync::Arc;

use hexachord_contracts::{
    Context,
    page::Page,
    profile::{ChatMessage, ListMessages, PostMessage},
};
use hexachord_storage::Record;

use crate::{
    errors::{Refusable, invalid},
    page::Asked,
    service::Profile,
    store::{ACCOUNTS, AccountRow, MESSAGES, MessageRow, read_message, record},
    viewer::{Listener, Viewer},
};

/// Of the cursors.
const LIST: u8 = 43;
/// A page of the longest messages stays below the size of a message between services.
const LONGEST_TEXT: usize = 400;

impl Profile {
    pub(crate) async fn post_message(
        &self,
        call: PostMessage,
        context: Context,
    ) -> Refusable<ChatMessage> {
        let Listener { account, .. } = Listener::of(&context)?;
        let row = MessageRow { account, written_at: self.clock.now(), text: text(&call.text)? };
        let row = Arc::new(row);
        self.change(&context, move |change| {
            change.require_account(account)?;
            let number = change.add_message(&row)?;
            Ok(MessageRow::clone(&row).message(number, change.username(account)?))
        })
        .await
    }

    pub(crate) async fn list_messages(
        &self,
        call: ListMessages,
        context: Context,
    ) -> Refusable<Page<ChatMessage>> {
        Viewer::of(&context)?;
        let ListMessages { since, paging } = call;
        let asked = Asked::new(LIST, vec![Vec::new()], true, &paging)?;
        self.read(move |read| {
            let accounts = read.open_table(ACCOUNTS)?;
            let page = asked.read(&read.open_table(MESSAGES)?, |key, row| {
                let row = MessageRow::from_bytes(row)?;
                if since.is_some_and(|since| row.written_at <= since) {
                    return Ok(None);
                }
                let account: Option<AccountRow> = record(&accounts, &row.account.0)?;
                let username = account.map(|account| account.username).unwrap_or_default();
                Ok(Some(row.message(read_message(key)?, username)))
            });
            page.map(Ok)
        })
        .await
    }
}

/// The text without blanks around it; of control characters only the ends of lines stay.
fn text(text: &str) -> Refusable<String> {
    let is_kept = |char: &char| *char == '\n' || !char.is_control();
    let text: String = text.trim().chars().filter(is_kept).collect();
    if !(1..=LONGEST_TEXT).contains(&text.chars().count()) {
        return Err(invalid("text", format!("must have 1 to {LONGEST_TEXT} characters")));
    }
    Ok(text)
}
