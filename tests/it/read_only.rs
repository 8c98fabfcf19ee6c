//! Whoever may read alone changes nothing but what is their own.

use reqwest::Method;
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::contract::contract;
use sealpost_tests::given::id;
use serde_json::{Value, json};

/// One's own session and account, what keeps nothing; and marking as read, which the desk does by itself for whoever looks.
const OWN: &[(&str, &str)] = &[
    ("POST", "/api/v1/session/"),
    ("PUT", "/api/v1/session/"),
    ("PATCH", "/api/v1/session/"),
    ("DELETE", "/api/v1/session"),
    ("POST", "/api/v1/sessions/"),
    ("PATCH", "/api/v1/conversations/{conversation_id}"),
    // Draws what is sent and keeps nothing.
    ("POST", "/api/v1/settings/secure-messaging/preview"),
];

/// The path with the document's own examples of ids.
fn filled(method: &str, template: &str) -> String {
    let item = &contract().document()["paths"][template];
    let own = item[method.to_lowercase()]["parameters"].as_array().into_iter().flatten();
    own.filter(|parameter| parameter["in"] == "path").fold(template.to_owned(), |path, parameter| {
        let name = parameter["name"].as_str().expect("a name");
        let schema = &parameter["schema"];
        let schema = match schema["$ref"].as_str() {
            Some(to) => contract().document().pointer(to.trim_start_matches('#')).expect("a schema"),
            None => schema,
        };
        let example = schema["examples"][0].as_str().expect("an example");
        path.replace(&format!("{{{name}}}"), example)
    })
}

/// The document's own example of the body, which is what the call takes.
fn body(method: &str, template: &str) -> Value {
    let operation = &contract().document()["paths"][template][method.to_lowercase()];
    operation["requestBody"]["content"]["application/json"]["example"].clone()
}

fn takes_picture(method: &str, template: &str) -> bool {
    let operation = &contract().document()["paths"][template][method.to_lowercase()];
    operation["requestBody"]["content"].get("image/png").is_some()
}

/// Made from the document, so that a new call is covered the day it is documented.
#[tokio::test]
async fn every_call_that_changes_something_refuses_who_may_only_read() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    app.deliver().await;
    let reader = app.colleague(&practice, "Rob Ives", "rob@riverside.example", Role::ReadOnly).await;
    reader.get(paths::SESSION).await.expect(200);
    let before = app.tables().await;
    let mut refused = 0;
    for (method, template) in contract().operations() {
        let for_staff = contract().security(&method, &template).contains(&"session".to_owned());
        let own = OWN.iter().any(|(verb, path)| *verb == method && template.starts_with(path));
        if method == "GET" || !for_staff || own {
            continue;
        }
        let verb = Method::from_bytes(method.as_bytes()).expect("a method");
        let body = match body(&method, &template) {
            Value::Null => json!({}),
            body => body,
        };
        let call = reader.call(verb, &filled(&method, &template));
        let call = match takes_picture(&method, &template) {
            true => call.header("content-type", "image/png").bytes(vec![0]),
            false => call.json(body),
        };
        let answer = call.send().await;
        assert_eq!(answer.status, 403, "{method} {template}: {}", answer.text);
        answer.refused(403, "forbidden");
        refused += 1;
    }
    assert!(refused >= 20, "only {refused} calls");
    assert_eq!(app.tables().await, before, "a refused call leaves nothing behind");
    // Among the calls that are theirs one changes what is everybody's, and only half of it is theirs.
    let conversation = &practice.folder("outbox").await[0];
    let conversation = format!("{}/{}", paths::CONVERSATIONS, id(conversation));
    reader.patch(&conversation, json!({ "archived": true })).await.refused(403, "forbidden");
}

#[tokio::test]
async fn an_admin_gives_the_role_to_a_colleague_and_by_invitation_and_it_counts_at_once() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let rob = app.colleague(&practice, "Rob Ives", "rob@riverside.example", Role::Member).await;
    let path = format!("{}/{}", paths::USERS, id(&rob.get(paths::SESSION).await.expect(200)["user"]));
    let changed = practice.staff.patch(&path, json!({ "role": "read_only" })).await.expect(200);
    assert_eq!(changed["role"], "read_only");
    rob.post(paths::CONTACTS, json!({ "first_name": "Sam" })).await.refused(401, "session_ended");
    let again = json!({ "email": "rob@riverside.example", "password": sealpost_tests::given::PASSWORD });
    rob.post(paths::SESSION, again).await.expect(200);
    rob.post(paths::CONTACTS, json!({ "first_name": "Sam" })).await.refused(403, "forbidden");
    rob.get(paths::CONTACTS).await.expect(200);

    let invitation = json!({ "name": "Kim", "email": "kim@riverside.example", "role": "read_only" });
    let made = practice.staff.post(paths::INVITATIONS, invitation).await.expect(201);
    assert_eq!(made["role"], "read_only");
    app.deliver().await;
}
