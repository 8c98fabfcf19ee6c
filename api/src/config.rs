//! What an operator sets, read once at the start from the variables of the contract's §2.
//!
//! Hides names, files and spellings: the rest of the server sees typed values. Strict on purpose
//! (security.md D36): a name nobody knows, half a channel or an open door to the network stops the
//! start with one line each, because a server that guesses is found wrong months later.

pub mod bech32;
mod posture;
mod values;
mod variables;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use lettre::message::Mailbox;
use url::Url;
use zeroize::Zeroizing;

pub use bech32::Recipient;
use variables::Variables;
pub use variables::{NAMES, PREFIX, SECRET_NAMES};

/// As long as a balancer looks at `/readyz` once or twice.
const STOP_DELAY: Duration = Duration::from_secs(5);

/// Everything that can be set, with its defaults filled in.
#[derive(Debug, Clone)]
pub struct Config {
    pub bind: SocketAddr,
    /// The origin of every link that is sent, and of the Origin check.
    pub public_url: Url,
    pub data_dir: PathBuf,
    pub database: DatabaseUrl,
    pub key_file: PathBuf,
    pub sms: Option<SmsConfig>,
    pub mail: Option<MailConfig>,
    /// Whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// What a mail server shows that hands over what came in; nothing is taken without one.
    pub mail_hook_secret: Option<Secret>,
    pub delivery: DeliveryConfig,
    pub log: LogConfig,
    pub limits: Limits,
    /// Who can open backups.
    pub backup_recipients: Vec<Recipient>,
    /// Where metrics are asked for; nowhere when absent.
    pub metrics_bind: Option<SocketAddr>,
    /// How long a server that shall stop still answers, so that balancers see that it is not ready.
    pub stop_delay: Duration,
    /// For `admin bootstrap` alone.
    pub admin_password: Option<Secret>,
    public_url_follows_bind: bool,
}

#[derive(Debug, Clone)]
pub enum DatabaseUrl {
    Sqlite(PathBuf),
    /// The whole URL: it may hold a password.
    Postgres(Secret),
}

/// A gateway that speaks Twilio's REST wire format.
#[derive(Debug, Clone)]
pub struct SmsConfig {
    pub url: Url,
    pub account_sid: String,
    pub auth_token: Secret,
    pub from: String,
}

#[derive(Debug, Clone)]
pub struct MailConfig {
    pub smtp_url: SmtpUrl,
    pub from: Mailbox,
}

/// Where mail is handed over. It may hold a password.
#[derive(Debug, Clone)]
pub struct SmtpUrl {
    pub security: SmtpSecurity,
    url: Secret,
}

/// A mail server as it is spoken to.
pub struct SmtpTarget {
    pub host: String,
    pub port: u16,
    pub username: Option<String>,
    pub password: Option<Secret>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// `smtp://`, to this machine only.
    Plain,
    /// `smtp+starttls://`; never falls back to plain.
    StartTls,
    /// `smtps://`.
    Tls,
}

#[derive(Debug, Clone)]
pub struct DeliveryConfig {
    /// How long to wait before each try; the last one repeats.
    pub schedule: Vec<Duration>,
    /// How long a worker owns a delivery.
    pub lease: Duration,
    /// How long the gateway's callback is waited for after a try that it did not answer.
    pub callback_wait: Duration,
}

impl DeliveryConfig {
    /// How long the schedule waits after a first failure.
    pub fn first_pause(&self) -> Duration {
        let pause = self.schedule.get(1).or(self.schedule.last()).copied().unwrap_or_default();
        pause.clamp(Duration::from_millis(100), Duration::from_secs(30))
    }
}

#[derive(Debug, Clone)]
pub struct LogConfig {
    pub filter: String,
    pub format: LogFormat,
}

/// How long a connection may take for its parts (security.md D34). Nobody sets them but tests.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// From the first byte of a request to the end of its head.
    pub head: Duration,
    /// Between two requests.
    pub keep_alive: Duration,
    /// For a body, from its head on.
    pub body: Duration,
    /// How long what was written may lie unread at the other end.
    pub write: Duration,
    /// At once, per process.
    pub connections: usize,
    /// Calls in a minute that a network may make before anybody is known, per process.
    pub strangers: NonZeroU32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// A text that does not print itself and is wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

