//! Where texts may go, how many a month may hold, and how many there were.

use chrono::{DateTime, TimeDelta, Utc};
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::{PAST_A_DAY, Practice, id};
use serde_json::{Value, json};

const MEXICAN: &str = "+525512345678";

/// How a message went out: status and failure code of its newest delivery.
fn fate(message: &Value) -> (&str, &str) {
    let delivery = message["deliveries"].as_array().expect("a list").last().expect("a delivery");
    (delivery["status"].as_str().expect("a status"), delivery["failure"]["code"].as_str().unwrap_or_default())
}

async fn configure(practice: &Practice, settings: Value) -> Value {
    practice.key.patch(paths::SETTINGS_TEXTS, settings).await.expect(200)
}

async fn usage(practice: &Practice) -> Value {
    practice.key.get(paths::SETTINGS_TEXTS_USAGE).await.expect(200)
}

/// Texts, segments, emails and what was held back in the newest of these periods.
fn newest(usage: &Value, list: &str) -> (String, [u64; 4]) {
    let period = usage[list].as_array().expect("a list").last().expect("a period").clone();
    let number = |name: &str| period[name].as_u64().expect("a number");
    let numbers = [number("texts"), number("segments"), number("emails"), number("held_back")];
    (period["period"].as_str().expect("a period").to_owned(), numbers)
}

async fn standing(practice: &Practice, contact: &Value) -> Value {
    practice.key.get(&format!("{}/{}/texts", paths::CONTACTS, id(contact))).await.expect(200)
}

#[tokio::test]
async fn everybody_reads_the_settings_and_admins_change_them() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let sam = app.colleague(&practice, "Sam Ortiz", "sam.ortiz@riverside.example", Role::Member).await;
    let settings = json!({
        "countries": ["CA", "US"], "countries_by_default": true,
        "limit_monthly_segments": true, "monthly_segments": 10_000, "daily_texts_of_contact": 10,
    });
    assert_eq!(sam.get(paths::SETTINGS_TEXTS).await.expect(200), settings);
    sam.patch(paths::SETTINGS_TEXTS, json!({ "monthly_segments": 5 })).await.refused(403, "forbidden");
    for (wrong, pointer) in [
        (json!({ "monthly_segments": 0 }), "/monthly_segments"),
        (json!({ "monthly_segments": 10_000_001 }), "/monthly_segments"),
        (json!({ "countries": ["us"] }), "/countries/0"),
        (json!({ "countries": ["US", "ZZ"] }), "/countries/1"),
        (json!({ "monthly_limit": 5 }), "/monthly_limit"),
    ] {
        let refused =
            practice.staff.patch(paths::SETTINGS_TEXTS, wrong).await.refused(422, "validation_failed");
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
    }
    let changed = json!({ "countries": ["US", "MX", "US"], "monthly_segments": 500 });
    let changed = practice.staff.patch(paths::SETTINGS_TEXTS, changed).await.expect(200);
    assert_eq!((&changed["countries"], &changed["monthly_segments"]), (&json!(["MX", "US"]), &json!(500)));
    assert_eq!(changed["countries_by_default"], false);
    let back = practice.staff.patch(paths::SETTINGS_TEXTS, json!({ "countries": null })).await.expect(200);
    assert_eq!(back["countries"], json!(["CA", "US"]));
    let audit = app.tables().await["audit_entries"].join("\n");
    assert_eq!(audit.matches("settings.texts_changed").count(), 2, "{audit}");
}

#[tokio::test]
async fn a_practice_elsewhere_texts_its_own_country_from_the_start() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let zone = json!({ "time_zone": "Europe/Berlin", "phone": null });
    practice.key.patch(paths::SETTINGS_ORGANIZATION, zone).await.expect(200);
    let settings = practice.key.get(paths::SETTINGS_TEXTS).await.expect(200);
    assert_eq!(settings["countries"], json!(["DE"]));
    let berlin = practice.contact(json!({ "phone": "+4915112345678" })).await;
    practice.send(&berlin, json!({})).await;
    let jordan = practice.jordan().await;
    practice.try_send(&jordan, json!({})).await.refused(422, "country_not_allowed");
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 1);
}

#[tokio::test]
async fn a_number_of_another_country_is_refused_when_it_is_written_and_email_goes() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let ana = practice.contact(json!({ "phone": MEXICAN, "email": "ana@mail.example" })).await;
    for more in [json!({ "channel": "sms" }), json!({ "channel": "sms", "secure": false })] {
        let refused = practice.try_send(&ana, more).await.refused(422, "country_not_allowed");
        assert!(
            !refused.to_string().contains("5512345678") && refused.to_string().contains("MX"),
            "{refused}"
        );
    }
    assert_eq!(practice.history(&ana).await.len(), 0, "a refusal leaves nothing behind");
    let at = standing(&practice, &ana).await;
    assert_eq!(
        (&at["allowed"], &at["block"], &at["country"]),
        (&json!(false), &json!("country_not_allowed"), &json!("MX"))
    );
    // Nobody chose a channel: the one that works.
    let sent = practice.send(&ana, json!({})).await;
    assert_eq!(sent["channel"], "email");
    configure(&practice, json!({ "countries": ["US", "MX"] })).await;
    assert_eq!(standing(&practice, &ana).await["allowed"], true);
    practice.send(&ana, json!({ "channel": "sms" })).await;
    app.deliver().await;
    assert_eq!((app.gateway.texts().len(), app.mail.mails().len()), (1, 1));
}

