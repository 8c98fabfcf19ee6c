//! One sealed value: opened with the version that sealed it, sealed by the newest, for the same place.

use std::sync::Arc;

use sealpost_shared::conversations::Direction;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::entities::sealed::{Name, Sealed, SealedColumn};
use crate::idempotency::sealed_at;
use crate::problem::{Problem, Result};
use crate::secrets::{ContactKey, Field, OrganizationKeys, SealError};

/// What seals rows, in all its versions.
pub(super) enum Key {
    Organization(Arc<OrganizationKeys>),
    Contact(ContactKey),
}

impl Key {
    pub fn version(&self) -> Result<u32> {
        let version = match self {
            Self::Organization(keys) => keys.version(),
            Self::Contact(key) => key.version(),
        };
        u32::try_from(version).map_err(Problem::internal)
    }

    /// The same words, sealed by the newest version for the same place.
    pub fn anew(&self, column: SealedColumn, row: &Sealed) -> Result<Vec<u8>, SealError> {
        let (field, place) = (field(column, row.direction), place(&row.name));
        match self {
            Self::Organization(keys) => keys.seal(field, &place, &keys.open(field, &place, &row.sealed)?),
            Self::Contact(key) => {
                let id = Uuid::from_slice(&place).map_err(|_| SealError::DoesNotOpen)?;
                let plain = Zeroizing::new(key.open(field, id, &row.sealed)?);
                key.seal(field, id, &plain)
            }
        }
    }
}

const fn field(column: SealedColumn, direction: Option<Direction>) -> Field {
    match column {
        SealedColumn::ContactPhone => Field::ContactPhone,
        SealedColumn::ContactEmail => Field::ContactEmail,
        SealedColumn::ContactCustomFields => Field::ContactCustomFields,
        SealedColumn::MessageBody => match direction {
            Some(Direction::Inbound) => Field::MessageBody(Direction::Inbound),
            _ => Field::MessageBody(Direction::Outbound),
        },
        SealedColumn::ScheduledBody => Field::ScheduledBody,
        SealedColumn::DeliveryContent => Field::DeliveryContent,
        SealedColumn::ContactResponse | SealedColumn::OrganizationResponse => Field::IdempotentResponse,
        SealedColumn::InboundContent => Field::InboundContent,
        SealedColumn::StaffMailContent => Field::StaffMailContent,
        SealedColumn::TotpSecret => Field::TotpSecret,
        SealedColumn::PasskeyName => Field::PasskeyName,
        SealedColumn::PasskeyCredential => Field::PasskeyCredential,
        SealedColumn::PasskeyState => Field::PasskeyCeremony,
        SealedColumn::InvitationEmail => Field::InvitationEmail,
    }
}

/// What a row's seals are bound to.
fn place(name: &Name) -> Vec<u8> {
    match name {
        Name::Id(id) => id.as_bytes().to_vec(),
        Name::Hash(hash) => hash.clone(),
        Name::Request(actor, route, key) => sealed_at(*actor, route, key).as_bytes().to_vec(),
    }
}
