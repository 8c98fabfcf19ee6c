//! What the gateway says became of a text, and what people see of it.

use chrono::TimeDelta;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::fakes::{GatewayAnswer, form_call, signature};
use sealpost_tests::given::{Practice, id};
use serde_json::{Value, json};

async fn sent() -> (TestApp, Practice, Value, Value) {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let message = practice.send(&jordan, json!({})).await;
    app.deliver().await;
    (app, practice, jordan, message)
}

async fn status(practice: &Practice, message: &Value) -> Value {
    practice.message(message).await["deliveries"][0]["status"].clone()
}

async fn failed_count(practice: &Practice) -> Value {
    practice.staff.get(paths::CONVERSATION_COUNTS).await.expect(200)["failed"]["total"].clone()
}

#[tokio::test]
async fn a_state_goes_forward_alone_however_often_and_in_whatever_order_the_gateway_calls() {
    let (app, practice, _, message) = sent().await;
    for (word, wanted) in [
        ("queued", "sent"),
        ("sent", "sent"),
        ("no-such-word", "sent"),
        ("delivered", "delivered"),
        ("delivered", "delivered"),
        ("sent", "delivered"),
        ("failed", "delivered"),
        ("undelivered", "delivered"),
    ] {
        app.receipt(0, word, None).await.expect(204);
        assert_eq!(status(&practice, &message).await, wanted, "after {word}");
    }
    let delivery = practice.message(&message).await["deliveries"][0].clone();
    assert!(delivery["delivered_at"].is_string() && delivery.get("failure").is_none(), "{delivery}");
    let events = app.tables().await["events"].join("\n");
    assert_eq!(events.matches("message.delivered").count(), 1, "{events}");
    assert_eq!(failed_count(&practice).await, 0);
}

#[tokio::test]
async fn what_waits_for_its_next_try_says_why_and_when_until_it_is_sent() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    app.gateway.will_answer([GatewayAnswer::TooMany(3_600)]);
    let message = practice.send(&jordan, json!({})).await;
    assert_eq!(message["deliveries"][0].get("failure"), None);
    app.deliver().await;
    let waiting = practice.message(&message).await["deliveries"][0].clone();
    assert_eq!((&waiting["status"], &waiting["failure"]["code"]), (&json!("queued"), &json!("gateway_busy")));
    assert!(waiting["next_attempt_at"].is_string(), "{waiting}");
    assert_eq!(failed_count(&practice).await, 0);
    app.clock.advance(TimeDelta::hours(3));
    app.deliver().await;
    let sent = practice.message(&message).await["deliveries"][0].clone();
    assert_eq!((&sent["status"], sent.get("failure")), (&json!("sent"), None));
}

#[tokio::test]
async fn what_fails_after_its_contact_was_erased_is_nobody_s_to_do() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    app.deliver().await;
    practice.key.delete(&format!("{}/{}", paths::CONTACTS, id(&jordan))).await.expect(204);
    app.receipt(0, "undelivered", Some(30_007)).await.expect(204);
    assert_eq!(failed_count(&practice).await, 0);
}

