//! A thread as it is read: days, messages, what happened to their links, and where the new ones start.

use chrono::{DateTime, Utc};
use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::{Direction, Message};
use sealpost_shared::deliveries::{Delivery, DeliveryStatus, FailureCode};
use sealpost_shared::ids::{LinkId, MessageId};
use sealpost_shared::links::{Link, LinkOrigin, LinkState};

/// One line of a thread. Holds no text, so that a line stays the same while its message changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Entry {
    /// A new day starts, with what happened at this moment.
    Day(DateTime<Utc>),
    /// Everything below came since the reader was last here.
    New,
    Message(MessageId),
    Event(LinkId, LinkEvent),
    /// Nobody opened this message, and staff were told.
    NotOpened(MessageId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkEvent {
    /// The patient asked for a new link.
    Asked,
    /// Staff sent a new link.
    Resent,
    /// It went out with a reminder.
    Reminded,
    /// It went out on the other channel.
    Fallback,
    Opened,
    /// Somebody tried wrong PINs; the line stands where the last one was.
    WrongPins,
    /// Wrong PINs paused PIN entry, or turned it off.
    Locked,
    Revoked,
}

/// What stands under an outbound message besides its author and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// With the way it takes, and since when.
    Delivery(DeliveryStatus, Channel, Option<DateTime<Utc>>),
    /// A try has failed in passing; the next one comes by itself, at this time.
    WillRetry(Option<DateTime<Utc>>),
    /// Why that try failed.
    Because(FailureCode, Channel),
    /// By this channel, in the place of what failed on the other.
    Instead(Channel),
    NotOpened,
    Opened(DateTime<Utc>),
    Read(DateTime<Utc>),
    /// The contact's first word after it.
    Answered(DateTime<Utc>),
    ExpiresIn(Span),
    Expired,
    Locked,
    Revoked,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    Minutes(i64),
    Hours(i64),
    Days(i64),
}

/// The time left, in the largest unit that is at least two of them; nothing once it is over.
pub fn span_until(now: DateTime<Utc>, end: DateTime<Utc>) -> Option<Span> {
    let left = end - now;
    match (left.num_minutes(), left.num_hours()) {
        _ if end <= now => None,
        (_, 48..) => Some(Span::Days(left.num_days())),
        (60.., hours) => Some(Span::Hours(hours)),
        (minutes, _) => Some(Span::Minutes(minutes.max(1))),
    }
}

/// When the contact answered a message: their first word before anybody of the organization wrote again.
pub fn answered(newest_first: &[Message], id: MessageId) -> Option<DateTime<Utc>> {
    let after: Vec<_> = newest_first.iter().take_while(|m| m.id != id).collect();
    if after.len() == newest_first.len() {
        return None;
    }
    let next = after.iter().rev().find(|m| m.keyword.is_none())?;
    (next.direction == Direction::Inbound).then_some(next.created_at)
}

fn how_far(delivery: &Delivery) -> Fact {
    let waits_again = delivery.status == DeliveryStatus::Queued && delivery.attempts > 0;
    if waits_again {
        return Fact::WillRetry(delivery.next_attempt_at);
    }
    let since = match delivery.status {
        DeliveryStatus::Sent => delivery.sent_at,
        DeliveryStatus::Delivered => delivery.delivered_at,
        _ => None,
    };
    Fact::Delivery(delivery.status, delivery.channel, since)
}

/// `links` may hold other messages' links. The first opening of any of a message's links counts.
pub fn facts(message: &Message, links: &[Link], now: DateTime<Utc>) -> Vec<Fact> {
    if message.direction == Direction::Inbound {
        return Vec::new();
    }
    let newest = message.deliveries.iter().max_by_key(|d| (d.created_at, d.id.uuid()));
    let delivery = newest.map(|d| d.status);
    let mut facts: Vec<_> = newest.map(how_far).into_iter().collect();
    if let ([Fact::WillRetry(_)], Some(newest)) = (facts.as_slice(), newest) {
        facts.extend(newest.failure.as_ref().map(|why| Fact::Because(why.code, newest.channel)));
    }
    let instead = newest.filter(|d| d.fallback_of.is_some());
    facts.extend(instead.map(|d| Fact::Instead(d.channel)));
    let Some(link) = &message.link else { return facts };
    let own = || links.iter().filter(|l| l.message_id == message.id);
    let opened = own().filter_map(|l| l.opened_at).chain(link.opened_at).min();
    let read = own().filter_map(|l| l.read_at).chain(link.read_at).min();
    let left = span_until(now, link.expires_at);
    facts.extend(opened.map(Fact::Opened));
    facts.extend(read.map(Fact::Read));
    match (link.state, left) {
        (LinkState::Revoked, _) => facts.push(Fact::Revoked),
        (LinkState::Expired, _) | (LinkState::Active, None) => facts.push(Fact::Expired),
        (LinkState::Locked, _) => facts.push(Fact::Locked),
        (LinkState::Active, Some(left)) => {
            // Read without being opened: in a visit that another link began.
            if opened.is_none() && read.is_none() && delivery != Some(DeliveryStatus::Failed) {
                facts.push(Fact::NotOpened);
            }
            facts.push(Fact::ExpiresIn(left));
        }
    }
    facts
}

