//! Whom to invite: rows of name, address and role, sent one after the other.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::invitations::{CreateInvitation, Invitation};
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::staff::Role;
use sealpost_web::client::{ClientError, people};
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, FieldError, IconName, Look};
use uuid::Uuid;

use crate::gate::Gate;
use crate::said;
use crate::view::{ROLES, role_from, role_key, role_name};

#[derive(Clone, Copy)]
struct Row {
    /// Of the row, and of the request: pressed twice, it invites once.
    key: Uuid,
    name: RwSignal<String>,
    email: RwSignal<String>,
    role: RwSignal<String>,
    name_wrong: RwSignal<Option<String>>,
    email_wrong: RwSignal<Option<String>>,
}

impl Row {
    fn new() -> Self {
        Self {
            key: Uuid::new_v4(),
            name: RwSignal::new(String::new()),
            email: RwSignal::new(String::new()),
            role: RwSignal::new(role_name(Role::Member).to_owned()),
            name_wrong: RwSignal::new(None),
            email_wrong: RwSignal::new(None),
        }
    }

    fn is_empty(self) -> bool {
        self.name.read().trim().is_empty() && self.email.read().trim().is_empty()
    }

    fn read(self, text: Text) -> Option<CreateInvitation> {
        let name = self.name.get_untracked().parse().ok();
        let email = self.email.get_untracked().parse().ok();
        self.name_wrong.set(name.is_none().then(|| text.say("invite-name-wrong")));
        self.email_wrong.set(email.is_none().then(|| text.say("email-wrong")));
        Some(CreateInvitation { name: name?, email: email?, role: role_from(&self.role.get_untracked())? })
    }
}

#[derive(Clone, Copy)]
pub struct Rows {
    rows: RwSignal<Vec<Row>>,
    /// Invited here and now, with the links to hand over where there is no email.
    pub sent: RwSignal<Vec<Invitation>>,
    pub busy: RwSignal<bool>,
    gate: Gate,
    text: Text,
    owner: StoredValue<Option<Owner>>,
}

impl Rows {
    pub fn new() -> Self {
        Self {
            rows: RwSignal::new(vec![Row::new()]),
            sent: RwSignal::new(Vec::new()),
            busy: RwSignal::new(false),
            gate: Gate::from_context(),
            text: Text::from_context(),
            owner: StoredValue::new(Owner::current()),
        }
    }

    pub fn is_empty(self) -> bool {
        self.rows.get().iter().all(|row| row.is_empty())
    }

    pub fn has_links(self) -> bool {
        self.sent.with_untracked(|sent| sent.iter().any(|invitation| invitation.link.is_some()))
    }

    pub fn word_on(self) -> &'static str {
        match (self.busy.get(), self.is_empty()) {
            (true, _) => "setup-busy",
            (false, true) => "setup-next",
            (false, false) => "invite-send",
        }
    }

    fn add(self) {
        // Under the form's owner: a row's fields outlive the press of a button.
        let row = self.owner.get_value().map_or_else(Row::new, |owner| owner.with(Row::new));
        self.rows.update(|rows| rows.push(row));
    }

    fn remove(self, key: Uuid) {
        self.rows.update(|rows| rows.retain(|row| row.key != key));
        if self.rows.with_untracked(Vec::is_empty) {
            self.add();
        }
    }

    /// Nothing is filled in: the first row says what is wanted.
    pub fn ask_for_one(self) {
        if let Some(row) = self.rows.with_untracked(|rows| rows.first().copied()) {
            // Reading it puts the words under its fields.
            let _ = row.read(self.text);
        }
        focus_first();
    }

    /// Invites everybody whose row is filled in; those who were invited leave the form.
    pub fn invite(self, then: Callback<()>) {
        if self.busy.get_untracked() {
            return;
        }
        let filled: Vec<Row> = self.rows.get_untracked().into_iter().filter(|row| !row.is_empty()).collect();
        let read: Vec<_> = filled.iter().map(|row| (*row, row.read(self.text))).collect();
        if read.iter().any(|(_, invitation)| invitation.is_none()) {
            return focus_first();
        }
        self.busy.set(true);
        spawn_local(async move {
            let mut all_went = true;
            for (row, invitation) in read {
                let Some(invitation) = invitation else { continue };
                match self.gate.hear(people::invite(&invitation, row.key).await) {
                    Ok(invitation) => {
                        self.sent.try_update(|sent| sent.push(invitation));
                        self.remove(row.key);
                    }
                    Err(error) => {
                        all_went = false;
                        row.email_wrong.try_set(Some(self.why(&error)));
                    }
                }
            }
            self.busy.try_set(false);
            if all_went { then.run(()) } else { focus_first() }
        });
    }

    fn why(self, error: &ClientError) -> String {
        match error.code() {
            Some(ProblemCode::Conflict) => self.text.say("invite-known"),
            _ => said::sentence(self.text, error),
        }
    }
}

fn focus_first() {
    crate::form::focus_at(".invite-rows [aria-invalid=true]");
}

#[component]
pub fn InviteRows(rows: Rows) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <ul class="invite-rows">
            <For each=move || rows.rows.get() key=|row| row.key let:row>
                <InviteRow rows=rows row=row />
            </For>
        </ul>
        <div class="row">
            <Button small=true icon=IconName::Plus on_press=move || rows.add()>
                {move || text.say("invite-more")}
            </Button>
        </div>
    }
}

#[component]
fn InviteRow(rows: Rows, row: Row) -> impl IntoView {
    let text = Text::from_context();
    let who = Signal::derive(move || {
        let name = row.name.get();
        text.say_with("invite-remove", &[("name", name.as_str().into())])
    });
    view! {
        <li class="invite-row">
            <Cell row=row field=row.name wrong=row.name_wrong key="invite-name" kind="text" />
            <Cell row=row field=row.email wrong=row.email_wrong key="sign-in-email" kind="email" />
            <label class="field">
                <span class="strong small">{move || text.say("invite-role")}</span>
                <select class="input" on:change=move |event| row.role.set(event_target_value(&event))>
                    {ROLES
                        .iter()
                        .map(|role| {
                            let name = role_name(*role);
                            view! {
                                <option value=name prop:selected=move || *row.role.read() == *name>
                                    {move || text.say(role_key(*role))}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </label>
            <Button look=Look::Round icon=IconName::Close label=who on_press=move || rows.remove(row.key) />
        </li>
    }
}

/// A field of a row: labelled for itself, for there is one of each in every row.
#[component]
fn Cell(
    row: Row,
    field: RwSignal<String>,
    wrong: RwSignal<Option<String>>,
    key: &'static str,
    kind: &'static str,
) -> impl IntoView {
    let text = Text::from_context();
    let id = format!("{key}-{}", row.key);
    let bad = move || wrong.read().is_some();
    view! {
        <div class="field">
            <label class="small" for=id.clone()>{move || text.say(key)}</label>
            <input
                id=id.clone()
                class="input"
                class:bad=bad
                type=kind
                autocomplete="off"
                aria-invalid=move || bad().then_some("true")
                aria-describedby=format!("{id}-error")
                bind:value=field
                on:input=move |_| wrong.set(None)
            />
            <FieldError id=format!("{id}-error") error=wrong />
        </div>
    }
}
