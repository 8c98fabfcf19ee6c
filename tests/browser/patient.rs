//! The patient's journey on a phone.

use chrono::TimeDelta;
use sealpost_tests::app::TestApp;
use sealpost_tests::browser::{Browser, Window};
use sealpost_tests::given::PAST_A_DAY;
use serde_json::json;

use crate::journeys::{enter_pin, follow, phone, written};

/// No storage, no database, no cache and no cookie that a script could read (security.md D26).
async fn keeps_nothing(phone: &Window) {
    let kept = "return Promise.all([caches.keys(), indexedDB.databases()]).then(([caches, databases]) => \
        [localStorage.length, sessionStorage.length, document.cookie.length, caches.length, databases.length])";
    let kept = phone.execute(kept, Vec::new()).await.expect("numbers");
    assert_eq!(kept, json!([0, 0, 0, 0, 0]));
}

#[tokio::test]
async fn a_wrong_pin_the_right_one_a_reply_and_a_live_answer() {
    let app = TestApp::start_today().await;
    let (practice, jordan, token) = written(&app).await;
    let browser = Browser::start();
    let phone = phone(&browser, &app, &token).await;
    phone.sees("Enter your PIN").await;
    phone.picture("patient-pin").await;
    assert!(!phone.text().await.contains("Jordan"));
    enter_pin(&phone, "0000").await;
    phone.sees("That PIN is not right. You have 4 tries left.").await;
    phone.picture("patient-pin-wrong").await;
    enter_pin(&phone, "4821").await;
    phone.sees("Your results are in.").await;
    let address = phone.current_url().await.expect("an address");
    assert!(!address.as_str().contains(&token), "the token leaves the address bar");

    app.clock.advance(TimeDelta::seconds(20));
    phone.fill("Write a reply", "Thank you!").await;
    phone.press("Send").await;
    phone.sees("Thank you!").await;
    phone.until("the reply arrives", || async { practice.history(&jordan).await.len() == 2 }).await;
    app.clock.advance(TimeDelta::seconds(20));
    let path = format!(
        "/api/v1/conversations/{}/messages",
        practice.folder("inbox").await[0]["id"].as_str().expect("an id")
    );
    practice.staff.post(&path, json!({ "body": "See you on Friday.", "secure": true })).await.expect(201);
    phone.sees("See you on Friday.").await;
    phone.picture("patient-thread").await;

    keeps_nothing(&phone).await;
    let wide = "return document.documentElement.scrollWidth > 390";
    assert_eq!(
        phone.execute(wide, Vec::new()).await.expect("a bool"),
        false,
        "nothing is wider than the phone"
    );
    app.deliver().await;
    phone.close(&["verify-pin"]).await;
}

/// security.md D28, D29.
#[tokio::test]
async fn a_link_tells_nobody_where_it_was_and_markup_and_names_stay_text() {
    let app = TestApp::start_today().await;
    let (practice, _, token) = written(&app).await;
    let body = "Read https://riverside.example/care <b>today</b>.";
    let path = format!(
        "/api/v1/conversations/{}/messages",
        practice.folder("outbox").await[0]["id"].as_str().expect("an id")
    );
    practice.staff.post(&path, json!({ "body": body, "secure": true })).await.expect(201);
    let browser = Browser::start();
    let phone = phone(&browser, &app, &token).await;
    phone.sees("Enter your PIN").await;
    enter_pin(&phone, "4821").await;
    phone.sees(body).await;
    let seen = "const link = document.querySelector('a[target]'); const names = [...document.querySelectorAll('bdi')]; \
        return [link.href, link.rel, document.querySelectorAll('b').length, names.some(name => name.textContent.includes('Amy Lee'))]";
    let seen = phone.execute(seen, Vec::new()).await.expect("what is there");
    assert_eq!(seen, json!(["https://riverside.example/care", "noopener noreferrer", 0, true]));
    app.deliver().await;
    phone.close(&[]).await;
}

#[tokio::test]
async fn an_expired_link_offers_a_new_one_that_opens_the_same_thread() {
    let app = TestApp::start_today().await;
    let (_, _, token) = written(&app).await;
    app.clock.advance(PAST_A_DAY);
    let browser = Browser::start();
    let phone = phone(&browser, &app, &token).await;
    phone.sees("This link has expired").await;
    phone.sees("the phone number that ends in 42").await;
    phone.picture("patient-expired").await;
    phone.press("Send me a new link").await;
    phone.sees("A new link is on its way").await;
    phone.picture("patient-relinked").await;
    let fresh = app.newest_token().await;
    assert_ne!(fresh, token);
    // The same tab: only what stands behind # changes.
    follow(&phone, &app, &fresh).await;
    enter_pin(&phone, "4821").await;
    phone.sees("Your results are in.").await;
    phone.close(&["secure-links/open"]).await;
}

