//! Who calls. Extractors are the permission: a handler that takes a `Writer` cannot be reached by
//! anybody who may not write. Each route reads one kind of credential and ignores the other cookies.

mod cookies;
mod enrolling;
mod known_browser;
mod origin;
mod patient;
mod pending;
mod staff;
mod user_agent;

use actix_web::HttpRequest;
use actix_web::web::Data;
use chrono::{DateTime, TimeDelta, Utc};

pub use cookies::{DeviceCookie, Reissue, clear_cookie, device_cookie, session_cookie, set_staff_cookie};
pub use enrolling::{Enrolling, has_second_factor};
pub use known_browser::{DeviceTokens, KNOWN_FOR, staff_device_cookie};
pub use origin::{check_origin, is_json, is_picture};
pub use patient::{Patient, find_patient};
pub use pending::PendingMember;
pub use staff::{Admin, AdminMember, Caller, Reader, StaffMember, Writer, find_staff, hash_api_key};

use crate::problem::{Problem, Result};
use crate::state::State;

/// Staff sessions end after this long in any case; how long nobody may do anything is the organization's to say
/// (security.md D11).
pub const STAFF_ABSOLUTE: TimeDelta = TimeDelta::hours(12);
pub const PATIENT_IDLE: TimeDelta = TimeDelta::minutes(15);
pub const PATIENT_ABSOLUTE: TimeDelta = TimeDelta::hours(8);
/// The idle limit is moved at most this often.
const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(1);

/// Whether what a person does now moves the idle limit (security.md D11).
pub fn touches(active_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - active_at >= TOUCH_EVERY
}

fn state_of(request: &HttpRequest) -> Result<State> {
    request
        .app_data::<Data<State>>()
        .map(|data| State::clone(data))
        .ok_or_else(|| Problem::internal("no state in the request"))
}
