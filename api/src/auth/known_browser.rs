//! The cookie by which a browser is known to have been signed in before. It opens nothing.

use std::convert::Infallible;

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use chrono::TimeDelta;

use crate::secrets::valid_token;
use crate::state::State;

/// How long a browser is known after the last sign-in.
pub const KNOWN_FOR: TimeDelta = TimeDelta::days(180);
/// So many people can share one browser; each has a token of their own.
const TOKENS: usize = 5;
const SEPARATOR: char = '.';

/// What the browser's cookie holds, the newest first.
#[derive(Clone, Default)]
pub struct DeviceTokens(Vec<String>);

impl DeviceTokens {
    /// What is no token is passed over.
    fn parse(cookie: &str) -> Self {
        let tokens = cookie.split(SEPARATOR).take(TOKENS).filter(|token| valid_token(token));
        Self(tokens.map(ToOwned::to_owned).collect())
    }

    pub fn list(&self) -> &[String] {
        &self.0
    }

    /// With one more; the oldest makes room.
    pub fn with(&self, token: String) -> Self {
        let others = self.0.iter().take(TOKENS - 1).cloned();
        Self(std::iter::once(token).chain(others).collect())
    }
}

const fn name(https: bool) -> &'static str {
    if https { "__Host-sealpost_staff_device" } else { "sealpost_staff_device" }
}

/// Outlives the browser's session, as only this one and the patients' own (`device_cookie`) do.
pub fn staff_device_cookie(state: &State, tokens: &DeviceTokens) -> Cookie<'static> {
    let https = state.config.is_https();
    Cookie::build(name(https), tokens.0.join(&SEPARATOR.to_string()))
        .path("/")
        .http_only(true)
        .secure(https)
        .same_site(SameSite::Strict)
        .max_age(Duration::days(KNOWN_FOR.num_days()))
        .finish()
}

impl FromRequest for DeviceTokens {
    type Error = Infallible;
    type Future = std::future::Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let https = request.app_data::<Data<State>>().is_some_and(|state| state.config.is_https());
        let cookie = request.cookie(name(https));
        std::future::ready(Ok(cookie.map(|cookie| Self::parse(cookie.value())).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_token_is_passed_over_and_the_oldest_makes_room() {
        let token = |c: char| c.to_string().repeat(22);
        let read = DeviceTokens::parse(&format!("{}.x..{}", token('a'), token('b')));
        assert_eq!(read.list(), [token('a'), token('b')]);
        let full = ['c', 'd', 'e', 'f'].into_iter().fold(read, |tokens, c| tokens.with(token(c)));
        assert_eq!(full.list(), ['f', 'e', 'd', 'c', 'a'].map(token));
    }
}
