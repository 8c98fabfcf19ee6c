//! What admins do: invite, look, send again, withdraw.

use std::collections::HashMap;

use chrono::TimeDelta;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, SqlErr};
use sealpost_shared::deliveries::DeliveryStatus;
use sealpost_shared::ids::{InvitationId, OrganizationId};
use sealpost_shared::invitations::{CreateInvitation, Invitation, InvitationEmail, InvitationState};
use sealpost_shared::page::{Page, PageQuery};
use sealpost_shared::paths::DESK_PAGE;
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::text::Email;

use crate::auth::StaffMember;
use crate::channels;
use crate::delivery::{EmailContent, StaffMail, cancel_of_invitation, enqueue_staff_mail};
use crate::entities::budget::{self, Limit};
use crate::entities::{invitation, organization, staff_mail, user};
use crate::journal::{Actor, Journal};
use crate::page::{Paging, map};
use crate::problem::{Problem, Result, not_found};
use crate::secrets::{Field, random_token};
use crate::state::State;

const LIFETIME: TimeDelta = TimeDelta::days(7);
/// Emails go to addresses that nobody has confirmed.
const SENT: Limit = Limit { scope: "invitations", times: 50, window: TimeDelta::hours(24) };

pub(super) fn hash(state: &State, token: &str) -> Vec<u8> {
    state.secrets.ring().keyed_hash("invitation", token.as_bytes())
}

/// Invites somebody. What the address is elsewhere is nobody's business: that shows when it is accepted.
pub async fn create(state: &State, member: &StaffMember, request: CreateInvitation) -> Result<Invitation> {
    channels::refresh(state, &state.db.of(member.user.organization_id).read().await?).await?;
    let (organization, now) = (member.user.organization_id, state.now());
    charge(state, member).await?;
    state
        .db
        .of(member.user.organization_id)
        .write(async |tx| {
            member.caller().still_counts(state, tx).await?;
            let email = request.email.as_str().to_lowercase();
            if user::has_email(tx, organization, &email).await? {
                let detail = "Somebody on your staff has this address already.";
                return Err(Problem::new(ProblemCode::Conflict, detail));
            }
            let keys = state.secrets.organization(tx, organization).await?;
            let id: InvitationId = state.new_id();
            let token = random_token();
            let row = invitation::Model {
                id,
                organization_id: organization,
                token_hash: hash(state, &token),
                name: request.name.as_str().to_owned(),
                sealed_email: keys.seal(Field::InvitationEmail, id.uuid().as_bytes(), email.as_bytes())?,
                email_index: keys.index(Field::InvitationEmail, &email),
                role: request.role,
                invited_by: member.user.id,
                created_at: now,
                expires_at: now + LIFETIME,
                accepted_at: None,
                withdrawn_at: None,
            };
            let active = row.clone().into_active_model().reset_all();
            let inserted = invitation::Entity::insert(active).exec_without_returning(tx).await;
            inserted.map_err(|error| match error.sql_err() {
                Some(SqlErr::UniqueConstraintViolation(_)) => {
                    let detail =
                        "This address is invited already. Send that invitation again, or withdraw it.";
                    Problem::new(ProblemCode::Conflict, detail)
                }
                _ => error.into(),
            })?;
            give(state, tx, member, row, &token, "invitation.created").await
        })
        .await
}

async fn charge(state: &State, member: &StaffMember) -> Result<()> {
    let (subject, now) = (member.user.organization_id.uuid(), state.now());
    if state
        .db
        .of(member.user.organization_id)
        .write(async |tx| Ok(budget::charge(tx, SENT, subject.as_bytes(), now).await?))
        .await?
    {
        return Ok(());
    }
    let detail = "fifty invitations a day; wait until tomorrow";
    Err(Problem::new(ProblemCode::RateLimited, detail).retry_after(3_600))
}

/// By email where there is email, else into the admin's hand, this once.
async fn give(
    state: &State,
    tx: &DatabaseTransaction,
    member: &StaffMember,
    row: invitation::Model,
    token: &str,
    action: &'static str,
) -> Result<Invitation> {
    let link = format!("{}{DESK_PAGE}#invite={token}", state.config.origin());
    let by_email = state.senders.email().is_some();
    let id = row.id;
    if by_email {
        let organization = organization::get(tx, row.organization_id).await?.ok_or_else(not_found)?;
        let to = address(state, tx, &row).await?;
        let content = words(&organization.name, &member.user.name, &row.name, &link);
        let organization = row.organization_id;
        let mail = StaffMail { organization, invitation: Some(id), not_after: None, to, content };
        enqueue_staff_mail(state, tx, mail).await?;
    }
    let mut journal = Journal::new(row.organization_id, Actor::Staff(member.user.id), state.now());
    journal.audit(action, id);
    journal.write(tx).await?;
    let invitation = views(state, tx, row.organization_id, &[row]).await?.pop().ok_or_else(not_found)?;
    Ok(Invitation { link: (!by_email).then_some(link), ..invitation })
}

