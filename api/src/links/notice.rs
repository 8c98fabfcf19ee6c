//! What a notice says: who wrote and where to read it, nothing of the message. One way for what is sent and
//! for what is looked at before.

use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::AuthorKind;
use sealpost_shared::paths::PATIENT_PAGE;
use sealpost_shared::problem::ProblemCode;

use super::issue::Opening;
use crate::delivery::{Content, EmailContent, SmsContent};
use crate::entities::{message, organization};
use crate::problem::{Problem, Result};
use crate::state::State;
use crate::templates::{
    self, ContactFields, NoticeFields, NoticeKind, RenderedNotice, SenderFields, TemplateError,
};

/// A finished notice, and where it turned out empty.
pub struct Composed {
    pub content: Content,
    pub empty: Vec<(NoticeKind, TemplateError)>,
}

/// The link as a notice carries it.
pub fn address(state: &State, token: &str) -> String {
    format!("{}{PATIENT_PAGE}#{token}", state.config.origin())
}

/// Who wrote, as the contact may know it: a person by name; a key's name is the organization's own affair.
pub fn known_as<'a>(message: &'a message::Model, organization: &'a organization::Model) -> &'a str {
    author_known_as(message.author_kind, &message.author_name, organization)
}

pub fn author_known_as<'a>(
    kind: AuthorKind,
    name: &'a str,
    organization: &'a organization::Model,
) -> &'a str {
    match kind {
        AuthorKind::ApiKey | AuthorKind::System => &organization.name,
        AuthorKind::Staff | AuthorKind::Contact => name,
    }
}

/// The notice of a link to this contact. Fails when a template does, which saving it should have found.
pub fn compose(
    opening: &Opening<'_>,
    author: &str,
    channel: Channel,
    link: &str,
) -> Result<Composed, TemplateError> {
    let settings = opening.settings;
    let mut empty = Vec::new();
    let mut render = |kind, template: &str| -> Result<String, TemplateError> {
        let rendered = rendered(opening, author, link, template)?;
        empty.extend(rendered.empty.map(|place| (kind, place)));
        Ok(rendered.text)
    };
    let content = match channel {
        Channel::Sms => {
            let body = render(NoticeKind::SmsBody, &settings.notice_sms_body)?;
            Content::Sms(SmsContent::notice(&body))
        }
        Channel::Email => {
            let subject = render(NoticeKind::EmailSubject, &settings.notice_email_subject)?;
            let body = render(NoticeKind::EmailBody, &settings.notice_email_body)?;
            Content::Email(EmailContent::notice(&opening.organization.name, &subject, &body, link))
        }
    };
    Ok(Composed { content, empty })
}

fn rendered(
    opening: &Opening<'_>,
    author: &str,
    link: &str,
    template: &str,
) -> Result<RenderedNotice, TemplateError> {
    let organization = opening.organization;
    let hours = organization.office_hours().and_then(|hours| templates::hours_in_words(&hours));
    let fields = NoticeFields {
        sender: SenderFields {
            user_name: author,
            organization_name: &organization.name,
            organization_phone: organization.phone.as_deref(),
            office_hours: hours.as_deref(),
        },
        contact: ContactFields {
            first_name: opening.contact.first_name.as_deref(),
            custom: Some(opening.custom),
            ..ContactFields::default()
        },
        secure_link: link,
    };
    templates::render_notice(template, &fields)
}

/// Refuses to send what would read wrong.
pub fn check_complete(opening: &Opening<'_>, composed: &Composed) -> Result<()> {
    let Some((kind, place)) = composed.empty.first() else { return Ok(()) };
    let which = match kind {
        NoticeKind::SmsBody => "the text message",
        NoticeKind::EmailSubject => "the email's subject",
        NoticeKind::EmailBody => "the email",
    };
    let detail = format!("{which} to {} would be incomplete: {}", opening.contact_name(), place.detail);
    Err(Problem::new(ProblemCode::NoticeUnresolved, detail))
}
