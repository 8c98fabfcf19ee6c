//! A page's form: what is saved, what is being changed, and how the two come together.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::problem::FieldError;
use sealpost_web::client::{Answer, ClientError};
use sealpost_web::text::Text;

use super::saving::Saving;
use crate::desk::Desk;
use crate::view::Wrong;

/// What a form changes, and where it is kept.
pub trait Draft: Clone + Default + PartialEq + Send + Sync + 'static {
    type Saved: Clone + PartialEq + Send + Sync + 'static;
    type Patch: 'static;
    /// The fields of the page, as refusals name them, with the keys of their words.
    const FIELDS: &'static [(&'static str, &'static str)];

    fn of(saved: &Self::Saved) -> Self;
    fn differs(&self, saved: &Self::Saved) -> bool;
    /// Only what differs, or all that is wrong.
    fn patch(&self, saved: &Self::Saved) -> Result<Self::Patch, Vec<Wrong>>;
    /// Takes what somebody else saved meanwhile. The pointers of what both changed.
    fn rebase(&mut self, old: &Self::Saved, new: &Self::Saved) -> Vec<&'static str>;
    fn fetch() -> impl Future<Output = Answer<Self::Saved>>;
    fn store(patch: Self::Patch) -> impl Future<Output = Answer<Self::Saved>>;
    /// What else on the desk shows this.
    fn tell(desk: Desk, saved: &Self::Saved);
}

pub struct Form<D: Draft> {
    pub desk: Desk,
    pub saved: RwSignal<Option<D::Saved>>,
    pub draft: RwSignal<D>,
    pub dirty: Memo<bool>,
    pub saving: Saving,
    /// Why there is nothing to show.
    pub missing: RwSignal<Option<ClientError>>,
}

impl<D: Draft> Clone for Form<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D: Draft> Copy for Form<D> {}

/// How a try to save ended, short of a refusal.
enum Outcome {
    Saved,
    /// Somebody else changed the same; or what is typed cannot be sent.
    Held,
}

impl<D: Draft> Form<D> {
    pub fn new(desk: Desk) -> Self {
        let saved = RwSignal::new(None::<D::Saved>);
        let draft = RwSignal::new(D::default());
        let dirty = Memo::new(move |_| {
            saved.with(|saved| saved.as_ref().is_some_and(|saved| draft.with(|draft| draft.differs(saved))))
        });
        Self { desk, saved, draft, dirty, saving: Saving::new(), missing: RwSignal::new(None) }
    }

    /// `Ok` once there is something to change, and from then on; else why not, or nothing while it loads.
    pub fn stage(self) -> Memo<Result<(), Option<ClientError>>> {
        Memo::new(move |_| match self.saved.with(Option::is_some) {
            true => Ok(()),
            false => Err(self.missing.get()),
        })
    }

    /// A field to read, wherever it is shown.
    pub fn read<T: Send + Sync + PartialEq + 'static>(
        self,
        part: impl Fn(&D) -> T + Send + Sync + 'static,
    ) -> Signal<T> {
        Memo::new(move |_| self.draft.with(&part)).into()
    }

    /// Something of what is saved; the default until it is known.
    pub fn known<T: Default + Send + Sync + PartialEq + 'static>(
        self,
        part: impl Fn(&D::Saved) -> T + Send + Sync + 'static,
    ) -> Signal<T> {
        Memo::new(move |_| self.saved.with(|saved| saved.as_ref().map(&part).unwrap_or_default())).into()
    }

    /// Changes a field; what was said about it before no longer holds.
    pub fn change(self, pointer: &str, change: impl FnOnce(&mut D)) {
        self.draft.update(change);
        self.saving.forget(pointer);
    }

    pub fn discard(self) {
        self.saving.clear();
        if let Some(saved) = self.saved.get_untracked() {
            self.draft.set(D::of(&saved));
        }
    }

    /// What is saved now; what was typed stays.
    pub fn load(self) {
        self.missing.set(None);
        spawn_local(async move {
            match self.desk.gate.hear(D::fetch().await) {
                Ok(fresh) => drop(self.take(fresh)),
                Err(error) => drop(self.missing.try_set(Some(error))),
            }
        });
    }

    /// Lays what is saved now under what was typed. The pointers of what both changed.
    pub fn take(self, fresh: D::Saved) -> Vec<&'static str> {
        let Some(old) = self.saved.try_get_untracked() else { return Vec::new() };
        let mut draft = self.draft.get_untracked();
        let clashes = match &old {
            Some(old) => draft.rebase(old, &fresh),
            None => {
                draft = D::of(&fresh);
                Vec::new()
            }
        };
        D::tell(self.desk, &fresh);
        self.saved.set(Some(fresh));
        if draft != self.draft.get_untracked() {
            self.draft.set(draft);
        }
        clashes
    }

    /// Looks first at what is saved now: what somebody else changed is not overwritten unseen.
    pub fn save(self, text: Text) {
        if !self.dirty.get_untracked() || !self.saving.start() {
            return;
        }
        spawn_local(async move {
            match self.desk.gate.hear(self.try_save(text).await) {
                Ok(Outcome::Saved) => self.saving.done(),
                Ok(Outcome::Held) => drop(self.saving.busy.try_set(false)),
                Err(error) => {
                    let pointers: Vec<&str> = D::FIELDS.iter().map(|(pointer, _)| *pointer).collect();
                    self.saving.failed(text, &error, &pointers);
                }
            }
        });
    }

    async fn try_save(self, text: Text) -> Answer<Outcome> {
        let clashes = self.take(D::fetch().await?);
        if !clashes.is_empty() {
            self.saving.clash.try_set(Some(
                text.say_with("settings-clash", &[("fields", names::<D>(text, &clashes).into())]),
            ));
            return Ok(Outcome::Held);
        }
        let patch = self.saved.with_untracked(|saved| {
            let saved = saved.as_ref()?;
            self.draft.with_untracked(|draft| draft.differs(saved).then(|| draft.patch(saved)))
        });
        match patch {
            // Somebody else saved the very same.
            None => {}
            Some(Err(wrong)) => {
                self.saving
                    .wrong(text, wrong.into_iter().map(|(pointer, key)| said(text, pointer, key)).collect());
                return Ok(Outcome::Held);
            }
            Some(Ok(patch)) => {
                let fresh = D::store(patch).await?;
                // What was saved is no longer being changed: a PIN that was typed goes.
                self.draft.try_set(D::of(&fresh));
                D::tell(self.desk, &fresh);
                self.saved.try_set(Some(fresh));
            }
        }
        Ok(Outcome::Saved)
    }
}

fn names<D: Draft>(text: Text, pointers: &[&str]) -> String {
    let named = D::FIELDS.iter().filter(|(pointer, _)| pointers.contains(pointer));
    named.map(|(_, key)| text.say(key)).collect::<Vec<_>>().join(", ")
}

/// What the page found wrong by itself, in the form of a refusal.
fn said(text: Text, pointer: &str, key: &str) -> FieldError {
    FieldError {
        pointer: pointer.to_owned(),
        code: "invalid".to_owned(),
        detail: text.say(key),
        line: None,
        column: None,
    }
}
