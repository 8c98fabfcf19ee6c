//! The people an organization writes to. Phone and email are sealed; their keyed indexes find them.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{LockType, Query, SelectStatement, UnionType};
use sea_orm::{QueryOrder, QuerySelect};
use sealpost_shared::contacts::Channel;
use sealpost_shared::ids::{ContactId, OrganizationId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contacts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContactId,
    pub organization_id: OrganizationId,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub first_name_folded: Option<String>,
    pub last_name_folded: Option<String>,
    pub sealed_phone: Option<Vec<u8>>,
    pub phone_index: Option<Vec<u8>>,
    pub sealed_email: Option<Vec<u8>>,
    pub email_index: Option<Vec<u8>>,
    pub phone_version: i64,
    pub email_version: i64,
    pub preferred_channel: Option<Channel>,
    pub language: Option<String>,
    pub time_zone: Option<String>,
    pub external_id: Option<String>,
    pub pin_hash: Option<String>,
    pub pin_digits: bool,
    pub session_version: i64,
    pub sms_opted_out_at: Option<DateTimeUtc>,
    pub email_opted_out_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub deleted_at: Option<DateTimeUtc>,
    /// A JSON object: id of the field, value.
    pub sealed_custom_fields: Option<Vec<u8>>,
    /// Why the number does not work, as a failure's code, and since when that is known.
    pub phone_fault: Option<String>,
    pub phone_fault_at: Option<DateTimeUtc>,
    pub email_fault: Option<String>,
    pub email_fault_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// A contact of whom nothing is known yet.
    pub const fn nobody(organization_id: OrganizationId, id: ContactId, now: DateTimeUtc) -> Self {
        Self {
            id,
            organization_id,
            first_name: None,
            last_name: None,
            first_name_folded: None,
            last_name_folded: None,
            sealed_phone: None,
            phone_index: None,
            sealed_email: None,
            email_index: None,
            phone_version: 1,
            email_version: 1,
            preferred_channel: None,
            language: None,
            time_zone: None,
            external_id: None,
            pin_hash: None,
            pin_digits: false,
            session_version: 1,
            sms_opted_out_at: None,
            email_opted_out_at: None,
            created_at: now,
            updated_at: now,
            deleted_at: None,
            sealed_custom_fields: None,
            phone_fault: None,
            phone_fault_at: None,
            email_fault: None,
            email_fault_at: None,
        }
    }

    pub const fn has_opted_out(&self, channel: Channel) -> bool {
        match channel {
            Channel::Sms => self.sms_opted_out_at.is_some(),
            Channel::Email => self.email_opted_out_at.is_some(),
        }
    }

    /// Moves with every change of the channel's address.
    pub const fn address_version(&self, channel: Channel) -> i64 {
        match channel {
            Channel::Sms => self.phone_version,
            Channel::Email => self.email_version,
        }
    }

    /// What limits of the number or address on file are counted by; see [`address_subject`].
    pub fn address_subject(&self, channel: Channel) -> Option<Vec<u8>> {
        let index = match channel {
            Channel::Sms => self.phone_index.as_deref(),
            Channel::Email => self.email_index.as_deref(),
        };
        index.map(|index| address_subject(self.organization_id, channel, index))
    }

    /// Why the address does not work, as far as that is known, and since when.
    pub fn fault(&self, channel: Channel) -> Option<(&str, DateTimeUtc)> {
        match channel {
            Channel::Sms => self.phone_fault.as_deref().zip(self.phone_fault_at),
            Channel::Email => self.email_fault.as_deref().zip(self.email_fault_at),
        }
    }

    pub fn set_fault(&mut self, channel: Channel, fault: Option<(String, DateTimeUtc)>) {
        let (code, at) = fault.unzip();
        match channel {
            Channel::Sms => (self.phone_fault, self.phone_fault_at) = (code, at),
            Channel::Email => (self.email_fault, self.email_fault_at) = (code, at),
        }
    }

    pub const fn has_address(&self, channel: Channel) -> bool {
        match channel {
            Channel::Sms => self.sealed_phone.is_some(),
            Channel::Email => self.sealed_email.is_some(),
        }
    }
}