/// Why the server does not start: one line per mistake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct ConfigError(pub Vec<String>);

impl Config {
    pub fn from_env() -> Result<Self, ConfigError> {
        // Lossy: a value that is not UTF-8 is then refused by whatever parses it.
        Self::from_pairs(
            std::env::vars_os().map(|(name, value)| {
                (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned())
            }),
        )
    }

    /// Names without the prefix are others' and are not looked at.
    pub fn from_pairs<N, V>(pairs: impl IntoIterator<Item = (N, V)>) -> Result<Self, ConfigError>
    where
        N: Into<String>,
        V: Into<String>,
    {
        let mut variables =
            Variables::read(pairs.into_iter().map(|(name, value)| (name.into(), value.into())));
        let bind = variables
            .parsed("BIND", values::socket)
            .unwrap_or(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080));
        let public_url = variables.parsed("PUBLIC_URL", values::public_url);
        if public_url.is_none() && !bind.ip().is_loopback() {
            variables.refuse("PUBLIC_URL", "is needed when SEALPOST_BIND is not a loopback address");
        }
        let data_dir = variables.text("DATA_DIR").map_or_else(|| PathBuf::from("./data"), PathBuf::from);
        let database = variables
            .parsed("DATABASE_URL", values::database_url)
            .unwrap_or_else(|| DatabaseUrl::Sqlite(data_dir.join("sealpost.db")));
        let key_file = variables.text("KEY_FILE").map_or_else(|| data_dir.join("master.key"), PathBuf::from);
        let config = Self {
            bind,
            public_url_follows_bind: public_url.is_none(),
            public_url: public_url.map_or_else(|| values::loopback_url(bind.port()), Ok)?,
            data_dir,
            database,
            key_file,
            sms: sms(&mut variables),
            mail: mail(&mut variables),
            trusted_proxies: variables.parsed("TRUSTED_PROXIES", values::networks).unwrap_or_default(),
            mail_hook_secret: variables.parsed("MAIL_HOOK_SECRET", values::hook_secret),
            delivery: delivery(&mut variables),
            log: log(&mut variables),
            limits: Limits::default(),
            backup_recipients: variables.parsed("BACKUP_RECIPIENTS", values::recipients).unwrap_or_default(),
            metrics_bind: metrics_bind(&mut variables, bind),
            stop_delay: variables.parsed("STOP_DELAY", values::stop_delay).unwrap_or(STOP_DELAY),
            admin_password: variables.parsed("ADMIN_PASSWORD", values::secret),
        };
        variables.finish(config)
    }

    /// Moves the address to listen on, and with it the public URL that was never set: a demo on another
    /// port, a test on a port that the system picked.
    pub fn bind_to(&mut self, bind: SocketAddr) {
        self.bind = bind;
        if self.public_url_follows_bind
            && let Ok(url) = values::loopback_url(bind.port())
        {
            self.public_url = url;
        }
    }

    /// The public URL without a slash at its end, ready for a path.
    pub fn origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }

    /// Cookies are `Secure`, and HSTS is sent.
    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }
}

/// Whether a URL leads to this computer.
pub fn is_loopback(url: &Url) -> bool {
    values::is_loopback(url)
}

/// Metrics are for whoever runs the server: never where the public comes in.
fn metrics_bind(variables: &mut Variables, public: SocketAddr) -> Option<SocketAddr> {
    let metrics = variables.parsed("METRICS_BIND", values::socket)?;
    let everywhere = metrics.ip().is_unspecified() || public.ip().is_unspecified();
    if metrics.port() == public.port() && (everywhere || metrics.ip() == public.ip()) {
        variables.refuse(
            "METRICS_BIND",
            "must not be where SEALPOST_BIND listens: metrics are not for the public",
        );
    }
    Some(metrics)
}

fn sms(variables: &mut Variables) -> Option<SmsConfig> {
    let url = variables.parsed("SMS_URL", values::gateway_url);
    let account_sid = variables.text("SMS_ACCOUNT_SID");
    let auth_token = variables.parsed("SMS_AUTH_TOKEN", values::secret);
    let from = variables.text("SMS_FROM");
    variables.together(&["SMS_URL", "SMS_ACCOUNT_SID", "SMS_AUTH_TOKEN", "SMS_FROM"]);
    Some(SmsConfig { url: url?, account_sid: account_sid?, auth_token: auth_token?, from: from? })
}

