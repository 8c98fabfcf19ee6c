//! What ends a session, how soon, and what is no session at all (security.md D10, D11).

use std::time::{Duration, Instant};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use aws_lc_rs::{hmac, rand, signature};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use sealpost_api::entities::server_key;
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::{Answer, Client};
use sealpost_tests::given::{PASSWORD, Patient, Practice, id};
use sealpost_tests::stream::EventStream;
use serde_json::{Value, json};

/// A second, and what this machine needs for two answers: a full one is slow, a wrong program slower.
async fn soon(client: &Client) -> Duration {
    let started = Instant::now();
    for _ in 0..2 {
        client.get("/healthz").await.expect(204);
    }
    Duration::from_secs(1) + started.elapsed()
}

/// The stream ends in time, and says why.
async fn ends(mut stream: EventStream, since: Instant, within: Duration, why: &str) {
    stream.until("session.ended").await;
    assert!(since.elapsed() <= within, "{why}: after {:?} of {within:?}", since.elapsed());
}

async fn user_path(desk: &Client) -> String {
    format!("{}/{}", paths::USERS, id(&desk.get(paths::SESSION).await.expect(200)["user"]))
}

async fn change(practice: &Practice, path: &str, what: Value) {
    practice.staff.patch(path, what).await.expect(200);
}

/// `it_revocation_one_second`, the staff's half.
#[tokio::test]
async fn whatever_ends_a_staff_session_ends_its_calls_at_once_and_its_streams_within_a_second() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let anybody = app.anybody();
    let mut number = 0;
    let ways = [
        "signed out",
        "disabled",
        "changed role",
        "changed password",
        "second step taken away",
        "idle",
        "twelve hours",
    ];
    for way in ways {
        number += 1;
        practice.sign_in().await;
        let email = format!("rob.{number}@riverside.example");
        let rob = app.colleague(&practice, "Rob Ives", &email, Role::Member).await;
        let path = user_path(&rob).await;
        let cookies = rob.cookies();
        let within = soon(&anybody).await;
        let stream = rob.stream(paths::EVENTS).await;
        match way {
            "signed out" => drop(rob.delete(paths::SESSION).await.expect(204)),
            "disabled" => change(&practice, &path, json!({ "disabled": true })).await,
            "changed role" => change(&practice, &path, json!({ "role": "read_only" })).await,
            "second step taken away" => change(&practice, &path, json!({ "has_second_step": false })).await,
            "changed password" => {
                let other = app.anybody();
                other.post(paths::SESSION, json!({ "email": email, "password": PASSWORD })).await.expect(200);
                let new = json!({ "password": "Zebra kettle 4 moonlight", "current_password": PASSWORD });
                other.put(paths::SESSION_PASSWORD, new).await.expect(200);
            }
            "idle" => app.clock.advance(TimeDelta::minutes(15)),
            _ => {
                for _ in 0..72 {
                    app.clock.advance(TimeDelta::minutes(10));
                    rob.post(paths::SESSION_STAY, json!({})).await;
                }
            }
        }
        let since = Instant::now();
        let ended = rob;
        ended.set_cookies(cookies);
        ended.get(paths::CONTACTS).await.refused(401, "session_ended");
        ends(stream, since, within, way).await;
    }
    app.deliver().await;
}

async fn visit(app: &TestApp, practice: &Practice) -> (Patient, Value, Value) {
    let jordan = practice.contact(json!({ "first_name": "Jordan", "phone": "+15550100142" })).await;
    let message = practice.send(&jordan, json!({ "channel": "sms" })).await;
    (app.enter(&app.newest_token().await).await, jordan, message)
}

/// `it_revocation_one_second`, the patients' half.
#[tokio::test]
async fn whatever_ends_a_patient_s_session_ends_its_calls_at_once_and_its_streams_within_a_second() {
    for way in
        ["left", "link revoked", "PIN changed", "PIN taken away", "contact erased", "idle", "link over"]
    {
        let app = TestApp::start().await;
        let practice = app.practice().await;
        let (patient, jordan, message) = visit(&app, &practice).await;
        let cookies = patient.browser.cookies();
        let within = soon(&app.anybody()).await;
        let stream = patient.browser.stream(&patient.path("/events")).await;
        let contact = format!("{}/{}", paths::CONTACTS, id(&jordan));
        let mut code = "session_ended";
        match way {
            "left" => drop(patient.browser.post(&patient.path("/leave"), json!({})).await.expect(204)),
            "link revoked" => {
                let path = format!("{}/{}/revoke", paths::LINKS, id(&message["link"]));
                practice.key.post(&path, json!({})).await.expect(200);
            }
            "PIN changed" => practice.set_pin(&jordan, "fresh-4821").await,
            "PIN taken away" => {
                practice.set_pin(&jordan, "fresh-4821").await;
                practice.key.delete(&format!("{contact}/pin")).await.expect(204);
            }
            "contact erased" => drop(practice.key.delete(&contact).await.expect(204)),
            "idle" => app.clock.advance(TimeDelta::minutes(15)),
            _ => {
                app.clock.advance(TimeDelta::hours(25));
                code = "link_expired";
            }
        }
        let since = Instant::now();
        patient.browser.set_cookies(cookies);
        let answer = patient.browser.get(&patient.path("/messages")).await;
        assert_eq!(answer.json["code"], code, "{way}: {}", answer.text);
        ends(stream, since, within, way).await;
    }
}

