//! A row of the list: who, when, and the two or three marks that matter.

use chrono::{DateTime, Utc};
use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::{Direction, LastMessage};
use sealpost_shared::deliveries::DeliveryStatus;
use sealpost_shared::links::LinkState;

/// A mark of a row, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowTag {
    Secure,
    Text,
    Email,
    LinkExpired,
    Locked,
    NotDelivered,
    NotOpened,
    Opened,
}

/// How long ago, as short as a list can say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ago {
    Now,
    Minutes(i64),
    Hours(i64),
    Weekday,
    Date,
}

/// A failed notice hides every other mark but the channel: it is what needs a hand. So does, after it, a message of the
/// conversation that nobody opens.
pub fn row_tags(last: &LastMessage, not_opened: bool) -> Vec<RowTag> {
    let channel = match last.channel {
        _ if last.secure => Some(RowTag::Secure),
        Some(Channel::Sms) => Some(RowTag::Text),
        Some(Channel::Email) => Some(RowTag::Email),
        None => None,
    };
    let outbound = last.direction == Direction::Outbound;
    let state = match (&last.link, last.delivery_status) {
        (_, Some(DeliveryStatus::Failed)) if outbound => Some(RowTag::NotDelivered),
        _ if not_opened => Some(RowTag::NotOpened),
        (Some(link), _) if outbound => match link.state {
            LinkState::Locked => Some(RowTag::Locked),
            _ if link.opened_at.is_some() => Some(RowTag::Opened),
            LinkState::Expired => Some(RowTag::LinkExpired),
            LinkState::Active | LinkState::Revoked => None,
        },
        _ => None,
    };
    channel.into_iter().chain(state).collect()
}

/// `days` lie between the two by the reader's calendar.
pub fn ago(now: DateTime<Utc>, at: DateTime<Utc>, days: i64) -> Ago {
    let minutes = (now - at).num_minutes();
    match (minutes, days) {
        (..1, _) => Ago::Now,
        (1..60, _) => Ago::Minutes(minutes),
        (60.., ..1) => Ago::Hours(minutes / 60),
        (60..720, 1) => Ago::Hours(minutes / 60),
        (_, 1..7) => Ago::Weekday,
        _ => Ago::Date,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use sealpost_shared::ids::{LinkId, MessageId};
    use sealpost_shared::links::LinkSummary;
    use uuid::Uuid;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + minutes * 60, 0).expect("a time")
    }

    fn last(link: Option<LinkState>, opened: bool, status: DeliveryStatus) -> LastMessage {
        LastMessage {
            id: MessageId::from_uuid(Uuid::nil()),
            direction: Direction::Outbound,
            preview: String::new(),
            secure: link.is_some(),
            channel: Some(Channel::Sms),
            created_at: at(0),
            delivery_status: Some(status),
            link: link.map(|state| LinkSummary {
                id: LinkId::from_uuid(Uuid::nil()),
                state,
                expires_at: at(60),
                opened_at: opened.then(|| at(1)),
                read_at: None,
            }),
        }
    }

    #[test]
    fn a_row_says_what_needs_a_hand_first() {
        use DeliveryStatus::{Delivered, Failed};
        let cases = [
            (last(Some(LinkState::Active), false, Delivered), vec![RowTag::Secure]),
            (last(Some(LinkState::Active), true, Delivered), vec![RowTag::Secure, RowTag::Opened]),
            (last(Some(LinkState::Expired), false, Delivered), vec![RowTag::Secure, RowTag::LinkExpired]),
            (last(Some(LinkState::Expired), true, Delivered), vec![RowTag::Secure, RowTag::Opened]),
            (last(Some(LinkState::Locked), true, Delivered), vec![RowTag::Secure, RowTag::Locked]),
            (last(Some(LinkState::Active), true, Failed), vec![RowTag::Secure, RowTag::NotDelivered]),
            (last(None, false, Delivered), vec![RowTag::Text]),
        ];
        for (message, expected) in cases {
            assert_eq!(row_tags(&message, false), expected, "{message:?}");
        }
        let over = last(Some(LinkState::Expired), false, Delivered);
        assert_eq!(row_tags(&over, true), [RowTag::Secure, RowTag::NotOpened]);
        assert_eq!(row_tags(&last(None, false, Failed), true), [RowTag::Text, RowTag::NotDelivered]);
    }

    #[test]
    fn ages_are_short_and_turn_into_days_by_the_calendar() {
        let now = at(0);
        let cases = [
            (0, 0, Ago::Now),
            (5, 0, Ago::Minutes(5)),
            (150, 0, Ago::Hours(2)),
            (150, 1, Ago::Hours(2)),
            (900, 1, Ago::Weekday),
            (6 * 1440, 6, Ago::Weekday),
            (7 * 1440, 7, Ago::Date),
        ];
        for (minutes, days, expected) in cases {
            assert_eq!(ago(now, now - TimeDelta::minutes(minutes), days), expected);
        }
    }
}
