//! Making, changing and removing an organization's own contact fields.
//!
//! The row of the secure-messaging settings is held meanwhile: whether a template names a field is asked and
//! acted on in one go, and no two callers make the field too many.

use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, ModelTrait};
use sealpost_shared::contact_fields::{
    CONTACT_FIELDS_MAX, ContactField, CreateContactField, UpdateContactField,
};
use sealpost_shared::ids::{ContactFieldId, OrganizationId};
use sealpost_shared::page::Page;
use sealpost_shared::problem::ProblemCode;

use super::values;
use crate::auth::Caller;
use crate::entities::secure_messaging_settings as settings_row;
use crate::entities::{contact, contact_field};
use crate::idempotency::{Answer, IdempotencyKey, once};
use crate::journal::Journal;
use crate::problem::{Problem, Result, not_found};
use crate::state::State;
use crate::templates::names_custom_field;

const POSITION_MAX: u32 = 10_000;
const FORGET_AT_ONCE: u64 = 500;

fn view(row: contact_field::Model) -> Result<ContactField> {
    let stored = |_| Problem::internal("a stored field is not what it was when it was stored");
    Ok(ContactField {
        id: row.id,
        key: row.key.parse().map_err(stored)?,
        label: row.label.parse().map_err(stored)?,
        kind: row.kind,
        position: u32::try_from(row.position).unwrap_or(POSITION_MAX),
        in_notices: row.in_notices,
        created_at: row.created_at,
    })
}

/// All of them: there are never more than fit one page.
pub async fn list(state: &State, caller: &Caller) -> Result<Page<ContactField>> {
    let rows =
        contact_field::list(&state.db.of(caller.organization).read().await?, caller.organization).await?;
    let data = rows.into_iter().map(view).collect::<Result<_>>()?;
    Ok(Page { data, has_more: false, next_cursor: None })
}

pub async fn get(state: &State, caller: &Caller, id: ContactFieldId) -> Result<ContactField> {
    view(
        contact_field::get(&state.db.of(caller.organization).read().await?, caller.organization, id)
            .await?
            .ok_or_else(not_found)?,
    )
}

pub async fn create(
    state: &State,
    caller: &Caller,
    request: CreateContactField,
    key: Option<IdempotencyKey>,
) -> Result<Answer<ContactField>> {
    once(state, caller, key.as_ref(), async |tx| {
        settings_row::get_locked(tx, caller.organization).await?;
        let others = contact_field::list(tx, caller.organization).await?;
        if others.len() >= CONTACT_FIELDS_MAX {
            let detail = format!("an organization has at most {CONTACT_FIELDS_MAX} contact fields");
            return Err(Problem::new(ProblemCode::Conflict, detail));
        }
        check_key(&others, request.key.as_str())?;
        let last = others.iter().map(|field| field.position).max().unwrap_or(0);
        let row = contact_field::Model {
            id: state.new_id(),
            organization_id: caller.organization,
            key: request.key.into_string(),
            label: request.label.into_string(),
            kind: request.kind,
            position: checked_position(request.position)?.unwrap_or((last + 1).min(POSITION_MAX.into())),
            in_notices: request.in_notices,
            created_at: state.now(),
        };
        let active = row.clone().into_active_model().reset_all();
        contact_field::Entity::insert(active).exec_without_returning(tx).await?;
        journal(state, caller, tx, "contact_field.created", row.id).await?;
        view(row)
    })
    .await
}

fn check_key(others: &[contact_field::Model], key: &str) -> Result<()> {
    if others.iter().any(|field| field.key == key) {
        return Err(Problem::new(ProblemCode::Conflict, format!("another field has the key {key}")));
    }
    Ok(())
}

fn checked_position(position: Option<u32>) -> Result<Option<i64>> {
    match position {
        Some(position) if position > POSITION_MAX => {
            Err(Problem::field("/position", "invalid", format!("must be at most {POSITION_MAX}")))
        }
        position => Ok(position.map(i64::from)),
    }
}

