//! Making, finding, changing and erasing contacts.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, IntoActiveModel,
    QueryFilter,
};
use sealpost_shared::contacts::{Contact, ContactQuery, CreateContact, UpdateContact};
use sealpost_shared::events::EventType;
use sealpost_shared::ids::{ContactId, OrganizationId};
use sealpost_shared::page::Page;
use sealpost_shared::text::{Email, Phone, Pin};
use sealpost_shared::texts::TextStanding;

use super::pins::refuse_weak;
use super::record::{apply, create_in, email_index, fields_of, set_fields, taken};
use super::view::view;
use crate::auth::Caller;
use crate::delivery;
use crate::entities::{
    contact, contact_guard, known_device, link, link_guard, organization, secure_messaging_settings,
};
use crate::idempotency::{Answer, IdempotencyKey, once};
use crate::journal::{About, Journal};
use crate::page::{Paging, map};
use crate::problem::{Problem, Result, not_found};
use crate::secrets::{Field, OrganizationKeys};
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
        let fields = fields_of(tx, caller.organization, std::slice::from_ref(&row)).await?;
        view(&key, &row, None, &fields)
    })
    .await
}

fn about(id: ContactId) -> About {
    About { contact: Some(id), ..About::default() }
}

pub async fn get(state: &State, caller: &Caller, id: ContactId) -> Result<Contact> {
    let db = &state.db.of(caller.organization).read().await?;
    let row = contact::get(db, caller.organization, id).await?.ok_or_else(not_found)?;
    let view = views(state, db, caller.organization, &[row]).await?.pop().ok_or_else(not_found)?;
    state.reads.note(caller.organization, caller.actor, "contact.read", id, state.now());
    Ok(view)
}

/// How this contact stands with texts at the moment.
pub async fn texts(state: &State, caller: &Caller, id: ContactId) -> Result<TextStanding> {
    let db = &state.db.of(caller.organization).read().await?;
    let contact = contact::get(db, caller.organization, id).await?.ok_or_else(not_found)?;
    let organization = organization::get(db, caller.organization).await?.ok_or_else(not_found)?;
    let key = state.secrets.contact(db, caller.organization, id).await?;
    delivery::standing(db, &organization, &contact, &key, state.now()).await
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
    let fields = fields_of(db, organization, rows).await?;
    rows.iter()
        .map(|row| {
            let key = keys.get(&row.id).ok_or_else(|| Problem::internal("contact key is missing"))?;
            let guard = guards.iter().find(|guard| guard.contact_id == row.id);
            view(key, row, guard, &fields)
        })
        .collect()
}

pub async fn list(state: &State, caller: &Caller, query: ContactQuery) -> Result<Page<Contact>> {
    let name = format!("contacts {} {:?} {:?}", caller.organization, query.q, query.external_id);
    let paging = Paging::new(state.secrets.ring(), name, query.limit, query.cursor.as_deref())?;
    let db = &state.db.of(caller.organization).read().await?;
    let mut select = contact::find_live(caller.organization);
    if let Some(id) = &query.external_id {
        select = select.filter(contact::Column::ExternalId.eq(id));
    }
    if let Some(q) = query.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
        let keys = state.secrets.organization(db, caller.organization).await?;
        select = select.filter(matches(caller.organization, &keys, q));
    }
    let rows = paging.apply(select, contact::Column::CreatedAt, contact::Column::Id).all(db).await?;
    let page = paging.page(rows, |row| (row.created_at, row.id.uuid()));
    let views = views(state, db, caller.organization, &page.data).await?;
    if !views.is_empty() {
        let (organization, actor) = (caller.organization, caller.actor);
        state.reads.note(organization, actor, "contact.listed", organization, state.now());
    }
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
        set_fields(tx, row, &key, request.custom_fields.clone()).await?;
        apply(row, &keys, &key, request)
    })
    .await
}

pub async fn set_pin(state: &State, caller: &Caller, id: ContactId, pin: &Pin) -> Result<()> {
    contact::get(&state.db.of(caller.organization).read().await?, caller.organization, id)
        .await?
        .ok_or_else(not_found)?;
    let hash = state.secrets.hashing.hash(pin.as_str()).await?;
    let digits = pin.is_digits();
    change(state, caller, id, "contact.pin_set", async |tx, row| {
        let settings = secure_messaging_settings::get(tx, caller.organization).await?;
        let key = state.secrets.contact(tx, caller.organization, id).await?;
        refuse_weak(&settings, &key, row, pin.as_str())?;
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

/// Clears what wrong PINs closed: the contact and all their links. Browsers that were let in before are strangers
/// again: whoever clears everything starts anew.
pub async fn unlock(state: &State, caller: &Caller, id: ContactId) -> Result<()> {
    change(state, caller, id, "contact.unlocked", async |tx, _| {
        // In the order in which a try is charged, or the two would wait for each other.
        let links = link::list_ids_of_contact(tx, caller.organization, id).await?;
        link_guard::reset(tx, links, state.now()).await?;
        contact_guard::reset(tx, id).await?;
        Ok(known_device::forget_of_contact(tx, id).await?)
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
        .of(caller.organization)
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
