//! The second wall on PostgreSQL (security.md D13): whoever works for an organization does it as `sealpost_tenant`,
//! whom the database shows that organization's rows and no others; what is looked up before the organization is
//! known goes as `sealpost_lookup`, who reaches the tables of [`LOOKUPS`], with every organization's rows in them.
//! Among those are sealed words on their way (`deliveries`, `staff_mails`, `inbound_messages`), kept answers
//! (`idempotency_keys`), people with their password hashes (`users`) and the hashes of `api_keys`. `messages`,
//! `contacts`, `contact_keys` are not; of `organization_keys` it sees whose and of which version, not the keys.
//! Tables without an `organization_id` are the installation's own: both roles work on them.
//!
//! Found in the catalogue, not listed: every table with an `organization_id` gets its policies when it is made.

use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

pub const TENANT: &str = "sealpost_tenant";
pub const LOOKUP: &str = "sealpost_lookup";
/// The setting that says whose rows a transaction is about.
pub const ORGANIZATION: &str = "sealpost.organization";

/// What is reached before the organization is known, and how: tokens, sign-in, the workers' claims, housekeeping,
/// what the commands for keys and the audit chains go through.
pub const LOOKUPS: &[(&str, &str)] = &[
    ("organizations", "SELECT"),
    ("organization_heads", "SELECT"),
    ("organization_keys", "SELECT (organization_id, master_key_version)"),
    ("audit_entries", "SELECT (organization_id)"),
    ("users", "SELECT"),
    ("api_keys", "SELECT"),
    ("links", "SELECT"),
    ("invitations", "SELECT"),
    ("one_time_sign_ins", "SELECT, UPDATE, DELETE"),
    ("pending_sign_ins", "SELECT, DELETE"),
    ("passkey_ceremonies", "SELECT, DELETE"),
    ("staff_sessions", "SELECT, DELETE"),
    ("patient_sessions", "SELECT, DELETE"),
    ("idempotency_keys", "SELECT, DELETE"),
    ("inbound_messages", "SELECT, UPDATE"),
    ("known_devices", "SELECT, DELETE"),
    ("staff_devices", "SELECT, DELETE"),
    ("password_resets", "SELECT, DELETE"),
    ("deliveries", "SELECT, UPDATE"),
    ("staff_mails", "SELECT, UPDATE"),
];

/// What a database administrator runs where the server's own user may not make roles.
pub fn for_the_administrator(user: &str) -> String {
    format!(
        "CREATE ROLE {TENANT} NOLOGIN; CREATE ROLE {LOOKUP} NOLOGIN; GRANT {TENANT}, {LOOKUP} TO \"{user}\";"
    )
}

/// Puts up what is missing; nothing on SQLite, and nothing where all is there.
pub async fn enforce(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if db.get_database_backend() != DbBackend::Postgres || faults(db).await?.is_empty() {
        return Ok(());
    }
    // Roles belong to all databases of a cluster: another one's server may make them this moment.
    for role in [TENANT, LOOKUP] {
        db.execute_unprepared(&format!(
            "DO $$ BEGIN
               IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role} NOLOGIN; END IF;
             EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
             DO $$ BEGIN
               IF NOT pg_has_role(current_user, '{role}', 'MEMBER') THEN GRANT {role} TO CURRENT_USER; END IF;
             EXCEPTION WHEN unique_violation THEN NULL; END $$;"
        ))
        .await?;
    }
    for (table, key) in tables(db).await? {
        for statement in statements(&table, key.as_deref()) {
            db.execute_unprepared(&statement).await?;
        }
    }
    Ok(())
}

/// Opens the wall for migrations, which change every organization's rows; [`enforce`] closes it again.
pub async fn relax(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        for (table, key) in tables(db).await? {
            if key.is_some() {
                db.execute_unprepared(&format!("ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")).await?;
            }
        }
    }
    Ok(())
}

/// What is missing, in words; nothing on SQLite.
pub async fn faults(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(Vec::new());
    }
    let mut faults = texts(db, ROLES).await?;
    // Without the roles there is nothing to ask about them.
    if faults.is_empty() {
        faults = texts(db, TABLES).await?;
    }
    Ok(faults)
}

const ROLES: &str = "
    SELECT 'the role ' || wanted || ' is missing, or bypasses row-level security, or is not granted to ' || current_user
    FROM unnest(ARRAY['sealpost_tenant', 'sealpost_lookup']) AS wanted
    LEFT JOIN pg_roles ON rolname = wanted
    WHERE rolname IS NULL OR rolbypassrls OR rolsuper OR NOT pg_has_role(current_user, pg_roles.oid, 'MEMBER')";

const TABLES: &str = "
    SELECT 'row-level security is not in force on ' || relname
    FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND relname <> 'seaql_migrations'
      AND (
        NOT has_table_privilege('sealpost_tenant', oid, 'SELECT')
        OR (
          (relname = 'organizations' OR EXISTS (
            SELECT FROM pg_attribute WHERE attrelid = pg_class.oid AND attname = 'organization_id' AND NOT attisdropped))
          AND NOT (relrowsecurity AND relforcerowsecurity AND EXISTS (
            SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND polname = 'sealpost_tenant'))))
    ORDER BY 1";

/// Each table but the migrations' own, with the column that says whose a row is.
async fn tables(db: &impl ConnectionTrait) -> Result<Vec<(String, Option<String>)>, DbErr> {
    let sql = "
        SELECT relname::text, CASE WHEN relname = 'organizations' THEN 'id' ELSE attname::text END
        FROM pg_class LEFT JOIN pg_attribute
          ON attrelid = pg_class.oid AND attname = 'organization_id' AND NOT attisdropped
        WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
          AND relname <> 'seaql_migrations'
        ORDER BY 1";
    let rows = db.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// Tables without an organization are the installation's own: both roles work on them.
fn statements(table: &str, key: Option<&str>) -> Vec<String> {
    let all = "SELECT, INSERT, UPDATE, DELETE";
    let mut statements = vec![
        format!("REVOKE ALL ON {table} FROM {TENANT}, {LOOKUP}"),
        format!(
            "GRANT {} ON {table} TO {TENANT}",
            if table == "audit_entries" { "SELECT, INSERT" } else { all }
        ),
    ];
    let Some(key) = key else {
        statements.push(format!("GRANT {all} ON {table} TO {LOOKUP}"));
        return statements;
    };
    let own = format!("{key} = NULLIF(current_setting('{ORGANIZATION}', true), '')::uuid");
    statements.extend([
        format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"),
        format!("ALTER TABLE {table} FORCE ROW LEVEL SECURITY"),
        format!("DROP POLICY IF EXISTS {TENANT} ON {table}"),
        format!("CREATE POLICY {TENANT} ON {table} TO {TENANT} USING ({own}) WITH CHECK ({own})"),
        format!("DROP POLICY IF EXISTS {LOOKUP} ON {table}"),
    ]);
    // By name: who is a member of the role, as the server's own user is, has to take it first.
    if let Some((_, rights)) = LOOKUPS.iter().find(|(name, _)| *name == table) {
        statements.push(format!("GRANT {rights} ON {table} TO {LOOKUP}"));
        statements
            .push(format!("CREATE POLICY {LOOKUP} ON {table} TO {LOOKUP} USING (current_user = '{LOOKUP}')"));
    }
    statements
}

async fn texts(db: &impl ConnectionTrait, sql: &str) -> Result<Vec<String>, DbErr> {
    let rows = db.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}