pub async fn update(
    state: &State,
    caller: &Caller,
    id: ContactFieldId,
    request: UpdateContactField,
) -> Result<ContactField> {
    let position = checked_position(request.position)?;
    state
        .db
        .of(caller.organization)
        .write(async |tx| {
            caller.still_counts(state, tx).await?;
            let settings = settings_row::get_locked(tx, caller.organization).await?;
            let mut row = contact_field::get(tx, caller.organization, id).await?.ok_or_else(not_found)?;
            if let Some(key) = request.key.filter(|key| key.as_str() != row.key) {
                check_unnamed(&settings, &row.key, "cannot get another key", true)?;
                check_key(&contact_field::list(tx, caller.organization).await?, key.as_str())?;
                row.key = key.into_string();
            }
            if row.in_notices && request.in_notices == Some(false) {
                check_unnamed(&settings, &row.key, "cannot be kept from notices", false)?;
            }
            if !row.in_notices && request.in_notices == Some(true) {
                // No notice names it yet, so it is the PIN's: which never travels with the link.
                check_unnamed(&settings, &row.key, "cannot be shown in notices", true)?;
            }
            row.in_notices = request.in_notices.unwrap_or(row.in_notices);
            row.label = request.label.map_or(row.label, |label| label.into_string());
            row.position = position.unwrap_or(row.position);
            let row = row.into_active_model().reset_all().update(tx).await?;
            journal(state, caller, tx, "contact_field.updated", id).await?;
            view(row)
        })
        .await
}

/// Takes a field away, and with it what contacts hold in it.
pub async fn delete(state: &State, caller: &Caller, id: ContactFieldId) -> Result<()> {
    state
        .db
        .of(caller.organization)
        .write(async |tx| {
            caller.still_counts(state, tx).await?;
            let settings = settings_row::get_locked(tx, caller.organization).await?;
            let row = contact_field::get(tx, caller.organization, id).await?.ok_or_else(not_found)?;
            check_unnamed(&settings, &row.key, "cannot be deleted", true)?;
            row.delete(tx).await?;
            forget(state, tx, caller.organization, id).await?;
            journal(state, caller, tx, "contact_field.deleted", id).await
        })
        .await
}

/// Takes a field's values out of every contact's sealed ones, a few hundred at a time.
async fn forget(
    state: &State,
    tx: &DatabaseTransaction,
    organization: OrganizationId,
    id: ContactFieldId,
) -> Result<()> {
    let mut after = None;
    loop {
        let rows = contact::list_with_fields_locked(tx, organization, after, FORGET_AT_ONCE).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some(last.id);
        let keys = state.secrets.contacts(tx, organization, rows.iter().map(|row| row.id)).await?;
        for row in &rows {
            let Some(key) = keys.get(&row.id) else { continue };
            let mut values = values::open(key, row)?;
            if values.remove(&id.to_string()).is_some() {
                contact::set_sealed_fields(tx, row.id, values::seal(key, row, &values)?).await?;
            }
        }
    }
}

/// What a template names must stay as it is, or the template would stop working for everybody at once.
fn check_unnamed(settings: &settings_row::Model, key: &str, cannot: &str, with_pin: bool) -> Result<()> {
    let pin = settings.default_pin_template.as_ref().filter(|_| with_pin);
    let texts = [
        ("the text message's body", Some(&settings.notice_sms_body)),
        ("the email's subject", Some(&settings.notice_email_subject)),
        ("the email's body", Some(&settings.notice_email_body)),
        ("the default PIN", pin),
    ];
    let naming: Vec<_> = texts
        .into_iter()
        .filter(|(_, text)| text.is_some_and(|text| names_custom_field(text, key)))
        .map(|(name, _)| name)
        .collect();
    if naming.is_empty() {
        return Ok(());
    }
    let detail = format!(
        "{key} {cannot}: {} {} it; change that under secure messaging first",
        naming.join(" and "),
        if naming.len() == 1 { "names" } else { "name" },
    );
    Err(Problem::new(ProblemCode::Conflict, detail))
}

async fn journal(
    state: &State,
    caller: &Caller,
    tx: &DatabaseTransaction,
    action: &'static str,
    id: ContactFieldId,
) -> Result<()> {
    let mut journal = Journal::new(caller.organization, caller.actor, state.now());
    journal.audit(action, id);
    Ok(journal.write(tx).await?)
}
