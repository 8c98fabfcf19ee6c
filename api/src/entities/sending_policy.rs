//! When an organization's messages go out.

use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{LockType, OnConflict};
use sealpost_shared::contacts::Channel;
use sealpost_shared::ids::OrganizationId;
use sealpost_shared::settings::{Fallback, QuietHours, Reminders};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sending_policies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// How long a message can be taken back that was sent with `undo`.
    pub undo_seconds: i64,
    /// Both or none.
    pub quiet_from: Option<String>,
    pub quiet_until: Option<String>,
    /// Both or none.
    pub remind_after_hours: Option<i64>,
    pub remind_times: Option<i64>,
    pub fallback_to_email: bool,
    pub fallback_to_sms: bool,
    pub fallback_plain: bool,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

const UNDO_SECONDS: i64 = 10;

impl Model {
    /// Of an organization that never said otherwise.
    const fn usual(organization_id: OrganizationId) -> Self {
        Self {
            organization_id,
            undo_seconds: UNDO_SECONDS,
            quiet_from: None,
            quiet_until: None,
            remind_after_hours: None,
            remind_times: None,
            fallback_to_email: false,
            fallback_to_sms: false,
            fallback_plain: false,
            updated_at: DateTimeUtc::MIN_UTC,
        }
    }

    pub fn reminders(&self) -> Option<Reminders> {
        Some(Reminders {
            after_hours: u32::try_from(self.remind_after_hours?).ok()?,
            times: u32::try_from(self.remind_times?).ok()?,
        })
    }

    pub const fn fallback(&self) -> Fallback {
        Fallback {
            to_email: self.fallback_to_email,
            to_sms: self.fallback_to_sms,
            plain: self.fallback_plain,
        }
    }

    /// Whether what cannot go on this channel goes on the other.
    pub const fn falls_back(&self, from: Channel, secure: bool) -> bool {
        let allowed = match from {
            Channel::Sms => self.fallback_to_email,
            Channel::Email => self.fallback_to_sms,
        };
        allowed && (secure || self.fallback_plain)
    }

    pub fn quiet_hours(&self) -> Option<QuietHours> {
        Some(QuietHours {
            from: self.quiet_from.as_deref()?.parse().ok()?,
            until: self.quiet_until.as_deref()?.parse().ok()?,
        })
    }
}

pub async fn get(db: &impl ConnectionTrait, organization: OrganizationId) -> Result<Model, DbErr> {
    let found = Entity::find_by_id(organization).one(db).await?;
    Ok(found.unwrap_or_else(|| Model::usual(organization)))
}

/// For changing: the row is made where there is none, and nobody else changes it until the transaction ends.
pub async fn get_locked(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    now: DateTimeUtc,
) -> Result<Model, DbErr> {
    let usual = Model { updated_at: now, ..Model::usual(organization) };
    Entity::insert(ActiveModel::from(usual.clone()).reset_all())
        .on_conflict(OnConflict::column(Column::OrganizationId).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    let row = Entity::find_by_id(organization).lock(LockType::NoKeyUpdate).one(tx).await?;
    Ok(row.unwrap_or(usual))
}
