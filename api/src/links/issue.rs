//! Making a link: its row, its guard, and the one text that carries its token.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};
use sealpost_shared::contacts::Channel;
use sealpost_shared::ids::LinkId;
use sealpost_shared::links::{LinkLifetime, LinkOrigin};
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::settings::DefaultPinKind;

use super::lifetime::expires_at;
use super::notice::{self, check_complete, known_as};
use super::pin::{AppliedPin, DefaultSource, PinSources, applied};
use crate::contacts::weaknesses_of;
use crate::delivery::{self, Notice, Urgency};
use crate::entities::secure_messaging_settings as settings_row;
use crate::entities::{contact, delivery as delivery_row, link, link_guard, message, organization};
use crate::ids::new_id;
use crate::journal::Journal;
use crate::problem::{Problem, Result};
use crate::secrets::{ContactKey, Field, random_token};
use crate::state::State;
use crate::templates::{self, ContactFields, CustomValues};

/// Whose link it is, and what its PIN and notice are made of.
pub struct Opening<'a> {
    pub organization: &'a organization::Model,
    pub settings: &'a settings_row::Model,
    pub contact: &'a contact::Model,
    pub key: &'a ContactKey,
    /// What the templates find in the organization's own fields: `contact_fields::custom_values`.
    pub custom: &'a CustomValues,
}

impl Opening<'_> {
    /// For refusals. A number or an address is no name and stays out of them.
    pub fn contact_name(&self) -> String {
        let names = [&self.contact.first_name, &self.contact.last_name];
        let names: Vec<_> = names.into_iter().flatten().map(String::as_str).collect();
        if names.is_empty() { "this contact".to_owned() } else { names.join(" ") }
    }
}

pub struct NewLink {
    pub origin: LinkOrigin,
    pub parent: Option<LinkId>,
    pub channel: Channel,
    pub lifetime: LinkLifetime,
}

/// The PIN that opens a message's links now. Asked at every opening, so a changed PIN counts at once.
pub fn opening_of(opening: &Opening<'_>, own: Option<(String, bool)>) -> Result<AppliedPin> {
    let settings = opening.settings;
    let default = match settings.default_pin_kind {
        DefaultPinKind::None => DefaultSource::None,
        DefaultPinKind::Text => match &settings.default_pin_hash {
            Some(hash) => DefaultSource::Text(hash.clone(), settings.default_pin_digits),
            None => DefaultSource::Template(None),
        },
        DefaultPinKind::Template => DefaultSource::Template(made_pin(opening)?),
    };
    Ok(applied(PinSources {
        own,
        pins_enabled: settings.pin_enabled,
        contact: opening.contact.pin_hash.clone().map(|hash| (hash, opening.contact.pin_digits)),
        default,
    }))
}

fn made_pin(opening: &Opening<'_>) -> Result<Option<String>> {
    let contact = opening.contact;
    let id = contact.id.uuid();
    let open = |field, sealed: &Option<Vec<u8>>| {
        sealed.as_deref().map(|sealed| opening.key.open(field, id, sealed)).transpose()
    };
    let phone = open(Field::ContactPhone, &contact.sealed_phone)?;
    let email = open(Field::ContactEmail, &contact.sealed_email)?;
    let fields = ContactFields {
        first_name: contact.first_name.as_deref(),
        last_name: contact.last_name.as_deref(),
        phone: phone.as_deref(),
        email: email.as_deref(),
        external_id: contact.external_id.as_deref(),
        language: contact.language.as_deref(),
        custom: Some(opening.custom),
    };
    let template = opening.settings.default_pin_template.as_deref().unwrap_or_default();
    // A template that fails gives no PIN; the caller fails closed.
    Ok(templates::render_pin(template, &fields).ok().flatten().map(|pin| pin.into_string()))
}

/// Whether a link may be sent with this PIN and lifetime (security.md D3).
pub fn check_pin_policy(opening: &Opening<'_>, pin: &AppliedPin, lifetime: LinkLifetime) -> Result<()> {
    match pin {
        AppliedPin::Unresolved => {
            let name = opening.contact_name();
            let detail = format!("the default PIN gives no PIN of at least four characters for {name}");
            Err(Problem::new(ProblemCode::PinUnresolved, detail))
        }
        AppliedPin::Made(pin) if opening.settings.refuse_weak_pins => {
            if weaknesses_of(opening.key, opening.contact, pin)?.is_empty() {
                return Ok(());
            }
            let name = opening.contact_name();
            let detail =
                format!("the default PIN gives one that is easily guessed for {name}; set one for them");
            Err(Problem::new(ProblemCode::PinUnresolved, detail))
        }
        AppliedPin::None
            if opening.settings.require_pin_over_24_hours && lifetime != LinkLifetime::Hours24 =>
        {
            Err(ProblemCode::PinPolicyUnmet.into())
        }
        _ => Ok(()),
    }
}

/// Makes a link for a message and queues its notice, in the caller's transaction.
pub async fn issue(
    state: &State,
    tx: &impl ConnectionTrait,
    opening: &Opening<'_>,
    message: &message::Model,
    new: NewLink,
    journal: &mut Journal,
) -> Result<(link::Model, link_guard::Model, delivery_row::Model)> {
    let now = state.now();
    let token = random_token();
    let (row, guard) = rows(state, opening, message, &new, &token, now);
    link::Entity::insert(row.clone().into_active_model().reset_all()).exec_without_returning(tx).await?;
    link_guard::Entity::insert(guard.clone().into_active_model().reset_all())
        .exec_without_returning(tx)
        .await?;
    let author = known_as(message, opening.organization);
    let composed = notice::compose(opening, author, new.channel, &notice::address(state, &token))
        .map_err(Problem::internal)?;
    // Whoever waits before an ended link gets a new one, also where its notice reads a little wrong.
    if new.origin != LinkOrigin::Relinked {
        check_complete(opening, &composed)?;
    }
    let notice = Notice {
        organization: opening.organization,
        contact: opening.contact,
        key: opening.key,
        message: message.id,
        link: Some((row.id, row.expires_at)),
        content: composed.content,
        urgency: if new.origin == LinkOrigin::Relinked { Urgency::Awaited } else { Urgency::Ordinary },
    };
    let delivery = delivery::enqueue(tx, now, notice, journal).await?;
    Ok((row, guard, delivery))
}

fn rows(
    state: &State,
    opening: &Opening<'_>,
    message: &message::Model,
    new: &NewLink,
    token: &str,
    now: DateTime<Utc>,
) -> (link::Model, link_guard::Model) {
    let (token_hash, token_key_version) = state.secrets.ring().link_hash(token);
    let organization_id = opening.organization.id;
    let link = link::Model {
        id: new_id(now),
        organization_id,
        contact_id: message.contact_id,
        conversation_id: message.conversation_id,
        message_id: message.id,
        parent_id: new.parent,
        origin: new.origin,
        channel: new.channel,
        lifetime: new.lifetime,
        token_hash,
        token_key_version,
        created_at: now,
        expires_at: expires_at(now, new.lifetime),
        opened_at: None,
        read_at: None,
        revoked_at: None,
        relink_after: now,
    };
    let guard = link_guard::fresh(organization_id, link.id, now);
    (link, guard)
}
