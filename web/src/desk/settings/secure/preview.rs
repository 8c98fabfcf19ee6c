//! What would arrive, as the server says: asked again a moment after the last change.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::contacts::Contact;
use sealpost_shared::ids::ContactId;
use sealpost_shared::settings::{
    EmailPreview, PreviewSecureMessaging, SecureMessagingPreview, SmsEncoding, SmsPreview,
};
use sealpost_web::client::{ClientError, settings};
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Icon, IconName, Look};

use super::SecureForm;
use crate::contact_search::ContactSearch;
use crate::desk::Desk;
use crate::view::{SecureDraft, as_sentence, refusal};

/// Long enough that a word is typed in one go, short enough to feel live.
const PAUSE: Duration = Duration::from_millis(300);

#[derive(Clone, Copy)]
pub struct Previewer {
    pub contact: RwSignal<Option<Contact>>,
    pub shown: RwSignal<Option<SecureMessagingPreview>>,
    trouble: RwSignal<Option<ClientError>>,
    turn: StoredValue<u32>,
}

impl Previewer {
    pub fn start(desk: Desk, form: SecureForm) -> Self {
        let previewer = Self {
            contact: RwSignal::new(None),
            shown: RwSignal::new(None),
            trouble: RwSignal::new(None),
            turn: StoredValue::new(0),
        };
        let drafts = Memo::new(move |_| {
            let contact = previewer.contact.with(|contact| contact.as_ref().map(|contact| contact.id));
            form.draft.with(|draft| drafts_of(draft, contact))
        });
        Effect::new(move |timer: Option<Option<TimeoutHandle>>| {
            let first = timer.is_none();
            if let Some(timer) = timer.flatten() {
                timer.clear();
            }
            let drafts = drafts.get();
            let ask = move || previewer.ask(desk, drafts);
            if first {
                ask();
                return None;
            }
            set_timeout_with_handle(ask, PAUSE).ok()
        });
        previewer
    }

    fn ask(self, desk: Desk, drafts: PreviewSecureMessaging) {
        // The page may be gone by now.
        if self.turn.try_update_value(|turn| *turn += 1).is_none() {
            return;
        }
        let turn = self.turn.get_value();
        spawn_local(async move {
            let answer = desk.gate.hear(settings::preview_secure_messaging(&drafts).await);
            // A newer question has its own answer.
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            match answer {
                Ok(preview) => {
                    self.trouble.set(None);
                    self.shown.set(Some(preview));
                }
                Err(error) => self.trouble.set(Some(error)),
            }
        });
    }

    /// What is wrong with a field: as the server refused it, else as the preview found it.
    pub fn problem(self, form: SecureForm, pointer: &'static str) -> Signal<Option<String>> {
        let refused = form.saving.error_at(pointer);
        Signal::derive(move || {
            let found = || {
                self.shown.with(|shown| {
                    let problems = shown.as_ref().map(|shown| shown.problems.as_slice());
                    refusal(problems.unwrap_or_default(), pointer).map(|error| as_sentence(&error.detail))
                })
            };
            refused.get().or_else(found)
        })
    }
}

fn drafts_of(draft: &SecureDraft, contact_id: Option<ContactId>) -> PreviewSecureMessaging {
    PreviewSecureMessaging {
        contact_id,
        notice_sms_body: Some(draft.sms_body.clone()),
        notice_email_subject: Some(draft.email_subject.clone()),
        notice_email_body: Some(draft.email_body.clone()),
        pin_enabled: Some(draft.pin_enabled),
        default_pin: Some(draft.pin.shown()),
    }
}

