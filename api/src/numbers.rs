//! Which country a phone number is of, and whether it may be texted at all (security.md D7: toll fraud). Everything is
//! read from tables inside the binary; no number is shown to anybody.

use std::str::FromStr as _;

use phonenumber::metadata::DATABASE;
use phonenumber::{PhoneNumber, Type};
use sealpost_shared::text::{CountryCode, Phone};

/// Networks without a country: freephone and shared cost worldwide, ships and planes, satellites, premium rates.
const NOWHERE: &[&str] = &["+800", "+808", "+870", "+878", "+881", "+882", "+883", "+888", "+979"];
/// North America's premium, personal and government numbers; those that are not given out are no less dear.
const NORTH_AMERICAN: &[&str] = &["+1900", "+1700", "+1710"];
/// Premium within every area of North America: an exchange, `+1 212 976 0100`.
const NORTH_AMERICAN_EXCHANGE: &str = "976";

/// Where `+1` is dialled and a text costs what it costs at home.
const NORTH_AMERICA: &[&str] = &["AS", "CA", "GU", "MP", "PR", "US", "VI"];

/// Lines of a country and its time zones, old names among them (the tz database's `zone.tab` and links).
const ZONES: &str = include_str!("numbers/zones.txt");

/// Why a number gets no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// Premium, satellite and the like: whatever the settings say.
    Never,
    /// Its country is not among those allowed; nothing where the number is of no country that we know.
    Country(Option<CountryCode>),
}

impl Refused {
    /// For staff and integrators. Says no digit of the number.
    pub fn detail(&self) -> String {
        match self {
            Self::Never => "Premium-rate, satellite and special numbers are never texted.".to_owned(),
            Self::Country(Some(country)) => {
                let country = country.as_str();
                format!(
                    "Texts do not go to numbers of this country ({country}); the settings say where they go."
                )
            }
            Self::Country(None) => {
                "This number is of no country that texts go to; the settings say where they go.".to_owned()
            }
        }
    }
}

/// Whether a text may go to this number, where these countries are allowed.
pub fn check(phone: &Phone, allowed: &[CountryCode]) -> Result<(), Refused> {
    if is_never_texted(phone) {
        return Err(Refused::Never);
    }
    match country(phone) {
        Some(country) if allowed.contains(&country) => Ok(()),
        country => Err(Refused::Country(country)),
    }
}

fn is_never_texted(phone: &Phone) -> bool {
    let number = phone.as_str();
    if NOWHERE.iter().chain(NORTH_AMERICAN).any(|start| number.starts_with(start)) {
        return true;
    }
    let exchange = number.strip_prefix("+1").and_then(|national| national.get(3..6));
    if exchange == Some(NORTH_AMERICAN_EXCHANGE) {
        return true;
    }
    let kind = parse(phone).map(|number| number.number_type(&DATABASE));
    matches!(kind, Some(Type::PremiumRate | Type::SharedCost | Type::PersonalNumber | Type::Pager))
}

/// By the number's own digits where they tell, else the first country of its calling code: numbers that are not given
/// out yet, and invented ones, count as that one's.
pub fn country(phone: &Phone) -> Option<CountryCode> {
    let number = parse(phone)?;
    let known = number.country().id().map(|id| id.as_ref().to_owned());
    let first = || {
        let code = number.country().code();
        DATABASE.by_code(&code).and_then(|regions| Some(regions.first()?.id().to_owned()))
    };
    known.or_else(first)?.parse().ok()
}

fn parse(phone: &Phone) -> Option<PhoneNumber> {
    PhoneNumber::from_str(phone.as_str()).ok()
}

/// Where a practice is at home: by its phone number where that carries a country, else by its time zone, else in
/// North America, where two countries and some islands share one numbering.
pub fn home(phone: Option<&str>, time_zone: &str) -> Vec<CountryCode> {
    let by_phone = || phone?.parse::<Phone>().ok().as_ref().and_then(country);
    let own = by_phone().or_else(|| country_of_zone(time_zone));
    let mut codes = match &own {
        Some(own) if !NORTH_AMERICA.contains(&own.as_str()) => vec![own.as_str()],
        Some(own) => vec!["CA", "US", own.as_str()],
        None => vec!["CA", "US"],
    };
    codes.sort_unstable();
    codes.dedup();
    codes.into_iter().filter_map(|code| code.parse().ok()).collect()
}

