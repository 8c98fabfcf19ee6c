//! Text messages out, over Twilio's REST wire format: Twilio, its look-alikes, or a gateway on this
//! computer. Hides the format; what a gateway says in its errors stays here, since it quotes the number.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::header::RETRY_AFTER;
use reqwest::{Client, Response, StatusCode};
use serde::Deserialize;

use crate::config::SmsConfig;
use crate::senders::{SendOutcome, SmsNotice, SmsSender};

/// Longer answers are not read to their end.
const ANSWER_MAX: usize = 64 * 1024;

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
}

#[derive(Deserialize)]
struct Answer {
    sid: Option<String>,
    code: Option<u32>,
}

#[async_trait]
impl SmsSender for TwilioSender {
    async fn send(&self, sms: &SmsNotice<'_>) -> SendOutcome {
        let key = sms.id.uuid().to_string();
        let form = [("To", sms.to.as_str()), ("From", self.config.from.as_str()), ("Body", sms.body)];
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
            Err(error) => unreachable(&error),
        }
    }
}

async fn outcome(mut response: Response) -> SendOutcome {
    let status = response.status();
    let retry_after = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse().ok())
        .map(Duration::from_secs);
    let answer = read(&mut response).await;
    if status.is_success() {
        // What the gateway took it calls taken, whatever its answer looks like.
        let provider_id = answer.and_then(|answer| answer.sid).filter(|sid| is_plain(sid));
        return SendOutcome::Accepted { provider_id };
    }
    let passing =
        matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS);
    let code = answer.and_then(|answer| answer.code);
    if status.is_client_error() && !passing {
        refusal(status, code)
    } else {
        let detail = format!("The text message service could not take it just now{}.", named(status, code));
        SendOutcome::Passing { code: "gateway_busy", detail, retry_after }
    }
}

async fn read(response: &mut Response) -> Option<Answer> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        if body.len() + chunk.len() > ANSWER_MAX {
            return None;
        }
        body.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&body).ok()
}

/// The gateway's own numbers for what staff can act on; the rest stays a number.
fn refusal(status: StatusCode, code: Option<u32>) -> SendOutcome {
    let (code, sentence) = match code {
        Some(21610) => ("recipient_opted_out", "This number has opted out of text messages"),
        Some(21211 | 21214 | 21217 | 21401 | 21421) => {
            ("address_invalid", "The text message service says that this is not a working number")
        }
        Some(21612 | 21614 | 30006) => {
            ("address_unreachable", "This number cannot get text messages; it may be a landline")
        }
        Some(21212 | 21603 | 21606 | 21659 | 21660 | 21661) => {
            ("sender_refused", "The text message service does not accept our sender's number")
        }
        Some(21408) => ("region_not_allowed", "The text message service may not send to this country"),
        _ if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
            ("gateway_unauthorized", "The text message service did not accept our account")
        }
        _ => ("gateway_refused", "The text message service refused it"),
    };
    SendOutcome::refused(code, format!("{sentence}{}.", named(status, None)))
}

fn named(status: StatusCode, code: Option<u32>) -> String {
    match code {
        Some(code) => format!(" (HTTP {}, error {code})", status.as_u16()),
        None => format!(" (HTTP {})", status.as_u16()),
    }
}

fn unreachable(error: &reqwest::Error) -> SendOutcome {
    if error.is_timeout() {
        SendOutcome::passing("gateway_timeout", "The text message service did not answer in time.")
    } else if super::trial::tls_in(error) {
        SendOutcome::passing(
            "gateway_tls",
            "The connection to the text message service could not be encrypted.",
        )
    } else {
        SendOutcome::passing("gateway_unreachable", "We could not reach the text message service.")
    }
}

/// An id goes into the database and into lists; one that could be anything else is not kept.
fn is_plain(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests;
