//! New keys for organizations and contacts while they are served: whatever the moment, everything opens, and in the end
//! nothing is under an older key (security.md D20).

use std::process::{Command, Output, Stdio};
use std::time::Duration;

use reqwest::Method;
use sealpost_api::contacts::Address;
use sealpost_api::entities::sealed::{SealedColumn, has_others, list_under_others};
use sealpost_api::entities::{contact_key, organization_key};
use sealpost_api::inbound::{Received, receive};
use sealpost_api::key_rotation::{Step, contents};
use sealpost_shared::ids::{ContactId, OrganizationId};
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::{Answer, Client};
use sealpost_tests::given::{PASSWORD, Practice, id, token_in};
use sealpost_tests::passkey::Authenticator;
use sealpost_tests::program::binary;
use serde_json::{Value, json};

/// Something under every key, in every column.
struct Filled {
    practice: Practice,
    jordan: Value,
    message: Value,
    /// Of a colleague's app.
    secret: String,
    authenticator: Authenticator,
    started: Value,
}

const FIELD: &str = r#"{ "key": "birth_year", "label": "Year of birth", "kind": "number" }"#;

async fn keyed(client: &Client, path: &str, body: &Value) -> Answer {
    client.call(Method::POST, path).json(body).header(paths::IDEMPOTENCY_KEY, "once").send().await
}

async fn field(practice: &Practice) -> Value {
    keyed(&practice.key, paths::CONTACT_FIELDS, &serde_json::from_str(FIELD).expect("JSON")).await.expect(201)
}

async fn first_message(practice: &Practice, jordan: &Value) -> Value {
    let body = json!({ "contact_id": id(jordan), "body": "Under the key.", "secure": true });
    keyed(&practice.key, paths::MESSAGES, &body).await.expect(201)
}

async fn fill(app: &TestApp) -> Filled {
    let practice = app.practice().await;
    let kim = app.colleague(&practice, "Kim Roe", "kim@riverside.example", Role::Member).await;
    let enrolment = kim.post(paths::SESSION_TOTP, json!({ "password": PASSWORD })).await.expect(200);
    let secret = enrolment["secret"].as_str().expect("a secret").to_owned();
    kim.post(paths::SESSION_TOTP_CONFIRM, json!({ "code": app.code(&secret) })).await.expect(200);
    let start = async || {
        let password = json!({ "password": PASSWORD });
        practice.staff.post(paths::SESSION_PASSKEYS_START, password).await.expect(200)
    };
    let mut authenticator = Authenticator::new(&app.origin());
    let started = start().await;
    let credential = authenticator.create(&started["options"]);
    let made = json!({ "ceremony": started["ceremony"], "name": "My phone", "credential": credential });
    practice.staff.post(paths::SESSION_PASSKEYS, made).await.expect(201);
    let started = start().await;
    field(&practice).await;
    let jordan = practice.jordan().await;
    let path = format!("{}/{}", paths::CONTACTS, id(&jordan));
    practice.key.patch(&path, json!({ "custom_fields": { "birth_year": "1980" } })).await.expect(200);
    practice.send(&jordan, json!({})).await;
    app.enter(&app.newest_token().await).await.reply("Thank you!").await.expect(201);
    // From here on nothing is sent.
    let invitation = json!({ "name": "Sam", "email": "sam@riverside.example", "role": "member" });
    practice.staff.post(paths::INVITATIONS, invitation).await.expect(201);
    let message = first_message(&practice, &jordan).await;
    practice.send(&jordan, json!({ "body": "In summer.", "send_at": "2026-07-01T15:00:00Z" })).await;
    let stranger = Received {
        organization: practice.organization_id.parse().expect("an id"),
        provider: "test",
        account: "AC1".to_owned(),
        message_id: "1".to_owned(),
        from: Address::Phone("+15550100199".parse().expect("a number")),
        to: Address::Phone("+15550100100".parse().expect("a number")),
        body: "Who is this?".parse().expect("a text"),
    };
    receive(app.state(), &stranger).await.expect("held");
    Filled { practice, jordan, message, secret, authenticator, started }
}

