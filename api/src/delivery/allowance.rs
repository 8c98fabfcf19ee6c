//! What a text is charged to before it is queued (security.md D7): ten to a number in 24 hours, the organization's
//! month, and numbers that get none. Charged in the transaction that queues, so that nobody shares the last one, and
//! in one order by everybody: the number's count, then the month's, then the day's.
//!
//! The ten are the number's, not the contact's: people share phones, and a record that is erased and made again is
//! still the same phone.
//!
//! The answer to STOP, START or HELP must go out: it is counted in the month, held back by nothing but a number that is
//! never texted, and takes none of the ten, or whoever holds the phone could silence it for a day; how many of those
//! there are is for `inbound` to say. Nor does a new link for an ended one take of the ten: how many of those there are
//! is for `links` to say; the month holds it back.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ConnectionTrait;
use sealpost_shared::contacts::Channel;
use sealpost_shared::deliveries::FailureCode;
use sealpost_shared::events::EventType;
use sealpost_shared::ids::OrganizationId;
use sealpost_shared::text::Phone;
use sealpost_shared::texts::{NOTICE_NEAR, NOTICE_USED_UP, TEXTS_OF_CONTACT, TextBlock, TextStanding};

use super::content::Content;
use super::gsm7::{NOTICE_SEGMENTS_MAX, measure};
use super::queue::{Notice, Urgency};
use crate::entities::budget::{self, Limit};
use crate::entities::sending_total::{self, Added};
use crate::entities::{contact, delivery, organization};
use crate::journal::{About, Actor, Journal};
use crate::numbers::{self, Refused};
use crate::problem::{Problem, Result};
use crate::secrets::{ContactKey, Field};

const OF_NUMBER: Limit =
    Limit { scope: "texts_of_number", times: TEXTS_OF_CONTACT as i64, window: TimeDelta::hours(24) };

/// Why a text is not queued: the code and the sentence of its dead letter.
pub(super) struct HeldBack {
    pub(super) code: FailureCode,
    pub(super) detail: String,
}

impl HeldBack {
    fn number(refused: Refused) -> Self {
        Self { code: FailureCode::CountryNotAllowed, detail: refused.detail() }
    }

    fn budget(detail: &str) -> Self {
        Self { code: FailureCode::Budget, detail: detail.to_owned() }
    }
}

const NUMBER_SPENT: &str =
    "Ten texts went to this number within a day. Send it by email, or again when the day is over.";
const MONTH_SPENT: &str =
    "This month's limit for texts is used up. Send it by email, or raise the limit in the settings.";

pub(super) async fn charge(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    notice: &Notice<'_>,
    journal: &mut Journal,
) -> Result<Option<HeldBack>> {
    let organization = notice.organization;
    let Content::Sms(sms) = &notice.content else {
        add(tx, organization, now, Added { emails: 1, ..Added::default() }).await?;
        return Ok(None);
    };
    let must_go = notice.urgency == Urgency::Confirmation;
    let held = match refused(organization, notice.contact, notice.key)? {
        Some(Refused::Country(_)) if must_go => None,
        refused => refused.map(HeldBack::number),
    };
    let held = match held {
        None => spend(tx, now, notice, i64::from(measure(&sms.body).segments), must_go, journal).await?,
        held => held,
    };
    if held.is_some() {
        add(tx, organization, now, Added { held_back: 1, ..Added::default() }).await?;
    }
    Ok(held)
}

async fn spend(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    notice: &Notice<'_>,
    segments: i64,
    must_go: bool,
    journal: &mut Journal,
) -> Result<Option<HeldBack>> {
    let (organization, number) = (notice.organization, number_of(notice.contact));
    let counted = notice.urgency.takes_of_the_ten();
    if counted && !budget::charge(tx, OF_NUMBER, &number, now).await? {
        return Ok(Some(HeldBack::budget(NUMBER_SPENT)));
    }
    let added = Added { texts: 1, segments, ..Added::default() };
    let limit = organization.segments_limit().filter(|_| !must_go);
    let [month, day] = organization.periods(now);
    let Some(total) = sending_total::add(tx, organization.id, &month, added, limit).await? else {
        // Nothing is sent, so nothing of the number's is used up.
        if counted {
            budget::refund(tx, OF_NUMBER, &number).await?;
        }
        return Ok(Some(HeldBack::budget(MONTH_SPENT)));
    };
    sending_total::add(tx, organization.id, &day, added, None).await?;
    tell(tx, organization, &total, now, journal).await?;
    Ok(None)
}

async fn add(
    tx: &impl ConnectionTrait,
    organization: &organization::Model,
    now: DateTime<Utc>,
    added: Added,
) -> Result<()> {
    for period in organization.periods(now) {
        sending_total::add(tx, organization.id, &period, added, None).await?;
    }
    Ok(())
}

/// What the ten are counted by: the number on file.
fn number_of(contact: &contact::Model) -> Vec<u8> {
    // There is an index wherever there is a number.
    contact.address_subject(Channel::Sms).unwrap_or_else(|| contact.id.uuid().as_bytes().to_vec())
}

