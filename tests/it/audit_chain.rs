//! The audit chain: whatever is done to it behind the server's back is found (security.md D23).

mod mischief;

use std::process::Output;

use proptest::prop_assert_eq;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter};
use sea_orm::{DatabaseTransaction, IntoActiveModel, TransactionTrait};
use sealpost_api::audit::{Checked, verify};
use sealpost_api::entities::{audit_entry, organization_head};
use sealpost_api::journal::chain;
use sealpost_shared::audit::AuditFault;
use sealpost_shared::ids::OrganizationId;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::Practice;
use sealpost_tests::program::binary;
use serde_json::{Value, json};

use mischief::{Column, Mischief, mischief};

/// A chain as it was written, and how to put it back.
struct Chain<'a> {
    app: &'a TestApp,
    organization: OrganizationId,
    /// Whose entries nobody touches.
    other: OrganizationId,
    entries: Vec<audit_entry::Model>,
    head: organization_head::Model,
}

impl<'a> Chain<'a> {
    async fn of(app: &'a TestApp, practice: &Practice, other: &Practice) -> Self {
        let organization = practice.organization_id.parse().expect("an id");
        let db = &app.raw().await;
        let entries = audit_entry::list_after(db, organization, 0, 1_000).await.expect("entries");
        let head = organization_head::get(db, organization).await.expect("an answer").expect("a head");
        app.allow_changes_of_audit().await;
        Self { app, organization, other: other.organization_id.parse().expect("an id"), entries, head }
    }

    async fn check(&self) -> Checked {
        let state = self.app.state();
        verify(&state.db, state.secrets.ring(), self.organization, None).await.expect("a check")
    }

    /// Does it; the number of the entry that must be named.
    async fn suffer(&self, mischief: &Mischief) -> i64 {
        let (mut entries, mut head) = (self.entries.clone(), Some(self.head.clone()));
        let named = match mischief {
            Mischief::Change(place, column, byte) => {
                self.change(&mut entries[*place], *column, *byte);
                number(*place)
            }
            _ => self.do_to_entries(mischief, &mut entries, head.as_mut().expect("a head")),
        };
        if matches!(mischief, Mischief::NoHead) {
            head = None;
        }
        self.put(&entries, head.as_ref()).await;
        named
    }

    async fn restore(&self) {
        self.put(&self.entries, Some(&self.head)).await;
    }

    fn do_to_entries(
        &self,
        mischief: &Mischief,
        entries: &mut Vec<audit_entry::Model>,
        held: &mut organization_head::Model,
    ) -> i64 {
        let end = self.head.audit_sequence;
        match *mischief {
            Mischief::Remove(place) => {
                entries.remove(place);
                number(place)
            }
            Mischief::CutTail(place) => {
                entries.truncate(place);
                number(place)
            }
            Mischief::CutTailAndHead(place) => {
                entries.truncate(place);
                held.audit_sequence = number(place) - 1;
                held.audit_hash = entries.last().map_or(vec![0; 32], |entry| entry.hash.clone());
                held.audit_sequence.max(1)
            }
            Mischief::Swap(one, other) => {
                let numbers = (entries[one].sequence, entries[other].sequence);
                (entries[one].sequence, entries[other].sequence) = (numbers.1, numbers.0);
                number(one.min(other))
            }
            Mischief::Append => {
                let mut more = entries[entries.len() - 1].clone();
                (more.sequence, more.previous_hash) = (end + 1, more.hash.clone());
                flip(&mut more.id);
                more.hash = chain(&more);
                entries.push(more);
                end + 1
            }
            Mischief::Forge(place) => {
                "ctc_somebody_else".clone_into(&mut entries[place].subject);
                for next in place..entries.len() {
                    entries[next].hash = chain(&entries[next]);
                    if next + 1 < entries.len() {
                        entries[next + 1].previous_hash = entries[next].hash.clone();
                    }
                }
                held.audit_hash = entries[entries.len() - 1].hash.clone();
                end
            }
            Mischief::HeadSequence(by) => {
                held.audit_sequence += by;
                if by > 0 { end + 1 } else { end }
            }
            _ => {
                do_to_head(mischief, held);
                end
            }
        }
    }

