//! What happened: events for live updates, the audit chain, and the answers kept for repeated requests.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

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
        sql::run(manager, DDL).await?;
        append_only(manager).await
    }
}

/// The audit chain takes no UPDATE and no DELETE (security.md D23).
async fn append_only(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let statements: &[&str] = match manager.get_database_backend() {
        DbBackend::Postgres => &[
            "CREATE FUNCTION audit_entries_append_only() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE EXCEPTION 'audit entries are append-only'; END $$",
            "CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
             FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_append_only()",
        ],
        _ => &[
            "CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
             BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END",
            "CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
             BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END",
        ],
    };
    for statement in statements {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}

const DDL: &str = "
CREATE TABLE events (
    organization_id {id} NOT NULL REFERENCES organizations (id),
    sequence BIGINT NOT NULL,
    id {id} NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    conversation_id {id},
    contact_id {id},
    message_id {id},
    link_id {id},
    user_id {id},
    created_at {time} NOT NULL,
    PRIMARY KEY (organization_id, sequence)
) {strict};

CREATE INDEX events_of_conversation ON events (conversation_id, sequence);

CREATE TABLE audit_entries (
    organization_id {id} NOT NULL REFERENCES organizations (id),
    sequence BIGINT NOT NULL,
    id {id} NOT NULL UNIQUE,
    actor_kind TEXT NOT NULL,
    actor_id {id},
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    created_at {time} NOT NULL,
    previous_hash {bytes} NOT NULL,
    hash {bytes} NOT NULL,
    PRIMARY KEY (organization_id, sequence)
) {strict};

CREATE TABLE idempotency_keys (
    organization_id {id} NOT NULL REFERENCES organizations (id),
    actor_id {id} NOT NULL,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint {bytes} NOT NULL,
    contact_id {id},
    sealed_response {bytes},
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    PRIMARY KEY (organization_id, actor_id, route, key)
) {strict};

CREATE INDEX idempotency_keys_ended ON idempotency_keys (expires_at);
";