/// What stands there is read, and what is new is written.
async fn all_opens(filled: &Filled) {
    let practice = &filled.practice;
    let contact = practice.key.get(&format!("{}/{}", paths::CONTACTS, id(&filled.jordan))).await.expect(200);
    assert_eq!(contact["phone"], "+15550100142");
    assert_eq!(contact["email"], "jordan.reyes@mail.example");
    assert_eq!(contact["custom_fields"]["birth_year"], "1980");
    let history = practice.history(&filled.jordan).await;
    for body in ["Under the key.", "Thank you!", "Your results are in."] {
        assert!(history.iter().any(|message| message["body"] == body), "{body} is not in {history:?}");
    }
    let waiting = practice.key.get(paths::SCHEDULED_MESSAGES).await.expect(200);
    assert_eq!(waiting["data"][0]["body"], "In summer.");
    assert_eq!(id(&first_message(practice, &filled.jordan).await), id(&filled.message), "the kept answer");
    assert_eq!(field(practice).await["key"], "birth_year");
    let passkeys = practice.staff.get(paths::SESSION_PASSKEYS).await.expect(200);
    assert_eq!(passkeys["data"][0]["name"], "My phone");
    let invitations = practice.staff.get(paths::INVITATIONS).await.expect(200);
    assert_eq!(invitations["data"][0]["email"], "sam@riverside.example");
    let found = practice.key.get(&format!("{}?q=%2B15550100142", paths::CONTACTS)).await.expect(200);
    assert_eq!(found["data"][0]["id"], filled.jordan["id"], "found by the keyed index");
}

/// What can be done once: sending what waited, signing in with the app's code, finishing the ceremony.
async fn all_ends_well(app: &TestApp, filled: &mut Filled) {
    all_opens(filled).await;
    let texts = app.gateway.texts().len();
    app.deliver().await;
    assert!(app.gateway.texts().len() > texts, "the notice that waited is sent");
    let mut read = false;
    // Others were told something, too.
    for text in app.gateway.texts().split_off(texts) {
        let patient = app.enter(&token_in(&text.body)).await;
        if filled.message["conversation_id"] == *patient.conversation {
            read |= patient.bodies().await.contains(&"Under the key.".to_owned());
        }
    }
    assert!(read, "the notice that waited leads to its message");
    let credential = filled.authenticator.create(&filled.started["options"]);
    let made =
        json!({ "ceremony": filled.started["ceremony"], "name": "My other phone", "credential": credential });
    let answer = filled.practice.staff.post(paths::SESSION_PASSKEYS, made).await;
    assert!(matches!(answer.status, 201 | 422), "its state opened: {}", answer.text);
    app.clock.advance(chrono::TimeDelta::seconds(30));
    let kim = app.anybody();
    let body = json!({ "email": "kim@riverside.example", "password": PASSWORD });
    kim.post(paths::SESSION, body).await.expect(200);
    let code = json!({ "code": app.code(&filled.secret) });
    kim.post(paths::SESSION_SECOND_STEP, code).await.expect(200);
}

async fn run(app: &TestApp, stop_after: usize) -> (Vec<Step>, bool) {
    let mut steps = Vec::new();
    let state = app.state();
    let mut tell = |step| {
        steps.push(step);
        anyhow::ensure!(steps.len() < stop_after, "the power is cut");
        Ok(())
    };
    let (path, now) = (&state.config.key_file, state.now());
    let done = contents::rotate(&state.db, path, now, Duration::ZERO, &mut tell).await.is_ok();
    (steps, done)
}

/// Every column, with the one contact of whom there is something in each.
fn columns(contact: ContactId) -> impl Iterator<Item = (SealedColumn, Option<ContactId>)> {
    let of_contacts = SealedColumn::OF_CONTACTS.into_iter().map(move |column| (column, Some(contact)));
    of_contacts.chain(SealedColumn::OF_ORGANIZATIONS.into_iter().map(|column| (column, None)))
}

/// One version of each key, and every value under it.
async fn all_is_under_the_newest(app: &TestApp) {
    let db = app.raw().await;
    for (organization, version, _) in organization_key::list_known(&db).await.expect("rows") {
        let rows = organization_key::list(&db, organization, false).await.expect("rows");
        assert_eq!(rows.len(), 1, "{organization} has older keys");
        let under = |contact, version: i64, columns: &'static [SealedColumn]| {
            let (db, newest) = (&db, u32::try_from(version).expect("small"));
            async move {
                for column in columns {
                    let others =
                        has_others(db, *column, organization, contact, newest).await.expect("an answer");
                    assert!(!others, "{column:?} of {contact:?} is under an older key");
                }
            }
        };
        under(None, version, &SealedColumn::OF_ORGANIZATIONS).await;
        let all = contact_key::list_several(&db, organization, None, 10).await.expect("rows");
        assert!(all.is_empty(), "{all:?} have older keys");
        let contacts =
            contact_key::list_behind(&db, organization, i64::MAX, None, 10_000).await.expect("rows");
        for row in contact_key::list(&db, organization, contacts, false).await.expect("rows") {
            assert_eq!(row.organization_key_version, version);
            under(Some(row.contact_id), row.version, &SealedColumn::OF_CONTACTS).await;
        }
    }
}

