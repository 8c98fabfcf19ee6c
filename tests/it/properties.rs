//! What holds for whatever happens in whatever order: random runs against the statements that decide.

use std::collections::BTreeMap;
use std::future::Future;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectOptions, DatabaseConnection, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, Set,
};
use sealpost_api::config::DatabaseUrl;
use sealpost_api::db::Db;
use sealpost_api::entities::link_guard::LINK_TRIES;
use sealpost_api::entities::{contact, contact_guard, delivery, link, link_guard, outgoing};
use sealpost_shared::contacts::Channel;
use sealpost_shared::deliveries::DeliveryStatus;
use sealpost_shared::ids::{ContactId, DeliveryId, Id, LinkId, OrganizationId};
use sealpost_shared::links::{LinkLifetime, LinkOrigin};
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use serde_json::{Value, json};
use uuid::Uuid;

const CASES: u32 = 48;

pub fn start() -> DateTime<Utc> {
    "2026-03-02T15:00:00Z".parse().expect("a time")
}

fn fresh<K>() -> Id<K> {
    Id::from_uuid(Uuid::new_v4())
}

/// The real tables, whose rows need no parents here.
pub async fn tables(folder: &std::path::Path) -> DatabaseConnection {
    let path = folder.join("tables.db");
    let db = Db::open(&DatabaseUrl::Sqlite(path.clone())).await.expect("a database");
    db.migrate().await.expect("tables");
    db.close().await;
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rw", path.display()));
    options.max_connections(1).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(|options| options.foreign_keys(false));
    sea_orm::Database::connect(options).await.expect("a connection")
}

/// Every case runs to its end on one database, each with rows of its own.
fn check<S: Strategy, F: Future<Output = Result<(), TestCaseError>>>(
    strategy: &S,
    cases: u32,
    run: impl Fn(DatabaseConnection, S::Value) -> F,
) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let tables = runtime.block_on(tables(folder.path()));
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let held = TestRunner::new(config).run(strategy, |case| runtime.block_on(run(tables.clone(), case)));
    held.unwrap_or_else(|broken| panic!("{broken}"));
}

async fn insert_link(tables: &DatabaseConnection, ends: DateTime<Utc>) -> link::Model {
    let mut contact = contact::Model::nobody(fresh(), fresh(), start());
    contact.sealed_phone = Some(vec![1]);
    let link = link::Model {
        id: fresh(),
        organization_id: contact.organization_id,
        contact_id: contact.id,
        conversation_id: fresh(),
        message_id: fresh(),
        parent_id: None,
        origin: LinkOrigin::Sent,
        channel: Channel::Sms,
        lifetime: LinkLifetime::Hours24,
        token_hash: Uuid::new_v4().as_bytes().to_vec(),
        token_key_version: 1,
        created_at: start(),
        expires_at: ends,
        opened_at: None,
        read_at: None,
        revoked_at: None,
        relink_after: start(),
    };
    contact::Entity::insert(contact.into_active_model().reset_all())
        .exec_without_returning(tables)
        .await
        .expect("a contact");
    link::Entity::insert(link.clone().into_active_model().reset_all())
        .exec_without_returning(tables)
        .await
        .expect("a link");
    link
}

async fn insert_guard(tables: &DatabaseConnection, guard: link_guard::Model) {
    let guard = guard.into_active_model().reset_all();
    link_guard::Entity::insert(guard).exec_without_returning(tables).await.expect("a guard");
}

/// At every moment a link lets somebody try, or it gives a new one: never both, never neither.
#[test]
fn prop_expiry_xor_relinkable() {
    let cases = (0_i64..48 * 3_600, 0_i64..48 * 3_600, 0_i64..=LINK_TRIES);
    check(&cases, CASES, |tables, (lasts, asked, wrong)| async move {
        let link = insert_link(&tables, start() + TimeDelta::seconds(lasts)).await;
        let guard = link_guard::fresh(link.organization_id, link.id, start());
        insert_guard(&tables, link_guard::Model { consecutive: wrong, ..guard }).await;
        let now = start() + TimeDelta::seconds(asked);
        let enters = link.expires_at > now
            && link_guard::charge(&tables, link.id, now).await.expect("a charge").is_some();
        // The charge may have been the tenth; what holds then is another moment.
        if enters {
            let back = link_guard::Entity::update_many()
                .col_expr(link_guard::Column::Consecutive, Expr::value(wrong))
                .filter(link_guard::Column::LinkId.eq(link.id));
            back.exec(&tables).await.expect("a try given back");
        }
        let pause = TimeDelta::seconds(60);
        let relinks = link::claim_relink(&tables, link.id, now, pause).await.expect("a claim");
        prop_assert!(enters ^ relinks, "{lasts} {asked} {wrong}: enters {enters}, relinks {relinks}");
        Ok(())
    });
}

