//! One try: over the network, with nothing locked. What nobody answered before is asked about first, so that a text
//! which arrived is not sent again (security.md D16).

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use sealpost_migrations::crash_point;
use sealpost_shared::contacts::Channel;
use sealpost_shared::deliveries::FailureCode;
use sealpost_shared::paths::HOOKS_TWILIO_STATUS;

use super::claim::{Claimed, Parcel, Task};
use super::receipts;
use super::settle::{End, Verdict, settle_patiently, verdict};
use crate::circuit::Health;
use crate::entities::delivery;
use crate::senders::{EmailNotice, Found, Known, SendOutcome, SmsNotice};
use crate::state::State;

/// After so many tries that a gateway took without a word, one that keeps no list gets no other.
const UNANSWERED: i64 = 2;

/// What a look at the gateway's list says is to be done.
enum Look {
    /// It has it: nothing is left to do.
    There,
    /// It has it not, or cannot say: it may be sent.
    Send,
    Settle(Verdict),
}

pub(super) async fn attempt(state: &State, claimed: Claimed) {
    let mut row = claimed.row;
    let circuit = state.circuits.of(row.channel);
    let (verdict, health) = match claimed.task {
        Task::End(end) => (Verdict::End(end), Health::Unsaid),
        Task::Send(parcel) => match look(state, &mut row, &parcel).await {
            (Look::There, health) => {
                note(state, circuit, health);
                return;
            }
            (Look::Settle(verdict), health) => (verdict, health),
            (Look::Send, _) => {
                crash_point!("P3");
                let started = Instant::now();
                let outcome = send(state, &row, &parcel).await;
                measure(state, ("notices", row.channel), row.created_at, &outcome, started.elapsed());
                crash_point!("P5");
                let health = health_of(&outcome);
                (verdict(state, &row, outcome), health)
            }
        },
    };
    note(state, circuit, health);
    settle_patiently(state, &row, &verdict).await;
}

/// `queue` is the one that it waited in, since `created_at`.
pub(super) fn measure(
    state: &State,
    (queue, channel): (&str, Channel),
    created_at: DateTime<Utc>,
    outcome: &SendOutcome,
    took: Duration,
) {
    let (outcome, code) = outcome.words();
    let labels = [("queue", queue), ("channel", channel.as_str()), ("outcome", outcome), ("code", code)];
    state.metrics.count("sealpost_delivery_attempts_total", &labels);
    state.metrics.time("sealpost_delivery_attempt_seconds", &labels[..3], took);
    if outcome == "accepted" {
        let waited = (state.now() - created_at).to_std().unwrap_or_default();
        state.metrics.time("sealpost_delivery_latency_seconds", &labels[..2], waited);
    }
}

fn note(state: &State, circuit: &crate::circuit::Circuit, health: Health) {
    circuit.note(health, state.now(), state.config.delivery.first_pause());
}

/// What an outcome says of whoever gave it. A provider that asks for time or refuses is well.
pub(super) const fn health_of(outcome: &SendOutcome) -> Health {
    match outcome {
        SendOutcome::Accepted { .. } | SendOutcome::Refused { .. } => Health::Well,
        SendOutcome::Passing { code: FailureCode::ChannelNotConfigured | FailureCode::NotOpened, .. } => {
            Health::Unsaid
        }
        SendOutcome::Passing { retry_after: Some(_), .. } => Health::Well,
        SendOutcome::Passing { .. } | SendOutcome::Ambiguous { .. } => Health::Ill,
    }
}

/// Only texts can be asked about. A mail goes again under the same `Message-ID`.
async fn look(state: &State, row: &mut delivery::Model, parcel: &Parcel) -> (Look, Health) {
    let (true, Parcel::Sms(to, content), Some(sender)) = (row.in_doubt, parcel, state.senders.sms()) else {
        return (Look::Send, Health::Unsaid);
    };
    let sms = SmsNotice { id: row.id, created_at: row.created_at, to, body: &content.body, callback: None };
    let found = match sender.find(&sms).await {
        Found::These(texts) => match others_left_out(state, row, texts).await {
            Some(texts) => texts,
            None => return (Look::Settle(again(state, row)), Health::Well),
        },
        Found::CannotSay if row.unanswered >= UNANSWERED => {
            let detail = "The text message service took it twice without saying what became of it. It may have \
                          arrived: ask, or send it again.";
            return (
                Look::Settle(Verdict::End(End::failed(FailureCode::OutcomeUnknown, detail))),
                Health::Well,
            );
        }
        Found::CannotSay => return (not_before(state, row), Health::Well),
        Found::NotNow => return (Look::Settle(again(state, row)), Health::Ill),
    };
    let Some(text) = found.into_iter().next() else {
        let look = not_before(state, row);
        // Nothing is in doubt about it any more.
        if matches!(look, Look::Send) {
            (row.in_doubt, row.unanswered) = (false, 0);
        }
        return (look, Health::Well);
    };
    match receipts::receive(state, row, Some(text.provider_id), &text.receipt).await {
        Ok(_) => (Look::There, Health::Well),
        Err(_) => (Look::Settle(again(state, row)), Health::Well),
    }
}

/// The same words may have gone to the same number before, as another message.
async fn others_left_out(state: &State, row: &delivery::Model, texts: Vec<Known>) -> Option<Vec<Known>> {
    let ids = texts.iter().map(|text| text.provider_id.clone());
    let db = state.db.before_organization().read().await.ok()?;
    let others = delivery::list_known_elsewhere(&db, row.id, ids).await.ok()?;
    Some(texts.into_iter().filter(|text| !others.contains(&text.provider_id)).collect())
}

fn not_before(state: &State, row: &delivery::Model) -> Look {
    match row.retry_at.filter(|at| *at > state.now()) {
        Some(at) => Look::Settle(Verdict::Untried { until: at }),
        None => Look::Send,
    }
}

/// Asked again in a while.
fn again(state: &State, row: &delivery::Model) -> Verdict {
    let wait = state.config.delivery.callback_wait.max(state.config.delivery.first_pause());
    let until: DateTime<Utc> = state.now() + chrono::TimeDelta::from_std(wait).unwrap_or_default();
    // What is past its time by then is ended by whoever takes it.
    Verdict::Untried { until: until.min(row.not_after.max(state.now() + chrono::TimeDelta::seconds(1))) }
}

/// A channel that was taken out of the configuration may come back: the notice waits for it.
async fn send(state: &State, row: &delivery::Model, parcel: &Parcel) -> SendOutcome {
    match (parcel, state.senders.sms(), state.senders.email()) {
        (Parcel::Sms(to, content), Some(sender), _) => {
            let callback =
                format!("{}{HOOKS_TWILIO_STATUS}/{}", state.config.origin(), row.callback_handle.simple());
            let sms = SmsNotice {
                id: row.id,
                created_at: row.created_at,
                to,
                body: &content.body,
                callback: Some(callback),
            };
            sender.send(&sms).await
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
        _ => not_set_up(row.channel),
    }
}

pub(super) fn not_set_up(channel: Channel) -> SendOutcome {
    let detail = match channel {
        Channel::Sms => "Text messages are not set up.",
        Channel::Email => "Email is not set up.",
    };
    SendOutcome::passing(FailureCode::ChannelNotConfigured, detail)
}
