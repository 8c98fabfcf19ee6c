//! The gate: what a link shows before anybody is let in, and who is let in.
//!
//! Wrong PINs are charged before they are verified, in a committed transaction (security.md D5): of any
//! number of guesses at once, no more are verified than the budget holds.

use sea_orm::{ConnectionTrait, DatabaseTransaction};
use sealpost_shared::events::EventType;
use sealpost_shared::links::{Entered, Gate, GateState, PinGate, Sender};
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::text::Pin;

use super::issue::{Opening, check_pin_policy, opening_of};
use super::notice::known_as;
use super::pin::{self, AppliedPin, Entry};
use super::relink::offer;
use super::sessions;
use crate::channels;
use crate::contact_fields::custom_values;
use crate::entities::budget::{self, Limit};
use crate::entities::contact_guard::CONTACT_TRIES;
use crate::entities::link_guard::WINDOW;
use crate::entities::{
    contact, contact_guard, link, link_guard, message, organization, secure_messaging_settings,
};
use crate::journal::{About, Actor, Journal};
use crate::problem::{Problem, Result};
use crate::secrets::{ContactKey, valid_token};
use crate::session_tokens::Token;
use crate::state::State;
use crate::templates::CustomValues;

/// Tokens that open nothing, per network (security.md D7).
const UNKNOWN_TOKENS: Limit =
    Limit { scope: "unknown_token", times: 60, window: chrono::TimeDelta::minutes(1) };
/// PINs tried, per network.
const PINS_OF_NETWORK: Limit = Limit { scope: "pin_of_network", times: 30, window: WINDOW };

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

    fn pin(&self) -> Result<AppliedPin> {
        let own = self.message.own_pin_hash.clone().map(|hash| (hash, self.message.own_pin_digits));
        opening_of(&self.opening(), own)
    }

    /// Whether the settings of today let a link like this one be sent (security.md D3: refused, not weakened).
    pub fn may_be_sent(&self) -> Result<bool> {
        let allowed = check_pin_policy(&self.opening(), &self.pin()?, self.link.lifetime).is_ok();
        Ok(self.settings.enabled && allowed)
    }

    fn journal(&self, state: &State, actor: Actor) -> Journal {
        Journal::new(self.link.organization_id, actor, state.now())
    }

    fn about(&self) -> About {
        About {
            conversation: Some(self.link.conversation_id),
            contact: Some(self.link.contact_id),
            message: Some(self.link.message_id),
            link: Some(self.link.id),
            user: None,
        }
    }

    fn expired(&self, state: &State) -> Result<Problem> {
        let offer = offer(state, self)?;
        Ok(Problem::from(ProblemCode::LinkExpired)
            .from_organization(self.organization.card())
            .link_lifetime(self.link.lifetime)
            .relink(offer))
    }

    /// PIN entry is off: for this link, which a new one mends, or for the contact as a whole.
    fn disabled(&self, state: &State, relinkable: bool) -> Result<Problem> {
        let offer = if relinkable { offer(state, self)? } else { None };
        Ok(Problem::from(ProblemCode::PinDisabled).from_organization(self.organization.card()).relink(offer))
    }

    async fn entry(&self, state: &State, db: &impl ConnectionTrait) -> Result<Entry> {
        let organization = self.link.organization_id;
        let link = link_guard::list(db, organization, [self.link.id]).await?.pop();
        let contact = contact_guard::get(db, organization, self.link.contact_id).await?;
        // Guards are made with what they guard; without one, nobody gets in.
        let (Some(link), Some(contact)) = (link, contact) else { return Ok(Entry::ContactDisabled) };
        Ok(pin::entry(&link, &contact, state.now()))
    }
}

/// The link of a token. Unknown, malformed, revoked and deleted ones are one answer (security.md D9).
pub async fn hold(state: &State, db: &impl ConnectionTrait, token: &str) -> Result<Held> {
    find(state, db, token).await?.ok_or_else(|| ProblemCode::LinkNotFound.into())
}

async fn find(state: &State, db: &impl ConnectionTrait, token: &str) -> Result<Option<Held>> {
    if !valid_token(token) {
        return Ok(None);
    }
    channels::refresh(state, db).await?;
    let hashes = state.secrets.ring().link_hashes(token);
    let Some(link) = link::find_unrevoked(db, hashes).await? else { return Ok(None) };
    let id = link.organization_id;
    let Some(contact) = contact::get(db, id, link.contact_id).await? else { return Ok(None) };
    let Some(message) = message::get(db, id, link.message_id).await? else { return Ok(None) };
    let Some(organization) = organization::get(db, id).await? else { return Ok(None) };
    let settings = secure_messaging_settings::get(db, id).await?;
    let key = state.secrets.contact(db, id, contact.id).await?;
    let guard = contact_guard::get(db, id, contact.id).await?;
    let contact_closed = guard.is_none_or(|guard| guard.consecutive >= CONTACT_TRIES);
    let custom = custom_values(db, &settings, &contact, &key).await?;
    Ok(Some(Held { link, message, contact, key, organization, settings, contact_closed, custom }))
}

