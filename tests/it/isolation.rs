//! One organization never sees, changes or learns of another's.

use std::collections::BTreeMap;

use reqwest::Method;
use sealpost_shared::ids::{ConversationId, OrganizationId};
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::contract::contract;
use sealpost_tests::given::{PASSWORD, Patient, Practice, id};
use serde_json::{Value, json};

/// A body that would do, were the thing the caller's own.
fn body_for(method: &str, path: &str) -> Value {
    match (method, path.rsplit('/').next().unwrap_or_default()) {
        ("PUT", "pin") => json!({ "pin": "4821" }),
        ("PATCH", _) if path.contains("/passkeys/") => json!({ "name": "Ours" }),
        ("POST", "remove") => json!({ "password": PASSWORD }),
        ("POST", "messages") => json!({ "body": "Hello" }),
        ("PATCH", _) if path.contains("/conversations/") => json!({ "archived": true }),
        _ => json!({}),
    }
}

/// Every row of the organization, in every table.
async fn rows_of(app: &TestApp, organization: &str) -> BTreeMap<String, Vec<String>> {
    let id = organization.parse::<OrganizationId>().expect("an id").uuid();
    let spellings = [id.hyphenated().to_string(), id.simple().to_string().to_uppercase()];
    let mut tables = app.tables().await;
    for rows in tables.values_mut() {
        rows.retain(|row| spellings.iter().any(|spelling| row.contains(spelling)));
    }
    tables.retain(|_, rows| !rows.is_empty());
    tables
}

/// The id of one of everything, by the first part of its address.
async fn things_of(app: &TestApp, practice: &Practice) -> BTreeMap<&'static str, String> {
    let jordan = practice.jordan().await;
    let message = practice.send(&jordan, json!({})).await;
    let waiting = practice.send(&jordan, json!({ "send_at": "2026-06-01T15:00:00Z" })).await;
    let patient = app.enter(&app.newest_token().await).await;
    patient.reply("Thank you!").await.expect(201);
    let field = json!({ "key": "birth_year", "label": "Year of birth", "kind": "number" });
    let field = practice.key.post(paths::CONTACT_FIELDS, field).await.expect(201);
    let key = json!({ "name": "Practice software", "scope": "write", "current_password": PASSWORD });
    let key = practice.staff.post(paths::API_KEYS, key).await.expect(201);
    let invitation = json!({ "name": "Sam", "email": "sam@riverside.example", "role": "member" });
    let invitation = practice.staff.post(paths::INVITATIONS, invitation).await.expect(201);
    let passkey = app.add_passkey(practice).await;
    let user = practice.staff.get(paths::SESSION).await.expect(200)["user"].clone();
    let session = practice.staff.get(paths::SESSIONS).await.expect(200)["data"][0].clone();
    app.deliver().await;
    BTreeMap::from([
        ("contacts", id(&jordan).to_owned()),
        ("contact-fields", id(&field).to_owned()),
        ("messages", id(&message).to_owned()),
        ("scheduled-messages", id(&waiting).to_owned()),
        ("conversations", patient.conversation),
        ("links", id(&message["link"]).to_owned()),
        ("invitations", id(&invitation).to_owned()),
        ("users", id(&user).to_owned()),
        ("session", passkey),
        ("sessions", id(&session).to_owned()),
        ("api-keys", id(&key["api_key"]).to_owned()),
    ])
}

/// Made from the document, so that a new call is covered the day it is documented.
/// `it_cross_tenant_matrix`, made from the document.
#[tokio::test]
async fn another_organization_s_ids_are_not_found_in_any_call() {
    let app = TestApp::start().await;
    let theirs = app.practice().await;
    let things = things_of(&app, &theirs).await;
    let ours = app.practice_named("Lakeside Law", "kim@lakeside.example").await;
    ours.send(&ours.jordan().await, json!({})).await;
    let our_patient = app.enter(&app.newest_token().await).await;
    let before = rows_of(&app, &theirs.organization_id).await;
    assert!(before.len() > 15, "{:?}", before.keys());
    let mut calls = 0;
    for (method, template) in contract().operations() {
        if !template.contains('{') {
            continue;
        }
        let foreign = match template.split('/').nth(3).expect("a kind") {
            // A logo is for anybody; whose text a gateway means is decided by its signature.
            "logos" | "status" => continue,
            "chat" => {
                patient_is_elsewhere(&our_patient, &method, &template, &things).await;
                continue;
            }
            kind => things.get(kind).unwrap_or_else(|| panic!("{template}: make one in things_of")),
        };
        let path: Vec<_> =
            template.split('/').map(|part| if part.starts_with('{') { foreign } else { part }).collect();
        let path = path.join("/");
        let verb = Method::from_bytes(method.as_bytes()).expect("a method");
        // What is for people alone no key reaches at all.
        let for_people = contract().security(&method, &template) == ["session"];
        calls += finds_nothing(&ours, for_people, &verb, &path).await;
    }
    assert!(calls >= 20, "only {calls} calls");
    assert_eq!(rows_of(&app, &theirs.organization_id).await, before);
}

