//! The people who work here: who they are, what they may do, and who is invited.

mod invited;
mod person;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::page::{MAX_LIMIT, Page};
use sealpost_shared::staff::Account;
use sealpost_web::client::{Answer, ClientError, people};
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Look, shown_when};

use super::frame::{SettingsFrame, may_change};
use crate::desk::Desk;
use crate::folder::Skeleton;
use crate::form::focus_at;
use crate::loading::LoadFailed;
use crate::people::rows::{InviteRows, Rows};
use crate::people::sent::SentList;
use crate::view::SettingsPage;
use invited::Invited;
use person::Person;

/// Colleagues as they were loaded, with the way to change one of them.
#[derive(Clone, Copy)]
pub struct Staff {
    /// With how often each was changed, so that a row is drawn anew.
    list: RwSignal<Vec<(u32, Account)>>,
    failed: RwSignal<Option<ClientError>>,
    loaded: RwSignal<bool>,
    next: RwSignal<Option<String>>,
    desk: Desk,
}

impl Staff {
    fn new(desk: Desk) -> Self {
        let staff = Self {
            list: RwSignal::new(Vec::new()),
            failed: RwSignal::new(None),
            loaded: RwSignal::new(false),
            next: RwSignal::new(None),
            desk,
        };
        staff.more();
        staff
    }

    fn more(self) {
        let cursor = self.next.get_untracked();
        spawn_local(async move {
            let page = self.desk.gate.hear(people::users(MAX_LIMIT, cursor).await);
            self.take(page);
        });
    }

    fn take(self, page: Answer<Page<Account>>) {
        self.loaded.try_set(true);
        match page {
            Ok(page) => {
                self.failed.try_set(None);
                self.next.try_set(page.next_cursor);
                self.list.try_update(|list| list.extend(page.data.into_iter().map(|account| (0, account))));
            }
            Err(error) => {
                self.failed.try_set(Some(error));
            }
        }
    }

    /// Draws the colleague's row anew, and keeps the focus in it.
    pub fn replace(self, account: Account) {
        let row = format!("#person-{} select", account.user.id);
        self.list.update(|list| {
            if let Some((times, known)) = list.iter_mut().find(|(_, known)| known.user.id == account.user.id)
            {
                (*times, *known) = (*times + 1, account);
            }
        });
        focus_at(row);
    }
}

#[component]
pub fn PeoplePage() -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let staff = Staff::new(desk);
    let may_change = may_change(desk);
    view! {
        <SettingsFrame page=SettingsPage::People>
            <section class="panel card">
                <h3>{move || text.say("people-here")}</h3>
                {move || match (staff.loaded.get(), staff.failed.get()) {
                    (_, Some(error)) => view! { <LoadFailed error=error on_retry=move || staff.more() /> }.into_any(),
                    (false, None) => view! { <Skeleton /> }.into_any(),
                    (true, None) => ().into_any(),
                }}
                <ul class="people">
                    <For each=move || staff.list.get() key=|(times, account)| (account.user.id, *times) let:entry>
                        <Person account=entry.1 staff=staff />
                    </For>
                </ul>
                {shown_when(
                    move || staff.next.read().is_some(),
                    move || {
                        view! {
                            <div class="more">
                                <Button small=true look=Look::Quiet on_press=move || staff.more()>
                                    {move || text.say("show-more")}
                                </Button>
                            </div>
                        }
                        .into_any()
                    },
                )}
            </section>
            {shown_when(move || may_change.get(), move || view! { <Invite /> }.into_any())}
        </SettingsFrame>
    }
}

/// Who is invited already, and rows for more.
#[component]
fn Invite() -> impl IntoView {
    let text = Text::from_context();
    let rows = Rows::new();
    let fresh = RwSignal::new(0_u32);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if rows.is_empty() {
            return rows.ask_for_one();
        }
        rows.invite(Callback::new(|()| ()));
    };
    Effect::new(move || {
        rows.sent.track();
        fresh.update(|n| *n += 1);
    });
    view! {
        <Invited fresh=fresh />
        <section class="panel card">
            <h3>{move || text.say("people-invite")}</h3>
            <p class="muted">{move || text.say("setup-people-what")}</p>
            <form class="setup-form" novalidate on:submit=submit>
                <SentList sent=rows.sent />
                <InviteRows rows=rows />
                <div class="row">
                    <Button look=Look::Primary small=true submit=true disabled=rows.busy>
                        {move || text.say(if rows.busy.get() { "setup-busy" } else { "invite-send" })}
                    </Button>
                </div>
            </form>
        </section>
    }
}
