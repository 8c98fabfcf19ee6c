//! Verified, read, handed on.

use sealpost_shared::contacts::Channel;
use sealpost_shared::ids::{DeliveryId, OrganizationId};
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::text::{Email, MessageText, Phone};
use url::Url;
use uuid::Uuid;

use super::mail::{self, Mail, Written};
use super::origin::owners;
use crate::channels::{self, is_signed};
use crate::config::SmsConfig;
use crate::contacts::Address;
use crate::delivery;
use crate::inbound::{self, Received, is_keyword};
use crate::problem::{Problem, Result, not_found};
use crate::state::State;

type Form = [(String, String)];

/// The longest text that a message can hold.
const TEXT_MAX: usize = 10_000;

pub async fn text_status(
    state: &State,
    path: &str,
    signature: &str,
    handle: &str,
    form: &Form,
) -> Result<()> {
    verify(state, path, signature, form).await?;
    let handle = Uuid::try_parse(handle).map_err(|_| not_found())?;
    let error = field(form, "ErrorCode").and_then(|code| code.parse().ok());
    let status = field(form, "MessageStatus").or_else(|| field(form, "SmsStatus"));
    let receipt = status.and_then(|status| channels::receipt(status, error));
    let provider_id = field(form, "MessageSid").filter(|id| channels::is_plain(id)).map(str::to_owned);
    // A word that a later version of the gateway may have says nothing to us.
    if !delivery::receive_of_text(state, handle, provider_id, receipt.as_ref()).await? {
        return Err(not_found());
    }
    Ok(())
}

pub async fn text(state: &State, path: &str, signature: &str, form: &Form) -> Result<()> {
    let config = verify(state, path, signature, form).await?;
    let required = |name: &str| {
        let missing = || Problem::field(&format!("/{name}"), "required", "is required");
        field(form, name).filter(|value| !value.is_empty()).ok_or_else(missing)
    };
    let id = required("MessageSid")?;
    if !channels::is_plain(id) {
        return Err(Problem::field("/MessageSid", "invalid", "is no id"));
    }
    let (from, to) = (required("From")?, required("To")?);
    // Who is no number, such as a network that advertises, gets no answer and is nobody's contact.
    let (Ok(from), Ok(to)) = (from.parse::<Phone>(), to.parse::<Phone>()) else { return Ok(()) };
    let body = text_of(form)?;
    let from = Address::Phone(from);
    let owners = owners(state, &from).await?;
    let received = |organization, account| Received {
        organization,
        provider: "twilio",
        account,
        message_id: id.to_owned(),
        from: from.clone(),
        to: Address::Phone(to.clone()),
        body: body.clone(),
    };
    let account = config.account_sid;
    // STOP is said to the number, and several may write from it.
    if is_keyword(Channel::Sms, body.as_str()) && owners.knowing.len() > 1 {
        for organization in &owners.knowing {
            let account = format!("{account}/{}", organization.uuid().simple());
            inbound::receive(state, &received(*organization, account)).await?;
        }
        return Ok(());
    }
    inbound::receive(state, &received(owners.reader(), account)).await.map(|_| ())
}

/// What was written; of pictures, that they came.
fn text_of(form: &Form) -> Result<MessageText> {
    // The gateway knows words of its own for STOP, and has acted on them when it says so.
    let acted = field(form, "OptOutType").filter(|word| matches!(*word, "STOP" | "START" | "HELP"));
    let written = acted.or_else(|| field(form, "Body")).unwrap_or_default();
    let files: usize = field(form, "NumMedia").and_then(|number| number.parse().ok()).unwrap_or(0);
    message(written, files)
}

fn message(written: &str, files: usize) -> Result<MessageText> {
    let note = match files {
        0 => String::new(),
        1 => "(A file came with this, which cannot be received here.)".to_owned(),
        files => format!("({files} files came with this, which cannot be received here.)"),
    };
    let room = TEXT_MAX - note.len() - 4;
    let mut text: String = written.trim().chars().take(room).collect();
    if written.trim().chars().nth(room).is_some() {
        text.push('…');
    }
    if !note.is_empty() {
        text = format!("{text}\n\n{note}");
    }
    let empty = |_| "(An empty message.)".parse::<MessageText>().map_err(Problem::internal);
    text.parse().or_else(empty)
}

async fn verify(state: &State, path: &str, signature: &str, form: &Form) -> Result<SmsConfig> {
    let refused = || Problem::new(ProblemCode::Forbidden, "the signature is not the gateway's");
    let db = state.db.before_organization().read().await?;
    let config = channels::sms_config(state, &db).await?.ok_or_else(refused)?;
    let address = Url::parse(&format!("{}{path}", state.config.origin())).map_err(|_| refused())?;
    if !is_signed(config.auth_token.expose(), &address, form, signature) {
        return Err(refused());
    }
    Ok(config)
}

fn field<'a>(form: &'a Form, name: &str) -> Option<&'a str> {
    form.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
}

pub async fn email(state: &State, raw: &[u8]) -> Result<()> {
    let ours = {
        let db = state.db.before_organization().read().await?;
        channels::mail_from(state, &db).await?
    };
    let Some(ours) = ours else { return Err(ProblemCode::Forbidden.into()) };
    match mail::read(raw, &ours) {
        Mail::CameBack { delivery, receipt } => {
            delivery::receive_of_email(state, DeliveryId::from_uuid(delivery), &receipt).await
        }
        Mail::Written(written) => answer(state, &ours, written).await,
        Mail::Automatic => {
            tracing::info!("an automatic email was left alone");
            Ok(())
        }
        Mail::Unreadable => Err(Problem::new(ProblemCode::BadRequest, "this is no email, or nobody's")),
    }
}

/// A reply says by its headers which mail it answers, and so whose it is.
async fn answer(state: &State, ours: &Email, written: Written) -> Result<()> {
    let from = Address::Email(written.from);
    let asked = match written.answers {
        Some(id) => delivery::organization_of_email(state, DeliveryId::from_uuid(id)).await?,
        None => None,
    };
    let organization: OrganizationId = match asked {
        Some(organization) => organization,
        None => owners(state, &from).await?.reader(),
    };
    let received = Received {
        organization,
        provider: "raw",
        account: ours.as_str().to_lowercase(),
        message_id: written.id,
        from,
        to: Address::Email(ours.clone()),
        body: message(&written.text, written.files)?,
    };
    inbound::receive(state, &received).await.map(|_| ())
}