#[tokio::test]
async fn too_many_wrong_pins_pause_the_link_in_words() {
    let app = TestApp::start_today().await;
    let (_, _, token) = written(&app).await;
    let browser = Browser::start();
    let phone = phone(&browser, &app, &token).await;
    for left in ["4 tries", "3 tries", "2 tries", "1 try"] {
        enter_pin(&phone, "0000").await;
        phone.sees(&format!("You have {left} left.")).await;
    }
    enter_pin(&phone, "0000").await;
    phone.sees_no("1 try left").await;
    phone.refresh().await.expect("the page loads");
    phone.sees("Too many tries").await;
    phone.picture("patient-locked").await;
    phone.close(&["verify-pin"]).await;
}

#[tokio::test]
async fn a_session_that_ends_takes_the_messages_off_the_screen() {
    let app = TestApp::start_today().await;
    let (_, _, token) = written(&app).await;
    let browser = Browser::start();
    let phone = phone(&browser, &app, &token).await;
    enter_pin(&phone, "4821").await;
    phone.sees("Your results are in.").await;
    app.clock.advance(TimeDelta::minutes(16));
    phone.sees("You were signed out").await;
    phone.sees_no("Your results are in.").await;
    phone.picture("patient-signed-out").await;
    phone.close(&["/chat/"]).await;
}

#[tokio::test]
async fn leaving_clears_the_page_and_the_way_back_shows_nothing() {
    let app = TestApp::start_today().await;
    let (_, _, token) = written(&app).await;
    let browser = Browser::start();
    let phone = phone(&browser, &app, &token).await;
    enter_pin(&phone, "4821").await;
    phone.sees("Your results are in.").await;
    phone.press("Leave").await;
    phone.sees("You left the conversation").await;
    phone.picture("patient-left").await;
    keeps_nothing(&phone).await;
    phone.back().await.expect("back");
    assert!(!phone.text().await.contains("results"));
    phone.forward().await.expect("forward");
    assert!(!phone.text().await.contains("results"));
    assert!(!phone.source().await.expect("the page").contains("results"), "nor in what is not shown");
    keeps_nothing(&phone).await;
    phone.close(&["/chat/"]).await;
}

#[tokio::test]
async fn a_link_that_is_none_says_what_to_check() {
    let app = TestApp::start_today().await;
    let browser = Browser::start();
    let phone = phone(&browser, &app, "0123456789abcdefABCDEF").await;
    phone.sees("This link does not work").await;
    phone.picture("patient-not-available").await;
    phone.close(&["secure-links/open"]).await;
}

#[tokio::test]
async fn two_links_in_two_tabs_never_mix() {
    let app = TestApp::start_today().await;
    let (practice, _, token) = written(&app).await;
    let sam = practice.contact(json!({ "first_name": "Sam", "phone": "+15550100155" })).await;
    practice.send(&sam, json!({ "body": "For Sam alone" })).await;
    let sams = app.newest_token().await;
    let browser = Browser::start();
    let phone = phone(&browser, &app, &token).await;
    enter_pin(&phone, "4821").await;
    phone.sees("Your results are in.").await;
    let first = phone.window().await.expect("a tab");
    let second = phone.new_window(true).await.expect("a tab").handle;
    phone.switch_to_window(second).await.expect("the tab");
    follow(&phone, &app, &sams).await;
    phone.press("Open my message").await;
    phone.sees("For Sam alone").await;
    phone.switch_to_window(first).await.expect("the tab");
    phone.fill("Write a reply", "To whom?").await;
    phone.press("Send").await;
    phone.sees("Another conversation is open").await;
    phone.sees_no("Your results are in.").await;
    assert_eq!(practice.history(&sam).await.len(), 1);
    phone.close(&["/chat/"]).await;
}

#[tokio::test]
async fn a_long_name_makes_nothing_wider_than_the_narrowest_phone_and_a_typed_reply_is_not_lost_unasked() {
    let app = TestApp::start_today().await;
    let name = "Riverside Family Clinic and Physiotherapy Rehabilitation Center";
    let practice = app.practice_named(name, "amy.lee@riverside.example").await;
    practice.send(&practice.jordan().await, json!({})).await;
    let token = app.newest_token().await;
    let browser = Browser::start();
    let phone = browser.open(320, 568).await;
    let is_wide = async || {
        let wide = "return document.documentElement.scrollWidth > innerWidth || innerWidth > 320";
        phone.execute(wide, Vec::new()).await.expect("a bool") == json!(true)
    };
    follow(&phone, &app, &token).await;
    phone.sees("You have a private message").await;
    assert!(!is_wide().await, "the gate");
    phone.press("Open my message").await;
    phone.sees("Write a reply").await;
    phone.picture("patient-320").await;
    assert!(!is_wide().await, "the conversation");

    let asks = async || {
        let leaving = "const event = new Event('beforeunload', { cancelable: true }); dispatchEvent(event); \
            return event.defaultPrevented";
        phone.execute(leaving, Vec::new()).await.expect("a bool") == json!(true)
    };
    assert!(!asks().await, "nothing to lose");
    phone.fill("Write a reply", "Thank you").await;
    assert!(asks().await, "what is typed would be lost");
    phone.press("Send").await;
    phone.sees("Sent").await;
    assert!(!asks().await, "it was sent");
    phone.press("Leave").await;
    phone.sees("You left the conversation").await;
    phone.close(&[]).await;
    app.deliver().await;
}
