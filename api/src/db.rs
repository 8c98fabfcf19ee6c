//! The database: one writer and several readers on SQLite, a pool on PostgreSQL (security.md D19).
//!
//! There is no way to rows but by saying whose they are (security.md D13): `db.of(organization)`, or, for what comes
//! before an organization is known, `db.before_organization()`. Both give `read()`, a transaction that cannot write
//! and ends when it is dropped, and `write(…)`: one transaction, immediate on SQLite, so that it never fails half-way
//! for having read first. Nothing bound for the network happens inside one.

mod copy;
mod scope;
mod share;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbBackend, DbErr, TransactionTrait};
use sealpost_migrations::{Migrator, MigratorTrait, row_security};
use tokio::sync::watch;

use crate::config::DatabaseUrl;
use crate::problem::Result;

pub use copy::{Copy, Table};
pub use scope::{Scoped, enter};

/// Signs what an audit chain ends in, with a key that is not in the database (security.md D23).
pub trait HeadSigner: Send + Sync {
    fn sign(&self, head: &[u8]) -> Vec<u8>;
    fn verify(&self, head: &[u8], signature: &[u8]) -> bool;
}

tokio::task_local! {
    /// Lent to whoever writes in a transaction.
    static SIGNER: Option<Arc<dyn HeadSigner>>;
}

/// What signs the heads of audit chains in the transaction that runs; none outside one.
pub fn head_signer() -> Option<Arc<dyn HeadSigner>> {
    SIGNER.try_with(Clone::clone).ok().flatten()
}

/// Whether this runs in a transaction that writes.
pub fn is_writing() -> bool {
    SIGNER.try_with(|_| ()).is_ok()
}

pub struct Db {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    /// How to connect for migrations.
    migrating: ConnectOptions,
    /// Counts commits, so that the delivery worker and event streams look at once instead of waiting.
    commits: watch::Sender<u64>,
    signer: OnceLock<Arc<dyn HeadSigner>>,
    statements: Arc<AtomicU64>,
}

impl Db {
    pub async fn open(url: &DatabaseUrl) -> Result<Self, DbErr> {
        let (writer, reader, migrating) = match url {
            DatabaseUrl::Sqlite(path) => {
                share::refuse(path)?;
                create_for_owner(path)?;
                let address = format!("sqlite://{}?mode=rwc", path.display());
                let writer = Database::connect(sqlite(&address, 1)).await?;
                let reader = Database::connect(sqlite(&address, 4)).await?;
                (writer, reader, ConnectOptions::new(&address))
            }
            DatabaseUrl::Postgres(url) => {
                let pool = Database::connect(postgres(url.expose())).await?;
                (pool.clone(), pool, ConnectOptions::new(url.expose()))
            }
        };
        let mut db = Self::on(writer, reader, migrating);
        for connection in [&mut db.writer, &mut db.reader] {
            let statements = db.statements.clone();
            connection.set_metric_callback(move |_| {
                statements.fetch_add(1, Ordering::Relaxed);
            });
        }
        Ok(db)
    }

    fn on(writer: DatabaseConnection, reader: DatabaseConnection, migrating: ConnectOptions) -> Self {
        Self {
            writer,
            reader,
            migrating,
            commits: watch::Sender::new(0),
            signer: OnceLock::new(),
            statements: Arc::default(),
        }
    }

    /// How many statements were run since the start: what an answer really cost.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// For reading alone: nothing is made, nothing can be changed.
    pub async fn open_to_look(url: &DatabaseUrl) -> Result<Self, DbErr> {
        let options = match url {
            DatabaseUrl::Sqlite(path) => {
                // Without a journal nobody has it open: read as it lies, so that no journal is made either.
                let journal = std::path::PathBuf::from(format!("{}-wal", path.display()));
                let still = if journal.exists() { "" } else { "&immutable=1" };
                let mut options = ConnectOptions::new(format!("sqlite://{}?mode=ro{still}", path.display()));
                options.max_connections(1).sqlx_logging(false);
                options
            }
            DatabaseUrl::Postgres(url) => {
                let mut options = ConnectOptions::new(url.expose());
                options.max_connections(1).acquire_timeout(Duration::from_secs(5)).sqlx_logging(false);
                options.map_sqlx_postgres_opts(|options| {
                    options.options([("default_transaction_read_only", "on")])
                });
                options
            }
        };
        let pool = Database::connect(options.clone()).await?;
        Ok(Self::on(pool.clone(), pool, options))
    }

    /// How many migrations wait; an error when none was ever applied. Unlike [`Db::is_migrated`] it makes nothing.
    pub async fn pending_migrations(&self) -> Result<usize, DbErr> {
        use sea_orm::{ConnectionTrait, Statement};
        let sql = "SELECT version FROM seaql_migrations";
        let rows = self.reader.query_all_raw(Statement::from_string(self.backend(), sql)).await?;
        let applied: Vec<String> =
            rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?;
        let known = Migrator::migrations();
        Ok(known.iter().filter(|migration| !applied.iter().any(|name| name == migration.name())).count())
    }

    /// Brings the tables up to date. On PostgreSQL under an advisory lock: several servers may start at once. Where
    /// somebody weakened row-level security it does not go on.
    pub async fn migrate(&self) -> Result<(), DbErr> {
        self.migrate_or(false).await
    }

    /// The same, and puts up again what somebody took from row-level security.
    pub async fn migrate_and_mend(&self) -> Result<(), DbErr> {
        self.migrate_or(true).await
    }

