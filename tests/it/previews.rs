//! What the settings page shows before a text is saved is what arrives.

use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::{Practice, id, token_in};
use serde_json::{Value, json};

const STAND_IN: &str = "0123456789abcdefABCDEF";

async fn preview(practice: &Practice, drafts: Value) -> Value {
    practice.staff.post(paths::SETTINGS_SECURE_MESSAGING_PREVIEW, drafts).await.expect(200)
}

/// With the stand-in for the token that is made when it is sent.
fn with_stand_in(text: &str) -> String {
    let token = token_in(text);
    assert_eq!(token.len(), STAND_IN.len());
    text.replace(&token, STAND_IN)
}

/// By hand, so that nobody marks their own homework: septets and UTF-16 units, cut as a handset joins them.
fn segments(body: &str) -> usize {
    const EXTENSION: &str = "^{}\\[~]|€";
    let outside = |c: char| !c.is_ascii() && !"£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà€".contains(c);
    let is_ucs2 = body.chars().any(|c| outside(c) || c == '`');
    let cost = |c: char| match is_ucs2 {
        true => c.len_utf16(),
        false => 1 + usize::from(EXTENSION.contains(c)),
    };
    let (alone, joined) = if is_ucs2 { (70, 67) } else { (160, 153) };
    if body.chars().map(cost).sum::<usize>() <= alone {
        return 1;
    }
    let mut free = 0;
    body.chars().fold(0, |count, c| {
        let next = cost(c) > free;
        free = if next { joined } else { free } - cost(c);
        count + usize::from(next)
    })
}

/// Text message, subject and email.
const DRAFTS: &[(&str, &str, &str)] = &[
    ("{{ user.name_and_company }}: {{ secure_link }}", "From {{ user.name }}", "Open:\n{{ secure_link }}"),
    (
        "  {{ contact.first_name }} – “{{ organization.name }}” wrote…\n\n{{ secure_link }}  \n",
        "  Clínica {{ organization.name | upcase }} ñ €  ",
        "\n{{ custom.nickname }},\r\n\r\n{{ secure_link }}\n\n{% if organization.phone %}{{ organization.phone }}{% endif %}\n",
    ),
    (
        "Привет, {{ contact.first_name }} 🐱 {{ secure_link }}",
        "Привет 🐱",
        "🐱 {{ secure_link }} <b>&amp;</b> \"x\"",
    ),
    (
        "[{{ custom.nickname }}] {{ secure_link }} [~|^€]",
        "[{{ custom.nickname }}]",
        "{{ secure_link }} = {{ secure_link }}",
    ),
    (
        "{{ secure_link }} {{ user.name | append: ' €€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€' }}",
        "x",
        "{{ secure_link }}.",
    ),
];

#[tokio::test]
async fn a_preview_is_byte_for_byte_what_arrives() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let nickname = json!({ "key": "nickname", "label": "Called", "kind": "text", "in_notices": true });
    practice.key.post(paths::CONTACT_FIELDS, nickname).await.expect(201);
    let jordan = practice.jordan().await;
    let path = format!("{}/{}", paths::CONTACTS, id(&jordan));
    practice.key.patch(&path, json!({ "custom_fields": { "nickname": "Jo ’99" } })).await.expect(200);
    for (sent, (sms, subject, email)) in DRAFTS.iter().enumerate() {
        let drafts =
            json!({ "notice_sms_body": sms, "notice_email_subject": subject, "notice_email_body": email });
        let mut request = drafts.clone();
        request["contact_id"] = jordan["id"].clone();
        let seen = preview(&practice, request).await;
        assert_eq!(seen["problems"], json!([]), "{seen}");
        assert_eq!(seen["contact_name"], "Jordan Reyes");
        practice.configure(drafts).await;
        for channel in ["sms", "email"] {
            let message = json!({ "contact_id": jordan["id"], "body": "Hello", "channel": channel });
            practice.staff.post(paths::MESSAGES, message).await.expect(201);
        }
        app.deliver().await;
        let arrived = &app.gateway.texts()[sent].body;
        assert_eq!(seen["sms"]["body"], with_stand_in(arrived));
        assert_eq!(seen["sms"]["segments"], segments(arrived), "{arrived}");
        assert_eq!(seen["sms"]["characters"], arrived.chars().count());
        let mail = &app.mail.mails()[sent];
        // Lines end in CRLF on their way.
        assert_eq!(seen["email"]["text"], with_stand_in(&mail.text().replace("\r\n", "\n")));
        assert_eq!(seen["email"]["subject"], mail.subject());
        assert!(
            mail.header("From")
                .expect("a header")
                .contains(seen["email"]["from_name"].as_str().expect("a name"))
        );
    }
}

