//! The demo's outbox: every text and email that was "sent".

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::contacts::Channel;
use crate::ids::DeliveryId;

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OutboxItem {
    pub id: DeliveryId,
    pub channel: Channel,
    pub to: String,
    pub from: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    pub body: String,
    pub created_at: DateTime<Utc>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Outbox {
    pub data: Vec<OutboxItem>,
}
