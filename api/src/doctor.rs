//! What is missing or wrong with this installation, and what to do, in words. Looks, sends nothing and changes
//! nothing: the database is opened for reading alone. Works with and without a running server.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sealpost_shared::channels::ChannelFault;

use crate::backup;
use crate::channels::{self, Stored, StoredChannels};
use crate::clock::{Clock as _, SLACK, SystemClock, differ};
use crate::config::{Config, DatabaseUrl, MailConfig, SmsConfig, is_loopback};
use crate::db::Db;
use crate::entities::{clock_mark, organization, user};
use crate::secrets::{self, KeyRing};

const PATIENCE: Duration = Duration::from_secs(8);
const FREE_PERCENT: u64 = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Fine,
    /// Worth knowing; nothing is broken.
    Note,
    Wrong,
}

/// One line of the report.
#[derive(Debug)]
pub struct Line {
    pub mark: Mark,
    pub text: String,
}

impl Line {
    fn fine(text: impl Into<String>) -> Self {
        Self { mark: Mark::Fine, text: text.into() }
    }

    fn note(text: impl Into<String>) -> Self {
        Self { mark: Mark::Note, text: text.into() }
    }

    fn wrong(text: impl Into<String>) -> Self {
        Self { mark: Mark::Wrong, text: text.into() }
    }
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mark = match self.mark {
            Mark::Fine => "✓",
            Mark::Note => "!",
            Mark::Wrong => "✗",
        };
        write!(f, "{mark} {}", self.text)
    }
}

/// The whole report. The environment was read already: it is the first line.
pub async fn examine(config: &Config) -> Vec<Line> {
    let mut lines = vec![Line::fine("Environment: every setting is known and has a value that can be used.")];
    lines.push(folder(&config.data_dir));
    let ring = key_file(config, &mut lines);
    let db = database(config, ring.as_ref(), &mut lines).await;
    lines.push(address(config));
    let stored = match (&db, &ring) {
        (Some(db), Some(ring)) => channels::stored_channels(db, ring).await,
        _ => StoredChannels::default(),
    };
    if let Some(db) = db {
        db.close().await;
    }
    channels_of(config, stored, &mut lines).await;
    lines.push(server(config).await);
    lines.push(disk(config));
    lines.push(backups(config));
    lines
}

fn backups(config: &Config) -> Line {
    let key = "Keep a copy of the key file apart from them: one is worth nothing without the other.";
    if config.backup_recipients.is_empty() {
        return Line::note(format!(
            "Backups: `sealpost backup` can make none until SEALPOST_BACKUP_RECIPIENTS is set. {key}"
        ));
    }
    let count = config.backup_recipients.len();
    Line::note(format!("Backups: `sealpost backup FILE` writes for {count} keys. {key}"))
}

fn folder(path: &Path) -> Line {
    match std::fs::metadata(path) {
        Err(_) => Line::note(format!(
            "Data directory: {} is not there yet; the first start makes it.",
            path.display()
        )),
        Ok(found) if !found.is_dir() => {
            Line::wrong(format!("Data directory: {} is not a directory.", path.display()))
        }
        Ok(found) if found.permissions().mode() & 0o007 != 0 => Line::note(format!(
            "Data directory: everybody on this computer can look into {0}. Run: chmod 700 {0}",
            path.display()
        )),
        Ok(_) => Line::fine(format!("Data directory: {}", path.display())),
    }
}

fn key_file(config: &Config, lines: &mut Vec<Line>) -> Option<KeyRing> {
    let path = config.key_file.display();
    let Ok(found) = std::fs::metadata(&config.key_file) else {
        let fresh = matches!(&config.database, DatabaseUrl::Sqlite(file) if !file.exists());
        lines.push(if fresh {
            Line::note(format!("Key file: {path} is not there yet; the first start makes it."))
        } else {
            Line::wrong(format!(
                "Key file: {path} is missing. Bring it back: the database cannot be read without it."
            ))
        });
        return None;
    };
    let open_to_others = found.permissions().mode() & 0o077 != 0;
    match KeyRing::load(&config.key_file, false) {
        Ok((ring, _)) => {
            lines.push(if open_to_others {
                Line::wrong(format!("Key file: others on this computer can read it. Run: chmod 600 {path}"))
            } else {
                Line::fine(format!("Key file: {path} can be read."))
            });
            Some(ring)
        }
        Err(error) => {
            lines.push(Line::wrong(format!("Key file: {error:#}. Bring the right one back.")));
            None
        }
    }
}

