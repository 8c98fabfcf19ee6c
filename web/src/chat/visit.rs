//! Where a patient is between opening a link and leaving, and what leads from one screen to the next.
//!
//! Every signal lives as long as the page, so an answer that comes late finds something to write to;
//! `turn` tells it that nobody waits for it any more.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::chat::Chat;
use sealpost_shared::ids::{ConversationId, MessageId};
use sealpost_shared::links::{Entered, GateState, LinkLifetime, PatientSession, PinGate, RelinkOffer};
use sealpost_shared::problem::{ProblemBody, ProblemCode};
use sealpost_shared::staff::OrganizationCard;
use sealpost_shared::text::MessageText;
use sealpost_web::client::live::Live;
use sealpost_web::client::{ClientError, patient};
use sealpost_web::text::Text;
use sealpost_web::{time, ui};
use uuid::Uuid;

use super::thread::Thread;
use super::view::{Address, Lead, address, lead};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Screen {
    Loading,
    /// One tap opens it.
    Gate,
    Pin(PinGate),
    Locked(Option<DateTime<Utc>>),
    /// Where a new link can go, and how long the old one was good for.
    Expired(Option<RelinkOffer>, Option<LinkLifetime>),
    Disabled(Option<RelinkOffer>),
    NotAvailable,
    SignedOut,
    Replaced,
    /// `told`: the server heard of it.
    Left {
        told: bool,
    },
    Trouble(ClientError),
    Conversation,
}

/// What was typed when a session ended, until its conversation is open again.
#[derive(Clone)]
pub struct Kept {
    pub conversation: ConversationId,
    pub draft: String,
    pub unsent: Vec<(Uuid, MessageText)>,
}

#[derive(Clone, Copy)]
pub struct Visit {
    pub text: Text,
    pub screen: RwSignal<Screen>,
    /// The link's token; in memory only.
    token: StoredValue<Option<String>>,
    turn: StoredValue<u32>,
    pub organization: RwSignal<Option<OrganizationCard>>,
    pub sender: RwSignal<Option<String>>,
    pub offline: RwSignal<bool>,
    pub kept: StoredValue<Option<Kept>>,

    // The open conversation.
    pub chat: RwSignal<Option<Chat>>,
    pub session: RwSignal<Option<PatientSession>>,
    pub thread: RwSignal<Thread>,
    pub draft: RwSignal<String>,
    /// What the live region says.
    pub news: RwSignal<String>,
    pub at_bottom: RwSignal<bool>,
    pub loading_older: RwSignal<bool>,
    pub marked_read: StoredValue<Option<MessageId>>,
    pub in_flight: StoredValue<bool>,
    pub stayed_at: StoredValue<DateTime<Utc>>,
    pub live: StoredValue<Option<Live>, LocalStorage>,
}

impl Visit {
    pub fn provide(text: Text) -> Self {
        let visit = Self {
            text,
            screen: RwSignal::new(Screen::Loading),
            token: StoredValue::new(None),
            turn: StoredValue::new(0),
            organization: RwSignal::new(None),
            sender: RwSignal::new(None),
            offline: RwSignal::new(!window().navigator().on_line()),
            kept: StoredValue::new(None),
            chat: RwSignal::new(None),
            session: RwSignal::new(None),
            thread: RwSignal::new(Thread::default()),
            draft: RwSignal::new(String::new()),
            news: RwSignal::new(String::new()),
            at_bottom: RwSignal::new(true),
            loading_older: RwSignal::new(false),
            marked_read: StoredValue::new(None),
            in_flight: StoredValue::new(false),
            stayed_at: StoredValue::new(time::now()),
            live: StoredValue::new_local(None),
        };
        provide_context(visit);
        ui::effect(move || {
            let color = visit.organization.read().as_ref().and_then(|card| card.accent_color.clone());
            ui::wear_accent(color.as_deref());
        });
        visit
    }

    pub fn from_context() -> Self {
        expect_context()
    }

    /// Begins with what stands in the address bar: at the start, and whenever another link is opened here.
    pub fn start(self) {
        self.close(true);
        self.token.set_value(None);
        self.organization.set(None);
        self.sender.set(None);
        match address(&window().location().hash().unwrap_or_default()) {
            Address::Link(token) => {
                self.token.set_value(Some(token));
                self.ask_link();
            }
            Address::Conversation(id) => self.load(id),
            Address::Nothing => self.screen.set(Screen::NotAvailable),
        }
    }

    pub fn has_token(self) -> bool {
        self.token.with_value(Option::is_some)
    }

    pub fn forget_token(self) {
        self.token.set_value(None);
    }

    pub fn token(self) -> String {
        self.token.get_value().unwrap_or_default()
    }

    /// Everything that is waiting for an answer now may forget about it.
    pub fn next_turn(self) -> u32 {
        self.turn.update_value(|turn| *turn = turn.wrapping_add(1));
        self.turn.get_value()
    }

