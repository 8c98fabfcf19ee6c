//! What a notice says, once and for all its tries: composed when it is queued, kept sealed, erased when
//! it is settled. It cannot print itself.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A text message, finished.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmsContent {
    pub body: String,
}

/// An email, finished: both parts say the same.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailContent {
    /// Shown as the sender's name beside the installation's address.
    pub from_name: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "channel", rename_all = "snake_case")]
pub enum Content {
    Sms(SmsContent),
    Email(EmailContent),
}

impl SmsContent {
    /// A notice from a template, in GSM's alphabet where its names allow it.
    pub fn notice(text: &str) -> Self {
        Self { body: super::gsm7::fit(text) }
    }

    /// What somebody wrote, as it was written.
    pub fn plain(text: &str) -> Self {
        Self { body: text.to_owned() }
    }
}

impl EmailContent {
    /// A notice from templates: the organization's name, its words, one button, the whole link.
    pub fn notice(organization: &str, subject: &str, text: &str, link: &str) -> Self {
        Self::with_button(organization, subject, text, link, "Open my message")
    }

    /// The same with other words on the button.
    pub fn with_button(organization: &str, subject: &str, text: &str, link: &str, label: &str) -> Self {
        // The link has a place of its own below; in the words it would be there twice.
        let words = text.replace(link, "");
        let button = format!(
            "<p style=\"margin:24px 0\"><a href=\"{link}\" style=\"{BUTTON}\">{label}</a></p>\
             <p style=\"{SMALL}\">The button does nothing? Copy this into your browser:<br>{link}</p>",
            link = escaped(link),
            label = escaped(label),
        );
        Self {
            from_name: one_line(organization),
            subject: one_line(subject),
            text: text.to_owned(),
            html: page(organization, &format!("{}{button}", paragraphs(&words))),
        }
    }

    /// What somebody wrote, as it was written.
    pub fn plain(organization: &str, subject: &str, text: &str) -> Self {
        Self {
            from_name: one_line(organization),
            subject: one_line(subject),
            text: text.to_owned(),
            html: page(organization, &paragraphs(text)),
        }
    }
}

// Mail programs drop style sheets; what must hold stands in the elements.
const BODY: &str = "margin:0;padding:24px 16px;background:#f4f5f2;color:#1d2521;\
    font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const CARD: &str = "max-width:520px;margin:0 auto;padding:28px;background:#ffffff;\
    border:1px solid #dfe3dd;border-radius:12px";
const BUTTON: &str = "display:inline-block;padding:13px 22px;background:#0f6e6e;color:#ffffff;\
    border-radius:8px;font-weight:600;text-decoration:none";
const SMALL: &str = "margin:0;color:#55605a;font-size:14px;overflow-wrap:anywhere";

fn page(organization: &str, content: &str) -> String {
    let name = escaped(organization);
    format!(
        "<!doctype html><html><head><meta charset=\"utf-8\"><title>{name}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"></head><body style=\"{BODY}\">\
         <div style=\"{CARD}\"><p style=\"margin:0 0 16px;font-size:20px;font-weight:600\">{name}</p>\
         {content}</div></body></html>"
    )
}

fn paragraphs(text: &str) -> String {
    text.split("\n\n")
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| format!("<p style=\"margin:0 0 12px\">{}</p>", escaped(part).replace('\n', "<br>")))
        .collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// A header cannot be started from inside a subject or a name (security.md D29); of several spaces mail programs
/// show one.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sms(_) => "Sms(…)",
            Self::Email(_) => "Email(…)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "https://x.example/m#0123456789abcdefABCDEF";

    #[test]
    fn an_email_shows_the_link_once_as_a_button_and_once_in_full() {
        let text = format!("Dr. Lee sent you a message.\n\nOpen it here:\n{LINK}");
        let email = EmailContent::notice("Smith & <Sons>", "Hello\r\nBcc: x@y.example", &text, LINK);
        assert_eq!(email.html.matches(LINK).count(), 2, "{}", email.html);
        assert!(email.html.contains("Smith &amp; &lt;Sons&gt;"));
        assert!(email.text.contains(LINK));
        assert_eq!(email.subject, "Hello Bcc: x@y.example");
    }

    #[test]
    fn words_cannot_become_markup() {
        let email = EmailContent::plain("X", "Y", "<script>alert('1')</script>\nline & \"quote\"");
        assert!(!email.html.contains("<script"));
        assert!(email.html.contains("line &amp; &quot;quote&quot;"));
        assert!(email.html.contains("<br>"));
    }
}
