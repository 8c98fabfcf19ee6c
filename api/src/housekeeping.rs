//! What has ended and counts no more is dropped: kept answers, used-up limits, sign-in links, old sessions,
//! texts of nobody we know.

use std::time::Duration;

use chrono::TimeDelta;

use crate::entities::{
    account_guard, budget, idempotency_key, inbound_message, known_device, one_time_sign_in,
    passkey_ceremony, password_reset, patient_session, pending_sign_in, staff_device, staff_session,
};
use crate::problem::Result;
use crate::state::State;

const EVERY: Duration = Duration::from_secs(10 * 60);
/// How often the clock's mark is kept: much more often than a clock may be off.
const CLOCK_EVERY: Duration = Duration::from_secs(30);
/// How long an ended session's row is kept.
const SESSIONS_KEPT: TimeDelta = TimeDelta::days(30);
/// How long a text or email whose sender could not be told is held.
const HELD: TimeDelta = TimeDelta::days(30);

/// Sweeps until the server is done.
pub async fn run(state: State) {
    let mut done = state.done.subscribe();
    let (mut sweeping, mut keeping) = (tokio::time::interval(EVERY), tokio::time::interval(CLOCK_EVERY));
    loop {
        let done = tokio::select! {
            _ = done.wait_for(|done| *done) => return,
            _ = sweeping.tick() => {
                let swept = sweep(&state).await;
                state.db.drop_journal().await;
                swept
            }
            _ = keeping.tick() => state.keep_clock().await,
        };
        if let Err(problem) = done {
            tracing::warn!(problem.code = problem.code.as_str(), "housekeeping will try again");
        }
    }
}

pub async fn sweep(state: &State) -> Result<()> {
    let now = state.now();
    state
        .db
        .before_organization()
        .write(async |tx| {
            idempotency_key::sweep(tx, now).await?;
            budget::sweep(tx, now).await?;
            account_guard::sweep(tx, now).await?;
            staff_device::sweep(tx, now).await?;
            password_reset::sweep(tx, now).await?;
            one_time_sign_in::sweep(tx, now).await?;
            pending_sign_in::sweep(tx, now).await?;
            passkey_ceremony::sweep(tx, now).await?;
            inbound_message::sweep(tx, now - HELD).await?;
            known_device::sweep(tx, now).await?;
            staff_session::sweep(tx, now - SESSIONS_KEPT).await?;
            Ok(patient_session::sweep(tx, now - SESSIONS_KEPT).await?)
        })
        .await
}