#[derive(Debug, Clone, Copy)]
enum Step {
    /// Somebody comes: is charged, if there is a try.
    Charge,
    /// One of those in hand was looked at and is wrong; its process died; nobody had time for it.
    Wrong(usize),
    Crash(usize),
    Refund(usize),
    Minutes(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => Just(Step::Charge),
        3 => any::<usize>().prop_map(Step::Wrong),
        1 => any::<usize>().prop_map(Step::Crash),
        2 => any::<usize>().prop_map(Step::Refund),
        1 => (1_i64..20).prop_map(Step::Minutes),
    ];
    proptest::collection::vec(step, 1..80)
}

/// Charges, verifications, refunds and crashes in any order: five verifications in a window, ten in a row.
#[test]
fn prop_budget_never_exceeded() {
    check(&steps(), CASES, |tables, steps| async move {
        let (organization, link, person): (OrganizationId, LinkId, ContactId) = (fresh(), fresh(), fresh());
        let mut now = start();
        insert_guard(&tables, link_guard::fresh(organization, link, now)).await;
        let guard = contact_guard::fresh(organization, person).into_active_model().reset_all();
        contact_guard::Entity::insert(guard).exec_without_returning(&tables).await.expect("a guard");
        let mut in_hand = Vec::new();
        let (mut verified, mut lost) = (BTreeMap::<DateTime<Utc>, u32>::new(), 0);
        for step in steps {
            let mut take = |at: usize| (!in_hand.is_empty()).then(|| in_hand.swap_remove(at % in_hand.len()));
            match step {
                Step::Charge => {
                    if let Some(charged) = link_guard::charge(&tables, link, now).await.expect("a charge") {
                        contact_guard::charge(&tables, person).await.expect("a charge");
                        in_hand.push(charged.window_ends_at);
                    }
                }
                Step::Wrong(at) => {
                    if let Some(window) = take(at) {
                        *verified.entry(window).or_default() += 1;
                    }
                }
                Step::Crash(at) => lost += u32::from(take(at).is_some()),
                Step::Refund(at) => {
                    if let Some(window) = take(at) {
                        link_guard::refund(&tables, link, window).await.expect("given back");
                        contact_guard::refund(&tables, person).await.expect("given back");
                    }
                }
                Step::Minutes(minutes) => now += TimeDelta::minutes(minutes),
            }
            let in_a_row: u32 = verified.values().sum();
            prop_assert!(verified.values().all(|count| *count <= 5), "{verified:?}");
            prop_assert!(i64::from(in_a_row + lost) + in_hand.len() as i64 <= LINK_TRIES);
        }
        Ok(())
    });
}

#[derive(Debug, Clone, Copy)]
enum Turn {
    Claim,
    Sent(usize),
    Failed(usize),
    Later(usize),
    /// The gateway calls back, perhaps before whoever sent it knows.
    Receipt(DeliveryStatus),
    Cancel,
    Seconds(i64),
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let turn = prop_oneof![
        4 => Just(Turn::Claim),
        2 => any::<usize>().prop_map(Turn::Sent),
        2 => any::<usize>().prop_map(Turn::Failed),
        3 => any::<usize>().prop_map(Turn::Later),
        3 => prop_oneof![
            Just(DeliveryStatus::Sent),
            Just(DeliveryStatus::Delivered),
            Just(DeliveryStatus::Failed),
        ].prop_map(Turn::Receipt),
        1 => Just(Turn::Cancel),
        3 => (1_i64..120).prop_map(Turn::Seconds),
    ];
    proptest::collection::vec(turn, 1..40)
}

fn ended(status: DeliveryStatus) -> delivery::ActiveModel {
    delivery::ActiveModel { status: Set(status), ..Default::default() }
}

