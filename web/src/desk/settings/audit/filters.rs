//! Which entries are shown: by whom, what, about what, and from when to when.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::audit::ACTIONS;
use sealpost_shared::page::MAX_LIMIT;
use sealpost_web::client::audit::Wanted;
use sealpost_web::client::people;
use sealpost_web::text::Text;
use sealpost_web::time::start_of_day;
use sealpost_web::ui::{Button, Choice, Field, shown_when};

use crate::desk::Desk;
use crate::view::audit_key;

/// Actors that are nobody in particular.
const NOBODY: [(&str, &str); 2] = [("link_holder", "audit-by-link_holder"), ("system", "audit-by-system")];

#[derive(Clone, Copy)]
pub struct Chosen {
    actor: RwSignal<String>,
    action: RwSignal<String>,
    subject: RwSignal<String>,
    from: RwSignal<String>,
    to: RwSignal<String>,
    pub wanted: Memo<Wanted>,
}

impl Chosen {
    pub fn new() -> Self {
        let none = || RwSignal::new(String::new());
        let (actor, action, subject, from, to) = (none(), none(), none(), none(), none());
        let said =
            |signal: RwSignal<String>| Some(signal.get().trim().to_owned()).filter(|it| !it.is_empty());
        let wanted = Memo::new(move |_| Wanted {
            actor: said(actor),
            action: said(action),
            subject: said(subject),
            from: said(from).and_then(|day| start_of_day(&day, 0)),
            to: said(to).and_then(|day| start_of_day(&day, 1)),
        });
        Self { actor, action, subject, from, to, wanted }
    }

    pub fn is_anything(self) -> bool {
        self.wanted.with(|wanted| *wanted != Wanted::default())
    }

    fn clear(self) {
        for signal in [self.actor, self.action, self.subject, self.from, self.to] {
            signal.set(String::new());
        }
    }
}

#[component]
pub fn Filters(chosen: Chosen) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let staff = RwSignal::new(Vec::<(String, String)>::new());
    spawn_local(async move {
        if let Ok(page) = desk.gate.hear(people::users(MAX_LIMIT, None).await) {
            let named = page.data.into_iter().map(|account| (account.user.id.to_string(), account.user.name));
            staff.try_set(named.collect());
        }
    });
    let actors = Signal::derive(move || {
        let mut all = vec![(String::new(), text.say("audit-anybody"))];
        all.extend(staff.get());
        all.extend(NOBODY.map(|(kind, key)| (kind.to_owned(), text.say(key))));
        all
    });
    let actions = Signal::derive(move || {
        let mut all: Vec<_> =
            ACTIONS.iter().map(|action| ((*action).to_owned(), text.say(&audit_key(action)))).collect();
        all.sort_by(|(_, one), (_, other)| one.cmp(other));
        all.insert(0, (String::new(), text.say("audit-anything")));
        all
    });
    let clear = move || {
        view! {
            <div class="row">
                <Button small=true on_press=move || chosen.clear()>{text.say("audit-clear")}</Button>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="panel card" aria-label=move || text.say("audit-filters")>
            <div class="audit-filters">
                <Choice id="audit-actor" label=text.live("audit-who") value=chosen.actor options=actors />
                <Choice id="audit-action" label=text.live("audit-what") value=chosen.action options=actions />
                <Field id="audit-from" kind="date" label=text.live("audit-from") value=chosen.from />
                <Field id="audit-to" kind="date" label=text.live("audit-to") value=chosen.to />
                <Field
                    id="audit-subject"
                    label=text.live("audit-about")
                    hint=text.live("audit-about-hint")
                    value=chosen.subject
                />
            </div>
            {shown_when(move || chosen.is_anything(), clear)}
        </section>
    }
}
