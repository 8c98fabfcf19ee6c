//! Talking to a mail server word by word, to tell where it goes wrong: name, connection, encryption, signing in,
//! sender, recipient. What the server says in its answers stays here but for their number: it quotes addresses.

use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, Message};
use sealpost_shared::channels::ChannelFault;

use super::trial::{Trial, fault, tls_in};
use crate::config::{MailConfig, SmtpSecurity, SmtpTarget};

/// What to send, once the server let us in; nothing when only looking.
pub(super) struct Letter {
    pub to: Address,
    pub message: Message,
}

/// The whole talk, in `patience` at most.
pub(super) async fn talk(config: &MailConfig, letter: Option<Letter>, patience: Duration) -> Trial {
    let Some(target) = config.smtp_url.target() else {
        return fault(ChannelFault::HostNotFound, "The mail server's address cannot be read.");
    };
    match tokio::time::timeout(patience, walk(config, &target, letter, patience)).await {
        Ok(trial) => trial,
        Err(_) => fault(
            ChannelFault::Timeout,
            "The mail server did not answer in time. Check host and port, and the kind of encryption: port 465 wants \
             TLS, port 587 wants STARTTLS.",
        ),
    }
}

async fn walk(config: &MailConfig, target: &SmtpTarget, letter: Option<Letter>, patience: Duration) -> Trial {
    let mut connection = connect(config, target, patience).await?;
    let done = converse(&mut connection, config, target, letter).await;
    let _ = connection.quit().await;
    done
}

async fn connect(
    config: &MailConfig,
    target: &SmtpTarget,
    patience: Duration,
) -> Result<AsyncSmtpConnection, (ChannelFault, String)> {
    super::trial::resolve(&target.host, target.port, "mail server").await?;
    let security = config.smtp_url.security;
    let parameters = || {
        let made = TlsParameters::new(target.host.clone());
        made.map_err(|_| {
            (ChannelFault::Tls, "The connection cannot be encrypted with this host name.".to_owned())
        })
    };
    let implicit = if security == SmtpSecurity::Tls { Some(parameters()?) } else { None };
    let server = (target.host.as_str(), target.port);
    let hello = ClientId::default();
    let connected = AsyncSmtpConnection::connect_tokio1(server, Some(patience), &hello, implicit, None).await;
    let mut connection = connected.map_err(|error| unconnected(&error, security))?;
    if security == SmtpSecurity::StartTls {
        if !connection.can_starttls() {
            let detail =
                "The mail server does not offer STARTTLS on this port. Try TLS, usually on port 465.";
            return Err((ChannelFault::Tls, detail.to_owned()));
        }
        let started = connection.starttls(parameters()?, &hello).await;
        started.map_err(|error| unconnected(&error, security))?;
    }
    Ok(connection)
}

fn unconnected(error: &Error, security: SmtpSecurity) -> (ChannelFault, String) {
    if let Some(code) = error.status() {
        return (
            ChannelFault::Refused,
            format!("The mail server does not talk to this server (SMTP {code})."),
        );
    }
    if error.is_timeout() {
        return (
            ChannelFault::Timeout,
            "The mail server did not answer in time. Check host and port.".to_owned(),
        );
    }
    // Before anything was said: a server that speaks another protocol hangs up or answers in another tongue.
    if error.is_tls() || tls_in(error) || (security == SmtpSecurity::Tls && error.is_response()) {
        let detail = "The connection could not be encrypted. Check the kind of encryption (port 465 wants TLS, port 587 \
                      STARTTLS), and that the server's certificate is valid for this host name.";
        return (ChannelFault::Tls, detail.to_owned());
    }
    let detail = "Nobody answers at this host and port. Check both, and whether a firewall is between.";
    (ChannelFault::Unreachable, detail.to_owned())
}

async fn converse(
    connection: &mut AsyncSmtpConnection,
    config: &MailConfig,
    target: &SmtpTarget,
    letter: Option<Letter>,
) -> Trial {
    if let (Some(name), Some(password)) = (&target.username, &target.password) {
        let credentials = Credentials::new(name.clone(), password.expose().to_owned());
        let signed_in = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await;
        signed_in.map_err(|error| {
            let sentence = if error.is_client() {
                "The mail server does not offer signing in on this port"
            } else {
                "The mail server does not accept this user name and password"
            };
            told(&error, ChannelFault::SignIn, sentence)
        })?;
    }
    let Some(letter) = letter else { return Ok(()) };
    let from = Mail::new(Some(config.from.email.clone()), Vec::new());
    connection.command(from).await.map_err(|error| {
        if needs_sign_in(&error) {
            let sentence = "The mail server wants a user name and a password";
            return told(&error, ChannelFault::SignIn, sentence);
        }
        told(
            &error,
            ChannelFault::Sender,
            "The mail server does not accept the sender's address for this account",
        )
    })?;
    let to = Rcpt::new(letter.to, Vec::new());
    connection.command(to).await.map_err(|error| {
        if needs_sign_in(&error) {
            return told(&error, ChannelFault::SignIn, "The mail server wants a user name and a password");
        }
        let sentence = "The mail server does not deliver to this address, or not from our sender's address";
        told(&error, ChannelFault::Recipient, sentence)
    })?;
    let refused =
        |error: Error| told(&error, ChannelFault::Refused, "The mail server did not take the message");
    connection.command(Data).await.map_err(refused)?;
    connection.message(&letter.message.formatted()).await.map_err(refused)?;
    Ok(())
}

fn needs_sign_in(error: &Error) -> bool {
    error.status().is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538))
}

/// `fault`, unless the answer was only for now or the line broke.
fn told(error: &Error, fault: ChannelFault, sentence: &str) -> (ChannelFault, String) {
    let status = error.status().map(|code| format!(" (SMTP {code})")).unwrap_or_default();
    if error.is_transient() {
        return (
            ChannelFault::Busy,
            format!("The mail server cannot take it just now{status}. Try again later."),
        );
    }
    if status.is_empty() && !error.is_client() {
        return (ChannelFault::Unreachable, "The mail server hung up.".to_owned());
    }
    (fault, format!("{sentence}{status}."))
}
