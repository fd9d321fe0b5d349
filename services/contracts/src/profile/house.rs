//! What belongs to everybody: stations of internet radio, and what people write to each other.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Timestamp,
    ids::{AccountId, RadioStationId},
    page::Paging,
};

/// Messages that are kept; the oldest goes for a new one.
pub const MOST_MESSAGES: u64 = 1_000;

/// Administrators. Two stations may have one name.
#[derive(Debug, Serialize, Deserialize)]
pub struct AddRadioStation {
    /// 1 to 200 characters.
    pub name: String,
    /// An address of `http` or `https`, of at most 2,000 characters.
    pub stream_url: String,
    /// As `stream_url`.
    pub home_page_url: Option<String>,
}

/// Administrators: what is absent stays.
#[derive(Debug, Serialize, Deserialize)]
pub struct UpdateRadioStation {
    pub station: RadioStationId,
    pub name: Option<String>,
    pub stream_url: Option<String>,
    /// Empty: it has none any more.
    pub home_page_url: Option<String>,
}

/// Administrators.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemoveRadioStation {
    pub station: RadioStationId,
}

/// Every account, and the program: by name, without regard to case.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListRadioStations {
    pub paging: Paging,
}

/// Every account, and the program.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetRadioStation {
    pub station: RadioStationId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RadioStation {
    pub id: RadioStationId,
    pub name: String,
    pub stream_url: String,
    pub home_page_url: Option<String>,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
}

/// Writes to everybody: 1 to 400 characters. The last [`MOST_MESSAGES`] are kept.
#[derive(Debug, Serialize, Deserialize)]
pub struct PostMessage {
    pub text: String,
}

/// The latest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListMessages {
    /// Only those that were written after it.
    pub since: Option<Timestamp>,
    pub paging: Paging,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChatMessage {
    /// Counts the messages of the house.
    pub number: u64,
    pub account: AccountId,
    pub username: String,
    pub written_at: Timestamp,
    pub text: String,
}
