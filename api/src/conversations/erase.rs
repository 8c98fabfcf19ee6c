//! Erasing a contact: the key goes, and with it everything that was sealed by it (security.md D21).

use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use sealpost_shared::events::EventType;
use sealpost_shared::ids::ContactId;

use super::counts::{Standing, shift};
use crate::auth::Caller;
use crate::delivery;
use crate::entities::{contact, contact_key, conversation, conversation_unread, known_device, link, message};
use crate::journal::{About, Journal};
use crate::problem::{Result, not_found};
use crate::state::State;

/// Ends links and (by the new session version) sessions, stops what is on its way, destroys the key, leaves a nameless row behind.
pub async fn erase_contact(state: &State, caller: &Caller, id: ContactId) -> Result<()> {
    let organization = caller.organization;
    let now = state.now();
    state
        .db
        .write(async |tx| {
            let row = contact::get_locked(tx, organization, id).await?.ok_or_else(not_found)?;
            delivery::cancel_of_contact(tx, organization, id, now).await?;
            link::revoke_of_contact(tx, id, now).await?;
            if let Some(mut thread) = conversation::get_locked(tx, organization, id).await? {
                let before = Standing::of(tx, &thread).await?;
                conversation_unread::clear_all(tx, thread.id).await?;
                (thread.has_inbound, thread.has_outbound, thread.archived_at) = (false, false, None);
                thread.into_active_model().reset_all().update(tx).await?;
                shift(tx, organization, &before, &Standing::nowhere()).await?;
            }
            message::forget_pins(tx, id).await?;
            known_device::forget_of_contact(tx, id).await?;
            contact_key::Entity::delete_by_id(id).exec(tx).await?;
            contact::tombstone(row, now).into_active_model().reset_all().update(tx).await?;
            let mut journal = Journal::new(organization, caller.actor, now);
            journal
                .event(EventType::ContactDeleted, About { contact: Some(id), ..About::default() })
                .audit("contact.erased", id);
            Ok(journal.write(tx).await?)
        })
        .await
}