/// As whom the preview looks: an invented person, until somebody is chosen.
#[component]
pub fn AsWhom(preview: Previewer) -> impl IntoView {
    let text = Text::from_context();
    let typed = RwSignal::new(String::new());
    let choosing = RwSignal::new(false);
    let name = move || preview.shown.with(|shown| shown.as_ref().map(|shown| shown.contact_name.clone()));
    let pick = move |contact: Contact| {
        preview.contact.set(Some(contact));
        choosing.set(false);
    };
    view! {
            // Enter chooses a person here; it does not save the form around.
            <div
                class="as-whom"
                on:keydown=move |event| {
                    if event.key() == "Enter" && choosing.get_untracked() {
                        event.prevent_default();
                    }
                }
            >
                {move || match choosing.get() {
                    true => view! {
                        <div class="field grow">
                            <label for="preview-as">{text.live("preview-choose")}</label>
                            <ContactSearch id="preview-as" typed=typed label=text.live("preview-choose") on_pick=pick />
                        </div>
                        <Button small=true look=Look::Quiet on_press=move || choosing.set(false)>
                            {text.live("cancel")}
                        </Button>
                    }
                    .into_any(),
                    false => view! {
                        <p class="small grow">
                            <span class="muted">{text.live("preview-as")}</span>
                            " "
                            <bdi class="strong">{name}</bdi>
                            " "
    {move || preview.contact.with(Option::is_none).then(|| text.say("preview-invented"))}
                        </p>
                        <Button small=true on_press=move || choosing.set(true)>{text.live("preview-change")}</Button>
                    }
                    .into_any(),
                }}
            </div>
        }
}

/// A part of the preview, or why there is none.
fn part<T: Clone + Send + Sync + PartialEq + 'static>(
    preview: Previewer,
    of: impl Fn(&SecureMessagingPreview) -> Option<T> + Send + Sync + 'static,
    draw: impl Fn(T) -> AnyView + Send + 'static,
) -> AnyView {
    let text = Text::from_context();
    let shown = Memo::new(move |_| preview.shown.with(|shown| shown.as_ref().and_then(&of)));
    let asked = Memo::new(move |_| preview.shown.with(Option::is_some));
    (move || match (shown.get(), preview.trouble.get(), asked.get()) {
        (Some(part), None, _) => draw(part),
        (_, Some(_), _) => view! { <p class="muted small">{text.say("preview-away")}</p> }.into_any(),
        (None, None, true) => view! { <p class="muted small">{text.say("preview-wrong")}</p> }.into_any(),
        (None, None, false) => ().into_any(),
    })
    .into_any()
}

/// The text message on a phone.
#[component]
pub fn PhonePreview(preview: Previewer) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <figure class="phone" aria-label=text.live("preview-sms")>
            <figcaption class="phone-top tiny">
                <Icon name=IconName::Phone />
                {text.live("preview-sms")}
            </figcaption>
            <div class="phone-screen">
                {part(
                    preview,
                    |shown| shown.sms.as_ref().map(|sms| sms.body.clone()),
                    |body| view! { <p class="bubble small" id="preview-sms-body">{body}</p> }.into_any(),
                )}
            </div>
        </figure>
    }
}

/// The email in a mailbox.
#[component]
pub fn MailPreview(preview: Previewer) -> impl IntoView {
    let text = Text::from_context();
    let draw = |mail: EmailPreview| {
        view! {
            <div class="mail-head">
                <p class="tiny muted clip">{mail.from_name}</p>
                <p class="small strong" id="preview-subject">{mail.subject}</p>
            </div>
            <p class="small mail-text">{mail.text}</p>
        }
        .into_any()
    };
    view! {
        <figure class="phone mail" aria-label=text.live("preview-email")>
            <figcaption class="phone-top tiny">
                <Icon name=IconName::Mail />
                {text.live("preview-email")}
            </figcaption>
            <div class="phone-screen">{part(preview, |shown| shown.email.clone(), draw)}</div>
        </figure>
    }
}

/// "167 characters, 2 SMS segments", exactly as the gateway counts.
#[component]
pub fn SmsCount(preview: Previewer, id: &'static str) -> impl IntoView {
    let text = Text::from_context();
    let sms = Memo::new(move |_| preview.shown.with(|shown| shown.as_ref().and_then(|s| s.sms.clone())));
    view! {
        <p class="hint" id=id>
            {move || sms.with(|sms| sms.as_ref().map(|sms| counted(text, sms)))}
        </p>
    }
}

fn counted(text: Text, sms: &SmsPreview) -> String {
    let mut words = text.say_with(
        "sms-count",
        &[
            ("characters", sms.characters.into()),
            ("segments", sms.segments.into()),
            ("left", sms.left.into()),
        ],
    );
    if sms.encoding == SmsEncoding::Ucs2 {
        let letters = sms.not_gsm7.join(" ");
        words.push(' ');
        words.push_str(&text.say_with("sms-unicode", &[("letters", letters.into())]));
    }
    words
}
