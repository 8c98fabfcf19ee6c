//! How an organization shows itself.

use reqwest::Method;
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::{Answer, Client};
use serde_json::{Value, json};

const PRACTICE: &str = paths::SETTINGS_ORGANIZATION;
const LOGO: &str = paths::SETTINGS_ORGANIZATION_LOGO;

/// A JPEG of 16 × 8 grey pixels that says in its EXIF part that it lies on its side.
const SIDEWAYS: &[u8] = include_bytes!("practice/sideways.jpg");
/// A PNG of 600 × 300 with a comment in it.
const WIDE: &[u8] = include_bytes!("practice/wide.png");

async fn put_logo(caller: &Client, kind: &str, bytes: &[u8]) -> Answer {
    caller.call(Method::PUT, LOGO).header("content-type", kind).bytes(bytes).send().await
}

async fn change(caller: &Client, change: Value) -> Value {
    caller.patch(PRACTICE, change).await.expect(200)
}

/// Width and height, from a PNG's header.
fn size_of(png: &[u8]) -> (u32, u32) {
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
    (number(16), number(20))
}

#[tokio::test]
async fn patients_see_the_practice_as_it_is_now() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    let hours = json!([
        { "weekday": "friday", "opens": "09:00", "closes": "12:30" },
        { "weekday": "monday", "opens": "09:00", "closes": "17:00" },
    ]);
    let changed = change(
        &practice.staff,
        json!({
            "name": "Clínica Río", "phone": " (555) 010-0111 ", "time_zone": "America/New_York",
            "accent_color": "#0F6E6E", "emergency_notice": "Call 112.", "office_hours": hours,
        }),
    )
    .await;
    assert_eq!(changed["accent_color"], "#0f6e6e");
    assert_eq!(changed["office_hours"], json!([hours[1], hours[0]]), "in the order of the week");
    assert_eq!(changed["has_logo"], false);
    assert_eq!(practice.key.get(PRACTICE).await.expect(200), changed);
    let seen = app.anybody().open(&token).await.expect(200)["organization"].clone();
    let card = json!({
        "name": "Clínica Río", "phone": "(555) 010-0111", "accent_color": "#0f6e6e", "emergency_notice": "Call 112.",
    });
    assert_eq!(seen, card);
    let session = practice.staff.get(paths::SESSION).await.expect(200);
    assert_eq!(session["organization"]["time_zone"], "America/New_York");
    // Text messages spell the name in their own alphabet.
    practice.send(&jordan, json!({})).await;
    app.deliver().await;
    assert!(app.gateway.texts()[1].body.contains("Clinica Rio"), "{}", app.gateway.texts()[1].body);
    let cleared =
        json!({ "phone": null, "accent_color": null, "emergency_notice": null, "office_hours": null });
    let cleared = change(&practice.staff, cleared).await;
    for name in ["phone", "accent_color", "emergency_notice", "office_hours"] {
        assert_eq!(cleared.get(name), None, "{name}");
    }
    assert_eq!(cleared["name"], "Clínica Río");
}

