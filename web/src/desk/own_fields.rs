//! The fields that the organization adds to its contacts, as every page that shows them needs them.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::contact_fields::ContactField;
use sealpost_web::client::{ClientError, settings};

use super::gate::Gate;

#[derive(Clone, Copy)]
pub struct OwnFields {
    gate: Gate,
    pub all: RwSignal<Vec<ContactField>>,
    pub loaded: RwSignal<bool>,
    pub trouble: RwSignal<Option<ClientError>>,
}

impl OwnFields {
    /// Once, with the shell.
    pub fn provide(gate: Gate) -> Self {
        let fields = Self {
            gate,
            all: RwSignal::new(Vec::new()),
            loaded: RwSignal::new(false),
            trouble: RwSignal::new(None),
        };
        provide_context(fields);
        fields
    }

    pub fn from_context() -> Self {
        expect_context()
    }

    /// `Ok` once they are known, and from then on; else why not, or nothing while they load.
    pub fn stage(self) -> Memo<Result<(), Option<ClientError>>> {
        Memo::new(move |_| match self.loaded.get() {
            true => Ok(()),
            false => Err(self.trouble.get()),
        })
    }

    pub fn load(self) {
        spawn_local(async move {
            match self.gate.hear(settings::contact_fields().await) {
                Ok(page) => {
                    self.trouble.try_set(None);
                    self.all.try_set(page.data);
                    self.loaded.try_set(true);
                }
                Err(error) => drop(self.trouble.try_set(Some(error))),
            }
        });
    }
}
