//! Replies on their way: shown at once, sent one after the other, never lost while the page lives.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::chat::PostChatMessage;
use sealpost_shared::ids::ConversationId;
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::text::MessageText;
use sealpost_web::client::{ClientError, patient};
use sealpost_web::time;
use uuid::Uuid;

use super::thread::Failure;
use super::visit::Visit;

impl Visit {
    /// Sends what is typed; nothing when it is no message.
    pub fn send_draft(self) {
        let Ok(body) = self.draft.with_untracked(|draft| draft.parse::<MessageText>()) else { return };
        self.draft.set(String::new());
        self.thread.update(|thread| thread.begin(Uuid::new_v4(), body, time::now()));
        self.send_next();
    }

    pub fn retry(self, key: Uuid) {
        self.thread.update(|thread| thread.retry(key));
        self.send_next();
    }

    pub fn send_next(self) {
        let Some(id) = self.conversation() else { return };
        let next = self.thread.with_untracked(|thread| {
            let entry = thread.next_to_send()?;
            Some(PostChatMessage { body: entry.body.clone(), client_message_id: entry.key })
        });
        let Some(message) = next.filter(|_| !self.in_flight.get_value()) else { return };
        self.in_flight.set_value(true);
        let turn = self.this_turn();
        spawn_local(async move {
            let answer = patient::post_message(id, &message).await;
            if !self.is_turn(turn) {
                return;
            }
            self.in_flight.set_value(false);
            match answer {
                Ok(sent) => {
                    self.offline.set(false);
                    self.thread.update(|thread| thread.accept(sent));
                    self.news.set(self.text.say("message-sent"));
                }
                Err(error) => self.not_sent(message.client_message_id, &error),
            }
            self.send_next();
        });
    }

    fn not_sent(self, key: Uuid, error: &ClientError) {
        // Closing keeps it among the unsent.
        if self.follow(error) {
            return;
        }
        let failure = match error {
            ClientError::Offline => {
                self.offline.set(true);
                Failure::Offline
            }
            ClientError::Problem(problem) if problem.code == ProblemCode::RateLimited => {
                Failure::Because(self.text.say("too-many-replies"))
            }
            ClientError::Problem(problem) => Failure::Because(self.text.problem(problem.code)),
            ClientError::Unexpected => Failure::Because(self.text.say("unexpected")),
        };
        self.thread.update(|thread| thread.fail(key, failure));
    }

    /// Somebody is here: moves the idle limit, at most once a minute (security.md D11).
    pub fn was_active(self) {
        const ONCE_IN: chrono::TimeDelta = chrono::TimeDelta::seconds(60);
        if time::now() - self.stayed_at.get_value() >= ONCE_IN {
            self.stay();
        }
    }

    pub fn stay(self) {
        let Some(id) = self.conversation() else { return };
        self.stayed_at.set_value(time::now());
        let turn = self.this_turn();
        spawn_local(async move {
            let answer = patient::stay(id).await;
            self.heard_of_session(id, turn, answer.map(Some));
        });
    }

    /// Another tab may have moved the limit: asks before anybody is warned.
    pub fn ask_for_session(self) {
        let Some(id) = self.conversation() else { return };
        let turn = self.this_turn();
        spawn_local(async move {
            let answer = patient::chat(id).await;
            self.heard_of_session(id, turn, answer.map(|chat| Some(chat.session)));
        });
    }

    fn heard_of_session(
        self,
        id: ConversationId,
        turn: u32,
        answer: Result<Option<sealpost_shared::links::PatientSession>, ClientError>,
    ) {
        if !self.is_turn(turn) || self.conversation() != Some(id) {
            return;
        }
        match answer {
            Ok(session) => self.session.set(session),
            Err(error) => {
                self.follow(&error);
            }
        }
    }
}