fn words(organization: &str, inviter: &str, name: &str, link: &str) -> EmailContent {
    let text = format!(
        "Hello {name},\n\n{inviter} invites you to work with {organization} on Sealpost.\n\nOpen this link to choose a \
         password:\n{link}\n\nIt works once, for seven days. You did not expect this? Then do nothing."
    );
    let subject = format!("{inviter} invites you to {organization}");
    EmailContent::with_button(organization, &subject, &text, link, "Accept the invitation")
}

pub async fn list(state: &State, member: &StaffMember, query: PageQuery) -> Result<Page<Invitation>> {
    let organization = member.user.organization_id;
    let list = format!("invitations {organization}");
    let paging = Paging::new(state.secrets.ring(), list, query.limit, query.cursor.as_deref())?;
    let select = invitation::of_organization(organization);
    let select = paging.apply(select, invitation::Column::CreatedAt, invitation::Column::Id);
    let db = &state.db.of(member.user.organization_id).read().await?;
    let page = paging.page(select.all(db).await?, |row| (row.created_at, row.id.uuid()));
    let invitations = views(state, db, organization, &page.data).await?;
    Ok(map(page, invitations))
}

/// A fresh link for another seven days; the one before works no more.
pub async fn resend(state: &State, member: &StaffMember, id: InvitationId) -> Result<Invitation> {
    channels::refresh(state, &state.db.of(member.user.organization_id).read().await?).await?;
    let (organization, now) = (member.user.organization_id, state.now());
    charge(state, member).await?;
    state
        .db
        .of(member.user.organization_id)
        .write(async |tx| {
            member.caller().still_counts(state, tx).await?;
            let row = invitation::get_open_locked(tx, organization, id).await?;
            let mut row = row.ok_or_else(not_found)?;
            let token = random_token();
            row.token_hash = hash(state, &token);
            row.expires_at = now + LIFETIME;
            let row = row.into_active_model().reset_all().update(tx).await?;
            cancel_of_invitation(tx, organization, id, now).await?;
            give(state, tx, member, row, &token, "invitation.resent").await
        })
        .await
}

pub async fn withdraw(state: &State, member: &StaffMember, id: InvitationId) -> Result<()> {
    let (organization, now) = (member.user.organization_id, state.now());
    state
        .db
        .of(member.user.organization_id)
        .write(async |tx| {
            member.caller().still_counts(state, tx).await?;
            let row = invitation::get_open_locked(tx, organization, id).await?;
            let mut row = row.ok_or_else(not_found)?;
            row.withdrawn_at = Some(now);
            row.into_active_model().reset_all().update(tx).await?;
            cancel_of_invitation(tx, organization, id, now).await?;
            let mut journal = Journal::new(organization, Actor::Staff(member.user.id), now);
            journal.audit("invitation.withdrawn", id);
            Ok(journal.write(tx).await?)
        })
        .await
}

pub(super) async fn address(
    state: &State,
    db: &impl ConnectionTrait,
    row: &invitation::Model,
) -> Result<Email> {
    let keys = state.secrets.organization(db, row.organization_id).await?;
    let plain = keys.open(Field::InvitationEmail, row.id.uuid().as_bytes(), &row.sealed_email)?;
    let text = String::from_utf8(plain.to_vec()).map_err(|_| Problem::internal("an address is not text"))?;
    text.parse().map_err(Problem::internal)
}

async fn views(
    state: &State,
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    rows: &[invitation::Model],
) -> Result<Vec<Invitation>> {
    let mails = staff_mail::list_of_invitations(db, organization, rows.iter().map(|row| row.id)).await?;
    let mails: HashMap<_, _> = mails.into_iter().map(|mail| (mail.invitation_id, mail)).collect();
    let inviters = user::list_by_ids(db, organization, rows.iter().map(|row| row.invited_by)).await?;
    let inviters: HashMap<_, _> = inviters.into_iter().map(|user| (user.id, user.name)).collect();
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let mail = mails.get(&Some(row.id));
        views.push(Invitation {
            id: row.id,
            name: row.name.parse().map_err(Problem::internal)?,
            email: address(state, db, row).await?,
            role: row.role,
            state: match row.accepted_at {
                Some(_) => InvitationState::Accepted,
                None if row.expires_at <= state.now() => InvitationState::Expired,
                None => InvitationState::Pending,
            },
            email_status: match mail.map(|mail| mail.status) {
                None | Some(DeliveryStatus::Canceled | DeliveryStatus::NeedsReview) => {
                    InvitationEmail::NotSent
                }
                Some(DeliveryStatus::Queued | DeliveryStatus::Sending) => InvitationEmail::Queued,
                Some(DeliveryStatus::Sent | DeliveryStatus::Delivered) => InvitationEmail::Sent,
                Some(DeliveryStatus::Failed) => InvitationEmail::Failed,
            },
            email_failure: mail.and_then(|mail| mail.failure_detail.clone()),
            invited_by: inviters.get(&row.invited_by).cloned().unwrap_or_default(),
            created_at: row.created_at,
            expires_at: row.expires_at,
            accepted_at: row.accepted_at,
            link: None,
        });
    }
    Ok(views)
}
