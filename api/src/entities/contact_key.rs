//! A contact's key in its versions, wrapped by the organization's. Deleting them makes everything of the contact unreadable
//! (security.md D21).

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait, LockType};
use sea_orm::{QueryOrder, QuerySelect};
use sealpost_shared::ids::{ContactId, OrganizationId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_keys")]
pub struct Model {
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact_id: ContactId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    pub wrapped_key: Vec<u8>,
    /// The version of the organization's key that wraps it.
    pub organization_key_version: i64,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

fn find_of(organization: OrganizationId) -> Select<Entity> {
    Entity::find().filter(Column::OrganizationId.eq(organization))
}

/// All versions, contact by contact. `hold`: they stay until the transaction ends.
pub async fn list(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    contacts: impl IntoIterator<Item = ContactId>,
    hold: bool,
) -> Result<Vec<Model>, DbErr> {
    let select = find_of(organization).filter(Column::ContactId.is_in(contacts));
    let select = select.order_by_asc(Column::ContactId).order_by_asc(Column::Version);
    if hold { select.lock(LockType::KeyShare).all(db).await } else { select.all(db).await }
}

/// A contact's, for taking versions away: whoever seals with one of them has ended.
pub async fn list_locked(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    contact: ContactId,
) -> Result<Vec<Model>, DbErr> {
    let select = find_of(organization).filter(Column::ContactId.eq(contact)).order_by_asc(Column::Version);
    select.lock(LockType::Update).all(tx).await
}

/// Contacts none of whose keys this version of the organization's wraps, in the order of their ids.
pub async fn list_behind(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    version: i64,
    after: Option<ContactId>,
    most: u64,
) -> Result<Vec<ContactId>, DbErr> {
    let behind = Column::OrganizationKeyVersion.max().lt(version);
    let select = contacts_of(organization, after).having(behind);
    select.limit(most).into_tuple().all(db).await
}

/// Contacts with more versions than one, in the order of their ids.
pub async fn list_several(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    after: Option<ContactId>,
    most: u64,
) -> Result<Vec<ContactId>, DbErr> {
    let select = contacts_of(organization, after).having(Column::Version.count().gt(1));
    select.limit(most).into_tuple().all(db).await
}

fn contacts_of(organization: OrganizationId, after: Option<ContactId>) -> Select<Entity> {
    let mut select = find_of(organization).select_only().column(Column::ContactId);
    if let Some(after) = after {
        select = select.filter(Column::ContactId.gt(after));
    }
    select.group_by(Column::ContactId).order_by_asc(Column::ContactId)
}

/// How many contacts have a key, and how many of them one that is not under this version of the organization's.
pub async fn count_done(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    version: i64,
) -> Result<(u64, u64), DbErr> {
    let all = find_of(organization).select_only().column(Column::ContactId).distinct().count(db).await?;
    let older = find_of(organization).filter(Column::OrganizationKeyVersion.lt(version));
    let left = older.select_only().column(Column::ContactId).distinct().count(db).await?;
    Ok((all, left))
}

/// Whether an older version of the organization's key wraps any.
pub async fn has_older(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    version: i64,
) -> Result<bool, DbErr> {
    let older = find_of(organization).filter(Column::OrganizationKeyVersion.lt(version));
    Ok(older.one(db).await?.is_some())
}

pub async fn delete_older(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    contact: ContactId,
    version: i64,
) -> Result<(), DbErr> {
    let own = Entity::delete_many().filter(Column::OrganizationId.eq(organization));
    own.filter(Column::ContactId.eq(contact)).filter(Column::Version.lt(version)).exec(tx).await?;
    Ok(())
}

/// Every version: from here on nothing of the contact opens.
pub async fn delete_all(tx: &impl ConnectionTrait, contact: ContactId) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ContactId.eq(contact)).exec(tx).await?;
    Ok(())
}
