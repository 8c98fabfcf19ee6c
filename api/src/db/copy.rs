//! Every row of every table, out and in again, for backups: found in the catalogue, not listed. A row travels as a
//! JSON object that the database itself makes and reads; bytes are hexadecimal digits in it.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, Statement, Value};
use sealpost_migrations::MigratorTrait as _;
use sealpost_shared::ids::OrganizationId;

use super::{Db, Migrator, scope};

/// How many rows are in hand at once.
const PAGE: u64 = 500;
const MIGRATIONS: &str = "seaql_migrations";

/// One table as the catalogue knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    columns: Vec<Column>,
    /// Says whose a row is; without it the rows are the installation's own.
    owner: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    name: String,
    /// SQLite's JSON has no bytes.
    bytes: bool,
}

impl Table {
    /// Whether its rows are organizations'.
    pub const fn is_owned(&self) -> bool {
        self.owner.is_some()
    }
}

/// One moment of the database, or the one transaction that fills it.
pub struct Copy {
    tx: DatabaseTransaction,
    tables: Vec<Table>,
}

impl Db {
    /// For reading all of it as it is now, whatever others commit meanwhile. Nobody waits for it.
    pub async fn copy_out(&self) -> Result<Copy, DbErr> {
        let tx = scope::moment(&self.reader, self.backend()).await?;
        Copy::begin(tx).await
    }

    /// For filling empty tables; nothing is there before [`Copy::commit`].
    pub async fn copy_in(&self) -> Result<Copy, DbErr> {
        let tx = scope::immediate(&self.writer).await?;
        Copy::begin(tx).await
    }

    /// The migrations that were applied; none where nothing ever was.
    pub async fn applied_migrations(&self) -> Result<Vec<String>, DbErr> {
        let there = match self.backend() {
            DbBackend::Postgres => format!(
                "SELECT to_regclass('{MIGRATIONS}')::text WHERE to_regclass('{MIGRATIONS}') IS NOT NULL"
            ),
            _ => format!("SELECT name FROM sqlite_master WHERE name = '{MIGRATIONS}'"),
        };
        if texts(&self.reader, &there).await?.is_empty() {
            return Ok(Vec::new());
        }
        texts(&self.reader, &format!("SELECT version FROM {MIGRATIONS} ORDER BY version")).await
    }

    /// The migrations of this program.
    pub fn known_migrations() -> Vec<String> {
        let mut names: Vec<_> = Migrator::migrations().iter().map(|it| it.name().to_owned()).collect();
        names.sort();
        names
    }

    /// Makes the tables as they were after the first `count` migrations. For an empty database.
    pub async fn migrate_to(&self, count: usize) -> Result<(), DbErr> {
        use sealpost_migrations::row_security;
        Migrator::up(&self.writer, u32::try_from(count).ok()).await?;
        row_security::enforce(&self.writer).await
    }

    /// What SQLite finds wrong with its own file; nothing on PostgreSQL, which checks pages as it reads them.
    pub async fn damage(&self) -> Result<Vec<String>, DbErr> {
        if self.backend() != DbBackend::Sqlite {
            return Ok(Vec::new());
        }
        let mut found = texts(&self.reader, "PRAGMA quick_check(5)").await?;
        found.retain(|line| line != "ok");
        Ok(found)
    }
}

impl Copy {
    async fn begin(tx: DatabaseTransaction) -> Result<Self, DbErr> {
        if tx.get_database_backend() == DbBackend::Postgres {
            tx.execute_unprepared(
                "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
                 SET LOCAL idle_in_transaction_session_timeout = 0",
            )
            .await?;
        }
        let tables = tables(&tx).await?;
        Ok(Self { tx, tables })
    }

