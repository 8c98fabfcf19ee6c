//! Whom a new message goes to: somebody we know, found while typing, or somebody new.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::contacts::{Channel, Contact, CreateContact};
use sealpost_shared::ids::ContactId;
use sealpost_shared::texts::TextStanding;
use sealpost_web::client::texts;
use sealpost_web::text::Text;
use sealpost_web::ui::{Avatar, Button, Field, IconName, Look};

use super::contact_search::ContactSearch;
use super::gate::Gate;
use super::outgoing::Trouble;
use super::view::{blocked, channels_now};

#[derive(Clone, Copy)]
pub struct Recipient {
    pub picked: RwSignal<Option<Contact>>,
    /// Writing down somebody new.
    pub new: RwSignal<bool>,
    pub name: RwSignal<String>,
    pub phone: RwSignal<String>,
    pub email: RwSignal<String>,
    typed: RwSignal<String>,
    /// Whether a text can go to whoever is picked.
    standing: RwSignal<Option<(ContactId, TextStanding)>>,
}

impl Recipient {
    pub fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self {
            picked: RwSignal::new(None),
            new: RwSignal::new(false),
            name: text(),
            phone: text(),
            email: text(),
            typed: text(),
            standing: RwSignal::new(None),
        }
    }

    /// Asks whether a text can go to whoever is picked, for as long as the calling component is there.
    pub fn follow(self, gate: Gate) {
        let picked = Memo::new(move |_| self.picked.with(|picked| picked.as_ref().map(|contact| contact.id)));
        Effect::new(move || {
            let Some(contact) = picked.get() else { return };
            spawn_local(async move {
                if let Ok(standing) = gate.hear(texts::standing(contact).await) {
                    self.standing.try_set(Some((contact, standing)));
                }
            });
        });
    }

    fn standing_of(self, contact: &Contact) -> Option<TextStanding> {
        let known = self.standing.get().filter(|(whose, _)| *whose == contact.id);
        known.map(|(_, standing)| standing)
    }

    /// Why whoever is picked gets no texts now.
    pub fn blocked(self) -> Option<TextStanding> {
        self.picked.with(|picked| {
            let contact = picked.as_ref()?;
            blocked(contact, self.standing_of(contact).as_ref())
        })
    }

    /// Looks at everything that can change, for whoever follows it.
    pub fn touched(self) {
        self.picked.track();
        self.new.track();
        for field in [self.name, self.phone, self.email] {
            field.track();
        }
    }

    pub fn clear(self) {
        self.picked.try_set(None);
        self.new.try_set(false);
        for field in [self.name, self.phone, self.email, self.typed] {
            field.try_set(String::new());
        }
    }

    /// Somebody new as the API takes them: a name in two parts, and at least one address.
    pub fn created(self) -> Result<CreateContact, Trouble> {
        new_contact(&self.name.get(), &self.phone.get(), &self.email.get())
    }

    pub fn channels(self) -> Vec<Channel> {
        if !self.new.get() {
            let now = |contact: &Contact| channels_now(contact, self.standing_of(contact).as_ref());
            return self.picked.with(|picked| picked.as_ref().map(now).unwrap_or_default());
        }
        let typed = |field: RwSignal<String>| !field.with(|text| text.trim().is_empty());
        let phone = typed(self.phone).then_some(Channel::Sms);
        let email = typed(self.email).then_some(Channel::Email);
        phone.into_iter().chain(email).collect()
    }

    /// How to call them in a sentence; nothing while it is nobody.
    pub fn short_name(self, unnamed: impl FnOnce() -> String) -> String {
        let picked = self.picked.with(|picked| {
            picked.as_ref().map(|contact| {
                contact
                    .first_name
                    .as_ref()
                    .map_or_else(|| contact.display_name.clone(), |name| name.as_str().to_owned())
            })
        });
        picked.unwrap_or_else(|| {
            if !self.new.get() {
                return String::new();
            }
            self.name.with(|name| name.split_whitespace().next().map(str::to_owned)).unwrap_or_else(unnamed)
        })
    }
}

