//! How an organization shows itself: name, phone, hours, colour, words for emergencies, logo.

use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};
use sealpost_shared::ids::OrganizationId;
use sealpost_shared::patch::Patch;
use sealpost_shared::problem::FieldError;
use sealpost_shared::settings::{OfficeHours, OrganizationSettings, UpdateOrganizationSettings};
use sealpost_shared::text::Color;

use super::contrast;
use super::drafts::{Drafts, Known, TOO_LONG};
use super::picture;
use crate::auth::Caller;
use crate::delivery::{NO_LIKENESS, has_likeness};
use crate::entities::{organization, organization_logo, secure_messaging_settings};
use crate::journal::Journal;
use crate::problem::{Problem, Result, not_found};
use crate::secrets::{hex, sha256};
use crate::state::State;

const PHONE_MAX: usize = 40;
const EMERGENCY_MAX: usize = 200;

pub async fn get(state: &State, caller: &Caller) -> Result<OrganizationSettings> {
    Ok(view(
        organization::get(&state.db.of(caller.organization).read().await?, caller.organization)
            .await?
            .ok_or_else(not_found)?,
    ))
}

fn view(row: organization::Model) -> OrganizationSettings {
    OrganizationSettings {
        id: row.id,
        logo_url: row.logo_url(),
        has_logo: row.logo_hash.is_some(),
        office_hours: row.office_hours(),
        accent_color: row.accent_color.and_then(|color| color.parse().ok()),
        name: row.name,
        phone: row.phone,
        time_zone: row.time_zone,
        emergency_notice: row.emergency_notice,
    }
}

pub async fn update(
    state: &State,
    caller: &Caller,
    request: UpdateOrganizationSettings,
) -> Result<OrganizationSettings> {
    let request = checked(request)?;
    let renamed = request.name.is_some();
    change(state, caller, "settings.organization_changed", async |tx, row| {
        // The texts of notices are held, so that none begins to need what goes here.
        let settings = secure_messaging_settings::get_locked(tx, row.id).await?;
        let mut known = Known::of(state, tx, row.id).await?;
        let before = known.refusals(&Drafts::saved(&settings));
        apply(row, request)?;
        known.organization = row.clone();
        let broken = known.refusals(&Drafts::saved(&settings));
        match broken.into_iter().find(|error| !before.contains(error)) {
            None => Ok(()),
            Some(error) => Err(needed(&error, renamed)),
        }
    })
    .await
}

/// A notice that prints the phone number needs one.
fn needed(error: &FieldError, renamed: bool) -> Problem {
    if error.code == TOO_LONG {
        let detail = format!("is too long for your text message: {}", error.detail);
        return Problem::field(if renamed { "/name" } else { "/phone" }, TOO_LONG, detail);
    }
    let pointer = if error.detail.contains("organization.office_hours") { "/office_hours" } else { "/phone" };
    let detail = format!("is needed by a notice of yours ({}): {}", &error.pointer[1..], error.detail);
    Problem::field(pointer, "in_use", detail)
}

/// Everything that can be wrong by itself, all of it at once.
fn checked(mut request: UpdateOrganizationSettings) -> Result<UpdateOrganizationSettings> {
    let mut errors: Vec<(&str, String)> = Vec::new();
    if request.name.as_ref().is_some_and(|name| !has_likeness(name.as_str())) {
        errors.push(("/name", NO_LIKENESS.to_owned()));
    }
    if request.time_zone.as_deref().is_some_and(|zone| zone.parse::<chrono_tz::Tz>().is_err()) {
        errors.push(("/time_zone", "must be an IANA time zone, such as America/Chicago".to_owned()));
    }
    for (pointer, text, most) in [
        ("/phone", &mut request.phone, PHONE_MAX),
        ("/emergency_notice", &mut request.emergency_notice, EMERGENCY_MAX),
    ] {
        if let Patch::Set(line) = text {
            *line = line.trim().to_owned();
            errors.extend(line_error(line, most).map(|detail| (pointer, detail)));
        }
    }
    if let Patch::Set(phone) = &request.phone
        && phone.bytes().filter(u8::is_ascii_digit).count() < 3
    {
        errors.push(("/phone", "must be a phone number, such as (555) 010-0100".to_owned()));
    }
    if let Patch::Set(color) = &request.accent_color {
        errors.extend(color_error(color).map(|detail| ("/accent_color", detail)));
    }
    if let Patch::Set(hours) = &request.office_hours {
        errors.extend(hours_error(hours).map(|detail| ("/office_hours", detail)));
    }
    if errors.is_empty() {
        return Ok(request);
    }
    let error = |(pointer, detail): (&str, String)| FieldError {
        pointer: pointer.to_owned(),
        code: "invalid".to_owned(),
        detail,
        line: None,
        column: None,
    };
    Err(Problem::fields(errors.into_iter().map(error).collect()))
}

