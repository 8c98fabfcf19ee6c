//! What a contact's record is made of, how it is checked, and how it is found again.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, SqlErr,
};
use sealpost_shared::contact_fields::CustomFieldsPatch;
use sealpost_shared::contacts::{CreateContact, UpdateContact};
use sealpost_shared::events::EventType;
use sealpost_shared::ids::{ContactId, OrganizationId};
use sealpost_shared::patch::Patch;
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::text::{Email, Phone};

use crate::contact_fields;
use crate::entities::{contact, contact_field, contact_guard, contact_key};
use crate::ids::new_id;
use crate::journal::{About, Journal};
use crate::problem::{Problem, Result, not_found};
use crate::secrets::{ContactKey, Field, OrganizationKeys};
use crate::state::State;

/// Makes a contact with its key and its guard, in the caller's transaction.
pub async fn create_in(
    state: &State,
    tx: &DatabaseTransaction,
    organization: OrganizationId,
    request: CreateContact,
    journal: &mut Journal,
) -> Result<(contact::Model, ContactKey)> {
    check(&request)?;
    let now = state.now();
    let keys = state.secrets.organization(tx, organization).await?;
    let id: ContactId = new_id(now);
    let (key, key_row) = keys.new_contact_key(id, now)?;
    let mut row = contact::Model {
        preferred_channel: request.preferred_channel,
        language: request.language,
        time_zone: request.time_zone,
        external_id: request.external_id,
        ..contact::Model::nobody(organization, id, now)
    };
    set_names(
        &mut row,
        request.first_name.map(|it| it.into_string()),
        request.last_name.map(|it| it.into_string()),
    );
    set_addresses(&mut row, &keys, &key, request.phone, request.email)?;
    if !request.custom_fields.is_empty() {
        let fields = request.custom_fields.into_iter().map(|(key, value)| (key, Some(value))).collect();
        set_fields(tx, &mut row, &key, Patch::Set(fields)).await?;
    }
    insert(tx, &row).await?;
    contact_key::Entity::insert(key_row.into_active_model().reset_all()).exec_without_returning(tx).await?;
    let guard = contact_guard::fresh(organization, id);
    contact_guard::Entity::insert(guard.into_active_model().reset_all()).exec_without_returning(tx).await?;
    let about = About { contact: Some(id), ..About::default() };
    journal.event(EventType::ContactCreated, about).audit("contact.created", id);
    Ok((row, key))
}

async fn insert(tx: &impl ConnectionTrait, row: &contact::Model) -> Result<()> {
    let inserted =
        contact::Entity::insert(row.clone().into_active_model().reset_all()).exec_without_returning(tx).await;
    inserted.map(|_| ()).map_err(taken)
}

pub(super) fn taken(error: sea_orm::DbErr) -> Problem {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => {
            Problem::new(ProblemCode::Conflict, "another contact has this external_id")
        }
        _ => error.into(),
    }
}

/// A contact must be somebody, and somewhere.
pub fn check(request: &CreateContact) -> Result<()> {
    let named = request.first_name.is_some() || request.last_name.is_some();
    if !named && request.phone.is_none() && request.email.is_none() {
        return Err(Problem::field("", "required", "give a name, a phone number or an email address"));
    }
    check_words(request.language.as_deref(), request.time_zone.as_deref(), request.external_id.as_deref())
}

/// Whether the organization has the fields that this names, and they take the values.
pub async fn check_fields(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    request: &CreateContact,
) -> Result<()> {
    if request.custom_fields.is_empty() {
        return Ok(());
    }
    contact_fields::check(&contact_field::list(db, organization).await?, &request.custom_fields)
}

/// The organization's fields, when one of these contacts holds anything in them.
pub(super) async fn fields_of(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    rows: &[contact::Model],
) -> Result<Vec<contact_field::Model>> {
    if rows.iter().all(|row| row.sealed_custom_fields.is_none()) {
        return Ok(Vec::new());
    }
    Ok(contact_field::list(db, organization).await?)
}

