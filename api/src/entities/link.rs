//! Private links. The token is nowhere here: only its keyed hash (security.md D2).

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Alias, Query};
use sea_orm::{ExprTrait, FromQueryResult, QueryOrder, QuerySelect};
use sealpost_shared::contacts::Channel;
use sealpost_shared::ids::{ContactId, ConversationId, LinkId, MessageId, OrganizationId};
use sealpost_shared::links::{LinkLifetime, LinkOrigin};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "links")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LinkId,
    pub organization_id: OrganizationId,
    pub contact_id: ContactId,
    pub conversation_id: ConversationId,
    pub message_id: MessageId,
    pub parent_id: Option<LinkId>,
    pub origin: LinkOrigin,
    pub channel: Channel,
    pub lifetime: LinkLifetime,
    pub token_hash: Vec<u8>,
    pub token_key_version: i64,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub opened_at: Option<DateTimeUtc>,
    pub read_at: Option<DateTimeUtc>,
    pub revoked_at: Option<DateTimeUtc>,
    pub relink_after: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// All links of an organization, for lists that add their own conditions.
pub fn find_in(organization: OrganizationId) -> Select<Entity> {
    Entity::find().filter(Column::OrganizationId.eq(organization))
}

/// By its token, over all organizations: this look-up is what tells which organization it is.
/// Leaves out revoked links; an expired one is found, for it can offer a new one.
pub async fn find_unrevoked(
    db: &impl ConnectionTrait,
    token_hashes: Vec<Vec<u8>>,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::TokenHash.is_in(token_hashes))
        .filter(Column::RevokedAt.is_null())
        .one(db)
        .await
}

pub async fn get(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    id: LinkId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrganizationId.eq(organization)).one(db).await
}

/// The newest link of each of these messages, and all their others: oldest first.
pub async fn list_of_messages(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    messages: impl IntoIterator<Item = MessageId>,
) -> Result<Vec<Model>, DbErr> {
    find_in(organization)
        .filter(Column::MessageId.is_in(messages))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(db)
        .await
}

pub async fn list_ids_of_contact(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    contact: ContactId,
) -> Result<Vec<LinkId>, DbErr> {
    find_in(organization)
        .select_only()
        .column(Column::Id)
        .filter(Column::ContactId.eq(contact))
        .into_tuple()
        .all(db)
        .await
}

/// How many links have neither ended nor been revoked, counted to `most`.
pub async fn count_live(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    now: DateTimeUtc,
    most: u64,
) -> Result<i64, DbErr> {
    #[derive(FromQueryResult)]
    struct Count {
        links: i64,
    }
    let some = Query::select()
        .column(Column::Id)
        .from(Entity)
        .and_where(Column::OrganizationId.eq(organization))
        .and_where(Column::ExpiresAt.gt(now))
        .and_where(Column::RevokedAt.is_null())
        .limit(most)
        .to_owned();
    let count = Query::select()
        .expr_as(Expr::col(Column::Id).count(), Alias::new("links"))
        .from_subquery(some, Alias::new("some"))
        .to_owned();
    let row = db.query_one(&count).await?;
    row.map_or(Ok(0), |row| Count::from_query_result(&row, "").map(|count| count.links))
}

/// Notes that a new link is asked for, in one statement with all that must hold (security.md D8): the link has ended
/// or wrong PINs closed it, it is not revoked, nobody asked within `pause`, and its contact is there and can be
/// reached. Of any number of callers at once, one gets the row.
pub async fn claim_relink(
    tx: &impl ConnectionTrait,
    id: LinkId,
    now: DateTimeUtc,
    pause: chrono::TimeDelta,
) -> Result<bool, DbErr> {
    use super::contact::Column as Contact;
    use super::link_guard::{self, LINK_TRIES};
    let of_link = |column| Expr::col((Entity, column));
    let closed = Query::select()
        .expr(Expr::value(1))
        .from(link_guard::Entity)
        .and_where(Expr::col((link_guard::Entity, link_guard::Column::LinkId)).equals((Entity, Column::Id)))
        .and_where(link_guard::Column::Consecutive.gte(LINK_TRIES))
        .to_owned();
    let by_text = Contact::SealedPhone.is_not_null().and(Contact::SmsOptedOutAt.is_null());
    let by_email = Contact::SealedEmail.is_not_null().and(Contact::EmailOptedOutAt.is_null());
    let reachable = Query::select()
        .expr(Expr::value(1))
        .from(super::contact::Entity)
        .and_where(Expr::col((super::contact::Entity, Contact::Id)).equals((Entity, Column::ContactId)))
        .and_where(Contact::DeletedAt.is_null())
        .and_where(by_text.or(by_email))
        .to_owned();
    let claimed = Entity::update_many()
        .col_expr(Column::RelinkAfter, Expr::value(now + pause))
        .filter(Column::Id.eq(id))
        .filter(Column::RelinkAfter.lte(now))
        .filter(Column::RevokedAt.is_null())
        .filter(of_link(Column::ExpiresAt).lte(now).or(Expr::exists(closed)))
        .filter(Expr::exists(reachable))
        .exec(tx)
        .await?;
    Ok(claimed.rows_affected == 1)
}

/// The first time somebody gets in. False when it was opened before.
pub async fn mark_opened(tx: &impl ConnectionTrait, id: LinkId, now: DateTimeUtc) -> Result<bool, DbErr> {
    set_once(tx, Column::OpenedAt, Column::Id.eq(id), now).await
}

/// The first time these messages were on screen.
pub async fn mark_read_of_messages(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    messages: Vec<MessageId>,
    now: DateTimeUtc,
) -> Result<bool, DbErr> {
    if messages.is_empty() {
        return Ok(false);
    }
    let theirs = Column::OrganizationId.eq(organization).and(Column::MessageId.is_in(messages));
    set_once(tx, Column::ReadAt, theirs, now).await
}

/// Ends a link for good. False when it had been ended before.
pub async fn revoke(tx: &impl ConnectionTrait, id: LinkId, now: DateTimeUtc) -> Result<bool, DbErr> {
    set_once(tx, Column::RevokedAt, Column::Id.eq(id), now).await
}

pub async fn revoke_of_contact(
    tx: &impl ConnectionTrait,
    contact: ContactId,
    now: DateTimeUtc,
) -> Result<bool, DbErr> {
    set_once(tx, Column::RevokedAt, Column::ContactId.eq(contact), now).await
}

async fn set_once(
    tx: &impl ConnectionTrait,
    column: Column,
    which: Expr,
    now: DateTimeUtc,
) -> Result<bool, DbErr> {
    let changed = Entity::update_many()
        .col_expr(column, Expr::value(now))
        .filter(which)
        .filter(column.is_null())
        .exec(tx)
        .await?;
    Ok(changed.rows_affected > 0)
}

/// How many links, ended ones too, are found by a hash of this version.
pub async fn count_by_key(db: &impl ConnectionTrait, version: i64) -> Result<u64, DbErr> {
    Entity::find().filter(Column::TokenKeyVersion.eq(version)).count(db).await
}
