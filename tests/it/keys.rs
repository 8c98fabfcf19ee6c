//! The key file: nothing works without it, and its keys are rotated while servers run (security.md D20, D22).

use std::process::Output;

use sea_orm::ActiveModelTrait;
use sea_orm::ActiveValue::Set;
use sealpost_api::entities::organization_key;
use sealpost_api::key_rotation::{Kind, Step, retire, rotate, status};
use sealpost_api::secrets::KeyRing;
use sealpost_api::{app, audit};
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::capture;
use sealpost_tests::given::{PASSWORD, Practice, id};
use sealpost_tests::program::binary;
use serde_json::{Value, json};

/// A message, a PIN, a channel: something under each key.
async fn furnished(app: &TestApp) -> (Practice, Value) {
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.set_pin(&jordan, "4821").await;
    let message = practice.send(&jordan, json!({ "body": "Under the key." })).await;
    (practice, message)
}

/// The versions of the master key in the file.
fn versions(app: &TestApp) -> Vec<String> {
    let text = std::fs::read_to_string(&app.state().config.key_file).expect("the key file");
    let lines = text.lines().filter(|line| !line.contains(" retired "));
    let lines = lines.filter_map(|line| line.strip_prefix("master."));
    lines.map(|line| line.split(' ').next().expect("a version").to_owned()).collect()
}

async fn run(app: &TestApp, kind: &str, stop_after: usize) -> (Vec<Step>, bool) {
    let mut steps = Vec::new();
    let state = app.state();
    let mut tell = |step| {
        steps.push(step);
        anyhow::ensure!(steps.len() < stop_after, "the power is cut");
        Ok(())
    };
    let done = rotate(&state.db, &state.config.key_file, kind, state.now(), &mut tell).await.is_ok();
    (steps, done)
}

/// The server that runs, and one that starts now, read what was there and make what is new.
async fn all_is_well(app: &TestApp, practice: &Practice, message: &Value) {
    assert_eq!(practice.message(message).await["body"], "Under the key.");
    let sign_in = json!({ "email": practice.email, "password": PASSWORD });
    app.anybody().post(paths::SESSION, sign_in).await.expect(200);
    practice.contact(json!({ "first_name": "Sam", "phone": "+15550100177" })).await;
    let second = app.second().await;
    let (db, organization) = (app.raw().await, practice.organization_id.parse().expect("an id"));
    let keys = second.state().secrets.organization(&db, organization);
    keys.await.expect("a fresh server opens the organization's keys");
}

#[tokio::test]
async fn a_rotation_stopped_after_any_step_is_finished_by_the_next_while_a_server_runs() {
    let app = TestApp::start_with(|config| config.mail = None).await;
    let (practice, message) = furnished(&app).await;
    let channel = json!({ "host": "127.0.0.1", "port": app.mail.port(), "security": "none", "from": "post@clinic.example" });
    practice.staff.put(paths::SETTINGS_CHANNELS_EMAIL, channel).await.expect(200);
    app.practice_named("Lakeside Law", "kim@lakeside.example").await;
    let mut runs = 0;
    loop {
        runs += 1;
        let (steps, done) = run(&app, "master", runs).await;
        all_is_well(&app, &practice, &message).await;
        assert_eq!(versions(&app), ["1", "2"], "one version for all of these runs: {steps:?}");
        // Stopped after the last thing there was to do, it is done.
        if done || matches!(steps.last(), Some(Step::Heads(_))) {
            break;
        }
        assert!(runs < 20, "it never ends: {steps:?}");
    }
    assert!(runs > 3, "it was stopped {runs} times");
    let ring = app.state().secrets.ring();
    let lines = status(&app.state().db, ring).await.expect("a status");
    assert!(lines.contains(&"master.1: opens only; 0 things need it".to_owned()), "{lines:?}");
    // What a server makes from now on is under the new version.
    app.practice_named("Hillside Accounts", "lee@hillside.example").await;
    let lines = status(&app.state().db, ring).await.expect("a status");
    assert!(lines.contains(&"master.1: opens only; 0 things need it".to_owned()), "{lines:?}");

    let (steps, done) = run(&app, "master", 100).await;
    assert!(done && steps.contains(&Step::Done(3)), "{steps:?}");
    let mut retired = Vec::new();
    let state = app.state();
    let tell = &mut |step| {
        retired.push(step);
        Ok(())
    };
    retire(&state.db, &state.config.key_file, state.now(), tell).await.expect("retired");
    assert_eq!(retired, [Step::Retired(Kind::Master, 1), Step::Retired(Kind::Master, 2)]);
    assert_eq!(versions(&app), ["3"]);
    all_is_well(&app, &practice, &message).await;
    let found = audit::verify_all(&state.db, ring).await.expect("a check");
    assert!(found.iter().all(|chain| chain.first_broken.is_none()), "{found:?}");
    app.deliver().await;
}

