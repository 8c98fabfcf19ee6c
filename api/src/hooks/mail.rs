//! What an email is that came in: somebody's words, a report that ours came back (RFC 3464), or a machine's answer
//! (RFC 3834), which is left alone so that two machines never talk to each other. Never parsed by hand.

use aws_lc_rs::digest;
use mail_parser::{Message, MessageParser, MimeHeaders as _, PartType};
use sealpost_shared::deliveries::FailureCode;
use sealpost_shared::text::Email;
use uuid::Uuid;

use crate::channels::is_about_the_address;
use crate::senders::Receipt;

#[derive(Debug, PartialEq, Eq)]
pub enum Mail {
    /// One of ours did not arrive, or did.
    CameBack {
        delivery: Uuid,
        receipt: Receipt,
    },
    Written(Written),
    /// By a machine, or about nothing of ours.
    Automatic,
    Unreadable,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Written {
    pub from: Email,
    /// Of the mail, as its writer's program named it.
    pub id: String,
    /// The mail of ours that it answers.
    pub answers: Option<Uuid>,
    pub text: String,
    pub files: usize,
}

/// `ours` is the address that our mails come from: their ids end in its domain.
pub fn read(raw: &[u8], ours: &Email) -> Mail {
    let Some(mail) = MessageParser::default().parse(raw) else { return Mail::Unreadable };
    let domain = ours.as_str().rsplit_once('@').map_or("", |(_, domain)| domain);
    if is_report(&mail) {
        return match (our_id(raw, domain), report(&mail)) {
            (Some(delivery), Some(receipt)) => Mail::CameBack { delivery, receipt },
            _ => Mail::Automatic,
        };
    }
    let from = mail.from().and_then(|from| from.first()).and_then(|from| from.address.as_deref());
    let Some(from) = from.and_then(|from| from.parse::<Email>().ok()) else { return Mail::Unreadable };
    if is_automatic(&mail) || from.as_str().eq_ignore_ascii_case(ours.as_str()) {
        return Mail::Automatic;
    }
    let answered = ["In-Reply-To", "References"].iter().filter_map(|name| mail.header_raw(*name));
    let answers = answered.filter_map(|ids| our_id(ids.as_bytes(), domain)).next();
    Mail::Written(Written {
        from,
        id: identity(&mail, raw),
        answers,
        text: mail.body_text(0).map(|text| text.into_owned()).unwrap_or_default(),
        files: mail.attachment_count(),
    })
}

/// Its own id; of one that has none, or one that no index should hold, what it is made of.
fn identity(mail: &Message<'_>, raw: &[u8]) -> String {
    let own = mail
        .message_id()
        .filter(|id| (1..=250).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic()));
    own.map_or_else(
        || {
            let hash = digest::digest(&digest::SHA256, raw);
            hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
        },
        str::to_owned,
    )
}

fn is_report(mail: &Message<'_>) -> bool {
    let kind = mail.content_type();
    let report = kind.is_some_and(|kind| kind.ctype() == "multipart" && kind.subtype() == Some("report"));
    let about = kind.and_then(|kind| kind.attribute("report-type")).unwrap_or_default();
    report && about.eq_ignore_ascii_case("delivery-status")
}

/// By what such programs are to say of themselves, and by what they say.
fn is_automatic(mail: &Message<'_>) -> bool {
    let header = |name: &'static str| mail.header_raw(name).map(|value| value.trim().to_ascii_lowercase());
    let has = |name| header(name).is_some();
    let submitted = header("Auto-Submitted").is_some_and(|value| !value.starts_with("no"));
    let bulk = header("Precedence").is_some_and(|value| {
        matches!(value.as_str(), "bulk" | "list" | "junk" | "auto_reply" | "auto-reply")
    });
    let nobody = header("Return-Path").is_some_and(|value| value == "<>");
    let kind = mail.content_type();
    let report = kind.is_some_and(|kind| {
        kind.subtype() == Some("report") || kind.subtype() == Some("disposition-notification")
    });
    let listed = has("List-Id") || has("List-Unsubscribe");
    let reply = has("X-Autoreply") || has("X-Autorespond") || has("X-Auto-Response-From");
    submitted || bulk || nobody || report || listed || reply
}

/// What became of it, from the machine's part of the report. A delay is no news yet.
fn report(mail: &Message<'_>) -> Option<Receipt> {
    let parts = mail.parts.iter().filter(|part| {
        part.content_type().is_some_and(|kind| {
            kind.ctype() == "message"
                && matches!(kind.subtype(), Some("delivery-status" | "global-delivery-status"))
        })
    });
    let text: String = parts
        .filter_map(|part| match &part.body {
            PartType::Text(text) | PartType::Html(text) => Some(text.to_string()),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                Some(String::from_utf8_lossy(bytes).into_owned())
            }
            PartType::Message(_) | PartType::Multipart(_) => None,
        })
        .collect();
    let field = |name: &str| {
        let lines = text.lines().filter_map(|line| line.split_once(':'));
        let mut found = lines.filter(|(field, _)| field.trim().eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.trim().to_ascii_lowercase())
    };
    let status =
        field("Status").map(|status| status.split_whitespace().next().unwrap_or_default().to_owned());
    let status = status.filter(|status| is_enhanced(status)).unwrap_or_default();
    match field("Action").as_deref() {
        Some("failed") => {
            let number = if status.is_empty() { String::new() } else { format!(" ({status})") };
            Some(if is_about_the_address(&status) {
                let detail = format!("The email came back: there is no such mailbox{number}.");
                Receipt::Failed { code: FailureCode::AddressInvalid, detail }
            } else {
                let detail = format!("The email came back from the contact's mail server{number}.");
                Receipt::Failed { code: FailureCode::MailBounced, detail }
            })
        }
        Some("delivered") => Some(Receipt::Delivered),
        _ => None,
    }
}

/// Three numbers; whatever else a stranger's server writes there stays there.
fn is_enhanced(status: &str) -> bool {
    let parts: Vec<_> = status.split('.').collect();
    let number = |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    parts.len() == 3 && parts.iter().all(number)
}

/// The first `<uuid@domain>` of ours: the id that a mail of ours carries, wherever it is quoted.
fn our_id(bytes: &[u8], domain: &str) -> Option<Uuid> {
    let marked = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'<').map(|(at, _)| at + 1);
    let mut ids = marked.filter_map(|at| {
        let id = std::str::from_utf8(bytes.get(at..at + 36)?).ok()?;
        let rest = bytes.get(at + 36..at + 36 + domain.len() + 2)?;
        let (sign, rest) = rest.split_first()?;
        let (end, said) = rest.split_last()?;
        let ours = *sign == b'@' && *end == b'>' && said.eq_ignore_ascii_case(domain.as_bytes());
        if ours && !domain.is_empty() { Uuid::try_parse(id).ok() } else { None }
    });
    ids.next()
}

#[cfg(test)]
mod tests;
