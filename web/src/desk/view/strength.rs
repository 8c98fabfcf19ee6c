//! How hard a password is to guess, said while it is typed. The server has the last word and knows
//! more about guessing; this is advice, so that a rough measure will do.

/// The shortest password the server takes.
pub const PASSWORD_MIN: usize = 12;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// This many characters are missing.
    TooShort(usize),
    Weak,
    Good,
    Strong,
}

/// What everybody tries first.
const COMMON: &[&str] = &[
    "password",
    "passwort",
    "contraseña",
    "qwerty",
    "asdfgh",
    "letmein",
    "welcome",
    "admin",
    "sealpost",
    "iloveyou",
    "monkey",
    "dragon",
    "football",
    "summer",
    "winter",
    "clinic",
    "office",
    "changeme",
];

/// `about` is what others know of the person: name, address.
pub fn strength(password: &str, about: &[&str]) -> Strength {
    let length = password.chars().count();
    if length < PASSWORD_MIN {
        return Strength::TooShort(PASSWORD_MIN - length);
    }
    let mut rest = password.to_lowercase();
    let personal = about.iter().flat_map(|words| words.split(|c: char| !c.is_alphanumeric()));
    let personal: Vec<String> =
        personal.filter(|word| word.chars().count() > 2).map(str::to_lowercase).collect();
    for word in COMMON.iter().copied().chain(personal.iter().map(String::as_str)) {
        // A known word is worth one character.
        rest = rest.replace(word, "\u{0}");
    }
    match surprises(&rest) {
        0..8 => Strength::Weak,
        8..14 => Strength::Good,
        _ => Strength::Strong,
    }
}

/// Characters that neither repeat the one before, nor go on in its row (`345`, `cba`), nor are part of a
/// piece that stood there already.
fn surprises(text: &str) -> usize {
    let chars: Vec<char> = text.chars().collect();
    let follows = |a: char, b: char| (a as i64 - b as i64).abs() <= 1;
    let seen_before =
        |at: usize| at >= 2 && chars[..at - 1].windows(3).any(|piece| chars.get(at - 2..=at) == Some(piece));
    (0..chars.len())
        .filter(|at| *at == 0 || !(follows(chars[at - 1], chars[*at]) || seen_before(*at)))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_too_short_weak_good_or_strong() {
        let amy: &[&str] = &["Amy Lee", "amy.lee@riverside.example"];
        for (password, expected) in [
            ("", Strength::TooShort(12)),
            ("Xk9!", Strength::TooShort(8)),
            ("aaaaaaaaaaaa", Strength::Weak),
            ("123456789012", Strength::Weak),
            ("abcabcabcabcabc", Strength::Weak),
            ("password1234", Strength::Weak),
            ("amyleeriverside", Strength::Weak),
            ("Riverside2026!", Strength::Weak),
            ("blue7teapot!", Strength::Good),
            ("correct horse battery staple", Strength::Strong),
            ("pequeño árbol verde junto al río", Strength::Strong),
        ] {
            assert_eq!(strength(password, amy), expected, "{password:?}");
        }
    }

    #[test]
    fn what_others_know_of_a_person_makes_a_password_weaker() {
        assert!(strength("octavia-1987-fern", &[]) > strength("octavia-1987-fern", &["Octavia Fern"]));
    }
}
