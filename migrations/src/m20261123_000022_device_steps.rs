//! Which known browsers have seen the second step taken: only those have tries of their own at its codes.

use sea_orm_migration::prelude::*;

use crate::sql;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// All or nothing, on SQLite too (security.md D18, P14).
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, DDL).await
    }
}

const DDL: &str = "
ALTER TABLE staff_devices ADD COLUMN second_step {bool} NOT NULL DEFAULT FALSE;
";
