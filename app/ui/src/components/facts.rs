//! What a thing is, as pairs of a word and its value; and lists of links.

use leptos::prelude::*;

/// Pairs that have a value.
pub(crate) fn facts(pairs: Vec<(&'static str, Option<AnyView>)>) -> AnyView {
    let pairs =
        pairs.into_iter().filter_map(|(word, value)| Some(view! { <div><dt>{word}</dt><dd>{value?}</dd></div> }));
    view! { <dl class="facts">{pairs.collect_view()}</dl> }.into_any()
}

/// Words, unless there are none.
pub(crate) fn said(words: impl Into<String>) -> Option<AnyView> {
    let words = words.into();
    (!words.is_empty()).then(|| words.into_any())
}

/// Links as `(address, words)`, unless there are none.
pub(crate) fn links(of: Vec<(String, String)>) -> Option<AnyView> {
    let some = !of.is_empty();
    let items = of.into_iter().map(|(href, words)| view! { <li><a href=href>{words}</a></li> });
    some.then(|| view! { <ul class="links">{items.collect_view()}</ul> }.into_any())
}