/// [`hold`] for callers from outside: misses are counted per network.
pub async fn hold_counted(state: &State, token: &str, network: &[u8]) -> Result<Held> {
    match hold(state, state.db.read(), token).await {
        Err(problem) if problem.code == ProblemCode::LinkNotFound => {
            let now = state.now();
            let spent = || Problem::from(ProblemCode::RateLimited).retry_after(60);
            // An error rolls back: what is refused wakes nobody who waits for commits.
            let charge =
                async |tx: &DatabaseTransaction| match budget::charge(tx, UNKNOWN_TOKENS, network, now)
                    .await?
                {
                    true => Ok(()),
                    false => Err(spent()),
                };
            state.db.write(charge).await?;
            Err(problem)
        }
        held => held,
    }
}

/// What the page shows first. Free: consumes nothing, marks nothing (security.md D6).
pub async fn open(state: &State, token: &str, network: &[u8]) -> Result<Gate> {
    let held = hold_counted(state, token, network).await?;
    if held.link.expires_at <= state.now() {
        return Err(held.expired(state)?);
    }
    let applied = held.pin()?;
    let pin = match applied {
        AppliedPin::None => None,
        AppliedPin::Unresolved => return Err(held.disabled(state, false)?),
        AppliedPin::Hash { .. } | AppliedPin::Made(_) => {
            let (attempts_left, locked_until) = match held.entry(state, state.db.read()).await? {
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
pub async fn enter(state: &State, token: &str, network: &[u8]) -> Result<(Entered, Token)> {
    let held = hold_counted(state, token, network).await?;
    if held.link.expires_at <= state.now() {
        return Err(held.expired(state)?);
    }
    match held.pin()? {
        AppliedPin::None => let_in(state, token, &AppliedPin::None, network).await,
        AppliedPin::Unresolved => Err(held.disabled(state, false)?),
        AppliedPin::Hash { .. } | AppliedPin::Made(_) => Err(ProblemCode::PinRequired.into()),
    }
}

/// Lets in whoever knows the PIN too.
pub async fn verify_pin(state: &State, token: &str, given: &str, network: &[u8]) -> Result<(Entered, Token)> {
    let held = hold_counted(state, token, network).await?;
    if held.link.expires_at <= state.now() {
        return Err(held.expired(state)?);
    }
    let applied = held.pin()?;
    match applied {
        AppliedPin::None => return let_in(state, token, &applied, network).await,
        AppliedPin::Unresolved => return Err(held.disabled(state, false)?),
        AppliedPin::Hash { .. } | AppliedPin::Made(_) => {}
    }
    let Ok(given) = given.parse::<Pin>() else { return Err(not_a_pin(state, &held).await?) };
    charge(state, &held, network).await?;
    let permit = match state.secrets.hashing.permit().await {
        Ok(permit) => permit,
        Err(busy) => {
            refund(state, &held, network).await?;
            return Err(busy);
        }
    };
    let right = match &applied {
        AppliedPin::Hash { hash, .. } => permit.verify(given.as_str(), Some(hash)).await?,
        AppliedPin::Made(pin) => {
            // As long as the other kind takes, and in constant time.
            permit.verify(given.as_str(), None).await?;
            let hash = |pin: &str| state.secrets.ring().keyed_hash("made-pin", pin.as_bytes());
            subtle::ConstantTimeEq::ct_eq(&hash(given.as_str())[..], &hash(pin)[..]).into()
        }
        AppliedPin::None | AppliedPin::Unresolved => false,
    };
    if right { let_in(state, token, &applied, network).await } else { Err(wrong(state, &held).await?) }
}

/// Cannot be anybody's PIN, so it is wrong without a try: but never while entry is paused.
async fn not_a_pin(state: &State, held: &Held) -> Result<Problem> {
    match held.entry(state, state.db.read()).await? {
        Entry::Open { attempts_left } => {
            Ok(Problem::from(ProblemCode::PinIncorrect).attempts_left(attempts_left))
        }
        entry => refusal(state, held, entry),
    }
}

fn refusal(state: &State, held: &Held, entry: Entry) -> Result<Problem> {
    match entry {
        Entry::Paused { until } => {
            let seconds = (until - state.now()).num_seconds().max(1).unsigned_abs();
            Ok(Problem::from(ProblemCode::PinLocked).retry_after(seconds).locked_until(until))
        }
        Entry::LinkDisabled => held.disabled(state, true),
        Entry::ContactDisabled => held.disabled(state, false),
        Entry::Open { .. } => Ok(Problem::from(ProblemCode::RateLimited).retry_after(60)),
    }
}

/// Takes one try of the link, the contact and the network, all or none.
async fn charge(state: &State, held: &Held, network: &[u8]) -> Result<()> {
    let now = state.now();
    let charged = state
        .db
        .write(async |tx| {
            let spent = || Problem::from(ProblemCode::PinLocked);
            if !link_guard::charge(tx, held.link.id, now).await? {
                return Err(spent());
            }
            if !contact_guard::charge(tx, held.contact.id).await? {
                return Err(spent());
            }
            if !budget::charge(tx, PINS_OF_NETWORK, network, now).await? {
                return Err(Problem::from(ProblemCode::RateLimited).retry_after(15 * 60));
            }
            Ok(())
        })
        .await;
    match charged {
        Err(problem) if problem.code == ProblemCode::PinLocked => {
            let entry = held.entry(state, state.db.read()).await?;
            Err(refusal(state, held, entry)?)
        }
        charged => charged,
    }
}

async fn refund(state: &State, held: &Held, network: &[u8]) -> Result<()> {
    state
        .db
        .write(async |tx| {
            link_guard::refund(tx, held.link.id).await?;
            contact_guard::refund(tx, held.contact.id).await?;
            Ok(budget::refund(tx, PINS_OF_NETWORK, network).await?)
        })
        .await
}

/// What the charged try was: wrong, and perhaps the last.
async fn wrong(state: &State, held: &Held) -> Result<Problem> {
    let entry = held.entry(state, state.db.read()).await?;
    let mut journal = held.journal(state, Actor::LinkHolder);
    journal.event(EventType::SecureLinkPinFailed, held.about()).audit("link.pin_failed", held.link.id);
    if !matches!(entry, Entry::Open { .. }) {
        journal.event(EventType::SecureLinkLocked, held.about()).audit("link.pin_locked", held.link.id);
    }
    state.db.write(async |tx| Ok(journal.write(tx).await?)).await?;
    let wrong = |left| Problem::from(ProblemCode::PinIncorrect).attempts_left(left);
    match entry {
        Entry::Open { attempts_left } => Ok(wrong(attempts_left)),
        Entry::Paused { until } => Ok(wrong(0).locked_until(until)),
        Entry::LinkDisabled | Entry::ContactDisabled => refusal(state, held, entry),
    }
}

/// The session, in one transaction with what it resets and records. Looks again at everything: since the
/// PIN was checked, the link may have ended and the PIN may be another.
async fn let_in(
    state: &State,
    token: &str,
    checked: &AppliedPin,
    network: &[u8],
) -> Result<(Entered, Token)> {
    state
        .db
        .write(async |tx| {
            let held = hold(state, tx, token).await?;
            let now = state.now();
            if held.link.expires_at <= now {
                return Err(held.expired(state)?);
            }
            if held.pin()? != *checked {
                return Err(ProblemCode::PinRequired.into());
            }
            let by_pin = *checked != AppliedPin::None;
            if by_pin {
                link_guard::reset(tx, [held.link.id], now).await?;
                if held.message.own_pin_hash.is_some() {
                    // Who knows one message's PIN knows nothing of the contact's: no fresh tries for that.
                    contact_guard::refund(tx, held.contact.id).await?;
                } else {
                    contact_guard::reset(tx, held.contact.id).await?;
                }
                budget::refund(tx, PINS_OF_NETWORK, network).await?;
            }
            let session = sessions::mint(tx, &held.link, &held.contact, now).await?;
            record_entry(state, tx, &held).await?;
            let entered = Entered {
                session: sessions::patient_session_view(&session),
                conversation_id: held.link.conversation_id,
            };
            Ok((entered, sessions::token(&session, if by_pin { "pin" } else { "link" })))
        })
        .await
}

async fn record_entry(state: &State, tx: &DatabaseTransaction, held: &Held) -> Result<()> {
    let mut journal = held.journal(state, Actor::Contact(held.contact.id));
    if link::mark_opened(tx, held.link.id, state.now()).await? {
        journal.event(EventType::SecureLinkOpened, held.about());
    }
    journal.audit("link.entered", held.link.id);
    Ok(journal.write(tx).await?)
}
