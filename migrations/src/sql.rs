//! One DDL text for two engines: `{id}`, `{time}`, `{bytes}`, `{bool}`, `{folded}`
//! and `{strict}` are filled in.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

/// A migration that is one text: all or nothing, on SQLite too (security.md D18, P14). Its name is its file's.
macro_rules! migration {
    ($ddl:expr) => {
        #[derive(sea_orm_migration::prelude::DeriveMigrationName)]
        pub struct Migration;

        #[async_trait::async_trait]
        impl sea_orm_migration::MigrationTrait for Migration {
            fn use_transaction(&self) -> Option<bool> {
                Some(true)
            }

            async fn up(
                &self,
                manager: &sea_orm_migration::SchemaManager,
            ) -> Result<(), sea_orm_migration::DbErr> {
                crate::sql::run(manager, $ddl).await
            }
        }
    };
}
pub(crate) use migration;

/// Runs each statement (they end in `;` at a line's end) in the engine's own words.
pub async fn run(manager: &SchemaManager<'_>, ddl: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let words: [(&str, &str); 7] = match manager.get_database_backend() {
        DbBackend::Postgres => [
            ("{id}", "UUID"),
            ("{time}", "TIMESTAMPTZ"),
            ("{bytes}", "BYTEA"),
            ("{bool}", "BOOLEAN"),
            // Compared by bytes, so that a range is a prefix and an index serves it.
            ("{folded}", "TEXT COLLATE \"C\""),
            ("{strict}", ""),
            ("BIGINT", "BIGINT"),
        ],
        _ => [
            ("{id}", "BLOB"),
            ("{time}", "TEXT"),
            ("{bytes}", "BLOB"),
            ("{bool}", "INTEGER"),
            ("{folded}", "TEXT"),
            ("{strict}", "STRICT"),
            // Strict tables know this one name; it holds 64 bits.
            ("BIGINT", "INTEGER"),
        ],
    };
    let text = words.iter().fold(ddl.to_owned(), |text, (word, meaning)| text.replace(word, meaning));
    for statement in text.split(";\n").map(str::trim).filter(|statement| !statement.is_empty()) {
        connection.execute_unprepared(statement).await?;
        // Where a test lets the process die, half-way through a migration (security.md D18, P14).
        crash_point!("P14");
    }
    Ok(())
}
