//! What is refused, and how it is said.

use reqwest::Method;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::contract::contract;
use sealpost_tests::given::id;
use serde_json::json;

#[tokio::test]
async fn a_change_without_the_header_or_from_another_site_is_refused() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let call = || practice.staff.call(Method::POST, paths::CONTACTS).json(json!({ "first_name": "Sam" }));
    call().without(paths::REQUEST_HEADER).send().await.refused(403, "request_origin_refused");
    call().header(paths::REQUEST_HEADER, "0").send().await.refused(403, "request_origin_refused");
    call().header("origin", "https://evil.example").send().await.refused(403, "request_origin_refused");
    call().header("origin", "null").send().await.refused(403, "request_origin_refused");
    call().header("sec-fetch-site", "cross-site").send().await.refused(403, "request_origin_refused");
    call().header("content-type", "text/plain").send().await.refused(415, "unsupported_media_type");
    call().header("origin", app.origin()).header("sec-fetch-site", "same-origin").send().await.expect(201);
    let sign_out = practice.staff.call(Method::DELETE, paths::SESSION).without(paths::REQUEST_HEADER);
    sign_out.send().await.refused(403, "request_origin_refused");
    practice.staff.get(paths::SESSION).await.expect(200);
    // A key is no cookie: no browser sends it by itself.
    let by_key = practice.key.call(Method::POST, paths::CONTACTS).json(json!({ "first_name": "Kim" }));
    by_key.without(paths::REQUEST_HEADER).send().await.expect(201);
}

#[tokio::test]
async fn a_patient_s_change_without_the_header_is_refused() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.send(&practice.jordan().await, json!({})).await;
    let token = app.newest_token().await;
    let stranger = app.anybody();
    let enter = || stranger.call(Method::POST, paths::SECURE_LINKS_ENTER).json(json!({ "token": token }));
    enter().header("origin", "https://evil.example").send().await.refused(403, "request_origin_refused");
    enter().header("content-type", "text/plain").send().await.refused(415, "unsupported_media_type");
    let patient = app.enter(&token).await;
    for (path, body) in [
        ("/messages", json!({ "body": "x", "client_message_id": uuid::Uuid::new_v4() })),
        ("/leave", json!({})),
        ("/stay", json!({})),
    ] {
        let call = patient.browser.call(Method::POST, &patient.path(path)).json(body);
        call.without(paths::REQUEST_HEADER).send().await.refused(403, "request_origin_refused");
    }
    assert_eq!(patient.bodies().await.len(), 1);
}

#[tokio::test]
async fn what_cannot_be_read_is_a_problem_with_a_request_id() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let post = |body: Vec<u8>| practice.staff.call(Method::POST, paths::CONTACTS).bytes(body).send();
    for body in [&b""[..], b"{", b"[]", b"\"x\"", b"\xff", b"{\"first_name\":\"a\"}{}"] {
        let answer = post(body.to_vec()).await;
        assert!(matches!(answer.status, 400 | 422), "{:?}: {}", String::from_utf8_lossy(body), answer.text);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        assert_eq!(answer.json["request_id"].as_str(), answer.header("x-request-id"));
    }
    let deep = "[".repeat(10_000);
    assert!(matches!(post(deep.into_bytes()).await.status, 400 | 422));
    let large = format!("{{\"first_name\":\"{}\"}}", "x".repeat(70_000));
    post(large.into_bytes()).await.refused(413, "payload_too_large");
}

#[tokio::test]
async fn an_unknown_address_or_method_is_a_problem_too() {
    let app = TestApp::start().await;
    for path in ["/api/v1/nothing", "/api/v2/contacts", "/nothing", "/assets/nothing.js", "/api/v1/contacts/"]
    {
        let answer = app.anybody().call(Method::GET, path).undocumented().send().await;
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
        answer.refused(404, "not_found");
    }
    for method in [Method::PUT, Method::TRACE, Method::OPTIONS] {
        let answer = app.anybody().call(method, paths::CONTACTS).undocumented().send().await;
        answer.refused(405, "method_not_allowed");
    }
    let practice = app.practice().await;
    for malformed in ["ctc_1", "usr_01h455vb4pex5vsknk084sn02q", "..%2fsession", "1"] {
        let answer = practice.staff.get(&format!("{}/{malformed}", paths::CONTACTS)).await;
        answer.refused(404, "not_found");
    }
}

