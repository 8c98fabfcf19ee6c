//! Email out, over SMTP. Hides the library and the shape of a message; what a server answers stays here,
//! since it quotes the address.

use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use sealpost_shared::deliveries::FailureCode;

use crate::config::MailConfig;
use crate::senders::{EmailNotice, EmailSender, SendOutcome};

pub struct SmtpSender {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Address,
    timeout: Duration,
}

impl SmtpSender {
    /// `lease` bounds a try, so that it ends well before another worker may take over.
    pub fn new(config: &MailConfig, lease: Duration) -> Result<Self, smtp::Error> {
        let timeout = super::attempt_timeout(lease);
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(config.smtp_url.expose())?
            .timeout(Some(timeout))
            .build();
        Ok(Self { transport, from: config.from.email.clone(), timeout })
    }
}

#[async_trait]
impl EmailSender for SmtpSender {
    async fn send(&self, email: &EmailNotice<'_>) -> SendOutcome {
        let Some(message) = message(&self.from, email) else {
            return SendOutcome::refused(
                FailureCode::AddressInvalid,
                "This email address cannot be written to.",
            );
        };
        // lettre's own timeout is per step of the conversation; this one is for all of it.
        match tokio::time::timeout(self.timeout, self.transport.send(message)).await {
            Ok(Ok(_)) => SendOutcome::Accepted { provider_id: None },
            Ok(Err(error)) => failure(&error),
            Err(_) => {
                SendOutcome::passing(FailureCode::MailTimeout, "The mail server did not answer in time.")
            }
        }
    }
}

fn message(from: &Address, email: &EmailNotice<'_>) -> Option<Message> {
    let sender = Mailbox::new(Some(email.from_name.to_owned()), from.clone());
    let to: Address = email.to.as_str().parse().ok()?;
    Message::builder()
        .message_id(Some(format!("<{}@{}>", email.id.uuid(), from.domain())))
        .date(SystemTime::from(email.created_at))
        .from(sender)
        .to(Mailbox::new(None, to))
        .subject(email.subject.to_owned())
        .multipart(MultiPart::alternative_plain_html(email.text.to_owned(), email.html.to_owned()))
        .ok()
}

fn failure(error: &smtp::Error) -> SendOutcome {
    let status = error.status().map(|code| format!(" (SMTP {code})")).unwrap_or_default();
    // The server refuses us and not the mail: an operator mends that, and the notice waits for it.
    let is_sign_in = error.status().is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538));
    if is_sign_in {
        let detail = format!("The mail server did not let us in{status}.");
        SendOutcome::passing(FailureCode::MailSignInRefused, detail)
    } else if error.is_permanent() && says_no_such_mailbox(&error.to_string()) {
        let detail = format!("The mail server says that there is no such mailbox{status}.");
        SendOutcome::refused(FailureCode::AddressInvalid, detail)
    } else if error.is_permanent() {
        SendOutcome::refused(FailureCode::MailRefused, format!("The mail server refused it{status}."))
    } else if error.is_transient() {
        let detail = format!("The mail server could not take it just now{status}.");
        SendOutcome::passing(FailureCode::MailBusy, detail)
    } else if error.is_timeout() {
        SendOutcome::passing(FailureCode::MailTimeout, "The mail server did not answer in time.")
    } else {
        SendOutcome::passing(FailureCode::MailUnreachable, "We could not reach the mail server.")
    }
}

/// An enhanced code that speaks of the address (RFC 3463): only its numbers are looked at.
fn says_no_such_mailbox(answer: &str) -> bool {
    let words = answer.split(|c: char| !c.is_ascii_digit() && c != '.');
    words.into_iter().any(is_about_the_address)
}

/// Of a mail that came back or was refused: `5.1.1` and its kin, and a mailbox that is closed.
pub fn is_about_the_address(enhanced: &str) -> bool {
    matches!(enhanced, "5.1.0" | "5.1.1" | "5.1.2" | "5.1.3" | "5.1.6" | "5.1.10" | "5.2.1")
}

#[cfg(test)]
mod tests {
    use mail_parser::MessageParser;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::delivery::EmailContent;
    use sealpost_shared::ids::DeliveryId;
    use sealpost_shared::text::Email;

    fn formatted(content: &EmailContent) -> String {
        let to: Email = "jordan@example.org".parse().expect("an address");
        let from: Address = "no-reply@messages.example.org".parse().expect("an address");
        let email = EmailNotice {
            id: DeliveryId::from_uuid(Uuid::from_u128(7)),
            created_at: "2026-03-01T10:00:00Z".parse().expect("a time"),
            to: &to,
            from_name: &content.from_name,
            subject: &content.subject,
            text: &content.text,
            html: &content.html,
        };
        String::from_utf8(message(&from, &email).expect("a message").formatted()).expect("text")
    }

    proptest! {
        /// Whatever a name or a subject is made of: it is read as it was meant, and starts no other header.
        #[test]
        fn prop_roundtrip_mime_subject(name in ".{1,100}", subject in "(?s).{1,200}", word in "[^ \\p{C}\\p{Z}]{60,90}") {
            for subject in [subject, format!("{word} {word}")] {
                let content = EmailContent::plain(&name, &subject, "text");
                let text = formatted(&content);
                let mail = MessageParser::default().parse(text.as_bytes()).expect("a mail");
                prop_assert_eq!(mail.subject().unwrap_or_default(), content.subject.as_str());
                let sender = mail.from().and_then(|from| from.first()).and_then(|from| from.name());
                prop_assert_eq!(sender.unwrap_or_default(), content.from_name.as_str());
                let mut headers: Vec<_> = mail.headers().iter().map(|header| header.name()).collect();
                headers.sort_unstable();
                let own = ["Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To"];
                prop_assert_eq!(headers, own);
            }
        }
    }

    #[test]
    fn an_email_has_two_parts_and_an_id_of_its_own() {
        let link = "https://x.example/m#0123456789abcdefABCDEF";
        let content = EmailContent::notice("Clínica Río", "Hi", &format!("Read: {link}"), link);
        let text = formatted(&content);
        for line in [
            "Message-ID: <00000000-0000-0000-0000-000000000007@messages.example.org>",
            "Date: Sun, 01 Mar 2026 10:00:00 +0000",
            "To: jordan@example.org",
            "Content-Type: multipart/alternative;",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Type: text/html; charset=utf-8",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }

    #[test]
    fn mail_no_crlf() {
        let content = EmailContent::plain("X\r\nBcc: evil@example.org", "Y\r\nBcc: evil@example.org", "text");
        let text = formatted(&content);
        let headers = text.split("\r\n\r\n").next().expect("headers");
        assert!(!headers.to_lowercase().contains("\nbcc:"), "{headers}");
    }
}
