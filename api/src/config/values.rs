//! One parser per kind of value. An error is the rest of a sentence that starts with the name.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use lettre::message::Mailbox;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;
use url::{Host, Url};

use super::{ConfigError, DatabaseUrl, LogFormat, Recipient, Secret, SmtpParts, SmtpSecurity, SmtpUrl};

pub(super) fn socket(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "must be an address and a port, such as 127.0.0.1:8080".to_owned())
}

pub(super) fn loopback_url(port: u16) -> Result<Url, ConfigError> {
    let url = Url::parse(&format!("http://localhost:{port}"));
    url.map_err(|error| ConfigError(vec![error.to_string()]))
}

pub(super) fn public_url(text: &str) -> Result<Url, String> {
    let url = web_url(text)?;
    if url.path() != "/" {
        return Err("must be an origin, such as https://messages.example.org, without a path".to_owned());
    }
    if url.scheme() == "http" && !is_loopback(&url) {
        return Err("must be https; http is accepted for this computer only".to_owned());
    }
    Ok(url)
}

pub(super) fn gateway_url(text: &str) -> Result<Url, String> {
    let url = web_url(text)?;
    if url.scheme() == "http" && !is_loopback(&url) {
        return Err("must be https: phone numbers and private links travel there".to_owned());
    }
    Ok(url)
}

fn web_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|_| "must be a URL, such as https://messages.example.org")?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("must start with https://".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not hold a user name or password".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must not hold a query or a fragment".to_owned());
    }
    Ok(url)
}

pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost" || domain.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

pub(super) fn database_url(text: &str) -> Result<DatabaseUrl, String> {
    if let Some(path) = text.strip_prefix("sqlite://") {
        return if path.is_empty() || path.contains(['?', '#']) {
            Err("must be sqlite:// and the path of a file, without options".to_owned())
        } else {
            Ok(DatabaseUrl::Sqlite(PathBuf::from(path)))
        };
    }
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "postgres" | "postgresql") && url.path().len() > 1 => {
            // On this computer a database of one's own may have any; others reach one that listens.
            if let (Some(password), false) = (url.password(), url.host_str().is_some_and(is_loopback_name)) {
                secret(&percent_decoded(password))
                    .map_err(|reason| format!("holds a password that {reason}"))?;
            }
            Ok(DatabaseUrl::Postgres(Secret::new(text)))
        }
        _ => Err("must be sqlite://PATH or postgres://USER@HOST/DATABASE".to_owned()),
    }
}

pub(super) fn smtp_url(text: &str) -> Result<SmtpUrl, String> {
    let form =
        "must be smtps://HOST, smtp+starttls://HOST or smtp://localhost, with USER:PASSWORD@ if needed";
    let (scheme, rest) = text.split_once("://").ok_or(form)?;
    let (security, lettre_scheme, query) = match scheme {
        "smtp" => (SmtpSecurity::Plain, "smtp", ""),
        "smtp+starttls" => (SmtpSecurity::StartTls, "smtp", "?tls=required"),
        "smtps" => (SmtpSecurity::Tls, "smtps", ""),
        _ => return Err(form.to_owned()),
    };
    let url = Url::parse(&format!("{lettre_scheme}://{rest}")).map_err(|_| form)?;
    // `Url` reads the host of an unknown scheme as a name, an address too.
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or(form)?;
    if url.query().is_some() || url.fragment().is_some() || !matches!(url.path(), "" | "/") {
        return Err(form.to_owned());
    }
    if security == SmtpSecurity::Plain && !is_loopback_name(host) {
        return Err(
            "must be smtps:// or smtp+starttls:// unless the mail server is on this computer".to_owned()
        );
    }
    if let Some(password) = url.password() {
        secret(&percent_decoded(password)).map_err(|reason| format!("holds a password that {reason}"))?;
    }
    let url = format!("{}{query}", url.as_str().trim_end_matches('/'));
    Ok(SmtpUrl { security, url: Secret::new(url) })
}

