//! The browser's own dialog for passkeys (`navigator.credentials`). Options and answers travel as the JSON that
//! the specification gives them; a browser that does not speak it has no passkeys here.

use js_sys::{Array, Function, Object, Promise, Reflect};
use sealpost_shared::passkeys::{
    Assertion, Attestation, CreationOptions, NewCredential, RequestOptions, UsedCredential,
};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The person said no, or let it wait for too long: browsers do not say which.
    Dismissed,
    /// This device is known already.
    Known,
    Failed,
}

impl Refusal {
    pub const fn key(self) -> &'static str {
        match self {
            Self::Dismissed => "passkey-dismissed",
            Self::Known => "passkey-known",
            Self::Failed => "passkey-failed",
        }
    }

    fn of(error: &JsValue) -> Self {
        let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
        match name.as_deref() {
            Some("NotAllowedError" | "AbortError") => Self::Dismissed,
            Some("InvalidStateError") => Self::Known,
            _ => Self::Failed,
        }
    }
}

fn field(of: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(of, &name.into())
}

/// Calls a method that web-sys does not know.
fn call(of: &JsValue, name: &str, with: &[JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = field(of, name)?.dyn_into()?;
    method.apply(of, &with.iter().collect::<Array>())
}

fn window() -> JsValue {
    web_sys::window().map(JsValue::from).unwrap_or_default()
}

pub fn is_here() -> bool {
    let speaks = |name: &str| {
        let class = field(&window(), "PublicKeyCredential").unwrap_or_default();
        class.is_function() && field(&class, name).is_ok_and(|method| method.is_function())
    };
    speaks("parseCreationOptionsFromJSON") && speaks("parseRequestOptionsFromJSON")
}

/// Asks the browser; what it answers, as JSON's own values.
async fn ask(method: &str, parse: &str, options: &impl Serialize) -> Result<JsValue, JsValue> {
    let options = options.serialize(&Serializer::json_compatible())?;
    let class = field(&window(), "PublicKeyCredential")?;
    let wrapped = Object::new();
    Reflect::set(&wrapped, &"publicKey".into(), &call(&class, parse, &[options])?)?;
    let credentials = field(&field(&window(), "navigator")?, "credentials")?;
    let asked: Promise = call(&credentials, method, &[wrapped.into()])?.dyn_into()?;
    call(&JsFuture::from(asked).await?, "toJSON", &[])
}

fn text(of: &JsValue, name: &str) -> Result<String, Refusal> {
    field(of, name).ok().and_then(|value| value.as_string()).ok_or(Refusal::Failed)
}

pub async fn create(options: &CreationOptions) -> Result<NewCredential, Refusal> {
    let made = ask("create", "parseCreationOptionsFromJSON", options).await.map_err(|e| Refusal::of(&e))?;
    let response = field(&made, "response").map_err(|_| Refusal::Failed)?;
    Ok(NewCredential {
        id: text(&made, "id")?,
        raw_id: text(&made, "rawId")?,
        kind: text(&made, "type")?,
        response: Attestation {
            attestation_object: text(&response, "attestationObject")?,
            client_data_json: text(&response, "clientDataJSON")?,
        },
    })
}

pub async fn get(options: &RequestOptions) -> Result<UsedCredential, Refusal> {
    let used = ask("get", "parseRequestOptionsFromJSON", options).await.map_err(|e| Refusal::of(&e))?;
    let response = field(&used, "response").map_err(|_| Refusal::Failed)?;
    Ok(UsedCredential {
        id: text(&used, "id")?,
        raw_id: text(&used, "rawId")?,
        kind: text(&used, "type")?,
        response: Assertion {
            authenticator_data: text(&response, "authenticatorData")?,
            client_data_json: text(&response, "clientDataJSON")?,
            signature: text(&response, "signature")?,
        },
    })
}
