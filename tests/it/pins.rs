//! The PIN in front of a conversation: which one applies, and what guessing costs.

use chrono::TimeDelta;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::{PAST_A_DAY, Practice, id};
use serde_json::{Value, json};

/// Jordan with PIN 4821, a message sent, and the token of its link.
async fn guarded(app: &TestApp) -> (Practice, Value, String) {
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.set_pin(&jordan, "4821").await;
    practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    (practice, jordan, token)
}

#[tokio::test]
async fn a_wrong_pin_says_how_many_tries_are_left_and_the_right_one_opens() {
    let app = TestApp::start().await;
    let (_, _, token) = guarded(&app).await;
    let gate = app.anybody().open(&token).await.expect(200);
    assert_eq!(gate["state"], "pin_required");
    assert_eq!(gate["pin"]["attempts_left"], 5);
    let enter = app.anybody().post(paths::SECURE_LINKS_ENTER, json!({ "token": token })).await;
    enter.refused(401, "pin_required");
    for left in [4, 3] {
        let refused = app.anybody().verify_pin(&token, "0000").await.refused(401, "pin_incorrect");
        assert_eq!(refused["attempts_left"], left);
    }
    assert_eq!(app.anybody().open(&token).await.expect(200)["pin"]["attempts_left"], 3);
    let patient = app.enter_with_pin(&token, " 4821 ").await;
    assert_eq!(patient.bodies().await, ["Your results are in."]);
    assert_eq!(
        app.anybody().open(&token).await.expect(200)["pin"]["attempts_left"],
        5,
        "success clears the count"
    );
}

#[tokio::test]
async fn five_wrong_pins_lock_the_link_for_a_quarter_of_an_hour() {
    let app = TestApp::start().await;
    let (practice, _, token) = guarded(&app).await;
    for _ in 0..4 {
        app.anybody().verify_pin(&token, "0000").await.refused(401, "pin_incorrect");
    }
    let fifth = app.anybody().verify_pin(&token, "0000").await;
    assert!(matches!(fifth.status, 401 | 429), "{}", fifth.text);
    let locked = app.anybody().verify_pin(&token, "4821").await;
    assert_eq!(locked.header("retry-after"), Some("900"));
    let locked = locked.refused(429, "pin_locked");
    let gate = app.anybody().open(&token).await.expect(200);
    assert_eq!(gate["pin"]["locked_until"], locked["locked_until"]);
    let links =
        practice.key.get(&format!("{}?contact_id={}", paths::LINKS, contact_of(&practice).await)).await;
    assert_eq!(links.expect(200)["data"][0]["state"], "locked");

    app.clock.advance(TimeDelta::seconds(899));
    app.anybody().verify_pin(&token, "4821").await.refused(429, "pin_locked");
    app.clock.advance(TimeDelta::seconds(1));
    app.enter_with_pin(&token, "4821").await;
}

#[tokio::test]
async fn staff_can_end_the_pause_of_a_link_at_once() {
    let app = TestApp::start().await;
    let (practice, jordan, token) = guarded(&app).await;
    for _ in 0..5 {
        app.anybody().verify_pin(&token, "0000").await;
    }
    app.anybody().verify_pin(&token, "4821").await.refused(429, "pin_locked");
    let links = practice.staff.get(&format!("{}?contact_id={}", paths::LINKS, id(&jordan))).await.expect(200);
    assert_eq!(links["data"][0]["failed_attempts"], 5);
    let path = format!("{}/{}/unlock", paths::LINKS, id(&links["data"][0]));
    assert_eq!(practice.staff.post(&path, json!({})).await.expect(200)["state"], "active");
    assert_eq!(app.anybody().open(&token).await.expect(200)["pin"]["attempts_left"], 5, "all tries are back");
    app.enter_with_pin(&token, "4821").await;
}

async fn contact_of(practice: &Practice) -> String {
    let contacts = practice.key.get(paths::CONTACTS).await.expect(200);
    id(&contacts["data"][0]).to_owned()
}

#[tokio::test]
async fn ten_wrong_pins_in_a_row_turn_the_link_off_and_a_new_one_helps() {
    let app = TestApp::start().await;
    let (_, _, token) = guarded(&app).await;
    for _ in 0..2 {
        for _ in 0..5 {
            app.anybody().verify_pin(&token, "0000").await;
        }
        app.clock.advance(TimeDelta::minutes(15));
    }
    let refused = app.anybody().verify_pin(&token, "4821").await.refused(403, "pin_disabled");
    assert_eq!(refused["relink"]["channel"], "sms");
    app.anybody().open(&token).await.refused(403, "pin_disabled");
    app.anybody().relink(&token).await.expect(202);
    let fresh = app.newest_token().await;
    assert_ne!(fresh, token);
    app.enter_with_pin(&fresh, "4821").await;
}

