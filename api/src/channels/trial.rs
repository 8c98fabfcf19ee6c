//! Trying a channel, with or without a message, and saying in words what came of it and what to mend.

use std::error::Error as StdError;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::{Address, Message};
use reqwest::StatusCode;
use sealpost_shared::channels::{ChannelFault, ChannelTest};
use sealpost_shared::deliveries::FailureCode;
use sealpost_shared::text::{Email, Phone};

use super::mail_talk::{Letter, talk};
use super::{attempt_timeout, gateway_client, stored};
use crate::config::{MailConfig, SmsConfig};
use crate::ids::new_id;
use crate::problem::Result;
use crate::senders::{EmailNotice, EmailSender, SendOutcome, SmsNotice, SmsSender};
use crate::state::State;

const SMS_TEXT: &str = "This is a test from Sealpost. Text messages work.";
const EMAIL_SUBJECT: &str = "A test from Sealpost";
const EMAIL_TEXT: &str = "This is a test from Sealpost. Email works.\n";

/// Fine, or what is wrong and a sentence about it.
pub type Trial = Result<(), (ChannelFault, String)>;

pub(super) fn fault(fault: ChannelFault, detail: impl Into<String>) -> Trial {
    Err((fault, detail.into()))
}

fn answer(trial: Trial, fine: &str) -> ChannelTest {
    match trial {
        Ok(()) => ChannelTest { ok: true, fault: None, detail: fine.to_owned() },
        Err((fault, detail)) => ChannelTest { ok: false, fault: Some(fault), detail },
    }
}

/// A name that leads nowhere is the mistake made most often, so it is told from a server that is silent.
pub(super) async fn resolve(host: &str, port: u16, what: &str) -> Trial {
    let found = tokio::net::lookup_host((host, port)).await;
    if found.is_ok_and(|mut addresses| addresses.next().is_some()) {
        return Ok(());
    }
    fault(
        ChannelFault::HostNotFound,
        format!("The {what}'s name leads nowhere. Check how the host is written."),
    )
}

