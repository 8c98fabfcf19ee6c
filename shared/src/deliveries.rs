//! How a notice travels, and what became of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::contacts::Channel;
use crate::ids::DeliveryId;

/// Where a notice is. It only moves forward (security.md D16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "server", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum DeliveryStatus {
    /// Waiting for its turn or for the next try.
    Queued,
    /// A worker has it.
    Sending,
    /// The gateway or mail server took it.
    Sent,
    Delivered,
    /// Given up; `failure` says why.
    Failed,
    Canceled,
    /// It waited when the database was backed up, and may have gone out since: an admin decides.
    NeedsReview,
}

macro_rules! failure_codes {
    ($($(#[doc = $doc:literal])* $code:ident $name:literal)*) => {
        /// Why something did not go out or did not arrive: one list for every channel.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum FailureCode {
            $($(#[doc = $doc])* #[serde(rename = $name)] $code,)*
        }

        impl FailureCode {
            pub const ALL: &'static [Self] = &[$(Self::$code),*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$code => $name),* }
            }

            /// Of a stored one. What a later version stored is `other` to this one.
            pub fn of(name: &str) -> Self {
                Self::ALL.iter().copied().find(|code| code.as_str() == name).unwrap_or(Self::Other)
            }
        }
    };
}

failure_codes! {
    /// The number or address does not exist. Correct it.
    AddressInvalid "address_invalid"
    /// The number cannot get texts, as a landline cannot. Use the other channel.
    AddressUnreachable "address_unreachable"
    /// The contact has no number or address for the channel any more.
    AddressMissing "address_missing"
    /// It goes to the contact's new address instead.
    AddressChanged "address_changed"
    /// The contact said STOP to us.
    ContactOptedOut "contact_opted_out"
    /// The gateway says that this number said STOP to our sender. Use the other channel.
    RecipientOptedOut "recipient_opted_out"
    ContactDeleted "contact_deleted"
    LinkRevoked "link_revoked"
    /// The link would have been over soon after its arrival.
    LinkEnded "link_ended"
    /// A day of trying.
    TimeUp "time_up"
    /// A later notice took its place.
    Superseded "superseded"
    /// The gateway took it twice without a word and cannot be asked. It may have arrived.
    OutcomeUnknown "outcome_unknown"
    GatewayBusy "gateway_busy"
    GatewayRefused "gateway_refused"
    GatewayTimeout "gateway_timeout"
    GatewayTls "gateway_tls"
    GatewayUnauthorized "gateway_unauthorized"
    /// The gateway's answer was none that a gateway gives.
    GatewayUnclear "gateway_unclear"
    GatewayUnreachable "gateway_unreachable"
    SenderRefused "sender_refused"
    RegionNotAllowed "region_not_allowed"
    /// The phone's network did not deliver it.
    CarrierRefused "carrier_refused"
    /// It came back from the mail server of the address.
    MailBounced "mail_bounced"
    MailBusy "mail_busy"
    MailRefused "mail_refused"
    MailSignInRefused "mail_sign_in_refused"
    MailTimeout "mail_timeout"
    MailUnreachable "mail_unreachable"
    ChannelNotConfigured "channel_not_configured"
    /// Ten texts went to the contact within a day, or the month's limit is used up. Use the other channel.
    Budget "budget"
    /// No texts go to numbers of this kind or country.
    CountryNotAllowed "country_not_allowed"
    /// It had not been sent when the database was backed up, and was dropped after the restore.
    Restored "restored"
    /// It could not be unsealed.
    NotOpened "not_opened"
    Other "other"
}

/// By hand: the derive does not see names that a macro gives.
#[cfg(feature = "server")]
mod failure_schema {
    use utoipa::openapi::RefOr;
    use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

    use super::FailureCode;

    impl utoipa::PartialSchema for FailureCode {
        fn schema() -> RefOr<Schema> {
            let names = FailureCode::ALL.iter().map(|it| it.as_str());
            ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).build().into()
        }
    }

    impl utoipa::ToSchema for FailureCode {}
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct DeliveryFailure {
    pub code: FailureCode,
    /// A sentence for staff; never holds the address or the text.
    pub detail: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Delivery {
    pub id: DeliveryId,
    pub channel: Channel,
    pub status: DeliveryStatus,
    pub created_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<DateTime<Utc>>,
    /// When its arrival was confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<DateTime<Utc>>,
    /// Attempts made so far.
    pub attempts: u32,
    /// Of one that waits after a try: when the next one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// Why it was given up. Of one that waits after a try: why that did not work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<DeliveryFailure>,
    /// Of one that failed and waits for its turn on the other channel: when that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub falls_back_at: Option<DateTime<Utc>>,
    /// The delivery on the other channel whose place this one took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_of: Option<DeliveryId>,
}
