//! Text messages: where they may go, how many there may be, how many there were.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::patch::Patch;
use crate::text::CountryCode;

/// Every country that has phone numbers of its own: ISO 3166-1 alpha-2, with Ascension, Tristan da Cunha and Kosovo,
/// which are numbered apart.
#[rustfmt::skip]
pub const COUNTRIES: &[&str] = &[
    "AC", "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA",
    "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BW",
    "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV",
    "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET",
    "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN",
    "GP", "GQ", "GR", "GT", "GU", "GW", "GY", "HK", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN",
    "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR",
    "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD",
    "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW",
    "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA",
    "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU",
    "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS",
    "ST", "SV", "SX", "SY", "SZ", "TA", "TC", "TD", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR",
    "TT", "TV", "TW", "TZ", "UA", "UG", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF",
    "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW",
];

/// So many texts may go to one number within 24 hours, whoever shares it (security.md D7).
pub const TEXTS_OF_CONTACT: u32 = 10;

/// What a month may hold, in segments, where nobody said otherwise.
pub const MONTHLY_SEGMENTS: u32 = 10_000;
/// What may be said.
pub const MONTHLY_SEGMENTS_RANGE: std::ops::RangeInclusive<u32> = 1..=10_000_000;

/// At these shares of the month's limit admins are told, in per cent.
pub const NOTICE_NEAR: u32 = 80;
pub const NOTICE_USED_UP: u32 = 100;

/// Where texts may go, and how many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct TextSettings {
    /// Texts go to numbers of these countries alone (ISO 3166-1 alpha-2), in the order of the alphabet.
    #[cfg_attr(feature = "server", schema(example = json!(["CA", "US"])))]
    pub countries: Vec<CountryCode>,
    /// Nobody chose: the practice's own country, by its phone number or else its time zone; in North America both.
    pub countries_by_default: bool,
    /// Off: the number of texts in a month has no limit.
    pub limit_monthly_segments: bool,
    /// So many segments may go out in a calendar month of the practice's time zone, while the limit is on.
    #[cfg_attr(feature = "server", schema(minimum = 1, maximum = 10_000_000, example = 10_000))]
    pub monthly_segments: u32,
    /// So many texts may go to one contact's number within 24 hours, whoever shares it. Fixed.
    #[cfg_attr(feature = "server", schema(example = 10))]
    pub daily_texts_of_contact: u32,
}

/// A JSON merge patch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "server", schema(example = json!({ "countries": ["CA", "MX", "US"], "monthly_segments": 5000 })))]
pub struct UpdateTextSettings {
    /// Replaced as a whole; `null` goes back to the default, an empty list lets no text out.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "server", schema(value_type = Option<Vec<CountryCode>>))]
    pub countries: Patch<Vec<CountryCode>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_monthly_segments: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(minimum = 1, maximum = 10_000_000))]
    pub monthly_segments: Option<u32>,
}

/// What went out to contacts in one month or on one day. Counted when it is queued: a try that failed may have
/// been paid for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PeriodUsage {
    /// `2026-11` or `2026-11-23`, in the practice's time zone.
    #[cfg_attr(feature = "server", schema(example = "2026-11"))]
    pub period: String,
    #[cfg_attr(feature = "server", schema(example = 412))]
    pub texts: u64,
    /// What gateways charge for: 160 characters, or 70 of an alphabet that phones write larger.
    #[cfg_attr(feature = "server", schema(example = 530))]
    pub segments: u64,
    #[cfg_attr(feature = "server", schema(example = 96))]
    pub emails: u64,
    /// Texts that a limit held back.
    #[cfg_attr(feature = "server", schema(example = 2))]
    pub held_back: u64,
}

/// How many texts and emails went out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct TextUsage {
    /// The twelve months before this one and this one, the oldest first.
    pub months: Vec<PeriodUsage>,
    /// This month's days until today.
    pub days: Vec<PeriodUsage>,
    /// The limit of this month, in segments; absent while it is off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(example = 10_000))]
    pub monthly_segments: Option<u32>,
    /// What an admin should hear and has not yet put away: 80 or 100 per cent of the limit are used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(example = 80))]
    pub notice: Option<u32>,
}

/// Puts this month's notice away, for the calling admin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct DismissTextNotice {
    /// 80 or 100. Whoever has seen the second has seen the first.
    #[cfg_attr(feature = "server", schema(example = 80))]
    pub notice: u32,
}

/// Why a contact gets no texts at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum TextBlock {
    /// Ten went to their number within a day; `until` says when the next one can.
    ContactLimit,
    /// The organization's month is used up.
    MonthlyLimit,
    /// Their number is of a country that texts do not go to; `country` says which, where it is known.
    CountryNotAllowed,
    /// Premium, satellite and other numbers that are never texted.
    NeverTexted,
}

/// Whether a text can go to a contact now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct TextStanding {
    /// Nothing is in the way. A contact without a number, or one who opted out, is not looked at here.
    pub allowed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<TextBlock>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
    /// Of the contact's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, example = "US"))]
    pub country: Option<CountryCode>,
    /// How many of today's ten are left.
    #[cfg_attr(feature = "server", schema(example = 7))]
    pub left: u32,
}
