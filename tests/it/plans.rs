//! Lists stay quick when there is much to list: each is served by an index, in its order.
//!
//! Asked of SQLite, whose plans follow from the tables alone. PostgreSQL's follow from how full they are: over
//! the few rows of a test it rightly reads them all, and made not to it proves little.

use std::sync::Mutex;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, EntityTrait, ExecResult, QueryFilter,
    QueryResult, Select, Statement,
};
use sealpost_api::entities::outgoing::Turn;
use sealpost_api::entities::{
    contact, conversation, conversation_unread, delivery, event, idempotency_key, link, message, reminder,
    scheduled_message,
};
use sealpost_api::page::Paging;
use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::Folder;
use sealpost_shared::ids::{Id, OrganizationId};
use sealpost_tests::app::TestApp;
use uuid::Uuid;

/// A connection that asks for the plan of each statement before it runs it.
struct Explaining {
    connection: DatabaseConnection,
    plans: Mutex<Vec<String>>,
}

impl Explaining {
    async fn explain(&self, statement: &Statement) -> Result<(), DbErr> {
        let asked = Statement { sql: format!("EXPLAIN QUERY PLAN {}", statement.sql), ..statement.clone() };
        for row in self.connection.query_all_raw(asked).await? {
            self.plans.lock().expect("no test holds it").push(row.try_get("", "detail")?);
        }
        Ok(())
    }

    /// The steps of what ran since the last look.
    fn steps(&self) -> Vec<String> {
        std::mem::take(&mut *self.plans.lock().expect("no test holds it"))
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Explaining {
    fn get_database_backend(&self) -> DbBackend {
        self.connection.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.explain(&statement).await?;
        self.connection.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.connection.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.explain(&statement).await?;
        self.connection.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.explain(&statement).await?;
        self.connection.query_all_raw(statement).await
    }
}

/// Nothing is read from end to end, and each of these indexes is used.
#[track_caller]
fn assert_served(what: &str, steps: &[String], indexes: &[&str]) {
    let all = steps.join("\n");
    let scans = |step: &&String| step.starts_with("SCAN") && !step.starts_with("SCAN CONSTANT ROW");
    assert_eq!(steps.iter().find(scans), None, "{what} reads all of it:\n{all}");
    for index in indexes {
        let named = |step: &String| step.split([' ', '(']).any(|word| word == *index);
        assert!(steps.iter().any(named), "{what} does not use {index}:\n{all}");
    }
}

/// And the rows come out of it in the order of the list.
#[track_caller]
fn assert_in_order(what: &str, steps: &[String], index: &str) {
    assert_served(what, steps, &[index]);
    assert!(!steps.iter().any(|step| step.contains("ORDER BY")), "{what} is sorted:\n{}", steps.join("\n"));
}

struct Asked<'a> {
    app: &'a TestApp,
    db: Explaining,
    organization: OrganizationId,
}

impl<'a> Asked<'a> {
    /// Nothing on PostgreSQL.
    async fn of(app: &'a TestApp) -> Option<Self> {
        let connection = app.raw().await;
        let practice = app.practice().await;
        let organization = practice.organization_id.parse().expect("an id");
        let is_sqlite = connection.get_database_backend() == DbBackend::Sqlite;
        let db = Explaining { connection, plans: Mutex::default() };
        is_sqlite.then_some(Self { app, db, organization })
    }

