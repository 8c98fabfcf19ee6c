//! How safe the installation is set up, in a few lines that `serve` prints (security.md D36). Nothing secret.

use url::Url;

use super::{Config, DatabaseUrl, SmtpSecurity, is_loopback};

impl Config {
    pub fn posture(&self) -> Vec<String> {
        let address = match (self.is_https(), is_loopback(&self.public_url)) {
            (true, _) => "https; cookies are Secure, browsers stay on https",
            (false, true) => "http, this computer alone",
            (false, false) => "http",
        };
        let proxies: Vec<_> = self.trusted_proxies.iter().map(ToString::to_string).collect();
        let proxies = match proxies.is_empty() {
            true => "no proxy; X-Forwarded-For is ignored".to_owned(),
            false => format!("X-Forwarded-For of {}", proxies.join(", ")),
        };
        vec![
            format!("links        {} ({address})", self.origin()),
            format!("listens on   {} (trusts {proxies})", self.bind),
            format!("database     {}", self.database_in_words()),
            format!("key file     {}", self.key_file.display()),
            format!("texts        {}", self.texts_in_words()),
            format!("email        {}", self.mail_in_words()),
        ]
    }

    fn database_in_words(&self) -> String {
        match &self.database {
            DatabaseUrl::Sqlite(path) => format!("SQLite, {}", path.display()),
            DatabaseUrl::Postgres(url) => {
                let url = Url::parse(url.expose()).ok();
                let mode = url.as_ref().and_then(|url| {
                    url.query_pairs().find(|(name, _)| name == "sslmode").map(|(_, mode)| mode.into_owned())
                });
                let host = url.as_ref().and_then(Url::host_str).unwrap_or("a socket").to_owned();
                match mode.as_deref() {
                    Some("verify-full" | "verify-ca" | "require") => {
                        format!("PostgreSQL on {host}, over TLS")
                    }
                    _ => format!("PostgreSQL on {host}, TLS not demanded (sslmode=verify-full demands it)"),
                }
            }
        }
    }

    fn texts_in_words(&self) -> String {
        match &self.sms {
            Some(sms) => format!("{}, from the environment", sms.url.host_str().unwrap_or_default()),
            None => "as set at the desk".to_owned(),
        }
    }

    fn mail_in_words(&self) -> String {
        let Some(mail) = &self.mail else { return "as set at the desk".to_owned() };
        let host = mail.smtp_url.target().map(|target| target.host).unwrap_or_default();
        let how = match mail.smtp_url.security {
            SmtpSecurity::Plain => "in the clear, on this computer",
            SmtpSecurity::StartTls => "STARTTLS, never without",
            SmtpSecurity::Tls => "TLS",
        };
        format!("{host}, {how}, from the environment")
    }
}
