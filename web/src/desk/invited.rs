//! An invitation: who invites, and the few things an account needs.

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::conversations::Folder;
use sealpost_shared::invitations::{AcceptInvitation, InvitationOffer};
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::text::Name;
use sealpost_web::client::{ClientError, account};
use sealpost_web::text::Text;
use sealpost_web::ui::{Banner, Button, IconName, Look, Mark, Tone, wear_accent};

use super::account::words::{self, NewPassword, OwnName};
use super::form::{Form, FormError};
use super::gate::{Gate, Out, Phase};
use super::places::Go;
use super::said;
use super::view::Place;

#[component]
pub fn Invited() -> impl IntoView {
    let text = Text::from_context();
    let gate = Gate::from_context();
    let offer = RwSignal::new(None::<Result<InvitationOffer, ClientError>>);
    let open = move || {
        offer.set(None);
        let token = gate.invitation.get_value().unwrap_or_default();
        spawn_local(async move {
            offer.try_set(Some(account::open_invitation(token).await));
        });
    };
    open();
    Effect::new(move || {
        document().set_title(&text.say("invited-title"));
        offer.with(|offer| {
            if let Some(Ok(offer)) = offer {
                wear_accent(offer.organization.accent_color.as_deref());
            }
        });
    });
    view! {
        <main class="sign-in">
            {move || match offer.get() {
                None => view! { <p class="starting" role="status">{text.say("starting")}</p> }.into_any(),
                Some(Ok(offer)) => view! { <Accept offer=offer /> }.into_any(),
                Some(Err(error)) => view! { <Refused error=error again=Callback::new(move |()| open()) /> }.into_any(),
            }}
        </main>
    }
}

#[component]
fn Accept(offer: InvitationOffer) -> impl IntoView {
    let text = Text::from_context();
    let gate = Gate::from_context();
    let go = Go::from_context();
    let organization = offer.organization.name.clone();
    let values =
        [("name", offer.invited_by.into()), ("organization", offer.organization.name.as_str().into())];
    let says = text.say_with("invited-what", &values);
    let email = offer.email.as_str().to_owned();
    let name = RwSignal::new(offer.name.as_str().to_owned());
    let password = RwSignal::new(String::new());
    let form = Form::new(words::ACCOUNT);
    let heading = NodeRef::<html::H1>::new();
    Effect::new(move || {
        if let Some(heading) = heading.get() {
            let _ = heading.focus();
        }
    });
    let submit = move |event: SubmitEvent| {
        let read = move || {
            let name = form.read::<Name>("/name", name, "account-name-wrong");
            let password = words::read_new(form, password);
            let token = gate.invitation.get_value().unwrap_or_default();
            Some(AcceptInvitation { token, name: name?, password: password? })
        };
        let call = |accept| async move { account::accept_invitation(&accept).await };
        form.submit(&event, read, call, move |answer| {
            let inbox = Place::Folder(Folder::Inbox, None);
            // The token leaves the address with this step.
            if gate.answered(answer) {
                go.instead(inbox);
            } else {
                gate.invitation.set_value(None);
                gate.wanted.set_value(inbox);
                go.sign_in(Place::Home);
            }
        });
    };
    let known = [email.clone(), organization.clone()];
    let about = Signal::derive(move || known.iter().cloned().chain([name.get()]).collect::<Vec<_>>());
    view! {
        <form class="card gate" node_ref=form.node on:submit=submit novalidate>
            <Mark name=Signal::stored(organization) />
            <div class="setup-says">
                <h1 tabindex="-1" node_ref=heading>{text.say("invited-heading")}</h1>
                <p class="muted">{says}</p>
            </div>
            <label class="field">
                <span class="strong small">{text.say("sign-in-email")}</span>
                // Fixed: the invitation is for this address. Password managers find the account's name here.
                <input class="input" type="email" autocomplete="username" readonly prop:value=email />
            </label>
            <OwnName id="invited-name" value=name form=form />
            <NewPassword id="invited-password" form=form value=password about=about />
            <FormError form=form id="invited-error" />
            <Button look=Look::Primary submit=true disabled=form.busy>
                {move || text.say(if form.busy.get() { "setup-busy" } else { "invited-accept" })}
            </Button>
        </form>
    }
}

#[component]
fn Refused(error: ClientError, again: Callback<()>) -> impl IntoView {
    let text = Text::from_context();
    let gate = Gate::from_context();
    let go = Go::from_context();
    let over = matches!(
        error.code(),
        Some(ProblemCode::InvitationNotFound | ProblemCode::ValidationFailed | ProblemCode::NotFound)
    );
    let leave = move || {
        gate.invitation.set_value(None);
        gate.phase.set(Phase::Out(Out::First));
        go.sign_in(Place::Home);
    };
    view! {
        <div class="card gate">
            <h1>{text.say("invited-heading")}</h1>
            <Banner tone=Tone::Bad icon=IconName::Alert>
                {if over { text.say("invited-not-found") } else { said::sentence(text, &error) }}
            </Banner>
            {if over {
                view! { <Button on_press=leave>{text.say("invited-sign-in")}</Button> }.into_any()
            } else {
                view! { <Button look=Look::Primary on_press=again>{text.say("try-again")}</Button> }.into_any()
            }}
        </div>
    }
}
