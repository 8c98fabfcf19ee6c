use proptest::prelude::*;

use super::*;

/// Letters, marks that join them, marks that nobody sees, spaces of all kinds.
fn texts() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        3 => any::<char>(),
        3 => prop::char::range('a', 'z'),
        2 => prop::sample::select(vec!['\u{301}', '\u{308}', '\u{200b}', '\u{202e}', '\u{2066}', '\u{feff}', '\u{ad}']),
        2 => prop::sample::select(vec![' ', '\n', '\r', '\t', '\u{a0}', '\u{2028}', '\u{0}', '\u{7f}', '\u{85}']),
        1 => prop::sample::select(vec!['\u{1100}', '\u{1161}', '\u{3164}', '\u{e0041}', '\u{2000}', '\u{212b}']),
    ];
    prop::collection::vec(part, 0..40).prop_map(|letters| letters.into_iter().collect())
}

proptest! {
    /// What was made clean once is clean.
    #[test]
    fn prop_sanitise_idempotent(text in texts()) {
        if let Ok(name) = text.parse::<Name>() {
            let again: Name = name.as_str().parse().expect("a name");
            prop_assert_eq!(again.as_str(), name.as_str());
        }
        if let Ok(message) = text.parse::<MessageText>() {
            let again: MessageText = message.as_str().parse().expect("a text");
            prop_assert_eq!(again.as_str(), message.as_str());
        }
        if let Ok(value) = text.parse::<FieldValue>() {
            let again: FieldValue = value.as_str().parse().expect("a value");
            prop_assert_eq!(again.as_str(), value.as_str());
        }
        if let Ok(pin) = text.parse::<Pin>() {
            let again: Pin = pin.as_str().parse().expect("a PIN");
            prop_assert_eq!(again.as_str(), pin.as_str());
        }
    }

    #[test]
    fn a_name_is_one_line_that_shows_all_of_itself(text in texts()) {
        let Ok(name) = text.parse::<Name>() else { return Ok(()) };
        let name = name.as_str();
        prop_assert!((1..=NAME_MAX).contains(&name.chars().count()));
        prop_assert!(!name.chars().any(|c| c.is_control() || is_hidden(c)), "{:?}", name);
        prop_assert_eq!(name, name.split_whitespace().collect::<Vec<_>>().join(" "));
    }
}
