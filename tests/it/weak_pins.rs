//! PINs that are easily guessed, where the practice does not take them; and hashes that are as good as today's
//! (security.md D4).

use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::id;
use serde_json::json;

#[tokio::test]
async fn a_practice_can_refuse_pins_that_are_easily_guessed() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let field = json!({ "key": "born", "label": "Born", "kind": "date" });
    practice.staff.post(paths::CONTACT_FIELDS, field).await.expect(201);
    let jordan = json!({ "phone": "+15550100142", "custom_fields": { "born": "1984-03-21" } });
    let jordan = practice.contact(jordan).await;
    let path = format!("{}/{}/pin", paths::CONTACTS, id(&jordan));
    // Warned of at the desk, and taken: practices use them.
    practice.set_pin(&jordan, "4821").await;
    practice.configure(json!({ "refuse_weak_pins": true })).await;
    for weak in ["4821", "777777", "482482", "234567", "password", "03211984", "550100142"] {
        let refused = practice.key.put(&path, json!({ "pin": weak })).await;
        let error = refused.refused(422, "validation_failed")["errors"][0].clone();
        assert_eq!((&error["pointer"], &error["code"]), (&json!("/pin"), &json!("weak")), "{weak}");
        assert!(!error.to_string().contains(weak), "{error}");
        let refused =
            practice.try_send(&jordan, json!({ "pin": weak })).await.refused(422, "validation_failed");
        assert_eq!(refused["errors"][0]["pointer"], "/pin", "{weak}");
        let default = json!({ "default_pin": { "kind": "text", "value": weak } });
        let answer = practice.staff.patch(paths::SETTINGS_SECURE_MESSAGING, default).await;
        // Of whom a default is made it does not know.
        match weak {
            "03211984" | "550100142" => drop(answer.expect(200)),
            _ => {
                let refused = answer.refused(422, "validation_failed");
                assert_eq!(refused["errors"][0]["pointer"], "/default_pin/value", "{weak}");
            }
        }
    }
    practice.configure(json!({ "default_pin": { "kind": "none" } })).await;
    // What was set before still opens.
    practice.send(&jordan, json!({})).await;
    app.enter_with_pin(&app.newest_token().await, "4821").await;
    practice.set_pin(&jordan, "blue-heron-7").await;
    practice.send(&jordan, json!({ "pin": "quiet-otter-3" })).await;
    app.deliver().await;
}

#[tokio::test]
async fn a_pin_made_of_phone_digits_is_not_sent_where_weak_ones_are_refused() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let template = json!({ "kind": "template", "value": "{{ contact.phone | slice: -6, 6 }}" });
    practice.configure(json!({ "default_pin": template })).await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    practice.configure(json!({ "refuse_weak_pins": true })).await;
    practice.try_send(&jordan, json!({})).await.refused(422, "pin_unresolved");
    practice.set_pin(&jordan, "blue-heron-7").await;
    practice.send(&jordan, json!({})).await;
    app.deliver().await;
}

#[tokio::test]
async fn a_default_pin_that_nobody_looked_at_is_set_again_when_weak_ones_are_refused() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.configure(json!({ "default_pin": { "kind": "text", "value": "1234" } })).await;
    let refuse = json!({ "refuse_weak_pins": true });
    let refused = practice.staff.patch(paths::SETTINGS_SECURE_MESSAGING, &refuse).await;
    assert_eq!(refused.refused(422, "validation_failed")["errors"][0]["pointer"], "/default_pin/value");
    let both =
        json!({ "refuse_weak_pins": true, "default_pin": { "kind": "text", "value": "blue-heron-7" } });
    practice.configure(both).await;
    practice.configure(json!({ "hide_hint": true })).await;
}

/// The key file gets a new pepper, as `keys rotate --key pepper` gives it one.
#[tokio::test]
async fn a_right_pin_is_hashed_anew_when_there_is_a_newer_pepper() {
    let mut app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.set_pin(&jordan, "4821").await;
    practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    let file =
        app.environment().into_iter().find(|(name, _)| *name == "SEALPOST_KEY_FILE").expect("a file").1;
    let keys = std::fs::read_to_string(&file).expect("keys");
    let other = keys.lines().find_map(|line| line.strip_prefix("link.1 ")).expect("a key");
    // Any 32 bytes are a pepper.
    std::fs::write(&file, format!("{keys}pepper.2 {other}\n")).expect("written");
    app.restart().await;
    let versions = async |app: &TestApp| {
        let contacts = app.tables().await["contacts"].join("\n");
        (contacts.matches("1:$argon2id").count(), contacts.matches("2:$argon2id").count())
    };
    assert_eq!(versions(&app).await, (1, 0));
    app.anybody().verify_pin(&token, "0000").await.refused(401, "pin_incorrect");
    assert_eq!(versions(&app).await, (1, 0), "a wrong one changes nothing");
    app.enter_with_pin(&token, "4821").await;
    assert_eq!(versions(&app).await, (0, 1));
    app.enter_with_pin(&token, "4821").await;
    app.anybody().verify_pin(&token, "0000").await.refused(401, "pin_incorrect");
}
