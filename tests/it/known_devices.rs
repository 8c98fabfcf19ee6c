//! Browsers in which the PIN was right before keep tries of their own: strangers' wrong PINs shut nobody out who
//! was in already (security.md D7), and what such a browser may try is little.

use chrono::TimeDelta;
use reqwest::Method;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::Client;
use sealpost_tests::given::{Practice, id};
use serde_json::{Value, json};

const DEVICE: &str = "sealpost_device";

/// Jordan with PIN 4821, a link, and a browser in which both were right.
async fn known(app: &TestApp) -> (Practice, Value, String, Client) {
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.set_pin(&jordan, "4821").await;
    practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    let browser = app.enter_with_pin(&token, "4821").await.browser;
    (practice, jordan, token, browser)
}

/// A browser with the same cookie and nothing else.
fn with_cookie_of(app: &TestApp, browser: &Client) -> Client {
    let copy = app.anybody();
    let mut cookies = browser.cookies();
    cookies.retain(|name, _| name == DEVICE);
    assert_eq!(cookies.len(), 1);
    copy.set_cookies(cookies);
    copy
}

/// Who knows the contact's PIN, such as the last digits of a phone, guesses a message's own like anybody.
#[tokio::test]
async fn the_contact_s_pin_buys_no_tries_at_a_message_s_own() {
    let app = TestApp::start().await;
    let (practice, jordan, token, browser) = known(&app).await;
    practice.send(&jordan, json!({ "pin": "its-own-71" })).await;
    let own = app.newest_token().await;
    for _ in 0..4 {
        browser.verify_pin(&own, "0000").await.refused(401, "pin_incorrect");
        browser.verify_pin(&token, "4821").await.expect(200);
    }
    browser.verify_pin(&own, "0000").await.refused(401, "pin_incorrect");
    browser.verify_pin(&own, "its-own-71").await.refused(429, "pin_locked");
    app.anybody().verify_pin(&own, "its-own-71").await.refused(429, "pin_locked");
}

#[tokio::test]
async fn a_cookie_that_was_made_elsewhere_is_a_stranger_s() {
    let app = TestApp::start().await;
    let (_, _, token, browser) = known(&app).await;
    strangers_guess(&app, &token, 5).await;
    let genuine = browser.cookies()[DEVICE].clone();
    let (known, tag) = genuine.split_once('.').expect("a token and its tag");
    for invented in [known.to_owned(), format!("{known}."), format!("{known}.{}x", &tag[..tag.len() - 1])] {
        let copy = app.anybody();
        copy.set_cookies([(DEVICE.to_owned(), invented)].into());
        copy.verify_pin(&token, "4821").await.refused(429, "pin_locked");
    }
    with_cookie_of(&app, &browser).verify_pin(&token, "4821").await.expect(200);
}

async fn strangers_guess(app: &TestApp, token: &str, times: usize) {
    for _ in 0..times {
        app.anybody().verify_pin(token, "0000").await;
    }
}

#[tokio::test]
async fn strangers_that_lock_a_link_or_the_contact_shut_nobody_out_who_was_in() {
    let app = TestApp::start().await;
    let (practice, jordan, mut token, browser) = known(&app).await;
    strangers_guess(&app, &token, 5).await;
    app.anybody().verify_pin(&token, "4821").await.refused(429, "pin_locked");
    assert_eq!(browser.open(&token).await.expect(200)["pin"]["attempts_left"], 5);
    browser.verify_pin(&token, "4821").await.expect(200);
    app.anybody().verify_pin(&token, "4821").await.refused(429, "pin_locked");

    app.clock.advance(TimeDelta::minutes(16));
    strangers_guess(&app, &token, 5).await;
    app.anybody().verify_pin(&token, "4821").await.refused(403, "pin_disabled");
    browser.verify_pin(&token, "4821").await.expect(200);
    app.anybody().verify_pin(&token, "4821").await.refused(403, "pin_disabled");

    for _ in 0..4 {
        app.clock.advance(TimeDelta::minutes(16));
        practice.send(&jordan, json!({})).await;
        token = app.newest_token().await;
        strangers_guess(&app, &token, 5).await;
    }
    app.clock.advance(TimeDelta::minutes(16));
    app.anybody().verify_pin(&token, "4821").await.refused(403, "pin_disabled");
    assert_eq!(browser.open(&token).await.expect(200)["state"], "pin_required");
    browser.verify_pin(&token, "4821").await.expect(200);
    app.anybody().verify_pin(&token, "4821").await.refused(403, "pin_disabled");
    let path = format!("{}/{}", paths::CONTACTS, id(&jordan));
    assert_eq!(practice.key.get(&path).await.expect(200)["pin_disabled"], true, "that is for staff to clear");
}

#[tokio::test]
async fn a_flood_from_the_same_network_does_not_either() {
    let app = TestApp::start().await;
    let (practice, _, token, browser) = known(&app).await;
    for number in 0..7 {
        let contact = practice.contact(json!({ "phone": format!("+1555010{number:04}") })).await;
        practice.set_pin(&contact, "9517").await;
        practice.send(&contact, json!({})).await;
        let other = app.newest_token().await;
        strangers_guess(&app, &other, 5).await;
    }
    app.anybody().verify_pin(&token, "4821").await.refused(429, "rate_limited");
    browser.verify_pin(&token, "4821").await.expect(200);
}