#[tokio::test]
async fn a_version_that_something_needs_stays_in_the_file() {
    let app = TestApp::start().await;
    let (practice, message) = furnished(&app).await;
    let (_, done) = run(&app, "master", 1).await;
    assert!(!done);
    let mut told = Vec::new();
    let state = app.state();
    let tell = &mut |step| {
        told.push(step);
        Ok(())
    };
    retire(&state.db, &state.config.key_file, state.now(), tell).await.expect("looked");
    assert!(matches!(told[..], [Step::Needed(Kind::Master, 1, _)]), "{told:?}");
    assert_eq!(versions(&app), ["1", "2"]);
    all_is_well(&app, &practice, &message).await;
    app.deliver().await;
}

#[tokio::test]
async fn a_chain_that_was_cut_is_not_signed_anew_by_a_rotation() {
    let app = TestApp::start().await;
    let (practice, _) = furnished(&app).await;
    app.allow_changes_of_audit().await;
    app.audit_sql("DELETE FROM audit_entries WHERE sequence > 4").await;
    app.audit_sql("UPDATE organization_heads SET audit_sequence = 4, audit_hash = (SELECT hash FROM audit_entries WHERE sequence = 4)").await;
    let (steps, _) = run(&app, "master", 100).await;
    let left = Step::HeadsLeft(vec![practice.organization_id.parse().expect("an id")]);
    assert!(steps.contains(&left), "{steps:?}");
    let found = audit::verify_all(&app.state().db, app.state().secrets.ring()).await.expect("a check");
    assert!(found[0].first_broken.is_some());
    app.deliver().await;
}

#[tokio::test]
async fn new_peppers_and_link_keys_leave_old_pins_passwords_and_links_valid() {
    let app = TestApp::start().await;
    let (practice, _) = furnished(&app).await;
    let token = app.newest_token().await;
    for kind in ["pepper", "link"] {
        let (steps, done) = run(&app, kind, 100).await;
        assert!(done && steps.len() == 1, "{steps:?}");
    }
    app.enter_with_pin(&token, "4821").await;
    practice.sign_in().await;
    let sam = practice.contact(json!({ "first_name": "Sam", "phone": "+15550100177" })).await;
    practice.set_pin(&sam, "7193").await;
    practice.send(&sam, json!({})).await;
    app.enter_with_pin(&app.newest_token().await, "7193").await;
    let stored = app.tables().await["contacts"].join("\n");
    // A PIN that was right is hashed anew with the newest one.
    assert!(stored.contains("2:$argon2id") && !stored.contains("1:$argon2id"), "the new pepper is in use");
}

async fn retired(app: &TestApp) -> Vec<Step> {
    let (state, mut told) = (app.state(), Vec::new());
    let tell = &mut |step| {
        told.push(step);
        Ok(())
    };
    retire(&state.db, &state.config.key_file, state.now(), tell).await.expect("looked");
    told
}

#[tokio::test]
async fn a_pepper_goes_when_no_hash_has_it_and_a_link_key_when_no_link_is_found_by_it_but_never_the_first() {
    let app = TestApp::start().await;
    let (practice, _) = furnished(&app).await;
    let token = app.newest_token().await;
    for kind in ["pepper", "link"] {
        assert!(run(&app, kind, 100).await.1);
    }
    // Amy's password and Jordan's PIN; the first link key stays, needed or not.
    assert_eq!(retired(&app).await, [Step::Needed(Kind::Pepper, 1, 2)]);
    practice.sign_in().await;
    app.enter_with_pin(&token, "4821").await;
    assert_eq!(retired(&app).await, [Step::TooEarly(Kind::Pepper, 1)], "somebody may be hashing with it now");
    app.clock.advance(chrono::TimeDelta::minutes(5));
    assert_eq!(retired(&app).await, [Step::Retired(Kind::Pepper, 1)]);
    practice.sign_in().await;
    assert!(run(&app, "link", 100).await.1);
    app.clock.advance(chrono::TimeDelta::minutes(5));
    assert_eq!(retired(&app).await, [Step::Retired(Kind::Link, 2)], "no link was made with it");
    app.anybody().open(&token).await.expect(200);
    assert!(run(&app, "link", 100).await.1);
    let sam = practice.contact(json!({ "first_name": "Sam", "phone": "+15550100177" })).await;
    practice.send(&sam, json!({})).await;
    assert!(run(&app, "link", 100).await.1);
    app.clock.advance(chrono::TimeDelta::minutes(5));
    assert_eq!(retired(&app).await, [Step::Retired(Kind::Link, 3), Step::Needed(Kind::Link, 4, 1)]);
    let second = app.second().await;
    let lines = status(&app.state().db, second.state().secrets.ring()).await.expect("a status");
    for line in
        ["pepper.2: makes new hashes", "link.4: checks only; 1 hashes need it", "link.5: makes new hashes"]
    {
        assert!(lines.iter().any(|it| it == line), "{line} is not in {lines:?}");
    }
    app.deliver().await;
}

