//! Things that happen at the same time.

use std::sync::Arc;

use chrono::TimeDelta;
use reqwest::header::HeaderMap;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::{PASSWORD, PAST_A_DAY, Patient, id};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// A right code and wrong ones of the same person at the same moment: each waits for the other's rows and none for
/// one that waits for it (the order of locks in ARCHITECTURE.md). On PostgreSQL a knot would be cut with an error.
#[tokio::test]
async fn right_and_wrong_second_steps_at_once_are_all_answered() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let started = practice.staff.post(paths::SESSION_TOTP, json!({ "password": PASSWORD })).await.expect(200);
    let code = app.code(started["secret"].as_str().expect("a secret"));
    let codes = practice.staff.post(paths::SESSION_TOTP_CONFIRM, json!({ "code": code })).await.expect(200);
    let mut let_in = 0;
    for code in codes["recovery_codes"].as_array().expect("codes") {
        let mut tries = tokio::task::JoinSet::new();
        for number in 0..4 {
            let browser = app.anybody();
            let body = json!({ "email": practice.email, "password": PASSWORD });
            browser.post(paths::SESSION, body).await.expect(200);
            let code = if number == 1 { code.clone() } else { json!("wrong") };
            tries.spawn(
                async move { browser.post(paths::SESSION_SECOND_STEP, json!({ "code": code })).await },
            );
        }
        for answer in tries.join_all().await {
            assert!(matches!(answer.status, 200 | 401 | 429), "{}", answer.text);
            let_in += u32::from(answer.status == 200);
        }
        app.clock.advance(TimeDelta::hours(2));
    }
    assert!(let_in >= 8, "{let_in}");
    app.deliver().await;
}

/// `it_exchange_expiry_race`: a right PIN, charged while the link was alive, is looked at when it is over.
#[tokio::test]
async fn a_link_that_ends_while_its_pin_waits_to_be_checked_lets_nobody_in() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.set_pin(&jordan, "4821").await;
    practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    let mut busy = Vec::new();
    for _ in 0..std::thread::available_parallelism().map_or(1, std::num::NonZero::get) {
        busy.push(app.state().secrets.hashing.permit().await.expect("a permit"));
    }
    let before = app.tables().await["link_guards"].clone();
    let (browser, held) = (app.anybody(), token.clone());
    let waiting = tokio::spawn(async move { (browser.verify_pin(&held, "4821").await, browser.cookies()) });
    while app.tables().await["link_guards"] == before {
        tokio::task::yield_now().await;
    }
    app.clock.advance(PAST_A_DAY);
    drop(busy);
    let (answer, cookies) = waiting.await.expect("joined");
    answer.refused(410, "link_expired");
    assert!(cookies.is_empty(), "{:?}", cookies.keys());
}

/// Many come with the old PIN while it is changed: some are too early and some too late. In every other round the
/// change waits for the first who is let in, so that the test always sees somebody. Whoever got a session, it is
/// none now.
#[tokio::test]
async fn a_pin_changed_between_its_check_and_the_session_lets_nobody_stay_with_the_old_one() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.set_pin(&jordan, "old-pin-0").await;
    practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    let mut let_in = 0;
    for round in 0..6 {
        let (old, new) = (format!("old-pin-{round}"), format!("old-pin-{}", round + 1));
        let anybody = app.anybody();
        let first_in = Arc::new(Notify::new());
        let guesses = anybody.at_once(5, |client| {
            let (token, old, first_in) = (token.clone(), old.clone(), Arc::clone(&first_in));
            async move {
                let answer = client.verify_pin(&token, &old).await;
                assert!(matches!(answer.status, 200 | 401 | 429 | 503), "{}", answer.text);
                first_in.notify_one();
                (client, answer)
            }
        });
        let change = async {
            if round % 2 == 0 {
                first_in.notified().await;
            }
            practice.set_pin(&jordan, &new).await;
        };
        let (guesses, ()) = tokio::join!(guesses, change);
        for (browser, answer) in guesses.into_iter().filter(|(_, answer)| answer.status == 200) {
            let_in += 1;
            let conversation = answer.json["conversation_id"].as_str().expect("an id");
            let chat = browser.get(&format!("{}/{conversation}", paths::CHAT)).await;
            chat.refused(401, "session_ended");
        }
        app.clock.advance(TimeDelta::minutes(16));
        practice
            .key
            .post(&format!("{}/{}/unlock", paths::CONTACTS, id(&jordan)), json!({}))
            .await
            .expect(204);
        app.anybody().verify_pin(&token, &old).await.refused(401, "pin_incorrect");
    }
    assert!(let_in > 0, "in no round was anybody early enough: the test saw nothing");
    app.enter_with_pin(&token, "old-pin-6").await;
}

