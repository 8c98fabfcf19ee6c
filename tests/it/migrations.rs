//! The tables, as a server that starts finds or makes them.

use sealpost_api::db::Db;
use sealpost_tests::app::TestApp;

#[tokio::test]
async fn servers_that_start_together_find_the_tables_as_they_should_be() {
    let app = TestApp::start().await;
    let url = &app.state().config.database;
    let start = async || {
        let db = Db::open(url).await.expect("the database opens");
        db.migrate().await.expect("nothing is left to do");
        assert!(db.is_migrated().await.expect("an answer"));
        db.close().await;
    };
    tokio::join!(start(), start(), start(), start());
}

/// What belongs to no organization, and why.
const SHARED: &[(&str, &str)] = &[
    ("organizations", "an organization is its own: its id is the key"),
    ("seaql_migrations", "the tables' own history"),
    ("server_keys", "the installation's session keys and key checks: made before there is an organization"),
    ("clock_marks", "the latest time that was seen, by all servers of the installation"),
    ("channels", "the installation's gateway and mail server: all its organizations send by them"),
    ("account_guards", "failures in a row, by keyed hash of an address that may be nobody's"),
    (
        "budgets",
        "counts of tries, most of them made before anybody is known: by network, by keyed hash of an address. Where \
         something of an organization is counted, its id, which no two share, is the subject; a row holds nothing else",
    ),
];

/// Every other row says whose it is (security.md D13), in a key; and whatever it points at is of the same one.
#[tokio::test]
async fn every_table_has_its_organization_in_a_key_and_points_at_rows_of_the_same_one() {
    let app = TestApp::start().await;
    let columns = app.columns().await;
    let shared = |table: &str| SHARED.iter().any(|(name, _)| *name == table);
    let has = |columns: &[String]| columns.iter().any(|column| column == "organization_id");
    for (table, keys) in app.keys().await {
        if shared(&table) {
            assert!(!has(&columns[&table]), "{table} is shared and yet somebody's");
            continue;
        }
        assert!(
            keys.unique.iter().any(|key| has(key)),
            "{table}: no key holds the organization: {:?}",
            keys.unique
        );
        for (to, by) in keys.references {
            assert!(has(&by), "{table} points at {to} by {by:?} alone");
            assert!(to == "organizations" || !shared(&to), "{table} points at {to}, which is everybody's");
        }
    }
    for (table, _) in SHARED {
        assert!(columns.contains_key(*table), "{table} is gone; SHARED still has it");
    }
}
