//! One plain text or email to a number or an address of one's own, now; and what came of it.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::channels::{ChannelFault, ChannelTest, TestEmailChannel, TestSmsChannel};
use sealpost_shared::contacts::Channel;
use sealpost_web::client::{Answer, ClientError, setup};
use sealpost_web::text::Text;
use sealpost_web::ui::{Banner, Button, Field, IconName, Tone};

use crate::gate::Gate;
use crate::said;

/// A test that is being asked for, and how the last one went.
#[derive(Clone, Copy)]
struct Asking {
    channel: Channel,
    to: RwSignal<String>,
    wrong: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    came: RwSignal<Option<Answer<ChannelTest>>>,
    save: Callback<Callback<()>>,
    on_tested: Option<Callback<()>>,
    gate: Gate,
}

impl Asking {
    fn ask(self, text: Text) {
        if self.busy.get_untracked() {
            return;
        }
        self.wrong.set(None);
        self.came.set(None);
        let Some(test) = Test::of(self.channel, &self.to.get_untracked()) else {
            let key = if self.channel == Channel::Sms { "phone-wrong" } else { "email-wrong" };
            return self.wrong.set(Some(text.say(key)));
        };
        self.save.run(Callback::new(move |()| self.send(test.clone())));
    }

    fn send(self, test: Test) {
        self.busy.set(true);
        spawn_local(async move {
            let answer = self.gate.hear(test.send().await);
            self.busy.try_set(false);
            let ok = matches!(answer, Ok(ChannelTest { ok: true, .. }));
            self.came.try_set(Some(answer));
            if let (true, Some(then)) = (ok, self.on_tested) {
                then.try_run(());
            }
        });
    }
}

/// `save` runs first and what it is given then: what is tested is what will be used.
#[component]
pub fn Tester(
    channel: Channel,
    #[prop(into)] save: Callback<Callback<()>>,
    #[prop(optional, into)] on_tested: Option<Callback<()>>,
) -> impl IntoView {
    let text = Text::from_context();
    let gate = Gate::from_context();
    let own = gate.session.with_untracked(|s| s.as_ref().and_then(|s| s.user.email.clone()));
    let asking = Asking {
        channel,
        to: RwSignal::new(own.filter(|_| channel == Channel::Email).unwrap_or_default()),
        wrong: RwSignal::new(None),
        busy: RwSignal::new(false),
        came: RwSignal::new(None),
        save,
        on_tested,
        gate,
    };
    let (id, label, kind) = match channel {
        Channel::Sms => ("test-phone", "test-to-phone", "tel"),
        Channel::Email => ("test-email", "test-to-email", "email"),
    };
    let on_key = move |event: KeyboardEvent| {
        // Enter here means this test, not the form around it.
        if event.key() == "Enter" {
            event.prevent_default();
            asking.ask(text);
        }
    };
    view! {
        <fieldset class="tester">
            <legend>{move || text.say("test-title")}</legend>
            <div on:keydown=on_key>
                <Field id=id label=text.live(label) value=asking.to kind=kind autocomplete=kind error=asking.wrong />
            </div>
            <div class="row">
                <Button disabled=asking.busy icon=IconName::Send on_press=move || asking.ask(text)>
                    {move || text.say(if asking.busy.get() { "test-busy" } else { "test-send" })}
                </Button>
            </div>
            <div class="tested">
                {move || asking.came.get().map(|came| view! { <Came came=came channel=channel /> })}
            </div>
        </fieldset>
    }
}

#[derive(Clone)]
enum Test {
    Sms(TestSmsChannel),
    Email(TestEmailChannel),
}

impl Test {
    fn of(channel: Channel, to: &str) -> Option<Self> {
        match channel {
            Channel::Sms => Some(Self::Sms(TestSmsChannel { to: to.parse().ok()? })),
            Channel::Email => Some(Self::Email(TestEmailChannel { to: to.parse().ok()? })),
        }
    }

    async fn send(self) -> Answer<ChannelTest> {
        match self {
            Self::Sms(test) => setup::test_sms(&test).await,
            Self::Email(test) => setup::test_email(&test).await,
        }
    }
}

#[component]
fn Came(came: Result<ChannelTest, ClientError>, channel: Channel) -> impl IntoView {
    let text = Text::from_context();
    match came {
        Ok(test) if test.ok => {
            let key = if channel == Channel::Sms { "test-went-text" } else { "test-went-email" };
            view! { <Banner tone=Tone::Info icon=IconName::Check>{text.say(key)}</Banner> }.into_any()
        }
        Ok(test) => view! {
            <Banner tone=Tone::Bad icon=IconName::Alert>
                <strong>{text.say(test.fault.map_or("fault-refused", fault_key))}</strong>
                <span>{test.detail}</span>
            </Banner>
        }
        .into_any(),
        Err(error) => {
            view! { <Banner tone=Tone::Bad icon=IconName::Alert>{said::sentence(text, &error)}</Banner> }
                .into_any()
        }
    }
}

const fn fault_key(fault: ChannelFault) -> &'static str {
    match fault {
        ChannelFault::HostNotFound => "fault-host",
        ChannelFault::Unreachable => "fault-unreachable",
        ChannelFault::Timeout => "fault-timeout",
        ChannelFault::Tls => "fault-tls",
        ChannelFault::SignIn => "fault-sign-in",
        ChannelFault::Sender => "fault-sender",
        ChannelFault::Recipient => "fault-recipient",
        ChannelFault::Refused => "fault-refused",
        ChannelFault::Busy => "fault-busy",
    }
}