/// For the desk and for a key; how many calls that took.
async fn finds_nothing(ours: &Practice, for_people: bool, verb: &Method, path: &str) -> usize {
    let mut calls = 0;
    for caller in [&ours.staff, &ours.key] {
        if for_people && std::ptr::eq(caller, &ours.key) {
            caller.call(verb.clone(), path).json(json!({})).send().await.refused(401, "unauthenticated");
            continue;
        }
        let mut call = caller.call(verb.clone(), path);
        if verb != Method::GET {
            call = call.json(body_for(verb.as_str(), path));
        }
        call.send().await.refused(404, "not_found");
        calls += 1;
    }
    calls
}

/// Another organization's conversation is to a patient what none at all is: not the one that is open here.
async fn patient_is_elsewhere(
    patient: &Patient,
    method: &str,
    template: &str,
    theirs: &BTreeMap<&'static str, String>,
) {
    let body = match template.rsplit('/').next() {
        Some("messages") => json!({ "body": "Hello", "client_message_id": uuid::Uuid::new_v4() }),
        Some("read") => json!({ "up_to": theirs["messages"] }),
        _ => Value::Null,
    };
    let foreign = theirs["conversations"].clone();
    for conversation in [foreign, ConversationId::from_uuid(uuid::Uuid::now_v7()).to_string()] {
        let path = template.replace("{conversation_id}", &conversation);
        let verb = Method::from_bytes(method.as_bytes()).expect("a method");
        let call = patient.browser.call(verb, &path);
        let call = if method == "POST" && !body.is_null() { call.json(&body) } else { call };
        call.send().await.refused(409, "session_changed");
    }
}

#[tokio::test]
async fn lists_hold_only_one_s_own_and_a_foreign_id_in_a_body_is_not_found() {
    let app = TestApp::start().await;
    let theirs = app.practice().await;
    let jordan = theirs.jordan().await;
    let message = theirs.send(&jordan, json!({})).await;
    theirs.send(&jordan, json!({ "send_at": "2026-06-01T15:00:00Z" })).await;
    let ours = app.practice_named("Lakeside Law", "kim@lakeside.example").await;
    let conversation = message["conversation_id"].as_str().expect("an id");
    for path in [
        paths::CONTACTS.to_owned(),
        format!("{}?q=Jordan", paths::CONTACTS),
        format!("{}?folder=outbox", paths::CONVERSATIONS),
        format!("{}?folder=outbox&contact_id={}", paths::CONVERSATIONS, id(&jordan)),
        format!("{}?folder=scheduled", paths::CONVERSATIONS),
        paths::SCHEDULED_MESSAGES.to_owned(),
        format!("{}?conversation_id={conversation}", paths::SCHEDULED_MESSAGES),
        format!("{}?contact_id={}", paths::LINKS, id(&jordan)),
        format!("{}?conversation_id={conversation}", paths::LINKS),
    ] {
        let answer = ours.key.get(&path).await;
        assert!(answer.status == 404 || answer.json["data"] == json!([]), "{path}: {}", answer.text);
    }
    let counts = ours.key.get(paths::CONVERSATION_COUNTS).await.expect(200);
    assert_eq!((&counts["outbox"]["total"], &counts["scheduled"]["total"]), (&json!(0), &json!(0)));
    ours.try_send(&jordan, json!({})).await.refused(404, "not_found");
    // The same person is a contact of each, apart.
    let own = ours.jordan().await;
    assert_ne!(own["id"], jordan["id"]);
    app.deliver().await;
}