/// Every route, in every state of sign-in: the client checks the headers and the document each time.
#[tokio::test]
async fn every_documented_call_answers_as_documented_to_anybody() {
    let app = TestApp::start().await;
    for (method, template) in contract().operations() {
        let path = template
            .split('/')
            .map(|part| if part.starts_with('{') { "ctc_01h455vb4pex5vsknk084sn02q" } else { part });
        let path = path.collect::<Vec<_>>().join("/");
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let call = app.anybody();
        let answer = call.call(method.clone(), &path).json(json!({})).send().await;
        assert!(answer.status < 500, "{method} {template}: {}", answer.text);
        let open = ["/healthz", "/readyz", "/openapi.json"].contains(&&*template);
        assert!(open || answer.status >= 400, "{method} {template} let anybody in: {}", answer.text);
    }
}

/// `it_no_get_side_effects`.
#[tokio::test]
async fn looking_changes_nothing() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let message = practice.send(&jordan, json!({})).await;
    let waiting = practice.send(&jordan, json!({ "send_at": "2026-06-01T15:00:00Z" })).await;
    let patient = app.enter(&app.newest_token().await).await;
    patient.reply("Thank you!").await.expect(201);
    let field = json!({ "key": "birth_year", "label": "Year of birth", "kind": "number" });
    let field = practice.key.post(paths::CONTACT_FIELDS, field).await.expect(201);
    let known = |template: &str| {
        let path = template.replace("{conversation_id}", &patient.conversation);
        let own = match template.split('/').nth(3) {
            Some("contacts") => id(&jordan),
            Some("contact-fields") => id(&field),
            Some("messages") => id(&message),
            Some("scheduled-messages") => id(&waiting),
            Some("conversations" | "chat") => &patient.conversation,
            Some("links") => id(&message["link"]),
            _ => "",
        };
        path.split('/')
            .map(|part| if part.starts_with('{') { own } else { part })
            .collect::<Vec<_>>()
            .join("/")
    };
    let before = app.tables().await;
    // Nobody has a logo here: `practice.rs` looks at those.
    let gets = contract().operations().into_iter().filter(|(method, path)| {
        method == "GET" && !path.ends_with("/events") && !path.starts_with(paths::LOGOS)
    });
    for (_, template) in gets {
        let mut path = known(&template);
        if template == paths::LINKS {
            path += &format!("?contact_id={}", id(&jordan));
        }
        let client = if path.starts_with(paths::CHAT) { &patient.browser } else { &practice.staff };
        let answer = client.get(&path).await;
        assert!(matches!(answer.status, 200 | 204), "{path}: {}", answer.text);
        client.call(Method::HEAD, &path).undocumented().send().await;
    }
    let after = app.tables().await;
    for (table, rows) in &before {
        // Access records and session bookkeeping aside.
        let bookkeeping =
            ["audit_entries", "staff_sessions", "patient_sessions", "organization_heads", "budgets"];
        if !bookkeeping.contains(&&**table) {
            assert_eq!(&after[table], rows, "{table}");
        }
    }
}

#[tokio::test]
async fn a_nul_reaches_no_database() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let contact = format!("{}/{}", paths::CONTACTS, id(&jordan));
    let key = &practice.key;
    let answers = [
        key.get(&format!("{}?q=%00", paths::CONTACTS)).await,
        key.get(&format!("{}?external_id=a%00b", paths::CONTACTS)).await,
        key.get(&format!("{}?cursor=%00", paths::CONVERSATIONS)).await,
        key.patch(paths::SETTINGS_SECURE_MESSAGING, json!({ "notice_sms_body": "\0{{ secure_link }}" }))
            .await,
        key.patch(
            paths::SETTINGS_SECURE_MESSAGING,
            json!({ "default_pin": { "kind": "template", "value": "\0{{ contact.phone }}" } }),
        )
        .await,
        key.post(paths::CONTACTS, json!({ "first_name": "A", "external_id": "a\0b" })).await,
        key.patch(&contact, json!({ "external_id": "a\0b" })).await,
        key.put(&format!("{contact}/pin"), json!({ "pin": "48\u{0}21" })).await,
        app.anybody().post(paths::SESSION, json!({ "email": "a\0b@c.example", "password": "x" })).await,
        app.anybody().post(paths::SESSION_ONE_TIME, json!({ "token": "a\0b" })).await,
    ];
    for answer in answers {
        assert!((400..500).contains(&answer.status), "{answer:?}");
    }
    // Names and messages are written by people, who see no such character: there it is dropped.
    let named = key.post(paths::CONTACTS, json!({ "first_name": "A\0b" })).await.expect(201);
    assert_eq!(named["first_name"], "Ab");
    let message = json!({ "contact_id": id(&jordan), "body": "a\0b", "secure": true });
    assert_eq!(key.post(paths::MESSAGES, message).await.expect(201)["body"], "ab");
    app.deliver().await;
}
