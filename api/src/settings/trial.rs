//! "Send a test to myself": a real secure message to whoever asks for it.

use chrono::TimeDelta;
use sea_orm::DatabaseTransaction;
use sealpost_shared::contacts::{Channel, CreateContact};
use sealpost_shared::conversations::Message;
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::settings::SendTestMessage;
use sealpost_shared::text::{Email, MessageText, Phone};

use crate::auth::Caller;
use crate::contacts;
use crate::conversations;
use crate::entities::budget::{self, Limit};
use crate::entities::{contact, user};
use crate::idempotency::{Answer, IdempotencyKey, once};
use crate::journal::{Actor, Journal};
use crate::problem::{Problem, Result};
use crate::state::State;

const TESTS: Limit = Limit { scope: "test_message", times: 10, window: TimeDelta::hours(1) };
const BODY: &str = "This is a test. If you can read this, private messages from your practice arrive and open \
    as they should. You can answer it, too.";

pub async fn send_test(
    state: &State,
    caller: &Caller,
    request: SendTestMessage,
    key: Option<IdempotencyKey>,
) -> Result<Answer<Message>> {
    let wanted = wanted(state, caller, request).await?;
    once(state, caller, key.as_ref(), async |tx| {
        let organization = caller.organization.uuid();
        if !budget::charge(tx, TESTS, organization.as_bytes(), state.now()).await? {
            let seconds = TESTS.window.num_seconds().unsigned_abs();
            let detail = "ten tests an hour are enough; try again later";
            return Err(Problem::new(ProblemCode::RateLimited, detail).retry_after(seconds));
        }
        let mut journal = Journal::new(caller.organization, caller.actor, state.now());
        let contact = stand_in(state, tx, caller, &wanted, &mut journal).await?;
        let body: MessageText = BODY.parse().map_err(Problem::internal)?;
        conversations::send_securely(state, tx, caller, &contact, body, wanted.channel, journal).await
    })
    .await
}

struct Wanted {
    channel: Channel,
    phone: Option<Phone>,
    email: Option<Email>,
}

async fn wanted(state: &State, caller: &Caller, request: SendTestMessage) -> Result<Wanted> {
    let invalid = |error| Problem::field("/to", "invalid", format!("{error}"));
    let (mut phone, mut email) = (None, None);
    match (request.channel, request.to) {
        (Channel::Sms, Some(to)) => phone = Some(to.parse().map_err(invalid)?),
        (Channel::Email, Some(to)) => email = Some(to.parse().map_err(invalid)?),
        (Channel::Email, None) => {
            let own = match caller.actor {
                Actor::Staff(id) => {
                    user::find_active(
                        &state.db.of(caller.organization).read().await?,
                        caller.organization,
                        id,
                    )
                    .await?
                }
                _ => None,
            };
            let own =
                own.ok_or_else(|| Problem::field("/to", "required", "a key has no address of its own"))?;
            email = Some(own.email.parse().map_err(invalid)?);
        }
        (Channel::Sms, None) => return Err(Problem::field("/to", "required", "say which phone number")),
    }
    Ok(Wanted { channel: request.channel, phone, email })
}

/// The contact that stands for the caller, by the caller's id and by nothing else: a patient may have the
/// same phone.
async fn stand_in(
    state: &State,
    tx: &DatabaseTransaction,
    caller: &Caller,
    wanted: &Wanted,
    journal: &mut Journal,
) -> Result<contact::Model> {
    let who = caller.actor.id().map(|id| id.simple().to_string()).unwrap_or_default();
    let described = CreateContact {
        first_name: caller.name.parse().ok(),
        phone: wanted.phone.clone(),
        email: wanted.email.clone(),
        external_id: Some(format!("sealpost-test:{who}")),
        ..CreateContact::default()
    };
    contacts::put_by_external_id(state, tx, caller.organization, described, journal).await
}
