//! The audit log: what is written down, and how admins read it (security.md D23).

mod walk;

use chrono::TimeDelta;
use sealpost_api::journal::Actor;
use sealpost_shared::audit::ACTIONS;
use sealpost_shared::ids::UserId;
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::{Practice, id};
use serde_json::{Value, json};

/// Entries that match, newest first.
async fn entries(practice: &Practice, query: &str) -> Vec<Value> {
    let page = practice.staff.get(&format!("{}?limit=200&{query}", paths::AUDIT)).await.expect(200);
    page["data"].as_array().expect("a list").clone()
}

fn actions(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|entry| entry["action"].as_str().expect("text")).collect()
}

async fn own_id(practice: &Practice) -> String {
    id(&practice.staff.get(paths::SESSION).await.expect(200)["user"]).to_owned()
}

#[tokio::test]
async fn admins_see_who_did_what_by_filter_and_page_by_page() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let amy = own_id(&practice).await;
    let before = app.state().now();
    app.clock.advance(TimeDelta::minutes(1));
    let jordan = practice.staff.post(paths::CONTACTS, json!({ "first_name": "Jordan" })).await.expect(201);
    practice.set_pin(&jordan, "4821").await;

    let all = entries(&practice, "").await;
    assert_eq!(all.last().expect("entries")["action"], "organization.created");
    let numbers: Vec<_> = all.iter().map(|entry| entry["sequence"].as_u64().expect("a number")).collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).rev().collect::<Vec<_>>());
    let own = entries(&practice, &format!("actor={amy}")).await;
    assert!(
        own.iter().all(|entry| entry["actor"] == json!({ "kind": "staff", "id": amy, "name": "Amy Lee" }))
    );
    assert_eq!(own[0]["subject"], jordan["id"]);
    let about = entries(&practice, &format!("subject={}", id(&jordan))).await;
    assert_eq!(actions(&about), ["contact.pin_set", "contact.created"]);
    assert_eq!(about[0]["actor"]["kind"], "api_key");
    assert!(about[0]["actor"]["name"].is_string());
    assert_eq!(entries(&practice, "action=contact.pin_set").await.len(), 1);
    let since = (before + TimeDelta::seconds(1)).format("%Y-%m-%dT%H:%M:%SZ").to_string();
    assert_eq!(
        actions(&entries(&practice, &format!("from={since}")).await),
        ["contact.pin_set", "contact.created"]
    );
    assert_eq!(entries(&practice, &format!("to={since}")).await.len(), all.len() - 2);
    assert!(entries(&practice, "actor=system").await.iter().all(|entry| entry["actor"]["kind"] == "system"));
    let created = entries(&practice, "action=user.created").await;
    assert_eq!((&created[0]["subject"], &created[0]["subject_name"]), (&json!(amy), &json!("Amy Lee")));

    let first = practice.staff.get(&format!("{}?limit=2", paths::AUDIT)).await.expect(200);
    assert_eq!(first["data"], json!(all[..2]));
    let cursor = first["next_cursor"].as_str().expect("more");
    let second = practice.staff.get(&format!("{}?limit=2&cursor={cursor}", paths::AUDIT)).await.expect(200);
    assert_eq!(second["data"], json!(all[2..4]));
    let other = format!("{}?action=contact.created&cursor={cursor}", paths::AUDIT);
    practice.staff.get(&other).await.refused(400, "cursor_invalid");
    for wrong in ["actor=nobody", "from=yesterday", "limit=0", "who=amy"] {
        practice.staff.get(&format!("{}?{wrong}", paths::AUDIT)).await.refused(400, "bad_request");
    }
}

#[tokio::test]
async fn the_log_is_for_admins_in_person_and_for_their_own_organization() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.jordan().await;
    let member = app.colleague(&practice, "Kim Roe", "kim@riverside.example", Role::Member).await;
    let other = app.practice_named("Lakeside Law", "kim@lakeside.example").await;
    for path in [paths::AUDIT, paths::AUDIT_EXPORT, paths::AUDIT_STATE] {
        member.get(path).await.refused(403, "forbidden");
        practice.key.get(path).await.refused(401, "unauthenticated");
        app.anybody().get(path).await.refused(401, "unauthenticated");
    }
    assert!(entries(&other, "action=contact.created").await.is_empty());
    let table = other.staff.get(paths::AUDIT_EXPORT).await;
    assert!(table.status == 200 && !table.text.contains("contact.created"), "{}", table.text);
}

