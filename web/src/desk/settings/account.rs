//! One's own account: name and address, password, second step.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::staff::UpdateOwnUser;
use sealpost_shared::text::{Email, Name};
use sealpost_web::client::{account, staff};
use sealpost_web::text::Text;
use sealpost_web::ui::{Banner, Button, Field, IconName, Look, PasswordField, Tone, shown, shown_when};

use super::frame::SettingsFrame;
use super::sessions::SessionsSection;
use crate::account::second_step::TurnOn;
use crate::account::words::{self, NewPassword, password_words};
use crate::desk::Desk;
use crate::form::{Form, FormError, Saved};
use crate::view::SettingsPage;

#[component]
pub fn AccountPage() -> impl IntoView {
    view! {
        <SettingsFrame page=SettingsPage::Account own=true>
            <Who />
            <Password />
            <SecondStep />
            <SessionsSection />
        </SettingsFrame>
    }
}

#[component]
fn Who() -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let user = desk.gate.session.get_untracked().map(|session| session.user);
    let name = RwSignal::new(user.as_ref().map(|user| user.name.clone()).unwrap_or_default());
    let email = RwSignal::new(user.and_then(|user| user.email).unwrap_or_default());
    let password = RwSignal::new(String::new());
    let form = Form::new(words::ACCOUNT);
    let saved = RwSignal::new(false);
    let moves = Memo::new(move |_| {
        let known = desk.gate.session.read();
        let known = known.as_ref().and_then(|s| s.user.email.as_deref()).unwrap_or_default();
        email.read().trim() != known
    });
    let submit = move |event: SubmitEvent| {
        saved.set(false);
        let read = move || {
            let name = form.read::<Name>("/name", name, "account-name-wrong");
            let email = form.read::<Email>("/email", email, "email-wrong");
            let moves = moves.get_untracked();
            Some(UpdateOwnUser {
                name: Some(name?),
                email: Some(email?).filter(|_| moves),
                current_password: moves.then(|| password.get_untracked()),
            })
        };
        let call = |patch| async move { account::update(&patch).await };
        form.submit(&event, read, call, move |session| {
            desk.gate.session.set(Some(session));
            password.try_set(String::new());
            saved.try_set(true);
        });
    };
    view! {
        <section class="panel card">
            <h3>{move || text.say("account-who")}</h3>
            <form class="setup-form" node_ref=form.node on:submit=submit novalidate>
                <Field
                    id="account-name"
                    label=text.live("account-name")
                    hint=text.live("account-name-hint")
                    value=name
                    autocomplete="name"
                    required=true
                    error=form.wrong("/name", name)
                />
                <Field
                    id="account-email"
                    label=text.live("sign-in-email")
                    hint=text.live("account-email-hint")
                    value=email
                    kind="email"
                    autocomplete="username"
                    required=true
                    error=form.wrong("/email", email)
                />
                {shown_when(
                    move || moves.get(),
                    move || {
                        view! { <Current id="account-email-password" value=password form=form /> }.into_any()
                    },
                )}
                <FormError form=form id="account-error" />
                <Saved saved=saved busy=form.busy word="contact-save" />
            </form>
        </section>
    }
}

/// The password one has, where something needs it.
#[component]
fn Current(
    id: &'static str,
    value: RwSignal<String>,
    form: Form,
    #[prop(default = "/current_password")] pointer: &'static str,
) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <PasswordField
            id=id
            label=text.live("account-current")
            value=value
            words=password_words(text)
            autocomplete="current-password"
            required=true
            error=form.wrong(pointer, value)
        />
    }
}

#[component]
fn Password() -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let (current, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let form = Form::new(words::ACCOUNT);
    let saved = RwSignal::new(false);
    let has = Memo::new(move |_| desk.gate.session.with(|s| s.as_ref().is_some_and(|s| s.has_password)));
    let submit = move |event: SubmitEvent| {
        saved.set(false);
        let read = move || {
            let now = current.get_untracked();
            let needed = has.get_untracked();
            if needed && now.is_empty() {
                form.refuse("/current_password", "account-current-wrong");
            }
            let new = words::read_new(form, new)?;
            (!needed || !now.is_empty()).then_some((new, needed.then_some(now)))
        };
        let call = |(new, now)| async move {
            account::set_password(new, now).await?;
            staff::session().await
        };
        form.submit(&event, read, call, move |session| {
            desk.gate.session.set(Some(session));
            current.try_set(String::new());
            new.try_set(String::new());
            saved.try_set(true);
        });
    };
    let about = Signal::derive(move || {
        let session = desk.gate.session.read();
        let user = session.as_ref().map(|session| &session.user);
        user.map(|user| vec![user.name.clone(), user.email.clone().unwrap_or_default()]).unwrap_or_default()
    });
    view! {
        <section class="panel card">
            <h3>{move || text.say("account-password")}</h3>
            <form class="setup-form" node_ref=form.node on:submit=submit novalidate>
                {shown_when(
                    move || has.get(),
                    move || view! { <Current id="account-current" value=current form=form /> }.into_any(),
                )}
                <NewPassword id="account-new" form=form value=new about=about label="account-new-password" />
                <p class="hint">{move || text.say("account-password-ends")}</p>
                <FormError form=form id="account-password-error" />
                <Saved saved=saved busy=form.busy word="account-password-change" />
            </form>
        </section>
    }
}

#[component]
fn SecondStep() -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let on = Memo::new(move |_| desk.gate.session.with(|s| s.as_ref().is_some_and(|s| s.has_second_step)));
    let look_again = move || {
        spawn_local(async move {
            if let Ok(session) = desk.gate.hear(staff::session().await) {
                desk.gate.session.try_set(Some(session));
                desk.load_setup();
            }
        });
    };
    let again = Callback::new(move |()| look_again());
    view! {
        <section class="panel card">
            <h3>{move || text.say("account-second")}</h3>
            <p class="muted">{move || text.say("setup-second-what")}</p>
            {shown(move || {
                if on.get() {
                    view! { <TurnOff done=again /> }.into_any()
                } else {
                    view! { <TurnOn on_done=again /> }.into_any()
                }
            })}
        </section>
    }
}

#[component]
fn TurnOff(done: Callback<()>) -> impl IntoView {
    let text = Text::from_context();
    let password = RwSignal::new(String::new());
    let asked = RwSignal::new(false);
    let form = Form::new(words::ACCOUNT);
    let submit = move |event: SubmitEvent| {
        let read = move || Some(password.get_untracked());
        form.submit(&event, read, account::remove_totp, move |()| done.run(()));
    };
    view! {
        <Banner tone=Tone::Info icon=IconName::Check>{move || text.say("second-on")}</Banner>
        <Show
            when=move || asked.get()
            fallback=move || {
                view! {
                    <div class="row">
                        <Button small=true look=Look::Danger on_press=move || asked.set(true)>
                            {move || text.say("second-off")}
                        </Button>
                    </div>
                }
            }
        >
            <form class="setup-form" node_ref=form.node on:submit=submit novalidate>
                <p>{move || text.say("second-off-what")}</p>
                <Current id="account-off-password" value=password form=form pointer="/password" />
                <FormError form=form id="account-off-error" />
                <div class="row">
                    <Button small=true on_press=move || asked.set(false)>{move || text.say("cancel")}</Button>
                    <Button small=true look=Look::Danger submit=true disabled=form.busy>
                        {move || text.say("second-off")}
                    </Button>
                </div>
            </form>
        </Show>
    }
}