/// What happened to a link that deserves a line of its own.
fn links_event(link: &Link) -> Vec<(DateTime<Utc>, LinkEvent)> {
    let made = match link.origin {
        LinkOrigin::Sent => None,
        LinkOrigin::Resent => Some((link.created_at, LinkEvent::Resent)),
        LinkOrigin::Relinked => Some((link.created_at, LinkEvent::Asked)),
        LinkOrigin::Reminded => Some((link.created_at, LinkEvent::Reminded)),
        LinkOrigin::Fallback => Some((link.created_at, LinkEvent::Fallback)),
    };
    let opened = link.opened_at.map(|at| (at, LinkEvent::Opened));
    let wrong = link.last_wrong_pin_at.map(|at| (at, LinkEvent::WrongPins));
    // One that was locked before moments were kept stands right after the link was made or opened.
    let since = link.locked_at.unwrap_or_else(|| link.opened_at.unwrap_or(link.created_at));
    let locked =
        (link.locked_at.is_some() || link.state == LinkState::Locked).then_some((since, LinkEvent::Locked));
    let revoked = link.revoked_at.map(|at| (at, LinkEvent::Revoked));
    [made, opened, wrong, locked, revoked].into_iter().flatten().collect()
}

/// `messages` newest first, as the API gives them; the result oldest first, as it is read. Events
/// older than the oldest loaded message wait until it is loaded.
pub fn timeline(
    messages: &[Message],
    links: &[Link],
    first_new: Option<MessageId>,
    has_older: bool,
    day: impl Fn(DateTime<Utc>) -> i64,
) -> Vec<Entry> {
    let oldest = messages.last().map(|m| m.created_at);
    let mut lines: Vec<(DateTime<Utc>, u8, Entry)> =
        messages.iter().rev().map(|m| (m.created_at, 0, Entry::Message(m.id))).collect();
    let told =
        messages.iter().filter_map(|m| m.not_opened_at.map(|at| (at, u8::MAX, Entry::NotOpened(m.id))));
    lines.extend(told);
    for link in links {
        for (at, event) in links_event(link) {
            if !has_older || Some(at) >= oldest {
                lines.push((at, 1 + event as u8, Entry::Event(link.id, event)));
            }
        }
    }
    lines.sort_by_key(|(at, rank, _)| (*at, *rank));
    let mut entries = Vec::with_capacity(lines.len() + 8);
    let mut shown = None;
    for (at, _, entry) in lines {
        let today = day(at);
        if shown != Some(today) {
            shown = Some(today);
            entries.push(Entry::Day(at));
        }
        if matches!(entry, Entry::Message(id) if Some(id) == first_new) {
            entries.push(Entry::New);
        }
        entries.push(entry);
    }
    entries
}

