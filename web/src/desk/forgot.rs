//! A forgotten password: asking for a link, and choosing a new one with it.

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::text::Email;
use sealpost_web::client::account;
use sealpost_web::text::Text;
use sealpost_web::ui::{Banner, Button, Field, Icon, IconName, Look, Tone, shown};

use super::account::words::{self, NewPassword};
use super::form::{Form, FormError};
use super::gate::{Gate, Out, Phase};

/// How far somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Asked,
    Sent,
    /// The installation sends none.
    NoEmail,
}

#[component]
pub fn Forgot() -> impl IntoView {
    let text = Text::from_context();
    let stage = RwSignal::new(Stage::Asked);
    Effect::new(move || document().set_title(&text.say("forgot-title")));
    view! {
        <main class="sign-in">
            {shown(move || match stage.get() {
                Stage::Asked => view! { <Ask stage=stage /> }.into_any(),
                Stage::Sent => view! {
                    <Said heading="forgot-sent-heading" what="forgot-sent" hint="forgot-sent-none" />
                }
                .into_any(),
                Stage::NoEmail => view! { <Said heading="forgot-heading" what="forgot-no-email" /> }.into_any(),
            })}
        </main>
    }
}

#[component]
fn Ask(stage: RwSignal<Stage>) -> impl IntoView {
    let text = Text::from_context();
    let email = RwSignal::new(String::new());
    let first = NodeRef::<html::Input>::new();
    let form = Form::new(words::ACCOUNT);
    Effect::new(move || {
        if let Some(input) = first.get() {
            let _ = input.focus();
        }
    });
    let submit = move |event: SubmitEvent| {
        let read =
            move || form.read::<Email>("/email", email, "email-wrong").map(|email| email.as_str().to_owned());
        form.submit(&event, read, account::ask_for_reset, move |asked| {
            stage.try_set(if asked.by_email { Stage::Sent } else { Stage::NoEmail });
        });
    };
    view! {
        <form class="card gate" node_ref=form.node on:submit=submit novalidate>
            <span class="mark" aria-hidden="true">
                <Icon name=IconName::Lock />
            </span>
            <div class="setup-says">
                <h1>{move || text.say("forgot-heading")}</h1>
                <p class="muted">{move || text.say("forgot-what")}</p>
            </div>
            <Field
                id="forgot-email"
                label=text.live("sign-in-email")
                value=email
                kind="email"
                autocomplete="username"
                required=true
                error=form.wrong("/email", email)
                node_ref=first
            />
            <FormError form=form id="forgot-error" />
            <Button look=Look::Primary submit=true disabled=form.busy>
                {move || text.say(if form.busy.get() { "setup-busy" } else { "forgot-send" })}
            </Button>
            <Back />
        </form>
    }
}

/// What comes next, for who has asked.
#[component]
fn Said(
    heading: &'static str,
    what: &'static str,
    #[prop(optional)] hint: Option<&'static str>,
) -> impl IntoView {
    let text = Text::from_context();
    let node = focused_heading();
    view! {
        <div class="card gate">
            <span class="mark" aria-hidden="true">
                <Icon name=IconName::Lock />
            </span>
            <div class="setup-says">
                <h1 tabindex="-1" node_ref=node>{move || text.say(heading)}</h1>
                <p>{move || text.say(what)}</p>
                {hint.map(|hint| view! { <p class="muted small">{move || text.say(hint)}</p> })}
            </div>
            <Back />
        </div>
    }
}

/// For what has taken another page's place: it is read out.
fn focused_heading() -> NodeRef<html::H1> {
    let node = NodeRef::<html::H1>::new();
    Effect::new(move || {
        if let Some(heading) = node.get() {
            let _ = heading.focus();
        }
    });
    node
}

#[component]
fn Back() -> impl IntoView {
    let text = Text::from_context();
    let gate = Gate::from_context();
    view! {
        <Button look=Look::Quiet on_press=move || gate.phase.set(Phase::Out(Out::First))>
            {move || text.say("forgot-back")}
        </Button>
    }
}

#[component]
pub fn Reset() -> impl IntoView {
    let text = Text::from_context();
    let gate = Gate::from_context();
    let over = RwSignal::new(false);
    let form = Form::new(words::ACCOUNT);
    let password = RwSignal::new(String::new());
    let heading = focused_heading();
    Effect::new(move || document().set_title(&text.say("forgot-title")));
    let submit = move |event: SubmitEvent| {
        let token = gate.reset.get_value().unwrap_or_default();
        let call = move |password| async move {
            let done = account::complete_reset(token, password).await;
            let refused = done.as_ref().is_err_and(|error| error.code() == Some(ProblemCode::ResetNotFound));
            over.try_set(refused);
            done
        };
        form.submit(
            &event,
            move || words::read_new(form, password),
            call,
            move |()| {
                gate.reset.set_value(None);
                gate.session.set(None);
                gate.phase.set(Phase::Out(Out::Reset));
            },
        );
    };
    view! {
        <main class="sign-in">
            <form class="card gate" node_ref=form.node on:submit=submit novalidate>
                <span class="mark" aria-hidden="true">
                    <Icon name=IconName::Lock />
                </span>
                <div class="setup-says">
                    <h1 tabindex="-1" node_ref=heading>{move || text.say("reset-heading")}</h1>
                    <p class="muted">{move || text.say("reset-what")}</p>
                </div>
                {shown(move || {
                    if over.get() {
                        view! { <Over /> }.into_any()
                    } else {
                        view! { <Choose form=form password=password /> }.into_any()
                    }
                })}
                <Back />
            </form>
        </main>
    }
}

#[component]
fn Choose(form: Form, password: RwSignal<String>) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <NewPassword id="reset-password" form=form value=password about=Signal::stored(Vec::new()) />
        <FormError form=form id="reset-error" />
        <Button look=Look::Primary submit=true disabled=form.busy>
            {move || text.say(if form.busy.get() { "setup-busy" } else { "reset-save" })}
        </Button>
    }
}

/// The link was used or is too old.
#[component]
fn Over() -> impl IntoView {
    let text = Text::from_context();
    let gate = Gate::from_context();
    view! {
        <Banner tone=Tone::Bad icon=IconName::Alert>{move || text.say("reset-over")}</Banner>
        <Button look=Look::Primary on_press=move || gate.phase.set(Phase::Forgot)>
            {move || text.say("reset-again")}
        </Button>
    }
}
