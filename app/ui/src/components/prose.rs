//! Prose blocks to elements, node by node: there is no markup to inject anything into.

use crate::browser::visit;
use crate::queries::{Target, target};
use almanac_model::markdown::{Align, Block, Inline, ListItem};
use almanac_model::protocol::ProseValue;
use leptos::prelude::*;

/// What prose refers to.
#[derive(Clone, Copy)]
pub(crate) struct Around {
    /// The values of `{{ … }}`, when they have arrived.
    pub(crate) values: RwSignal<Vec<ProseValue>>,
    /// Path of the notebook, for relative links.
    pub(crate) path: RwSignal<String>,
}

/// A block as elements.
pub(crate) fn prose(block: &Block, around: Around) -> AnyView {
    match block {
        Block::Heading { level, id, content } => heading(*level, id.clone(), inlines(content, around)),
        Block::Paragraph(content) => view! { <p>{inlines(content, around)}</p> }.into_any(),
        Block::List { start: None, items } => view! { <ul>{list(items, around)}</ul> }.into_any(),
        Block::List { start: Some(start), items } => {
            view! { <ol start=start.to_string()>{list(items, around)}</ol> }.into_any()
        }
        Block::Quote { alert, content } => quote(alert.clone(), blocks(content, around)),
        Block::Code { text, .. } => {
            view! { <pre class="code" tabindex="0"><code>{text.clone()}</code></pre> }.into_any()
        }
        Block::Table { align, head, rows } => table(align, head, rows, around),
        Block::Rule => view! { <hr /> }.into_any(),
    }
}

fn blocks(content: &[Block], around: Around) -> Vec<AnyView> {
    content.iter().map(|block| prose(block, around)).collect()
}

fn heading(level: u8, id: String, content: Vec<AnyView>) -> AnyView {
    // The page's own heading is the first of level 1, so those of the prose begin at 2.
    match level {
        0..=2 => view! { <h2 id=id tabindex="-1">{content}</h2> }.into_any(),
        3 => view! { <h3 id=id tabindex="-1">{content}</h3> }.into_any(),
        _ => view! { <h4 id=id tabindex="-1">{content}</h4> }.into_any(),
    }
}

fn list(items: &[ListItem], around: Around) -> Vec<AnyView> {
    let item = |item: &ListItem| {
        // A tight item holds one paragraph, which is shown without the space around it.
        let content = match item.content.as_slice() {
            [Block::Paragraph(content)] => inlines(content, around),
            content => blocks(content, around),
        };
        match item.checked {
            None => view! { <li>{content}</li> }.into_any(),
            Some(done) => {
                let word = if done { "Done: " } else { "To do: " };
                view! { <li class="task" class:done=done><span class="visually-hidden">{word}</span>{content}</li> }
                    .into_any()
            }
        }
    };
    items.iter().map(item).collect()
}

fn quote(alert: Option<String>, content: Vec<AnyView>) -> AnyView {
    let (class, word) = match alert.as_deref() {
        None => return view! { <blockquote>{content}</blockquote> }.into_any(),
        Some("tip") => ("note tip", "Tip"),
        Some("important") => ("note important", "Important"),
        Some("warning") => ("note warning", "Warning"),
        Some("caution") => ("note caution", "Caution"),
        Some(_) => ("note", "Note"),
    };
    view! { <div class=class role="note"><p class="note-word">{word}</p>{content}</div> }.into_any()
}

fn table(align: &[Align], head: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>], around: Around) -> AnyView {
    let class = |column: usize| match align.get(column) {
        Some(Align::End) => "end",
        Some(Align::Center) => "center",
        _ => "start",
    };
    let heads = head
        .iter()
        .enumerate()
        .map(|(column, cell)| view! { <th scope="col" class=class(column)>{inlines(cell, around)}</th> })
        .collect_view();
    let rows = rows.iter().map(|row| {
        let cells = row
            .iter()
            .enumerate()
            .map(|(column, cell)| view! { <td class=class(column)>{inlines(cell, around)}</td> })
            .collect_view();
        view! { <tr>{cells}</tr> }
    });
    view! {
        <div class="prose-table" tabindex="0" role="group" aria-label="Table">
            <table><thead><tr>{heads}</tr></thead><tbody>{rows.collect_view()}</tbody></table>
        </div>
    }
    .into_any()
}

fn inlines(content: &[Inline], around: Around) -> Vec<AnyView> {
    content.iter().map(|inline| one(inline, around)).collect()
}

fn one(inline: &Inline, around: Around) -> AnyView {
    match inline {
        Inline::Text(words) => words.clone().into_any(),
        Inline::Emphasis(content) => view! { <em>{inlines(content, around)}</em> }.into_any(),
        Inline::Strong(content) => view! { <strong>{inlines(content, around)}</strong> }.into_any(),
        Inline::Strike(content) => view! { <del>{inlines(content, around)}</del> }.into_any(),
        Inline::Code(words) => view! { <code>{words.clone()}</code> }.into_any(),
        Inline::Link { href, title, content } => link(href, title, inlines(content, around), around),
        Inline::Image { src, alt, title } => {
            let src = match target(src, &around.path.get_untracked()) {
                Target::Elsewhere(address) | Target::Page(address) | Target::Here(address) => address,
            };
            view! { <img src=src alt=alt.clone() title=words(title) loading="lazy" /> }.into_any()
        }
        Inline::Break => view! { <br /> }.into_any(),
        Inline::Value(index) => value(*index, around),
    }
}

fn words(title: &str) -> Option<String> {
    (!title.is_empty()).then(|| title.to_owned())
}

fn link(href: &str, title: &str, content: Vec<AnyView>, around: Around) -> AnyView {
    let title = words(title);
    match target(href, &around.path.get_untracked()) {
        Target::Here(id) => {
            let address = format!("#{id}");
            let go = move |event: web_sys::MouseEvent| {
                // The fragment of the address names the page, so a place on it is visited by hand.
                event.prevent_default();
                visit(&id);
            };
            view! { <a href=address title=title on:click=go>{content}</a> }.into_any()
        }
        Target::Page(fragment) => view! { <a href=fragment title=title>{content}</a> }.into_any(),
        Target::Elsewhere(address) => view! { <a href=address title=title rel="noreferrer">{content}</a> }.into_any(),
    }
}

fn value(index: u32, around: Around) -> AnyView {
    let value = Memo::new(move |_| around.values.with(|values| values.get(index as usize).cloned()));
    view! {
        <span
            class="value"
            class:pending=move || value.with(Option::is_none)
            class:missing=move || value.with(|value| value.as_ref().is_some_and(|value| value.problem.is_some()))
            title=move || value.with(|value| value.as_ref().and_then(|value| value.problem.as_ref().map(|problem| problem.message.clone())))
        >
            {move || value.get().map_or_else(|| "…".to_owned(), |value| value.text)}
        </span>
    }
    .into_any()
}
