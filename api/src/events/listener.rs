//! Whose stream it is: decides what is told, and for how long.

use sealpost_shared::ids::{ConversationId, KeyId, LinkId, MessageId, OrganizationId, SessionId, UserId};
use uuid::Uuid;

use crate::auth::{Caller, Patient, find_patient, find_staff};
use crate::entities::api_key;
use crate::journal::Actor;
use crate::problem::{Problem, Result};
use crate::state::State;
use crate::streams::{PER_HOLDER, PER_LINK, PER_STAFF_SESSION};

#[derive(Clone, Copy)]
pub struct Listener {
    pub organization: OrganizationId,
    who: Who,
}

#[derive(Clone, Copy)]
enum Who {
    Staff(UserId, SessionId),
    Key(KeyId),
    Patient { session: SessionId, link: LinkId, conversation: ConversationId, opened: MessageId },
}

impl Listener {
    pub fn of_staff(caller: &Caller) -> Result<Self> {
        let who = match (caller.actor, caller.session) {
            (Actor::Staff(user), Some(session)) => Who::Staff(user, session),
            (Actor::ApiKey(key), _) => Who::Key(key),
            _ => return Err(Problem::internal("a listener without a session")),
        };
        Ok(Self { organization: caller.organization, who })
    }

    pub const fn of_patient(patient: &Patient) -> Self {
        let session = &patient.session;
        let who = Who::Patient {
            session: session.id,
            link: session.link_id,
            conversation: session.conversation_id,
            opened: session.message_id,
        };
        Self { organization: session.organization_id, who }
    }

    /// The session or key that its streams are counted for, and a patient's link.
    pub fn holders(self) -> Vec<(Uuid, usize)> {
        match self.who {
            Who::Staff(_, session) => vec![(session.uuid(), PER_STAFF_SESSION)],
            Who::Key(key) => vec![(key.uuid(), PER_HOLDER)],
            Who::Patient { session, link, .. } => {
                vec![(session.uuid(), PER_HOLDER), (link.uuid(), PER_LINK)]
            }
        }
    }

    /// The person whose own events are told too.
    pub const fn user(self) -> Option<UserId> {
        match self.who {
            Who::Staff(user, _) => Some(user),
            Who::Key(_) | Who::Patient { .. } => None,
        }
    }

    /// A patient hears of one conversation alone.
    pub fn conversation(self) -> Option<ConversationId> {
        self.opened().map(|(conversation, _)| conversation)
    }

    /// A patient's conversation, and the message whose link they came by.
    pub const fn opened(self) -> Option<(ConversationId, MessageId)> {
        match self.who {
            Who::Patient { conversation, opened, .. } => Some((conversation, opened)),
            Who::Staff(..) | Who::Key(_) => None,
        }
    }

    pub async fn is_live(self, state: &State) -> Result<bool> {
        let db = &state.db.of(self.organization).read().await?;
        match self.who {
            Who::Staff(_, session) => Ok(find_staff(state, db, session).await?.is_some()),
            Who::Key(key) => Ok(api_key::find_live(db, self.organization, key, state.now()).await?.is_some()),
            Who::Patient { session, .. } => match find_patient(state, db, session).await {
                Ok(_) => Ok(true),
                Err(problem) if problem.code.status() < 500 => Ok(false),
                Err(problem) => Err(problem),
            },
        }
    }
}
