//! One row of a folder: one person, their newest message, and the marks that matter.

use leptos::prelude::*;
use sealpost_shared::conversations::{
    Conversation, Direction, Folder, LastMessage, NextScheduled, Undelivered,
};
use sealpost_shared::ids::ConversationId;
use sealpost_web::text::Text;
use sealpost_web::time::{Style, show};
use sealpost_web::ui::{Avatar, IconName, Tag, TagTone};

use super::desk::Desk;
use super::later::goes_out;
use super::said::{channel_key, short_ago};
use super::shell::Now;
use super::view::{Place, RowTag, row_tags, why_key};

#[component]
pub fn Row(row: Memo<Option<Conversation>>, id: ConversationId, folder: Memo<Folder>) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let name = Signal::derive(move || {
        row.with(|row| row.as_ref().map(|row| row.contact.display_name.clone())).unwrap_or_default()
    });
    let unread = Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|row| row.unread)));
    let last = Memo::new(move |_| row.with(|row| row.as_ref().and_then(|row| row.last_message.clone())));
    let not_opened = Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|row| row.not_opened)));
    let next = next_of(row, folder);
    let gone = gone_of(row, folder);
    let preview = move || match (next.get(), gone.get()) {
        (Some(next), _) => Some(next.preview),
        (None, Some(gone)) => Some(gone.preview),
        (None, None) => last.with(|last| last.as_ref().map(|last| preview(text, last))),
    };
    let current = move || (desk.place.get().conversation() == Some(id)).then_some("true");
    view! {
        <li>
            <a
                class="conv"
                class:unread=unread
                data-row=""
                href=move || Place::Folder(folder.get(), Some(id)).path()
                aria-current=current
            >
                <Avatar name=name />
                <span class="conv-body">
                    <span class="conv-line">
                        <bdi class="who clip grow">{name}</bdi>
                        {move || {
                            // What goes out says when among its marks.
                            next.get().is_none().then(|| view! { <When last=last gone=gone /> })
                        }}
                    </span>
                    <span class="conv-line">
                        <span class="small muted clip grow">{preview}</span>
                        <Show when=move || unread.get()>
                            <span class="dot" role="img" aria-label=move || text.say("row-unread")></span>
                        </Show>
                    </span>
                    {move || match (next.get(), gone.get()) {
                        (Some(next), _) => view! { <Next next=next /> }.into_any(),
                        (None, Some(gone)) => view! { <Gone gone=gone /> }.into_any(),
                        (None, None) => view! { <Tags last=last not_opened=not_opened /> }.into_any(),
                    }}
                </span>
            </a>
        </li>
    }
}

/// In its own folder a row is about what goes out; elsewhere about what was said.
fn next_of(row: Memo<Option<Conversation>>, folder: Memo<Folder>) -> Memo<Option<NextScheduled>> {
    Memo::new(move |_| {
        let shown = folder.get() == Folder::Scheduled;
        row.with(|row| row.as_ref().filter(|_| shown).and_then(|row| row.next_scheduled.clone()))
    })
}

/// What did not arrive, in its own folder.
fn gone_of(row: Memo<Option<Conversation>>, folder: Memo<Folder>) -> Memo<Option<Undelivered>> {
    Memo::new(move |_| {
        let shown = folder.get() == Folder::Failed;
        row.with(|row| row.as_ref().filter(|_| shown).and_then(|row| row.undelivered.clone()))
    })
}

/// When it goes out, or that it could not.
#[component]
fn Next(next: NextScheduled) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let at = next.send_at;
    let failed = next.failure.is_some();
    let words = move || {
        if failed {
            text.say("waits-failed")
        } else {
            let time = goes_out(text, at, &desk.zone.get(), None, "");
            text.say_with("waits-time", &[("time", time.into())])
        }
    };
    view! {
        <span class="conv-tags">
            {next.secure.then(|| view! { <Tag icon=IconName::Lock>{text.say("tag-secure")}</Tag> })}
            <Tag tone=if failed { TagTone::Bad } else { TagTone::Plain }>{words}</Tag>
        </span>
    }
}

/// By which channel, and why it did not arrive.
#[component]
fn Gone(gone: Undelivered) -> impl IntoView {
    let text = Text::from_context();
    let why = why_key(gone.failure.code, gone.channel);
    view! {
        <span class="conv-why small">{move || text.say(why)}</span>
        <span class="conv-tags">
            {gone.secure.then(|| view! { <Tag icon=IconName::Lock>{text.say("tag-secure")}</Tag> })}
            <Tag tone=TagTone::Plain>{move || text.say(channel_key(gone.channel))}</Tag>
        </span>
    }
}

#[component]
fn When(last: Memo<Option<LastMessage>>, gone: Memo<Option<Undelivered>>) -> impl IntoView {
    let text = Text::from_context();
    let now = Now::from_context();
    move || {
        let said = last.with(|last| last.as_ref().map(|last| last.created_at));
        gone.with(|gone| gone.as_ref().map(|gone| gone.failed_at)).or(said).map(|at| {
            view! {
                <time class="tiny muted" datetime=at.to_rfc3339() title=show(at, Style::Full, text.language())>
                    {short_ago(text, now.get(), at)}
                </time>
            }
        })
    }
}

#[component]
fn Tags(last: Memo<Option<LastMessage>>, not_opened: Memo<bool>) -> impl IntoView {
    let text = Text::from_context();
    let tags = Memo::new(move |_| {
        last.with(|last| last.as_ref().map(|last| row_tags(last, not_opened.get()))).unwrap_or_default()
    });
    view! {
        <span class="conv-tags">
            <For each=move || tags.get() key=|tag| *tag let:tag>
                {match tag {
                    RowTag::Secure => {
                        view! { <Tag icon=IconName::Lock>{move || text.say("tag-secure")}</Tag> }.into_any()
                    }
                    other => {
                        let (tone, key) = look(other);
                        view! { <Tag tone=tone>{move || text.say(key)}</Tag> }.into_any()
                    }
                }}
            </For>
        </span>
    }
}

const fn look(tag: RowTag) -> (TagTone, &'static str) {
    match tag {
        RowTag::Secure => (TagTone::Accent, "tag-secure"),
        RowTag::Text => (TagTone::Plain, "channel-text"),
        RowTag::Email => (TagTone::Plain, "channel-email"),
        RowTag::LinkExpired => (TagTone::Warn, "tag-link-expired"),
        RowTag::Locked => (TagTone::Warn, "tag-locked"),
        RowTag::NotDelivered => (TagTone::Bad, "tag-not-delivered"),
        RowTag::NotOpened => (TagTone::Warn, "tag-not-opened"),
        RowTag::Opened => (TagTone::Plain, "tag-opened"),
    }
}

fn preview(text: Text, last: &LastMessage) -> String {
    match last.direction {
        Direction::Inbound => last.preview.clone(),
        Direction::Outbound => text.say_with("row-you", &[("preview", last.preview.clone().into())]),
    }
}