pub(super) async fn set_fields(
    tx: &impl ConnectionTrait,
    row: &mut contact::Model,
    key: &ContactKey,
    patch: Patch<CustomFieldsPatch>,
) -> Result<()> {
    if patch.is_absent() {
        return Ok(());
    }
    let fields = contact_field::list(tx, row.organization_id).await?;
    let values = contact_fields::merge(&fields, contact_fields::open(key, row)?, patch)?;
    row.sealed_custom_fields = contact_fields::seal(key, row, &values)?;
    Ok(())
}

fn check_words(language: Option<&str>, time_zone: Option<&str>, external_id: Option<&str>) -> Result<()> {
    let is_tag = |tag: &str| {
        (2..=35).contains(&tag.len())
            && tag
                .split('-')
                .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
    };
    if language.is_some_and(|tag| !is_tag(tag)) {
        return Err(Problem::field("/language", "invalid", "must be a language tag, such as en or es-MX"));
    }
    if time_zone.is_some_and(|zone| zone.parse::<chrono_tz::Tz>().is_err()) {
        return Err(Problem::field(
            "/time_zone",
            "invalid",
            "must be an IANA time zone, such as America/Chicago",
        ));
    }
    let is_id = |id: &str| (1..=200).contains(&id.chars().count()) && !id.chars().any(char::is_control);
    if external_id.is_some_and(|id| !is_id(id)) {
        return Err(Problem::field("/external_id", "invalid", "must have 1 to 200 characters"));
    }
    Ok(())
}

fn set_names(row: &mut contact::Model, first: Option<String>, last: Option<String>) {
    row.first_name_folded = first.as_deref().map(str::to_lowercase);
    row.last_name_folded = last.as_deref().map(str::to_lowercase);
    row.first_name = first;
    row.last_name = last;
}

fn set_addresses(
    row: &mut contact::Model,
    keys: &OrganizationKeys,
    key: &ContactKey,
    phone: Option<Phone>,
    email: Option<Email>,
) -> Result<()> {
    let id = row.id.uuid();
    row.phone_index = phone.as_ref().map(|phone| keys.index(Field::ContactPhone, phone.as_str()));
    row.email_index = email.as_ref().map(|email| email_index(keys, email));
    row.sealed_phone = phone.map(|phone| key.seal(Field::ContactPhone, id, phone.as_str())).transpose()?;
    row.sealed_email = email.map(|email| key.seal(Field::ContactEmail, id, email.as_str())).transpose()?;
    Ok(())
}

