//! Keys of the installation itself (the JWT keys), sealed by the master key.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "server_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub purpose: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub sealed_key: Vec<u8>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// Newest first: the first signs, all verify.
pub async fn list(db: &impl ConnectionTrait, purpose: &str) -> Result<Vec<Model>, DbErr> {
    use sea_orm::QueryOrder;
    Entity::find().filter(Column::Purpose.eq(purpose)).order_by_desc(Column::CreatedAt).all(db).await
}

/// Two servers that start at once both come here; the first one's row stays.
pub async fn insert_new(tx: &impl ConnectionTrait, row: Model) -> Result<(), DbErr> {
    use sea_orm::sea_query::OnConflict;
    use sea_orm::{ActiveModelTrait, IntoActiveModel};
    Entity::insert(row.into_active_model().reset_all())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Of every purpose.
pub async fn list_all(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().all(db).await
}

/// The same key under another, unless somebody changed it meanwhile.
pub async fn set_sealed(tx: &impl ConnectionTrait, row: &Model, sealed: Vec<u8>) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::SealedKey, Expr::value(sealed))
        .filter(Column::Purpose.eq(row.purpose.as_str()))
        .filter(Column::Id.eq(row.id.as_str()))
        .filter(Column::SealedKey.eq(row.sealed_key.clone()))
        .exec(tx)
        .await?;
    Ok(())
}

pub async fn delete(tx: &impl ConnectionTrait, purpose: &str, id: &str) -> Result<(), DbErr> {
    Entity::delete_by_id((purpose.to_owned(), id.to_owned())).exec(tx).await?;
    Ok(())
}
