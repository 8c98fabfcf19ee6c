//! The public URL, as the browser sees it and as this server reaches it. It is the environment's: here it is
//! looked at, and said what to set.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::setup::{AddressCheck, AddressCheckId, AddressFinding};
use url::Url;

use crate::auth::StaffMember;
use crate::config::is_loopback;
use crate::entities::budget::{self, Limit};
use crate::entities::setup;
use crate::problem::{Problem, Result};
use crate::secrets::{random_token, valid_token};
use crate::state::State;

/// Where this server proves that it is the one that answers.
pub const ANSWER_HEADER: &str = "x-sealpost-answer";
const PATIENCE: Duration = Duration::from_secs(5);
const CHECKS: Limit = Limit { scope: "address_check", times: 30, window: TimeDelta::hours(1) };

/// What this server says to `/healthz?challenge=…`: nobody without the key file can.
pub fn answer(state: &State, challenge: &str) -> Option<String> {
    let hash = || state.secrets.ring().keyed_hash("address-challenge", challenge.as_bytes());
    valid_token(challenge).then(|| URL_SAFE_NO_PAD.encode(hash()))
}

/// Looks at the public URL, and notes when it is good.
pub async fn check_address(state: &State, member: &StaffMember, origin: &str) -> Result<AddressCheck> {
    let origin = browser_origin(origin)?;
    let (organization, now) = (member.user.organization_id, state.now());
    let subject = organization.uuid();
    if !state
        .db
        .of(member.user.organization_id)
        .write(async |tx| Ok(budget::charge(tx, CHECKS, subject.as_bytes(), now).await?))
        .await?
    {
        let detail = "the address was checked thirty times this hour";
        return Err(Problem::new(ProblemCode::RateLimited, detail).retry_after(600));
    }
    let reachable = reach(state).await;
    let check = judge(&state.config.public_url, &origin, reachable);
    if check.ok {
        let public_url = check.public_url.clone();
        state
            .db
            .of(member.user.organization_id)
            .write(async |tx| {
                member.caller().still_counts(state, tx).await?;
                let mut row = setup::get_locked(tx, organization, now).await?;
                row.checked_address = Some(public_url);
                row.into_active_model().reset_all().update(tx).await?;
                Ok(())
            })
            .await?;
    }
    Ok(check)
}

fn browser_origin(text: &str) -> Result<Url> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or_else(|| {
        Problem::field("/origin", "invalid", "must be the page's origin, such as https://example.org")
    })
}

/// Why this server was not reached under its own public URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unreachable {
    NoAnswer,
    /// Somebody answers, but it is not us.
    SomebodyElse,
    Unasked,
}

async fn reach(state: &State) -> Result<(), Unreachable> {
    let challenge = random_token();
    let expected = answer(state, &challenge).ok_or(Unreachable::Unasked)?;
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .build()
        .map_err(|_| Unreachable::Unasked)?;
    let address = format!("{}/healthz?challenge={challenge}", state.config.origin());
    let response = client.get(address).send().await.map_err(|_| Unreachable::NoAnswer)?;
    let given = response.headers().get(ANSWER_HEADER).map(|value| value.as_bytes());
    let ours =
        given.is_some_and(|given| bool::from(subtle::ConstantTimeEq::ct_eq(given, expected.as_bytes())));
    if ours { Ok(()) } else { Err(Unreachable::SomebodyElse) }
}

fn judge(public: &Url, origin: &Url, reachable: Result<(), Unreachable>) -> AddressCheck {
    let public_url = public.origin().ascii_serialization();
    let local = is_loopback(public);
    let findings = vec![
        scheme(public, local),
        same_as_browser(public, origin, local),
        usable_by_clients(local),
        reached(&public_url, reachable),
    ];
    let wrong = |id| findings.iter().any(|finding: &AddressFinding| finding.id == id && !finding.ok);
    let ok = !findings.iter().any(|it| it.id != AddressCheckId::UsableByClients && !it.ok);
    let line = (wrong(AddressCheckId::SameAsBrowser) || wrong(AddressCheckId::Scheme)).then(|| line(origin));
    AddressCheck { public_url, ok, findings, environment_line: line }
}

