//! The demo: a practice with a past, phones and a mailbox that answer, networks that fail when asked to.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use sealpost_shared::paths;
use sealpost_tests::demo::DemoApp;
use sealpost_tests::given::id;
use serde_json::{Value, json};

const JORDANS: &str = "+15550100142";

fn today() -> DateTime<Utc> {
    "2026-03-02T15:00:00Z".parse().expect("a time")
}

async fn list(demo: &DemoApp, path: &str) -> Vec<Value> {
    let separator = if path.contains('?') { '&' } else { '?' };
    let page = demo.key().get(&format!("{path}{separator}limit=200")).await.expect(200);
    page["data"].as_array().expect("a list").clone()
}

async fn history(demo: &DemoApp, contact: &Value) -> Vec<Value> {
    list(demo, &format!("{}/{}/messages", paths::CONTACTS, id(contact))).await
}

/// Ids and tokens are made up anew each time; everything else is told again word for word.
fn without_chance(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(name, _)| *name != "id" && !name.ends_with("_id"));
            Value::Object(kept.map(|(name, value)| (name.clone(), without_chance(value))).collect())
        }
        Value::Array(items) => items.iter().map(without_chance).collect(),
        other => other.clone(),
    }
}

/// The story as staff, and as phones and mailboxes, know it.
async fn story(demo: &DemoApp) -> Value {
    let mut people = BTreeMap::new();
    for contact in list(demo, paths::CONTACTS).await {
        let messages = history(demo, &contact).await;
        let links = list(demo, &format!("{}?contact_id={}", paths::LINKS, id(&contact))).await;
        let told = json!({ "contact": contact, "messages": messages, "links": links });
        people.insert(contact["display_name"].to_string(), without_chance(&told));
    }
    let mut caught = Vec::new();
    for item in demo.outbox.items() {
        let text = match item.body.split_once("/m#") {
            Some((before, after)) => {
                let start = before.rsplit_once("http").map_or(before, |(start, _)| start);
                format!("{start}LINK{}", after.trim_start_matches(|c: char| c.is_ascii_alphanumeric()))
            }
            None => item.body,
        };
        caught.push(json!([item.to, item.from, item.subject, text, item.created_at]));
    }
    let mut folders = Vec::new();
    for folder in ["inbox", "outbox", "archived"] {
        let rows = list(demo, &format!("{}?folder={folder}", paths::CONVERSATIONS)).await;
        folders.push(rows.iter().map(without_chance).collect::<Vec<_>>());
    }
    json!({ "people": people, "caught": caught, "folders": folders })
}

#[tokio::test]
async fn the_story_is_the_same_every_time() {
    let (first, second) = tokio::join!(DemoApp::start_at(today()), DemoApp::start_at(today()));
    let (first, second) = (story(&first).await, story(&second).await);
    for part in ["people", "caught", "folders"] {
        assert_eq!(first[part], second[part], "{part}");
    }
}

/// What can be said of a message.
fn states_of(message: &Value) -> Vec<String> {
    let how = if message["secure"] == true { "privately" } else { "plainly" };
    let way = if message["direction"] == "inbound" { "answered" } else { "sent" };
    let mut states = vec![format!("{way} {how} by {}", message["channel"].as_str().unwrap_or("page"))];
    let link = &message["link"];
    states.extend(link["state"].as_str().map(|state| format!("link {state}")));
    for (fact, name) in [("opened_at", "opened"), ("read_at", "read")] {
        states.extend(link.get(fact).map(|_| name.to_owned()));
    }
    if link["state"] == "active" && link.get("opened_at").is_none() {
        states.push("not opened".to_owned());
    }
    let deliveries = message["deliveries"].as_array().expect("a list").iter();
    states.extend(deliveries.map(|delivery| format!("delivery {}", delivery["status"])));
    states.extend(message.get("keyword").map(|word| format!("said {word}")));
    states
}

