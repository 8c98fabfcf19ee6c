//! Every failure, as `application/problem+json` (RFC 9457). One type for services, extractors and
//! actix's own failures; the client learns the code and the request id, the log the cause.

use std::borrow::Cow;
use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, RETRY_AFTER};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use chrono::{DateTime, Utc};
use sea_orm::{DbErr, RuntimeErr};
use sealpost_shared::links::{LinkLifetime, RelinkOffer};
use sealpost_shared::problem::{FieldError, ProblemBody, ProblemCode};
use sealpost_shared::staff::OrganizationCard;

pub type Result<T, E = Problem> = std::result::Result<T, E>;

tokio::task_local! {
    /// The id of the request that is being answered; set by `limits::frame`.
    pub static REQUEST_ID: String;
}

/// What went wrong. Built from its code; the rest is optional.
#[derive(Debug)]
pub struct Problem {
    pub code: ProblemCode,
    detail: Cow<'static, str>,
    more: Box<More>,
}

/// What only some problems carry.
#[derive(Debug, Default)]
struct More {
    retry_after_seconds: Option<u64>,
    errors: Vec<FieldError>,
    attempts_left: Option<u32>,
    locked_until: Option<DateTime<Utc>>,
    organization: Option<OrganizationCard>,
    link_lifetime: Option<LinkLifetime>,
    relink: Option<RelinkOffer>,
}

impl From<ProblemCode> for Problem {
    fn from(code: ProblemCode) -> Self {
        Self { code, detail: Cow::Borrowed(code.title()), more: Box::default() }
    }
}

impl Problem {
    pub fn new(code: ProblemCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { detail: detail.into(), ..Self::from(code) }
    }

    /// One wrong field. `pointer` is a JSON Pointer into the body.
    pub fn field(pointer: &str, code: &str, detail: impl Into<String>) -> Self {
        Self::fields(vec![FieldError {
            pointer: pointer.to_owned(),
            code: code.to_owned(),
            detail: detail.into(),
            line: None,
            column: None,
        }])
    }

    /// Several wrong fields.
    pub fn fields(errors: Vec<FieldError>) -> Self {
        let mut problem = Self::from(ProblemCode::ValidationFailed);
        problem.more.errors = errors;
        problem
    }

    /// The same about a part of a larger body, which stands at `pointer`.
    pub fn under(mut self, pointer: &str) -> Self {
        for error in &mut self.more.errors {
            error.pointer.insert_str(0, pointer);
        }
        self
    }

    /// A failure that is ours: the cause goes to the log, once, the client gets the request id.
    pub fn internal(cause: impl fmt::Display) -> Self {
        tracing::error!(error.cause = %cause, "internal error");
        Self::from(ProblemCode::Internal)
    }

    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.more.retry_after_seconds = Some(seconds.max(1));
        self
    }

    /// Too often: what counts it lets through again at `until`.
    pub fn wait(until: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        let seconds = (until - now).num_milliseconds().max(0).unsigned_abs().div_ceil(1_000);
        Self::new(ProblemCode::RateLimited, "too many tries; wait a while").retry_after(seconds)
    }

    pub fn attempts_left(mut self, left: u32) -> Self {
        self.more.attempts_left = Some(left);
        self
    }

    pub fn locked_until(mut self, until: DateTime<Utc>) -> Self {
        self.more.locked_until = Some(until);
        self
    }

    pub fn from_organization(mut self, card: OrganizationCard) -> Self {
        self.more.organization = Some(card);
        self
    }

    pub fn link_lifetime(mut self, lifetime: LinkLifetime) -> Self {
        self.more.link_lifetime = Some(lifetime);
        self
    }

    pub fn relink(mut self, offer: Option<RelinkOffer>) -> Self {
        self.more.relink = offer;
        self
    }
}

/// Shorthand for "not there, or not yours".
pub fn not_found() -> Problem {
    ProblemCode::NotFound.into()
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.detail)
    }
}

impl std::error::Error for Problem {}

impl From<DbErr> for Problem {
    /// A database that is away or busy is 503: trying again is right. Anything else is ours.
    fn from(error: DbErr) -> Self {
        let away = match &error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
            DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
                is_passing(cause)
            }
            _ => false,
        };
        if away {
            tracing::warn!(error.cause = %error, "database unavailable");
            Self::from(ProblemCode::Unavailable).retry_after(2)
        } else {
            Self::internal(error)
        }
    }
}

/// Busy, locked, a file system that became read-only, trouble with the disk, a full one.
const SQLITE_PASSING: [u32; 5] = [5, 6, 8, 10, 13];
/// A connection that broke or was too long idle, deadlock, time-outs, shutting down, no more memory or connections,
/// trouble with the disk, a full one.
const POSTGRES_PASSING: [&str; 16] = [
    "08000", "08003", "08006", "25P03", "40001", "40P01", "55P03", "57014", "57P01", "57P02", "57P03",
    "57P05", "53100", "53200", "53300", "58030",
];

fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
        sqlx::Error::Database(database) => database.code().is_some_and(|code| match code.parse::<u32>() {
            // SQLite's codes are shorter; the lowest eight bits say which kind it is.
            Ok(number) if code.len() < 5 => SQLITE_PASSING.contains(&(number & 0xff)),
            _ => POSTGRES_PASSING.contains(&code.as_ref()),
        }),
        _ => false,
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let request_id = REQUEST_ID.try_with(Clone::clone).unwrap_or_default();
        let mut response = HttpResponseBuilder::new(self.status_code());
        if let Some(seconds) = self.more.retry_after_seconds {
            response.insert_header((RETRY_AFTER, seconds));
        }
        response.insert_header((CONTENT_TYPE, "application/problem+json")).json(ProblemBody {
            kind: format!("/docs/problems#{}", self.code.as_str()),
            title: self.code.title().to_owned(),
            status: self.code.status(),
            detail: self.detail.clone().into_owned(),
            code: self.code,
            request_id,
            errors: self.more.errors.clone(),
            attempts_left: self.more.attempts_left,
            locked_until: self.more.locked_until,
            organization: self.more.organization.clone().map(Box::new),
            link_lifetime: self.more.link_lifetime,
            relink: self.more.relink.clone(),
        })
    }
}