    /// The second page of a list as the services ask for it: where the first ended counts, too.
    async fn page<E: EntityTrait>(&self, select: Select<E>, at: E::Column, id: E::Column) -> Vec<String> {
        let paging = |cursor: Option<&str>| {
            Paging::new(self.app.state().secrets.ring(), "plans".to_owned(), Some(1), cursor).expect("a page")
        };
        let rows = vec![(self.app.state().now(), Uuid::nil()); 2];
        let cursor = paging(None).page(rows, |row| *row).next_cursor.expect("more follows");
        paging(None).apply(select.clone(), at, id).all(&self.db).await.expect("rows");
        paging(Some(&cursor)).apply(select, at, id).all(&self.db).await.expect("rows");
        self.db.steps()
    }
}

fn some<K>() -> Id<K> {
    Id::from_uuid(Uuid::new_v4())
}

#[tokio::test]
async fn the_inbox_and_the_other_folders_come_in_order_from_an_index_of_their_own() {
    let app = TestApp::start().await;
    let Some(asked) = Asked::of(&app).await else { return };
    use conversation::Column::{Id, LastMessageAt};
    for (folder, index) in [
        (Folder::Inbox, "conversations_inbox"),
        (Folder::Outbox, "conversations_outbox"),
        (Folder::Archived, "conversations_archived"),
        (Folder::Failed, "conversations_failed"),
    ] {
        let steps = asked.page(conversation::find_in(asked.organization, folder), LastMessageAt, Id).await;
        assert_in_order(&format!("{folder:?}"), &steps, index);
    }
    let folder = conversation::find_in(asked.organization, Folder::Scheduled);
    let paging = Paging::new(app.state().secrets.ring(), "plans".to_owned(), Some(1), None).expect("a page");
    paging.apply_soonest(folder, conversation::Column::NextSendAt, Id).all(&asked.db).await.expect("rows");
    assert_in_order("Scheduled", &asked.db.steps(), "conversations_scheduled");
    let marked = sea_orm::sea_query::Query::select()
        .column(conversation_unread::Column::ConversationId)
        .from(conversation_unread::Entity)
        .and_where(conversation_unread::Column::UserId.eq(some::<sealpost_shared::ids::User>()))
        .to_owned();
    let all = || conversation::find_in(asked.organization, Folder::Inbox);
    let unread = asked.page(all().filter(Id.in_subquery(marked.clone())), LastMessageAt, Id).await;
    assert_served("what is unread", &unread, &["conversation_unreads_of_user"]);
    let read = asked.page(all().filter(Id.not_in_subquery(marked)), LastMessageAt, Id).await;
    assert_served("what is read", &read, &["conversation_unreads_of_user", "conversations_inbox"]);
}

#[tokio::test]
async fn a_thread_a_contact_s_history_and_their_links_come_in_order_from_an_index() {
    let app = TestApp::start().await;
    let Some(asked) = Asked::of(&app).await else { return };
    let messages = || message::find_in(asked.organization);
    use message::Column::{ContactId, ConversationId, CreatedAt, Id};
    let thread = asked.page(messages().filter(ConversationId.eq(Uuid::nil())), CreatedAt, Id).await;
    assert_in_order("a thread", &thread, "messages_newest");
    let history = asked.page(messages().filter(ContactId.eq(Uuid::nil())), CreatedAt, Id).await;
    assert_in_order("a history", &history, "messages_of_contact");
    let visible = message::find_visible(asked.organization, some(), some());
    assert_in_order("a patient's thread", &asked.page(visible, CreatedAt, Id).await, "messages_newest");
    let links = || link::find_in(asked.organization);
    let of_thread = links().filter(link::Column::ConversationId.eq(Uuid::nil()));
    let steps = asked.page(of_thread, link::Column::CreatedAt, link::Column::Id).await;
    assert_in_order("a thread's links", &steps, "links_of_conversation");
    let of_contact = links().filter(link::Column::ContactId.eq(Uuid::nil()));
    let steps = asked.page(of_contact, link::Column::CreatedAt, link::Column::Id).await;
    assert_in_order("a contact's links", &steps, "links_of_contact");
}

#[tokio::test]
async fn deliveries_and_links_of_several_messages_are_found_by_message() {
    let app = TestApp::start().await;
    let Some(asked) = Asked::of(&app).await else { return };
    let (db, several) = (&asked.db, [some(), some(), some()]);
    delivery::list_of_messages(db, asked.organization, several).await.expect("rows");
    assert_served("deliveries", &db.steps(), &["deliveries_of_message"]);
    link::list_of_messages(db, asked.organization, several).await.expect("rows");
    assert_served("links", &db.steps(), &["links_of_message"]);
    conversation_unread::list_unread(db, some(), [some(), some()]).await.expect("rows");
    assert_served("marks", &db.steps(), &[]);
    message::list_by_ids(db, asked.organization, several).await.expect("rows");
    assert_served("messages", &db.steps(), &[]);
    link::find_unrevoked(db, vec![vec![0; 32], vec![1; 32]]).await.expect("rows");
    assert_served("a link's token", &db.steps(), &[]);
}

#[tokio::test]
async fn what_is_due_is_found_without_looking_at_what_is_settled() {
    let app = TestApp::start().await;
    let Some(asked) = Asked::of(&app).await else { return };
    let (db, now) = (&asked.db, app.state().now());
    let turn = Turn::of(now, Uuid::new_v4(), now, false);
    delivery::claim(db, &turn, Channel::Sms).await.expect("rows");
    assert_due(&db.steps(), "deliveries_due");
    delivery::next_due(db, Channel::Sms).await.expect("a time");
    let next = db.steps();
    assert!(next.iter().all(|step| step.contains("deliveries_due")), "{next:?}");
    event::find_after(asked.organization, 0).all(db).await.expect("rows");
    assert_served("events", &db.steps(), &[]);
    scheduled_message::list_due(db, now, 10).await.expect("rows");
    assert_due(&db.steps(), "scheduled_messages_due");
    scheduled_message::next_due(db).await.expect("a time");
    let next = db.steps();
    assert!(next.iter().all(|step| step.contains("scheduled_messages_due")), "{next:?}");
    scheduled_message::list_next(db, asked.organization, vec![some(), some()]).await.expect("rows");
    assert_served("what is next", &db.steps(), &["scheduled_messages_of_conversation"]);
    reminder::list_due(db, now, 10).await.expect("rows");
    assert_due(&db.steps(), "reminders_due");
    reminder::next_due(db).await.expect("a time");
    let next = db.steps();
    assert!(next.iter().all(|step| step.contains("reminders_due")), "{next:?}");
    reminder::list_not_opened(db, asked.organization, [some(), some()]).await.expect("rows");
    assert_served("what nobody opened", &db.steps(), &["reminders_flagged", "links_of_message"]);
    delivery::list_fallbacks_due(db, now, 10).await.expect("rows");
    assert_due(&db.steps(), "deliveries_fallback");
    delivery::next_fallback(db).await.expect("a time");
    let next = db.steps();
    assert!(next.iter().all(|step| step.contains("deliveries_fallback")), "{next:?}");
    idempotency_key::sweep(db, now).await.expect("swept");
    assert_served("ended answers", &db.steps(), &["idempotency_keys_ended"]);
}

/// What is due comes out of its index; whose turn it is, is then found among that alone.
#[track_caller]
fn assert_due(steps: &[String], index: &str) {
    let of_turns = |step: &&String| {
        !matches!(step.as_str(), "SCAN turns" | "SCAN chosen" | "SCAN deliveries USING INDEX deliveries_due")
    };
    let steps: Vec<_> =
        steps.iter().filter(of_turns).filter(|step| !step.starts_with("SCAN (")).cloned().collect();
    assert_served("what is due", &steps, &[index]);
}

#[tokio::test]
async fn live_links_are_counted_from_an_index_and_no_further_than_wanted() {
    let app = TestApp::start().await;
    let Some(asked) = Asked::of(&app).await else { return };
    link::count_live(&asked.db, asked.organization, app.state().now(), 10).await.expect("a count");
    // The rows that were found, at most so many, are counted one by one.
    let steps = asked.db.steps().into_iter().filter(|step| step != "SCAN some").collect::<Vec<_>>();
    assert_served("the count of live links", &steps, &["links_unrevoked"]);
}

#[tokio::test]
async fn contacts_are_found_by_name_phone_and_email_through_an_index() {
    let app = TestApp::start().await;
    let Some(asked) = Asked::of(&app).await else { return };
    use contact::Column::{CreatedAt, EmailIndex, Id, PhoneIndex};
    let live = || contact::find_live(asked.organization);
    assert_in_order("all contacts", &asked.page(live(), CreatedAt, Id).await, "contacts_newest");
    let named = |word: &str| Id.in_subquery(contact::select_named(asked.organization, word));
    // These two say who is named so. SQLite then goes through the organization's contacts, newest first, until
    // the page is full: a rare name costs a walk.
    let by_names = ["contacts_by_first_name", "contacts_by_last_name"];
    for by in [named("jor"), sea_orm::ExprTrait::and(named("jor"), named("rey"))] {
        assert_served("a name", &asked.page(live().filter(by), CreatedAt, Id).await, &by_names);
    }
    let by_phone = live().filter(PhoneIndex.eq(vec![0_u8; 32]));
    assert_in_order("a phone", &asked.page(by_phone, CreatedAt, Id).await, "contacts_by_phone");
    let by_email = live().filter(EmailIndex.eq(vec![0_u8; 32]));
    assert_in_order("an email", &asked.page(by_email, CreatedAt, Id).await, "contacts_by_email");
}

#[test]
#[should_panic(expected = "reads all of it")]
fn a_list_that_is_read_from_end_to_end_is_noticed() {
    assert_served("a list", &["SCAN contacts USING INDEX contacts_newest".to_owned()], &[]);
}
