//! Every operation of the document by every kind of caller: each answer is the declared one, and who is refused has
//! changed nothing. What the document names and this table does not fails the test: say here who may call it.

mod calls;

use std::collections::{BTreeMap, BTreeSet};

use calls::{CALLS, NOT_DONE};
use reqwest::Method;
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::{Answer, Client};
use sealpost_tests::contract::contract;
use sealpost_tests::given::{PASSWORD, id};
use serde_json::{Value, json};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Caller {
    Anonymous,
    Patient,
    ReadOnly,
    Member,
    Admin,
    Key,
}

use Caller::{Admin, Anonymous, Key, Member, Patient, ReadOnly};

/// Whom a call lets in, and whom it turns away with 401; the others are known and get 403.
struct Access {
    lets_in: &'static [Caller],
    unknown: &'static [Caller],
}

const EVERYBODY: Access =
    Access { lets_in: &[Anonymous, Patient, ReadOnly, Member, Admin, Key], unknown: &[] };
const THE_PATIENT: Access =
    Access { lets_in: &[Patient], unknown: &[Anonymous, ReadOnly, Member, Admin, Key] };
/// Between the password and the second step: a cookie that nobody here has.
const PENDING: Access = Access { lets_in: &[], unknown: &[Anonymous, Patient, ReadOnly, Member, Admin, Key] };
const PEOPLE: Access = Access { lets_in: &[ReadOnly, Member, Admin], unknown: &[Anonymous, Patient, Key] };
const ADMINS_IN_PERSON: Access = Access { lets_in: &[Admin], unknown: &[Anonymous, Patient, Key] };
const READERS: Access = Access { lets_in: &[ReadOnly, Member, Admin, Key], unknown: &[Anonymous, Patient] };
const WRITERS: Access = Access { lets_in: &[Member, Admin, Key], unknown: &[Anonymous, Patient] };
const ADMINS: Access = Access { lets_in: &[Admin, Key], unknown: &[Anonymous, Patient] };

/// What also takes the cookie of who has a password and must set a second step up before anything else.
const ENROLS: &[&str] = &[
    "POST session/totp",
    "POST session/totp/confirm",
    "POST session/passkeys/start",
    "POST session/passkeys",
];

fn access(call: &str) -> &'static Access {
    let found = CALLS.iter().find(|(_, calls)| calls.contains(&call));
    &found.unwrap_or_else(|| panic!("{call}: say in CALLS who may call it")).0
}

/// As the table writes it.
fn short(method: &str, template: &str) -> String {
    format!("{method} {}", template.strip_prefix("/api/v1/").unwrap_or(template))
}