    /// In the order in which they can be filled: what others point at comes first.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    pub const fn transaction(&self) -> &DatabaseTransaction {
        &self.tx
    }

    /// From here on the rows are this organization's, or the installation's own.
    pub async fn turn_to(&self, organization: Option<OrganizationId>) -> Result<(), DbErr> {
        scope::set(&self.tx, organization, false).await
    }

    /// Whether nothing is in any table.
    pub async fn is_empty(&self) -> Result<bool, DbErr> {
        for table in &self.tables {
            // On PostgreSQL the owner of a table that is forced to row-level security sees nothing in it: there the
            // installation's own tables speak for all, and no organization is without their rows.
            if !texts(&self.tx, &format!("SELECT '1' FROM {} LIMIT 1", table.name)).await?.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Each row of the table, of the organization that was turned to.
    pub async fn rows(
        &self,
        table: &Table,
        organization: Option<OrganizationId>,
        mut take: impl FnMut(&str) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        match self.tx.get_database_backend() {
            DbBackend::Postgres => self.postgres_rows(table, &mut take).await,
            _ => self.sqlite_rows(table, organization, &mut take).await,
        }
    }

    async fn sqlite_rows(
        &self,
        table: &Table,
        organization: Option<OrganizationId>,
        take: &mut dyn FnMut(&str) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let fields = table.columns.iter().map(|Column { name, bytes }| {
            let value = if *bytes { format!("hex({name})") } else { name.clone() };
            format!("'{name}', CASE WHEN {name} IS NULL THEN NULL ELSE {value} END")
        });
        let fields = fields.collect::<Vec<_>>().join(", ");
        let own = table.owner.as_ref().map(|owner| format!("AND {owner} = ?2")).unwrap_or_default();
        let sql = format!(
            "SELECT json_object({fields}), rowid FROM {} WHERE rowid > ?1 {own} ORDER BY rowid LIMIT {PAGE}",
            table.name
        );
        let mut last = i64::MIN;
        loop {
            let mut values: Vec<Value> = vec![last.into()];
            values.extend(organization.filter(|_| table.is_owned()).map(|id| id.uuid().into()));
            let page = self.tx.query_all_raw(Statement::from_sql_and_values(DbBackend::Sqlite, &sql, values));
            let page = page.await?;
            for row in &page {
                take(&row.try_get_by_index::<String>(0)?)?;
                last = row.try_get_by_index(1)?;
            }
            if (page.len() as u64) < PAGE {
                return Ok(());
            }
        }
    }

    /// Row-level security shows the organization's alone.
    async fn postgres_rows(
        &self,
        table: &Table,
        take: &mut dyn FnMut(&str) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let name = &table.name;
        let key = format!(
            "SELECT attname::text FROM pg_index
             JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)
             WHERE indrelid = '{name}'::regclass AND indisprimary ORDER BY array_position(indkey, attnum)"
        );
        let key = texts(&self.tx, &key).await?.join(", ");
        self.tx
            .execute_unprepared(&format!(
                "DECLARE copied NO SCROLL CURSOR FOR SELECT row_to_json(it)::text FROM {name} AS it ORDER BY {key}"
            ))
            .await?;
        loop {
            let page = texts(&self.tx, &format!("FETCH {PAGE} FROM copied")).await?;
            page.iter().try_for_each(|row| take(row))?;
            if (page.len() as u64) < PAGE {
                break;
            }
        }
        self.tx.execute_unprepared("CLOSE copied").await?;
        Ok(())
    }

    /// Puts rows of a table in; each is an object as [`Copy::rows`] gave it.
    pub async fn fill(&self, table: &str, rows: &[String]) -> anyhow::Result<()> {
        let Some(table) = self.tables.iter().find(|it| it.name == table) else {
            anyhow::bail!("there is no table {table}");
        };
        let sql = match self.tx.get_database_backend() {
            DbBackend::Postgres => format!(
                "INSERT INTO {0} SELECT * FROM json_populate_recordset(NULL::{0}, $1::json)",
                table.name
            ),
            _ => {
                let names: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
                let values = table.columns.iter().map(|Column { name, bytes }| {
                    let value = format!("json_extract(value, '$.{name}')");
                    if *bytes { format!("unhex({value})") } else { value }
                });
                let values = values.collect::<Vec<_>>().join(", ");
                format!(
                    "INSERT INTO {} ({}) SELECT {values} FROM json_each(?1)",
                    table.name,
                    names.join(", ")
                )
            }
        };
        let rows: Value = format!("[{}]", rows.join(",")).into();
        let statement = Statement::from_sql_and_values(self.tx.get_database_backend(), sql, [rows]);
        self.tx.execute_raw(statement).await?;
        Ok(())
    }

    pub async fn commit(self) -> Result<(), DbErr> {
        self.tx.commit().await
    }
}