#[tokio::test]
async fn the_log_is_taken_away_as_a_table_in_which_nothing_is_a_formula() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let name = json!({ "name": "=HYPERLINK(\"//x\")" });
    practice.staff.patch(paths::SESSION_USER, name).await.expect(200);
    for number in 0..250 {
        practice.contact(json!({ "first_name": format!("N{number}") })).await;
    }
    let answer = practice.staff.get(&format!("{}?action=contact.created", paths::AUDIT_EXPORT)).await;
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(answer.header("content-disposition").is_some_and(|it| it.contains("audit-log.csv")));
    let lines: Vec<_> = answer.text.lines().collect();
    assert_eq!(lines.len(), 251, "one of headings, and every entry, over several pages");
    assert!(lines[0].starts_with("\"sequence\",\"created_at\""), "{}", lines[0]);
    let all = practice.staff.get(paths::AUDIT_EXPORT).await.text;
    assert!(all.contains("\"'=HYPERLINK(\"\"//x\"\")\""), "the name was made harmless");
    let exported = entries(&practice, "action=audit.exported").await;
    assert_eq!(exported.len(), 2);
    app.write_reads_down().await;
    assert_eq!(entries(&practice, "action=audit.viewed").await.len(), 1, "looking is written down, once");
}

#[tokio::test]
async fn the_chain_s_state_is_shown_with_the_log() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.jordan().await;
    let length = entries(&practice, "").await.len();
    let state = practice.staff.get(paths::AUDIT_STATE).await.expect(200);
    assert_eq!(
        (&state["verified"], &state["length"], &state["checked"]),
        (&json!(true), &json!(length), &json!(length))
    );
    assert_eq!(state["head"].as_str().map(str::len), Some(64));
    app.allow_changes_of_audit().await;
    app.audit_sql("UPDATE audit_entries SET subject = 'x' WHERE sequence = 3").await;
    let state = practice.staff.get(paths::AUDIT_STATE).await.expect(200);
    assert_eq!(
        (&state["verified"], &state["first_broken"]),
        (&json!(false), &json!({ "sequence": 3, "fault": "changed" }))
    );
}

#[tokio::test]
async fn who_reads_messages_is_written_down_once_in_a_quarter_of_an_hour() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let message = practice.send(&jordan, json!({})).await;
    let conversation = message["conversation_id"].as_str().expect("an id");
    let thread = format!("{}/{conversation}/messages", paths::CONVERSATIONS);
    let patient = app.enter(&app.newest_token().await).await;
    let read = async || {
        practice.staff.get(&thread).await.expect(200);
        practice.history(&jordan).await;
        practice.message(&message).await;
        patient.bodies().await;
    };
    read().await;
    read().await;
    assert!(entries(&practice, "action=conversation.read").await.is_empty(), "apart from the read");
    app.write_reads_down().await;
    let noted = entries(&practice, "action=conversation.read").await;
    assert!(noted.iter().all(|entry| entry["subject"] == conversation));
    let mut kinds: Vec<_> =
        noted.iter().map(|entry| entry["actor"]["kind"].as_str().expect("text")).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["api_key", "contact", "staff"]);
    // Another server, or this one after a restart, knows what stands there.
    let second = app.second().await;
    let amy: UserId = own_id(&practice).await.parse().expect("an id");
    let organization = practice.organization_id.parse().expect("an id");
    let state = second.state();
    state.reads.note(organization, Actor::Staff(amy), "conversation.read", conversation, state.now());
    state.reads.write_down(&state.db, state.now()).await.expect("written down");
    assert_eq!(entries(&practice, "action=conversation.read").await.len(), 3);
    app.clock.advance(TimeDelta::minutes(14));
    read().await;
    app.write_reads_down().await;
    assert_eq!(entries(&practice, "action=conversation.read").await.len(), 3);
    patient.browser.post(&patient.path("/stay"), json!({})).await.expect(200);
    app.clock.advance(TimeDelta::minutes(1));
    patient.bodies().await;
    practice.history(&jordan).await;
    app.write_reads_down().await;
    practice.sign_in().await;
    assert_eq!(entries(&practice, "action=conversation.read").await.len(), 5);
}

