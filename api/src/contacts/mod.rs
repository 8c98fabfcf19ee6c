//! The people an organization writes to: their record, their PIN, how they can be reached.
//!
//! Hides sealing and the keyed indexes that find a phone number or an email address again.

mod addresses;
mod pins;
mod record;
pub mod routes;
pub mod service;
mod view;

pub use addresses::{
    Address, Recipient, chosen_channel, hold_by_address, is_known, reachable_channel, unsealed_address,
};
pub use pins::{refuse, refuse_weak, weaknesses_of};
pub use record::{check, check_fields, create_in, find_match, put_by_external_id};
pub use view::{display_name, view};
