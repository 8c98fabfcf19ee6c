//! Sending: the message, its link, its notice, in one transaction.

use sea_orm::DatabaseTransaction;
use sealpost_shared::contacts::{Channel, CreateContact};
use sealpost_shared::conversations::{AuthorKind, Direction, Message, ReplyInConversation, SendMessage};
use sealpost_shared::events::EventType;
use sealpost_shared::ids::{ConversationId, MessageId, OrganizationId};
use sealpost_shared::links::{LinkLifetime, LinkOrigin};
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::text::{MessageText, Pin};

use super::thread::{self, NewMessage};
use super::{remind, waiting};
use crate::auth::Caller;
use crate::channels;
use crate::contact_fields::custom_values;
use crate::contacts::{self, Recipient, chosen_channel};
use crate::delivery::{self, Content, EmailContent, Notice, SmsContent, Urgency};
use crate::entities::{
    contact, conversation, delivery as delivery_row, message, organization,
    secure_messaging_settings as settings_row, sending_policy,
};
use crate::idempotency::{Answer, IdempotencyKey, once};
use crate::journal::{About, Actor, Journal};
use crate::links::{self, NewLink, Opening};
use crate::problem::{Problem, Result, not_found};
use crate::secrets::ContactKey;
use crate::sending::When;
use crate::state::State;
use crate::templates::CustomValues;

/// What is to be sent, once the recipient is known.
pub(super) struct Draft {
    /// Of a message that has waited; else a new one.
    pub id: Option<MessageId>,
    pub body: MessageText,
    /// Nothing: the organization's setting.
    pub secure: Option<bool>,
    pub channel: Option<Channel>,
    pub lifetime: Option<LinkLifetime>,
    /// The message's own PIN, hashed, and whether it is digits only.
    pub own_pin: Option<(String, bool)>,
    /// The same in the clear, to be looked at once the contact is known.
    pub clear_pin: Option<Pin>,
    pub when: When,
    /// Whether it may take the other channel where its own is closed.
    pub may_fall_back: bool,
}

/// Everything that a message needs to go out to somebody, looked up and found to be right.
pub(super) struct Ready {
    pub organization: organization::Model,
    pub settings: settings_row::Model,
    pub key: ContactKey,
    custom: CustomValues,
    pub secure: bool,
    channel: Channel,
    lifetime: LinkLifetime,
}

/// Sends to a contact, who may be new. The one call that sends.
pub async fn send(
    state: &State,
    caller: &Caller,
    request: SendMessage,
    key: Option<IdempotencyKey>,
) -> Result<Answer<Message>> {
    let (id, described) = match (request.contact_id, request.contact) {
        (Some(id), None) => (Some(id), None),
        (None, Some(described)) => (None, Some(described)),
        _ => {
            return Err(Problem::field(
                "/contact_id",
                "required",
                "give contact_id or contact, and not both",
            ));
        }
    };
    let draft = Draft {
        id: None,
        own_pin: hashed(state, request.pin.as_ref()).await?,
        clear_pin: request.pin,
        body: request.body,
        secure: request.secure,
        may_fall_back: request.channel.is_none(),
        channel: request.channel,
        lifetime: request.link_lifetime,
        when: When {
            send_at: request.send_at,
            undo: request.undo.unwrap_or_default(),
            despite_quiet_hours: request.despite_quiet_hours.unwrap_or_default(),
        },
    };
    once(state, caller, key.as_ref(), async |tx| {
        let mut journal = Journal::new(caller.organization, caller.actor, state.now());
        let contact = match (id, described) {
            (Some(id), _) => contact::get_locked(tx, caller.organization, id).await?.ok_or_else(not_found)?,
            (None, Some(described)) => find_or_create(state, tx, caller, described, &mut journal).await?,
            (None, None) => return Err(not_found()),
        };
        send_to(state, tx, caller, &contact, draft, journal).await
    })
    .await
}

async fn find_or_create(
    state: &State,
    tx: &DatabaseTransaction,
    caller: &Caller,
    described: CreateContact,
    journal: &mut Journal,
) -> Result<contact::Model> {
    let in_contact = |problem: Problem| problem.under("/contact");
    contacts::check(&described).map_err(in_contact)?;
    contacts::check_fields(tx, caller.organization, &described).await.map_err(in_contact)?;
    match contacts::find_match(state, tx, caller.organization, &described).await? {
        Some(contact) => Ok(contact),
        None => Ok(contacts::create_in(state, tx, caller.organization, described, journal).await?.0),
    }
}

