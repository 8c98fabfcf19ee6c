//! The same message once more: a fresh link for one that has one, or what did not arrive, on this channel or the other.
//! Nothing here repeats an old notice: a link is made anew, for whoever sends it alone may make links.

use sea_orm::DatabaseTransaction;
use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::{Direction, Message, RetryMessage};
use sealpost_shared::deliveries::DeliveryStatus;
use sealpost_shared::events::EventType;
use sealpost_shared::ids::{LinkId, MessageId, OrganizationId};
use sealpost_shared::links::LinkOrigin;
use sealpost_shared::problem::ProblemCode;

use super::compose::{check_length, plain, queue_plain};
use super::{remind, thread};
use crate::auth::Caller;
use crate::channels;
use crate::contact_fields::custom_values;
use crate::contacts::{Recipient, chosen_channel, reachable_channel};
use crate::entities::{
    contact, delivery, link, message, organization, secure_messaging_settings as settings_row,
};
use crate::idempotency::{Answer, IdempotencyKey, once};
use crate::journal::{About, Journal};
use crate::links::{self, NewLink, Opening};
use crate::problem::{Problem, Result, not_found};
use crate::secrets::ContactKey;
use crate::state::State;

/// A fresh link for the same message, to the contact's address of today.
pub async fn resend(
    state: &State,
    caller: &Caller,
    id: MessageId,
    key: Option<IdempotencyKey>,
) -> Result<Answer<Message>> {
    once(state, caller, key.as_ref(), async |tx| {
        let (message, contact) = find(tx, caller, id).await?;
        if !message.secure {
            return Err(no_link());
        }
        channels::refresh(state, tx).await?;
        let held = hold(state, tx, caller.organization, &contact).await?;
        let channel = reachable_channel(state, &held.recipient(&contact))?;
        let mut journal = Journal::new(caller.organization, caller.actor, state.now());
        link_again(state, tx, &held, &message, &contact, Fresh::resent(channel), &mut journal).await?;
        remind::watch(state, tx, &message).await?;
        journal.write(tx).await?;
        thread::view_one(state, tx, &message).await
    })
    .await
}

/// What did not arrive goes out once more, a secure one with a fresh link.
pub async fn retry(
    state: &State,
    caller: &Caller,
    id: MessageId,
    request: RetryMessage,
    key: Option<IdempotencyKey>,
) -> Result<Answer<Message>> {
    once(state, caller, key.as_ref(), async |tx| {
        let (message, contact) = find(tx, caller, id).await?;
        let deliveries = delivery::list_of_messages(tx, caller.organization, [id]).await?;
        let open = |row: &delivery::Model| {
            !matches!(
                row.status,
                DeliveryStatus::Failed
                    | DeliveryStatus::Canceled
                    | DeliveryStatus::Sent
                    | DeliveryStatus::Delivered
            )
        };
        let lost =
            |row: &&delivery::Model| matches!(row.status, DeliveryStatus::Failed | DeliveryStatus::Canceled);
        let newest = deliveries.last().filter(lost).filter(|_| !deliveries.iter().any(open));
        let Some(newest) = newest else {
            let detail = "this message is on its way or has arrived";
            return Err(Problem::new(ProblemCode::Conflict, detail));
        };
        channels::refresh(state, tx).await?;
        let held = hold(state, tx, caller.organization, &contact).await?;
        let recipient = held.recipient(&contact);
        let channel = chosen_channel(state, &recipient, Some(request.channel.unwrap_or(newest.channel)))?;
        let mut journal = Journal::new(caller.organization, caller.actor, state.now());
        if message.secure {
            link_again(state, tx, &held, &message, &contact, Fresh::resent(channel), &mut journal).await?;
            remind::watch(state, tx, &message).await?;
        } else {
            plain_again(state, tx, &recipient, &message, channel, &mut journal).await?;
        }
        journal.audit("message.retried", id);
        journal.write(tx).await?;
        thread::view_one(state, tx, &message).await
    })
    .await
}

