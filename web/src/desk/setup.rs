//! The first start: one thing a page, each saved when one goes on. The address says which page, the server
//! what is done, so that a reload goes on where one was.

mod address;
mod first_message;
mod frame;
mod on_its_way;
mod people;
mod practice;
mod second_step;
mod ways;
mod you;

use leptos::prelude::*;
use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::Folder;
use sealpost_shared::setup::SetupState;
use sealpost_web::client::setup;
use sealpost_web::text::Text;
use sealpost_web::ui::{Icon, IconName, shown};

use super::desk::Desk;
use super::folder::Skeleton;
use super::places::Go;
use super::view::{Place, Step, first_due, state_of, step_after};

/// What the pages of the first start share.
#[derive(Clone, Copy)]
pub struct Wizard {
    pub desk: Desk,
    go: Go,
}

impl Wizard {
    fn provide() -> Self {
        let wizard = Self { desk: Desk::from_context(), go: Go::from_context() };
        provide_context(wizard);
        wizard
    }

    pub fn from_context() -> Self {
        expect_context()
    }

    /// As far as is known; what is done on a page shows when the page is opened again.
    pub fn is_done(self, step: Step) -> bool {
        let setup = self.desk.setup.read_untracked();
        setup.as_ref().is_some_and(|setup| state_of(setup, step) == SetupState::Done)
    }

    /// The page was saved: on to the next.
    pub fn onward(self, step: Step) {
        self.desk.load_setup();
        self.go.to(match step_after(step) {
            Some(next) => Place::Setup(Some(next)),
            None => Place::Folder(Folder::Inbox, None),
        });
    }

    pub fn skip(self, step: Step) {
        if self.is_done(step) {
            return self.onward(step);
        }
        self.desk.act(setup::skip(step), move |fresh| {
            self.desk.setup.try_set(Some(fresh));
            self.onward(step);
        });
    }
}

#[component]
pub fn Setup() -> impl IntoView {
    let text = Text::from_context();
    let wizard = Wizard::provide();
    let desk = wizard.desk;
    desk.load_setup();
    let step = Memo::new(move |_| match desk.place.get() {
        Place::Setup(step) => step,
        _ => None,
    });
    // Without a step in the address: where it goes on.
    Effect::new(move || {
        if desk.place.get() == Place::Setup(None)
            && let Some(due) = desk.setup.with(|setup| setup.as_ref().map(first_due))
        {
            wizard.go.instead(Place::Setup(Some(due)));
        }
    });
    let known = Memo::new(move |_| desk.setup.with(Option::is_some));
    let is_admin = Memo::new(move |_| desk.is_admin());
    view! {
        <div class="setup">
            <Top desk=desk />
            <main class="card setup-card">
                {shown(move || match (is_admin.get(), known.get(), step.get()) {
                    (false, ..) => view! { <p>{text.say("setup-only-admin")}</p> }.into_any(),
                    (true, true, Some(step)) => page(step),
                    (true, ..) => view! { <Skeleton /> }.into_any(),
                })}
            </main>
        </div>
    }
}

fn page(step: Step) -> AnyView {
    match step {
        Step::Admin => view! { <you::You /> }.into_any(),
        Step::SecondStep => view! { <second_step::SecondStep /> }.into_any(),
        Step::Practice => view! { <practice::Practice /> }.into_any(),
        Step::Address => view! { <address::Address /> }.into_any(),
        Step::Sms => view! { <ways::Way channel=Channel::Sms /> }.into_any(),
        Step::Email => view! { <ways::Way channel=Channel::Email /> }.into_any(),
        Step::Invitations => view! { <people::People /> }.into_any(),
        Step::FirstMessage => view! { <first_message::FirstMessage /> }.into_any(),
    }
}

/// The product's mark, and the way out for whoever can come back.
#[component]
fn Top(desk: Desk) -> impl IntoView {
    let text = Text::from_context();
    let may_leave = Memo::new(move |_| {
        desk.gate.session.with(|session| session.as_ref().is_some_and(|s| s.has_password))
    });
    view! {
        <header class="setup-top">
            <span class="mark" aria-hidden="true">
                <Icon name=IconName::Lock />
            </span>
            <strong class="grow">{move || text.say("setup-title")}</strong>
            <Show when=move || may_leave.get()>
                <a class="btn quiet" href=Place::Folder(Folder::Inbox, None).path()>
                    {move || text.say("setup-later")}
                </a>
            </Show>
        </header>
    }
}
