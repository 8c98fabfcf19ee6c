//! Guessing at the staff's passwords and codes: how often, how slowly, and whom it does not shut out.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use reqwest::Method;
use sealpost_api::housekeeping;
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::{Answer, Client};
use sealpost_tests::given::PASSWORD;
use serde_json::{Value, json};

/// The tests stand behind a proxy, so that they can call from anywhere.
async fn behind_a_proxy() -> TestApp {
    TestApp::start_with(|config| config.trusted_proxies.push("127.0.0.1/32".parse().expect("a network")))
        .await
}

async fn try_from(client: &Client, from: &str, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    client.call(Method::POST, paths::SESSION).header("x-forwarded-for", from).json(body).send().await
}

fn address(n: usize) -> String {
    format!("198.51.{}.{}", 100 + n / 250, 1 + n % 250)
}

/// What somebody who guesses can tell answers apart by.
fn seen(answer: &Answer) -> (u16, Option<String>, String) {
    let wait = answer.header("retry-after").map(str::to_owned);
    (answer.status, wait, answer.json["code"].as_str().unwrap_or_default().to_owned())
}

async fn audited(app: &TestApp, action: &str) -> usize {
    app.tables().await["audit_entries"].iter().filter(|row| row.contains(action)).count()
}

#[tokio::test]
async fn five_tries_from_one_network_then_others_wait_half_a_minute() {
    let app = behind_a_proxy().await;
    let practice = app.practice().await;
    let anybody = app.anybody();
    for _ in 0..5 {
        try_from(&anybody, "198.51.100.1", &practice.email, "wrong")
            .await
            .refused(401, "credentials_invalid");
    }
    let again = try_from(&anybody, "198.51.100.1", &practice.email, PASSWORD).await;
    assert_eq!(again.header("retry-after"), Some("300"));
    again.refused(429, "rate_limited");
    let elsewhere = try_from(&anybody, "198.51.100.2", &practice.email, PASSWORD).await;
    assert_eq!(elsewhere.header("retry-after"), Some("30"));
    elsewhere.refused(429, "rate_limited");
    app.clock.advance(TimeDelta::seconds(30));
    try_from(&anybody, "198.51.100.2", &practice.email, PASSWORD).await.expect(200);
    try_from(&app.anybody(), "198.51.100.3", &practice.email, "wrong").await.expect(401);
    assert_eq!(audited(&app, "user.password_failed").await, 6);
}

