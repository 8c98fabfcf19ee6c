//! The outbox as a machine: workers that claim, die, answer late or not at all, a gateway that takes and calls back,
//! staff that cancels, a clock that goes on, in any order. Beside the statements that decide runs a plain model of
//! what each party knows. Nothing is lost, and nothing is sent more often than tries were left unanswered
//! (security.md D16).

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DatabaseConnection, EntityTrait as _, IntoActiveModel as _, Set,
};
use sealpost_api::entities::{delivery, outgoing};
use sealpost_shared::contacts::Channel;
use sealpost_shared::deliveries::DeliveryStatus::{
    self, Canceled, Delivered, Failed, NeedsReview, Queued, Sending, Sent,
};
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::properties::{delivery_row, start, tables};

const DELIVERIES: usize = 3;
const LEASE: i64 = 60;
/// The longest that a try which failed in passing waits.
const PAUSE: i64 = 30;

#[derive(Debug, Clone, Copy)]
enum Step {
    /// A worker takes what is due.
    Claim,
    /// The oldest try in hand of this delivery …
    /// … reaches the gateway.
    Request(usize),
    /// … is answered, and the worker writes that down.
    Answered(usize),
    /// … is refused in passing.
    Busy(usize),
    /// … goes unanswered.
    Silence(usize),
    /// … dies with its worker.
    Crash(usize),
    /// The gateway calls back about what it has.
    Callback(usize, Receipt),
    Cancel(usize),
    Seconds(i64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Receipt {
    Taken,
    Delivered,
    Failed,
}

/// Steps alone: what they lead to is for the real one to say.
struct Story;

impl ReferenceStateMachine for Story {
    type State = ();
    type Transition = Step;

    fn init_state() -> BoxedStrategy<()> {
        Just(()).boxed()
    }

    fn transitions((): &()) -> BoxedStrategy<Step> {
        let any = 0..DELIVERIES;
        let receipt = prop_oneof![Just(Receipt::Taken), Just(Receipt::Delivered), Just(Receipt::Failed)];
        prop_oneof![
            4 => Just(Step::Claim),
            5 => any.clone().prop_map(Step::Request),
            3 => any.clone().prop_map(Step::Answered),
            2 => any.clone().prop_map(Step::Busy),
            2 => any.clone().prop_map(Step::Silence),
            2 => any.clone().prop_map(Step::Crash),
            3 => (any.clone(), receipt).prop_map(|(at, receipt)| Step::Callback(at, receipt)),
            1 => any.prop_map(Step::Cancel),
            4 => (1_i64..70).prop_map(Step::Seconds),
        ]
        .boxed()
    }

    fn apply((): (), _: &Step) {}
}

/// What is known of one delivery besides its row.
#[derive(Default)]
struct Known {
    /// Tries that nobody has ended: their rows as they were claimed, and whether the gateway got them.
    in_hand: Vec<(delivery::Model, bool)>,
    requests: u32,
    /// Tries of which no answer was written down.
    unanswered: u32,
    last: Option<DeliveryStatus>,
    /// Somebody, the gateway or staff, has said that no more is to be sent.
    over: bool,
}

struct Outbox {
    runtime: Runtime,
    tables: DatabaseConnection,
    rows: Vec<delivery::Model>,
    known: BTreeMap<usize, Known>,
    now: DateTime<Utc>,
    _folder: tempfile::TempDir,
}

fn to(status: DeliveryStatus) -> delivery::ActiveModel {
    delivery::ActiveModel { status: Set(status), ..Default::default() }
}

fn later(next: DateTime<Utc>, status: DeliveryStatus, in_doubt: bool) -> delivery::ActiveModel {
    delivery::ActiveModel { next_attempt_at: Set(next), in_doubt: Set(in_doubt), ..to(status) }
}

const fn rank(status: DeliveryStatus) -> u8 {
    match status {
        Queued | Sending | NeedsReview => 0,
        Sent => 1,
        Delivered | Failed | Canceled => 2,
    }
}

impl Outbox {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder");
        let tables = runtime.block_on(tables(folder.path()));
        let rows: Vec<_> = (0..DELIVERIES).map(|_| delivery_row()).collect();
        for row in &rows {
            let row = row.clone().into_active_model().reset_all();
            runtime.block_on(delivery::Entity::insert(row).exec_without_returning(&tables)).expect("a row");
        }
        let known = (0..DELIVERIES).map(|at| (at, Known::default())).collect();
        Self { runtime, tables, rows, known, now: start(), _folder: folder }
    }

    fn claim(&mut self) {
        let until = self.now + TimeDelta::seconds(LEASE);
        for tried in [true, false] {
            let turn = outgoing::Turn::of(self.now, Uuid::new_v4(), until, tried);
            let claimed = self.runtime.block_on(delivery::claim(&self.tables, &turn, Channel::Sms));
            for row in claimed.expect("a claim") {
                let Some(at) = self.rows.iter().position(|own| own.id == row.id) else { continue };
                let known = self.known.get_mut(&at).expect("known");
                assert!(!known.over, "what is over is not taken again");
                // Whoever held it before has not answered, and the next one is told so.
                assert!(row.in_doubt || (known.unanswered == 0 && known.in_hand.is_empty()));
                known.in_hand.push((row, false));
            }
        }
    }

    /// Ends the oldest try in hand; whether it was still its worker's to end.
    fn settle(
        &mut self,
        at: usize,
        change: impl FnOnce(&delivery::Model) -> delivery::ActiveModel,
    ) -> Option<bool> {
        let known = self.known.get_mut(&at).expect("known");
        if known.in_hand.is_empty() {
            return None;
        }
        let (row, _) = known.in_hand.remove(0);
        let change = change(&row);
        let mine = self.runtime.block_on(delivery::settle(&self.tables, row.id, row.lease_token, change));
        Some(mine.expect("settled or not"))
    }

    fn row(&self, at: usize) -> delivery::Model {
        let row = &self.rows[at];
        let found = delivery::list_of_messages(&self.tables, row.organization_id, [row.message_id]);
        self.runtime.block_on(found).expect("read").remove(0)
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Claim => self.claim(),
            Step::Seconds(seconds) => self.now += TimeDelta::seconds(seconds),
            Step::Request(at) => {
                let known = self.known.get_mut(&at).expect("known");
                if let Some((_, arrived)) = known.in_hand.iter_mut().find(|(_, arrived)| !arrived) {
                    *arrived = true;
                    known.requests += 1;
                }
            }
            Step::Answered(at) => {
                let arrived = self.known[&at].in_hand.first().is_some_and(|(_, arrived)| *arrived);
                if arrived && let Some(mine) = self.settle(at, |_| to(Sent)) {
                    let known = self.known.get_mut(&at).expect("known");
                    known.over |= mine;
                    known.unanswered += u32::from(!mine);
                }
            }
            Step::Busy(at) => {
                let arrived = self.known[&at].in_hand.first().is_some_and(|(_, arrived)| *arrived);
                if !arrived {
                    let next = self.now + TimeDelta::seconds(PAUSE);
                    self.settle(at, |row| later(next, Queued, row.in_doubt));
                }
            }
            Step::Silence(at) => {
                let next = self.now + TimeDelta::seconds(20);
                if self.settle(at, |_| later(next, Sending, true)).is_some() {
                    self.known.get_mut(&at).expect("known").unanswered += 1;
                }
            }
            Step::Crash(at) => {
                let known = self.known.get_mut(&at).expect("known");
                if !known.in_hand.is_empty() {
                    known.in_hand.remove(0);
                    known.unanswered += 1;
                }
            }
            Step::Callback(at, receipt) => self.callback(at, receipt),
            Step::Cancel(at) => {
                let row = &self.rows[at];
                let which = delivery::Column::Id.eq(row.id);
                let canceled = delivery::cancel(&self.tables, row.organization_id, which, to(Canceled));
                let count = self.runtime.block_on(canceled).expect("canceled or not");
                self.known.get_mut(&at).expect("known").over |= count > 0;
            }
        }
    }

