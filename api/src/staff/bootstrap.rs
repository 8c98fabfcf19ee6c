//! Making organizations, their people and their keys: for `admin bootstrap`, the demo and the tests.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, SqlErr};
use sealpost_shared::api_keys::KeyScope;
use sealpost_shared::ids::{KeyId, OrganizationId, UserId};
use sealpost_shared::links::LinkLifetime;
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::settings::DefaultPinKind;
use sealpost_shared::staff::Role;
use sealpost_shared::text::{Email, Name};

use super::passwords::check_password;
use crate::auth::hash_api_key;
use crate::db;
use crate::entities::{
    api_key, organization, organization_head, organization_key, secure_messaging_settings as settings, user,
};
use crate::ids::new_id;
use crate::journal::{Actor, Journal};
use crate::problem::{Problem, Result};
use crate::secrets::{hex, random_bytes};
use crate::state::State;
use crate::templates;

pub struct NewOrganization {
    pub name: Name,
    pub phone: Option<String>,
    pub time_zone: String,
}

pub struct NewUser {
    pub name: Name,
    pub email: Email,
    /// Absent: signs in by a one-time link only.
    pub password: Option<String>,
    pub role: Role,
}

const DEFAULT_STAFF_IDLE_MINUTES: i64 = 15;

/// An organization with its keys, its settings and the heads of its logs.
pub async fn create_organization(
    state: &State,
    tx: &DatabaseTransaction,
    new: NewOrganization,
) -> Result<OrganizationId> {
    let now = state.now();
    let id: OrganizationId = new_id(now);
    // From here on the transaction is the new organization's.
    db::enter(tx, id).await?;
    let (wrapped_key, wrapped_index_key, master_key_version) =
        state.secrets.ring().new_organization_keys(id)?;
    let row = organization::Model {
        id,
        name: new.name.into_string(),
        phone: new.phone,
        accent_color: None,
        emergency_notice: None,
        time_zone: new.time_zone,
        office_hours: None,
        logo_hash: None,
        require_second_factor: false,
        staff_idle_minutes: DEFAULT_STAFF_IDLE_MINUTES,
        created_at: now,
    };
    organization::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(tx).await?;
    let keys = organization_key::Model {
        organization_id: id,
        wrapped_key,
        wrapped_index_key,
        master_key_version,
        created_at: now,
    };
    organization_key::Entity::insert(keys.into_active_model().reset_all()).exec_without_returning(tx).await?;
    let head = organization_head::Model {
        organization_id: id,
        event_sequence: 0,
        audit_sequence: 0,
        audit_hash: vec![0; 32],
        audit_signature: None,
    };
    organization_head::Entity::insert(head.into_active_model().reset_all())
        .exec_without_returning(tx)
        .await?;
    insert_settings(tx, id, now).await?;
    let mut journal = Journal::new(id, Actor::System, now);
    journal.audit("organization.created", id);
    journal.write(tx).await?;
    Ok(id)
}

async fn insert_settings(
    tx: &impl ConnectionTrait,
    organization_id: OrganizationId,
    now: DateTime<Utc>,
) -> Result<()> {
    let row = settings::Model {
        organization_id,
        enabled: true,
        secure_by_default: true,
        notice_sms_body: templates::DEFAULT_SMS_BODY.to_owned(),
        notice_email_subject: templates::DEFAULT_EMAIL_SUBJECT.to_owned(),
        notice_email_body: templates::DEFAULT_EMAIL_BODY.to_owned(),
        link_lifetime: LinkLifetime::Hours24,
        pin_enabled: true,
        default_pin_kind: DefaultPinKind::None,
        default_pin_hash: None,
        default_pin_digits: false,
        default_pin_template: None,
        require_pin_over_24_hours: false,
        hide_hint: false,
        refuse_weak_pins: false,
        updated_at: now,
    };
    settings::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(tx).await?;
    Ok(())
}