#[tokio::test]
async fn what_failed_after_it_was_sent_waits_in_a_folder_until_somebody_acts() {
    let (app, practice, jordan, message) = sent().await;
    app.receipt(0, "undelivered", Some(30_006)).await.expect(204);
    let delivery = practice.message(&message).await["deliveries"][0].clone();
    assert_eq!(
        (&delivery["status"], &delivery["failure"]["code"]),
        (&json!("failed"), &json!("address_unreachable"))
    );
    app.receipt(0, "delivered", None).await.expect(204);
    assert_eq!(status(&practice, &message).await, "failed", "never backwards");
    assert_eq!(failed_count(&practice).await, 1);
    let folder = practice.folder("failed").await;
    assert_eq!((folder.len(), &folder[0]["failed"]), (1, &json!(true)));
    let lost = &folder[0]["undelivered"];
    assert_eq!(
        (&lost["id"], &lost["channel"], &lost["secure"], &lost["failure"]["code"]),
        (&message["id"], &json!("sms"), &json!(true), &json!("address_unreachable"))
    );
    assert!(
        message["body"].as_str().expect("a text").starts_with(lost["preview"].as_str().expect("a preview"))
    );
    let contact = practice.key.get(&format!("{}/{}", paths::CONTACTS, id(&jordan))).await.expect(200);
    assert_eq!(contact["address_faults"][0]["code"], "address_unreachable");
    assert_eq!(contact["address_faults"][0]["channel"], "sms");
    // By the other channel, with a link of its own.
    app.clock.advance(TimeDelta::seconds(1));
    let path = format!("{}/{}/retry", paths::MESSAGES, id(&message));
    let again = practice.staff.post(&path, json!({ "channel": "email" })).await.expect(201);
    assert_eq!(again["deliveries"].as_array().expect("a list").len(), 2);
    assert_ne!(again["link"]["id"], message["link"]["id"]);
    assert_eq!(failed_count(&practice).await, 0);
    assert_eq!(practice.folder("failed").await, Vec::<Value>::new());
    practice.staff.post(&path, json!({})).await.refused(409, "conflict");
    app.deliver().await;
    assert_eq!((app.gateway.requests().len(), app.mail.mails().len()), (1, 1));
    // A number that is changed is not at fault.
    let changed = json!({ "phone": "+15550100143" });
    let contact =
        practice.key.patch(&format!("{}/{}", paths::CONTACTS, id(&jordan)), changed).await.expect(200);
    assert_eq!(contact.get("address_faults"), None);
}

#[tokio::test]
async fn a_plain_message_that_failed_goes_out_again_as_it_was() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    app.gateway.will_answer([GatewayAnswer::Refused(21_606)]);
    let message = practice.send(&jordan, json!({ "secure": false, "body": "See you at 3" })).await;
    let path = format!("{}/{}/retry", paths::MESSAGES, id(&message));
    practice.key.post(&path, json!({})).await.refused(409, "conflict");
    app.deliver().await;
    assert_eq!(status(&practice, &message).await, "failed");
    assert_eq!(failed_count(&practice).await, 1);
    practice.key.post(&path, json!({ "channel": "pigeon" })).await.refused(422, "validation_failed");
    let again = practice.key.post(&path, json!({})).await.expect(201);
    assert_eq!(again["deliveries"][1]["channel"], "sms");
    app.deliver().await;
    assert_eq!(app.gateway.texts()[0].body, "See you at 3");
    assert_eq!(failed_count(&practice).await, 0);
}

#[tokio::test]
async fn what_failed_is_counted_per_conversation_and_can_be_called_settled() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    for _ in 0..2 {
        practice.send(&jordan, json!({})).await;
    }
    app.gateway.will_answer([GatewayAnswer::Refused(21_606), GatewayAnswer::Refused(21_606)]);
    app.deliver().await;
    assert_eq!(failed_count(&practice).await, 1, "one conversation, two messages");
    let messages = practice.history(&jordan).await;
    let retry = format!("{}/{}/retry", paths::MESSAGES, id(&messages[0]));
    practice.key.post(&retry, json!({})).await.expect(201);
    assert_eq!(failed_count(&practice).await, 1, "the other one still waits");
    let conversation =
        format!("{}/{}", paths::CONVERSATIONS, messages[0]["conversation_id"].as_str().expect("an id"));
    practice.staff.patch(&conversation, json!({ "failed": true })).await.refused(422, "validation_failed");
    let settled = practice.staff.patch(&conversation, json!({ "failed": false })).await.expect(200);
    assert_eq!((&settled["failed"], settled.get("undelivered")), (&json!(false), None));
    assert_eq!(failed_count(&practice).await, 0);
    app.deliver().await;
    practice.key.delete(&format!("{}/{}", paths::CONTACTS, id(&jordan))).await.expect(204);
    assert_eq!(failed_count(&practice).await, 0);
}

