//! Integrators' keys in words: what one may do, and whether it still lets anybody in.

use chrono::{DateTime, TimeDelta, Utc};
use sealpost_shared::api_keys::{ApiKey, KeyScope};

/// With what a key may do, the least first.
pub const SCOPES: [KeyScope; 3] = [KeyScope::Read, KeyScope::Write, KeyScope::Admin];

/// So long before its end a key that lets in is marked.
const SOON: TimeDelta = TimeDelta::days(14);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    Works,
    EndsSoon,
    Over,
    Revoked,
}

pub fn key_state(key: &ApiKey, now: DateTime<Utc>) -> KeyState {
    match (key.revoked_at, key.expires_at) {
        (Some(_), _) => KeyState::Revoked,
        (None, Some(end)) if end <= now => KeyState::Over,
        (None, Some(end)) if end <= now + SOON => KeyState::EndsSoon,
        (None, _) => KeyState::Works,
    }
}

impl KeyState {
    pub const fn lets_in(self) -> bool {
        matches!(self, Self::Works | Self::EndsSoon)
    }
}

/// The words for what a key may do, and what they mean.
pub const fn scope_keys(scope: KeyScope) -> (&'static str, &'static str) {
    match scope {
        KeyScope::Read => ("api-key-read", "api-key-read-what"),
        KeyScope::Write => ("api-key-write", "api-key-write-what"),
        KeyScope::Admin => ("api-key-admin", "api-key-admin-what"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_works_until_it_is_revoked_or_over() {
        let now = "2026-11-23T12:00:00Z".parse::<DateTime<Utc>>().expect("a time");
        let key = |expires: Option<&str>, revoked: Option<&str>| {
            let key = serde_json::json!({
                "id": "key_01h455vb4pex5vsknk084sn02q", "name": "Practice software", "scope": "read",
                "created_at": "2026-01-01T00:00:00Z", "expires_at": expires, "revoked_at": revoked,
            });
            serde_json::from_value::<ApiKey>(key).expect("a key")
        };
        for (expires, revoked, state) in [
            (None, None, KeyState::Works),
            (Some("2027-11-23T12:00:00Z"), None, KeyState::Works),
            (Some("2026-12-07T12:00:00Z"), None, KeyState::EndsSoon),
            (Some("2026-12-07T12:00:01Z"), None, KeyState::Works),
            (Some("2026-11-23T12:00:00Z"), None, KeyState::Over),
            (Some("2027-11-23T12:00:00Z"), Some("2026-11-01T12:00:00Z"), KeyState::Revoked),
        ] {
            assert_eq!(key_state(&key(expires, revoked), now), state, "{expires:?} {revoked:?}");
        }
    }
}
