//! Erasing a contact: what was theirs cannot be read any more, here or in an older copy (security.md D21).

use sealpost_api::contacts::Address;
use sealpost_api::inbound::{Outcome, Received, receive};
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::{PAST_A_DAY, Practice, id};
use serde_json::{Value, json};

/// What must be gone; each in one place of its own.
const CANARIES: &[&str] = &[
    "canary-first-name",
    "canary-last-name",
    "15557310942",
    "canary.mailbox",
    "canary-chart-number",
    "canary-message",
    "canary-reply",
    "canary-text-back",
    "canary-field",
    "canary-queued",
];

async fn comes(app: &TestApp, practice: &Practice, from: &str, body: &str) -> Outcome {
    let received = Received {
        organization: practice.organization_id.parse().expect("an id"),
        provider: "test",
        account: "AC1".to_owned(),
        message_id: uuid::Uuid::new_v4().to_string(),
        from: Address::Phone(from.parse().expect("a number")),
        to: Address::Phone("+15550100100".parse().expect("a number")),
        body: body.parse().expect("a text"),
    };
    receive(app.state(), &received).await.expect("it is taken")
}

/// Somebody of whom everything is known.
async fn canary(app: &TestApp, practice: &Practice) -> (Value, Value) {
    // From before they were a contact: it is held.
    let held = comes(app, practice, "+15557310942", "canary-text-back").await;
    assert_eq!(held, Outcome::SenderUnknown);
    let field = json!({ "key": "notes", "label": "Notes", "kind": "text" });
    practice.key.post(paths::CONTACT_FIELDS, field).await.expect(201);
    let contact = json!({
        "first_name": "canary-first-name", "last_name": "canary-last-name", "phone": "+15557310942",
        "email": "canary.mailbox@mail.example", "external_id": "canary-chart-number",
        "custom_fields": { "notes": "canary-field" },
    });
    let contact = practice.contact(contact).await;
    practice.set_pin(&contact, "canary-pin").await;
    let message = practice.send(&contact, json!({ "body": "canary-message" })).await;
    let patient = app.enter_with_pin(&app.newest_token().await, "canary-pin").await;
    patient.reply("canary-reply").await.expect(201);
    practice.send(&contact, json!({ "body": "canary-queued" })).await;
    (contact, message)
}

fn contains(hay: &[u8], needle: &str) -> bool {
    hay.windows(needle.len()).any(|window| window == needle.as_bytes())
}

#[tokio::test]
async fn nothing_of_an_erased_contact_is_left_in_the_files() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let (contact, _) = canary(&app, &practice).await;
    let before = app.stored_bytes().await;
    assert!(contains(&before, "canary-first-name"), "names are stored plain");
    let held = |tables: &std::collections::BTreeMap<String, Vec<String>>| tables["inbound_messages"].clone();
    let held_before = held(&app.tables().await);
    practice.key.delete(&format!("{}/{}", paths::CONTACTS, id(&contact))).await.expect(204);
    let after = app.stored_bytes().await;
    for canary in CANARIES {
        assert!(!contains(&after, canary), "{canary} is in the database");
    }
    let tables = app.tables().await;
    assert!(tables["contact_keys"].is_empty());
    assert_ne!(held(&tables), held_before, "what they wrote before anybody knew them is forgotten");
    let queued = tables["deliveries"].iter().filter(|row| row.contains("queued")).count();
    assert_eq!(queued, 0, "nothing is on its way to them");
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 1, "the one from before");
    let entries = practice.staff.get(&format!("{}?action=contact.erased", paths::AUDIT)).await.expect(200);
    assert_eq!(entries["data"][0]["subject"], contact["id"]);
}

#[tokio::test]
async fn a_held_text_from_a_number_that_others_have_too_stays() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let family = json!({ "first_name": "Jordan", "phone": "+15557310942" });
    let jordan = practice.contact(family.clone()).await;
    practice.contact(family.clone()).await;
    practice.contact(family).await;
    assert_eq!(comes(&app, &practice, "+15557310942", "Whose is it?").await, Outcome::SenderAmbiguous);
    let before = app.tables().await["inbound_messages"].clone();
    practice.key.delete(&format!("{}/{}", paths::CONTACTS, id(&jordan))).await.expect(204);
    assert_eq!(app.tables().await["inbound_messages"], before);
}

/// A backup keeps contacts' keys in a part of its own, for 35 days at most: this is a copy that has lost it.
#[tokio::test]
async fn an_older_copy_without_the_contacts_keys_opens_nothing() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let (contact, message) = canary(&app, &practice).await;
    app.deliver().await;
    let contact = format!("{}/{}", paths::CONTACTS, id(&contact));
    let reads = [
        contact.clone(),
        format!("{contact}/messages"),
        format!("{}/{}", paths::MESSAGES, id(&message)),
        format!("{}?folder=outbox", paths::CONVERSATIONS),
    ];
    for path in &reads {
        let read = practice.key.get(path).await;
        assert!(read.status == 200 && CANARIES.iter().any(|canary| read.text.contains(canary)), "{path}");
    }
    app.execute("DELETE FROM contact_keys").await;
    for path in &reads {
        let read = practice.key.get(path).await;
        let sealed = CANARIES.iter().filter(|canary| !canary.ends_with("-name"));
        let told: Vec<_> = sealed.filter(|canary| read.text.contains(**canary)).collect();
        assert!(told.is_empty(), "{path} tells {told:?}: {}", read.text);
    }
}

#[tokio::test]
async fn a_request_that_made_an_erased_contact_is_not_done_again() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let body = json!({ "first_name": "Jordan", "phone": "+15550100142" });
    let create = async || {
        let call = practice.key.call(reqwest::Method::POST, paths::CONTACTS).json(&body);
        call.header(paths::IDEMPOTENCY_KEY, "once").send().await
    };
    let jordan = create().await.expect(201);
    practice.key.delete(&format!("{}/{}", paths::CONTACTS, id(&jordan))).await.expect(204);
    create().await.refused(404, "not_found");
    app.clock.advance(PAST_A_DAY);
    create().await.expect(201);
}
