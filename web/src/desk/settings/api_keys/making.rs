//! A new key: its name, what it may do, until when, and one's password; then the key itself, this once.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use sealpost_shared::api_keys::{CreateApiKey, CreatedApiKey, KeyScope};
use sealpost_shared::text::Name;
use sealpost_web::client::api_keys;
use sealpost_web::text::Text;
use sealpost_web::ui::{Banner, Button, Choice, Field, IconName, Look, Radios, Tone, shown};

use super::{Keys, Open};
use crate::account::words::CurrentPassword;
use crate::copy::ShownOnce;
use crate::form::{Form, FormError, Known, focus_at};
use crate::view::{Place, SCOPES, SettingsPage, scope_keys};

const KNOWN: Known = &[
    ("/name", "api-key-name-wrong"),
    ("/current_password", "account-current-wrong"),
    ("conflict", "api-keys-full"),
];

/// In days, with their words; nothing is no end.
const ENDS: [(&str, &str); 5] = [
    ("30", "api-key-30-days"),
    ("90", "api-key-90-days"),
    ("365", "api-key-1-year"),
    ("730", "api-key-2-years"),
    ("", "api-key-no-end"),
];

/// The way to a new one; then the one that was made.
#[component]
pub(super) fn Beside(keys: Keys) -> impl IntoView {
    let text = Text::from_context();
    let has_password =
        Memo::new(move |_| keys.desk.gate.session.with(|s| s.as_ref().is_some_and(|s| s.has_password)));
    // What was pressed is gone; the focus goes to what came in its place.
    Effect::new(move |before: Option<()>| {
        keys.open.track();
        if before.is_some() {
            focus_at(".api-keys-beside :is(.stage, input, .btn)");
        }
    });
    view! {
        <section class="panel card api-keys-beside">
            <p>{text.live("api-keys-what")}</p>
            {shown(move || match keys.open.get() {
                Open::Made(made) => view! { <Made made=*made keys=keys /> }.into_any(),
                Open::Making => view! { <Making keys=keys /> }.into_any(),
                Open::Nothing if has_password.get() => view! {
                    <div class="row">
                        <Button
                            look=Look::Primary
                            small=true
                            icon=IconName::Plus
                            on_press=move || keys.open.set(Open::Making)
                        >
                            {text.live("api-key-make")}
                        </Button>
                    </div>
                }
                .into_any(),
                Open::Nothing => view! {
                    <p class="muted">
                        {text.live("api-keys-password-first")} " "
                        <a href=Place::Settings(Some(SettingsPage::Account)).path()>{text.live("settings-account")}</a>
                    </p>
                }
                .into_any(),
            })}
        </section>
    }
}

#[component]
fn Making(keys: Keys) -> impl IntoView {
    let text = Text::from_context();
    let form = Form::new(KNOWN);
    let (name, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (scope, days) = (RwSignal::new(KeyScope::Read), RwSignal::new("365".to_owned()));
    let submit = move |event: SubmitEvent| {
        let read = move || {
            let name = form.read::<Name>("/name", name, "api-key-name-wrong");
            let current_password = password.get_untracked();
            let given = form.refuse_missing(&[(current_password.is_empty(), "/current_password")]);
            let expires_in_days = days.get_untracked().parse().ok();
            Some(CreateApiKey {
                name: name?,
                scope: scope.get_untracked(),
                expires_in_days,
                current_password,
            })
            .filter(|_| given)
        };
        let call = |key: CreateApiKey| async move { api_keys::create(&key).await };
        form.submit(&event, read, call, move |made: CreatedApiKey| {
            keys.list.put_first(made.api_key.clone());
            keys.open.try_set(Open::Made(Box::new(made)));
        });
    };
    let scopes = SCOPES.map(|scope| {
        let (words, what) = scope_keys(scope);
        (scope, text.live(words), text.live(what))
    });
    let ends = Signal::derive(move || {
        ENDS.map(|(days, key)| (days.to_owned(), text.say(key))).into_iter().collect::<Vec<_>>()
    });
    view! {
        <form class="setup-form" node_ref=form.node on:submit=submit novalidate>
            <Field
                id="api-key-name"
                label=text.live("api-key-name")
                hint=text.live("api-key-name-hint")
                value=name
                required=true
                error=form.wrong("/name", name)
            />
            <Radios
                name="api-key-scope"
                legend=text.live("api-key-scope")
                choices=scopes.to_vec()
                chosen=scope
                on_choose=move |chosen| scope.set(chosen)
            />
            <Choice id="api-key-ends" label=text.live("api-key-ends") value=days options=ends />
            <CurrentPassword id="api-key-password" value=password form=form />
            <FormError form=form id="api-key-error" />
            <div class="row">
                <Button small=true on_press=move || keys.open.set(Open::Nothing)>{text.live("cancel")}</Button>
                <Button small=true look=Look::Primary submit=true disabled=form.busy>
                    {move || text.say(if form.busy.get() { "setup-busy" } else { "api-key-make" })}
                </Button>
            </div>
        </form>
    }
}

/// The key itself, until somebody says that they have it.
#[component]
fn Made(made: CreatedApiKey, keys: Keys) -> impl IntoView {
    let text = Text::from_context();
    let title = text.say_with("api-key-made", &[("name", made.api_key.name.as_str().into())]);
    view! {
        <div class="setup-form">
            <h3 class="stage" tabindex="-1">{title}</h3>
            <Banner tone=Tone::Warn icon=IconName::Key>{text.live("api-key-once")}</Banner>
            <ShownOnce what=made.secret>
                <Button small=true look=Look::Primary on_press=move || keys.open.set(Open::Nothing)>
                    {text.live("api-key-kept")}
                </Button>
            </ShownOnce>
        </div>
    }
}
