//! Line icons, drawn inline: no file to fetch, and they take the colour of the text around them.

use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IconName {
    Alert,
    Archive,
    Back,
    Calendar,
    Check,
    Checks,
    Clip,
    Clock,
    Close,
    Cog,
    Down,
    Help,
    Inbox,
    Info,
    Key,
    Lock,
    Mail,
    More,
    Note,
    Outbox,
    Phone,
    Plus,
    Refresh,
    Search,
    Send,
    SignOut,
    User,
}

impl IconName {
    const fn path(self) -> &'static str {
        match self {
            Self::Alert => "M21 12a9 9 0 1 1-18 0a9 9 0 0 1 18 0M12 7v6M12 16.5v.5",
            Self::Archive => "M4 5h16v4H4zM6 9v10h12V9M10 13h4",
            Self::Back => "M15 5l-7 7 7 7",
            Self::Calendar => {
                "M6 5h12a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zM4 10h16M8 3v4M16 3v4"
            }
            Self::Check => "M5 12l5 5 9-10",
            Self::Checks => "M2 12l5 5 9-10M12 16l1 1 9-10",
            Self::Clip => "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.5 3.5 0 0 1 5 5l-8.5 8.5a2 2 0 0 1-3-3L14 7",
            Self::Clock => "M21 12a9 9 0 1 1-18 0a9 9 0 0 1 18 0M12 7v5l3 2",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Cog => {
                "M15 12a3 3 0 1 1-6 0a3 3 0 0 1 6 0M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2 2M16.4 16.4l2 2M18.4 5.6l-2 2M7.6 16.4l-2 2"
            }
            Self::Down => "M12 5v14M6 13l6 6 6-6",
            Self::Help => {
                "M21 12a9 9 0 1 1-18 0a9 9 0 0 1 18 0M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1 1-1.1 1.8M12 16.5v.5"
            }
            Self::Info => "M21 12a9 9 0 1 1-18 0a9 9 0 0 1 18 0M12 11v6M12 7v.5",
            Self::Inbox => "M4 13l3-8h10l3 8v6H4zM4 13h5l1 2h4l1-2h5",
            Self::Key => "M12 15a4 4 0 1 1-8 0a4 4 0 0 1 8 0M11 12l8.5-8.5M16 7l3 3M13 10l2 2",
            Self::Lock => {
                "M7 11h10a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2zM8 11V8a4 4 0 0 1 8 0v3"
            }
            Self::Mail => {
                "M5 5h14a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zM4 7l8 6 8-6"
            }
            Self::More => "M5 12h.01M12 12h.01M19 12h.01",
            Self::Note => "M5 4h14v11l-5 5H5zM14 20v-5h5M9 9h6M9 13h3",
            Self::Outbox => "M12 15V4M8 8l4-4 4 4M4 14v5h16v-5",
            Self::Phone => {
                "M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 6a2 2 0 0 1 2-2"
            }
            Self::Plus => "M12 5v14M5 12h14",
            Self::Refresh => "M20 11a8 8 0 1 0-2 6M20 5v6h-6",
            Self::Search => "M17 11a6 6 0 1 1-12 0a6 6 0 0 1 12 0M16 16l4 4",
            Self::Send => "M4 12l16-8-6 16-3-7z",
            Self::SignOut => "M14 5h5v14h-5M10 8l-4 4 4 4M6 12h9",
            Self::User => "M16 8a4 4 0 1 1-8 0a4 4 0 0 1 8 0M4 20c1-4 4-6 8-6s7 2 8 6",
        }
    }
}

/// Says nothing to a screen reader: the words stand beside it, or in the button's label.
#[component]
pub fn Icon(name: IconName, #[prop(default = "i")] class: &'static str) -> impl IntoView {
    view! {
        <svg class=class viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=name.path()></path>
        </svg>
    }
}
