//! Entries as admins read them: ids in their typed form, and the names of those who work there.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr};
use sealpost_shared::audit::{AuditActor, AuditEntry};
use sealpost_shared::ids::{ContactId, KeyId, OrganizationId, UserId};
use uuid::Uuid;

use crate::entities::{api_key, audit_entry, user};
use crate::journal::Actor;

pub(super) async fn views(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    rows: &[audit_entry::Model],
) -> Result<Vec<AuditEntry>, DbErr> {
    let names = Names::of(db, organization, rows).await?;
    Ok(rows.iter().map(|row| view(row, &names)).collect())
}

/// Of contacts there are none here: entries hold no personal data, and neither does what is made of them.
struct Names {
    users: HashMap<UserId, String>,
    keys: HashMap<KeyId, String>,
}

impl Names {
    async fn of(
        db: &impl ConnectionTrait,
        organization: OrganizationId,
        rows: &[audit_entry::Model],
    ) -> Result<Self, DbErr> {
        let of_kind = |kind: &'static str| {
            rows.iter().filter(move |row| row.actor_kind == kind).filter_map(|row| row.actor_id)
        };
        let users = of_kind("staff").map(UserId::from_uuid);
        let users = users.chain(rows.iter().filter_map(|row| row.subject.parse().ok()));
        let users = user::list_by_ids(db, organization, users).await?;
        let keys = of_kind("api_key").map(KeyId::from_uuid);
        let keys = keys.chain(rows.iter().filter_map(|row| row.subject.parse().ok()));
        let keys = api_key::list_by_ids(db, organization, keys).await?;
        Ok(Self {
            users: users.into_iter().map(|user| (user.id, user.name)).collect(),
            keys: keys.into_iter().map(|key| (key.id, key.name)).collect(),
        })
    }
}

fn view(row: &audit_entry::Model, names: &Names) -> AuditEntry {
    let subject_name = match row.subject.parse() {
        Ok(user) => names.users.get(&user).cloned(),
        Err(_) => row.subject.parse().ok().and_then(|key| names.keys.get(&key).cloned()),
    };
    AuditEntry {
        id: row.id,
        sequence: u64::try_from(row.sequence).unwrap_or_default(),
        created_at: row.created_at,
        actor: actor(&row.actor_kind, row.actor_id, names),
        action: row.action.clone(),
        subject: row.subject.clone(),
        subject_name,
    }
}

fn actor(kind: &str, id: Option<Uuid>, names: &Names) -> AuditActor {
    let known = id.and_then(|id| match kind {
        "staff" => Some(Actor::Staff(UserId::from_uuid(id))),
        "api_key" => Some(Actor::ApiKey(KeyId::from_uuid(id))),
        "contact" => Some(Actor::Contact(ContactId::from_uuid(id))),
        _ => None,
    });
    let (id, name) = match known {
        Some(Actor::Staff(id)) => (Some(id.to_string()), names.users.get(&id).cloned()),
        Some(Actor::ApiKey(id)) => (Some(id.to_string()), names.keys.get(&id).cloned()),
        Some(Actor::Contact(id)) => (Some(id.to_string()), None),
        _ => (None, None),
    };
    AuditActor { kind: kind.to_owned(), id, name }
}
