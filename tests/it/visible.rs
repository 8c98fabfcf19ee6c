//! What a list shows can be fetched, as it was shown, by whoever sees the list (security.md D13): lists, threads and
//! single rows go through the same rules, whatever was done before.

use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::Client;
use sealpost_tests::given::{Practice, id};
use serde_json::{Value, json};

/// The same numbers for the same seed: what failed can be run again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }
}

/// Does something to somebody.
async fn act(app: &TestApp, practice: &Practice, contacts: &[Value], dice: &mut Dice) {
    let contact = &contacts[dice.below(contacts.len())];
    let path = format!("{}/{}", paths::CONTACTS, id(contact));
    match dice.below(8) {
        0..3 => {
            let secure = dice.below(2) == 0;
            practice.try_send(contact, json!({ "secure": secure })).await;
            app.deliver().await;
        }
        3 => {
            let pages = practice.key.get(&format!("{}?contact_id={}", paths::LINKS, id(contact))).await;
            if let Some(link) = pages.json["data"].get(0) {
                let path = format!("{}/{}/revoke", paths::LINKS, id(link));
                practice.key.post(&path, json!({})).await;
            }
        }
        4 => {
            let path = format!("{}?folder=outbox&contact_id={}", paths::CONVERSATIONS, id(contact));
            let found = practice.key.get(&path).await;
            if let Some(conversation) = found.json["data"].get(0) {
                let path = format!("{}/{}", paths::CONVERSATIONS, id(conversation));
                practice.key.patch(&path, json!({ "archived": dice.below(2) == 0 })).await;
            }
        }
        5 => {
            if let Some(text) = app.gateway.texts().iter().rfind(|text| text.body.contains("/m#")) {
                let token = sealpost_tests::given::token_in(&text.body);
                let browser = app.anybody();
                let entered = browser.post(paths::SECURE_LINKS_ENTER, json!({ "token": token })).await;
                if let (200, Some(conversation)) = (entered.status, entered.json["conversation_id"].as_str())
                {
                    let reply = json!({ "body": "Thanks", "client_message_id": uuid::Uuid::new_v4() });
                    browser
                        .post(&format!("{}/{conversation}/messages", paths::CHAT), reply)
                        .await
                        .expect(201);
                }
            }
        }
        6 => _ = practice.key.delete(&path).await,
        _ => _ = practice.key.patch(&path, json!({ "last_name": "Moved" })).await,
    }
}

/// Every row of a list, page by page.
async fn all(client: &Client, path: &str) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let joint = if path.contains('?') { '&' } else { '?' };
        let page = client.get(&format!("{path}{joint}limit=2{cursor}")).await.expect(200);
        rows.extend(page["data"].as_array().expect("a list").clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

async fn assert_fetchable(client: &Client, list: &str, one: &str) -> Vec<Value> {
    let rows = all(client, list).await;
    for row in &rows {
        let fetched = client.get(&format!("{one}/{}", id(row))).await.expect(200);
        assert_eq!(&fetched, row, "{list}");
    }
    rows
}

/// How many rows were looked at.
async fn check(client: &Client) -> usize {
    let contacts = assert_fetchable(client, paths::CONTACTS, paths::CONTACTS).await;
    assert_fetchable(client, &format!("{}?q=jordan", paths::CONTACTS), paths::CONTACTS).await;
    let mut looked = contacts.len();
    for folder in ["inbox", "outbox", "archived", "scheduled"] {
        let list = format!("{}?folder={folder}", paths::CONVERSATIONS);
        let rows = assert_fetchable(client, &list, paths::CONVERSATIONS).await;
        for row in &rows {
            assert!(contacts.iter().any(|contact| contact["id"] == row["contact"]["id"]), "{list}: {row}");
            let thread = format!("{}/{}/messages", paths::CONVERSATIONS, id(row));
            let messages = assert_fetchable(client, &thread, paths::MESSAGES).await;
            let links = all(client, &format!("{}?conversation_id={}", paths::LINKS, id(row))).await;
            for link in &links {
                let message = link["message_id"].as_str().expect("an id");
                assert!(
                    messages.iter().any(|it| id(it) == message),
                    "{link} belongs to no message of {thread}"
                );
            }
            looked += messages.len() + links.len();
        }
        looked += rows.len();
    }
    for contact in &contacts {
        let history = format!("{}/{}/messages", paths::CONTACTS, id(contact));
        looked += assert_fetchable(client, &history, paths::MESSAGES).await.len();
    }
    looked
}

/// `prop_visible_equals_fetchable`.
#[tokio::test]
async fn whatever_a_list_shows_can_be_fetched_by_whoever_sees_it() {
    for seed in [1, 2026, 7_777_777] {
        let app = TestApp::start().await;
        let practice = app.practice().await;
        let member = app.colleague(&practice, "Kim", "kim@riverside.example", Role::Member).await;
        let reader = app.colleague(&practice, "Lou", "lou@riverside.example", Role::ReadOnly).await;
        let mut dice = Dice(seed);
        let mut contacts = Vec::new();
        for number in 0..5 {
            let contact = json!({ "first_name": "Jordan", "phone": format!("+1555010014{number}") });
            contacts.push(practice.contact(contact).await);
        }
        for _ in 0..40 {
            act(&app, &practice, &contacts, &mut dice).await;
        }
        let looked = check(&practice.key).await;
        assert!(looked > 20, "seed {seed} left little to look at: {looked}");
        for client in [&practice.staff, &member, &reader] {
            assert_eq!(check(client).await, looked, "seed {seed}");
        }
    }
}