/// Where the new ones start in a thread that was unread when it was opened: everything the contact
/// wrote since the organization's last word; what answered STOP by itself was no word of anybody's. The API
/// keeps one mark per conversation, not per message.
pub fn first_new(messages: &[Message]) -> Option<MessageId> {
    let inbound = |m: &&Message| m.direction == Direction::Inbound;
    let since = messages.iter().take_while(|m| inbound(m) || m.keyword.is_some());
    since.filter(inbound).last().map(|m| m.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use serde_json::{Value, json};

    const NOW: &str = "2026-11-23T15:00:00Z";

    fn utc_day(at: DateTime<Utc>) -> i64 {
        at.timestamp().div_euclid(86_400)
    }

    fn now() -> DateTime<Utc> {
        NOW.parse().expect("a time")
    }

    fn message(id: u128, direction: &str, at: &str, more: Value) -> Message {
        let mut fields = json!({
            "id": MessageId::from_uuid(uuid::Uuid::from_u128(id)).to_string(),
            "conversation_id": "cnv_01h455vb4pex5vsknk084sn02q",
            "contact_id": "ctc_01h455vb4pex5vsknk084sn02q", "direction": direction,
            "author": {"kind": "staff", "name": "Amy"}, "body": "Hello", "secure": true,
            "channel": "sms", "has_own_pin": false, "created_at": at,
        });
        let more = more.as_object().cloned().unwrap_or_default();
        fields.as_object_mut().expect("an object").extend(more);
        serde_json::from_value(fields).expect("a message")
    }

    fn link(id: u128, message: u128, at: &str, more: Value) -> Link {
        let mut fields = json!({
            "id": LinkId::from_uuid(uuid::Uuid::from_u128(id)).to_string(),
            "message_id": MessageId::from_uuid(uuid::Uuid::from_u128(message)).to_string(),
            "conversation_id": "cnv_01h455vb4pex5vsknk084sn02q",
            "contact_id": "ctc_01h455vb4pex5vsknk084sn02q", "origin": "sent", "channel": "sms",
            "lifetime": "24_hours", "state": "active", "created_at": at,
            "expires_at": "2026-11-24T14:30:00Z", "failed_attempts": 0,
        });
        let more = more.as_object().cloned().unwrap_or_default();
        fields.as_object_mut().expect("an object").extend(more);
        serde_json::from_value(fields).expect("a link")
    }

    fn sent(status: &str, link: Value) -> Message {
        let delivery = json!([{"id": "dlv_01h455vb4pex5vsknk084sn02q", "channel": "sms", "status": status,
            "created_at": NOW, "attempts": u8::from(status != "queued")}]);
        let mut summary = json!({"id": "lnk_01h455vb4pex5vsknk084sn02q", "state": "active",
            "expires_at": "2026-11-24T14:30:00Z"});
        summary.as_object_mut().expect("an object").extend(link.as_object().cloned().unwrap_or_default());
        message(1, "outbound", NOW, json!({"deliveries": delivery, "link": summary}))
    }

    #[test]
    fn under_a_message_stands_how_far_it_got() {
        use DeliveryStatus::{Delivered, Failed, Queued};
        let on_its_way = |status| Fact::Delivery(status, Channel::Sms, None);
        let opened = "2026-11-23T14:31:00Z";
        let opened_at = opened.parse().expect("a time");
        let cases = [
            (
                sent("queued", json!({})),
                vec![on_its_way(Queued), Fact::NotOpened, Fact::ExpiresIn(Span::Hours(23))],
            ),
            (sent("failed", json!({})), vec![on_its_way(Failed), Fact::ExpiresIn(Span::Hours(23))]),
            (
                sent("delivered", json!({"opened_at": opened, "state": "expired"})),
                vec![on_its_way(Delivered), Fact::Opened(opened_at), Fact::Expired],
            ),
            (sent("delivered", json!({"state": "revoked"})), vec![on_its_way(Delivered), Fact::Revoked]),
            (
                sent("delivered", json!({"expires_at": "2026-11-23T14:59:59Z"})),
                vec![on_its_way(Delivered), Fact::Expired],
            ),
        ];
        for (message, expected) in cases {
            assert_eq!(facts(&message, &[], now()), expected);
        }
    }

    #[test]
    fn a_notice_that_waits_for_another_try_says_so() {
        let delivery = json!([{"id": "dlv_01h455vb4pex5vsknk084sn02q", "channel": "sms", "status": "queued",
            "created_at": NOW, "attempts": 1, "next_attempt_at": NOW,
            "failure": {"code": "gateway_busy", "detail": "Busy."}}]);
        let waiting = message(1, "outbound", NOW, json!({"deliveries": delivery, "secure": false}));
        assert_eq!(
            facts(&waiting, &[], now()),
            [Fact::WillRetry(Some(now())), Fact::Because(FailureCode::GatewayBusy, Channel::Sms)]
        );
    }

    #[test]
    fn an_answer_belongs_to_our_last_word_before_it() {
        let inbound = |id, at: &str| message(id, "inbound", at, json!({}));
        let thread = [
            inbound(5, "2026-11-23T15:00:00Z"),
            inbound(4, "2026-11-23T14:00:00Z"),
            message(3, "outbound", "2026-11-23T13:00:00Z", json!({})),
            message(2, "outbound", "2026-11-23T12:00:00Z", json!({})),
            inbound(1, "2026-11-23T11:00:00Z"),
        ];
        assert_eq!(answered(&thread, thread[2].id), Some(thread[1].created_at));
        assert_eq!(answered(&thread, thread[3].id), None, "we wrote again before they did");
        assert_eq!(answered(&thread[2..], thread[2].id), None);
    }

    #[test]
    fn a_notice_that_took_another_s_place_says_so() {
        let delivery = json!([{"id": "dlv_01h455vb4pex5vsknk084sn02q", "channel": "email", "status": "sent",
            "created_at": NOW, "attempts": 1, "fallback_of": "dlv_01h455vb4pex5vsknk084sn02r"}]);
        let instead = message(1, "outbound", NOW, json!({"deliveries": delivery, "secure": false}));
        assert!(facts(&instead, &[], now()).contains(&Fact::Instead(Channel::Email)));
    }

    #[test]
    fn an_older_link_that_was_opened_still_counts() {
        let older = link(5, 1, NOW, json!({"opened_at": NOW}));
        assert!(facts(&sent("sent", json!({})), &[older], now()).contains(&Fact::Opened(now())));
    }

    #[test]
    fn a_thread_is_read_by_day_with_what_happened_in_between() {
        let messages = [
            message(3, "outbound", "2026-11-23T09:05:00Z", json!({})),
            message(2, "inbound", "2026-11-22T16:40:00Z", json!({})),
            message(1, "outbound", "2026-11-22T16:12:00Z", json!({})),
        ];
        let links = [
            link(7, 1, "2026-11-22T16:12:00Z", json!({"opened_at": "2026-11-22T16:31:00Z"})),
            link(8, 1, "2026-11-23T08:00:00Z", json!({"origin": "relinked"})),
        ];
        let entries = timeline(&messages, &links, Some(messages[0].id), false, utc_day);
        let moments: Vec<_> = messages.iter().map(|m| m.created_at).collect();
        let expected = [
            Entry::Day(moments[2]),
            Entry::Message(messages[2].id),
            Entry::Event(links[0].id, LinkEvent::Opened),
            Entry::Message(messages[1].id),
            Entry::Day(links[1].created_at),
            Entry::Event(links[1].id, LinkEvent::Asked),
            Entry::New,
            Entry::Message(messages[0].id),
        ];
        assert_eq!(entries, expected);
        let guessed = link(
            9,
            1,
            "2026-11-23T08:00:00Z",
            json!({
                "wrong_pins": 5, "last_wrong_pin_at": "2026-11-23T08:20:00Z", "locked_at": "2026-11-23T08:20:00Z",
                "state": "revoked", "revoked_at": "2026-11-23T08:25:00Z",
            }),
        );
        let events: Vec<_> = links_event(&guessed).into_iter().map(|(_, event)| event).collect();
        assert_eq!(events, [LinkEvent::WrongPins, LinkEvent::Locked, LinkEvent::Revoked]);
        let reminded = link(10, 1, "2026-11-23T10:00:00Z", json!({"origin": "reminded"}));
        let told =
            message(1, "outbound", "2026-11-22T16:12:00Z", json!({"not_opened_at": "2026-11-23T11:00:00Z"}));
        let entries =
            timeline(std::slice::from_ref(&told), std::slice::from_ref(&reminded), None, false, utc_day);
        let after = [Entry::Event(reminded.id, LinkEvent::Reminded), Entry::NotOpened(told.id)];
        assert_eq!(entries[entries.len() - 2..], after);
        let older = timeline(&messages[..1], &links, None, true, utc_day);
        assert_eq!(older, [Entry::Day(moments[0]), Entry::Message(messages[0].id)]);
    }

    #[test]
    fn new_is_what_came_since_our_last_word() {
        let inbound = |id| message(id, "inbound", NOW, json!({}));
        let thread = [inbound(4), inbound(3), message(2, "outbound", NOW, json!({})), inbound(1)];
        assert_eq!(first_new(&thread), Some(thread[1].id));
        assert_eq!(first_new(&thread[2..]), None);
        let stop = [message(6, "outbound", NOW, json!({"keyword": "stop"})), inbound(5)];
        assert_eq!(first_new(&stop), Some(stop[1].id), "what we answered by ourselves is not our word");
    }

    #[test]
    fn time_left_is_told_in_hours_up_to_two_days() {
        let cases = [(-1, None), (0, None), (5, Some(Span::Minutes(5))), (61, Some(Span::Hours(1)))];
        for (minutes, expected) in cases {
            assert_eq!(span_until(now(), now() + TimeDelta::minutes(minutes)), expected);
        }
        assert_eq!(span_until(now(), now() + TimeDelta::seconds(20)), Some(Span::Minutes(1)));
        assert_eq!(span_until(now(), now() + TimeDelta::hours(49)), Some(Span::Days(2)));
    }
}