async fn sealpost(app: &TestApp, words: &[&str]) -> Output {
    let mut command = std::process::Command::new(binary().await);
    command.args(words).env_clear().envs(app.environment());
    tokio::task::spawn_blocking(move || command.output()).await.expect("joined").expect("it runs")
}

#[tokio::test]
async fn the_command_rotates_under_a_running_server_and_says_what_it_did() {
    let app = TestApp::start().await;
    let (practice, message) = furnished(&app).await;
    let rotated = sealpost(&app, &["keys", "rotate", "--retire"]).await;
    let said = String::from_utf8_lossy(&rotated.stdout).into_owned();
    assert!(rotated.status.success(), "{said}{}", String::from_utf8_lossy(&rotated.stderr));
    for words in [
        "The key file has master.2 now.",
        "Everything is under master.2.",
        "master.1 is out of the key file.",
    ] {
        assert!(said.contains(words), "{words} is not in\n{said}");
    }
    all_is_well(&app, &practice, &message).await;
    let status = sealpost(&app, &["keys", "status"]).await;
    assert!(String::from_utf8_lossy(&status.stdout).contains("master.2: seals; "), "{status:?}");
    app.deliver().await;
}

/// Why a server does not start on this database with this key file.
async fn refused(app: &TestApp, key_file: &std::path::Path) -> String {
    let mut config = app.state().config.clone();
    key_file.clone_into(&mut config.key_file);
    let ring = match app::load_keys(&config) {
        Ok((ring, _)) => ring,
        Err(error) => return format!("{error:#}"),
    };
    let senders = app::senders(&config).expect("senders");
    let opened = app::open(config, ring, app.clock.clone(), senders).await;
    format!("{:#}", opened.err().expect("it starts"))
}

#[tokio::test]
async fn a_server_does_not_start_without_the_keys_of_its_database() {
    let app = TestApp::start().await;
    furnished(&app).await;
    app.deliver().await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("master.key");
    let missing = refused(&app, &path).await;
    assert!(missing.contains("is missing") || missing.contains("not the one"), "{missing}");
    std::fs::remove_file(&path).ok();
    KeyRing::load(&path, true).expect("another installation's keys");
    assert!(refused(&app, &path).await.contains("is not the one this database was made with"));
    std::fs::write(&path, "master.1 nonsense").expect("written");
    assert!(refused(&app, &path).await.contains("a key is not"));
    let old = std::fs::read_to_string(&app.state().config.key_file).expect("the key file");
    let (_, done) = run(&app, "master", 100).await;
    assert!(done);
    std::fs::write(&path, old).expect("written");
    assert!(refused(&app, &path).await.contains("`master.2` of this database is not in the key file"));
}

#[tokio::test]
async fn a_row_of_an_unknown_key_version_is_503_with_one_line_in_the_log_and_the_rest_goes_on() {
    let app = TestApp::start().await;
    let (practice, message) = furnished(&app).await;
    let sam = practice.contact(json!({ "first_name": "Sam", "phone": "+15550100177" })).await;
    let other = practice.send(&sam, json!({ "body": "Readable." })).await;
    app.deliver().await;
    let mut sealed = app.sealed_body(&practice, &message).await;
    sealed[1..5].copy_from_slice(&7777_u32.to_be_bytes());
    app.set_sealed_body(&practice, &message, sealed).await;
    let logs = capture::logs();
    let answer = practice.key.get(&format!("{}/{}", paths::MESSAGES, id(&message))).await;
    assert!(answer.header("retry-after").is_some());
    answer.refused(503, "unavailable");
    let logged = String::from_utf8(logs.since_start()).expect("text");
    let lines: Vec<_> = logged.lines().filter(|line| line.contains("version 7777")).collect();
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert_eq!(practice.message(&other).await["body"], "Readable.");

    // The same for an organization whose keys are under a version that the file lacks.
    let lakeside = app.practice_named("Lakeside Law", "kim@lakeside.example").await;
    let organization = practice.organization_id.parse().expect("an id");
    let row = organization_key::ActiveModel {
        organization_id: Set(organization),
        version: Set(1),
        master_key_version: Set(9),
        ..Default::default()
    };
    let done = row.update(&app.raw().await).await;
    done.expect("a version that is nowhere");
    let second = app.second().await;
    let (state, db) = (second.state(), &app.raw().await);
    let error = state.secrets.organization(db, organization).await.err().expect("no keys");
    assert_eq!(sealpost_api::problem::Problem::from(error).code.as_str(), "unavailable");
    let theirs = lakeside.organization_id.parse().expect("an id");
    state.secrets.organization(db, theirs).await.expect("theirs open");
}

