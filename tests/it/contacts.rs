//! The people an organization writes to.

use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::id;
use serde_json::json;

#[tokio::test]
async fn a_contact_is_made_found_changed_and_deleted() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let path = format!("{}/{}", paths::CONTACTS, id(&jordan));
    assert_eq!(jordan["display_name"], "Jordan Reyes");
    assert_eq!(practice.staff.get(&path).await.expect(200), jordan);
    for found in ["q=rey", "q=Jor", "q=%2B15550100142", "q=jordan.reyes@mail.example"] {
        let page = practice.staff.get(&format!("{}?{found}", paths::CONTACTS)).await.expect(200);
        assert_eq!(page["data"][0]["id"], jordan["id"], "{found}");
    }
    let none = practice.staff.get(&format!("{}?q=nobody", paths::CONTACTS)).await.expect(200);
    assert_eq!(none["data"], json!([]));
    let changed = practice.staff.patch(&path, json!({ "first_name": "Jo", "email": null })).await.expect(200);
    assert_eq!(changed["first_name"], "Jo");
    assert_eq!(changed.get("email"), None);
    practice.staff.delete(&path).await.expect(204);
    practice.staff.get(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_pin_is_taken_and_never_shown() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let path = format!("{}/{}", paths::CONTACTS, id(&jordan));
    assert_eq!(jordan["has_pin"], false);
    practice.staff.put(&format!("{path}/pin"), json!({ "pin": " 4821 " })).await.expect(204);
    let contact = practice.staff.get(&path).await;
    assert!(!contact.text.contains("4821"));
    assert_eq!(contact.expect(200)["has_pin"], true);
    for wrong in ["123", "   1   ", &"9".repeat(65)] {
        let answer = practice.staff.put(&format!("{path}/pin"), json!({ "pin": wrong })).await;
        assert_eq!(answer.refused(422, "validation_failed")["errors"][0]["pointer"], "/pin");
    }
    practice.staff.delete(&format!("{path}/pin")).await.expect(204);
    assert_eq!(practice.staff.get(&path).await.expect(200)["has_pin"], false);
}

#[tokio::test]
async fn wrong_fields_are_named_and_the_caller_s_own_id_is_unique() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    for (fields, pointer) in [
        (json!({ "phone": "5550100142" }), "/phone"),
        (json!({ "email": "nobody" }), "/email"),
        (json!({ "first_name": "\u{200b}" }), "/first_name"),
        (json!({ "birth_date": "1980-01-01" }), "/birth_date"),
        (json!({ "preferred_channel": "fax" }), "/preferred_channel"),
    ] {
        let answer = practice.key.post(paths::CONTACTS, fields).await.refused(422, "validation_failed");
        assert_eq!(answer["errors"][0]["pointer"], pointer, "{answer}");
    }
    practice.contact(json!({ "first_name": "A", "external_id": "ehr-1" })).await;
    let again =
        practice.key.post(paths::CONTACTS, json!({ "first_name": "B", "external_id": "ehr-1" })).await;
    again.refused(409, "conflict");
    let other = app.practice_named("Lakeside Law", "kim@lakeside.example").await;
    other.contact(json!({ "first_name": "C", "external_id": "ehr-1" })).await;
}

#[tokio::test]
async fn a_search_takes_each_letter_for_what_it_is() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.jordan().await;
    for pattern in ["%25", "_", "J%25", "J_rdan", "%25ordan", "%5C", "*", "'", "%22"] {
        let page = practice.staff.get(&format!("{}?q={pattern}", paths::CONTACTS)).await.expect(200);
        assert_eq!(page["data"], json!([]), "{pattern}");
    }
}
