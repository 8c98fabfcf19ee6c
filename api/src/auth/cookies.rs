//! Session cookies: host-bound, unreadable to scripts, gone with the browser.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponseBuilder};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::state_of;
use crate::problem::{Problem, Result};
use crate::secrets::valid_token;
use crate::session_tokens::{Audience, Token, Verified};
use crate::state::State;

/// A fresh cookie for the answer to this request; `limits::frame` adds it.
pub struct Reissue(pub Cookie<'static>);

/// `__Host-` binds a cookie to this host over TLS; a browser refuses it on plain loopback.
fn name(audience: Audience, https: bool) -> &'static str {
    match (audience, https) {
        (Audience::Staff, true) => "__Host-sealpost_staff",
        (Audience::Staff, false) => "sealpost_staff",
        (Audience::PendingStaff, true) => "__Host-sealpost_staff_pending",
        (Audience::PendingStaff, false) => "sealpost_staff_pending",
        (Audience::EnrollingStaff, true) => "__Host-sealpost_staff_enrolling",
        (Audience::EnrollingStaff, false) => "sealpost_staff_enrolling",
        (Audience::Patient, true) => "__Host-sealpost_patient",
        (Audience::Patient, false) => "sealpost_patient",
    }
}

fn cookie(audience: Audience, https: bool, value: String) -> Cookie<'static> {
    strict(name(audience, https), https, value)
}

fn strict(name: &'static str, https: bool, value: String) -> Cookie<'static> {
    Cookie::build(name, value).path("/").http_only(true).secure(https).same_site(SameSite::Strict).finish()
}

/// A signed cookie for a session that exists.
pub fn session_cookie(state: &State, token: &Token) -> Result<Cookie<'static>> {
    let value = state.tokens.sign(token, state.now())?;
    Ok(cookie(token.audience, state.config.is_https(), value))
}

/// Takes the cookie away.
pub fn clear_cookie(state: &State, audience: Audience) -> Cookie<'static> {
    let mut cookie = cookie(audience, state.config.is_https(), String::new());
    cookie.make_removal();
    cookie
}

/// One person is at the desk in one browser, and at one stage of signing in: what an earlier one left behind ends.
pub fn set_staff_cookie(response: &mut HttpResponseBuilder, state: &State, token: &Token) -> Result<()> {
    response.cookie(session_cookie(state, token)?);
    for other in [Audience::Staff, Audience::PendingStaff, Audience::EnrollingStaff] {
        if other != token.audience {
            response.cookie(clear_cookie(state, other));
        }
    }
    Ok(())
}

/// The token in the request's cookie, when it is genuine.
pub(super) fn read(request: &HttpRequest, state: &State, audience: Audience) -> Option<Verified> {
    let cookie = request.cookie(name(audience, state.config.is_https()))?;
    state.tokens.verify(audience, cookie.value(), state.now())
}

/// Asks for a fresh cookie when the token is getting old; only for a session that was found to count.
pub(super) fn renew(request: &HttpRequest, state: &State, verified: &Verified) {
    if verified.renew
        && let Ok(fresh) = session_cookie(state, &verified.token)
    {
        request.extensions_mut().insert(Reissue(fresh));
    }
}

/// Whether the request carries a cookie of this audience at all.
pub(super) fn present(request: &HttpRequest, state: &State, audience: Audience) -> bool {
    request.cookie(name(audience, state.config.is_https())).is_some()
}

const fn device_name(https: bool) -> &'static str {
    if https { "__Host-sealpost_device" } else { "sealpost_device" }
}

/// A patient's browser says by it that it was let in before. It opens nothing by itself; it stays when the session
/// is left, or whoever leaves could be shut out by strangers' wrong PINs.
pub fn device_cookie(state: &State, token: String, lasting: chrono::TimeDelta) -> Cookie<'static> {
    let https = state.config.is_https();
    let value = format!("{token}.{}", device_tag(state, &token));
    let mut cookie = strict(device_name(https), https, value);
    cookie.set_max_age(actix_web::cookie::time::Duration::seconds(lasting.num_seconds()));
    cookie
}

/// Made with our key: a browser that was never let in cannot invent a cookie, and with it a place in front of a crowd
/// (`Visitor::place`).
fn device_tag(state: &State, token: &str) -> String {
    let tag = state.secrets.ring().keyed_hash("device-cookie", token.as_bytes());
    URL_SAFE_NO_PAD.encode(tag)
}

fn made_here(state: &State, cookie: &str) -> Option<String> {
    let (token, tag) = cookie.split_once('.').filter(|(token, _)| valid_token(token))?;
    let ours = device_tag(state, token);
    verify_slices_are_equal(tag.as_bytes(), ours.as_bytes()).is_ok().then(|| token.to_owned())
}

/// What such a cookie holds, when it is one of ours.
pub struct DeviceCookie(pub Option<String>);

impl FromRequest for DeviceCookie {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let held = state_of(request).map(|state| {
            let cookie = request.cookie(device_name(state.config.is_https()));
            Self(cookie.and_then(|cookie| made_here(&state, cookie.value())))
        });
        std::future::ready(held)
    }
}