#[tokio::test]
async fn premium_and_satellite_numbers_are_never_texted_whatever_is_allowed() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    configure(&practice, json!({ "countries": sealpost_shared::texts::COUNTRIES })).await;
    for number in ["+19005550100", "+881612345678", "+870773111632", "+979123456789", "+449012345678"] {
        let contact = practice.contact(json!({ "phone": number })).await;
        practice.try_send(&contact, json!({})).await.refused(422, "country_not_allowed");
        assert_eq!(standing(&practice, &contact).await["block"], "never_texted", "{number}");
        let test = json!({ "to": number });
        practice.staff.post(paths::SETTINGS_CHANNELS_SMS_TEST, test).await.refused(422, "validation_failed");
    }
    configure(&practice, json!({ "countries": [] })).await;
    practice.try_send(&practice.jordan().await, json!({})).await.refused(422, "country_not_allowed");
    assert_eq!(app.gateway.requests().len(), 0);
}

#[tokio::test]
async fn a_new_link_goes_by_email_where_the_number_gets_no_texts_any_more() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    configure(&practice, json!({ "countries": ["CA"] })).await;
    app.clock.advance(PAST_A_DAY);
    let expired = app.anybody().open(&token).await.refused(410, "link_expired");
    assert_eq!(expired["relink"]["channel"], "email");
    app.anybody().relink(&token).await.expect(202);
    app.deliver().await;
    assert_eq!((app.gateway.texts().len(), app.mail.mails().len()), (1, 1));
}

#[tokio::test]
async fn a_text_whose_contact_moved_abroad_before_it_went_is_a_dead_letter() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let message = practice.send(&jordan, json!({})).await;
    let path = format!("{}/{}", paths::CONTACTS, id(&jordan));
    practice.key.patch(&path, json!({ "phone": MEXICAN })).await.expect(200);
    app.clock.advance(TimeDelta::seconds(1));
    app.deliver().await;
    assert_eq!(app.gateway.requests().len(), 0);
    assert_eq!(fate(&practice.message(&message).await), ("failed", "country_not_allowed"));
}

#[tokio::test]
async fn a_month_is_counted_in_segments_by_the_practice_s_own_calendar() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let long = "a".repeat(161);
    practice.send(&jordan, json!({ "secure": false, "body": long })).await;
    practice.send(&jordan, json!({ "secure": false, "body": "é’".repeat(40) })).await;
    practice.send(&jordan, json!({ "channel": "email" })).await;
    app.deliver().await;
    let now = usage(&practice).await;
    assert_eq!(newest(&now, "months"), ("2026-03".to_owned(), [2, 4, 1, 0]));
    assert_eq!(newest(&now, "days"), ("2026-03-02".to_owned(), [2, 4, 1, 0]));
    assert_eq!(
        (now["months"].as_array().expect("months").len(), now["days"].as_array().expect("days").len()),
        (13, 2)
    );
    assert_eq!(now["monthly_segments"], 10_000);
    // In Chicago it is still March.
    let still: DateTime<Utc> = "2026-04-01T04:59:00Z".parse().expect("a time");
    app.clock.advance(still - app.state().now());
    practice.send(&jordan, json!({ "secure": false, "body": "Hello" })).await;
    assert_eq!(newest(&usage(&practice).await, "days"), ("2026-03-31".to_owned(), [1, 1, 0, 0]));
    app.clock.advance(TimeDelta::minutes(2));
    practice.send(&jordan, json!({ "secure": false, "body": "Hello" })).await;
    let now = usage(&practice).await;
    assert_eq!(newest(&now, "months"), ("2026-04".to_owned(), [1, 1, 0, 0]));
    assert_eq!(
        (&now["months"][11]["period"], &now["months"][11]["segments"]),
        (&json!("2026-03"), &json!(5))
    );
    app.deliver().await;
}

