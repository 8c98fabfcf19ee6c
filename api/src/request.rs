//! What a request carries, read strictly: JSON with a pointer to what is wrong, query parameters,
//! the caller's address, what it takes.

mod strict;

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::time::Duration;

use actix_web::body::{BodyStream, to_bytes_limited};
use actix_web::dev::Payload;
use actix_web::http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use actix_web::web::{Bytes, Data, Query};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sealpost_shared::paths::{IDEMPOTENCY_KEY, IDEMPOTENCY_REPLAYED};
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::settings::LOGO_BYTES_MAX;
use serde::Serialize;
use serde::de::DeserializeOwned;
use strict::Fault;
use subtle::ConstantTimeEq as _;

use crate::auth::{Caller, check_origin, is_json, is_picture};
use crate::config::{Config, Limits};
use crate::idempotency::{Answer, IdempotencyKey};
use crate::journal::Actor;
use crate::problem::{Problem, Result};
use crate::state::State;

/// A JSON body. Unknown fields are refused by the types themselves.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let json = sent_as(request.headers(), is_json);
        let deadline = body_deadline(request);
        let bytes = Bytes::from_request(request, payload);
        Box::pin(async move {
            if !json {
                return Err(ProblemCode::UnsupportedMediaType.into());
            }
            parse(&in_time(deadline, bytes).await?).map(Self)
        })
    }
}

/// Of the right kind, and as it is: nothing is unpacked here, so that nothing small becomes large.
fn sent_as(headers: &HeaderMap, kind: impl Fn(&str) -> bool) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let packed = headers.contains_key(CONTENT_ENCODING)
        && !text(CONTENT_ENCODING).is_some_and(|coding| coding.eq_ignore_ascii_case("identity"));
    !packed && text(CONTENT_TYPE).is_some_and(kind)
}

fn body_deadline(request: &HttpRequest) -> Duration {
    let state = request.app_data::<Data<State>>();
    state.map_or(Limits::default().body, |state| state.config.limits.body)
}

/// actix's own time-out ends with the head; a body that trickles in is cut off here (security.md D34).
async fn in_time<T>(
    deadline: Duration,
    bytes: impl Future<Output = std::result::Result<T, actix_web::Error>>,
) -> Result<T> {
    tokio::time::timeout(deadline, bytes)
        .await
        .map_err(|_| Problem::new(ProblemCode::BadRequest, "the body took too long"))?
        .map_err(|error| match error.as_response_error().status_code().as_u16() {
            413 => Problem::from(ProblemCode::PayloadTooLarge),
            _ => Problem::new(ProblemCode::BadRequest, "the body could not be read"),
        })
}

/// The bytes of a PNG or a JPEG, as their sender calls them; what they are is for the service to see.
pub struct Picture(pub Vec<u8>);

impl FromRequest for Picture {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let picture = sent_as(request.headers(), is_picture);
        let deadline = body_deadline(request);
        let payload = payload.take();
        Box::pin(async move {
            if !picture {
                return Err(ProblemCode::UnsupportedMediaType.into());
            }
            let bytes = in_time(deadline, async {
                Ok(to_bytes_limited(BodyStream::new(payload), LOGO_BYTES_MAX).await)
            });
            let bytes = bytes.await?.map_err(|_| Problem::from(ProblemCode::PayloadTooLarge))?;
            let bytes =
                bytes.map_err(|_| Problem::new(ProblemCode::BadRequest, "the body could not be read"))?;
            Ok(Self(bytes.to_vec()))
        })
    }
}

/// The fields of a form, as a gateway sends them; one may stand there twice.
pub struct Form(pub Vec<(String, String)>);

impl FromRequest for Form {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = sent_as(request.headers(), |kind| is_kind(kind, "application/x-www-form-urlencoded"));
        let deadline = body_deadline(request);
        let bytes = Bytes::from_request(request, payload);
        Box::pin(async move {
            if !form {
                return Err(ProblemCode::UnsupportedMediaType.into());
            }
            let bytes = in_time(deadline, bytes).await?;
            Ok(Self(url::form_urlencoded::parse(&bytes).into_owned().collect()))
        })
    }
}

/// An email as it came, from whoever shows the operator's secret: nobody else's is read.
pub struct RawMail(pub Vec<u8>);

