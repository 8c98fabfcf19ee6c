//! Who works at the practice and whom it writes to. Nobody here exists: the numbers are those kept for
//! fiction, the addresses end in names that nobody can own.

use sealpost_shared::staff::Role;

pub(super) const PRACTICE: &str = "Riverside Family Clinic";
pub(super) const PRACTICE_PHONE: &str = "(555) 010-0100";
pub(super) const TIME_ZONE: &str = "America/Chicago";

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Staff {
    Amy,
    Maya,
    Sam,
    Priya,
}

impl Staff {
    pub(super) const ALL: [Self; 4] = [Self::Amy, Self::Maya, Self::Sam, Self::Priya];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Amy => "Dr. Amy Lee",
            Self::Maya => "Maya Stone",
            Self::Sam => "Sam Ortiz",
            Self::Priya => "Priya Nair",
        }
    }

    pub(super) const fn email(self) -> &'static str {
        match self {
            Self::Amy => "amy.lee@riverside.example",
            Self::Maya => "maya.stone@riverside.example",
            Self::Sam => "sam.ortiz@riverside.example",
            Self::Priya => "priya.nair@riverside.example",
        }
    }

    pub(super) const fn role(self) -> Role {
        match self {
            Self::Amy => Role::Admin,
            Self::Maya | Self::Sam => Role::Member,
            Self::Priya => Role::ReadOnly,
        }
    }
}

/// A contact; the first name is also what the story calls them by.
pub(super) struct Person {
    pub(super) first_name: &'static str,
    pub(super) last_name: &'static str,
    pub(super) phone: Option<&'static str>,
    pub(super) email: Option<&'static str>,
    pub(super) pin: Option<&'static str>,
    /// Nothing: the practice never asked. A default PIN of the year of birth cannot be made for them.
    pub(super) born: Option<u16>,
    pub(super) language: &'static str,
}

const fn person(
    first_name: &'static str,
    last_name: &'static str,
    phone: &'static str,
    email: &'static str,
    pin: &'static str,
    born: u16,
) -> Person {
    let phone = if phone.is_empty() { None } else { Some(phone) };
    let email = if email.is_empty() { None } else { Some(email) };
    let pin = if pin.is_empty() { None } else { Some(pin) };
    let born = if born == 0 { None } else { Some(born) };
    Person { first_name, last_name, phone, email, pin, born, language: "en" }
}

const fn speaks_spanish(person: Person) -> Person {
    Person { language: "es", ..person }
}

pub(in crate::demo) const JORDANS_PIN: &str = "4821";
/// Stopped texts; the story says when.
pub(super) const OPTED_OUT: &str = "Omar";

pub(super) const PEOPLE: [Person; 25] = [
    person("Jordan", "Reyes", "+15550100142", "jordan@example.org", JORDANS_PIN, 1991),
    person("Alex", "Kim", "+15550100110", "alex.kim@example.org", "", 1978),
    speaks_spanish(person("Rosa", "Morales", "+15550100111", "rosa.morales@example.org", "2580", 1966)),
    speaks_spanish(person("Luis", "Ortega", "+15550100112", "", "", 1959)),
    person("Priscilla", "Webb", "+15550100113", "p.webb@example.org", "901447", 1973),
    // A landline: the demo's gateway refuses it.
    person("Henry", "Dubois", super::super::outbox::LANDLINE, "henry.dubois@example.net", "", 1948),
    person("Grace", "Okafor", "+15550100115", "grace.okafor@example.net", "", 1985),
    person("Tom", "Becker", "+15550100116", "", "", 1980),
    person("Nina", "Patel", "+15550100117", "nina@example.net", "", 1994),
    person(OPTED_OUT, "Haddad", "+15550100118", "", "", 1969),
    person("Ellen", "Brooks", "", "ellen.brooks@example.org", "", 1951),
    person("Wei", "Chen", "+15550100120", "wei.chen@example.net", "6602", 1976),
    person("Fatima", "Noor", "+15550100121", "fatima.noor@example.org", "", 1988),
    person("Jack", "Sullivan", "+15550100122", "", "", 1996),
    person("Maria", "Silva", "+15550100123", "maria.silva@example.net", "silver birch", 1963),
    person("Ben", "Carter", "+15550100124", "ben.carter@example.org", "", 1971),
    person("Olivia", "Grant", "+15550100125", "", "", 1983),
    person("Samir", "Gupta", "+15550100126", "samir.gupta@example.net", "", 1974),
    person("Hannah", "Weiss", "+15550100127", "hannah.weiss@example.org", "", 1967),
    person("Dmitri", "Volkov", "+15550100128", "", "", 1982),
    person("Aisha", "Bello", "+15550100129", "aisha.bello@example.net", "3197", 1990),
    person("Peter", "Nowak", "+15550100130", "peter.nowak@example.org", "", 1955),
    person("Chloe", "Martin", super::super::outbox::BUSY, "chloe.martin@example.org", "", 0),
    person("Walter", "Jensen", "+15550100132", "walter.jensen@example.net", "", 1946),
    person("Zoe", "Campbell", "+15550100133", "zoe.campbell@example.org", "", 1999),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_people_are_as_the_tour_says() {
        let unique = |values: Vec<&str>| values.iter().collect::<HashSet<_>>().len() == values.len();
        assert!(unique(PEOPLE.iter().map(|person| person.first_name).collect()));
        assert!(unique(PEOPLE.iter().filter_map(|person| person.phone).collect()));
        assert_eq!(PEOPLE.iter().filter(|person| person.language == "es").count(), 2);
        assert_eq!(PEOPLE.iter().filter(|person| person.phone.is_none()).count(), 1);
        assert_eq!(PEOPLE.iter().filter(|person| person.born.is_none()).count(), 1);
        for person in &PEOPLE {
            assert!(person.phone.is_none_or(|phone| phone.parse::<sealpost_shared::text::Phone>().is_ok()));
            assert!(person.email.is_none_or(|email| email.parse::<sealpost_shared::text::Email>().is_ok()));
            assert!(person.pin.is_none_or(|pin| pin.parse::<sealpost_shared::text::Pin>().is_ok()));
        }
    }
}
