//! Sealpost on one computer, with nothing to configure: a practice with a past, and an outbox that
//! catches every text and email.

mod banner;
mod clock;
mod other_side;
mod outbox;
pub mod routes;
mod seed;

use sealpost_shared::contacts::ContactQuery;
use sealpost_shared::conversations::Direction;
use sealpost_shared::page::PageQuery;

use crate::auth::Caller;
use crate::delivery::worker;
use crate::entities::user;
use crate::journal::Actor;
use crate::problem::{Result, not_found};
use crate::state::State;
use crate::{api_keys, contacts, conversations, staff};

pub use banner::{Banner, print};
pub use clock::StoryClock;
pub use outbox::Outbox;

/// Makes the practice unless the data are those of an earlier run, and the links of this one. Before the
/// server and its worker start: the clock is in the past meanwhile.
pub async fn prepare(state: &State, clock: &StoryClock, outbox: &Outbox) -> Result<Banner> {
    if admin(state).await?.is_none() {
        seed::seed(state, clock, outbox).await?;
    }
    let caller = caller(state).await?;
    let admin = caller.actor.user().ok_or_else(not_found)?;
    let name = "Demo".parse().map_err(crate::problem::Problem::internal)?;
    let (staff_token, api_key) = state
        .db
        .of(caller.organization)
        .write(async |tx| {
            let token = staff::create_one_time_sign_in(state, tx, caller.organization, admin).await?;
            let key = api_keys::make_first(state, tx, caller.organization, &name, "spk_test_").await?;
            Ok((token, key))
        })
        .await?;
    let patient_token = patient_token(state, &caller, outbox).await?;
    Ok(Banner { origin: state.config.origin(), staff_token, patient_token, api_key })
}

/// The practice's first admin: whom the banner signs in, and as whom the demo looks things up.
async fn caller(state: &State) -> Result<Caller> {
    let admin = admin(state).await?.ok_or_else(not_found)?;
    Ok(Caller {
        organization: admin.organization_id,
        actor: Actor::Staff(admin.id),
        name: admin.name,
        role: admin.role,
        session: None,
    })
}

async fn admin(state: &State) -> Result<Option<user::Model>> {
    let db = state.db.before_organization().read().await?;
    Ok(user::find_active_by_email(&db, seed::ADMIN_EMAIL).await?)
}

/// The link that arrived; of an earlier run's data none did, so another is sent.
async fn patient_token(state: &State, caller: &Caller, outbox: &Outbox) -> Result<Option<String>> {
    let query = ContactQuery { q: Some(seed::PATIENT.to_owned()), ..ContactQuery::default() };
    let Some(patient) = contacts::service::list(state, caller, query).await?.data.pop() else {
        return Ok(None);
    };
    let addresses =
        [patient.phone.as_ref().map(|it| it.as_str()), patient.email.as_ref().map(|it| it.as_str())];
    if let Some(token) = newest_token(outbox, &addresses) {
        return Ok(Some(token));
    }
    let history =
        conversations::service::list_of_contact(state, caller, patient.id, PageQuery::default()).await?;
    let newest =
        history.data.iter().find(|message| message.secure && message.direction == Direction::Outbound);
    let Some(newest) = newest else { return Ok(None) };
    conversations::service::resend(state, caller, newest.id, None).await?;
    worker::run_until_idle(state).await?;
    Ok(newest_token(outbox, &addresses))
}

/// The token of the newest link that was caught for one of these addresses.
fn newest_token(outbox: &Outbox, addresses: &[Option<&str>]) -> Option<String> {
    let items = outbox.items();
    let arrived = items.iter().filter(|item| addresses.contains(&Some(item.to.as_str())));
    arrived.filter_map(|item| token_in(&item.body)).next()
}

fn token_in(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("/m#")?;
    Some(rest.chars().take_while(char::is_ascii_alphanumeric).collect())
}
