//! What the desk decides before it draws anything: pure functions, tested natively.

mod pages;
mod phone;
mod place;
mod rows;
mod sending;
mod timeline;

pub use pages::{Listed, append, merge};
pub use phone::{masked_phone, phone_words};
pub use place::{Place, SettingsPage, parse_place};
pub use rows::{Ago, RowTag, ago, row_tags};
pub use sending::{PinChoice, channels_of, first_channel, went_securely};
pub use timeline::{Entry, Fact, LinkEvent, Span, facts, first_new, span_until, timeline};
