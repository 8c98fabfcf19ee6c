//! The channels that the wizard stores: used without a restart, tested, and said in words when they fail.

use reqwest::Method;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::fakes::{self, GatewayAnswer};
use sealpost_tests::given::Practice;
use serde_json::{Value, json};

/// Nothing in the environment.
async fn bare() -> (TestApp, Practice) {
    let app = TestApp::start_with(|config| (config.sms, config.mail) = (None, None)).await;
    let practice = app.practice().await;
    (app, practice)
}

fn gateway(app: &TestApp) -> Value {
    json!({ "url": app.gateway.url(), "account_sid": fakes::ACCOUNT_SID, "auth_token": fakes::AUTH_TOKEN,
        "from": fakes::FROM })
}

fn mail_server(app: &TestApp) -> Value {
    json!({ "host": "127.0.0.1", "port": app.mail.port(), "security": "none", "from": "Clinic <post@clinic.example>" })
}

async fn test_sms(practice: &Practice) -> Value {
    practice.staff.post(paths::SETTINGS_CHANNELS_SMS_TEST, json!({ "to": "+15550100177" })).await.expect(200)
}

async fn test_email(practice: &Practice) -> Value {
    let to = json!({ "to": "amy.lee@riverside.example" });
    practice.staff.post(paths::SETTINGS_CHANNELS_EMAIL_TEST, to).await.expect(200)
}

#[tokio::test]
async fn an_account_is_a_name_and_not_a_path() {
    let (app, practice) = bare().await;
    for account in ["../../admin?all=1#", "a/b", "", "a b"] {
        let mut channel = gateway(&app);
        channel["account_sid"] = json!(account);
        practice.staff.put(paths::SETTINGS_CHANNELS_SMS, channel).await.refused(422, "validation_failed");
    }
}

#[tokio::test]
async fn a_channel_that_is_stored_sends_from_the_next_message_on() {
    let (app, practice) = bare().await;
    let jordan = practice.jordan().await;
    practice.try_send(&jordan, json!({})).await.refused(422, "channel_not_configured");
    let channels = practice.staff.put(paths::SETTINGS_CHANNELS_SMS, gateway(&app)).await.expect(200);
    assert_eq!(channels["sms"]["source"], "stored");
    assert_eq!(channels["email"], json!({ "source": "none" }));
    practice.send(&jordan, json!({})).await;
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 1);
    practice.staff.put(paths::SETTINGS_CHANNELS_EMAIL, mail_server(&app)).await.expect(200);
    practice.send(&jordan, json!({ "channel": "email" })).await;
    app.deliver().await;
    assert_eq!(app.mail.mails()[0].from, "post@clinic.example");
    practice.staff.delete(paths::SETTINGS_CHANNELS_SMS).await.expect(204);
    practice.try_send(&jordan, json!({ "channel": "sms" })).await.refused(422, "channel_not_configured");
}

#[tokio::test]
async fn another_server_and_its_worker_see_the_change_without_a_restart() {
    let (app, practice) = bare().await;
    let jordan = practice.jordan().await;
    let second = app.second().await;
    practice.staff.put(paths::SETTINGS_CHANNELS_SMS, gateway(&app)).await.expect(200);
    practice.send(&jordan, json!({})).await;
    second.deliver().await;
    assert_eq!(app.gateway.texts().len(), 1);
    let changed =
        json!({ "url": app.gateway.url(), "account_sid": fakes::ACCOUNT_SID, "from": "+15550100999" });
    practice.staff.put(paths::SETTINGS_CHANNELS_SMS, changed).await.expect(200);
    practice.send(&jordan, json!({})).await;
    second.deliver().await;
    assert_eq!(app.gateway.texts()[1].from, "+15550100999");
}

#[tokio::test]
async fn secrets_are_never_returned_and_lie_sealed() {
    let (app, practice) = bare().await;
    app.mail.wants("clinic", "mail-secret-canary");
    let mut server = mail_server(&app);
    server["username"] = json!("clinic");
    practice
        .staff
        .put(paths::SETTINGS_CHANNELS_EMAIL, server.clone())
        .await
        .refused(422, "validation_failed");
    server["password"] = json!("mail-secret-canary");
    practice.staff.put(paths::SETTINGS_CHANNELS_EMAIL, server.clone()).await.expect(200);
    practice.staff.put(paths::SETTINGS_CHANNELS_SMS, gateway(&app)).await.expect(200);
    let shown = practice.staff.get(paths::SETTINGS_CHANNELS).await;
    for secret in ["mail-secret-canary", fakes::AUTH_TOKEN] {
        assert!(!shown.text.contains(secret), "{}", shown.text);
        let stored = app.stored_bytes().await;
        assert!(!stored.windows(secret.len()).any(|bytes| bytes == secret.as_bytes()));
    }
    assert_eq!(shown.expect(200)["email"]["username"], "clinic");
    // The password stays with its server, and goes to no other.
    server.as_object_mut().expect("an object").remove("password");
    practice.staff.put(paths::SETTINGS_CHANNELS_EMAIL, server.clone()).await.expect(200);
    assert_eq!(test_email(&practice).await["ok"], true);
    server["host"] = json!("localhost");
    practice.staff.put(paths::SETTINGS_CHANNELS_EMAIL, server).await.refused(422, "validation_failed");
    let elsewhere =
        json!({ "url": "https://sms.elsewhere.example", "account_sid": fakes::ACCOUNT_SID, "from": "x" });
    practice.staff.put(paths::SETTINGS_CHANNELS_SMS, elsewhere).await.refused(422, "validation_failed");
}

