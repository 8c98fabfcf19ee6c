//! Plays the other side: somebody writes back, a network fails. What comes in takes the way that a provider's
//! hook will take.

use sealpost_shared::contacts::{Channel, ContactQuery};
use sealpost_shared::demo::{
    DemoPeople, DemoPerson, DemoPractice, OutboxAnswer, PlayInbound, Played, SetFault,
};
use sealpost_shared::text::{Email, Phone};

use super::Outbox;
use super::outbox::{MAIL_FROM, SMS_FROM};
use crate::contacts::{self, Address};
use crate::ids::new_id;
use crate::inbound::{self, Outcome, Received};
use crate::problem::{Problem, Result};
use crate::state::State;

/// Gives the practice a text or email that somebody wrote.
pub async fn play(state: &State, outbox: &Outbox, request: PlayInbound) -> Result<Played> {
    let from = address("/from", request.channel, &request.from)?;
    let to = address("/to", request.channel, &request.to)?;
    let ours = match request.channel {
        Channel::Sms => SMS_FROM,
        Channel::Email => MAIL_FROM,
    };
    if to.as_str() != ours {
        return Err(Problem::field("/to", "unknown", format!("the practice of the demo is at {ours}")));
    }
    let id = new_id(state.now());
    let received = Received {
        organization: super::caller(state).await?.organization,
        provider: "demo",
        account: ours.to_owned(),
        message_id: format!("{}", id.uuid().simple()),
        from,
        to,
        body: request.body,
    };
    let keyword = match inbound::receive(state, &received).await? {
        Outcome::Attached(_) | Outcome::Repeated => None,
        Outcome::Heeded(keyword) => Some(keyword),
        Outcome::SenderUnknown => {
            let detail = "nobody at the practice is known by this number or address; the message is held";
            return Err(Problem::field("/from", "unknown", detail));
        }
        Outcome::SenderAmbiguous => {
            let detail = "several people have this number or address, so nobody can tell who wrote; \
                          the message is held";
            return Err(Problem::field("/from", "ambiguous", detail));
        }
    };
    outbox.note_answer(OutboxAnswer {
        id,
        channel: request.channel,
        from: received.from.as_str().to_owned(),
        to: ours.to_owned(),
        body: received.body.into_string(),
        created_at: state.now(),
    });
    Ok(Played { keyword })
}

/// As it stands in a list, or as a mail's header gives it: `Jordan <jordan@example.org>`.
fn address(pointer: &str, channel: Channel, text: &str) -> Result<Address> {
    let wrong =
        |error: sealpost_shared::text::TextError| Problem::field(pointer, "invalid", error.to_string());
    match channel {
        Channel::Sms => text.parse::<Phone>().map(Address::Phone).map_err(wrong),
        Channel::Email => {
            let bare = text.rsplit_once('<').and_then(|(_, rest)| rest.trim_end().strip_suffix('>'));
            bare.unwrap_or(text).parse::<Email>().map(Address::Email).map_err(wrong)
        }
    }
}

/// Makes the next text or email to somebody fail.
pub fn set_fault(outbox: &Outbox, request: SetFault) -> Result<()> {
    let to = address("/to", request.channel, &request.to)?;
    if request.fault.is_some_and(|fault| fault.channel() != request.channel) {
        return Err(Problem::field("/fault", "invalid", "does not happen on this channel"));
    }
    outbox.set_fault(request.channel, to.as_str().to_owned(), request.fault);
    Ok(())
}

/// Whose phones and mailboxes there are: up to 200, by name.
pub async fn people(state: &State) -> Result<DemoPeople> {
    let caller = super::caller(state).await?;
    let query = ContactQuery { limit: Some(200), ..ContactQuery::default() };
    let contacts = contacts::service::list(state, &caller, query).await?.data.into_iter();
    let mut data: Vec<_> = contacts
        .map(|contact| DemoPerson {
            name: contact.display_name,
            phone: contact.phone.map(Phone::into_string),
            email: contact.email.map(Email::into_string),
            opted_out: contact.opted_out,
        })
        .collect();
    data.sort_by(|a, b| a.name.cmp(&b.name));
    let practice = DemoPractice { phone: SMS_FROM.to_owned(), email: MAIL_FROM.to_owned() };
    Ok(DemoPeople { practice, data })
}
