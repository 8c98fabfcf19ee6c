//! Texts and emails that providers hand over: stored once, and nobody's word but theirs counts.

use std::num::NonZeroU32;

use chrono::TimeDelta;
use reqwest::Method;
use sealpost_api::config::Secret;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::Answer;
use sealpost_tests::fakes::form_call;
use sealpost_tests::given::{Practice, id};
use serde_json::{Value, json};

const JORDANS: &str = "+15550100142";
const SECRET: &str = "a-secret-of-the-mail-hook-0123";

async fn started() -> (TestApp, Practice, Value) {
    let app = TestApp::start_with(|config| config.mail_hook_secret = Some(Secret::new(SECRET))).await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    (app, practice, jordan)
}

async fn mail_in(app: &TestApp, raw: &str) -> Answer {
    let raw = raw.replace('\n', "\r\n");
    let client = app.anybody();
    let call = client.call(Method::POST, paths::HOOKS_EMAIL_RAW).bytes(raw);
    let call = call.header("content-type", "message/rfc822").without("x-sealpost-request");
    call.header("authorization", format!("Bearer {SECRET}")).send().await
}

/// A report that the newest mail came back.
fn bounce(app: &TestApp, action: &str, status: &str) -> String {
    let id = app.mail.mails().pop().expect("a mail").header("Message-ID").expect("an id");
    format!(
        "From: MAILER-DAEMON@mail.example\nTo: messages@sealpost.example\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n\
         --b\nContent-Type: text/plain\n\nSorry.\n\
         --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.example\n\n\
         Final-Recipient: rfc822; jordan.reyes@mail.example\nAction: {action}\nStatus: {status}\n\
         --b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {id}\n\n--b--\n"
    )
}

#[tokio::test]
async fn a_text_lands_in_its_sender_s_conversation_once_however_often_it_is_handed_over() {
    let (app, practice, jordan) = started().await;
    for _ in 0..3 {
        app.text_in("SM1", JORDANS, "Running late, sorry!").await.expect(204);
    }
    let history = practice.history(&jordan).await;
    assert_eq!(history.len(), 1);
    assert_eq!((&history[0]["secure"], &history[0]["channel"]), (&json!(false), &json!("sms")));
    let picture =
        [("MessageSid", "MM2"), ("From", JORDANS), ("To", "+15550100001"), ("Body", ""), ("NumMedia", "2")];
    app.gateway_calls(paths::HOOKS_TWILIO_INBOUND, &picture).await.expect(204);
    let newest = practice.history(&jordan).await[0]["body"].clone();
    assert!(newest.as_str().is_some_and(|text| text.contains("2 files")), "{newest}");
    // A text that is longer than ours may be loses its end and not itself.
    app.text_in("SM3", JORDANS, &"x".repeat(12_000)).await.expect(204);
    assert_eq!(practice.history(&jordan).await.len(), 3);
}

#[tokio::test]
async fn a_text_that_nobody_signed_is_not_taken() {
    let (app, practice, jordan) = started().await;
    let form = [("MessageSid", "SM1"), ("From", JORDANS), ("To", "+15550100001"), ("Body", "STOP")];
    let anybody = app.anybody();
    let call = form_call(&anybody, paths::HOOKS_TWILIO_INBOUND, &form).header("x-twilio-signature", "AAAA");
    call.send().await.refused(403, "forbidden");
    app.gateway_calls(paths::HOOKS_TWILIO_INBOUND, &form[..1]).await.refused(422, "validation_failed");
    let shortcode = [("MessageSid", "SM2"), ("From", "BANK"), ("To", "+15550100001"), ("Body", "Buy!")];
    app.gateway_calls(paths::HOOKS_TWILIO_INBOUND, &shortcode).await.expect(204);
    assert_eq!(practice.history(&jordan).await, Vec::<Value>::new());
    assert_eq!(app.tables().await["inbound_messages"].len(), 0);
}

