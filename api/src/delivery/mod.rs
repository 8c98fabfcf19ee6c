//! Getting a notice out.
//!
//! Others queue a finished text in their own transaction and read where it is; everything after that is
//! hidden here: how many there may be, sealing, claiming, sending, trying again, giving up. It never makes a link, so every try
//! carries the same one.

mod address;
mod allowance;
mod attempt;
mod claim;
mod content;
mod fallback;
mod gsm7;
mod queue;
mod receipts;
mod retry;
mod settle;
mod slots;
mod staff_mail;
pub mod worker;

pub use address::set_opted_out;
pub use allowance::{month_spent, notice_due, refused, standing};
pub use content::{Content, EmailContent, SmsContent};
pub use gsm7::{NO_LIKENESS, NOTICE_SEGMENTS_MAX, fits_a_text, has_likeness, measure};
pub use queue::{
    Notice, Urgency, cancel_confirmations, cancel_of_channel, cancel_of_contact, cancel_of_links, enqueue,
};
pub use receipts::{organization_of_email, receive_of, receive_of_email, receive_of_text};
pub use staff_mail::{StaffMail, cancel_of_invitation, enqueue_staff_mail};

#[cfg(test)]
mod tests;