/// What somebody who looks around comes upon.
const TOLD: &[&str] = &[
    "sent privately by sms",
    "sent privately by email",
    "sent plainly by sms",
    "sent plainly by email",
    "answered privately by page",
    "answered plainly by sms",
    "answered plainly by email",
    "link active",
    "link expired",
    "link revoked",
    "link locked",
    "link \"relinked\"",
    "not opened",
    "opened",
    "read",
    "delivery \"sent\"",
    "delivery \"failed\"",
    "delivery \"delivered\"",
    "delivery \"queued\"",
    "said \"stop\"",
];

#[tokio::test]
async fn every_state_that_a_conversation_can_be_in_is_in_the_story() {
    let demo = DemoApp::start_at(today()).await;
    let contacts = list(&demo, paths::CONTACTS).await;
    assert_eq!(contacts.len(), 25);
    let count = |is: &dyn Fn(&Value) -> bool| contacts.iter().filter(|contact| is(contact)).count();
    assert_eq!(count(&|contact| contact["language"] == "es"), 2);
    assert_eq!(count(&|contact| contact["opted_out"] == json!(["sms"])), 1);
    assert_eq!(count(&|contact| contact.get("phone").is_none()), 1);
    assert_eq!(count(&|contact| contact["custom_fields"].get("birth_year").is_some()), 24);

    let mut states = BTreeSet::new();
    let mut started = 0;
    for contact in &contacts {
        for message in history(&demo, contact).await {
            started += usize::from(message["author"]["kind"] == "staff");
            states.extend(states_of(&message));
        }
        let links = list(&demo, &format!("{}?contact_id={}", paths::LINKS, id(contact))).await;
        states.extend(links.iter().map(|link| format!("link {}", link["origin"])));
    }
    assert_eq!(started, 40, "what the practice started");
    for &state in TOLD {
        assert!(states.contains(state), "{state} is not in {states:?}");
    }
    let desk = demo.desk().await;
    let counts = desk.get(paths::CONVERSATION_COUNTS).await.expect(200);
    let number = |folder: &str, name: &str| counts[folder][name].as_u64().expect("a number");
    assert!(
        number("inbox", "unread") >= 4 && number("inbox", "unread") < number("inbox", "total"),
        "{counts}"
    );
    assert_eq!((number("failed", "total"), number("scheduled", "total")), (1, 1), "{counts}");
    assert!(number("archived", "total") >= 3 && number("outbox", "total") >= 20, "{counts}");
}

#[tokio::test]
async fn whoever_texts_from_the_page_is_heard_at_the_desk() {
    let demo = DemoApp::start_at(today()).await;
    let desk = demo.desk().await;
    let mut stream = desk.stream(paths::EVENTS).await;
    assert_eq!(demo.writes("sms", JORDANS, "On my way").await.expect(201), json!({}));
    stream.until("message.received").await;
    let jordan = demo.contact("Jordan").await;
    let newest = &history(&demo, &jordan).await[0];
    assert_eq!((&newest["body"], &newest["channel"]), (&json!("On my way"), &json!("sms")));
    // As the mail that is answered shows its sender.
    let from = "Hannah Weiss <hannah.weiss@example.org>";
    let to = "Riverside Family Clinic <messages@riverside.example>";
    let mail = json!({ "channel": "email", "from": from, "to": to, "body": "Thanks" });
    demo.ask(paths::DEMO_INBOUND, mail).await.expect(201);

    let call = demo.anybody();
    let page = call.call(Method::GET, paths::DEMO_OUTBOX).undocumented().send().await.expect(200);
    let bodies: Vec<_> = page["answers"].as_array().expect("a list").iter().map(|it| &it["body"]).collect();
    assert_eq!(bodies[..2], [&json!("Thanks"), &json!("On my way")]);
}

