//! What an organization decided counts for what is already on its way, too.

use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::{PAST_A_DAY, id};
use serde_json::{Value, json};

/// What somebody with an ended link hears, before and after asking for another.
async fn asks_for_a_new_link(app: &TestApp, token: &str) -> Value {
    let gone = app.anybody().open(token).await.refused(410, "link_expired");
    let accepted = app.anybody().relink(token).await.expect(202);
    assert_eq!(accepted, json!({ "retry_after_seconds": 60 }));
    app.deliver().await;
    gone
}

#[tokio::test]
async fn no_new_link_goes_out_that_could_not_be_sent_today_and_nobody_is_told() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    for forbidding in [
        json!({ "require_pin_over_24_hours": true }),
        json!({ "require_pin_over_24_hours": false, "enabled": false }),
    ] {
        practice.configure(json!({ "enabled": true })).await;
        practice.configure(json!({ "require_pin_over_24_hours": false })).await;
        let contact = practice.contact(json!({ "phone": "+15550100142" })).await;
        practice.send(&contact, json!({ "link_lifetime": "10_days" })).await;
        let token = app.newest_token().await;
        app.clock.advance(PAST_A_DAY * 10);
        practice.configure(forbidding.clone()).await;
        let sent = app.gateway.requests().len();
        let gone = asks_for_a_new_link(&app, &token).await;
        assert_eq!(gone.get("relink"), None, "{forbidding}");
        assert_eq!(app.gateway.requests().len(), sent, "{forbidding}");
    }
}

#[tokio::test]
async fn a_thread_that_was_private_is_never_answered_in_the_clear_for_want_of_a_word() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let message = practice.send(&jordan, json!({})).await;
    app.deliver().await;
    practice.configure(json!({ "enabled": false })).await;
    let conversation = message["conversation_id"].as_str().expect("an id");
    let path = format!("{}/{conversation}/messages", paths::CONVERSATIONS);
    let answer = practice.staff.post(&path, json!({ "body": "Still private?" })).await;
    answer.refused(422, "secure_messaging_disabled");
    assert_eq!(practice.history(&jordan).await.len(), 1);
    // In so many words it may be said in the clear.
    practice.staff.post(&path, json!({ "body": "See you at 3.", "secure": false })).await.expect(201);
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 2);
}

#[tokio::test]
async fn a_key_s_name_reaches_no_patient() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    // The key of `admin bootstrap` is called "Bootstrap key".
    let message = practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    practice.send(&jordan, json!({ "channel": "email" })).await;
    app.deliver().await;
    let gate = app.anybody().open(&token).await.text;
    let patient = app.enter(&token).await;
    let [text] = &app.gateway.texts()[..] else { panic!("one text") };
    let [mail] = &app.mail.mails()[..] else { panic!("one mail") };
    for told in [
        gate,
        text.body.clone(),
        mail.subject(),
        mail.text(),
        mail.html(),
        mail.header("From").unwrap_or_default().to_owned(),
        patient.browser.get(&patient.path("")).await.text,
        patient.browser.get(&patient.path("/messages")).await.text,
    ] {
        assert!(!told.contains("Bootstrap"), "{told}");
        assert!(told.contains("Riverside Clinic"), "{told}");
    }
    assert_eq!(message["author"]["kind"], "api_key", "staff see what it was");
}

#[tokio::test]
async fn unread_is_one_person_s_own() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let rob = app
        .colleague(&practice, "Rob Ives", "rob@riverside.example", sealpost_shared::staff::Role::Member)
        .await;
    practice.send(&practice.jordan().await, json!({})).await;
    let patient = app.enter(&app.newest_token().await).await;
    patient.reply("Thank you!").await.expect(201);
    let inbox = format!("{}?folder=inbox", paths::CONVERSATIONS);
    for desk in [&practice.staff, &rob] {
        assert_eq!(desk.get(paths::CONVERSATION_COUNTS).await.expect(200)["inbox"]["unread"], 1);
    }
    let conversation = format!("{}/{}", paths::CONVERSATIONS, patient.conversation);
    practice.staff.patch(&conversation, json!({ "unread": false })).await.expect(200);
    for (desk, unread) in [(&practice.staff, false), (&rob, true)] {
        let row = desk.get(&inbox).await.expect(200)["data"][0].clone();
        assert_eq!((id(&row), &row["unread"]), (&*patient.conversation, &json!(unread)));
        let counts = desk.get(paths::CONVERSATION_COUNTS).await.expect(200);
        assert_eq!(counts["inbox"], json!({ "total": 1, "unread": u8::from(unread) }));
        let filtered = desk.get(&format!("{inbox}&unread={unread}")).await.expect(200);
        assert_eq!(filtered["data"].as_array().map(Vec::len), Some(1));
        let others = desk.get(&format!("{inbox}&unread={}", !unread)).await.expect(200);
        assert_eq!(others["data"], json!([]));
    }
}
