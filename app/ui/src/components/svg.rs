//! A drawing as real elements, made one by one from a closed set of names.

use crate::browser::document;
use almanac_model::view::{Svg, SvgElement};
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;

const NAMESPACE: &str = "http://www.w3.org/2000/svg";
/// Elements a drawing may hold.
const NAMES: [&str; 9] = ["g", "rect", "line", "polyline", "polygon", "circle", "path", "text", "image"];

/// A drawing in a box of its proportions; it fills the width it gets and is hidden from assistive technology, which reads the
/// words beside it.
#[component]
pub(crate) fn Drawing(
    /// The drawing.
    #[prop(into)]
    svg: Signal<Arc<Svg>>,
) -> AnyView {
    let host = NodeRef::<html::Div>::new();
    Effect::new(move || {
        let (Some(host), svg) = (host.get(), svg.get()) else { return };
        host.set_text_content(None);
        if let Some(element) = draw(&svg) {
            let _ = host.append_child(&element);
        }
    });
    view! { <div class="drawing" node_ref=host></div> }.into_any()
}

fn draw(svg: &Svg) -> Option<web_sys::Element> {
    let document = document();
    let root = document.create_element_ns(Some(NAMESPACE), "svg").ok()?;
    for (name, value) in [
        ("viewBox", format!("0 0 {} {}", svg.width, svg.height).as_str()),
        ("aria-hidden", "true"),
        ("focusable", "false"),
    ] {
        let _ = root.set_attribute(name, value);
    }
    for element in &svg.elements {
        if let Some(element) = make(&document, element) {
            let _ = root.append_child(&element);
        }
    }
    Some(root)
}

fn make(document: &web_sys::Document, given: &SvgElement) -> Option<web_sys::Element> {
    NAMES.contains(&given.name.as_str()).then_some(())?;
    let element = document.create_element_ns(Some(NAMESPACE), &given.name).ok()?;
    for (name, value) in given.attributes.iter().filter(|(name, value)| allowed(name, value)) {
        let _ = element.set_attribute(name, value);
    }
    if let Some(text) = &given.text {
        element.set_text_content(Some(text));
    }
    Some(element)
}

/// No scripts, no styles, no addresses but pictures that are part of the drawing.
fn allowed(name: &str, value: &str) -> bool {
    match name {
        "style" | "id" => false,
        "href" => value.starts_with("data:image/png;base64,"),
        _ => !name.starts_with("on") && !name.contains(':'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_acts_gets_in() {
        for (name, value) in [
            ("onclick", "x"),
            ("style", "fill:red"),
            ("href", "https://a.example/"),
            ("xlink:href", "x"),
            ("href", "data:image/svg+xml,x"),
        ] {
            assert!(!allowed(name, value), "{name}={value}");
        }
        for (name, value) in [("d", "M0 0"), ("class", "series-1"), ("href", "data:image/png;base64,AA==")] {
            assert!(allowed(name, value), "{name}={value}");
        }
    }
}