/// The database, when it has tables.
async fn database(config: &Config, ring: Option<&KeyRing>, lines: &mut Vec<Line>) -> Option<Db> {
    if let DatabaseUrl::Sqlite(path) = &config.database
        && !path.exists()
    {
        let path = path.display();
        lines.push(Line::note(format!("Database: {path} is not there yet; the first start makes it.")));
        return None;
    }
    let db = match Db::open_to_look(&config.database).await {
        Ok(db) => db,
        Err(_) => {
            lines.push(Line::wrong(
                "Database: it cannot be opened. Check SEALPOST_DATABASE_URL, that the server runs, and the password.",
            ));
            return None;
        }
    };
    match db.pending_migrations().await {
        Ok(0) => lines.push(Line::fine("Database: it answers, and its tables are those of this version.")),
        Ok(count) => {
            lines.push(Line::note(format!(
                "Database: {count} changes to its tables wait; the next start makes them."
            )));
        }
        Err(_) => {
            lines.push(Line::note("Database: it has no tables yet; the first start makes them."));
            return None;
        }
    }
    if let Some(fault) = wall(&db).await {
        lines.push(fault);
        db.close().await;
        return None;
    }
    if let Some(ring) = ring {
        lines.push(match secrets::keys_belong(&db, ring).await {
            Ok(true) => Line::fine("Keys: the key file belongs to this database."),
            Ok(false) => {
                Line::wrong("Keys: the key file is not the one this database was made with. Bring that back.")
            }
            Err(_) => Line::wrong("Keys: the database does not say which key file it was made with."),
        });
    }
    lines.push(setup(&db).await);
    lines.extend(parked(&db).await);
    lines.push(clock(&db, SystemClock.now()).await);
    Some(db)
}

async fn mark_of(db: &Db) -> Result<Option<DateTime<Utc>>, sea_orm::DbErr> {
    clock_mark::get(&db.before_organization().read().await?).await
}

/// What is over stays over: a clock that was set back is held at the latest time that was seen (security.md D19).
async fn clock(db: &Db, now: DateTime<Utc>) -> Line {
    let words = |time: DateTime<Utc>| time.format("%Y-%m-%d %H:%M UTC");
    match (mark_of(db).await, db.clock().await) {
        (Ok(Some(mark)), _) if mark - now > SLACK => Line::wrong(format!(
            "Clock: this computer shows {}, but it was {} already. Set the clock right. If it is right now and was \
             wrong then, stop the servers and run: sealpost admin accept-clock",
            words(now),
            words(mark)
        )),
        (_, Ok(Some(theirs))) if differ(now, theirs) => Line::wrong(format!(
            "Clock: this computer shows {}, the database's {}. Set both by NTP.",
            words(now),
            words(theirs)
        )),
        (Ok(_), Ok(_)) => Line::fine(format!("Clock: it shows {} and did not go back.", words(now))),
        _ => Line::note("Clock: the database does not say how far it had come."),
    }
}

/// Without it the roles by which everything is read are missing, so that nothing else can be told.
async fn wall(db: &Db) -> Option<Line> {
    let faults = match db.wall_faults().await {
        Ok(faults) if faults.is_empty() => return None,
        Ok(faults) => faults.join("; "),
        Err(_) => "the database does not say".to_owned(),
    };
    Some(Line::wrong(format!(
        "Database: row-level security is not in force: {faults}. The next start puts it up, if its user may make \
         roles; docs/operate.md says what a database administrator runs otherwise."
    )))
}

async fn setup(db: &Db) -> Line {
    let link = "Start `sealpost serve`: it prints a link.";
    let unreadable = || Line::wrong("Setup: the organizations cannot be read.");
    let Ok(db) = db.before_organization().read().await else { return unreadable() };
    match organization::first(&db).await {
        Ok(Some(first)) => match user::has_admin_with_password(&db, first.id).await {
            Ok(true) => Line::fine("Setup: an admin can sign in."),
            Ok(false) => Line::note(format!("Setup: no admin has a password yet. {link}")),
            Err(_) => Line::wrong("Setup: the accounts cannot be read."),
        },
        Ok(None) => Line::note(format!("Setup: nothing is set up yet. {link}")),
        Err(_) => unreadable(),
    }
}

