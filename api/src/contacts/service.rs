//! Making, finding, changing and erasing contacts.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, SqlErr,
};
use sealpost_shared::contacts::{Contact, ContactQuery, CreateContact, UpdateContact};
use sealpost_shared::events::EventType;
use sealpost_shared::ids::{ContactId, OrganizationId};
use sealpost_shared::page::Page;
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::text::{Email, Phone, Pin};

use super::view::view;
use crate::auth::Caller;
use crate::entities::contact_guard::{self, CONTACT_TRIES};
use crate::entities::{contact, contact_key, link, link_guard};
use crate::idempotency::{Answer, IdempotencyKey, once};
use crate::ids::new_id;
use crate::journal::{About, Journal};
use crate::page::{Paging, map};
use crate::problem::{Problem, Result, not_found};
use crate::secrets::{ContactKey, Field, OrganizationKeys};
use crate::state::State;

pub async fn create(
    state: &State,
    caller: &Caller,
    request: CreateContact,
    key: Option<IdempotencyKey>,
) -> Result<Answer<Contact>> {
    once(state, caller, key.as_ref(), async |tx| {
        let mut journal = Journal::new(caller.organization, caller.actor, state.now());
        let (row, key) = create_in(state, tx, caller.organization, request, &mut journal).await?;
        journal.write(tx).await?;
        view(&key, &row, false)
    })
    .await
}

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
    let (key, wrapped_key) = keys.new_contact_key(id)?;
    let mut row = contact::Model {
        id,
        organization_id: organization,
        first_name: None,
        last_name: None,
        first_name_folded: None,
        last_name_folded: None,
        sealed_phone: None,
        phone_index: None,
        sealed_email: None,
        email_index: None,
        phone_version: 1,
        email_version: 1,
        preferred_channel: request.preferred_channel,
        language: request.language,
        time_zone: request.time_zone,
        external_id: request.external_id,
        pin_hash: None,
        pin_digits: false,
        session_version: 1,
        sms_opted_out_at: None,
        email_opted_out_at: None,
        created_at: now,
        updated_at: now,
        deleted_at: None,
        sealed_custom_fields: None,
    };
    set_names(
        &mut row,
        request.first_name.map(|it| it.into_string()),
        request.last_name.map(|it| it.into_string()),
    );
    set_addresses(&mut row, &keys, &key, request.phone, request.email)?;
    insert(tx, &row).await?;
    let key_row =
        contact_key::Model { organization_id: organization, contact_id: id, wrapped_key, created_at: now };
    contact_key::Entity::insert(key_row.into_active_model().reset_all()).exec_without_returning(tx).await?;
    let guard = contact_guard::Model { organization_id: organization, contact_id: id, consecutive: 0 };
    contact_guard::Entity::insert(guard.into_active_model().reset_all()).exec_without_returning(tx).await?;
    journal.event(EventType::ContactCreated, about(id)).audit("contact.created", id);
    Ok((row, key))
}

async fn insert(tx: &impl ConnectionTrait, row: &contact::Model) -> Result<()> {
    let inserted =
        contact::Entity::insert(row.clone().into_active_model().reset_all()).exec_without_returning(tx).await;
    inserted.map(|_| ()).map_err(taken)
}

fn taken(error: sea_orm::DbErr) -> Problem {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => {
            Problem::new(ProblemCode::Conflict, "another contact has this external_id")
        }
        _ => error.into(),
    }
}

fn about(id: ContactId) -> About {
    About { contact: Some(id), ..About::default() }
}

/// A contact must be somebody, and somewhere.
pub fn check(request: &CreateContact) -> Result<()> {
    let named = request.first_name.is_some() || request.last_name.is_some();
    if !named && request.phone.is_none() && request.email.is_none() {
        return Err(Problem::field("", "required", "give a name, a phone number or an email address"));
    }
    if let Some(key) = request.custom_fields.keys().next() {
        return Err(unknown_field(key));
    }
    check_words(request.language.as_deref(), request.time_zone.as_deref(), request.external_id.as_deref())
}

fn unknown_field(key: &str) -> Problem {
    let pointer = format!("/custom_fields/{}", key.replace('~', "~0").replace('/', "~1"));
    Problem::field(&pointer, "unknown", "is not a field of this organization's contacts")
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

pub(super) fn email_index(keys: &OrganizationKeys, email: &Email) -> Vec<u8> {
    keys.index(Field::ContactEmail, &email.as_str().to_lowercase())
}

pub async fn get(state: &State, caller: &Caller, id: ContactId) -> Result<Contact> {
    let row = contact::get(state.db.read(), caller.organization, id).await?.ok_or_else(not_found)?;
    views(state, state.db.read(), caller.organization, &[row]).await?.pop().ok_or_else(not_found)
}

async fn views(
    state: &State,
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    rows: &[contact::Model],
) -> Result<Vec<Contact>> {
    let ids = || rows.iter().map(|row| row.id);
    let keys = state.secrets.contacts(db, organization, ids()).await?;
    let guards = contact_guard::list(db, organization, ids()).await?;
    rows.iter()
        .map(|row| {
            let key = keys.get(&row.id).ok_or_else(|| Problem::internal("contact key is missing"))?;
            let guard = guards.iter().find(|guard| guard.contact_id == row.id);
            view(key, row, guard.is_some_and(|guard| guard.consecutive >= CONTACT_TRIES))
        })
        .collect()
}

pub async fn list(state: &State, caller: &Caller, query: ContactQuery) -> Result<Page<Contact>> {
    let name = format!("contacts {} {:?} {:?}", caller.organization, query.q, query.external_id);
    let paging = Paging::new(state.secrets.ring(), name, query.limit, query.cursor.as_deref())?;
    let mut select = contact::find_live(caller.organization);
    if let Some(id) = &query.external_id {
        select = select.filter(contact::Column::ExternalId.eq(id));
    }
    if let Some(q) = query.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
        let keys = state.secrets.organization(state.db.read(), caller.organization).await?;
        select = select.filter(matches(caller.organization, &keys, q));
    }
    let rows =
        paging.apply(select, contact::Column::CreatedAt, contact::Column::Id).all(state.db.read()).await?;
    let page = paging.page(rows, |row| (row.created_at, row.id.uuid()));
    let views = views(state, state.db.read(), caller.organization, &page.data).await?;
    Ok(map(page, views))
}