/// Whether encryption is what failed: rustls hands its errors on inside those of the connection.
pub(super) fn tls_in(error: &(dyn StdError + 'static)) -> bool {
    use std::io::{Error, ErrorKind};
    let mut cause = Some(error);
    while let Some(error) = cause {
        let kind = error.downcast_ref::<Error>().map(Error::kind);
        if matches!(kind, Some(ErrorKind::InvalidData | ErrorKind::UnexpectedEof)) {
            return true;
        }
        // What an io error wraps is not among the causes of all its layers.
        cause = match error.downcast_ref::<Error>().and_then(Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    false
}

pub(super) async fn send_sms(state: &State, config: &SmsConfig, to: &Phone) -> ChannelTest {
    if let Err(wrong) = resolve_gateway(config).await {
        return answer(Err(wrong), "");
    }
    match stored::sms_sender(state, config.clone()) {
        Ok(sender) => send_sms_by(state, &*sender, to).await,
        Err(_) => answer(fault(ChannelFault::Refused, "The text message service cannot be used."), ""),
    }
}

async fn resolve_gateway(config: &SmsConfig) -> Trial {
    let host = config.url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    resolve(host, config.url.port_or_known_default().unwrap_or(443), "text message service").await
}

pub(super) async fn send_sms_by(state: &State, sender: &dyn SmsSender, to: &Phone) -> ChannelTest {
    let outcome = {
        let (id, created_at) = (new_id(state.now()), state.now());
        let test = SmsNotice { id, created_at, to, body: SMS_TEXT, callback: None };
        sender.send(&test).await
    };
    answer(sms_trial(outcome), "The text message service took the test. Is it on your phone?")
}

fn sms_trial(outcome: SendOutcome) -> Trial {
    let (code, detail) = match outcome {
        SendOutcome::Accepted { .. } => return Ok(()),
        SendOutcome::Refused { code, detail }
        | SendOutcome::Passing { code, detail, .. }
        | SendOutcome::Ambiguous { code, detail } => (code, detail),
    };
    use FailureCode as Code;
    let (kind, advice) = match code {
        Code::GatewayUnauthorized => (ChannelFault::SignIn, "Check the account SID and the token."),
        Code::SenderRefused => {
            (ChannelFault::Sender, "Check the sender's number: it must be one of this account.")
        }
        Code::RecipientOptedOut
        | Code::AddressInvalid
        | Code::AddressUnreachable
        | Code::RegionNotAllowed => (ChannelFault::Recipient, "Try another number."),
        Code::GatewayTls => (ChannelFault::Tls, "Check the address, and that its certificate is valid."),
        Code::GatewayTimeout => (ChannelFault::Timeout, "Check the address."),
        Code::GatewayUnreachable => {
            (ChannelFault::Unreachable, "Check the address, and whether a firewall is between.")
        }
        Code::GatewayBusy => (ChannelFault::Busy, "Try again later."),
        _ => (ChannelFault::Refused, "Check the address and the account SID."),
    };
    fault(kind, format!("{detail} {advice}"))
}

pub(super) async fn send_email(state: &State, config: &MailConfig, to: &Email) -> ChannelTest {
    let trial = match letter(state, config, to) {
        Some(letter) => talk(config, Some(letter), attempt_timeout(state.config.delivery.lease)).await,
        None => fault(ChannelFault::Recipient, "This email address cannot be written to."),
    };
    answer(trial, "The mail server took the test. Is it in your inbox? Look in the spam folder, too.")
}

fn letter(state: &State, config: &MailConfig, to: &Email) -> Option<Letter> {
    let to: Address = to.as_str().parse().ok()?;
    let message = Message::builder()
        .date(std::time::SystemTime::from(state.now()))
        .from(config.from.clone())
        .to(Mailbox::new(None, to.clone()))
        .subject(EMAIL_SUBJECT)
        .body(EMAIL_TEXT.to_owned())
        .ok()?;
    Some(Letter { to, message })
}

/// For the demo, which has no server to talk to.
pub(super) async fn send_email_by(state: &State, sender: &dyn EmailSender, to: &Email) -> ChannelTest {
    let outcome = sender
        .send(&EmailNotice {
            id: new_id(state.now()),
            created_at: state.now(),
            to,
            from_name: "Sealpost",
            subject: EMAIL_SUBJECT,
            text: EMAIL_TEXT,
            html: "",
        })
        .await;
    let trial = match outcome {
        SendOutcome::Accepted { .. } => Ok(()),
        SendOutcome::Refused { detail, .. } => fault(ChannelFault::Refused, detail),
        SendOutcome::Passing { detail, .. } | SendOutcome::Ambiguous { detail, .. } => {
            fault(ChannelFault::Busy, detail)
        }
    };
    answer(trial, "The outbox caught the test.")
}

/// Whether the mail server is there and lets us in; nothing is sent.
pub async fn look_at_email(config: &MailConfig, patience: Duration) -> Trial {
    talk(config, None, patience).await
}

/// Whether the gateway is there and knows the account; nothing is sent. `Ok(false)`: it is there and does not say.
pub async fn look_at_sms(
    config: &SmsConfig,
    patience: Duration,
) -> std::result::Result<bool, (ChannelFault, String)> {
    resolve_gateway(config).await?;
    let refused = |_| (ChannelFault::Refused, "No HTTP client can be made.".to_owned());
    let client = gateway_client(patience * 5 / 2).map_err(refused)?;
    let base = config.url.as_str().trim_end_matches('/');
    let address = format!("{base}/2010-04-01/Accounts/{}.json", config.account_sid);
    let asked = client.get(address).basic_auth(&config.account_sid, Some(config.auth_token.expose())).send();
    match asked.await {
        Ok(response) if response.status().is_success() => Ok(true),
        Ok(response) if matches!(response.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
            let detail = format!("It does not accept our account (HTTP {}).", response.status().as_u16());
            Err((ChannelFault::SignIn, detail))
        }
        Ok(response) if response.status().is_server_error() => {
            Err((ChannelFault::Busy, format!("It is in trouble (HTTP {}).", response.status().as_u16())))
        }
        Ok(_) => Ok(false),
        Err(error) if tls_in(&error) => {
            Err((ChannelFault::Tls, "The connection could not be encrypted.".to_owned()))
        }
        Err(error) if error.is_timeout() => {
            Err((ChannelFault::Timeout, "It did not answer in time.".to_owned()))
        }
        Err(_) => Err((ChannelFault::Unreachable, "Nobody answers at this address.".to_owned())),
    }
}
