//! What the document says in words where an operation leaves it out: who may call, what comes back, and which
//! problem codes each status can have. Takes out what says nothing: defaults of null, schemas that nobody uses.

use std::collections::BTreeSet;

use sealpost_shared::problem::ProblemCode;
use serde_json::{Map, Value, json};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Every operation, with its method and path.
pub fn operations(document: &mut Value) -> impl Iterator<Item = (&String, &String, &mut Value)> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    paths.into_iter().flatten().flat_map(|(path, item)| {
        let calls = item.as_object_mut().into_iter().flatten();
        let calls = calls.filter(|(method, _)| METHODS.contains(&method.as_str()));
        calls.map(move |(method, call)| (method, path, call))
    })
}

pub fn mend(document: &mut Value) {
    for (method, path, operation) in operations(document) {
        if operation.get("security").is_none() {
            operation["security"] = json!([]);
        }
        let hook = path.starts_with("/hooks/");
        let callers = if hook { "For the provider alone.".to_owned() } else { callers(operation) };
        let said = operation["description"].as_str().unwrap_or_default().trim().to_owned();
        operation["description"] =
            json!(if said.is_empty() { callers } else { format!("{said}\n\n{callers}") });
        let traits = Traits::of(method, path, operation);
        for (status, answer) in
            operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten()
        {
            answer["description"] = json!(description(status, answer, &traits));
        }
    }
    drop_null_defaults(document);
    drop_unused(document);
}

fn callers(operation: &Value) -> String {
    let needs = operation["security"].as_array().into_iter().flatten();
    let names = needs.filter_map(|need| Some(need.as_object()?.keys().next()?.as_str()));
    let by: Vec<_> = names
        .map(|name| match name {
            "key" => "a key",
            "patient" => "the patient whose session it is",
            _ => "a member of the staff who is signed in",
        })
        .collect();
    if by.is_empty() { "For anybody.".to_owned() } else { format!("For {}.", by.join(" or ")) }
}

/// What decides which codes an operation can have.
struct Traits {
    method: String,
    path: String,
    has_cursor: bool,
    has_body: bool,
    takes_keys: bool,
    creates: bool,
    /// Somebody must be known: a session or a key.
    known: bool,
}

impl Traits {
    fn of(method: &str, path: &str, operation: &Value) -> Self {
        let parameters = operation["parameters"].as_array();
        let has = |name: &str| parameters.into_iter().flatten().any(|it| it["name"] == name);
        let needs = operation["security"].as_array().into_iter().flatten();
        let needs: Vec<_> = needs.filter_map(Value::as_object).collect();
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            has_cursor: has("cursor"),
            has_body: operation.get("requestBody").is_some(),
            takes_keys: needs.iter().any(|need| need.contains_key("key")),
            creates: has("Idempotency-Key"),
            known: !needs.is_empty(),
        }
    }

    /// Where each code can happen, beyond what the operation says itself. A new code must say so here: codes of
    /// one feature are not said of the others.
    fn allow(&self, code: ProblemCode) -> bool {
        use ProblemCode as Code;
        let under = |part: &str| self.path.contains(part);
        let gate = under("/secure-links/") && !under("/relink");
        match code {
            // Whatever is called; which operations have the status at all is `complete`'s to say.
            Code::BadRequest | Code::MethodNotAllowed | Code::PayloadTooLarge => true,
            Code::UnsupportedMediaType | Code::ValidationFailed | Code::RateLimited => true,
            Code::Internal | Code::Unavailable => true,
            // The operation says so itself where it can happen.
            Code::PasskeyIncorrect => false,
            Code::Conflict | Code::LastAdmin | Code::AdminDue => false,
            Code::ChannelFromEnvironment | Code::SecondStepState => false,
            // A PIN that was set while another was being checked is asked for anew.
            Code::PinRequired => under("/secure-links/enter") || under("/secure-links/verify-pin"),
            Code::PasswordDisabled => under("/session") && self.has_body,
            Code::ResetNotFound => under("/password-reset/complete"),
            Code::PinIncorrect => under("/secure-links/verify-pin"),
            Code::PinDisabled | Code::PinLocked | Code::LinkNotFound => gate,
            Code::LinkExpired => gate || under("/chat/"),
            Code::NotFound => !under("/secure-links/"),
            Code::SessionChanged => under("/chat/"),
            Code::InvitationNotFound => under("/invitations/") && !self.known,
            Code::CodeIncorrect | Code::CredentialsInvalid => under("/session") && self.has_body,
            Code::Unauthenticated | Code::SessionEnded => self.known,
            Code::Forbidden => self.known && !under("/chat/"),
            Code::RequestOriginRefused => self.method != "get" && !under("/hooks/"),
            Code::CursorInvalid => self.has_cursor,
            Code::IdempotencyKeyMissing | Code::IdempotencyKeyInvalid => self.creates,
            Code::IdempotencyKeyInUse | Code::IdempotencyKeyReused => self.creates,
            Code::CredentialsAmbiguous => self.takes_keys || self.known,
            Code::ChannelNotConfigured => self.sends() || under("/settings/channels/"),
            Code::SecureMessagingDisabled | Code::AddressMissing | Code::ContactOptedOut => self.sends(),
            Code::CountryNotAllowed => self.sends(),
            Code::PinUnresolved | Code::NoticeUnresolved => self.sends(),
            Code::PinPolicyUnmet | Code::PinsDisabled => self.sends(),
        }
    }

    /// A message to a contact.
    fn sends(&self) -> bool {
        let message = self.path.ends_with("/messages") && !self.path.contains("/chat/");
        let test = self.path.ends_with("/secure-messaging/test");
        let again = self.path.contains("/messages/{message_id}/re");
        self.method == "post" && (message || test || again)
    }
}

