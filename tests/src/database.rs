//! A database for one test: a file in a folder of its own, or, with `SEALPOST_TEST_POSTGRES_URL`, a copy of a
//! migrated template on that server. `tests/postgres` starts one and throws it away.

use std::collections::BTreeMap;
use std::path::Path;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use sealpost_api::config::{DatabaseUrl, Secret};
use sealpost_api::db::Db;
use tokio::sync::OnceCell;

const TEMPLATE: &str = "sealpost_template";

/// A fresh one. On SQLite its file is in `folder`.
pub async fn create(folder: &Path) -> DatabaseUrl {
    static MIGRATED: OnceCell<()> = OnceCell::const_new();
    let Ok(server) = std::env::var("SEALPOST_TEST_POSTGRES_URL") else {
        return DatabaseUrl::Sqlite(folder.join("sealpost.db"));
    };
    MIGRATED.get_or_init(|| make_template(&server)).await;
    let name = format!("test_{}", uuid::Uuid::new_v4().simple());
    create_on(&server, &name, &format!(" TEMPLATE {TEMPLATE}")).await;
    postgres(&server, &name)
}

async fn make_template(server: &str) {
    create_on(server, TEMPLATE, "").await;
    let db = Db::open(&postgres(server, TEMPLATE)).await.expect("the template opens");
    db.migrate().await.expect("the template is migrated");
    // A template in use cannot be copied.
    db.close().await;
}

async fn create_on(server: &str, name: &str, how: &str) {
    let connection = sea_orm::Database::connect(server).await.expect("the PostgreSQL of the tests answers");
    connection.execute_unprepared(&format!("CREATE DATABASE {name}{how}")).await.expect("a database");
    connection.close().await.expect("closed");
}

fn postgres(server: &str, name: &str) -> DatabaseUrl {
    let (base, _) = server.rsplit_once('/').expect("a URL with a database");
    DatabaseUrl::Postgres(Secret::new(format!("{base}/{name}")))
}

/// A connection beside the server's own.
pub async fn connect(url: &DatabaseUrl) -> DatabaseConnection {
    connect_as(url, "ro").await
}

pub fn address(url: &DatabaseUrl, mode: &str) -> String {
    match url {
        DatabaseUrl::Sqlite(path) => format!("sqlite://{}?mode={mode}", path.display()),
        DatabaseUrl::Postgres(url) => url.expose().to_owned(),
    }
}

pub async fn connect_as(url: &DatabaseUrl, mode: &str) -> DatabaseConnection {
    let address = address(url, mode);
    sea_orm::Database::connect(address).await.expect("the database opens")
}

/// Changes rows behind the server's back.
pub async fn execute(url: &DatabaseUrl, sql: &str) {
    let connection = connect_as(url, "rw").await;
    let changed = connection.execute_unprepared(sql).await.expect("a change").rows_affected();
    connection.close().await.expect("closed");
    assert!(changed > 0, "{sql} changed nothing");
}

/// Changes tables behind the server's back.
pub async fn alter(url: &DatabaseUrl, sql: &str) {
    let connection = connect_as(url, "rw").await;
    connection.execute_unprepared(sql).await.expect("a change");
    connection.close().await.expect("closed");
}

async fn texts(connection: &DatabaseConnection, sql: String) -> Vec<String> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.expect("rows");
    rows.iter().map(|row| row.try_get_by_index(0).expect("text")).collect()
}

/// Every row of every table, as text.
pub async fn tables(url: &DatabaseUrl) -> BTreeMap<String, Vec<String>> {
    let connection = connect(url).await;
    let sqlite = connection.get_database_backend() == DbBackend::Sqlite;
    let mut tables = BTreeMap::new();
    for table in table_names(&connection).await {
        let row = if sqlite {
            let columns = texts(&connection, format!("SELECT name FROM pragma_table_info('{table}')")).await;
            let quoted: Vec<_> = columns.iter().map(|column| format!("quote({column})")).collect();
            quoted.join(" || ',' || ")
        } else {
            format!("{table}::text")
        };
        let rows = texts(&connection, format!("SELECT {row} FROM {table} ORDER BY 1")).await;
        tables.insert(table, rows);
    }
    connection.close().await.expect("closed");
    tables
}

/// The columns of every table.
pub async fn columns(url: &DatabaseUrl) -> BTreeMap<String, Vec<String>> {
    let connection = connect(url).await;
    let sqlite = connection.get_database_backend() == DbBackend::Sqlite;
    let mut columns = BTreeMap::new();
    for table in table_names(&connection).await {
        let sql = if sqlite {
            format!("SELECT name FROM pragma_table_info('{table}')")
        } else {
            format!("SELECT column_name::text FROM information_schema.columns WHERE table_name = '{table}'")
        };
        columns.insert(table, texts(&connection, sql).await);
    }
    connection.close().await.expect("closed");
    columns
}

