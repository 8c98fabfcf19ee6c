//! The tables, one file each: the row and the only ways to look rows up.
//!
//! Finders take the organization and leave out what must not be seen; bare `find` is allowed here only.
#![expect(clippy::disallowed_methods, reason = "finders are built from `find`; the derive uses it too")]

pub mod account_guard;
pub mod api_key;
pub mod audit_entry;
pub mod budget;
pub mod channel;
pub mod clock_mark;
pub mod contact;
pub mod contact_field;
pub mod contact_guard;
pub mod contact_key;
pub mod conversation;
pub mod conversation_unread;
pub mod delivery;
pub mod due;
pub mod event;
pub mod folder_count;
pub mod idempotency_key;
pub mod inbound_message;
pub mod invitation;
pub mod known_device;
pub mod link;
pub mod link_guard;
pub mod message;
pub mod one_time_sign_in;
pub mod organization;
pub mod organization_head;
pub mod organization_key;
pub mod organization_logo;
pub mod outgoing;
pub mod passkey;
pub mod passkey_ceremony;
pub mod password_reset;
pub mod patient_session;
pub mod pending_sign_in;
pub mod peppered;
pub mod recovery_code;
pub mod reminder;
pub mod scheduled_message;
pub mod sealed;
pub mod second_step;
pub mod secure_messaging_settings;
pub mod sending_policy;
pub mod sending_total;
pub mod server_key;
pub mod setup;
pub mod staff_device;
pub mod staff_mail;
pub mod staff_session;
pub mod text_notice_seen;
pub mod user;
