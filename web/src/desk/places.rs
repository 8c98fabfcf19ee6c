//! Going places: the address changes, and what is shown follows it.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::view::Place;

/// Goes to a place; copy it into any closure.
#[derive(Clone, Copy)]
pub struct Go(Callback<(String, bool)>);

impl Go {
    /// Inside the router, once.
    pub fn provide() -> Self {
        let navigate = use_navigate();
        let go = Self(Callback::new(move |(path, replace): (String, bool)| {
            // Addresses here are whole ones; nothing is left to resolve against the base.
            navigate(&path, NavigateOptions { resolve: false, replace, scroll: false, ..Default::default() });
        }));
        provide_context(go);
        go
    }

    pub fn from_context() -> Self {
        expect_context()
    }

    pub fn to(self, place: Place) {
        self.0.run((place.path(), false));
    }

    /// Without a step that the back button would return to.
    pub fn instead(self, place: Place) {
        self.0.run((place.path(), true));
    }

    /// To the sign-in page, which brings back here afterwards.
    pub fn sign_in(self, wanted: Place) {
        let path = Place::SignIn.path();
        let path = match wanted {
            Place::Setup(_) | Place::Folder(..) | Place::Contacts(_) | Place::Settings(_) => {
                format!("{path}?to={}", wanted.path())
            }
            Place::Home | Place::SignIn | Place::Nowhere => path,
        };
        self.0.run((path, true));
    }
}
