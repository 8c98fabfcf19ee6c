//! Small words that many panes say: why something failed, how long ago, which channel.

use chrono::{DateTime, Utc};
use sealpost_shared::contacts::Channel;
use sealpost_shared::links::LinkLifetime;
use sealpost_shared::problem::ProblemCode;
use sealpost_web::client::ClientError;
use sealpost_web::text::Text;
use sealpost_web::time::{Style, local_day, show};

use super::view::{Ago, Span, ago};

pub fn sentence(text: Text, error: &ClientError) -> String {
    match error {
        ClientError::Problem(problem) => match own_key(problem.code) {
            Some(key) => text.say(key),
            None => text.problem(problem.code),
        },
        ClientError::Offline => text.say("offline"),
        ClientError::Unexpected => text.say("unexpected"),
    }
}

/// The same where a PIN was sent along: what the organization refuses it says itself, by the field's name.
pub fn pin_sentence(text: Text, error: &ClientError) -> String {
    match error {
        ClientError::Problem(problem) if problem.errors.iter().any(|wrong| wrong.pointer == "/pin") => {
            text.say("pin-refused")
        }
        other => sentence(text, other),
    }
}

/// Problems that patients never meet have their words in the desk's files.
const fn own_key(code: ProblemCode) -> Option<&'static str> {
    match code {
        ProblemCode::LastAdmin => Some("problem-last-admin"),
        ProblemCode::AdminDue => Some("problem-admin-due"),
        ProblemCode::ChannelFromEnvironment => Some("channel-environment"),
        ProblemCode::SecondStepState => Some("problem-second-step-state"),
        ProblemCode::PasskeyIncorrect => Some("passkey-failed"),
        ProblemCode::CodeIncorrect => Some("code-wrong"),
        ProblemCode::InvitationNotFound => Some("invited-not-found"),
        ProblemCode::PasswordDisabled => Some("problem-password-disabled"),
        ProblemCode::ResetNotFound => Some("problem-reset-not-found"),
        _ => None,
    }
}

pub const fn channel_key(channel: Channel) -> &'static str {
    match channel {
        Channel::Sms => "channel-text",
        Channel::Email => "channel-email",
    }
}

/// "by text".
pub const fn by_key(channel: Channel) -> &'static str {
    match channel {
        Channel::Sms => "by-text",
        Channel::Email => "by-email",
    }
}

pub const fn lifetime_key(lifetime: LinkLifetime) -> &'static str {
    match lifetime {
        LinkLifetime::Hours24 => "lifetime-24-hours",
        LinkLifetime::Days10 => "lifetime-10-days",
        LinkLifetime::Months6 => "lifetime-6-months",
        LinkLifetime::Year1 => "lifetime-1-year",
    }
}

/// `2m`, `3h`, `Tue`, `Nov 23`.
pub fn short_ago(text: Text, now: DateTime<Utc>, at: DateTime<Utc>) -> String {
    let count = |key, n: i64| text.say_with(key, &[("n", n.into())]);
    match ago(now, at, local_day(now) - local_day(at)) {
        Ago::Now => text.say("ago-now"),
        Ago::Minutes(n) => count("ago-minutes", n),
        Ago::Hours(n) => count("ago-hours", n),
        Ago::Weekday => show(at, Style::Weekday, text.language()),
        Ago::Date => show(at, Style::ShortDay, text.language()),
    }
}

pub fn span(text: Text, span: Span) -> String {
    match span {
        Span::Minutes(n) => text.say_with("span-minutes", &[("n", n.into())]),
        Span::Hours(n) => text.say_with("span-hours", &[("n", n.into())]),
        Span::Days(n) => text.say_with("span-days", &[("n", n.into())]),
    }
}

/// `Today`, `Yesterday`, `Monday, November 23`.
pub fn day(text: Text, now: DateTime<Utc>, at: DateTime<Utc>) -> String {
    match local_day(now) - local_day(at) {
        0 => text.say("today"),
        1 => text.say("yesterday"),
        _ => show(at, Style::Day, text.language()),
    }
}

/// The time alone on the day of `beside`, with its date on another.
pub fn moment(text: Text, beside: DateTime<Utc>, at: DateTime<Utc>) -> String {
    let same_day = local_day(beside) == local_day(at);
    show(at, if same_day { Style::Time } else { Style::DayTime }, text.language())
}

/// The time on the same day, the day alone on another.
pub fn time_or_day(text: Text, now: DateTime<Utc>, at: DateTime<Utc>) -> String {
    let same_day = local_day(now) == local_day(at);
    show(at, if same_day { Style::Time } else { Style::ShortDay }, text.language())
}
