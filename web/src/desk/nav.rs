//! The navigation: a column on wide screens, a rail on narrower ones, a bar at the bottom of phones.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::conversations::Folder;
use sealpost_shared::paths::DOCS_PAGE;
use sealpost_web::client::staff;
use sealpost_web::text::Text;
use sealpost_web::ui::{Avatar, Button, Dialog, Icon, IconName, Logo, Look};

use super::desk::Desk;
use super::failures::Failures;
use super::gate::Out;
use super::settings::Forms;
use super::view::{Place, role_key};

#[component]
pub fn Nav(desk: Desk) -> impl IntoView {
    let text = Text::from_context();
    let organization = Signal::derive(move || {
        desk.gate
            .session
            .with(|s| s.as_ref().map(|s| s.organization.card.name.as_str().to_owned()))
            .unwrap_or_default()
    });
    let logo = Signal::derive(move || {
        desk.gate.session.with(|s| s.as_ref().and_then(|s| s.organization.card.logo_url.clone()))
    });
    let unread = Signal::derive(move || desk.counts.get().map_or(0, |counts| counts.inbox.unread));
    let scheduled = Signal::derive(move || desk.counts.get().map_or(0, |counts| counts.scheduled.total));
    let failures = Failures::from_context();
    let failed = Signal::derive(move || {
        let total = desk.counts.get().map_or(0, |counts| counts.failed.total);
        total.saturating_sub(u64::from(failures.has_aside()))
    });
    let none = Signal::stored(0);
    view! {
        <nav class="nav" aria-label=move || text.say("nav-label")>
            <div class="org nav-org">
                <Logo url=logo name=organization />
                <strong class="small"><bdi>{organization}</bdi></strong>
            </div>
            {desk.may_write().then(|| view! { <Compose desk=desk /> })}
            <NavLink desk=desk to=Place::Folder(Folder::Inbox, None) icon=IconName::Inbox key="nav-inbox" count=unread />
            <NavLink desk=desk to=Place::Folder(Folder::Outbox, None) icon=IconName::Outbox key="nav-outbox" count=none />
            <NavLink desk=desk to=Place::Folder(Folder::Scheduled, None) icon=IconName::Clock key="nav-scheduled" count=scheduled counted="nav-scheduled-count" />
            <NavLink desk=desk to=Place::Folder(Folder::Failed, None) icon=IconName::Alert key="nav-failed" count=failed counted="nav-failed-count" />
            <NavLink desk=desk to=Place::Folder(Folder::Archived, None) icon=IconName::Archive key="nav-archived" count=none />
            <h2 class="nav-part">{move || text.say("nav-people")}</h2>
            <NavLink desk=desk to=Place::Contacts(None) icon=IconName::User key="nav-contacts" count=none />
            <h2 class="nav-part">{move || text.say("nav-practice")}</h2>
            <NavLink desk=desk to=Place::Settings(None) icon=IconName::Cog key="nav-settings" count=none />
            <a
                href=DOCS_PAGE
                class="nav-link nav-help"
                target="_blank"
                rel="noopener"
                title=move || text.say("nav-help")
            >
                <Icon name=IconName::Help />
                <span class="nav-word">{move || text.say("nav-help")}</span>
            </a>
            <Person desk=desk />
        </nav>
    }
}

#[component]
fn Compose(desk: Desk) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <div class="nav-compose">
            <Button
                look=Look::Primary
                icon=IconName::Plus
                label=text.live("nav-compose")
                on_press=move || desk.compose(None)
            >
                <span class="nav-word">{move || text.say("nav-compose")}</span>
            </Button>
        </div>
    }
}

#[component]
fn NavLink(
    desk: Desk,
    to: Place,
    icon: IconName,
    key: &'static str,
    /// Waiting there; nothing is shown for none.
    count: Signal<u64>,
    /// What the number means.
    #[prop(default = "nav-unread")]
    counted: &'static str,
) -> impl IntoView {
    let text = Text::from_context();
    let here = move || match (to, desk.place.get()) {
        (Place::Folder(a, _), Place::Folder(b, _)) => a == b,
        (Place::Contacts(_), Place::Contacts(_)) | (Place::Settings(_), Place::Settings(_)) => true,
        _ => false,
    };
    view! {
        <a
            href=to.path()
            class="nav-link"
            class:failed=move || to == Place::Folder(Folder::Failed, None)
            class:idle=move || count.get() == 0
            aria-current=move || here().then_some("page")
            title=move || text.say(key)
        >
            <Icon name=icon />
            <span class="nav-word">{move || text.say(key)}</span>
            <Show when=move || { count.get() > 0 }>
                <span class="n" aria-hidden="true">{move || count.get()}</span>
                <span class="hush">
                    {move || text.say_with(counted, &[("n", count.get().to_string().into())])}
                </span>
            </Show>
        </a>
    }
}

#[component]
fn Person(desk: Desk) -> impl IntoView {
    let text = Text::from_context();
    let name = Signal::derive(move || {
        desk.gate.session.with(|s| s.as_ref().map(|s| s.user.name.as_str().to_owned())).unwrap_or_default()
    });
    let role = move || {
        let role = desk.gate.session.with(|s| s.as_ref().map(|s| s.user.role));
        role.map(|role| text.say(role_key(role)))
    };
    let (forms, asking) = (Forms::from_context(), RwSignal::new(false));
    let leave = move || {
        let gate = desk.gate;
        gate.leaving.set_value(true);
        spawn_local(async move {
            match gate.hear(staff::sign_out().await) {
                Ok(()) => gate.close(Out::Left),
                Err(error) => {
                    gate.leaving.set_value(false);
                    desk.trouble.try_set(Some(error));
                }
            }
        });
    };
    view! {
        <div class="nav-me">
            <Avatar name=name />
            <div class="nav-word small grow">
                <div class="strong clip"><bdi>{name}</bdi></div>
                <div class="muted tiny">{role}</div>
            </div>
            <Button
                look=Look::Round
                icon=IconName::SignOut
                label=Signal::derive(move || text.say("nav-sign-out"))
                on_press=move || {
                    if forms.any_unsaved() {
                        asking.set(true);
                    } else {
                        leave();
                    }
                }
            />
            <LeaveUnsaved asking=asking on_leave=leave />
        </div>
    }
}

/// What was changed in the settings and not saved goes with the session: asked before it does.
#[component]
fn LeaveUnsaved(asking: RwSignal<bool>, #[prop(into)] on_leave: Callback<()>) -> impl IntoView {
    let text = Text::from_context();
    let leave = move || {
        asking.set(false);
        on_leave.run(());
    };
    view! {
        <Dialog open=asking title=text.live("leave-unsaved-ask") alert=true on_close=move || asking.set(false)>
            <p>{text.live("leave-unsaved-what")}</p>
            <div class="dialog-foot">
                <Button on_press=move || asking.set(false)>{text.live("cancel")}</Button>
                <Button look=Look::Danger on_press=leave>{text.live("nav-sign-out")}</Button>
            </div>
        </Dialog>
    }
}
