use super::*;
use crate::thread::Status;
use sealpost_shared::conversations::AuthorKind;

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(minutes * 60, 0).expect("a time")
}

fn entry(number: u128, kind: AuthorKind, minutes: i64) -> Entry {
    Entry {
        key: Uuid::from_u128(number),
        id: None,
        kind,
        author: String::new(),
        body: "Hello".parse().expect("a text"),
        at: at(minutes),
        status: Status::Sent,
    }
}

fn utc_day(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(86_400)
}

#[test]
fn a_fragment_is_a_link_a_conversation_or_nothing() {
    assert_eq!(address("#abcdefghijklmnopqrst12"), Address::Link("abcdefghijklmnopqrst12".into()));
    let id = "cnv_01h455vb4pex5vsknk084sn02q";
    assert_eq!(address(&format!("#{id}")), Address::Conversation(id.parse().expect("an id")));
    for cut in ["", "#", "#abc", "#abcdefghijklmnopqrst1!", "#cnv_01h455vb4pex5vsknk084sn02"] {
        assert_eq!(address(cut), Address::Nothing, "{cut}");
    }
}

#[test]
fn errors_lead_where_a_person_can_go_on() {
    assert_eq!(lead(Some(ProblemCode::SessionEnded), true), Lead::SignedOut);
    assert_eq!(lead(Some(ProblemCode::SessionChanged), false), Lead::Replaced);
    assert_eq!(lead(Some(ProblemCode::LinkExpired), true), Lead::AskLink);
    assert_eq!(lead(Some(ProblemCode::LinkExpired), false), Lead::SignedOut);
    assert_eq!(lead(Some(ProblemCode::NotFound), true), Lead::NotAvailable);
    assert_eq!(lead(Some(ProblemCode::Unavailable), true), Lead::Stay);
    assert_eq!(lead(None, true), Lead::Stay);
}

#[test]
fn rows_have_days_and_groups() {
    let day = 24 * 60;
    let entries = [
        entry(1, AuthorKind::Staff, 0),
        entry(2, AuthorKind::Staff, 5),
        entry(3, AuthorKind::Staff, 30),
        entry(4, AuthorKind::Contact, 31),
        entry(5, AuthorKind::Contact, day),
    ];
    let message = |n: u128, first, last| Row::Message { key: Uuid::from_u128(n), first, last };
    assert_eq!(
        rows(&entries, utc_day),
        [
            Row::Day { day: 0, at: at(0) },
            message(1, true, false),
            message(2, false, true),
            message(3, true, true),
            message(4, true, true),
            Row::Day { day: 1, at: at(day) },
            message(5, true, true),
        ]
    );
}

#[test]
fn a_group_ends_at_midnight() {
    let day = 24 * 60;
    let entries = [entry(1, AuthorKind::Staff, day - 1), entry(2, AuthorKind::Staff, day + 1)];
    let message = |n: u128| Row::Message { key: Uuid::from_u128(n), first: true, last: true };
    assert_eq!(
        rows(&entries, utc_day),
        [Row::Day { day: 0, at: at(day - 1) }, message(1), Row::Day { day: 1, at: at(day + 1) }, message(2)]
    );
}

#[test]
fn a_day_is_named_once_even_when_times_run_backwards() {
    let day = 24 * 60;
    let entries = [entry(1, AuthorKind::Staff, day + 1), entry(2, AuthorKind::Contact, day - 1)];
    let days = rows(&entries, utc_day).iter().filter(|row| matches!(row, Row::Day { .. })).count();
    assert_eq!(days, 1);
}

#[test]
fn countdowns() {
    assert_eq!(minutes_and_seconds(65), "1:05");
    assert_eq!(minutes_and_seconds(-3), "0:00");
}
