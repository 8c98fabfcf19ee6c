//! The fields that an organization adds to its contacts, and what they are good for.

use reqwest::Method;
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::Client;
use sealpost_tests::given::{Practice, id, with};
use serde_json::{Value, json};

async fn field(caller: &Client, key: &str, kind: &str, more: Value) -> Value {
    let field = json!({ "key": key, "label": key, "kind": kind });
    caller.post(paths::CONTACT_FIELDS, with(field, more)).await.expect(201)
}

fn of(field: &Value) -> String {
    format!("{}/{}", paths::CONTACT_FIELDS, id(field))
}

async fn keys(caller: &Client) -> Vec<String> {
    let page = caller.get(paths::CONTACT_FIELDS).await.expect(200);
    let fields = page["data"].as_array().expect("a list");
    fields.iter().map(|field| field["key"].as_str().expect("a key").to_owned()).collect()
}

async fn contact_of(practice: &Practice, contact: &Value) -> Value {
    practice.staff.get(&format!("{}/{}", paths::CONTACTS, id(contact))).await.expect(200)
}

#[tokio::test]
async fn fields_are_made_put_in_order_renamed_and_removed() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let staff = &practice.staff;
    let year = field(staff, "birth_year", "number", json!({ "label": "Year of  birth" })).await;
    assert_eq!((&year["label"], &year["kind"]), (&json!("Year of birth"), &json!("number")));
    assert_eq!((&year["in_notices"], &year["position"]), (&json!(false), &json!(1)));
    let nickname = field(staff, "nickname", "text", json!({ "in_notices": true })).await;
    assert_eq!(nickname["position"], 2);
    assert_eq!(keys(staff).await, ["birth_year", "nickname"]);
    let moved = json!({ "position": 9, "label": "Born in", "key": "year_of_birth" });
    let moved = staff.patch(&of(&year), moved).await.expect(200);
    assert_eq!((&moved["label"], &moved["key"]), (&json!("Born in"), &json!("year_of_birth")));
    assert_eq!(keys(staff).await, ["nickname", "year_of_birth"]);
    assert_eq!(staff.get(&of(&year)).await.expect(200), moved);
    staff.delete(&of(&nickname)).await.expect(204);
    staff.get(&of(&nickname)).await.refused(404, "not_found");
    assert_eq!(keys(staff).await, ["year_of_birth"]);
}

#[tokio::test]
async fn a_field_s_key_is_its_own_and_its_parts_are_checked() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let staff = &practice.staff;
    let year = field(staff, "birth_year", "number", json!({})).await;
    let again = json!({ "key": "birth_year", "label": "Again", "kind": "text" });
    staff.post(paths::CONTACT_FIELDS, &again).await.refused(409, "conflict");
    let other = field(staff, "other", "text", json!({})).await;
    staff.patch(&of(&other), json!({ "key": "birth_year" })).await.refused(409, "conflict");
    staff.patch(&of(&year), json!({ "key": "birth_year" })).await.expect(200);
    let good = || json!({ "key": "k", "label": "L", "kind": "text" });
    for (wrong, pointer) in [
        (json!({ "key": "Birth Year" }), "/key"),
        (json!({ "key": "1st" }), "/key"),
        (json!({ "key": "k".repeat(41) }), "/key"),
        (json!({ "label": "" }), "/label"),
        (json!({ "label": "x".repeat(101) }), "/label"),
        (json!({ "kind": "money" }), "/kind"),
        (json!({ "position": 10_001 }), "/position"),
        (json!({ "position": -1 }), "/position"),
        (json!({ "in_notices": "yes" }), "/in_notices"),
        (json!({ "colour": "green" }), "/colour"),
    ] {
        let answer = staff.post(paths::CONTACT_FIELDS, with(good(), wrong.clone())).await;
        assert_eq!(answer.refused(422, "validation_failed")["errors"][0]["pointer"], pointer, "{wrong}");
    }
    // Contacts hold values of a kind: it stays.
    let kind = staff.patch(&of(&year), json!({ "kind": "text" })).await;
    assert_eq!(kind.refused(422, "validation_failed")["errors"][0]["pointer"], "/kind");
}