#[tokio::test]
async fn what_the_environment_would_refuse_is_refused_here() {
    let (app, practice) = bare().await;
    for (field, value) in [
        ("url", json!("http://sms.example.org")),
        ("url", json!("ftp://sms.example.org")),
        ("url", json!("https://user:word@sms.example.org")),
        ("account_sid", json!("a b")),
        ("from", json!("")),
    ] {
        let mut body = gateway(&app);
        body[field] = value.clone();
        let refused = practice.staff.put(paths::SETTINGS_CHANNELS_SMS, body).await;
        let refused = refused.refused(422, "validation_failed");
        assert_eq!(refused["errors"][0]["pointer"], format!("/{field}"), "{value}");
    }
    for (field, value) in [
        ("security", json!("none")),
        ("host", json!("smtp.example.org/x")),
        ("host", json!("")),
        ("port", json!(0)),
        ("from", json!("not an address")),
    ] {
        let mut body = mail_server(&app);
        body["host"] = json!("smtp.example.org");
        body["security"] = json!("tls");
        body[field] = value.clone();
        practice.staff.put(paths::SETTINGS_CHANNELS_EMAIL, body).await.refused(422, "validation_failed");
    }
    let channels = practice.staff.get(paths::SETTINGS_CHANNELS).await.expect(200);
    assert_eq!(channels["sms"]["source"], "none");
}

#[tokio::test]
async fn the_environment_wins_and_says_so() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let channels = practice.staff.get(paths::SETTINGS_CHANNELS).await.expect(200);
    assert_eq!(channels["sms"]["source"], "environment");
    assert_eq!(channels["email"]["security"], "none");
    practice
        .staff
        .put(paths::SETTINGS_CHANNELS_SMS, gateway(&app))
        .await
        .refused(409, "channel_from_environment");
    practice.staff.delete(paths::SETTINGS_CHANNELS_EMAIL).await.refused(409, "channel_from_environment");
}

#[tokio::test]
async fn only_the_first_organization_s_admins_change_what_all_share() {
    let (app, first) = bare().await;
    app.clock.advance(chrono::TimeDelta::seconds(1));
    let second = app.practice_named("Lakeside Law", "kim@lakeside.example").await;
    first.staff.put(paths::SETTINGS_CHANNELS_SMS, gateway(&app)).await.expect(200);
    let seen = second.staff.get(paths::SETTINGS_CHANNELS).await.expect(200);
    assert_eq!(seen["sms"], json!({ "source": "stored" }));
    assert_eq!(seen["may_change"], false);
    for (method, path, body) in [
        (Method::PUT, paths::SETTINGS_CHANNELS_SMS, gateway(&app)),
        (Method::DELETE, paths::SETTINGS_CHANNELS_SMS, json!({})),
        (Method::POST, paths::SETTINGS_CHANNELS_SMS_TEST, json!({ "to": "+15550100177" })),
    ] {
        second.staff.call(method, path).json(body).send().await.refused(403, "forbidden");
    }
}