/// Workers that claim, come back late or never, a gateway that calls back in any order, and staff that cancels: a
/// state goes forward alone, what ended stays as it ended, and one try at most is counted as sent.
#[test]
fn prop_delivery_state_monotone() {
    check(&turns(), CASES, |tables, turns| async move {
        let row = delivery_row();
        let (id, organization, message) = (row.id, row.organization_id, row.message_id);
        delivery::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(&tables)
            .await
            .expect("a delivery");
        let (mut now, mut leases, mut last, mut sent) = (start(), vec![None], DeliveryStatus::Queued, 0);
        for turn in turns {
            let lease = |at: usize| leases[at % leases.len()];
            let settle = async |at: usize, change| {
                delivery::settle(&tables, id, lease(at), change).await.expect("settled or not")
            };
            match turn {
                Turn::Claim => {
                    if let Some(token) = take(&tables, id, now).await {
                        leases.push(Some(token));
                    }
                }
                Turn::Sent(at) => sent += u32::from(settle(at, ended(DeliveryStatus::Sent)).await),
                Turn::Failed(at) => drop(settle(at, ended(DeliveryStatus::Failed)).await),
                Turn::Later(at) => drop(settle(at, ended(DeliveryStatus::Queued)).await),
                Turn::Receipt(status) => {
                    use DeliveryStatus::{Queued, Sending, Sent};
                    let from: &[_] =
                        if status == Sent { &[Queued, Sending] } else { &[Queued, Sending, Sent] };
                    let moved = delivery::advance(&tables, id, from, ended(status)).await.expect("an answer");
                    sent += u32::from(moved && status == Sent);
                }
                Turn::Cancel => {
                    let which = delivery::Column::Id.eq(id);
                    let change = ended(DeliveryStatus::Canceled);
                    delivery::cancel(&tables, organization, which, change).await.expect("canceled or not");
                }
                Turn::Seconds(seconds) => now += TimeDelta::seconds(seconds),
            }
            let rows = delivery::list_of_messages(&tables, organization, [message]).await.expect("read");
            let status = rows[0].status;
            let forward = rank(status) > rank(last) || status == last || (rank(last), rank(status)) == (0, 0);
            prop_assert!(forward, "{last:?} became {status:?}");
            prop_assert!(sent <= 1);
            last = status;
        }
        Ok(())
    });
}

/// Takes what is due; the lease, where this one was among it.
async fn take(tables: &impl sea_orm::ConnectionTrait, id: DeliveryId, now: DateTime<Utc>) -> Option<Uuid> {
    let (token, until) = (Uuid::new_v4(), now + TimeDelta::seconds(60));
    let mut mine = None;
    for tried in [false, true] {
        let turn = outgoing::Turn::of(now, token, until, tried);
        let claimed = delivery::claim(tables, &turn, Channel::Sms).await.expect("a claim");
        mine = mine.or(claimed.iter().any(|row| row.id == id).then_some(token));
    }
    mine
}

const fn rank(status: DeliveryStatus) -> u8 {
    match status {
        DeliveryStatus::Queued | DeliveryStatus::Sending | DeliveryStatus::NeedsReview => 0,
        DeliveryStatus::Sent => 1,
        DeliveryStatus::Delivered | DeliveryStatus::Failed | DeliveryStatus::Canceled => 2,
    }
}

pub fn delivery_row() -> delivery::Model {
    delivery::Model {
        id: fresh(),
        organization_id: fresh(),
        contact_id: fresh(),
        message_id: fresh(),
        link_id: None,
        channel: Channel::Sms,
        class: 1,
        status: DeliveryStatus::Queued,
        sealed_content: None,
        address_version: 1,
        attempts: 0,
        next_attempt_at: start(),
        not_after: start() + TimeDelta::hours(24),
        lease_token: None,
        leased_until: None,
        callback_handle: Uuid::new_v4(),
        provider_message_id: None,
        failure_code: None,
        failure_detail: None,
        created_at: start(),
        sent_at: None,
        settled_at: None,
        despite_opt_out: false,
        in_doubt: false,
        unanswered: 0,
        retry_at: None,
        unresolved: false,
        fallback_at: None,
        fallback_of_id: None,
    }
}

/// The same key and body are one contact, whatever came in between; the same key with another body is refused.
#[tokio::test]
async fn prop_idempotency_same_key_same_result() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let mut runner = TestRunner::new(Config { cases: 1, failure_persistence: None, ..Config::default() });
    let mut made_in_all = 0;
    for round in 0..8 {
        let calls = proptest::collection::vec((0_u8..3, 0_u8..2), 4..16);
        let calls = calls.new_tree(&mut runner).expect("calls").current();
        let mut answered: BTreeMap<u8, (u8, Value)> = BTreeMap::new();
        for (key, body) in calls {
            let call = practice.key.call(reqwest::Method::POST, paths::CONTACTS);
            let name = format!("Person {body} of {round}");
            let answer = call
                .json(json!({ "first_name": name }))
                .header(paths::IDEMPOTENCY_KEY, format!("key-{round}-{key}"))
                .send()
                .await;
            match answered.get(&key) {
                None => {
                    answered.insert(key, (body, answer.expect(201)));
                }
                Some((first, made)) if *first == body => {
                    assert_eq!(answer.header("idempotency-replayed"), Some("true"));
                    assert_eq!(&answer.expect(201), made, "{key} {body}");
                }
                Some(_) => drop(answer.refused(422, "idempotency_key_reused")),
            }
        }
        let path = format!("{}?q=Person&limit=200", paths::CONTACTS);
        let people = practice.key.get(&path).await.expect(200)["data"].as_array().expect("a list").len();
        made_in_all += answered.len();
        assert_eq!(people, made_in_all);
    }
}
