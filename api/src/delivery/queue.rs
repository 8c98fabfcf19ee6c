//! Into the queue, in the caller's transaction, and out of it again before anything was sent.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, ExprTrait as _, Set,
};
use sealpost_shared::contacts::Channel;
use sealpost_shared::deliveries::{DeliveryStatus, FailureCode};
use sealpost_shared::events::EventType;
use sealpost_shared::ids::{ContactId, LinkId, MessageId, OrganizationId};
use uuid::Uuid;

use super::allowance::{self, HeldBack};
use super::content::Content;
use super::{fallback, retry};
use crate::entities::{contact, conversation, delivery, organization, sending_policy};
use crate::folders;
use crate::ids::new_id;
use crate::journal::{About, Journal};
use crate::problem::{Result, not_found};
use crate::secrets::{ContactKey, Field, random_bytes};

pub(super) const OPTED_OUT: &str = "The contact opted out before it went out.";

/// A finished text and whom it is for. Its address is not here: the worker reads it when it sends.
pub struct Notice<'a> {
    pub organization: &'a organization::Model,
    pub contact: &'a contact::Model,
    pub key: &'a ContactKey,
    pub message: MessageId,
    /// The link that the text carries, and when it ends.
    pub link: Option<(LinkId, DateTime<Utc>)>,
    pub content: Content,
    pub urgency: Urgency,
}

/// Who goes first when many wait (security.md D16).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// Somebody stands before an ended link and waits for this one.
    Awaited,
    /// The answer to STOP, START or HELP: it goes to those, too, who have just opted out.
    Confirmation,
    Ordinary,
}

impl Urgency {
    pub(super) const fn class(self) -> i64 {
        match self {
            Self::Awaited | Self::Confirmation => 0,
            Self::Ordinary => 1,
        }
    }

    /// Whether it is one of a number's ten texts a day: what the practice sends of itself. The answer to a keyword is
    /// not, nor is a new link for an ended one: whoever holds the phone for a minute, or one old link, could use up what
    /// its owner is to hear from the practice. Both have limits of their own (`inbound`, `links::relink`).
    pub(super) const fn takes_of_the_ten(self) -> bool {
        matches!(self, Self::Ordinary)
    }
}

/// Queues a notice; the worker looks at once when the transaction commits. A text that a limit holds back becomes a
/// dead letter instead: failed, without its words, and said so (security.md D7).
pub async fn enqueue(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    notice: Notice<'_>,
    journal: &mut Journal,
) -> Result<delivery::Model> {
    hold_thread(tx, &notice).await?;
    let held_back = allowance::charge(tx, now, &notice, journal).await?;
    let id = new_id(now);
    let row = delivery::Model {
        id,
        organization_id: notice.contact.organization_id,
        contact_id: notice.contact.id,
        message_id: notice.message,
        link_id: notice.link.map(|(link, _)| link),
        channel: notice.content.channel(),
        class: notice.urgency.class(),
        status: DeliveryStatus::Queued,
        sealed_content: Some(seal(notice.key, id.uuid(), &notice.content)?),
        address_version: notice.contact.address_version(notice.content.channel()),
        attempts: 0,
        next_attempt_at: now,
        not_after: retry::not_after(now, notice.link.map(|(_, end)| end)),
        lease_token: None,
        leased_until: None,
        callback_handle: random_uuid(),
        provider_message_id: None,
        failure_code: None,
        failure_detail: None,
        created_at: now,
        sent_at: None,
        settled_at: None,
        despite_opt_out: notice.urgency == Urgency::Confirmation,
        in_doubt: false,
        unanswered: 0,
        retry_at: None,
        unresolved: false,
        fallback_at: None,
        fallback_of_id: None,
    };
    settle_unless_free(tx, row, held_back, now, journal).await
}

/// Stores it as it is, or as the dead letter that it is.
async fn settle_unless_free(
    tx: &impl ConnectionTrait,
    row: delivery::Model,
    held_back: Option<HeldBack>,
    now: DateTime<Utc>,
    journal: &mut Journal,
) -> Result<delivery::Model> {
    let Some(HeldBack { code, detail }) = held_back else { return insert(tx, row).await };
    tracing::info!(delivery.id = %row.id, failure.code = code.as_str(), "not sent");
    let conversation = conversation::get_by_contact(tx, row.organization_id, row.contact_id).await?;
    let about = About {
        conversation: conversation.map(|conversation| conversation.id),
        contact: Some(row.contact_id),
        message: Some(row.message_id),
        link: row.link_id,
        user: None,
    };
    journal.event(EventType::MessageFailed, about).audit("delivery.failed", row.id);
    let falls_back = fallback::due(tx, &row, code, now).await?;
    let row = delivery::Model {
        status: DeliveryStatus::Failed,
        sealed_content: None,
        failure_code: Some(code.as_str().to_owned()),
        failure_detail: Some(detail),
        settled_at: Some(now),
        unresolved: falls_back.is_none(),
        fallback_at: falls_back,
        ..row
    };
    let row = insert(tx, row).await?;
    folders::keep_failed(tx, row.organization_id, row.contact_id).await?;
    Ok(row)
}

/// The conversation is held before any numbers move, as everybody does. And a message that goes out again waits for
/// nobody to act any more.
async fn hold_thread(tx: &impl ConnectionTrait, notice: &Notice<'_>) -> Result<()> {
    let (organization, contact) = (notice.contact.organization_id, notice.contact.id);
    let thread = conversation::get_locked(tx, organization, contact).await?;
    if thread.is_some_and(|thread| thread.has_failed) {
        delivery::resolve(tx, organization, delivery::Column::MessageId.eq(notice.message)).await?;
        folders::keep_failed(tx, organization, contact).await?;
    }
    Ok(())
}

