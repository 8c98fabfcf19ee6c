//! Holds each answer against the OpenAPI document: the call, its status and its body must stand there.
//! Answers carry no null and no field that the document does not name.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jsonschema::Validator;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

pub struct Contract {
    document: Value,
    components: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

/// The document of the server under test.
pub fn contract() -> &'static Contract {
    static CONTRACT: OnceLock<Contract> = OnceLock::new();
    CONTRACT.get_or_init(|| Contract::of(sealpost_api::app::openapi().expect("the document")))
}

impl Contract {
    fn of(document: Value) -> Self {
        let components = closed(document["components"].clone());
        Self { document, components, validators: Mutex::default() }
    }

    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Every documented call, as `(METHOD, path with {parameters})`.
    pub fn operations(&self) -> Vec<(String, String)> {
        let paths = self.document["paths"].as_object().expect("paths");
        let calls = paths.iter().flat_map(|(path, item)| {
            let methods = item.as_object().into_iter().flatten().map(|(method, _)| method.to_uppercase());
            methods.map(move |method| (method, path.clone()))
        });
        calls.filter(|(method, _)| matches!(&**method, "GET" | "POST" | "PUT" | "PATCH" | "DELETE")).collect()
    }

    /// The kinds of credential that a call takes.
    pub fn security(&self, method: &str, template: &str) -> Vec<String> {
        let security = &self.document["paths"][template][method.to_lowercase()]["security"];
        let kinds = security.as_array().into_iter().flatten().filter_map(Value::as_object);
        kinds.flat_map(|kind| kind.keys().cloned()).collect()
    }

    pub fn check(&self, method: &str, path: &str, status: u16, headers: &HeaderMap, body: &[u8]) {
        let path = path.split('?').next().unwrap_or(path);
        let call = format!("{method} {path} → {status}");
        let template = self.template(method, path).unwrap_or_else(|| panic!("{call}: not a documented call"));
        let operation = &self.document["paths"][&template][method.to_lowercase()];
        let responses = &operation["responses"];
        let key = status.to_string();
        let response = responses
            .get(&key)
            .unwrap_or_else(|| panic!("{call}: the document lacks this status for {template}"));
        let Some(content) = response["content"].as_object() else {
            assert!(body.is_empty(), "{call}: a body, where the document has none");
            return;
        };
        let kind = headers.get("content-type").map(|kind| kind.to_str().expect("ascii")).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or(kind);
        let media = content.get(kind).unwrap_or_else(|| panic!("{call}: the document lacks {kind:?} here"));
        if !kind.ends_with("json") {
            return;
        }
        let json: Value = serde_json::from_slice(body).unwrap_or_else(|_| panic!("{call}: not JSON"));
        if let Some(at) = null_in(&json) {
            panic!("{call}: null at {at}; absent means unset");
        }
        if let Some(code) = json["code"].as_str().filter(|_| kind == "application/problem+json") {
            let said = response["description"].as_str().unwrap_or_default();
            assert!(said.contains(&format!("`{code}`")), "{call}: the document lacks {code} here: {said}");
        }
        let validator = self.validator(format!("{method} {template} {key}"), &media["schema"]);
        let errors: Vec<_> =
            validator.iter_errors(&json).map(|error| format!("{}: {error}", error.instance_path)).collect();
        assert!(errors.is_empty(), "{call}: not what the document says:\n{}\n{json:#}", errors.join("\n"));
    }

    /// The documented path that matches; fixed words win over parameters.
    fn template(&self, method: &str, path: &str) -> Option<String> {
        let paths = self.document["paths"].as_object()?;
        let fits = |template: &str| {
            template.split('/').count() == path.split('/').count()
                && template.split('/').zip(path.split('/')).all(|(t, p)| t.starts_with('{') || t == p)
        };
        let documented = paths
            .iter()
            .filter(|(template, item)| fits(template) && item.get(method.to_lowercase()).is_some());
        documented.map(|(template, _)| template.clone()).min_by_key(|template| template.matches('{').count())
    }

    /// What is wrong with this value by that schema of the document.
    pub fn errors(&self, key: &str, schema: &Value, value: &Value) -> Vec<String> {
        let validator = self.validator(key.to_owned(), schema);
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path)).collect()
    }

    fn validator(&self, key: String, schema: &Value) -> Arc<Validator> {
        let mut validators = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || {
            let mut root = schema.clone();
            root["components"] = self.components.clone();
            let options = jsonschema::options().should_validate_formats(true).build(&root);
            Arc::new(options.unwrap_or_else(|error| panic!("{key}: the schema is not valid: {error}")))
        };
        validators.get(&key).cloned().unwrap_or_else(|| {
            let validator = make();
            validators.insert(key.clone(), validator.clone());
            validator
        })
    }
}

