//! What stands where something could not be loaded, and under what goes on.

use leptos::prelude::*;
use sealpost_web::client::ClientError;
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Look, shown};

use super::folder::Skeleton;
use super::paged::Paged;
use super::said;
use super::view::Listed;

#[component]
pub fn LoadFailed<R>(error: ClientError, on_retry: R) -> impl IntoView
where
    R: Fn() + Copy + Send + Sync + 'static,
{
    let text = Text::from_context();
    view! {
        <div class="empty" role="alert">
            <p>{said::sentence(text, &error)}</p>
            <Button on_press=on_retry>{text.say("try-again")}</Button>
        </div>
    }
}

/// `children` from when `stage` is `Ok`; before, that it loads, or why there is nothing.
#[component]
pub fn Loaded(
    stage: Memo<Result<(), Option<ClientError>>>,
    #[prop(into)] on_retry: Callback<()>,
    children: ChildrenFn,
) -> impl IntoView {
    shown(move || match stage.get() {
        Ok(()) => children(),
        Err(Some(error)) => view! { <LoadFailed error=error on_retry=move || on_retry.run(()) /> }.into_any(),
        Err(None) => view! { <Skeleton /> }.into_any(),
    })
}

/// Nothing, once the list has come to its end.
#[component]
pub fn ShowMore<T>(list: Paged<T>) -> impl IntoView
where
    T: Listed + PartialEq + Send + Sync + 'static,
{
    let text = Text::from_context();
    view! {
        <Show when=move || list.has_more.get()>
            <div class="more">
                <Button look=Look::Quiet small=true on_press=move || list.more()>
                    {move || text.say(if list.loading_more.get() { "loading" } else { "show-more" })}
                </Button>
            </div>
        </Show>
    }
}
