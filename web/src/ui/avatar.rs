//! People and organizations as initials.

use leptos::prelude::*;

use super::shown::shown;

/// At most two initials: of the first and the last word that start with a letter or digit. Titles such
/// as "Dr." do not count while something else is there.
pub fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().filter(|word| word.starts_with(is_name)).collect();
    let named: Vec<&str> = words.iter().copied().filter(|word| !word.ends_with('.')).collect();
    let words = if named.is_empty() { words } else { named };
    let first = words.first().and_then(|word| word.chars().next());
    let last = words.get(1..).and_then(<[_]>::last).and_then(|word| word.chars().next());
    first.into_iter().chain(last).collect()
}

/// No table of all letters for two of them; the style makes them capitals.
fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || !c.is_ascii()
}

/// A person.
#[component]
pub fn Avatar(#[prop(into)] name: Signal<String>) -> impl IntoView {
    view! { <span class="avatar" aria-hidden="true">{Signal::derive(move || initials(&name.read()))}</span> }
}

/// An organization, where its logo would be.
#[component]
pub fn Mark(#[prop(into)] name: Signal<String>) -> impl IntoView {
    view! { <span class="mark" aria-hidden="true">{Signal::derive(move || initials(&name.read()))}</span> }
}

/// An organization's logo; its initials where there is none, or where it does not come. The name stands beside it.
#[component]
pub fn Logo(#[prop(into)] url: Signal<Option<String>>, #[prop(into)] name: Signal<String>) -> impl IntoView {
    let missing = RwSignal::new(None::<String>);
    shown(move || match url.get() {
        Some(url) if missing.read().as_ref() != Some(&url) => {
            let own = url.clone();
            view! { <img class="mark logo" src=url alt="" on:error=move |_| missing.set(Some(own.clone())) /> }.into_any()
        }
        _ => view! { <Mark name=name /> }.into_any(),
    })
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_of_the_first_and_the_last_word() {
        assert_eq!(initials("Riverside Family Clinic"), "RC");
        assert_eq!(initials("Dr. Amy Lee"), "AL");
        assert_eq!(initials("Dr."), "D");
        assert_eq!(initials("lucía gómez"), "lg");
        assert_eq!(initials("Ärztehaus"), "Ä");
        assert_eq!(initials("+1 555 010 0142"), "50");
        assert_eq!(initials("  "), "");
    }
}
