//! The binary as an operator runs it: real processes, a real clock, and a power cut.

use std::collections::BTreeMap;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use sealpost_shared::paths;
use sealpost_tests::fakes::{GatewayAnswer, SmsGateway};
use sealpost_tests::given::{PASSWORD, id, token_in};
use sealpost_tests::installation::{Installation, text, until};
use serde_json::{Value, json};

#[tokio::test]
async fn a_text_survives_a_power_cut_and_arrives_once() {
    let gateway = SmsGateway::start().await;
    let mut installation = Installation::new().await.with_gateway(&gateway);
    let made = installation.bootstrap().await;
    let key = made["api_key"].as_str().expect("a key");
    gateway.will_answer([GatewayAnswer::Hang]);

    let mut server = installation.serve().await;
    let client = installation.client(Some(key));
    let contact = json!({ "first_name": "Jordan", "phone": "+15550100142" });
    let message = json!({ "contact": contact, "body": "Your results are in.", "secure": true });
    let message = client.post(paths::MESSAGES, message).await.expect(201);
    until("a first try", async || gateway.requests().len() == 1).await;
    server.kill();
    assert_eq!(gateway.texts().len(), 0, "the gateway was silent");

    let _server = installation.serve().await;
    until("the text", async || !gateway.texts().is_empty()).await;
    let path = format!("{}/{}", paths::MESSAGES, id(&message));
    until("its settling", async || client.get(&path).await.expect(200)["deliveries"][0]["status"] == "sent")
        .await;
    let requests = gateway.requests();
    let keys: Vec<_> =
        requests.iter().map(|text| text.headers.get("idempotency-key").expect("a key")).collect();
    assert!(keys.iter().all(|key| *key == keys[0]), "the gateway can tell that it is one text");
    assert!(requests.iter().all(|text| text.body == requests[0].body), "and it is the same link");
    assert_eq!(gateway.texts().len(), 1);
    let token = token_in(&gateway.texts()[0].body);
    let entered = installation.client(None).post(paths::SECURE_LINKS_ENTER, json!({ "token": token })).await;
    assert_eq!(entered.expect(200)["conversation_id"], message["conversation_id"]);
}

/// Whatever an operator switches on, libraries too: below `info` those print requests, addresses and statements.
#[tokio::test]
async fn a_server_that_logs_all_it_can_says_nothing_private() {
    let gateway = SmsGateway::start().await;
    let mut installation = Installation::new().await.with_gateway(&gateway);
    let made = installation.bootstrap().await;
    let key = made["api_key"].as_str().expect("a key");
    installation.set.insert("SEALPOST_LOG", "trace".to_owned());
    let server = installation.serve().await;
    let client = installation.client(Some(key));
    let contact = json!({ "first_name": "Jordan", "phone": "+15557310942", "email": "canary@mail.example" });
    let message = json!({ "contact": contact, "body": "canary-body", "secure": true, "pin": "canary-pin" });
    client.post(paths::MESSAGES, message).await.expect(201);
    until("the text", async || !gateway.texts().is_empty()).await;
    let token = token_in(&gateway.texts()[0].body);
    let patient = installation.client(None);
    let tried = json!({ "token": token, "pin": "canary-pin" });
    patient.post(paths::SECURE_LINKS_VERIFY_PIN, tried).await.expect(200);
    let cookies: Vec<String> = patient.cookies().into_values().collect();
    let logged = server.complained();
    assert!(logged.contains("/api/v1/secure-links/verify-pin"), "{logged}");
    let private = ["15557310942", "canary", &token, key];
    for secret in private.into_iter().chain(cookies.iter().map(String::as_str)) {
        assert!(!logged.contains(secret), "{secret:?} is in the log");
    }
}

#[tokio::test]
async fn bootstrap_prints_ids_and_a_key_that_works() {
    let mut installation = Installation::new().await;
    let made = installation.bootstrap().await;
    let names: Vec<_> = made.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(names, ["api_key", "organization_id", "user_id"]);
    for (name, prefix) in [("organization_id", "org_"), ("user_id", "usr_"), ("api_key", "spk_")] {
        assert!(made[name].as_str().is_some_and(|value| value.starts_with(prefix)), "{name} in {made}");
    }
    let _server = installation.serve().await;
    let key = installation.client(made["api_key"].as_str());
    assert_eq!(key.get(paths::CONTACTS).await.expect(200)["data"], json!([]));
    let desk = installation.client(None);
    let sign_in = json!({ "email": "amy.lee@riverside.example", "password": PASSWORD });
    let session = desk.post(paths::SESSION, sign_in).await.expect(200);
    assert_eq!(
        (&session["user"]["id"], &session["organization"]["id"]),
        (&made["user_id"], &made["organization_id"])
    );
}