/// What `/readyz` says of the key file.
async fn key_check(app: &TestApp) -> Value {
    let answer = app.anybody().get("/readyz").await;
    let checks = answer.json["checks"].as_array().expect("checks").clone();
    checks.into_iter().find(|check| check["name"] == "keys").expect("a check of the keys")
}

#[tokio::test]
async fn a_running_server_takes_no_other_installation_s_key_file_for_its_own() {
    let app = TestApp::start().await;
    let (practice, message) = furnished(&app).await;
    app.deliver().await;
    let path = &app.state().config.key_file;
    let ours = std::fs::read_to_string(path).expect("the key file");
    let folder = tempfile::tempdir().expect("a folder");
    let elsewhere = folder.path().join("master.key");
    KeyRing::load(&elsewhere, true).expect("another installation's keys");
    let theirs = std::fs::read_to_string(&elsewhere).expect("their keys");
    // Theirs with a version that ours lacks, one line of theirs among ours, ours from before a rotation.
    let later = theirs.replace("master.1 ", "master.2 ");
    let line = theirs.lines().find(|line| line.starts_with("pepper.")).expect("a pepper");
    let own = ours.lines().find(|line| line.starts_with("pepper.")).expect("a pepper");
    let before = ours.clone();
    let (_, done) = run(&app, "link", 100).await;
    assert!(done);
    let ours = std::fs::read_to_string(path).expect("the key file");
    assert_eq!(key_check(&app).await["ok"], true);
    for (number, swapped) in [theirs.clone(), later, ours.replace(own, line), before].into_iter().enumerate()
    {
        let logs = capture::logs();
        std::fs::write(path, swapped).expect("written");
        let check = key_check(&app).await;
        assert_eq!(check["ok"], false, "{number}");
        assert!(check["detail"].as_str().expect("words").contains("not the one this server works with"));
        assert_eq!(practice.message(&message).await["body"], "Under the key.");
        let contact = json!({ "first_name": "Sam", "phone": format!("+1555010017{number}") });
        let sam = practice.contact(contact).await;
        let logged = String::from_utf8(logs.since_start()).expect("text");
        let lines: Vec<_> = logged.lines().filter(|line| line.contains("with other keys")).collect();
        assert_eq!(lines.len(), 1, "{logged}");
        assert!(!lines[0].contains("master.") && !lines[0].contains("pepper."), "{lines:?}");
        // What it sealed meanwhile is under the keys that it had.
        std::fs::write(path, &ours).expect("written");
        assert_eq!(key_check(&app).await["ok"], true);
        let fresh = app.second().await;
        let (db, organization) = (app.raw().await, practice.organization_id.parse().expect("an id"));
        let key = fresh.state().secrets.contact(&db, organization, id(&sam).parse().expect("an id"));
        key.await.expect("a server that starts now opens it");
    }
    std::fs::remove_file(path).expect("removed");
    assert_eq!(key_check(&app).await["ok"], false, "the next start would fail");
    std::fs::write(path, ours).expect("written");
    assert_eq!(key_check(&app).await["ok"], true);
}

#[tokio::test]
async fn a_server_that_slept_through_a_rotation_and_a_retirement_knows_the_file_for_its_own() {
    let app = TestApp::start().await;
    let (practice, message) = furnished(&app).await;
    app.deliver().await;
    let sleeper = app.second().await;
    for _ in 0..2 {
        let rotated = sealpost(&app, &["keys", "rotate", "--retire"]).await;
        assert!(rotated.status.success(), "{}", String::from_utf8_lossy(&rotated.stderr));
    }
    assert_eq!(versions(&app).last().map(String::as_str), Some("3"));
    assert!(sleeper.state().secrets.ring().is_sound());
    all_is_well(&app, &practice, &message).await;
}