/// A member of the staff. Passwords are hashed before the transaction: see [`hash_password`].
pub async fn create_user(
    state: &State,
    tx: &DatabaseTransaction,
    organization: OrganizationId,
    new: NewUser,
    password_hash: Option<String>,
) -> Result<UserId> {
    let now = state.now();
    let id: UserId = new_id(now);
    let row = user::Model {
        id,
        organization_id: organization,
        name: new.name.into_string(),
        email: new.email.as_str().to_lowercase(),
        password_hash,
        role: new.role,
        session_version: 1,
        disabled_at: None,
        created_at: now,
    };
    insert_user(tx, row).await?;
    Ok(id)
}

pub(super) async fn insert_user(tx: &DatabaseTransaction, row: user::Model) -> Result<()> {
    let (organization, id, now) = (row.organization_id, row.id, row.created_at);
    let inserted = user::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(tx).await;
    inserted.map_err(|error| match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => {
            Problem::new(ProblemCode::Conflict, "somebody has this email address already")
        }
        _ => error.into(),
    })?;
    let mut journal = Journal::new(organization, Actor::System, now);
    journal.audit("user.created", id);
    Ok(journal.write(tx).await?)
}

/// Refuses what is guessed soon; `known` is what anybody knows of the person.
pub async fn hash_password(state: &State, password: &str, known: &[&str]) -> Result<String> {
    check_password(password, known)?;
    state.secrets.hashing.hash(password).await
}

/// What a new key is and may do.
pub struct NewKey<'a> {
    pub name: &'a Name,
    /// What its secret starts with.
    pub prefix: &'a str,
    pub scope: KeyScope,
    pub expires_at: Option<DateTime<Utc>>,
}

/// The key of whoever sets the organization up: it may do what an admin may.
pub async fn create_api_key(
    state: &State,
    tx: &DatabaseTransaction,
    organization: OrganizationId,
    name: &Name,
    prefix: &str,
) -> Result<String> {
    let new = NewKey { name, prefix, scope: KeyScope::Admin, expires_at: None };
    Ok(insert_api_key(state, tx, organization, Actor::System, &new).await?.1)
}

/// An integrator's key: 256 random bits, shown once, kept as a hash.
pub(crate) async fn insert_api_key(
    state: &State,
    tx: &DatabaseTransaction,
    organization: OrganizationId,
    actor: Actor,
    new: &NewKey<'_>,
) -> Result<(api_key::Model, String)> {
    let now = state.now();
    let secret = hex(&random_bytes::<32>());
    let key = format!("{}{secret}", new.prefix);
    let id: KeyId = new_id(now);
    let row = api_key::Model {
        id,
        organization_id: organization,
        name: new.name.as_str().to_owned(),
        prefix: Some(key[..new.prefix.len() + 4].to_owned()),
        secret_hash: hash_api_key(&key),
        scope: new.scope,
        created_at: now,
        expires_at: new.expires_at,
        revoked_at: None,
    };
    api_key::Entity::insert(row.clone().into_active_model().reset_all()).exec_without_returning(tx).await?;
    let mut journal = Journal::new(organization, actor, now);
    journal.audit("api_key.created", id);
    journal.write(tx).await?;
    Ok((row, key))
}

/// What `admin bootstrap` prints.
#[derive(Debug, serde::Serialize)]
pub struct Bootstrapped {
    pub organization_id: OrganizationId,
    pub user_id: UserId,
    pub api_key: String,
}

/// An organization with its first admin and a key, or nothing.
pub async fn bootstrap(state: &State, new: NewOrganization, admin: NewUser) -> Result<Bootstrapped> {
    let password = match &admin.password {
        Some(password) => {
            let known = [admin.name.as_str(), admin.email.as_str(), new.name.as_str()];
            Some(hash_password(state, password, &known).await?)
        }
        None => None,
    };
    let key_name: Name =
        "Bootstrap key".parse().map_err(|_| Problem::internal("the key's name is not a name"))?;
    state
        .db
        .before_organization()
        .write(async |tx| {
            organization::lock(tx).await?;
            let organization_id = create_organization(state, tx, new).await?;
            let user_id = create_user(state, tx, organization_id, admin, password).await?;
            let api_key = create_api_key(state, tx, organization_id, &key_name, "spk_live_").await?;
            Ok(Bootstrapped { organization_id, user_id, api_key })
        })
        .await
}
