//! Every hash that a pepper is in, by the version that stands before it.

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter};
use sealpost_shared::ids::OrganizationId;

use super::{contact, message, scheduled_message, secure_messaging_settings, user};

/// How many of an organization's PINs and passwords need this version.
pub async fn count(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    version: i64,
) -> Result<u64, DbErr> {
    let made_with = format!("{version}:%");
    let of = secure_messaging_settings::Column::OrganizationId.eq(organization);
    let default = secure_messaging_settings::Entity::find().filter(of);
    let default = default.filter(secure_messaging_settings::Column::DefaultPinHash.like(&made_with));
    let own = message::Entity::find().filter(message::Column::OrganizationId.eq(organization));
    let own = own.filter(message::Column::OwnPinHash.like(&made_with));
    let waiting = scheduled_message::find_in(organization);
    let waiting = waiting.filter(scheduled_message::Column::OwnPinHash.like(&made_with));
    let pins = contact::Entity::find().filter(contact::Column::OrganizationId.eq(organization));
    let pins = pins.filter(contact::Column::PinHash.like(&made_with));
    let passwords = user::Entity::find().filter(user::Column::OrganizationId.eq(organization));
    let passwords = passwords.filter(user::Column::PasswordHash.like(&made_with));
    let of_messages = own.count(db).await? + waiting.count(db).await?;
    Ok(default.count(db).await? + of_messages + pins.count(db).await? + passwords.count(db).await?)
}