#[tokio::test]
async fn a_network_has_twenty_tries_whoever_is_meant() {
    let app = behind_a_proxy().await;
    let practice = app.practice().await;
    let anybody = app.anybody();
    for n in 0..20 {
        let from = format!("2001:db8:1:2::{n:x}");
        try_from(&anybody, &from, &format!("person{n}@riverside.example"), "wrong").await.expect(401);
    }
    try_from(&anybody, "2001:db8:1:2::ffff", &practice.email, PASSWORD).await.refused(429, "rate_limited");
    try_from(&anybody, "2001:db8:1:3::1", &practice.email, PASSWORD).await.expect(200);
    // Who has signed in here before is not kept out by those who share the address.
    try_from(&practice.staff, "2001:db8:1:2::ffff", &practice.email, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_storm_from_everywhere_costs_five_looks() {
    let app = behind_a_proxy().await;
    let practice = app.practice().await;
    let before = app.state().secrets.hashing.granted();
    let mut storm = tokio::task::JoinSet::new();
    for n in 0..120 {
        let (client, email) = (app.anybody(), practice.email.clone());
        storm.spawn(async move { try_from(&client, &address(n), &email, "wrong").await.status });
    }
    let answers = storm.join_all().await;
    assert!(answers.iter().all(|status| matches!(status, 401 | 429)), "{answers:?}");
    assert_eq!(app.state().secrets.hashing.granted() - before, 5);
    assert_eq!(audited(&app, "user.password_failed").await, 5);
}

/// The longest of all, for the counter is the slowest: a hundred in a row, at an account and at an address that
/// nobody has, side by side.
#[tokio::test]
async fn the_wait_grows_to_an_hour_and_a_hundred_in_a_row_turn_the_password_off() {
    let mut app = behind_a_proxy().await;
    let practice = app.practice().await;
    let known = practice.staff.cookies();
    let mut waits = Vec::new();
    for n in 0..100 {
        let mut looks = Vec::new();
        for email in [&*practice.email, "nobody@riverside.example"] {
            let right = try_from(&app.anybody(), &address(2 * n), email, "wrong").await;
            let next = match n {
                0..4 => None,
                _ => Some(seen(&try_from(&app.anybody(), &address(2 * n + 1), email, "wrong").await)),
            };
            looks.push((seen(&right), next));
        }
        assert_eq!(looks[0], looks[1], "after {n}");
        let (now, next) = looks.swap_remove(0);
        assert_eq!(now.0, 401, "after {n}: {now:?}");
        let Some((status, wait, code)) = next else { continue };
        if n == 99 {
            assert_eq!((status, &*code), (403, "password_disabled"));
            break;
        }
        assert_eq!((status, &*code), (429, "rate_limited"));
        waits.push(wait.expect("a wait").parse::<i64>().expect("seconds"));
        app.clock.advance(TimeDelta::seconds(waits[waits.len() - 1]));
        if n == 50 {
            // What was counted is in the database.
            app.restart().await;
        }
    }
    assert_eq!(waits[..8], [30, 60, 120, 240, 480, 960, 1920, 3600]);
    assert!(waits[8..].iter().all(|wait| *wait == 3600), "{waits:?}");
    assert_eq!(audited(&app, "user.password_disabled").await, 1);
    app.clock.advance(TimeDelta::days(30));
    try_from(&app.anybody(), "203.0.113.9", &practice.email, PASSWORD)
        .await
        .refused(403, "password_disabled");
    let at_home = app.anybody();
    at_home.set_cookies(known);
    try_from(&at_home, "203.0.113.9", &practice.email, PASSWORD).await.expect(200);
    try_from(&app.anybody(), "203.0.113.9", &practice.email, PASSWORD)
        .await
        .refused(403, "password_disabled");
}

/// Admins see it, and what ends it: a new password.
#[tokio::test]
async fn whose_password_is_off_is_seen_by_admins_until_there_is_a_new_one() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    try_from(&app.anybody(), "203.0.113.9", &practice.email, "wrong").await.expect(401);
    // As a hundred in a row leave it: counted above.
    app.execute("UPDATE account_guards SET failures = 100, disabled_at = tried_at").await;
    let colleague = app.colleague(&practice, "Sam Poole", "sam@riverside.example", Role::Member).await;
    let locked = async || {
        let people = practice.staff.get(paths::USERS).await.expect(200);
        let one = |person: &Value| (person["email"].clone(), person["sign_in_locked"].clone());
        people["data"].as_array().expect("people").iter().map(one).collect::<Vec<_>>()
    };
    assert!(locked().await.contains(&(json!(practice.email), json!(true))));
    assert!(locked().await.contains(&(json!("sam@riverside.example"), json!(false))));
    colleague.get(paths::USERS).await.refused(403, "forbidden");
    let new = json!({ "password": "four unlikely kettles hum", "current_password": PASSWORD });
    practice.staff.put(paths::SESSION_PASSWORD, new).await.expect(200);
    assert!(locked().await.contains(&(json!(practice.email), json!(false))));
    app.deliver().await;
}

#[tokio::test]
async fn a_known_browser_is_not_shut_out_is_one_person_s_and_is_bounded_itself() {
    let app = behind_a_proxy().await;
    let practice = app.practice().await;
    let sam = "sam.ortiz@riverside.example";
    app.colleague(&practice, "Sam Ortiz", sam, Role::Member).await;
    let home = practice.staff.cookies();
    let device = home["sealpost_staff_device"].clone();
    let stored = app.stored_bytes().await;
    assert!(!stored.windows(device.len()).any(|bytes| bytes == device.as_bytes()), "kept as a hash");
    for n in 0..5 {
        for email in [&*practice.email, sam] {
            try_from(&app.anybody(), &address(n), email, "wrong").await.expect(401);
        }
    }
    let browser = |cookies: &BTreeMap<String, String>| {
        let browser = app.anybody();
        browser.set_cookies(cookies.clone());
        browser
    };
    try_from(&browser(&home), "198.51.100.9", sam, PASSWORD).await.refused(429, "rate_limited");
    let answer = try_from(&browser(&home), "198.51.100.9", &practice.email, PASSWORD).await;
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    let device = cookies.iter().filter_map(|set| set.to_str().ok()).find(|set| set.contains("_device="));
    let device = device.expect("the browser's cookie");
    for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=15552000"] {
        assert!(device.contains(part), "{part} in {device}");
    }
    answer.expect(200);

    // Whoever has stolen such a cookie can try five times in five minutes, and ten times in all.
    let stolen = browser(&home);
    for round in 0..2 {
        for _ in 0..5 {
            try_from(&stolen, "198.51.100.9", &practice.email, "wrong").await.expect(401);
        }
        if round == 0 {
            let sixth = try_from(&stolen, "198.51.100.9", &practice.email, "wrong").await;
            sixth.refused(429, "rate_limited");
        }
        app.clock.advance(TimeDelta::minutes(5));
    }
    for _ in 0..5 {
        try_from(&app.anybody(), "198.51.100.77", &practice.email, "wrong").await;
    }
    try_from(&stolen, "198.51.100.9", &practice.email, PASSWORD).await.refused(429, "rate_limited");
}

