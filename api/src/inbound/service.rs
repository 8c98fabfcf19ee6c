//! One message in, in one transaction: taken once, heeded or attached or held, recorded.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::DatabaseTransaction;
use sealpost_migrations::crash_point;
use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::Keyword;
use sealpost_shared::ids::{InboundId, MessageId, OrganizationId};
use sealpost_shared::text::MessageText;
use serde::Serialize;

use super::answers;
use super::keywords::{Word, keyword};
use crate::contacts::{Address, hold_by_address};
use crate::conversations::{Arrival, answer, arrive};
use crate::delivery;
use crate::entities::budget::{self, Limit};
use crate::entities::inbound_message::{self, Outcome as Fate};
use crate::entities::{contact, conversation, organization};
use crate::ids::new_id;
use crate::journal::{Actor, Journal};
use crate::problem::{Problem, Result, not_found};
use crate::secrets::{Field, OrganizationKeys};
use crate::state::State;

/// Two machines that answer each other come to an end: so many answers to a number or an address in a day, whoever
/// shares it. STOP has answers of its own: those to START and HELP leave them alone.
const ANSWERS: Limit = Limit { scope: "keyword_answers", times: 5, window: TimeDelta::hours(24) };
const STOP_ANSWERS: Limit = Limit { scope: "stop_answers", times: 5, window: TimeDelta::hours(24) };

/// A text or email, verified by whoever took it from its provider.
pub struct Received {
    /// Whose number or address it was sent to.
    pub organization: OrganizationId,
    pub provider: &'static str,
    /// Our account with the provider: message ids are unique there and nowhere else.
    pub account: String,
    pub message_id: String,
    pub from: Address,
    pub to: Address,
    pub body: MessageText,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// We have had it before.
    Repeated,
    Attached(MessageId),
    Heeded(Keyword),
    /// Held: nobody has this number or address.
    SenderUnknown,
    /// Held: several have it, and nothing is guessed.
    SenderAmbiguous,
}

/// Takes it. A provider that calls again after this has committed changes nothing.
pub async fn receive(state: &State, received: &Received) -> Result<Outcome> {
    let now = state.now();
    let channel = received.from.channel();
    let word = keyword(channel, received.body.as_str());
    let outcome = state
        .db
        .of(received.organization)
        .write(async |tx| {
            let keys = state.secrets.organization(tx, received.organization).await?;
            let contacts = hold_by_address(tx, received.organization, &keys, &received.from).await?;
            let fate = match (word, contacts.len()) {
                (_, 0) => Fate::SenderUnknown,
                (Some(_), _) => Fate::Heeded,
                (None, 1) => Fate::Attached,
                (None, _) => Fate::SenderAmbiguous,
            };
            let row = row(received, &keys, fate, now)?;
            if !inbound_message::claim(tx, &row).await? {
                return Ok(Outcome::Repeated);
            }
            // Nobody has proved who they are: the sender's number is all there is.
            let mut journal = Journal::new(received.organization, Actor::System, now);
            let outcome = match (fate, word) {
                (Fate::Heeded, Some(word)) => {
                    let sender = received.from.subject(received.organization, &keys);
                    heed(state, tx, received, contacts, (word, &sender), &mut journal).await?;
                    Outcome::Heeded(word.keyword)
                }
                (Fate::Attached, _) => {
                    let contact = contacts.first().ok_or_else(not_found)?;
                    attach(state, tx, received, contact, row.id, &mut journal).await?
                }
                (fate, _) => {
                    journal.audit("inbound.held", row.id);
                    if fate == Fate::SenderUnknown {
                        Outcome::SenderUnknown
                    } else {
                        Outcome::SenderAmbiguous
                    }
                }
            };
            journal.write(tx).await?;
            Ok(outcome)
        })
        .await?;
    crash_point!("P10");
    Ok(outcome)
}

/// What is kept of a message that is attached to nobody.
#[derive(Serialize)]
struct Held<'a> {
    from: &'a str,
    to: &'a str,
    body: &'a str,
}