#[tokio::test]
async fn stop_is_heeded_and_the_page_knows_it() {
    let demo = DemoApp::start_at(today()).await;
    assert_eq!(demo.writes("sms", JORDANS, "Stop!").await.expect(201), json!({ "keyword": "stop" }));
    demo.deliver().await;
    let newest = demo.arrived(JORDANS).pop().expect("a text");
    assert!(newest.body.contains("no more texts"), "{}", newest.body);
    let jordan = demo.contact("Jordan").await;
    let message = json!({ "contact_id": id(&jordan), "body": "Hello", "channel": "sms" });
    demo.key().post(paths::MESSAGES, message).await.refused(422, "contact_opted_out");
    let call = demo.anybody();
    let people = call.call(Method::GET, paths::DEMO_PEOPLE).undocumented().send().await.expect(200);
    let person = people["data"].as_array().expect("a list").iter().find(|it| it["name"] == "Jordan Reyes");
    assert_eq!(person.expect("Jordan")["opted_out"], json!(["sms"]));
}

#[tokio::test]
async fn a_gateway_that_is_down_once_is_tried_again_and_a_refusal_is_for_good() {
    let demo = DemoApp::start_at(today()).await;
    let jordan = demo.contact("Jordan").await;
    let before = demo.arrived(JORDANS).len();
    let send = async |more: Value| {
        let mut message = json!({ "contact_id": id(&jordan), "body": "Hello", "secure": true });
        message.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
        let sent = demo.key().post(paths::MESSAGES, message).await.expect(201);
        demo.deliver().await;
        sent
    };
    let state = async |sent: &Value| {
        let message = demo.key().get(&format!("{}/{}", paths::MESSAGES, id(sent))).await.expect(200);
        message["deliveries"][0].clone()
    };
    demo.breaks("sms", JORDANS, "gateway_down").await.expect(204);
    let sent = send(json!({})).await;
    let waiting = state(&sent).await;
    assert_eq!((&waiting["status"], &waiting["attempts"]), (&json!("queued"), &json!(1)));
    assert_eq!(demo.arrived(JORDANS).len(), before);
    demo.clock.set(today() + TimeDelta::seconds(15));
    demo.deliver().await;
    assert_eq!(state(&sent).await["status"], "sent");
    assert_eq!(demo.arrived(JORDANS).len(), before + 1);

    demo.breaks("sms", JORDANS, "undeliverable").await.expect(204);
    let refused = state(&send(json!({})).await).await;
    assert_eq!(
        (&refused["status"], &refused["failure"]["code"]),
        (&json!("failed"), &json!("address_unreachable"))
    );
    demo.breaks("email", "jordan@example.org", "mail_refused").await.expect(204);
    let refused = state(&send(json!({ "channel": "email" })).await).await;
    assert_eq!((&refused["status"], &refused["failure"]["code"]), (&json!("failed"), &json!("mail_refused")));
    let call = demo.anybody();
    let page = call.call(Method::GET, paths::DEMO_OUTBOX).undocumented().send().await.expect(200);
    assert_eq!(page["faults"], json!([]), "each happened once");
    let newest: Vec<_> = page["troubles"].as_array().expect("a list").iter().map(|it| &it["fault"]).collect();
    assert_eq!(newest[..3], ["mail_refused", "undeliverable", "gateway_down"]);
}

#[tokio::test]
async fn a_fault_can_be_taken_back() {
    let demo = DemoApp::start_at(today()).await;
    demo.breaks("sms", JORDANS, "undeliverable").await.expect(204);
    demo.ask(paths::DEMO_FAULTS, json!({ "channel": "sms", "to": JORDANS })).await.expect(204);
    let jordan = demo.contact("Jordan").await;
    let before = demo.arrived(JORDANS).len();
    let message = json!({ "contact_id": id(&jordan), "body": "Hello", "secure": true });
    demo.key().post(paths::MESSAGES, message).await.expect(201);
    demo.deliver().await;
    assert_eq!(demo.arrived(JORDANS).len(), before + 1);
}