/// The contact that a `contact` object means: by the caller's id, else by phone, else by email.
pub async fn find_match(
    state: &State,
    tx: &DatabaseTransaction,
    organization: OrganizationId,
    request: &CreateContact,
) -> Result<Option<contact::Model>> {
    use contact::Column::{EmailIndex, ExternalId, PhoneIndex};
    let keys = state.secrets.organization(tx, organization).await?;
    let phone = request.phone.as_ref().map(|phone| keys.index(Field::ContactPhone, phone.as_str()));
    let email = request.email.as_ref().map(|email| email_index(&keys, email));
    let wanted = [
        request.external_id.as_ref().map(|id| ExternalId.eq(id)),
        phone.map(|index| PhoneIndex.eq(index)),
        email.map(|index| EmailIndex.eq(index)),
    ];
    for by in wanted.into_iter().flatten() {
        let found = contact::find_oldest(organization, by).one(tx).await?;
        // Somebody who is known by another id is somebody else, even on the same phone.
        let other = |row: &contact::Model| request.external_id.is_some() && row.external_id.is_some();
        if let Some(row) = found.filter(|row| !other(row) || row.external_id == request.external_id) {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// The contact with this caller's own id, as described: made, or changed where it differs.
pub async fn put_by_external_id(
    state: &State,
    tx: &DatabaseTransaction,
    organization: OrganizationId,
    described: CreateContact,
    journal: &mut Journal,
) -> Result<contact::Model> {
    let by = contact::Column::ExternalId.eq(described.external_id.clone());
    let Some(found) = contact::find_oldest(organization, by).one(tx).await? else {
        return Ok(create_in(state, tx, organization, described, journal).await?.0);
    };
    let mut row = contact::get_locked(tx, organization, found.id).await?.ok_or_else(not_found)?;
    let keys = state.secrets.organization(tx, organization).await?;
    let key = state.secrets.contact(tx, organization, row.id).await?;
    let set = UpdateContact {
        first_name: described.first_name.map_or(Patch::Absent, Patch::Set),
        phone: described.phone.map_or(Patch::Absent, Patch::Set),
        email: described.email.map_or(Patch::Absent, Patch::Set),
        ..UpdateContact::default()
    };
    apply(&mut row, &keys, &key, set)?;
    row.updated_at = state.now();
    let about = About { contact: Some(row.id), ..About::default() };
    journal.event(EventType::ContactUpdated, about).audit("contact.updated", row.id);
    Ok(row.into_active_model().reset_all().update(tx).await?)
}

pub(super) fn email_index(keys: &OrganizationKeys, email: &Email) -> Vec<u8> {
    keys.index(Field::ContactEmail, &email.as_str().to_lowercase())
}

pub(super) fn apply(
    row: &mut contact::Model,
    keys: &OrganizationKeys,
    key: &ContactKey,
    request: UpdateContact,
) -> Result<()> {
    use sealpost_shared::contacts::Channel::{Email, Sms};
    let names = (row.first_name.take(), row.last_name.take());
    let text = |patch: Patch<sealpost_shared::text::Name>, current| match patch {
        Patch::Set(name) => Some(name.into_string()),
        Patch::Clear => None,
        Patch::Absent => current,
    };
    set_names(row, text(request.first_name, names.0), text(request.last_name, names.1));
    let current = |channel| {
        let has = row.has_address(channel);
        has.then(|| super::unsealed_address(key, row, channel)).transpose()
    };
    let stored = |_| Problem::internal("a stored address is not what it was when it was stored");
    let (old_phone, old_email) = (current(Sms)?, current(Email)?);
    let phone: Option<Phone> = old_phone.as_deref().map(str::parse).transpose().map_err(stored)?;
    let email = old_email.as_deref().map(str::parse).transpose().map_err(stored)?;
    let (new_phone, new_email) = (request.phone.apply(phone.clone()), request.email.apply(email.clone()));
    // Notices that wait were meant for the old address: the worker looks again (security.md D8). And a STOP
    // holds for a number, not for a person who has a new one; taking the number away is not having a new one.
    if new_phone != phone {
        row.phone_version += 1;
        row.set_fault(Sms, None);
        row.sms_opted_out_at = row.sms_opted_out_at.filter(|_| phone.is_none() || new_phone.is_none());
    }
    if new_email != email {
        row.email_version += 1;
        row.set_fault(Email, None);
        row.email_opted_out_at = row.email_opted_out_at.filter(|_| email.is_none() || new_email.is_none());
    }
    set_addresses(row, keys, key, new_phone, new_email)?;
    row.preferred_channel = request.preferred_channel.apply(row.preferred_channel);
    row.language = request.language.apply(row.language.take());
    row.time_zone = request.time_zone.apply(row.time_zone.take());
    row.external_id = request.external_id.apply(row.external_id.take());
    let nobody = row.first_name.is_none() && row.last_name.is_none();
    if nobody && !row.has_address(Sms) && !row.has_address(Email) {
        return Err(Problem::field(
            "",
            "required",
            "a contact needs a name, a phone number or an email address",
        ));
    }
    check_words(row.language.as_deref(), row.time_zone.as_deref(), row.external_id.as_deref())
}