    fn change(&self, entry: &mut audit_entry::Model, column: Column, byte: usize) {
        let text = |text: &mut String| {
            let mut bytes = std::mem::take(text).into_bytes();
            let place = byte % bytes.len();
            bytes[place] = if bytes[place] == b'x' { b'y' } else { b'x' };
            *text = String::from_utf8(bytes).expect("ascii");
        };
        match column {
            Column::Id => flip(&mut entry.id),
            Column::ActorKind => text(&mut entry.actor_kind),
            Column::ActorId if byte.is_multiple_of(2) => {
                entry.actor_id = Some(uuid::Uuid::new_v4());
            }
            Column::ActorId => entry.actor_id = entry.actor_id.xor(Some(uuid::Uuid::new_v4())),
            Column::Action => text(&mut entry.action),
            Column::Subject => text(&mut entry.subject),
            Column::CreatedAt => entry.created_at += chrono::TimeDelta::microseconds(1),
            Column::PreviousHash => entry.previous_hash[byte % 32] ^= 1,
            Column::Hash => entry.hash[byte % 32] ^= 1,
            Column::Format => entry.format = if byte.is_multiple_of(2) { 1 } else { 3 },
            Column::Sequence => entry.sequence += 1_000,
            Column::Organization => {
                (entry.organization_id, entry.sequence) = (self.other, entry.sequence + 1_000);
            }
        }
    }

    async fn put(&self, entries: &[audit_entry::Model], head: Option<&organization_head::Model>) {
        let (connection, work) = (self.app.raw().await, async |tx: &DatabaseTransaction| {
            // Events are another log: it goes on.
            let now = organization_head::get(tx, self.organization).await?;
            let events = now.map_or(self.head.event_sequence, |now| now.event_sequence);
            self.clear(tx).await?;
            for entry in entries {
                entry.clone().into_active_model().reset_all().insert(tx).await?;
            }
            if let Some(head) = head {
                let head = organization_head::Model { event_sequence: events, ..head.clone() };
                head.into_active_model().reset_all().insert(tx).await?;
            }
            Ok::<(), sealpost_api::problem::Problem>(())
        });
        let tx = connection.begin().await.expect("a transaction");
        work(&tx).await.expect("rows");
        tx.commit().await.expect("committed");
    }

    async fn clear(&self, tx: &DatabaseTransaction) -> sealpost_api::problem::Result<()> {
        use audit_entry::Column;
        use sea_orm::ExprTrait;
        audit_entry::Entity::delete_many()
            .filter(Column::OrganizationId.eq(self.organization).or(Column::Sequence.gt(1_000)))
            .exec(tx)
            .await?;
        organization_head::Entity::delete_by_id(self.organization).exec(tx).await?;
        Ok(())
    }
}

/// The number of the entry at a place.
fn number(place: usize) -> i64 {
    i64::try_from(place).expect("few") + 1
}

fn do_to_head(mischief: &Mischief, head: &mut organization_head::Model) {
    match *mischief {
        Mischief::HeadHash(byte) => head.audit_hash[byte] ^= 1,
        Mischief::HeadSignature(byte) => head.audit_signature.as_mut().expect("signed")[byte] ^= 1,
        Mischief::NoSignature => head.audit_signature = None,
        _ => {}
    }
}

fn flip<K>(id: &mut sealpost_shared::ids::Id<K>) {
    *id = sealpost_shared::ids::Id::from_uuid(uuid::Uuid::from_u128(id.uuid().as_u128() ^ 1));
}

/// A dozen entries of several kinds.
async fn busy(app: &TestApp) -> (Practice, Practice) {
    let practice = app.practice().await;
    let other = app.practice_named("Lakeside Law", "kim@lakeside.example").await;
    let jordan = practice.jordan().await;
    practice.set_pin(&jordan, "4821").await;
    practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    app.anybody().verify_pin(&token, "1234").await.refused(401, "pin_incorrect");
    app.enter_with_pin(&token, "4821").await.reply("Thank you!").await.expect(201);
    (practice, other)
}

#[test]
fn prop_audit_chain_detects_any_mutation() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let app = runtime.block_on(TestApp::start());
    let (practice, other) = runtime.block_on(busy(&app));
    let chain = runtime.block_on(Chain::of(&app, &practice, &other));
    assert!(chain.entries.len() >= 10, "{} entries", chain.entries.len());
    let config = Config { cases: 200, failure_persistence: None, ..Config::default() };
    let told = TestRunner::new(config).run(&mischief(chain.entries.len()), |mischief| {
        runtime.block_on(async {
            let sound = chain.check().await;
            prop_assert_eq!(sound.first_broken, None);
            prop_assert_eq!(sound.checked, sound.length);
            let named = chain.suffer(&mischief).await;
            let found = chain.check().await.first_broken;
            chain.restore().await;
            let found = found.ok_or_else(|| TestCaseError::fail("nothing was noticed"))?;
            prop_assert_eq!(found.sequence, named, "{:?}", found);
            Ok(())
        })
    });
    drop(runtime.block_on(async { app }));
    told.expect("every mischief is found");
}

