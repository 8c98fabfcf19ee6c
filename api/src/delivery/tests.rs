//! The queue and its worker against a database, a gateway that does as it is told, and a clock that is
//! moved by hand: what no call over HTTP can bring about.

mod world;

use chrono::TimeDelta;
use sea_orm::Set;
use sealpost_shared::contacts::Channel;
use sealpost_shared::deliveries::DeliveryStatus::{Canceled, Failed, Queued, Sent};
use sealpost_shared::deliveries::FailureCode;
use sealpost_shared::ids::DeliveryId;
use uuid::Uuid;

use self::world::{World, start};
use super::worker::{run, run_until_idle};
use crate::entities::delivery;
use crate::entities::outgoing::Turn;
use crate::senders::SendOutcome;

const SCHEDULE: &str = "0s,10s,30s";

fn busy() -> SendOutcome {
    SendOutcome::passing(FailureCode::GatewayBusy, "Busy.")
}

#[tokio::test]
async fn a_notice_goes_out_once_and_its_text_is_erased() {
    let world = World::new(SCHEDULE).await;
    let queued = world.queue("hello").await;
    assert!(!String::from_utf8_lossy(&queued.sealed_content.expect("content")).contains("hello"));
    world.deliver().await;
    world.deliver().await;
    let row = world.only_row().await;
    assert_eq!((row.status, row.attempts, row.sent_at), (Sent, 1, Some(start())));
    assert_eq!((row.sealed_content, row.lease_token, row.leased_until), (None, None, None));
    assert_eq!(world.gateway.bodies(), ["hello"]);
    assert_eq!(world.events().await, ["message.sent"]);
}

#[tokio::test]
async fn a_day_of_trying_is_enough() {
    let world = World::new(SCHEDULE).await;
    world.queue("hello").await;
    world.gateway.will_answer(vec![busy(); 9]);
    for (wait, tries) in [(0, 1), (9, 1), (4, 2), (36, 3), (86_000, 4), (86_000, 4)] {
        world.clock.advance(TimeDelta::seconds(wait));
        world.deliver().await;
        assert_eq!(world.gateway.bodies().len(), tries, "after {wait} s more");
    }
    let row = world.only_row().await;
    assert_eq!((row.status, row.failure_code.as_deref()), (Failed, Some("time_up")));
    assert_eq!(row.sealed_content, None);
    let waiting = ["delivery.updated"; 4];
    assert_eq!(world.events().await, [&waiting[..], &["message.failed"]].concat());
}

#[tokio::test]
async fn a_schedule_that_starts_late_is_kept() {
    let world = World::new("5s,10s").await;
    world.queue("hello").await;
    world.deliver().await;
    let row = world.only_row().await;
    assert_eq!((row.status, row.attempts), (Queued, 0));
    world.clock.advance(TimeDelta::seconds(5));
    world.deliver().await;
    let row = world.only_row().await;
    assert_eq!((row.status, row.attempts), (Sent, 1));
}

#[tokio::test]
async fn a_lease_that_ended_is_taken_over_and_the_late_result_changes_nothing() {
    let world = World::new(SCHEDULE).await;
    world.queue("hello").await;
    let claim = async |worker: u128, seconds: i64| {
        let now = start() + TimeDelta::seconds(seconds);
        let turn = Turn::of(now, Uuid::from_u128(worker), now + TimeDelta::seconds(60), worker > 1);
        let work = world
            .state
            .db
            .before_organization()
            .write(async |tx| Ok(delivery::claim(tx, &turn, Channel::Sms).await?));
        work.await.expect("a claim")
    };
    let settle = async |row: &delivery::Model| {
        let change = delivery::ActiveModel { status: Set(Sent), ..Default::default() };
        let work = world
            .state
            .db
            .of(row.organization_id)
            .write(async |tx| Ok(delivery::settle(tx, row.id, row.lease_token, change).await?));
        work.await.expect("a settlement")
    };
    let first = claim(1, 0).await;
    assert!(claim(2, 59).await.is_empty(), "the first worker may still be at it");
    let second = claim(2, 60).await;
    assert_eq!((first[0].id, second[0].attempts), (second[0].id, 2));
    assert_eq!((first[0].in_doubt, second[0].in_doubt), (false, true), "nobody knows what the first one did");
    assert!(!settle(&first[0]).await, "the first worker comes too late");
    assert!(settle(&second[0]).await);
    assert!(!settle(&second[0]).await, "what is settled stays settled");
}

#[tokio::test]
async fn a_changed_number_gets_a_delivery_of_its_own() {
    let world = World::new(SCHEDULE).await;
    let old = world.queue("hello").await;
    world.change_phone("+15550100199").await;
    world.deliver().await;
    let [(id, to, body)] = &world.gateway.seen()[..] else { panic!("one text") };
    assert_eq!((to.as_str(), body.as_str()), ("+15550100199", "hello"));
    assert_ne!(*id, old.id, "the gateway must not take it for the first one");
    let status = async |id: DeliveryId| world.row(id).await.status;
    assert_eq!((status(old.id).await, status(*id).await), (Canceled, Sent));
    assert_eq!(world.row(old.id).await.sealed_content, None);
    assert_eq!(world.events().await, ["message.sent"], "nobody hears of the move");
}

#[tokio::test]
async fn who_opted_out_meanwhile_gets_nothing() {
    let world = World::new(SCHEDULE).await;
    world.queue("hello").await;
    world.opt_out().await;
    world.deliver().await;
    let row = world.only_row().await;
    assert_eq!((row.status, row.failure_code.as_deref()), (Canceled, Some("contact_opted_out")));
    assert_eq!(world.gateway.bodies(), [""; 0]);
}

#[tokio::test]
async fn eight_workers_take_each_notice_once() {
    let world = World::new(SCHEDULE).await;
    for number in 0..40 {
        world.queue(&number.to_string()).await;
        world.forget_limits().await;
    }
    let workers = (0..8).map(|_| run_until_idle(&world.state));
    for worker in futures_util::future::join_all(workers).await {
        worker.expect("a worker");
    }
    let mut bodies = world.gateway.bodies();
    bodies.sort();
    bodies.dedup();
    assert_eq!((bodies.len(), world.gateway.bodies().len()), (40, 40));
}

#[tokio::test]
async fn the_loop_wakes_on_a_commit_and_ends_when_told() {
    let world = World::new(SCHEDULE).await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let worker = run(world.state.clone(), async {
        let _ = stopped.await;
    });
    let story = async {
        tokio::task::yield_now().await;
        world.queue("hello").await;
        let mut commits = world.state.db.commits();
        while world.only_row().await.status != Sent {
            commits.changed().await.expect("a commit");
        }
        let _ = stop.send(());
    };
    tokio::join!(worker, story);
}
