//! The document that integrators build against.

use std::collections::BTreeSet;

use reqwest::Method;
use sealpost_tests::app::TestApp;
use sealpost_tests::contract::contract;
use serde_json::{Value, json};

/// `it_openapi_snapshot`.
#[test]
fn the_committed_document_is_what_the_code_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/openapi.json");
    let committed: Value =
        serde_json::from_str(&std::fs::read_to_string(path).expect("a file")).expect("JSON");
    assert!(&committed == contract().document(), "run: sealpost openapi > openapi/openapi.json");
}

#[tokio::test]
async fn the_server_hands_it_out() {
    let app = TestApp::start().await;
    let served = app.anybody().call(Method::GET, "/openapi.json").undocumented().send().await.expect(200);
    assert_eq!(&served, contract().document());
    assert_eq!(served["openapi"], "3.1.0");
}

#[test]
fn every_reference_leads_somewhere() {
    fn follow(document: &Value, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| follow(document, item)),
            Value::Object(fields) => {
                if let Some(to) = fields.get("$ref").and_then(Value::as_str) {
                    assert!(document.pointer(to.trim_start_matches('#')).is_some(), "{to} is nowhere");
                }
                fields.values().for_each(|field| follow(document, field));
            }
            _ => {}
        }
    }
    follow(contract().document(), contract().document());
}

#[test]
fn every_call_has_a_name_a_feature_a_sentence_and_its_refusals() {
    let features = [
        "api-keys",
        "audit",
        "channels",
        "chat",
        "contact-fields",
        "contacts",
        "conversations",
        "events",
        "health",
        "hooks",
        "invitations",
        "links",
        "messages",
        "settings",
        "setup",
        "staff",
    ];
    let mut names = BTreeSet::new();
    for (method, path) in contract().operations() {
        let operation = &contract().document()["paths"][&path][method.to_lowercase()];
        let call = format!("{method} {path}");
        let name = operation["operationId"].as_str().unwrap_or_else(|| panic!("{call}: no operationId"));
        assert!(names.insert(name.to_owned()), "{call}: {name} is taken");
        let tag = operation["tags"][0].as_str().unwrap_or_default();
        assert!(features.contains(&tag), "{call}: tag {tag:?}");
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{call}: no summary");
        let statuses: Vec<_> = operation["responses"].as_object().expect("responses").keys().collect();
        assert!(statuses.iter().any(|status| status.starts_with('2')), "{call}: {statuses:?}");
        if path.contains('{') {
            assert!(statuses.iter().any(|status| *status == "404"), "{call}: lacks 404");
        }
    }
}

#[test]
fn every_body_has_examples_that_are_what_its_schema_says() {
    let document = contract().document();
    for (method, path) in contract().operations() {
        let operation = &document["paths"][&path][method.to_lowercase()];
        let answers = operation["responses"].as_object().into_iter().flatten();
        let bodies = answers.map(|(status, answer)| (status.as_str(), &answer["content"]));
        for (which, content) in bodies.chain([("request", &operation["requestBody"]["content"])]) {
            for (kind, media) in
                content.as_object().into_iter().flatten().filter(|(kind, _)| kind.ends_with("json"))
            {
                let call = format!("{method} {path} {which} {kind}");
                let named = media["examples"].as_object().into_iter().flatten().map(|(_, one)| {
                    let place =
                        one["$ref"].as_str().and_then(|to| document.pointer(to.trim_start_matches('#')));
                    &place.expect("an example of the document")["value"]
                });
                let examples: Vec<_> = named.chain(media.get("example")).collect();
                assert!(!examples.is_empty() || path == "/openapi.json", "{call}: no example");
                for example in examples {
                    let errors = contract().errors(&call, &media["schema"], example);
                    assert!(errors.is_empty(), "{call}: {errors:#?}\n{example:#}");
                }
            }
        }
    }
}

#[test]
fn every_call_says_in_words_who_may_call_and_what_comes_back() {
    let document = contract().document();
    for (method, path) in contract().operations() {
        let operation = &document["paths"][&path][method.to_lowercase()];
        let call = format!("{method} {path}");
        assert!(operation["description"].as_str().is_some_and(|text| text.contains("For ")), "{call}");
        assert!(operation["security"].is_array(), "{call}");
        for (status, answer) in operation["responses"].as_object().expect("responses") {
            assert!(answer["description"].as_str().is_some_and(|text| !text.is_empty()), "{call} {status}");
        }
    }
}

#[test]
fn no_schema_stands_there_for_nobody_and_none_is_null_by_default() {
    let text = contract().document().to_string();
    assert!(!text.contains("\"default\":null"));
    for name in contract().document()["components"]["schemas"].as_object().expect("schemas").keys() {
        assert!(text.contains(&format!("\"#/components/schemas/{name}\"")), "{name} is used by nobody");
    }
}

/// Where in a schema null is let through.
fn nulls(value: &Value, at: &str, found: &mut Vec<String>) {
    let several = value["type"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "null"));
    if several || value["type"] == "null" {
        found.push(at.to_owned());
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| nulls(item, at, found)),
        Value::Object(fields) => {
            fields.iter().for_each(|(name, field)| nulls(field, &format!("{at}/{name}"), found));
        }
        _ => {}
    }
}

#[test]
fn no_answer_s_schema_lets_null_through_and_a_merge_patch_s_does() {
    let document = contract().document();
    let mut waiting = Vec::new();
    for (method, path) in contract().operations() {
        waiting.push(document["paths"][&path][method.to_lowercase()]["responses"].clone());
    }
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    while let Some(schema) = waiting.pop() {
        nulls(&schema, "", &mut found);
        let text = schema.to_string();
        for part in text.split("\"#/components/schemas/").skip(1) {
            let name = part.split('"').next().expect("a name").to_owned();
            if seen.insert(name.clone()) {
                waiting.push(json!({ &name: document["components"]["schemas"][&name] }));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
    assert!(seen.len() > 50, "{seen:?}");
    let phone = &document["components"]["schemas"]["UpdateContact"]["properties"]["phone"];
    assert!(phone["type"].as_array().is_some_and(|kinds| kinds.contains(&json!("null"))), "{phone}");
}

#[test]
fn a_refusal_is_documented_only_where_it_can_happen() {
    let document = contract().document();
    let places = |code: &str| {
        let calls = contract().operations().into_iter().filter(|(method, path)| {
            let answers = document["paths"][path][method.to_lowercase()]["responses"].as_object();
            let said = answers.into_iter().flatten().filter_map(|(_, answer)| answer["description"].as_str());
            said.into_iter().any(|text| text.contains(&format!("`{code}`")))
        });
        calls.map(|(_, path)| path).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    assert_eq!(places("last_admin"), ["/api/v1/users/{id}"]);
    assert_eq!(places("channel_from_environment").len(), 2);
    assert!(places("conflict").iter().all(|path| !path.contains("/chat/") && !path.contains("/settings/")));
    let second_step =
        |path: &str| path.starts_with("/api/v1/session/") || path == "/api/v1/settings/security";
    assert!(places("second_step_state").iter().all(|path| second_step(path)));
    assert!(
        places("pin_policy_unmet").iter().all(|path| path.contains("messages") || path.ends_with("/test"))
    );
}
