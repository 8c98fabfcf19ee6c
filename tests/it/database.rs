//! What the database is told to hold to (security.md D19), asked of the connections that the server uses.

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use sealpost_tests::app::TestApp;

const ON_SQLITE: &[(&str, &str)] = &[
    ("PRAGMA journal_mode", "wal"),
    // FULL: what was committed is there after a power cut.
    ("PRAGMA synchronous", "2"),
    ("PRAGMA busy_timeout", "5000"),
    ("PRAGMA foreign_keys", "1"),
    ("PRAGMA secure_delete", "1"),
    ("PRAGMA trusted_schema", "0"),
];
const ON_POSTGRES: &[(&str, &str)] = &[
    ("SHOW transaction_isolation", "read committed"),
    ("SHOW synchronous_commit", "on"),
    ("SHOW statement_timeout", "5s"),
    ("SHOW lock_timeout", "2s"),
    ("SHOW idle_in_transaction_session_timeout", "10s"),
];

async fn settings(db: &impl ConnectionTrait) -> Vec<(&'static str, String)> {
    let backend = db.get_database_backend();
    let mut found = Vec::new();
    for (question, _) in if backend == DbBackend::Sqlite { ON_SQLITE } else { ON_POSTGRES } {
        let row = db.query_one_raw(Statement::from_string(backend, *question)).await.expect("an answer");
        let row = row.expect("a row");
        let number = || row.try_get_by_index::<i64>(0).map(|number| number.to_string());
        found.push((*question, row.try_get_by_index(0).or_else(|_| number()).expect("a value")));
    }
    found
}

#[tokio::test]
async fn every_connection_is_durable_strict_and_impatient() {
    let app = TestApp::start().await;
    let db = &app.state().db;
    let reading = settings(&db.before_organization().read().await.expect("a transaction")).await;
    let writing =
        db.before_organization().write(async |tx| Ok(settings(tx).await)).await.expect("it is done");
    let expected = if db.backend() == DbBackend::Sqlite { ON_SQLITE } else { ON_POSTGRES };
    for found in [reading, writing] {
        let found: Vec<_> = found.iter().map(|(question, value)| (*question, value.as_str())).collect();
        assert_eq!(found, expected);
    }
}
