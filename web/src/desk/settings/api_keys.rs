//! Integrators' keys: what each may do, when it was last used, until when it works; a new one, shown once.

mod line;
mod making;

use leptos::prelude::*;
use sealpost_shared::api_keys::{ApiKey, CreatedApiKey};
use sealpost_web::client::api_keys;
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Dialog, Look};

use super::frame::SettingsFrame;
use crate::desk::Desk;
use crate::folder::Skeleton;
use crate::form::focus_at;
use crate::loading::{LoadFailed, ShowMore};
use crate::paged::{Paged, Stage};
use crate::view::SettingsPage;
use line::Line;
use making::Beside;

/// What is open above the list.
#[derive(Clone)]
enum Open {
    Nothing,
    Making,
    /// Shown once.
    Made(Box<CreatedApiKey>),
}

#[derive(Clone, Copy)]
struct Keys {
    desk: Desk,
    list: Paged<ApiKey>,
    open: RwSignal<Open>,
    revoking: RwSignal<Option<ApiKey>>,
}

impl Keys {
    fn revoke(self) {
        let Some(key) = self.revoking.get_untracked() else { return };
        self.revoking.set(None);
        // The button that was pressed is gone.
        self.desk.act(api_keys::revoke(key.id), move |()| {
            self.list.refresh();
            focus_at("#api-keys h3");
        });
    }
}

#[component]
pub fn ApiKeys() -> impl IntoView {
    let desk = Desk::from_context();
    let keys = Keys {
        desk,
        list: Paged::new(desk.gate),
        open: RwSignal::new(Open::Nothing),
        revoking: RwSignal::new(None),
    };
    keys.list.open(api_keys::list);
    view! {
        <SettingsFrame page=SettingsPage::ApiKeys>
            <Beside keys=keys />
            <List keys=keys />
        </SettingsFrame>
        <Revoke keys=keys />
    }
}

#[component]
fn List(keys: Keys) -> impl IntoView {
    let text = Text::from_context();
    let list = keys.list;
    let none = move || view! { <p class="muted">{text.live("api-keys-none")}</p> };
    view! {
        <section class="panel card" id="api-keys">
            <h3 tabindex="-1">{text.live("api-keys-title")}</h3>
            {move || match list.stage.get() {
                Stage::Loading => view! { <Skeleton /> }.into_any(),
                Stage::Failed(error) => view! { <LoadFailed error=error on_retry=move || list.again() /> }.into_any(),
                Stage::Ready => view! {
                    <Show when=move || !list.items.with(Vec::is_empty) fallback=none>
                        <ul class="people">
                            <For each=move || list.keys() key=|key| *key let:key>
                                <Line key=list.entry(key) keys=keys />
                            </For>
                        </ul>
                    </Show>
                    <ShowMore list=list />
                }
                .into_any(),
            }}
        </section>
    }
}

#[component]
fn Revoke(keys: Keys) -> impl IntoView {
    let text = Text::from_context();
    let title = Signal::derive(move || {
        let name = keys.revoking.get().map(|key| key.name).unwrap_or_default();
        text.say_with("api-key-revoke-ask", &[("name", name.into())])
    });
    view! {
        <Dialog
            open=Signal::derive(move || keys.revoking.read().is_some())
            title=title
            alert=true
            on_close=move || keys.revoking.set(None)
        >
            <div class="dialog-body">
                <p>{text.live("api-key-revoke-what")}</p>
            </div>
            <div class="dialog-foot">
                <Button on_press=move || keys.revoking.set(None)>{text.live("cancel")}</Button>
                <Button look=Look::Danger on_press=move || keys.revoke()>{text.live("api-key-revoke")}</Button>
            </div>
        </Dialog>
    }
}
