//! How one comes in: by the session that is there, or by a ticket in the address, which leaves it as soon as it
//! was used or refused.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::conversations::Folder;
use sealpost_shared::problem::ProblemCode;
use sealpost_web::client::staff;

use super::gate::{Gate, Out, Phase};
use super::places::Go;
use super::view::{Place, Ticket, ticket_in};

fn ticket() -> Option<Ticket> {
    ticket_in(&window().location().hash().unwrap_or_default())
}

/// A ticket beats whoever is signed in; without one the server is asked.
pub fn start(gate: Gate, go: Go) {
    match ticket() {
        None => spawn_local(gate.ask()),
        Some(Ticket::Once(token)) => {
            let inbox = Place::Folder(Folder::Inbox, None);
            spawn_local(by_token(gate, go, token, inbox, Out::LinkUsed));
        }
        Some(Ticket::Setup(token)) => {
            spawn_local(by_token(gate, go, token, Place::Setup(None), Out::SetupLinkUsed));
        }
        Some(Ticket::Reset(token)) => {
            // Out of the address at once: unlike an invitation it is worth an account that exists.
            gate.reset.set_value(Some(token));
            gate.phase.set(Phase::Reset);
            go.sign_in(Place::Home);
        }
        Some(Ticket::Invite(token)) => {
            // It stays in the address until it was accepted: a phone may drop the tab meanwhile.
            gate.invitation.set_value(Some(token));
            gate.phase.set(Phase::Invited);
        }
    }
}

/// A link that is pasted over an open desk changes nothing but the fragment.
pub fn listen(gate: Gate, go: Go) {
    let handle = window_event_listener(leptos::ev::hashchange, move |_| {
        if ticket().is_some() {
            gate.phase.set(Phase::Starting);
            start(gate, go);
        }
    });
    on_cleanup(move || handle.remove());
}

async fn by_token(gate: Gate, go: Go, token: String, then: Place, used: Out) {
    match staff::sign_in_once(token).await {
        Ok(answer) => {
            if gate.answered(answer) {
                go.instead(then);
            } else {
                gate.wanted.set_value(then);
                go.sign_in(Place::Home);
            }
        }
        Err(error) if error.code().is_some_and(is_refusal) => refused(gate, go, then, used).await,
        // Not the link's fault: it stays in the address, for another try.
        Err(_) => gate.phase.set(Phase::Unreachable),
    }
}

/// Whoever follows a used link in the browser that used it is signed in there already.
async fn refused(gate: Gate, go: Go, then: Place, used: Out) {
    if let Ok(session) = staff::session().await {
        gate.enter(session);
        go.instead(then);
    } else {
        gate.close(used);
        go.sign_in(Place::Home);
    }
}

fn is_refusal(code: ProblemCode) -> bool {
    !matches!(code, ProblemCode::Internal | ProblemCode::Unavailable | ProblemCode::RateLimited)
}
