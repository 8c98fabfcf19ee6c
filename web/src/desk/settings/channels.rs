//! The ways out: what texts and email go through, where that is set, and changing, trying and removing it.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::channels::{ChannelSource, Channels};
use sealpost_shared::contacts::Channel;
use sealpost_web::client::{Answer, ClientError, setup};
use sealpost_web::text::Text;
use sealpost_web::time::{Style, show};
use sealpost_web::ui::{Banner, Button, Dialog, IconName, Look, Tag, TagTone, Tone};

use super::frame::SettingsFrame;
use crate::channels::as_it_is;
use crate::channels::email::{EmailFields, EmailForm};
use crate::channels::sms::{SmsFields, SmsForm};
use crate::channels::test::Tester;
use crate::desk::Desk;
use crate::folder::Skeleton;
use crate::form::{Form, Saved};
use crate::said;
use crate::view::SettingsPage;

type Found = RwSignal<Option<Result<Channels, ClientError>>>;

#[component]
pub fn ChannelsPage() -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let found: Found = RwSignal::new(None);
    let load = Callback::new(move |()| {
        spawn_local(async move {
            found.try_set(Some(desk.gate.hear(setup::channels().await)));
        });
    });
    load.run(());
    view! {
        <SettingsFrame page=SettingsPage::Channels own=true>
            {move || match found.get() {
                None => view! { <Skeleton /> }.into_any(),
                Some(Ok(channels)) => view! {
                    <ChannelCard channel=Channel::Sms channels=channels.clone() load=load />
                    <ChannelCard channel=Channel::Email channels=channels load=load />
                }
                .into_any(),
                Some(Err(error)) => view! {
                    <Banner tone=Tone::Bad icon=IconName::Alert>
                        {said::sentence(text, &error)}
                        <Button small=true on_press=load>{text.say("try-again")}</Button>
                    </Banner>
                }
                .into_any(),
            }}
        </SettingsFrame>
    }
}

#[component]
fn ChannelCard(channel: Channel, channels: Channels, load: Callback<()>) -> impl IntoView {
    let text = Text::from_context();
    let (source, tested_at, from) = match channel {
        Channel::Sms => (channels.sms.source, channels.sms.tested_at, channels.sms.from.clone()),
        Channel::Email => (channels.email.source, channels.email.tested_at, channels.email.from.clone()),
    };
    let (tone, state, what) = match source {
        ChannelSource::Environment => (TagTone::Good, "channel-on", "channel-environment"),
        ChannelSource::Stored => (TagTone::Good, "channel-on", "channel-stored"),
        ChannelSource::None => (TagTone::Warn, "channel-off", "channel-none"),
        ChannelSource::Demo => (TagTone::Plain, "channel-demo-tag", "channel-demo"),
    };
    let title = if channel == Channel::Sms { "setup-texts" } else { "setup-email" };
    let tested = tested_at.map(|at| {
        let at = show(at, Style::Full, text.language());
        text.say_with("channel-tested", &[("time", at.into())])
    });
    let from = from.map(|from| text.say_with("channel-from", &[("from", from.into())]));
    view! {
        <section class="panel card channel">
            <header class="row spread">
                <h3>{text.say(title)}</h3>
                <Tag tone=tone>{text.say(state)}</Tag>
            </header>
            <p class="muted">{text.say(what)}</p>
            {from.map(|from| view! { <p>{from}</p> })}
            {tested.map(|tested| view! { <p class="muted small">{tested}</p> })}
            {match source {
                ChannelSource::Environment | ChannelSource::Demo if channels.may_change => {
                    view! { <Tester channel=channel save=as_it_is() on_tested=load /> }.into_any()
                }
                ChannelSource::Environment | ChannelSource::Demo => ().into_any(),
                _ if !channels.may_change => view! { <p>{text.say("channel-not-yours")}</p> }.into_any(),
                _ => view! { <Editor channel=channel channels=channels source=source load=load /> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Editor(channel: Channel, channels: Channels, source: ChannelSource, load: Callback<()>) -> impl IntoView {
    match channel {
        Channel::Sms => {
            let sms = SmsForm::of(&channels.sms);
            view! {
                <ChannelForm channel=channel source=source form=sms.form load=load save=move |then| sms.save(then)>
                    <SmsFields sms=sms />
                </ChannelForm>
            }
            .into_any()
        }
        Channel::Email => {
            let mail = EmailForm::of(&channels.email);
            view! {
                <ChannelForm channel=channel source=source form=mail.form load=load save=move |then| mail.save(then)>
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
    source: ChannelSource,
    form: Form,
    load: Callback<()>,
    #[prop(into)] save: Callback<Callback<()>>,
    children: Children,
) -> impl IntoView {
    let saved = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        saved.set(false);
        save.run(Callback::new(move |()| {
            saved.try_set(true);
            load.run(());
        }));
    };
    view! {
        <form class="setup-form" node_ref=form.node on:submit=submit novalidate>
            {children()}
            <Saved saved=saved busy=form.busy word="contact-save" />
            <Tester channel=channel save=save />
        </form>
        {(source == ChannelSource::Stored).then(|| view! { <Remove channel=channel load=load /> })}
    }
}

#[component]
fn Remove(channel: Channel, load: Callback<()>) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let asked = RwSignal::new(false);
    let remove = move || {
        asked.set(false);
        desk.act(remove_channel(channel), move |()| load.run(()));
    };
    view! {
        <div class="row">
            <Button small=true look=Look::Danger on_press=move || asked.set(true)>
                {move || text.say("channel-remove")}
            </Button>
        </div>
        <Dialog
            open=asked
            title=text.live("channel-remove-ask")
            alert=true
            on_close=move || asked.set(false)
        >
            <div class="dialog-body">
                <p>{move || text.say("channel-remove-what")}</p>
            </div>
            <div class="dialog-foot">
                <Button on_press=move || asked.set(false)>{move || text.say("cancel")}</Button>
                <Button look=Look::Danger on_press=remove>{move || text.say("channel-remove")}</Button>
            </div>
        </Dialog>
    }
}

async fn remove_channel(channel: Channel) -> Answer<()> {
    match channel {
        Channel::Sms => setup::remove_sms().await,
        Channel::Email => setup::remove_email().await,
    }
}
