//! The gate: what a link shows before anybody is let in, and who is let in without a PIN. PINs are `tries`.

use sea_orm::DatabaseTransaction;
use sealpost_shared::ids::{ContactId, MessageId, OrganizationId};
use sealpost_shared::links::{Gate, GateState, PinGate, Sender};
use sealpost_shared::problem::ProblemCode;
use uuid::Uuid;

use super::issue::{Opening, check_pin_policy, opening_of};
use super::notice::known_as;
use super::pin::{self, AppliedPin, Entry};
use super::relink::offer;
use super::tries::{LetIn, let_in_by_link, tries_of};
use super::visitor::Visitor;
use crate::channels;
use crate::contact_fields::custom_values;
use crate::contacts::Recipient;
use crate::db;
use crate::delivery;
use crate::entities::budget::Limit;
use crate::entities::contact_guard::CONTACT_TRIES;
use crate::entities::{
    contact, contact_guard, link, link_guard, message, organization, secure_messaging_settings,
};
use crate::journal::{About, Actor, Journal};
use crate::problem::{Problem, Result};
use crate::secrets::{ContactKey, KeyError, random_token, valid_token};
use crate::state::State;
use crate::templates::CustomValues;

/// Tokens that open nothing, per network (security.md D7).
const UNKNOWN_TOKENS: Limit =
    Limit { scope: "unknown_token", times: 60, window: chrono::TimeDelta::minutes(1) };

/// A link somebody holds, and all that decides what it shows.
pub struct Held {
    pub link: link::Model,
    pub message: message::Model,
    pub contact: contact::Model,
    pub key: ContactKey,
    pub organization: organization::Model,
    pub settings: secure_messaging_settings::Model,
    /// Too many wrong PINs on all of the contact's links: staff must look, and no new link helps.
    pub contact_closed: bool,
    /// The organization's month has no text left.
    pub texts_spent: bool,
    pub custom: CustomValues,
}

impl Held {
    pub fn opening(&self) -> Opening<'_> {
        Opening {
            organization: &self.organization,
            settings: &self.settings,
            contact: &self.contact,
            key: &self.key,
            custom: &self.custom,
        }
    }

    pub fn pin(&self) -> Result<AppliedPin> {
        let own = self.message.own_pin_hash.clone().map(|hash| (hash, self.message.own_pin_digits));
        opening_of(&self.opening(), own)
    }

    pub fn recipient(&self) -> Recipient<'_> {
        Recipient { organization: &self.organization, contact: &self.contact, key: &self.key }
    }

    /// Whether the settings of today let a link like this one be sent (security.md D3: refused, not weakened).
    pub fn may_be_sent(&self) -> Result<bool> {
        let allowed = check_pin_policy(&self.opening(), &self.pin()?, self.link.lifetime).is_ok();
        Ok(self.settings.enabled && allowed)
    }

    pub fn journal(&self, state: &State, actor: Actor) -> Journal {
        Journal::new(self.link.organization_id, actor, state.now())
    }

    pub fn about(&self) -> About {
        About {
            conversation: Some(self.link.conversation_id),
            contact: Some(self.link.contact_id),
            message: Some(self.link.message_id),
            link: Some(self.link.id),
            user: None,
        }
    }

    pub fn expired(&self, state: &State) -> Result<Problem> {
        let offer = offer(state, self)?;
        Ok(Problem::from(ProblemCode::LinkExpired)
            .from_organization(self.organization.card())
            .link_lifetime(self.link.lifetime)
            .relink(offer))
    }

    /// PIN entry is off: for this link, which a new one mends, or for the contact as a whole.
    pub fn disabled(&self, state: &State, relinkable: bool) -> Result<Problem> {
        let offer = if relinkable { offer(state, self)? } else { None };
        Ok(Problem::from(ProblemCode::PinDisabled).from_organization(self.organization.card()).relink(offer))
    }

    /// How the PIN entry of a stranger stands.
    pub async fn entry(&self, state: &State) -> Result<Entry> {
        let organization = self.link.organization_id;
        let db = state.db.of(organization).read().await?;
        let link = link_guard::list(&db, organization, [self.link.id]).await?.pop();
        let contact = contact_guard::get(&db, organization, self.link.contact_id).await?;
        // Guards are made with what they guard; without one, nobody gets in.
        let (Some(link), Some(contact)) = (link, contact) else { return Ok(Entry::ContactDisabled) };
        Ok(pin::entry(&link, &contact, state.now()))
    }
}

/// The link of a token. Unknown, malformed, revoked and deleted ones are one answer (security.md D9). A transaction
/// that began before the organization was known is that organization's from here on.
pub async fn hold(state: &State, db: &DatabaseTransaction, token: &str) -> Result<Held> {
    find(state, db, token).await?.ok_or_else(|| ProblemCode::LinkNotFound.into())
}

