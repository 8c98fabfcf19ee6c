//! What is sealed, what is hashed, and what is plain and why (security.md D20).

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use sealpost_api::entities::sealed::SealedColumn;
use sealpost_api::entities::{contact_key, organization_key};
use sealpost_api::secrets::{Direction, Field, KeyRing, OrganizationKeys, Secrets};
use sealpost_shared::ids::{ContactId, OrganizationId};
use sealpost_tests::app::TestApp;
use sealpost_tests::given::id;
use serde_json::json;
use uuid::Uuid;

/// Sealed, wrapped or signed: nothing without the key file.
const SEALED: &[&str] = &[
    "channels.sealed_settings",
    "contact_keys.wrapped_key",
    "contacts.sealed_custom_fields",
    "contacts.sealed_email",
    "contacts.sealed_phone",
    "deliveries.sealed_content",
    "idempotency_keys.sealed_response",
    "inbound_messages.sealed_content",
    "invitations.sealed_email",
    "messages.sealed_body",
    "scheduled_messages.sealed_body",
    "organization_heads.audit_signature",
    "organization_keys.wrapped_index_key",
    "organization_keys.wrapped_key",
    "passkey_ceremonies.sealed_state",
    "passkeys.sealed_credential",
    "passkeys.sealed_name",
    "second_steps.sealed_secret",
    "server_keys.sealed_key",
    "staff_mails.sealed_content",
];

/// Keyed hashes, or hashes of what nobody can guess; PINs and passwords with argon2id and the pepper.
const HASHED: &[&str] = &[
    "account_guards.subject",
    "api_keys.secret_hash",
    "audit_entries.hash",
    "audit_entries.previous_hash",
    "budgets.subject",
    "channels.tested_settings",
    "contacts.email_index",
    "contacts.phone_index",
    "contacts.pin_hash",
    "idempotency_keys.fingerprint",
    "invitations.email_index",
    "invitations.token_hash",
    "known_devices.token_hash",
    "links.token_hash",
    "messages.own_pin_hash",
    "scheduled_messages.own_pin_hash",
    "one_time_sign_ins.token_hash",
    "passkey_ceremonies.id_hash",
    "passkeys.credential_hash",
    "password_resets.token_hash",
    "organization_heads.audit_hash",
    "organization_logos.hash",
    "organizations.logo_hash",
    "recovery_codes.code_hash",
    "secure_messaging_settings.default_pin_hash",
    "staff_devices.token_hash",
    "users.password_hash",
];

/// Plain, and why.
const PLAIN: &[(&str, &[&str])] = &[
    (
        "names are sorted and searched",
        &[
            "contacts.first_name",
            "contacts.first_name_folded",
            "contacts.last_name",
            "contacts.last_name_folded",
            "invitations.name",
        ],
    ),
    (
        "an integrator's own number for a contact: a key of theirs, asked for as such",
        &["contacts.external_id"],
    ),
    ("says how to write to somebody, not who they are", &["contacts.language", "contacts.time_zone"]),
    (
        "of those who work there, not of whom they write to",
        &["messages.author_name", "scheduled_messages.author_name", "users.email", "users.name"],
    ),
    (
        "the practice's own words about itself, which it shows to everybody",
        &[
            "contact_fields.key",
            "contact_fields.label",
            "organization_logos.png",
            "organizations.accent_color",
            "organizations.emergency_notice",
            "organizations.name",
            "organizations.office_hours",
            "organizations.phone",
            "organizations.text_countries",
            "organizations.time_zone",
            "sending_policies.quiet_from",
            "sending_policies.quiet_until",
            "secure_messaging_settings.default_pin_template",
            "secure_messaging_settings.notice_email_body",
            "secure_messaging_settings.notice_email_subject",
            "secure_messaging_settings.notice_sms_body",
            "setups.checked_address",
            "setups.skipped_steps",
        ],
    ),
    (
        "the provider's own number or ours, or why it failed in words of ours",
        &[
            "deliveries.failure_code",
            "deliveries.failure_detail",
            "deliveries.provider_message_id",
            "inbound_messages.account",
            "inbound_messages.provider",
            "inbound_messages.provider_message_id",
            "scheduled_messages.failure_code",
            "scheduled_messages.failure_detail",
            "staff_mails.failure_code",
            "staff_mails.failure_detail",
        ],
    ),
    ("a caller's key for a request", &["idempotency_keys.key"]),
    ("a name given to a key by who made it", &["api_keys.name"]),
    (
        "how a key starts, for the list of keys: four digits of it, and 240 bits follow them",
        &["api_keys.prefix"],
    ),
    (
        "one word of a few",
        &[
            "account_guards.scope",
            "api_keys.scope",
            "audit_entries.action",
            "audit_entries.actor_kind",
            "budgets.scope",
            "channels.channel",
            "clock_marks.name",
            "contact_fields.kind",
            "contacts.email_fault",
            "contacts.phone_fault",
            "contacts.preferred_channel",
            "deliveries.channel",
            "deliveries.status",
            "events.kind",
            "folder_counts.folder",
            "idempotency_keys.route",
            "inbound_messages.channel",
            "inbound_messages.outcome",
            "invitations.role",
            "links.channel",
            "links.lifetime",
            "links.origin",
            "messages.author_kind",
            "messages.channel",
            "messages.direction",
            "messages.keyword",
            "passkey_ceremonies.purpose",
            "secure_messaging_settings.default_pin_kind",
            "scheduled_messages.author_kind",
            "scheduled_messages.channel",
            "scheduled_messages.link_lifetime",
            "scheduled_messages.waiting",
            "secure_messaging_settings.link_lifetime",
            "server_keys.id",
            "server_keys.purpose",
            "sending_totals.period",
            "staff_mails.status",
            "text_notices_seen.period",
            "staff_sessions.browser",
            "staff_sessions.system",
            "users.role",
        ],
    ),
    ("an id or a word, never personal data", &["audit_entries.subject"]),
];