#[tokio::test]
async fn a_known_browser_has_ten_tries_in_all_and_then_those_of_a_stranger() {
    let app = TestApp::start().await;
    let (_, _, token, browser) = known(&app).await;
    let before = app.state().secrets.hashing.granted();
    let copy = with_cookie_of(&app, &browser);
    for round in 0..2 {
        for left in [4, 3, 2, 1, 0] {
            let refused = copy.verify_pin(&token, "0000").await.refused(401, "pin_incorrect");
            assert_eq!(refused["attempts_left"], left, "round {round}");
        }
        assert_eq!(
            app.anybody().open(&token).await.expect(200)["pin"]["attempts_left"],
            5,
            "strangers' tries are their own"
        );
        if round == 0 {
            copy.verify_pin(&token, "4821").await.refused(429, "pin_locked");
            app.clock.advance(TimeDelta::minutes(15));
        }
    }
    // The eleventh is a stranger's, and so are all that follow, also after the quarter of an hour.
    for _ in 0..5 {
        copy.verify_pin(&token, "0000").await.refused(401, "pin_incorrect");
    }
    copy.verify_pin(&token, "4821").await.refused(429, "pin_locked");
    app.anybody().verify_pin(&token, "4821").await.refused(429, "pin_locked");
    assert_eq!(app.state().secrets.hashing.granted() - before, 15);
}

#[tokio::test]
async fn a_copied_cookie_gives_many_at_once_no_more_than_its_five() {
    let app = TestApp::start().await;
    let (_, _, token, browser) = known(&app).await;
    let before = app.state().secrets.hashing.granted();
    let copy = with_cookie_of(&app, &browser);
    let guesses = copy.at_once(100, |client| {
        let token = token.clone();
        async move { client.verify_pin(&token, "0000").await.status }
    });
    let guesses = guesses.await;
    assert!(guesses.iter().all(|status| matches!(status, 401 | 429 | 503)), "{guesses:?}");
    assert_eq!(app.state().secrets.hashing.granted() - before, 5);
}

#[tokio::test]
async fn the_cookie_is_for_one_contact_and_opens_nothing_by_itself() {
    let app = TestApp::start().await;
    let (practice, _, token, browser) = known(&app).await;
    let copy = with_cookie_of(&app, &browser);
    let sam = practice.contact(json!({ "first_name": "Sam", "phone": "+15550100155" })).await;
    practice.set_pin(&sam, "9517").await;
    practice.send(&sam, json!({})).await;
    let sams = app.newest_token().await;
    strangers_guess(&app, &sams, 5).await;
    copy.verify_pin(&sams, "9517").await.refused(429, "pin_locked");
    copy.post(paths::SECURE_LINKS_ENTER, json!({ "token": token })).await.refused(401, "pin_required");
    assert_eq!(copy.cookies().len(), 1, "no session");
}

#[tokio::test]
async fn a_new_pin_or_a_cleared_lock_makes_strangers_of_all_browsers_and_so_do_90_days() {
    let app = TestApp::start().await;
    let (practice, jordan, mut token, browser) = known(&app).await;
    let path = format!("{}/{}", paths::CONTACTS, id(&jordan));
    for end in ["pin", "unlock", "time"] {
        let mut pin = "4821";
        match end {
            "pin" => {
                pin = "9517";
                practice.set_pin(&jordan, pin).await;
            }
            "unlock" => drop(practice.key.post(&format!("{path}/unlock"), json!({})).await.expect(204)),
            _ => app.clock.advance(TimeDelta::days(90)),
        }
        practice.send(&jordan, json!({})).await;
        token = app.newest_token().await;
        strangers_guess(&app, &token, 5).await;
        browser.verify_pin(&token, pin).await.refused(429, "pin_locked");
        app.clock.advance(TimeDelta::minutes(16));
        browser.verify_pin(&token, pin).await.expect(200);
        practice.set_pin(&jordan, "4821").await;
        browser.verify_pin(&token, "4821").await.expect(200);
    }
    practice.key.delete(&path).await.expect(204);
    assert!(app.tables().await["known_devices"].is_empty(), "erasing a contact forgets them");
    browser.open(&token).await.refused(404, "link_not_found");
}

#[tokio::test]
async fn a_message_s_own_pin_makes_no_known_browser() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.set_pin(&jordan, "4821").await;
    practice.send(&jordan, json!({ "pin": "own-pin" })).await;
    let patient = app.enter_with_pin(&app.newest_token().await, "own-pin").await;
    assert_eq!(patient.browser.cookies().keys().collect::<Vec<_>>(), ["sealpost_patient"]);
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_and_is_stored_nowhere_as_it_is() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.set_pin(&jordan, "4821").await;
    practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    let browser = app.anybody();
    let body = json!({ "token": token, "pin": "4821" });
    let answer = browser.call(Method::POST, paths::SECURE_LINKS_VERIFY_PIN).json(body).send().await;
    let set = answer.headers.get_all("set-cookie").iter().filter_map(|set| set.to_str().ok());
    let set = set.filter(|set| set.starts_with(DEVICE)).collect::<Vec<_>>();
    assert_eq!(set.len(), 1);
    for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=7776000"] {
        assert!(set[0].contains(part), "{}", set[0]);
    }
    let value = browser.cookies()[DEVICE].clone();
    let stored = app.stored_bytes().await;
    assert!(!stored.windows(value.len()).any(|part| part == value.as_bytes()));
    // Leaving ends the session; the browser stays known, or whoever leaves could be shut out.
    let conversation = answer.json["conversation_id"].as_str().expect("an id");
    browser.post(&format!("{}/{conversation}/leave", paths::CHAT), json!({})).await.expect(204);
    assert_eq!(browser.cookies().keys().collect::<Vec<_>>(), [DEVICE]);
}