/// Mails with larger files are sent back by whoever handed them over.
const MAIL_BYTES_MAX: usize = 5 * 1024 * 1024;

impl FromRequest for RawMail {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let known = shows_mail_secret(request);
        let mail = sent_as(request.headers(), |kind| is_kind(kind, "message/rfc822"));
        let deadline = body_deadline(request);
        let payload = payload.take();
        Box::pin(async move {
            if !known {
                return Err(Problem::new(ProblemCode::Forbidden, "the secret is not the one of this hook"));
            }
            if !mail {
                return Err(ProblemCode::UnsupportedMediaType.into());
            }
            let bytes = in_time(deadline, async {
                Ok(to_bytes_limited(BodyStream::new(payload), MAIL_BYTES_MAX).await)
            });
            let bytes = bytes.await?.map_err(|_| Problem::from(ProblemCode::PayloadTooLarge))?;
            let bytes =
                bytes.map_err(|_| Problem::new(ProblemCode::BadRequest, "the body could not be read"))?;
            Ok(Self(bytes.to_vec()))
        })
    }
}

fn is_kind(content_type: &str, wanted: &str) -> bool {
    content_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(wanted)
}

/// As a bearer token, or as the password that an address can carry.
fn shows_mail_secret(request: &HttpRequest) -> bool {
    let state = request.app_data::<Data<State>>();
    let Some(secret) = state.and_then(|state| state.config.mail_hook_secret.as_ref()) else { return false };
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some((scheme, given)) = header.and_then(|header| header.split_once(' ')) else { return false };
    let shown = if scheme.eq_ignore_ascii_case("bearer") {
        Some(given.trim().to_owned())
    } else if scheme.eq_ignore_ascii_case("basic") {
        let decoded =
            BASE64_STANDARD.decode(given.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        decoded.and_then(|pair| pair.split_once(':').map(|(_, password)| password.to_owned()))
    } else {
        None
    };
    shown.is_some_and(|shown| bool::from(shown.as_bytes().ct_eq(secret.expose().as_bytes())))
}

/// What a body says, read as strictly as from the network.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    strict::check(bytes).map_err(|fault| match fault {
        Fault::TooDeep => Problem::new(ProblemCode::BadRequest, "the JSON is too deep"),
        Fault::Twice(place) => Problem::field(&place, "duplicate", "stands twice"),
    })?;
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| wrong_field(&error))?;
    deserializer.end().map_err(|_| Problem::new(ProblemCode::BadRequest, "text follows the JSON"))?;
    Ok(value)
}

/// Serde's message never repeats the value of our own text types; of others it may, so only its
/// kind and the field's name are used.
fn wrong_field(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let inner = error.inner();
    if inner.is_syntax() || inner.is_eof() || inner.is_io() {
        let detail = format!("not valid JSON at line {} column {}", inner.line(), inner.column());
        return Problem::new(ProblemCode::BadRequest, detail);
    }
    let message = inner.to_string();
    let named = message.split('`').nth(1).unwrap_or_default();
    let path = pointer(error.path());
    let (code, pointer, detail) = if message.starts_with("missing field") {
        ("required", format!("{path}/{named}"), "is required".to_owned())
    } else if message.starts_with("unknown field") {
        let pointer = if path.ends_with(named) { path } else { format!("{path}/{named}") };
        ("unknown", pointer, "is not a field of this request".to_owned())
    } else if message.starts_with("must ") {
        ("invalid", path, message.split(" at line").next().unwrap_or_default().to_owned())
    } else {
        ("invalid", path, "has the wrong form".to_owned())
    };
    Problem::field(&pointer, code, detail)
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
            Segment::Enum { variant } => Some(format!("/{variant}")),
            Segment::Unknown => None,
        })
        .collect()
}

/// Query parameters; a wrong one is 400.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Params<T> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        if request.query_string().contains("%00") {
            let detail = "a query parameter holds the character U+0000";
            return std::future::ready(Err(Problem::new(ProblemCode::BadRequest, detail)));
        }
        let parsed = Query::<T>::from_query(request.query_string());
        std::future::ready(parsed.map(|query| Self(query.into_inner())).map_err(|error| {
            let message = error.to_string();
            let detail = if message.contains("unknown field") {
                "a query parameter is not known here"
            } else {
                "a query parameter has the wrong form"
            };
            Problem::new(ProblemCode::BadRequest, detail)
        }))
    }
}