#[tokio::test]
async fn a_preview_counts_as_the_gateway_does() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let link = format!(" {}/m#{STAND_IN}", app.origin());
    for (before, encoding, per_segment) in [
        ("a".repeat(160 - link.len()), "gsm7", 160),
        ("a".repeat(161 - link.len()), "gsm7", 153),
        ("€".repeat((160 - link.len()) / 2), "gsm7", 160),
        ("€".repeat(130), "gsm7", 153),
        ("Я".repeat(70 - link.len()), "ucs2", 70),
        ("Я".repeat(71 - link.len()), "ucs2", 67),
        ("🐱".repeat(100), "ucs2", 67),
    ] {
        let seen =
            preview(&practice, json!({ "notice_sms_body": format!("{before} {{{{ secure_link }}}}") })).await;
        let sms = &seen["sms"];
        let body = format!("{before}{link}");
        assert_eq!((&sms["body"], &sms["encoding"]), (&json!(body), &json!(encoding)));
        assert_eq!((&sms["per_segment"], &sms["segments"]), (&json!(per_segment), &json!(segments(&body))));
        let unlike = sms["not_gsm7"].as_array().map(Vec::len).unwrap_or_default();
        assert_eq!(unlike, usize::from(encoding == "ucs2"));
    }
}

#[tokio::test]
async fn a_preview_says_what_is_wrong_and_shows_what_is_right() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let seen =
        preview(&practice, json!({ "notice_sms_body": "Hello\n{{ nope }}", "notice_email_subject": "Hi" }))
            .await;
    assert_eq!((seen.get("sms"), &seen["email"]["subject"]), (None, &json!("Hi")));
    let problem = &seen["problems"][0];
    assert_eq!(
        (&problem["pointer"], &problem["line"], &problem["column"]),
        (&json!("/notice_sms_body"), &json!(2), &json!(4))
    );
    // A gap is a problem of this contact, and shown as it would read.
    let nameless = practice.contact(json!({ "phone": "+15550100199" })).await;
    let body = "{{ contact.first_name }}: {{ secure_link }}";
    let seen = preview(&practice, json!({ "contact_id": nameless["id"], "notice_sms_body": body })).await;
    assert!(seen["sms"]["body"].as_str().expect("a text").starts_with(": http"));
    assert!(seen["problems"][0]["detail"].as_str().expect("words").contains("contact.first_name is empty"));
    // Nobody chosen: somebody invented, who has everything.
    let seen = preview(&practice, json!({ "notice_sms_body": body })).await;
    assert_eq!((&seen["contact_name"], &seen["problems"]), (&json!("Jordan Reyes"), &json!([])));
    for unknown in ["ctc_01h455vb4pex5vsknk084sn02q"] {
        let answer =
            practice.staff.post(paths::SETTINGS_SECURE_MESSAGING_PREVIEW, json!({ "contact_id": unknown }));
        answer.await.refused(404, "not_found");
    }
    let answer = practice.staff.post(paths::SETTINGS_SECURE_MESSAGING_PREVIEW, json!({ "colour": "green" }));
    answer.await.refused(422, "validation_failed");
}

