//! PINs tried at the gate: charged before they are verified, in one committed transaction (security.md D5). Of
//! any number of guesses at once, no more are verified than the budget holds.
//!
//! Whose budget it is decides who is shut out. Strangers share those of the link, the contact and the network: a
//! few wrong PINs close them, for everybody who is a stranger. A browser in which the contact's PIN was right
//! before has one of its own, which nobody else can use up (D7): five tries in 15 minutes, ten in a row, then it
//! is a stranger too. What it does opens nothing for strangers: its right PIN gives their tries not back.

use sea_orm::DatabaseTransaction;
use sealpost_migrations::crash_point;
use sealpost_shared::events::EventType;
use sealpost_shared::links::Entered;
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::text::Pin;

use super::gate::{Held, hold, hold_counted};
use super::pin::{self, AppliedPin, Entry};
use super::sessions;
use super::visitor::{Visitor, device_hash};
use crate::entities::budget::{self, Limit};
use crate::entities::link_guard::{WINDOW, WINDOW_TRIES};
use crate::entities::{
    contact, contact_guard, known_device, link, link_guard, message, secure_messaging_settings,
};
use crate::journal::{About, Actor};
use crate::problem::{Problem, Result};
use crate::secrets::random_token;
use crate::session_tokens::Token;
use crate::state::State;

/// PINs tried, per network.
const PINS_OF_NETWORK: Limit = Limit { scope: "pin_of_network", times: 30, window: WINDOW };
/// Sessions that a link without a PIN opens. Whoever reloads the page keeps theirs.
const SESSIONS_OF_LINK: Limit = Limit { scope: "sessions_of_link", times: 60, window: WINDOW };

/// Somebody who was let in.
pub struct LetIn {
    pub entered: Entered,
    pub token: Token,
    /// What the browser is to keep, to be known when it comes again.
    pub device: Option<String>,
}

/// Whose tries are used up.
pub enum Tries {
    Strangers,
    Known(known_device::Model),
}

/// A try that was taken, as it left what it was taken from.
pub enum Charged {
    Stranger(link_guard::Model, contact_guard::Model),
    Known(known_device::Model),
}

/// Who knows the contact's PIN knows nothing of a message's own: those tries are the link's, whoever makes them.
pub async fn tries_of(state: &State, held: &Held, visitor: &Visitor) -> Result<Tries> {
    if held.message.own_pin_hash.is_some() {
        return Ok(Tries::Strangers);
    }
    Ok(visitor.known_to(state, &held.contact).await?.map_or(Tries::Strangers, Tries::Known))
}

impl Tries {
    pub async fn entry(&self, state: &State, held: &Held) -> Result<Entry> {
        match self {
            Self::Strangers => held.entry(state).await,
            Self::Known(device) => Ok(pin::entry_of_device(device, state.now())),
        }
    }

    /// Refuses a network whose tries are used up.
    async fn look(&self, state: &State, visitor: &Visitor) -> Result<()> {
        let (Self::Strangers, now) = (self, state.now()) else { return Ok(()) };
        let db = state.db.before_organization().read().await?;
        match budget::spent_until(&db, PINS_OF_NETWORK, &visitor.network, now).await? {
            Some(until) => Err(Problem::wait(until, now)),
            None => Ok(()),
        }
    }
}

impl Charged {
    /// How entry stands after this try, should it be wrong.
    fn entry(&self, state: &State) -> Entry {
        match self {
            Self::Stranger(link, contact) => pin::entry(link, contact, state.now()),
            Self::Known(device) => pin::entry_of_device(device, state.now()),
        }
    }
}

/// Lets in whoever knows the PIN too.
pub async fn verify_pin(state: &State, token: &str, given: &str, visitor: &Visitor) -> Result<LetIn> {
    let _place = visitor.place(state, token).await?;
    let held = hold_counted(state, token, &visitor.network).await?;
    if held.link.expires_at <= state.now() {
        return Err(held.expired(state)?);
    }
    let applied = held.pin()?;
    match applied {
        AppliedPin::None => return let_in_by_link(state, token, &held, visitor).await,
        AppliedPin::Unresolved => return Err(held.disabled(state, false)?),
        AppliedPin::Hash { .. } | AppliedPin::Made(_) => {}
    }
    let tries = tries_of(state, &held, visitor).await?;
    // What is spent is refused without waiting for the database's writer; the charge below decides.
    let entry = tries.entry(state, &held).await?;
    if !matches!(entry, Entry::Open { .. }) {
        return Err(refusal(state, &held, entry)?);
    }
    tries.look(state, visitor).await?;
    let Ok(given) = given.parse::<Pin>() else { return Err(not_a_pin(entry)) };
    let charged = charge(state, &held, &tries, visitor).await?;
    crash_point!("P8");
    match is_right(state, &applied, &given).await {
        Ok(true) => {
            let let_in = let_in(state, token, &applied, Some(&charged), visitor).await?;
            renew(state, &held, &applied, &given).await;
            Ok(let_in)
        }
        Ok(false) => Err(wrong(state, &held, &charged).await?),
        Err(problem) => {
            // Nobody looked at the PIN: the try is given back, this one and no other.
            refund(state, &charged, visitor).await?;
            Err(problem)
        }
    }
}

