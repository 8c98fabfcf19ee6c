//! Whether texts can be saved, said field by field. Saving and looking before saving ask the same.

use sea_orm::ConnectionTrait;
use sealpost_shared::ids::OrganizationId;
use sealpost_shared::problem::FieldError;

use crate::contact_fields::for_templates;
use crate::delivery::{NOTICE_SEGMENTS_MAX, SmsContent, measure};
use crate::entities::{contact_field, organization, secure_messaging_settings};
use crate::links;
use crate::problem::{Result, not_found};
use crate::state::State;
use crate::templates::{
    self, ContactFields, CustomField, CustomValues, NoticeFields, NoticeKind, SOMEBODY, SenderFields,
    TemplateError,
};

/// Stands for a link's token: as long, and of the same alphabet.
const STAND_IN: &str = "0123456789abcdefABCDEF";
/// Of a text message that takes more segments than a notice may.
pub const TOO_LONG: &str = "too_long";

/// A link as long as those that are sent.
pub fn sample_link(state: &State) -> String {
    links::address(state, STAND_IN)
}

/// Texts to be checked; what is absent is not.
#[derive(Clone, Copy, Default)]
pub struct Drafts<'a> {
    pub sms_body: Option<&'a str>,
    pub email_subject: Option<&'a str>,
    pub email_body: Option<&'a str>,
    pub pin_template: Option<&'a str>,
}

impl<'a> Drafts<'a> {
    pub fn saved(settings: &'a secure_messaging_settings::Model) -> Self {
        Self {
            sms_body: Some(&settings.notice_sms_body),
            email_subject: Some(&settings.notice_email_subject),
            email_body: Some(&settings.notice_email_body),
            pin_template: None,
        }
    }
}

/// What templates may name in this organization.
pub struct Known {
    pub organization: organization::Model,
    pub fields: Vec<CustomField>,
    link: String,
}

impl Known {
    pub async fn of(state: &State, db: &impl ConnectionTrait, organization: OrganizationId) -> Result<Self> {
        let organization = organization::get(db, organization).await?.ok_or_else(not_found)?;
        let fields = for_templates(&contact_field::list(db, organization.id).await?);
        Ok(Self { organization, fields, link: sample_link(state) })
    }

    /// All that is wrong, in the order of the fields.
    pub fn refusals(&self, drafts: &Drafts<'_>) -> Vec<FieldError> {
        let organization = &self.organization;
        let hours = organization.office_hours().and_then(|hours| templates::hours_in_words(&hours));
        let sender = SenderFields {
            user_name: "Dr. Amy Lee",
            organization_name: &organization.name,
            organization_phone: organization.phone.as_deref(),
            office_hours: hours.as_deref(),
        };
        let notices = [
            (NoticeKind::SmsBody, drafts.sms_body),
            (NoticeKind::EmailSubject, drafts.email_subject),
            (NoticeKind::EmailBody, drafts.email_body),
        ];
        let notices = notices.into_iter().filter_map(|(kind, text)| {
            match templates::check_notice(kind, text?, &sender, &self.fields) {
                Err(error) => Some(field_error(pointer(kind), &error)),
                Ok(()) if kind == NoticeKind::SmsBody => self.too_long(text?, sender),
                Ok(()) => None,
            }
        });
        let pin = drafts.pin_template.and_then(|text| templates::check_pin(text, &self.fields).err());
        notices.chain(pin.map(|error| field_error("/default_pin/value", &error))).collect()
    }

    /// With this installation's link and names of a usual length (security.md D29).
    fn too_long(&self, text: &str, sender: SenderFields<'_>) -> Option<FieldError> {
        let custom = CustomValues::sample(&self.fields);
        let contact = ContactFields { custom: Some(&custom), ..SOMEBODY };
        let fields = NoticeFields { sender, contact, secure_link: &self.link };
        let notice = SmsContent::notice(&templates::render_notice(text, &fields).ok()?.text);
        let size = measure(&notice.body);
        if size.segments <= NOTICE_SEGMENTS_MAX {
            return None;
        }
        let (segments, most) = (size.segments, NOTICE_SEGMENTS_MAX);
        // Per segment of several, which is what it takes here.
        let over = size.units.saturating_sub(most * size.per_segment).max(1);
        let why = match size.not_gsm7.is_empty() {
            true => String::new(),
            false => format!(" {} cost(s) more than half of the room.", size.not_gsm7.join(" ")),
        };
        Some(FieldError {
            pointer: pointer(NoticeKind::SmsBody).to_owned(),
            code: TOO_LONG.to_owned(),
            detail: format!(
                "With a link and usual names this takes {segments} segments; a notice has at most {most}. Shorten it \
                 by about {over} characters.{why}"
            ),
            line: None,
            column: None,
        })
    }
}

pub const fn pointer(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::SmsBody => "/notice_sms_body",
        NoticeKind::EmailSubject => "/notice_email_subject",
        NoticeKind::EmailBody => "/notice_email_body",
    }
}

pub fn field_error(pointer: &str, error: &TemplateError) -> FieldError {
    let place = match (error.line, error.column) {
        (Some(line), Some(column)) => format!("Line {line}, character {column}: "),
        (Some(line), None) => format!("Line {line}: "),
        (None, _) => String::new(),
    };
    FieldError {
        pointer: pointer.to_owned(),
        code: "invalid_template".to_owned(),
        detail: format!("{place}{}.", error.detail),
        line: error.line,
        column: error.column,
    }
}
