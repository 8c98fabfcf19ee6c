//! Plays one step of the story after the other: staff through the desk's services, patients through the
//! link that the outbox caught.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use sealpost_shared::chat::{MarkChatRead, PostChatMessage};
use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::{SendMessage, UpdateConversation};
use sealpost_shared::demo::PlayInbound;
use sealpost_shared::ids::{ContactId, ConversationId, LinkId, SessionId};
use sealpost_shared::page::PageQuery;

use super::people::{Person, Staff};
use super::story::{Act, Private, Step};
use super::{missing, parsed};
use crate::auth::{Caller, Patient, find_patient};
use crate::conversations;
use crate::delivery::{self, worker};
use crate::demo::Outbox;
use crate::demo::other_side;
use crate::demo::outbox::{MAIL_FROM, SMS_FROM};
use crate::links;
use crate::problem::Result;
use crate::secrets::random_bytes;
use crate::senders::Receipt;
use crate::state::State;

/// Where the patients of the demo connect from.
const NETWORK: &[u8] = b"demo";

/// A browser that nobody remembers.
fn visitor() -> links::service::Visitor {
    links::service::Visitor { network: NETWORK.to_vec(), device: None }
}

pub(super) struct Telling<'a> {
    state: &'a State,
    outbox: &'a Outbox,
    /// When the demo starts.
    today: DateTime<Utc>,
    callers: Vec<(Staff, Caller)>,
    characters: HashMap<&'static str, Character>,
}

/// What is known of a contact while the story goes on.
struct Character {
    person: &'static Person,
    contact: ContactId,
    conversation: Option<ConversationId>,
    link: Option<LinkId>,
    /// The newest message's own PIN.
    own_pin: Option<&'static str>,
    session: Option<SessionId>,
}

impl<'a> Telling<'a> {
    pub(super) fn new(
        state: &'a State,
        outbox: &'a Outbox,
        today: DateTime<Utc>,
        callers: Vec<(Staff, Caller)>,
    ) -> Self {
        Self { state, outbox, today, callers, characters: HashMap::new() }
    }