    /// About what it has alone.
    fn callback(&mut self, at: usize, receipt: Receipt) {
        if self.known[&at].requests == 0 {
            return;
        }
        let (from, status): (&[_], _) = match receipt {
            Receipt::Taken => (&[Queued, Sending], Sent),
            Receipt::Delivered => (&[Queued, Sending, Sent], Delivered),
            Receipt::Failed => (&[Queued, Sending, Sent], Failed),
        };
        let moved = delivery::advance(&self.tables, self.rows[at].id, from, to(status));
        self.runtime.block_on(moved).expect("moved or not");
        self.known.get_mut(&at).expect("known").over = true;
    }
}

impl StateMachineTest for Outbox {
    type SystemUnderTest = Self;
    type Reference = Story;

    fn init_test((): &()) -> Self {
        Self::new()
    }

    fn apply(mut outbox: Self, (): &(), step: Step) -> Self {
        for at in 0..DELIVERIES {
            let status = outbox.row(at).status;
            outbox.known.get_mut(&at).expect("known").last = Some(status);
        }
        outbox.step(step);
        outbox
    }

    fn check_invariants(outbox: &Self, (): &()) {
        for at in 0..DELIVERIES {
            let (row, known) = (outbox.row(at), &outbox.known[&at]);
            if let Some(last) = known.last {
                assert!(rank(row.status) >= rank(last), "{last:?} became {:?}", row.status);
            }
            // Not lost: what is not over comes up again, and soon.
            let open = rank(row.status) == 0;
            assert_eq!(open, !known.over, "{:?}", row.status);
            let soon = outbox.now + TimeDelta::seconds(LEASE.max(PAUSE));
            assert!(!open || row.next_attempt_at <= soon, "{:?}", row.next_attempt_at);
            // Not doubled: each further request has an unanswered or an unfinished try before it.
            let left = known.unanswered + u32::try_from(known.in_hand.len()).expect("few");
            assert!(known.requests <= left + 1, "{} requests, {left} unanswered", known.requests);
        }
    }
}

prop_state_machine! {
    #![proptest_config(Config { cases: 24, failure_persistence: None, ..Config::default() })]

    #[test]
    fn prop_outbox_loses_nothing_and_doubles_nothing(sequential 1..60 => Outbox);
}
