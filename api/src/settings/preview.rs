//! What would arrive, for drafts that are not saved yet: made by the code that makes what is sent.

use sea_orm::ConnectionTrait;
use sealpost_shared::contacts::Channel;
use sealpost_shared::ids::ContactId;
use sealpost_shared::problem::FieldError;
use sealpost_shared::settings::{
    DefaultPin, DefaultPinKind, EmailPreview, PinPreview, PinSource, PreviewSecureMessaging,
    SecureMessagingPreview, SmsPreview,
};
use sealpost_shared::text::Pin;

use super::drafts::{Drafts, Known, TOO_LONG, field_error, pointer, sample_link};
use crate::auth::Caller;
use crate::contact_fields::{custom_values, for_templates};
use crate::conversations::author_kind;
use crate::delivery::{Content, NOTICE_SEGMENTS_MAX, SmsContent, measure};
use crate::entities::{contact, contact_field, organization, secure_messaging_settings as row};
use crate::links::{self, AppliedPin, Opening};
use crate::problem::{Problem, Result, not_found};
use crate::secrets::{ContactKey, Field};
use crate::state::State;
use crate::templates::{CustomValues, NoticeKind, SOMEBODY};

/// Whom the preview is for.
struct Reader {
    contact: contact::Model,
    key: ContactKey,
    custom: CustomValues,
    name: String,
}

pub async fn preview(
    state: &State,
    caller: &Caller,
    request: PreviewSecureMessaging,
) -> Result<SecureMessagingPreview> {
    let db = &state.db.of(caller.organization).read().await?;
    let saved = row::get(db, caller.organization).await?;
    let known = Known::of(state, db, caller.organization).await?;
    let (settings, mut problems) = drafted(saved, &request);
    problems.extend(known.refusals(&drafts_of(&settings, &request)));
    let reader = match request.contact_id {
        Some(id) => chosen(state, db, caller, id, &settings).await?,
        None => invented(state, db, caller).await?,
    };
    let opening = Opening {
        organization: &known.organization,
        settings: &settings,
        contact: &reader.contact,
        key: &reader.key,
        custom: &reader.custom,
    };
    let pin = pin_preview(&opening)?;
    let (sms, email) = notices(state, caller, &opening, &mut problems);
    Ok(SecureMessagingPreview { contact_name: reader.name, sms, email, pin, problems })
}

/// The saved settings with the drafts in their place, and what is wrong with a text PIN.
fn drafted(mut row: row::Model, request: &PreviewSecureMessaging) -> (row::Model, Vec<FieldError>) {
    let draft = |field: &mut String, text: &Option<String>| {
        if let Some(text) = text {
            field.clone_from(text);
        }
    };
    draft(&mut row.notice_sms_body, &request.notice_sms_body);
    draft(&mut row.notice_email_subject, &request.notice_email_subject);
    draft(&mut row.notice_email_body, &request.notice_email_body);
    row.pin_enabled = request.pin_enabled.unwrap_or(row.pin_enabled);
    let Some(DefaultPin { kind, value }) = &request.default_pin else { return (row, Vec::new()) };
    let had_text = row.default_pin_kind == DefaultPinKind::Text;
    row.default_pin_kind = *kind;
    let problem = match (kind, value) {
        (DefaultPinKind::None, _) => None,
        (DefaultPinKind::Template, Some(text)) => {
            row.default_pin_template = Some(text.clone());
            None
        }
        (DefaultPinKind::Text, None) if had_text => None,
        (_, None) => Some(("required", "is required with this kind".to_owned())),
        (DefaultPinKind::Text, Some(text)) => match text.parse::<Pin>() {
            Ok(pin) => {
                // Only that there is one counts here: hashing takes a while, and nothing is verified.
                row.default_pin_hash = Some(String::new());
                row.default_pin_digits = pin.is_digits();
                None
            }
            Err(error) => Some(("invalid", error.to_string())),
        },
    };
    if problem.is_some() {
        (row.default_pin_hash, row.default_pin_template) = (None, None);
    }
    let wrong = problem.map(|(code, detail)| FieldError {
        pointer: "/default_pin/value".to_owned(),
        code: code.to_owned(),
        detail,
        line: None,
        column: None,
    });
    (row, wrong.into_iter().collect())
}

/// What is shown is checked, drafts and saved texts alike; the PIN only when it is a draft.
fn drafts_of<'a>(settings: &'a row::Model, request: &'a PreviewSecureMessaging) -> Drafts<'a> {
    let pin = request.default_pin.as_ref().filter(|pin| pin.kind == DefaultPinKind::Template);
    Drafts { pin_template: pin.and_then(|pin| pin.value.as_deref()), ..Drafts::saved(settings) }
}