#[tokio::test]
async fn whoever_is_no_gateway_is_soon_told_to_wait_and_the_gateway_never() {
    let app =
        TestApp::start_with(|config| config.limits.strangers = NonZeroU32::new(20).expect("some")).await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let form = [("MessageSid", "SM1"), ("From", JORDANS), ("To", "+15550100001"), ("Body", "STOP")];
    let anybody = app.anybody();
    let call =
        || form_call(&anybody, paths::HOOKS_TWILIO_INBOUND, &form).header("x-twilio-signature", "AAAA");
    call().send().await.refused(403, "forbidden");
    for _ in 0..20 {
        call().send().await;
    }
    call().send().await.refused(429, "rate_limited");
    for number in 0..5 {
        app.text_in(&format!("SM{number}"), JORDANS, "Hello").await.expect(204);
    }
    assert_eq!(practice.history(&jordan).await.len(), 5);
}

#[tokio::test]
async fn stop_is_heeded_before_anything_else_and_by_everybody_who_writes_from_the_number() {
    let (app, practice, jordan) = started().await;
    app.clock.advance(TimeDelta::seconds(1));
    let other = app.practice_named("Lakeside Law", "kim@lakeside.example").await;
    let theirs = other.contact(json!({ "first_name": "J.", "phone": JORDANS })).await;
    let text = practice.send(&jordan, json!({})).await;
    app.text_in("SM1", JORDANS, "Stop").await.expect(204);
    app.text_in("SM1", JORDANS, "Stop").await.expect(204);
    for (practice, contact) in [(&practice, &jordan), (&other, &theirs)] {
        let shown = practice.key.get(&format!("{}/{}", paths::CONTACTS, id(contact))).await.expect(200);
        assert_eq!(shown["opted_out"], json!(["sms"]));
        practice.try_send(contact, json!({})).await.refused(422, "contact_opted_out");
    }
    assert_eq!(practice.message(&text).await["deliveries"][0]["status"], "canceled");
    app.deliver().await;
    let confirmations = app.gateway.texts().len();
    assert_eq!(confirmations, 2, "each says who they are");
    // The gateway says START in words of its own.
    let start = [
        ("MessageSid", "SM2"),
        ("From", JORDANS),
        ("To", "+15550100001"),
        ("Body", "JOIN"),
        ("OptOutType", "START"),
    ];
    app.gateway_calls(paths::HOOKS_TWILIO_INBOUND, &start).await.expect(204);
    practice.send(&jordan, json!({})).await;
    app.deliver().await;
}

#[tokio::test]
async fn a_text_goes_to_the_one_organization_that_knows_its_writer_and_else_it_is_held() {
    let (app, practice, jordan) = started().await;
    app.clock.advance(TimeDelta::seconds(1));
    let other = app.practice_named("Lakeside Law", "kim@lakeside.example").await;
    let sam = other.contact(json!({ "first_name": "Sam", "phone": "+15550100177" })).await;
    app.text_in("SM1", "+15550100177", "To Lakeside").await.expect(204);
    assert_eq!(other.history(&sam).await.len(), 1);
    other.contact(json!({ "first_name": "J.", "phone": JORDANS })).await;
    app.text_in("SM2", JORDANS, "To whom?").await.expect(204);
    app.text_in("SM3", "+15557310942", "Who am I?").await.expect(204);
    assert_eq!(practice.history(&jordan).await.len(), 1, "where the number belongs, its writer is known");
    assert_eq!(app.tables().await["inbound_messages"].len(), 3);
}

