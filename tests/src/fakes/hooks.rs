//! The other way round: the gateway calls us.

use aws_lc_rs::hmac;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use reqwest::Method;

use super::AUTH_TOKEN;
use crate::app::TestApp;
use crate::client::{Answer, Call, Client};

/// As the gateway signs a form for this address: names in order, each with its value behind it.
pub fn signature(address: &str, form: &[(&str, &str)]) -> String {
    let mut fields = form.to_vec();
    fields.sort_unstable();
    let fields: String = fields.iter().flat_map(|(name, value)| [*name, *value]).collect();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, AUTH_TOKEN.as_bytes());
    BASE64_STANDARD.encode(hmac::sign(&key, format!("{address}{fields}").as_bytes()))
}

impl TestApp {
    /// The gateway calls, signed.
    pub async fn gateway_calls(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let signature = signature(&format!("{}{path}", self.origin()), form);
        form_call(&self.anybody(), path, form).header("x-twilio-signature", signature).send().await
    }

    /// Where the gateway was told to call back about its text number `at`.
    pub fn callback_of(&self, at: usize) -> String {
        let text = self.gateway.requests()[at].clone();
        let address = text.status_callback.expect("a callback");
        address.strip_prefix(&self.origin()).expect("ours").to_owned()
    }

    /// The gateway says what became of its text number `at`.
    pub async fn receipt(&self, at: usize, status: &str, error: Option<u32>) -> Answer {
        let error = error.map(|code| code.to_string()).unwrap_or_default();
        let mut form = vec![("MessageSid", "SM00000000000000000000000000000009"), ("MessageStatus", status)];
        if !error.is_empty() {
            form.push(("ErrorCode", &error));
        }
        self.gateway_calls(&self.callback_of(at), &form).await
    }

    /// Somebody texts our number.
    pub async fn text_in(&self, id: &str, from: &str, body: &str) -> Answer {
        let form =
            [("MessageSid", id), ("From", from), ("To", super::FROM), ("Body", body), ("NumMedia", "0")];
        self.gateway_calls(sealpost_shared::paths::HOOKS_TWILIO_INBOUND, &form).await
    }
}

/// A form, unsigned.
pub fn form_call<'a>(client: &'a Client, path: &str, form: &[(&str, &str)]) -> Call<'a> {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let call = client.call(Method::POST, path).bytes(body);
    call.without("x-sealpost-request").header("content-type", "application/x-www-form-urlencoded")
}
