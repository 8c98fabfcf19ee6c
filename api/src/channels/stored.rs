//! What counts now for each channel, and keeping the built senders in step with what is stored: every server and
//! worker compares one number before it uses them, so a change needs no restart.

use std::sync::Arc;

use sea_orm::ConnectionTrait;
use sealpost_shared::channels::ChannelSource;
use sealpost_shared::contacts::Channel;
use sealpost_shared::text::Email;

use super::settings::{EmailSettings, SmsSettings, fingerprint, open};
use super::{SmtpSender, TwilioSender, gateway_client};
use crate::config::{MailConfig, SmsConfig};
use crate::db::Db;
use crate::entities::channel;
use crate::problem::{Problem, Result};
use crate::secrets::KeyRing;
use crate::state::State;

/// Where a channel's settings come from, without looking at what is stored.
fn fixed_source(state: &State, channel: Channel) -> Option<ChannelSource> {
    let (environment, caught) = match channel {
        Channel::Sms => (state.config.sms.is_some(), state.senders.sms.is_some()),
        Channel::Email => (state.config.mail.is_some(), state.senders.email.is_some()),
    };
    match (environment, caught) {
        (true, _) => Some(ChannelSource::Environment),
        (false, true) => Some(ChannelSource::Demo),
        (false, false) => None,
    }
}

pub(super) async fn sms_settings(
    state: &State,
    row: Option<&channel::Model>,
) -> Result<(ChannelSource, Option<SmsSettings>)> {
    let sealed = row.and_then(|row| row.sealed_settings.as_deref());
    Ok(match (fixed_source(state, Channel::Sms), sealed) {
        (Some(source), _) => (source, state.config.sms.as_ref().map(SmsSettings::of)),
        (None, Some(sealed)) => {
            (ChannelSource::Stored, Some(open(state.secrets.ring(), Channel::Sms.as_str(), sealed)?))
        }
        (None, None) => (ChannelSource::None, None),
    })
}

pub(super) async fn email_settings(
    state: &State,
    row: Option<&channel::Model>,
) -> Result<(ChannelSource, Option<EmailSettings>)> {
    let sealed = row.and_then(|row| row.sealed_settings.as_deref());
    Ok(match (fixed_source(state, Channel::Email), sealed) {
        (Some(source), _) => (source, state.config.mail.as_ref().and_then(EmailSettings::of)),
        (None, Some(sealed)) => {
            (ChannelSource::Stored, Some(open(state.secrets.ring(), Channel::Email.as_str(), sealed)?))
        }
        (None, None) => (ChannelSource::None, None),
    })
}

/// The gateway that counts now; none in the demo.
pub async fn sms_config(state: &State, db: &impl ConnectionTrait) -> Result<Option<SmsConfig>> {
    let row = channel::get(db, Channel::Sms).await?;
    sms_settings(state, row.as_ref()).await?.1.map(|settings| settings.checked()).transpose()
}

/// The address that our mails come from.
pub async fn mail_from(state: &State, db: &impl ConnectionTrait) -> Result<Option<Email>> {
    let row = channel::get(db, Channel::Email).await?;
    let settings = email_settings(state, row.as_ref()).await?.1;
    let config = settings.map(|settings| settings.checked()).transpose()?;
    Ok(config.and_then(|config| config.from.email.to_string().parse().ok()))
}

/// What one channel's row holds, for one that only looks.
#[derive(Default)]
pub enum Stored<T> {
    #[default]
    Nothing,
    Settings(T),
    /// Sealed under another key, or broken.
    Unreadable,
}

#[derive(Default)]
pub struct StoredChannels {
    pub sms: Stored<SmsConfig>,
    pub email: Stored<MailConfig>,
}

/// What was stored at the desk. Tables that cannot be read hold nothing: the report says so elsewhere.
pub async fn stored_channels(db: &Db, ring: &KeyRing) -> StoredChannels {
    let row = async |channel| {
        let db = db.before_organization().read().await.ok()?;
        channel::get(&db, channel).await.ok().flatten()?.sealed_settings
    };
    let (sms, email) = (row(Channel::Sms).await, row(Channel::Email).await);
    let opened_sms = |sealed: &[u8]| open::<SmsSettings>(ring, Channel::Sms.as_str(), sealed)?.checked();
    let opened_email =
        |sealed: &[u8]| open::<EmailSettings>(ring, Channel::Email.as_str(), sealed)?.checked();
    StoredChannels { sms: stored(sms, opened_sms), email: stored(email, opened_email) }
}

fn stored<T>(sealed: Option<Vec<u8>>, opened: impl Fn(&[u8]) -> Result<T>) -> Stored<T> {
    match sealed.map(|sealed| opened(&sealed)) {
        None => Stored::Nothing,
        Some(Ok(settings)) => Stored::Settings(settings),
        Some(Err(_)) => Stored::Unreadable,
    }
}

/// Whether a test went through with exactly what counts now. The demo needs none: nothing leaves it.
pub async fn is_tested(state: &State, db: &impl ConnectionTrait, channel: Channel) -> Result<bool> {
    let row = channel::get(db, channel).await?;
    let ring = state.secrets.ring();
    let (source, print) = match channel {
        Channel::Sms => {
            let (source, settings) = sms_settings(state, row.as_ref()).await?;
            (source, settings.map(|it| fingerprint(ring, &it)).transpose()?)
        }
        Channel::Email => {
            let (source, settings) = email_settings(state, row.as_ref()).await?;
            (source, settings.map(|it| fingerprint(ring, &it)).transpose()?)
        }
    };
    let tested = row.and_then(|row| row.tested_settings);
    Ok(source == ChannelSource::Demo || (print.is_some() && print == tested))
}

/// Brings the stored senders up to date. Asked before a message is composed and before a batch is sent.
pub async fn refresh(state: &State, db: &impl ConnectionTrait) -> Result<()> {
    let senders = &state.senders;
    if senders.sms.is_some() && senders.email.is_some() {
        return Ok(());
    }
    let versions = channel::list_versions(db).await?;
    let version =
        |wanted| versions.iter().find(|(channel, _)| *channel == wanted).map(|(_, version)| *version);
    if senders.sms.is_none() && version(Channel::Sms) != senders.sms_version() {
        let row = channel::get(db, Channel::Sms).await?;
        let settings = sms_settings(state, row.as_ref()).await?.1;
        let built = settings.map(|it| sms_sender(state, it.checked()?)).transpose()?;
        senders.keep_sms(row.map(|row| row.version).zip(built));
        state.circuits.of(Channel::Sms).forget();
    }
    if senders.email.is_none() && version(Channel::Email) != senders.email_version() {
        let row = channel::get(db, Channel::Email).await?;
        let settings = email_settings(state, row.as_ref()).await?.1;
        let built = settings.map(|it| email_sender(state, &it.checked()?)).transpose()?;
        senders.keep_email(row.map(|row| row.version).zip(built));
        state.circuits.of(Channel::Email).forget();
    }
    Ok(())
}

pub(super) fn sms_sender(state: &State, config: SmsConfig) -> Result<Arc<dyn crate::senders::SmsSender>> {
    let client = gateway_client(state.config.delivery.lease).map_err(Problem::internal)?;
    Ok(Arc::new(TwilioSender::new(client, config)))
}

fn email_sender(state: &State, config: &MailConfig) -> Result<Arc<dyn crate::senders::EmailSender>> {
    let sender = SmtpSender::new(config, state.config.delivery.lease).map_err(|_| {
        // Its own words could quote the address with the password.
        Problem::internal("the stored mail server cannot be used")
    })?;
    Ok(Arc::new(sender))
}
