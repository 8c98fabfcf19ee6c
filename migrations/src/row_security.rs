//! The second wall on PostgreSQL (security.md D13): whoever works for an organization does it as `sealpost_tenant`,
//! whom the database shows that organization's rows and no others; what is looked up before the organization is
//! known goes as `sealpost_lookup`, who reaches the tables of [`LOOKUPS`], with every organization's rows in them.
//! Among those are sealed words on their way (`deliveries`, `staff_mails`, `inbound_messages`), kept answers
//! (`idempotency_keys`), people with their password hashes (`users`) and the hashes of `api_keys`. `messages`,
//! `contacts`, `contact_keys` are not; of `organization_keys` it sees whose, of which version and since when, not the keys.
//! Tables without an `organization_id` are the installation's own: both roles work on them.
//!
//! Found in the catalogue, not listed: every table with an `organization_id` gets its policies when it is made.

mod faults;

use std::collections::BTreeSet;

use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr};

pub const TENANT: &str = "sealpost_tenant";
pub const LOOKUP: &str = "sealpost_lookup";
/// The setting that says whose rows a transaction is about.
pub const ORGANIZATION: &str = "sealpost.organization";

/// What is reached before the organization is known, and how: tokens, sign-in, the workers' claims, housekeeping,
/// what the commands for keys and the audit chains go through.
pub const LOOKUPS: &[(&str, &str)] = &[
    ("organizations", "SELECT"),
    ("organization_heads", "SELECT"),
    ("organization_keys", "SELECT (organization_id, version, master_key_version, created_at)"),
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
    ("scheduled_messages", "SELECT (organization_id, id, next_try_at, failed_at)"),
    ("reminders", "SELECT (organization_id, id, due_at, flagged_at)"),
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
    for (table, found) in faults::tables(db).await? {
        if found.faults(&table).is_empty() {
            continue;
        }
        for policy in found.policies() {
            db.execute_unprepared(&format!("DROP POLICY \"{}\" ON {table}", policy.replace('"', "\"\"")))
                .await?;
        }
        for statement in statements(&table, found.key.as_deref()) {
            db.execute_unprepared(&statement).await?;
        }
    }
    Ok(())
}

/// Opens the wall for migrations, which change every organization's rows; [`enforce`] closes it again.
pub async fn relax(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        for (table, found) in faults::tables(db).await? {
            if found.key.is_some() {
                db.execute_unprepared(&format!("ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")).await?;
            }
        }
    }
    Ok(())
}

/// What is not as [`enforce`] makes it, in words; nothing on SQLite.
pub async fn faults(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let roles = roles(db).await?;
    // Without the roles there is nothing to ask about them.
    if roles.is_empty() { faults_of(db, |_| true).await } else { Ok(roles) }
}

/// The same, but for tables that were never behind the wall: where somebody took from it, they should be asked why
/// before it is put up again.
pub async fn weakened(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    if roles(db).await?.is_empty() { faults_of(db, |found| !found.is_new()).await } else { Ok(Vec::new()) }
}

async fn roles(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    if db.get_database_backend() == DbBackend::Postgres { faults::roles(db).await } else { Ok(Vec::new()) }
}

async fn faults_of(
    db: &impl ConnectionTrait,
    counts: impl Fn(&faults::Found) -> bool,
) -> Result<Vec<String>, DbErr> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(Vec::new());
    }
    let tables = faults::tables(db).await?;
    let found = tables.iter().filter(|(_, found)| counts(found));
    Ok(found.flat_map(|(table, found)| found.faults(table)).collect())
}

/// Whose rows a transaction may see and make.
fn own_rows(key: &str) -> String {
    format!("{key} = NULLIF(current_setting('{ORGANIZATION}', true), '')::uuid")
}

const ALL: &str = "SELECT, INSERT, UPDATE, DELETE";

/// Tables without an organization are the installation's own: both roles work on them.
fn given(table: &str, is_somebodys: bool, role: &str) -> &'static str {
    match role {
        TENANT if table == "audit_entries" => "SELECT, INSERT",
        TENANT => ALL,
        LOOKUP if is_somebodys => {
            LOOKUPS.iter().find(|(name, _)| *name == table).map_or("", |(_, rights)| *rights)
        }
        LOOKUP => ALL,
        _ => "",
    }
}

/// One by one, as the catalogue has them.
fn rights_of(table: &str, is_somebodys: bool, role: &str) -> BTreeSet<String> {
    let given = given(table, is_somebodys, role);
    let each = |list: &str| list.split(", ").filter(|it| !it.is_empty()).map(ToOwned::to_owned).collect();
    match given.trim_end_matches(')').split_once(" (") {
        Some((right, columns)) => columns.split(", ").map(|column| format!("{right} ({column})")).collect(),
        None => each(given),
    }
}

fn statements(table: &str, key: Option<&str>) -> Vec<String> {
    let mut statements = vec![format!("REVOKE ALL ON {table} FROM {TENANT}, {LOOKUP}, PUBLIC")];
    for role in [TENANT, LOOKUP] {
        let given = given(table, key.is_some(), role);
        if !given.is_empty() {
            statements.push(format!("GRANT {given} ON {table} TO {role}"));
        }
    }
    let Some(key) = key else { return statements };
    let own = own_rows(key);
    statements.extend([
        format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"),
        format!("ALTER TABLE {table} FORCE ROW LEVEL SECURITY"),
        format!("CREATE POLICY {TENANT} ON {table} TO {TENANT} USING ({own}) WITH CHECK ({own})"),
    ]);
    // By name: who is a member of the role, as the server's own user is, has to take it first.
    if !given(table, true, LOOKUP).is_empty() {
        statements
            .push(format!("CREATE POLICY {LOOKUP} ON {table} TO {LOOKUP} USING (current_user = '{LOOKUP}')"));
    }
    statements
}