fn country_of_zone(zone: &str) -> Option<CountryCode> {
    let mut lines = ZONES.lines().filter_map(|line| line.split_once(' '));
    lines.find(|(_, zones)| zones.split(' ').any(|known| known == zone))?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sealpost_shared::texts::COUNTRIES;

    fn phone(text: &str) -> Phone {
        text.parse().expect("a number")
    }

    fn codes(list: &[CountryCode]) -> Vec<&str> {
        list.iter().map(CountryCode::as_str).collect()
    }

    #[test]
    fn a_number_says_its_country() {
        for (number, country) in [
            ("+15550100142", "US"),
            ("+12125550100", "US"),
            ("+16135550100", "CA"),
            ("+16137827274", "CA"),
            ("+18765550100", "JM"),
            ("+18095550100", "DO"),
            ("+17875550100", "PR"),
            ("+525512345678", "MX"),
            ("+447400123456", "GB"),
            ("+447911123456", "GG"),
            ("+4915112345678", "DE"),
            ("+393312345678", "IT"),
            ("+79161234567", "RU"),
            ("+77011234567", "KZ"),
            ("+8801712345678", "BD"),
            ("+88612345678", "TW"),
        ] {
            let found = super::country(&phone(number));
            assert_eq!(found.as_ref().map(CountryCode::as_str), Some(country), "{number}");
        }
        assert_eq!(super::country(&phone("+21012345678")), None, "a calling code that nobody has");
    }

    #[test]
    fn premium_satellite_and_special_numbers_are_never_texted() {
        for number in [
            "+19005550100",
            "+19002345678",
            "+12129760100",
            "+15559760142",
            "+17105550100",
            "+881612345678",
            "+88213012345",
            "+88351001234",
            "+870773111632",
            "+979123456789",
            "+80012340000",
            "+447012345678",
            "+449012345678",
            "+499001234567",
            "+611900123456",
        ] {
            assert_eq!(check(&phone(number), &all()), Err(Refused::Never), "{number}");
        }
        for number in [
            "+15550100142",
            "+12125559760",
            "+19762125550",
            "+447400123456",
            "+4915112345678",
            "+18005550100",
        ] {
            assert_eq!(check(&phone(number), &all()), Ok(()), "{number}");
        }
    }

    fn all() -> Vec<CountryCode> {
        COUNTRIES.iter().map(|code| code.parse().expect("a country")).collect()
    }

    #[test]
    fn what_is_not_allowed_is_refused_with_its_country_and_without_its_digits() {
        let home = home(None, "America/Chicago");
        let refused = check(&phone("+525512345678"), &home).expect_err("refused");
        assert_eq!(refused, Refused::Country(Some("MX".parse().expect("a country"))));
        for refused in [refused, Refused::Never, Refused::Country(None)] {
            assert!(!refused.detail().contains(|c: char| c.is_ascii_digit()), "{}", refused.detail());
        }
    }

    #[test]
    fn a_practice_is_at_home_by_its_number_then_its_zone() {
        for (phone, zone, countries) in [
            (Some("(555) 010-0100"), "America/Chicago", &["CA", "US"][..]),
            (None, "America/Toronto", &["CA", "US"]),
            (None, "America/Puerto_Rico", &["CA", "PR", "US"]),
            (None, "UTC", &["CA", "US"]),
            (Some("030 1234567"), "Europe/Berlin", &["DE"]),
            (Some("+49 30 1234567"), "America/Chicago", &["DE"]),
            (None, "Asia/Calcutta", &["IN"]),
        ] {
            assert_eq!(codes(&home(phone, zone)), countries, "{phone:?} {zone}");
        }
    }

    /// The list that settings are chosen from holds what numbers can say, and what zones can.
    #[test]
    fn every_country_with_numbers_can_be_chosen() {
        for region in DATABASE.iter().map(phonenumber::Metadata::id).filter(|id| *id != "001") {
            assert!(COUNTRIES.contains(&region), "{region}");
        }
        assert!(COUNTRIES.is_sorted());
    }
}
