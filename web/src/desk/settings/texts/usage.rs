//! How many texts and emails went out: this month in numbers, its days and the last year as bars.

use leptos::prelude::*;
use sealpost_shared::texts::{PeriodUsage, TextUsage};
use sealpost_web::figures::figure;
use sealpost_web::text::Text;
use sealpost_web::time::{Style, period};
use sealpost_web::ui::{Segmented, shown_when};

use crate::desk::Desk;
use crate::folder::Skeleton;
use crate::view::{CHART, bars, used, whole};

#[component]
pub fn Usage(desk: Desk) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <section class="card panel">
            <h3>{text.live("texts-usage")}</h3>
            {move || match desk.texts.get() {
                Some(usage) => view! { <Shown usage=usage /> }.into_any(),
                None => view! { <Skeleton /> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Shown(usage: TextUsage) -> impl IntoView {
    let text = Text::from_context();
    let now = usage.months.last().cloned().unwrap_or_default();
    let by_month = RwSignal::new(false);
    let (days, months) = (StoredValue::new(usage.days), StoredValue::new(usage.months));
    view! {
        <Numbers now=now.clone() />
        <Limit segments=now.segments limit=usage.monthly_segments />
        <Segmented
            name="texts-span"
            legend=text.live("texts-span")
            choices=vec![(false, text.live("texts-span-days")), (true, text.live("texts-span-months"))]
            chosen=by_month
            on_choose=move |it| by_month.set(it)
        />
        {move || match by_month.get() {
            false => view! { <Chart periods=days.get_value() style=Style::ShortDay /> }.into_any(),
            true => view! { <Chart periods=months.get_value() style=Style::Month /> }.into_any(),
        }}
    }
}

#[component]
fn Numbers(now: PeriodUsage) -> impl IntoView {
    let text = Text::from_context();
    let held_back = now.held_back;
    let number = move |key: &'static str, n: u64| {
        view! {
            <div class="figure">
                <dt class="muted small">{text.live(key)}</dt>
                <dd>{move || figure(n, text.language())}</dd>
            </div>
        }
    };
    view! {
        <dl class="figures">
            {number("texts-texts", now.texts)}
            {number("texts-segments", now.segments)}
            {number("texts-emails", now.emails)}
            {(held_back > 0).then(|| number("texts-held-back", held_back))}
        </dl>
        <p class="muted small">{text.live("texts-usage-what")}</p>
    }
}

/// How much of the month's limit is used, as a line that fills; and in words.
#[component]
fn Limit(segments: u64, limit: Option<u32>) -> impl IntoView {
    let text = Text::from_context();
    let Some(limit) = limit else {
        return view! { <p class="muted small">{text.live("texts-no-limit")}</p> }.into_any();
    };
    let share = used(segments, limit);
    let words = move || {
        text.say_with(
            "texts-of-limit",
            &[
                ("n", figure(segments, text.language()).into()),
                ("limit", figure(limit.into(), text.language()).into()),
                ("share", share.into()),
            ],
        )
    };
    view! {
        <div class="of-limit">
            <svg class="meter" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <rect class="meter-all" width="100" height="4"></rect>
                <rect
                    class="meter-used"
                    class:warn=(share >= 80)
                    width=share.to_string()
                    height="4"
                ></rect>
            </svg>
            <p class="small">{words}</p>
        </div>
    }
    .into_any()
}

/// Bars, and the same as a table for whoever would rather read, or cannot see.
#[component]
fn Chart(periods: Vec<PeriodUsage>, style: Style) -> impl IntoView {
    let text = Text::from_context();
    let (width, height) = CHART;
    // A chart that is half empty on the 15th says so.
    let (slots, end) = whole(&periods);
    let drawn = bars(&periods, slots);
    let named = move |name: &str| period(name, style, text.language());
    let first = periods.first().map(|it| named(&it.period)).unwrap_or_default();
    let last = named(&end);
    let most = periods.iter().map(|it| it.texts + it.emails).max().unwrap_or(0);
    let titles: Vec<_> = periods
        .iter()
        .map(|it| {
            let numbers = [("texts", it.texts.into()), ("emails", it.emails.into())];
            format!("{}: {}", named(&it.period), text.say_with("texts-bar", &numbers))
        })
        .collect();
    let rows = StoredValue::new(periods);
    view! {
        <figure class="chart">
            <figcaption class="chart-key small">
                <span class="key-texts">{text.live("texts-texts")}</span>
                <span class="key-emails">{text.live("texts-emails")}</span>
                <span class="grow"></span>
                <span class="muted">{text.say_with("texts-most", &[("n", figure(most, text.language()).into())])}</span>
            </figcaption>
            <svg
                viewBox=format!("0 0 {width} {height}")
                preserveAspectRatio="none"
                aria-hidden="true"
                focusable="false"
            >
                <line class="chart-line" x1="0" x2=width.to_string() y1=height.to_string() y2=height.to_string()></line>
                {drawn
                    .into_iter()
                    .zip(titles)
                    .map(|(bar, title)| {
                        let texts_top = height - bar.texts;
                        view! {
                            <g>
                                <title>{title}</title>
                                <rect class="bar-slot" x=bar.x.to_string() y="0" width=bar.width.to_string() height=height.to_string()></rect>
                                <rect class="bar-texts" x=bar.x.to_string() y=texts_top.to_string() width=bar.width.to_string() height=bar.texts.to_string()></rect>
                                <rect class="bar-emails" x=bar.x.to_string() y=(texts_top - bar.emails).to_string() width=bar.width.to_string() height=bar.emails.to_string()></rect>
                            </g>
                        }
                    })
                    .collect_view()}
            </svg>
            <div class="chart-ends tiny muted" aria-hidden="true"><span>{first}</span><span>{last}</span></div>
            <Table rows=rows style=style />
        </figure>
    }
}

#[component]
fn Table(rows: StoredValue<Vec<PeriodUsage>>, style: Style) -> impl IntoView {
    let text = Text::from_context();
    let open = RwSignal::new(false);
    view! {
        <details class="chart-table" on:toggle=move |_| open.set(true)>
            <summary class="small">{text.live("texts-table")}</summary>
            {shown_when(
                move || open.get(),
                move || {
                    view! {
                        <table class="small">
                            <thead>
                                <tr>
                                    <th scope="col">{text.live("texts-when")}</th>
                                    <th scope="col">{text.live("texts-texts")}</th>
                                    <th scope="col">{text.live("texts-segments")}</th>
                                    <th scope="col">{text.live("texts-emails")}</th>
                                    <th scope="col">{text.live("texts-held-back")}</th>
                                </tr>
                            </thead>
                            <tbody>{rows.get_value().into_iter().rev().map(|row| line(text, &row, style)).collect_view()}</tbody>
                        </table>
                    }
                    .into_any()
                },
            )}
        </details>
    }
}

fn line(text: Text, row: &PeriodUsage, style: Style) -> impl IntoView + use<> {
    let name = period(&row.period, style, text.language());
    let numbers = [row.texts, row.segments, row.emails, row.held_back];
    view! {
        <tr>
            <th scope="row">{name}</th>
            {numbers.map(|n| view! { <td>{figure(n, text.language())}</td> })}
        </tr>
    }
}
