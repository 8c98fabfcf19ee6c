//! Texts that cannot be saved, each refused with its reason and its place.

use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use serde_json::json;

/// The text, the line and the character (0: no place), and words of the reason.
const BAD: &[(&str, u32, u32, &str)] = &[
    // The link.
    ("Hello", 0, 0, "must hold {{ secure_link }}"),
    ("Read: {secure_link}", 0, 0, "must hold {{ secure_link }}"),
    ("{{ secure_link | upcase }}", 1, 4, "without filters"),
    ("{% if user.name %}{{ secure_link }}{% endif %}", 1, 22, "outside of any {% if %}"),
    ("Hi\n{{ user.name | append: secure_link }}", 2, 24, "must hold {{ secure_link }}"),
    // Fields.
    ("{{ secure_link }} {{ user.nmae }}", 1, 22, "did you mean user.name?"),
    ("{{ secure_link }}\n{{ diagnosis }}", 2, 4, "There is no field diagnosis; you can use user.name"),
    ("{{ secure_link }} {{ user }}", 1, 22, "There is no field user"),
    ("{{ secure_link }} {{ user.name.first }}", 1, 22, "There is no field user.name.first"),
    ("{{ secure_link }} {{ custom.shoe_size }}", 1, 22, "There is no field custom.shoe_size"),
    ("{{ secure_link }} {{ contact.phone }}", 1, 22, "a notice travels unprotected"),
    ("{{ secure_link }} {{ custom.birth_year }}", 1, 22, "a notice travels unprotected"),
    ("{{ secure_link }}\n\n Re: {{ message.body }}", 3, 9, "stays behind the link"),
    ("{{ secure_link }} {% if contact.email %}x{% endif %}", 1, 25, "a notice travels unprotected"),
    ("{{ secure_link }} {% if user.name %}{% else %}{{ nope }}{% endif %}", 1, 50, "no field nope"),
    ("{{ secure_link }} {% if user.name == nope %}{% endif %}", 1, 38, "no field nope"),
    ("{{ secure_link }} {{ user.name | append: nope }}", 1, 42, "no field nope"),
    ("ñandú\nñ {{ nope }} {{ secure_link }}", 2, 6, "no field nope"),
    // Braces.
    ("{{ secure_link", 1, 1, "This {{ is not closed; }} is missing"),
    ("{{ secure_link }} }}", 1, 19, "This }} has no {{ before it"),
    ("{{ secure_link }} %}", 1, 19, "This %} has no {% before it"),
    ("{{ secure_link }} {% if user.name", 1, 19, "This {% is not closed"),
    ("{{ secure_link }} {{ }}", 1, 19, "nothing between these braces"),
    ("{{ secure_link }} {% %}", 1, 19, "nothing between these braces"),
    ("{{ secure_link }} {{ user['name'] }}", 1, 26, "The sign [ cannot stand between braces"),
    ("{{ secure_link }} {{ 'open }}", 1, 22, "The quote ' is not closed"),
    ("{{ secure_link }} {{ user.name | append: “x” }}", 1, 42, "Use straight quotes"),
    ("{{ secure_link }} {{\u{a0}user.name }}", 1, 21, "Use a plain space"),
    // Filters.
    ("{{ secure_link }} {{ user.name | reverse }}", 1, 34, "no filter reverse; you can use append"),
    ("{{ secure_link }} {{ user.name upcase }}", 1, 32, "Put a | before the filter upcase"),
    ("{{ secure_link }} {{ user.name organization.name }}", 1, 32, "only a | with a filter can follow"),
    ("{{ secure_link }} {{ user.name | }}", 1, 32, "The name of a filter must follow the |"),
    ("{{ secure_link }} {{ | upcase }}", 1, 22, "A field must stand before |"),
    ("{{ secure_link }} {{ user.name | slice }}", 1, 34, "slice needs a value, as in slice: -4, 4"),
    ("{{ secure_link }} {{ user.name | slice: 'x' }}", 1, 34, "slice needs a value"),
    ("{{ secure_link }} {{ user.name | slice: 9999999 }}", 1, 41, "This number is too large"),
    ("{{ secure_link }} {{ user.name | upcase: 2 }}", 1, 34, "The filter upcase takes no values"),
    ("{{ secure_link }} {{ user.name | append: }}", 1, 34, "append needs a value"),
    ("{{ secure_link }} {{ user.name | append: 'a' 'b' }}", 1, 34, "with commas between them"),
    // Conditions.
    ("{{ secure_link }} {% if %}{% endif %}", 1, 22, "Say what to check after if"),
    ("{{ secure_link }} {% if user.name %}", 1, 19, "This {% if %} has no {% endif %} after it"),
    ("{{ secure_link }}\n{% endif %}", 2, 1, "This {% endif %} has no {% if %} before it"),
    ("{{ secure_link }} {% else %}", 1, 19, "This {% else %} has no {% if %} before it"),
    ("{{ secure_link }} {% if user.name = 'x' %}{% endif %}", 1, 35, "Compare with == and not with ="),
    ("{{ secure_link }} {% if user.name | upcase == 'X' %}{% endif %}", 1, 35, "Filters cannot stand in if"),
    (
        "{{ secure_link }} {% if user.name %}{% else %}{% else %}{% endif %}",
        1,
        47,
        "comes after an {% else %}",
    ),
    ("{{ secure_link }} {% if user.name %}{% endif now %}", 1, 46, "Nothing can follow endif"),
    // What Liquid has and this has not.
    ("{{ secure_link }} {% for a in b %}{% endfor %}", 1, 19, "The tag for cannot be used here"),
    ("{{ secure_link }} {% assign x = 1 %}", 1, 19, "The tag assign cannot be used here"),
    ("{{ secure_link }} {% include 'x' %}", 1, 19, "The tag include cannot be used here"),
    ("{{ secure_link }} {% raw %}{% endraw %}", 1, 19, "The tag raw cannot be used here"),
    ("{{ secure_link }} a\u{7}b", 1, 20, "a character here that cannot be shown"),
];