#[tokio::test]
async fn who_reads_lists_and_records_is_written_down_once_in_a_quarter_of_an_hour() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let empty = async |action: &str| entries(&practice, &format!("action={action}")).await.is_empty();
    for path in [paths::CONVERSATIONS, paths::CONTACTS] {
        practice.staff.get(path).await.expect(200);
    }
    app.write_reads_down().await;
    assert!(empty("conversation.listed").await && empty("contact.listed").await, "nothing was shown");
    let jordan = practice.jordan().await;
    let message = practice.send(&jordan, json!({})).await;
    app.enter(&app.newest_token().await).await.reply("Thank you!").await.expect(201);
    let contact = format!("{}/{}", paths::CONTACTS, id(&jordan));
    let conversation = message["conversation_id"].as_str().expect("an id");
    let calls = [
        (paths::CONVERSATIONS.to_owned(), "conversation.listed", "inbox"),
        (format!("{}?folder=outbox", paths::CONVERSATIONS), "conversation.listed", "outbox"),
        (format!("{}/{conversation}", paths::CONVERSATIONS), "conversation.read", conversation),
        (paths::CONTACTS.to_owned(), "contact.listed", &*practice.organization_id),
        (format!("{}?q=jordan", paths::CONTACTS), "contact.listed", &*practice.organization_id),
        (contact, "contact.read", id(&jordan)),
    ];
    for times in [1, 1, 2] {
        if times == 2 {
            app.clock.advance(TimeDelta::minutes(15));
            practice.sign_in().await;
        }
        for (path, action, subject) in &calls {
            practice.key.get(path).await.expect(200);
            let before = entries(&practice, &format!("action={action}&subject={subject}")).await.len();
            app.write_reads_down().await;
            let after = entries(&practice, &format!("action={action}&subject={subject}")).await;
            assert!(after.len() - before <= 1, "{path}");
            assert_eq!(after.len(), times, "{path}: {after:?}");
            assert!(after.iter().all(|entry| entry["actor"]["kind"] == "api_key"), "{after:?}");
        }
    }
}

#[tokio::test]
async fn reads_go_on_when_nothing_can_be_written_and_what_was_lost_is_counted() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    app.deliver().await;
    app.audit_sql("ALTER TABLE organization_heads RENAME TO heads_away").await;
    assert_eq!(practice.history(&jordan).await.len(), 1);
    let state = app.state();
    state.reads.write_down(&state.db, state.now()).await.expect_err("nothing can be written");
    let organization = practice.organization_id.parse().expect("an id");
    for number in 0..10_002 {
        state.reads.note(organization, Actor::System, "conversation.read", number, state.now());
    }
    app.audit_sql("ALTER TABLE heads_away RENAME TO organization_heads").await;
    app.write_reads_down().await;
    assert_eq!(entries(&practice, &format!("action=conversation.read&subject={}", "7")).await.len(), 1);
    let by_key = entries(&practice, "action=conversation.read&from=2026-01-01T00:00:00Z").await;
    assert_eq!(by_key.len(), 200, "a full page");
    let missing = entries(&practice, "action=reads.missing").await;
    assert_eq!(missing[0]["subject"], "3", "one waited, so of 10,002 more there was room for 9,999");
    assert_eq!(practice.staff.get(paths::AUDIT_STATE).await.expect(200)["verified"], true);
}

/// Names of actions in the code, wherever something is written down.
fn actions_in(folder: &std::path::Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            actions_in(&path, found);
            continue;
        }
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let source = std::fs::read_to_string(&path).expect("a source file");
        let writes =
            [".audit(", "audit_of(", "record(state", "reads.note(", ": &str = \"conversation.read\""];
        if !writes.iter().any(|way| source.contains(way)) {
            continue;
        }
        let texts = source.split('"').skip(1).step_by(2);
        let is_name = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase())
        };
        let named = texts
            .filter(|text| text.split_once('.').is_some_and(|(one, other)| is_name(one) && is_name(other)));
        found.extend(named.map(ToOwned::to_owned));
    }
}

/// The desk has a sentence for each of `ACTIONS`; its own test says so.
#[test]
fn every_action_that_the_code_names_is_known() {
    let mut found = Vec::new();
    actions_in(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../api/src")), &mut found);
    // A field of notices, not an action.
    found.retain(|name| name != "organization.office_hours");
    assert!(found.len() > 50, "{found:?}");
    let unknown: Vec<_> = found.iter().filter(|name| !ACTIONS.contains(&name.as_str())).collect();
    assert!(
        unknown.is_empty(),
        "put these into shared::audit::ACTIONS and web/locales/*/audit.ftl: {unknown:?}"
    );
}
