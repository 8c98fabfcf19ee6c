//! A list that loads page by page and can be refreshed in place while somebody reads it.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::page::{DEFAULT_LIMIT, MAX_LIMIT, Page};
use sealpost_web::client::{Answer, ClientError};
use uuid::Uuid;

use super::gate::Gate;
use super::view::{Listed, append, merge};

type Fetched<T> = Pin<Box<dyn Future<Output = Answer<Page<T>>>>>;
type Fetch<T> = Rc<dyn Fn(u64, Option<String>) -> Fetched<T>>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// The first page is on its way.
    Loading,
    Ready,
    Failed(ClientError),
}

pub struct Paged<T: Send + Sync + 'static> {
    pub items: RwSignal<Vec<T>>,
    /// Where each entry stands, so that a row finds its own without looking through all of them.
    index: Memo<HashMap<Uuid, usize>>,
    pub stage: RwSignal<Stage>,
    pub has_more: RwSignal<bool>,
    pub loading_more: RwSignal<bool>,
    next: StoredValue<Option<String>>,
    fetch: StoredValue<Option<Fetch<T>>, LocalStorage>,
    /// Grows with every new list; an answer for an older one is dropped.
    round: StoredValue<u32>,
    gate: Gate,
}

impl<T: Send + Sync + 'static> Clone for Paged<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Paged<T> {}

impl<T: Listed + PartialEq + Send + Sync + 'static> Paged<T> {
    pub fn new(gate: Gate) -> Self {
        let items = RwSignal::new(Vec::<T>::new());
        Self {
            items,
            index: Memo::new(move |_| {
                items.with(|items| items.iter().enumerate().map(|(at, entry)| (entry.key(), at)).collect())
            }),
            stage: RwSignal::new(Stage::Loading),
            has_more: RwSignal::new(false),
            loading_more: RwSignal::new(false),
            next: StoredValue::new(None),
            fetch: StoredValue::new_local(None),
            round: StoredValue::new(0),
            gate,
        }
    }

    /// Starts over with another list. What was shown goes at once.
    pub fn open<F, R>(self, fetch: F)
    where
        F: Fn(u64, Option<String>) -> R + 'static,
        R: Future<Output = Answer<Page<T>>> + 'static,
    {
        let fetch: Fetch<T> = Rc::new(move |limit, cursor| Box::pin(fetch(limit, cursor)));
        self.fetch.set_value(Some(fetch));
        self.again();
    }

    /// The entries' keys in order; for `<For>`, whose rows then follow their own entry.
    pub fn keys(self) -> Vec<Uuid> {
        self.items.with(|items| items.iter().map(Listed::key).collect())
    }

    pub fn entry(self, key: Uuid) -> Memo<Option<T>> {
        Memo::new(move |_| {
            let at = self.index.with(|index| index.get(&key).copied())?;
            self.items.with(|items| items.get(at).cloned())
        })
    }

    /// The first page once more, from nothing.
    pub fn again(self) {
        self.round.update_value(|round| *round += 1);
        self.items.set(Vec::new());
        self.stage.set(Stage::Loading);
        self.has_more.set(false);
        self.loading_more.set(false);
        self.load(DEFAULT_LIMIT, None, move |page| self.lay_over(page));
    }

    /// Fetches what is shown again, without taking it away meanwhile.
    pub fn refresh(self) {
        // Whoever asked for this may be gone by the time that an answer asks it of them.
        let Some(shown) = self.items.try_with_untracked(Vec::len) else { return };
        self.load((shown as u64).clamp(DEFAULT_LIMIT, MAX_LIMIT), None, move |page| self.lay_over(page));
    }

    /// An entry of one's own making, ahead of the next refresh.
    pub fn put_first(self, entry: T) {
        self.items.try_update(|items| {
            if items.iter().all(|known| known.key() != entry.key()) {
                items.insert(0, entry);
            }
        });
    }

    pub fn more(self) {
        let Some(cursor) = self.next.get_value() else { return };
        if self.loading_more.get_untracked() {
            return;
        }
        self.loading_more.set(true);
        self.load(DEFAULT_LIMIT, Some(cursor), move |page| {
            self.next.set_value(page.next_cursor);
            self.has_more.set(page.has_more);
            self.items.update(|items| *items = append(items, page.data));
        });
    }

    fn lay_over(self, page: Page<T>) {
        let end = page.data.last().map(Listed::key);
        let merged = self.items.with_untracked(|items| merge(items, page.data, !page.has_more));
        // The cursor belongs to the end of the list: it stays while older entries stay below the page.
        if merged.last().map(Listed::key) == end {
            self.next.set_value(page.next_cursor);
            self.has_more.set(page.has_more);
        }
        if self.items.with_untracked(|items| *items != merged) {
            self.items.set(merged);
        }
        // Said again, it would draw the whole list anew.
        if self.stage.with_untracked(|stage| *stage != Stage::Ready) {
            self.stage.set(Stage::Ready);
        }
    }

    fn load(self, limit: u64, cursor: Option<String>, then: impl FnOnce(Page<T>) + 'static) {
        let Some(fetch) = self.fetch.get_value() else { return };
        let round = self.round.get_value();
        spawn_local(async move {
            let answer = self.gate.hear(fetch(limit, cursor).await);
            // The view may be gone, or show another list by now.
            if self.round.try_get_value() != Some(round) {
                return;
            }
            self.loading_more.set(false);
            match answer {
                Ok(page) => then(page),
                Err(error) if self.stage.get_untracked() == Stage::Loading => {
                    self.stage.set(Stage::Failed(error));
                }
                // What is shown stays; the banner says when the server is out of reach.
                Err(_) => {}
            }
        });
    }
}