/// The columns that hold text or bytes; ids and times, which SQLite keeps as such, are left out.
pub async fn columns_of_text(url: &DatabaseUrl) -> BTreeMap<String, Vec<String>> {
    let connection = connect(url).await;
    let sqlite = connection.get_database_backend() == DbBackend::Sqlite;
    let mut columns = BTreeMap::new();
    for table in table_names(&connection).await {
        let sql = if sqlite {
            format!(
                "SELECT name FROM pragma_table_info('{table}')
                 WHERE (type = 'TEXT' AND NOT (name LIKE '%\\_at' ESCAPE '\\' OR name LIKE '%\\_after' ESCAPE '\\'
                        OR name LIKE '%\\_until' ESCAPE '\\' OR name = 'reached'))
                    OR (type = 'BLOB' AND NOT (name = 'id' OR name LIKE '%\\_id' ESCAPE '\\'
                        OR name IN ('callback_handle', 'lease_token', 'invited_by')))"
            )
        } else {
            format!(
                "SELECT column_name::text FROM information_schema.columns
                 WHERE table_name = '{table}' AND data_type IN ('text', 'bytea', 'character varying', 'jsonb')"
            )
        };
        columns.insert(table, texts(&connection, sql).await);
    }
    connection.close().await.expect("closed");
    columns
}

/// What must be unique and who points where, of one table, from the catalogue.
pub struct Keys {
    /// The columns of each key that holds for all rows.
    pub unique: Vec<Vec<String>>,
    /// Another table, and the columns that point at it.
    pub references: Vec<(String, Vec<String>)>,
}

/// The keys of every table.
pub async fn keys(url: &DatabaseUrl) -> BTreeMap<String, Keys> {
    let connection = connect(url).await;
    let sqlite = connection.get_database_backend() == DbBackend::Sqlite;
    let mut keys = BTreeMap::new();
    for table in table_names(&connection).await {
        let (unique, references) = if sqlite { SQLITE_KEYS } else { POSTGRES_KEYS };
        let words = async |sql: &str| {
            let rows = texts(&connection, sql.replace("{table}", &table)).await;
            rows.iter().map(|row| row.split(' ').map(str::to_owned).collect()).collect::<Vec<Vec<String>>>()
        };
        let references = words(references).await.into_iter();
        let references = references.map(|mut words| (words.remove(0), words)).collect();
        keys.insert(table.clone(), Keys { unique: words(unique).await, references });
    }
    connection.close().await.expect("closed");
    keys
}

const SQLITE_KEYS: (&str, &str) = (
    "SELECT (SELECT group_concat(name, ' ') FROM pragma_index_info(list.name)) FROM pragma_index_list('{table}') AS list
     WHERE list.\"unique\" AND NOT list.partial",
    "SELECT \"table\" || ' ' || group_concat(\"from\", ' ') FROM pragma_foreign_key_list('{table}') GROUP BY id",
);
const POSTGRES_KEYS: (&str, &str) = (
    "SELECT (SELECT string_agg(attname::text, ' ') FROM pg_attribute
             WHERE attrelid = indrelid AND attnum = ANY(indkey::smallint[]))
     FROM pg_index WHERE indrelid = '{table}'::regclass AND indisunique AND indpred IS NULL",
    "SELECT confrelid::regclass::text || ' ' || (SELECT string_agg(attname::text, ' ') FROM pg_attribute
             WHERE attrelid = conrelid AND attnum = ANY(conkey))
     FROM pg_constraint WHERE contype = 'f' AND conrelid = '{table}'::regclass",
);

async fn table_names(connection: &DatabaseConnection) -> Vec<String> {
    let names = if connection.get_database_backend() == DbBackend::Sqlite {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    } else {
        "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'"
    };
    texts(connection, names.to_owned()).await
}

/// What lies on the disk: the files of SQLite as they are, or a dump of PostgreSQL's tables.
pub async fn stored_bytes(url: &DatabaseUrl, folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (table, rows) in tables(url).await {
        bytes.extend_from_slice(format!("{table}\n{}\n", rows.join("\n")).as_bytes());
    }
    if matches!(url, DatabaseUrl::Sqlite(_)) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("sealpost.db")) {
                bytes.extend(std::fs::read(path).expect("a file"));
            }
        }
    }
    bytes
}

/// A text of each row that a query finds, also while or after a server was killed.
pub async fn rows(url: &DatabaseUrl, sql: &str) -> Vec<String> {
    let connection = connect_as(url, "rw").await;
    let rows = texts(&connection, sql.to_owned()).await;
    connection.close().await.expect("closed");
    rows
}

/// One without tables, on the server of the tests; nothing on SQLite, where a file that is not there is one.
pub async fn create_bare() -> Option<DatabaseUrl> {
    let server = std::env::var("SEALPOST_TEST_POSTGRES_URL").ok()?;
    let name = format!("test_{}", uuid::Uuid::new_v4().simple());
    create_on(&server, &name, "").await;
    Some(postgres(&server, &name))
}

/// How many rows a table has.
pub async fn count(url: &DatabaseUrl, table: &str) -> usize {
    tables(url).await[table].len()
}

/// Notices that nobody sent yet.
pub async fn unsent(url: &DatabaseUrl) -> Vec<String> {
    let connection = connect(url).await;
    let sql = "SELECT channel || ' ' || status FROM deliveries WHERE status IN ('queued', 'sending')";
    let mut unsent = texts(&connection, sql.to_owned()).await;
    let sql = "SELECT 'staff mail ' || status FROM staff_mails WHERE status IN ('queued', 'sending')";
    unsent.extend(texts(&connection, sql.to_owned()).await);
    connection.close().await.expect("closed");
    unsent
}
