//! Whether a provider is worth asking just now (security.md D16): after several failures in a row nothing is sent to
//! it for a while, then one, to see. In memory, each process its own: it spares the provider and our slots, and
//! decides nothing that must last.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sealpost_shared::contacts::Channel;

/// So many failures in a row open it.
const FAILURES: u32 = 5;
/// How often the pause doubles while nothing changes.
const DOUBLINGS: u32 = 3;
/// A probe that says nothing for so long is taken for lost.
const PROBE_LOST: TimeDelta = TimeDelta::minutes(2);

/// One per provider.
#[derive(Default)]
pub struct Circuits {
    sms: Circuit,
    email: Circuit,
}

impl Circuits {
    pub const fn of(&self, channel: Channel) -> &Circuit {
        match channel {
            Channel::Sms => &self.sms,
            Channel::Email => &self.email,
        }
    }
}

#[derive(Default)]
pub struct Circuit(Mutex<Memory>);

#[derive(Default)]
struct Memory {
    /// In a row.
    failures: u32,
    /// Nothing goes out before.
    open_until: Option<DateTime<Utc>>,
    probing_since: Option<DateTime<Utc>>,
    /// Times that it opened without anything going well in between.
    opened: u32,
}

/// What whoever looks from outside sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CircuitState {
    Closed,
    /// Nothing is sent before this time.
    Open(DateTime<Utc>),
    /// One is on its way, or may go, to see.
    HalfOpen,
}

/// What a try says of the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    Well,
    Ill,
    /// Nothing was asked of it.
    Unsaid,
}

/// How much may be sent now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowance {
    All,
    /// This one, to see.
    Probe,
    /// Nothing before this time, at least.
    Nothing(DateTime<Utc>),
}

impl Circuit {
    pub fn state(&self, now: DateTime<Utc>) -> CircuitState {
        match self.memory().open_until {
            None => CircuitState::Closed,
            Some(until) if now < until => CircuitState::Open(until),
            Some(_) => CircuitState::HalfOpen,
        }
    }

    pub fn allowance(&self, now: DateTime<Utc>) -> Allowance {
        let memory = self.memory();
        match (memory.open_until, memory.probing_since) {
            (None, _) => Allowance::All,
            (Some(until), _) if now < until => Allowance::Nothing(until),
            (Some(_), Some(since)) if now < since + PROBE_LOST => Allowance::Nothing(since + PROBE_LOST),
            (Some(_), _) => Allowance::Probe,
        }
    }

    /// The probe is on its way.
    pub fn probe(&self, now: DateTime<Utc>) {
        self.memory().probing_since = Some(now);
    }

    /// `pause` is how long it stays open at first.
    pub fn note(&self, health: Health, now: DateTime<Utc>, pause: Duration) {
        let mut memory = self.memory();
        let was_probe = memory.probing_since.take().is_some();
        match health {
            Health::Unsaid => {}
            Health::Well => *memory = Memory::default(),
            Health::Ill => {
                memory.failures = memory.failures.saturating_add(1);
                let open = memory.open_until.is_some();
                // Those that were in hand when it opened say nothing new.
                if was_probe || (!open && memory.failures >= FAILURES) {
                    let pause = pause * 2_u32.pow(memory.opened.min(DOUBLINGS));
                    memory.open_until =
                        Some(now + TimeDelta::from_std(pause).unwrap_or(TimeDelta::minutes(1)));
                    memory.opened = memory.opened.saturating_add(1);
                }
            }
        }
    }

    /// The provider is another one now.
    pub fn forget(&self) {
        *self.memory() = Memory::default();
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Duration = Duration::from_secs(10);

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_000_000 + seconds, 0).expect("a time")
    }

    #[test]
    fn it_opens_after_five_failures_in_a_row_and_lets_one_through_to_see() {
        let circuit = Circuit::default();
        for _ in 0..4 {
            circuit.note(Health::Ill, at(0), PAUSE);
        }
        circuit.note(Health::Well, at(0), PAUSE);
        for _ in 0..4 {
            circuit.note(Health::Ill, at(0), PAUSE);
            assert_eq!(circuit.allowance(at(0)), Allowance::All);
        }
        circuit.note(Health::Ill, at(0), PAUSE);
        // What was in hand when it opened does not lengthen it.
        circuit.note(Health::Ill, at(3), PAUSE);
        assert_eq!(circuit.state(at(9)), CircuitState::Open(at(10)));
        assert_eq!(circuit.allowance(at(9)), Allowance::Nothing(at(10)));
        assert_eq!(
            (circuit.state(at(10)), circuit.allowance(at(10))),
            (CircuitState::HalfOpen, Allowance::Probe)
        );
        circuit.probe(at(10));
        assert!(matches!(circuit.allowance(at(10)), Allowance::Nothing(_)), "one, and no other");
        circuit.note(Health::Ill, at(12), PAUSE);
        assert_eq!(circuit.allowance(at(12)), Allowance::Nothing(at(32)), "twice as long");
        circuit.probe(at(32));
        circuit.note(Health::Well, at(33), PAUSE);
        assert_eq!(
            (circuit.state(at(33)), circuit.allowance(at(33))),
            (CircuitState::Closed, Allowance::All)
        );
    }

    #[test]
    fn a_probe_that_says_nothing_makes_room_for_another() {
        let circuit = Circuit::default();
        for _ in 0..5 {
            circuit.note(Health::Ill, at(0), PAUSE);
        }
        circuit.probe(at(10));
        circuit.note(Health::Unsaid, at(10), PAUSE);
        assert_eq!(circuit.allowance(at(10)), Allowance::Probe);
        circuit.probe(at(10));
        assert_eq!(circuit.allowance(at(10 + 120)), Allowance::Probe, "it was lost");
    }
}