/// An organization with one of everything, and somebody of each kind.
struct World {
    app: TestApp,
    things: BTreeMap<&'static str, String>,
    callers: BTreeMap<Caller, Client>,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let practice = app.practice().await;
        let jordan = practice.jordan().await;
        let message = practice.send(&jordan, json!({})).await;
        let waiting = practice.send(&jordan, json!({ "send_at": "2026-06-01T15:00:00Z" })).await;
        let patient = app.enter(&app.newest_token().await).await;
        let field = json!({ "key": "birth_year", "label": "Year of birth", "kind": "number" });
        let field = practice.key.post(paths::CONTACT_FIELDS, field).await.expect(201);
        let invited = json!({ "name": "Sam", "email": "sam@riverside.example", "role": "member" });
        let invitation = practice.staff.post(paths::INVITATIONS, invited).await.expect(201);
        let member = app.colleague(&practice, "Kim", "kim@riverside.example", Role::Member).await;
        let reader = app.colleague(&practice, "Lou", "lou@riverside.example", Role::ReadOnly).await;
        let passkey = app.add_passkey(&practice).await;
        let session = practice.staff.get("/api/v1/sessions").await.expect(200);
        let key = json!({ "name": "To be revoked", "scope": "read", "current_password": PASSWORD });
        let key = practice.staff.post(paths::API_KEYS, key).await.expect(201);
        let user = member.get(paths::SESSION).await.expect(200)["user"].clone();
        app.deliver().await;
        let things = BTreeMap::from([
            ("contacts", id(&jordan).to_owned()),
            ("messages", id(&message).to_owned()),
            ("scheduled-messages", id(&waiting).to_owned()),
            ("conversations", patient.conversation.clone()),
            ("chat", patient.conversation.clone()),
            ("links", id(&message["link"]).to_owned()),
            ("contact-fields", id(&field).to_owned()),
            ("invitations", id(&invitation).to_owned()),
            ("users", id(&user).to_owned()),
            ("logos", practice.organization_id.clone()),
            ("api-keys", id(&key["api_key"]).to_owned()),
            ("status", uuid::Uuid::nil().to_string()),
            ("session", passkey),
            ("sessions", session["data"][0]["id"].as_str().expect("an id").to_owned()),
        ]);
        let admin = app.anybody();
        admin.set_cookies(practice.staff.cookies());
        let callers = BTreeMap::from([
            (Anonymous, app.anybody()),
            (Patient, patient.browser),
            (ReadOnly, reader),
            (Member, member),
            (Admin, admin),
            (Key, app.with_key(practice.key.bearer())),
        ]);
        Self { app, things, callers }
    }

    fn path(&self, template: &str) -> String {
        let kind = template.split('/').nth(3).unwrap_or_default();
        let thing = |part: &str| match part {
            "{file}" => "0000.png",
            _ => self.things.get(kind).unwrap_or_else(|| panic!("{template}: make one in World::new")),
        };
        let parts = template.split('/').map(|part| if part.starts_with('{') { thing(part) } else { part });
        let path = parts.collect::<Vec<_>>().join("/");
        if template == paths::LINKS { format!("{path}?contact_id={}", self.things["contacts"]) } else { path }
    }

    /// The document's own example, unless it names what is not there.
    fn body(&self, call: &str, template: &str) -> Value {
        match call {
            "PATCH conversations/{conversation_id}" => json!({ "archived": true }),
            "POST chat/{conversation_id}/read" => json!({ "up_to": self.things["messages"] }),
            "POST settings/secure-messaging/preview" => json!({}),
            // Whoever signed in here would be somebody else from then on.
            "POST session" => json!({ "email": "nobody@riverside.example", "password": PASSWORD }),
            "POST session/passkeys/{passkey_id}/remove" => json!({ "password": PASSWORD }),
            "PATCH session/user" => json!({ "name": "Sam Poe" }),
            "PATCH users/{id}" => json!({ "disabled": false }),
            "POST contacts" => json!({ "first_name": "Robin" }),
            "POST contact-fields" => json!({ "key": "nickname", "label": "Nickname", "kind": "text" }),
            "PATCH settings/secure-messaging" => json!({ "hide_hint": true }),
            "POST setup/check-address" => json!({ "origin": self.app.base() }),
            _ => {
                let (method, _) = call.split_once(' ').expect("a method");
                let operation = &contract().document()["paths"][template][method.to_lowercase()];
                operation["requestBody"]["content"]["application/json"]["example"].clone()
            }
        }
    }

    async fn call(&self, caller: Caller, method: &str, template: &str) -> Answer {
        let client = &self.callers[&caller];
        let verb = Method::from_bytes(method.as_bytes()).expect("a method");
        let call = client.call(verb, &self.path(template));
        if template.ends_with("/logo") && method == "PUT" {
            return call.header("content-type", "image/png").bytes("no picture").send().await;
        }
        match self.body(&short(method, template), template) {
            Value::Null => call.send().await,
            body => call.json(body).send().await,
        }
    }

    /// What nobody's looking or failing may change: sessions' bookkeeping and limits aside.
    async fn rows(&self) -> BTreeMap<String, Vec<String>> {
        let mut rows = self.app.tables().await;
        for aside in ["staff_sessions", "patient_sessions", "budgets"] {
            rows.remove(aside);
        }
        rows
    }
}

/// Reading first, then changing, then taking away; what ends the caller's own session comes last.
fn order(method: &str, template: &str) -> (u8, std::cmp::Reverse<usize>, String) {
    let last = (method == "DELETE" && (template == paths::SESSION || template.contains("/sessions/")))
        || template.ends_with("/leave");
    let takes_away = method == "DELETE" || template.ends_with("/remove");
    let rank = match method {
        _ if last => 9,
        "GET" => 0,
        _ if takes_away => 2,
        _ => 1,
    };
    (rank, std::cmp::Reverse(template.len()), template.to_owned())
}

fn operations() -> Vec<(String, String)> {
    let mut operations = contract().operations();
    operations.sort_by_key(|(method, template)| order(method, template));
    operations
}

fn is_stream(template: &str) -> bool {
    template.ends_with("/events")
}

#[test]
fn the_table_and_the_document_name_the_same_calls() {
    let documented: BTreeSet<_> = operations().iter().map(|(method, path)| short(method, path)).collect();
    let listed: Vec<_> =
        CALLS.iter().flat_map(|(_, calls)| calls.iter().map(|&call| call.to_owned())).collect();
    let unique: BTreeSet<_> = listed.iter().cloned().collect();
    assert_eq!(listed.len(), unique.len(), "a call stands there twice");
    assert_eq!(unique, documented);
}

