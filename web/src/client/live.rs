//! Live updates: server-sent events that resume after a drop, and polling after three failures.
//!
//! Events carry ids, never content (shared::events), so whoever listens fetches what changed. That is
//! also why nothing is lost by a drop: `Resumed` and `Poll` mean "fetch again".

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use leptos::prelude::{TimeoutHandle, set_timeout_with_handle};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

/// What a listener hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    /// `name` is one of the names asked for; `data` is its JSON.
    Event { name: &'static str, data: String },
    /// The stream is back after a drop: fetch what was missed.
    Resumed,
    /// The stream does not work here: fetch now, and at every such signal.
    Poll,
}

/// Failures in a row before polling begins.
const FAILURES_BEFORE_POLLING: u32 = 3;
const POLL_EVERY: Duration = Duration::from_secs(10);
/// While polling, the stream is tried again after this many polls.
const POLLS_BEFORE_RETRY: u32 = 6;

/// Live updates for as long as it is held; dropping it closes the stream.
pub struct Live(Rc<Stream>);

struct Stream {
    url: String,
    names: &'static [&'static str],
    hear: Box<dyn Fn(Signal)>,
    failures: Cell<u32>,
    polls: Cell<u32>,
    open: RefCell<Option<Open>>,
    timer: Cell<Option<TimeoutHandle>>,
}

/// An event source and the closures it calls; both live and die together.
struct Open {
    source: EventSource,
    _on_event: Vec<Closure<dyn FnMut(MessageEvent)>>,
    _on_change: Vec<Closure<dyn FnMut()>>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.source.close();
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.0.open.replace(None);
        if let Some(timer) = self.0.timer.take() {
            timer.clear();
        }
    }
}

/// Listens to `url` for events with these names.
pub fn listen(url: String, names: &'static [&'static str], hear: impl Fn(Signal) + 'static) -> Live {
    let stream = Rc::new(Stream {
        url,
        names,
        hear: Box::new(hear),
        failures: Cell::new(0),
        polls: Cell::new(0),
        open: RefCell::new(None),
        timer: Cell::new(None),
    });
    stream.connect();
    Live(stream)
}

impl Stream {
    fn connect(self: &Rc<Self>) {
        let Ok(source) = EventSource::new(&self.url) else {
            return self.failed();
        };
        let mut on_event = Vec::new();
        for name in self.names.iter().copied() {
            let stream = Rc::downgrade(self);
            let closure = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                if let Some(stream) = stream.upgrade() {
                    let data = event.data().as_string().unwrap_or_default();
                    (stream.hear)(Signal::Event { name, data });
                }
            });
            // A listener that cannot be added leaves the stream mute, which polling would not notice;
            // no browser refuses this call.
            let _ = source.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
            on_event.push(closure);
        }
        let opened = self.callback(|stream| stream.opened());
        let failed = self.callback(|stream| stream.failed());
        source.set_onopen(Some(opened.as_ref().unchecked_ref()));
        source.set_onerror(Some(failed.as_ref().unchecked_ref()));
        let open = Open { source, _on_event: on_event, _on_change: vec![opened, failed] };
        self.open.replace(Some(open));
    }

    fn callback(self: &Rc<Self>, act: fn(&Rc<Self>)) -> Closure<dyn FnMut()> {
        let stream: Weak<Self> = Rc::downgrade(self);
        Closure::new(move || {
            if let Some(stream) = stream.upgrade() {
                act(&stream);
            }
        })
    }

    fn opened(&self) {
        let (failures, polls) = (self.failures.replace(0), self.polls.replace(0));
        if failures > 0 || polls > 0 {
            (self.hear)(Signal::Resumed);
        }
    }

    /// The browser reconnects by itself after a drop, but gives up for good when an answer is not a
    /// stream (429: too many are open; 503: the server restarts); then we do it, later each time, and not
    /// in step with every other page that was dropped in the same moment.
    fn failed(self: &Rc<Self>) {
        let failures = self.failures.get() + 1;
        self.failures.set(failures);
        if failures >= FAILURES_BEFORE_POLLING {
            return self.after(Duration::ZERO, Self::poll);
        }
        let gave_up =
            self.open.borrow().as_ref().is_none_or(|open| open.source.ready_state() == EventSource::CLOSED);
        if gave_up {
            let wait = Duration::from_secs(u64::from(failures) * 4);
            self.after(wait.mul_f64(0.75 + js_sys::Math::random() / 2.0), Self::connect);
        }
    }

    fn poll(self: &Rc<Self>) {
        self.open.replace(None);
        (self.hear)(Signal::Poll);
        let polls = self.polls.get() + 1;
        self.polls.set(polls);
        if polls.is_multiple_of(POLLS_BEFORE_RETRY) {
            // One failure is enough to go on polling.
            self.failures.set(FAILURES_BEFORE_POLLING - 1);
            self.connect();
        } else {
            self.after(POLL_EVERY, Self::poll);
        }
    }

    /// Runs later, and never inside one of the closures that `open` owns: replacing it there would
    /// free the closure that is running.
    fn after(self: &Rc<Self>, wait: Duration, act: fn(&Rc<Self>)) {
        let stream = Rc::downgrade(self);
        let timer = set_timeout_with_handle(
            move || {
                if let Some(stream) = stream.upgrade() {
                    act(&stream);
                }
            },
            wait,
        );
        if let Some(old) = self.timer.replace(timer.ok()) {
            old.clear();
        }
    }
}
