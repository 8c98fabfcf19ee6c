//! What staff do with links: see them, end them, clear their locks, send a fresh one.

use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter};
use sealpost_shared::events::EventType;
use sealpost_shared::ids::LinkId;
use sealpost_shared::links::{Link, LinkOrigin, LinkQuery};
use sealpost_shared::page::Page;
use sealpost_shared::problem::ProblemCode;

use super::view::{delivery_view, guards, link_view};
use crate::auth::Caller;
use crate::delivery;
use crate::entities::{contact, delivery as delivery_row, link, link_guard, patient_session};
use crate::journal::{About, Journal};
use crate::page::{Paging, map};
use crate::problem::{Problem, Result, not_found};
use crate::state::State;

pub use super::gate::{enter, open};
pub use super::relink::relink;
pub use super::tries::{LetIn, verify_pin};
pub use super::visitor::Visitor;

/// Links of a conversation or contact, newest first.
pub async fn list(state: &State, caller: &Caller, query: LinkQuery) -> Result<Page<Link>> {
    let which = match (query.conversation_id, query.contact_id) {
        (Some(conversation), None) => link::Column::ConversationId.eq(conversation),
        (None, Some(contact)) => link::Column::ContactId.eq(contact),
        _ => {
            return Err(Problem::new(
                ProblemCode::BadRequest,
                "give `conversation_id` or `contact_id`, not both",
            ));
        }
    };
    let name = format!("links {:?} {:?} {}", query.conversation_id, query.contact_id, caller.organization);
    let paging = Paging::new(state.secrets.ring(), name, query.limit, query.cursor.as_deref())?;
    let select = link::find_in(caller.organization).filter(which);
    let db = &state.db.of(caller.organization).read().await?;
    let rows = paging.apply(select, link::Column::CreatedAt, link::Column::Id).all(db).await?;
    let page = paging.page(rows, |row| (row.created_at, row.id.uuid()));
    let views = views(state, db, caller, &page.data).await?;
    Ok(map(page, views))
}

async fn views(
    state: &State,
    db: &impl ConnectionTrait,
    caller: &Caller,
    links: &[link::Model],
) -> Result<Vec<Link>> {
    let guards = guards(db, caller.organization, links.iter().map(|link| link.id)).await?;
    let messages = links.iter().map(|link| link.message_id);
    let deliveries = delivery_row::list_of_messages(db, caller.organization, messages).await?;
    let now = state.now();
    Ok(links
        .iter()
        .map(|link| {
            let own = deliveries.iter().filter(|delivery| delivery.link_id == Some(link.id));
            link_view(link, guards.get(&link.id), own.map(delivery_view).collect(), now)
        })
        .collect())
}

/// Ends a link for good, with its sessions and what is still on its way; and the links that reminders of it and its
/// notice on the other channel carried, for nobody made those.
pub async fn revoke(state: &State, caller: &Caller, id: LinkId) -> Result<Link> {
    change(state, caller, id, async |tx, link, journal| {
        let now = state.now();
        // Held, so that nothing makes one more of them meanwhile.
        contact::get_locked(tx, caller.organization, link.contact_id).await?;
        let of_message = link::list_of_messages(tx, caller.organization, [link.message_id]).await?;
        let family = family(&of_message, id);
        for link in of_message.iter().filter(|link| family.contains(&link.id)) {
            if link::revoke(tx, link.id, now).await? {
                patient_session::revoke_of_link(tx, link.id, now).await?;
                journal.event(EventType::SecureLinkRevoked, about(link)).audit("link.revoked", link.id);
            }
        }
        delivery::cancel_of_links(tx, caller.organization, family, now).await?;
        Ok(())
    })
    .await
}

/// A link, and those of the same message that were made of it, or that it was made of, by nobody.
fn family(of_message: &[link::Model], id: LinkId) -> BTreeSet<LinkId> {
    let by_nobody = |link: &&link::Model| matches!(link.origin, LinkOrigin::Reminded | LinkOrigin::Fallback);
    let pairs = of_message.iter().filter(by_nobody).filter_map(|link| Some([link.id, link.parent_id?]));
    let pairs: Vec<_> = pairs.collect();
    let mut family = BTreeSet::from([id]);
    // One more round for each generation.
    for _ in 0..=pairs.len() {
        for pair in &pairs {
            if pair.iter().any(|id| family.contains(id)) {
                family.extend(pair);
            }
        }
    }
    family
}

/// Gives a link's tries back.
pub async fn unlock(state: &State, caller: &Caller, id: LinkId) -> Result<Link> {
    change(state, caller, id, async |tx, link, journal| {
        link_guard::reset(tx, [id], state.now()).await?;
        journal.event(EventType::SecureLinkUnlocked, about(link)).audit("link.unlocked", id);
        Ok(())
    })
    .await
}

async fn change(
    state: &State,
    caller: &Caller,
    id: LinkId,
    work: impl AsyncFnOnce(&sea_orm::DatabaseTransaction, &link::Model, &mut Journal) -> Result<()>,
) -> Result<Link> {
    state
        .db
        .of(caller.organization)
        .write(async |tx| {
            let link = link::get(tx, caller.organization, id).await?.ok_or_else(not_found)?;
            let mut journal = Journal::new(caller.organization, caller.actor, state.now());
            work(tx, &link, &mut journal).await?;
            journal.write(tx).await?;
            let link = link::get(tx, caller.organization, id).await?.ok_or_else(not_found)?;
            views(state, tx, caller, &[link]).await?.pop().ok_or_else(not_found)
        })
        .await
}

fn about(link: &link::Model) -> About {
    About {
        conversation: Some(link.conversation_id),
        contact: Some(link.contact_id),
        message: Some(link.message_id),
        link: Some(link.id),
        user: None,
    }
}
