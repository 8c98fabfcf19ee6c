//! The second wall, on PostgreSQL: the database itself shows an organization's work no row of another (security.md
//! D13). Made from the catalogue, so that a new table is covered the day it is made. Nothing to see on SQLite.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, Statement, TransactionTrait};
use sealpost_api::config::{DatabaseUrl, Secret};
use sealpost_api::db::Db;
use sealpost_api::entities::organization;
use sealpost_migrations::row_security::{LOOKUP, LOOKUPS, TENANT};
use sealpost_shared::ids::OrganizationId;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::Practice;
use serde_json::json;

/// An organization with something in most tables.
async fn busy(app: &TestApp, name: &str, email: &str) -> Practice {
    let practice = app.practice_named(name, email).await;
    let jordan = practice.jordan().await;
    practice.set_pin(&jordan, "4821").await;
    practice.send(&jordan, json!({})).await;
    app.enter_with_pin(&app.newest_token().await, "4821").await.reply("Thank you!").await.expect(201);
    practice
}

fn uuid(practice: &Practice) -> String {
    practice.organization_id.parse::<OrganizationId>().expect("an id").uuid().to_string()
}

/// Two organizations, and a connection that no policy holds.
async fn two() -> Option<(TestApp, DatabaseConnection, Practice, Practice)> {
    let app = TestApp::start().await;
    let db = app.postgres().await?;
    let ours = busy(&app, "Riverside Clinic", "amy.lee@riverside.example").await;
    let theirs = busy(&app, "Lakeside Law", "kim@lakeside.example").await;
    Some((app, db, ours, theirs))
}

async fn texts(db: &impl ConnectionTrait, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.iter().map(|row| row.try_get_by_index(0).expect("text")).collect()
}

async fn count(db: &impl ConnectionTrait, sql: &str) -> i64 {
    texts(db, &format!("SELECT ({sql})::text")).await[0].parse().expect("a number")
}

/// Every table with rows of organizations, and the column that says whose.
async fn tables(db: &DatabaseConnection) -> Vec<(String, &'static str)> {
    let sql = "SELECT DISTINCT table_name::text FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name = 'organization_id' ORDER BY 1";
    let owned = texts(db, sql).await.into_iter().map(|table| (table, "organization_id"));
    owned.chain([("organizations".to_owned(), "id")]).collect()
}

/// A transaction as one role; it ends unheeded.
async fn as_role(db: &DatabaseConnection, role: &str, organization: &str) -> DatabaseTransaction {
    let tx = db.begin().await.expect("a transaction");
    let sql = format!(
        "SELECT set_config('role', '{role}', true) || set_config('sealpost.organization', '{organization}', true)"
    );
    texts(&tx, &sql).await;
    tx
}

async fn refusal(db: &DatabaseConnection, role: &str, organization: &str, sql: &str) -> String {
    let tx = as_role(db, role, organization).await;
    let error = tx.execute_unprepared(sql).await.expect_err(sql).to_string();
    tx.rollback().await.expect("undone");
    error
}

#[tokio::test]
async fn every_table_is_behind_the_wall_and_one_that_is_not_stops_no_start_but_is_put_behind_it() {
    let app = TestApp::start().await;
    let Some(db) = app.postgres().await else { return };
    let none: Vec<String> = Vec::new();
    assert_eq!(app.state().db.wall_faults().await.expect("an answer"), none);
    let forced = "SELECT relname::text FROM pg_class WHERE relrowsecurity AND relforcerowsecurity";
    let forced: BTreeSet<_> = texts(&db, forced).await.into_iter().collect();
    let owned: BTreeSet<_> = tables(&db).await.into_iter().map(|(table, _)| table).collect();
    assert_eq!(forced, owned);
    assert!(owned.len() > 25, "{owned:?}");
    db.execute_unprepared("CREATE TABLE novelties (organization_id UUID PRIMARY KEY)")
        .await
        .expect("a table");
    let faults = app.state().db.wall_faults().await.expect("an answer");
    assert_eq!(faults[0], "row-level security is not in force on novelties");
    assert!(faults.iter().all(|fault| fault.contains("on novelties")), "{faults:?}");
    app.state().db.migrate().await.expect("the next start mends it");
    assert_eq!(app.state().db.wall_faults().await.expect("an answer"), none);
}

