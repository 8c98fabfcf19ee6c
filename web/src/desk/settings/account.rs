//! One's own account: name and address, password, second step.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::staff::UpdateOwnUser;
use sealpost_shared::text::{Email, Name};
use sealpost_web::client::{account, staff};
use sealpost_web::text::Text;
use sealpost_web::ui::{Banner, Button, Field, IconName, Look, Tone, shown, shown_when};

use super::frame::SettingsFrame;
use super::passkeys::PasskeysSection;
use super::sessions::SessionsSection;
use crate::account::second_step::{Keep, TurnOn};
use crate::account::words::{self, CurrentPassword, NewPassword, OwnName};
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
            <PasskeysSection />
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
                <OwnName id="account-name" value=name form=form />
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
                        view! { <CurrentPassword id="account-email-password" value=password form=form /> }.into_any()
                    },
                )}
                <FormError form=form id="account-error" />
                <Saved saved=saved busy=form.busy word="contact-save" />
            </form>
        </section>
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
                    move || view! { <CurrentPassword id="account-current" value=current form=form /> }.into_any(),
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
    // Not followed while codes to keep are on the page: the session says "on" before they are kept.
    let on = RwSignal::new(desk.gate.session.with_untracked(|s| s.as_ref().is_some_and(|s| s.has_totp)));
    let look_again = move || {
        spawn_local(async move {
            if let Ok(session) = desk.gate.hear(staff::session().await) {
                on.try_set(session.has_totp);
                desk.gate.session.try_set(Some(session));
                desk.load_setup();
            }
        });
    };
    let has_password =
        Memo::new(move |_| desk.gate.session.with(|s| s.as_ref().is_some_and(|s| s.has_password)));
    let again = Callback::new(move |()| look_again());
    view! {
        <section class="panel card">
            <h3>{move || text.say("account-second")}</h3>
            <p class="muted">{move || text.say("setup-second-what")}</p>
            {shown(move || {
                if on.get() {
                    view! { <IsOn done=again /> }.into_any()
                } else if !has_password.get() {
                    view! { <p class="muted small">{text.say("second-password-first")}</p> }.into_any()
                } else {
                    view! { <TurnOn on_done=again /> }.into_any()
                }
            })}
        </section>
    }
}

/// What can be done while it is on.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Doing {
    Nothing,
    Off,
    Codes,
    Keep(Vec<String>),
}

#[component]
fn IsOn(done: Callback<()>) -> impl IntoView {
    let text = Text::from_context();
    let doing = RwSignal::new(Doing::Nothing);
    shown(move || {
        match doing.get() {
        Doing::Nothing => view! {
            <Banner tone=Tone::Info icon=IconName::Check>{move || text.say("second-on")}</Banner>
            <div class="row">
                <Button small=true on_press=move || doing.set(Doing::Codes)>{move || text.say("codes-new")}</Button>
                <Button small=true look=Look::Danger on_press=move || doing.set(Doing::Off)>
                    {move || text.say("second-off")}
                </Button>
            </div>
        }
        .into_any(),
        Doing::Off => view! { <TurnOff doing=doing done=done /> }.into_any(),
        Doing::Codes => view! { <NewCodes doing=doing /> }.into_any(),
        Doing::Keep(codes) => view! {
            <Keep codes=codes on_done=move |()| doing.set(Doing::Nothing) done="second-done" news="codes-new-done" />
        }
        .into_any(),
    }
    })
}

#[component]
fn TurnOff(doing: RwSignal<Doing>, done: Callback<()>) -> impl IntoView {
    let text = Text::from_context();
    let password = RwSignal::new(String::new());
    let form = Form::new(words::ACCOUNT);
    let submit = move |event: SubmitEvent| {
        let read = move || Some(password.get_untracked());
        form.submit(&event, read, account::remove_totp, move |()| done.run(()));
    };
    view! {
        <form class="setup-form" node_ref=form.node on:submit=submit novalidate>
            <p>{move || text.say("second-off-what")}</p>
            <CurrentPassword id="account-off-password" value=password form=form pointer="/password" />
            <FormError form=form id="account-off-error" />
            <div class="row">
                <Button small=true on_press=move || doing.set(Doing::Nothing)>{move || text.say("cancel")}</Button>
                <Button small=true look=Look::Danger submit=true disabled=form.busy>
                    {move || text.say("second-off")}
                </Button>
            </div>
        </form>
    }
}

#[component]
fn NewCodes(doing: RwSignal<Doing>) -> impl IntoView {
    let text = Text::from_context();
    let password = RwSignal::new(String::new());
    let form = Form::new(words::ACCOUNT);
    let submit = move |event: SubmitEvent| {
        let read = move || Some(password.get_untracked());
        let call = |password| async move { Ok(account::renew_codes(password).await?.recovery_codes) };
        form.submit(&event, read, call, move |codes| {
            doing.try_set(Doing::Keep(codes));
        });
    };
    view! {
        <form class="setup-form" node_ref=form.node on:submit=submit novalidate>
            <p>{move || text.say("codes-new-what")}</p>
            <CurrentPassword id="account-codes-password" value=password form=form pointer="/password" />
            <FormError form=form id="account-codes-error" />
            <div class="row">
                <Button small=true on_press=move || doing.set(Doing::Nothing)>{move || text.say("cancel")}</Button>
                <Button small=true look=Look::Primary submit=true disabled=form.busy>
                    {move || text.say("codes-new")}
                </Button>
            </div>
        </form>
    }
}