#[test]
fn the_document_says_of_every_call_who_may_call() {
    for (method, template) in operations() {
        let access = access(&short(&method, &template));
        let lets_in = |caller: Caller| access.lets_in.contains(&caller);
        let mut kinds = Vec::new();
        if lets_in(Anonymous) {
            assert!(contract().security(&method, &template).is_empty(), "{method} {template}");
            continue;
        }
        kinds.extend(lets_in(Admin).then_some("session"));
        kinds.extend(lets_in(Key).then_some("key"));
        kinds.extend(lets_in(Patient).then_some("patient"));
        kinds.extend(access.lets_in.is_empty().then_some("pending_session"));
        let enrols = ENROLS.contains(&short(&method, &template).as_str());
        kinds.extend(enrols.then_some("enrolling_session"));
        let said: BTreeSet<_> = contract().security(&method, &template).into_iter().collect();
        assert_eq!(said, kinds.into_iter().map(str::to_owned).collect(), "{method} {template}");
    }
}

/// security.md D12: the cookie between the password and the second step is of a type of its own.
#[test]
fn three_calls_take_the_cookie_of_a_pending_sign_in_and_four_that_of_enrolling() {
    let taking = |name: &str| {
        let takes = |(method, path): &(String, String)| {
            contract().security(method, path).iter().any(|one| one == name)
        };
        operations().iter().filter(|call| takes(call)).count()
    };
    assert_eq!((taking("pending_session"), taking("enrolling_session")), (3, ENROLS.len()));
}

/// `it_problem_json_everywhere`: a refusal is a problem with a code and the request's id.
fn assert_problem(call: &str, answer: &Answer) {
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{call}");
    assert_eq!(answer.json["status"], answer.status, "{call}");
    assert!(answer.json["code"].is_string(), "{call}");
    assert_eq!(answer.json["request_id"].as_str(), answer.header("x-request-id"), "{call}");
}

#[tokio::test]
async fn whoever_may_not_call_is_told_so_and_changes_nothing() {
    let world = World::new().await;
    let before = world.rows().await;
    let mut refused = 0;
    for (method, template) in operations() {
        let access = access(&short(&method, &template));
        for &caller in world.callers.keys().filter(|caller| !access.lets_in.contains(caller)) {
            let call = format!("{method} {template} by {caller:?}");
            let answer = world.call(caller, &method, &template).await;
            let status = if access.unknown.contains(&caller) { 401 } else { 403 };
            assert_eq!(answer.status, status, "{call}: {}", answer.text);
            let code = if status == 401 { "unauthenticated" } else { "forbidden" };
            assert_eq!(answer.json["code"], code, "{call}");
            assert_problem(&call, &answer);
            refused += 1;
        }
    }
    assert!(refused > 150, "{refused}");
    assert_eq!(world.rows().await, before);
}

/// The client holds every answer against the document.
async fn is_let_in_everywhere(caller: Caller) {
    let world = World::new().await;
    let calls = operations();
    let own = calls.iter().filter(|(method, path)| access(&short(method, path)).lets_in.contains(&caller));
    let mut not_done = Vec::new();
    for (method, template) in own {
        let call = format!("{method} {template} by {caller:?}");
        if is_stream(template) {
            drop(world.callers[&caller].stream(&world.path(template)).await);
            continue;
        }
        let answer = world.call(caller, method, template).await;
        assert!(answer.status < 500, "{call}: {}", answer.text);
        if answer.status >= 400 {
            assert_problem(&call, &answer);
        }
        if answer.status >= 300 && !NOT_DONE.contains(&(&*short(method, template), answer.status)) {
            not_done.push(format!("{call}: {} {}", answer.status, answer.json["code"]));
        }
        let open = access(&short(method, template)).lets_in.contains(&Anonymous);
        // Passkeys are one's own: to everybody but their owner there is none.
        if template.contains("{passkey_id}") {
            assert_eq!(answer.status == 404, caller != Admin, "{call}: {}", answer.text);
            continue;
        }
        // So are sessions.
        let found = answer.status != 404 || template.ends_with("/sessions/{session_id}");
        let turned_away = !found || matches!(answer.status, 401 | 403 | 405 | 415);
        assert!(open || !turned_away, "{call}: {}", answer.text);
    }
    assert!(not_done.is_empty(), "reached, but not done:\n{}", not_done.join("\n"));
    world.app.deliver().await;
}

#[tokio::test]
async fn anybody_reaches_what_is_for_anybody() {
    is_let_in_everywhere(Anonymous).await;
}

#[tokio::test]
async fn a_patient_reaches_what_is_for_patients() {
    is_let_in_everywhere(Patient).await;
}

#[tokio::test]
async fn who_may_only_read_reaches_what_can_be_read() {
    is_let_in_everywhere(ReadOnly).await;
}

#[tokio::test]
async fn a_member_reaches_what_is_for_members() {
    is_let_in_everywhere(Member).await;
}

#[tokio::test]
async fn an_admin_reaches_what_is_for_admins() {
    is_let_in_everywhere(Admin).await;
}

#[tokio::test]
async fn a_key_reaches_what_is_for_keys() {
    is_let_in_everywhere(Key).await;
}
