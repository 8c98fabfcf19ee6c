//! How a message goes out: behind a link or as it stands, by which channel, for how long, with which PIN.

use leptos::prelude::*;
use sealpost_shared::contacts::{Channel, Contact};
use sealpost_shared::links::LinkLifetime;
use sealpost_shared::texts::{TextBlock, TextStanding};
use sealpost_web::countries::Names;
use sealpost_web::text::Text;
use sealpost_web::ui::{Icon, IconName};

use super::desk::Desk;
use super::outgoing::Outgoing;
use super::said::{channel_key, lifetime_key, moment};
use super::shell::Now;
use super::view::PinChoice;
use super::weak_pin::WeakPin;

/// What is possible for this person, and what is chosen for whoever does not choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ways {
    pub channels: Vec<Channel>,
    pub channel: Option<Channel>,
    pub may_secure: bool,
    pub secure: bool,
    pub lifetime: LinkLifetime,
    pub pin: PinChoice,
    /// The organization asks for PINs at all; a message's own PIN is refused otherwise.
    pub own_pin: bool,
    /// Why they get no texts now; texts are not among the channels then.
    pub blocked: Option<TextStanding>,
}

impl Ways {
    pub fn secure(&self, out: Outgoing) -> bool {
        self.may_secure && out.secure.get().unwrap_or(self.secure)
    }

    pub fn channel(&self, out: Outgoing) -> Option<Channel> {
        out.channel.get().filter(|channel| self.channels.contains(channel)).or(self.channel)
    }
}

/// That no text can go to them now, why, and what goes instead.
#[component]
pub fn TextsBlocked(ways: Memo<Ways>, name: Signal<String>) -> impl IntoView {
    let text = Text::from_context();
    let now = Now::from_context();
    let words = move || {
        let standing = ways.with(|ways| ways.blocked.clone())?;
        let key = match (standing.block?, &standing.country) {
            (TextBlock::ContactLimit, _) => "texts-blocked-contact",
            (TextBlock::MonthlyLimit, _) => "texts-blocked-month",
            (TextBlock::CountryNotAllowed, Some(_)) => "texts-blocked-country",
            (TextBlock::CountryNotAllowed, None) => "texts-blocked-unknown",
            (TextBlock::NeverTexted, _) => "texts-blocked-never",
        };
        let until = standing.until.map(|until| moment(text, now.get(), until)).unwrap_or_default();
        let country = standing.country.as_ref().map(|it| Names::of(text.language()).name(it.as_str()));
        let values = [
            ("name", name.get().into()),
            ("until", until.into()),
            ("country", country.unwrap_or_default().into()),
        ];
        let email = ways.with(|ways| ways.channels.contains(&Channel::Email));
        let instead = text.say(if email { "texts-blocked-email" } else { "texts-blocked-nothing" });
        Some(format!("{} {instead}", text.say_with(key, &values)))
    };
    view! {
        <div class="texts-blocked" role="status">
            {move || {
                words().map(|words| view! { <Icon name=IconName::Alert /> <span class="small">{words}</span> })
            }}
        </div>
    }
}

/// With a `name` the switch says itself what leaves the building.
#[component]
pub fn SendOptions(
    out: Outgoing,
    ways: Memo<Ways>,
    id: &'static str,
    #[prop(optional)] name: Option<Signal<String>>,
    /// Whom it goes to, where that is known.
    #[prop(into)]
    to: Signal<Option<Contact>>,
) -> impl IntoView {
    let text = Text::from_context();
    let secure = Memo::new(move |_| ways.with(|ways| ways.secure(out)));
    let may_secure = Memo::new(move |_| ways.with(|ways| ways.may_secure));
    view! {
        <div class="send-options">
            <label class="switch">
                <input
                    type="checkbox"
                    role="switch"
                    aria-labelledby=format!("{id}-secure")
                    aria-describedby=format!("{id}-leaves")
                    prop:checked=secure
                    disabled=move || !may_secure.get()
                    on:change=move |event| out.secure.set(Some(event_target_checked(&event)))
                />
                <span class="switch-words">
                    <span id=format!("{id}-secure")>{move || text.say("send-securely")}</span>
                    {name.map(|name| view! { <WhatLeaves out=out ways=ways id=id name=name /> })}
                </span>
            </label>
            <ChannelChoice out=out ways=ways secure=secure />
            <Show when=move || secure.get()>
                <LifetimeChoice out=out ways=ways />
                <PinSelect out=out ways=ways />
            </Show>
            <Show when=move || secure.get() && out.own_pin.with(Option::is_some)>
                <OwnPin out=out id=id to=to />
            </Show>
        </div>
    }
}