#[tokio::test]
async fn thirty_wrong_pins_on_all_links_turn_pins_off_until_staff_unlocks() {
    let app = TestApp::start().await;
    let (practice, jordan, mut token) = guarded(&app).await;
    for _ in 0..3 {
        for _ in 0..2 {
            for _ in 0..5 {
                app.anybody().verify_pin(&token, "0000").await;
            }
            app.clock.advance(TimeDelta::minutes(16));
        }
        practice.send(&jordan, json!({})).await;
        token = app.newest_token().await;
    }
    let refused = app.anybody().verify_pin(&token, "4821").await.refused(403, "pin_disabled");
    assert_eq!(refused.get("relink"), None, "a new link would not help");
    app.clock.advance(TimeDelta::hours(25));
    let gone = app.anybody().open(&token).await.refused(410, "link_expired");
    assert_eq!(gone.get("relink"), None, "nor is one promised");
    let sent = app.gateway.texts().len();
    app.anybody().relink(&token).await.expect(202);
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), sent);
    practice.send(&jordan, json!({})).await;
    token = app.newest_token().await;
    let path = format!("{}/{}", paths::CONTACTS, id(&jordan));
    assert_eq!(practice.key.get(&path).await.expect(200)["pin_disabled"], true);
    practice.key.post(&format!("{path}/unlock"), json!({})).await.expect(204);
    app.enter_with_pin(&token, "4821").await;
}

#[tokio::test]
async fn a_message_s_own_pin_buys_no_tries_at_the_contact_s() {
    let app = TestApp::start().await;
    let (practice, jordan, _) = guarded(&app).await;
    practice.send(&jordan, json!({ "pin": "own-pin-7" })).await;
    let own = app.newest_token().await;
    for _ in 0..6 {
        app.enter_with_pin(&own, "own-pin-7").await;
        practice.send(&jordan, json!({})).await;
        let token = app.newest_token().await;
        for _ in 0..5 {
            app.anybody().verify_pin(&token, "0000").await;
        }
        app.clock.advance(TimeDelta::minutes(16));
    }
    practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    app.anybody().verify_pin(&token, "4821").await.refused(403, "pin_disabled");
}

#[tokio::test]
async fn a_message_s_own_pin_beats_the_contact_s_which_beats_the_default() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    for bits in 0..8_u8 {
        let (own, contacts, default) = (bits & 4 != 0, bits & 2 != 0, bits & 1 != 0);
        let contact = practice.contact(json!({ "phone": format!("+1555010020{bits}") })).await;
        if contacts {
            practice.set_pin(&contact, "contact-pin").await;
        }
        let pin = if default {
            json!({ "kind": "text", "value": "default-pin" })
        } else {
            json!({ "kind": "none" })
        };
        practice.configure(json!({ "default_pin": pin })).await;
        practice.send(&contact, if own { json!({ "pin": "own-pin" }) } else { json!({}) }).await;
        let token = app.newest_token().await;
        let wanted = [(own, "own-pin"), (contacts, "contact-pin"), (default, "default-pin")];
        match wanted.iter().find(|(given, _)| *given) {
            None => drop(app.enter(&token).await),
            Some((_, right)) => {
                for (_, pin) in wanted.iter().filter(|(_, pin)| pin != right) {
                    app.anybody().verify_pin(&token, pin).await.refused(401, "pin_incorrect");
                }
                app.enter_with_pin(&token, right).await;
            }
        }
    }
}

#[tokio::test]
async fn a_changed_pin_counts_at_once_for_links_already_sent() {
    let app = TestApp::start().await;
    let (practice, jordan, token) = guarded(&app).await;
    practice.set_pin(&jordan, "new-pin").await;
    app.anybody().verify_pin(&token, "4821").await.refused(401, "pin_incorrect");
    app.enter_with_pin(&token, "new-pin").await;
    practice.key.delete(&format!("{}/{}/pin", paths::CONTACTS, id(&jordan))).await.expect(204);
    app.enter(&token).await;
}

#[tokio::test]
async fn a_default_pin_is_made_from_the_contact_s_fields() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice
        .configure(
            json!({ "default_pin": { "kind": "template", "value": "{{ contact.phone | slice: -4, 4 }}" } }),
        )
        .await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    app.anybody().verify_pin(&token, "1234").await.refused(401, "pin_incorrect");
    app.enter_with_pin(&token, "0142").await;

    let nobody = practice.contact(json!({ "email": "sam@mail.example" })).await;
    practice.try_send(&nobody, json!({})).await.refused(422, "pin_unresolved");
    // At open time it fails closed: the template no longer gives anything for Jordan.
    let path = format!("{}/{}", paths::CONTACTS, id(&jordan));
    practice.key.patch(&path, json!({ "phone": null })).await.expect(200);
    let answer = app.anybody().post(paths::SECURE_LINKS_ENTER, json!({ "token": token })).await;
    assert!(answer.status >= 400, "{}", answer.text);
}

