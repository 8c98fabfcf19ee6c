//! Phone numbers as people read them.

/// `+1 555 010 0142`; numbers of other countries as they are, because grouping them needs tables.
pub fn phone_words(phone: &str) -> String {
    match phone.strip_prefix("+1") {
        Some(rest) if rest.len() == 10 && rest.is_ascii() => {
            format!("+1 {} {} {}", &rest[..3], &rest[3..6], &rest[6..])
        }
        _ => phone.to_owned(),
    }
}

/// Half hidden: enough to tell two people apart, not enough for a glance over the shoulder.
pub fn masked_phone(phone: &str) -> String {
    let digits: Vec<char> = phone_words(phone).chars().collect();
    let tail: String = digits[digits.len().saturating_sub(4)..].iter().collect();
    let head: String = digits[..digits.len().saturating_sub(8)].iter().collect();
    format!("{} ••• {tail}", head.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_where_the_grouping_is_known() {
        assert_eq!(phone_words("+15550100142"), "+1 555 010 0142");
        assert_eq!(phone_words("+4915112345678"), "+4915112345678");
    }

    #[test]
    fn a_masked_number_shows_its_start_and_its_end() {
        assert_eq!(masked_phone("+15550100142"), "+1 555 ••• 0142");
        assert_eq!(masked_phone("+4915112345678"), "+49151 ••• 5678");
        assert_eq!(masked_phone("+123"), " ••• +123");
    }
}