#[tokio::test]
async fn what_was_cut_is_not_signed_away_by_the_next_entry() {
    let app = TestApp::start().await;
    let (practice, other) = busy(&app).await;
    let chain = Chain::of(&app, &practice, &other).await;
    chain.suffer(&Mischief::CutTailAndHead(6)).await;
    practice.contact(json!({ "first_name": "Robin" })).await;
    let found = chain.check().await;
    assert_eq!(found.length, 7, "the practice goes on");
    assert_eq!(found.first_broken.expect("broken").fault, AuditFault::HeadNotSigned);
    // Everything, down to a chain that looks new.
    chain.suffer(&Mischief::CutTailAndHead(0)).await;
    app.audit_sql("UPDATE organization_heads SET audit_signature = NULL").await;
    practice.contact(json!({ "first_name": "Robin" })).await;
    let found = chain.check().await.first_broken.expect("broken");
    assert_eq!((found.sequence, found.fault), (1, AuditFault::NotTheFirst));
}

#[tokio::test]
async fn a_chain_that_was_written_anew_without_a_key_is_not_believed_and_the_next_entry_signs_nothing() {
    let app = TestApp::start().await;
    let (practice, other) = busy(&app).await;
    let chain_of = Chain::of(&app, &practice, &other).await;
    let (mut entries, mut head) = (chain_of.entries.clone(), chain_of.head.clone());
    let mut hash = vec![0; 32];
    for entry in &mut entries {
        entry.previous_hash = hash;
        entry.hash = chain(entry);
        hash = entry.hash.clone();
    }
    (head.audit_hash, head.audit_signature) = (hash, None);
    chain_of.put(&entries, Some(&head)).await;
    assert_eq!(chain_of.check().await.first_broken.expect("broken").fault, AuditFault::HeadNotSigned);
    practice.contact(json!({ "first_name": "Robin" })).await;
    let found = chain_of.check().await;
    assert_eq!(found.length, head.audit_sequence + 1, "the practice goes on");
    assert_eq!(found.first_broken.expect("broken").fault, AuditFault::HeadNotSigned);
}

#[tokio::test]
async fn an_entry_takes_no_change_and_no_removal() {
    let app = TestApp::start().await;
    app.practice().await;
    for sql in ["UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries"] {
        let tried = app.raw().await.execute_unprepared(sql).await;
        assert!(tried.is_err(), "{sql}");
    }
}

/// The command, on the database of a test.
async fn audit_verify(app: &TestApp, words: &[&str]) -> Output {
    let mut command = std::process::Command::new(binary().await);
    command.args(["audit", "verify"]).args(words).env_clear().envs(app.environment());
    tokio::task::spawn_blocking(move || command.output()).await.expect("joined").expect("it runs")
}

#[tokio::test]
async fn the_command_names_the_first_bad_entry_and_exits_with_1() {
    let app = TestApp::start().await;
    let (practice, other) = busy(&app).await;
    let well = audit_verify(&app, &[]).await;
    let said = String::from_utf8_lossy(&well.stdout).into_owned();
    assert!(well.status.success(), "{said}{}", String::from_utf8_lossy(&well.stderr));
    assert_eq!(said.lines().filter(|line| line.starts_with('✓')).count(), 2, "{said}");

    let chain = Chain::of(&app, &practice, &other).await;
    for (mischief, entry, words) in [
        (Mischief::Change(3, Column::Subject, 5), 4, "is not what was written"),
        (Mischief::Remove(4), 5, "is missing"),
        (Mischief::CutTail(7), 8, "is missing, with all that followed"),
    ] {
        chain.suffer(&mischief).await;
        let ill = audit_verify(&app, &[]).await;
        let said = String::from_utf8_lossy(&ill.stdout).into_owned();
        let line = format!("✗ {}: entry {entry} {words}", practice.organization_id);
        assert_eq!(ill.status.code(), Some(1), "{mischief:?}: {said}");
        assert!(said.lines().any(|it| it == line), "{mischief:?}: {line} is not in\n{said}");
    }
    let ill = audit_verify(&app, &["--json"]).await;
    let said: Value = serde_json::from_slice(&ill.stdout).expect("JSON and nothing else");
    let broken = said.as_array().expect("a list").iter().find(|chain| chain["first_broken"].is_object());
    let broken = broken.expect("one is broken");
    assert_eq!(broken["organization_id"], practice.organization_id);
    assert_eq!(broken["first_broken"], json!({ "sequence": 8, "fault": "cut_off" }));
    assert_eq!(ill.status.code(), Some(1));
}

/// SQLite takes any text for a time until somebody reads it.
#[tokio::test]
async fn an_entry_that_cannot_be_read_is_named_too() {
    let app = TestApp::start().await;
    let (practice, other) = busy(&app).await;
    if app.state().db.backend() != DbBackend::Sqlite {
        return;
    }
    let chain = Chain::of(&app, &practice, &other).await;
    app.audit_sql("UPDATE audit_entries SET created_at = 'yesterday' WHERE sequence = 5").await;
    let found = chain.check().await.first_broken.expect("broken");
    assert_eq!((found.sequence, found.fault), (5, AuditFault::Unreadable));
    let state = practice.staff.get(paths::AUDIT_STATE).await.expect(200);
    assert_eq!(state["verified"], false);
}
