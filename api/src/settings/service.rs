//! Reading and changing the secure-messaging settings. What is stored is enforced where it counts:
//! `conversations::compose` and `links::issue`.

use sea_orm::{ActiveModelTrait, ConnectionTrait, IntoActiveModel};
use sealpost_shared::ids::OrganizationId;
use sealpost_shared::pin::weaknesses;
use sealpost_shared::settings::{
    DefaultPin, DefaultPinKind, LIVE_LINKS_MAX, SecureMessagingSettings, UpdateSecureMessagingSettings,
};
use sealpost_shared::text::Pin;

use super::drafts::{Drafts, Known};
use crate::auth::Caller;
use crate::contacts;
use crate::entities::{link, secure_messaging_settings as row};
use crate::journal::Journal;
use crate::problem::{Problem, Result};
use crate::state::State;

pub async fn get(state: &State, caller: &Caller) -> Result<SecureMessagingSettings> {
    let db = &state.db.of(caller.organization).read().await?;
    view(state, db, row::get(db, caller.organization).await?).await
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
        refuse_weak_pins: row.refuse_weak_pins,
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
    let pin = match request.default_pin.clone() {
        Some(pin) => Some(stored_pin(state, pin).await?),
        None => None,
    };
    state
        .db
        .of(caller.organization)
        .write(async |tx| {
            caller.still_counts(state, tx).await?;
            let mut row = row::get_locked(tx, caller.organization).await?;
            check_texts(state, tx, caller.organization, &request).await?;
            let (refused, clear) = (row.refuse_weak_pins, request.default_pin.clone());
            apply(&mut row, request, pin);
            refuse_weak_default(&row, clear.and_then(|pin| pin.value).as_deref(), refused)?;
            row.updated_at = state.now();
            let row = row.into_active_model().reset_all().update(tx).await?;
            let mut journal = Journal::new(caller.organization, caller.actor, state.now());
            journal.audit("settings.secure_messaging_changed", caller.organization);
            journal.write(tx).await?;
            view(state, tx, row).await
        })
        .await
}

/// Inside the transaction, with the row held: no field goes while a text begins to name it.
async fn check_texts(
    state: &State,
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    request: &UpdateSecureMessagingSettings,
) -> Result<()> {
    let pin = request.default_pin.as_ref().filter(|pin| pin.kind == DefaultPinKind::Template);
    let drafts = Drafts {
        sms_body: request.notice_sms_body.as_deref(),
        email_subject: request.notice_email_subject.as_deref(),
        email_body: request.notice_email_body.as_deref(),
        pin_template: pin.and_then(|pin| pin.value.as_deref()),
    };
    let refusals = Known::of(state, tx, organization).await?.refusals(&drafts);
    if refusals.is_empty() { Ok(()) } else { Err(Problem::fields(refusals)) }
}

/// One PIN for everybody is looked at when it is set. One that was set before cannot be: it is not known any more.
fn refuse_weak_default(row: &row::Model, clear: Option<&str>, before: bool) -> Result<()> {
    if !row.refuse_weak_pins || row.default_pin_kind != DefaultPinKind::Text {
        return Ok(());
    }
    let pointer = "/default_pin/value";
    match clear {
        Some(pin) => contacts::refuse(pointer, &weaknesses(pin, None, [])),
        None if before => Ok(()),
        None => Err(Problem::field(pointer, "required", "must be set again, so that it can be looked at")),
    }
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
    set(&mut row.refuse_weak_pins, request.refuse_weak_pins);
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