/// The same notice again for the contact's address of today, with an id of its own: a gateway that knows
/// the old one would take it for sent. The month was charged when it was queued; its new number is charged here.
pub(super) async fn replan(
    tx: &impl ConnectionTrait,
    journal: &mut Journal,
    old: &delivery::Model,
    contact: &contact::Model,
    key: &ContactKey,
    content: &Content,
    now: DateTime<Utc>,
) -> Result<delivery::Model> {
    let id = new_id(now);
    let row = delivery::Model {
        id,
        status: DeliveryStatus::Queued,
        sealed_content: Some(seal(key, id.uuid(), content)?),
        address_version: contact.address_version(old.channel),
        attempts: 0,
        next_attempt_at: now,
        lease_token: None,
        leased_until: None,
        callback_handle: random_uuid(),
        created_at: now,
        in_doubt: false,
        unanswered: 0,
        retry_at: None,
        ..old.clone()
    };
    let organization = organization::get(tx, old.organization_id).await?.ok_or_else(not_found)?;
    let held_back = allowance::at_new_number(tx, &organization, contact, key, &row, now).await?;
    settle_unless_free(tx, row, held_back, now, journal).await
}

/// Stops what is still on its way with these links, as part of revoking them.
pub async fn cancel_of_links(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    links: impl IntoIterator<Item = LinkId>,
    now: DateTime<Utc>,
) -> Result<u64> {
    let change = canceled(FailureCode::LinkRevoked, "Its link was turned off before it went out.", now);
    Ok(delivery::cancel(tx, organization, delivery::Column::LinkId.is_in(links), change).await?)
}

/// Stops everything that is still on its way to this contact, as part of erasing them.
pub async fn cancel_of_contact(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    contact: ContactId,
    now: DateTime<Utc>,
) -> Result<u64> {
    let change = canceled(FailureCode::ContactDeleted, "The contact was deleted before it went out.", now);
    Ok(delivery::cancel(tx, organization, delivery::Column::ContactId.eq(contact), change).await?)
}

/// Stops what is still on its way to this contact by a channel that they have opted out of.
pub async fn cancel_of_channel(
    tx: &impl ConnectionTrait,
    contact: &contact::Model,
    channel: Channel,
    now: DateTime<Utc>,
) -> Result<u64> {
    let which = on(contact, channel);
    let policy = sending_policy::get(tx, contact.organization_id).await?;
    let (organization, link) = (contact.organization_id, delivery::Column::LinkId);
    if policy.falls_back(channel, false) {
        delivery::stop_in_favor(tx, organization, which.clone(), now).await?;
    } else if policy.falls_back(channel, true) {
        delivery::stop_in_favor(tx, organization, which.clone().and(link.is_not_null()), now).await?;
    }
    let change = canceled(FailureCode::ContactOptedOut, OPTED_OUT, now);
    Ok(delivery::cancel(tx, contact.organization_id, which, change).await?)
}

/// Stops what was to confirm an opt-out that holds no more: it would arrive after the news that undid it.
pub async fn cancel_confirmations(
    tx: &impl ConnectionTrait,
    contact: &contact::Model,
    channel: Channel,
    now: DateTime<Utc>,
) -> Result<u64> {
    let which = on(contact, channel).and(delivery::Column::DespiteOptOut.eq(true));
    let change = canceled(FailureCode::Superseded, "A later answer took its place.", now);
    Ok(delivery::cancel(tx, contact.organization_id, which, change).await?)
}

fn on(contact: &contact::Model, channel: Channel) -> Expr {
    delivery::Column::ContactId.eq(contact.id).and(delivery::Column::Channel.eq(channel))
}

fn canceled(code: FailureCode, detail: &str, now: DateTime<Utc>) -> delivery::ActiveModel {
    delivery::ActiveModel {
        status: Set(DeliveryStatus::Canceled),
        sealed_content: Set(None),
        failure_code: Set(Some(code.as_str().to_owned())),
        failure_detail: Set(Some(detail.to_owned())),
        settled_at: Set(Some(now)),
        ..Default::default()
    }
}

pub(super) fn open(key: &ContactKey, row: &delivery::Model) -> Option<Content> {
    let sealed = row.sealed_content.as_deref()?;
    let json = key.open(Field::DeliveryContent, row.id.uuid(), sealed).ok()?;
    serde_json::from_str(&json).ok()
}

fn seal(key: &ContactKey, id: Uuid, content: &Content) -> Result<Vec<u8>> {
    let json = serde_json::to_string(content).map_err(crate::problem::Problem::internal)?;
    Ok(key.seal(Field::DeliveryContent, id, &json)?)
}

async fn insert(tx: &impl ConnectionTrait, row: delivery::Model) -> Result<delivery::Model> {
    let active = delivery::ActiveModel::from(row.clone()).reset_all();
    delivery::Entity::insert(active).exec_without_returning(tx).await?;
    Ok(row)
}

fn random_uuid() -> Uuid {
    uuid::Builder::from_random_bytes(random_bytes()).into_uuid()
}

impl Content {
    pub const fn channel(&self) -> Channel {
        match self {
            Self::Sms(_) => Channel::Sms,
            Self::Email(_) => Channel::Email,
        }
    }
}