#[tokio::test]
async fn forty_bad_texts_and_more_are_refused_each_with_its_reason_and_place() {
    assert!(BAD.len() >= 40, "{}", BAD.len());
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let field = json!({ "key": "birth_year", "label": "Year of birth", "kind": "number" });
    practice.key.post(paths::CONTACT_FIELDS, field).await.expect(201);
    let before = practice.key.get(paths::SETTINGS_SECURE_MESSAGING).await.expect(200);
    for (text, line, column, reason) in BAD {
        for name in ["notice_sms_body", "notice_email_body"] {
            let answer = practice.key.patch(paths::SETTINGS_SECURE_MESSAGING, json!({ name: text })).await;
            let refused = answer.refused(422, "validation_failed");
            let error = &refused["errors"][0];
            assert_eq!(error["pointer"], format!("/{name}"), "{text}");
            assert_eq!(error["code"], "invalid_template", "{text}");
            let detail = error["detail"].as_str().expect("words");
            assert!(detail.contains(reason), "{text}: {detail}");
            assert!(detail.ends_with('.'), "{text}: {detail}");
            let place = (error["line"].as_u64().unwrap_or(0), error["column"].as_u64().unwrap_or(0));
            assert_eq!(place, (u64::from(*line), u64::from(*column)), "{text}: {detail}");
            if *line > 0 {
                assert!(detail.starts_with(&format!("Line {line}, character {column}: ")), "{detail}");
            }
        }
    }
    assert_eq!(practice.key.get(paths::SETTINGS_SECURE_MESSAGING).await.expect(200), before);
}

#[tokio::test]
async fn bad_subjects_and_pins_are_refused_with_theirs() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let long = "x".repeat(201);
    for (text, line, reason) in [
        ("{{ user.name }}\nBcc: x@y.example", 1, "A subject must be one line"),
        ("From {{ secure_link }}", 1, "belongs into the text and not into the subject"),
        (" ", 0, "would be empty"),
        ("{{ contact.first_name }}", 0, "would be empty"),
        (long.as_str(), 0, "at most 200 characters"),
    ] {
        let answer = practice
            .key
            .patch(paths::SETTINGS_SECURE_MESSAGING, json!({ "notice_email_subject": text }))
            .await;
        let error = &answer.refused(422, "validation_failed")["errors"][0];
        assert_eq!(error["pointer"], "/notice_email_subject");
        assert!(error["detail"].as_str().expect("words").contains(reason), "{text}: {error}");
        assert_eq!(error["line"].as_u64().unwrap_or(0), line, "{text}: {error}");
    }
    for (text, reason) in [
        ("4821", "Use a field of the contact"),
        ("{{ user.name }}", "A PIN is made of the contact's own fields"),
        ("{{ organization.phone }}", "A PIN is made of the contact's own fields"),
        ("{{ contact.pin }}", "There is no field contact.pin"),
        ("{{ custom.birth_year }}", "There is no field custom.birth_year"),
        ("{{ contact.phone | slice: -4, 4", "is not closed"),
    ] {
        let pin = json!({ "default_pin": { "kind": "template", "value": text } });
        let answer = practice.key.patch(paths::SETTINGS_SECURE_MESSAGING, pin).await;
        let error = &answer.refused(422, "validation_failed")["errors"][0];
        assert_eq!(error["pointer"], "/default_pin/value");
        assert!(error["detail"].as_str().expect("words").contains(reason), "{text}: {error}");
    }
}

#[tokio::test]
async fn all_that_is_wrong_is_said_at_once() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let bad = json!({
        "notice_sms_body": "a", "notice_email_subject": "{{", "notice_email_body": "b",
        "default_pin": { "kind": "template", "value": "c" },
    });
    let refused = practice.key.patch(paths::SETTINGS_SECURE_MESSAGING, bad).await;
    let refused = refused.refused(422, "validation_failed");
    let errors = refused["errors"].as_array().expect("errors");
    let pointers: Vec<_> = errors.iter().map(|error| error["pointer"].as_str().expect("a pointer")).collect();
    assert_eq!(
        pointers,
        ["/notice_sms_body", "/notice_email_subject", "/notice_email_body", "/default_pin/value"]
    );
}