/// A new column with text or bytes is put into one of the lists above, with thought.
#[tokio::test]
async fn every_column_that_holds_text_is_sealed_hashed_or_plain_for_a_reason() {
    let app = TestApp::start().await;
    let plain = PLAIN.iter().flat_map(|(_, columns)| columns.iter().copied());
    let known: Vec<&str> = SEALED.iter().chain(HASHED).copied().chain(plain).collect();
    let unique: BTreeSet<_> = known.iter().copied().collect();
    assert_eq!(unique.len(), known.len(), "a column stands in two lists");
    let mut there = BTreeSet::new();
    for (table, columns) in app.columns_of_text().await {
        there.extend(columns.into_iter().map(|column| format!("{table}.{column}")));
    }
    there.retain(|column| !column.starts_with("seaql_migrations."));
    let unclassified: Vec<_> = there.iter().filter(|column| !unique.contains(&***column)).collect();
    assert!(unclassified.is_empty(), "say in tests/it/sealed.rs how these are kept: {unclassified:#?}");
    assert!(there.len() > 80, "{there:?}");
}

/// What keys of organizations and contacts seal: a rotation of contents seals it anew. The others are under the master
/// key, or are keys.
#[test]
fn every_column_that_is_sealed_is_rotated() {
    let rotated: BTreeSet<_> = SealedColumn::OF_CONTACTS
        .iter()
        .chain(&SealedColumn::OF_ORGANIZATIONS)
        .map(|column| format!("{}.{}", column.place().0, column.place().1))
        .collect();
    let apart = [
        "channels.sealed_settings",
        "contact_keys.wrapped_key",
        "organization_heads.audit_signature",
        "organization_keys.wrapped_index_key",
        "organization_keys.wrapped_key",
        "server_keys.sealed_key",
    ];
    let sealed = SEALED.iter().filter(|column| !apart.contains(column)).map(|column| (*column).to_owned());
    assert_eq!(rotated, sealed.collect());
}

/// Where a sealed value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    organization: usize,
    contact: usize,
    field: usize,
    row: u128,
}

const FIELDS: [Field; 7] = [
    Field::ContactPhone,
    Field::ContactEmail,
    Field::ContactCustomFields,
    Field::MessageBody(Direction::Inbound),
    Field::MessageBody(Direction::Outbound),
    Field::DeliveryContent,
    Field::IdempotentResponse,
];

fn place() -> impl Strategy<Value = Place> {
    (0..2_usize, 0..2_usize, 0..FIELDS.len(), 0..3_u128)
        .prop_map(|(organization, contact, field, row)| Place { organization, contact, field, row })
}

/// Two organizations with two contacts each; the contacts' keys are what their rows hold.
struct World {
    secrets: Secrets,
    organizations: [organization_key::Model; 2],
    contacts: [[contact_key::Model; 2]; 2],
}

