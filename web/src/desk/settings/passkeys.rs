//! One's own passkeys: added and removed with the password, named by their owner.

mod adding;
mod dialogs;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::passkeys::Passkey;
use sealpost_web::client::{ClientError, passkeys, staff};
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Look, Tag, TagTone, shown, shown_when};

use adding::Beside;
use dialogs::{Remove, Rename};

use crate::desk::Desk;
use crate::form::Known;
use crate::loading::LoadFailed;
use crate::said;
use crate::shell::Now;

const KNOWN: Known = &[
    ("/password", "account-current-wrong"),
    ("/name", "passkey-name-wrong"),
    ("/ceremony", "passkey-too-late"),
    ("/credential", "passkey-failed"),
    ("conflict", "passkeys-full"),
];

/// What is open beside the list.
#[derive(Clone, PartialEq, Eq)]
enum Open {
    Nothing,
    Adding,
    /// Shown once.
    Keep(Vec<String>),
    Renaming(Passkey),
    Removing(Passkey),
}

#[derive(Clone, Copy)]
struct Passkeys {
    desk: Desk,
    /// Nothing until they have come.
    list: RwSignal<Option<Vec<Passkey>>>,
    error: RwSignal<Option<ClientError>>,
    open: RwSignal<Open>,
}

impl Passkeys {
    fn load(self) {
        self.error.set(None);
        spawn_local(async move {
            match self.desk.gate.hear(passkeys::list().await) {
                Ok(page) => drop(self.list.try_set(Some(page.data))),
                Err(error) => drop(self.error.try_set(Some(error))),
            }
        });
    }

    /// Whether there is a second step may have changed with it.
    fn changed(self) {
        self.load();
        let desk = self.desk;
        spawn_local(async move {
            if let Ok(session) = desk.gate.hear(staff::session().await) {
                desk.gate.session.try_set(Some(session));
                desk.load_setup();
            }
        });
    }

    fn close(self) {
        self.open.set(Open::Nothing);
    }
}

#[component]
pub fn PasskeysSection() -> impl IntoView {
    let text = Text::from_context();
    let keys = Passkeys {
        desk: Desk::from_context(),
        list: RwSignal::new(None),
        error: RwSignal::new(None),
        open: RwSignal::new(Open::Nothing),
    };
    keys.load();
    let none = Memo::new(move |_| keys.list.read().as_ref().is_some_and(Vec::is_empty));
    view! {
        <section class="panel card" id="passkeys">
            <h3>{move || text.say("passkeys-title")}</h3>
            <p class="muted">{move || text.say("passkeys-what")}</p>
            {move || {
                let error = keys.error.get();
                error.map(|error| view! { <LoadFailed error=error on_retry=move || keys.load() /> })
            }}
            <ul class="people">{shown(move || lines(keys))}</ul>
            {shown_when(
                move || none.get(),
                move || view! { <p class="muted small">{move || text.say("passkeys-none")}</p> }.into_any(),
            )}
            <Beside keys=keys />
            <Rename keys=keys />
            <Remove keys=keys />
        </section>
    }
}

fn lines(keys: Passkeys) -> AnyView {
    let list = keys.list.get().unwrap_or_default();
    list.into_iter().map(|passkey| view! { <Line passkey=passkey keys=keys /> }).collect_view().into_any()
}

#[component]
fn Line(passkey: Passkey, keys: Passkeys) -> impl IntoView {
    let text = Text::from_context();
    let now = Now::from_context();
    let (added, used) = (passkey.created_at, passkey.used_at);
    let times = move || {
        let day = |at| said::time_or_day(text, now.get(), at);
        let added = ("added", day(added).into());
        match used {
            Some(used) => text.say_with("passkey-used", &[added, ("used", day(used).into())]),
            None => text.say_with("passkey-unused", &[added]),
        }
    };
    let distrusted = passkey.distrusted_at.is_some();
    view! {
        <li class="person">
            <div class="grow">
                <div class="person-name">
                    <strong><bdi>{passkey.name.clone()}</bdi></strong>
                    {distrusted.then(|| view! { <Tag tone=TagTone::Warn>{text.say("passkey-distrusted")}</Tag> })}
                </div>
                <div class="muted small">{times}</div>
                {distrusted.then(|| view! { <p class="small">{text.say("passkey-distrusted-what")}</p> })}
            </div>
            <Acts passkey=passkey keys=keys />
        </li>
    }
}

#[component]
fn Acts(passkey: Passkey, keys: Passkeys) -> impl IntoView {
    let text = Text::from_context();
    let named = |key| text.say_with(key, &[("name", passkey.name.as_str().into())]);
    let (rename_name, remove_name) = (named("passkey-rename-of"), named("passkey-remove-of"));
    let (one, other) = (passkey.clone(), passkey.clone());
    view! {
        <div class="person-acts">
            <Button
                small=true
                look=Look::Quiet
                label=Signal::stored(rename_name)
                on_press=move || keys.open.set(Open::Renaming(one.clone()))
            >
                {move || text.say("passkey-rename")}
            </Button>
            <Button
                small=true
                look=Look::Danger
                label=Signal::stored(remove_name)
                on_press=move || keys.open.set(Open::Removing(other.clone()))
            >
                {move || text.say("passkey-remove")}
            </Button>
        </div>
    }
}
