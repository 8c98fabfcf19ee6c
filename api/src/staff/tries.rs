//! How often somebody may try to prove who they are: one table for passwords, codes, invitations and reset links
//! (security.md D7). A try is charged in one committed transaction before anything is looked at; without a database
//! nothing is let through. A browser in which the person has signed in before has a budget of its own, so that
//! others' failures shut nobody out.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use sealpost_shared::ids::UserId;
use sealpost_shared::problem::ProblemCode;

use crate::entities::budget::{self, Limit};
use crate::entities::{account_guard, staff_device, user};
use crate::journal::{Actor, Journal};
use crate::problem::{Problem, Result};
use crate::state::State;

const WINDOW: TimeDelta = TimeDelta::minutes(5);
const OF_ONE: i64 = 5;
const OF_NETWORK: i64 = 20;
/// A known browser that fails so often in a row is known no more.
const OF_DEVICE_IN_A_ROW: i64 = 10;

/// What is asked for. The names are those of the counters; an audit entry says what failed.
pub(crate) struct Door {
    one: Limit,
    network: Limit,
    device: Limit,
    /// Failures in a row, from wherever; nothing where a wrong try names no account.
    in_a_row: Option<&'static str>,
    /// Its entry in the audit log; nothing where a wrong try is nobody's.
    failed: Option<&'static str>,
}

const fn door(
    one: &'static str,
    network: &'static str,
    device: &'static str,
    in_a_row: Option<&'static str>,
    failed: Option<&'static str>,
) -> Door {
    Door {
        one: Limit { scope: one, times: OF_ONE, window: WINDOW },
        network: Limit { scope: network, times: OF_NETWORK, window: WINDOW },
        device: Limit { scope: device, times: OF_ONE, window: WINDOW },
        in_a_row,
        failed,
    }
}

pub(crate) const PASSWORD: Door =
    door("sign_in", "sign_in_of_network", "sign_in_of_device", Some("sign_in"), Some("user.password_failed"));
pub(crate) const CODE: Door = door(
    "second_step",
    "second_step_of_network",
    "second_step_of_device",
    Some("second_step"),
    Some("user.code_failed"),
);
/// By who is signed in, before something changes.
pub(crate) const OWN_PASSWORD: Door = door(
    "own_password",
    "own_password_of_network",
    "own_password_of_device",
    Some("own_password"),
    Some("user.own_password_failed"),
);
/// The first code of an app that is being set up.
pub(crate) const FIRST_CODE: Door =
    door("first_code", "first_code_of_network", "first_code_of_device", None, Some("user.first_code_failed"));
/// Tokens cannot be guessed; these keep anybody from trying for long.
pub(crate) const INVITATION: Door =
    door("invitation", "invitation_of_network", "invitation_of_device", None, None);
pub(crate) const RESET: Door = door("reset", "reset_of_network", "reset_of_device", None, None);
pub(crate) const ONE_TIME: Door = door("one_time", "one_time_of_network", "one_time_of_device", None, None);
pub(crate) const ASK_FOR_RESET: Door =
    door("ask_reset", "ask_reset_of_network", "ask_reset_of_device", None, None);

/// One try, by somebody at a network address.
pub(crate) struct Try<'a> {
    door: &'static Door,
    subject: Vec<u8>,
    network: &'a [u8],
    device: Option<staff_device::Model>,
}

impl<'a> Try<'a> {
    /// `subject` is what is tried at: an id, or a keyed hash of what somebody typed.
    pub fn new(door: &'static Door, subject: impl Into<Vec<u8>>, network: &'a [u8]) -> Self {
        Self { door, subject: subject.into(), network, device: None }
    }

    /// From a browser that the person has used before.
    pub fn with_device(self, device: Option<staff_device::Model>) -> Self {
        Self { device, ..self }
    }

    /// Takes one try, or says how long to wait. Committed when it returns. What is used up already is refused by a
    /// look, without waiting for the database's writer.
    pub async fn charge(&self, state: &State) -> Result<()> {
        let now = state.now();
        self.look(state, now).await?;
        state.db.before_organization().write(async |tx| self.take(tx, now).await).await
    }

    /// In the database and not in memory (`spent`): each of these can be given back before its time, by this server
    /// or another.
    async fn look(&self, state: &State, now: DateTime<Utc>) -> Result<()> {
        let db = &state.db.before_organization().read().await?;
        if self.device.is_some() {
            return left(db, self.door.device, &self.own(), now).await;
        }
        left(db, self.door.network, self.network, now).await?;
        left(db, self.door.one, &self.own(), now).await?;
        let Some(scope) = self.door.in_a_row else { return Ok(()) };
        match account_guard::find(db, scope, &self.subject).await? {
            Some(guard) if !guard.is_open(now) => Err(refusal(Some(guard), now)),
            _ => Ok(()),
        }
    }

