//! What a good password is, said in words, and asking for the current one.

use chrono::TimeDelta;
use sealpost_shared::problem::ProblemCode;
use zxcvbn::{Score, zxcvbn};

use crate::entities::budget::{self, Limit};
use crate::entities::user;
use crate::problem::{Problem, Result};
use crate::state::State;

const LENGTH: std::ops::RangeInclusive<usize> = 12..=128;
/// What a password must have beside known words.
const REST: usize = 8;
const ADVICE: &str = "Four words that do not belong together are good.";
const TRIES: Limit = Limit { scope: "own_password", times: 5, window: TimeDelta::minutes(5) };

/// Refuses what is guessed soon; `known` is what anybody knows of the person: name, address, organization.
pub(crate) fn check_password(password: &str, known: &[&str]) -> Result<()> {
    let refused = |code: &str, detail: String| Err(Problem::field("/password", code, detail));
    match password.chars().count() {
        length if length < *LENGTH.start() => {
            return refused("too_short", format!("must have at least {} characters", LENGTH.start()));
        }
        length if length > *LENGTH.end() => {
            return refused("too_long", format!("must have at most {} characters", LENGTH.end()));
        }
        _ => {}
    }
    let words: Vec<&str> = known
        .iter()
        .flat_map(|text| std::iter::once(*text).chain(text.split(|c: char| !c.is_alphanumeric())))
        .filter(|word| word.chars().count() >= 3)
        .collect();
    // The estimate alone is lenient with several known words in a row.
    if without(password, &words) < REST {
        let why = "is made of your name, your address or your organization's name.";
        return refused("too_weak", format!("{why} {ADVICE}"));
    }
    let found = zxcvbn(password, &words);
    if found.score() >= Score::Three {
        return Ok(());
    }
    let warning = found.feedback().and_then(|feedback| feedback.warning()).map(|it| it.to_string());
    let why = warning.unwrap_or_else(|| "It follows a pattern or holds words that people know.".to_owned());
    refused("too_weak", format!("is too easy to guess. {why} {ADVICE}"))
}

/// How many letters are left when the words that everybody knows are taken out.
fn without(password: &str, words: &[&str]) -> usize {
    let mut words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let password = password.to_lowercase();
    let rest = words.iter().fold(password.clone(), |rest, word| rest.replace(word.as_str(), ""));
    if rest == password { usize::MAX } else { rest.chars().count() }
}

/// Charges a try, then looks at the person's own password (security.md D7).
pub(super) async fn ask_current(
    state: &State,
    user: &user::Model,
    given: Option<&str>,
    pointer: &str,
) -> Result<()> {
    let Some(hash) = user.password_hash.as_deref() else { return Ok(()) };
    let given = given.ok_or_else(|| Problem::field(pointer, "required", "is required"))?;
    let subject = user.id.uuid();
    let now = state.now();
    let db = state.db.of(user.organization_id);
    let charged = db.write(async |tx| Ok(budget::charge(tx, TRIES, subject.as_bytes(), now).await?)).await?;
    if !charged {
        let detail = "too many tries; wait five minutes";
        return Err(Problem::new(ProblemCode::RateLimited, detail).retry_after(300));
    }
    let right = match state.secrets.hashing.permit().await {
        Ok(permit) => permit.verify(given, Some(hash)).await?,
        Err(busy) => {
            db.write(async |tx| Ok(budget::refund(tx, TRIES, subject.as_bytes()).await?)).await?;
            return Err(busy);
        }
    };
    if !right {
        return Err(Problem::field(pointer, "incorrect", "is not your password"));
    }
    db.write(async |tx| Ok(budget::reset(tx, TRIES, subject.as_bytes()).await?)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(password: &str) -> Option<ProblemCode> {
        let known = ["Amy Lee", "amy.lee@riverside.example", "Riverside Clinic"];
        check_password(password, &known).err().map(|problem| problem.code)
    }

    #[test]
    fn what_is_guessed_soon_is_refused() {
        for weak in [
            "",
            "short",
            "passwordpassword",
            "123456789012",
            "qwertyuiopas",
            "aaaaaaaaaaaaaaaa",
            "amyleeriverside",
            "riversideclinic2026",
            "Riverside Clinic",
            &"x7".repeat(65),
        ] {
            assert_eq!(code(weak), Some(ProblemCode::ValidationFailed), "{weak}");
        }
        for strong in ["correct-horse-battery-staple", "Zebra kettle 4 moonlight", "кошка ест зелёный стул"]
        {
            assert_eq!(code(strong), None, "{strong}");
        }
    }
}