#[tokio::test]
async fn what_makes_no_sense_is_said_in_words_and_changes_nothing() {
    let demo = DemoApp::start_at(today()).await;
    let before = demo.outbox.items().len();
    for (body, pointer) in [
        (json!({ "channel": "sms", "from": "+15557310942", "to": "+15550100100", "body": "Hi" }), "/from"),
        (json!({ "channel": "sms", "from": "5550100142", "to": "+15550100100", "body": "Hi" }), "/from"),
        (json!({ "channel": "sms", "from": JORDANS, "to": "+15550100999", "body": "Hi" }), "/to"),
        (json!({ "channel": "sms", "from": JORDANS, "to": "+15550100100", "body": "" }), "/body"),
        (json!({ "channel": "fax", "from": JORDANS, "to": "+15550100100", "body": "Hi" }), "/channel"),
        (json!({ "channel": "sms", "from": JORDANS, "to": "+15550100100", "body": "Hi", "x": 1 }), "/x"),
    ] {
        let refused = demo.ask(paths::DEMO_INBOUND, body).await.refused(422, "validation_failed");
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
    }
    for (body, pointer) in [
        (json!({ "channel": "email", "to": "jordan@example.org", "fault": "gateway_down" }), "/fault"),
        (json!({ "channel": "sms", "to": "jordan", "fault": "gateway_down" }), "/to"),
        (json!({ "channel": "sms", "to": JORDANS, "fault": "earthquake" }), "/fault"),
    ] {
        let refused = demo.ask(paths::DEMO_FAULTS, body).await.refused(422, "validation_failed");
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
    }
    assert_eq!(demo.outbox.items().len(), before);
}

/// A name of another site that was made to point here, and a page of another site.
#[tokio::test]
async fn other_sites_neither_read_the_outbox_nor_play_the_other_side() {
    let demo = DemoApp::start_at(today()).await;
    let call = demo.anybody();
    for path in [paths::DEMO_OUTBOX, paths::DEMO_PEOPLE] {
        let asked = call.call(Method::GET, path).undocumented().header("host", "evil.example");
        asked.send().await.refused(403, "request_origin_refused");
    }
    let text = json!({ "channel": "sms", "from": JORDANS, "to": "+15550100100", "body": "STOP" });
    let fault = json!({ "channel": "sms", "to": JORDANS, "fault": "undeliverable" });
    for (path, body) in [(paths::DEMO_INBOUND, text), (paths::DEMO_FAULTS, fault)] {
        for (header, value) in [("host", "evil.example"), ("origin", "https://evil.example")] {
            let asked = call.call(Method::POST, path).undocumented().header(header, value).json(&body);
            asked.send().await.refused(403, "request_origin_refused");
        }
        let plain =
            call.call(Method::POST, path).undocumented().header("content-type", "text/plain").json(&body);
        plain.send().await.refused(415, "unsupported_media_type");
    }
    assert_eq!(demo.contact("Jordan").await["opted_out"], json!([]));
}

/// Files of the page, and nothing that is not its own.
#[tokio::test]
async fn the_page_is_whole() {
    let demo = DemoApp::start_at(today()).await;
    let call = demo.anybody();
    let get = async |path: &str| call.call(Method::GET, path).undocumented().send().await;
    let page = get("/outbox").await;
    assert_eq!(page.status, 200);
    let mut files: Vec<_> = vec!["/outbox.js".to_owned(), "/outbox.css".to_owned(), "/outbox.svg".to_owned()];
    while let Some(file) = files.pop() {
        let answer = get(&file).await;
        assert_eq!(answer.status, 200, "{file}");
        for import in answer.text.lines().filter(|line| line.starts_with("import ")) {
            let named = import.rsplit('"').nth(1).expect("a file");
            files.push(named.to_owned());
        }
        assert!(!answer.text.contains("https://") && !answer.text.contains("innerHTML"), "{file}");
    }
}
