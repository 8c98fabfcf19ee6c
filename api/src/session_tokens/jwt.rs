//! What is no token of ours, each forgery with everything else right.

use aws_lc_rs::encoding::Pkcs8V1Der;
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::*;

const NOW: &str = "2026-03-02T15:00:00Z";

fn now() -> DateTime<Utc> {
    NOW.parse().expect("a time")
}

fn pkcs8() -> Vec<u8> {
    let pair = Ed25519KeyPair::generate().expect("a key");
    let der: Pkcs8V1Der<'_> = pair.as_der().expect("a form");
    der.as_ref().to_vec()
}

fn keys(der: &[u8]) -> Keys {
    Keys::of([("1".to_owned(), der.to_vec())]).expect("keys")
}

fn base64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Signed by this key, whatever it says.
fn signed(der: &[u8], header: &Value, claims: &Value) -> String {
    let text = format!("{}.{}", base64(header.to_string()), base64(claims.to_string()));
    let pair = Ed25519KeyPair::from_pkcs8(der).expect("a key");
    let signature = base64(pair.sign(text.as_bytes()));
    format!("{text}.{signature}")
}

fn part(token: &str, place: usize) -> Value {
    let part = token.split('.').nth(place).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
}

fn with(value: &Value, name: &str, field: impl Into<Value>) -> Value {
    let mut value = value.clone();
    value[name] = field.into();
    value
}

fn without(value: &Value, name: &str) -> Value {
    let mut value = value.clone();
    value.as_object_mut().expect("an object").remove(name);
    value
}

fn token() -> Token {
    let id = Uuid::from_u128(7);
    Token {
        audience: Audience::Staff,
        session: SessionId::from_uuid(id),
        organization: OrganizationId::from_uuid(id),
        subject: id,
        session_version: 3,
        method: "pwd".to_owned(),
        authenticated_at: now(),
    }
}

#[test]
fn rejects_none_rs_hs_kid_jwk_exp_aud_typ() {
    let (own, pending, patient) = (pkcs8(), pkcs8(), pkcs8());
    let enrolling = pkcs8();
    let tokens = SessionTokens {
        staff: keys(&own),
        pending_staff: keys(&pending),
        enrolling_staff: keys(&enrolling),
        patient: keys(&patient),
    };
    let good = tokens.sign(&token(), now()).expect("a token");
    let verify = |text: &str| tokens.verify(Audience::Staff, text, now());
    let found = verify(&good).expect("our own token");
    assert!(found.in_time && !found.renew && found.token.session_version == 3);
    let (header, claims) = (part(&good, 0), part(&good, 1));
    assert!(verify(&signed(&own, &header, &claims)).is_some(), "the forger can make a good one");
    for claim in ["iss", "aud", "sub", "org", "sid", "sv", "iat", "nbf", "exp", "jti", "amr", "auth_time"] {
        assert!(!claims[claim].is_null(), "{claim}");
        let missing = signed(&own, &header, &without(&claims, claim));
        assert!(verify(&missing).is_none(), "without {claim}");
    }

    for (why, text) in forgeries(&good, [&own, &pending, &patient]) {
        assert!(verify(&text).is_none(), "{why}: {text}");
    }
    for other in [Audience::Patient, Audience::PendingStaff, Audience::EnrollingStaff] {
        assert!(tokens.verify(other, &good, now()).is_none());
    }
}

/// What is wrong, and a token that is wrong in nothing else.
fn forgeries(good: &str, [own, pending, patient]: [&[u8]; 3]) -> Vec<(&'static str, String)> {
    let (header, claims) = (part(good, 0), part(good, 1));
    let public = Ed25519KeyPair::from_pkcs8(own).expect("a key").public_key().as_ref().to_vec();
    let body = |header: &Value| format!("{}.{}", base64(header.to_string()), base64(claims.to_string()));
    let hs = body(&with(&header, "alg", "HS256"));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &public), hs.as_bytes());
    let stranger = pkcs8();
    let strangers = Ed25519KeyPair::from_pkcs8(&stranger).expect("a key").public_key().as_ref().to_vec();
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": base64(strangers) });
    let mut forged = vec![
        ("none", format!("{}.", body(&with(&header, "alg", "none")))),
        ("nothing signed", format!("{}.", body(&header))),
        ("HS256 with the public key", format!("{hs}.{}", base64(tag))),
        ("a foreign key", signed(&stranger, &header, &claims)),
        ("the patients' key", signed(patient, &header, &claims)),
        ("the pending key", signed(pending, &header, &claims)),
        ("no kid", signed(own, &without(&header, "kid"), &claims)),
        ("unknown kid", signed(own, &with(&header, "kid", "2"), &claims)),
        ("a path for a kid", signed(own, &with(&header, "kid", "../../dev/null"), &claims)),
        ("other typ", signed(own, &with(&header, "typ", "JWT"), &claims)),
        ("the patients' typ", signed(own, &with(&header, "typ", Audience::Patient.kind()), &claims)),
        ("no typ", signed(own, &without(&header, "typ"), &claims)),
        ("other aud", signed(own, &header, &with(&claims, "aud", "patient"))),
        ("several aud", signed(own, &header, &with(&claims, "aud", json!(["staff", "patient"])))),
        ("other iss", signed(own, &header, &with(&claims, "iss", "https://elsewhere.example"))),
        ("a stranger's jwk", signed(&stranger, &with(&header, "jwk", jwk.clone()), &claims)),
        ("more than three parts", format!("{good}.x")),
        ("nothing", String::new()),
    ];
    for algorithm in ["RS256", "ES256", "PS256", "HS256", "eddsa"] {
        forged.push((algorithm, signed(own, &with(&header, "alg", algorithm), &claims)));
    }
    for (name, value) in [
        ("jwk", jwk),
        ("jku", json!("https://elsewhere.example/keys")),
        ("x5u", json!("https://elsewhere.example/chain")),
        ("x5c", json!(["MIIB"])),
        ("crit", json!(["exp"])),
    ] {
        forged.push((name, signed(own, &with(&header, name, value), &claims)));
    }
    forged
}

#[test]
fn is_in_time_for_fifteen_minutes_and_half_a_minute_more() {
    let own = pkcs8();
    let tokens = SessionTokens {
        staff: keys(&own),
        pending_staff: keys(&own),
        enrolling_staff: keys(&own),
        patient: keys(&own),
    };
    let good = tokens.sign(&token(), now()).expect("a token");
    let at = |seconds: i64| {
        let found =
            tokens.verify(Audience::Staff, &good, now() + TimeDelta::seconds(seconds)).expect("genuine");
        (found.in_time, found.renew)
    };
    for (seconds, in_time, renew) in [
        (-31, false, false),
        (-30, true, false),
        (299, true, false),
        (300, true, true),
        (900, true, true),
        (929, true, true),
        (930, false, false),
    ] {
        assert_eq!(at(seconds), (in_time, renew), "{seconds} s");
    }
}
