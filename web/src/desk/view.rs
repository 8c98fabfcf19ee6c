//! What the desk decides before it draws anything: pure functions, tested natively.

mod api_keys;
mod audit;
mod custom;
mod device;
mod drafts;
mod mail;
mod pages;
mod phone;
mod place;
mod practice;
mod roles;
mod rows;
mod sending;
mod steps;
mod strength;
mod texts;
mod ticket;
mod timeline;

pub use api_keys::{KeyState, SCOPES, key_state, scope_keys};
pub use audit::{actor_key, audit_key, fault_key};
pub use custom::{CustomTyped, custom_code, custom_patch, custom_typed, custom_values, custom_wrong, key_of};
pub use device::{browser_key, system_key};
pub use drafts::{SecureDraft, as_sentence, insert_at, is_at, refusal, settle};
pub use mail::{SECURITIES, security_from, security_name, usual_port};
pub use pages::{Listed, append, merge};
pub use phone::{masked_phone, phone_words};
pub use place::{Place, SettingsPage, parse_place};
pub use practice::{DayDraft, PracticeDraft, WEEKDAYS, Wrong};
pub use roles::{ROLES, role_from, role_key, role_name};
pub use rows::{Ago, RowTag, ago, row_tags};
pub use sending::{PinChoice, blocked, channels_now, first_channel, went_securely};
pub use steps::{Step, first_due, in_fours, left_to_do, state_of, step_after, step_before, step_number};
pub use strength::{PASSWORD_MIN, Strength, strength};
pub use texts::{CHART, TextsDraft, bars, used, whole};
pub use ticket::{Ticket, ticket_in};
pub use timeline::{Entry, Fact, LinkEvent, Span, facts, first_new, span_until, timeline};