/// The same rules for a mail server that is given in parts.
pub(super) fn smtp_parts(parts: &SmtpParts<'_>) -> Result<SmtpUrl, (&'static str, String)> {
    let host = word(parts.host).map_err(|reason| ("host", reason))?;
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    let plain_host = Url::parse(&format!("smtp://{host}:{}", parts.port));
    let whole =
        plain_host.is_ok_and(|url| url.host_str().is_some_and(|found| found.eq_ignore_ascii_case(&host)));
    if !whole || parts.port == 0 {
        return Err((
            "host",
            "must be the name or address of a mail server, such as smtp.example.org".to_owned(),
        ));
    }
    let encoded = |text: &str| {
        url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
    };
    let credentials = match (parts.username, parts.password) {
        (Some(name), Some(password)) => format!("{}:{}@", encoded(name), encoded(password)),
        (None, None) => String::new(),
        (Some(_), None) => return Err(("password", "is required beside a user name".to_owned())),
        (None, Some(_)) => return Err(("username", "is required beside a password".to_owned())),
    };
    let scheme = match parts.security {
        SmtpSecurity::Plain => "smtp",
        SmtpSecurity::StartTls => "smtp+starttls",
        SmtpSecurity::Tls => "smtps",
    };
    smtp_url(&format!("{scheme}://{credentials}{host}:{}", parts.port)).map_err(|reason| {
        match parts.security {
            SmtpSecurity::Plain => {
                ("security", "must be TLS or STARTTLS unless the mail server is on this computer".to_owned())
            }
            _ => ("host", reason),
        }
    })
}

