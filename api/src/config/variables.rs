//! The names, where a value comes from (the variable or the file it points to), and the list of
//! mistakes that grows until every value was looked at.

use std::collections::BTreeMap;

use super::ConfigError;

/// What every name starts with.
pub const PREFIX: &str = "SEALPOST_";

/// Every name, without the prefix.
pub const NAMES: &[&str] = &[
    "BIND",
    "PUBLIC_URL",
    "DATA_DIR",
    "DATABASE_URL",
    "KEY_FILE",
    "SMS_URL",
    "SMS_ACCOUNT_SID",
    "SMS_AUTH_TOKEN",
    "SMS_FROM",
    "SMTP_URL",
    "MAIL_FROM",
    "MAIL_HOOK_SECRET",
    "TRUSTED_PROXIES",
    "DELIVERY_SCHEDULE",
    "DELIVERY_LEASE",
    "BACKUP_RECIPIENTS",
    "METRICS_BIND",
    "STOP_DELAY",
    "DELIVERY_CALLBACK_WAIT",
    "LOG",
    "LOG_FORMAT",
    "ADMIN_PASSWORD",
];

/// Those that can also be given as a file: `SEALPOST_…_FILE`.
pub const SECRET_NAMES: &[&str] =
    &["DATABASE_URL", "SMS_AUTH_TOKEN", "SMTP_URL", "MAIL_HOOK_SECRET", "ADMIN_PASSWORD"];

pub(super) struct Variables {
    values: BTreeMap<&'static str, String>,
    mistakes: Vec<String>,
}

impl Variables {
    pub(super) fn read(pairs: impl Iterator<Item = (String, String)>) -> Self {
        let mut variables = Self { values: BTreeMap::new(), mistakes: Vec::new() };
        for (full_name, value) in pairs {
            let Some(name) = full_name.strip_prefix(PREFIX) else { continue };
            // Compose files set what is unset to nothing.
            if value.trim().is_empty() {
                continue;
            }
            if let Some(name) = NAMES.iter().find(|known| **known == name) {
                variables.set(name, value.trim().to_owned());
            } else if let Some(name) = secret_of_file(name) {
                variables.set_from_file(name, &value);
            } else {
                variables.mistakes.push(unknown(&full_name, name));
            }
        }
        variables
    }

    fn set(&mut self, name: &'static str, value: String) {
        if self.values.insert(name, value).is_some() {
            self.refuse(name, &format!("and {PREFIX}{name}_FILE are both set; keep one"));
        }
    }

    fn set_from_file(&mut self, name: &'static str, path: &str) {
        match std::fs::read_to_string(path.trim()) {
            Ok(text) if text.trim().is_empty() => {
                self.mistakes.push(format!("{PREFIX}{name}_FILE points to an empty file"));
            }
            Ok(text) => self.set(name, text.trim().to_owned()),
            Err(error) => {
                self.mistakes.push(format!("{PREFIX}{name}_FILE cannot be read: {error}"));
            }
        }
    }

    pub(super) fn text(&self, name: &'static str) -> Option<String> {
        debug_assert!(NAMES.contains(&name), "{name} is not in the list");
        self.values.get(name).cloned()
    }

    /// A reason is what follows the name in the sentence, and never holds the value: it may be a secret.
    pub(super) fn parsed<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        match parse(&self.text(name)?) {
            Ok(value) => Some(value),
            Err(reason) => {
                self.refuse(name, &reason);
                None
            }
        }
    }

    pub(super) fn refuse(&mut self, name: &str, reason: &str) {
        self.mistakes.push(format!("{PREFIX}{name} {reason}"));
    }

    /// All of them or none: half a channel would be found out by the first patient.
    pub(super) fn together(&mut self, names: &[&'static str]) {
        let (set, missing): (Vec<_>, Vec<_>) =
            names.iter().partition(|name| self.values.contains_key(**name));
        if let Some(first) = set.first() {
            for name in missing {
                self.refuse(name, &format!("is needed beside {PREFIX}{first}"));
            }
        }
    }

    pub(super) fn finish<T>(self, config: T) -> Result<T, ConfigError> {
        if self.mistakes.is_empty() { Ok(config) } else { Err(ConfigError(self.mistakes)) }
    }
}

fn secret_of_file(name: &str) -> Option<&'static str> {
    let name = name.strip_suffix("_FILE")?;
    SECRET_NAMES.iter().copied().find(|secret| *secret == name)
}

fn unknown(full_name: &str, name: &str) -> String {
    let nearest = NAMES.iter().map(|known| (distance(name, known), known)).min();
    match nearest {
        Some((steps, known)) if steps <= 3 => {
            format!("{full_name} is not a setting; did you mean {PREFIX}{known}?")
        }
        _ => format!("{full_name} is not a setting"),
    }
}

/// How many letters to add, drop or change to get from one word to the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for j in 0..to.len() {
            let change = diagonal + usize::from(letter != to[j]);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}
