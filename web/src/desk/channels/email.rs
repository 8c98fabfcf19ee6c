//! The mail server: its fields, and saving what changed in them.

use leptos::prelude::*;
use sealpost_shared::channels::{ChannelSource, EmailChannel, MailSecurity, PutEmailChannel};
use sealpost_web::client::setup;
use sealpost_web::text::Text;
use sealpost_web::ui::{Choice, Field, PasswordField};

use super::{secret_words, typed};
use crate::form::{Form, FormError, Known};
use crate::view::{SECURITIES, security_from, security_name, usual_port};

const KNOWN: Known = &[
    ("/host", "mail-host-wrong"),
    ("/port", "mail-port-wrong"),
    ("/security", "mail-security-wrong"),
    ("/username", "mail-username-wrong"),
    ("/password", "mail-password-wrong"),
    ("/from", "mail-from-wrong"),
];

#[derive(Clone, Copy)]
pub struct EmailForm {
    pub form: Form,
    host: RwSignal<String>,
    port: RwSignal<String>,
    security: RwSignal<String>,
    username: RwSignal<String>,
    password: RwSignal<String>,
    from: RwSignal<String>,
    /// As the server has it; nothing while it has none.
    saved: RwSignal<Option<PutEmailChannel>>,
}

impl EmailForm {
    pub fn of(channel: &EmailChannel) -> Self {
        let text = |value: &Option<String>| RwSignal::new(value.clone().unwrap_or_default());
        let security = channel.security.unwrap_or(MailSecurity::Starttls);
        let port = channel.port.unwrap_or(usual_port(security));
        let form = Self {
            form: Form::new(KNOWN),
            host: text(&channel.host),
            port: RwSignal::new(port.to_string()),
            security: RwSignal::new(security_name(security).to_owned()),
            username: text(&channel.username),
            password: RwSignal::new(String::new()),
            from: text(&channel.from),
            saved: RwSignal::new(None),
        };
        let stored = channel.source == ChannelSource::Stored;
        form.saved.set(form.typed(port).filter(|_| stored));
        form
    }

    fn typed(self, port: u16) -> Option<PutEmailChannel> {
        let filled = |field| Some(typed(field)).filter(|text| !text.is_empty());
        Some(PutEmailChannel {
            host: typed(self.host),
            port,
            security: security_from(&self.security.get_untracked())?,
            username: filled(self.username),
            password: Some(self.password.get_untracked()).filter(|password| !password.is_empty()),
            from: typed(self.from),
        })
    }

    fn read(self) -> Option<PutEmailChannel> {
        let port = self.form.read::<std::num::NonZeroU16>("/port", self.port, "mail-port-wrong");
        let put = self.typed(port.map_or(0, std::num::NonZeroU16::get))?;
        let kept = self.saved.with_untracked(|saved| {
            saved.as_ref().is_some_and(|saved| saved.host == put.host && saved.username == put.username)
        });
        let missing = [
            (put.host.is_empty(), "/host"),
            (put.username.is_some() && put.password.is_none() && !kept, "/password"),
            (put.from.is_empty(), "/from"),
        ];
        (self.form.refuse_missing(&missing) && port.is_some()).then_some(put)
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
        let kept = PutEmailChannel { password: None, ..put.clone() };
        self.form.send(async move { setup::put_email(&put).await }, move |_| {
            self.saved.try_set(Some(kept));
            self.password.try_set(String::new());
            then.run(());
        });
    }

    /// The port follows the encryption while it is the usual one.
    fn follow(self) {
        Effect::new(move |before: Option<String>| {
            let now = self.security.get();
            let was = before.as_deref().and_then(security_from).map(|was| usual_port(was).to_string());
            if was.is_some_and(|was| was == self.port.get_untracked())
                && let Some(security) = security_from(&now)
            {
                self.port.set(usual_port(security).to_string());
            }
            now
        });
    }
}

#[component]
pub fn EmailFields(mail: EmailForm) -> impl IntoView {
    let text = Text::from_context();
    mail.follow();
    view! {
        <Field
            id="mail-host"
            label=text.live("mail-host")
            hint=text.live("mail-host-hint")
            value=mail.host
            required=true
            error=mail.form.wrong("/host", mail.host)
        />
        <Wire mail=mail />
        <Login mail=mail />
        <Field
            id="mail-from"
            label=text.live("mail-from")
            hint=text.live("mail-from-hint")
            value=mail.from
            required=true
            error=mail.form.wrong("/from", mail.from)
        />
        <FormError form=mail.form id="mail-error" />
    }
}

#[component]
fn Wire(mail: EmailForm) -> impl IntoView {
    let text = Text::from_context();
    let securities = Signal::derive(move || {
        SECURITIES.iter().map(|it| (security_name(*it).to_owned(), text.say(security_key(*it)))).collect()
    });
    view! {
        <div class="two">
            <Choice
                id="mail-security"
                label=text.live("mail-security")
                value=mail.security
                options=securities
                error=mail.form.wrong("/security", mail.security)
            />
            <Field
                id="mail-port"
                label=text.live("mail-port")
                value=mail.port
                inputmode="numeric"
                required=true
                error=mail.form.wrong("/port", mail.port)
            />
        </div>
    }
}

#[component]
fn Login(mail: EmailForm) -> impl IntoView {
    let text = Text::from_context();
    let kept = Signal::derive(move || {
        let known = mail.saved.with(Option::is_some);
        text.say(if known { "secret-kept" } else { "secret-never-shown" })
    });
    view! {
        <Field
            id="mail-username"
            label=text.live("mail-username")
            hint=text.live("mail-username-hint")
            value=mail.username
            error=mail.form.wrong("/username", mail.username)
        />
        <PasswordField
            id="mail-password"
            label=text.live("account-password")
            hint=kept
            value=mail.password
            words=secret_words(text)
            error=mail.form.wrong("/password", mail.password)
        />
    }
}

const fn security_key(security: MailSecurity) -> &'static str {
    match security {
        MailSecurity::Starttls => "mail-starttls",
        MailSecurity::Tls => "mail-tls",
        MailSecurity::None => "mail-plain",
    }
}
