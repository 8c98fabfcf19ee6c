//! Randomness from the operating system's generator.

use aws_lc_rs::rand;

/// 22 base62 characters are 131 bits (security.md D1).
pub const TOKEN_LENGTH: usize = 22;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Random bytes. There is no way on without them, so a dead generator ends the process.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if rand::fill(&mut bytes).is_err() {
        tracing::error!("the system's random generator does not answer");
        std::process::abort();
    }
    bytes
}

/// 44 characters are 262 bits: for what is worth a password.
const LONG_TOKEN_LENGTH: usize = 2 * TOKEN_LENGTH;

pub fn long_token() -> String {
    token() + &token()
}

/// As [`valid_token`] of the shorter ones.
pub fn valid_long_token(text: &str) -> bool {
    text.len() == LONG_TOKEN_LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A fresh token. Bytes over 247 are drawn again: 248 is four times 62, so no character is likelier.
pub fn token() -> String {
    let mut token = String::with_capacity(TOKEN_LENGTH);
    while token.len() < TOKEN_LENGTH {
        let drawn: [u8; 32] = bytes();
        for byte in drawn.into_iter().filter(|byte| *byte < 248).take(TOKEN_LENGTH - token.len()) {
            token.push(char::from(ALPHABET[usize::from(byte % 62)]));
        }
    }
    token
}

/// Exactly the form of a token; an empty text must never reach a look-up (security.md D2).
pub fn valid_token(text: &str) -> bool {
    text.len() == TOKEN_LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn token_format_rejects_empty_short_long_nul() {
        assert!(valid_token(&token()));
        for bad in [
            "",
            "a",
            &"a".repeat(21),
            &"a".repeat(23),
            &format!("{}\0", "a".repeat(21)),
            "aaaaaaaaaaaaaaaaaaaaa-",
        ] {
            assert!(!valid_token(bad), "{bad:?}");
        }
    }
}
