//! What is set, changing it, and trying it.

use chrono::TimeDelta;
use sea_orm::{ActiveModelTrait, ConnectionTrait, IntoActiveModel};
use sealpost_shared::channels::{
    ChannelSource, ChannelTest, Channels, EmailChannel, PutEmailChannel, PutSmsChannel, SmsChannel,
};
use sealpost_shared::contacts::Channel;
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::text::{Email, Phone};
use serde::Serialize;

use super::settings::{EmailSettings, SmsSettings, fingerprint, seal};
use super::stored::{email_settings, sms_settings};
use super::trial;
use crate::auth::StaffMember;
use crate::entities::budget::{self, Limit};
use crate::entities::{channel, organization};
use crate::journal::{Actor, Journal};
use crate::numbers::{self, Refused};
use crate::problem::{Problem, Result, not_found};
use crate::state::State;

const TESTS: Limit = Limit { scope: "channel_test", times: 10, window: TimeDelta::hours(1) };

/// Details are for those who may change them; others learn which channels there are.
pub async fn get(state: &State, member: &StaffMember) -> Result<Channels> {
    let may_change = may_change(state, member).await?;
    view(state, &state.db.of(member.user.organization_id).read().await?, may_change).await
}

async fn may_change(state: &State, member: &StaffMember) -> Result<bool> {
    let first = organization::first(&state.db.before_organization().read().await?).await?;
    Ok(first.is_some_and(|first| first.id == member.user.organization_id))
}

async fn check_may_change(state: &State, member: &StaffMember) -> Result<()> {
    if may_change(state, member).await? {
        return Ok(());
    }
    let detail = "Channels are shared by all organizations of this installation; an admin of the one it was set up \
                  for changes them.";
    Err(Problem::new(ProblemCode::Forbidden, detail))
}

async fn view(state: &State, db: &impl ConnectionTrait, may_change: bool) -> Result<Channels> {
    let ring = state.secrets.ring();
    let tested = |row: Option<channel::Model>, print: Option<Vec<u8>>| {
        row.filter(|row| print.is_some() && row.tested_settings == print).and_then(|row| row.tested_at)
    };
    let row = channel::get(db, Channel::Sms).await?;
    let (source, settings) = sms_settings(state, row.as_ref()).await?;
    let print = settings.as_ref().map(|it| fingerprint(ring, it)).transpose()?;
    let shown = settings.filter(|_| may_change);
    let sms = SmsChannel {
        source,
        url: shown.as_ref().map(|it| it.url.clone()),
        account_sid: shown.as_ref().map(|it| it.account_sid.clone()),
        from: shown.map(|it| it.from),
        tested_at: tested(row, print),
    };
    let row = channel::get(db, Channel::Email).await?;
    let (source, settings) = email_settings(state, row.as_ref()).await?;
    let print = settings.as_ref().map(|it| fingerprint(ring, it)).transpose()?;
    let shown = settings.filter(|_| may_change);
    let email = EmailChannel {
        source,
        host: shown.as_ref().map(|it| it.host.clone()),
        port: shown.as_ref().map(|it| it.port),
        security: shown.as_ref().map(|it| it.security),
        username: shown.as_ref().and_then(|it| it.username.clone()),
        from: shown.map(|it| it.from),
        tested_at: tested(row, print),
    };
    Ok(Channels { sms, email, may_change })
}

/// A token that was not given again stays with its gateway and account, and goes to no other.
pub async fn put_sms(state: &State, member: &StaffMember, request: PutSmsChannel) -> Result<Channels> {
    change(state, member, Channel::Sms, async |row| {
        let (source, known) = sms_settings(state, row).await?;
        check_source(source)?;
        let known = known.filter(|it| {
            it.url == request.url.trim().trim_end_matches('/') && it.account_sid == request.account_sid.trim()
        });
        let token = request.auth_token.or_else(|| known.map(|it| it.auth_token));
        let settings = SmsSettings {
            url: request.url,
            account_sid: request.account_sid,
            auth_token: token.ok_or_else(|| required("/auth_token"))?,
            from: request.from,
        };
        let settings = SmsSettings::of(&settings.checked()?);
        Ok(Some(seal(state.secrets.ring(), Channel::Sms.as_str(), &settings)?))
    })
    .await
}

/// A password that was not given again stays with its server and user name, and goes to no other.
pub async fn put_email(state: &State, member: &StaffMember, request: PutEmailChannel) -> Result<Channels> {
    change(state, member, Channel::Email, async |row| {
        let (source, known) = email_settings(state, row).await?;
        check_source(source)?;
        let known = known.filter(|it| it.host == request.host.trim() && it.username == request.username);
        let password = request.password.or_else(|| known.and_then(|it| it.password));
        if request.username.is_some() && password.is_none() {
            return Err(required("/password"));
        }
        let settings = EmailSettings {
            host: request.host.trim().to_owned(),
            port: request.port,
            security: request.security,
            username: request.username,
            password,
            from: request.from,
        };
        settings.checked()?;
        Ok(Some(seal(state.secrets.ring(), Channel::Email.as_str(), &settings)?))
    })
    .await
}

pub async fn delete(state: &State, member: &StaffMember, channel: Channel) -> Result<()> {
    change(state, member, channel, async |row| {
        let source = match channel {
            Channel::Sms => sms_settings(state, row).await?.0,
            Channel::Email => email_settings(state, row).await?.0,
        };
        check_source(source).map(|()| None)
    })
    .await
    .map(|_| ())
}

