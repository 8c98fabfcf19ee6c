//! The browsers in which one is signed in, and signing out of the others.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::ids::SessionId;
use sealpost_shared::sessions::OwnSession;
use sealpost_web::client::{ClientError, sessions};
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Dialog, FieldError, Look, Tag, TagTone, shown, shown_when};

use crate::desk::Desk;
use crate::said;
use crate::shell::Now;
use crate::view::{browser_key, system_key};

/// What one is asked to confirm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    One(SessionId),
    Others,
}

#[derive(Clone, Copy)]
struct Sessions {
    desk: Desk,
    /// Nothing until they have come.
    list: RwSignal<Option<Vec<OwnSession>>>,
    error: RwSignal<Option<ClientError>>,
    asked: RwSignal<Option<Asked>>,
}

impl Sessions {
    fn load(self) {
        self.error.set(None);
        spawn_local(async move {
            match self.desk.gate.hear(sessions::list().await) {
                Ok(page) => drop(self.list.try_set(Some(page.data))),
                Err(error) => drop(self.error.try_set(Some(error))),
            }
        });
    }

    fn end(self, what: Asked) {
        self.asked.set(None);
        let call = async move {
            match what {
                Asked::One(id) => sessions::end(id).await,
                Asked::Others => sessions::end_others().await.map(|_| ()),
            }
        };
        self.desk.act(call, move |()| self.load());
    }

    fn has_others(self) -> bool {
        self.list.read().as_ref().is_some_and(|list| list.iter().any(|session| !session.current))
    }
}

#[component]
pub fn SessionsSection() -> impl IntoView {
    let text = Text::from_context();
    let sessions = Sessions {
        desk: Desk::from_context(),
        list: RwSignal::new(None),
        error: RwSignal::new(None),
        asked: RwSignal::new(None),
    };
    sessions.load();
    // A new password or passkey ends the others and begins this one anew.
    let began = Memo::new(move |_| sessions.desk.gate.session.with(|s| s.as_ref().map(|s| s.expires_at)));
    Effect::new(move |before: Option<()>| {
        began.track();
        if before.is_some() {
            sessions.load();
        }
    });
    let others = Memo::new(move |_| sessions.has_others());
    let wrong =
        Signal::derive(move || sessions.error.read().as_ref().map(|error| said::sentence(text, error)));
    view! {
        <section class="panel card" id="sessions">
            <h3>{move || text.say("sessions-title")}</h3>
            <p class="muted">{move || text.say("sessions-what")}</p>
            <FieldError id="sessions-error".to_owned() error=wrong />
            {shown_when(
                move || wrong.read().is_some(),
                move || {
                    view! {
                        <div class="row">
                            <Button small=true on_press=move || sessions.load()>{move || text.say("try-again")}</Button>
                        </div>
                    }
                        .into_any()
                },
            )}
            <ul class="people">{shown(move || lines(sessions))}</ul>
            {shown(move || {
                let loaded = sessions.list.read().is_some();
                match (loaded, others.get()) {
                    (true, true) => view! { <EndOthers sessions=sessions /> }.into_any(),
                    (true, false) => {
                        view! { <p class="muted small">{move || text.say("sessions-none")}</p> }.into_any()
                    }
                    (false, _) => ().into_any(),
                }
            })}
            <Confirm sessions=sessions />
        </section>
    }
}

fn lines(sessions: Sessions) -> AnyView {
    let list = sessions.list.get().unwrap_or_default();
    list.into_iter()
        .map(|session| view! { <Line session=session sessions=sessions /> })
        .collect_view()
        .into_any()
}

#[component]
fn EndOthers(sessions: Sessions) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <div class="row">
            <Button small=true look=Look::Danger on_press=move || sessions.asked.set(Some(Asked::Others))>
                {move || text.say("sessions-end-others")}
            </Button>
        </div>
    }
}

/// "Firefox on macOS".
fn device(text: Text, session: &OwnSession) -> String {
    match (session.browser, session.system) {
        (Some(browser), Some(system)) => {
            let (browser, system) = (text.say(browser_key(browser)), text.say(system_key(system)));
            text.say_with("sessions-device", &[("browser", browser.into()), ("system", system.into())])
        }
        _ => text.say("sessions-unknown"),
    }
}

#[component]
fn Line(session: OwnSession, sessions: Sessions) -> impl IntoView {
    let text = Text::from_context();
    let now = Now::from_context();
    let (id, current) = (session.id, session.current);
    let name = device(text, &session);
    let times = move || {
        let moment = |at| said::moment(text, now.get(), at);
        text.say_with(
            "sessions-times",
            &[("since", moment(session.created_at).into()), ("active", moment(session.active_at).into())],
        )
    };
    let end_name = text.say_with("sessions-end-of", &[("device", name.as_str().into())]);
    view! {
        <li class="person">
            <div class="grow">
                <div class="person-name">
                    <strong>{name}</strong>
                    {current.then(|| view! { <Tag tone=TagTone::Good>{text.say("sessions-current")}</Tag> })}
                </div>
                <div class="muted small">{times}</div>
            </div>
            {(!current)
                .then(|| {
                    view! {
                        <div class="person-acts">
                            <Button
                                small=true
                                label=Signal::stored(end_name)
                                on_press=move || sessions.asked.set(Some(Asked::One(id)))
                            >
                                {move || text.say("sessions-end")}
                            </Button>
                        </div>
                    }
                })}
        </li>
    }
}

#[component]
fn Confirm(sessions: Sessions) -> impl IntoView {
    let text = Text::from_context();
    let keys = move || match sessions.asked.get() {
        Some(Asked::Others) => ("sessions-others-ask", "sessions-others-what", "sessions-end-others"),
        _ => ("sessions-end-ask", "sessions-end-what", "sessions-end"),
    };
    view! {
        <Dialog
            open=Signal::derive(move || sessions.asked.read().is_some())
            title=Signal::derive(move || text.say(keys().0))
            alert=true
            on_close=move || sessions.asked.set(None)
        >
            <div class="dialog-body">
                <p>{move || text.say(keys().1)}</p>
            </div>
            <div class="dialog-foot">
                <Button on_press=move || sessions.asked.set(None)>{move || text.say("cancel")}</Button>
                <Button
                    look=Look::Danger
                    on_press=move || {
                        if let Some(what) = sessions.asked.get_untracked() {
                            sessions.end(what);
                        }
                    }
                >
                    {move || text.say(keys().2)}
                </Button>
            </div>
        </Dialog>
    }
}
