//! Making organizations and their people: for `admin bootstrap`, the demo and the tests.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, SqlErr};
use sealpost_shared::ids::{OrganizationId, UserId};
use sealpost_shared::links::LinkLifetime;
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::settings::DefaultPinKind;
use sealpost_shared::staff::Role;
use sealpost_shared::text::{Email, Name};
use sealpost_shared::texts::MONTHLY_SEGMENTS;

use super::passwords::check_password;
use crate::db;
use crate::entities::{
    organization, organization_head, organization_key, secure_messaging_settings as settings, user,
};
use crate::ids::new_id;
use crate::journal::{Actor, Journal};
use crate::problem::{Problem, Result};
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
    let keys = state.secrets.ring().new_organization_keys(id, now)?;
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
        text_countries: None,
        limit_monthly_segments: true,
        monthly_segments: i64::from(MONTHLY_SEGMENTS),
        created_at: now,
    };
    organization::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(tx).await?;
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
