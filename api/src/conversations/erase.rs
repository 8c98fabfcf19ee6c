//! Erasing a contact: the key goes, and with it everything that was sealed by it (security.md D21).

use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, IntoActiveModel, QueryFilter};
use sealpost_migrations::crash_point;
use sealpost_shared::contacts::Channel;
use sealpost_shared::events::EventType;
use sealpost_shared::ids::ContactId;
use serde::Deserialize;

use crate::auth::Caller;
use crate::delivery;
use crate::entities::{
    contact, contact_key, conversation, conversation_unread, idempotency_key, inbound_message, known_device,
    link, message, reminder, scheduled_message,
};
use crate::folders::{Standing, shift};
use crate::journal::{About, Journal};
use crate::problem::{Problem, Result, not_found};
use crate::secrets::Field;
use crate::state::State;

/// Ends links and (by the new session version) sessions, stops what is on its way, destroys the key, leaves a nameless row behind.
pub async fn erase_contact(state: &State, caller: &Caller, id: ContactId) -> Result<()> {
    let organization = caller.organization;
    let now = state.now();
    state
        .db
        .of(organization)
        .write(async |tx| {
            let row = contact::get_locked(tx, organization, id).await?.ok_or_else(not_found)?;
            // Links first: whoever asks for a new one holds the old one, and then the conversation.
            link::revoke_of_contact(tx, id, now).await?;
            let thread = conversation::get_locked(tx, organization, id).await?;
            delivery::cancel_of_contact(tx, organization, id, now).await?;
            if let Some(mut thread) = thread {
                let before = Standing::of(tx, &thread).await?;
                conversation_unread::clear_all(tx, thread.id).await?;
                (thread.has_inbound, thread.has_outbound, thread.has_failed) = (false, false, false);
                (thread.archived_at, thread.next_send_at) = (None, None);
                thread.into_active_model().reset_all().update(tx).await?;
                shift(tx, organization, &before, &Standing::nowhere()).await?;
            }
            scheduled_message::delete_of_contact(tx, organization, id).await?;
            reminder::delete_of_contact(tx, organization, id).await?;
            message::forget_pins(tx, id).await?;
            known_device::forget_of_contact(tx, id).await?;
            idempotency_key::forget_responses(tx, organization, id).await?;
            forget_held(state, tx, &row).await?;
            contact_key::delete_all(tx, id).await?;
            contact::tombstone(row, now).into_active_model().reset_all().update(tx).await?;
            let mut journal = Journal::new(organization, caller.actor, now);
            journal
                .event(EventType::ContactDeleted, About { contact: Some(id), ..About::default() })
                .audit("contact.erased", id);
            Ok(journal.write(tx).await?)
        })
        .await?;
    crash_point!("P13");
    state.db.drop_journal().await;
    Ok(())
}

/// Of a held text or email: whom it came from.
#[derive(Deserialize)]
struct Held {
    from: String,
}

/// Forgets held texts and emails that can only be theirs: nobody else has the address they came from.
async fn forget_held(state: &State, tx: &impl ConnectionTrait, row: &contact::Model) -> Result<()> {
    use contact::Column::{EmailIndex, Id, PhoneIndex};
    let organization = row.organization_id;
    let keys = state.secrets.organization(tx, organization).await?;
    let mut own = Vec::new();
    for (channel, field, column, index) in [
        (Channel::Sms, Field::ContactPhone, PhoneIndex, &row.phone_index),
        (Channel::Email, Field::ContactEmail, EmailIndex, &row.email_index),
    ] {
        let Some(index) = index else { continue };
        let others = contact::find_oldest(organization, column.eq(index.clone())).filter(Id.ne(row.id));
        if others.one(tx).await?.is_none() {
            own.push((channel, field, index));
        }
    }
    let mut theirs = Vec::new();
    for held in inbound_message::list_held(tx, organization).await? {
        let Some(sealed) = &held.sealed_content else { continue };
        let plain = keys.open(Field::InboundContent, held.id.uuid().as_bytes(), sealed)?;
        let from: Held = serde_json::from_slice(&plain).map_err(|_| Problem::internal("a held text"))?;
        let index = |field| keys.index(field, &from.from.to_lowercase());
        if own.iter().any(|(channel, field, own)| held.channel == *channel && index(*field) == **own) {
            theirs.push(held.id);
        }
    }
    Ok(inbound_message::forget(tx, organization, theirs).await?)
}
