//! Browsers in which a contact's PIN was right before, and the tries they have of their own: what strangers use up
//! shuts none of them out (security.md D7). The cookie's token is nowhere here: only a keyed hash of it with the
//! contact, so that the rows of one browser with several contacts do not show that they belong together.

use chrono::TimeDelta;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ExprTrait, IntoActiveModel as _, QueryOrder, QuerySelect};
use sealpost_shared::ids::{ContactId, OrganizationId};

use super::link_guard::{WINDOW_TRIES, window_after_a_try};

/// Wrong PINs in a row, over all windows; with the last one the browser is a stranger again.
pub const DEVICE_TRIES: i64 = 10;
/// How long a browser is known after its last right PIN.
pub const KNOWN_FOR: TimeDelta = TimeDelta::days(90);
/// The most browsers of one contact: with the next, the one that was longest away is forgotten.
pub const DEVICES_MAX: u64 = 10;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "known_devices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact_id: ContactId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: Vec<u8>,
    pub organization_id: OrganizationId,
    /// The contact's when the PIN was right: a changed PIN makes strangers of all.
    pub session_version: i64,
    pub window_left: i64,
    pub window_ends_at: DateTimeUtc,
    pub consecutive: i64,
    pub let_in_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// One that still counts.
pub async fn find_live(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    contact: ContactId,
    token_hash: Vec<u8>,
    session_version: i64,
    now: DateTimeUtc,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::ContactId.eq(contact))
        .filter(Column::TokenHash.eq(token_hash))
        .filter(Column::SessionVersion.eq(session_version))
        .filter(Column::ExpiresAt.gt(now))
        .filter(Column::Consecutive.lt(DEVICE_TRIES))
        .one(db)
        .await
}

/// Takes one of its tries before anything is verified, in one statement (security.md D5).
pub async fn charge(
    tx: &impl ConnectionTrait,
    device: &Model,
    now: DateTimeUtc,
) -> Result<Option<Model>, DbErr> {
    let [left, ends_at] = window_after_a_try(Column::WindowLeft, Column::WindowEndsAt, now);
    let charged = Entity::update_many()
        .col_expr(Column::WindowLeft, left)
        .col_expr(Column::WindowEndsAt, ends_at)
        .col_expr(Column::Consecutive, Expr::col(Column::Consecutive).add(1))
        .filter(Column::ContactId.eq(device.contact_id))
        .filter(Column::TokenHash.eq(device.token_hash.clone()))
        .filter(Column::SessionVersion.eq(device.session_version))
        .filter(Column::ExpiresAt.gt(now))
        .filter(Column::Consecutive.lt(DEVICE_TRIES))
        .filter(Column::WindowEndsAt.lte(now).or(Column::WindowLeft.gt(0)))
        .exec_with_returning(tx)
        .await?;
    Ok(charged.into_iter().next())
}

/// Gives exactly one try back: `charged` is the row as the try left it.
pub async fn refund(tx: &impl ConnectionTrait, charged: &Model) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::WindowLeft, Expr::col(Column::WindowLeft).add(1))
        .col_expr(Column::Consecutive, Expr::col(Column::Consecutive).sub(1))
        .filter(Column::ContactId.eq(charged.contact_id))
        .filter(Column::TokenHash.eq(charged.token_hash.clone()))
        .filter(Column::WindowEndsAt.eq(charged.window_ends_at))
        .filter(Column::WindowLeft.lt(WINDOW_TRIES))
        .filter(Column::Consecutive.gt(0))
        .exec(tx)
        .await?;
    Ok(())
}

/// After a right PIN: known from now on, or on, with all its tries; whoever is one too many is forgotten.
pub async fn remember(tx: &impl ConnectionTrait, device: Model) -> Result<(), DbErr> {
    let (organization, contact) = (device.organization_id, device.contact_id);
    let renew = OnConflict::columns([Column::ContactId, Column::TokenHash])
        .update_columns([
            Column::SessionVersion,
            Column::WindowLeft,
            Column::WindowEndsAt,
            Column::Consecutive,
            Column::LetInAt,
            Column::ExpiresAt,
        ])
        .to_owned();
    Entity::insert(device.into_active_model().reset_all())
        .on_conflict(renew)
        .exec_without_returning(tx)
        .await?;
    let too_many: Vec<Vec<u8>> = Entity::find()
        .select_only()
        .column(Column::TokenHash)
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::ContactId.eq(contact))
        .order_by_desc(Column::LetInAt)
        .offset(DEVICES_MAX)
        .limit(DEVICES_MAX)
        .into_tuple()
        .all(tx)
        .await?;
    if !too_many.is_empty() {
        let which = Column::ContactId.eq(contact).and(Column::TokenHash.is_in(too_many));
        Entity::delete_many().filter(which).exec(tx).await?;
    }
    Ok(())
}

/// Every browser of a contact is a stranger again.
pub async fn forget_of_contact(tx: &impl ConnectionTrait, contact: ContactId) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ContactId.eq(contact)).exec(tx).await?;
    Ok(())
}

pub async fn sweep(tx: &impl ConnectionTrait, now: DateTimeUtc) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(tx).await?;
    Ok(())
}
