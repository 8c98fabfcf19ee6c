//! The thread both sides write in.

use chrono::TimeDelta;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::{Patient, Practice, id};
use serde_json::{Value, json};

async fn answered(app: &TestApp) -> (Practice, Value, Patient) {
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    let patient = app.enter(&app.newest_token().await).await;
    app.clock.advance(TimeDelta::seconds(1));
    patient.reply("Thank you!").await.expect(201);
    app.clock.advance(TimeDelta::seconds(1));
    (practice, jordan, patient)
}

#[tokio::test]
async fn a_reply_arrives_unread_in_the_same_thread_and_in_the_contact_s_history() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({ "secure": false, "body": "See you at 3." })).await;
    app.clock.advance(TimeDelta::seconds(1));
    let message = practice.send(&jordan, json!({})).await;
    assert_eq!(practice.folder("inbox").await.len(), 0);
    let patient = app.enter(&app.newest_token().await).await;
    assert_eq!(patient.conversation, message["conversation_id"]);
    app.clock.advance(TimeDelta::seconds(1));
    patient.reply("Thank you!").await.expect(201);

    let [conversation] = &practice.folder("inbox").await[..] else { panic!("one conversation") };
    assert_eq!(conversation["id"], message["conversation_id"]);
    assert_eq!(conversation["unread"], true);
    assert_eq!(conversation["last_message"]["preview"], "Thank you!");
    let bodies: Vec<_> = practice.history(&jordan).await.iter().map(|m| m["body"].clone()).collect();
    assert_eq!(bodies, ["Thank you!", "Your results are in.", "See you at 3."]);
    let newest = &practice.history(&jordan).await[0];
    assert_eq!((&newest["direction"], &newest["author"]["kind"]), (&json!("inbound"), &json!("contact")));
    let counts = practice.staff.get(paths::CONVERSATION_COUNTS).await.expect(200);
    assert_eq!((&counts["inbox"]["total"], &counts["inbox"]["unread"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn unread_is_one_person_s_and_an_answer_brings_an_archived_thread_back() {
    let app = TestApp::start().await;
    let (practice, _, patient) = answered(&app).await;
    let path = format!("{}/{}", paths::CONVERSATIONS, patient.conversation);
    let read = practice.staff.patch(&path, json!({ "unread": false })).await.expect(200);
    assert_eq!(read["unread"], false);
    practice.staff.patch(&path, json!({ "archived": true })).await.expect(200);
    assert_eq!(practice.folder("inbox").await.len(), 0);
    assert_eq!(practice.folder("archived").await.len(), 1);
    patient.reply("One more thing").await.expect(201);
    assert_eq!(practice.folder("archived").await.len(), 0);
    let [back] = &practice.folder("inbox").await[..] else { panic!("one conversation") };
    assert_eq!(back["unread"], true);
    let counts = practice.staff.get(paths::CONVERSATION_COUNTS).await.expect(200);
    assert_eq!(counts["inbox"], json!({ "total": 1, "unread": 1 }));
    assert_eq!(counts["archived"], json!({ "total": 0, "unread": 0 }));
}

#[tokio::test]
async fn staff_answers_in_the_thread_and_the_patient_sees_who() {
    let app = TestApp::start().await;
    let (practice, _, patient) = answered(&app).await;
    let path = format!("{}/{}/messages", paths::CONVERSATIONS, patient.conversation);
    let reply =
        practice.staff.post(&path, json!({ "body": "You are welcome.", "secure": true })).await.expect(201);
    assert_eq!(reply["author"]["name"], "Amy Lee");
    assert_eq!(patient.bodies().await, ["Your results are in.", "Thank you!", "You are welcome."]);
    let page = patient.browser.get(&patient.path("/messages")).await.expect(200);
    let authors: Vec<_> =
        page["data"].as_array().expect("a list").iter().map(|m| &m["author"]["kind"]).collect();
    assert!(authors.contains(&&json!("staff")) && authors.contains(&&json!("contact")), "{authors:?}");
    let listed = practice.staff.get(&path).await.expect(200);
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(3));
    app.deliver().await;
}

#[tokio::test]
async fn the_same_client_message_id_twice_is_one_message() {
    let app = TestApp::start().await;
    let (practice, jordan, patient) = answered(&app).await;
    let body = json!({ "body": "Only once", "client_message_id": uuid::Uuid::new_v4() });
    let first = patient.browser.post(&patient.path("/messages"), &body).await.expect(201);
    let again = patient.browser.post(&patient.path("/messages"), &body).await;
    assert!(matches!(again.status, 200 | 201), "{}", again.text);
    assert_eq!(again.json["id"], first["id"]);
    assert_eq!(practice.history(&jordan).await.len(), 3);
}

#[tokio::test]
async fn lists_go_page_by_page_and_a_cursor_of_another_list_is_refused() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    for number in 0..5 {
        let contact = practice.contact(json!({ "phone": format!("+155501004{number:02}") })).await;
        practice.send(&contact, json!({ "secure": false })).await;
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("{}?folder=outbox&limit=2{cursor}", paths::CONVERSATIONS);
        let page = practice.key.get(&path).await.expect(200);
        seen.extend(page["data"].as_array().expect("a list").iter().map(|row| id(row).to_owned()));
        let Some(next) = page["next_cursor"].as_str() else {
            assert_eq!(page["has_more"], false);
            break;
        };
        assert_eq!(page["has_more"], true);
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen.len(), 5);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 5, "nothing twice");
    let page = practice.key.get(&format!("{}?folder=outbox&limit=2", paths::CONVERSATIONS)).await.expect(200);
    let cursor = page["next_cursor"].as_str().expect("a cursor");
    let other = practice.key.get(&format!("{}?folder=archived&cursor={cursor}", paths::CONVERSATIONS)).await;
    other.refused(400, "cursor_invalid");
    practice
        .key
        .get(&format!("{}?cursor=nonsense", paths::CONVERSATIONS))
        .await
        .refused(400, "cursor_invalid");
    app.deliver().await;
}

#[tokio::test]
async fn a_contact_named_in_the_send_is_matched_or_made() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let matched = json!({ "contact": { "phone": "+1 (555) 010-0142" }, "body": "Hello", "secure": true });
    let message = practice.key.post(paths::MESSAGES, matched).await.expect(201);
    assert_eq!(message["contact_id"], jordan["id"]);
    let made = json!({ "contact": { "first_name": "Sam", "email": "sam@mail.example" }, "body": "Hello", "secure": true });
    let message = practice.key.post(paths::MESSAGES, made).await.expect(201);
    assert_ne!(message["contact_id"], jordan["id"]);
    assert_eq!(message["channel"], "email");
    app.deliver().await;
    assert_eq!((app.gateway.texts().len(), app.mail.mails().len()), (1, 1));
}
