//! What the pages about oneself share: the name, passwords, and the words for what is wrong with them.

use leptos::prelude::*;
use sealpost_web::text::Text;
use sealpost_web::ui::{Field, PasswordField, ShowHide};

use crate::form::{Form, Known};
use crate::view::{PASSWORD_MIN, Strength, strength};

/// What the server finds wrong with a name, an address, a password, a code.
pub const ACCOUNT: Known = &[
    ("/name", "account-name-wrong"),
    ("/email unavailable", "account-email-taken"),
    ("/email", "email-wrong"),
    ("/password too_short", "account-password-short"),
    ("/password too_long", "account-password-long"),
    ("/password incorrect", "account-current-wrong"),
    ("/password", "account-password-refused"),
    ("/current_password", "account-current-wrong"),
    ("/code", "code-wrong"),
    ("conflict", "account-email-taken"),
];

fn password_words(text: Text) -> ShowHide {
    ShowHide {
        show: text.live("show"),
        hide: text.live("hide"),
        show_what: text.live("password-show"),
        hide_what: text.live("password-hide"),
    }
}

/// The password as it was typed, or a word under the field.
pub fn read_new(form: Form, field: RwSignal<String>) -> Option<String> {
    let password = field.get_untracked();
    let long = password.chars().count() >= PASSWORD_MIN;
    if !long {
        form.refuse("/password", "account-password-short");
    }
    long.then_some(password)
}

/// One's own name, as colleagues and clients read it.
#[component]
pub fn OwnName(id: &'static str, value: RwSignal<String>, form: Form) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <Field
            id=id
            label=text.live("account-name")
            hint=text.live("account-name-hint")
            value=value
            autocomplete="name"
            required=true
            error=form.wrong("/name", value)
        />
    }
}

/// The password one has, where something needs it.
#[component]
pub fn CurrentPassword(
    id: &'static str,
    value: RwSignal<String>,
    form: Form,
    #[prop(default = "/current_password")] pointer: &'static str,
) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <PasswordField
            id=id
            label=text.live("account-current")
            value=value
            words=password_words(text)
            autocomplete="current-password"
            required=true
            error=form.wrong(pointer, value)
        />
    }
}

#[component]
pub fn NewPassword(
    id: &'static str,
    form: Form,
    value: RwSignal<String>,
    /// What others know of the person, which makes a password easy to guess.
    #[prop(into)]
    about: Signal<Vec<String>>,
    #[prop(default = "account-password")] label: &'static str,
) -> impl IntoView {
    let text = Text::from_context();
    let measure = Signal::derive(move || {
        let password = value.read();
        if password.is_empty() {
            return String::new();
        }
        let about = about.get();
        let about: Vec<&str> = about.iter().map(String::as_str).collect();
        match strength(&password, &about) {
            Strength::TooShort(left) => text.say_with("strength-short", &[("n", left.into())]),
            Strength::Weak => text.say("strength-weak"),
            Strength::Good => text.say("strength-good"),
            Strength::Strong => text.say("strength-strong"),
        }
    });
    view! {
        <PasswordField
            id=id
            label=text.live(label)
            hint=text.live("account-password-hint")
            value=value
            words=password_words(text)
            autocomplete="new-password"
            measure=measure
            required=true
            error=form.wrong("/password", value)
        />
    }
}