#[tokio::test]
async fn a_rotation_of_contents_stopped_after_any_step_is_finished_by_the_next_while_a_server_runs() {
    let app = TestApp::start().await;
    let mut filled = fill(&app).await;
    let lakeside = app.practice_named("Lakeside Law", "kim@lakeside.example").await;
    let theirs = lakeside.jordan().await;
    let organization: OrganizationId = filled.practice.organization_id.parse().expect("an id");
    let jordan: ContactId = id(&filled.jordan).parse().expect("an id");
    for (column, contact) in columns(jordan) {
        let rows = list_under_others(&app.raw().await, column, organization, contact, 99, 10).await;
        assert!(!rows.expect("rows").is_empty(), "{column:?}: nothing to see");
    }
    let mut stops = 0;
    loop {
        stops += 1;
        let (steps, done) = run(&app, stops).await;
        all_opens(&filled).await;
        let late = lakeside.send(&theirs, json!({ "body": format!("Number {stops}.") })).await;
        assert_eq!(lakeside.message(&late).await["body"], format!("Number {stops}."));
        if done || matches!(steps.last(), Some(Step::ContentsDone)) {
            break;
        }
        assert!(stops < 10, "it never ends: {steps:?}");
        let status = sealpost(&app, &["keys", "status"]).await;
        assert_eq!(status.contains("goes on"), stops < 5, "{steps:?}: {status}");
    }
    assert!(stops > 3, "it was stopped {stops} times");
    let (steps, done) = run(&app, 100).await;
    assert!(done && steps.last() == Some(&Step::ContentsDone), "{steps:?}");
    assert!(steps.contains(&Step::OrganizationsKeys(2)), "both, once: {steps:?}");
    all_is_under_the_newest(&app).await;
    // A server that starts now opens it too.
    let fresh = app.second().await;
    let (state, db) = (fresh.state(), &app.raw().await);
    state.secrets.contact(db, organization, jordan).await.expect("a key");
    all_ends_well(&app, &mut filled).await;
    assert_eq!(lakeside.history(&theirs).await.len(), stops);
    assert!(sealpost(&app, &["keys", "status"]).await.contains("everything is under the newest"));
}

#[tokio::test]
async fn what_is_written_while_contents_are_rotated_is_never_lost() {
    let app = TestApp::start().await;
    let filled = fill(&app).await;
    let practice = &filled.practice;
    let path = format!("{}/{}", paths::CONTACTS, id(&filled.jordan));
    let rotations = async {
        for _ in 0..6 {
            let (steps, done) = run(&app, 100).await;
            assert!(done, "{steps:?}");
        }
    };
    let mut taken = Vec::new();
    let writes = async {
        for number in 0..40 {
            let body = format!("While it turned {number}.");
            // Without a pause somebody may find a key that is gone: they are told to come again.
            let answer = practice.try_send(&filled.jordan, json!({ "body": body })).await;
            assert!(matches!(answer.status, 201 | 503), "{}", answer.text);
            if answer.status == 201 {
                taken.push(body);
            }
            let fields =
                json!({ "custom_fields": { "birth_year": "1980" }, "last_name": format!("R{number}") });
            let answer = practice.key.patch(&path, fields).await;
            assert!(matches!(answer.status, 200 | 503), "{}", answer.text);
        }
    };
    tokio::join!(rotations, writes);
    assert!(taken.len() > 20, "{}", taken.len());
    let (steps, done) = run(&app, 100).await;
    assert!(done, "{steps:?}");
    all_is_under_the_newest(&app).await;
    let all = practice.key.get(&format!("{path}/messages?limit=200")).await.expect(200);
    let bodies: Vec<_> =
        all["data"].as_array().expect("a list").iter().map(|it| it["body"].clone()).collect();
    for body in taken {
        assert!(bodies.contains(&json!(body)), "{body} is lost");
    }
    all_opens(&filled).await;
    app.deliver().await;
}

#[tokio::test]
async fn a_contact_who_is_erased_in_the_middle_leaves_no_key() {
    let app = TestApp::start().await;
    let filled = fill(&app).await;
    // Stopped when both have two keys.
    let (steps, done) = run(&app, 2).await;
    assert!(!done && steps.contains(&Step::ContactsKeys(1)), "{steps:?}");
    assert_eq!(app.tables().await["contact_keys"].len(), 2);
    filled.practice.key.delete(&format!("{}/{}", paths::CONTACTS, id(&filled.jordan))).await.expect(204);
    assert!(app.tables().await["contact_keys"].is_empty());
    let (steps, done) = run(&app, 100).await;
    assert!(done && steps.last() == Some(&Step::ContentsDone), "{steps:?}");
    assert!(app.tables().await["contact_keys"].is_empty());
    app.deliver().await;
}

