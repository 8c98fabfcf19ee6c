//! What is to be done at a time: messages that were put off go out, reminders of those that nobody
//! opened, and what failed on one channel on the other. Any number of workers may run, in one
//! process or in several; whoever comes first does it, in a transaction of its own for each.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use crate::conversations;
use crate::entities::{delivery, reminder, scheduled_message};
use crate::problem::Result;
use crate::state::State;

/// How long to look away at most: another process may have put something off.
const LOOK_EVERY: Duration = Duration::from_secs(2);
const DATABASE_PAUSE: Duration = Duration::from_secs(1);
/// How many are taken at a look.
const AT_ONCE: u64 = 50;

/// Does what is due until `shutdown`.
pub async fn run(state: State, shutdown: impl Future<Output = ()>) {
    let mut shutdown = pin!(shutdown);
    let mut commits = state.db.commits();
    loop {
        // Before looking: a commit after this wakes the wait below.
        commits.mark_unchanged();
        let pause = match look(&state).await {
            Ok(pause) => pause,
            Err(problem) => {
                tracing::warn!(problem.code = problem.code.as_str(), "what is due waits");
                DATABASE_PAUSE
            }
        };
        tokio::select! {
            () = &mut shutdown => return,
            _ = commits.changed() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// How long there is nothing to do then.
async fn look(state: &State) -> Result<Duration> {
    run_due(state).await?;
    let db = state.db.before_organization().read().await?;
    let next = [
        scheduled_message::next_due(&db).await?,
        reminder::next_due(&db).await?,
        delivery::next_fallback(&db).await?,
    ];
    let next = next.into_iter().flatten().min();
    let pause = next.map_or(LOOK_EVERY, |due| (due - state.now()).to_std().unwrap_or_default());
    Ok(pause.clamp(Duration::from_millis(50), LOOK_EVERY))
}

/// Does what is due by the clock; how much that was.
pub async fn run_due(state: &State) -> Result<usize> {
    let now = state.now();
    let (messages, reminders, fallbacks) = {
        let db = state.db.before_organization().read().await?;
        (
            scheduled_message::list_due(&db, now, AT_ONCE).await?,
            reminder::list_due(&db, now, AT_ONCE).await?,
            delivery::list_fallbacks_due(&db, now, AT_ONCE).await?,
        )
    };
    for (organization, id) in &messages {
        conversations::send_due(state, *organization, *id).await?;
    }
    for (organization, id) in &reminders {
        conversations::remind_due(state, *organization, *id).await?;
    }
    for (organization, id) in &fallbacks {
        conversations::fall_back_due(state, *organization, *id).await?;
    }
    Ok(messages.len() + reminders.len() + fallbacks.len())
}
