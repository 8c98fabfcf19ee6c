//! Reading and changing the secure-messaging settings. What is stored is enforced where it counts:
//! `conversations::compose` and `links::issue`.

use sea_orm::{ActiveModelTrait, ConnectionTrait, IntoActiveModel};
use sealpost_shared::settings::{
    DefaultPin, DefaultPinKind, LIVE_LINKS_MAX, SecureMessagingSettings, UpdateSecureMessagingSettings,
};
use sealpost_shared::text::Pin;

use crate::auth::Caller;
use crate::entities::{link, secure_messaging_settings as row};
use crate::journal::Journal;
use crate::problem::{Problem, Result};
use crate::state::State;
use crate::templates::{self, NoticeKind, TemplateError};

pub async fn get(state: &State, caller: &Caller) -> Result<SecureMessagingSettings> {
    view(state, state.db.read(), row::get(state.db.read(), caller.organization).await?).await
}

/// A text PIN is never returned: only that there is one.
async fn view(state: &State, db: &impl ConnectionTrait, row: row::Model) -> Result<SecureMessagingSettings> {
    let live = link::count_live(db, row.organization_id, state.now(), u64::from(LIVE_LINKS_MAX)).await?;
    Ok(SecureMessagingSettings {
        enabled: row.enabled,
        secure_by_default: row.secure_by_default,
        notice_sms_body: row.notice_sms_body,
        notice_email_subject: row.notice_email_subject,
        notice_email_body: row.notice_email_body,
        link_lifetime: row.link_lifetime,
        pin_enabled: row.pin_enabled,
        default_pin: DefaultPin { kind: row.default_pin_kind, value: row.default_pin_template },
        require_pin_over_24_hours: row.require_pin_over_24_hours,
        hide_hint: row.hide_hint,
        live_links: u32::try_from(live).unwrap_or(LIVE_LINKS_MAX),
    })
}

/// The default PIN as it is stored.
#[derive(Default)]
struct StoredPin {
    kind: DefaultPinKind,
    hash: Option<String>,
    digits: bool,
    template: Option<String>,
}

pub async fn update(
    state: &State,
    caller: &Caller,
    request: UpdateSecureMessagingSettings,
) -> Result<SecureMessagingSettings> {
    check_texts(&request)?;
    let pin = match request.default_pin.clone() {
        Some(pin) => Some(stored_pin(state, pin).await?),
        None => None,
    };
    state
        .db
        .write(async |tx| {
            caller.still_counts(state, tx).await?;
            let mut row = row::get_locked(tx, caller.organization).await?;
            apply(&mut row, request, pin);
            row.updated_at = state.now();
            let row = row.into_active_model().reset_all().update(tx).await?;
            let mut journal = Journal::new(caller.organization, caller.actor, state.now());
            journal.audit("settings.secure_messaging_changed", caller.organization);
            journal.write(tx).await?;
            view(state, tx, row).await
        })
        .await
}

fn check_texts(request: &UpdateSecureMessagingSettings) -> Result<()> {
    let texts = [
        ("/notice_sms_body", NoticeKind::SmsBody, &request.notice_sms_body),
        ("/notice_email_subject", NoticeKind::EmailSubject, &request.notice_email_subject),
        ("/notice_email_body", NoticeKind::EmailBody, &request.notice_email_body),
    ];
    for (pointer, kind, text) in texts {
        if let Some(text) = text {
            templates::check_notice(kind, text).map_err(|error| refused(pointer, &error))?;
        }
    }
    Ok(())
}

fn refused(pointer: &str, error: &TemplateError) -> Problem {
    let line = error.line.map(|line| format!("line {line}: ")).unwrap_or_default();
    Problem::field(pointer, "invalid_template", format!("{line}{}", error.detail))
}

async fn stored_pin(state: &State, pin: DefaultPin) -> Result<StoredPin> {
    let pointer = "/default_pin/value";
    match (pin.kind, pin.value) {
        (DefaultPinKind::None, None) => Ok(StoredPin::default()),
        (DefaultPinKind::None, Some(_)) => {
            Err(Problem::field(pointer, "invalid", "must be absent with kind none"))
        }
        (_, None) => Err(Problem::field(pointer, "required", "is required with this kind")),
        (DefaultPinKind::Text, Some(value)) => {
            let pin: Pin =
                value.parse().map_err(|error| Problem::field(pointer, "invalid", format!("{error}")))?;
            let hash = state.secrets.hashing.hash(pin.as_str()).await?;
            Ok(StoredPin {
                kind: DefaultPinKind::Text,
                hash: Some(hash),
                digits: pin.is_digits(),
                template: None,
            })
        }
        (DefaultPinKind::Template, Some(value)) => {
            templates::check_pin(&value).map_err(|error| refused(pointer, &error))?;
            Ok(StoredPin { kind: DefaultPinKind::Template, template: Some(value), ..StoredPin::default() })
        }
    }
}

fn apply(row: &mut row::Model, request: UpdateSecureMessagingSettings, pin: Option<StoredPin>) {
    let set = |field: &mut bool, value: Option<bool>| *field = value.unwrap_or(*field);
    set(&mut row.enabled, request.enabled);
    set(&mut row.secure_by_default, request.secure_by_default);
    set(&mut row.pin_enabled, request.pin_enabled);
    set(&mut row.require_pin_over_24_hours, request.require_pin_over_24_hours);
    set(&mut row.hide_hint, request.hide_hint);
    let text = |field: &mut String, value: Option<String>| *field = value.unwrap_or(std::mem::take(field));
    text(&mut row.notice_sms_body, request.notice_sms_body);
    text(&mut row.notice_email_subject, request.notice_email_subject);
    text(&mut row.notice_email_body, request.notice_email_body);
    row.link_lifetime = request.link_lifetime.unwrap_or(row.link_lifetime);
    if let Some(pin) = pin {
        row.default_pin_kind = pin.kind;
        row.default_pin_hash = pin.hash;
        row.default_pin_digits = pin.digits;
        row.default_pin_template = pin.template;
    }
}
