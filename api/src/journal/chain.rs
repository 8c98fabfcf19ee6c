//! What an audit entry's hash covers, and what is signed of a chain's end (security.md D23).

use chrono::SecondsFormat;
use sea_orm::prelude::Uuid;
use sealpost_shared::ids::{AuditId, OrganizationId};
use serde::Serialize;

use crate::entities::audit_entry;
use crate::secrets::sha256;

/// Entries are written in this format; older ones keep theirs. The format is part of what is hashed.
pub const FORMAT: i64 = 2;

/// What the first entry of a chain follows.
pub const BEGINNING: [u8; 32] = [0; 32];

/// Format 1, in the order that the JSON gives it.
#[derive(Serialize)]
struct First<'a> {
    organization_id: OrganizationId,
    sequence: i64,
    actor_kind: &'a str,
    actor_id: Option<Uuid>,
    action: &'a str,
    subject: &'a str,
    created_at: String,
}

/// Format 2 covers every column.
#[derive(Serialize)]
struct Second<'a> {
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
    let time = |precision| entry.created_at.to_rfc3339_opts(precision, true);
    match entry.format {
        1 => serde_json::to_vec(&First {
            organization_id: entry.organization_id,
            sequence: entry.sequence,
            actor_kind: &entry.actor_kind,
            actor_id: entry.actor_id,
            action: &entry.action,
            subject: &entry.subject,
            created_at: time(SecondsFormat::Micros),
        }),
        format => serde_json::to_vec(&Second {
            format,
            organization_id: entry.organization_id,
            sequence: entry.sequence,
            id: entry.id,
            actor_kind: &entry.actor_kind,
            actor_id: entry.actor_id,
            action: &entry.action,
            subject: &entry.subject,
            created_at: time(SecondsFormat::Nanos),
        }),
    }
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
