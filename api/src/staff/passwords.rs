//! What a good password is, said in words, and asking for the current one.

use zxcvbn::{Score, zxcvbn};

use super::tries::{self, Try};
use crate::entities::user;
use crate::problem::{Problem, Result};
use crate::state::State;

const LENGTH: std::ops::RangeInclusive<usize> = 12..=128;
/// What a password must have beside known words.
const REST: usize = 8;
const ADVICE: &str = "Four words that do not belong together are good.";

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
pub(crate) async fn ask_current(
    state: &State,
    user: &user::Model,
    network: &[u8],
    given: Option<&str>,
    pointer: &str,
) -> Result<()> {
    let Some(hash) = user.password_hash.as_deref() else { return Ok(()) };
    let given = given.ok_or_else(|| Problem::field(pointer, "required", "is required"))?;
    let attempt = Try::new(&tries::OWN_PASSWORD, *user.id.uuid().as_bytes(), network);
    attempt.charge(state).await?;
    if !verify(state, &attempt, given, Some(hash)).await? {
        attempt.failed(state, Some(user)).await?;
        return Err(Problem::field(pointer, "incorrect", "is not your password"));
    }
    state.db.of(user.organization_id).write(async |tx| attempt.succeeded(tx).await).await
}

/// Without a hash it takes as long and is wrong. A try that got no turn is given back.
pub(super) async fn verify(
    state: &State,
    attempt: &Try<'_>,
    password: &str,
    hash: Option<&str>,
) -> Result<bool> {
    match state.secrets.hashing.permit().await {
        Ok(permit) => permit.verify(password, hash).await,
        Err(busy) => {
            attempt.give_back(state).await?;
            Err(busy)
        }
    }
}

/// A right password whose hash is of an older pepper or cheaper than today's is hashed anew (security.md D4). What goes
/// wrong here goes wrong again next time, and the old hash counts until then.
pub(super) async fn renew(state: &State, user: &user::Model, password: &str) {
    let Some(hash) = user.password_hash.as_deref() else { return };
    if state.secrets.hashing.is_current(hash) {
        return;
    }
    let renewed = async {
        let fresh = state.secrets.hashing.hash(password).await?;
        let db = state.db.of(user.organization_id);
        db.write(async |tx| Ok(user::renew_password(tx, user.id, hash, &fresh).await?)).await
    };
    if let Err(problem) = renewed.await {
        tracing::warn!(problem.code = problem.code.as_str(), "a password's hash will be renewed next time");
    }
}

#[cfg(test)]
mod tests {
    use sealpost_shared::problem::ProblemCode;

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