/// For calls that come before anybody is known: what the browser says of its origin must be us, and its network must
/// not make more of them than people do.
pub struct FromOurPage;

impl FromRequest for FromOurPage {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let checked = match request.app_data::<Data<State>>() {
            Some(state) => check_origin(request, &state.config)
                .and_then(|()| state.floods.take(&client_network(request, state)?, state.now()))
                .map(|()| Self),
            None => Err(Problem::internal("no state in the request")),
        };
        std::future::ready(checked)
    }
}

/// Whom limits are counted for: the network of the peer or, behind a trusted proxy, of the right-most hop
/// that is not one (security.md D19). IPv6 counts by /64: a single customer has that many. Hashed, for an
/// address says something of the person.
pub struct ClientNetwork(pub Vec<u8>);

fn network(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => address.octets().to_vec(),
            None => address.octets()[..8].to_vec(),
        },
    }
}

impl FromRequest for ClientNetwork {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let hashed = match request.app_data::<Data<State>>() {
            Some(state) => client_network(request, state).map(Self),
            None => Err(Problem::internal("no state in the request")),
        };
        std::future::ready(hashed)
    }
}

fn client_network(request: &HttpRequest, state: &State) -> Result<Vec<u8>> {
    let address = client_address(request, &state.config);
    let address = address.ok_or_else(|| Problem::internal("the peer has no address"))?;
    Ok(state.secrets.ring().keyed_hash("network", &network(address)))
}

fn client_address(request: &HttpRequest, config: &Config) -> Option<IpAddr> {
    let trusted = |address: &IpAddr| config.trusted_proxies.iter().any(|network| network.contains(address));
    let peer = request.peer_addr()?.ip();
    if !trusted(&peer) {
        return Some(peer);
    }
    let hops = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
    let hops: Vec<_> =
        hops.flat_map(|value| value.split(',')).map(|hop| hop.trim().parse::<IpAddr>()).collect();
    // A hop that is no address was not written by a proxy of ours: stop at the last one that was.
    let mut client = peer;
    for hop in hops.into_iter().rev() {
        let Ok(hop) = hop else { break };
        client = hop;
        if !trusted(&hop) {
            break;
        }
    }
    Some(client)
}

/// The `Idempotency-Key` of a creating call: keys must send one, people at the desk may.
pub fn idempotency_key(
    state: &State,
    request: &HttpRequest,
    caller: &Caller,
    route: &'static str,
    body: &impl Serialize,
) -> Result<Option<IdempotencyKey>> {
    let header = request.headers().get(IDEMPOTENCY_KEY);
    let Some(header) = header else {
        return match caller.actor {
            Actor::ApiKey(_) => Err(ProblemCode::IdempotencyKeyMissing.into()),
            _ => Ok(None),
        };
    };
    let key = header.to_str().map_err(|_| Problem::from(ProblemCode::IdempotencyKeyInvalid))?;
    let actor = caller.actor.id().unwrap_or_default();
    IdempotencyKey::new(state.secrets.ring(), caller.organization, actor, route, key, body).map(Some)
}

/// A creating call's answer: 201, and a mark when it is an earlier request's.
pub fn created<T: Serialize>(answer: Answer<T>) -> HttpResponse {
    let mut response = HttpResponse::Created();
    if answer.replayed {
        response.insert_header((IDEMPOTENCY_REPLAYED, "true"));
    }
    response.json(answer.value)
}

/// Whether the caller takes an answer packed in this way (RFC 9110, 12.5.3).
pub fn takes_coding(request: &HttpRequest, coding: &str) -> bool {
    let accepted =
        request.headers().get(ACCEPT_ENCODING).and_then(|said| said.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|offer| {
        let (name, quality) = offer.split_once(';').unwrap_or((offer, ""));
        let none =
            quality.trim().strip_prefix("q=").and_then(|quality| quality.parse::<f32>().ok()) == Some(0.0);
        name.trim() == coding && !none
    })
}

#[cfg(test)]
mod tests;