#[tokio::test]
async fn reads_polls_and_streams_do_not_keep_a_session_and_staying_or_writing_does() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let (patient, jordan, _) = visit(&app, &practice).await;
    let until = |session: &Value| session["idle_expires_at"].as_str().expect("a time").to_owned();
    let before = until(&practice.staff.get(paths::SESSION).await.expect(200));
    app.clock.advance(TimeDelta::minutes(10));
    let _streams =
        (practice.staff.stream(paths::EVENTS).await, patient.browser.stream(&patient.path("/events")).await);
    practice.staff.get(paths::CONVERSATIONS).await;
    patient.browser.get(&patient.path("/messages")).await.expect(200);
    patient.browser.post(&patient.path("/read"), json!({})).await;
    assert_eq!(until(&practice.staff.get(paths::SESSION).await.expect(200)), before);

    let note = json!({ "last_name": "Reyes" });
    practice.staff.patch(&format!("{}/{}", paths::CONTACTS, id(&jordan)), note).await.expect(200);
    let moved = until(&practice.staff.get(paths::SESSION).await.expect(200));
    assert!(moved > before, "a write keeps it");
    let kept = patient.browser.post(&patient.path("/stay"), json!({})).await.expect(200);
    app.clock.advance(TimeDelta::seconds(59));
    let again = patient.browser.post(&patient.path("/stay"), json!({})).await.expect(200);
    assert_eq!(until(&again), until(&kept), "at most once a minute");
    let staff = practice.staff.post(paths::SESSION_STAY, json!({})).await.expect(200);
    assert_eq!(until(&staff), moved, "at most once a minute");
    app.clock.advance(TimeDelta::minutes(5));
    patient.browser.get(&patient.path("/messages")).await.expect(200);
    app.clock.advance(TimeDelta::minutes(10));
    patient.browser.get(&patient.path("/messages")).await.refused(401, "session_ended");
    practice.staff.get(paths::SESSION).await.refused(401, "session_ended");
}

/// The key that signs the staff's cookies: a forgery is worth most with everything else right.
async fn signing_key(app: &TestApp, purpose: &str) -> (String, Vec<u8>) {
    let state = app.state();
    let rows = server_key::list(&app.raw().await, purpose).await.expect("the keys");
    let row = rows.into_iter().next().expect("a key");
    let der = state.secrets.ring().open_server_key(purpose, &row.id, &row.sealed_key).expect("opens");
    (row.id, der.to_vec())
}

fn base64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn part(token: &str, place: usize) -> Value {
    let part = token.split('.').nth(place).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
}

fn body(header: &Value, claims: &Value) -> String {
    format!("{}.{}", base64(header.to_string()), base64(claims.to_string()))
}

fn signed(der: &[u8], header: &Value, claims: &Value) -> String {
    let text = body(header, claims);
    let signature = base64(Ed25519KeyPair::from_pkcs8(der).expect("a key").sign(text.as_bytes()));
    format!("{text}.{signature}")
}

fn but(value: &Value, name: &str, field: impl Into<Value>) -> Value {
    let mut value = value.clone();
    value[name] = field.into();
    value
}

/// With a key of the forger's own, in the algorithm that the header names.
fn swapped(header: &Value, claims: &Value, algorithm: &str) -> String {
    let text = body(&but(header, "alg", algorithm), claims);
    let random = rand::SystemRandom::new();
    let signature = if algorithm == "ES256" {
        let way = &signature::ECDSA_P256_SHA256_FIXED_SIGNING;
        let key = signature::EcdsaKeyPair::generate(way).expect("a key");
        key.sign(&random, text.as_bytes()).expect("a signature").as_ref().to_vec()
    } else {
        let key = signature::RsaKeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).expect("a key");
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(&signature::RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature).expect("signed");
        signature
    };
    format!("{text}.{}", base64(signature))
}