fn row(
    received: &Received,
    keys: &OrganizationKeys,
    outcome: Fate,
    received_at: DateTime<Utc>,
) -> Result<inbound_message::Model> {
    let id: InboundId = new_id(received_at);
    let held = Held { from: received.from.as_str(), to: received.to.as_str(), body: received.body.as_str() };
    let sealed_content = match outcome {
        Fate::Attached | Fate::Heeded => None,
        Fate::SenderUnknown | Fate::SenderAmbiguous => {
            let json = serde_json::to_vec(&held).map_err(Problem::internal)?;
            Some(keys.seal(Field::InboundContent, id.uuid().as_bytes(), &json)?)
        }
    };
    Ok(inbound_message::Model {
        id,
        organization_id: received.organization,
        provider: received.provider.to_owned(),
        account: received.account.clone(),
        provider_message_id: received.message_id.clone(),
        channel: received.from.channel(),
        outcome,
        message_id: None,
        sealed_content,
        received_at,
    })
}

async fn attach(
    state: &State,
    tx: &DatabaseTransaction,
    received: &Received,
    contact: &contact::Model,
    id: InboundId,
    journal: &mut Journal,
) -> Result<Outcome> {
    let key = state.secrets.contact(tx, received.organization, contact.id).await?;
    let arrival = Arrival { contact, key: &key, channel: received.from.channel(), keyword: None };
    let message = arrive(state, tx, &arrival, &received.body, journal).await?;
    inbound_message::attach(tx, id, message.id).await?;
    Ok(Outcome::Attached(message.id))
}

/// STOP holds for the number: for everybody who has it. The answer goes out once.
async fn heed(
    state: &State,
    tx: &DatabaseTransaction,
    received: &Received,
    contacts: Vec<contact::Model>,
    (word, sender): (Word, &[u8]),
    journal: &mut Journal,
) -> Result<()> {
    let (channel, now) = (received.from.channel(), state.now());
    let organization = organization::get(tx, received.organization).await?.ok_or_else(not_found)?;
    // All of them before any numbers move: the order in which everybody takes locks.
    for contact in &contacts {
        conversation::get_locked(tx, received.organization, contact.id).await?;
    }
    let first = contacts.iter().find(|contact| is_news(contact, channel, word.keyword));
    let answered = match first {
        Some(first) if may_answer(tx, sender, word.keyword, now).await? => Some(first.id),
        _ => None,
    };
    let mut due = None;
    for mut contact in contacts {
        let key = state.secrets.contact(tx, received.organization, contact.id).await?;
        let changed = match word.keyword {
            Keyword::Help => true,
            Keyword::Stop | Keyword::Start => {
                let out = word.keyword == Keyword::Stop;
                delivery::set_opted_out(tx, &mut contact, channel, out, now, journal).await?
            }
        };
        match word.keyword {
            // What confirms the first STOP is not stopped by the second.
            _ if !changed => 0,
            Keyword::Stop => delivery::cancel_of_channel(tx, &contact, channel, now).await?,
            Keyword::Start => delivery::cancel_confirmations(tx, &contact, channel, now).await?,
            Keyword::Help => 0,
        };
        let arrival = Arrival { contact: &contact, key: &key, channel, keyword: Some(word.keyword) };
        arrive(state, tx, &arrival, &received.body, journal).await?;
        if answered == Some(contact.id) {
            due = Some((contact, key));
        }
    }
    // Last: what a text is charged to is locked after everybody's numbers.
    if let Some((contact, key)) = due {
        let arrival = Arrival { contact: &contact, key: &key, channel, keyword: Some(word.keyword) };
        let words = answers::words(word, channel, &contact, &organization);
        answer(state, tx, &arrival, &organization, &words, journal).await?;
    }
    Ok(())
}

/// Whether a word changes anything for this contact; HELP is asked for anew each time.
fn is_news(contact: &contact::Model, channel: Channel, keyword: Keyword) -> bool {
    match keyword {
        Keyword::Help => true,
        Keyword::Stop => !contact.has_opted_out(channel),
        Keyword::Start => contact.has_opted_out(channel),
    }
}

/// STOP is heeded however often it comes; the sixth of a day is heeded in silence, or STOP and START in turn would
/// pump out texts. Counted by the sender's number or address: several contacts who share it are one phone.
async fn may_answer(
    tx: &DatabaseTransaction,
    sender: &[u8],
    keyword: Keyword,
    now: DateTime<Utc>,
) -> Result<bool> {
    let limit = if keyword == Keyword::Stop { STOP_ANSWERS } else { ANSWERS };
    Ok(budget::charge(tx, limit, sender, now).await?)
}
