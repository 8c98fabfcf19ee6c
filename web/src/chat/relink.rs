//! "Send me a new link": the offer, and what is said once it was asked for. The answer is always the
//! same, whether a link was sent or not (security.md D8).

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::contacts::Channel;
use sealpost_shared::links::RelinkOffer;
use sealpost_web::client::{ClientError, patient};
use sealpost_web::text::Text;
use sealpost_web::time;
use sealpost_web::ui::{self, Button, Icon, IconName, Look};

use super::frame::{CallLine, Heading, HintLine, Stage};
use super::visit::Visit;

/// How asking went; in the context of both screens.
#[derive(Clone, Copy)]
struct Asking {
    sent: RwSignal<bool>,
    busy: RwSignal<bool>,
    failed: RwSignal<Option<ClientError>>,
    /// Seconds until it can be asked again.
    wait: RwSignal<u32>,
}

type Offered = StoredValue<Option<RelinkOffer>>;

/// Its children until a new link was asked for; then what follows.
#[component]
pub fn Relink<F, V>(offer: Option<RelinkOffer>, children: F) -> impl IntoView
where
    F: Fn(Offered) -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let asking = Asking {
        sent: RwSignal::new(false),
        busy: RwSignal::new(false),
        failed: RwSignal::new(None),
        wait: RwSignal::new(0),
    };
    provide_context(asking);
    let offer = StoredValue::new(offer);
    time::every_second(move || {
        if asking.wait.get_untracked() > 0 {
            asking.wait.update(|wait| *wait -= 1);
        }
    });
    ui::shown(move || {
        if asking.sent.get() { view! { <Sent offer=offer /> }.into_any() } else { children(offer).into_any() }
    })
}

fn ask(visit: Visit, asking: Asking) {
    asking.busy.set(true);
    let turn = visit.this_turn();
    spawn_local(async move {
        let answer = patient::relink(&visit.token()).await;
        if !visit.is_turn(turn) {
            return;
        }
        asking.busy.set(false);
        match answer {
            Ok(accepted) => {
                asking.failed.set(None);
                asking.wait.set(accepted.retry_after_seconds);
                asking.sent.set(true);
            }
            Err(error) => asking.failed.set(Some(error)),
        }
    });
}

/// Where a new link would go, or that somebody must be called.
#[component]
pub fn WhereTo(offer: Offered) -> impl IntoView {
    match offer.get_value() {
        None => view! { <CallLine key="offer-none" /> }.into_any(),
        Some(offer) => {
            let keys = ["offer-sms", "offer-sms-hidden", "offer-email", "offer-email-hidden"];
            view! { <Target offer=offer keys=keys /> }.into_any()
        }
    }
}

/// One of four sentences: by channel, and by whether the address may be hinted at.
#[component]
fn Target(offer: RelinkOffer, keys: [&'static str; 4]) -> impl IntoView {
    let text = Text::from_context();
    let [sms, sms_hidden, email, email_hidden] = keys;
    let (key, hidden) = match offer.channel {
        Channel::Sms => (sms, sms_hidden),
        Channel::Email => (email, email_hidden),
    };
    match offer.hint {
        Some(hint) => view! { <HintLine key=key hint=hint /> }.into_any(),
        None => text.live(hidden).into_any(),
    }
}

/// The button, and whom to call when the address is old.
#[component]
pub fn Offer(offer: Offered) -> impl IntoView {
    let (visit, text, asking) = (Visit::from_context(), Text::from_context(), expect_context::<Asking>());
    let changed = offer.with_value(|offer| {
        offer.as_ref().map(|offer| match offer.channel {
            Channel::Sms => "changed-sms",
            Channel::Email => "changed-email",
        })
    });
    changed.map(|changed| {
        view! {
            <AskFailed />
            <Button look=Look::Primary disabled=asking.busy on_press=move || ask(visit, asking)>
                {text.live("send-new-link")}
            </Button>
            <p class="muted small"><CallLine key=changed /></p>
        }
    })
}

#[component]
fn AskFailed() -> impl IntoView {
    let (text, asking) = (Text::from_context(), expect_context::<Asking>());
    let words = move |error: ClientError| match error {
        ClientError::Offline => text.say("offline"),
        ClientError::Problem(problem) => text.problem(problem.code),
        ClientError::Unexpected => text.say("unexpected"),
    };
    ui::shown(move || {
        let failed = asking.failed.get().map(|error| {
            view! {
                <p class="error" role="alert">
                    <Icon name=IconName::Alert />
                    <span>{words(error)}</span>
                </p>
            }
            .into_any()
        });
        failed.into_any()
    })
}

#[component]
fn Sent(offer: Offered) -> impl IntoView {
    let (visit, text, asking) = (Visit::from_context(), Text::from_context(), expect_context::<Asking>());
    let target = offer.get_value().map(|offer| {
        let keys = ["sent-sms", "sent-sms-hidden", "sent-email", "sent-email-hidden"];
        view! { <Target offer=offer keys=keys /> }
    });
    let label = Signal::derive(move || match asking.wait.get() {
        0 => text.say("send-again"),
        seconds => text.say_with("send-again-in", &[("seconds", seconds.into())]),
    });
    let disabled = Signal::derive(move || asking.busy.get() || asking.wait.get() > 0);
    view! {
        <Stage>
            <div class="says">
                <p class="sign ok"><Icon name=IconName::Check class="i large" /></p>
                <Heading key="sent-title" />
                <p class="muted">{target} " " <CallLine key="sent-wait" /></p>
            </div>
            <AskFailed />
            <Button disabled=disabled on_press=move || ask(visit, asking)>{label}</Button>
        </Stage>
    }
}