/// What limits of a number or an address are counted by, whoever shares it and whatever became of their records: its
/// keyed index, in its organization.
pub fn address_subject(organization: OrganizationId, channel: Channel, index: &[u8]) -> Vec<u8> {
    let kind: &[u8] = match channel {
        Channel::Sms => b"sms",
        Channel::Email => b"email",
    };
    [organization.uuid().as_bytes().as_slice(), kind, index].concat()
}

/// Contacts that are not deleted: where every look-up starts.
pub fn find_live(organization: OrganizationId) -> Select<Entity> {
    Entity::find().filter(Column::OrganizationId.eq(organization)).filter(Column::DeletedAt.is_null())
}

pub async fn get(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    id: ContactId,
) -> Result<Option<Model>, DbErr> {
    find_live(organization).filter(Column::Id.eq(id)).one(db).await
}

pub async fn list_by_ids(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    ids: impl IntoIterator<Item = ContactId>,
) -> Result<Vec<Model>, DbErr> {
    find_live(organization).filter(Column::Id.is_in(ids)).all(db).await
}

/// For changing: on PostgreSQL nobody else changes the row until the transaction ends. The weaker of the two
/// row locks, so that rows which point here can be inserted meanwhile.
pub async fn get_locked(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    id: ContactId,
) -> Result<Option<Model>, DbErr> {
    find_live(organization).filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(tx).await
}

/// Of several that match (people share phones), the one that was there first.
pub fn find_oldest(organization: OrganizationId, by: Expr) -> Select<Entity> {
    find_live(organization).filter(by).order_by_asc(Column::CreatedAt).order_by_asc(Column::Id)
}

/// Those who hold anything in the organization's own fields, held themselves, in the order of their ids.
pub async fn list_with_fields_locked(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    after: Option<ContactId>,
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut select = find_live(organization).filter(Column::SealedCustomFields.is_not_null());
    if let Some(after) = after {
        select = select.filter(Column::Id.gt(after));
    }
    select.order_by_asc(Column::Id).limit(most).lock(LockType::NoKeyUpdate).all(tx).await
}

pub async fn set_sealed_fields(
    tx: &impl ConnectionTrait,
    id: ContactId,
    sealed: Option<Vec<u8>>,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::SealedCustomFields, Expr::value(sealed))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// What is left of an erased contact: that there was one.
pub fn tombstone(row: Model, now: DateTimeUtc) -> Model {
    Model {
        first_name: None,
        last_name: None,
        first_name_folded: None,
        last_name_folded: None,
        sealed_phone: None,
        phone_index: None,
        sealed_email: None,
        email_index: None,
        sealed_custom_fields: None,
        phone_fault: None,
        phone_fault_at: None,
        email_fault: None,
        email_fault_at: None,
        preferred_channel: None,
        language: None,
        time_zone: None,
        external_id: None,
        pin_hash: None,
        session_version: row.session_version + 1,
        updated_at: now,
        deleted_at: Some(now),
        ..row
    }
}

/// The ids of those whose first or last name starts with `word` (in lower case): two ranges that an index
/// serves, where LIKE with a parameter is served by none.
pub fn select_named(organization: OrganizationId, word: &str) -> SelectStatement {
    let end = format!("{word}\u{10ffff}");
    let range = |column: Column| {
        Query::select()
            .column(Column::Id)
            .from(Entity)
            .and_where(Column::OrganizationId.eq(organization))
            .and_where(column.gte(word))
            .and_where(column.lt(end.as_str()))
            .to_owned()
    };
    range(Column::FirstNameFolded).union(UnionType::Distinct, range(Column::LastNameFolded)).to_owned()
}

/// Replaces a hash by another of the same PIN, where it is still the one.
pub async fn renew_pin(tx: &impl ConnectionTrait, id: ContactId, old: &str, new: &str) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::PinHash, Expr::value(new))
        .filter(Column::Id.eq(id))
        .filter(Column::PinHash.eq(old))
        .exec(tx)
        .await?;
    Ok(())
}
