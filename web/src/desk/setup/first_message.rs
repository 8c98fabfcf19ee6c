//! The last page: a real secure message to oneself, and its answer arriving.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::channels::{ChannelSource, Channels};
use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::Message;
use sealpost_shared::settings::SendTestMessage;
use sealpost_web::client::{settings, setup};
use sealpost_web::text::Text;
use sealpost_web::ui::{Banner, Button, Field, IconName, Look, Tone};
use uuid::Uuid;

use super::Wizard;
use super::frame::{BackLink, StepPage};
use super::on_its_way::OnItsWay;
use crate::form::{Form, FormError, Known};
use crate::said::channel_key;
use crate::view::{Place, Step};

const STEP: Step = Step::FirstMessage;
const KNOWN: Known = &[("/to", "first-to-wrong")];

#[component]
pub fn FirstMessage() -> impl IntoView {
    let wizard = Wizard::from_context();
    let sent = RwSignal::new(None::<Message>);
    let ways = RwSignal::new(None::<Vec<Channel>>);
    spawn_local(async move {
        // Unknown is not none: then either may be tried, and the server says what is missing.
        let found = wizard.desk.gate.hear(setup::channels().await);
        ways.try_set(Some(found.map_or(vec![Channel::Sms, Channel::Email], |found| usable(&found))));
    });
    view! {
        <StepPage step=STEP>
            {move || match (sent.get(), ways.get()) {
                (Some(message), _) => view! { <OnItsWay message=message sent=sent /> }.into_any(),
                (None, None) => ().into_any(),
                (None, Some(ways)) if ways.is_empty() => view! { <NoWay /> }.into_any(),
                (None, Some(ways)) => view! { <Ask ways=ways sent=sent /> }.into_any(),
            }}
        </StepPage>
    }
}

fn usable(channels: &Channels) -> Vec<Channel> {
    let both = [(Channel::Sms, channels.sms.source), (Channel::Email, channels.email.source)];
    both.into_iter()
        .filter(|(_, source)| *source != ChannelSource::None)
        .map(|(channel, _)| channel)
        .collect()
}

/// Nothing can be sent yet.
#[component]
fn NoWay() -> impl IntoView {
    let text = Text::from_context();
    let wizard = Wizard::from_context();
    view! {
        <div class="setup-form">
            <Banner tone=Tone::Warn icon=IconName::Alert>
                {move || text.say("first-no-way")}
                <a href=Place::Setup(Some(Step::Sms)).path()>{move || text.say("setup-texts")}</a>
                <a href=Place::Setup(Some(Step::Email)).path()>{move || text.say("setup-email")}</a>
            </Banner>
            <div class="setup-foot">
                <BackLink step=STEP />
                <span class="grow"></span>
                <Button look=Look::Primary on_press=move || wizard.skip(STEP)>{move || text.say("first-inbox")}</Button>
            </div>
        </div>
    }
}

#[component]
fn Ask(ways: Vec<Channel>, sent: RwSignal<Option<Message>>) -> impl IntoView {
    let text = Text::from_context();
    let wizard = Wizard::from_context();
    let form = Form::new(KNOWN);
    let own = wizard.desk.gate.session.with_untracked(|s| s.as_ref().and_then(|s| s.user.email.clone()));
    let channel = RwSignal::new(ways.first().copied().unwrap_or(Channel::Sms));
    let phone = RwSignal::new(String::new());
    let email = RwSignal::new(own.unwrap_or_default());
    // The same message keeps its key, so that a lost answer sends nothing twice.
    let attempt = StoredValue::new((None::<SendTestMessage>, Uuid::new_v4()));
    let read = move || {
        let channel = channel.get_untracked();
        let to = match channel {
            Channel::Sms => {
                form.read::<sealpost_shared::text::Phone>("/to", phone, "phone-wrong")?.into_string()
            }
            Channel::Email => {
                form.read::<sealpost_shared::text::Email>("/to", email, "email-wrong")?.into_string()
            }
        };
        let test = SendTestMessage { channel, to: Some(to) };
        if attempt.with_value(|(before, _)| before.as_ref() != Some(&test)) {
            attempt.set_value((Some(test.clone()), Uuid::new_v4()));
        }
        Some(test)
    };
    let submit = move |event: SubmitEvent| {
        let call = move |test: SendTestMessage| async move {
            settings::send_test(&test, attempt.get_value().1).await
        };
        form.submit(&event, read, call, move |message| {
            sent.try_set(Some(message));
            wizard.desk.load_setup();
        });
    };
    view! {
        <form class="setup-form" node_ref=form.node on:submit=submit novalidate>
            <WayChoice ways=ways channel=channel form=form />
            {move || match channel.get() {
                Channel::Sms => view! { <OwnPhone phone=phone form=form /> }.into_any(),
                Channel::Email => view! { <OwnEmail email=email form=form /> }.into_any(),
            }}
            <FormError form=form id="setup-error" />
            <div class="setup-foot">
                <BackLink step=STEP />
                <span class="grow"></span>
                <Button look=Look::Quiet on_press=move || wizard.skip(STEP)>{move || text.say("setup-skip")}</Button>
                <Button look=Look::Primary icon=IconName::Lock submit=true disabled=form.busy>
                    {move || text.say(if form.busy.get() { "setup-busy" } else { "first-send" })}
                </Button>
            </div>
        </form>
    }
}

/// Which way, where there is a choice.
#[component]
fn WayChoice(ways: Vec<Channel>, channel: RwSignal<Channel>, form: Form) -> impl IntoView {
    let text = Text::from_context();
    let one_way = ways.len() < 2;
    let choose = move |way| {
        channel.set(way);
        form.clear();
    };
    view! {
        <fieldset class="ways" hidden=one_way>
            <legend>{text.live("first-by")}</legend>
            <div class="ways-row">
                {ways
                    .into_iter()
                    .map(|way| {
                        view! {
                            <label class="way">
                                <input
                                    type="radio"
                                    name="first-way"
                                    prop:checked=move || channel.get() == way
                                    on:change=move |_| choose(way)
                                />
                                <span>{text.live(channel_key(way))}</span>
                            </label>
                        }
                    })
                    .collect_view()}
            </div>
        </fieldset>
    }
}

#[component]
fn OwnPhone(phone: RwSignal<String>, form: Form) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <Field
            id="first-phone"
            label=text.live("first-phone")
            hint=text.live("first-phone-hint")
            value=phone
            kind="tel"
            autocomplete="tel"
            required=true
            error=form.wrong("/to", phone)
        />
    }
}

#[component]
fn OwnEmail(email: RwSignal<String>, form: Form) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <Field
            id="first-email"
            label=text.live("first-email")
            value=email
            kind="email"
            autocomplete="email"
            required=true
            error=form.wrong("/to", email)
        />
    }
}