#[tokio::test]
async fn an_answer_by_email_lands_in_the_conversation_of_the_mail_that_it_answers() {
    let (app, practice, jordan) = started().await;
    practice.send(&jordan, json!({ "channel": "email" })).await;
    app.deliver().await;
    let id = app.mail.mails()[0].header("Message-ID").expect("an id");
    let reply = format!(
        "From: Jordan Reyes <Jordan.Reyes@mail.example>\nTo: messages@sealpost.example\nSubject: Re: hello\n\
         Message-ID: <1@mail.example>\nIn-Reply-To: {id}\nContent-Type: text/plain\n\nI will come by.\n\n> Open it here\n"
    );
    for _ in 0..2 {
        mail_in(&app, &reply).await.expect(204);
    }
    let history = practice.history(&jordan).await;
    assert_eq!(history.len(), 2);
    assert_eq!((&history[0]["channel"], &history[0]["secure"]), (&json!("email"), &json!(false)));
    assert!(
        history[0]["body"].as_str().is_some_and(|body| body.starts_with("I will come by.")),
        "{history:?}"
    );
    // Who only claims to answer is still who they are.
    let stranger = reply.replace("Jordan.Reyes@mail.example", "eve@evil.example").replace("<1@", "<2@");
    mail_in(&app, &stranger).await.expect(204);
    assert_eq!(practice.history(&jordan).await.len(), 2);
    // Machines get no answer and make no noise.
    for (number, header) in
        ["Auto-Submitted: auto-replied", "Precedence: bulk", "Return-Path: <>"].iter().enumerate()
    {
        let away = reply.replace("Subject: Re: hello", header).replace("<1@", &format!("<away{number}@"));
        mail_in(&app, &away).await.expect(204);
    }
    assert_eq!(practice.history(&jordan).await.len(), 2);
    app.deliver().await;
    assert_eq!(app.mail.mails().len(), 1, "nothing was answered");
}

#[tokio::test]
async fn a_mail_that_came_back_fails_after_it_was_sent_and_its_address_is_marked() {
    let (app, practice, jordan) = started().await;
    let message = practice.send(&jordan, json!({ "channel": "email" })).await;
    app.deliver().await;
    mail_in(&app, &bounce(&app, "delayed", "4.4.1")).await.expect(204);
    assert_eq!(practice.message(&message).await["deliveries"][0]["status"], "sent", "no news yet");
    for _ in 0..2 {
        mail_in(&app, &bounce(&app, "failed", "5.1.1")).await.expect(204);
    }
    let delivery = practice.message(&message).await["deliveries"][0].clone();
    assert_eq!(
        (&delivery["status"], &delivery["failure"]["code"]),
        (&json!("failed"), &json!("address_invalid"))
    );
    assert!(!delivery.to_string().contains("jordan"), "{delivery}");
    let path = format!("{}/{}", paths::CONTACTS, id(&jordan));
    let faults = practice.key.get(&path).await.expect(200)["address_faults"].clone();
    assert_eq!((&faults[0]["channel"], &faults[0]["code"]), (&json!("email"), &json!("address_invalid")));
    assert_eq!(practice.folder("failed").await.len(), 1);
    app.clock.advance(TimeDelta::seconds(1));
    let retry = format!("{}/{}/retry", paths::MESSAGES, id(&message));
    practice.staff.post(&retry, json!({ "channel": "sms" })).await.expect(201);
    app.deliver().await;
    assert_eq!((app.gateway.texts().len(), practice.folder("failed").await.len()), (1, 0));
    let corrected = practice.key.patch(&path, json!({ "email": "jordan@mail.example" })).await.expect(200);
    assert_eq!(corrected.get("address_faults"), None);
}

#[tokio::test]
async fn a_mail_is_taken_from_who_shows_the_secret_alone() {
    let (app, practice, jordan) = started().await;
    let raw = "From: jordan.reyes@mail.example\r\nMessage-ID: <1@mail.example>\r\n\r\nHello";
    let hand_over = async |app: &TestApp, authorization: &str| {
        let client = app.anybody();
        let call = client.call(Method::POST, paths::HOOKS_EMAIL_RAW).bytes(raw).without("x-sealpost-request");
        let call = call.header("content-type", "message/rfc822").header("authorization", authorization);
        call.send().await
    };
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    let basic = |password: &str| format!("Basic {}", BASE64_STANDARD.encode(format!("mail:{password}")));
    for wrong in ["", "Bearer", "Bearer x", SECRET, &basic("x"), "Basic %%%", &format!("Digest {SECRET}")] {
        hand_over(&app, wrong).await.refused(403, "forbidden");
    }
    assert_eq!(practice.history(&jordan).await, Vec::<Value>::new());
    hand_over(&app, &basic(SECRET)).await.expect(204);
    assert_eq!(practice.history(&jordan).await.len(), 1);
    mail_in(&app, "no email").await.refused(400, "bad_request");
    let without = TestApp::start().await;
    for shown in ["Bearer ", &format!("Bearer {SECRET}")] {
        hand_over(&without, shown).await.refused(403, "forbidden");
    }
}
