//! How a patient gets in and stays in, and a new link when the old one has ended.

use chrono::{DateTime, TimeDelta, Utc};
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::{PAST_A_DAY, id, token_in};
use serde_json::{Value, json};

#[tokio::test]
async fn opening_a_link_shows_who_wrote_and_consumes_nothing() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let message = practice.send(&practice.jordan().await, json!({})).await;
    let token = app.newest_token().await;
    for _ in 0..3 {
        let gate = app.anybody().open(&token).await.expect(200);
        assert_eq!(gate["state"], "ready");
        assert_eq!(gate["organization"]["name"], "Riverside Clinic");
    }
    assert_eq!(practice.message(&message).await["link"].get("opened_at"), None);
    assert!(app.anybody().open(&token).await.headers.get("set-cookie").is_none());
}

#[tokio::test]
async fn thirty_replies_in_a_minute_and_three_hundred_in_a_day_are_all_and_none_is_lost_by_trying_again() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({ "link_lifetime": "10_days" })).await;
    let token = app.newest_token().await;
    let mut taken = 0;
    for minute in 0..11 {
        // A session more does not help.
        let patient = app.enter(&token).await;
        for number in 0..31 {
            let message = json!({ "body": "Hello.", "client_message_id": uuid::Uuid::new_v4() });
            let answer = patient.browser.post(&patient.path("/messages"), message.clone()).await;
            if minute < 10 && number < 30 {
                answer.expect(201);
                taken += 1;
            } else {
                assert!(answer.header("retry-after").is_some());
                answer.refused(429, "rate_limited");
                break;
            }
            // The same again is no other one, also when none is left.
            patient.browser.post(&patient.path("/messages"), message).await.expect(201);
        }
        app.clock.advance(TimeDelta::seconds(61));
    }
    assert_eq!(taken, 300);
    let stored = app.tables().await["messages"].len();
    assert_eq!(stored, 301);
    app.clock.advance(TimeDelta::hours(24));
    app.enter(&token).await.reply("Still there?").await.expect(201);
}

#[tokio::test]
async fn opened_is_when_somebody_got_in_and_read_is_when_the_message_was_on_screen() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let message = practice.send(&practice.jordan().await, json!({})).await;
    let patient = app.enter(&app.newest_token().await).await;
    assert_eq!(patient.bodies().await, ["Your results are in."]);
    let link = practice.message(&message).await["link"].clone();
    assert!(link["opened_at"].is_string() && link.get("read_at").is_none(), "{link}");
    app.clock.advance(TimeDelta::minutes(1));
    patient.browser.post(&patient.path("/read"), json!({ "up_to": id(&message) })).await.expect(204);
    let link = practice.message(&message).await["link"].clone();
    assert_eq!(seconds_between(&link["opened_at"], &link["read_at"]), 60);
}

#[tokio::test]
async fn after_25_hours_reading_and_replying_stop_and_a_new_link_brings_the_thread_back() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    let patient = app.enter(&token).await;
    app.clock.advance(TimeDelta::seconds(1));
    patient.reply("Thank you!").await.expect(201);

    app.clock.advance(PAST_A_DAY);
    patient.browser.get(&patient.path("/messages")).await.refused(410, "link_expired");
    patient.reply("Still there?").await.refused(410, "link_expired");
    let gone = app.anybody().open(&token).await.refused(410, "link_expired");
    assert_eq!(gone["relink"], json!({ "channel": "sms", "hint": "42" }));
    assert_eq!(gone["organization"]["name"], "Riverside Clinic");
    let enter = app.anybody().post(paths::SECURE_LINKS_ENTER, json!({ "token": token })).await;
    enter.refused(410, "link_expired");

    let accepted = app.anybody().relink(&token).await.expect(202);
    assert!(accepted["retry_after_seconds"].is_u64(), "{accepted}");
    let fresh = app.newest_token().await;
    assert_ne!(fresh, token);
    let again = app.enter(&fresh).await;
    assert_eq!(again.conversation, patient.conversation);
    assert_eq!(again.bodies().await, ["Your results are in.", "Thank you!"]);
    again.reply("There you are.").await.expect(201);
    assert_eq!(practice.history(&jordan).await.len(), 3);

    let links = practice.key.get(&format!("{}?contact_id={}", paths::LINKS, id(&jordan))).await.expect(200);
    let origins: Vec<_> =
        links["data"].as_array().expect("a list").iter().map(|link| &link["origin"]).collect();
    assert_eq!(origins, ["relinked", "sent"], "the desk sees that it happened");
}

#[tokio::test]
async fn a_session_ends_with_its_link_even_when_it_is_kept_alive() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.send(&practice.jordan().await, json!({})).await;
    let token = app.newest_token().await;
    // Entered 10 minutes before the end: the link's end comes first.
    app.clock.advance(TimeDelta::hours(24) - TimeDelta::minutes(10));
    let patient = app.enter(&token).await;
    app.clock.advance(TimeDelta::minutes(9));
    patient.browser.post(&patient.path("/stay"), json!({})).await.expect(200);
    assert_eq!(patient.bodies().await.len(), 1);
    app.clock.advance(TimeDelta::minutes(1));
    patient.browser.get(&patient.path("")).await.refused(410, "link_expired");
    patient.browser.post(&patient.path("/stay"), json!({})).await.refused(410, "link_expired");
    patient.reply("Too late").await.refused(410, "link_expired");
}