/// Answers in a conversation, by default the way it last went.
pub async fn reply(
    state: &State,
    caller: &Caller,
    id: ConversationId,
    request: ReplyInConversation,
    key: Option<IdempotencyKey>,
) -> Result<Answer<Message>> {
    let draft = Draft {
        id: None,
        own_pin: hashed(state, request.pin.as_ref()).await?,
        clear_pin: request.pin,
        body: request.body,
        secure: request.secure,
        may_fall_back: request.channel.is_none(),
        channel: request.channel,
        lifetime: request.link_lifetime,
        when: When {
            send_at: request.send_at,
            undo: request.undo.unwrap_or_default(),
            despite_quiet_hours: request.despite_quiet_hours.unwrap_or_default(),
        },
    };
    once(state, caller, key.as_ref(), async |tx| {
        let conversation = conversation::get(tx, caller.organization, id).await?.ok_or_else(not_found)?;
        let contact = contact::get_locked(tx, caller.organization, conversation.contact_id)
            .await?
            .ok_or_else(not_found)?;
        let journal = Journal::new(caller.organization, caller.actor, state.now());
        // A thread that was secure is never answered in the clear for want of a word; a plain one goes by
        // the setting.
        let draft = Draft { secure: draft.secure.or(conversation.last_secure.then_some(true)), ..draft };
        send_to(state, tx, caller, &contact, draft, journal).await
    })
    .await
}

/// Hashing takes a while: before the transaction, never in it.
async fn hashed(state: &State, pin: Option<&Pin>) -> Result<Option<(String, bool)>> {
    match pin {
        Some(pin) => Ok(Some((state.secrets.hashing.hash(pin.as_str()).await?, pin.is_digits()))),
        None => Ok(None),
    }
}

/// Sends to a contact at hand, in the caller's transaction, with everything else as the settings have it.
pub async fn send_securely(
    state: &State,
    tx: &DatabaseTransaction,
    caller: &Caller,
    contact: &contact::Model,
    body: MessageText,
    channel: Channel,
    journal: Journal,
) -> Result<Message> {
    let draft = Draft {
        id: None,
        body,
        secure: Some(true),
        channel: Some(channel),
        lifetime: None,
        own_pin: None,
        clear_pin: None,
        may_fall_back: false,
        when: When { despite_quiet_hours: true, ..When::default() },
    };
    send_to(state, tx, caller, contact, draft, journal).await
}

async fn send_to(
    state: &State,
    tx: &DatabaseTransaction,
    caller: &Caller,
    contact: &contact::Model,
    draft: Draft,
    mut journal: Journal,
) -> Result<Message> {
    let ready = prepare(state, tx, caller.organization, contact, &draft).await?;
    if let Some(wait) = waiting::wait(state, tx, contact, &ready, draft.when).await? {
        return waiting::keep(state, tx, caller, contact, (draft, &ready, wait), journal).await;
    }
    let message = dispatch(state, tx, caller, contact, (draft, &ready), &mut journal).await?;
    journal.write(tx).await?;
    thread::view_one(state, tx, &message).await
}

/// Refuses what could not go out as things stand; asked again when something that waited goes.
pub(super) async fn prepare(
    state: &State,
    tx: &DatabaseTransaction,
    id: OrganizationId,
    contact: &contact::Model,
    draft: &Draft,
) -> Result<Ready> {
    let organization = organization::get(tx, id).await?.ok_or_else(not_found)?;
    let settings = settings_row::get(tx, id).await?;
    let secure = draft.secure.unwrap_or(settings.enabled && settings.secure_by_default);
    check(draft, secure, &settings)?;
    channels::refresh(state, tx).await?;
    let key = state.secrets.contact(tx, id, contact.id).await?;
    let recipient = Recipient { organization: &organization, contact, key: &key };
    let channel = way(state, tx, &recipient, draft, secure).await?;
    if !secure {
        check_length(channel, &draft.body)?;
    }
    if let Some(pin) = &draft.clear_pin {
        contacts::refuse_weak(&settings, &key, contact, pin.as_str())?;
    }
    let custom = custom_values(tx, &settings, contact, &key).await?;
    let lifetime = draft.lifetime.unwrap_or(settings.link_lifetime);
    let ready = Ready { organization, settings, key, custom, secure, channel, lifetime };
    if secure {
        let opening = ready.opening(contact);
        links::check_pin_policy(&opening, &links::opening_of(&opening, draft.own_pin.clone())?, lifetime)?;
    }
    Ok(ready)
}

