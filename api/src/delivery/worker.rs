//! The loop that empties the queue. Any number of them may run, in one process or in several.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use sealpost_migrations::crash_point;
use tokio::task::JoinSet;

use super::claim::{Claimed, Parcel, claim};
use super::settle::settle_patiently;
use super::staff_mail;
use crate::channels;
use crate::entities::delivery;
use crate::problem::Result;
use crate::senders::EmailNotice;
use crate::senders::SendOutcome;
use crate::senders::SmsNotice;
use crate::state::State;

/// How many tries run at once.
const SLOTS: usize = 16;
/// How long to look away at most: another process may have queued something.
const LOOK_EVERY: Duration = Duration::from_secs(2);
const TAKEN_PAUSE: Duration = Duration::from_millis(50);
/// How long to wait when the database does not answer.
const DATABASE_PAUSE: Duration = Duration::from_secs(1);

/// Sends what is due until `shutdown`, then finishes what is in hand.
pub async fn run(state: State, shutdown: impl Future<Output = ()>) {
    let mut shutdown = pin!(shutdown);
    let mut commits = state.db.commits();
    // Tasks, not futures of this loop: one that holds the database's only writer must go on while the loop
    // waits for it.
    let mut in_hand = JoinSet::new();
    loop {
        state.worker_beat.store(state.now().timestamp(), Ordering::Relaxed);
        // Before looking: a commit after this wakes the wait below.
        commits.mark_unchanged();
        let pause = match take(&state, SLOTS - in_hand.len()).await {
            Ok((claimed, pause)) => {
                start(&mut in_hand, &state, claimed);
                pause
            }
            Err(_) => DATABASE_PAUSE,
        };
        let full = in_hand.len() >= SLOTS;
        tokio::select! {
            () = &mut shutdown => break,
            Some(_) = in_hand.join_next(), if !in_hand.is_empty() => {}
            _ = commits.changed(), if !full => {}
            () = tokio::time::sleep(pause), if !full => {}
        }
    }
    while in_hand.join_next().await.is_some() {}
}

fn start(in_hand: &mut JoinSet<()>, state: &State, claimed: Vec<Claimed>) {
    for claimed in claimed {
        let state = state.clone();
        in_hand.spawn(async move { attempt(&state, claimed).await });
    }
}

/// For tests: sends everything that is due by the clock, and what becomes due by that.
pub async fn run_until_idle(state: &State) -> Result<()> {
    staff_mail::send_due(state).await?;
    loop {
        let (claimed, _) = take(state, SLOTS).await?;
        let nothing = claimed.is_empty() && next_pause(state).await? > Duration::ZERO;
        if nothing {
            return Ok(());
        }
        let mut in_hand = JoinSet::new();
        start(&mut in_hand, state, claimed);
        while in_hand.join_next().await.is_some() {}
    }
}

/// Claims only when something is due: a claim writes, and looking does not.
async fn take(state: &State, free: usize) -> Result<(Vec<Claimed>, Duration)> {
    let pause = next_pause(state).await?;
    if free == 0 || pause > Duration::ZERO {
        return Ok((Vec::new(), pause));
    }
    channels::refresh(state, &state.db.before_organization().read().await?).await?;
    let claimed = claim(state, free as u64).await?;
    // Due and yet not to be had: another worker is taking it this moment.
    let least = if claimed.is_empty() { TAKEN_PAUSE } else { Duration::ZERO };
    Ok((claimed, next_pause(state).await?.max(least)))
}

async fn next_pause(state: &State) -> Result<Duration> {
    let due = delivery::next_due(&state.db.before_organization().read().await?).await?;
    let pause = due.map_or(LOOK_EVERY, |due| (due - state.now()).to_std().unwrap_or_default());
    Ok(pause.min(LOOK_EVERY))
}

async fn attempt(state: &State, claimed: Claimed) {
    crash_point!("P3");
    let started = Instant::now();
    let outcome = send(state, &claimed).await;
    measure(state, &claimed, &outcome, started.elapsed());
    crash_point!("P5");
    settle_patiently(state, &claimed.row, &outcome).await;
}

fn measure(state: &State, claimed: &Claimed, outcome: &SendOutcome, took: Duration) {
    let channel = match claimed.parcel {
        Parcel::Sms(..) => "sms",
        Parcel::Email(..) => "email",
    };
    let (outcome, code) = match outcome {
        SendOutcome::Accepted { .. } => ("accepted", ""),
        SendOutcome::Refused { code, .. } => ("refused", *code),
        SendOutcome::Passing { code, .. } => ("passing", *code),
    };
    let labels = [("channel", channel), ("outcome", outcome), ("code", code)];
    state.metrics.count("sealpost_delivery_attempts_total", &labels);
    state.metrics.time("sealpost_delivery_attempt_seconds", &labels[..2], took);
    if outcome == "accepted" {
        let waited = (state.now() - claimed.row.created_at).to_std().unwrap_or_default();
        state.metrics.time("sealpost_delivery_latency_seconds", &labels[..1], waited);
    }
}

/// A channel that was taken out of the configuration may come back: the notice waits for it.
async fn send(state: &State, claimed: &Claimed) -> SendOutcome {
    let row = &claimed.row;
    match (&claimed.parcel, state.senders.sms(), state.senders.email()) {
        (Parcel::Sms(to, content), Some(sender), _) => {
            sender.send(&SmsNotice { id: row.id, to, body: &content.body }).await
        }
        (Parcel::Email(to, content), _, Some(sender)) => {
            sender
                .send(&EmailNotice {
                    id: row.id,
                    created_at: row.created_at,
                    to,
                    from_name: &content.from_name,
                    subject: &content.subject,
                    text: &content.text,
                    html: &content.html,
                })
                .await
        }
        _ => SendOutcome::passing("channel_not_configured", "This channel is not set up."),
    }
}
