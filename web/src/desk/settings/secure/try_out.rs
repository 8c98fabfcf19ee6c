//! "Send a test to myself": a real secure message, by text or email, as the saved settings make it.

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::Message;
use sealpost_shared::deliveries::DeliveryStatus;
use sealpost_shared::settings::SendTestMessage;
use sealpost_web::client::{ClientError, settings, staff};
use sealpost_web::text::Text;
use sealpost_web::ui::{
    Banner, Button, Dialog, Entry, EntryNode, IconName, Look, Segmented, Tone, shown_when,
};
use uuid::Uuid;

use super::SecureForm;
use crate::desk::Desk;
use crate::said;
use crate::view::{as_sentence, refusal};

#[derive(Clone, Copy)]
struct Test {
    channel: RwSignal<Channel>,
    phone: RwSignal<String>,
    email: RwSignal<String>,
    busy: RwSignal<bool>,
    /// The test that was sent last, as far as it got.
    sent: RwSignal<Option<(Message, String)>>,
    error: RwSignal<Option<String>>,
    trouble: RwSignal<Option<String>>,
    key: StoredValue<Uuid>,
}

impl Test {
    fn new(email: String) -> Self {
        Self {
            channel: RwSignal::new(Channel::Email),
            phone: RwSignal::new(String::new()),
            email: RwSignal::new(email),
            busy: RwSignal::new(false),
            sent: RwSignal::new(None),
            error: RwSignal::new(None),
            trouble: RwSignal::new(None),
            key: StoredValue::new(Uuid::new_v4()),
        }
    }

    fn to(self) -> RwSignal<String> {
        match self.channel.get() {
            Channel::Sms => self.phone,
            Channel::Email => self.email,
        }
    }

    /// Another address or channel is another test.
    fn touched(self) {
        self.sent.set(None);
        self.error.set(None);
        self.trouble.set(None);
        self.key.set_value(Uuid::new_v4());
    }

    fn send(self, desk: Desk, text: Text) {
        if self.busy.get_untracked() {
            return;
        }
        let channel = self.channel.get_untracked();
        let to = match channel {
            Channel::Sms => self.phone.get_untracked(),
            Channel::Email => self.email.get_untracked(),
        };
        self.sent.set(None);
        self.error.set(None);
        self.trouble.set(None);
        self.busy.set(true);
        spawn_local(async move {
            let test = SendTestMessage { channel, to: Some(to.clone()) };
            let answer = desk.gate.hear(settings::send_test(&test, self.key.get_value()).await);
            self.busy.try_set(false);
            match answer {
                Ok(message) => {
                    self.key.try_set_value(Uuid::new_v4());
                    self.sent.try_set(Some((message, to.trim().to_owned())));
                }
                Err(error) => self.failed(text, &error),
            }
        });
    }

    /// Looks again whenever something happened to the message.
    fn follow(self, desk: Desk) {
        Effect::new(move || {
            let sent = self.sent.with_untracked(|sent| sent.as_ref().map(|(m, _)| (m.id, m.conversation_id)));
            let Some((id, conversation)) = sent else { return desk.news.track() };
            if !desk.news.with(|news| news.touches(conversation)) {
                return;
            }
            spawn_local(async move {
                if let Ok(fresh) = desk.gate.hear(staff::message(id).await) {
                    self.sent.try_update(|sent| {
                        if let Some((message, _)) = sent.as_mut().filter(|(message, _)| message.id == id) {
                            *message = fresh;
                        }
                    });
                }
            });
        });
    }

    fn failed(self, text: Text, error: &ClientError) {
        let field = match error {
            ClientError::Problem(problem) => refusal(&problem.errors, "/to"),
            ClientError::Offline | ClientError::Unexpected => None,
        };
        match field {
            Some(field) => self.error.try_set(Some(as_sentence(&field.detail))),
            None => self.trouble.try_set(Some(said::sentence(text, error))),
        };
    }
}

#[component]
pub fn TryOut(form: SecureForm, open: RwSignal<bool>) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let own = desk.gate.session.with_untracked(|s| s.as_ref().and_then(|s| s.user.email.clone()));
    let test = Test::new(own.unwrap_or_default());
    test.follow(desk);
    Effect::new(move || {
        if open.get() {
            test.touched();
        }
    });
    view! {
        <Dialog open=open title=text.live("try-out-open") on_close=move || open.set(false)>
            <TestForm form=form test=test on_close=move || open.set(false) />
        </Dialog>
    }
}

#[component]
fn TestForm(form: SecureForm, test: Test, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let channels =
        vec![(Channel::Email, text.live("channel-email")), (Channel::Sms, text.live("channel-text"))];
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        test.send(desk, text);
    };
    let is_text = Signal::derive(move || test.channel.get() == Channel::Sms);
    let label = move || text.say(if is_text.get() { "try-out-phone" } else { "try-out-email" });
    let example = move || if is_text.get() { text.say("phone-example") } else { String::new() };
    view! {
        <form class="compose" on:submit=submit novalidate>
            <p class="muted">{text.live("try-out-what")}</p>
            {shown_when(
                move || form.dirty.get(),
                move || {
                    view! { <Banner tone=Tone::Warn icon=IconName::Alert>{text.live("try-out-unsaved")}</Banner> }
                        .into_any()
                },
            )}
            <Segmented
                name="test-channel"
                legend=text.live("try-out-channel")
                choices=channels
                chosen=test.channel
                on_choose=move |channel| {
                    test.touched();
                    test.channel.set(channel);
                }
            />
            <Entry
                id="test-to"
                label=Signal::derive(label)
                placeholder=Signal::derive(example)
                value=Signal::derive(move || test.to().get())
                on_input=move |typed| {
                    test.touched();
                    test.to().set(typed);
                }
                error=test.error
                node=EntryNode::Line(NodeRef::<html::Input>::new())
            />
            {move || {
                test.trouble.get().map(|words| view! { <Banner tone=Tone::Bad icon=IconName::Alert>{words}</Banner> })
            }}
            <HowFar test=test />
            <div class="dialog-foot">
                <Button on_press=on_close>{text.live("close")}</Button>
                <Button look=Look::Primary submit=true disabled=test.busy>{text.live("try-out-send")}</Button>
            </div>
        </form>
    }
}

/// On its way, out, or not delivered and why.
#[component]
fn HowFar(test: Test) -> impl IntoView {
    let text = Text::from_context();
    let state = Memo::new(move |_| {
        test.sent.with(|sent| {
            let (message, to) = sent.as_ref()?;
            let delivery = message.deliveries.last();
            let status = delivery.map_or(DeliveryStatus::Queued, |delivery| delivery.status);
            let why = delivery.and_then(|delivery| delivery.failure.as_ref()).map(|why| why.detail.clone());
            Some((status, why.unwrap_or_default(), to.clone()))
        })
    });
    move || {
        state.get().map(|(status, why, to)| {
            let to = [("to", to.into())];
            match status {
                DeliveryStatus::Failed | DeliveryStatus::Canceled => {
                    let words = format!("{} {}", text.say_with("try-out-failed", &to), as_sentence(&why));
                    view! { <Banner tone=Tone::Bad icon=IconName::Alert>{words}</Banner> }
                }
                DeliveryStatus::Sent | DeliveryStatus::Delivered => {
                    view! { <Banner icon=IconName::Check>{text.say_with("try-out-arrived", &to)}</Banner> }
                }
                DeliveryStatus::Queued | DeliveryStatus::Sending | DeliveryStatus::NeedsReview => {
                    view! { <Banner icon=IconName::Clock>{text.say_with("try-out-sent", &to)}</Banner> }
                }
            }
        })
    }
}
