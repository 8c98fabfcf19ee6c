//! Answers hold no null: what is unset is absent. Here the schemas of answers say so, too; those that only requests
//! use keep their nulls, which clear a field of a merge patch.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::words::{named_in, operations};

pub fn strip_from_answers(document: &mut Value) {
    let mut waiting = Vec::new();
    for (_, _, operation) in operations(document) {
        if let Some(answers) = operation.get_mut("responses") {
            waiting.extend(named_in(answers));
            strip(answers);
        }
    }
    let mut seen = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        if let Some(schema) = document.pointer_mut(&format!("/components/schemas/{name}"))
            && seen.insert(name)
        {
            waiting.extend(named_in(schema));
            strip(schema);
        }
    }
}

fn is_null(schema: &Value) -> bool {
    schema["type"] == "null"
}

fn strip(value: &mut Value) {
    if let Some(kinds) = value.get_mut("type").and_then(Value::as_array_mut) {
        kinds.retain(|kind| kind != "null");
        if let [only] = &kinds[..] {
            value["type"] = json!(only);
        }
    }
    for choice in ["oneOf", "anyOf"] {
        let Some(some) = value.get_mut(choice).and_then(Value::as_array_mut) else { continue };
        let before = some.len();
        some.retain(|schema| !is_null(schema));
        if let (true, [only]) = (some.len() < before, &some[..])
            && let (Value::Object(only), Some(fields)) = (only.clone(), value.as_object_mut())
        {
            fields.remove(choice);
            // What was said of the field goes before what is said of its type.
            only.into_iter().for_each(|(name, part)| _ = fields.entry(name).or_insert(part));
        }
    }
    match value {
        Value::Object(fields) => fields.values_mut().for_each(strip),
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}