fn new_contact(name: &str, phone: &str, email: &str) -> Result<CreateContact, Trouble> {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.parse().ok());
    let last = words.collect::<Vec<_>>().join(" ").parse().ok();
    let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    let phone = given(phone).map(|phone| phone.parse()).transpose().map_err(|_| Trouble::Address)?;
    let email = given(email).map(|email| email.parse()).transpose().map_err(|_| Trouble::Address)?;
    if phone.is_none() && email.is_none() {
        return Err(Trouble::Address);
    }
    Ok(CreateContact { first_name: first, last_name: last, phone, email, ..CreateContact::default() })
}

#[component]
pub fn RecipientField(recipient: Recipient) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <div class="field recipient">
            <label for="compose-to">{move || text.say("compose-to")}</label>
            {move || match (recipient.picked.get(), recipient.new.get()) {
                (Some(contact), _) => view! { <Picked recipient=recipient contact=contact /> }.into_any(),
                (None, true) => view! { <NewPerson recipient=recipient /> }.into_any(),
                (None, false) => view! { <Search recipient=recipient /> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Picked(recipient: Recipient, contact: Contact) -> impl IntoView {
    let text = Text::from_context();
    let name = contact.display_name.clone();
    view! {
        <div class="picked" id="compose-to" tabindex="-1">
            <Avatar name=name.clone() />
            <bdi class="grow clip">{name}</bdi>
            <Button small=true look=Look::Quiet on_press=move || recipient.picked.set(None)>
                {move || text.say("compose-change")}
            </Button>
        </div>
    }
}

#[component]
fn NewPerson(recipient: Recipient) -> impl IntoView {
    let text = Text::from_context();
    let word = move |key: &'static str| Signal::derive(move || text.say(key));
    view! {
        <div class="new-person">
            <Field id="compose-to" label=word("contact-name") value=recipient.name />
            <Field
                id="compose-phone"
                label=word("reach-phone")
                value=recipient.phone
                kind="tel"
                placeholder=word("phone-example")
            />
            <Field id="compose-email" label=word("reach-email") value=recipient.email kind="email" />
            <Button small=true look=Look::Quiet on_press=move || recipient.new.set(false)>
                {move || text.say("compose-known")}
            </Button>
        </div>
    }
}

#[component]
fn Search(recipient: Recipient) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <ContactSearch
            id="compose-to"
            typed=recipient.typed
            label=Signal::derive(move || text.say("compose-to"))
            on_pick=move |contact| recipient.picked.set(Some(contact))
        />
        <div class="row">
            <Button small=true icon=IconName::Plus on_press=move || start_new(recipient)>
                {move || text.say("compose-new-person")}
            </Button>
        </div>
    }
}

/// What was typed is most likely what the new person is called, or where they are reached.
fn start_new(recipient: Recipient) {
    let typed = recipient.typed.get_untracked();
    let field = match typed.trim() {
        text if text.contains('@') => recipient.email,
        text if text.starts_with('+') || text.starts_with(|c: char| c.is_ascii_digit()) => recipient.phone,
        _ => recipient.name,
    };
    if !typed.trim().is_empty() {
        field.set(typed);
    }
    recipient.typed.set(String::new());
    recipient.new.set(true);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_new_has_a_name_in_two_parts_and_an_address() {
        let made = new_contact("Ana María Cruz", "+1 555 010 0142", "").expect("a contact");
        assert_eq!(made.first_name.expect("a name").as_str(), "Ana");
        assert_eq!(made.last_name.expect("a name").as_str(), "María Cruz");
        assert!(made.email.is_none());
        assert_eq!(new_contact("Ana", " ", ""), Err(Trouble::Address));
        assert_eq!(new_contact("Ana", "555", ""), Err(Trouble::Address));
    }
}
