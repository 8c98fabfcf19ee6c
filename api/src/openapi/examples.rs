//! An example for every request and every answer, made from the schemas: a schema's own example first, then what
//! a field of this name usually holds. A test holds each against its schema.

use sealpost_shared::problem::ProblemCode;
use serde_json::{Map, Value, json};

use super::words::operations;

/// Deeper than this only what must be there is shown.
const DEPTH: usize = 5;

pub fn add(document: &mut Value) {
    let schemas = document["components"]["schemas"].clone();
    // No operation answers it: it is what an address without that method says.
    let examples = ProblemCode::ALL.iter().filter(|code| **code != ProblemCode::MethodNotAllowed);
    let examples = examples.map(|code| (code.as_str().to_owned(), json!({ "value": problem(*code) })));
    document["components"]["examples"] = examples.collect::<Map<_, _>>().into();
    for (_, _, operation) in operations(document) {
        let is_message = operation["operationId"] == "send_message";
        for (kind, media) in
            operation.pointer_mut("/requestBody/content").and_then(Value::as_object_mut).into_iter().flatten()
        {
            if kind.ends_with("json") && !has_one(media) {
                media["example"] = if is_message { message() } else { of(&schemas, &media["schema"], "", 0) };
            }
        }
        for (_, answer) in operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten()
        {
            let codes = answer["description"].as_str().unwrap_or_default().to_owned();
            for (kind, media) in
                answer.get_mut("content").and_then(Value::as_object_mut).into_iter().flatten()
            {
                if kind == "application/problem+json" {
                    media["examples"] = problems(&codes);
                } else if kind.ends_with("json") && !has_one(media) {
                    media["example"] = of(&schemas, &media["schema"], "", 0);
                }
            }
        }
    }
}

fn has_one(media: &Value) -> bool {
    media.get("example").is_some() || media.get("examples").is_some()
}

/// The one request whose fields exclude each other.
fn message() -> Value {
    json!({
        "contact": { "first_name": "Jordan", "phone": "+15550100142" },
        "body": "Your results are in.",
        "secure": true,
        "channel": "sms",
        "link_lifetime": "24_hours",
        "pin": "4821",
    })
}

/// One per code that the description names; they stand once, with the schemas.
fn problems(description: &str) -> Value {
    let named = ProblemCode::ALL.iter().filter(|code| description.contains(&format!("`{}`", code.as_str())));
    let place = |code: &str| json!({ "$ref": format!("#/components/examples/{code}") });
    named.map(|code| (code.as_str().to_owned(), place(code.as_str()))).collect::<Map<_, _>>().into()
}

fn problem(code: ProblemCode) -> Value {
    let mut body = json!({
        "type": format!("/docs/problems#{}", code.as_str()),
        "title": code.title(),
        "status": code.status(),
        "detail": code.title(),
        "code": code.as_str(),
        "request_id": "req_4kVq0ZtGm1uXc8sLrYwB2n",
    });
    match code {
        ProblemCode::ValidationFailed => {
            let error =
                json!({ "pointer": "/first_name", "code": "too_long", "detail": "100 characters at most" });
            body["errors"] = json!([error]);
        }
        ProblemCode::PinIncorrect => body["attempts_left"] = json!(3),
        ProblemCode::PinLocked => body["locked_until"] = json!("2026-12-01T15:40:00Z"),
        _ => {}
    }
    body
}

fn of(schemas: &Value, schema: &Value, name: &str, depth: usize) -> Value {
    if let Some(own) =
        schema.get("example").or_else(|| schema["examples"].get(0)).or_else(|| schema.get("const"))
    {
        return own.clone();
    }
    if let Some(to) = schema["$ref"].as_str().and_then(|to| to.rsplit('/').next()) {
        return of(schemas, &schemas[to], name, depth);
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    for choice in ["oneOf", "anyOf"] {
        let some = schema[choice].as_array().into_iter().flatten().find(|it| it["type"] != "null");
        if let Some(some) = some {
            return of(schemas, some, name, depth);
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let parts = parts.iter().filter_map(|part| of(schemas, part, name, depth).as_object().cloned());
        return parts.flatten().collect::<Map<_, _>>().into();
    }
    match kind_of(schema) {
        "object" => object(schemas, schema, depth),
        "array" if depth > DEPTH => json!([]),
        "array" => json!([of(schemas, &schema["items"], name, depth + 1)]),
        "boolean" => json!(true),
        "integer" | "number" => {
            schema.get("minimum").filter(|it| it.as_i64() > Some(0)).cloned().unwrap_or(json!(1))
        }
        _ => json!(text(schema, name)),
    }
}

fn kind_of(schema: &Value) -> &str {
    let several = schema["type"].as_array().into_iter().flatten().filter_map(Value::as_str);
    schema["type"].as_str().or_else(|| several.into_iter().find(|kind| *kind != "null")).unwrap_or("string")
}

fn object(schemas: &Value, schema: &Value, depth: usize) -> Value {
    let required: Vec<_> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let fields = schema["properties"].as_object().into_iter().flatten();
    let shown = fields.filter(|(name, _)| depth < DEPTH || required.contains(&name.as_str()));
    shown
        .map(|(name, field)| (name.clone(), of(schemas, field, name, depth + 1)))
        .collect::<Map<_, _>>()
        .into()
}

/// Invented people and places; `.example` and 555-01 belong to nobody.
fn text(schema: &Value, name: &str) -> &'static str {
    match (schema["format"].as_str(), name) {
        (Some("date-time"), _) => "2026-12-01T16:00:00Z",
        (Some("date"), _) => "2026-12-01",
        (Some("uuid"), _) => "0190d3a1-7c1e-7f00-8a3b-5d2f6c9e4b10",
        (_, "first_name") => "Jordan",
        (_, "last_name") => "Reyes",
        (_, "name" | "display_name" | "contact_name" | "from_name") => "Jordan Reyes",
        (_, "body" | "text" | "preview" | "snippet") => "Your results are in.",
        (_, "phone" | "to" | "from") => "+15550100142",
        (_, "email") => "jordan@example.org",
        (_, "language") => "en",
        (_, "time_zone") => "America/Chicago",
        (_, "external_id") => "ehr-20481",
        (_, "token") => "3fT9kQ2mZx7LwB5cVn8RdY",
        (_, "pin") => "4821",
        (_, "code") => "123456",
        (_, "password" | "current_password" | "new_password") => "correct horse battery staple",
        (_, "next_cursor" | "cursor") => "g2wRk1",
        (_, "accent_color") => "#0f6e6e",
        (_, "logo_url") => "/api/v1/logos/org_01jq8rv4x5f9tbn2d6w3k7hzme/4f1c.png",
        (_, "public_url" | "origin") => "https://messages.riverside.example",
        (_, "notice_sms_body") => "{{ user.name_and_company }} sent you a private message: {{ secure_link }}",
        (_, "notice_email_body") => "Open your message: {{ secure_link }}",
        (_, "notice_email_subject" | "subject") => "A private message for you",
        (_, "emergency_notice") => "Not for emergencies. In an emergency call 911.",
        _ => "text",
    }
}