#[tokio::test]
async fn an_organization_s_work_sees_and_changes_no_row_of_another_in_any_table() {
    let Some((_app, db, ours, theirs)) = two().await else { return };
    let (ours, theirs) = (uuid(&ours), uuid(&theirs));
    let mut filled = 0;
    for (table, key) in tables(&db).await {
        let all = |id: &str| format!("SELECT COUNT(*) FROM {table} WHERE {key} = '{id}'");
        let there = count(&db, &all(&ours)).await;
        filled += i64::from(there > 0 && count(&db, &all(&theirs)).await > 0);
        let tx = as_role(&db, TENANT, &ours).await;
        assert_eq!(count(&tx, &format!("SELECT COUNT(*) FROM {table}")).await, there, "{table}");
        if table == "audit_entries" {
            // The chain takes neither from anybody.
            tx.rollback().await.expect("undone");
        } else {
            for change in [format!("UPDATE {table} SET {key} = {key}"), format!("DELETE FROM {table}")] {
                let sql = format!("{change} WHERE {key} = '{theirs}'");
                let changed = tx.execute_unprepared(&sql).await.expect("nothing to change").rows_affected();
                assert_eq!(changed, 0, "{sql}");
            }
            tx.rollback().await.expect("undone");
        }
        let insert = format!("INSERT INTO {table} ({key}) VALUES ('{theirs}')");
        let error = refusal(&db, TENANT, &ours, &insert).await;
        assert!(error.contains("row-level security policy"), "{insert}: {error}");
        if there > 0 && table != "audit_entries" {
            let give = format!("UPDATE {table} SET {key} = '{theirs}'");
            let error = refusal(&db, TENANT, &ours, &give).await;
            assert!(error.contains("row-level security policy"), "{give}: {error}");
        }
    }
    assert!(filled > 15, "{filled} tables had rows of both");
}

