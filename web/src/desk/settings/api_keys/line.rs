//! One key of the list.

use leptos::prelude::*;
use sealpost_shared::api_keys::ApiKey;
use sealpost_web::text::Text;
use sealpost_web::time::{Style, show};
use sealpost_web::ui::{Button, Look, Tag, TagTone, shown};

use super::Keys;
use crate::shell::Now;
use crate::view::{KeyState, key_state, scope_keys};

/// Drawn anew when the key changes, and when it ends while somebody looks.
#[component]
pub(super) fn Line(key: Memo<Option<ApiKey>>, keys: Keys) -> impl IntoView {
    let now = Now::from_context();
    let state = Memo::new(move |_| key.read().as_ref().map(|key| key_state(key, now.get())));
    let off = move || state.get().is_some_and(|state| !state.lets_in());
    view! {
        <li class="person" class:off=off>
            {shown(move || match (key.get(), state.get()) {
                (Some(key), Some(state)) => view! { <Told key=key state=state keys=keys /> }.into_any(),
                _ => ().into_any(),
            })}
        </li>
    }
}

#[component]
fn Told(key: ApiKey, state: KeyState, keys: Keys) -> impl IntoView {
    let text = Text::from_context();
    let said = match state {
        KeyState::Works => None,
        KeyState::EndsSoon => Some((TagTone::Warn, "api-key-soon")),
        KeyState::Over => Some((TagTone::Plain, "api-key-over")),
        KeyState::Revoked => Some((TagTone::Plain, "api-key-revoked")),
    };
    let name = key.name.clone();
    let revoke_name = text.say_with("api-key-revoke-of", &[("name", name.as_str().into())]);
    let prefix = key.prefix.clone();
    let (scope, _) = scope_keys(key.scope);
    let times = times(text, &key, state);
    view! {
        <div class="grow">
            <div class="person-name">
                <strong><bdi>{name}</bdi></strong>
                <Tag tone=TagTone::Plain>{text.say(scope)}</Tag>
                {said.map(|(tone, word)| view! { <Tag tone=tone>{text.say(word)}</Tag> })}
            </div>
            {prefix.map(|prefix| view! { <div class="small"><code>{format!("{prefix}…")}</code></div> })}
            <div class="muted small">{times}</div>
        </div>
        {state
            .lets_in()
            .then(|| {
                view! {
                    <div class="person-acts">
                        <Button
                            small=true
                            look=Look::Danger
                            label=Signal::stored(revoke_name)
                            on_press=move || keys.revoking.set(Some(key.clone()))
                        >
                            {text.live("api-key-revoke")}
                        </Button>
                    </div>
                }
            })}
    }
}

/// "Made Nov 1, 2026 · Last used Nov 23, 3:40 PM · Works until Nov 1, 2027".
fn times(text: Text, key: &ApiKey, state: KeyState) -> String {
    let with = |key, at, style| text.say_with(key, &[("time", show(at, style, text.language()).into())]);
    let made = with("api-key-made-at", key.created_at, Style::Date);
    let used = match key.used_at {
        Some(used) => with("api-key-used", used, Style::DayTime),
        None => text.say("api-key-unused"),
    };
    let end = match (state, key.revoked_at, key.expires_at) {
        (_, Some(revoked), _) => with("api-key-revoked-at", revoked, Style::DayTime),
        (KeyState::Over, _, Some(end)) => with("api-key-ended-at", end, Style::Date),
        (_, _, Some(end)) => with("api-key-until", end, Style::Date),
        (_, _, None) => text.say("api-key-no-end"),
    };
    [made, used, end].join(" · ")
}