    async fn migrate_or(&self, mend: bool) -> Result<(), DbErr> {
        use sea_orm::ConnectionTrait;
        if self.backend() != DbBackend::Postgres {
            return Migrator::up(&self.writer, None).await;
        }
        let lock = self.writer.begin().await?;
        lock.execute_unprepared(
            "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
             SET LOCAL idle_in_transaction_session_timeout = 0; SELECT pg_advisory_xact_lock(727300001)",
        )
        .await?;
        // On a connection without the limits of everyday work: a migration may take minutes.
        let patient = Database::connect(self.migrating.clone()).await?;
        let migrated = up_to_date(&patient, mend).await;
        patient.close().await?;
        migrated?;
        lock.commit().await
    }

    /// What the second wall on PostgreSQL lacks (security.md D13), in words; nothing on SQLite.
    pub async fn wall_faults(&self) -> Result<Vec<String>, DbErr> {
        row_security::faults(&self.reader).await
    }

    /// True when the database answers.
    pub async fn answers(&self) -> bool {
        self.reader.ping().await.is_ok()
    }

    /// True when every migration that this binary knows has been applied.
    pub async fn is_migrated(&self) -> Result<bool, DbErr> {
        Ok(Migrator::get_pending_migrations(&self.reader).await?.is_empty())
    }

    pub fn backend(&self) -> DbBackend {
        self.writer.get_database_backend()
    }

    /// What time the database's own computer shows; SQLite has none.
    pub async fn clock(&self) -> Result<Option<DateTime<Utc>>, DbErr> {
        use sea_orm::{ConnectionTrait, Statement};
        if self.backend() != DbBackend::Postgres {
            return Ok(None);
        }
        let asked = Statement::from_string(self.backend(), "SELECT clock_timestamp()");
        let row = self.reader.query_one_raw(asked).await?;
        row.map(|row| row.try_get_by_index(0)).transpose()
    }

    /// From here on transactions can move the heads of audit chains.
    pub fn sign_heads_with(&self, signer: Arc<dyn HeadSigner>) {
        let _ = self.signer.set(signer);
    }

    /// What was erased goes from the journal beside SQLite's file, too. A reader may be in the way: then it goes
    /// with the next time. PostgreSQL's VACUUM does it by itself.
    pub async fn drop_journal(&self) {
        use sea_orm::ConnectionTrait;
        if self.backend() != DbBackend::Sqlite {
            return;
        }
        if let Err(error) = self.writer.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await {
            tracing::warn!(error.cause = %error, "the database's journal stays for now");
        }
    }

    /// Changes whenever this process commits something.
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.commits.subscribe()
    }

    pub async fn close(&self) {
        let _ = self.reader.clone().close().await;
        let _ = self.writer.clone().close().await;
    }
}

/// Migrations change the rows of every organization; afterwards, and wherever it was not, row-level security is in
/// force on every table, or nothing starts. Between two versions nobody but somebody who should say so changes it.
async fn up_to_date(db: &DatabaseConnection, mend: bool) -> Result<(), DbErr> {
    if !Migrator::get_pending_migrations(db).await?.is_empty() {
        row_security::relax(db).await?;
    } else if !mend {
        let weakened = row_security::weakened(db).await?;
        if !weakened.is_empty() {
            return Err(DbErr::Custom(format!(
                "somebody changed row-level security: {}. Find out who and why; `sealpost migrate` puts it up again",
                weakened.join("; ")
            )));
        }
    }
    Migrator::up(db, None).await?;
    let raised = row_security::enforce(db).await;
    let faults = row_security::faults(db).await?;
    if faults.is_empty() {
        return raised;
    }
    let run = row_security::for_the_administrator("the server's user");
    Err(DbErr::Custom(format!(
        "row-level security cannot be put in force: {}. A database administrator runs once: {run}",
        faults.join("; ")
    )))
}

fn sqlite(address: &str, connections: u32) -> ConnectOptions {
    use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
    let mut options = ConnectOptions::new(address);
    options
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        .sqlx_logging(false)
        // On a full disk SQLite may end a transaction by itself, or not end it, and sqlx counts on: what is written
        // next would be part of a transaction that nobody commits, acknowledged and never stored.
        .map_sqlx_sqlite_pool_opts(|pool| {
            pool.before_acquire(|connection, _| {
                let clean = !sqlx::Connection::is_in_transaction(connection);
                Box::pin(async move { Ok(clean) })
            })
        })
        .map_sqlx_sqlite_opts(|options| {
            options
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(5))
                .foreign_keys(true)
                .pragma("secure_delete", "ON")
                .pragma("trusted_schema", "OFF")
        });
    options
}

fn postgres(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(20)
        .acquire_timeout(Duration::from_secs(5))
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(|options| {
            options.options([
                ("statement_timeout", "5s"),
                ("lock_timeout", "2s"),
                ("idle_in_transaction_session_timeout", "10s"),
                ("synchronous_commit", "on"),
            ])
        });
    options
}

/// The file holds what it holds sealed, but also names and times: its owner alone may read it, from the first
/// moment. What SQLite puts beside it takes the file's own permissions.
fn create_for_owner(path: &std::path::Path) -> Result<(), DbErr> {
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
    let failed = |error: std::io::Error| DbErr::Custom(format!("cannot make the database file: {error}"));
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
    }
    std::fs::OpenOptions::new().append(true).create(true).mode(0o600).open(path).map_err(failed)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(failed)
}