#[tokio::test]
async fn what_does_not_open_keeps_its_key_and_holds_up_nothing_else() {
    let app = TestApp::start().await;
    let filled = fill(&app).await;
    let sealed = app.sealed_body(&filled.practice, &filled.message).await;
    let mut damaged = sealed.clone();
    damaged[30] ^= 1;
    app.set_sealed_body(&filled.practice, &filled.message, damaged).await;
    let (steps, done) = run(&app, 100).await;
    assert!(
        done && steps.last() == Some(&Step::ContentsLeft(2)),
        "a contact's and the organization's: {steps:?}"
    );
    let history = filled.practice.key.get(&format!("{}/{}", paths::CONTACTS, id(&filled.jordan))).await;
    assert_eq!(history.expect(200)["phone"], "+15550100142");
    app.set_sealed_body(&filled.practice, &filled.message, sealed).await;
    assert_eq!(filled.practice.message(&filled.message).await["body"], "Under the key.");
    let (steps, _) = run(&app, 100).await;
    assert_eq!(steps.last(), Some(&Step::ContentsDone));
    all_is_under_the_newest(&app).await;
    all_opens(&filled).await;
    app.deliver().await;
}

async fn command(app: &TestApp, words: &[&str]) -> Command {
    let mut command = Command::new(binary().await);
    command.args(words).env_clear().envs(app.environment()).stdin(Stdio::null());
    command
}

/// What it said.
async fn sealpost(app: &TestApp, words: &[&str]) -> String {
    let mut command = command(app, words).await;
    let done = tokio::task::spawn_blocking(move || command.output()).await.expect("joined");
    let Output { status, stdout, stderr } = done.expect("it runs");
    let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{words:?}: {stdout}{stderr}");
    stdout.into_owned()
}

/// Kills it, a little later each time, until it is done before. How often it was killed.
async fn killed_until_done(app: &TestApp, words: &[&str], meanwhile: impl AsyncFn(usize)) -> usize {
    for kills in 0..150 {
        let mut child = command(app, words).await.stdout(Stdio::null()).spawn().expect("it starts");
        // First in its start, then somewhere in its work: a quick machine is done with it in milliseconds.
        let random = u64::from(sealpost_api::secrets::random_bytes::<1>()[0]) / 32;
        let kills_so_far = kills as u64;
        let patience = 4 + 3 * kills_so_far + kills_so_far * kills_so_far / 8 + random;
        tokio::time::sleep(Duration::from_millis(patience)).await;
        child.kill().expect("it can be killed");
        let status = tokio::task::spawn_blocking(move || child.wait()).await.expect("joined");
        if status.expect("a status").success() {
            return kills;
        }
        meanwhile(kills).await;
    }
    panic!("{words:?} was never done");
}

#[tokio::test]
async fn rotations_that_are_killed_at_random_are_finished_by_the_next_and_nothing_is_lost() {
    let app = TestApp::start().await;
    let mut filled = fill(&app).await;
    for number in 0..25 {
        let sam = filled
            .practice
            .contact(json!({ "first_name": "Sam", "phone": format!("+155501001{number:02}") }));
        filled.practice.send(&sam.await, json!({ "body": format!("To number {number}.") })).await;
    }
    let folder = app.state().config.key_file.parent().expect("a folder").to_owned();
    for words in [&["keys", "rotate", "--contents", "--pause", "0"][..], &["keys", "rotate", "--retire"]] {
        let kills = killed_until_done(&app, words, async |kills| {
            // A few: what was there first stays on the first page.
            if kills < 6 {
                let body = json!({ "body": format!("After kill {kills}.") });
                let answer = filled.practice.try_send(&filled.jordan, body).await;
                assert_eq!(answer.status, 201, "{}", answer.text);
            }
            all_opens(&filled).await;
        });
        assert!(kills.await > 2, "{words:?} was too quick to be killed");
        sealpost(&app, words).await;
        let status = sealpost(&app, &["keys", "status"]).await;
        assert!(status.contains("everything is under the newest"), "{status}");
        assert_eq!(status.lines().filter(|line| line.starts_with("master.")).count(), 1, "{status}");
        all_is_under_the_newest(&app).await;
        let left: Vec<_> = std::fs::read_dir(&folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .filter(|name| name.starts_with('.'))
            .collect();
        assert!(left.is_empty(), "keys lie about: {left:?}");
    }
    let people = filled.practice.key.get(&format!("{}?limit=200", paths::CONTACTS)).await.expect(200);
    for contact in people["data"].as_array().expect("a list") {
        assert!(!filled.practice.history(contact).await.is_empty());
    }
    all_ends_well(&app, &mut filled).await;
}