#[tokio::test]
async fn a_preview_says_where_the_pin_comes_from_and_never_what_it_is() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let field = json!({ "key": "birth_year", "label": "Year of birth", "kind": "number" });
    practice.key.post(paths::CONTACT_FIELDS, field).await.expect(201);
    let jordan = practice.jordan().await;
    let as_jordan = |pin: Value| json!({ "contact_id": jordan["id"], "default_pin": pin });
    let pin = async |drafts: Value| {
        let seen = preview(&practice, drafts).await;
        for secret in ["4821", "0142", "1984"] {
            assert!(!seen["pin"].to_string().contains(secret), "{seen}");
        }
        (seen["pin"]["source"].as_str().expect("a source").to_owned(), seen["pin"]["resolves"] == true, seen)
    };
    let (source, resolves, _) = pin(json!({ "contact_id": jordan["id"] })).await;
    assert_eq!((source.as_str(), resolves), ("none", true));
    let (source, resolves, seen) = pin(as_jordan(json!({ "kind": "text", "value": "4821" }))).await;
    assert_eq!((source.as_str(), resolves, &seen["pin"]["digits_only"]), ("text", true, &json!(true)));
    let (source, resolves, seen) = pin(as_jordan(json!({ "kind": "text" }))).await;
    assert_eq!(
        (source.as_str(), resolves, &seen["problems"][0]["code"]),
        ("text", false, &json!("required"))
    );
    let (_, resolves, seen) = pin(as_jordan(json!({ "kind": "text", "value": "48" }))).await;
    assert_eq!((resolves, &seen["problems"][0]["pointer"]), (false, &json!("/default_pin/value")));
    let last = json!({ "kind": "template", "value": "{{ contact.phone | slice: -4, 4 }}" });
    let (source, resolves, seen) = pin(as_jordan(last)).await;
    assert_eq!((source.as_str(), resolves, &seen["problems"]), ("template", true, &json!([])));
    let year = json!({ "kind": "template", "value": "{{ custom.birth_year }}" });
    let (source, resolves, _) = pin(as_jordan(year.clone())).await;
    assert_eq!((source.as_str(), resolves), ("template", false));
    let (_, resolves, _) = pin(json!({ "default_pin": year.clone() })).await;
    assert!(resolves, "the invented contact has one");
    let off = json!({ "contact_id": jordan["id"], "default_pin": year, "pin_enabled": false });
    assert_eq!(pin(off).await.0, "none");
    // A saved text PIN stays where its kind alone is said.
    practice.configure(json!({ "default_pin": { "kind": "text", "value": "4821" } })).await;
    let (source, resolves, seen) = pin(as_jordan(json!({ "kind": "text" }))).await;
    assert_eq!((source.as_str(), resolves, &seen["problems"]), ("text", true, &json!([])));
    practice.set_pin(&jordan, "own-one").await;
    assert_eq!(pin(json!({ "contact_id": jordan["id"] })).await.0, "contact");
}

#[tokio::test]
async fn looking_at_drafts_changes_and_sends_nothing() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    preview(&practice, json!({})).await;
    let before = app.tables().await;
    for drafts in [json!({}), json!({ "contact_id": jordan["id"], "notice_sms_body": "{{ secure_link }}" })] {
        preview(&practice, drafts).await;
    }
    assert_eq!(app.tables().await, before);
    app.deliver().await;
    assert!(app.gateway.texts().is_empty());
    app.anybody()
        .post(paths::SETTINGS_SECURE_MESSAGING_PREVIEW, json!({}))
        .await
        .refused(401, "unauthenticated");
    let theirs = app.practice_named("Lakeside Law", "kim@lakeside.example").await;
    let foreign = json!({ "contact_id": jordan["id"] });
    theirs.staff.post(paths::SETTINGS_SECURE_MESSAGING_PREVIEW, foreign).await.refused(404, "not_found");
}

/// A public URL of a practice, as long as usual.
async fn on_the_web() -> (TestApp, Practice) {
    let public = "https://messages.riverside.example";
    let app = TestApp::start_with(|config| config.public_url = public.parse().expect("a URL")).await;
    let practice = app.practice().await;
    (app, practice)
}

