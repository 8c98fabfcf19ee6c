//! What a notice says: who wrote and where to read it, nothing of the message. One way for what is sent and
//! for what is looked at before.

use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::AuthorKind;
use sealpost_shared::paths::PATIENT_PAGE;
use sealpost_shared::problem::ProblemCode;

use super::issue::Opening;
use crate::delivery::{Content, EmailContent, NOTICE_SEGMENTS_MAX, SmsContent, measure};
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
    /// A text message that these names made too long, as it would have been.
    pub too_long: Option<SmsContent>,
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
    let (mut empty, mut too_long) = (Vec::new(), None);
    let mut render = |author, kind, template: &str| -> Result<String, TemplateError> {
        let rendered = rendered(opening, author, link, template)?;
        empty.extend(rendered.empty.map(|place| (kind, place)));
        Ok(rendered.text)
    };
    let content = match channel {
        Channel::Sms => {
            let template = &settings.notice_sms_body;
            let whole = SmsContent::notice(&render(author, NoticeKind::SmsBody, template)?);
            if fits(&whole) {
                Content::Sms(whole)
            } else {
                too_long = Some(whole);
                Content::Sms(shorter(opening, link, template)?)
            }
        }
        Channel::Email => {
            let subject = render(author, NoticeKind::EmailSubject, &settings.notice_email_subject)?;
            let body = render(author, NoticeKind::EmailBody, &settings.notice_email_body)?;
            Content::Email(EmailContent::notice(&opening.organization.name, &subject, &body, link))
        }
    };
    Ok(Composed { content, empty, too_long })
}

fn fits(notice: &SmsContent) -> bool {
    measure(&notice.body).segments <= NOTICE_SEGMENTS_MAX
}

/// For names that are longer than those a text was saved with, or in letters that count double: the
/// organization's words without the writer's name, else its name and the link alone. Whoever waits for the
/// link gets it, and nobody is refused for what they are called (security.md D29).
fn shorter(opening: &Opening<'_>, link: &str, template: &str) -> Result<SmsContent, TemplateError> {
    let organization = &opening.organization.name;
    let unnamed = SmsContent::notice(&rendered(opening, organization, link, template)?.text);
    if fits(&unnamed) {
        return Ok(unnamed);
    }
    Ok(SmsContent::notice(&format!("{organization}: {link}")))
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