#[tokio::test]
async fn a_message_with_a_pin_of_its_own_is_not_shown_through_another_message_s_link() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({ "body": "Open to the first link" })).await;
    let plain = app.newest_token().await;
    app.clock.advance(TimeDelta::seconds(1));
    let private = practice.send(&jordan, json!({ "body": "Behind its own PIN", "pin": "own-pin" })).await;
    let own = app.newest_token().await;

    let patient = app.enter(&plain).await;
    assert_eq!(patient.bodies().await, ["Open to the first link"]);
    patient.browser.post(&patient.path("/read"), json!({ "up_to": id(&private) })).await;
    assert_eq!(practice.message(&private).await["link"].get("read_at"), None);
    app.anybody().post(paths::SECURE_LINKS_ENTER, json!({ "token": own })).await.refused(401, "pin_required");
    let insider = app.enter_with_pin(&own, "own-pin").await;
    assert_eq!(insider.bodies().await, ["Open to the first link", "Behind its own PIN"]);
}

#[tokio::test]
async fn before_the_pin_is_right_nothing_of_the_conversation_leaves_the_server() {
    let app = TestApp::start().await;
    let (practice, jordan, token) = guarded(&app).await;
    practice.send(&jordan, json!({ "body": "A second one" })).await;
    let second = app.newest_token().await;
    let conversation = practice.folder("outbox").await[0]["id"].as_str().expect("an id").to_owned();
    let browser = app.anybody();
    let mut answers = vec![
        browser.open(&token).await,
        browser.open(&second).await,
        browser.post(paths::SECURE_LINKS_ENTER, json!({ "token": token })).await,
        browser.verify_pin(&token, "0000").await,
        browser.relink(&token).await,
        browser.get(&format!("{}/{conversation}", paths::CHAT)).await,
        browser.get(&format!("{}/{conversation}/messages", paths::CHAT)).await,
    ];
    for _ in 0..5 {
        answers.push(browser.verify_pin(&token, "0000").await);
    }
    app.clock.advance(PAST_A_DAY);
    answers.push(browser.open(&token).await);
    answers.push(browser.verify_pin(&token, "4821").await);
    for answer in &answers {
        for secret in [
            "results",
            "second one",
            "Jordan",
            "Reyes",
            "0142",
            "jordan",
            "4821",
            &token,
            &conversation,
            id(&jordan),
        ] {
            assert!(!answer.text.contains(secret), "{secret:?} in {}", answer.text);
            assert!(!format!("{:?}", answer.headers).contains(secret), "{secret:?} in {:?}", answer.headers);
        }
        for count in ["count", "total", "unread", "messages"] {
            assert!(!answer.text.contains(&format!("\"{count}")), "{count} in {}", answer.text);
        }
        assert!(answer.headers.get("set-cookie").is_none());
    }
}

#[tokio::test]
async fn turned_off_pins_are_not_asked_for_but_a_message_s_own_is() {
    let app = TestApp::start().await;
    let (practice, jordan, token) = guarded(&app).await;
    practice.send(&jordan, json!({ "pin": "own-pin" })).await;
    let own = app.newest_token().await;
    practice.configure(json!({ "pin_enabled": false })).await;
    app.enter(&token).await;
    app.enter_with_pin(&own, "own-pin").await;
    practice.try_send(&jordan, json!({ "pin": "own-pin" })).await.refused(422, "pins_disabled");
}

#[tokio::test]
async fn a_practice_can_demand_a_pin_for_links_over_24_hours() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.configure(json!({ "require_pin_over_24_hours": true })).await;
    let jordan = practice.jordan().await;
    practice.try_send(&jordan, json!({ "link_lifetime": "10_days" })).await.refused(422, "pin_policy_unmet");
    practice.send(&jordan, json!({ "link_lifetime": "24_hours" })).await;
    practice.send(&jordan, json!({ "link_lifetime": "10_days", "pin": "own-pin" })).await;
    practice.set_pin(&jordan, "4821").await;
    practice.send(&jordan, json!({ "link_lifetime": "1_year" })).await;
    app.deliver().await;
}

#[tokio::test]
async fn right_pins_do_not_use_up_the_network_s_tries() {
    let app = TestApp::start().await;
    let (_, _, token) = guarded(&app).await;
    // A network has 30 tries in a quarter of an hour.
    for _ in 0..33 {
        app.enter_with_pin(&token, "4821").await;
    }
    app.anybody().verify_pin(&token, "0000").await.refused(401, "pin_incorrect");
}
