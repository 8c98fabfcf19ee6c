//! Pure decisions of the patients' app: what an address means, what an error leads to, what stands
//! where in the thread.

use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use sealpost_shared::ids::ConversationId;
use sealpost_shared::problem::ProblemCode;
use uuid::Uuid;

use super::thread::Entry;

/// What stands after `#` in the address bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A private link's token: a secret, kept in memory only.
    Link(String),
    /// What replaces it once a session exists, so that a reload goes on.
    Conversation(ConversationId),
    /// Nothing, or a link that was cut on its way.
    Nothing,
}

const TOKEN_LENGTH: usize = 22;

pub fn address(fragment: &str) -> Address {
    let text = fragment.trim_start_matches('#').trim();
    if let Ok(id) = ConversationId::from_str(text) {
        return Address::Conversation(id);
    }
    if text.len() == TOKEN_LENGTH && text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Address::Link(text.to_owned());
    }
    Address::Nothing
}

/// Where an error leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lead {
    /// The session is over; nothing of it may stay in the page.
    SignedOut,
    /// Another link was opened in this browser.
    Replaced,
    /// The link knows why: ask it again (`open`).
    AskLink,
    NotAvailable,
    /// Stay, and say it where it happened.
    Stay,
}

/// Of a call inside a conversation. Without the token (after a reload) the link cannot be asked.
pub fn lead(code: Option<ProblemCode>, has_token: bool) -> Lead {
    use ProblemCode as Code;
    match code {
        Some(Code::SessionEnded | Code::Unauthenticated | Code::PinRequired) => Lead::SignedOut,
        Some(Code::SessionChanged) => Lead::Replaced,
        Some(Code::LinkExpired | Code::PinDisabled | Code::PinLocked) if has_token => Lead::AskLink,
        Some(Code::LinkExpired | Code::PinDisabled | Code::PinLocked) => Lead::SignedOut,
        Some(Code::NotFound | Code::LinkNotFound) => Lead::NotAvailable,
        _ => Lead::Stay,
    }
}

/// One line of the thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// A day begins. `day` counts as [`crate::time::local_day`] does.
    Day { day: i64, at: DateTime<Utc> },
    Message {
        key: Uuid,
        /// First of its group: says who wrote.
        first: bool,
        /// Last of its group: says when.
        last: bool,
    },
}

impl Row {
    /// Stays the same while the row is on screen.
    pub fn key(&self) -> (i64, Uuid) {
        match self {
            Self::Day { day, .. } => (*day, Uuid::nil()),
            Self::Message { key, .. } => (0, *key),
        }
    }
}

/// Messages further apart than this say anew who wrote and when.
const GROUP_GAP: TimeDelta = TimeDelta::minutes(10);

/// A separator stands where the day moves on; a message that kept its place though its time turned out
/// earlier makes none.
pub fn rows(entries: &[Entry], local_day: impl Fn(DateTime<Utc>) -> i64) -> Vec<Row> {
    let mut rows = Vec::with_capacity(entries.len() + 4);
    let mut newest_day = i64::MIN;
    let mut previous: Option<&Entry> = None;
    for (index, entry) in entries.iter().enumerate() {
        let day = local_day(entry.at);
        let new_day = day > newest_day;
        if new_day {
            rows.push(Row::Day { day, at: entry.at });
            newest_day = day;
        }
        let first = new_day || previous.is_none_or(|previous| !same_group(previous, entry));
        let last = entries
            .get(index + 1)
            .is_none_or(|next| !same_group(entry, next) || local_day(next.at) > newest_day);
        rows.push(Row::Message { key: entry.key, first, last });
        previous = Some(entry);
    }
    rows
}

fn same_group(a: &Entry, b: &Entry) -> bool {
    a.kind == b.kind && a.author == b.author && (b.at - a.at).abs() <= GROUP_GAP
}

/// `1:05`, for a countdown.
pub fn minutes_and_seconds(seconds: i64) -> String {
    let seconds = seconds.max(0);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
#[path = "view_tests.rs"]
mod tests;
