//! The endpoints about texts, one function each.

use sealpost_shared::ids::ContactId;
use sealpost_shared::paths;
use sealpost_shared::texts::{DismissTextNotice, TextSettings, TextStanding, TextUsage, UpdateTextSettings};

use super::{Answer, Method, get, send, send_quietly};

pub async fn settings() -> Answer<TextSettings> {
    get(paths::SETTINGS_TEXTS).await
}

pub async fn update(patch: &UpdateTextSettings) -> Answer<TextSettings> {
    send(Method::Patch, paths::SETTINGS_TEXTS, patch).await
}

pub async fn usage() -> Answer<TextUsage> {
    get(paths::SETTINGS_TEXTS_USAGE).await
}

/// Of 80 or of 100 per cent; not shown again this month.
pub async fn dismiss(notice: u32) -> Answer<()> {
    send_quietly(Method::Post, paths::SETTINGS_TEXTS_DISMISS, &DismissTextNotice { notice }).await
}

/// Whether a text can go to this contact now.
pub async fn standing(contact: ContactId) -> Answer<TextStanding> {
    get(&format!("{}/{contact}/texts", paths::CONTACTS)).await
}