/// A PIN for this message alone.
#[component]
fn OwnPin(out: Outgoing, id: &'static str, to: Signal<Option<Contact>>) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let typed = Signal::derive(move || out.own_pin.get().unwrap_or_default());
    view! {
        <label class="choice" for=format!("{id}-pin")>
            {text.live("own-pin")}
            <input
                id=format!("{id}-pin")
                class="input compact"
                type="text"
                autocomplete="off"
                spellcheck="false"
                prop:value=typed
                on:input=move |event| out.own_pin.set(Some(event_target_value(&event)))
                aria-describedby=format!("{id}-pin-hint {id}-pin-weak")
            />
        </label>
        <WeakPin typed=typed about=to refused=desk.refuses_weak_pins() id=format!("{id}-pin-weak") />
        <p class="hint" id=format!("{id}-pin-hint")>{text.live("own-pin-hint")}</p>
    }
}

#[component]
fn ChannelChoice(out: Outgoing, ways: Memo<Ways>, secure: Memo<bool>) -> impl IntoView {
    let text = Text::from_context();
    let chosen = Memo::new(move |_| ways.with(|ways| ways.channel(out)));
    let label = move || text.say(if secure.get() { "link-by" } else { "send-by" });
    let pick = move |event| {
        out.channel.set(match event_target_value(&event).as_str() {
            "sms" => Some(Channel::Sms),
            "email" => Some(Channel::Email),
            _ => None,
        });
    };
    view! {
        <Show when=move || ways.with(|ways| !ways.channels.is_empty())>
            <label class="choice">
                <span>{label}</span>
                <select on:change=pick>
                    {move || {
                        let chosen = chosen.get();
                        ways.with(|ways| ways.channels.clone())
                            .into_iter()
                            .map(|channel| {
                                view! {
                                    <option value=channel.as_str() selected=chosen == Some(channel)>
                                        {text.say(channel_key(channel))}
                                    </option>
                                }
                            })
                            .collect_view()
                    }}
                </select>
            </label>
        </Show>
    }
}

#[component]
fn LifetimeChoice(out: Outgoing, ways: Memo<Ways>) -> impl IntoView {
    let text = Text::from_context();
    let chosen = move || out.lifetime.get().unwrap_or_else(|| ways.with(|ways| ways.lifetime));
    let pick = move |event| {
        let value = event_target_value(&event);
        out.lifetime.set(LinkLifetime::ALL.into_iter().find(|lifetime| lifetime.as_str() == value));
    };
    view! {
        <label class="choice">
            <span>{move || text.say("expires-after")}</span>
            <select on:change=pick>
                {LinkLifetime::ALL
                    .map(|lifetime| {
                        view! {
                            <option value=lifetime.as_str() selected=move || chosen() == lifetime>
                                {move || text.say(lifetime_key(lifetime))}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
        </label>
    }
}

#[component]
fn PinSelect(out: Outgoing, ways: Memo<Ways>) -> impl IntoView {
    let text = Text::from_context();
    let usual = move || match ways.with(|ways| ways.pin) {
        PinChoice::Contacts => "pin-contacts",
        PinChoice::Default => "pin-default",
        PinChoice::None => "pin-none",
    };
    let own = move || out.own_pin.with(Option::is_some);
    view! {
        <label class="choice">
            <span>{move || text.say("pin")}</span>
            <select on:change=move |event| {
                out.own_pin.set((event_target_value(&event) == "own").then(String::new));
            }>
                <option value="usual" selected=move || !own()>
                    {move || text.say(usual())}
                </option>
                <Show when=move || ways.with(|ways| ways.own_pin)>
                    <option value="own" selected=own>
                        {move || text.say("pin-own")}
                    </option>
                </Show>
            </select>
        </label>
    }
}

/// One sentence: what leaves the building.
#[component]
pub fn WhatLeaves(
    out: Outgoing,
    ways: Memo<Ways>,
    id: &'static str,
    /// Whom it goes to; nothing is said while that is nobody.
    name: Signal<String>,
) -> impl IntoView {
    let text = Text::from_context();
    let key = move || {
        ways.with(|ways| match (ways.channel(out), ways.secure(out)) {
            (None, _) => "leaves-nothing",
            (Some(Channel::Sms), true) => "leaves-text-link",
            (Some(Channel::Email), true) => "leaves-email-link",
            (Some(Channel::Sms), false) => "leaves-text-open",
            (Some(Channel::Email), false) => "leaves-email-open",
        })
    };
    let open = move || ways.with(|ways| !ways.secure(out));
    let said = move || {
        let name = name.get();
        (!name.is_empty()).then(|| text.say_with(key(), &[("name", name.into())]))
    };
    view! {
        <span class="leaves small" id=format!("{id}-leaves") class:open=open aria-live="polite">
            {said}
        </span>
    }
}