fn required(pointer: &str) -> Problem {
    Problem::field(pointer, "required", "is required")
}

fn check_source(source: ChannelSource) -> Result<()> {
    let detail = match source {
        ChannelSource::Environment => {
            "The server's environment sets this channel; change it there and restart."
        }
        ChannelSource::Demo => "The demo catches everything that is sent; its channels cannot be changed.",
        ChannelSource::Stored | ChannelSource::None => return Ok(()),
    };
    Err(Problem::new(ProblemCode::ChannelFromEnvironment, detail))
}

/// Puts in what `make` makes of what is there.
async fn change(
    state: &State,
    member: &StaffMember,
    channel: Channel,
    make: impl AsyncFnOnce(Option<&channel::Model>) -> Result<Option<Vec<u8>>>,
) -> Result<Channels> {
    check_may_change(state, member).await?;
    let now = state.now();
    state
        .db
        .of(member.user.organization_id)
        .write(async |tx| {
            member.caller().still_counts(state, tx).await?;
            let mut row = channel::get_locked(tx, channel, now).await?;
            row.sealed_settings = make(Some(&row)).await?;
            row.version += 1;
            row.updated_at = now;
            let changed = if row.sealed_settings.is_some() { "channel.changed" } else { "channel.removed" };
            row.into_active_model().reset_all().update(tx).await?;
            let actor = Actor::Staff(member.user.id);
            let mut journal = Journal::new(member.user.organization_id, actor, now);
            journal.audit(changed, channel.as_str());
            journal.write(tx).await?;
            view(state, tx, true).await
        })
        .await
}

pub async fn test_sms(state: &State, member: &StaffMember, to: &Phone) -> Result<ChannelTest> {
    check_number(state, member, to).await?;
    let row = begin_test(state, member, Channel::Sms).await?;
    let (source, settings) = sms_settings(state, row.as_ref()).await?;
    let config = settings.as_ref().map(SmsSettings::checked).transpose()?;
    let test = match (config, state.senders.sms()) {
        (Some(config), _) => trial::send_sms(state, &config, to).await,
        (None, Some(sender)) if source == ChannelSource::Demo => {
            trial::send_sms_by(state, &*sender, to).await
        }
        _ => return Err(ProblemCode::ChannelNotConfigured.into()),
    };
    end_test(state, member, Channel::Sms, settings.as_ref(), test).await
}

/// A test is a text like any other (security.md D7).
async fn check_number(state: &State, member: &StaffMember, to: &Phone) -> Result<()> {
    let db = state.db.of(member.user.organization_id).read().await?;
    let row = organization::get(&db, member.user.organization_id).await?.ok_or_else(not_found)?;
    let refused = |it: Refused| Problem::field("/to", "country_not_allowed", it.detail());
    numbers::check(to, &row.countries()).map_err(refused)
}

pub async fn test_email(state: &State, member: &StaffMember, to: &Email) -> Result<ChannelTest> {
    let row = begin_test(state, member, Channel::Email).await?;
    let (source, settings) = email_settings(state, row.as_ref()).await?;
    let config = settings.as_ref().map(EmailSettings::checked).transpose()?;
    let test = match (config, state.senders.email()) {
        (Some(config), _) => trial::send_email(state, &config, to).await,
        (None, Some(sender)) if source == ChannelSource::Demo => {
            trial::send_email_by(state, &*sender, to).await
        }
        _ => return Err(ProblemCode::ChannelNotConfigured.into()),
    };
    end_test(state, member, Channel::Email, settings.as_ref(), test).await
}

async fn begin_test(state: &State, member: &StaffMember, channel: Channel) -> Result<Option<channel::Model>> {
    check_may_change(state, member).await?;
    let (db, now) = (state.db.of(member.user.organization_id), state.now());
    let subject = member.user.organization_id.uuid();
    if !db.write(async |tx| Ok(budget::charge(tx, TESTS, subject.as_bytes(), now).await?)).await? {
        let detail = "ten tests an hour; wait a while";
        return Err(Problem::new(ProblemCode::RateLimited, detail).retry_after(600));
    }
    Ok(channel::get(&db.read().await?, channel).await?)
}

/// Notes what was tested when it went through.
async fn end_test(
    state: &State,
    member: &StaffMember,
    channel: Channel,
    settings: Option<&impl Serialize>,
    test: ChannelTest,
) -> Result<ChannelTest> {
    let now = state.now();
    let print = settings.map(|settings| fingerprint(state.secrets.ring(), settings)).transpose()?;
    state
        .db
        .of(member.user.organization_id)
        .write(async |tx| {
            if let (true, Some(print)) = (test.ok, print) {
                let mut row = channel::get_locked(tx, channel, now).await?;
                row.tested_settings = Some(print);
                row.tested_at = Some(now);
                row.into_active_model().reset_all().update(tx).await?;
            }
            let actor = Actor::Staff(member.user.id);
            let mut journal = Journal::new(member.user.organization_id, actor, now);
            journal.audit(if test.ok { "channel.tested" } else { "channel.test_failed" }, channel.as_str());
            Ok(journal.write(tx).await?)
        })
        .await?;
    Ok(test)
}