/// An error means that nothing was verified.
async fn is_right(state: &State, applied: &AppliedPin, given: &Pin) -> Result<bool> {
    let permit = state.secrets.hashing.permit().await?;
    match applied {
        AppliedPin::Hash { hash, .. } => permit.verify(given.as_str(), Some(hash)).await,
        AppliedPin::Made(pin) => {
            // As long as the other kind takes, and in constant time.
            permit.verify(given.as_str(), None).await?;
            let hash = |pin: &str| state.secrets.ring().keyed_hash("made-pin", pin.as_bytes());
            Ok(subtle::ConstantTimeEq::ct_eq(&hash(given.as_str())[..], &hash(pin)[..]).into())
        }
        AppliedPin::None | AppliedPin::Unresolved => Ok(false),
    }
}

/// A right PIN whose hash is of an older pepper or cheaper than today's is hashed anew (security.md D4). Whoever typed
/// it is in already: what goes wrong here goes wrong again next time, and the old hash counts until then.
async fn renew(state: &State, held: &Held, applied: &AppliedPin, given: &Pin) {
    let AppliedPin::Hash { hash, .. } = applied else { return };
    if state.secrets.hashing.is_current(hash) {
        return;
    }
    let renewed = async {
        let fresh = state.secrets.hashing.hash(given.as_str()).await?;
        let db = state.db.of(held.link.organization_id);
        let written = db.write(async |tx| {
            // Wherever it came from: no two hashes are the same.
            contact::renew_pin(tx, held.contact.id, hash, &fresh).await?;
            message::renew_pin(tx, held.message.id, hash, &fresh).await?;
            Ok(secure_messaging_settings::renew_pin(tx, held.link.organization_id, hash, &fresh).await?)
        });
        written.await
    };
    if let Err(problem) = renewed.await {
        tracing::warn!(problem.code = problem.code.as_str(), "a PIN's hash will be renewed next time");
    }
}

