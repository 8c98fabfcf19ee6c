//! Turning the second step on: a picture to scan or a secret to type, a first code, and the codes to keep
//! for the day the phone is lost.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use sealpost_shared::staff::TotpEnrolment;
use sealpost_web::client::account;
use sealpost_web::text::Text;
use sealpost_web::ui::{Banner, Button, Field, IconName, Look, Tone, shown, shown_when};

use super::words::{self, CurrentPassword};
use crate::copy::CopyButton;
use crate::form::{Form, FormError, focus_at};
use crate::view::in_fours;

/// How far one is. Nothing of it is kept: a reload starts over.
#[derive(Clone)]
enum Stage {
    Asked,
    Scan(Box<TotpEnrolment>),
    Keep(Vec<String>),
}

/// `foot` is what stands beside the button that goes on, such as "Skip for now".
#[component]
pub fn TurnOn(
    #[prop(into)] on_done: Callback<()>,
    #[prop(default = "second-done")] done: &'static str,
    #[prop(optional, into)] beside: ViewFn,
    /// The password was given a moment ago.
    #[prop(optional)]
    signing_in: bool,
) -> impl IntoView {
    let stage = RwSignal::new(Stage::Asked);
    // What was pressed is gone with its stage; the focus goes to what came.
    Effect::new(move |before: Option<()>| {
        stage.track();
        if before.is_some() {
            focus_at(".stage");
        }
    });
    let beside = StoredValue::new(beside);
    shown(move || match stage.get() {
        Stage::Asked => {
            view! { <Start stage=stage beside=beside.get_value() signing_in=signing_in /> }.into_any()
        }
        Stage::Scan(secret) => view! { <Scan secret=*secret stage=stage /> }.into_any(),
        Stage::Keep(codes) => view! { <Keep codes=codes on_done=on_done done=done /> }.into_any(),
    })
}

#[component]
fn Start(stage: RwSignal<Stage>, beside: ViewFn, signing_in: bool) -> impl IntoView {
    let text = Text::from_context();
    let form = Form::new(words::ACCOUNT);
    let password = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        let read = move || Some((!signing_in).then(|| password.get_untracked()));
        form.submit(&event, read, account::start_totp, move |secret| {
            stage.try_set(Stage::Scan(Box::new(secret)));
        });
    };
    view! {
        <form class="setup-form" node_ref=form.node on:submit=submit novalidate>
            <p class="stage" tabindex="-1">{move || text.say("second-need")}</p>
            {(!signing_in)
                .then(|| {
                    view! { <CurrentPassword id="second-password" value=password form=form pointer="/password" /> }
                })}
            <FormError form=form id="second-error" />
            <div class="setup-foot">
                {beside.run()}
                <Button look=Look::Primary submit=true disabled=form.busy>{move || text.say("second-start")}</Button>
            </div>
        </form>
    }
}

#[component]
fn Scan(secret: TotpEnrolment, stage: RwSignal<Stage>) -> impl IntoView {
    let text = Text::from_context();
    let form = Form::new(words::ACCOUNT);
    let code = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        let read = move || {
            let code: String = code.get_untracked().chars().filter(|c| !c.is_whitespace()).collect();
            if code.is_empty() {
                form.refuse("/code", "code-empty");
            }
            (!code.is_empty()).then_some(code)
        };
        let then = move |kept: Vec<String>| {
            stage.try_set(Stage::Keep(kept));
        };
        form.submit(
            &event,
            read,
            |code| async move { Ok(account::confirm_totp(code).await?.recovery_codes) },
            then,
        );
    };
    let size = secret.qr.size;
    view! {
        <form class="setup-form" node_ref=form.node on:submit=submit novalidate>
            <div class="scan">
                <svg class="qr" viewBox=format!("0 0 {size} {size}") role="img" aria-label=move || text.say("second-qr")>
                    <path d=secret.qr.path></path>
                </svg>
                <div class="scan-words">
                    <p class="stage" tabindex="-1">{move || text.say("second-scan")}</p>
                    <p class="muted small">{move || text.say("second-type")}</p>
                    <p class="secret">
                        <code>{in_fours(&secret.secret)}</code>
                    </p>
                </div>
            </div>
            <Field
                id="second-code"
                label=text.live("second-code")
                hint=text.live("second-code-hint")
                value=code
                inputmode="numeric"
                autocomplete="one-time-code"
                required=true
                error=form.wrong("/code", code)
            />
            <FormError form=form id="second-error" />
            <div class="setup-foot">
                <Button look=Look::Quiet on_press=move || stage.set(Stage::Asked)>{move || text.say("cancel")}</Button>
                <span class="grow"></span>
                <Button look=Look::Primary submit=true disabled=form.busy>{move || text.say("second-check")}</Button>
            </div>
        </form>
    }
}

/// The codes, until somebody says that they are kept.
#[component]
pub fn Keep(
    codes: Vec<String>,
    #[prop(into)] on_done: Callback<()>,
    done: &'static str,
    #[prop(default = "second-on")] news: &'static str,
) -> impl IntoView {
    let text = Text::from_context();
    let all = codes.join("\n");
    let kept = RwSignal::new(false);
    let asked = RwSignal::new(false);
    let go_on = move || if kept.get_untracked() { on_done.run(()) } else { asked.set(true) };
    view! {
        <div class="setup-form">
            <Banner tone=Tone::Info icon=IconName::Check>{move || text.say(news)}</Banner>
            <div class="setup-says">
                <h2 class="stage" tabindex="-1">{move || text.say("codes-title")}</h2>
                <p>{move || text.say("codes-what")}</p>
            </div>
            <ol class="codes">{codes.iter().map(|code| view! { <li><code>{code.clone()}</code></li> }).collect_view()}</ol>
            <div class="row codes-acts">
                <CopyButton what=all />
                <Button
                    small=true
                    on_press=move || {
                        // A browser that cannot print says so by itself.
                        let _ = window().print();
                    }
                >
                    {move || text.say("codes-print")}
                </Button>
            </div>
            <label class="tick">
                <input
                    type="checkbox"
                    prop:checked=move || kept.get()
                    on:change=move |event| {
                        kept.set(event_target_checked(&event));
                        asked.set(false);
                    }
                />
                <span>{move || text.say("codes-kept")}</span>
            </label>
            {shown_when(
                move || asked.get(),
                move || view! { <p class="error" role="alert">{move || text.say("codes-first")}</p> }.into_any(),
            )}
            <div class="setup-foot">
                <span class="grow"></span>
                <Button look=Look::Primary on_press=go_on>{move || text.say(done)}</Button>
            </div>
        </div>
    }
}