#[tokio::test]
async fn admins_alone_change_fields_and_everybody_reads_them() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let year = field(&practice.staff, "birth_year", "number", json!({})).await;
    for role in [Role::Member, Role::ReadOnly] {
        let email = format!("{}@riverside.example", if role == Role::Member { "sam" } else { "kim" });
        let colleague = app.colleague(&practice, "Sam Poe", &email, role).await;
        assert_eq!(keys(&colleague).await, ["birth_year"]);
        let new = json!({ "key": "x", "label": "X", "kind": "text" });
        colleague.post(paths::CONTACT_FIELDS, new).await.refused(403, "forbidden");
        colleague.patch(&of(&year), json!({ "label": "X" })).await.refused(403, "forbidden");
        colleague.delete(&of(&year)).await.refused(403, "forbidden");
    }
    let ours = app.practice_named("Lakeside Law", "kim@lakeside.example").await;
    assert!(keys(&ours.staff).await.is_empty());
    field(&ours.staff, "birth_year", "text", json!({})).await;
}

#[tokio::test]
async fn there_are_fifty_fields_at_most_and_a_repeated_request_makes_one() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let again = || {
        let call = practice.key.call(Method::POST, paths::CONTACT_FIELDS);
        call.json(json!({ "key": "first", "label": "First", "kind": "date" }))
            .header(paths::IDEMPOTENCY_KEY, "k1")
    };
    let first = again().send().await.expect(201);
    let replayed = again().send().await;
    assert_eq!(replayed.header(paths::IDEMPOTENCY_REPLAYED), Some("true"));
    assert_eq!(replayed.expect(201), first);
    let other = practice.key.call(Method::POST, paths::CONTACT_FIELDS).header(paths::IDEMPOTENCY_KEY, "k1");
    let other = other.json(json!({ "key": "second", "label": "Second", "kind": "date" })).send().await;
    other.refused(422, "idempotency_key_reused");
    let made = practice
        .staff
        .at_once(55, |caller| async move {
            let key = format!("k_{}", uuid::Uuid::new_v4().simple());
            let new = json!({ "key": key, "label": "X", "kind": "text" });
            caller.post(paths::CONTACT_FIELDS, new).await.status
        })
        .await;
    assert_eq!(made.iter().filter(|status| **status == 201).count(), 49, "{made:?}");
    assert_eq!(keys(&practice.staff).await.len(), 50);
}

#[tokio::test]
async fn contacts_hold_values_that_fit_their_kind() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    for (key, kind) in
        [("nickname", "text"), ("birth_year", "number"), ("born", "date"), ("insured", "boolean")]
    {
        field(&practice.staff, key, kind, json!({})).await;
    }
    let fields = json!({ "nickname": " Jo ", "birth_year": "1984", "born": "1984-03-21", "insured": "true" });
    let jordan = practice.contact(json!({ "first_name": "Jordan", "custom_fields": fields })).await;
    let kept = json!({ "nickname": "Jo", "birth_year": "1984", "born": "1984-03-21", "insured": "true" });
    assert_eq!(jordan["custom_fields"], kept);
    let path = format!("{}/{}", paths::CONTACTS, id(&jordan));
    // A merge patch: null takes one away, what is not named stays.
    let changed = json!({ "custom_fields": { "nickname": null, "birth_year": "1985" } });
    let changed = practice.key.patch(&path, changed).await.expect(200);
    assert_eq!(
        changed["custom_fields"],
        json!({ "birth_year": "1985", "born": "1984-03-21", "insured": "true" })
    );
    let untouched = practice.key.patch(&path, json!({ "last_name": "Reyes" })).await.expect(200);
    assert_eq!(untouched["custom_fields"], changed["custom_fields"]);
    for (wrong, pointer) in [
        (json!({ "shoe_size": "44" }), "/custom_fields/shoe_size"),
        (json!({ "a/b": "44" }), "/custom_fields/a~1b"),
        (json!({ "birth_year": "old" }), "/custom_fields/birth_year"),
        (json!({ "birth_year": 1984 }), "/custom_fields/birth_year"),
        (json!({ "born": "21/03/1984" }), "/custom_fields/born"),
        (json!({ "insured": "yes" }), "/custom_fields/insured"),
        (json!({ "nickname": "" }), "/custom_fields/nickname"),
        (json!({ "nickname": "x".repeat(501) }), "/custom_fields/nickname"),
        (json!({ "nickname": "a\u{0}b" }), "/custom_fields/nickname"),
    ] {
        let body = json!({ "first_name": "Sam", "custom_fields": wrong });
        let answer = practice.key.post(paths::CONTACTS, &body).await;
        assert_eq!(answer.refused(422, "validation_failed")["errors"][0]["pointer"], pointer, "{wrong}");
        let answer = practice.key.patch(&path, json!({ "custom_fields": wrong })).await;
        assert_eq!(answer.refused(422, "validation_failed")["errors"][0]["pointer"], pointer, "{wrong}");
        let message = json!({ "contact": body, "body": "Hello" });
        let refused = practice.key.post(paths::MESSAGES, message).await.refused(422, "validation_failed");
        assert_eq!(refused["errors"][0]["pointer"], format!("/contact{pointer}"), "{wrong}");
    }
    assert_eq!(contact_of(&practice, &jordan).await["custom_fields"], changed["custom_fields"]);
    let emptied = practice.key.patch(&path, json!({ "custom_fields": null })).await.expect(200);
    assert_eq!(emptied.get("custom_fields"), None);
}

