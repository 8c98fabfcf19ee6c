//! What makes a PIN easy to guess: for the warnings at the desk and the policy that refuses such PINs (security.md
//! D4). Pure, so that both sides say the same.

use serde::{Deserialize, Serialize};

/// Fewer characters than this are few.
const FEW: usize = 6;
/// The first that anybody tries.
const COMMON: &[&str] = &[
    "0852", "1004", "1122", "1313", "1379", "1470", "1590", "2001", "2468", "2580", "6969", "7410", "8520",
    "9630", "102030", "112233", "121314", "123321", "123654", "131313", "147258", "147852", "159357",
    "159753", "246810", "258456", "321654", "456123", "789456", "987654", "abc123", "admin", "asdfgh",
    "letmein", "passwort", "password", "qwerty", "qwertz", "secret", "welcome", "iloveyou", "1q2w3e",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PinWeakness {
    /// Fewer than six characters.
    Short,
    /// One character, two, or one part again and again: `1111`, `1212`.
    Repeats,
    /// `1234`, `fedcba`.
    Sequence,
    /// One of those that everybody tries first.
    Common,
    /// Made of a day that is written in the contact's fields.
    BirthDate,
    /// A part of the contact's phone number.
    Phone,
}

impl PinWeakness {
    /// What follows "the PIN".
    pub const fn words(self) -> &'static str {
        match self {
            Self::Short => "has fewer than six characters",
            Self::Repeats => "repeats itself",
            Self::Sequence => "is a sequence",
            Self::Common => "is one that everybody tries first",
            Self::BirthDate => "is made of a date in the contact's fields",
            Self::Phone => "is part of the contact's phone number",
        }
    }
}

/// All that is weak about `pin`. `days` are values such as `1984-03-21` or `1984`; others among them are passed over.
pub fn weaknesses<'a>(
    pin: &str,
    phone: Option<&str>,
    days: impl IntoIterator<Item = &'a str>,
) -> Vec<PinWeakness> {
    let signs: Vec<char> = pin.trim().to_lowercase().chars().collect();
    let text: String = signs.iter().collect();
    let digits: String = signs.iter().filter(|sign| sign.is_ascii_digit()).collect();
    // Dots and dashes between digits hide nothing.
    let is_number = !digits.is_empty() && signs.iter().all(|sign| !sign.is_alphabetic());
    let born = || is_number && days.into_iter().any(|day| is_made_of(&digits, day));
    let found = [
        (signs.len() < FEW, PinWeakness::Short),
        (repeats(&signs), PinWeakness::Repeats),
        (is_sequence(&signs), PinWeakness::Sequence),
        (COMMON.contains(&text.as_str()), PinWeakness::Common),
        (born(), PinWeakness::BirthDate),
        (is_number && phone.is_some_and(|phone| is_part_of(&digits, phone)), PinWeakness::Phone),
    ];
    found.into_iter().filter_map(|(is, weakness)| is.then_some(weakness)).collect()
}

fn repeats(signs: &[char]) -> bool {
    let mut different = signs.to_vec();
    different.sort_unstable();
    different.dedup();
    let part_again = |length: usize| signs.chunks(length).all(|part| signs.starts_with(part));
    different.len() <= 2 || (1..=signs.len() / 2).any(part_again)
}

fn is_sequence(signs: &[char]) -> bool {
    let steps: Vec<i64> =
        signs.windows(2).map(|pair| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0]))).collect();
    let all = |step: i64, around: i64| steps.iter().all(|it| *it == step || *it == around);
    // 7890 goes on after the nine.
    !steps.is_empty() && (all(1, -9) || all(-1, 9))
}

fn is_part_of(digits: &str, phone: &str) -> bool {
    let phone: String = phone.chars().filter(char::is_ascii_digit).collect();
    digits.len() >= 4 && phone.contains(digits)
}

/// As practices keep a year of birth: a number.
fn is_year(value: &str) -> bool {
    value.len() == 4 && value.parse().is_ok_and(|year: u16| (1900..2100).contains(&year))
}

/// Day, month and year in the orders that people write them; or the year, where nothing else is known.
fn is_made_of(digits: &str, day: &str) -> bool {
    let parts: Vec<&str> = day.split('-').collect();
    if let [year] = parts[..] {
        return is_year(year) && digits == year;
    }
    let [year, month, date] = parts[..] else { return false };
    let numbers = [(year, 4), (month, 2), (date, 2)];
    if !numbers
        .iter()
        .all(|(part, length)| part.len() == *length && part.bytes().all(|it| it.is_ascii_digit()))
    {
        return false;
    }
    let short = &year[2..];
    let written = [
        [year, month, date].concat(),
        [month, date, year].concat(),
        [date, month, year].concat(),
        [short, month, date].concat(),
        [month, date, short].concat(),
        [date, month, short].concat(),
        [month, date].concat(),
        [date, month].concat(),
        [month, year].concat(),
        [month, short].concat(),
        year.to_owned(),
    ];
    written.iter().any(|it| it == digits)
}

#[cfg(test)]
mod tests {
    use super::PinWeakness::{BirthDate, Common, Phone, Repeats, Sequence, Short};
    use super::*;

    #[test]
    fn blocklist() {
        let of = |pin: &str| weaknesses(pin, Some("+1 555 010 0142"), ["1984-03-21", "not a day", "true"]);
        for (pin, expected) in [
            ("4821", vec![Short]),
            ("48213", vec![Short]),
            ("482137", vec![]),
            ("blue-heron-7", vec![]),
            ("1111", vec![Short, Repeats]),
            ("777777", vec![Repeats]),
            ("121212", vec![Repeats]),
            ("482482", vec![Repeats]),
            ("112211", vec![Repeats]),
            ("123456", vec![Sequence]),
            ("654321", vec![Sequence]),
            ("567890", vec![Sequence]),
            ("abcdef", vec![Sequence]),
            ("FEDCBA", vec![Sequence]),
            ("147258", vec![Common]),
            ("Password", vec![Common]),
            ("2580", vec![Short, Common]),
            ("19840321", vec![BirthDate]),
            ("03211984", vec![BirthDate]),
            ("21.03.1984", vec![BirthDate]),
            ("210384", vec![BirthDate]),
            ("1984", vec![Short, BirthDate]),
            ("0321", vec![Short, BirthDate]),
            ("0142", vec![Short, Phone]),
            ("5550100142", vec![Phone]),
            ("010-0142", vec![Phone]),
            ("19840322", vec![]),
            ("ä1öü2ß", vec![]),
        ] {
            assert_eq!(of(pin), expected, "{pin}");
        }
        assert_eq!(weaknesses("0142", None, []), [Short], "nobody's number");
        assert_eq!(weaknesses("1984", None, ["1984"]), [Short, BirthDate], "a year alone");
        assert_eq!(weaknesses("4821", None, ["4821"]), [Short], "a number that is no year");
    }
}
