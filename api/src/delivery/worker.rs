//! The loops that empty the queues, one per provider and kind. Any number of them may run, in one process or in
//! several.

use std::future::Future;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::FutureExt as _;
use sealpost_shared::contacts::Channel;
use sealpost_shared::ids::OrganizationId;
use uuid::Uuid;

use super::attempt::attempt;
use super::claim::{Claimed, claim};
use super::slots::{InHand, PER_ORGANIZATION};
use super::staff_mail;
use crate::channels;
use crate::circuit::Allowance;
use crate::entities::outgoing::Turn;
use crate::entities::{delivery, staff_mail as staff_mail_row};
use crate::problem::Result;
use crate::secrets::random_bytes;
use crate::state::State;

/// How long to look away at most: another process may have queued something.
const LOOK_EVERY: Duration = Duration::from_secs(2);
const TAKEN_PAUSE: Duration = Duration::from_millis(50);
/// How long to wait when the database does not answer.
const DATABASE_PAUSE: Duration = Duration::from_secs(1);

/// What goes one way, in slots of its own: a silent mail server keeps no text waiting, and no pile of notices an
/// invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lane {
    Texts,
    Emails,
    StaffMails,
}

const LANES: [Lane; 3] = [Lane::Texts, Lane::Emails, Lane::StaffMails];

/// Something that this worker holds.
enum Job {
    Notice(Box<Claimed>),
    StaffMail(Box<staff_mail_row::Model>),
}

/// Sends what is due until `shutdown`, then finishes what is in hand.
pub async fn run(state: State, shutdown: impl Future<Output = ()>) {
    let shutdown = shutdown.shared();
    let lane = |lane| run_lane(state.clone(), lane, shutdown.clone());
    tokio::join!(lane(Lane::Texts), lane(Lane::Emails), lane(Lane::StaffMails));
}

async fn run_lane(state: State, lane: Lane, shutdown: impl Future<Output = ()>) {
    let mut shutdown = std::pin::pin!(shutdown);
    let mut commits = state.db.commits();
    // Tasks, not futures of this loop: one that holds the database's only writer must go on while the loop
    // waits for it.
    let mut in_hand = InHand::default();
    loop {
        state.worker_beat.store(state.now().timestamp(), Ordering::Relaxed);
        // Before looking: a commit after this wakes the wait below.
        commits.mark_unchanged();
        let pause = take(&state, lane, &mut in_hand).await.unwrap_or(DATABASE_PAUSE);
        let full = in_hand.free() == 0;
        tokio::select! {
            () = &mut shutdown => break,
            true = in_hand.one_done() => {}
            _ = commits.changed(), if !full => {}
            () = tokio::time::sleep(pause), if !full => {}
        }
    }
    while in_hand.one_done().await {}
}

/// For tests: sends everything that is due by the clock, and what becomes due by that.
pub async fn run_until_idle(state: &State) -> Result<()> {
    loop {
        let mut idle = true;
        for lane in LANES {
            let mut in_hand = InHand::default();
            let pause = take(state, lane, &mut in_hand).await?;
            idle &= !in_hand.one_done().await && pause > TAKEN_PAUSE;
            while in_hand.one_done().await {}
        }
        if idle {
            return Ok(());
        }
    }
}

/// Claims only when something is due and its provider worth asking: a claim writes, and looking does not. How long
/// to look away then.
async fn take(state: &State, lane: Lane, in_hand: &mut InHand) -> Result<Duration> {
    let pause = next_pause(state, lane).await?;
    if in_hand.free() == 0 || pause > Duration::ZERO {
        return Ok(pause);
    }
    channels::refresh(state, &state.db.before_organization().read().await?).await?;
    let (now, circuit) = (state.now(), state.circuits.of(lane.channel()));
    let most = match circuit.allowance(now) {
        Allowance::All => u64::MAX,
        Allowance::Probe => 1,
        Allowance::Nothing(_) => return Ok(LOOK_EVERY),
    };
    let mut taken = 0;
    for tried in [true, false] {
        let free = if tried { in_hand.free_for_retries() } else { in_hand.free() };
        let limit = free.min(most.saturating_sub(taken));
        if limit == 0 {
            continue;
        }
        let jobs = lane.claim(state, &turn(state, lane, tried, limit, in_hand)).await?;
        taken += jobs.len() as u64;
        if most == 1 && taken > 0 {
            circuit.probe(now);
        }
        start(in_hand, state, tried, jobs);
    }
    // Due and yet not to be had: another worker is taking it this moment, or others' are in hand.
    let least = if taken == 0 { TAKEN_PAUSE } else { Duration::ZERO };
    Ok(next_pause(state, lane).await?.max(least))
}

fn turn(state: &State, lane: Lane, tried: bool, limit: u64, in_hand: &InHand) -> Turn {
    let now = state.now();
    let lease = TimeDelta::from_std(state.config.delivery.lease).unwrap_or(TimeDelta::seconds(60));
    Turn {
        limit,
        per_organization: PER_ORGANIZATION,
        in_hand: match lane {
            // Few, and of the installation's own people.
            Lane::StaffMails => Vec::new(),
            Lane::Texts | Lane::Emails => in_hand.by_organization().into_iter().collect(),
        },
        ..Turn::of(now, Uuid::from_bytes(random_bytes()), now + lease, tried)
    }
}

fn start(in_hand: &mut InHand, state: &State, retry: bool, jobs: Vec<Job>) {
    for job in jobs {
        let (state, organization) = (state.clone(), job.organization());
        in_hand.start(organization, retry, async move {
            match job {
                Job::Notice(claimed) => attempt(&state, *claimed).await,
                Job::StaffMail(row) => staff_mail::attempt(&state, &row).await,
            }
        });
    }
}

async fn next_pause(state: &State, lane: Lane) -> Result<Duration> {
    let due = lane.next_due(state).await?;
    let now = state.now();
    // Nothing is due before its provider is worth asking again.
    let due = match state.circuits.of(lane.channel()).allowance(now) {
        Allowance::Nothing(until) => due.map(|due| due.max(until)),
        Allowance::All | Allowance::Probe => due,
    };
    let pause = due.map_or(LOOK_EVERY, |due| (due - now).to_std().unwrap_or_default());
    Ok(pause.min(LOOK_EVERY))
}

impl Lane {
    const fn channel(self) -> Channel {
        match self {
            Self::Texts => Channel::Sms,
            Self::Emails | Self::StaffMails => Channel::Email,
        }
    }

    async fn next_due(self, state: &State) -> Result<Option<chrono::DateTime<chrono::Utc>>> {
        let db = state.db.before_organization().read().await?;
        Ok(match self {
            Self::Texts | Self::Emails => delivery::next_due(&db, self.channel()).await?,
            Self::StaffMails => staff_mail_row::next_due(&db).await?,
        })
    }

    async fn claim(self, state: &State, turn: &Turn) -> Result<Vec<Job>> {
        Ok(match self {
            Self::Texts | Self::Emails => {
                let claimed = claim(state, self.channel(), turn).await?.into_iter();
                claimed.map(|claimed| Job::Notice(Box::new(claimed))).collect()
            }
            Self::StaffMails => {
                let rows = staff_mail::claim(state, turn).await?.into_iter();
                rows.map(|row| Job::StaffMail(Box::new(row))).collect()
            }
        })
    }
}

impl Job {
    fn organization(&self) -> OrganizationId {
        match self {
            Self::Notice(claimed) => claimed.row.organization_id,
            Self::StaffMail(row) => row.organization_id,
        }
    }
}