#[tokio::test]
async fn values_follow_a_field_that_gets_another_key_and_go_with_one_that_is_removed() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let year = field(&practice.staff, "birth_year", "number", json!({})).await;
    let jordan =
        practice.contact(json!({ "first_name": "Jordan", "custom_fields": { "birth_year": "1984" } })).await;
    practice.staff.patch(&of(&year), json!({ "key": "born_in" })).await.expect(200);
    assert_eq!(contact_of(&practice, &jordan).await["custom_fields"], json!({ "born_in": "1984" }));
    practice.staff.delete(&of(&year)).await.expect(204);
    assert_eq!(contact_of(&practice, &jordan).await.get("custom_fields"), None);
    app.execute("UPDATE contacts SET pin_digits = pin_digits WHERE sealed_custom_fields IS NULL").await;
    // One of the same name later is another field.
    field(&practice.staff, "born_in", "number", json!({})).await;
    assert_eq!(contact_of(&practice, &jordan).await.get("custom_fields"), None);
}

#[tokio::test]
async fn values_are_sealed_and_erased_with_the_contact() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    field(&practice.staff, "diagnosis", "text", json!({})).await;
    let custom = json!({ "diagnosis": "quite-unmistakable" });
    let jordan = practice.contact(json!({ "first_name": "Jordan", "custom_fields": custom })).await;
    let stored = app.stored_bytes().await;
    let needle = b"quite-unmistakable";
    assert!(!stored.windows(needle.len()).any(|window| window == needle));
    practice.staff.delete(&format!("{}/{}", paths::CONTACTS, id(&jordan))).await.expect(204);
    app.execute("UPDATE contacts SET pin_digits = pin_digits WHERE sealed_custom_fields IS NULL").await;
}

#[tokio::test]
async fn a_default_pin_comes_from_a_field_and_who_has_none_is_named() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let year = field(&practice.staff, "birth_year", "number", json!({})).await;
    let pin = json!({ "default_pin": { "kind": "template", "value": "{{ custom.birth_year }}" } });
    practice.configure(pin).await;
    let jordan = practice.jordan().await;
    let refused = practice.try_send(&jordan, json!({})).await.refused(422, "pin_unresolved");
    assert!(refused["detail"].as_str().expect("words").contains("Jordan Reyes"), "{refused}");
    let path = format!("{}/{}", paths::CONTACTS, id(&jordan));
    practice.key.patch(&path, json!({ "custom_fields": { "birth_year": "84" } })).await.expect(200);
    practice.try_send(&jordan, json!({})).await.refused(422, "pin_unresolved");
    practice.key.patch(&path, json!({ "custom_fields": { "birth_year": "1984" } })).await.expect(200);
    let message = practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    let stranger = app.anybody();
    let gate = stranger.open(&token).await.expect(200);
    assert_eq!((&gate["state"], &gate["pin"]["digits_only"]), (&json!("pin_required"), &json!(true)));
    stranger.verify_pin(&token, "1983").await.refused(401, "pin_incorrect");
    let patient = app.enter_with_pin(&token, "1984").await;
    assert_eq!(patient.bodies().await, ["Your results are in."]);
    // Without the value nobody gets in, and nothing more is sent.
    practice.key.patch(&path, json!({ "custom_fields": { "birth_year": null } })).await.expect(200);
    app.anybody().open(&token).await.refused(403, "pin_disabled");
    app.anybody().verify_pin(&token, "1984").await.refused(403, "pin_disabled");
    practice
        .key
        .post(&format!("{}/{}/resend", paths::MESSAGES, id(&message)), json!({}))
        .await
        .refused(422, "pin_unresolved");
    // Somebody with a PIN of their own needs none from a field.
    practice.set_pin(&jordan, "4821").await;
    app.anybody().open(&token).await.expect(200);
    let used = practice.staff.delete(&of(&year)).await.refused(409, "conflict");
    assert!(used["detail"].as_str().expect("words").contains("the default PIN names it"), "{used}");
}

