//! The form of the settings of texts.

use sealpost_shared::texts::{TextSettings, UpdateTextSettings};
use sealpost_web::client::{Answer, texts};

use crate::desk::Desk;
use crate::settings::form::{Draft, Form};
use crate::view::{TextsDraft, Wrong};

pub type TextsForm = Form<TextsDraft>;

impl Draft for TextsDraft {
    type Saved = TextSettings;
    type Patch = UpdateTextSettings;
    const FIELDS: &'static [(&'static str, &'static str)] = &[
        ("/countries", "texts-countries"),
        ("/limit_monthly_segments", "texts-limit"),
        ("/monthly_segments", "texts-limit-number"),
    ];

    fn of(saved: &Self::Saved) -> Self {
        Self::of(saved)
    }

    fn differs(&self, saved: &Self::Saved) -> bool {
        *self != Self::of(saved)
    }

    fn patch(&self, saved: &Self::Saved) -> Result<Self::Patch, Vec<Wrong>> {
        self.patch(saved)
    }

    fn rebase(&mut self, old: &Self::Saved, new: &Self::Saved) -> Vec<&'static str> {
        self.rebase(old, new)
    }

    async fn fetch() -> Answer<Self::Saved> {
        texts::settings().await
    }

    async fn store(patch: Self::Patch) -> Answer<Self::Saved> {
        texts::update(&patch).await
    }

    /// The notice in the desk goes by the limit.
    fn tell(desk: Desk, _: &Self::Saved) {
        desk.load_texts();
    }
}
