//! The audit log: whether it is as it was written, who did what, and the log as a table to take away.

mod filters;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::audit::{AuditEntry, AuditState};
use sealpost_web::client::{ClientError, audit};
use sealpost_web::text::Text;
use sealpost_web::time::{Style, iso, show};
use sealpost_web::ui::{Banner, Button, Icon, IconName, Tone, effect};

use super::frame::SettingsFrame;
use crate::desk::Desk;
use crate::folder::Skeleton;
use crate::loading::{LoadFailed, ShowMore};
use crate::paged::{Paged, Stage};
use crate::said;
use crate::view::{SettingsPage, actor_key, audit_key, fault_key};
use filters::{Chosen, Filters};

#[component]
pub fn AuditLog() -> impl IntoView {
    let desk = Desk::from_context();
    let chosen = Chosen::new();
    let list = Paged::<AuditEntry>::new(desk.gate);
    effect(move || {
        let wanted = chosen.wanted.get();
        list.open(move |limit, cursor| {
            let wanted = wanted.clone();
            async move { audit::entries(&wanted, limit, cursor).await }
        });
    });
    view! {
        <SettingsFrame page=SettingsPage::AuditLog>
            <Standing />
            <Filters chosen=chosen />
            <Entries list=list chosen=chosen />
        </SettingsFrame>
    }
}

/// Whether somebody changed what was written.
#[component]
fn Standing() -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let known = RwSignal::new(None::<Result<AuditState, ClientError>>);
    let look = move || {
        known.set(None);
        spawn_local(async move {
            let state = desk.gate.hear(audit::state().await);
            known.try_set(Some(state));
        });
    };
    look();
    view! {
        {move || match known.get() {
            None => ().into_any(),
            Some(Ok(state)) => view! { <Stands state=state /> }.into_any(),
            Some(Err(error)) => view! {
                <Banner tone=Tone::Warn icon=IconName::Alert>
                    {said::sentence(text, &error)}
                    <Button small=true on_press=look>{text.say("try-again")}</Button>
                </Banner>
            }
            .into_any(),
        }}
    }
}

#[component]
fn Stands(state: AuditState) -> impl IntoView {
    let text = Text::from_context();
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX).into();
    match state.first_broken {
        Some(broken) => {
            let what = text.say(fault_key(broken.fault));
            let n = broken.sequence.to_string();
            view! {
                <Banner tone=Tone::Bad icon=IconName::Alert>
                    <p class="strong">
                        {text.say_with("audit-broken", &[("n", n.as_str().into()), ("what", what.as_str().into())])}
                    </p>
                    <p>{text.say("audit-broken-what")}</p>
                </Banner>
            }
            .into_any()
        }
        None => view! {
            <Banner icon=IconName::Checks>
                <p>{text.say_with("audit-sound", &[("n", count(state.length))])}</p>
                <p class="small muted">
                    {text.say_with("audit-sound-what", &[("n", count(state.checked))])}
                </p>
            </Banner>
        }
        .into_any(),
    }
}

#[component]
fn Entries(list: Paged<AuditEntry>, chosen: Chosen) -> impl IntoView {
    let text = Text::from_context();
    let empty = move || {
        let key = if chosen.is_anything() { "audit-empty-filtered" } else { "audit-empty" };
        view! { <div class="empty"><p class="muted">{text.say(key)}</p></div> }
    };
    view! {
        <section class="panel card">
            <div class="row spread">
                <h3>{text.live("audit-entries")}</h3>
                <a class="btn small" download="" href=move || chosen.wanted.read().table_address()>
                    <Icon name=IconName::Down />
                    {text.live("audit-download")}
                </a>
            </div>
            {move || match list.stage.get() {
                Stage::Loading => view! { <Skeleton /> }.into_any(),
                Stage::Failed(error) => view! { <LoadFailed error=error on_retry=move || list.again() /> }.into_any(),
                Stage::Ready => view! {
                    <Show when=move || !list.items.with(Vec::is_empty) fallback=empty>
                        <ol class="audit-log">
                            <For each=move || list.keys() key=|key| *key let:key>
                                {list.entry(key).get_untracked().map(|entry| view! { <Line entry=entry /> })}
                            </For>
                        </ol>
                    </Show>
                    <ShowMore list=list />
                }
                .into_any(),
            }}
        </section>
    }
}

/// Who, what, to what, when. Contacts are ids here: the log holds nobody's name but colleagues'.
#[component]
fn Line(entry: AuditEntry) -> impl IntoView {
    let text = Text::from_context();
    let who = entry.actor.name.clone().unwrap_or_else(|| text.say(actor_key(&entry.actor.kind)));
    let id = if entry.actor.name.is_some() { None } else { entry.actor.id.clone() };
    let about = entry.subject_name.clone().map_or_else(
        || view! { <code class="audit-id">{entry.subject.clone()}</code> }.into_any(),
        |name| view! { <bdi>{name}</bdi> }.into_any(),
    );
    view! {
        <li>
            <p class="strong">{text.say(&audit_key(&entry.action))}</p>
            <p class="small">
                <bdi>{who}</bdi>
                {id.map(|id| view! { " " <code class="audit-id">{id}</code> })}
            </p>
            <p class="small muted audit-about">{about}</p>
            <p class="small muted audit-when">
                <time datetime=iso(entry.created_at)>{show(entry.created_at, Style::Full, text.language())}</time>
                <span class="audit-number">{format!("#{}", entry.sequence)}</span>
            </p>
        </li>
    }
}
