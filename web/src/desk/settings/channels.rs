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

/// What the cards share.
#[derive(Clone, Copy)]
struct Page {
    found: RwSignal<Option<Result<Channels, ClientError>>>,
    /// Moves when a form has to start over.
    times: RwSignal<u32>,
    desk: Desk,
}

impl Page {
    fn load(self) {
        spawn_local(async move {
            self.found.try_set(Some(self.desk.gate.hear(setup::channels().await)));
        });
    }

    fn channels(self) -> Option<Channels> {
        self.found.with(|found| found.as_ref().and_then(|found| found.as_ref().ok().cloned()))
    }

    fn source(self, channel: Channel) -> Option<ChannelSource> {
        self.channels().map(|channels| match channel {
            Channel::Sms => channels.sms.source,
            Channel::Email => channels.email.source,
        })
    }
}

/// What somebody may do about a channel here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum May {
    Nothing,
    Try,
    Change,
}

#[component]
pub fn ChannelsPage() -> impl IntoView {
    let text = Text::from_context();
    let page = Page { found: RwSignal::new(None), times: RwSignal::new(0), desk: Desk::from_context() };
    page.load();
    let stage = Memo::new(move |_| page.found.with(|found| found.as_ref().map(Result::is_ok)));
    view! {
        <SettingsFrame page=SettingsPage::Channels>
            {move || match stage.get() {
                None => view! { <Skeleton /> }.into_any(),
                Some(true) => view! {
                    <ChannelCard channel=Channel::Sms page=page />
                    <ChannelCard channel=Channel::Email page=page />
                }
                .into_any(),
                Some(false) => {
                    let error = page.found.get_untracked().and_then(Result::err);
                    view! {
                        <Banner tone=Tone::Bad icon=IconName::Alert>
                            {error.map(|error| said::sentence(text, &error))}
                            <Button small=true on_press=move || page.load()>{text.say("try-again")}</Button>
                        </Banner>
                    }
                    .into_any()
                }
            }}
        </SettingsFrame>
    }
}

#[component]
fn ChannelCard(channel: Channel, page: Page) -> impl IntoView {
    let text = Text::from_context();
    let may = Memo::new(move |_| {
        let may_change = page.channels().is_some_and(|channels| channels.may_change);
        match page.source(channel) {
            _ if !may_change => May::Nothing,
            Some(ChannelSource::Environment | ChannelSource::Demo) => May::Try,
            _ => May::Change,
        }
    });
    let title = if channel == Channel::Sms { "setup-texts" } else { "setup-email" };
    view! {
        <section class="panel card channel">
            <header class="row spread">
                <h3>{text.say(title)}</h3>
                {move || {
                    let (tone, state, _) = words_of(page.source(channel)?);
                    Some(view! { <Tag tone=tone>{text.say(state)}</Tag> })
                }}
            </header>
            {move || page.channels().map(|channels| view! { <About channel=channel channels=channels /> })}
            {move || {
                page.times.track();
                match may.get() {
                    May::Change => view! { <Editor channel=channel page=page /> }.into_any(),
                    May::Try => view! {
                        <Tester channel=channel save=as_it_is() on_tested=move || page.load() />
                    }
                    .into_any(),
                    May::Nothing => view! { <p>{text.say("channel-not-yours")}</p> }.into_any(),
                }
            }}
        </section>
    }
}

const fn words_of(source: ChannelSource) -> (TagTone, &'static str, &'static str) {
    match source {
        ChannelSource::Environment => (TagTone::Good, "channel-on", "channel-environment"),
        ChannelSource::Stored => (TagTone::Good, "channel-on", "channel-stored"),
        ChannelSource::None => (TagTone::Warn, "channel-off", "channel-none"),
        ChannelSource::Demo => (TagTone::Plain, "channel-demo-tag", "channel-demo"),
    }
}

/// Where the channel's settings are, whom its messages come from, and when it was tried.
#[component]
fn About(channel: Channel, channels: Channels) -> impl IntoView {
    let text = Text::from_context();
    let (source, tested_at, from) = match channel {
        Channel::Sms => (channels.sms.source, channels.sms.tested_at, channels.sms.from),
        Channel::Email => (channels.email.source, channels.email.tested_at, channels.email.from),
    };
    let tested = tested_at.map(|at| {
        let at = show(at, Style::Full, text.language());
        text.say_with("channel-tested", &[("time", at.into())])
    });
    let from = from.map(|from| text.say_with("channel-from", &[("from", from.into())]));
    view! {
        <p class="muted">{text.say(words_of(source).2)}</p>
        {from.map(|from| view! { <p>{from}</p> })}
        {tested.map(|tested| view! { <p class="muted small">{tested}</p> })}
    }
}

#[component]
fn Editor(channel: Channel, page: Page) -> impl IntoView {
    let channels = untrack(|| page.channels())?;
    Some(match channel {
        Channel::Sms => {
            let sms = SmsForm::of(&channels.sms);
            view! {
                <ChannelForm channel=channel page=page form=sms.form save=move |then| sms.save(then)>
                    <SmsFields sms=sms />
                </ChannelForm>
            }
            .into_any()
        }
        Channel::Email => {
            let mail = EmailForm::of(&channels.email);
            view! {
                <ChannelForm channel=channel page=page form=mail.form save=move |then| mail.save(then)>
                    <EmailFields mail=mail />
                </ChannelForm>
            }
            .into_any()
        }
    })
}

#[component]
fn ChannelForm(
    channel: Channel,
    page: Page,
    form: Form,
    #[prop(into)] save: Callback<Callback<()>>,
    children: Children,
) -> impl IntoView {
    let saved = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        saved.set(false);
        save.run(Callback::new(move |()| {
            saved.try_set(true);
            page.load();
        }));
    };
    view! {
        <form class="setup-form" node_ref=form.node on:submit=submit on:input=move |_| saved.set(false) novalidate>
            {children()}
            <Saved saved=saved busy=form.busy word="contact-save" />
            <Tester channel=channel save=save on_tested=move || page.load() />
        </form>
        <Show when=move || page.source(channel) == Some(ChannelSource::Stored)>
            <Remove channel=channel page=page />
        </Show>
    }
}

#[component]
fn Remove(channel: Channel, page: Page) -> impl IntoView {
    let text = Text::from_context();
    let asked = RwSignal::new(false);
    let remove = move || {
        asked.set(false);
        page.desk.act(remove_channel(channel), move |()| start_over(page));
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

/// The form is empty again once it is known that the server has nothing.
fn start_over(page: Page) {
    spawn_local(async move {
        page.found.try_set(Some(page.desk.gate.hear(setup::channels().await)));
        page.times.try_update(|times| *times += 1);
    });
}

async fn remove_channel(channel: Channel) -> Answer<()> {
    match channel {
        Channel::Sms => setup::remove_sms().await,
        Channel::Email => setup::remove_email().await,
    }
}