    pub(super) const fn state(&self) -> &'a State {
        self.state
    }

    pub(super) fn caller(&self, member: Staff) -> Result<&Caller> {
        let found = self.callers.iter().find(|(known, _)| *known == member);
        found.map(|(_, caller)| caller).ok_or_else(|| missing(member.name()))
    }

    pub(super) fn introduce(&mut self, person: &'static Person, contact: ContactId) {
        let character =
            Character { person, contact, conversation: None, link: None, own_pin: None, session: None };
        self.characters.insert(person.first_name, character);
    }

    fn character(&self, who: &str) -> Result<&Character> {
        self.characters.get(who).ok_or_else(|| missing(who))
    }

    pub(super) async fn tell(&mut self, step: &Step) -> Result<()> {
        let who = step.who;
        match &step.act {
            Act::Private(private) => self.send_private(who, private).await?,
            Act::Plain(by, text) => self.send_plain(who, *by, text).await?,
            Act::Schedules(by, text, minutes) => {
                let send_at = Some(self.today + TimeDelta::minutes(*minutes));
                let request = SendMessage { secure: Some(false), send_at, ..self.message(who, text)? };
                conversations::service::send(self.state, self.caller(*by)?, request, None).await?;
            }
            Act::Arrives => self.arrive(who).await?,
            Act::Opens => self.open(who).await?,
            Act::Answers(text) => self.answer(who, text).await?,
            Act::Guesses => self.guess(who).await?,
            Act::AsksForNewLink => {
                links::service::relink(self.state, &self.token(who)?, &visitor()).await?;
            }
            Act::StaffReads(by) => {
                self.update(who, *by, UpdateConversation { unread: Some(false), ..Default::default() })
                    .await?;
            }
            Act::Archives(by) => {
                self.update(who, *by, UpdateConversation { archived: Some(true), ..Default::default() })
                    .await?;
            }
            Act::Revokes(by) => {
                let link = self.character(who)?.link.ok_or_else(|| missing(who))?;
                links::service::revoke(self.state, self.caller(*by)?, link).await?;
            }
            Act::Texts(text) => self.write_back(who, Channel::Sms, text).await?,
            Act::Mails(text) => self.write_back(who, Channel::Email, text).await?,
        }
        worker::run_until_idle(self.state).await
    }

    async fn send_private(&mut self, who: &str, private: &Private) -> Result<()> {
        let request = SendMessage {
            secure: Some(true),
            channel: private.channel,
            link_lifetime: Some(private.lifetime),
            pin: private.own_pin.map(parsed).transpose()?,
            ..self.message(who, private.text)?
        };
        self.send(who, private.by, request).await?;
        if let Some(character) = self.characters.get_mut(who) {
            character.own_pin = private.own_pin;
        }
        Ok(())
    }

    async fn send_plain(&mut self, who: &str, by: Staff, text: &str) -> Result<()> {
        let request = SendMessage { secure: Some(false), ..self.message(who, text)? };
        self.send(who, by, request).await
    }

    fn message(&self, who: &str, text: &str) -> Result<SendMessage> {
        Ok(SendMessage {
            contact_id: Some(self.character(who)?.contact),
            contact: None,
            body: parsed(text)?,
            secure: None,
            channel: None,
            link_lifetime: None,
            pin: None,
            send_at: None,
            undo: None,
            despite_quiet_hours: None,
        })
    }

    async fn send(&mut self, who: &str, by: Staff, request: SendMessage) -> Result<()> {
        let sent = conversations::service::send(self.state, self.caller(by)?, request, None).await?.value;
        if let Some(character) = self.characters.get_mut(who) {
            character.conversation = Some(sent.conversation_id);
            character.link = sent.link.map(|link| link.id);
        }
        Ok(())
    }

    /// The newest link that arrived on their phone or in their mailbox.
    fn token(&self, who: &str) -> Result<String> {
        let person = self.character(who)?.person;
        super::super::newest_token(self.outbox, &[person.phone, person.email]).ok_or_else(|| missing(who))
    }

    async fn arrive(&self, who: &str) -> Result<()> {
        let phone = self.character(who)?.person.phone;
        let items = self.outbox.items();
        let newest = items.iter().find(|item| Some(item.to.as_str()) == phone).ok_or_else(|| missing(who))?;
        delivery::receive_of(self.state, newest.id, &Receipt::Delivered).await.map(|_| ())
    }

    async fn open(&mut self, who: &str) -> Result<()> {
        let token = self.token(who)?;
        let character = self.character(who)?;
        let let_in = match character.own_pin.or(character.person.pin) {
            Some(pin) => links::service::verify_pin(self.state, &token, pin, &visitor()).await?,
            None => links::service::enter(self.state, &token, &visitor()).await?,
        };
        let session = let_in.token;
        let patient = self.seen(session.session).await?;
        let page = conversations::service::list_chat(self.state, &patient, PageQuery::default()).await?;
        let up_to = page.data.first().ok_or_else(|| missing(who))?.id;
        conversations::service::mark_read(self.state, &patient, MarkChatRead { up_to }).await?;
        if let Some(character) = self.characters.get_mut(who) {
            character.session = Some(session.session);
        }
        Ok(())
    }

    async fn seen(&self, session: SessionId) -> Result<Patient> {
        let db = self.state.db.of(self.caller(Staff::Amy)?.organization).read().await?;
        find_patient(self.state, &db, session).await
    }

    async fn patient(&self, who: &str) -> Result<Patient> {
        let session = self.character(who)?.session.ok_or_else(|| missing(who))?;
        self.seen(session).await
    }

    async fn answer(&self, who: &str, text: &str) -> Result<()> {
        let client_message_id = uuid::Builder::from_random_bytes(random_bytes()).into_uuid();
        let request = PostChatMessage { body: parsed(text)?, client_message_id };
        conversations::service::post(self.state, &self.patient(who).await?, request).await.map(|_| ())
    }

    async fn guess(&self, who: &str) -> Result<()> {
        let token = self.token(who)?;
        for pin in ["0000", "1234", "1111", "2580", "1212"] {
            // Wrong is what it is meant to be.
            let _ = links::service::verify_pin(self.state, &token, pin, &visitor()).await;
        }
        Ok(())
    }

    async fn update(&self, who: &str, by: Staff, request: UpdateConversation) -> Result<()> {
        let conversation = self.character(who)?.conversation.ok_or_else(|| missing(who))?;
        conversations::service::update(self.state, self.caller(by)?, conversation, request).await.map(|_| ())
    }

    /// The way that a provider's hook will take.
    async fn write_back(&self, who: &str, channel: Channel, text: &str) -> Result<()> {
        let person = self.character(who)?.person;
        let (from, to) = match channel {
            Channel::Sms => (person.phone, SMS_FROM),
            Channel::Email => (person.email, MAIL_FROM),
        };
        let from = from.ok_or_else(|| missing(who))?.to_owned();
        let request = PlayInbound { channel, from, to: to.to_owned(), body: parsed(text)? };
        other_side::play(self.state, self.outbox, request).await.map(|_| ())
    }
}