#[tokio::test]
async fn lifetimes_end_on_the_right_day_over_month_ends_and_leap_days() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    for (sent, lifetime, ends) in [
        ("2027-02-20T23:59:59Z", "10_days", "2027-03-02T23:59:59Z"),
        ("2027-03-14T08:30:00Z", "24_hours", "2027-03-15T08:30:00Z"),
        ("2027-08-31T10:00:00Z", "6_months", "2028-02-29T10:00:00Z"),
        ("2028-02-29T10:00:00Z", "1_year", "2029-02-28T10:00:00Z"),
        ("2029-03-31T10:00:00Z", "6_months", "2029-09-30T10:00:00Z"),
        ("2030-08-31T10:00:00Z", "6_months", "2031-02-28T10:00:00Z"),
        ("2031-12-31T23:00:00Z", "10_days", "2032-01-10T23:00:00Z"),
        ("2032-02-28T10:00:00Z", "24_hours", "2032-02-29T10:00:00Z"),
        ("2033-03-01T10:00:00Z", "1_year", "2034-03-01T10:00:00Z"),
    ] {
        app.clock.set(time(sent));
        let message = practice.send(&jordan, json!({ "link_lifetime": lifetime })).await;
        assert_eq!(
            time(message["link"]["expires_at"].as_str().expect("a time")),
            time(ends),
            "{sent} {lifetime}"
        );
        let token = app.newest_token().await;
        app.clock.set(time(ends) - TimeDelta::seconds(1));
        app.anybody().open(&token).await.expect(200);
        app.clock.set(time(ends));
        let gone = app.anybody().open(&token).await.refused(410, "link_expired");
        assert_eq!(gone["link_lifetime"], json!(lifetime), "{sent} {lifetime}");
    }
}

#[tokio::test]
async fn unknown_malformed_revoked_and_deleted_links_answer_alike() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let (revoked_of, deleted) =
        (practice.jordan().await, practice.contact(json!({ "phone": "+15550100177" })).await);
    practice.set_pin(&revoked_of, "4821").await;
    let message = practice.send(&revoked_of, json!({})).await;
    let revoked = app.newest_token().await;
    let path = format!("{}/{}/revoke", paths::LINKS, id(&message["link"]));
    practice.key.post(&path, json!({})).await.expect(200);
    practice.send(&deleted, json!({})).await;
    let token_of_deleted = app.newest_token().await;
    practice.key.delete(&format!("{}/{}", paths::CONTACTS, id(&deleted))).await.expect(204);

    let unknown = "0123456789abcdefABCDEF";
    let malformed =
        ["", "x", "0123456789abcdefABCDE", "0123456789abcdefABCDEFG", "0123456789abcde/ABCDEF", "\0", "%00"];
    let tokens = [unknown, &revoked, &token_of_deleted].into_iter().chain(malformed);
    for path in [
        paths::SECURE_LINKS_OPEN,
        paths::SECURE_LINKS_ENTER,
        paths::SECURE_LINKS_VERIFY_PIN,
        paths::SECURE_LINKS_RELINK,
    ] {
        let mut seen: Option<Value> = None;
        for token in tokens.clone() {
            let mut body = json!({ "token": token });
            if path == paths::SECURE_LINKS_VERIFY_PIN {
                body["pin"] = json!("4821");
            }
            let answer = app.anybody().post(path, body).await;
            let mut headers = answer.headers.clone();
            for varies in ["date", "x-request-id", "content-length"] {
                headers.remove(varies);
            }
            let mut names: Vec<_> =
                headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
            names.sort();
            let mut body = answer.json.clone();
            body.as_object_mut().expect("an object").remove("request_id");
            let whole = json!({ "status": answer.status, "headers": names, "body": body });
            assert_eq!(seen.get_or_insert_with(|| whole.clone()), &whole, "{path} {token:?}");
        }
        let status = if path == paths::SECURE_LINKS_RELINK { 202 } else { 404 };
        assert_eq!(seen.expect("answers")["status"], status, "{path}");
    }
    let before = app.gateway.texts().len();
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), before, "none of them gets a new link");
}

#[tokio::test]
async fn a_revoked_link_ends_its_sessions_at_once() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let message = practice.send(&practice.jordan().await, json!({})).await;
    let patient = app.enter(&app.newest_token().await).await;
    let path = format!("{}/{}/revoke", paths::LINKS, id(&message["link"]));
    practice.key.post(&path, json!({})).await.expect(200);
    patient.browser.get(&patient.path("/messages")).await.refused(401, "session_ended");
    assert_eq!(practice.message(&message).await["link"]["state"], "revoked");
}

