//! Members of the staff.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::LockType;
use sea_orm::{QueryOrder, QuerySelect};
use sealpost_shared::ids::{OrganizationId, UserId};
use sealpost_shared::staff::Role;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    pub organization_id: OrganizationId,
    pub name: String,
    pub email: String,
    pub password_hash: Option<String>,
    pub role: Role,
    pub session_version: i64,
    pub disabled_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// By email (kept in lower case), over all organizations: sign-in comes before the organization is known.
pub async fn find_active_by_email(db: &impl ConnectionTrait, email: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::Email.eq(email)).filter(Column::DisabledAt.is_null()).one(db).await
}

pub async fn find_active(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    id: UserId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id)
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::DisabledAt.is_null())
        .one(db)
        .await
}

pub async fn list_active_ids(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
) -> Result<Vec<UserId>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::DisabledAt.is_null())
        .into_tuple()
        .all(db)
        .await
}

pub async fn list_active(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
) -> Result<Vec<Model>, DbErr> {
    of_organization(organization).filter(Column::DisabledAt.is_null()).all(db).await
}

/// The row, whoever it is, locked for a change.
pub async fn get_locked(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    id: UserId,
) -> Result<Option<Model>, DbErr> {
    of_organization(organization).filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(tx).await
}

/// Locks every account of the organization: whether an admin stays is then a question with one answer.
pub async fn list_locked(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
) -> Result<Vec<Model>, DbErr> {
    of_organization(organization).order_by_asc(Column::Id).lock(LockType::NoKeyUpdate).all(tx).await
}

/// Disabled ones too; a page of them is cut by the caller.
pub fn of_organization(organization: OrganizationId) -> Select<Entity> {
    Entity::find().filter(Column::OrganizationId.eq(organization))
}

pub async fn list_by_ids(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    ids: impl IntoIterator<Item = UserId>,
) -> Result<Vec<Model>, DbErr> {
    of_organization(organization).filter(Column::Id.is_in(ids)).all(db).await
}

/// Whether somebody of the organization, disabled or not, has this address (in lower case).
pub async fn has_email(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    email: &str,
) -> Result<bool, DbErr> {
    Ok(of_organization(organization).filter(Column::Email.eq(email)).one(db).await?.is_some())
}

/// Somebody who can run the organization and come back by email and password.
pub async fn has_admin_with_password(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
) -> Result<bool, DbErr> {
    let admin = admins(organization).filter(Column::PasswordHash.is_not_null()).filter(Column::Email.ne(""));
    Ok(admin.one(db).await?.is_some())
}

pub async fn first_active_admin(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
) -> Result<Option<Model>, DbErr> {
    admins(organization).order_by_asc(Column::Id).one(db).await
}

fn admins(organization: OrganizationId) -> Select<Entity> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Role.eq(Role::Admin))
        .filter(Column::DisabledAt.is_null())
}

/// Replaces a hash by another of the same password, where it is still the one.
pub async fn renew_password(
    tx: &impl ConnectionTrait,
    id: UserId,
    old: &str,
    new: &str,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::PasswordHash, Expr::value(new))
        .filter(Column::Id.eq(id))
        .filter(Column::PasswordHash.eq(old))
        .exec(tx)
        .await?;
    Ok(())
}