pub(super) fn percent_decoded(text: &str) -> String {
    // A URL's own text has `%XX` and no `+` for a space.
    let query = format!("x={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(query.as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

/// One word that can stand in a URL's path or a header.
pub(super) fn word(text: &str) -> Result<String, String> {
    let text = text.trim();
    let valid = (1..=300).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if valid { Ok(text.to_owned()) } else { Err("must be one word of letters, digits and marks".to_owned()) }
}

/// What becomes part of a path, and must not lead out of it.
pub(super) fn path_segment(text: &str) -> Result<String, String> {
    let text = text.trim();
    let valid = (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if valid { Ok(text.to_owned()) } else { Err("must be letters, digits, - and _".to_owned()) }
}

/// Words that stand in examples and get copied.
const PLACEHOLDERS: [&str; 17] = [
    "a-long-passphrase-of-your-own",
    "changeme",
    "change-me",
    "change_me",
    "changeit",
    "secret",
    "password",
    "passwort",
    "default",
    "example",
    "placeholder",
    "todo",
    "xxx",
    "token",
    "admin",
    "12345678",
    "sealpost",
];

/// A secret that somebody chose, and not the one of the manual (security.md D36). What it is stays unsaid.
pub(super) fn secret(text: &str) -> Result<Secret, String> {
    let lower = text.to_ascii_lowercase();
    let marked = lower.starts_with("your-") || lower.starts_with("your_") || lower.starts_with('<');
    let word = lower.trim_end_matches(|c: char| c.is_ascii_digit() || c == '!');
    if marked || PLACEHOLDERS.contains(&word) || PLACEHOLDERS.contains(&lower.as_str()) {
        return Err("is a placeholder; set the real one".to_owned());
    }
    if text.chars().count() < SECRET_MIN {
        return Err(format!("is too short to be a secret: it has fewer than {SECRET_MIN} characters"));
    }
    Ok(Secret::new(text))
}

const SECRET_MIN: usize = 8;

/// A secret that strangers may try as often as they like: long, and such that an address can carry it.
pub(super) fn hook_secret(text: &str) -> Result<Secret, String> {
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if text.len() < 24 || !plain {
        return Err("must be at least 24 letters, digits, - or _".to_owned());
    }
    secret(text)
}

/// One line of text.
pub(super) fn line(text: &str) -> Result<String, String> {
    let text = text.trim();
    let valid = (1..=300).contains(&text.len()) && !text.chars().any(char::is_control);
    if valid { Ok(text.to_owned()) } else { Err("must be one line of text".to_owned()) }
}

fn is_loopback_name(host: &str) -> bool {
    Url::parse(&format!("http://{host}")).is_ok_and(|url| is_loopback(&url))
}

pub(super) fn mailbox(text: &str) -> Result<Mailbox, String> {
    text.parse()
        .map_err(|_| "must be an email address, such as Riverside Clinic <messages@example.org>".to_owned())
}

/// 10.0.0.0/8 and fc00::/7 are the widest that are anybody's own.
fn narrow(network: ipnet::IpNet) -> Result<ipnet::IpNet, String> {
    let widest = if network.addr().is_ipv4() { 8 } else { 7 };
    match network.prefix_len() < widest {
        true => Err("must not be everybody: then anybody says who they are".to_owned()),
        false => Ok(network),
    }
}

pub(super) fn networks(text: &str) -> Result<Vec<ipnet::IpNet>, String> {
    text.split(',')
        .map(str::trim)
        .map(|item| {
            item.parse()
                .or_else(|_| item.parse::<std::net::IpAddr>().map(ipnet::IpNet::from))
                .map_err(|_| "must be networks with commas between, such as 10.0.0.0/8,::1".to_owned())
                .and_then(narrow)
        })
        .collect()
}

pub(super) fn schedule(text: &str) -> Result<Vec<Duration>, String> {
    let schedule: Vec<Duration> =
        text.split(',').map(|item| duration(item.trim())).collect::<Result<_, _>>()?;
    let day = Duration::from_secs(86_400);
    if schedule.len() > 50 || schedule.iter().any(|delay| *delay > day) {
        return Err("must hold at most 50 delays of at most 24h each".to_owned());
    }
    Ok(schedule)
}

pub(super) fn lease(text: &str) -> Result<Duration, String> {
    let lease = duration(text)?;
    if (Duration::from_secs(1)..=Duration::from_secs(3_600)).contains(&lease) {
        Ok(lease)
    } else {
        Err("must be between 1s and 1h".to_owned())
    }
}

pub(super) fn recipients(text: &str) -> Result<Vec<Recipient>, String> {
    if text.contains("your-") {
        return Err("is a placeholder; set the real one".to_owned());
    }
    text.split(',')
        .map(|key| key.trim().parse().map_err(|reason| format!("holds a key that {reason}")))
        .collect()
}

pub(super) fn stop_delay(text: &str) -> Result<Duration, String> {
    let delay = duration(text)?;
    if delay <= Duration::from_secs(60) { Ok(delay) } else { Err("must be at most 1m".to_owned()) }
}

pub(super) fn callback_wait(text: &str) -> Result<Duration, String> {
    let wait = duration(text)?;
    if wait <= Duration::from_secs(20) { Ok(wait) } else { Err("must be 20s or less".to_owned()) }
}

/// A whole number and its unit, nothing else: `90`, `1 h`, `1h30m` and `0.5s` are guesses waiting to be
/// wrong.
fn duration(text: &str) -> Result<Duration, String> {
    let form = "must be written as 500ms, 30s, 2m, 4h or 1d";
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| form)?;
    let unit_ms: u64 = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err(form.to_owned()),
    };
    number.checked_mul(unit_ms).map(Duration::from_millis).ok_or_else(|| form.to_owned())
}

pub(super) fn log_filter(text: &str) -> Result<String, String> {
    // A bare word that is no level would be taken for the name of a module that never logs.
    let levels = text
        .split(',')
        .map(str::trim)
        .filter(|item| !item.contains(['=', '[']))
        .all(|item| item.parse::<LevelFilter>().is_ok() && item.parse::<u8>().is_err());
    if levels && EnvFilter::builder().parse(text).is_ok() {
        Ok(text.to_owned())
    } else {
        Err("must be error, warn, info, debug, trace, or such as info,sealpost_api=debug".to_owned())
    }
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err("must be text or json".to_owned()),
    }
}