#[tokio::test]
async fn two_links_in_one_browser_never_mix() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.send(&practice.jordan().await, json!({ "body": "For Jordan" })).await;
    let first = app.enter(&app.newest_token().await).await;
    let other = practice.contact(json!({ "first_name": "Sam", "phone": "+15550100155" })).await;
    practice.send(&other, json!({ "body": "For Sam" })).await;
    let token = app.newest_token().await;
    // The second tab's session replaces the first one's cookie.
    let entered = first.browser.post(paths::SECURE_LINKS_ENTER, json!({ "token": token })).await.expect(200);
    let conversation = entered["conversation_id"].as_str().expect("an id");
    assert_ne!(conversation, first.conversation);
    first.browser.get(&first.path("")).await.refused(409, "session_changed");
    first.browser.get(&first.path("/messages")).await.refused(409, "session_changed");
    first.reply("To whom?").await.refused(409, "session_changed");
    let page = first.browser.get(&format!("{}/{conversation}/messages", paths::CHAT)).await.expect(200);
    assert_eq!(page["data"][0]["body"], "For Sam");
}

#[tokio::test]
async fn a_new_link_goes_to_the_address_on_file_now() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    app.clock.advance(PAST_A_DAY);
    let path = format!("{}/{}", paths::CONTACTS, id(&jordan));
    practice.key.patch(&path, json!({ "phone": "+15550100199" })).await.expect(200);
    let gone = app.anybody().open(&token).await.refused(410, "link_expired");
    assert_eq!(gone["relink"]["hint"], "99");
    app.anybody().relink(&token).await.expect(202);
    app.deliver().await;
    assert_eq!(app.gateway.texts().pop().expect("a text").to, "+15550100199");

    practice.key.patch(&path, json!({ "preferred_channel": "email" })).await.expect(200);
    app.clock.advance(TimeDelta::minutes(2));
    app.anybody().relink(&token).await.expect(202);
    app.deliver().await;
    let mail = app.mail.mails().pop().expect("a mail");
    assert_eq!(mail.to, ["jordan.reyes@mail.example"]);
    app.enter(&token_in(&mail.text())).await;
}

#[tokio::test]
async fn a_live_link_gets_no_new_one() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.send(&practice.jordan().await, json!({})).await;
    let token = app.newest_token().await;
    app.anybody().relink(&token).await.expect(202);
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 1);
}

#[tokio::test]
async fn without_an_address_no_new_link_is_offered() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    app.clock.advance(PAST_A_DAY);
    let path = format!("{}/{}", paths::CONTACTS, id(&jordan));
    practice.key.patch(&path, json!({ "phone": null, "email": null })).await.expect(200);
    let gone = app.anybody().open(&token).await.refused(410, "link_expired");
    assert_eq!(gone.get("relink"), None);
    app.anybody().relink(&token).await.expect(202);
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 1);
}

#[tokio::test]
async fn a_practice_can_hide_where_a_new_link_would_go() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.configure(json!({ "hide_hint": true })).await;
    practice.send(&practice.jordan().await, json!({})).await;
    let token = app.newest_token().await;
    app.clock.advance(PAST_A_DAY);
    let gone = app.anybody().open(&token).await.refused(410, "link_expired");
    assert_eq!(gone["relink"], json!({ "channel": "sms" }));
}

#[tokio::test]
async fn a_resent_message_has_two_links_that_work() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let message = practice.send(&practice.jordan().await, json!({})).await;
    let first = app.newest_token().await;
    practice.key.post(&format!("{}/{}/resend", paths::MESSAGES, id(&message)), json!({})).await.expect(201);
    let second = app.newest_token().await;
    assert_ne!(first, second);
    for token in [first, second] {
        assert_eq!(app.enter(&token).await.bodies().await, ["Your results are in."]);
    }
}

#[tokio::test]
async fn a_session_left_alone_ends_after_a_quarter_of_an_hour_and_reading_does_not_prolong_it() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.send(&practice.jordan().await, json!({})).await;
    let patient = app.enter(&app.newest_token().await).await;
    for _ in 0..2 {
        app.clock.advance(TimeDelta::minutes(10));
        patient.reply("Here").await.expect(201);
    }
    for _ in 0..2 {
        app.clock.advance(TimeDelta::minutes(7));
        assert_eq!(patient.bodies().await.len(), 3);
    }
    app.clock.advance(TimeDelta::minutes(2));
    patient.browser.get(&patient.path("/messages")).await.refused(401, "session_ended");
}

#[tokio::test]
async fn leaving_ends_the_session() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.send(&practice.jordan().await, json!({})).await;
    let patient = app.enter(&app.newest_token().await).await;
    let cookies = patient.browser.cookies();
    patient.browser.post(&patient.path("/leave"), json!({})).await.expect(204);
    assert!(patient.browser.cookies().is_empty());
    patient.browser.set_cookies(cookies);
    patient.browser.get(&patient.path("/messages")).await.refused(401, "session_ended");
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

fn seconds_between(from: &Value, to: &Value) -> i64 {
    (time(to.as_str().expect("a time")) - time(from.as_str().expect("a time"))).num_seconds()
}
