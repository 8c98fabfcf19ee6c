//! An authenticator in software: one key on P-256 that counts its signatures, as a phone or a security key does
//! (W3C Web Authentication, level 3, sections 6 and 7). It verifies its user by asking nobody.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// User present, user verified.
const SEEN: u8 = 0b0000_0101;
/// The answer holds a new key.
const HOLDS_KEY: u8 = 0b0100_0000;

pub struct Authenticator {
    key: EcdsaKeyPair,
    id: Vec<u8>,
    /// The site that a page of it may ask from.
    pub origin: String,
    /// How many signatures it has made; a copy made of it falls behind. Stays 0 where `counts` is false.
    pub counter: u32,
    pub counts: bool,
    /// What it says of its user; without the right flags nobody is let in.
    pub flags: u8,
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA256, bytes).as_ref().to_vec()
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// CBOR: a byte string, a text, and the head of a map, each shorter than 65536.
mod cbor {
    fn head(kind: u8, length: usize) -> Vec<u8> {
        match length {
            0..24 => vec![kind << 5 | length as u8],
            24..256 => vec![kind << 5 | 24, length as u8],
            _ => vec![kind << 5 | 25, (length >> 8) as u8, length as u8],
        }
    }

    pub fn bytes(value: &[u8]) -> Vec<u8> {
        [head(2, value.len()), value.to_vec()].concat()
    }

    pub fn text(value: &str) -> Vec<u8> {
        [head(3, value.len()), value.as_bytes().to_vec()].concat()
    }

    pub fn map(entries: usize) -> Vec<u8> {
        head(5, entries)
    }
}

impl Authenticator {
    pub fn new(origin: &str) -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key");
        let id = sha256(key.public_key().as_ref());
        Self { key, id, origin: origin.to_owned(), counter: 0, counts: true, flags: SEEN }
    }

    /// The answer to what `POST /session/passkeys/start` gave: what `navigator.credentials.create` makes of it.
    pub fn create(&mut self, options: &Value) -> Value {
        let party = options["rp"]["id"].as_str().expect("a party");
        // COSE: EC2 key, ES256, P-256, x, y.
        let point = self.key.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        let key =
            [cbor::map(5), vec![1, 2, 3, 0x26, 0x20, 1, 0x21], cbor::bytes(x), vec![0x22], cbor::bytes(y)];
        let made =
            [vec![0; 16], (self.id.len() as u16).to_be_bytes().to_vec(), self.id.clone(), key.concat()];
        let data = [self.said(party, self.flags | HOLDS_KEY), made.concat()].concat();
        let attestation = [
            cbor::map(3),
            cbor::text("fmt"),
            cbor::text("none"),
            cbor::text("attStmt"),
            cbor::map(0),
            cbor::text("authData"),
            cbor::bytes(&data),
        ];
        let client = self.client("webauthn.create", options);
        self.answer(json!({
            "attestationObject": text(&attestation.concat()),
            "clientDataJSON": text(client.as_bytes()),
        }))
    }

    /// The answer to what `POST /session/second-step/passkey` gave.
    pub fn get(&mut self, options: &Value) -> Value {
        let party = options["rpId"].as_str().expect("a party");
        let data = self.said(party, self.flags);
        let client = self.client("webauthn.get", options);
        let signed = [data.clone(), sha256(client.as_bytes())].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).expect("a signature");
        self.answer(json!({
            "authenticatorData": text(&data),
            "clientDataJSON": text(client.as_bytes()),
            "signature": text(signature.as_ref()),
        }))
    }

    /// For whom, what it knows of its user, and how many signatures there were.
    fn said(&mut self, party: &str, flags: u8) -> Vec<u8> {
        if self.counts {
            self.counter += 1;
        }
        [sha256(party.as_bytes()), vec![flags], self.counter.to_be_bytes().to_vec()].concat()
    }

    /// What the browser adds: for which challenge, and from which site.
    fn client(&self, kind: &str, options: &Value) -> String {
        let data = json!({
            "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false,
        });
        data.to_string()
    }

    fn answer(&self, response: Value) -> Value {
        json!({ "id": text(&self.id), "rawId": text(&self.id), "type": "public-key", "response": response })
    }
}