/// Cannot be anybody's PIN, so it is wrong without a try.
fn not_a_pin(entry: Entry) -> Problem {
    let left = if let Entry::Open { attempts_left } = entry { attempts_left } else { 0 };
    Problem::from(ProblemCode::PinIncorrect).attempts_left(left)
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

/// Takes one try: of the link, the contact and the network, all or none, or of the known browser.
async fn charge(state: &State, held: &Held, tries: &Tries, visitor: &Visitor) -> Result<Charged> {
    let now = state.now();
    let charged = state
        .db
        .of(held.link.organization_id)
        .write(async |tx| {
            let spent = || Problem::from(ProblemCode::PinLocked);
            if let Tries::Known(device) = tries {
                let charged = known_device::charge(tx, device, now).await?;
                return charged.map(Charged::Known).ok_or_else(spent);
            }
            let link = link_guard::charge(tx, held.link.id, now).await?.ok_or_else(spent)?;
            let contact = contact_guard::charge(tx, held.contact.id).await?.ok_or_else(spent)?;
            if !budget::charge(tx, PINS_OF_NETWORK, &visitor.network, now).await? {
                let until = budget::window_ends_at(tx, PINS_OF_NETWORK, &visitor.network).await?;
                return Err(Problem::wait(until.unwrap_or(now + WINDOW), now));
            }
            Ok(Charged::Stranger(link, contact))
        })
        .await;
    match charged {
        Err(problem) if problem.code == ProblemCode::PinLocked => {
            let entry = tries_of(state, held, visitor).await?.entry(state, held).await?;
            Err(refusal(state, held, entry)?)
        }
        charged => charged,
    }
}

async fn refund(state: &State, charged: &Charged, visitor: &Visitor) -> Result<()> {
    let organization = match charged {
        Charged::Known(device) => device.organization_id,
        Charged::Stranger(link, _) => link.organization_id,
    };
    state
        .db
        .of(organization)
        .write(async |tx| match charged {
            Charged::Known(device) => Ok(known_device::refund(tx, device).await?),
            Charged::Stranger(link, contact) => {
                link_guard::refund(tx, link.link_id, link.window_ends_at).await?;
                contact_guard::refund(tx, contact.contact_id).await?;
                Ok(budget::refund(tx, PINS_OF_NETWORK, &visitor.network).await?)
            }
        })
        .await
}

/// What the charged try was: wrong, and perhaps the last. Staff sees it in the thread.
async fn wrong(state: &State, held: &Held, charged: &Charged) -> Result<Problem> {
    let (now, entry) = (state.now(), charged.entry(state));
    let locked = !matches!(entry, Entry::Open { .. }) && matches!(charged, Charged::Stranger(..));
    state
        .db
        .of(held.link.organization_id)
        .write(async |tx| {
            link_guard::note_failure(tx, held.link.id, locked, now).await?;
            let mut journal = held.journal(state, Actor::LinkHolder);
            journal.event(EventType::SecureLinkPinFailed, held.about());
            journal.audit("link.pin_failed", held.link.id);
            if locked {
                journal
                    .event(EventType::SecureLinkLocked, held.about())
                    .audit("link.pin_locked", held.link.id);
            }
            if entry == Entry::ContactDisabled
                && contact_guard::note_disabled(tx, held.contact.id, now).await?
            {
                let about = About { contact: Some(held.contact.id), ..About::default() };
                journal
                    .event(EventType::ContactUpdated, about)
                    .audit("contact.pin_disabled", held.contact.id);
            }
            Ok(journal.write(tx).await?)
        })
        .await?;
    let wrong = |left| Problem::from(ProblemCode::PinIncorrect).attempts_left(left);
    match entry {
        Entry::Open { attempts_left } => Ok(wrong(attempts_left)),
        Entry::Paused { until } => Ok(wrong(0).locked_until(until)),
        Entry::LinkDisabled | Entry::ContactDisabled => refusal(state, held, entry),
    }
}

/// Lets in whoever holds a link that asks for no PIN, so often in a while.
pub async fn let_in_by_link(state: &State, token: &str, held: &Held, visitor: &Visitor) -> Result<LetIn> {
    state.spent.check(SESSIONS_OF_LINK, held.link.id.uuid().as_bytes(), state.now())?;
    let_in(state, token, &AppliedPin::None, None, visitor).await
}

/// The session, in one transaction with what it resets and records. Looks again at everything: since the
/// PIN was checked, the link may have ended and the PIN may be another.
async fn let_in(
    state: &State,
    token: &str,
    checked: &AppliedPin,
    charged: Option<&Charged>,
    visitor: &Visitor,
) -> Result<LetIn> {
    state
        .db
        .before_organization()
        .write(async |tx| {
            let held = hold(state, tx, token).await?;
            let now = state.now();
            if held.link.expires_at <= now {
                return Err(held.expired(state)?);
            }
            if held.pin()? != *checked {
                return Err(ProblemCode::PinRequired.into());
            }
            let device = match charged {
                Some(charged) => settle_right(state, tx, &held, charged, visitor).await?,
                None => {
                    let link = held.link.id.uuid();
                    state.spent.charge(tx, SESSIONS_OF_LINK, link.as_bytes(), now).await?;
                    None
                }
            };
            let session = sessions::mint(tx, &held.link, &held.contact, now).await?;
            record_entry(state, tx, &held).await?;
            crash_point!("P9");
            let entered = Entered {
                session: sessions::patient_session_view(&session),
                conversation_id: held.link.conversation_id,
            };
            let token = sessions::token(&session, if charged.is_some() { "pin" } else { "link" });
            Ok(LetIn { entered, token, device })
        })
        .await
}

/// Gives tries back to whom they belong, and knows the browser from now on; its token, when it is news to it.
async fn settle_right(
    state: &State,
    tx: &DatabaseTransaction,
    held: &Held,
    charged: &Charged,
    visitor: &Visitor,
) -> Result<Option<String>> {
    let now = state.now();
    // Who knows one message's PIN knows nothing of the contact's: no fresh tries for that, and no known browser.
    let own_pin = held.message.own_pin_hash.is_some();
    match charged {
        Charged::Known(_) => {}
        Charged::Stranger(link, contact) => {
            link_guard::reset(tx, [link.link_id], now).await?;
            if own_pin {
                contact_guard::refund(tx, contact.contact_id).await?;
            } else {
                contact_guard::reset(tx, contact.contact_id).await?;
            }
            budget::refund(tx, PINS_OF_NETWORK, &visitor.network).await?;
        }
    }
    if own_pin {
        return Ok(None);
    }
    let token = visitor.device.clone().unwrap_or_else(random_token);
    let device = known_device::Model {
        contact_id: held.contact.id,
        token_hash: device_hash(state, &token, &held.contact),
        organization_id: held.contact.organization_id,
        session_version: held.contact.session_version,
        window_left: WINDOW_TRIES,
        window_ends_at: now,
        consecutive: 0,
        let_in_at: now,
        expires_at: now + known_device::KNOWN_FOR,
    };
    known_device::remember(tx, device).await?;
    Ok(Some(token))
}

async fn record_entry(state: &State, tx: &DatabaseTransaction, held: &Held) -> Result<()> {
    let mut journal = held.journal(state, Actor::Contact(held.contact.id));
    if link::mark_opened(tx, held.link.id, state.now()).await? {
        journal.event(EventType::SecureLinkOpened, held.about());
    }
    journal.audit("link.entered", held.link.id);
    Ok(journal.write(tx).await?)
}
