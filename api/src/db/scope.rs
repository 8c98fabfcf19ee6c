//! Whose rows a transaction is about. On PostgreSQL the database itself holds to it (security.md D13): one statement
//! at the transaction's start takes the role and names the organization, and both end with the transaction.

use std::time::Duration;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, IsolationLevel, RuntimeErr,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use sealpost_migrations::row_security::{LOOKUP, ORGANIZATION, TENANT};
use sealpost_shared::ids::OrganizationId;

use super::{Db, SIGNER};
use crate::problem::Result;

/// The way to the rows of one organization, or to what is looked up before it is known.
#[derive(Clone, Copy)]
pub struct Scoped<'a> {
    db: &'a Db,
    organization: Option<OrganizationId>,
}

impl Db {
    /// For work that is an organization's: its rows are there, and no others.
    pub const fn of(&self, organization: OrganizationId) -> Scoped<'_> {
        Scoped { db: self, organization: Some(organization) }
    }

    /// For what comes before: whose token, address or key this is, what the workers claim, what has ended; and for
    /// tables that are the installation's own. On PostgreSQL it reaches the tables of `row_security::LOOKUPS` alone:
    /// no conversation, and no key of an organization or a contact.
    pub const fn before_organization(&self) -> Scoped<'_> {
        Scoped { db: self, organization: None }
    }
}

/// The database ends a statement after 5 s by itself. One that answers nothing at all is given up after these: nobody
/// waits for a connection that is silent for good.
const OPENED_WITHIN: Duration = Duration::from_secs(8);
const WRITTEN_WITHIN: Duration = Duration::from_secs(30);

impl Scoped<'_> {
    /// For reading: one transaction, over when it is dropped. It holds a connection until then, so it must not
    /// live while another one is asked for, and never while anybody waits.
    pub async fn read(self) -> Result<DatabaseTransaction, DbErr> {
        self.opened(self.db.reader.begin()).await
    }

    /// For reading at one moment, whatever others commit meanwhile.
    pub async fn read_at_one_moment(self) -> Result<DatabaseTransaction, DbErr> {
        self.opened(moment(&self.db.reader, self.db.backend())).await
    }

    async fn opened(
        self,
        begun: impl Future<Output = Result<DatabaseTransaction, DbErr>>,
    ) -> Result<DatabaseTransaction, DbErr> {
        let opened = async {
            let tx = begun.await?;
            set(&tx, self.organization, true).await?;
            Ok(tx)
        };
        self.within(OPENED_WITHIN, opened).await.unwrap_or_else(Err)
    }

    /// SQLite has no wire that could fall silent, and its own time for whoever waits.
    async fn within<T>(self, time: Duration, work: impl Future<Output = T>) -> Result<T, DbErr> {
        if self.db.backend() != DbBackend::Postgres {
            return Ok(work.await);
        }
        let silent = |_| DbErr::Conn(RuntimeErr::Internal("the database is silent".to_owned()));
        tokio::time::timeout(time, work).await.map_err(silent)
    }

    /// Runs `work` in one transaction: committed when it succeeds, else rolled back whole.
    pub async fn write<T>(self, work: impl AsyncFnOnce(&DatabaseTransaction) -> Result<T>) -> Result<T> {
        self.within(WRITTEN_WITHIN, self.write_in_time(work)).await?
    }

    async fn write_in_time<T>(self, work: impl AsyncFnOnce(&DatabaseTransaction) -> Result<T>) -> Result<T> {
        let tx = self.within(OPENED_WITHIN, immediate(&self.db.writer)).await??;
        set(&tx, self.organization, false).await?;
        match SIGNER.scope(self.db.signer.get().cloned(), work(&tx)).await {
            Ok(value) => {
                tx.commit().await?;
                self.db.commits.send_modify(|count| *count += 1);
                Ok(value)
            }
            Err(problem) => {
                if let Err(error) = tx.rollback().await {
                    tracing::warn!(error.cause = %error, "rollback failed");
                }
                Err(problem)
            }
        }
    }
}

/// Narrows a look-up's transaction to the organization that it found.
pub async fn enter(tx: &DatabaseTransaction, organization: OrganizationId) -> Result<(), DbErr> {
    set(tx, Some(organization), false).await
}

/// What others commit from here on is not seen in it.
pub(super) async fn moment(
    db: &DatabaseConnection,
    backend: DbBackend,
) -> Result<DatabaseTransaction, DbErr> {
    match backend {
        DbBackend::Postgres => db.begin_with_config(Some(IsolationLevel::RepeatableRead), None).await,
        _ => db.begin().await,
    }
}

/// SQLite's writer is taken at once: a transaction that became a writing one later would be refused, not queued.
pub(super) async fn immediate(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    db.begin_with_options(options).await
}

pub(super) async fn set(
    tx: &DatabaseTransaction,
    organization: Option<OrganizationId>,
    read_only: bool,
) -> Result<(), DbErr> {
    if tx.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let role = if organization.is_some() { TENANT } else { LOOKUP };
    let id = organization.map(|id| id.uuid().to_string()).unwrap_or_default();
    let more = if read_only { ", set_config('transaction_read_only', 'on', true)" } else { "" };
    let sql = format!("SELECT set_config('role', $1, true), set_config('{ORGANIZATION}', $2, true){more}");
    let values = [role.into(), id.into()];
    tx.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(())
}
