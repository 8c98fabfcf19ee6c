//! The browsers in which one is signed in, and signing out of the others.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::ids::SessionId;
use sealpost_shared::sessions::OwnSession;
use sealpost_web::client::{ClientError, sessions};
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Dialog, Look, Tag, TagTone, shown};

use crate::desk::Desk;
use crate::form::focus_at;
use crate::loading::LoadFailed;
use crate::said;
use crate::shell::Now;
use crate::view::{browser_key, system_key};

/// What one is asked to confirm.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Asked {
    /// With its browser's name.
    One(SessionId, String),
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
                Asked::One(id, _) => sessions::end(id).await,
                Asked::Others => sessions::end_others().await.map(|_| ()),
            }
        };
        // The button that was pressed goes with its line.
        self.desk.act(call, move |()| {
            self.load();
            focus_at("#sessions h3");
        });
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
    view! {
        <section class="panel card" id="sessions">
            <h3 tabindex="-1">{move || text.say("sessions-title")}</h3>
            <p class="muted">{move || text.say("sessions-what")}</p>
            {move || {
                let error = sessions.error.get();
                error.map(|error| view! { <LoadFailed error=error on_retry=move || sessions.load() /> })
            }}
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
    let since = said::moment(text, untrack(|| now.get()), session.created_at);
    let end_name =
        text.say_with("sessions-end-of", &[("device", name.as_str().into()), ("since", since.into())]);
    let asked = StoredValue::new(Asked::One(id, name.clone()));
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
                                on_press=move || sessions.asked.set(Some(asked.get_value()))
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
    let keys = move || match *sessions.asked.read() {
        Some(Asked::Others) => ("sessions-others-what", "sessions-end-others"),
        _ => ("sessions-end-what", "sessions-end"),
    };
    let title = move || match sessions.asked.get() {
        Some(Asked::One(_, device)) => text.say_with("sessions-end-ask", &[("device", device.into())]),
        _ => text.say("sessions-others-ask"),
    };
    view! {
        <Dialog
            open=Signal::derive(move || sessions.asked.read().is_some())
            title=Signal::derive(title)
            alert=true
            on_close=move || sessions.asked.set(None)
        >
            <div class="dialog-body">
                <p>{move || text.say(keys().0)}</p>
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
                    {move || text.say(keys().1)}
                </Button>
            </div>
        </Dialog>
    }
}