#[tokio::test]
async fn staff_can_unlock_while_guesses_run() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.set_pin(&jordan, "4821").await;
    practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    let path = format!("{}/{}/unlock", paths::CONTACTS, id(&jordan));
    let anybody = app.anybody();
    let guesses = anybody.at_once(20, |client| {
        let token = token.clone();
        async move { client.verify_pin(&token, "0000").await.status }
    });
    let unlocks = practice.staff.at_once(20, |client| {
        let path = path.clone();
        async move { client.post(&path, json!({})).await.status }
    });
    let (guesses, unlocks) = tokio::join!(guesses, unlocks);
    assert_eq!(unlocks, [204; 20]);
    assert!(guesses.iter().all(|status| matches!(status, 401 | 403 | 429 | 503)), "{guesses:?}");
    practice.staff.post(&path, json!({})).await.expect(204);
    assert_eq!(app.anybody().open(&token).await.expect(200)["pin"]["attempts_left"], 5);
}

#[tokio::test]
async fn both_sides_write_in_one_conversation_at_once_and_nobody_is_turned_away() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    let patient = app.enter(&app.newest_token().await).await;
    let path = format!("{}/{}/messages", paths::CONVERSATIONS, patient.conversation);
    let staff = practice.staff.at_once(20, |client| {
        let path = path.clone();
        async move { client.post(&path, json!({ "body": "From the desk" })).await.status }
    });
    let chat = patient.path("/messages");
    let patients = patient.browser.at_once(20, |client| {
        let path = chat.clone();
        async move {
            let body = json!({ "body": "From the phone", "client_message_id": uuid::Uuid::new_v4() });
            client.post(&path, body).await.status
        }
    });
    let (staff, patients) = tokio::join!(staff, patients);
    assert_eq!((staff, patients), (vec![201; 20], vec![201; 20]));
    assert_eq!(practice.history(&jordan).await.len(), 41);
    app.deliver().await;
}

/// A request whose body has not all come yet.
struct Halfway {
    stream: TcpStream,
    rest: Vec<u8>,
}

impl Halfway {
    /// The head and half of the body. The server has begun with it when this returns: it has said so.
    async fn start(app: &TestApp, patient: &Patient, body: &str) -> Self {
        let address = app.base().trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).await.expect("the server listens");
        let cookies: Vec<_> =
            patient.browser.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n{}: 1\r\nCookie: {}\r\n\
             Content-Length: {}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
            patient.path("/messages"),
            paths::REQUEST_HEADER,
            cookies.join("; "),
            body.len(),
        );
        stream.write_all(head.as_bytes()).await.expect("sent");
        let mut said = [0; 25];
        stream.read_exact(&mut said).await.expect("an answer to the head");
        assert!(said.starts_with(b"HTTP/1.1 100"), "{}", String::from_utf8_lossy(&said));
        let (now, rest) = body.as_bytes().split_at(body.len() / 2);
        stream.write_all(now).await.expect("sent");
        Self { stream, rest: rest.to_vec() }
    }

    async fn finish(mut self) -> String {
        self.stream.write_all(&self.rest).await.expect("sent");
        let mut answer = Vec::new();
        self.stream.read_to_end(&mut answer).await.expect("an answer");
        String::from_utf8_lossy(&answer).into_owned()
    }
}

#[tokio::test]
async fn a_link_revoked_while_a_reply_s_body_arrives_stores_nothing() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let message = practice.send(&jordan, json!({})).await;
    let patient = app.enter(&app.newest_token().await).await;
    let reply = |text: &str| json!({ "body": text, "client_message_id": uuid::Uuid::new_v4() }).to_string();
    // That a reply in two halves is a reply is what makes the rest of this mean something.
    let whole = Halfway::start(&app, &patient, &reply("Slow, but in time")).await.finish().await;
    assert!(whole.starts_with("HTTP/1.1 201"), "{whole}");

    let late = Halfway::start(&app, &patient, &reply("Too late")).await;
    practice
        .key
        .post(&format!("{}/{}/revoke", paths::LINKS, id(&message["link"])), json!({}))
        .await
        .expect(200);
    let answer = late.finish().await;
    assert!(answer.starts_with("HTTP/1.1 401") && answer.contains("session_ended"), "{answer}");
    assert_eq!(practice.history(&jordan).await.len(), 2);
}

/// Misses are counted per network, and a link that works is no miss.
#[tokio::test]
async fn a_flood_of_unknown_tokens_changes_nothing_for_those_who_ask_for_a_new_link() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.send(&practice.jordan().await, json!({})).await;
    let token = app.newest_token().await;
    app.clock.advance(TimeDelta::hours(25));
    let unknown = |number: usize| format!("{number:022}");
    let varying = |headers: &HeaderMap| headers.keys().map(ToString::to_string).collect::<Vec<_>>();
    let first = app.anybody().relink(&unknown(0)).await;
    for number in 1..70 {
        let answer = app.anybody().relink(&unknown(number)).await;
        assert_eq!((answer.status, &answer.json), (202, &first.json));
        assert_eq!(varying(&answer.headers), varying(&first.headers));
    }
    app.anybody().open(&unknown(70)).await.refused(429, "rate_limited");
    let known = app.anybody().relink(&token).await;
    assert_eq!((known.status, &known.json), (202, &first.json));
    assert_ne!(app.newest_token().await, token, "the flood kept nobody from a new link");
}
