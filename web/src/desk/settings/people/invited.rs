//! Who is invited and has not come yet: where the email is, sending it again, withdrawing it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::invitations::{Invitation, InvitationEmail, InvitationState};
use sealpost_web::client::people;
use sealpost_web::text::Text;
use sealpost_web::time::{Style, show};
use sealpost_web::ui::{Avatar, Button, Look, Tag, TagTone};
use uuid::Uuid;

use crate::desk::Desk;
use crate::people::sent::SentList;
use crate::view::role_key;

#[component]
pub fn Invited(fresh: RwSignal<u32>) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let list = RwSignal::new(Vec::<Invitation>::new());
    // A link that was made anew to hand over is shown once.
    let again = RwSignal::new(Vec::<Invitation>::new());
    Effect::new(move || {
        fresh.track();
        spawn_local(async move {
            if let Ok(page) = desk.gate.hear(people::invitations().await) {
                let open = page.data.into_iter().filter(|it| it.state != InvitationState::Accepted);
                list.try_set(open.collect());
            }
        });
    });
    view! {
        <Show when=move || !list.with(Vec::is_empty)>
            <section class="panel card">
                <h3>{move || text.say("people-invited")}</h3>
                <SentList sent=again />
                <ul class="people">
                    <For each=move || list.get() key=|it| (it.id, it.expires_at, state_of(it).1) let:invitation>
                        <Waiting invitation=invitation list=list again=again />
                    </For>
                </ul>
            </section>
        </Show>
    }
}

#[component]
fn Waiting(
    invitation: Invitation,
    list: RwSignal<Vec<Invitation>>,
    again: RwSignal<Vec<Invitation>>,
) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let id = invitation.id;
    let name = invitation.name.as_str().to_owned();
    let values = || [("name", invitation.name.as_str().into())];
    let (send_label, withdraw_label) =
        (text.say_with("invited-again-of", &values()), text.say_with("invited-withdraw-of", &values()));
    let send_again = move || {
        desk.act(people::resend(id, Uuid::new_v4()), move |fresh: Invitation| {
            if fresh.link.is_some() {
                again.try_update(|again| {
                    again.retain(|known| known.id != id);
                    again.push(fresh.clone());
                });
            }
            list.try_update(|list| {
                if let Some(place) = list.iter_mut().find(|known| known.id == id) {
                    *place = Invitation { link: None, ..fresh };
                }
            });
        });
    };
    let withdraw = move || {
        desk.act(people::withdraw(id), move |()| {
            list.try_update(|list| list.retain(|known| known.id != id));
        });
    };
    let until = show(invitation.expires_at, Style::DayTime, text.language());
    let until = text.say_with("invited-until", &[("time", until.into())]);
    let (tone, state) = state_of(&invitation);
    view! {
        <li class="person">
            <Avatar name=Signal::stored(name.clone()) />
            <div class="grow">
                <div class="person-name">
                    <strong><bdi>{name}</bdi></strong>
                    <Tag tone=TagTone::Plain>{text.say(role_key(invitation.role))}</Tag>
                    <Tag tone=tone>{text.say(state)}</Tag>
                </div>
                <div class="muted small clip">{invitation.email.as_str().to_owned()}</div>
                {(invitation.state == InvitationState::Pending).then(|| view! { <div class="muted tiny">{until}</div> })}
                {invitation.email_failure.clone().map(|why| view! { <div class="small danger">{why}</div> })}
            </div>
            <div class="person-acts">
                <Button small=true label=Signal::stored(send_label) on_press=send_again>{text.say("invited-again")}</Button>
                <Button small=true look=Look::Danger label=Signal::stored(withdraw_label) on_press=withdraw>
                    {text.say("invited-withdraw")}
                </Button>
            </div>
        </li>
    }
}

const fn state_of(invitation: &Invitation) -> (TagTone, &'static str) {
    match (invitation.state, invitation.email_status) {
        (InvitationState::Expired, _) => (TagTone::Warn, "invited-expired"),
        (InvitationState::Accepted, _) => (TagTone::Good, "invited-accepted"),
        (_, InvitationEmail::Queued) => (TagTone::Plain, "invited-queued"),
        (_, InvitationEmail::Sent) => (TagTone::Accent, "invited-sent"),
        (_, InvitationEmail::Failed) => (TagTone::Bad, "invited-failed"),
        (_, InvitationEmail::NotSent) => (TagTone::Plain, "invited-by-hand"),
    }
}
