//! The notice that clients get: a text message and an email, each beside what would arrive.

use leptos::prelude::*;
use sealpost_web::text::Text;

use super::SecureForm;
use super::insert::{Lines, Piece, TemplateField};
use super::preview::{AsWhom, MailPreview, PhonePreview, Previewer, SmsCount};
use crate::own_fields::OwnFields;

/// What a notice may name besides the link, with the key of its words.
const FIELDS: &[(&str, &str)] = &[
    ("user.name_and_company", "piece-user-and-company"),
    ("user.name", "piece-user"),
    ("organization.name", "piece-organization"),
    ("organization.phone", "piece-organization-phone"),
    ("organization.office_hours", "piece-office-hours"),
    ("contact.first_name", "piece-first-name"),
];

#[component]
pub fn NoticePanel(form: SecureForm, preview: Previewer) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <section class="card panel">
            <h3>{text.live("notice-title")}</h3>
            <AsWhom preview=preview />
            <div class="beside">
                <TextNotice form=form preview=preview />
                <PhonePreview preview=preview />
            </div>
            <div class="beside">
                <MailNotice form=form preview=preview />
                <MailPreview preview=preview />
            </div>
        </section>
    }
}

#[component]
fn TextNotice(form: SecureForm, preview: Previewer) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <div class="beside-fields">
            <TemplateField
                id="notice-sms"
                lines=Lines::Many
                label=text.live("notice-sms")
                value=form.read(|draft| draft.sms_body.clone())
                on_input=move |typed| form.change("/notice_sms_body", |draft| draft.sms_body = typed)
                error=preview.problem(form, "/notice_sms_body")
                pieces=pieces(text, true)
                hint=must_link(text)
                described="notice-sms-count"
            >
                <SmsCount preview=preview id="notice-sms-count" />
            </TemplateField>
        </div>
    }
}

#[component]
fn MailNotice(form: SecureForm, preview: Previewer) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <div class="beside-fields">
            <TemplateField
                id="notice-subject"
                lines=Lines::One
                label=text.live("notice-subject")
                value=form.read(|draft| draft.email_subject.clone())
                on_input=move |typed| form.change("/notice_email_subject", |draft| draft.email_subject = typed)
                error=preview.problem(form, "/notice_email_subject")
                pieces=pieces(text, false)
            />
            <TemplateField
                id="notice-body"
                lines=Lines::Many
                label=text.live("notice-body")
                value=form.read(|draft| draft.email_body.clone())
                on_input=move |typed| form.change("/notice_email_body", |draft| draft.email_body = typed)
                error=preview.problem(form, "/notice_email_body")
                pieces=pieces(text, true)
                hint=must_link(text)
            />
        </div>
    }
}

fn must_link(text: Text) -> Signal<String> {
    Signal::derive(move || text.say_with("notice-must-link", &[("code", "{{ secure_link }}".into())]))
}

fn pieces(text: Text, link: bool) -> Signal<Vec<Piece>> {
    let fields = OwnFields::from_context();
    Signal::derive(move || {
        let link = link.then(|| piece("secure_link", text.say("piece-link")));
        let known = FIELDS.iter().map(|(name, key)| piece(name, text.say(key)));
        let own = fields.all.get().into_iter().filter(|field| field.in_notices);
        let own = own
            .map(|field| piece(&format!("custom.{}", field.key.as_str()), field.label.as_str().to_owned()));
        link.into_iter().chain(known).chain(own).collect()
    })
}

pub fn piece(name: &str, words: String) -> Piece {
    Piece { code: format!("{{{{ {name} }}}}"), words }
}