async fn find(
    tx: &DatabaseTransaction,
    caller: &Caller,
    id: MessageId,
) -> Result<(message::Model, contact::Model)> {
    let message = message::get(tx, caller.organization, id).await?.ok_or_else(not_found)?;
    if message.direction == Direction::Inbound {
        return Err(no_link());
    }
    let contact = contact::get_locked(tx, caller.organization, message.contact_id).await?;
    Ok((message, contact.ok_or_else(not_found)?))
}

fn no_link() -> Problem {
    Problem::new(ProblemCode::Conflict, "only a secure message to the contact has a link")
}

/// Whose message it is, and what opens it.
pub(super) struct Held {
    pub organization: organization::Model,
    pub key: ContactKey,
}

impl Held {
    pub const fn recipient<'a>(&'a self, contact: &'a contact::Model) -> Recipient<'a> {
        Recipient { organization: &self.organization, contact, key: &self.key }
    }
}

pub(super) async fn hold(
    state: &State,
    tx: &DatabaseTransaction,
    id: OrganizationId,
    contact: &contact::Model,
) -> Result<Held> {
    let organization = organization::get(tx, id).await?.ok_or_else(not_found)?;
    let key = state.secrets.contact(tx, id, contact.id).await?;
    Ok(Held { organization, key })
}

/// A link for a message that has one.
pub(super) struct Fresh {
    pub origin: LinkOrigin,
    pub parent: Option<LinkId>,
    pub channel: Channel,
}

impl Fresh {
    const fn resent(channel: Channel) -> Self {
        Self { origin: LinkOrigin::Resent, parent: None, channel }
    }
}

pub(super) async fn link_again(
    state: &State,
    tx: &DatabaseTransaction,
    held: &Held,
    message: &message::Model,
    contact: &contact::Model,
    fresh: Fresh,
    journal: &mut Journal,
) -> Result<(link::Model, delivery::Model)> {
    let settings = settings_row::get(tx, held.organization.id).await?;
    if !settings.enabled {
        return Err(ProblemCode::SecureMessagingDisabled.into());
    }
    let custom = custom_values(tx, &settings, contact, &held.key).await?;
    let opening = Opening {
        organization: &held.organization,
        settings: &settings,
        contact,
        key: &held.key,
        custom: &custom,
    };
    let lifetime = thread::lifetime_of(tx, message).await?.unwrap_or(settings.link_lifetime);
    let own = message.own_pin_hash.clone().map(|hash| (hash, message.own_pin_digits));
    links::check_pin_policy(&opening, &links::opening_of(&opening, own)?, lifetime)?;
    let Fresh { origin, parent, channel } = fresh;
    let new = NewLink { origin, parent, channel, lifetime };
    let (link, _, sent) = links::issue(state, tx, &opening, message, new, journal).await?;
    let about = About { link: Some(link.id), ..thread::about(message) };
    match origin {
        LinkOrigin::Reminded => {
            journal.event(EventType::SecureLinkReminded, about).audit("link.reminded", link.id)
        }
        LinkOrigin::Fallback => journal.event(EventType::SecureLinkCreated, about),
        _ => journal.event(EventType::SecureLinkCreated, about).audit("link.resent", link.id),
    };
    Ok((link, sent))
}

pub(super) async fn plain_again(
    state: &State,
    tx: &DatabaseTransaction,
    to: &Recipient<'_>,
    message: &message::Model,
    channel: Channel,
    journal: &mut Journal,
) -> Result<delivery::Model> {
    let body = thread::body_of(to.key, message)?;
    check_length(channel, &body)?;
    let content = plain(to.organization, channel, &body);
    let sent = queue_plain(state, tx, to, message, content, journal).await?;
    journal.event(EventType::DeliveryUpdated, thread::about(message));
    Ok(sent)
}