fn mail(variables: &mut Variables) -> Option<MailConfig> {
    let smtp_url = variables.parsed("SMTP_URL", values::smtp_url);
    let from = variables.parsed("MAIL_FROM", values::mailbox);
    variables.together(&["SMTP_URL", "MAIL_FROM"]);
    Some(MailConfig { smtp_url: smtp_url?, from: from? })
}

fn delivery(variables: &mut Variables) -> DeliveryConfig {
    let defaults = DeliveryConfig::default();
    DeliveryConfig {
        schedule: variables.parsed("DELIVERY_SCHEDULE", values::schedule).unwrap_or(defaults.schedule),
        lease: variables.parsed("DELIVERY_LEASE", values::lease).unwrap_or(defaults.lease),
        callback_wait: variables
            .parsed("DELIVERY_CALLBACK_WAIT", values::callback_wait)
            .unwrap_or(defaults.callback_wait),
    }
}

fn log(variables: &mut Variables) -> LogConfig {
    let defaults = LogConfig::default();
    LogConfig {
        filter: variables.parsed("LOG", values::log_filter).unwrap_or(defaults.filter),
        format: variables.parsed("LOG_FORMAT", values::log_format).unwrap_or(defaults.format),
    }
}

impl Default for DeliveryConfig {
    fn default() -> Self {
        let schedule = [0, 10, 30, 120, 600, 1_800, 3_600, 7_200, 14_400];
        Self {
            schedule: schedule.into_iter().map(Duration::from_secs).collect(),
            lease: Duration::from_secs(60),
            callback_wait: Duration::from_secs(20),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        let [head, keep_alive, body, write] = [5, 15, 15, 30].map(Duration::from_secs);
        let strangers = NonZeroU32::MIN.saturating_add(599);
        Self { head, keep_alive, body, write, connections: 10_000, strangers }
    }
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { filter: "info".to_owned(), format: LogFormat::Text }
    }
}

impl SmsConfig {
    /// By the rules of the environment's values. The error is the part that is wrong and the rest of a sentence.
    pub fn checked(
        url: &str,
        account_sid: &str,
        auth_token: &str,
        from: &str,
    ) -> Result<Self, (&'static str, String)> {
        let url = values::gateway_url(url.trim()).map_err(|reason| ("url", reason))?;
        let account_sid = values::path_segment(account_sid).map_err(|reason| ("account_sid", reason))?;
        let auth_token = values::word(auth_token).map_err(|reason| ("auth_token", reason))?;
        let from = values::line(from).map_err(|reason| ("from", reason))?;
        Ok(Self { url, account_sid, auth_token: Secret::new(auth_token), from })
    }
}

impl MailConfig {
    /// By the rules of the environment's values. The error is the part that is wrong and the rest of a sentence.
    pub fn checked(parts: &SmtpParts<'_>, from: &str) -> Result<Self, (&'static str, String)> {
        let smtp_url = values::smtp_parts(parts)?;
        let from = values::mailbox(from.trim()).map_err(|reason| ("from", reason))?;
        Ok(Self { smtp_url, from })
    }
}

/// A mail server in parts.
pub struct SmtpParts<'a> {
    pub host: &'a str,
    pub port: u16,
    pub security: SmtpSecurity,
    pub username: Option<&'a str>,
    pub password: Option<&'a str>,
}

impl SmtpUrl {
    /// Where it leads, and as whom; without the password.
    pub fn target(&self) -> Option<SmtpTarget> {
        let url = Url::parse(self.url.expose()).ok()?;
        let port = url.port().unwrap_or(match self.security {
            SmtpSecurity::Plain => 25,
            SmtpSecurity::StartTls => 587,
            SmtpSecurity::Tls => 465,
        });
        let decoded = |text: &str| values::percent_decoded(text);
        Some(SmtpTarget {
            host: url.host_str()?.trim_matches(['[', ']']).to_owned(),
            port,
            username: Some(url.username()).filter(|name| !name.is_empty()).map(decoded),
            password: url.password().map(|password| Secret::new(decoded(password))),
        })
    }

    /// In the form that lettre reads.
    pub fn expose(&self) -> &str {
        self.url.expose()
    }
}

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The one way out.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests;
