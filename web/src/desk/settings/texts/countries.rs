//! The countries that texts may go to: those chosen first, all of them to be found by name.

use leptos::prelude::*;
use sealpost_shared::text::CountryCode;
use sealpost_shared::texts::COUNTRIES;
use sealpost_web::countries::Names;
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Field, Look, Tag, TagTone, shown_when};

use super::TextsForm;

/// A country and what it is called here.
#[derive(Clone, PartialEq, Eq)]
struct Named {
    code: CountryCode,
    name: String,
}

/// In the order of the alphabet.
fn all(text: Text) -> Vec<Named> {
    let names = Names::of(text.language());
    let codes = COUNTRIES.iter().filter_map(|code| code.parse::<CountryCode>().ok());
    let mut all: Vec<_> = codes.map(|code| Named { name: names.name(code.as_str()), code }).collect();
    all.sort_by_key(|country| country.name.to_lowercase());
    all
}

#[component]
pub fn Countries(form: TextsForm) -> impl IntoView {
    let text = Text::from_context();
    let all = Memo::new(move |_| all(text));
    let by_default = form.read(|draft| draft.by_default);
    view! {
        <section class="card panel">
            <h3>{text.live("texts-countries")}</h3>
            <p class="muted">{text.live("texts-countries-what")}</p>
            <Chosen form=form all=all />
            {shown_when(
                move || by_default.get(),
                move || view! { <p class="small muted">{move || text.say("texts-countries-default")}</p> }.into_any(),
            )}
            <Search form=form all=all />
            {shown_when(
                move || !by_default.get(),
                move || {
                    view! {
                        <div class="row">
                            <Button small=true look=Look::Quiet on_press=move || back(form)>
                                {move || text.say("texts-countries-back")}
                            </Button>
                        </div>
                    }
                    .into_any()
                },
            )}
        </section>
    }
}

#[component]
fn Chosen(form: TextsForm, all: Memo<Vec<Named>>) -> impl IntoView {
    let text = Text::from_context();
    let chosen = form.read(|draft| draft.countries.clone());
    let names = move || {
        let chosen = chosen.get();
        let named =
            all.with(|all| all.iter().filter(|it| chosen.contains(&it.code)).cloned().collect::<Vec<_>>());
        let tag = |it: Named| view! { <li><Tag tone=TagTone::Plain>{it.name}</Tag></li> };
        named.into_iter().map(tag).collect_view()
    };
    view! {
        <ul class="chosen-countries" aria-label=text.live("texts-countries-chosen")>{names}</ul>
        {shown_when(
            move || chosen.read().is_empty(),
            move || view! { <p class="small danger">{move || text.say("texts-countries-none")}</p> }.into_any(),
        )}
    }
}

/// All of them, or those whose name or code is typed.
#[component]
fn Search(form: TextsForm, all: Memo<Vec<Named>>) -> impl IntoView {
    let text = Text::from_context();
    let typed = RwSignal::new(String::new());
    let chosen = form.read(|draft| draft.countries.clone());
    let found = Memo::new(move |_| {
        let wanted = typed.with(|typed| typed.trim().to_lowercase());
        let fits = |it: &&Named| {
            it.name.to_lowercase().contains(&wanted) || it.code.as_str().eq_ignore_ascii_case(&wanted)
        };
        all.with(|all| all.iter().filter(fits).cloned().collect::<Vec<_>>())
    });
    view! {
        <Field id="texts-country-search" label=text.live("texts-country-search") value=typed kind="search" />
        <div class="country-list" role="group" aria-label=text.live("texts-countries")>
            <For each=move || found.get() key=|it| it.code.clone() let:country>
                <Country form=form country=country chosen=chosen />
            </For>
            {shown_when(
                move || found.read().is_empty(),
                move || view! { <p class="muted small">{move || text.say("texts-country-not-found")}</p> }.into_any(),
            )}
        </div>
    }
}

/// Whatever the server calls the default when it is saved; until then the list stays as it is.
fn back(form: TextsForm) {
    form.change("/countries", |draft| draft.by_default = true);
}

#[component]
fn Country(form: TextsForm, country: Named, chosen: Signal<Vec<CountryCode>>) -> impl IntoView {
    let code = StoredValue::new(country.code);
    view! {
        <label class="check">
            <input
                type="checkbox"
                prop:checked=move || code.with_value(|code| chosen.read().contains(code))
                on:change=move |_| form.change("/countries", |draft| code.with_value(|code| draft.toggle(code)))
            />
            <span>{country.name}</span>
        </label>
    }
}
