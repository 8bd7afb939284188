//! Small pictures beside words; they are hidden from assistive technology, which reads the words.

use leptos::prelude::*;

/// Which picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Picture {
    /// A right-pointing triangle.
    Run,
    /// A square.
    Stop,
    /// Two sheets.
    Copy,
    /// A pencil.
    Edit,
    /// An arrow into a tray.
    Export,
    /// Chevrons.
    Code,
    /// A chain.
    Link,
    /// Three lines.
    Menu,
    /// A cross.
    Close,
    /// A page with lines.
    Notebook,
    /// A cylinder.
    Data,
    /// An f with its arguments.
    Function,
    /// An open folder.
    Open,
    /// A counter-clockwise arrow.
    Reset,
    /// A plus.
    Add,
    /// Bars.
    Metric,
    /// Rows and columns.
    Table,
}

impl Picture {
    /// Its strokes on a grid of 16.
    fn path(self) -> &'static str {
        match self {
            Self::Run => "M4.5 3v10l8-5z",
            Self::Stop => "M4 4h8v8H4z",
            Self::Copy => "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
            Self::Edit => "M3 13l.6-2.8 7.4-7.4 2.2 2.2-7.4 7.4zM9.6 4.2l2.2 2.2",
            Self::Export => "M8 2v8M5 7l3 3 3-3M2.5 11v2.5h11V11",
            Self::Code => "M5.5 4L1.5 8l4 4M10.5 4l4 4-4 4",
            Self::Link => "M6.5 9.5l3-3M7 4.5l1.6-1.6a2.8 2.8 0 0 1 4 4L11 8.5M9 11.5l-1.6 1.6a2.8 2.8 0 0 1-4-4L5 7.5",
            Self::Menu => "M2.5 4h11M2.5 8h11M2.5 12h11",
            Self::Close => "M4 4l8 8M12 4l-8 8",
            Self::Notebook => "M3.5 2h9v12h-9zM6 5.5h4M6 8h4M6 10.5h2.5",
            Self::Data => "M3 4c0-1.3 10-1.3 10 0v8c0 1.3-10 1.3-10 0zM3 4c0 1.3 10 1.3 10 0M3 8c0 1.3 10 1.3 10 0",
            Self::Function => "M11 3.2c-1.9-.7-3 .2-3.3 2L6.6 11c-.4 1.9-1.5 2.5-3 1.9M5 6.7h5.4",
            Self::Open => "M2 13V3.5h4l1.5 1.5H14v8z",
            Self::Reset => "M3 3v3.5h3.5M3.3 6.3A5 5 0 1 1 3 9",
            Self::Add => "M8 3v10M3 8h10",
            Self::Table => "M2.5 3h11v10h-11zM2.5 6.5h11M6.5 6.5V13",
            Self::Metric => "M3 13.5v-4M8 13.5v-11M13 13.5v-7",
        }
    }
}

/// A picture of 16 by 16 pixels in the colour of the text.
#[component]
pub(crate) fn Icon(
    /// Which one.
    picture: Picture,
) -> AnyView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d=picture.path()></path>
        </svg>
    }
    .into_any()
}
