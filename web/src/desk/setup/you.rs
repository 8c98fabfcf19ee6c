//! The first page: the admin's name, address and password, which are the way back in.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use sealpost_shared::staff::{StaffSession, UpdateOwnUser};
use sealpost_shared::text::{Email, Name};
use sealpost_web::client::{Answer, account, staff};
use sealpost_web::text::Text;
use sealpost_web::ui::{Field, Icon, IconName};

use super::Wizard;
use super::frame::{Foot, StepPage};
use crate::account::words::{self, NewPassword, OwnName};
use crate::form::{Form, FormError};
use crate::view::Step;

#[component]
pub fn You() -> impl IntoView {
    let wizard = Wizard::from_context();
    let session = wizard.desk.gate.session.get_untracked();
    view! {
        <StepPage step=Step::Admin>
            {match session {
                Some(session) if session.has_password => view! { <Known session=session /> }.into_any(),
                _ => view! { <New /> }.into_any(),
            }}
        </StepPage>
    }
}

fn went_well(wizard: Wizard, session: StaffSession) {
    wizard.desk.gate.session.set(Some(session));
    wizard.onward(Step::Admin);
}

#[component]
fn New() -> impl IntoView {
    let text = Text::from_context();
    let wizard = Wizard::from_context();
    let [name, email, password] = [(); 3].map(|()| RwSignal::new(String::new()));
    let form = Form::new(words::ACCOUNT);
    let submit = move |event: SubmitEvent| {
        let read = move || {
            let name = form.read::<Name>("/name", name, "account-name-wrong");
            let email = form.read::<Email>("/email", email, "email-wrong");
            let password = words::read_new(form, password);
            Some((name?, email?, password?))
        };
        form.submit(
            &event,
            read,
            |(name, email, password)| save(name, email, password),
            move |session| {
                went_well(wizard, session);
            },
        );
    };
    let about = Signal::derive(move || vec![name.get(), email.get()]);
    view! {
        <form class="setup-form" node_ref=form.node on:submit=submit novalidate>
            <OwnName id="setup-name" value=name form=form />
            <Field
                id="setup-email"
                label=text.live("sign-in-email")
                hint=text.live("account-email-hint")
                value=email
                kind="email"
                autocomplete="username"
                required=true
                error=form.wrong("/email", email)
            />
            <NewPassword id="setup-password" form=form value=password about=about />
            <FormError form=form id="setup-error" />
            <Foot step=Step::Admin busy=form.busy />
        </form>
    }
}

async fn save(name: Name, email: Email, password: String) -> Answer<StaffSession> {
    let patch = UpdateOwnUser { name: Some(name), email: Some(email), ..UpdateOwnUser::default() };
    account::update(&patch).await?;
    account::set_password(password, None).await?;
    staff::session().await
}

/// Whoever has a password has an address; both are changed under "Your account".
#[component]
fn Known(session: StaffSession) -> impl IntoView {
    let text = Text::from_context();
    let wizard = Wizard::from_context();
    let name = RwSignal::new(session.user.name);
    let email = session.user.email.unwrap_or_default();
    let form = Form::new(words::ACCOUNT);
    let submit = move |event: SubmitEvent| {
        let read = move || {
            let name = form.read::<Name>("/name", name, "account-name-wrong")?;
            Some(UpdateOwnUser { name: Some(name), ..UpdateOwnUser::default() })
        };
        let call = |patch| async move { account::update(&patch).await };
        form.submit(&event, read, call, move |session| went_well(wizard, session));
    };
    view! {
        <form class="setup-form" node_ref=form.node on:submit=submit novalidate>
            <OwnName id="setup-name" value=name form=form />
            <p class="note-line muted">
                <Icon name=IconName::Check />
                <span>
                    {move || text.say_with("account-password-set", &[("email", email.as_str().into())])}
                </span>
            </p>
            <FormError form=form id="setup-error" />
            <Foot step=Step::Admin busy=form.busy />
        </form>
    }
}
