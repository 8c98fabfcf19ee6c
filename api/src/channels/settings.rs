//! A channel's settings as they are kept: in parts, sealed under the key file (security.md D20).

use sealpost_shared::channels::MailSecurity;
use serde::{Deserialize, Serialize};

use crate::config::{MailConfig, Secret, SmsConfig, SmtpParts, SmtpSecurity};
use crate::problem::{Problem, Result};
use crate::secrets::{CHANNELS, KeyRing};

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SmsSettings {
    pub url: String,
    pub account_sid: String,
    pub auth_token: String,
    pub from: String,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct EmailSettings {
    pub host: String,
    pub port: u16,
    pub security: MailSecurity,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    pub from: String,
}

/// The part that is wrong and the rest of a sentence.
fn wrong((part, reason): (&'static str, String)) -> Problem {
    Problem::field(&format!("/{part}"), "invalid", reason)
}

impl SmsSettings {
    pub fn of(config: &SmsConfig) -> Self {
        Self {
            url: config.url.as_str().trim_end_matches('/').to_owned(),
            account_sid: config.account_sid.clone(),
            auth_token: config.auth_token.expose().to_owned(),
            from: config.from.clone(),
        }
    }

    pub fn checked(&self) -> Result<SmsConfig> {
        SmsConfig::checked(&self.url, &self.account_sid, &self.auth_token, &self.from).map_err(wrong)
    }
}

impl EmailSettings {
    pub fn of(config: &MailConfig) -> Option<Self> {
        let target = config.smtp_url.target()?;
        let security = match config.smtp_url.security {
            SmtpSecurity::Plain => MailSecurity::None,
            SmtpSecurity::StartTls => MailSecurity::Starttls,
            SmtpSecurity::Tls => MailSecurity::Tls,
        };
        Some(Self {
            host: target.host,
            port: target.port,
            security,
            username: target.username,
            password: target.password.as_ref().map(|password| Secret::expose(password).to_owned()),
            from: config.from.to_string(),
        })
    }

    pub fn checked(&self) -> Result<MailConfig> {
        let parts = SmtpParts {
            host: &self.host,
            port: self.port,
            security: match self.security {
                MailSecurity::None => SmtpSecurity::Plain,
                MailSecurity::Starttls => SmtpSecurity::StartTls,
                MailSecurity::Tls => SmtpSecurity::Tls,
            },
            username: self.username.as_deref(),
            password: self.password.as_deref(),
        };
        MailConfig::checked(&parts, &self.from).map_err(wrong)
    }
}

pub(super) fn seal(ring: &KeyRing, id: &str, settings: &impl Serialize) -> Result<Vec<u8>> {
    let json = serde_json::to_vec(settings).map_err(Problem::internal)?;
    Ok(ring.seal_server_key(CHANNELS, id, &json)?)
}

pub(super) fn open<T: serde::de::DeserializeOwned>(ring: &KeyRing, id: &str, sealed: &[u8]) -> Result<T> {
    let json = ring.open_server_key(CHANNELS, id, sealed)?;
    serde_json::from_slice(&json).map_err(|_| Problem::internal("stored channel settings cannot be read"))
}

/// Tells whether what was tested is what is set now. Keyed: the settings hold a password.
pub(super) fn fingerprint(ring: &KeyRing, settings: &impl Serialize) -> Result<Vec<u8>> {
    let json = serde_json::to_vec(settings).map_err(Problem::internal)?;
    Ok(ring.keyed_hash("channel-settings", &json))
}
