//! The same pages under the same policy in the engine of every iPhone.

use chrono::TimeDelta;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::browser::Window;
use sealpost_tests::given::PASSWORD;
use sealpost_tests::webkit::WebKit;
use serde_json::json;

use crate::journeys::{enter_pin, follow, visit, written};

/// Before this is asked nothing is on the page but what the policy let in: the program is WebAssembly.
async fn keeps_to_its_policy(window: &Window, app: &TestApp) {
    let policy = "return fetch(location.href).then((it) => it.headers.get('content-security-policy'))";
    let policy = window.execute(policy, Vec::new()).await.expect("a policy");
    let policy = policy.as_str().expect("a policy").to_owned();
    assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval'; style-src 'self'"), "{policy}");
    // The policy holds: what a page may not do does not happen.
    let inline = "const script = document.createElement('script'); script.textContent = 'window.inline = 1';
        document.head.append(script); const was = window.inline === undefined; script.remove(); return was";
    assert_eq!(window.execute(inline, Vec::new()).await.expect("an answer"), json!(true));
    assert!(window.current_url().await.expect("an address").as_str().starts_with(&app.origin()));
    let kept = "return [localStorage.length, sessionStorage.length, document.cookie.length]";
    assert_eq!(window.execute(kept, Vec::new()).await.expect("numbers"), json!([0, 0, 0]));
}

#[tokio::test]
async fn a_patient_and_the_staff_write_to_each_other() {
    let app = TestApp::start_today().await;
    let (practice, jordan, token) = written(&app).await;
    let webkit = WebKit::start().await;
    let phone = webkit.open(390, 844).await;
    follow(&phone, &app, &token).await;
    phone.sees("Enter your PIN").await;
    enter_pin(&phone, "0000").await;
    phone.sees("That PIN is not right. You have 4 tries left.").await;
    enter_pin(&phone, "4821").await;
    phone.sees("Your results are in.").await;
    assert!(!phone.current_url().await.expect("an address").as_str().contains(&token));
    keeps_to_its_policy(&phone, &app).await;
    app.clock.advance(TimeDelta::seconds(20));
    phone.fill("Write a reply", "Thank you!").await;
    phone.press("Send").await;
    phone.until("the reply arrives", || async { practice.history(&jordan).await.len() == 2 }).await;
    phone.picture("webkit-patient").await;
    phone.close(&[]).await;

    let desk = webkit.open(1440, 900).await;
    visit(&desk, &app, paths::DESK_PAGE).await;
    desk.fill("Email", &practice.email).await;
    desk.fill("Password", PASSWORD).await;
    desk.press("Sign in").await;
    desk.press_part("Jordan Reyes").await;
    desk.sees("Thank you!").await;
    keeps_to_its_policy(&desk, &app).await;
    desk.picture("webkit-desk").await;
    desk.close(&[]).await;
    app.deliver().await;
}
