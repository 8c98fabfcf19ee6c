//! Integrators' keys at the desk: made with a password, shown once, revoked.

use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::browser::Browser;
use sealpost_tests::given::PASSWORD;

use crate::journeys::{NOT_SIGNED_IN, signed_in, visit};

const PAGE: &str = "/desk/settings/api-keys";

#[tokio::test]
async fn a_key_is_made_shown_once_used_and_revoked() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let browser = Browser::start();
    let desk = signed_in(&browser, &app, &practice).await;
    desk.press("Settings").await;
    desk.press_part("API keys").await;
    desk.press("Make a key").await;
    let focused = desk.active_element().await.expect("a focus").attr("id").await.expect("an id");
    assert_eq!(focused.as_deref(), Some("api-key-name"), "one types at once");
    desk.press("Make a key").await;
    desk.sees("Say what the key is for").await;
    desk.fill("What it is for", "Practice software").await;
    desk.fill("Your password now", "not the password").await;
    desk.press("Make a key").await;
    desk.sees("That is not your password.").await;
    desk.element("#api-key-scope-1-words").await.click().await.expect("a click");
    desk.fill("Your password now", PASSWORD).await;
    desk.press("Make a key").await;
    desk.sees("We do not keep it and cannot show it again.").await;
    desk.picture("api-key-made").await;
    let secret = desk.element(".shown-once code").await.text().await.expect("the key");
    let key = app.with_key(&secret);
    key.post(paths::CONTACTS, serde_json::json!({ "first_name": "Sam" })).await.expect(201);
    key.patch(paths::SETTINGS_SECURE_MESSAGING, serde_json::json!({ "enabled": true }))
        .await
        .refused(403, "forbidden");

    desk.press("I have copied it").await;
    desk.sees_no(&secret).await;
    visit(&desk, &app, PAGE).await;
    desk.sees("Last used").await;
    assert!(!desk.text().await.contains(&secret), "nobody sees it again");
    let kept = "return JSON.stringify([localStorage, sessionStorage, location.href, history.state])";
    let kept = desk.execute(kept, Vec::new()).await.expect("what is kept");
    assert!(!kept.to_string().contains(&secret), "{kept}");

    desk.press("Revoke the key Practice software").await;
    desk.sees("Programs that use this key are refused at once.").await;
    desk.press("Cancel").await;
    key.get(paths::CONTACTS).await.expect(200);
    desk.press("Revoke the key Practice software").await;
    desk.press("Revoke").await;
    desk.sees("Revoked").await;
    key.get(paths::CONTACTS).await.refused(401, "unauthenticated");
    desk.picture("api-key-revoked").await;
    desk.close(&[NOT_SIGNED_IN, &[paths::API_KEYS]].concat()).await;
}

#[tokio::test]
async fn keys_are_shown_to_admins_alone() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    app.colleague(&practice, "Sam Poole", "sam@riverside.example", Role::Member).await;
    let browser = Browser::start();
    let desk = browser.open(1440, 900).await;
    visit(&desk, &app, PAGE).await;
    desk.fill("Email", "sam@riverside.example").await;
    desk.fill("Password", PASSWORD).await;
    desk.press("Sign in").await;
    desk.sees("Only an admin can see this page.").await;
    assert_eq!(desk.count("nav [href$='/settings/api-keys']").await, 0);
    desk.close(NOT_SIGNED_IN).await;
}