impl World {
    fn new(folder: &std::path::Path) -> Self {
        let (ring, _) = KeyRing::load(&folder.join("master.key"), true).expect("keys");
        let secrets = Secrets::new(ring);
        let at = chrono::DateTime::UNIX_EPOCH;
        let organizations = [1, 2].map(|number| {
            let id = OrganizationId::from_uuid(Uuid::from_u128(number));
            secrets.ring().new_organization_keys(id, at).expect("keys")
        });
        let contacts = [0, 1].map(|organization| {
            let row: &organization_key::Model = &organizations[organization];
            let keys = secrets.ring().unwrap_organization(std::slice::from_ref(row)).expect("keys");
            [1, 2].map(|number| {
                // The same ids in both: only the organization tells them apart.
                let contact = ContactId::from_uuid(Uuid::from_u128(number));
                keys.new_contact_key(contact, at).expect("a key").1
            })
        });
        Self { secrets, organizations, contacts }
    }

    fn keys(&self, place: Place) -> Option<OrganizationKeys> {
        let row = std::slice::from_ref(&self.organizations[place.organization]);
        self.secrets.ring().unwrap_organization(row).ok()
    }

    fn seal(&self, place: Place, text: &str) -> Vec<u8> {
        let keys = self.keys(place).expect("keys");
        let key =
            keys.unwrap_contact(std::slice::from_ref(&self.contacts[place.organization][place.contact]));
        let row = Uuid::from_u128(place.row);
        key.expect("a key").seal(FIELDS[place.field], row, text).expect("sealed")
    }

    /// With the contact's own key, or with the key's row of the contact it came from moved here too.
    fn open(&self, place: Place, key_of: Place, sealed: &[u8]) -> Option<String> {
        let keys = self.keys(place)?;
        let own = &self.contacts[place.organization][place.contact];
        let moved = &self.contacts[key_of.organization][key_of.contact];
        let row = contact_key::Model { wrapped_key: moved.wrapped_key.clone(), ..own.clone() };
        keys.unwrap_contact(&[row]).ok()?.open(FIELDS[place.field], Uuid::from_u128(place.row), sealed).ok()
    }
}

#[test]
fn prop_aead_aad_swap_fails() {
    let folder = tempfile::tempdir().expect("a folder");
    let world = World::new(folder.path());
    let cases = (place(), place(), "[ -~]{0,40}", any::<prop::sample::Index>());
    let config = Config { cases: 400, failure_persistence: None, ..Config::default() };
    let told = TestRunner::new(config).run(&cases, |(from, to, text, byte)| {
        let sealed = world.seal(from, &text);
        prop_assert_eq!(world.open(from, from, &sealed), Some(text));
        if from != to {
            prop_assert_eq!(world.open(to, to, &sealed), None);
            let with_its_key = world.open(to, from, &sealed);
            prop_assert_eq!(with_its_key, None, "moved together with its key");
        }
        let mut damaged = sealed.clone();
        damaged[byte.index(sealed.len())] ^= 1;
        if world.open(from, from, &damaged).is_some() {
            return Err(TestCaseError::fail("a changed byte was not noticed"));
        }
        Ok(())
    });
    told.expect("a sealed value opens in its own place alone");
}

/// Row against row in the database itself: the answer is a failure, never another's words.
#[tokio::test]
async fn a_message_s_ciphertext_in_another_s_place_is_not_shown() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let one = practice.send(&jordan, json!({ "body": "For Jordan alone." })).await;
    let sam = practice.contact(json!({ "first_name": "Sam", "phone": "+15550100143" })).await;
    let other = practice.send(&sam, json!({ "body": "For Sam alone." })).await;
    let more = practice.send(&jordan, json!({ "body": "The second one." })).await;
    app.deliver().await;
    let stored: BTreeMap<&str, Vec<u8>> = [
        ("one", app.sealed_body(&practice, &one).await),
        ("other", app.sealed_body(&practice, &other).await),
        ("more", app.sealed_body(&practice, &more).await),
    ]
    .into();
    for from in ["other", "more"] {
        app.set_sealed_body(&practice, &one, stored[from].clone()).await;
        let path = format!("{}/{}", sealpost_shared::paths::MESSAGES, id(&one));
        let answer = practice.key.get(&path).await;
        assert!(!answer.text.contains("alone") && !answer.text.contains("second"), "{}", answer.text);
        answer.refused(500, "internal");
    }
    app.set_sealed_body(&practice, &one, stored["one"].clone()).await;
    assert_eq!(practice.message(&one).await["body"], "For Jordan alone.");
}