fn scheme(public: &Url, local: bool) -> AddressFinding {
    let detail = match public.scheme() {
        "https" => "Links are encrypted on their way (https).",
        _ if local => {
            return note(
                AddressCheckId::Scheme,
                true,
                "Not needed on this computer alone. Clients need https.",
            );
        }
        _ => "Links are not encrypted on their way. Put a proxy with TLS before Sealpost.",
    };
    finding(AddressCheckId::Scheme, public.scheme() == "https", detail)
}

fn same_as_browser(public: &Url, origin: &Url, local: bool) -> AddressFinding {
    let both_local =
        local && is_loopback(origin) && public.port_or_known_default() == origin.port_or_known_default();
    if public.origin() == origin.origin() || both_local {
        return finding(AddressCheckId::SameAsBrowser, true, "It is where your browser is.");
    }
    let (stands, leads) = (origin.origin().ascii_serialization(), public.origin().ascii_serialization());
    let detail = format!("Your browser is at {stands}, and links lead to {leads}.");
    finding(AddressCheckId::SameAsBrowser, false, detail)
}

fn usable_by_clients(local: bool) -> AddressFinding {
    if local {
        let detail =
            "Not yet. Clients need an address of their own world, such as https://messages.example.org.";
        return note(AddressCheckId::UsableByClients, false, detail);
    }
    finding(AddressCheckId::UsableByClients, true, "It can be opened from elsewhere.")
}

fn reached(public_url: &str, reachable: Result<(), Unreachable>) -> AddressFinding {
    let ok = reachable.is_ok();
    let detail = match reachable {
        Ok(()) => "This server answers there.".to_owned(),
        Err(Unreachable::NoAnswer) => format!(
            "Nobody answered at {public_url} within five seconds. Check its DNS entry, the proxy and the \
             certificate."
        ),
        Err(Unreachable::SomebodyElse) => format!(
            "Something answers at {public_url}, but it is not this server. Check where the proxy sends it."
        ),
        Err(Unreachable::Unasked) => "This server could not ask.".to_owned(),
    };
    finding(AddressCheckId::Reachable, ok, detail)
}

fn finding(id: AddressCheckId, ok: bool, detail: impl Into<String>) -> AddressFinding {
    AddressFinding { id, ok, note: false, detail: detail.into() }
}

/// What is so on one computer alone.
fn note(id: AddressCheckId, ok: bool, detail: &str) -> AddressFinding {
    AddressFinding { note: true, ..finding(id, ok, detail) }
}

/// What would make links lead to where the browser is; https wherever it is not this computer.
fn line(origin: &Url) -> String {
    let mut right = origin.clone();
    if !is_loopback(origin) && right.scheme() == "http" && right.set_scheme("https").is_ok() {
        let _ = right.set_port(None);
    }
    format!("SEALPOST_PUBLIC_URL={}", right.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(public: &str, origin: &str) -> AddressCheck {
        judge(&public.parse().expect("a URL"), &origin.parse().expect("a URL"), Ok(()))
    }

    #[test]
    fn what_is_wrong_comes_with_the_line_that_mends_it() {
        let good = judged("https://post.example.org", "https://post.example.org");
        assert!(good.ok && good.environment_line.is_none() && good.findings.iter().all(|it| it.ok));
        let other = judged("https://post.example.org", "https://messages.example.org:8443");
        assert!(!other.ok);
        let line = other.environment_line.as_deref();
        assert_eq!(line, Some("SEALPOST_PUBLIC_URL=https://messages.example.org:8443"));
        let plain = judged("http://localhost:8080", "http://messages.example.org");
        assert_eq!(
            plain.environment_line.as_deref(),
            Some("SEALPOST_PUBLIC_URL=https://messages.example.org")
        );
        let local = judged("http://localhost:8080", "http://127.0.0.1:8080");
        assert!(local.ok && local.environment_line.is_none());
        let usable = local.findings.iter().find(|it| it.id == AddressCheckId::UsableByClients);
        assert!(usable.is_some_and(|it| !it.ok && it.note));
        let scheme = local.findings.iter().find(|it| it.id == AddressCheckId::Scheme);
        assert!(scheme.is_some_and(|it| it.ok && it.note), "no tick for what is not there");
        let elsewhere = judge(
            &"https://a.example".parse().expect("a URL"),
            &"https://a.example".parse().expect("a URL"),
            Err(Unreachable::SomebodyElse),
        );
        assert!(!elsewhere.ok && elsewhere.environment_line.is_none());
    }
}
