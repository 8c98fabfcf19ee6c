//! The installation's channels as the wizard stored them, and what was tested. No organization: all share them.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, IntoActiveModel, QuerySelect};
use sealpost_shared::contacts::Channel;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "channels")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub channel: Channel,
    /// One more with each change of the settings: servers compare it with what they have built.
    pub version: i64,
    /// Absent when nothing is stored; a test of the environment's settings leaves such a row.
    pub sealed_settings: Option<Vec<u8>>,
    /// A keyed hash of the settings that a test last went through with.
    pub tested_settings: Option<Vec<u8>>,
    pub tested_at: Option<DateTimeUtc>,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

pub async fn get(db: &impl ConnectionTrait, channel: Channel) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(channel).one(db).await
}

/// The versions of what is stored.
pub async fn list_versions(db: &impl ConnectionTrait) -> Result<Vec<(Channel, i64)>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::Channel)
        .column(Column::Version)
        .filter(Column::SealedSettings.is_not_null())
        .into_tuple()
        .all(db)
        .await
}

/// The row, made when there is none, locked for a change.
pub async fn get_locked(
    tx: &impl ConnectionTrait,
    channel: Channel,
    now: DateTimeUtc,
) -> Result<Model, DbErr> {
    let row = Model {
        channel,
        version: 0,
        sealed_settings: None,
        tested_settings: None,
        tested_at: None,
        updated_at: now,
    };
    Entity::insert(row.into_active_model().reset_all())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    let row = Entity::find_by_id(channel).lock_exclusive().one(tx).await?;
    row.ok_or_else(|| DbErr::RecordNotFound("channels".to_owned()))
}

pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().all(db).await
}

/// The same settings under another key, unless somebody changed them meanwhile.
pub async fn set_sealed(tx: &impl ConnectionTrait, row: &Model, sealed: Vec<u8>) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::SealedSettings, Expr::value(sealed))
        .filter(Column::Channel.eq(row.channel))
        .filter(Column::SealedSettings.eq(row.sealed_settings.clone()))
        .exec(tx)
        .await?;
    Ok(())
}