    pub fn this_turn(self) -> u32 {
        self.turn.get_value()
    }

    pub fn is_turn(self, turn: u32) -> bool {
        self.turn.get_value() == turn
    }

    /// Shows what the link shows before anybody is let in. Can be repeated.
    pub fn ask_link(self) {
        let turn = self.next_turn();
        self.screen.set(Screen::Loading);
        spawn_local(async move {
            let answer = patient::open(&self.token()).await;
            if !self.is_turn(turn) {
                return;
            }
            match answer {
                Ok(gate) => {
                    self.organization.set(Some(gate.organization));
                    self.sender.set(Some(gate.sender.name));
                    self.screen.set(match (gate.state, gate.pin) {
                        (GateState::PinRequired, Some(pin)) => pin_screen(pin),
                        (GateState::PinRequired, None) | (GateState::Ready, _) => Screen::Gate,
                    });
                }
                Err(error) => self.refused(error),
            }
        });
    }

    /// What a refusal at the gate shows.
    pub fn refused(self, error: ClientError) {
        let ClientError::Problem(problem) = error else {
            return self.screen.set(Screen::Trouble(error));
        };
        match problem.code {
            ProblemCode::PinRequired => self.ask_link(),
            ProblemCode::LinkExpired => {
                self.screen.set(Screen::Expired(self.meet(&problem), problem.link_lifetime));
            }
            ProblemCode::PinDisabled => self.screen.set(Screen::Disabled(self.meet(&problem))),
            // A wrong PIN that is not said at the field was the last try before a pause.
            ProblemCode::PinLocked | ProblemCode::PinIncorrect => {
                self.screen.set(Screen::Locked(problem.locked_until));
            }
            ProblemCode::LinkNotFound
            | ProblemCode::NotFound
            | ProblemCode::BadRequest
            | ProblemCode::ValidationFailed => {
                // One answer for links that never were and links that were revoked: no practice either.
                self.organization.set(None);
                self.sender.set(None);
                self.screen.set(Screen::NotAvailable);
            }
            _ => self.screen.set(Screen::Trouble(ClientError::Problem(problem))),
        }
    }

    /// Takes what a problem says about the practice.
    fn meet(self, problem: &ProblemBody) -> Option<RelinkOffer> {
        if let Some(organization) = &problem.organization {
            self.organization.set(Some((**organization).clone()));
        }
        problem.relink.clone()
    }

    /// A session exists: its token leaves the address bar, and a reload will go on from here.
    pub fn entered(self, entered: Entered) {
        replace_fragment(&format!("#{}", entered.conversation_id));
        self.load(entered.conversation_id);
    }

    fn load(self, id: ConversationId) {
        let turn = self.next_turn();
        self.screen.set(Screen::Loading);
        spawn_local(async move {
            let answer = patient::chat(id).await;
            if !self.is_turn(turn) {
                return;
            }
            match answer {
                Ok(chat) => self.open_chat(chat),
                Err(error) if lead(error.code(), self.has_token()) == Lead::Stay => {
                    self.screen.set(Screen::Trouble(error));
                }
                Err(error) => {
                    self.follow(&error);
                }
            }
        });
    }

    /// Goes where an error of a call inside the conversation leads; false when it leads nowhere else.
    pub fn follow(self, error: &ClientError) -> bool {
        let screen = match lead(error.code(), self.has_token()) {
            Lead::Stay => return false,
            Lead::AskLink => {
                self.close(true);
                self.ask_link();
                return true;
            }
            Lead::SignedOut => Screen::SignedOut,
            Lead::Replaced => Screen::Replaced,
            Lead::NotAvailable => Screen::NotAvailable,
        };
        self.close(true);
        self.screen.set(screen);
        true
    }

    /// After a time away, or when the stream says that it ended: hides what may have ended and asks.
    pub fn check_session(self) {
        if let Some(id) = self.chat.with_untracked(|chat| chat.as_ref().map(|chat| chat.conversation_id)) {
            self.close(true);
            self.load(id);
        }
    }

    /// The screen that could not be reached, once more.
    pub fn again(self) {
        match address(&window().location().hash().unwrap_or_default()) {
            Address::Conversation(id) => self.load(id),
            Address::Link(_) if self.has_token() => self.ask_link(),
            Address::Link(_) | Address::Nothing => self.start(),
        }
    }
}

fn pin_screen(pin: PinGate) -> Screen {
    match pin.locked_until {
        Some(until) if until > time::now() => Screen::Locked(Some(until)),
        _ => Screen::Pin(pin),
    }
}

/// Replaces the address in the bar and in the history, so that the back button finds no token.
pub fn replace_fragment(fragment: &str) {
    let path = window().location().pathname().unwrap_or_default();
    if let Ok(history) = window().history() {
        // Refused only for another origin's address.
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&(path + fragment)));
    }
}