fn line_error(line: &str, most: usize) -> Option<String> {
    // Marks that cannot be seen can turn a number or a sentence around.
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    if line.is_empty() || line.chars().count() > most {
        Some(format!("must have 1 to {most} characters"))
    } else if line.contains(hidden) {
        Some("must be one line without hidden characters".to_owned())
    } else {
        None
    }
}

fn color_error(color: &Color) -> Option<String> {
    let contrast = contrast::with_white(color);
    let least = contrast::figure(contrast::LEAST);
    (contrast < contrast::LEAST).then(|| {
        let figure = contrast::figure(contrast);
        format!("is too light: white words on it have a contrast of {figure}; {least} is the least")
    })
}

fn hours_error(hours: &[OfficeHours]) -> Option<String> {
    let twice =
        hours.iter().enumerate().any(|(at, day)| hours[..at].iter().any(|d| d.weekday == day.weekday));
    if twice {
        return Some("must name each weekday once".to_owned());
    }
    hours.iter().any(|day| day.opens >= day.closes).then(|| "must open before it closes".to_owned())
}

fn apply(row: &mut organization::Model, request: UpdateOrganizationSettings) -> Result<()> {
    if let Some(name) = request.name {
        row.name = name.into_string();
    }
    row.time_zone = request.time_zone.unwrap_or(std::mem::take(&mut row.time_zone));
    row.phone = request.phone.apply(row.phone.take());
    row.emergency_notice = request.emergency_notice.apply(row.emergency_notice.take());
    let color = row.accent_color.take();
    row.accent_color = match request.accent_color {
        Patch::Absent => color,
        Patch::Clear => None,
        Patch::Set(color) => Some(color.into_string()),
    };
    row.office_hours = match request.office_hours {
        Patch::Absent => row.office_hours.take(),
        Patch::Clear => None,
        Patch::Set(mut hours) => {
            hours.sort_by_key(|day| day.weekday as u8);
            Some(serde_json::to_string(&hours).map_err(Problem::internal)?)
        }
    };
    Ok(())
}

/// A picture of a hundred kilobytes can take a hundred megabytes to decode.
static DECODING: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(1);

/// Takes a picture for a logo. Decoding takes a while: before the transaction, and off this thread.
pub async fn put_logo(state: &State, caller: &Caller, bytes: Vec<u8>) -> Result<OrganizationSettings> {
    let _one_at_a_time = DECODING.acquire().await.map_err(Problem::internal)?;
    let made = tokio::task::spawn_blocking(move || picture::logo(&bytes)).await.map_err(Problem::internal)?;
    let png = made.map_err(|error| Problem::field("", "invalid_picture", format!("the picture {error}")))?;
    let hash = hex(&sha256(&png)[..16]);
    change(state, caller, "settings.logo_changed", async |tx, row| {
        organization_logo::delete(tx, row.id).await?;
        let logo = organization_logo::Model {
            organization_id: row.id,
            hash: hash.clone(),
            png,
            created_at: state.now(),
        };
        let logo = logo.into_active_model().reset_all();
        organization_logo::Entity::insert(logo).exec_without_returning(tx).await?;
        row.logo_hash = Some(hash);
        Ok(())
    })
    .await
}

pub async fn delete_logo(state: &State, caller: &Caller) -> Result<()> {
    change(state, caller, "settings.logo_removed", async |tx, row| {
        organization_logo::delete(tx, row.id).await?;
        row.logo_hash = None;
        Ok(())
    })
    .await
    .map(|_| ())
}

/// The picture itself, for anybody: it is on every page that a patient sees.
pub async fn logo(state: &State, organization: OrganizationId, file: &str) -> Result<Vec<u8>> {
    let hash = file.strip_suffix(".png").ok_or_else(not_found)?;
    let found = organization_logo::find(&state.db.of(organization).read().await?, organization, hash).await?;
    Ok(found.ok_or_else(not_found)?.png)
}

async fn change(
    state: &State,
    caller: &Caller,
    action: &'static str,
    work: impl AsyncFnOnce(&DatabaseTransaction, &mut organization::Model) -> Result<()>,
) -> Result<OrganizationSettings> {
    state
        .db
        .of(caller.organization)
        .write(async |tx| {
            caller.still_counts(state, tx).await?;
            let mut row = organization::get_locked(tx, caller.organization).await?.ok_or_else(not_found)?;
            work(tx, &mut row).await?;
            let row = row.into_active_model().reset_all().update(tx).await?;
            let mut journal = Journal::new(caller.organization, caller.actor, state.now());
            journal.audit(action, caller.organization);
            journal.write(tx).await?;
            Ok(view(row))
        })
        .await
}
