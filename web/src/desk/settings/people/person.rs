//! One colleague: role, second step, whether they can sign in; and for admins, changing that.

use leptos::prelude::*;
use sealpost_shared::staff::{Account, PasswordReset, Role, UpdateAccount};
use sealpost_web::client::people;
use sealpost_web::text::Text;
use sealpost_web::time::{Style, show};
use sealpost_web::ui::{Avatar, Button, Dialog, IconName, Look, Tag, TagTone};

use super::Staff;
use crate::copy::ShownOnce;
use crate::desk::Desk;
use crate::settings::frame::may_change;
use crate::view::{ROLES, role_from, role_key, role_name};

/// What an admin is asked to confirm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Disable,
    SecondStepOff,
    Reset,
}

#[component]
pub fn Person(account: Account, staff: Staff) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let is_self =
        desk.gate.session.with_untracked(|s| s.as_ref().is_some_and(|s| s.user.id == account.user.id));
    let may = may_change(desk).get_untracked() && !is_self;
    let row = format!("person-{}", account.user.id);
    let (name, off) = (account.user.name.clone(), account.disabled_at.is_some());
    let seen = account.active_at.map(|at| {
        let at = show(at, Style::DayTime, text.language());
        text.say_with("people-active", &[("time", at.into())])
    });
    view! {
        <li class="person" class:off=off id=row>
            <Avatar name=Signal::stored(name.clone()) />
            <div class="grow">
                <div class="person-name">
                    <strong><bdi>{name}</bdi></strong>
                    {is_self.then(|| view! { <Tag>{text.say("people-you")}</Tag> })}
                    {(!may).then(|| view! { <Tag tone=TagTone::Plain>{text.say(role_key(account.user.role))}</Tag> })}
                    {account.has_second_step.then(|| view! { <Tag tone=TagTone::Good>{text.say("people-second")}</Tag> })}
                    {account.sign_in_locked.then(|| view! { <Tag tone=TagTone::Bad icon=IconName::Lock>{text.say("people-locked")}</Tag> })}
                    {account.disabled_at.map(|_| view! { <Tag tone=TagTone::Warn>{text.say("people-disabled")}</Tag> })}
                </div>
                <div class="muted small clip">{account.user.email.clone()}</div>
                {seen.map(|seen| view! { <div class="muted tiny">{seen}</div> })}
            </div>
            {may.then(move || view! { <Acts account=account.clone() staff=staff /> })}
        </li>
    }
}

#[component]
fn Acts(account: Account, staff: Staff) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let asked = RwSignal::new(None::<Asked>);
    let (id, disabled) = (account.user.id, account.disabled_at.is_some());
    let before = StoredValue::new(account.clone());
    let change = move |patch: UpdateAccount| {
        asked.set(None);
        let call = async move { people::update_user(id, &patch).await };
        desk.act(call, move |account| staff.replace(account));
    };
    let choose = move |role: Option<Role>| {
        // A refused change shows the role as it is.
        staff.replace(before.get_value());
        change(UpdateAccount { role, ..none() });
    };
    let reset = RwSignal::new(None::<PasswordReset>);
    let confirmed = move |what: Asked| match patch_of(what) {
        Some(patch) => change(patch),
        None => {
            asked.set(None);
            desk.act(people::send_reset(id), move |given| {
                reset.try_set(Some(given));
            });
        }
    };
    let name = account.user.name.clone();
    // What helps stands out.
    let reset_look = if account.sign_in_locked { Look::Primary } else { Look::Quiet };
    view! {
        {account.sign_in_locked.then(|| view! { <Locked name=name.clone() /> })}
        <div class="person-acts">
            <RoleChoice name=name.clone() role=account.user.role on_choose=choose />
            {account
                .has_second_step
                .then(|| {
                    view! {
                        <Button small=true look=Look::Quiet on_press=move || asked.set(Some(Asked::SecondStepOff))>
                            {text.say("people-second-off")}
                        </Button>
                    }
                })}
            {if disabled {
                let let_in = move || change(UpdateAccount { disabled: Some(false), ..none() });
                view! { <Button small=true on_press=let_in>{text.say("people-enable")}</Button> }.into_any()
            } else {
                view! {
                    <Button small=true look=reset_look on_press=move || asked.set(Some(Asked::Reset))>
                        {text.say("people-reset")}
                    </Button>
                    <Button small=true look=Look::Danger on_press=move || asked.set(Some(Asked::Disable))>
                        {text.say("people-disable")}
                    </Button>
                }
                    .into_any()
            }}
        </div>
        <Given reset=reset name=name.clone() />
        <Confirm asked=asked name=name on_yes=confirmed />
    }
}