    /// All counters or none: an error rolls back.
    async fn take(&self, tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<()> {
        if self.device.is_some() {
            return within(tx, self.door.device, &self.own(), now).await;
        }
        within(tx, self.door.network, self.network, now).await?;
        within(tx, self.door.one, &self.own(), now).await?;
        let Some(scope) = self.door.in_a_row else { return Ok(()) };
        if account_guard::charge(tx, scope, &self.subject, now).await?.is_some() {
            return Ok(());
        }
        Err(refusal(account_guard::find(tx, scope, &self.subject).await?, now))
    }

    /// What is tried at, from here.
    fn own(&self) -> Vec<u8> {
        let from = self.device.as_ref().map_or(self.network, |device| &device.token_hash);
        [&self.subject, from].concat()
    }

    /// Un-charges exactly this try: it was never looked at.
    pub async fn give_back(&self, state: &State) -> Result<()> {
        let now = state.now();
        state
            .db
            .before_organization()
            .write(async |tx| {
                if self.device.is_some() {
                    return Ok(budget::refund(tx, self.door.device, &self.own()).await?);
                }
                budget::refund(tx, self.door.network, self.network).await?;
                budget::refund(tx, self.door.one, &self.own()).await?;
                match self.door.in_a_row {
                    Some(scope) => Ok(account_guard::refund(tx, scope, &self.subject, now).await?),
                    None => Ok(()),
                }
            })
            .await
    }

    /// It was right: failures count from nothing again, except those that turned the password off.
    pub async fn succeeded(&self, tx: &DatabaseTransaction) -> Result<()> {
        if self.device.is_some() {
            // What strangers did to the account stays theirs to wait for.
            return Ok(budget::reset(tx, self.door.device, &self.own()).await?);
        }
        budget::refund(tx, self.door.network, self.network).await?;
        budget::reset(tx, self.door.one, &self.own()).await?;
        match self.door.in_a_row {
            Some(scope) => Ok(account_guard::clear(tx, scope, &self.subject).await?),
            None => Ok(()),
        }
    }

    /// It was wrong: stays charged, and leaves an entry where there is somebody to whom it happened. As much is
    /// written where there is nobody.
    pub async fn failed(&self, state: &State, whose: Option<&user::Model>) -> Result<()> {
        let now = state.now();
        let db = match whose {
            Some(user) => state.db.of(user.organization_id),
            None => state.db.before_organization(),
        };
        db.write(async |tx| {
            let mut off = false;
            if let Some(device) = &self.device {
                staff_device::failed(tx, device.user_id, &device.token_hash, OF_DEVICE_IN_A_ROW).await?;
            } else if let Some(scope) = self.door.in_a_row {
                off = account_guard::failed(tx, scope, &self.subject, now).await?;
            }
            let (Some(user), Some(action)) = (whose, self.door.failed) else { return Ok(()) };
            let mut journal = Journal::new(user.organization_id, Actor::System, now);
            journal.audit(action, user.id);
            if off {
                journal.audit("user.password_disabled", user.id);
            }
            Ok(journal.write(tx).await?)
        })
        .await
    }
}

async fn within(tx: &DatabaseTransaction, limit: Limit, subject: &[u8], now: DateTime<Utc>) -> Result<()> {
    if budget::charge(tx, limit, subject, now).await? {
        return Ok(());
    }
    let ends = budget::window_ends_at(tx, limit, subject).await?;
    Err(Problem::wait(ends.unwrap_or(now + limit.window), now))
}

/// Takes nothing.
async fn left(db: &impl ConnectionTrait, limit: Limit, subject: &[u8], now: DateTime<Utc>) -> Result<()> {
    match budget::spent_until(db, limit, subject, now).await? {
        Some(until) => Err(Problem::wait(until, now)),
        None => Ok(()),
    }
}

/// Of an account that takes no try now.
fn refusal(guard: Option<account_guard::Model>, now: DateTime<Utc>) -> Problem {
    match guard.filter(|guard| guard.failures < account_guard::FAILURES_MAX) {
        Some(guard) => Problem::wait(guard.next_try_at, now),
        None => ProblemCode::PasswordDisabled.into(),
    }
}

/// What is tried at where somebody types an address, whether it is anybody's or not.
pub(crate) fn subject_of_email(state: &State, email: &str) -> Vec<u8> {
    state.secrets.ring().keyed_hash("sign-in", email.as_bytes())
}

/// Those whose password or code is taken no more from browsers that they have not used before.
pub(super) async fn locked(
    state: &State,
    db: &impl ConnectionTrait,
    users: &[user::Model],
) -> Result<HashSet<UserId>> {
    let mut whose = HashMap::new();
    for user in users {
        whose.insert((PASSWORD.in_a_row, subject_of_email(state, &user.email)), user.id);
        whose.insert((CODE.in_a_row, user.id.uuid().as_bytes().to_vec()), user.id);
    }
    let off = account_guard::list_disabled(db, whose.keys().map(|(_, subject)| subject.clone())).await?;
    let found = off.into_iter().filter_map(|guard| {
        whose
            .iter()
            .find(|((scope, subject), _)| *scope == Some(guard.scope.as_str()) && *subject == guard.subject)
    });
    Ok(found.map(|(_, id)| *id).collect())
}

/// What stood against a person is over: there is a new password. What was counted at the codes stays: who reads
/// somebody's mail must not buy fresh tries with each reset. Only where the codes are off does it end, so that a new
/// password is a way back in; that takes a hundred in a row, with waits of an hour between most of them.
pub(super) async fn clear(state: &State, tx: &DatabaseTransaction, user: &user::Model) -> Result<()> {
    let subject = subject_of_email(state, &user.email);
    if let Some(scope) = PASSWORD.in_a_row {
        account_guard::clear(tx, scope, &subject).await?;
    }
    let id = user.id.uuid();
    if let Some(scope) = OWN_PASSWORD.in_a_row {
        account_guard::clear(tx, scope, id.as_bytes()).await?;
    }
    match CODE.in_a_row {
        Some(scope) => Ok(account_guard::clear_disabled(tx, scope, id.as_bytes()).await?),
        None => Ok(()),
    }
}

/// There are no codes to guess any more.
pub(super) async fn clear_codes(tx: &DatabaseTransaction, user: UserId) -> Result<()> {
    match CODE.in_a_row {
        Some(scope) => Ok(account_guard::clear(tx, scope, user.uuid().as_bytes()).await?),
        None => Ok(()),
    }
}