#[tokio::test]
async fn a_notice_of_more_than_two_segments_cannot_be_saved() {
    let (app, practice) = on_the_web().await;
    let room = 306 - app.origin().len() - "/m#".len() - STAND_IN.len();
    for (body, segments) in [
        (format!("{}{{{{ secure_link }}}}", "a".repeat(room - 1) + " "), 2),
        (format!("{}{{{{ secure_link }}}}", "a".repeat(room) + " "), 3),
        // One such character halves the room.
        (format!("{} 🐱 {{{{ secure_link }}}}", "a".repeat(71)), 2),
        (format!("{} 🐱 {{{{ secure_link }}}}", "a".repeat(72)), 3),
    ] {
        let draft = json!({ "notice_sms_body": body });
        let seen = preview(&practice, draft.clone()).await;
        assert_eq!(seen["sms"]["segments"], segments, "{seen}");
        let saved = practice.staff.patch(paths::SETTINGS_SECURE_MESSAGING, draft).await;
        if segments == 2 {
            saved.expect(200);
            assert_eq!(seen["problems"], json!([]));
            continue;
        }
        let refused = saved.refused(422, "validation_failed");
        let error = &refused["errors"][0];
        assert_eq!((&error["pointer"], &error["code"]), (&json!("/notice_sms_body"), &json!("too_long")));
        let words = error["detail"].as_str().expect("words");
        assert!(words.contains("takes 3 segments") && words.contains("about 1 characters"), "{words}");
        assert_eq!(words.contains('🐱'), body.contains('🐱'), "{words}");
        assert_eq!(seen["problems"][0], *error, "looking says the same as saving");
    }
}

#[tokio::test]
async fn a_name_that_makes_the_notice_too_long_is_refused() {
    let (app, practice) = on_the_web().await;
    let fill = "a".repeat(306 - app.origin().len() - STAND_IN.len() - 50);
    let body = format!("{fill} {{{{ organization.name }}}} {{{{ secure_link }}}}");
    practice.configure(json!({ "notice_sms_body": body })).await;
    let long = json!({ "name": "N".repeat(90) });
    let refused = practice.staff.patch(paths::SETTINGS_ORGANIZATION, long).await;
    let refused = refused.refused(422, "validation_failed");
    let error = &refused["errors"][0];
    assert_eq!((&error["pointer"], &error["code"]), (&json!("/name"), &json!("too_long")), "{error}");
    practice.staff.patch(paths::SETTINGS_ORGANIZATION, json!({ "name": "Riverside" })).await.expect(200);
}

#[tokio::test]
async fn names_never_make_a_notice_longer_than_two_segments_and_the_link_always_arrives() {
    let (app, practice) = on_the_web().await;
    let greeting = "{{ contact.first_name }}, {{ user.name }} of {{ organization.name }} wrote to you. Please \
                    open your private message as soon as you can, and answer on the same page: {{ secure_link }}";
    practice.configure(json!({ "notice_sms_body": greeting })).await;
    let link = format!("{}/m#", app.origin());
    let yuri = app.colleague(&practice, "Юрий Петров", "yuri@riverside.example", Role::Member).await;
    for (sender, first, reads) in [
        (&practice.staff, "Jordan", "Jordan, Amy Lee of Riverside Clinic wrote"),
        // Letters that double everything: the writer's name goes.
        (&yuri, "Jordan", "Jordan, Riverside Clinic of Riverside Clinic wrote"),
        // The reader's name: the organization and the link alone.
        (&practice.staff, "Юлия", "Riverside Clinic: https://"),
    ] {
        let contact = practice.contact(json!({ "first_name": first, "phone": "+15550100199" })).await;
        let seen = preview(&practice, json!({ "contact_id": contact["id"] })).await;
        let message = json!({ "contact_id": contact["id"], "body": "Hello", "secure": true });
        sender.post(paths::MESSAGES, message).await.expect(201);
        app.deliver().await;
        let arrived = app.gateway.texts().last().expect("a text").body.clone();
        assert!(arrived.contains(reads) && arrived.contains(&link), "{arrived}");
        assert!(segments(&arrived) <= 2, "{arrived}");
        if std::ptr::eq(sender, &practice.staff) {
            assert_eq!(seen["sms"]["body"], with_stand_in(&arrived), "shown as it arrives");
            let said = seen["problems"][0]["detail"].as_str().unwrap_or_default();
            assert_eq!(said.contains("shorter text"), first != "Jordan", "{seen}");
        }
        practice.staff.delete(&format!("{}/{}", paths::CONTACTS, id(&contact))).await.expect(204);
    }
}
