//! The few primitives every screen is made of: values in, callbacks out. No calls, no words, no state
//! of the apps.

use leptos::prelude::Effect;

mod accent;
mod avatar;
mod banner;
mod button;
mod choice;
mod dialog;
mod field;
mod icon;
mod message_body;
mod password;
mod shown;
mod tag;

/// Runs `act` now and whenever a signal that it read changes. Compiled once, where `Effect::new` is for
/// each closure.
pub fn effect(act: impl Fn() + 'static) {
    let act: Box<dyn Fn()> = Box::new(act);
    Effect::new(move |_: Option<()>| act());
}

pub use accent::wear_accent;
pub use avatar::{Avatar, Mark, initials};
pub use banner::{Banner, Tone};
pub use button::{Button, Look};
pub use choice::Choice;
pub use dialog::Dialog;
pub use field::{Field, FieldError};
pub use icon::{Icon, IconName};
pub use message_body::MessageBody;
pub use password::{PasswordField, ShowHide};
pub use shown::{mark, shown, shown_when};
pub use tag::{Tag, TagTone};