#[tokio::test]
async fn only_the_gateway_s_word_counts() {
    let (app, practice, _, message) = sent().await;
    let path = app.callback_of(0);
    let form = [("MessageSid", "SM1"), ("MessageStatus", "delivered")];
    let anybody = app.anybody();
    let right = signature(&format!("{}{path}", app.origin()), &form);
    let elsewhere = signature(&format!("https://evil.example{path}"), &form);
    let other = signature(
        &format!("{}{}/0190d3a17c1e7f008a3b5d2f6c9e4b10", app.origin(), paths::HOOKS_TWILIO_STATUS),
        &form,
    );
    for wrong in ["", "x", &elsewhere, &other] {
        let call = form_call(&anybody, &path, &form).header("x-twilio-signature", wrong);
        call.send().await.refused(403, "forbidden");
    }
    form_call(&anybody, &path, &form).send().await.refused(403, "forbidden");
    let changed = [("MessageSid", "SM1"), ("MessageStatus", "failed")];
    let call = form_call(&anybody, &path, &changed).header("x-twilio-signature", right.clone());
    call.send().await.refused(403, "forbidden");
    let json = anybody.call(reqwest::Method::POST, &path).json(json!({})).header("x-twilio-signature", right);
    json.send().await.refused(415, "unsupported_media_type");
    assert_eq!(status(&practice, &message).await, "sent");
    // Who signs rightly learns that nothing has this handle; who does not learns nothing.
    for handle in ["0190d3a17c1e7f008a3b5d2f6c9e4b10", "x"] {
        let path = format!("{}/{handle}", paths::HOOKS_TWILIO_STATUS);
        app.gateway_calls(&path, &form).await.refused(404, "not_found");
        form_call(&anybody, &path, &form).send().await.refused(403, "forbidden");
    }
}

#[tokio::test]
async fn a_receipt_that_comes_before_the_answer_counts_and_the_answer_changes_nothing() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let message = practice.send(&practice.jordan().await, json!({})).await;
    app.gateway.will_answer([GatewayAnswer::Held]);
    let receipt = async {
        while app.gateway.requests().is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        app.receipt(0, "delivered", None).await.expect(204);
        app.gateway.lets_go();
    };
    tokio::join!(app.deliver(), receipt);
    assert_eq!(status(&practice, &message).await, "delivered");
    app.clock.advance(TimeDelta::minutes(5));
    app.deliver().await;
    assert_eq!(app.gateway.requests().len(), 1);
}

#[tokio::test]
async fn a_number_that_said_stop_to_the_gateway_is_not_texted_again_and_email_is_offered() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let sam = practice.contact(json!({ "first_name": "Sam", "phone": "+15550100142" })).await;
    let message = practice.send(&jordan, json!({})).await;
    let waiting = practice.send(&sam, json!({})).await;
    app.gateway.will_answer([GatewayAnswer::Refused(21_610)]);
    // One after the other: the second is taken when the first one's answer is known.
    let turn = |app: &TestApp| app.gateway.requests().len();
    app.deliver().await;
    assert!(turn(&app) <= 2);
    let delivery = practice.message(&message).await["deliveries"][0].clone();
    assert_eq!(
        (&delivery["status"], &delivery["failure"]["code"]),
        (&json!("failed"), &json!("recipient_opted_out"))
    );
    for contact in [&jordan, &sam] {
        let shown = practice.key.get(&format!("{}/{}", paths::CONTACTS, id(contact))).await.expect(200);
        assert_eq!(shown["opted_out"], json!(["sms"]), "{shown}");
    }
    drop(waiting);
    practice.try_send(&sam, json!({})).await.refused(422, "contact_opted_out");
    let retry = format!("{}/{}/retry", paths::MESSAGES, id(&message));
    practice.staff.post(&retry, json!({})).await.refused(422, "contact_opted_out");
    practice.staff.post(&retry, json!({ "channel": "email" })).await.expect(201);
    app.deliver().await;
    assert_eq!(app.mail.mails().len(), 1);
    // The same by a receipt, for a text that was taken.
    let kim = practice.contact(json!({ "first_name": "Kim", "phone": "+15550100155" })).await;
    practice.send(&kim, json!({})).await;
    app.deliver().await;
    let last = app.gateway.requests().len() - 1;
    app.receipt(last, "undelivered", Some(21_610)).await.expect(204);
    practice.try_send(&kim, json!({})).await.refused(422, "contact_opted_out");
}