#[tokio::test]
async fn what_a_template_names_stays_as_it_is() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let nickname = field(&practice.staff, "nickname", "text", json!({})).await;
    let body = json!({ "notice_sms_body": "{{ custom.nickname | default: 'Hello' }}: {{ secure_link }}" });
    let refused = practice.staff.patch(paths::SETTINGS_SECURE_MESSAGING, &body).await;
    let refused = refused.refused(422, "validation_failed");
    assert!(
        refused["errors"][0]["detail"].as_str().expect("words").contains("travels unprotected"),
        "{refused}"
    );
    practice.staff.patch(&of(&nickname), json!({ "in_notices": true })).await.expect(200);
    practice.configure(body).await;
    for change in [json!({ "key": "other" }), json!({ "in_notices": false })] {
        let refused = practice.staff.patch(&of(&nickname), &change).await.refused(409, "conflict");
        let detail = refused["detail"].as_str().expect("words");
        assert!(detail.contains("the text message's body"), "{detail}");
    }
    practice.staff.delete(&of(&nickname)).await.refused(409, "conflict");
    practice.staff.patch(&of(&nickname), json!({ "label": "Called" })).await.expect(200);
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    app.deliver().await;
    assert!(app.gateway.texts()[0].body.starts_with("Hello: http"));
    let path = format!("{}/{}", paths::CONTACTS, id(&jordan));
    practice.key.patch(&path, json!({ "custom_fields": { "nickname": "Jo" } })).await.expect(200);
    practice.send(&jordan, json!({})).await;
    app.deliver().await;
    assert!(app.gateway.texts()[1].body.starts_with("Jo: http"));
    practice.configure(json!({ "notice_sms_body": "{{ secure_link }}" })).await;
    practice.staff.delete(&of(&nickname)).await.expect(204);
    practice.send(&jordan, json!({})).await;
    app.deliver().await;
}

#[tokio::test]
async fn a_notice_with_a_gap_is_refused_with_the_contact_s_name_and_who_waits_for_a_link_gets_it() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice
        .configure(json!({ "notice_sms_body": "{{ contact.first_name }}, read: {{ secure_link }}" }))
        .await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    assert!(app.gateway.texts()[0].body.starts_with("Jordan, read: http"));
    let path = format!("{}/{}", paths::CONTACTS, id(&jordan));
    practice.key.patch(&path, json!({ "first_name": null })).await.expect(200);
    let refused = practice.try_send(&jordan, json!({})).await.refused(422, "notice_unresolved");
    let detail = refused["detail"].as_str().expect("words");
    assert!(detail.contains("Reyes") && detail.contains("contact.first_name is empty"), "{detail}");
    app.clock.advance(sealpost_tests::given::PAST_A_DAY);
    app.anybody().relink(&token).await.expect(202);
    app.deliver().await;
    assert!(app.gateway.texts()[1].body.starts_with(", read: http"));
    // In the clear there is no notice, and nothing that could be empty.
    practice.try_send(&jordan, json!({ "secure": false })).await.expect(201);
    app.deliver().await;
}