/// Of a text that goes to another number than the one it was charged for: the number alone, and its ten.
pub(super) async fn at_new_number(
    tx: &impl ConnectionTrait,
    organization: &organization::Model,
    contact: &contact::Model,
    key: &ContactKey,
    row: &delivery::Model,
    now: DateTime<Utc>,
) -> Result<Option<HeldBack>> {
    if row.channel != Channel::Sms {
        return Ok(None);
    }
    match refused(organization, contact, key)? {
        Some(Refused::Country(_)) if row.despite_opt_out => return Ok(None),
        Some(refused) => return Ok(Some(HeldBack::number(refused))),
        None => {}
    }
    let counted = row.class == Urgency::Ordinary.class();
    if counted && !budget::charge(tx, OF_NUMBER, &number_of(contact), now).await? {
        return Ok(Some(HeldBack::budget(NUMBER_SPENT)));
    }
    Ok(None)
}

/// Which notice a month's use calls for: from the second on, no whole private notice would fit any more.
pub fn notice_due(segments: i64, limit: i64) -> Option<u32> {
    if segments > 0 && limit - segments < i64::from(NOTICE_SEGMENTS_MAX) {
        Some(NOTICE_USED_UP)
    } else if segments * 100 >= limit * i64::from(NOTICE_NEAR) {
        Some(NOTICE_NEAR)
    } else {
        None
    }
}

/// Says so, each once a month.
async fn tell(
    tx: &impl ConnectionTrait,
    organization: &organization::Model,
    month: &sending_total::Model,
    now: DateTime<Utc>,
    journal: &mut Journal,
) -> Result<()> {
    let Some(limit) = organization.segments_limit() else { return Ok(()) };
    let near = month.near_told_at.or(Some(now));
    let (action, reached) = match notice_due(month.segments, limit) {
        Some(NOTICE_USED_UP) if month.reached_told_at.is_none() => ("texts.limit_reached", Some(now)),
        Some(NOTICE_NEAR) if month.near_told_at.is_none() => ("texts.limit_near", month.reached_told_at),
        _ => return Ok(()),
    };
    sending_total::told(tx, month, near, reached).await?;
    journal.event(EventType::TextsLimit, About::default()).audit_of(
        Actor::System,
        now,
        action,
        organization.id,
    );
    Ok(())
}

/// Whether this contact's number is one that gets no texts. A contact without one is not looked at.
pub fn refused(
    organization: &organization::Model,
    contact: &contact::Model,
    key: &ContactKey,
) -> Result<Option<Refused>> {
    Ok(match phone(contact, key)? {
        Some(phone) => numbers::check(&phone, &organization.countries()).err(),
        None => None,
    })
}

fn phone(contact: &contact::Model, key: &ContactKey) -> Result<Option<Phone>> {
    let Some(sealed) = contact.sealed_phone.as_deref().filter(|_| contact.has_address(Channel::Sms)) else {
        return Ok(None);
    };
    let phone = key.open(Field::ContactPhone, contact.id.uuid(), sealed)?;
    let stored = |_| Problem::internal("a stored number is not what it was when it was stored");
    phone.parse().map(Some).map_err(stored)
}

/// Whether a text can go to a contact now, and what is in the way.
pub async fn standing(
    db: &impl ConnectionTrait,
    organization: &organization::Model,
    contact: &contact::Model,
    key: &ContactKey,
    now: DateTime<Utc>,
) -> Result<TextStanding> {
    let phone = phone(contact, key)?;
    let number = number_of(contact);
    let used = budget::used(db, OF_NUMBER, &number, now).await?;
    let left = u32::try_from(OF_NUMBER.times - used).unwrap_or(0);
    let block = match refused(organization, contact, key)? {
        Some(Refused::Never) => Some(TextBlock::NeverTexted),
        Some(Refused::Country(_)) => Some(TextBlock::CountryNotAllowed),
        None if left == 0 => Some(TextBlock::ContactLimit),
        None if month_spent(db, organization.id, Some(organization), now).await? => {
            Some(TextBlock::MonthlyLimit)
        }
        None => None,
    };
    Ok(TextStanding {
        allowed: block.is_none(),
        block,
        until: until(db, block, &number, now).await?,
        country: phone.as_ref().and_then(numbers::country),
        left,
    })
}

/// Whether the month has no place for a whole notice. Asks the database the same where there is no limit, or no such
/// organization: a link's token is not to be known by its queries (security.md D9).
pub async fn month_spent(
    db: &impl ConnectionTrait,
    id: OrganizationId,
    organization: Option<&organization::Model>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let [month, _] = organization.map(|organization| organization.periods(now)).unwrap_or_default();
    let row = sending_total::find(db, id, &month).await?;
    let limit = organization.and_then(organization::Model::segments_limit);
    let (Some(row), Some(limit)) = (row, limit) else { return Ok(false) };
    Ok(notice_due(row.segments, limit) == Some(NOTICE_USED_UP))
}

async fn until(
    db: &impl ConnectionTrait,
    block: Option<TextBlock>,
    number: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>> {
    if block != Some(TextBlock::ContactLimit) {
        return Ok(None);
    }
    let ends = budget::window_ends_at(db, OF_NUMBER, number).await?;
    Ok(ends.filter(|ends| *ends > now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_near_its_end_at_four_fifths_and_used_up_when_no_notice_fits() {
        for (segments, limit, due) in [
            (0, 10_000, None),
            (7_999, 10_000, None),
            (8_000, 10_000, Some(80)),
            (9_998, 10_000, Some(80)),
            (9_999, 10_000, Some(100)),
            (10_000, 10_000, Some(100)),
            (12_000, 10_000, Some(100)),
            (0, 1, None),
            (1, 1, Some(100)),
        ] {
            assert_eq!(notice_due(segments, limit), due, "{segments} of {limit}");
        }
    }
}