fn forgeries(good: &str, kid: &str, own: &[u8], patients: &[u8]) -> Vec<(&'static str, String)> {
    let (header, claims) = (part(good, 0), part(good, 1));
    assert_eq!(header["kid"], kid);
    let pair: Ed25519KeyPair = Ed25519KeyPair::generate().expect("a key");
    let strange: Pkcs8V1Der<'_> = pair.as_der().expect("a form");
    let (strange, public) = (strange.as_ref(), pair.public_key().as_ref());
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": base64(public) });
    let ours = Ed25519KeyPair::from_pkcs8(own).expect("a key");
    let hs = body(&but(&header, "alg", "HS256"), &claims);
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, ours.public_key().as_ref()), hs.as_bytes());
    let time = |name: &str, by: i64| but(&claims, name, claims[name].as_i64().expect("a time") + by);
    vec![
        ("none", format!("{}.", body(&but(&header, "alg", "none"), &claims))),
        ("nothing signed", format!("{}.", body(&header, &claims))),
        ("another's signature", format!("{}.{}", body(&header, &but(&claims, "sv", 9)), base64([7; 64]))),
        ("HS256 with the public key", format!("{hs}.{}", base64(tag))),
        ("RS256", swapped(&header, &claims, "RS256")),
        ("ES256", swapped(&header, &claims, "ES256")),
        ("a foreign key", signed(strange, &header, &claims)),
        ("the patients' key", signed(patients, &header, &claims)),
        ("an unknown kid", signed(own, &but(&header, "kid", "2"), &claims)),
        ("a jwk of the forger's", signed(strange, &but(&header, "jwk", jwk.clone()), &claims)),
        ("our signature and a jwk", signed(own, &but(&header, "jwk", jwk), &claims)),
        ("a jku", signed(strange, &but(&header, "jku", "https://elsewhere.example/keys"), &claims)),
        ("an x5u", signed(strange, &but(&header, "x5u", "https://elsewhere.example/chain"), &claims)),
        ("another typ", signed(own, &but(&header, "typ", "JWT"), &claims)),
        ("another audience", signed(own, &header, &but(&claims, "aud", "patient"))),
        ("another issuer", signed(own, &header, &but(&claims, "iss", "https://elsewhere.example"))),
        ("expired", signed(own, &header, &time("exp", -16 * 60))),
        ("not yet valid", signed(own, &header, &time("nbf", 5 * 60))),
        ("another session version", signed(own, &header, &but(&claims, "sv", 99))),
        ("another person", signed(own, &header, &but(&claims, "sub", uuid::Uuid::new_v4().to_string()))),
        ("no token", "x".to_owned()),
    ]
}

/// All that an answer shows, but for its request id.
fn shown(answer: &Answer) -> (u16, Value, Vec<(String, String)>) {
    let mut body = answer.json.clone();
    body.as_object_mut().expect("an object").remove("request_id");
    let headers = answer
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().expect("ascii").to_owned()));
    let but = ["date", "x-request-id"];
    (answer.status, body, headers.filter(|(name, _)| !but.contains(&name.as_str())).collect())
}

#[tokio::test]
async fn every_forged_cookie_fails_alike() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let (kid, own) = signing_key(&app, "jwt-staff").await;
    let (_, patients) = signing_key(&app, "jwt-patient").await;
    let good = practice.staff.cookies().remove("sealpost_staff").expect("a cookie");
    let with = async |value: &str| {
        let browser = app.anybody();
        browser.set_cookies([("sealpost_staff".to_owned(), value.to_owned())].into());
        browser.get(paths::CONTACTS).await
    };
    with(&good).await.expect(200);
    let remade = signed(&own, &part(&good, 0), &part(&good, 1));
    with(&remade).await.expect(200);

    // What a session that has really ended says is what every forgery says.
    let ended = app.colleague(&practice, "Rob Ives", "rob@riverside.example", Role::Member).await;
    let cookie = ended.cookies().remove("sealpost_staff").expect("a cookie");
    ended.delete(paths::SESSION).await.expect(204);
    let expected = shown(&with(&cookie).await);
    assert_eq!(expected.1["code"], "session_ended");
    for (why, forged) in forgeries(&good, &kid, &own, &patients) {
        assert_eq!(shown(&with(&forged).await), expected, "{why}");
    }
}

#[tokio::test]
async fn a_key_at_a_call_for_people_hears_that_it_is_not_the_key_s_fault() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let refused = practice.key.get(paths::SESSION).await.refused(401, "unauthenticated");
    assert!(refused["detail"].as_str().is_some_and(|detail| detail.contains("for people")), "{refused}");
    let nobody = app.anybody().get(paths::SESSION).await.refused(401, "unauthenticated");
    assert_ne!(nobody["detail"], refused["detail"]);
}
