//! The folders of conversations, and the numbers on their badges.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "server", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum Folder {
    /// Has something from the contact and is not archived.
    #[default]
    Inbox,
    /// Has something from the organization.
    Outbox,
    Archived,
    /// Has something that waits for its time, or could not go out when it came. What goes out first stands first.
    Scheduled,
    /// Something did not reach the contact, and nobody has done anything about it.
    Failed,
}

impl Folder {
    pub const ALL: [Self; 5] = [Self::Inbox, Self::Outbox, Self::Archived, Self::Scheduled, Self::Failed];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Outbox => "outbox",
            Self::Archived => "archived",
            Self::Scheduled => "scheduled",
            Self::Failed => "failed",
        }
    }
}

/// Numbers for badges.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ConversationCounts {
    pub inbox: FolderCounts,
    pub outbox: FolderCounts,
    pub archived: FolderCounts,
    pub scheduled: FolderCounts,
    #[serde(default)]
    pub failed: FolderCounts,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct FolderCounts {
    pub total: u64,
    /// With something the caller has not read.
    pub unread: u64,
}