/// The schemas with every object closed, so that an undocumented field is an error. One that is a part of
/// another (`allOf`) stays open: the whole is closed.
fn closed(mut components: Value) -> Value {
    let mut parts = BTreeSet::new();
    collect_parts(&components, &mut parts);
    for (name, schema) in components["schemas"].as_object_mut().into_iter().flatten() {
        let is_object = schema["type"] == "object" || schema.get("allOf").is_some();
        if is_object && !parts.contains(name) && schema.get("additionalProperties").is_none() {
            schema["unevaluatedProperties"] = json!(false);
        }
    }
    components
}

fn collect_parts(value: &Value, parts: &mut BTreeSet<String>) {
    if let Some(all) = value["allOf"].as_array() {
        let names = all.iter().filter_map(|part| part["$ref"].as_str()?.rsplit('/').next());
        parts.extend(names.map(str::to_owned));
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_parts(item, parts)),
        Value::Object(fields) => fields.values().for_each(|field| collect_parts(field, parts)),
        _ => {}
    }
}

fn null_in(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(at, item)| Some(format!("/{at}{}", null_in(item)?)))
        }
        Value::Object(fields) => {
            fields.iter().find_map(|(name, field)| Some(format!("/{name}{}", null_in(field)?)))
        }
        _ => None,
    }
}

/// The headers of security.md D24 that every answer carries; the document and pages add to them.
pub fn check_headers(call: &str, headers: &HeaderMap) {
    let get = |name: &str| headers.get(name).map(|value| value.to_str().expect("ascii")).unwrap_or_default();
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()"),
        ("x-robots-tag", "noindex, nofollow"),
    ] {
        assert_eq!(get(name), value, "{call}: header {name}");
    }
    let policy = get("content-security-policy");
    for part in ["default-src 'none'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{call}: the policy lacks {part}: {policy:?}");
    }
    for part in ["unsafe-inline", "'unsafe-eval'", "http:", "https:", "*"] {
        assert!(!policy.contains(part), "{call}: the policy holds {part}: {policy:?}");
    }
    assert!(
        get("cache-control").contains("no-store") || get("cache-control").contains("immutable"),
        "{call}: cacheable"
    );
    for name in ["server", "x-powered-by", "access-control-allow-origin"] {
        assert!(!headers.contains_key(name), "{call}: has {name}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, status: u16, body: Value) {
        let card = json!({ "type": "object", "properties": { "name": { "type": "string" } } });
        let user = json!({ "allOf": [{ "$ref": "#/components/schemas/Card" },
            { "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } } }] });
        let schema = json!({ "$ref": "#/components/schemas/User" });
        let answers = json!({ "200": { "content": { "application/json": { "schema": schema } } } });
        let contract = Contract::of(json!({
            "components": { "schemas": { "Card": card, "User": user } },
            "paths": { "/users/{id}": { "get": { "responses": answers } } },
        }));
        let headers = [("content-type".to_owned(), "application/json".to_owned())];
        let headers = (&std::collections::HashMap::from(headers)).try_into().expect("headers");
        contract.check("GET", path, status, &headers, body.to_string().as_bytes());
    }

    #[test]
    fn what_the_document_says_passes() {
        check("/users/1", 200, json!({ "id": "1", "name": "Amy" }));
    }

    #[test]
    #[should_panic(expected = "not a documented call")]
    fn another_path_does_not() {
        check("/users", 200, json!({}));
    }

    #[test]
    #[should_panic(expected = "lacks this status")]
    fn another_status_does_not() {
        check("/users/1", 404, json!({}));
    }

    #[test]
    #[should_panic(expected = "not what the document says")]
    fn a_missing_field_does_not() {
        check("/users/1", 200, json!({ "name": "Amy" }));
    }

    #[test]
    #[should_panic(expected = "not what the document says")]
    fn a_field_that_it_does_not_name_does_not() {
        check("/users/1", 200, json!({ "id": "1", "pin": "4821" }));
    }

    #[test]
    #[should_panic(expected = "null at /name")]
    fn a_null_does_not() {
        check("/users/1", 200, json!({ "id": "1", "name": null }));
    }
}