#[tokio::test]
async fn a_new_password_makes_every_browser_a_stranger_but_the_one_it_was_set_in() {
    let app = behind_a_proxy().await;
    let practice = app.practice().await;
    let elsewhere = app.anybody();
    try_from(&elsewhere, "198.51.100.1", &practice.email, PASSWORD).await.expect(200);
    let new = "four unlikely kettles sing";
    let change = json!({ "password": new, "current_password": PASSWORD });
    practice.staff.put(paths::SESSION_PASSWORD, change).await.expect(200);
    for n in 0..5 {
        try_from(&app.anybody(), &address(n), &practice.email, "wrong").await.expect(401);
    }
    try_from(&elsewhere, "198.51.100.1", &practice.email, new).await.refused(429, "rate_limited");
    try_from(&practice.staff, "198.51.100.1", &practice.email, new).await.expect(200);
    app.deliver().await;
}

#[tokio::test]
async fn guessing_one_s_own_password_is_counted_by_the_same_table() {
    let app = behind_a_proxy().await;
    let practice = app.practice().await;
    let change =
        |password: &str| json!({ "password": "four unlikely kettles sing", "current_password": password });
    for _ in 0..5 {
        practice.staff.put(paths::SESSION_PASSWORD, change("wrong")).await.refused(422, "validation_failed");
    }
    practice.staff.put(paths::SESSION_PASSWORD, change(PASSWORD)).await.refused(429, "rate_limited");
    assert_eq!(audited(&app, "user.own_password_failed").await, 5);
    // It is counted apart from signing in.
    try_from(&app.anybody(), "198.51.100.1", &practice.email, PASSWORD).await.expect(200);
    app.clock.advance(TimeDelta::minutes(5));
    practice.staff.put(paths::SESSION_PASSWORD, change(PASSWORD)).await.expect(200);
    app.deliver().await;
}

/// What is forgotten is forgotten for an account and for an address that nobody has alike, or the wait would tell.
#[tokio::test]
async fn failures_are_forgotten_after_a_week_or_a_month_whether_somebody_has_the_address_or_not() {
    let app = behind_a_proxy().await;
    let practice = app.practice().await;
    let addresses = [&*practice.email, "nobody@riverside.example"];
    let fail = async |times: usize| {
        let mut looks = Vec::new();
        for email in addresses {
            for n in 0..times {
                try_from(&app.anybody(), &address(n), email, "wrong").await.expect(401);
            }
            looks.push(seen(&try_from(&app.anybody(), "203.0.113.7", email, "wrong").await));
        }
        assert_eq!(looks[0], looks[1]);
        looks.swap_remove(0).0
    };
    let pass = async |days: i64| {
        app.clock.advance(TimeDelta::days(days));
        housekeeping::sweep(app.state()).await.expect("a sweep");
        app.tables().await["account_guards"].len()
    };
    // Three, and one that is looked at: no wait yet.
    assert_eq!(fail(3).await, 401);
    assert_eq!(pass(6).await, 2);
    assert_eq!(pass(1).await, 0);
    assert_eq!(fail(5).await, 429);
    assert_eq!(pass(29).await, 2);
    assert_eq!(fail(1).await, 429, "the sixth in a row");
    assert_eq!(pass(30).await, 0);
    // What turned a password off stays for a year.
    assert_eq!(fail(1).await, 401);
    app.execute("UPDATE account_guards SET failures = 100, disabled_at = tried_at").await;
    assert_eq!(pass(364).await, 2);
    assert_eq!(pass(1).await, 0);
}
