//! The few primitives every screen is made of: values in, callbacks out. No calls, no words, no state
//! of the apps.

use leptos::prelude::Effect;

mod accent;
mod avatar;
mod banner;
mod button;
mod choice;
mod dialog;
mod entry;
mod field;
mod icon;
mod message_body;
mod password;
mod radios;
mod segmented;
mod shown;
mod switch;
mod tag;

/// Runs `act` now and whenever a signal that it read changes. Compiled once, where `Effect::new` is for
/// each closure.
pub fn effect(act: impl Fn() + 'static) {
    let act: Box<dyn Fn()> = Box::new(act);
    Effect::new(move |_: Option<()>| act());
}

pub use accent::{ENOUGH_CONTRAST, contrast_with_white, readable, wear_accent, wear_accent_on};
pub use avatar::{Avatar, Logo, Mark, initials};
pub use banner::{Banner, Tone};
pub use button::{Button, Look};
pub use choice::Choice;
pub use dialog::Dialog;
pub use entry::{Entry, EntryNode};
pub use field::{Field, FieldError};
pub use icon::{Icon, IconName};
pub use message_body::MessageBody;
pub use password::{PasswordField, ShowHide};
pub use radios::Radios;
pub use segmented::Segmented;
pub use shown::{mark, shown, shown_when};
pub use switch::Switch;
pub use tag::{Tag, TagTone};
