//! A practice with a past, made by the services that real ones use, at the times of the story: what it
//! shows is what the product does.

mod people;
mod story;
mod telling;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::DatabaseTransaction;
use sealpost_shared::contact_fields::{ContactFieldKind, CreateContactField};
use sealpost_shared::contacts::CreateContact;
use sealpost_shared::ids::{OrganizationId, UserId};
use sealpost_shared::problem::ProblemCode;

use self::people::{PEOPLE, Person, Staff};
use self::story::STORY;
use self::telling::Telling;
use super::StoryClock;
use crate::auth::Caller;
use crate::journal::Actor;
use crate::problem::{Problem, Result};
use crate::staff::{self, NewOrganization, NewUser};
use crate::state::State;
use crate::{contact_fields, contacts};

pub(super) use people::JORDANS_PIN;
/// Whom the banner signs in.
pub(super) const ADMIN_EMAIL: &str = Staff::Amy.email();
/// Whom the banner's patient link is for.
pub(super) const PATIENT: &str = "Jordan";

/// The practice's own field of a contact.
const BIRTH_YEAR: &str = "birth_year";
const FOUNDED_DAYS_AGO: i64 = 90;
const CONTACTS_DAYS_AGO: i64 = 60;

/// Writes it all; the clock is at today afterwards, also when it fails.
pub(super) async fn seed(state: &State, clock: &StoryClock, outbox: &super::Outbox) -> Result<()> {
    let today = state.now();
    let written = write(state, clock, outbox, today).await;
    clock.release();
    written
}

async fn write(
    state: &State,
    clock: &StoryClock,
    outbox: &super::Outbox,
    today: DateTime<Utc>,
) -> Result<()> {
    clock.set(today - TimeDelta::days(FOUNDED_DAYS_AGO));
    let callers = state.db.before_organization().write(async |tx| found(state, tx).await).await?;
    let mut telling = Telling::new(state, outbox, today, callers);
    let birth_year = CreateContactField {
        key: parsed(BIRTH_YEAR)?,
        label: parsed("Year of birth")?,
        kind: ContactFieldKind::Number,
        position: None,
        in_notices: false,
    };
    contact_fields::service::create(state, telling.caller(Staff::Amy)?, birth_year, None).await?;
    for (minute, person) in (0..).zip(&PEOPLE) {
        clock.set(today - TimeDelta::days(CONTACTS_DAYS_AGO) + TimeDelta::minutes(minute));
        add(&mut telling, person).await?;
    }
    let mut steps: Vec<_> = STORY.iter().collect();
    steps.sort_by_key(|step| std::cmp::Reverse(step.minutes_ago));
    for step in steps {
        clock.set(today - TimeDelta::minutes(step.minutes_ago));
        telling.tell(step).await?;
    }
    Ok(())
}

async fn found(state: &State, tx: &DatabaseTransaction) -> Result<Vec<(Staff, Caller)>> {
    let practice = NewOrganization {
        name: parsed(people::PRACTICE)?,
        phone: Some(people::PRACTICE_PHONE.to_owned()),
        time_zone: people::TIME_ZONE.to_owned(),
    };
    let organization = staff::create_organization(state, tx, practice).await?;
    let mut callers = Vec::new();
    for member in Staff::ALL {
        let new = NewUser {
            name: parsed(member.name())?,
            email: parsed(member.email())?,
            password: None,
            role: member.role(),
        };
        let id = staff::create_user(state, tx, organization, new, None).await?;
        callers.push((member, caller(organization, id, member)));
    }
    Ok(callers)
}

fn caller(organization: OrganizationId, id: UserId, member: Staff) -> Caller {
    Caller {
        organization,
        actor: Actor::Staff(id),
        name: member.name().to_owned(),
        role: member.role(),
        session: None,
    }
}

async fn add(telling: &mut Telling<'_>, person: &'static Person) -> Result<()> {
    let born = person.born.map(|year| parsed(&year.to_string())).transpose()?;
    let custom_fields = born.map(|year| (BIRTH_YEAR.to_owned(), year));
    let request = CreateContact {
        first_name: Some(parsed(person.first_name)?),
        last_name: Some(parsed(person.last_name)?),
        phone: person.phone.map(parsed).transpose()?,
        email: person.email.map(parsed).transpose()?,
        language: Some(person.language.to_owned()),
        time_zone: Some(people::TIME_ZONE.to_owned()),
        custom_fields: custom_fields.into_iter().collect(),
        ..CreateContact::default()
    };
    let (state, caller) = (telling.state(), telling.caller(Staff::Amy)?);
    let contact = contacts::service::create(state, caller, request, None).await?.value;
    if let Some(pin) = person.pin {
        contacts::service::set_pin(state, caller, contact.id, &parsed(pin)?).await?;
    }
    telling.introduce(person, contact.id);
    Ok(())
}

/// The tables of people and story are checked by tests; this names the one that is wrong.
fn parsed<T: std::str::FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| missing(text))
}

fn missing(what: &str) -> Problem {
    Problem::new(ProblemCode::Internal, format!("the demo's story does not hold together: {what}"))
}