/// Each word starts a first or last name; or the whole is a phone number or an email address.
fn matches(organization: OrganizationId, keys: &OrganizationKeys, q: &str) -> Condition {
    use contact::Column::{EmailIndex, Id, PhoneIndex};
    if let Ok(phone) = q.parse::<Phone>() {
        return Condition::all().add(PhoneIndex.eq(keys.index(Field::ContactPhone, phone.as_str())));
    }
    if let Ok(email) = q.parse::<Email>() {
        return Condition::all().add(EmailIndex.eq(email_index(keys, &email)));
    }
    q.split_whitespace().fold(Condition::all(), |all, word| {
        all.add(Id.in_subquery(contact::select_named(organization, &word.to_lowercase())))
    })
}

pub async fn update(
    state: &State,
    caller: &Caller,
    id: ContactId,
    request: UpdateContact,
) -> Result<Contact> {
    change(state, caller, id, "contact.updated", async |tx, row| {
        let keys = state.secrets.organization(tx, caller.organization).await?;
        let key = state.secrets.contact(tx, caller.organization, id).await?;
        apply(row, &keys, &key, request)
    })
    .await
}

fn apply(
    row: &mut contact::Model,
    keys: &OrganizationKeys,
    key: &ContactKey,
    request: UpdateContact,
) -> Result<()> {
    use sealpost_shared::contacts::Channel::{Email, Sms};
    use sealpost_shared::patch::Patch;
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
        row.sms_opted_out_at = row.sms_opted_out_at.filter(|_| phone.is_none() || new_phone.is_none());
    }
    if new_email != email {
        row.email_version += 1;
        row.email_opted_out_at = row.email_opted_out_at.filter(|_| email.is_none() || new_email.is_none());
    }
    set_addresses(row, keys, key, new_phone, new_email)?;
    if let Patch::Set(fields) = &request.custom_fields
        && let Some(key) = fields.keys().next()
    {
        return Err(unknown_field(key));
    }
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

pub async fn set_pin(state: &State, caller: &Caller, id: ContactId, pin: &Pin) -> Result<()> {
    contact::get(state.db.read(), caller.organization, id).await?.ok_or_else(not_found)?;
    let hash = state.secrets.hashing.hash(pin.as_str()).await?;
    let digits = pin.is_digits();
    change(state, caller, id, "contact.pin_set", async |_, row| {
        row.pin_hash = Some(hash);
        row.pin_digits = digits;
        row.session_version += 1;
        Ok(())
    })
    .await
    .map(|_| ())
}

pub async fn remove_pin(state: &State, caller: &Caller, id: ContactId) -> Result<()> {
    change(state, caller, id, "contact.pin_removed", async |_, row| {
        row.pin_hash = None;
        row.pin_digits = false;
        row.session_version += 1;
        Ok(())
    })
    .await
    .map(|_| ())
}

/// Clears what wrong PINs closed: the contact and all their links.
pub async fn unlock(state: &State, caller: &Caller, id: ContactId) -> Result<()> {
    change(state, caller, id, "contact.unlocked", async |tx, _| {
        // In the order in which a try is charged, or the two would wait for each other.
        let links = link::list_ids_of_contact(tx, caller.organization, id).await?;
        link_guard::reset(tx, links, state.now()).await?;
        Ok(contact_guard::reset(tx, id).await?)
    })
    .await
    .map(|_| ())
}

async fn change(
    state: &State,
    caller: &Caller,
    id: ContactId,
    action: &'static str,
    work: impl AsyncFnOnce(&DatabaseTransaction, &mut contact::Model) -> Result<()>,
) -> Result<Contact> {
    state
        .db
        .write(async |tx| {
            caller.still_counts(state, tx).await?;
            let mut row = contact::get_locked(tx, caller.organization, id).await?.ok_or_else(not_found)?;
            work(tx, &mut row).await?;
            row.updated_at = state.now();
            let row = row.into_active_model().reset_all().update(tx).await.map_err(taken)?;
            let mut journal = Journal::new(caller.organization, caller.actor, state.now());
            journal.event(EventType::ContactUpdated, about(id)).audit(action, id);
            journal.write(tx).await?;
            views(state, tx, caller.organization, &[row]).await?.pop().ok_or_else(not_found)
        })
        .await
}
