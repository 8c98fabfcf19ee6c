//! The text message gateway: its fields, and saving what changed in them.

use leptos::prelude::*;
use sealpost_shared::channels::{ChannelSource, PutSmsChannel, SmsChannel};
use sealpost_web::client::setup;
use sealpost_web::text::Text;
use sealpost_web::ui::{Field, PasswordField};

use super::{secret_words, typed};
use crate::form::{Form, FormError, Known};

const KNOWN: Known = &[
    ("/url", "sms-url-wrong"),
    ("/account_sid", "sms-account-wrong"),
    ("/auth_token", "sms-token-wrong"),
    ("/from", "sms-from-wrong"),
];
/// What most people have an account with; others speak the same way.
const USUAL_URL: &str = "https://api.twilio.com";

#[derive(Clone, Copy)]
pub struct SmsForm {
    pub form: Form,
    url: RwSignal<String>,
    account: RwSignal<String>,
    token: RwSignal<String>,
    from: RwSignal<String>,
    /// As the server has it; nothing while it has none.
    saved: RwSignal<Option<PutSmsChannel>>,
}

impl SmsForm {
    pub fn of(channel: &SmsChannel) -> Self {
        let text = |value: &Option<String>| RwSignal::new(value.clone().unwrap_or_default());
        let stored = channel.source == ChannelSource::Stored;
        let form = Self {
            form: Form::new(KNOWN),
            url: RwSignal::new(channel.url.clone().unwrap_or_else(|| USUAL_URL.to_owned())),
            account: text(&channel.account_sid),
            token: RwSignal::new(String::new()),
            from: text(&channel.from),
            saved: RwSignal::new(None),
        };
        form.saved.set(stored.then(|| form.typed()));
        form
    }

    fn typed(self) -> PutSmsChannel {
        PutSmsChannel {
            url: typed(self.url),
            account_sid: typed(self.account),
            auth_token: Some(typed(self.token)).filter(|token| !token.is_empty()),
            from: typed(self.from),
        }
    }

    fn read(self) -> Option<PutSmsChannel> {
        let put = self.typed();
        let kept =
            self.saved.with_untracked(|saved| saved.as_ref().is_some_and(|saved| saved.url == put.url));
        let missing = [
            (put.url.is_empty(), "/url"),
            (put.account_sid.is_empty(), "/account_sid"),
            (put.auth_token.is_none() && !kept, "/auth_token"),
            (put.from.is_empty(), "/from"),
        ];
        self.form.refuse_missing(&missing).then_some(put)
    }

    /// Saves unless nothing changed, then goes on.
    pub fn save(self, then: Callback<()>) {
        if self.form.busy.get_untracked() {
            return;
        }
        self.form.clear();
        let Some(put) = self.read() else { return self.form.focus() };
        if self.saved.with_untracked(|saved| saved.as_ref() == Some(&put)) {
            return then.run(());
        }
        let kept = PutSmsChannel { auth_token: None, ..put.clone() };
        self.form.send(async move { setup::put_sms(&put).await }, move |_| {
            self.saved.try_set(Some(kept));
            self.token.try_set(String::new());
            then.run(());
        });
    }
}

#[component]
pub fn SmsFields(sms: SmsForm) -> impl IntoView {
    let text = Text::from_context();
    let kept = Signal::derive(move || {
        let known = sms.saved.with(Option::is_some);
        text.say(if known { "secret-kept" } else { "secret-never-shown" })
    });
    view! {
        <Field
            id="sms-url"
            label=text.live("sms-url")
            hint=text.live("sms-url-hint")
            value=sms.url
            kind="url"
            required=true
            error=sms.form.wrong("/url", sms.url)
        />
        <Field
            id="sms-account"
            label=text.live("sms-account")
            value=sms.account
            required=true
            error=sms.form.wrong("/account_sid", sms.account)
        />
        <PasswordField
            id="sms-token"
            label=text.live("sms-token")
            hint=kept
            value=sms.token
            words=secret_words(text)
            error=sms.form.wrong("/auth_token", sms.token)
        />
        <Field
            id="sms-from"
            label=text.live("sms-from")
            hint=text.live("sms-from-hint")
            value=sms.from
            required=true
            error=sms.form.wrong("/from", sms.from)
        />
        <FormError form=sms.form id="sms-error" />
    }
}
