use super::*;
use sealpost_shared::chat::ChatAuthor;
use sealpost_shared::ids::Id;

fn message(number: u128, kind: AuthorKind, client: Option<u128>) -> ChatMessage {
    ChatMessage {
        id: Id::from_uuid(Uuid::from_u128(number)),
        author: ChatAuthor { kind, name: "Dr. Amy Lee".into() },
        body: "Hello".parse().expect("a text"),
        created_at: DateTime::from_timestamp(number as i64 * 60, 0).expect("a time"),
        read_at: None,
        client_message_id: client.map(Uuid::from_u128),
    }
}

/// Numbers newest first, as the server lists them.
fn page(numbers: &[u128], next: Option<&str>) -> Page<ChatMessage> {
    Page {
        data: numbers.iter().map(|n| message(*n, AuthorKind::Staff, None)).collect(),
        has_more: next.is_some(),
        next_cursor: next.map(str::to_owned),
    }
}

fn order(thread: &Thread) -> Vec<u128> {
    thread.entries().iter().map(|entry| entry.key.as_u128()).collect()
}

fn text() -> MessageText {
    "Thank you".parse().expect("a text")
}

#[test]
fn the_first_page_gives_the_history_and_where_older_messages_are() {
    let mut thread = Thread::default();
    let (new, gap) = thread.merge_newest(page(&[5, 4], Some("older")));
    assert_eq!((new.len(), gap), (2, None));
    assert_eq!(order(&thread), [4, 5]);
    assert_eq!(thread.older(), Some("older"));
    thread.prepend(page(&[3, 2], None));
    assert_eq!(order(&thread), [2, 3, 4, 5]);
    assert_eq!(thread.older(), None);
}

#[test]
fn what_was_missed_in_a_long_drop_is_fetched_until_the_known_part() {
    let mut thread = Thread::default();
    thread.merge_newest(page(&[2, 1], None));
    let (_, gap) = thread.merge_newest(page(&[9, 8], Some("between")));
    assert_eq!(gap.as_deref(), Some("between"));
    let (new, gap) = thread.merge(page(&[7, 2], Some("more")));
    assert_eq!((new.len(), gap), (1, None));
    assert_eq!(order(&thread), [1, 2, 7, 8, 9]);
}

#[test]
fn a_reply_keeps_its_place_when_something_arrives_and_when_it_is_confirmed() {
    let mut thread = Thread::default();
    thread.merge_newest(page(&[1], None));
    thread.begin(Uuid::from_u128(77), text(), DateTime::from_timestamp(100, 0).expect("a time"));
    thread.merge_newest(page(&[2, 1], None));
    assert_eq!(order(&thread), [1, 77, 2]);
    thread.accept(message(3, AuthorKind::Contact, Some(77)));
    assert_eq!(order(&thread), [1, 77, 2]);
    assert_eq!(thread.entry(Uuid::from_u128(77)).expect("the reply").status, Status::Sent);
    let mut again = page(&[2, 1], None);
    again.data.insert(0, message(3, AuthorKind::Contact, Some(77)));
    let (new, _) = thread.merge_newest(again);
    assert!(new.is_empty(), "the same client id twice is one message");
}

#[test]
fn a_failed_reply_stays_and_goes_again_under_its_id() {
    let mut thread = Thread::default();
    let key = Uuid::from_u128(77);
    thread.begin(key, text(), DateTime::UNIX_EPOCH);
    assert_eq!(thread.next_to_send().map(|entry| entry.key), Some(key));
    thread.fail(key, Failure::Offline);
    assert_eq!(thread.next_to_send(), None);
    assert_eq!(thread.unsent().len(), 1);
    thread.retry_offline();
    assert_eq!(thread.next_to_send().map(|entry| entry.key), Some(key));
    thread.accept(message(5, AuthorKind::Contact, Some(77)));
    assert!(thread.unsent().is_empty());
}

#[test]
fn a_late_failure_does_not_undo_what_the_server_confirmed() {
    let mut thread = Thread::default();
    let key = Uuid::from_u128(77);
    thread.begin(key, text(), DateTime::UNIX_EPOCH);
    thread.accept(message(5, AuthorKind::Contact, Some(77)));
    thread.fail(key, Failure::Offline);
    assert_eq!(thread.entry(key).expect("the reply").status, Status::Sent);
}

#[test]
fn read_marks_arrive_and_only_the_other_side_is_read() {
    let mut thread = Thread::default();
    let mut mine = message(2, AuthorKind::Contact, Some(77));
    let both = |mine: ChatMessage| Page {
        data: vec![mine, message(1, AuthorKind::Staff, None)],
        has_more: false,
        next_cursor: None,
    };
    thread.merge_newest(both(mine.clone()));
    assert_eq!(thread.newest_received(), Some(Id::from_uuid(Uuid::from_u128(1))));
    mine.read_at = Some(DateTime::UNIX_EPOCH);
    thread.merge_newest(both(mine));
    assert_eq!(thread.entry(Uuid::from_u128(77)).expect("the reply").status, Status::Seen);
}
