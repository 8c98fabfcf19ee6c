//! What a provider gave us, once: the row is what makes a repeated hook harmless (security.md D31).

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ExprTrait as _, Set};
use sealpost_shared::contacts::Channel;
use sealpost_shared::ids::{InboundId, MessageId, OrganizationId};

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Outcome {
    /// Stands in its sender's conversation.
    Attached,
    /// Was STOP, START or HELP, and heeded.
    Heeded,
    /// Nobody we know has this number or address. Held, sealed.
    SenderUnknown,
    /// Several have it, and nothing says who wrote. Held, sealed.
    SenderAmbiguous,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inbound_messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InboundId,
    pub organization_id: OrganizationId,
    pub provider: String,
    pub account: String,
    pub provider_message_id: String,
    pub channel: Channel,
    pub outcome: Outcome,
    pub message_id: Option<MessageId>,
    /// Of what is held: from, to and text. What is attached is sealed with its contact's key, there alone.
    pub sealed_content: Option<Vec<u8>>,
    pub received_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// Takes a provider's message; false when it was taken before. Of two at once the second waits here.
pub async fn claim(tx: &impl ConnectionTrait, row: &Model) -> Result<bool, DbErr> {
    let columns = [Column::Provider, Column::Account, Column::ProviderMessageId];
    let taken = OnConflict::columns(columns).do_nothing().to_owned();
    let active = ActiveModel::from(row.clone()).reset_all();
    let rows = Entity::insert(active).on_conflict(taken).exec_without_returning(tx).await?;
    Ok(rows > 0)
}

/// Forgets what was held and nobody sorted out. That it came stays known, for ever.
pub async fn sweep(tx: &impl ConnectionTrait, before: DateTimeUtc) -> Result<(), DbErr> {
    let change = ActiveModel { sealed_content: Set(None), ..Default::default() };
    let old = Column::ReceivedAt.lt(before).and(Column::SealedContent.is_not_null());
    Entity::update_many().set(change).filter(old).exec(tx).await?;
    Ok(())
}

/// Says which message it became.
pub async fn attach(tx: &impl ConnectionTrait, id: InboundId, message: MessageId) -> Result<(), DbErr> {
    let change = ActiveModel { message_id: Set(Some(message)), ..Default::default() };
    Entity::update_many().set(change).filter(Column::Id.eq(id)).exec(tx).await?;
    Ok(())
}

/// What an organization's people have not sorted out yet.
pub async fn list_held(tx: &impl ConnectionTrait, organization: OrganizationId) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::SealedContent.is_not_null())
        .all(tx)
        .await
}

/// Their content goes; that they came stays known.
pub async fn forget(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    ids: Vec<InboundId>,
) -> Result<(), DbErr> {
    let change = ActiveModel { sealed_content: Set(None), ..Default::default() };
    let these = Column::OrganizationId.eq(organization).and(Column::Id.is_in(ids));
    Entity::update_many().set(change).filter(these).exec(tx).await?;
    Ok(())
}
