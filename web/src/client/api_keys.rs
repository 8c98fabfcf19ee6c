//! Integrators' keys.

use sealpost_shared::api_keys::{ApiKey, CreateApiKey, CreatedApiKey};
use sealpost_shared::ids::KeyId;
use sealpost_shared::page::Page;
use sealpost_shared::paths;

use super::{Answer, Empty, Method, get, query, send, send_quietly};

/// A page of them, with those that let nobody in any more.
pub async fn list(limit: u64, cursor: Option<String>) -> Answer<Page<ApiKey>> {
    let wanted = [("ended", Some("true".to_owned())), ("limit", Some(limit.to_string())), ("cursor", cursor)];
    get(&(paths::API_KEYS.to_owned() + &query(&wanted))).await
}

pub async fn create(key: &CreateApiKey) -> Answer<CreatedApiKey> {
    send(Method::Post, paths::API_KEYS, key).await
}

pub async fn revoke(id: KeyId) -> Answer<()> {
    send_quietly(Method::Delete, &format!("{}/{id}", paths::API_KEYS), &Empty {}).await
}
