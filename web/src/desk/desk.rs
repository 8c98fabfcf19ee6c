//! What the parts of the desk share while somebody is signed in. Made with the shell and gone with it:
//! signing out leaves nothing behind.

use std::collections::HashMap;
use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::conversations::ConversationCounts;
use sealpost_shared::ids::{ContactId, ConversationId};
use sealpost_shared::settings::SecureMessagingSettings;
use sealpost_shared::setup::Setup;
use sealpost_shared::staff::{Role, StaffSession};
use sealpost_shared::texts::TextUsage;
use sealpost_web::client::{self, Answer, ClientError, setup, staff, texts};
use sealpost_web::zones;

use super::gate::Gate;
use super::live::News;
use super::outgoing::Outgoing;
use super::view::Place;

/// Whom the compose dialog starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Composing {
    pub to: Option<ContactId>,
}

#[derive(Clone, Copy)]
pub struct Desk {
    pub gate: Gate,
    pub place: Memo<Place>,
    pub settings: RwSignal<Option<SecureMessagingSettings>>,
    /// The practice's time zone, in which the desk counts what goes out later.
    pub zone: RwSignal<String>,
    pub counts: RwSignal<Option<ConversationCounts>>,
    /// How far setting up has come; for admins alone.
    pub setup: RwSignal<Option<Setup>>,
    /// How many texts went out: admins are told when a month's limit is near.
    pub texts: RwSignal<Option<TextUsage>>,
    /// The last bundle of live events.
    pub news: RwSignal<News>,
    pub composing: RwSignal<Option<Composing>>,
    /// Why a button's work failed, where the button has no place of its own for it.
    pub trouble: RwSignal<Option<ClientError>>,
    /// A sentence for the ears only: what just happened.
    pub said: RwSignal<String>,
    /// On narrow screens: the context pane is open over the thread.
    pub context_open: RwSignal<bool>,
    drafts: StoredValue<HashMap<ConversationId, Outgoing>>,
    owner: StoredValue<Option<Owner>>,
}

impl Desk {
    pub fn provide(place: Memo<Place>) -> Self {
        let desk = Self {
            gate: Gate::from_context(),
            place,
            settings: RwSignal::new(None),
            zone: RwSignal::new(zones::own().unwrap_or_else(|| "UTC".to_owned())),
            counts: RwSignal::new(None),
            setup: RwSignal::new(None),
            texts: RwSignal::new(None),
            news: RwSignal::new(News::default()),
            composing: RwSignal::new(None),
            trouble: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            context_open: RwSignal::new(false),
            drafts: StoredValue::new(HashMap::new()),
            owner: StoredValue::new(Owner::current()),
        };
        provide_context(desk);
        desk
    }

    pub fn from_context() -> Self {
        expect_context()
    }

    /// What is being written in a conversation; kept while the tab lives, whatever is looked at.
    pub fn draft(self, conversation: ConversationId) -> Outgoing {
        if let Some(known) = self.drafts.with_value(|drafts| drafts.get(&conversation).copied()) {
            return known;
        }
        // Made under the desk's owner: under the thread's, the draft would end with the thread's view.
        let fresh = match self.owner.get_value() {
            Some(owner) => owner.with(Outgoing::new),
            None => Outgoing::new(),
        };
        self.drafts.update_value(|drafts| {
            drafts.insert(conversation, fresh);
        });
        fresh
    }

    /// Something was written in a conversation and not sent.
    pub fn has_drafts(self) -> bool {
        let written = |draft: &Outgoing| draft.body.with_untracked(|body| !body.trim().is_empty());
        self.drafts.with_value(|drafts| drafts.values().any(written))
    }

    /// Does what a button asks; a failure is said in the banner.
    pub fn act<T: 'static>(
        self,
        call: impl Future<Output = Answer<T>> + 'static,
        then: impl FnOnce(T) + 'static,
    ) {
        self.trouble.set(None);
        spawn_local(async move {
            match self.gate.hear(call.await) {
                Ok(value) => then(value),
                Err(error) => {
                    self.trouble.try_set(Some(error));
                }
            }
        });
    }

    pub fn load_counts(self) {
        spawn_local(async move {
            if let Ok(counts) = self.gate.hear(staff::counts().await) {
                self.counts.try_set(Some(counts));
            }
        });
    }

    pub fn is_admin(self) -> bool {
        self.gate.session.with(|session| session.as_ref().is_some_and(|s| s.user.role == Role::Admin))
    }

    /// False for who may read alone. What they may not do is not offered; the server refuses it in any case.
    pub fn may_write(self) -> bool {
        let role = |s: &Option<StaffSession>| s.as_ref().is_some_and(|s| s.user.role != Role::ReadOnly);
        // Another role begins with another session.
        self.gate.session.with_untracked(role)
    }

    /// The organization takes no PINs that are easy to guess.
    pub fn refuses_weak_pins(self) -> Signal<bool> {
        Signal::derive(move || self.settings.with(|s| s.as_ref().is_some_and(|s| s.refuse_weak_pins)))
    }

    pub fn compose(self, to: Option<ContactId>) {
        if self.may_write() {
            self.composing.set(Some(Composing { to }));
        }
    }

    pub fn load_setup(self) {
        if !untrack(|| self.is_admin()) {
            return;
        }
        spawn_local(async move {
            if let Ok(fresh) = self.gate.hear(setup::setup().await) {
                self.setup.try_set(Some(fresh));
            }
        });
    }

    pub fn load_texts(self) {
        spawn_local(async move {
            if let Ok(fresh) = self.gate.hear(texts::usage().await) {
                self.texts.try_set(Some(fresh));
            }
        });
    }

    pub fn load_settings(self) {
        spawn_local(async move {
            if let Ok(settings) = self.gate.hear(client::settings::secure_messaging().await) {
                self.settings.try_set(Some(settings));
            }
            if let Ok(practice) = self.gate.hear(client::settings::organization().await) {
                self.zone.try_set(practice.time_zone);
            }
        });
    }
}
