//! Text messages out, over Twilio's REST wire format: Twilio, its look-alikes, or a gateway on this
//! computer. Hides the format; what a gateway says in its errors stays here, since it quotes the number.

use std::time::Duration;

use async_trait::async_trait;
use chrono::DateTime;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode};
use sealpost_shared::deliveries::FailureCode;
use serde_json::Value;
use url::Url;

use super::sms_list;
use super::sms_words::{receipt, refusal};
use crate::config::SmsConfig;
use crate::senders::{Found, SendOutcome, SmsNotice, SmsSender};

/// Longer answers are not read to their end.
const ANSWER_MAX: usize = 256 * 1024;

/// The client for gateways: short of patience, and it goes where it was told to and nowhere else.
/// `lease` bounds a try, so that it ends well before another worker may take over.
pub fn gateway_client(lease: Duration) -> reqwest::Result<Client> {
    Client::builder()
        .connect_timeout(Duration::from_secs(3).min(lease / 5))
        .timeout(super::attempt_timeout(lease))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
}

pub struct TwilioSender {
    client: Client,
    config: SmsConfig,
    endpoint: String,
}

impl TwilioSender {
    /// `client` must not follow redirects: they would carry the number and the link elsewhere.
    pub fn new(client: Client, config: SmsConfig) -> Self {
        let base = config.url.as_str().trim_end_matches('/');
        let endpoint = format!("{base}/2010-04-01/Accounts/{}/Messages.json", config.account_sid);
        Self { client, config, endpoint }
    }

    /// A gateway elsewhere cannot reach this computer by a name that means it to itself, and refuses to try.
    fn callback<'a>(&self, sms: &'a SmsNotice<'_>) -> Option<&'a str> {
        let url = sms.callback.as_deref()?;
        let local = |url: &Url| crate::config::is_loopback(url);
        let reachable = !url.parse().is_ok_and(|url| local(&url)) || local(&self.config.url);
        reachable.then_some(url)
    }
}

#[async_trait]
impl SmsSender for TwilioSender {
    async fn send(&self, sms: &SmsNotice<'_>) -> SendOutcome {
        let key = sms.id.uuid().to_string();
        let mut form = vec![("To", sms.to.as_str()), ("From", self.config.from.as_str()), ("Body", sms.body)];
        form.extend(self.callback(sms).map(|url| ("StatusCallback", url)));
        let answer = self
            .client
            .post(&self.endpoint)
            .basic_auth(&self.config.account_sid, Some(self.config.auth_token.expose()))
            .header("Idempotency-Key", format!("\"{key}\""))
            .header("I-Twilio-Idempotency-Token", key)
            .form(&form)
            .send()
            .await;
        match answer {
            Ok(response) => outcome(response).await,
            Err(error) => unanswered(&error),
        }
    }

    async fn find(&self, sms: &SmsNotice<'_>) -> Found {
        let Ok(address) = Url::parse_with_params(&self.endpoint, sms_list::question(sms)) else {
            return Found::CannotSay;
        };
        let asked = self
            .client
            .get(address)
            .basic_auth(&self.config.account_sid, Some(self.config.auth_token.expose()))
            .send()
            .await;
        let Ok(mut response) = asked else { return Found::NotNow };
        let status = response.status();
        if status.is_server_error() || is_passing(status) {
            return Found::NotNow;
        }
        match read(&mut response).await {
            Some(list) if status.is_success() => sms_list::found(&list, sms),
            _ => Found::CannotSay,
        }
    }
}

const fn is_passing(status: StatusCode) -> bool {
    matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS)
}

async fn outcome(mut response: Response) -> SendOutcome {
    let status = response.status();
    let retry_after = retry_after(response.headers());
    let answer = read(&mut response).await.filter(Value::is_object);
    let field = |name: &str| answer.as_ref().and_then(|answer| answer.get(name));
    let error = |name| field(name).and_then(Value::as_u64).and_then(|code| u32::try_from(code).ok());
    if status.is_success() && answer.is_some() {
        let provider_id = field("sid").and_then(Value::as_str).filter(|sid| is_plain(sid));
        // Taken, and given up at once: the account is blocked, say.
        let given_up = field("status").and_then(Value::as_str).map(|word| receipt(word, error("error_code")));
        return match given_up.flatten() {
            Some(crate::senders::Receipt::Failed { code, detail }) => SendOutcome::refused(code, detail),
            _ => SendOutcome::Accepted { provider_id: provider_id.map(str::to_owned) },
        };
    }
    if status.is_success() || status.is_redirection() || status.is_informational() {
        let detail = format!("What the text message service answered makes no sense{}.", named(status, None));
        return SendOutcome::ambiguous(FailureCode::GatewayUnclear, detail);
    }
    if status.is_client_error() && !is_passing(status) {
        let (code, sentence) = refusal(status.as_u16(), error("code"));
        SendOutcome::refused(code, format!("{sentence}{}.", named(status, None)))
    } else {
        let named = named(status, error("code"));
        let detail = format!("The text message service could not take it just now{named}.");
        SendOutcome::Passing { code: FailureCode::GatewayBusy, detail, retry_after }
    }
}

/// Seconds, or a moment by the clock of whoever answers (RFC 9110, 10.2.3).
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let wanted = text(RETRY_AFTER)?;
    if let Ok(seconds) = wanted.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = |text: &str| DateTime::parse_from_rfc2822(text).ok();
    (moment(wanted)? - moment(text(DATE)?)?).to_std().ok()
}

async fn read(response: &mut Response) -> Option<Value> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        if body.len() + chunk.len() > ANSWER_MAX {
            return None;
        }
        body.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&body).ok()
}

fn named(status: StatusCode, code: Option<u32>) -> String {
    match code {
        Some(code) => format!(" (HTTP {}, error {code})", status.as_u16()),
        None => format!(" (HTTP {})", status.as_u16()),
    }
}

/// Where no connection came about, nothing was sent. After that nobody knows.
fn unanswered(error: &reqwest::Error) -> SendOutcome {
    if super::trial::tls_in(error) && error.is_connect() {
        let detail = "The connection to the text message service could not be encrypted.";
        SendOutcome::passing(FailureCode::GatewayTls, detail)
    } else if error.is_connect() || error.is_builder() {
        SendOutcome::passing(FailureCode::GatewayUnreachable, "We could not reach the text message service.")
    } else if error.is_timeout() {
        SendOutcome::ambiguous(
            FailureCode::GatewayTimeout,
            "The text message service did not answer in time.",
        )
    } else {
        SendOutcome::ambiguous(
            FailureCode::GatewayUnreachable,
            "The text message service hung up before it answered.",
        )
    }
}

/// An id goes into the database and into lists; one that could be anything else is not kept.
pub fn is_plain(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests;
