//! Typed ids: a UUIDv7 written as a TypeID (`ctc_01h455vb4pex5vsknk084sn02q`).
//!
//! The codec follows the TypeID specification 0.3: 128 bits in 26 characters of Crockford's base32,
//! lower case, the first character at most `7`. Ids are never secrets.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// What an id names; gives its prefix.
pub trait Kind: 'static {
    const PREFIX: &'static str;
}

/// An id of one kind. Ids of different kinds do not compare and do not convert.
pub struct Id<K>(Uuid, PhantomData<fn() -> K>);

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $alias:ident $prefix:literal)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $kind {}
        impl Kind for $kind {
            const PREFIX: &'static str = $prefix;
        }
        pub type $alias = Id<$kind>;
    )*};
}

kinds! {
    /// A practice, office or firm: the tenant.
    Organization OrganizationId "org"
    /// A member of the staff.
    User UserId "usr"
    /// A patient or client.
    Contact ContactId "ctc"
    /// A field that an organization adds to its contacts.
    ContactField ContactFieldId "fld"
    /// The thread both sides write in.
    Conversation ConversationId "cnv"
    Message MessageId "msg"
    Link LinkId "lnk"
    Delivery DeliveryId "dlv"
    /// A text or email that came in, as its provider gave it to us.
    Inbound InboundId "inb"
    /// An integrator's key.
    Key KeyId "key"
    Event EventId "evt"
    /// An entry of the audit chain.
    Audit AuditId "aud"
    /// A signed-in browser, of staff or of a patient.
    Session SessionId "ses"
    /// One of a person's passkeys.
    Passkey PasskeyId "pky"
    /// An invitation to a colleague.
    Invitation InvitationId "inv"
}

/// Why a text is not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    #[error("must start with `{0}_`")]
    Prefix(&'static str),
    #[error("must end in 26 characters of lower-case base32")]
    Suffix,
}

impl<K> Id<K> {
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const SUFFIX_LENGTH: usize = 26;

fn encode(uuid: Uuid) -> String {
    let bits = uuid.as_u128();
    (0..SUFFIX_LENGTH)
        .map(|place| {
            let shift = 5 * (SUFFIX_LENGTH - 1 - place);
            ALPHABET[((bits >> shift) & 31) as usize] as char
        })
        .collect()
}

fn decode(suffix: &str) -> Option<Uuid> {
    let bytes = suffix.as_bytes();
    if bytes.len() != SUFFIX_LENGTH || bytes[0] > b'7' {
        return None;
    }
    bytes
        .iter()
        .try_fold(0u128, |bits, byte| {
            let value = ALPHABET.iter().position(|letter| letter == byte)?;
            Some((bits << 5) | value as u128)
        })
        .map(Uuid::from_u128)
}

impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", K::PREFIX, encode(self.0))
    }
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<K: Kind> FromStr for Id<K> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let suffix = text
            .strip_prefix(K::PREFIX)
            .and_then(|rest| rest.strip_prefix('_'))
            .ok_or(IdError::Prefix(K::PREFIX))?;
        decode(suffix).map(Self::from_uuid).ok_or(IdError::Suffix)
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<K: Kind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// How ids are documented (a pattern each) and stored (the bare UUID).
#[cfg(feature = "server")]
mod server {
    use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, Value, ValueType, ValueTypeErr};
    use sea_orm::{ColIdx, DbErr, QueryResult, TryFromU64, TryGetError, TryGetable};
    use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};
    use uuid::Uuid;

    use super::{Id, Kind};

    impl<K: Kind> utoipa::PartialSchema for Id<K> {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new()
                .schema_type(Type::String)
                .pattern(Some(format!("^{}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$", K::PREFIX)))
                .examples([serde_json::json!(format!("{}_01jq8rv4x5f9tbn2d6w3k7hzme", K::PREFIX))])
                .build()
                .into()
        }
    }

    impl<K: Kind> utoipa::ToSchema for Id<K> {
        fn name() -> std::borrow::Cow<'static, str> {
            let name = std::any::type_name::<K>().rsplit("::").next().unwrap_or(K::PREFIX);
            format!("{name}Id").into()
        }
    }

    impl<K> From<Id<K>> for Value {
        fn from(id: Id<K>) -> Self {
            id.0.into()
        }
    }

    impl<K> TryGetable for Id<K> {
        fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
            Uuid::try_get_by(row, index).map(Self::from_uuid)
        }
    }

    impl<K> ValueType for Id<K> {
        fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
            <Uuid as ValueType>::try_from(value).map(Self::from_uuid)
        }
        fn type_name() -> String {
            "Id".to_owned()
        }
        fn array_type() -> ArrayType {
            ArrayType::Uuid
        }
        fn column_type() -> ColumnType {
            ColumnType::Uuid
        }
    }

    impl<K> Nullable for Id<K> {
        fn null() -> Value {
            <Uuid as Nullable>::null()
        }
    }

    impl<K> TryFromU64 for Id<K> {
        fn try_from_u64(_: u64) -> Result<Self, DbErr> {
            Err(DbErr::ConvertFromU64("Id"))
        }
    }

    impl<K: 'static> sea_orm::IntoActiveValue<Self> for Id<K> {
        fn into_active_value(self) -> sea_orm::ActiveValue<Self> {
            sea_orm::ActiveValue::Set(self)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The valid vectors that the TypeID specification publishes.
    #[test]
    fn the_published_vectors_round_trip() {
        for (suffix, uuid) in [
            ("00000000000000000000000000", "00000000-0000-0000-0000-000000000000"),
            ("00000000000000000000000001", "00000000-0000-0000-0000-000000000001"),
            ("0000000000000000000000000g", "00000000-0000-0000-0000-000000000010"),
            ("7zzzzzzzzzzzzzzzzzzzzzzzzz", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
            ("0123456789abcdefghjkmnpqrs", "0110c853-1d09-52d8-d73e-1194e95b5f19"),
            ("01h455vb4pex5vsknk084sn02q", "01890a5d-ac96-774b-bcce-b302099a8057"),
        ] {
            let uuid: Uuid = uuid.parse().expect("a uuid");
            assert_eq!(encode(uuid), suffix);
            assert_eq!(decode(suffix), Some(uuid));
        }
    }

    #[test]
    fn an_id_of_another_kind_or_form_is_refused() {
        for text in [
            "",
            "ctc",
            "ctc_",
            "usr_01h455vb4pex5vsknk084sn02q",
            "CTC_01h455vb4pex5vsknk084sn02q",
            "ctc_01H455vb4pex5vsknk084sn02q",
            "ctc_81h455vb4pex5vsknk084sn02q",
            "ctc_01h455vb4pex5vsknk084sn02",
            "ctc_01h455vb4pex5vsknk084sn02l",
            "ctc-01h455vb4pex5vsknk084sn02q",
        ] {
            assert!(text.parse::<ContactId>().is_err(), "{text}");
        }
    }
}
