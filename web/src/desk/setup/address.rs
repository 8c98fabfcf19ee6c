//! The address that links carry: what was found of it, and the line that sets another one. It is read from the
//! server's environment at its start, so that nobody can turn every link elsewhere from here.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::setup::{AddressCheck, AddressCheckId, AddressFinding};
use sealpost_web::client::{ClientError, setup};
use sealpost_web::text::Text;
use sealpost_web::ui::{Banner, Button, Icon, IconName, Tone};

use super::Wizard;
use super::frame::{Foot, StepPage};
use crate::copy::CopyButton;
use crate::said;
use crate::view::Step;

const STEP: Step = Step::Address;

#[component]
pub fn Address() -> impl IntoView {
    let text = Text::from_context();
    let wizard = Wizard::from_context();
    let found = RwSignal::new(None::<Result<AddressCheck, ClientError>>);
    let look = move || {
        found.set(None);
        let origin = window().location().origin().unwrap_or_default();
        spawn_local(async move {
            found.try_set(Some(wizard.desk.gate.hear(setup::check_address(origin).await)));
        });
    };
    look();
    let is_right = Signal::derive(move || matches!(&*found.read(), Some(Ok(check)) if check.ok));
    // Whoever goes on with an address that is not right yet will find it on the checklist.
    let on = move || if is_right.get_untracked() { wizard.onward(STEP) } else { wizard.skip(STEP) };
    view! {
        <StepPage step=STEP>
            <div class="setup-form" aria-busy=move || found.read().is_none().then_some("true")>
                {move || match found.get() {
                    None => view! { <p class="muted" role="status">{text.say("address-looking")}</p> }.into_any(),
                    Some(Ok(check)) => view! { <Found check=check /> }.into_any(),
                    Some(Err(error)) => view! {
                        <Banner tone=Tone::Bad icon=IconName::Alert>{said::sentence(text, &error)}</Banner>
                    }
                    .into_any(),
                }}
                <div class="row">
                    <Button small=true icon=IconName::Refresh on_press=look>{move || text.say("address-again")}</Button>
                </div>
                <Foot step=STEP on="setup-next" on_press=on />
            </div>
        </StepPage>
    }
}

#[component]
fn Found(check: AddressCheck) -> impl IntoView {
    let text = Text::from_context();
    let everywhere = check.findings.iter().all(|finding| finding.ok);
    let (tone, icon, says) = match (check.ok, everywhere) {
        (true, true) => (Tone::Info, IconName::Check, "address-right"),
        (true, false) => (Tone::Info, IconName::Info, "address-here"),
        (false, _) => (Tone::Warn, IconName::Alert, "address-wrong"),
    };
    view! {
        <p class="address">
            <span class="muted small">{text.say("address-now")}</span>
            <code>{check.public_url}</code>
        </p>
        <Banner tone=tone icon=icon>{text.say(says)}</Banner>
        <ul class="findings">
            {check.findings.into_iter().map(|finding| view! { <Finding finding=finding /> }).collect_view()}
        </ul>
        {check
            .environment_line
            .map(|line| {
                view! {
                    <div class="line-to-set">
                        <p>{text.say("address-line")}</p>
                        <pre tabindex="0">{line.clone()}</pre>
                        <CopyButton what=line />
                    </div>
                }
            })}
    }
}

#[component]
fn Finding(finding: AddressFinding) -> impl IntoView {
    let text = Text::from_context();
    let (icon, class, word) = match (finding.note, finding.ok) {
        (true, _) => (IconName::Info, "finding note", "finding-note"),
        (false, true) => (IconName::Check, "finding good", "finding-good"),
        (false, false) => (IconName::Alert, "finding bad", "finding-bad"),
    };
    let what = match finding.id {
        AddressCheckId::Scheme => "address-scheme",
        AddressCheckId::SameAsBrowser => "address-same",
        AddressCheckId::UsableByClients => "address-usable",
        AddressCheckId::Reachable => "address-reachable",
    };
    view! {
        <li class=class>
            <Icon name=icon />
            <span>
                <span class="hush">{text.say(word)}</span>
                <strong>{text.say(what)}</strong>
                <span class="muted small">{finding.detail}</span>
            </span>
        </li>
    }
}
