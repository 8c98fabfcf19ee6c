//! A patient's session, once they are in.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};
use sealpost_shared::links::PatientSession;

use crate::auth::{PATIENT_ABSOLUTE, PATIENT_IDLE};
use crate::entities::{contact, link, patient_session};
use crate::ids::new_id;
use crate::problem::Result;
use crate::session_tokens::{Audience, Token};

/// Makes the session's row: never longer than its link (security.md D11).
pub async fn mint(
    tx: &impl ConnectionTrait,
    link: &link::Model,
    contact: &contact::Model,
    now: DateTime<Utc>,
) -> Result<patient_session::Model> {
    let row = patient_session::Model {
        id: new_id(now),
        organization_id: link.organization_id,
        contact_id: link.contact_id,
        conversation_id: link.conversation_id,
        link_id: link.id,
        message_id: link.message_id,
        session_version: contact.session_version,
        created_at: now,
        active_at: now,
        expires_at: link.expires_at.min(now + PATIENT_ABSOLUTE),
        revoked_at: None,
    };
    patient_session::Entity::insert(row.clone().into_active_model().reset_all())
        .exec_without_returning(tx)
        .await?;
    Ok(row)
}

/// What goes into its cookie. `method` says how the person got in: `pin` or `link`.
pub fn token(session: &patient_session::Model, method: &str) -> Token {
    Token {
        audience: Audience::Patient,
        session: session.id,
        organization: session.organization_id,
        subject: session.contact_id.uuid(),
        session_version: session.session_version,
        method: method.to_owned(),
        authenticated_at: session.created_at,
    }
}

pub fn patient_session_view(session: &patient_session::Model) -> PatientSession {
    PatientSession {
        expires_at: session.expires_at,
        idle_expires_at: session.expires_at.min(session.active_at + PATIENT_IDLE),
    }
}