#[tokio::test]
async fn wrong_values_are_refused_each_with_its_reason() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let before = practice.key.get(PRACTICE).await.expect(200);
    let day = |weekday: &str, opens: &str, closes: &str| json!({ "weekday": weekday, "opens": opens, "closes": closes });
    for (wrong, pointer, reason) in [
        (json!({ "name": "" }), "/name", "must not be empty"),
        (json!({ "name": "診療所" }), "/name", "Latin letters"),
        (json!({ "name": "Clinic 🏥" }), "/name", "Latin letters"),
        (json!({ "name": "x".repeat(101) }), "/name", "at most 100"),
        (json!({ "time_zone": "Chicago" }), "/time_zone", "IANA"),
        (json!({ "phone": "" }), "/phone", "1 to 40"),
        (json!({ "phone": "call us" }), "/phone", "phone number"),
        (json!({ "phone": "555\n0100" }), "/phone", "one line"),
        (json!({ "accent_color": "#777777" }), "/accent_color", "a contrast of 4.47:1; 4.50:1 is the least"),
        (json!({ "accent_color": "#ffffff" }), "/accent_color", "a contrast of 1.00:1"),
        (json!({ "accent_color": "green" }), "/accent_color", "#rrggbb"),
        (json!({ "emergency_notice": "x".repeat(201) }), "/emergency_notice", "1 to 200"),
        (json!({ "emergency_notice": "Call\u{202e}119" }), "/emergency_notice", "hidden"),
        (json!({ "office_hours": [day("monday", "17:00", "09:00")] }), "/office_hours", "open before"),
        (json!({ "office_hours": [day("monday", "09:00", "09:00")] }), "/office_hours", "open before"),
        (
            json!({ "office_hours": [day("monday", "09:00", "12:00"), day("monday", "13:00", "17:00")] }),
            "/office_hours",
            "once",
        ),
        (json!({ "office_hours": [day("monday", "9:00", "17:00")] }), "/office_hours/0/opens", "time of day"),
        (json!({ "office_hours": [day("someday", "09:00", "17:00")] }), "/office_hours/0/weekday", "form"),
        (json!({ "has_logo": true }), "/has_logo", "not a field"),
    ] {
        let refused = practice.staff.patch(PRACTICE, &wrong).await.refused(422, "validation_failed");
        let error = &refused["errors"][0];
        assert_eq!(error["pointer"], pointer, "{wrong}");
        assert!(error["detail"].as_str().expect("words").contains(reason), "{wrong}: {error}");
    }
    let two = json!({ "accent_color": "#ffff00", "phone": "x" });
    let refused = practice.staff.patch(PRACTICE, two).await.refused(422, "validation_failed");
    assert_eq!(refused["errors"].as_array().expect("errors").len(), 2);
    assert_eq!(practice.key.get(PRACTICE).await.expect(200), before);
}

#[tokio::test]
async fn what_a_notice_prints_stays_filled_in() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let body = "{{ secure_link }} Call {{ organization.phone }}, {{ organization.office_hours }}";
    let refused =
        practice.key.patch(paths::SETTINGS_SECURE_MESSAGING, json!({ "notice_sms_body": body })).await;
    let refused = refused.refused(422, "validation_failed");
    let detail = refused["errors"][0]["detail"].as_str().expect("words");
    assert!(detail.contains("organization.office_hours is empty"), "{detail}");
    let hours = json!([{ "weekday": "monday", "opens": "09:00", "closes": "17:00" }]);
    change(&practice.key, json!({ "office_hours": hours })).await;
    practice.configure(json!({ "notice_sms_body": body })).await;
    for (gone, pointer) in [
        (json!({ "phone": null }), "/phone"),
        (json!({ "office_hours": null }), "/office_hours"),
        (json!({ "office_hours": [] }), "/office_hours"),
    ] {
        let refused = practice.key.patch(PRACTICE, &gone).await.refused(422, "validation_failed");
        assert_eq!(
            (&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]),
            (&json!(pointer), &json!("in_use"))
        );
    }
    practice.send(&practice.jordan().await, json!({})).await;
    app.deliver().await;
    let text = &app.gateway.texts()[0].body;
    assert!(text.ends_with(" Call (555) 010-0100, Mon 9:00 AM-5:00 PM"), "{text}");
}

#[tokio::test]
async fn admins_alone_change_the_practice() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let member = app.colleague(&practice, "Sam Poe", "sam@riverside.example", Role::Member).await;
    member.get(PRACTICE).await.expect(200);
    member.patch(PRACTICE, json!({ "name": "Mine" })).await.refused(403, "forbidden");
    put_logo(&member, "image/png", WIDE).await.refused(403, "forbidden");
    member.delete(LOGO).await.refused(403, "forbidden");
    let sneaky = practice.staff.call(Method::PUT, LOGO).header("content-type", "image/png").bytes(WIDE);
    sneaky.without(paths::REQUEST_HEADER).send().await.refused(403, "request_origin_refused");
    let foreign = practice.staff.call(Method::PUT, LOGO).header("content-type", "image/png").bytes(WIDE);
    foreign.header("origin", "https://evil.example").send().await.refused(403, "request_origin_refused");
    assert_eq!(practice.staff.get(PRACTICE).await.expect(200)["has_logo"], false);
}