/// The channel. Where nobody chose one, or nobody hears of a refusal any more, it is the other one by the policy.
async fn way(
    state: &State,
    tx: &DatabaseTransaction,
    to: &Recipient<'_>,
    draft: &Draft,
    secure: bool,
) -> Result<Channel> {
    let refused = match chosen_channel(state, to, draft.channel) {
        Err(problem) if draft.may_fall_back => problem,
        chosen => return chosen,
    };
    let helps = matches!(
        refused.code,
        ProblemCode::AddressMissing | ProblemCode::ContactOptedOut | ProblemCode::CountryNotAllowed
    );
    let Some(from) = draft.channel.or(to.contact.preferred_channel).filter(|_| helps) else {
        return Err(refused);
    };
    let policy = sending_policy::get(tx, to.organization.id).await?;
    if !policy.falls_back(from, secure) {
        return Err(refused);
    }
    chosen_channel(state, to, Some(from.other())).map_err(|_| refused)
}

impl Ready {
    fn opening<'a>(&'a self, contact: &'a contact::Model) -> Opening<'a> {
        Opening {
            organization: &self.organization,
            settings: &self.settings,
            contact,
            key: &self.key,
            custom: &self.custom,
        }
    }
}

/// The message itself, with its link and its notice. The journal is the caller's to write.
pub(super) async fn dispatch(
    state: &State,
    tx: &DatabaseTransaction,
    author: &Caller,
    contact: &contact::Model,
    (draft, ready): (Draft, &Ready),
    journal: &mut Journal,
) -> Result<message::Model> {
    let new = NewMessage {
        id: draft.id,
        direction: Direction::Outbound,
        author_kind: author_kind(author.actor),
        author_id: author.actor.id(),
        author_name: author.name.clone(),
        body: &draft.body,
        secure: ready.secure,
        channel: Some(ready.channel),
        own_pin: draft.own_pin,
        client_message_id: None,
        keyword: None,
    };
    let message = thread::append(state, tx, contact, &ready.key, new, journal).await?;
    if ready.secure {
        let (channel, lifetime) = (ready.channel, ready.lifetime);
        let new = NewLink { origin: LinkOrigin::Sent, parent: None, channel, lifetime };
        let (link, ..) = links::issue(state, tx, &ready.opening(contact), &message, new, journal).await?;
        let about = About { link: Some(link.id), ..thread::about(&message) };
        journal.event(EventType::SecureLinkCreated, about);
        remind::watch(state, tx, &message).await?;
    } else {
        let content = plain(&ready.organization, ready.channel, &draft.body);
        let recipient = Recipient { organization: &ready.organization, contact, key: &ready.key };
        queue_plain(state, tx, &recipient, &message, content, journal).await?;
    }
    journal.event(EventType::MessageCreated, thread::about(&message)).audit("message.sent", message.id);
    Ok(message)
}

/// A text message has an end.
pub(super) fn check_length(channel: Channel, body: &MessageText) -> Result<()> {
    if channel == Channel::Sms && !delivery::fits_a_text(body.as_str()) {
        let detail = "is too long for a text; send it securely or by email";
        return Err(Problem::field("/body", "too_long", detail));
    }
    Ok(())
}

fn check(draft: &Draft, secure: bool, settings: &settings_row::Model) -> Result<()> {
    if secure && !settings.enabled {
        return Err(ProblemCode::SecureMessagingDisabled.into());
    }
    let only_secure = |pointer| Err(Problem::field(pointer, "invalid", "is for secure messages only"));
    if !secure && draft.own_pin.is_some() {
        return only_secure("/pin");
    }
    if !secure && draft.lifetime.is_some() {
        return only_secure("/link_lifetime");
    }
    if draft.own_pin.is_some() && !settings.pin_enabled {
        return Err(ProblemCode::PinsDisabled.into());
    }
    Ok(())
}

/// Who a message says wrote it.
pub const fn author_kind(actor: Actor) -> AuthorKind {
    match actor {
        Actor::ApiKey(_) => AuthorKind::ApiKey,
        _ => AuthorKind::Staff,
    }
}

/// A message that travels as it stands.
pub(super) fn plain(organization: &organization::Model, channel: Channel, body: &MessageText) -> Content {
    match channel {
        Channel::Sms => Content::Sms(SmsContent::plain(body.as_str())),
        Channel::Email => {
            let subject = format!("A message from {}", organization.name);
            Content::Email(EmailContent::plain(&organization.name, &subject, body.as_str()))
        }
    }
}

pub(super) async fn queue_plain(
    state: &State,
    tx: &DatabaseTransaction,
    to: &Recipient<'_>,
    message: &message::Model,
    content: Content,
    journal: &mut Journal,
) -> Result<delivery_row::Model> {
    let notice = Notice {
        organization: to.organization,
        contact: to.contact,
        key: to.key,
        message: message.id,
        link: None,
        content,
        urgency: Urgency::Ordinary,
    };
    delivery::enqueue(tx, state.now(), notice, journal).await
}
