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

/// Every row but the server's own belongs to an organization, and says so itself (security.md D13).
#[tokio::test]
async fn every_table_says_whose_its_rows_are() {
    let app = TestApp::start().await;
    let shared = ["seaql_migrations", "server_keys", "budgets", "channels", "clock_marks", "organizations"];
    for (table, columns) in app.columns().await {
        let owned = columns.iter().any(|column| column == "organization_id");
        assert_eq!(owned, !shared.contains(&&*table), "{table}: {columns:?}");
    }
}