#[tokio::test]
async fn a_logo_is_made_small_loses_what_it_carried_and_is_there_for_anybody() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.send(&practice.jordan().await, json!({})).await;
    let token = app.newest_token().await;
    assert!(WIDE.windows(6).any(|window| window == b"secret"), "the picture carries a comment");
    let put = put_logo(&practice.staff, "image/png", WIDE).await.expect(200);
    assert_eq!(put["has_logo"], true);
    let address = put["logo_url"].as_str().expect("an address").to_owned();
    assert!(address.starts_with(&format!("{}/{}/", paths::LOGOS, practice.organization_id)), "{address}");
    let fetch = async |address: &str| {
        let url = format!("{}{address}", app.base());
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let response = client.get(url).send().await.expect("an answer");
        let headers = response.headers().clone();
        (response.status().as_u16(), headers, response.bytes().await.expect("a body").to_vec())
    };
    let (status, headers, png) = fetch(&address).await;
    assert_eq!((status, size_of(&png)), (200, (256, 128)));
    assert_eq!(headers["content-type"], "image/png");
    assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert!(!png.windows(6).any(|window| window == b"secret"));
    app.anybody().get(&address).await.expect(200);
    assert_eq!(app.anybody().open(&token).await.expect(200)["organization"]["logo_url"], address);
    // Another picture has another address, and the old one leads nowhere. This one lay on its side.
    let turned = put_logo(&practice.key, "image/jpeg", SIDEWAYS).await.expect(200);
    let second = turned["logo_url"].as_str().expect("an address");
    assert_ne!(second, address);
    let (status, _, png) = fetch(second).await;
    assert_eq!((status, size_of(&png)), (200, (8, 16)));
    app.anybody().get(&address).await.refused(404, "not_found");
    practice.staff.delete(LOGO).await.expect(204);
    app.anybody().get(second).await.refused(404, "not_found");
    let card = app.anybody().open(&token).await.expect(200)["organization"].clone();
    assert_eq!(card.get("logo_url"), None);
    assert_eq!(practice.staff.get(PRACTICE).await.expect(200)["has_logo"], false);
}

#[tokio::test]
async fn what_is_no_picture_or_too_much_of_one_is_refused() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let staff = &practice.staff;
    for (bytes, reason) in [
        (&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], "PNG or a JPEG"),
        (b"GIF89a", "PNG or a JPEG"),
        (b"", "PNG or a JPEG"),
        (&WIDE[..100], "cannot be read"),
        (&SIDEWAYS[..30], "cannot be read"),
    ] {
        let refused = put_logo(staff, "image/png", bytes).await.refused(422, "validation_failed");
        let error = &refused["errors"][0];
        assert_eq!(error["code"], "invalid_picture");
        assert!(error["detail"].as_str().expect("words").contains(reason), "{error}");
    }
    // The header claims 60,000 × 60,000; nothing is decoded to find out.
    let mut bomb = WIDE.to_vec();
    bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    put_logo(staff, "image/png", &bomb).await.refused(422, "validation_failed");
    put_logo(staff, "image/svg+xml", WIDE).await.refused(415, "unsupported_media_type");
    put_logo(staff, "application/json", WIDE).await.refused(415, "unsupported_media_type");
    put_logo(staff, "image/png", &vec![0; 1024 * 1024 + 1]).await.refused(413, "payload_too_large");
    let picture = staff.call(Method::PATCH, PRACTICE).header("content-type", "image/png").bytes(WIDE);
    picture.send().await.refused(415, "unsupported_media_type");
    app.anybody()
        .get(&format!("{}/{}/nothing.png", paths::LOGOS, practice.organization_id))
        .await
        .refused(404, "not_found");
}
