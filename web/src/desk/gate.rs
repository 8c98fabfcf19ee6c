//! Who is signed in, if anybody: every answer passes through here, so that the end of a session is
//! noticed wherever it shows first.

use leptos::prelude::*;
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::staff::{SecondStepMethod, SignedIn, StaffSession};
use sealpost_web::client::{Answer, ClientError, staff};

use super::view::Place;

/// Why the sign-in page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Out {
    /// Nobody was signed in.
    First,
    /// The session ended by time or by somebody else's hand.
    Ended,
    /// By the person's own wish.
    Left,
    /// The one-time link was used or is too old.
    LinkUsed,
    /// The same of a setup link, which comes from elsewhere.
    SetupLinkUsed,
    /// The code of the second step came too long after the password.
    TooSlow,
    /// There is a new password.
    Reset,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Asking the server who this is.
    Starting,
    Out(Out),
    /// The password was right; a code is wanted.
    SecondStep,
    /// The password was right; the organization wants a second step, and there is none yet.
    Enrolling,
    /// Somebody forgot their password,
    Forgot,
    /// and came back with a link for a new one.
    Reset,
    /// Somebody holds an invitation.
    Invited,
    In,
    /// The server could not say.
    Unreachable,
}

#[derive(Clone, Copy)]
pub struct Gate {
    pub phase: RwSignal<Phase>,
    pub session: RwSignal<Option<StaffSession>>,
    /// What the second step can be taken with.
    pub methods: RwSignal<Vec<SecondStepMethod>>,
    /// The last call did not reach the server.
    pub offline: RwSignal<bool>,
    /// Where to go after signing in.
    pub wanted: StoredValue<Place>,
    /// Somebody pressed "Sign out": the stream may tell of the end before the answer does.
    pub leaving: StoredValue<bool>,
    /// The invitation's token; it is nowhere else once it has left the address.
    pub invitation: StoredValue<Option<String>>,
    /// The same of a link for a new password.
    pub reset: StoredValue<Option<String>>,
}

impl Gate {
    pub fn provide(wanted: Place) -> Self {
        let gate = Self {
            phase: RwSignal::new(Phase::Starting),
            session: RwSignal::new(None),
            methods: RwSignal::new(Vec::new()),
            offline: RwSignal::new(false),
            wanted: StoredValue::new(wanted),
            leaving: StoredValue::new(false),
            invitation: StoredValue::new(None),
            reset: StoredValue::new(None),
        };
        provide_context(gate);
        gate
    }

    pub fn from_context() -> Self {
        expect_context()
    }

    pub fn enter(self, session: StaffSession) {
        self.offline.set(false);
        self.invitation.set_value(None);
        self.reset.set_value(None);
        self.session.set(Some(session));
        self.phase.set(Phase::In);
    }

    /// What signing in came to; true when somebody is in.
    pub fn answered(self, answer: SignedIn) -> bool {
        match answer {
            SignedIn::Session(session) => self.enter(*session),
            SignedIn::SecondStepDue(due) => {
                self.methods.set(due.methods);
                self.phase.set(Phase::SecondStep);
            }
            SignedIn::EnrolmentDue(_) => self.phase.set(Phase::Enrolling),
        }
        self.phase.get_untracked() == Phase::In
    }

    /// Takes everything about people off the page.
    pub fn close(self, why: Out) {
        let why = if self.leaving.get_value() { Out::Left } else { why };
        self.leaving.set_value(false);
        if self.phase.get_untracked() == Phase::In
            || matches!(why, Out::First | Out::LinkUsed | Out::SetupLinkUsed)
        {
            self.phase.set(Phase::Out(why));
            self.session.set(None);
        }
    }

    /// Asks who is signed in; at the start, and after the server was out of reach.
    pub async fn ask(self) {
        match staff::session().await {
            Ok(session) => self.enter(session),
            Err(error) if is_signed_out(&error) => self.close(Out::First),
            Err(_) => self.phase.set(Phase::Unreachable),
        }
    }

    /// Every answer's way back into the desk.
    pub fn hear<T>(self, answer: Answer<T>) -> Answer<T> {
        match &answer {
            Err(error) if is_signed_out(error) => self.close(Out::Ended),
            Err(ClientError::Offline) => self.offline.set(true),
            _ => {
                if self.offline.get_untracked() {
                    self.offline.set(false);
                }
            }
        }
        answer
    }
}

fn is_signed_out(error: &ClientError) -> bool {
    matches!(error.code(), Some(ProblemCode::Unauthenticated | ProblemCode::SessionEnded))
}