#[tokio::test]
async fn a_month_that_is_used_up_holds_texts_back_until_it_is_over_or_somebody_raises_it() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let plain = json!({ "secure": false, "body": "Hello" });
    let contacts = [1, 2, 3]
        .map(|n| json!({ "phone": format!("+1555010020{n}"), "email": format!("c{n}@mail.example") }));
    let mut people = Vec::new();
    for contact in contacts {
        people.push(practice.contact(contact).await);
    }
    configure(&practice, json!({ "monthly_segments": 3 })).await;
    for _ in 0..3 {
        assert_eq!(fate(&practice.send(&people[0], plain.clone()).await), ("queued", ""));
    }
    let dead = practice.send(&people[1], plain.clone()).await;
    assert_eq!(fate(&dead), ("failed", "budget"));
    let detail = dead["deliveries"][0]["failure"]["detail"].as_str().expect("a sentence");
    assert!(detail.contains("month") && detail.contains("email"), "{detail}");
    assert_eq!(standing(&practice, &people[1]).await["block"], "monthly_limit");
    // It cost the contact nothing, and email goes on.
    assert_eq!(standing(&practice, &people[1]).await["left"], 10);
    assert_eq!(fate(&practice.send(&people[1], json!({ "channel": "email" })).await), ("queued", ""));
    assert_eq!(newest(&usage(&practice).await, "months").1, [3, 3, 1, 1]);
    let audit = app.tables().await["audit_entries"].join("\n");
    for action in ["delivery.failed", "texts.limit_near", "texts.limit_reached"] {
        assert_eq!(
            audit.matches(action).count(),
            usize::from(action != "texts.limit_near"),
            "{action}: {audit}"
        );
    }
    configure(&practice, json!({ "monthly_segments": 4 })).await;
    assert_eq!(fate(&practice.send(&people[1], plain.clone()).await), ("queued", ""));
    assert_eq!(fate(&practice.send(&people[1], plain.clone()).await), ("failed", "budget"));
    configure(&practice, json!({ "limit_monthly_segments": false })).await;
    assert!(usage(&practice).await.get("monthly_segments").is_none());
    assert_eq!(fate(&practice.send(&people[2], plain.clone()).await), ("queued", ""));
    configure(&practice, json!({ "limit_monthly_segments": true })).await;
    assert_eq!(fate(&practice.send(&people[2], plain.clone()).await), ("failed", "budget"));
    app.clock.advance(TimeDelta::days(30));
    assert_eq!(fate(&practice.send(&people[2], plain).await), ("queued", ""));
    app.deliver().await;
}

#[tokio::test]
async fn admins_hear_of_four_fifths_and_of_the_end_once_a_month_each() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let sam = app.colleague(&practice, "Sam Ortiz", "sam.ortiz@riverside.example", Role::Member).await;
    let other = app.colleague(&practice, "Kim Park", "kim.park@riverside.example", Role::Admin).await;
    let jordan = practice.jordan().await;
    configure(&practice, json!({ "monthly_segments": 10 })).await;
    let mut events = practice.staff.stream(paths::EVENTS).await;
    let send = async |times: usize| {
        for _ in 0..times {
            practice.send(&jordan, json!({ "secure": false, "body": "Hello" })).await;
        }
    };
    let notice = async |client: &sealpost_tests::client::Client| {
        client.get(paths::SETTINGS_TEXTS_USAGE).await.expect(200).get("notice").cloned()
    };
    send(7).await;
    assert_eq!(notice(&practice.staff).await, None);
    send(1).await;
    assert_eq!(notice(&practice.staff).await, Some(json!(80)));
    assert_eq!((notice(&sam).await, notice(&practice.key).await), (None, None), "for admins in person");
    let dismiss = |notice: u32| json!({ "notice": notice });
    sam.post(paths::SETTINGS_TEXTS_DISMISS, dismiss(80)).await.refused(403, "forbidden");
    practice.staff.post(paths::SETTINGS_TEXTS_DISMISS, dismiss(50)).await.refused(422, "validation_failed");
    practice.staff.post(paths::SETTINGS_TEXTS_DISMISS, dismiss(80)).await.expect(204);
    assert_eq!((notice(&practice.staff).await, notice(&other).await), (None, Some(json!(80))));
    send(1).await;
    assert_eq!(notice(&practice.staff).await, Some(json!(100)), "no notice of two segments fits");
    practice.staff.post(paths::SETTINGS_TEXTS_DISMISS, dismiss(100)).await.expect(204);
    practice.staff.post(paths::SETTINGS_TEXTS_DISMISS, dismiss(80)).await.expect(204);
    send(1).await;
    assert_eq!(notice(&practice.staff).await, None);
    app.deliver().await;
    events.until("message.sent").await;
    assert_eq!(events.seen().matches("event: texts.limit\n").count(), 2);
    let audit = app.tables().await["audit_entries"].join("\n");
    for action in ["texts.limit_near", "texts.limit_reached"] {
        assert_eq!(audit.matches(action).count(), 1, "{action}");
    }
    // A new month begins with nothing said.
    app.clock.advance(TimeDelta::days(30));
    practice.sign_in().await;
    send(9).await;
    assert_eq!(notice(&practice.staff).await, Some(json!(100)));
    app.deliver().await;
}