/// What happened, and what helps.
#[component]
fn Locked(name: String) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <p class="person-locked small">{text.say_with("people-locked-what", &[("name", name.into())])}</p>
    }
}

#[component]
fn RoleChoice(name: String, role: Role, #[prop(into)] on_choose: Callback<Option<Role>>) -> impl IntoView {
    let text = Text::from_context();
    let label = text.say_with("people-role-of", &[("name", name.into())]);
    let choose = move |event: leptos::ev::Event| on_choose.run(role_from(&event_target_value(&event)));
    view! {
        <select class="input compact" aria-label=label on:change=choose>
            {ROLES
                .iter()
                .map(|known| {
                    view! {
                        <option value=role_name(*known) selected=role == *known>
                            {text.say(role_key(*known))}
                        </option>
                    }
                })
                .collect_view()}
        </select>
    }
}

const fn none() -> UpdateAccount {
    UpdateAccount { role: None, disabled: None, has_second_step: None }
}

/// Nothing for what changes nothing about the account.
const fn patch_of(what: Asked) -> Option<UpdateAccount> {
    match what {
        Asked::Disable => Some(UpdateAccount { disabled: Some(true), ..none() }),
        Asked::SecondStepOff => Some(UpdateAccount { has_second_step: Some(false), ..none() }),
        Asked::Reset => None,
    }
}

/// That the email is on its way; where there is none, the link to hand over, which is shown once.
#[component]
fn Given(reset: RwSignal<Option<PasswordReset>>, name: String) -> impl IntoView {
    let text = Text::from_context();
    let name = StoredValue::new(name);
    view! {
        <div class="person-given" aria-live="polite">
            {move || {
                reset
                    .get()
                    .map(|given| {
                        let key = if given.link.is_some() { "people-reset-hand-over" } else { "people-reset-sent" };
                        view! {
                            <p class="small">{text.say_with(key, &[("name", name.get_value().into())])}</p>
                            {given.link.map(|link| view! { <ShownOnce what=link /> })}
                        }
                    })
            }}
        </div>
    }
}

#[component]
fn Confirm(
    asked: RwSignal<Option<Asked>>,
    name: String,
    #[prop(into)] on_yes: Callback<Asked>,
) -> impl IntoView {
    let text = Text::from_context();
    let name = StoredValue::new(name);
    let keys = move || match asked.get() {
        Some(Asked::SecondStepOff) => {
            ("people-second-off-ask", "people-second-off-what", "people-second-off")
        }
        Some(Asked::Reset) => ("people-reset-ask", "people-reset-what", "people-reset"),
        _ => ("people-disable-ask", "people-disable-what", "people-disable"),
    };
    let title = Signal::derive(move || text.say_with(keys().0, &[("name", name.get_value().into())]));
    view! {
        <Dialog
            open=Signal::derive(move || asked.read().is_some())
            title=title
            alert=true
            on_close=move || asked.set(None)
        >
            <div class="dialog-body">
                <p>{move || text.say(keys().1)}</p>
            </div>
            <div class="dialog-foot">
                <Button on_press=move || asked.set(None)>{move || text.say("cancel")}</Button>
                {move || {
                    let look =
                        if asked.get() == Some(Asked::Reset) { Look::Primary } else { Look::Danger };
                    let yes = move || {
                        if let Some(what) = asked.get_untracked() {
                            on_yes.run(what);
                        }
                    };
                    view! { <Button look=look on_press=yes>{text.say(keys().2)}</Button> }
                }}
            </div>
        </Dialog>
    }
}