async fn texts(db: &impl ConnectionTrait, sql: &str) -> Result<Vec<String>, DbErr> {
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

const SQLITE_COLUMNS: &str = "
    SELECT tables.name || ' ' || columns.name || ' ' || columns.type
    FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns
    WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite%' AND tables.name <> 'seaql_migrations'
    ORDER BY tables.name, columns.cid";
const SQLITE_REFERENCES: &str = "
    SELECT DISTINCT tables.name || ' ' || keys.\"table\"
    FROM sqlite_master AS tables, pragma_foreign_key_list(tables.name) AS keys WHERE tables.type = 'table'";
const POSTGRES_COLUMNS: &str = "
    SELECT relname || ' ' || attname || ' ' || format_type(atttypid, NULL)
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
    WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname <> 'seaql_migrations'
    ORDER BY relname, attnum";
const POSTGRES_REFERENCES: &str = "
    SELECT DISTINCT conrelid::regclass::text || ' ' || confrelid::regclass::text FROM pg_constraint
    WHERE contype = 'f' AND connamespace = current_schema()::regnamespace";

async fn tables(db: &impl ConnectionTrait) -> Result<Vec<Table>, DbErr> {
    let (columns, references) = match db.get_database_backend() {
        DbBackend::Postgres => (POSTGRES_COLUMNS, POSTGRES_REFERENCES),
        _ => (SQLITE_COLUMNS, SQLITE_REFERENCES),
    };
    let mut found: BTreeMap<String, Table> = BTreeMap::new();
    for line in texts(db, columns).await? {
        let mut words = line.splitn(3, ' ').map(str::to_owned);
        let (Some(name), Some(column), Some(kind)) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        let table = found.entry(name.clone()).or_insert(Table { name, columns: Vec::new(), owner: None });
        if column == "organization_id" || (table.name == "organizations" && column == "id") {
            table.owner = Some(column.clone());
        }
        table.columns.push(Column { name: column, bytes: kind == "BLOB" });
    }
    let references = texts(db, references).await?;
    let references: Vec<_> = references.iter().filter_map(|line| line.split_once(' ')).collect();
    in_order(found, &references)
}

fn in_order(mut waiting: BTreeMap<String, Table>, references: &[(&str, &str)]) -> Result<Vec<Table>, DbErr> {
    let mut ordered = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let free = |table: &str| {
            references.iter().all(|(from, to)| *from != table || from == to || !waiting.contains_key(*to))
        };
        let next: Vec<_> = waiting.keys().filter(|name| free(name)).cloned().collect();
        if next.is_empty() {
            return Err(DbErr::Custom("tables point at each other in a circle".to_owned()));
        }
        ordered.extend(next.iter().filter_map(|name| waiting.remove(name)));
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_point_at_comes_first() {
        let table = |name: &str| Table { name: name.to_owned(), columns: Vec::new(), owner: None };
        let tables = || ["links", "contacts", "messages"].map(|name| (name.to_owned(), table(name))).into();
        let points = [("links", "messages"), ("links", "links"), ("messages", "contacts")];
        let ordered = in_order(tables(), &points).expect("an order");
        let names: Vec<_> = ordered.iter().map(|table| table.name.as_str()).collect();
        assert_eq!(names, ["contacts", "messages", "links"]);
        assert!(in_order(tables(), &[("links", "messages"), ("messages", "links")]).is_err());
    }
}