fn description(status: &str, answer: &Value, traits: &Traits) -> String {
    let said = answer["description"].as_str().unwrap_or_default().trim();
    if status.starts_with('2') {
        return if said.is_empty() { of_success(status, answer) } else { said.to_owned() };
    }
    let is_problem = answer["content"].get("application/problem+json").is_some();
    let codes = ProblemCode::ALL.iter().filter(|code| is_problem && code.status().to_string() == status);
    let codes = codes.filter(|code| traits.allow(**code)).map(|code| format!("`{}`", code.as_str()));
    let more: Vec<_> = codes.filter(|code| !said.contains(code.as_str())).collect();
    match (said.is_empty(), more.is_empty()) {
        (true, _) => more.join(", "),
        (false, true) => said.to_owned(),
        (false, false) => format!("{said}; also {}", more.join(", ")),
    }
}

fn of_success(status: &str, answer: &Value) -> String {
    let content = answer["content"].as_object().into_iter().flatten().next();
    let schema = content.and_then(|(_, media)| media["schema"]["$ref"].as_str()?.rsplit('/').next());
    match (status, schema) {
        ("201", Some(name)) => format!("Made: the `{name}`"),
        ("202", Some(name)) => format!("Taken on: the `{name}`"),
        (_, Some(name)) => match name.strip_prefix("Page_") {
            Some(name) => format!("A page of `{name}`"),
            None => format!("The `{name}`"),
        },
        ("204", None) => "Done; there is nothing to say".to_owned(),
        (_, None) => "Done".to_owned(),
    }
}

/// A merge patch's absent field stays; it is not null by default.
fn drop_null_defaults(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if fields.get("default").is_some_and(Value::is_null) {
                fields.remove("default");
            }
            fields.values_mut().for_each(drop_null_defaults);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_null_defaults),
        _ => {}
    }
}

fn drop_unused(document: &mut Value) {
    let mut used = BTreeSet::new();
    let mut waiting: Vec<String> = named_in(&document["paths"]);
    while let Some(name) = waiting.pop() {
        if used.insert(name.clone()) {
            waiting.extend(named_in(&document["components"]["schemas"][&name]));
        }
    }
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        let all = std::mem::take(schemas);
        *schemas = all.into_iter().filter(|(name, _)| used.contains(name)).collect::<Map<_, _>>();
    }
}

pub fn named_in(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, field)| match field.as_str().filter(|_| name == "$ref") {
                Some(to) => to.rsplit('/').next().map(str::to_owned).into_iter().collect(),
                None => named_in(field),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(named_in).collect(),
        _ => Vec::new(),
    }
}
