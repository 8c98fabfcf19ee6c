//! What an audit entry's hash covers, and what is signed of a chain's end (security.md D23).

use chrono::SecondsFormat;
use sea_orm::prelude::Uuid;
use sealpost_shared::ids::{AuditId, OrganizationId};
use serde::Serialize;

use crate::entities::audit_entry;
use crate::secrets::sha256;

/// What an entry's hash covers, and how. Part of what is hashed; an entry in another one is not ours.
pub const FORMAT: i64 = 2;

/// What the first entry of a chain follows.
pub const BEGINNING: [u8; 32] = [0; 32];

/// Every column, in the order that the JSON gives it.
#[derive(Serialize)]
struct Covered<'a> {
    format: i64,
    organization_id: OrganizationId,
    sequence: i64,
    id: AuditId,
    actor_kind: &'a str,
    actor_id: Option<Uuid>,
    action: &'a str,
    subject: &'a str,
    created_at: String,
}

fn canonical(entry: &audit_entry::Model) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&Covered {
        format: entry.format,
        organization_id: entry.organization_id,
        sequence: entry.sequence,
        id: entry.id,
        actor_kind: &entry.actor_kind,
        actor_id: entry.actor_id,
        action: &entry.action,
        subject: &entry.subject,
        created_at: entry.created_at.to_rfc3339_opts(SecondsFormat::Nanos, true),
    })
}

/// `SHA-256(previous hash ‖ canonical JSON)`.
pub fn chain(entry: &audit_entry::Model) -> Vec<u8> {
    // A struct of strings and numbers always has a JSON form.
    let json = canonical(entry).unwrap_or_default();
    sha256(&[entry.previous_hash.as_slice(), &json].concat())
}

/// What is signed of a chain's end.
pub fn head(organization: OrganizationId, sequence: i64, hash: &[u8]) -> Vec<u8> {
    let mut head = b"sealpost audit head 1\0".to_vec();
    head.extend_from_slice(organization.uuid().as_bytes());
    head.extend_from_slice(&sequence.to_be_bytes());
    head.extend_from_slice(hash);
    head
}