#[tokio::test]
async fn a_test_of_texts_says_what_to_mend() {
    let (app, practice) = bare().await;
    let test = json!({ "to": "+15550100177" });
    let missing = practice.staff.post(paths::SETTINGS_CHANNELS_SMS_TEST, test).await;
    missing.refused(422, "channel_not_configured");
    let put = |body: Value| practice.staff.put(paths::SETTINGS_CHANNELS_SMS, body);
    let mut wrong = gateway(&app);
    wrong["auth_token"] = json!("not-the-token");
    put(wrong).await.expect(200);
    assert_eq!(test_sms(&practice).await["fault"], "sign_in");
    put(gateway(&app)).await.expect(200);
    app.gateway.will_answer([
        GatewayAnswer::Refused(21606),
        GatewayAnswer::Refused(21211),
        GatewayAnswer::Broken,
    ]);
    for fault in ["sender", "recipient", "busy"] {
        let test = test_sms(&practice).await;
        assert_eq!((&test["ok"], &test["fault"]), (&json!(false), &json!(fault)), "{test}");
        assert!(!test["detail"].as_str().expect("a sentence").contains("5550100177"), "{test}");
    }
    let mut nowhere = gateway(&app);
    nowhere["url"] = json!("https://no-such-host.invalid");
    put(nowhere).await.expect(200);
    assert_eq!(test_sms(&practice).await["fault"], "host_not_found");
    let mut plain = gateway(&app);
    plain["url"] = json!(format!("https://127.0.0.1:{}", app.mail.port()));
    put(plain).await.expect(200);
    assert_eq!(test_sms(&practice).await["fault"], "tls");
    let mut silent = gateway(&app);
    silent["url"] = json!("http://127.0.0.1:9");
    put(silent).await.expect(200);
    assert_eq!(test_sms(&practice).await["fault"], "unreachable");
    put(gateway(&app)).await.expect(200);
    let test = test_sms(&practice).await;
    assert_eq!((&test["ok"], test.get("fault")), (&json!(true), None));
    let channels = practice.staff.get(paths::SETTINGS_CHANNELS).await.expect(200);
    assert!(channels["sms"]["tested_at"].is_string());
    let mut changed = gateway(&app);
    changed["from"] = json!("+15550100999");
    let channels = put(changed).await.expect(200);
    assert_eq!(channels["sms"].get("tested_at"), None, "what was tested is not what is set now");
    let body = app.gateway.texts().pop().expect("a text").body;
    assert!(body.contains("test") && !body.contains("http"), "{body}");
}

#[tokio::test]
async fn a_test_of_email_says_what_to_mend() {
    let (app, practice) = bare().await;
    app.mail.wants("clinic", "right-word");
    let put = |more: Value| {
        let mut body = mail_server(&app);
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        practice.staff.put(paths::SETTINGS_CHANNELS_EMAIL, body)
    };
    put(json!({})).await.expect(200);
    assert_eq!(test_email(&practice).await["fault"], "sign_in", "the server wants a password");
    put(json!({ "username": "clinic", "password": "wrong-word" })).await.expect(200);
    let wrong = test_email(&practice).await;
    assert_eq!(wrong["fault"], "sign_in");
    let detail = wrong["detail"].as_str().expect("a sentence");
    assert!(detail.contains("535") && !detail.contains("secret@"), "{detail}");
    put(json!({ "username": "clinic", "password": "right-word" })).await.expect(200);
    for (verb, reply, fault) in [
        ("MAIL", "550 5.7.1 sender", "sender"),
        ("RCPT", "550 5.1.1 nobody", "recipient"),
        ("MAIL", "451 4.3.0 later", "busy"),
    ] {
        app.mail.answers(verb, Some(reply));
        assert_eq!(test_email(&practice).await["fault"], fault, "{reply}");
        app.mail.answers(verb, None);
    }
    put(json!({ "security": "tls" })).await.expect(200);
    assert_eq!(test_email(&practice).await["fault"], "tls");
    put(json!({ "security": "starttls" })).await.expect(200);
    assert_eq!(test_email(&practice).await["fault"], "tls");
    put(json!({ "host": "no-such-host.invalid", "security": "tls" })).await.expect(200);
    assert_eq!(test_email(&practice).await["fault"], "host_not_found");
    put(json!({ "username": "clinic", "password": "right-word" })).await.expect(200);
    assert_eq!(test_email(&practice).await["ok"], true);
    assert!(app.mail.mails()[0].text().contains("test"), "ten tests an hour, and this was the ninth");
    assert_eq!(test_email(&practice).await["ok"], true);
    let to = json!({ "to": "amy.lee@riverside.example" });
    practice.staff.post(paths::SETTINGS_CHANNELS_EMAIL_TEST, to).await.refused(429, "rate_limited");
}

#[tokio::test]
async fn the_doctor_looks_at_what_was_stored_at_the_desk() {
    let (app, practice) = bare().await;
    practice.staff.put(paths::SETTINGS_CHANNELS_SMS, gateway(&app)).await.expect(200);
    practice.staff.put(paths::SETTINGS_CHANNELS_EMAIL, mail_server(&app)).await.expect(200);
    let examine = async || {
        let lines = sealpost_api::doctor::examine(&app.state().config).await;
        lines.iter().map(ToString::to_string).filter(|line| line.contains("desk")).collect::<Vec<_>>()
    };
    let well = examine().await;
    assert!(well.iter().any(|line| line.starts_with("✓ Email (set up at the desk)")), "{well:#?}");
    assert!(
        well.iter().any(|line| line.contains("Texts (set up at the desk): the service answers")),
        "{well:#?}"
    );
    let mut elsewhere = mail_server(&app);
    elsewhere["host"] = json!("no-such-host.invalid");
    elsewhere["security"] = json!("tls");
    practice.staff.put(paths::SETTINGS_CHANNELS_EMAIL, elsewhere).await.expect(200);
    let ill = examine().await;
    assert!(
        ill.iter().any(|line| line.starts_with("✗ Email (set up at the desk): The mail server's name")),
        "{ill:#?}"
    );
}
