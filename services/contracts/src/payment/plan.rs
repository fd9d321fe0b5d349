//! Plans, and what they allow.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::money::Money;
use crate::{Timestamp, ids::PlanId};

/// What an account may do. A limit that is absent does not limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Entitlements {
    /// Of a stream, in kilobits a second.
    pub max_bitrate_kbps: Option<u32>,
    /// Devices that may stream at the same time.
    pub concurrent_streams: Option<u32>,
    /// May whole files be downloaded?
    pub downloads: bool,
}

impl Entitlements {
    pub const EVERYTHING: Self =
        Self { max_bitrate_kbps: None, concurrent_streams: None, downloads: true };
}

/// What an account may do now, and by which plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Entitlement {
    /// Absent while no plan is configured, and for administrators: they may do everything.
    pub plan: Option<PlanRef>,
    pub entitlements: Entitlements,
}

/// A plan where it is named by something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlanRef {
    pub id: PlanId,
    pub name: String,
}

/// How long one payment lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    Month,
    Year,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Plan {
    pub id: PlanId,
    pub name: String,
    pub description: String,
    /// Zero for a plan that costs nothing.
    pub price: Money,
    pub period: Period,
    pub entitlements: Entitlements,
    /// The plan of everybody without a subscription: there is one as soon as there is any plan,
    /// and it costs nothing.
    pub free: bool,
    /// Cannot be taken any more; who has it keeps it until the period ends.
    pub archived: bool,
    pub created_at: Timestamp,
}
