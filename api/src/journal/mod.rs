//! What a transaction leaves behind: events for live updates, and entries of the audit chain.
//!
//! Both are numbered by the organization's head row, taken once and last: numbers have no gaps, become
//! visible in order, and the row is held for as short as can be (security.md D23).

mod chain;
mod reads;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, Set};
use sealpost_shared::events::EventType;
use sealpost_shared::ids::{ContactId, ConversationId, KeyId, LinkId, MessageId, OrganizationId, UserId};
use uuid::Uuid;

use crate::db::head_signer;
use crate::entities::{audit_entry, event, organization_head};
use crate::ids::new_id;

pub use chain::{BEGINNING, FORMAT, chain, head};
pub use reads::ReadLog;

/// Who does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
    audits: Vec<Noted>,
}

/// An entry to be.
struct Noted {
    actor: Actor,
    at: DateTime<Utc>,
    action: &'static str,
    subject: String,
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
        self.audit_of(self.actor, self.at, action, subject)
    }

    /// What somebody else did, or at another time.
    pub fn audit_of(
        &mut self,
        actor: Actor,
        at: DateTime<Utc>,
        action: &'static str,
        subject: impl ToString,
    ) -> &mut Self {
        self.audits.push(Noted { actor, at, action, subject: subject.to_string() });
        self
    }

    pub async fn write(self, tx: &impl ConnectionTrait) -> Result<(), DbErr> {
        if self.events.is_empty() && self.audits.is_empty() {
            return Ok(());
        }
        let (events, audits) = (self.events.len() as i64, self.audits.len() as i64);
        let head = organization_head::advance(tx, self.organization, events, audits).await?;
        self.write_events(tx, head.event_sequence - events).await?;
        if audits > 0 { self.write_audits(tx, head).await } else { Ok(()) }
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

    /// `head` has this journal's numbers already, and what the chain ended in before.
    async fn write_audits(
        &self,
        tx: &impl ConnectionTrait,
        head: organization_head::Model,
    ) -> Result<(), DbErr> {
        let before = head.audit_sequence - self.audits.len() as i64;
        let mut hash = head.audit_hash;
        let signer =
            head_signer().ok_or_else(|| DbErr::Custom("nothing signs the audit chain".to_owned()))?;
        let old = head.audit_signature;
        let was_sound = match &old {
            Some(signature) => signer.verify(&chain::head(self.organization, before, &hash), signature),
            None => before == 0,
        };
        let mut rows = Vec::with_capacity(self.audits.len());
        for (noted, sequence) in self.audits.iter().zip(before + 1..) {
            let entry = self.entry(noted, sequence, hash);
            hash = chain(&entry);
            rows.push(audit_entry::ActiveModel { hash: Set(hash.clone()), ..entry.into() }.reset_all());
        }
        audit_entry::Entity::insert_many(rows).exec_without_returning(tx).await?;
        let signature = if was_sound {
            Some(signer.sign(&chain::head(self.organization, head.audit_sequence, &hash)))
        } else {
            // A new signature would hide that somebody cut the chain: the old one stays, and tells.
            tracing::error!(organization = %self.organization, "the audit chain's signature does not fit");
            old
        };
        organization_head::set_audit_end(tx, self.organization, hash, signature).await
    }

    fn entry(&self, noted: &Noted, sequence: i64, previous_hash: Vec<u8>) -> audit_entry::Model {
        audit_entry::Model {
            organization_id: self.organization,
            sequence,
            id: new_id(noted.at),
            actor_kind: noted.actor.kind().to_owned(),
            actor_id: noted.actor.id(),
            action: noted.action.to_owned(),
            subject: noted.subject.clone(),
            created_at: noted.at,
            previous_hash,
            hash: Vec::new(),
            format: FORMAT,
        }
    }
}