#[tokio::test]
async fn a_bootstrap_that_is_refused_leaves_nothing_behind() {
    let mut installation = Installation::new().await;
    installation.set.insert("SEALPOST_ADMIN_PASSWORD", PASSWORD.to_owned());
    for (wrong, words) in [
        ("--email", "--name Amy --email amy"),
        (
            "--organization has letters that text messages would double",
            "Клиника --name Amy --email amy.lee@riverside.example",
        ),
        ("--time-zone", "--name Amy --email amy.lee@riverside.example --time-zone Mars/Olympus"),
    ] {
        let name = if words.starts_with("--") { "Riverside " } else { "" };
        let words = format!("admin bootstrap --organization {name}{words}");
        let output = installation.run(&words.split(' ').collect::<Vec<_>>()).await;
        assert!(!output.status.success() && text(&output.stderr).contains(wrong), "{}", text(&output.stderr));
        assert!(!installation.folder.path().join("data").exists(), "{wrong}");
    }
}

#[tokio::test]
async fn a_name_that_is_no_setting_stops_the_start_with_one_line() {
    for (name, value, told) in [
        ("SEALPOST_PUBLIC_ULR", "http://localhost:1", "did you mean SEALPOST_PUBLIC_URL?"),
        ("SEALPOST_COLOUR_OF_THE_DOOR", "green", "SEALPOST_COLOUR_OF_THE_DOOR is not a setting"),
        ("SEALPOST_DELIVERY_LEASE", "canary-value", "SEALPOST_DELIVERY_LEASE"),
    ] {
        let mut installation = Installation::new().await;
        installation.set.insert(name, value.to_owned());
        let output = installation.run(&["serve"]).await;
        let said = text(&output.stderr);
        assert!(!output.status.success() && output.stdout.is_empty(), "{name}: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.contains(told) && !said.contains("canary"), "{said}");
        assert!(!installation.folder.path().join("data").exists(), "{name}: nothing was made");
    }
}

/// What follows `prefix` in what the demo printed.
fn link(said: &str, prefix: &str) -> Option<String> {
    let (_, rest) = said.split_once(prefix)?;
    Some(rest.chars().take_while(|c| !c.is_whitespace()).collect())
}

#[tokio::test]
async fn the_demo_prints_its_links_and_keeps_messages_out_of_its_outbox() {
    let installation = Installation::new().await;
    let demo = installation.start(&["demo", "--bind", &installation.address]);
    until("the banner", async || demo.said().contains("key spk_")).await;
    let said = demo.said();
    let port = installation.address.rsplit(':').next().expect("a port");
    let origin = format!("http://localhost:{port}");
    for path in ["/desk#once=", "/m#", "/outbox", "/docs"] {
        assert!(said.contains(&format!("{origin}{path}")), "{path} in {said}");
    }

    let once = link(&said, "/desk#once=").expect("a link to the desk");
    let desk = installation.client(None);
    desk.post(paths::SESSION_ONE_TIME, json!({ "token": once })).await.expect(200);
    let again = installation.client(None).post(paths::SESSION_ONE_TIME, json!({ "token": once })).await;
    again.refused(401, "credentials_invalid");

    let token = link(&said, "/m#").expect("a link of a patient");
    let patient = installation.client(None);
    let entered = patient.verify_pin(&token, &link(&said, "PIN ").expect("a PIN")).await.expect(200);
    let conversation = entered["conversation_id"].as_str().expect("an id");
    let thread = desk.get(&format!("{}/{conversation}/messages", paths::CONVERSATIONS)).await.expect(200);
    let private =
        thread["data"].as_array().expect("a list").iter().filter(|message| message["secure"] == true);
    let private: Vec<_> = private.map(|message| message["body"].as_str().expect("text")).collect();
    assert!(!private.is_empty(), "{thread}");

    let call = installation.client(None);
    let outbox = call.call(reqwest::Method::GET, paths::DEMO_OUTBOX).undocumented().send().await;
    assert!(outbox.text.contains(&format!("/m#{token}")), "the notice with the link was caught");
    let caught = outbox.expect(200)["data"].as_array().expect("a list").clone();
    for body in private {
        let told = |item: &Value| item["body"].as_str().is_some_and(|text| text.contains(body));
        assert!(!caught.iter().any(told), "{body:?} was told in the clear");
    }
    let key = installation.client(link(&said, "key ").as_deref());
    assert!(!key.get(paths::CONTACTS).await.expect(200)["data"].as_array().expect("a list").is_empty());
}

/// The setup link in what a server said.
fn setup_link(said: &str) -> Option<String> {
    let line = said.lines().find(|line| line.contains("/desk#setup="))?;
    Some(line.split_once("#setup=")?.1.trim().to_owned())
}

#[tokio::test]
async fn the_first_start_prints_a_link_and_the_next_start_another() {
    let installation = Installation::new().await;
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let server = installation.start(&["serve"]);
        until("the link", async || setup_link(&server.said()).is_some()).await;
        tokens.push(setup_link(&server.said()).expect("a link"));
        assert!(server.said().contains("30 minutes"), "{}", server.said());
        if tokens.len() == 2 {
            assert_ne!(tokens[0], tokens[1]);
            let browser = installation.client(None);
            let sign_in = |token: &str| browser.post(paths::SESSION_ONE_TIME, json!({ "token": token }));
            sign_in(&tokens[0]).await.refused(401, "credentials_invalid");
            assert_eq!(sign_in(&tokens[1]).await.expect(200)["setup_due"], true);
        }
    }
}

