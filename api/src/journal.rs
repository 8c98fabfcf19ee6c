//! What a transaction leaves behind: events for live updates, and entries of the audit chain.
//!
//! Both are numbered by the organization's head row, taken once and last: numbers have no gaps, become
//! visible in order, and the row is held for as short as can be (security.md D23).

use chrono::{DateTime, SecondsFormat, Utc};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, Set};
use sealpost_shared::events::EventType;
use sealpost_shared::ids::{ContactId, ConversationId, KeyId, LinkId, MessageId, OrganizationId, UserId};
use serde::Serialize;
use uuid::Uuid;

use crate::entities::{audit_entry, event, organization_head};
use crate::ids::new_id;
use crate::secrets::sha256;

/// Who does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    Staff(UserId),
    ApiKey(KeyId),
    Contact(ContactId),
    /// Somebody with a link in hand who has not been let in.
    LinkHolder,
    System,
}

impl Actor {
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Staff(_) => "staff",
            Self::ApiKey(_) => "api_key",
            Self::Contact(_) => "contact",
            Self::LinkHolder => "link_holder",
            Self::System => "system",
        }
    }

    pub const fn id(self) -> Option<Uuid> {
        match self {
            Self::Staff(id) => Some(id.uuid()),
            Self::ApiKey(id) => Some(id.uuid()),
            Self::Contact(id) => Some(id.uuid()),
            Self::LinkHolder | Self::System => None,
        }
    }

    pub const fn user(self) -> Option<UserId> {
        match self {
            Self::Staff(id) => Some(id),
            _ => None,
        }
    }
}

/// What an event is about.
#[derive(Debug, Clone, Copy, Default)]
pub struct About {
    pub conversation: Option<ConversationId>,
    pub contact: Option<ContactId>,
    pub message: Option<MessageId>,
    pub link: Option<LinkId>,
    /// An event for this person alone.
    pub user: Option<UserId>,
}

/// Collects while a service works; written by [`Journal::write`] as the transaction's last step.
pub struct Journal {
    organization: OrganizationId,
    actor: Actor,
    at: DateTime<Utc>,
    events: Vec<(EventType, About)>,
    audits: Vec<(&'static str, String)>,
}

impl Journal {
    pub const fn new(organization: OrganizationId, actor: Actor, at: DateTime<Utc>) -> Self {
        Self { organization, actor, at, events: Vec::new(), audits: Vec::new() }
    }

    pub fn event(&mut self, kind: EventType, about: About) -> &mut Self {
        self.events.push((kind, about));
        self
    }

    /// `subject` is an id, never personal data.
    pub fn audit(&mut self, action: &'static str, subject: impl ToString) -> &mut Self {
        self.audits.push((action, subject.to_string()));
        self
    }

    pub async fn write(self, tx: &impl ConnectionTrait) -> Result<(), DbErr> {
        if self.events.is_empty() && self.audits.is_empty() {
            return Ok(());
        }
        let (events, audits) = (self.events.len() as i64, self.audits.len() as i64);
        let head = organization_head::advance(tx, self.organization, events, audits).await?;
        self.write_events(tx, head.event_sequence - events).await?;
        self.write_audits(tx, head.audit_sequence - audits, head.audit_hash).await
    }

    async fn write_events(&self, tx: &impl ConnectionTrait, before: i64) -> Result<(), DbErr> {
        let rows = self.events.iter().zip(before + 1..).map(|((kind, about), sequence)| event::ActiveModel {
            organization_id: Set(self.organization),
            sequence: Set(sequence),
            id: Set(new_id(self.at)),
            kind: Set(*kind),
            conversation_id: Set(about.conversation),
            contact_id: Set(about.contact),
            message_id: Set(about.message),
            link_id: Set(about.link),
            user_id: Set(about.user),
            created_at: Set(self.at),
        });
        if !self.events.is_empty() {
            event::Entity::insert_many(rows).exec_without_returning(tx).await?;
        }
        Ok(())
    }

    async fn write_audits(
        &self,
        tx: &impl ConnectionTrait,
        before: i64,
        mut hash: Vec<u8>,
    ) -> Result<(), DbErr> {
        if self.audits.is_empty() {
            return Ok(());
        }
        let mut rows = Vec::with_capacity(self.audits.len());
        for ((action, subject), sequence) in self.audits.iter().zip(before + 1..) {
            let previous = hash;
            let entry = audit_entry::Model {
                organization_id: self.organization,
                sequence,
                id: new_id(self.at),
                actor_kind: self.actor.kind().to_owned(),
                actor_id: self.actor.id(),
                action: (*action).to_owned(),
                subject: subject.clone(),
                created_at: self.at,
                previous_hash: previous,
                hash: Vec::new(),
            };
            hash = chain(&entry);
            rows.push(audit_entry::ActiveModel { hash: Set(hash.clone()), ..entry.into() }.reset_all());
        }
        audit_entry::Entity::insert_many(rows).exec_without_returning(tx).await?;
        organization_head::set_audit_hash(tx, self.organization, hash).await
    }
}

/// What an entry's hash covers, in the order that the JSON gives it.
#[derive(Serialize)]
struct Chained<'a> {
    organization_id: OrganizationId,
    sequence: i64,
    actor_kind: &'a str,
    actor_id: Option<Uuid>,
    action: &'a str,
    subject: &'a str,
    created_at: String,
}

/// `SHA-256(previous hash ‖ canonical JSON)` (security.md D23).
pub fn chain(entry: &audit_entry::Model) -> Vec<u8> {
    let chained = Chained {
        organization_id: entry.organization_id,
        sequence: entry.sequence,
        actor_kind: &entry.actor_kind,
        actor_id: entry.actor_id,
        action: &entry.action,
        subject: &entry.subject,
        created_at: entry.created_at.to_rfc3339_opts(SecondsFormat::Micros, true),
    };
    // A struct of strings and numbers always has a JSON form.
    let json = serde_json::to_vec(&chained).unwrap_or_default();
    sha256(&[entry.previous_hash.as_slice(), &json].concat())
}