/// What a restore held back (security.md D35).
async fn parked(db: &Db) -> Option<Line> {
    match backup::count_parked(db).await {
        Ok(0) | Err(_) => None,
        Ok(count) => Some(Line::wrong(format!(
            "Restored: {count} notices wait for review since the restore. Decide: sealpost admin release --send, or \
             --drop"
        ))),
    }
}

fn address(config: &Config) -> Line {
    let origin = config.origin();
    if is_loopback(&config.public_url) {
        return Line::note(format!(
            "Public URL: {origin} leads to this computer alone. For clients set SEALPOST_PUBLIC_URL=https://…"
        ));
    }
    Line::fine(format!("Public URL: {origin}"))
}

/// What counts now: the environment's settings, else those stored at the desk.
async fn channels_of(config: &Config, stored: StoredChannels, lines: &mut Vec<Line>) {
    lines.push(match (&config.sms, stored.sms) {
        (Some(sms), _) => sms_line("Texts", sms).await,
        (None, Stored::Settings(sms)) => sms_line("Texts (set up at the desk)", &sms).await,
        (None, other) => without("Texts", "SEALPOST_SMS_URL", &other),
    });
    lines.push(match (&config.mail, stored.email) {
        (Some(mail), _) => email_line("Email", mail).await,
        (None, Stored::Settings(mail)) => email_line("Email (set up at the desk)", &mail).await,
        (None, other) => without("Email", "SEALPOST_SMTP_URL", &other),
    });
}

async fn sms_line(what: &str, sms: &SmsConfig) -> Line {
    match channels::look_at_sms(sms, PATIENCE).await {
        Ok(true) => Line::fine(format!("{what}: the service answers and knows our account.")),
        Ok(false) => {
            Line::note(format!("{what}: the service answers, but does not say whether it knows our account."))
        }
        Err(fault) => silent(what, fault),
    }
}

async fn email_line(what: &str, mail: &MailConfig) -> Line {
    match channels::look_at_email(mail, PATIENCE).await {
        Ok(()) => Line::fine(format!("{what}: the mail server answers and lets us in.")),
        Err(fault) => silent(what, fault),
    }
}

fn silent(what: &str, (_, detail): (ChannelFault, String)) -> Line {
    Line::wrong(format!("{what}: {detail}"))
}

fn without<T>(what: &str, name: &str, stored: &Stored<T>) -> Line {
    match stored {
        Stored::Unreadable => Line::wrong(format!(
            "{what}: what was set up at the desk cannot be read with this key file. Set it up anew."
        )),
        _ => Line::note(format!(
            "{what}: nothing is set up. Set {name}, or set it up at the desk, in the settings."
        )),
    }
}

async fn server(config: &Config) -> Line {
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(5)).build();
    let Ok(client) = client else { return Line::wrong("Server: this computer cannot make HTTP calls.") };
    match client.get(format!("http://{}/readyz", config.bind)).send().await {
        Err(_) => Line::note(format!("Server: none answers on {}. Start it: sealpost serve", config.bind)),
        Ok(answer) if answer.status().is_success() => {
            Line::fine(format!("Server: it answers on {} and is ready, its worker too.", config.bind))
        }
        Ok(answer) => {
            let said = answer.json::<serde_json::Value>().await.unwrap_or_default();
            let checks = said["checks"].as_array().cloned().unwrap_or_default();
            let failed =
                checks.iter().filter_map(|check| check["detail"].as_str()).collect::<Vec<_>>().join("; ");
            Line::wrong(format!("Server: it answers on {} and is not ready: {failed}.", config.bind))
        }
    }
}

fn disk(config: &Config) -> Line {
    let folder = if config.data_dir.exists() { config.data_dir.as_path() } else { Path::new(".") };
    match (fs4::available_space(folder), fs4::total_space(folder)) {
        (Ok(free), Ok(total)) if free < total / 100 * FREE_PERCENT => Line::wrong(format!(
            "Disk: less than {FREE_PERCENT} % is free. Make room: messages cannot be stored on a full disk."
        )),
        (Ok(free), Ok(_)) => Line::fine(format!("Disk: {} MB are free.", free / 1_000_000)),
        _ => Line::note("Disk: the file system does not say how much room is left."),
    }
}
