//! The browsers in which one is signed in.

use sealpost_shared::ids::SessionId;
use sealpost_shared::page::Page;
use sealpost_shared::paths;
use sealpost_shared::sessions::{EndedSessions, OwnSession};

use super::{Answer, Empty, Method, get, send, send_quietly};

pub async fn list() -> Answer<Page<OwnSession>> {
    get(paths::SESSIONS).await
}

pub async fn end(id: SessionId) -> Answer<()> {
    send_quietly(Method::Delete, &format!("{}/{id}", paths::SESSIONS), &Empty {}).await
}

pub async fn end_others() -> Answer<EndedSessions> {
    send(Method::Post, paths::SESSIONS_END_OTHERS, &Empty {}).await
}