#[tokio::test]
async fn the_doctor_says_what_is_wrong_and_changes_nothing() {
    let mut installation = Installation::new().await;
    let fresh = installation.run(&["doctor"]).await;
    let said = String::from_utf8_lossy(&fresh.stdout).into_owned();
    assert!(fresh.status.success() && said.contains("! Database"), "{said}");
    assert!(!installation.folder.path().join("data").exists(), "it made something");

    installation.run(&["migrate"]).await;
    let before = files(&installation.folder.path().join("data"));
    let well = installation.run(&["doctor"]).await;
    let said = String::from_utf8_lossy(&well.stdout).into_owned();
    assert!(well.status.success(), "{said}");
    for line in
        ["✓ Environment", "✓ Database", "✓ Keys", "! Setup", "! Server", "! Texts", "! Email", "! Backups"]
    {
        assert!(said.lines().any(|it| it.starts_with(line)), "{line} is not in\n{said}");
    }
    assert_eq!(files(&installation.folder.path().join("data")), before, "it changed something");

    let key = installation.folder.path().join("data/master.key");
    let mode = |mode| std::fs::set_permissions(&key, Permissions::from_mode(mode)).expect("it is ours");
    mode(0o644);
    let open = installation.run(&["doctor"]).await;
    let said = String::from_utf8_lossy(&open.stdout).into_owned();
    let lines: Vec<_> = said.lines().filter(|line| line.contains("Key file")).collect();
    assert!(!open.status.success() && lines.len() == 1 && lines[0].starts_with("✗"), "{said}");
    mode(0o600);

    installation.set.extend([
        ("SEALPOST_SMTP_URL", "smtps://no-such-host.invalid".to_owned()),
        ("SEALPOST_MAIL_FROM", "post@clinic.example".to_owned()),
    ]);
    let ill = installation.run(&["doctor"]).await;
    let said = String::from_utf8_lossy(&ill.stdout).into_owned();
    assert!(
        !ill.status.success() && said.contains("✗ Email: The mail server's name leads nowhere"),
        "{said}"
    );
    installation.set.insert("SEALPOST_BINDD", "x".to_owned());
    let ill = installation.run(&["doctor"]).await;
    assert!(
        !ill.status.success() && String::from_utf8_lossy(&ill.stdout).contains("did you mean SEALPOST_BIND?")
    );
}

/// Names and contents of a folder's files.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.map(|path| (path.clone(), std::fs::read(path).expect("a file"))).collect()
}
