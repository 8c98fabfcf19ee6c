//! When the practice can be called, day by day.

use leptos::prelude::*;
use sealpost_shared::settings::Weekday;
use sealpost_web::text::Text;
use sealpost_web::ui::{FieldError, shown_when};

use super::PracticeForm;
use crate::settings::form_page::FormSwitch;
use crate::view::{DayDraft, WEEKDAYS};

#[component]
pub fn HoursPanel(form: PracticeForm) -> impl IntoView {
    let text = Text::from_context();
    let error = form.saving.error_at("/office_hours");
    view! {
        <section class="card panel">
            <h3>{text.live("hours-title")}</h3>
            <FormSwitch
                form=form
                id="hours-said"
                label="hours-said"
                hint="hours-said-hint"
                pointer="/office_hours"
                read=|draft| draft.hours.said
                write=|draft, on| draft.hours.said = on
            >
                <ul class="days">
                    {WEEKDAYS
                        .into_iter()
                        .enumerate()
                        .map(|(i, weekday)| view! { <Day form=form i=i weekday=weekday /> })
                        .collect_view()}
                </ul>
                <FieldError id="hours-error".to_owned() error=error />
            </FormSwitch>
        </section>
    }
}

#[component]
fn Day(form: PracticeForm, i: usize, weekday: Weekday) -> impl IntoView {
    let text = Text::from_context();
    let day = form.read(move |draft| draft.hours.days.get(i).cloned());
    let change = move |change: &dyn Fn(&mut DayDraft)| {
        form.change("/office_hours", |draft| {
            if let Some(day) = draft.hours.days.get_mut(i) {
                change(day);
            }
        });
    };
    let open = Signal::derive(move || day.get().is_some_and(|day| day.open));
    let name = text.live(weekday_key(weekday));
    view! {
        <li class="day-line">
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=open
                    on:change=move |event| {
                        let checked = event_target_checked(&event);
                        change(&move |day| day.open = checked);
                    }
                />
                <span>{name}</span>
            </label>
            {shown_when(
                move || open.get(),
                move || {
                    view! {
                        <span class="times">
                            <Time form=form i=i name=name key="hours-from" read=|day| &day.opens write=|day| &mut day.opens />
                            <span class="muted" aria-hidden="true">"–"</span>
                            <Time form=form i=i name=name key="hours-until" read=|day| &day.closes write=|day| &mut day.closes />
                        </span>
                    }
                    .into_any()
                },
            )}
            {shown_when(
                move || !open.get(),
                move || view! { <span class="muted times">{text.live("hours-closed")}</span> }.into_any(),
            )}
        </li>
    }
}

#[component]
fn Time(
    form: PracticeForm,
    i: usize,
    name: Signal<String>,
    key: &'static str,
    read: fn(&DayDraft) -> &String,
    write: fn(&mut DayDraft) -> &mut String,
) -> impl IntoView {
    let text = Text::from_context();
    let value =
        form.read(move |draft| draft.hours.days.get(i).map(|day| read(day).clone()).unwrap_or_default());
    let refused = form.saving.error_at("/office_hours");
    let wrong = form.read(move |draft| draft.hours.days.get(i).is_some_and(DayDraft::is_wrong));
    view! {
        <input
            type="time"
            class="input time"
            class:bad=move || refused.read().is_some() && wrong.get()
            aria-label=move || text.say_with(key, &[("day", name.get().into())])
            aria-invalid=move || (refused.read().is_some() && wrong.get()).then_some("true")
            aria-describedby="hours-error"
            prop:value=value
            on:input=move |event| {
                let typed = event_target_value(&event);
                form.change("/office_hours", |draft| {
                    if let Some(day) = draft.hours.days.get_mut(i) {
                        *write(day) = typed;
                    }
                });
            }
        />
    }
}

const fn weekday_key(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "weekday-monday",
        Weekday::Tuesday => "weekday-tuesday",
        Weekday::Wednesday => "weekday-wednesday",
        Weekday::Thursday => "weekday-thursday",
        Weekday::Friday => "weekday-friday",
        Weekday::Saturday => "weekday-saturday",
        Weekday::Sunday => "weekday-sunday",
    }
}
