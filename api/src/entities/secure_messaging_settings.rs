//! How an organization sends privately.

use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::LockType;
use sealpost_shared::ids::OrganizationId;
use sealpost_shared::links::LinkLifetime;
use sealpost_shared::settings::DefaultPinKind;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "secure_messaging_settings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    pub enabled: bool,
    pub secure_by_default: bool,
    pub notice_sms_body: String,
    pub notice_email_subject: String,
    pub notice_email_body: String,
    pub link_lifetime: LinkLifetime,
    pub pin_enabled: bool,
    pub default_pin_kind: DefaultPinKind,
    pub default_pin_hash: Option<String>,
    pub default_pin_digits: bool,
    pub default_pin_template: Option<String>,
    pub require_pin_over_24_hours: bool,
    pub hide_hint: bool,
    pub updated_at: DateTimeUtc,
    /// PINs that are easily guessed are not taken.
    pub refuse_weak_pins: bool,
}

impl ActiveModelBehavior for ActiveModel {}

/// For an organization that may be none.
pub async fn find(db: &impl ConnectionTrait, organization: OrganizationId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(organization).one(db).await
}

/// Every organization has a row from its first day.
pub async fn get(db: &impl ConnectionTrait, organization: OrganizationId) -> Result<Model, DbErr> {
    find(db, organization).await?.ok_or_else(|| DbErr::RecordNotFound("secure messaging settings".to_owned()))
}

/// For changing: on PostgreSQL nobody else changes the row until the transaction ends. The weaker of the two
/// row locks, so that rows which point here can be inserted meanwhile.
pub async fn get_locked(tx: &impl ConnectionTrait, organization: OrganizationId) -> Result<Model, DbErr> {
    Entity::find_by_id(organization)
        .lock(LockType::NoKeyUpdate)
        .one(tx)
        .await?
        .ok_or_else(|| DbErr::RecordNotFound("secure messaging settings".to_owned()))
}

/// Replaces a hash by another of the same PIN, where it is still the one.
pub async fn renew_pin(
    tx: &impl ConnectionTrait,
    id: OrganizationId,
    old: &str,
    new: &str,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::DefaultPinHash, Expr::value(new))
        .filter(Column::OrganizationId.eq(id))
        .filter(Column::DefaultPinHash.eq(old))
        .exec(tx)
        .await?;
    Ok(())
}