/// Asks the same of the database whatever the token is: what has the wrong form is looked up as a token that
/// nobody has (never itself: security.md D2), and what is found nowhere is looked for in every table.
async fn find(state: &State, tx: &DatabaseTransaction, token: &str) -> Result<Option<Held>> {
    channels::refresh(state, tx).await?;
    let hashes = match valid_token(token) {
        true => state.secrets.ring().link_hashes(token),
        false => state.secrets.ring().link_hashes(&random_token()),
    };
    let link = link::find_unrevoked(tx, hashes).await?;
    let nowhere = (
        OrganizationId::from_uuid(Uuid::nil()),
        ContactId::from_uuid(Uuid::nil()),
        MessageId::from_uuid(Uuid::nil()),
    );
    let (id, contact, message) =
        link.as_ref().map_or(nowhere, |link| (link.organization_id, link.contact_id, link.message_id));
    db::enter(tx, id).await?;
    let key = match state.secrets.contact(tx, id, contact).await {
        Err(KeyError::Missing) => None,
        key => Some(key?),
    };
    let guard = contact_guard::get(tx, id, contact).await?;
    let contact = contact::get(tx, id, contact).await?;
    let message = message::get(tx, id, message).await?;
    let organization = organization::get(tx, id).await?;
    let settings = secure_messaging_settings::find(tx, id).await?;
    let texts_spent = delivery::month_spent(tx, id, organization.as_ref(), state.now()).await?;
    let (Some(link), Some(contact), Some(message)) = (link, contact, message) else { return Ok(None) };
    let (Some(organization), Some(settings)) = (organization, settings) else { return Ok(None) };
    let key = key.ok_or(KeyError::Missing)?;
    let contact_closed = guard.is_none_or(|guard| guard.consecutive >= CONTACT_TRIES);
    let custom = custom_values(tx, &settings, &contact, &key).await?;
    Ok(Some(Held {
        link,
        message,
        contact,
        key,
        organization,
        settings,
        contact_closed,
        texts_spent,
        custom,
    }))
}

/// [`hold`] for callers from outside: misses are counted per network.
pub async fn hold_counted(state: &State, token: &str, network: &[u8]) -> Result<Held> {
    let held = hold(state, &state.db.before_organization().read().await?, token).await;
    match held {
        Err(problem) if problem.code == ProblemCode::LinkNotFound => {
            let now = state.now();
            state.spent.check(UNKNOWN_TOKENS, network, now)?;
            // An error rolls back: what is refused wakes nobody who waits for commits.
            let charge =
                async |tx: &DatabaseTransaction| state.spent.charge(tx, UNKNOWN_TOKENS, network, now).await;
            state.db.before_organization().write(charge).await?;
            Err(problem)
        }
        held => held,
    }
}

/// What the page shows first. Free: consumes nothing, marks nothing (security.md D6).
pub async fn open(state: &State, token: &str, visitor: &Visitor) -> Result<Gate> {
    let _place = visitor.place(state, token).await?;
    let held = hold_counted(state, token, &visitor.network).await?;
    if held.link.expires_at <= state.now() {
        return Err(held.expired(state)?);
    }
    let applied = held.pin()?;
    let pin = match applied {
        AppliedPin::None => None,
        AppliedPin::Unresolved => return Err(held.disabled(state, false)?),
        AppliedPin::Hash { .. } | AppliedPin::Made(_) => {
            let (attempts_left, locked_until) =
                match tries_of(state, &held, visitor).await?.entry(state, &held).await? {
                    Entry::Open { attempts_left } => (attempts_left, None),
                    Entry::Paused { until } => (0, Some(until)),
                    Entry::LinkDisabled => return Err(held.disabled(state, true)?),
                    Entry::ContactDisabled => return Err(held.disabled(state, false)?),
                };
            Some(PinGate { attempts_left, locked_until, digits_only: applied.digits_only() })
        }
    };
    Ok(Gate {
        state: if pin.is_some() { GateState::PinRequired } else { GateState::Ready },
        organization: held.organization.card(),
        sender: Sender { name: known_as(&held.message, &held.organization).to_owned() },
        pin,
    })
}

/// Lets in whoever holds a link that asks for no PIN.
pub async fn enter(state: &State, token: &str, visitor: &Visitor) -> Result<LetIn> {
    let _place = visitor.place(state, token).await?;
    let held = hold_counted(state, token, &visitor.network).await?;
    if held.link.expires_at <= state.now() {
        return Err(held.expired(state)?);
    }
    match held.pin()? {
        AppliedPin::None => let_in_by_link(state, token, &held, visitor).await,
        AppliedPin::Unresolved => Err(held.disabled(state, false)?),
        AppliedPin::Hash { .. } | AppliedPin::Made(_) => Err(ProblemCode::PinRequired.into()),
    }
}
