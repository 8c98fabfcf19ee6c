//! Texts and email, a page each: the form with a test, or a word where there is nothing to fill in.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::channels::{ChannelSource, Channels};
use sealpost_shared::contacts::Channel;
use sealpost_web::client::{ClientError, setup};
use sealpost_web::text::Text;
use sealpost_web::ui::{Banner, Button, IconName, Tone};

use super::Wizard;
use super::frame::{Foot, StepPage};
use crate::channels::email::{EmailFields, EmailForm};
use crate::channels::sms::{SmsFields, SmsForm};
use crate::channels::test::Tester;
use crate::folder::Skeleton;
use crate::said;
use crate::view::Step;

const fn step_of(channel: Channel) -> Step {
    match channel {
        Channel::Sms => Step::Sms,
        Channel::Email => Step::Email,
    }
}

#[component]
pub fn Way(channel: Channel) -> impl IntoView {
    let text = Text::from_context();
    let wizard = Wizard::from_context();
    let found = RwSignal::new(None::<Result<Channels, ClientError>>);
    let load = move || {
        found.set(None);
        spawn_local(async move {
            found.try_set(Some(wizard.desk.gate.hear(setup::channels().await)));
        });
    };
    load();
    view! {
        <StepPage step=step_of(channel)>
            {move || match found.get() {
                None => view! { <Skeleton /> }.into_any(),
                Some(Ok(channels)) => view! { <Found channel=channel channels=channels /> }.into_any(),
                Some(Err(error)) => view! {
                    <Banner tone=Tone::Bad icon=IconName::Alert>
                        {said::sentence(text, &error)}
                        <Button small=true on_press=load>{text.say("try-again")}</Button>
                    </Banner>
                }
                .into_any(),
            }}
        </StepPage>
    }
}

#[component]
fn Found(channel: Channel, channels: Channels) -> impl IntoView {
    let source = match channel {
        Channel::Sms => channels.sms.source,
        Channel::Email => channels.email.source,
    };
    match (source, channel) {
        (ChannelSource::Environment | ChannelSource::Demo, _) => {
            view! { <Given channel=channel source=source /> }.into_any()
        }
        _ if !channels.may_change => view! { <NotYours channel=channel /> }.into_any(),
        (_, Channel::Sms) => {
            let sms = SmsForm::of(&channels.sms);
            view! {
                <ChannelForm channel=channel save=move |then| sms.save(then) form=sms.form>
                    <SmsFields sms=sms />
                </ChannelForm>
            }
            .into_any()
        }
        (_, Channel::Email) => {
            let mail = EmailForm::of(&channels.email);
            view! {
                <ChannelForm channel=channel save=move |then| mail.save(then) form=mail.form>
                    <EmailFields mail=mail />
                </ChannelForm>
            }
            .into_any()
        }
    }
}

#[component]
fn ChannelForm(
    channel: Channel,
    #[prop(into)] save: Callback<Callback<()>>,
    form: crate::form::Form,
    children: Children,
) -> impl IntoView {
    let wizard = Wizard::from_context();
    let step = step_of(channel);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        save.run(Callback::new(move |()| wizard.onward(step)));
    };
    view! {
        <form class="setup-form" node_ref=form.node on:submit=submit novalidate>
            {children()}
            <Tester channel=channel save=save />
            <Foot step=step busy=form.busy skip=true />
        </form>
    }
}

/// Set up already where nobody can change it from here; it can still be tried.
#[component]
fn Given(channel: Channel, source: ChannelSource) -> impl IntoView {
    let text = Text::from_context();
    let wizard = Wizard::from_context();
    let step = step_of(channel);
    let key = if source == ChannelSource::Demo { "channel-demo" } else { "channel-environment" };
    view! {
        <div class="setup-form">
            <Banner tone=Tone::Info icon=IconName::Check>{move || text.say(key)}</Banner>
            <Tester channel=channel save=crate::channels::as_it_is() />
            <Foot step=step on="setup-next" on_press=move || wizard.onward(step) />
        </div>
    }
}

#[component]
fn NotYours(channel: Channel) -> impl IntoView {
    let text = Text::from_context();
    let wizard = Wizard::from_context();
    let step = step_of(channel);
    view! {
        <div class="setup-form">
            <Banner tone=Tone::Info icon=IconName::Lock>{move || text.say("channel-not-yours")}</Banner>
            <Foot step=step on="setup-next" on_press=move || wizard.skip(step) />
        </div>
    }
}