#[tokio::test]
async fn without_an_organization_nothing_is_seen() {
    let Some((_app, db, ..)) = two().await else { return };
    for (table, _) in tables(&db).await {
        for organization in ["", "00000000-0000-0000-0000-000000000000"] {
            let tx = as_role(&db, TENANT, organization).await;
            assert_eq!(count(&tx, &format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
        }
    }
}

#[tokio::test]
async fn what_comes_before_an_organization_is_known_reaches_no_content() {
    let Some((app, db, ours, _)) = two().await else { return };
    for (table, _) in tables(&db).await {
        for right in ["SELECT", "INSERT", "UPDATE", "DELETE"] {
            let sql = format!("SELECT has_table_privilege('{LOOKUP}', '{table}', '{right}')::text");
            let may = texts(&db, &sql).await;
            let listed = LOOKUPS
                .iter()
                .any(|(name, rights)| *name == table && rights.split(", ").any(|it| it == right));
            assert_eq!(may, [listed.to_string()], "{right} on {table}");
        }
    }
    for table in ["messages", "contacts", "contact_keys", "organization_keys", "conversations", "events"] {
        let error = refusal(&db, LOOKUP, "", &format!("SELECT * FROM {table}")).await;
        assert!(error.contains("permission denied"), "{table}: {error}");
    }
    let look = app.state().db.before_organization().read().await.expect("a look-up");
    assert_eq!(count(&look, "SELECT COUNT(*) FROM organizations").await, 2);
    // Found, and from there on it is that organization's alone.
    sealpost_api::db::enter(&look, ours.organization_id.parse().expect("an id")).await.expect("entered");
    assert_eq!(count(&look, "SELECT COUNT(*) FROM organizations").await, 1);
    assert!(look.execute_unprepared("UPDATE contacts SET language = 'es'").await.is_err(), "reading writes");
}

#[tokio::test]
async fn whose_transaction_it_is_ends_with_it() {
    let Some((app, _, ours, theirs)) = two().await else { return };
    let ids =
        [&ours, &theirs].map(|practice| practice.organization_id.parse::<OrganizationId>().expect("an id"));
    let looks = (0..200).map(|at| {
        let (db, id) = (&app.state().db, ids[at % 2]);
        async move {
            let rows = async |tx: &DatabaseTransaction| organization::only(tx).await.expect("rows");
            let read = rows(&db.of(id).read().await.expect("a transaction")).await;
            let written = db.of(id).write(async |tx| Ok(rows(tx).await)).await.expect("a transaction");
            [read, written].map(|row| row.expect("one row").id == id)
        }
    });
    let right = futures_util::future::join_all(looks).await;
    assert!(right.iter().all(|right| *right == [true, true]), "{right:?}");
    let all = app.state().db.before_organization().read().await.expect("a look-up");
    assert_eq!(organization::list_ids(&all).await.expect("rows").len(), 2);
}

/// How a server is run in earnest: by a user who owns the tables and nothing else.
#[tokio::test]
async fn a_server_without_rights_of_its_own_starts_once_it_has_the_roles_and_works_behind_the_wall() {
    let app = TestApp::start().await;
    let Some(db) = app.postgres().await else { return };
    let DatabaseUrl::Postgres(url) = &app.state().config.database else { return };
    let name = format!("plain_{}", uuid::Uuid::new_v4().simple());
    for sql in [format!("CREATE ROLE {name} LOGIN"), format!("CREATE DATABASE {name} OWNER {name}")] {
        db.execute_unprepared(&sql).await.expect("done");
    }
    let (_, rest) = url.expose().split_once('@').expect("a user");
    let (host, _) = rest.rsplit_once('/').expect("a database");
    let url = DatabaseUrl::Postgres(Secret::new(format!("postgres://{name}@{host}/{name}")));
    let plain = Db::open(&url).await.expect("it opens");
    let refused = plain.migrate().await.expect_err("it must not start").to_string();
    assert!(refused.contains("CREATE ROLE") && refused.contains("is not granted"), "{refused}");
    plain.close().await;
    db.execute_unprepared(&format!("GRANT {TENANT}, {LOOKUP} TO {name}")).await.expect("granted");
    let app = TestApp::start_with(|config| config.database = url).await;
    let practice = busy(&app, "Riverside Clinic", "amy.lee@riverside.example").await;
    assert_eq!(practice.folder("inbox").await.len(), 1);
    // Whoever forgets to say whose rows are wanted gets none, though the tables are theirs.
    let own = app.postgres().await.expect("a connection");
    for (table, _) in tables(&own).await {
        let rows = own.execute_unprepared(&format!("SELECT * FROM {table}")).await;
        assert_eq!(rows.expect("no error").rows_affected(), 0, "{table}");
    }
}

/// Ways to weaken the wall, and what a start says of each.
const HOLES: &[(&str, &str)] = &[
    ("ALTER TABLE messages NO FORCE ROW LEVEL SECURITY", "not in force on messages"),
    ("ALTER TABLE messages DISABLE ROW LEVEL SECURITY", "not in force on messages"),
    ("DROP POLICY sealpost_tenant ON contacts", "policy sealpost_tenant on contacts"),
    ("ALTER POLICY sealpost_tenant ON contacts USING (true)", "policy sealpost_tenant on contacts"),
    ("ALTER POLICY sealpost_tenant ON contacts WITH CHECK (true)", "policy sealpost_tenant on contacts"),
    ("ALTER POLICY sealpost_tenant ON contacts TO PUBLIC", "policy sealpost_tenant on contacts"),
    (
        "DROP POLICY sealpost_tenant ON contacts; CREATE POLICY sealpost_tenant ON contacts FOR SELECT TO sealpost_tenant
         USING (organization_id = NULLIF(current_setting('sealpost.organization', true), '')::uuid)",
        "policy sealpost_tenant on contacts",
    ),
    (
        "ALTER POLICY sealpost_tenant ON contacts
         USING (organization_id = NULLIF(current_setting('another.setting', true), '')::uuid)",
        "policy sealpost_tenant on contacts",
    ),
    ("CREATE POLICY extra ON events USING (true)", "policy extra on events"),
    ("ALTER POLICY sealpost_lookup ON users USING (true)", "policy sealpost_lookup on users"),
    ("GRANT SELECT ON messages TO sealpost_lookup", "sealpost_lookup has other rights on messages"),
    ("GRANT SELECT (sealed_body) ON messages TO sealpost_lookup", "sealpost_lookup has other rights on messages"),
    ("GRANT SELECT ON messages TO PUBLIC", "PUBLIC has other rights on messages"),
    ("GRANT TRUNCATE ON messages TO sealpost_tenant", "sealpost_tenant has other rights on messages"),
    ("GRANT DELETE ON audit_entries TO sealpost_tenant", "sealpost_tenant has other rights on audit_entries"),
    ("GRANT SELECT ON messages TO sealpost_tenant WITH GRANT OPTION", "sealpost_tenant has other rights on messages"),
    ("REVOKE INSERT ON budgets FROM sealpost_lookup", "sealpost_lookup has other rights on budgets"),
];

#[tokio::test]
async fn a_wall_that_somebody_weakened_stops_the_start_with_the_table_s_name_until_it_is_mended() {
    let app = TestApp::start().await;
    let Some(db) = app.postgres().await else { return };
    let state = app.state();
    for (hole, told) in HOLES {
        db.execute_unprepared(hole).await.expect(hole);
        let refused = state.db.migrate().await.expect_err(hole).to_string();
        assert!(refused.contains(told) && refused.contains("sealpost migrate"), "{hole}: {refused}");
        let faults = state.db.wall_faults().await.expect("an answer");
        assert_eq!(faults.len(), 1, "{hole}: {faults:?}");
        state.db.migrate_and_mend().await.expect("mended");
        state.db.migrate().await.expect("it starts");
    }
}

/// The roles are every database's of a cluster, so this is undone before anybody sees it.
#[tokio::test]
async fn roles_that_are_more_than_they_should_be_stop_the_start() {
    let app = TestApp::start().await;
    let Some(db) = app.postgres().await else { return };
    for (change, told) in [
        ("ALTER ROLE sealpost_tenant BYPASSRLS", "role sealpost_tenant"),
        ("ALTER ROLE sealpost_lookup SUPERUSER", "role sealpost_lookup"),
        ("ALTER ROLE sealpost_tenant CREATEROLE", "role sealpost_tenant"),
        ("GRANT sealpost_lookup TO sealpost_tenant", "sealpost_tenant is a member of sealpost_lookup"),
        ("GRANT pg_read_all_data TO sealpost_lookup", "sealpost_lookup is a member of pg_read_all_data"),
        ("ALTER TABLE messages OWNER TO sealpost_tenant", "sealpost_tenant owns messages"),
    ] {
        let tx = db.begin().await.expect("a transaction");
        tx.execute_unprepared(change).await.expect(change);
        let faults = sealpost_migrations::row_security::faults(&tx).await.expect("an answer");
        assert!(faults.iter().any(|fault| fault.contains(told)), "{change}: {faults:?}");
        tx.rollback().await.expect("undone");
    }
}