async fn chosen(
    state: &State,
    db: &impl ConnectionTrait,
    caller: &Caller,
    id: ContactId,
    settings: &row::Model,
) -> Result<Reader> {
    let contact = contact::get(db, caller.organization, id).await?.ok_or_else(not_found)?;
    let key = state.secrets.contact(db, caller.organization, id).await?;
    let custom = custom_values(db, settings, &contact, &key).await?;
    let name = crate::contacts::display_name(&key, &contact)?;
    Ok(Reader { contact, key, custom, name })
}

/// Jordan Reyes, who has something in every field and a PIN in none. Nothing of them is stored.
async fn invented(state: &State, db: &impl ConnectionTrait, caller: &Caller) -> Result<Reader> {
    let keys = state.secrets.organization(db, caller.organization).await?;
    let id = state.new_id();
    let (key, _) = keys.new_contact_key(id, state.now())?;
    let seal = |field, text: Option<&str>| text.map(|text| key.seal(field, id.uuid(), text)).transpose();
    let text = |text: Option<&str>| text.map(str::to_owned);
    let mut contact = contact::Model::nobody(caller.organization, id, state.now());
    contact.first_name = text(SOMEBODY.first_name);
    contact.last_name = text(SOMEBODY.last_name);
    contact.external_id = text(SOMEBODY.external_id);
    contact.language = text(SOMEBODY.language);
    contact.sealed_phone = seal(Field::ContactPhone, SOMEBODY.phone)?;
    contact.sealed_email = seal(Field::ContactEmail, SOMEBODY.email)?;
    let fields = for_templates(&contact_field::list(db, caller.organization).await?);
    let name = crate::contacts::display_name(&key, &contact)?;
    Ok(Reader { contact, key, custom: CustomValues::sample(&fields), name })
}

/// Each notice whose texts are right. Where one has a gap for this contact, it is shown with the gap.
fn notices(
    state: &State,
    caller: &Caller,
    opening: &Opening<'_>,
    problems: &mut Vec<FieldError>,
) -> (Option<SmsPreview>, Option<EmailPreview>) {
    let author = author(caller, opening.organization);
    let link = sample_link(state);
    let wrong = |problems: &[FieldError], pointers: &[&str]| {
        // What is too long alone can be shown, with its count.
        let mut others = problems.iter().filter(|problem| problem.code != TOO_LONG);
        others.any(|problem| pointers.contains(&problem.pointer.as_str()))
    };
    let (mut sms, mut email) = (None, None);
    for (channel, pointers) in [
        (Channel::Sms, &["/notice_sms_body"][..]),
        (Channel::Email, &["/notice_email_subject", "/notice_email_body"]),
    ] {
        if wrong(problems, pointers) {
            continue;
        }
        let Ok(composed) = links::compose(opening, author, channel, &link) else { continue };
        problems.extend(composed.empty.iter().map(|(kind, place)| field_error(pointer(*kind), place)));
        match composed.content {
            Content::Sms(content) => sms = Some(text_shown(content, composed.too_long, problems)),
            Content::Email(content) => {
                email = Some(EmailPreview {
                    from_name: content.from_name,
                    subject: content.subject,
                    text: content.text,
                });
            }
        }
    }
    (sms, email)
}

/// A draft that nobody can save is shown whole; one that this contact's names make too long, as they get it.
fn text_shown(sent: SmsContent, whole: Option<SmsContent>, problems: &mut Vec<FieldError>) -> SmsPreview {
    let Some(whole) = whole.map(|whole| measure(&whole.body)) else { return measure(&sent.body) };
    if problems.iter().any(|problem| problem.code == TOO_LONG) {
        return whole;
    }
    problems.push(FieldError {
        pointer: pointer(NoticeKind::SmsBody).to_owned(),
        code: TOO_LONG.to_owned(),
        detail: format!(
            "With these names it would take {} segments; a notice has at most {NOTICE_SEGMENTS_MAX}. They get the \
             shorter text shown here.",
            whole.segments
        ),
        line: None,
        column: None,
    });
    measure(&sent.body)
}

fn author<'a>(caller: &'a Caller, organization: &'a organization::Model) -> &'a str {
    links::author_known_as(author_kind(caller.actor), &caller.name, organization)
}

/// Where the PIN comes from and whether there is one; never what it is.
fn pin_preview(opening: &Opening<'_>) -> Result<PinPreview> {
    let settings = opening.settings;
    let applied = links::opening_of(opening, None)?;
    let source = match (&applied, settings.default_pin_kind) {
        (AppliedPin::None, _) => PinSource::None,
        _ if opening.contact.pin_hash.is_some() => PinSource::Contact,
        (_, DefaultPinKind::Text) => PinSource::Text,
        (_, DefaultPinKind::Template) => PinSource::Template,
        (_, DefaultPinKind::None) => {
            return Err(Problem::internal("a PIN applies and comes from nowhere"));
        }
    };
    Ok(PinPreview { source, resolves: applied != AppliedPin::Unresolved, digits_only: applied.digits_only() })
}
